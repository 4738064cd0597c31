/** The past for charts: samples of the history, and then what this page saw itself, block by block. */
import { signal } from "@preact/signals";
import type { Sample } from "@sdp/client";
import { connection, live } from "../app/session.ts";

type Perp = Sample["perps"][number][number];

export interface Point {
  height: number;
  time: number;
  health: Sample["health"] | null;
  solvency: Sample["solvency"] | null;
  perps: Sample["perps"] | null;
}

/** Points that are drawn at most: more than a chart has pixels for nobody sees. */
const most = 480;

const recent = signal<Point[]>([]);

/** Takes in what was shown of a block; what nobody looked at is missing in it. */
export function note(point: Point): void {
  const known = recent.peek();
  if (known.some(({ height }) => height === point.height)) return;
  const thinned = known.length >= most ? known.filter((_, n) => n % 2 === 1) : known;
  recent.value = [...thinned, point];
}

export function useSamples(): { samples: Point[]; error: unknown } {
  const { history, historyError } = live.value!;
  const past: Point[] = history.value ?? [];
  const last = past.at(-1)?.height ?? -1;
  const all = [...past, ...recent.value.filter(({ height }) => height > last)];
  const stride = Math.ceil(all.length / most);
  const samples = stride > 1 ? all.filter((_, n) => (all.length - 1 - n) % stride === 0) : all;
  return { samples: distinct(samples), error: historyError.value };
}

/** A perpetual of a sample, by the number of its market. */
export const perpAt = (sample: Point, market: number, perp: number): Perp | null =>
  sample.perps?.[market]?.find((one) => one.perp === perp) ?? null;

/** Its index; none before its first price, which is told as 0. */
export const indexOf = (perp: Perp | null): number | null => (perp && Number(perp.index)) || null;

/** Asks for the past once more. */
export async function askForPast(): Promise<void> {
  const { history, historyError } = live.value!;
  historyError.value = null;
  try {
    history.value = await connection.value!.history();
  } catch (error) {
    historyError.value = error;
  }
}

/** A chart goes to the right only: of several blocks in a second the last one stays. */
function distinct(points: Point[]): Point[] {
  return points.filter((point, n) => point.time !== points[n + 1]?.time);
}
