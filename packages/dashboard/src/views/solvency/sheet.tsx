import { Card } from "../../ui/card.tsx";
import { Num } from "../../ui/num.tsx";
import { Badge, Fact, Facts } from "../../ui/pieces.tsx";
import { Failed, Wait } from "../../ui/states.tsx";
import { useAudit, useConfig, useSolvency, useVaults } from "../../data/reads.ts";

/** Both sides of the ledger, and the collateral that stands behind the left one. */
export function BalanceSheet() {
  const audit = useAudit();
  const vaults = useVaults();
  const solvency = useSolvency();
  const { collaterals } = useConfig();
  const book = audit.answer;
  const failed = [audit, vaults, solvency].find(({ answer, error }) => !answer && error);
  if (failed) return <Failed what="The books" error={failed.error} retry={failed.retry} />;
  if (!book || !vaults.answer || !solvency.answer) return <Wait what="the books" lines={10} />;
  const balanced = book.data.difference === "0";
  return (
    <>
      <Card title="Assets" class="span-4" end={<span class="small">at the board's prices</span>}>
        <Facts>
          {vaults.answer.data.map((vault, n) => {
            const collateral = collaterals[vault.vault];
            return (
              <Fact
                key={vault.vault}
                name={
                  <>
                    {collateral?.symbol ?? vault.vault}{" "}
                    <span class="small">
                      <Num
                        of={vaults.answer}
                        at={`${n}.collateral`}
                        as="amount"
                        decimals={vault.config.decimals}
                        digits={2}
                      />
                    </span>
                  </>
                }
              >
                <Num of={vaults.answer} at={`${n}.value`} as="usd" />
              </Fact>
            );
          })}
          <Fact name="Assets" total of={solvency.answer} at="assets" as="usd" />
          <Fact name="Claims on them: debt less insurance" of={solvency.answer} at="debt" as="usd" />
          <Fact name="Shortfall: what nobody pays" of={solvency.answer} at="shortfall" as="usd" />
          <Fact name="Insurance, which is equity" of={solvency.answer} at="insurance" as="usd" />
        </Facts>
      </Card>
      <Card
        title="The ledger, double entry"
        class="span-8"
        end={
          balanced ? (
            <Badge tone="good">balances to the last micro-USD</Badge>
          ) : (
            <Badge tone="bad">does not balance</Badge>
          )
        }
        note="As stored, without the sync of this moment. Both sides are equal after every message, whatever happened."
      >
        <div class="sheet">
          <div>
            <h3>What is owed to the pool</h3>
            <Facts>
              <Fact name="Providers' debt, all vaults" of={book} at="ledger.vault_debt" as="usd" digits={6} />
              <Fact name="Tab in liquidation" of={book} at="ledger.tab" as="usd" digits={6} />
              <Fact name="Bad debt" of={book} at="ledger.bad_debt" as="usd" digits={6} />
              <Fact name="Estate, since a shutdown" of={book} at="ledger.estate" as="usd" digits={6} />
            </Facts>
          </div>
          <div>
            <h3>What the pool owes</h3>
            <Facts>
              <Fact name="sdUSD in circulation" of={book} at="ledger.supply" as="usd" digits={6} />
              <Fact name="Markets, reported" of={book} at="ledger.reported" as="usd" digits={6} />
              <Fact name="Potential Φ" of={book} at="ledger.potential" as="usd" digits={6} />
              <Fact name="Insurance fund" of={book} at="ledger.insurance" as="usd" digits={6} />
              <Fact name="Set aside for recovery notes" of={book} at="ledger.set_aside" as="usd" digits={6} />
            </Facts>
          </div>
        </div>
        <Facts>
          <Fact name="Difference of both sides" total of={book} at="difference" as="usd" digits={6} />
          <Fact name="Markets' debt not booked yet" indent of={book} at="pending" as="usd" digits={6} plus />
          <Fact name="Burnt by holders, not booked yet" indent of={book} at="unbooked" as="usd" digits={6} />
        </Facts>
      </Card>
    </>
  );
}
