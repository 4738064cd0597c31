/** Who is nearest to liquidation: a slow walk through all accounts, so that ten thousand of them cost no block more than one does. */
import { useEffect, useMemo } from "preact/hooks";
import { connection, live } from "../app/session.ts";
import type { Account, Position } from "./reads.ts";
import { Walker, type Near, type Walk } from "./walk.ts";

/** Entries of a page. */
const page = 100;

/** Walks that somebody looks at, by what they go through: two components that look at one share it. */
const walkers = new Map<string, Walker<unknown, unknown>>();

/** What is nearest, followed while the calling component is there. */
function useWalk<Item, Cursor>(key: string, walk: Walk<Item, Cursor>): Near<Item> {
  const walker = useMemo(() => {
    const known = walkers.get(key) as Walker<Item, Cursor> | undefined;
    const walker = known ?? new Walker(walk, () => live.value!.paused.peek());
    walkers.set(key, walker as Walker<unknown, unknown>);
    return walker;
  }, [key]);
  useEffect(() => {
    walker.join();
    return () => {
      if (walker.leave() && walkers.get(key) === walker) walkers.delete(key);
    };
  }, [walker]);
  return walker.near.value;
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
