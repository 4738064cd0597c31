import { useSolvency } from "../../data/reads.ts";
import { useSamples } from "../../data/samples.ts";
import { Card } from "../../ui/card.tsx";
import { Chart } from "../../ui/chart.tsx";
import { axisPlain, axisUsd, ratioNumber, toNumber } from "../../ui/format.ts";
import { Num } from "../../ui/num.tsx";
import { Fact, Facts } from "../../ui/pieces.tsx";
import { Missing } from "../../ui/states.tsx";

/** How the distance and what it is computed from have moved. */
export function Distance({ class: extra }: { class: string }) {
  const { samples } = useSamples();
  const xs = samples.map(({ time }) => time);
  const past = samples.map(({ solvency }) => solvency);
  return (
    <Card title="Distance to default" class={extra}>
      <Chart
        title="Distance to default"
        unit="standard deviations of a year"
        across="Time"
        time
        height={262}
        xs={xs}
        series={[
          {
            label: "distance",
            colour: 1,
            fill: true,
            values: past.map((at) => (at?.distance_to_default ? ratioNumber(at.distance_to_default) : null)),
          },
        ]}
        formatY={axisPlain}
        empty="The distance is not a finite number, or there are too few blocks yet."
      />
      <Chart
        title="Assets and claims on them"
        unit="USD"
        across="Time"
        time
        height={196}
        xs={xs}
        series={[
          { label: "assets", colour: 3, values: past.map((at) => at && toNumber(at.assets)) },
          { label: "claims", colour: 5, values: past.map((at) => at && toNumber(at.debt)) },
        ]}
        formatY={axisUsd}
      />
    </Card>
  );
}

/** Merton's model: the debt as a claim on collateral that moves. */
export function Default() {
  const { answer, error, retry } = useSolvency();
  return (
    <Card
      title="Default and spread"
      note="Horizon one year, neither drift nor interest (Merton 1974). None: nothing is owed, nothing is there, or nothing moves."
    >
      {!answer && <Missing what="the solvency" lines={6} error={error} retry={retry} />}
      {answer && (
        <Facts>
          <Fact name="Distance to default">
            <strong>
              <Num of={answer} at="distance_to_default" as="ratio" digits={4} none="none" />
            </strong>
          </Fact>
          <Fact name="Default within a year" of={answer} at="default_probability" as="percent" digits={4} />
          <Fact name="Volatility a year" of={answer} at="volatility" as="percent" />
          <Fact name="Fair spread of sdUSD a year" of={answer} at="credit_spread" as="percent" digits={4} none="none" />
          <Fact name="Recovery notes: paid for" total of={answer} at="notes_paid" as="usd" />
          <Fact name="outstanding" indent of={answer} at="notes_outstanding" as="usd" />
          <Fact name="set aside" indent of={answer} at="set_aside" as="usd" />
          <Fact name="yield when all are redeemed" indent of={answer} at="note_yield" as="percent" none="none sold" />
        </Facts>
      )}
    </Card>
  );
}
