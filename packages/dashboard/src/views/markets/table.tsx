import type { Answer } from "../../data/live.ts";
import type { Perp } from "../../data/reads.ts";
import { link } from "../../app/router.ts";
import { Card, Scroll } from "../../ui/card.tsx";
import { Meter } from "../../ui/meter.tsx";
import { Num } from "../../ui/num.tsx";
import { Badge } from "../../ui/pieces.tsx";
import { openInterestPart } from "./caps.ts";

const status = { open: ["Open", "good"], close_only: ["Close-only", "bad"], delisted: ["Delisted", "bad"] } as const;

/** All perpetuals of a market contract; a name leads to its detail. */
export function PerpTable({ answer, chosen }: { answer: Answer<Perp[]>; chosen: number }) {
  return (
    <Card title="Perpetuals" flush end={<span class="small">margin and profit in sdUSD</span>}>
      <Scroll label="Perpetuals">
        <table>
          <caption class="hidden-text">Perpetuals: index, open interest, skew, premium and funding</caption>
          <thead>
            <tr>
              <th scope="col">Perpetual</th>
              <th scope="col">Index, USD</th>
              <th scope="col">Long</th>
              <th scope="col">Short</th>
              <th scope="col">Skew</th>
              <th scope="col">Premium π</th>
              <th scope="col">Funding a day</th>
              <th scope="col">Initial margin</th>
              <th scope="col">Maintenance</th>
              <th scope="col" class="text">
                Open interest of its cap
              </th>
              <th scope="col">Status</th>
            </tr>
          </thead>
          <tbody>
            {answer.data.map((perp, n) => {
              const [label, tone] = status[perp.config.status];
              return (
                <tr key={perp.perp} class={perp.perp === chosen ? "chosen" : ""}>
                  <th scope="row">
                    <a
                      href={link("markets", perp.config.name)}
                      aria-current={perp.perp === chosen ? "true" : undefined}
                    >
                      {perp.config.name}
                    </a>
                  </th>
                  <td>
                    <Num of={answer} at={`${n}.index`} as="price" />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.long`} as="size" />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.short`} as="size" />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.skew`} as="size" plus />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.premium`} as="percent" digits={4} plus />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.funding_rate`} as="percent" digits={4} plus />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.initial_margin`} as="percent" />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.maintenance_margin`} as="percent" />
                  </td>
                  <td class="text" style={{ minWidth: "90px" }}>
                    <Meter
                      label={`${perp.config.name}: open interest of its cap`}
                      part={openInterestPart(perp)}
                      thresholds={[{ label: "nearly full", at: 0.9, tone: "warn" }]}
                    />
                  </td>
                  <td>
                    <Badge tone={perp.tradable ? tone : "warn"}>{perp.tradable ? label : "No fresh price"}</Badge>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </Card>
  );
}
