/**
 * How a position has been. A chain with a past is asked for it; one that knows the present only is watched from the moment on that somebody
 * signs in, whatever view he looks at.
 */
import { signal } from "@preact/signals";
import type { Sample } from "@sdp/client";
import { useEffect } from "preact/hooks";
import { account, connection, live } from "../app/session.ts";
import { toNumber } from "../ui/format.ts";
import { type Position, useConfig, useHealth, usePosition } from "./reads.ts";

export interface Past {
  time: number;
  debt: number;
  minted: number;
  /** Of the pool's debt; none while it owes nothing. */
  share: number | null;
}

const seen = signal<ReadonlyMap<string, Past[]>>(new Map());
/** Heights of the past that are asked for. */
const LOOKS = 24;
const most = 480;

const keyOf = (vault: number, owner: string) => `${vault}/${owner}`;

function point(time: number, position: Position, health: Sample["health"] | null): Past {
  const [debt, whole] = [toNumber(position.debt), health ? toNumber(health.debt) : 0];
  return { time, debt, minted: toNumber(position.minted), share: whole > 0 ? debt / whole : null };
}

function add(key: string, points: Past[]): void {
  const known = seen.peek().get(key) ?? [];
  const all = [...known, ...points]
    .sort((a, b) => a.time - b.time)
    .filter((one, n, list) => one.time !== list[n + 1]?.time);
  seen.value = new Map(seen.peek()).set(key, all.length > most ? all.filter((_, n) => n % 2 === 1) : all);
}

export const usePastOf = (vault: number, owner: string): Past[] => seen.value.get(keyOf(vault, owner)) ?? [];

/** Watches the positions of whoever is signed in. */
export function WatchPositions() {
  const owner = account.value?.address;
  const { collaterals } = useConfig();
  return owner ? collaterals.map(({ vault }) => <Watch key={keyOf(vault, owner)} vault={vault} owner={owner} />) : null;
}

function Watch({ vault, owner }: { vault: number; owner: string }) {
  const { answer } = usePosition(vault, owner);
  const health = useHealth().answer;
  const key = keyOf(vault, owner);
  const there = answer !== null;
  // it comes some time after the page does
  const samples = live.value!.history.value;
  useEffect(() => {
    if (answer)
      add(key, [
        point(answer.block.time, answer.data, health?.block.height === answer.block.height ? health.data : null),
      ]);
  }, [answer]);
  useEffect(() => {
    if (!there || !samples || connection.value!.config.mode !== "chain") return;
    let over = false;
    void remember(vault, owner, samples, (found) => add(key, found), () => over);
    return () => {
      over = true;
    };
  }, [key, there, samples]);
  return null;
}

/** Asks a chain that keeps its past; heights that its node has dropped are left out. */
export async function remember(
  vault: number,
  owner: string,
  samples: Sample[],
  tell: (points: Past[]) => void,
  isOver: () => boolean,
): Promise<void> {
  const stride = Math.max(1, Math.ceil(samples.length / LOOKS));
  const pool = live.value!.address("pool");
  for (const sample of samples.filter((_, n) => n % stride === 0)) {
    if (isOver()) return;
    const found = await connection
      .value!.query<Position>(pool, { position: { vault, owner } }, sample.height)
      .catch(() => null);
    if (found) tell([point(sample.time, found, sample.health)]);
  }
}
