/** Who is nearest to liquidation: a slow walk through all accounts, so that ten thousand of them cost no block more than one does. */
import { useEffect, useState } from "preact/hooks";
import { connection, live } from "../app/session.ts";
import type { Account, Position } from "./reads.ts";

export interface Near<T> {
  /** The nearest, nearest first. */
  nearest: T[];
  /** How many were looked at. */
  seen: number;
  /** Whether the walk has been through all. */
  whole: boolean;
  error: unknown;
}

/** Entries of a page, and the most that are kept. */
const page = 100;
const kept = 100;
/** Milliseconds between two pages, and between two walks. */
const breath = 40;
const rest = 20_000;

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

interface Walk<Item, Cursor> {
  /** The next page after a cursor, and the cursor after it; none: it was the last one. */
  next(cursor: Cursor | null): Promise<{ items: Item[]; looked: number; cursor: Cursor | null }>;
  /** The larger, the nearer; none: not worth a look. */
  nearness(item: Item): number | null;
}

/** Walks again and again while the calling component is there. */
function useWalk<Item, Cursor>(key: string, walk: Walk<Item, Cursor>): Near<Item> {
  const [near, setNear] = useState<Near<Item>>({ nearest: [], seen: 0, whole: false, error: null });
  const paused = live.value!.paused.value;
  useEffect(() => {
    let over = false;
    const walkOnce = async () => {
      let best: { item: Item; nearness: number }[] = [];
      let [cursor, seen]: [Cursor | null, number] = [null, 0];
      do {
        const found = await walk.next(cursor);
        seen += found.looked;
        cursor = found.cursor;
        for (const item of found.items) {
          const nearness = walk.nearness(item);
          if (nearness !== null) best.push({ item, nearness });
        }
        best = best.sort((a, b) => b.nearness - a.nearness).slice(0, kept);
        if (over) return;
        const nearest = best.map(({ item }) => item);
        // a second walk only shows its whole result: rows would jump
        setNear((known) =>
          known.whole && cursor !== null ? known : { nearest, seen, whole: cursor === null, error: null },
        );
        await pause(breath);
      } while (cursor !== null && !over);
    };
    const run = async () => {
      while (!over) {
        try {
          await walkOnce();
        } catch (error) {
          if (!over) setNear((known) => ({ ...known, error }));
        }
        await pause(rest);
      }
    };
    if (!paused || near.seen === 0) void run();
    return () => {
      over = true;
    };
  }, [key, paused]);
  return near;
}

interface Id {
  owner: string;
  account: number;
}

/** Trading accounts with positions, by maintenance margin ÷ equity. */
export function useNearestAccounts(market: string): Near<Account> {
  const chain = connection.value!;
  return useWalk<Account, Id>(`accounts of ${market}`, {
    async next(after) {
      const ids = await chain.query<Id[]>(market, { accounts: { start_after: after, limit: page } });
      const items = ids.length
        ? await chain.query<Account[]>(live.value!.address("lens"), { accounts: { market, accounts: ids } })
        : [];
      return { items, looked: ids.length, cursor: ids.length < page ? null : (ids.at(-1) ?? null) };
    },
    nearness({ positions, equity, maintenance_margin }) {
      if (positions.length === 0) return null;
      return Number(equity) > 0 ? Number(maintenance_margin) / Number(equity) : Number.MAX_VALUE;
    },
  });
}

/** Providers' positions with debt, by liquidation ratio ÷ ratio. */
export function useNearestPositions(liquidationRatios: string[]): Near<Position> {
  const chain = connection.value!;
  return useWalk<Position, { vault: number; owner: string | null }>(`positions of ${liquidationRatios.length}`, {
    async next(after) {
      const { vault, owner } = after ?? { vault: 0, owner: null };
      if (vault >= liquidationRatios.length) return { items: [], looked: 0, cursor: null };
      const items = await chain.query<Position[]>(live.value!.address("pool"), {
        positions: { vault, start_after: owner, limit: page },
      });
      const last = items.length < page;
      const cursor = last ? { vault: vault + 1, owner: null } : { vault, owner: items.at(-1)!.owner };
      return { items, looked: items.length, cursor: last && vault + 1 >= liquidationRatios.length ? null : cursor };
    },
    nearness({ ratio, vault }) {
      return ratio === null ? null : Number(liquidationRatios[vault] ?? "0") / Math.max(Number(ratio), 1e-9);
    },
  });
}
