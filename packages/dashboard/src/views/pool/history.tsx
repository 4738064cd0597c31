import { useState } from "preact/hooks";
import { askForPast, useSamples } from "../../data/samples.ts";
import { axisPercent, axisUsd, ratioNumber, toNumber } from "../../ui/format.ts";
import { Chart, type Series } from "../../ui/chart.tsx";
import { Segments } from "../../ui/tabs.tsx";
import { Failed, Wait } from "../../ui/states.tsx";
import { usePoolConfig } from "../../data/reads.ts";

const charts = [
  { value: "size", label: "Collateral and debt" },
  { value: "ratio", label: "Ratio" },
  { value: "shortfall", label: "Shortfall" },
  { value: "insurance", label: "Insurance" },
] as const;
type Which = (typeof charts)[number]["value"];

/** How the pool has been: samples of the past, and every block since the page was opened. */
export function PoolHistory() {
  const [which, choose] = useState<Which>("size");
  const { samples, error } = useSamples();
  const config = usePoolConfig();
  if (error && samples.length === 0) return <Failed what="The history" error={error} retry={() => void askForPast()} />;
  if (samples.length === 0) return <Wait what="the history" lines={6} />;
  const xs = samples.map(({ time }) => time);
  const line = (label: string, colour: number, values: Series["values"], more: Partial<Series> = {}): Series => ({
    label,
    colour,
    values,
    ...more,
  });
  const health = samples.map((sample) => sample.health);
  const breaker = config.answer?.data.params.breakers?.utilisation;
  const common = { xs, time: true, across: "Time", height: 236 } as const;
  return (
    <>
      <Segments label="What is shown" compact value={which} options={[...charts]} onValue={choose} />
      {which === "size" && (
        <Chart
          {...common}
          title="Collateral and debt"
          unit="USD"
          formatY={axisUsd}
          series={[
            line(
              "collateral",
              1,
              health.map((at) => at && toNumber(at.collateral)),
              { fill: true },
            ),
            line(
              "debt",
              5,
              health.map((at) => at && toNumber(at.debt)),
            ),
            line(
              "sdUSD",
              2,
              health.map((at) => at && toNumber(at.supply)),
              { dashed: true },
            ),
          ]}
        />
      )}
      {which === "ratio" && (
        <Chart
          {...common}
          title="Utilisation: debt ÷ collateral"
          unit="%"
          formatY={axisPercent}
          series={[
            line(
              "utilisation",
              1,
              health.map((at) => at && ratioNumber(at.utilisation)),
              { fill: true },
            ),
          ]}
          marks={[
            ...(breaker?.caution
              ? [{ label: "caution", at: ratioNumber(breaker.caution), tone: "warn" as const }]
              : []),
            ...(breaker?.close_only
              ? [{ label: "close-only", at: ratioNumber(breaker.close_only), tone: "bad" as const }]
              : []),
          ]}
        />
      )}
      {which === "shortfall" && (
        <Chart
          {...common}
          title="Expected shortfall of the markets, a day"
          unit="USD"
          formatY={axisUsd}
          series={[
            line(
              "shortfall",
              5,
              health.map((at) => at && toNumber(at.expected_shortfall)),
              { fill: true },
            ),
            line(
              "budget",
              2,
              health.map((at) => (at?.markets_budget ? toNumber(at.markets_budget) : null)),
              { dashed: true },
            ),
          ]}
        />
      )}
      {which === "insurance" && (
        <Chart
          {...common}
          title="Insurance fund and bad debt"
          unit="USD"
          formatY={axisUsd}
          series={[
            line(
              "insurance",
              3,
              health.map((at) => at && toNumber(at.insurance)),
              { fill: true },
            ),
            line(
              "bad debt",
              5,
              health.map((at) => at && toNumber(at.bad_debt)),
            ),
          ]}
        />
      )}
    </>
  );
}
