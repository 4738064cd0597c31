import { Card, Scroll } from "../../ui/card.tsx";
import { Meter } from "../../ui/meter.tsx";
import { Num } from "../../ui/num.tsx";
import { Badge } from "../../ui/pieces.tsx";
import { part } from "../../ui/format.ts";
import { Missing } from "../../ui/states.tsx";
import { useConfig, useVaults } from "../../data/reads.ts";

/** What each collateral has, owes and requires. */
export function Vaults() {
  const { answer, error, retry } = useVaults();
  const { collaterals } = useConfig();
  return (
    <Card
      title="Vaults"
      flush
      note="One vault for each collateral. A mint or an exit has to leave the issuance ratio; below the liquidation ratio a position is seized."
    >
      {!answer && <Missing what="the vaults" error={error} retry={retry} />}
      {answer && (
        <Scroll label="Vaults">
          <table>
            <caption class="hidden-text">Vaults: collateral, value, debt and ratios</caption>
            <thead>
              <tr>
                <th scope="col">Collateral</th>
                <th scope="col">Amount</th>
                <th scope="col">Value</th>
                <th scope="col">Debt</th>
                <th scope="col">Minted</th>
                <th scope="col">Issuance</th>
                <th scope="col">Liquidation</th>
                <th scope="col">Fee a year</th>
                <th scope="col" class="text">
                  Debt ceiling
                </th>
                <th scope="col">Price</th>
              </tr>
            </thead>
            <tbody>
              {answer.data.map((vault, n) => (
                <tr key={vault.vault}>
                  <th scope="row">{collaterals[vault.vault]?.symbol ?? vault.vault}</th>
                  <td>
                    <Num of={answer} at={`${n}.collateral`} as="amount" decimals={vault.config.decimals} />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.value`} as="usd" />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.debt`} as="usd" />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.minted.total`} as="usd" />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.config.issuance_ratio`} as="percent" digits={0} />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.config.liquidation_ratio`} as="percent" digits={0} />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.config.stability_fee`} as="percent" />
                  </td>
                  <td class="text">
                    <Num of={answer} at={`${n}.config.debt_ceiling`} as="usd" compact />
                    <Meter
                      label={`Debt of ${collaterals[vault.vault]?.symbol} of its ceiling`}
                      part={part(vault.debt, vault.config.debt_ceiling)}
                    />
                  </td>
                  <td>{vault.fresh ? <Badge tone="good">fresh</Badge> : <Badge tone="bad">stale</Badge>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Card>
  );
}
