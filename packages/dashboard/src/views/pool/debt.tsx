import { Card, Scroll } from "../../ui/card.tsx";
import { Num } from "../../ui/num.tsx";
import { Badge, Stacked } from "../../ui/pieces.tsx";
import { toNumber } from "../../ui/format.ts";
import { Empty, Missing } from "../../ui/states.tsx";
import { useConfig, useHealth, useMarkets, useVaults } from "../../data/reads.ts";
import { regimeName, regimeTone } from "../../words/regimes.ts";

/** Where the providers' debt comes from: what they minted themselves, and what the markets have cost them. */
export function DebtBySource({ class: extra }: { class: string }) {
  const health = useHealth();
  const vaults = useVaults();
  const markets = useMarkets();
  const config = useConfig();
  const ready = vaults.answer && markets.answer && health.answer;
  // what has failed, rather than what is still on its way
  const readings = [vaults, markets, health].filter(({ answer }) => !answer);
  const missing = readings.find(({ error }) => error);
  const nameOf = (address: string) =>
    config.markets.find((market) => market.address === address)?.name ?? nameOfContract(config.contracts, address);
  const parts = ready
    ? [
        ...vaults.answer!.data.map((vault, n) => ({
          name: `minted against ${config.collaterals[vault.vault]?.symbol}`,
          part: toNumber(vault.minted.total),
          colour: (n % 3) + 1,
        })),
        { name: "from markets", part: toNumber(health.answer!.data.debt_from_markets), colour: 5 },
      ]
    : [];
  return (
    <Card title="Debt by source" class={extra} flush>
      {!ready && <Missing what="the debt by source" lines={5} error={missing?.error} retry={missing?.retry} />}
      {ready && (
        <>
          {parts.some(({ part }) => part > 0) ? (
            <div class="card-body">
              <Stacked label="Debt by source" parts={parts} />
            </div>
          ) : (
            <Empty title="Nobody owes anything.">
              Providers mint against their collateral, and owe what traders win.
            </Empty>
          )}
          <Scroll label="Debt by market">
            <table>
              <caption class="hidden-text">
                Debt by market: reported, drawn, fees, shortfalls, used of the credit line
              </caption>
              <thead>
                <tr>
                  <th scope="col">Market</th>
                  <th scope="col">Reported</th>
                  <th scope="col">Drawn</th>
                  <th scope="col">Fees</th>
                  <th scope="col">Shortfalls</th>
                  <th scope="col">Used</th>
                  <th scope="col">Credit line</th>
                </tr>
              </thead>
              <tbody>
                {markets.answer!.data.map((market, n) => (
                  <tr key={market.market}>
                    <th scope="row">
                      {nameOf(market.market)}{" "}
                      {market.regime !== "normal" && (
                        <Badge tone={regimeTone[market.regime]}>{regimeName[market.regime]}</Badge>
                      )}
                    </th>
                    {(["reported", "drawn", "fees", "shortfalls", "used", "line"] as const).map((key) => (
                      <td key={key}>
                        <Num of={markets.answer} at={`${n}.${key}`} as="usd" />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
          <p class="card-note">
            Used = reported + drawn + fees − shortfalls. To that comes the potential Φ of{" "}
            <Num of={health.answer} at="potential" as="usd" />: what closing every position would pay back in premium.
          </p>
        </>
      )}
    </Card>
  );
}

const nameOfContract = (contracts: Record<string, string>, address: string) =>
  Object.entries(contracts).find(([, known]) => known === address)?.[0] ?? address;
