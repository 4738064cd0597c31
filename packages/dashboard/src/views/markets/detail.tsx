import type { Answer } from "../../data/live.ts";
import type { MarketConfig, Perp } from "../../data/reads.ts";
import { useConfig } from "../../data/reads.ts";
import { indexOf, perpAt, useSamples } from "../../data/samples.ts";
import { link } from "../../app/router.ts";
import { Card } from "../../ui/card.tsx";
import { Chart } from "../../ui/chart.tsx";
import { axisPercent, axisPrice, axisSize, ratioNumber } from "../../ui/format.ts";
import { Gauge } from "../../ui/meter.tsx";
import { Num } from "../../ui/num.tsx";
import { openInterestPart, premiumPart, skewPart } from "./caps.ts";
import { ImpactCurve } from "./impact.tsx";

/** One perpetual: its past, what it costs to trade it, and how full its caps are. */
export function PerpDetail({
  answer,
  market,
  perp: number,
}: {
  answer: Answer<Perp[]>;
  market: MarketConfig;
  perp: number;
}) {
  const n = answer.data.findIndex(({ perp }) => perp === number);
  const perp = answer.data[n]!;
  const { samples } = useSamples();
  const at = useConfig().markets.findIndex(({ address }) => address === market.address);
  const known = samples.map((sample) => perpAt(sample, at, number));
  const xs = samples.map(({ time }) => time);
  const name = perp.config.name;
  const common = { xs, time: true, across: "Time", height: 204 } as const;
  const warn = [{ label: "nearly full", at: 0.9, tone: "warn" as const }];
  return (
    <>
      <Card title={`${name}: index and funding`} class="span-8" end={<a href={link("trade", name)}>Trade {name}</a>}>
        <Chart
          {...common}
          title="Index"
          unit="USD"
          formatY={axisPrice}
          series={[{ label: "index", colour: 1, fill: true, values: known.map(indexOf) }]}
        />
        <Chart
          {...common}
          title="Funding that longs pay, and premium"
          unit="% a day, % of the price"
          formatY={axisPercent}
          series={[
            { label: "funding", colour: 2, values: known.map((one) => one && ratioNumber(one.funding_rate)) },
            {
              label: "premium π",
              colour: 4,
              dashed: true,
              values: known.map((one) => one && ratioNumber(one.premium)),
            },
          ]}
        />
      </Card>
      <div class="stack span-4">
        <Card title="Caps used">
          <Gauge
            name="Skew at the index"
            figure={<Num of={answer} at={`${n}.skew`} as="size" plus />}
            part={skewPart(perp)}
            thresholds={warn}
            marks={
              <span>
                cap <Num of={answer} at={`${n}.config.skew_cap`} as="usd" compact />
              </span>
            }
          />
          <Gauge
            name="Open interest of the larger side"
            figure={
              <>
                <Num of={answer} at={`${n}.long`} as="size" /> / <Num of={answer} at={`${n}.short`} as="size" />
              </>
            }
            part={openInterestPart(perp)}
            thresholds={warn}
            marks={
              <span>
                cap <Num of={answer} at={`${n}.config.open_interest_cap`} as="usd" compact /> a side, orders that wait
                counted
              </span>
            }
          />
          <Gauge
            name="Marginal premium"
            figure={<Num of={answer} at={`${n}.premium`} as="percent" digits={4} plus />}
            part={premiumPart(perp)}
            thresholds={warn}
            marks={
              <span>
                cap ±
                <Num of={answer} at={`${n}.config.premium_cap`} as="percent" />
              </span>
            }
          />
        </Card>
        <ImpactCurve market={market} perp={perp} />
      </div>
      <Card title={`${name}: skew`} class="span-12">
        <Chart
          {...common}
          height={140}
          title="Longs less shorts"
          unit={`${name.replace("-PERP", "")}, whole units`}
          formatY={axisSize}
          series={[
            { label: "long", colour: 3, values: known.map((one) => one && Number(one.long)) },
            { label: "short", colour: 5, values: known.map((one) => one && -Number(one.short)) },
            { label: "skew", colour: 1, dashed: true, values: known.map((one) => one && Number(one.skew)) },
          ]}
        />
      </Card>
    </>
  );
}
