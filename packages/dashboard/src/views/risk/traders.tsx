import { useRef } from "preact/hooks";
import { account } from "../../app/session.ts";
import { signIn } from "../../app/account.tsx";
import { liquidator } from "../../data/contracts.ts";
import { useAccounts, useConfig, type Account } from "../../data/reads.ts";
import { useNearestAccounts } from "../../data/scan.ts";
import { Card, Scroll } from "../../ui/card.tsx";
import { Num } from "../../ui/num.tsx";
import { Empty, Failed, Wait } from "../../ui/states.tsx";
import { propose } from "../../ui/tx.tsx";
import { useNames } from "./names.ts";

/** Traders by how near their equity is to maintenance margin. */
export function Traders({ class: extra }: { class: string }) {
  const { markets } = useConfig();
  return (
    <>
      {markets.map((market) => (
        <TradersOf
          key={market.address}
          market={market.address}
          name={markets.length > 1 ? market.name : null}
          class={extra}
        />
      ))}
    </>
  );
}

function liquidate(market: string, { owner, account: number }: Account): void {
  propose({
    title: "Liquidate an account",
    sentence: `You have account ${number} of ${owner} cut back to its target, and get the keeper's reward out of its penalty.`,
    risks: ["If prices recover meanwhile, nothing is done and nothing is paid.", "Somebody else may be first."],
    action: "Liquidate",
    messages: [liquidator().liquidateAccounts(market, [{ owner, account: number }])],
  });
}

function TradersOf({ market, name, class: extra }: { market: string; name: string | null; class: string }) {
  const near = useNearestAccounts(market);
  const ids = near.nearest.slice(0, 12).map(({ owner, account }) => ({ owner, account }));
  const { answer: newest, error, retry } = useAccounts(market, ids);
  // while the walk finds others, those that were there stay until the answer about the others is
  const last = useRef(newest);
  if (newest || ids.length === 0) last.current = newest;
  const answer = last.current;
  const nameOf = useNames();
  const rows = (answer?.data ?? [])
    .map((found, n) => ({
      found,
      n,
      part: Number(found.equity) > 0 ? Number(found.maintenance_margin) / Number(found.equity) : Number.MAX_VALUE,
    }))
    .filter(({ found }) => found.positions.length > 0)
    .sort((a, b) => b.part - a.part);
  return (
    <Card
      title={name ? `Traders of ${name} nearest to liquidation` : "Traders nearest to liquidation"}
      class={extra}
      flush
      end={
        <span class="small">
          {near.seen.toLocaleString("en-US")} accounts {near.whole ? "looked at" : "looked at so far"}
        </span>
      }
    >
      {near.error && (!near.whole || !answer) ? (
        <Failed what="The accounts" error={near.error} retry={near.retry} />
      ) : error && !newest ? (
        <Failed what="The accounts" error={error} retry={retry} />
      ) : (
        !answer && (!near.whole || ids.length > 0) && <Wait what="the accounts" />
      )}
      {near.whole && rows.length === 0 && (ids.length === 0 || answer) && (
        <Empty title="Nobody has a position.">
          Accounts are listed here by how little their equity is above maintenance margin.
        </Empty>
      )}
      {answer && rows.length > 0 && (
        <Scroll label="Traders nearest to liquidation">
          <table data-args={JSON.stringify(answer.args)}>
            <caption class="hidden-text">Traders nearest to liquidation, nearest first</caption>
            <thead>
              <tr>
                <th scope="col">Account</th>
                <th scope="col">Equity</th>
                <th scope="col">Maintenance margin</th>
                <th scope="col">Leverage</th>
                <th scope="col">
                  <span class="hidden-text">What can be done</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ found, n }) => (
                <tr key={`${found.owner}/${found.account}`}>
                  <th scope="row" title={found.owner}>
                    {nameOf(found.owner)}
                    {found.account > 0 && `/${found.account}`}
                  </th>
                  <td>
                    <Num of={answer} at={`${n}.equity`} as="usd" />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.maintenance_margin`} as="usd" />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.leverage`} as="ratio" digits={1} none="∞" />×
                  </td>
                  <td class={found.liquidatable ? "act" : ""}>
                    {found.liquidatable ? (
                      <button
                        type="button"
                        class="button small sell"
                        onClick={() => (account.value ? liquidate(market, found) : signIn())}
                      >
                        Liquidate<span class="hidden-text"> {nameOf(found.owner)}</span>
                      </button>
                    ) : (
                      <span class="muted">healthy</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Card>
  );
}
