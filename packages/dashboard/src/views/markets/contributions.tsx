import { Card, Scroll } from "../../ui/card.tsx";
import { Num } from "../../ui/num.tsx";
import { toNumber } from "../../ui/format.ts";
import { Empty, Missing } from "../../ui/states.tsx";
import { useConfig, useContributions, useHealth } from "../../data/reads.ts";

interface BarProps {
  value: number;
  most: number;
  label: string;
}

/** A bar from the middle, red to the right, green to the left. */
function Bar({ value, most, label }: BarProps) {
  const width = most > 0 ? (Math.abs(value) / most) * 50 : 0;
  const right = value >= 0;
  return (
    <svg width="100%" height="10" role="img" aria-label={label} style={{ minWidth: "56px" }}>
      <rect
        x={`${right ? 50 : 50 - width}%`}
        width={`${width}%`}
        height="10"
        rx="2"
        fill={`var(--series-${right ? 5 : 3})`}
      />
      <line x1="50%" x2="50%" y1="0" y2="10" stroke="var(--line-strong)" />
    </svg>
  );
}

/** Who makes up the expected shortfall; the parts add up to it. */
export function Contributions({ class: extra }: { class: string }) {
  const { answer, error, retry } = useContributions();
  const config = useConfig();
  const named = (address: string) =>
    Object.entries(config.contracts).find(([, known]) => known === address)?.[0] ?? address;
  const rows = answer
    ? [
        ...answer.data.markets.map(({ market, contribution }, n) => ({
          name: named(market),
          at: `markets.${n}.contribution`,
          contribution,
        })),
        ...answer.data.vaults.map((contribution, n) => ({
          name: config.collaterals[n]?.symbol ?? `vault ${n}`,
          at: `vaults.${n}`,
          contribution,
        })),
      ]
    : [];
  const most = Math.max(0, ...rows.map(({ contribution }) => Math.abs(toNumber(contribution))));
  return (
    <Card
      title="Contribution to the shortfall"
      class={extra}
      flush
      note="Expected shortfall of a day, markets and collateral together. A negative part, to the left, hedges the others."
    >
      {!answer && <Missing what="the contributions" lines={5} error={error} retry={retry} />}
      {answer && (
        <Scroll label="Contributions">
          <table>
            <caption class="hidden-text">Contribution of each market and collateral to the expected shortfall</caption>
            <thead>
              <tr>
                <th scope="col">Of</th>
                <th scope="col">Hedges · adds</th>
                <th scope="col">USD</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.at}>
                  <th scope="row">{row.name}</th>
                  <td>
                    <Bar
                      value={toNumber(row.contribution)}
                      most={most}
                      label={`${row.name} ${row.contribution.startsWith("-") ? "hedges" : "adds"}`}
                    />
                  </td>
                  <td>
                    <Num of={answer} at={row.at} as="usd" digits={0} plus />
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row" colSpan={2}>
                  Together
                </th>
                <td>
                  <Num of={answer} at="expected_shortfall" as="usd" digits={0} />
                </td>
              </tr>
            </tfoot>
          </table>
        </Scroll>
      )}
    </Card>
  );
}

/** What the pool gains or loses with each price. */
export function Exposures({ class: extra }: { class: string }) {
  const { answer, error, retry } = useHealth();
  const { feeds } = useConfig();
  const most = Math.max(0, ...(answer?.data.exposures ?? []).map(({ exposure }) => Math.abs(toNumber(exposure))));
  return (
    <Card
      title="Exposure of the pool"
      class={extra}
      flush
      note="−skew · price: what the pool gains when a price doubles. Long where the traders are net short."
    >
      {!answer && <Missing what="the exposure" lines={5} error={error} retry={retry} />}
      {answer && answer.data.exposures.length === 0 && (
        <Empty title="The pool has no exposure.">No market has an open position, or longs and shorts match.</Empty>
      )}
      {answer && answer.data.exposures.length > 0 && (
        <Scroll label="Exposure">
          <table>
            <caption class="hidden-text">Exposure of the pool by asset</caption>
            <thead>
              <tr>
                <th scope="col">Asset</th>
                <th scope="col">Short · long</th>
                <th scope="col">USD</th>
              </tr>
            </thead>
            <tbody>
              {answer.data.exposures.map((entry, n) => (
                <tr key={entry.feed}>
                  <th scope="row">{feeds[entry.feed] ?? entry.feed}</th>
                  <td>
                    <Bar
                      value={toNumber(entry.exposure)}
                      most={most}
                      label={`${feeds[entry.feed]} ${entry.exposure.startsWith("-") ? "short" : "long"}`}
                    />
                  </td>
                  <td>
                    <Num of={answer} at={`exposures.${n}.exposure`} as="usd" digits={0} plus />
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row" colSpan={2}>
                  Gross
                </th>
                <td>
                  <Num of={answer} at="gross_exposure" as="usd" digits={0} />
                </td>
              </tr>
            </tfoot>
          </table>
        </Scroll>
      )}
    </Card>
  );
}
