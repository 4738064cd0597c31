import { useState } from "preact/hooks";
import type { Reading } from "../../data/live.ts";
import type { Account, MarketConfig, Perp } from "../../data/reads.ts";
import { parseSize } from "@sdp/client";
import { market as contract } from "../../data/contracts.ts";
import { Scroll } from "../../ui/card.tsx";
import { Num } from "../../ui/num.tsx";
import { Empty, Missing } from "../../ui/states.tsx";
import { propose } from "../../ui/tx.tsx";

import { Protect } from "./protect.tsx";
import { useStanding } from "./standing.ts";

interface Props {
  market: MarketConfig;
  perps: Perp[];
  owner: string;
  number: number;
  mine: Reading<Account>;
}

/** A reduction needs no margin and is never refused by a cap, so closing is one click and a confirmation. */
function close(market: MarketConfig, perp: Perp, size: string, number: number): void {
  const against = size.startsWith("-") ? size.slice(1) : `-${size}`;
  propose({
    title: `Close ${perp.config.name}`,
    sentence: `You commit an order over ${against} that closes the whole position in ${perp.config.name} at the price of a coming interval.`,
    risks: [
      "The price is that of a coming interval, not today's.",
      "Profit or loss becomes part of the margin; fee and premium are charged.",
    ],
    action: "Close position",
    tone: "sell",
    messages: [
      contract(market.address).commit({ perp: perp.perp, size: parseSize(against), account: number, reduceOnly: true }),
    ],
  });
}

export function Positions({ market, perps, owner, number, mine }: Props) {
  const found = mine.answer;
  const standing = useStanding(market, owner, number, found?.data ?? null);
  const [protecting, protect] = useState<number | null>(null);
  if (!found) return <Missing what="the account" error={mine.error} retry={mine.retry} />;
  if (found.data.positions.length === 0) {
    return (
      <Empty title="No open positions.">Deposit margin and place an order: it appears here once it is filled.</Empty>
    );
  }
  const chosen = found.data.positions.find(({ perp }) => perp === protecting);
  const its = chosen && perps.find(({ perp }) => perp === chosen.perp);
  return (
    <>
      {chosen && its && standing && (
        <Protect
          market={market}
          perp={its}
          number={number}
          position={chosen}
          standing={standing}
          onClose={() => protect(null)}
        />
      )}
      <Scroll label="Positions">
        <table>
          <caption class="hidden-text">Open positions of account {number}</caption>
          <thead>
            <tr>
              <th scope="col">Position</th>
              <th scope="col">Size</th>
              <th scope="col">Notional</th>
              <th scope="col">Break-even</th>
              <th scope="col">Liquidation price</th>
              <th scope="col">PnL</th>
              <th scope="col">
                <span class="hidden-text">Close</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {found.data.positions.map((position, n) => {
              const perp = perps.find((one) => one.perp === position.perp);
              const at = `positions.${n}`;
              return (
                <tr key={position.perp}>
                  <th scope="row">{perp?.config.name ?? position.perp}</th>
                  <td>
                    <Num of={found} at={`${at}.size`} as="size" plus toned />
                  </td>
                  <td>
                    <Num of={found} at={`${at}.notional`} as="usd" />
                    <span class="under">
                      initial margin <Num of={found} at={`${at}.initial_margin`} as="usd" />
                    </span>
                  </td>
                  <td>
                    <Num of={found} at={`${at}.break_even`} as="price" />
                  </td>
                  <td>
                    <Num of={found} at={`${at}.liquidation_price`} as="price" none="none" />
                  </td>
                  <td>
                    <Num of={found} at={`${at}.pnl`} as="usd" plus toned />
                  </td>
                  <td class="act">
                    <div class="acts">
                      {perp && standing && (
                        <button type="button" class="button small" onClick={() => protect(position.perp)}>
                          Stop / target<span class="hidden-text"> for {perp.config.name}</span>
                        </button>
                      )}
                      {perp && (
                        <button
                          type="button"
                          class="button small"
                          onClick={() => close(market, perp, position.size, number)}
                        >
                          Close<span class="hidden-text"> {perp.config.name}</span>
                        </button>
                      )}
                    </div>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}
