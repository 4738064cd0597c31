import { Card, Scroll } from "../../ui/card.tsx";
import { Meter } from "../../ui/meter.tsx";
import { Num } from "../../ui/num.tsx";
import { duration, part } from "../../ui/format.ts";
import { Empty, Missing } from "../../ui/states.tsx";
import { type CeilingOf, useCeilings, useConfig } from "../../data/reads.ts";

/** Limits that lie a gap above what is used. */
export function Ceilings({ class: extra }: { class: string }) {
  const { answer, error, retry } = useCeilings();
  const config = useConfig();
  const now = answer?.block.time ?? 0;
  const name = (of: CeilingOf) => {
    if ("vault" in of) return `Debt against ${config.collaterals[of.vault]?.symbol ?? of.vault}`;
    if ("market" in of)
      return `Credit of ${config.markets.find((market) => market.address === of.market)?.name ?? of.market}`;
    return "Supply of sdUSD";
  };
  return (
    <Card
      title="Ceilings"
      class={extra}
      flush
      note="Each is min(used + gap, maximum): anybody moves it, down at once, up only so often."
    >
      {!answer && <Missing what="the ceilings" lines={5} error={error} retry={retry} />}
      {answer && answer.data.length === 0 && (
        <Empty title="No ceiling follows what is used.">All limits stay where they were set.</Empty>
      )}
      {answer && answer.data.length > 0 && (
        <Scroll label="Ceilings">
          <table>
            <caption class="hidden-text">Ceilings that follow what is used</caption>
            <thead>
              <tr>
                <th scope="col">Of</th>
                <th scope="col">Used</th>
                <th scope="col">Ceiling now</th>
                <th scope="col" class="text">
                  Used of it
                </th>
                <th scope="col">Target</th>
                <th scope="col">Maximum</th>
                <th scope="col">May rise</th>
              </tr>
            </thead>
            <tbody>
              {answer.data.map((ceiling, n) => (
                <tr key={n}>
                  <th scope="row">{name(ceiling.of)}</th>
                  <td>
                    <Num of={answer} at={`${n}.used`} as="usd" />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.line`} as="usd" compact />
                  </td>
                  <td class="text" style={{ minWidth: "80px" }}>
                    <Meter
                      label={`${name(ceiling.of)}: used of its ceiling`}
                      part={part(ceiling.used, ceiling.line)}
                      thresholds={[{ label: "nearly full", at: 0.9, tone: "warn" }]}
                    />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.target`} as="usd" compact />
                  </td>
                  <td>
                    <Num of={answer} at={`${n}.ceiling.max`} as="usd" compact />
                  </td>
                  <td class="muted">
                    {ceiling.rises_from <= now ? "now" : `in ${duration(ceiling.rises_from - now)}`}
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
