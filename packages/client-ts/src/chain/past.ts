/** How the pool was, read off a node that remembers: the same queries at past heights. */
import { addressOf } from "../config.ts";
import type { Connection, Sample } from "../connection.ts";
import { together } from "../together.ts";

/** Samples that are taken. */
const SAMPLES = 60;
/** Asked at once. */
const AT_ONCE = 4;

async function sample(connection: Connection, height: number): Promise<Sample> {
  const lens = addressOf(connection.config, "lens");
  const { markets } = connection.config;
  const [health, solvency, ...perps] = await Promise.all([
    connection.ask<Sample["health"]>(lens, { health: {} }, height),
    connection.query<Sample["solvency"]>(lens, { solvency: {} }, height),
    ...markets.map(({ address }) =>
      connection.query<Sample["perps"][number]>(lens, { perps: { market: address } }, height),
    ),
  ]);
  return { height, time: health.time, health: health.data, solvency, perps };
}

/** The first height from which on the lens answers: it came with the deployment, long after the chain. */
async function beginning(connection: Connection, earliest: number, head: number): Promise<number> {
  let [none, some] = [earliest - 1, head];
  while (some - none > Math.max(1, (head - earliest) / 1_000)) {
    const middle = Math.floor((none + some) / 2);
    const answers = await connection.query(addressOf(connection.config, "lens"), { health: {} }, middle).then(
      () => true,
      () => false,
    );
    if (answers) some = middle;
    else none = middle;
  }
  return some;
}

/**
 * Samples evenly over all that the node remembers, oldest first. Heights that it has dropped meanwhile are left out.
 */
export async function past(connection: Connection, earliest: number, head: number): Promise<Sample[]> {
  const first = await beginning(connection, earliest, head);
  const count = Math.min(SAMPLES, head - first + 1);
  const heights = Array.from({ length: count }, (_, n) =>
    count === 1 ? head : first + Math.round(((head - first) * n) / (count - 1)),
  );
  const samples = await together(heights, AT_ONCE, (height) => sample(connection, height).catch(() => null));
  return samples.filter((found) => found !== null);
}
