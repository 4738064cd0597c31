import { useEffect, useState } from "preact/hooks";
import { live } from "../../app/session.ts";
import { ask } from "../../data/local.ts";
import type { MarketConfig, Perp, TradePreview } from "../../data/reads.ts";
import { Card } from "../../ui/card.tsx";
import { Chart } from "../../ui/chart.tsx";
import { axisPercent, axisUsd, decimalText, toNumber } from "../../ui/format.ts";
import { Failed, Wait } from "../../ui/states.tsx";

interface Point {
  notional: number;
  premium: number;
}

/** Points of each side, closer together near the middle. */
const STEPS = 8;
/** Seconds of block time after which the curve is computed anew. */
const FRESH = 15;

/** Premium by size, each point by a preview of an order of that size. */
export function ImpactCurve({ market, perp }: { market: MarketConfig; perp: Perp }) {
  const [points, setPoints] = useState<Point[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const time = live.value?.shown.value?.time ?? 0;
  const turn = Math.floor(time / FRESH);
  useEffect(() => {
    let over = false;
    void curve(market, perp).then(
      (found) => !over && (setPoints(found), setError(null)),
      (reason: unknown) => !over && setError(reason),
    );
    return () => {
      over = true;
    };
  }, [perp.perp, market.address, turn]);
  return (
    <Card title="Impact curve">
      {!points && (error ? <Failed what="The impact" error={error} /> : <Wait what="the impact curve" lines={4} />)}
      {points && (
        <Chart
          title="Premium by size"
          unit="% of the price; a sale's premium is below 0 where it pays"
          across="Order, USD"
          height={190}
          xs={points.map(({ notional }) => notional)}
          series={[{ label: "premium", colour: 4, values: points.map(({ premium }) => premium) }]}
          marks={[{ label: "", at: 0, across: true, tone: "plain" }]}
          formatX={axisUsd}
          formatY={axisPercent}
        />
      )}
    </Card>
  );
}

async function curve(market: MarketConfig, perp: Perp): Promise<Point[]> {
  const index = Number(perp.index);
  if (!(index > 0)) return [];
  // what a few orders together may move the skew by
  const most = toNumber(perp.config.skew_cap) / 4 / index;
  const sides = [-1, 1].flatMap((side) =>
    Array.from({ length: STEPS }, (_, n) => (side * most * (n + 1) ** 2) / STEPS ** 2),
  );
  const sizes = sides.sort((a, b) => a - b).map((size) => BigInt(Math.round(size * 1e9)) * 10n ** 9n);
  const owner = live.value!.address("lens");
  const points: Point[] = [];
  for (const size of sizes) {
    if (size === 0n) continue;
    const args = { market: market.address, owner, account: 0, perp: perp.perp, size: decimalText(size, 18) };
    const { data } = await ask<TradePreview>("lens", "preview_trade", args);
    const [fill, price] = [Number(data.fill_price), Number(data.price)];
    points.push({ notional: (Number(size) / 1e18) * index, premium: price > 0 ? fill / price - 1 : 0 });
  }
  return points;
}
