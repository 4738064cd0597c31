import { Card, Scroll } from "../../ui/card.tsx";
import { Num } from "../../ui/num.tsx";
import { ratioNumber } from "../../ui/format.ts";
import { Missing } from "../../ui/states.tsx";
import { useConfig, useCovariance } from "../../data/reads.ts";

/** Colour of a correlation: blue together, red against each other, and pale enough for text on it. */
function shade(correlation: number): string {
  const hue = correlation >= 0 ? "series-1" : "series-5";
  return `color-mix(in srgb, var(--${hue}) ${Math.round(Math.min(1, Math.abs(correlation)) * 34)}%, var(--surface))`;
}

/** Volatilities and correlations that premia and budgets are computed with. */
export function Correlations({ class: extra }: { class: string }) {
  const { answer, error, retry } = useCovariance();
  const { feeds } = useConfig();
  return (
    <Card
      title="Correlations and volatilities"
      class={extra}
      flush
      note="Of a day's returns, as the oracle prices with them. A short in an asset is cheap while the pool is short of another one that moves with it."
    >
      {!answer && <Missing what="the correlations" lines={6} error={error} retry={retry} />}
      {answer && (
        <Scroll label="Correlations">
          <table class="heat">
            <caption>Correlation of each pair of assets; the last column is the volatility a day</caption>
            <thead>
              <tr>
                <td />
                {feeds.map((feed) => (
                  <th scope="col" key={feed}>
                    {feed}
                  </th>
                ))}
                <th scope="col">σ a day</th>
              </tr>
            </thead>
            <tbody>
              {answer.data.correlations.map((row, i) => (
                <tr key={i}>
                  <th scope="row">{feeds[i] ?? i}</th>
                  {row.map((value, j) => (
                    <td key={j} style={{ background: shade(ratioNumber(value)) }}>
                      <Num of={answer} at={`correlations.${i}.${j}`} as="ratio" digits={2} />
                    </td>
                  ))}
                  <td>
                    <Num of={answer} at={`sigmas.${i}`} as="percent" />
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
