import type { Answer } from "../../data/live.ts";
import { type Account, type ConditionalOrder, type MarketConfig, type Perp, useConfig } from "../../data/reads.ts";
import { indexOf, perpAt, useSamples } from "../../data/samples.ts";
import { Card } from "../../ui/card.tsx";
import { Chart, type Mark } from "../../ui/chart.tsx";
import { axisPrice } from "../../ui/format.ts";
import { dig, Num } from "../../ui/num.tsx";
import { kindOf } from "../../words/orders.ts";

interface Props {
  market: MarketConfig;
  perps: Answer<Perp[]>;
  n: number;
  mine: Answer<Account> | null;
  /** Orders of the account that wait for a price. */
  conditionals: ConditionalOrder[];
}

/** The index, with a position's break-even and liquidation price and the triggers of orders, where they are in sight. */
export function PriceChart({ market, perps, n, mine, conditionals }: Props) {
  const perp = perps.data[n]!;
  const { samples } = useSamples();
  const at = useConfig().markets.findIndex(({ address }) => address === market.address);
  const prices = samples.map((sample) => indexOf(perpAt(sample, at, perp.perp)));
  const position = mine?.data.positions.find((one) => one.perp === perp.perp);
  const known = prices.filter((price) => price !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  // further away they would flatten the prices
  const room = Math.max(high - low, high * 0.005) * 2;
  const near = (price: number) => price > low - room && price < high + room;
  const marks: Mark[] = [];
  if (position) {
    const [even, liquidation] = [Number(position.break_even), Number(position.liquidation_price ?? 0)];
    if (even > 0 && near(even)) marks.push({ label: "break-even", at: even, tone: "plain" });
    if (liquidation > 0 && near(liquidation)) marks.push({ label: "liquidation", at: liquidation, tone: "bad" });
  }
  for (const order of conditionals) {
    const kind = order.perp === perp.perp ? kindOf(order) : null;
    const trigger = kind && Number(dig(order, kind.trigger));
    if (kind && trigger && near(trigger)) marks.push({ label: `${kind.name} ${order.id}`, at: trigger, tone: "plain" });
  }
  return (
    <Card title={`${perp.config.name} index`} class="trade-chart">
      <dl class="quote">
        <div>
          <dt>Index</dt>
          <dd>
            <Num of={perps} at={`${n}.index`} as="price" />
          </dd>
        </div>
        <div>
          <dt>Premium π</dt>
          <dd>
            <Num of={perps} at={`${n}.premium`} as="percent" digits={4} plus />
          </dd>
        </div>
        <div>
          <dt>Funding a day</dt>
          <dd>
            <Num of={perps} at={`${n}.funding_rate`} as="percent" digits={4} plus />
          </dd>
        </div>
        <div>
          <dt>Long / short</dt>
          <dd>
            <Num of={perps} at={`${n}.long`} as="size" digits={2} /> /{" "}
            <Num of={perps} at={`${n}.short`} as="size" digits={2} />
          </dd>
        </div>
        <div>
          <dt>Initial / maintenance</dt>
          <dd>
            <Num of={perps} at={`${n}.initial_margin`} as="percent" /> /{" "}
            <Num of={perps} at={`${n}.maintenance_margin`} as="percent" />
          </dd>
        </div>
      </dl>
      <Chart
        title="Index"
        unit="USD"
        across="Time"
        time
        height={window.innerWidth < 900 ? 220 : 330}
        xs={samples.map(({ time }) => time)}
        series={[{ label: "index", colour: 1, values: prices, fill: true }]}
        marks={marks}
        formatY={axisPrice}
      />
    </Card>
  );
}
