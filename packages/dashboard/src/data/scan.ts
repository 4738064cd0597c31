/** Who is nearest to liquidation: a walk through all accounts, a few pages at once, so that ten thousand of them cost no block more than one does. */
import { useEffect, useMemo } from "preact/hooks";
import type { Connection } from "@sdp/client";
import { connection, live } from "../app/session.ts";
import type { Account, Position } from "./reads.ts";
import { Walker, type Near, type Walk } from "./walk.ts";

/** Entries of a page: the most that a contract answers. */
const page = 100;

/** Walks that somebody looks at, by what they go through: two components that look at one share it. */
const walkers = new Map<string, Walker<unknown, unknown>>();

/** What has been found so far, and a way not to wait for the next walk. */
export type Walked<Item> = Near<Item> & { retry(): void };

/** The block that is shown, where the chain remembers it. One that knows its present only goes on meanwhile. */
const height = () => (connection.value!.config.mode === "chain" ? (live.value!.shown.peek()?.height ?? null) : null);

/** What is nearest, followed while the calling component is there. */
function useWalk<Item, Cursor>(key: string, walk: Walk<Item, Cursor>): Walked<Item> {
  const walker = useMemo(() => {
    const known = walkers.get(key) as Walker<Item, Cursor> | undefined;
    const walker = known ?? new Walker(walk, () => live.value!.paused.peek(), height);
    walkers.set(key, walker as Walker<unknown, unknown>);
    return walker;
  }, [key]);
  useEffect(() => {
    walker.join();
    return () => {
      if (walker.leave() && walkers.get(key) === walker) walkers.delete(key);
    };
  }, [walker]);
  // what is near may be another thing by now
  walker.walk = walk;
  return { ...walker.near.value, retry: () => walker.retry() };
}

interface Id {
  owner: string;
  account: number;
}

/** How near an account is to liquidation: maintenance margin ÷ equity. */
export const danger = ({ equity, maintenance_margin }: Account): number =>
  Number(equity) > 0 ? Number(maintenance_margin) / Number(equity) : Number.MAX_VALUE;

/** Trading accounts with positions. */
export function accountsWalk(chain: Pick<Connection, "query">, lens: string, market: string): Walk<Account, Id> {
  return {
    async next(after, height) {
      const ids = await chain.query<Id[]>(market, { accounts: { start_after: after, limit: page } }, height);
      return {
        looked: ids.length,
        cursor: ids.length < page ? null : (ids.at(-1) ?? null),
        items: async (at) =>
          ids.length ? chain.query<Account[]>(lens, { accounts: { market, accounts: ids } }, at) : [],
      };
    },
    nearness: (account) => (account.positions.length === 0 ? null : danger(account)),
  };
}

export const useNearestAccounts = (market: string): Walked<Account> =>
  useWalk(`accounts of ${market}`, accountsWalk(connection.value!, live.value!.address("lens"), market));

interface Place {
  vault: number;
  owner: string | null;
}

/** Providers' positions with debt, by liquidation ratio ÷ ratio. */
export function positionsWalk(
  chain: Pick<Connection, "query">,
  pool: string,
  liquidationRatios: string[],
): Walk<Position, Place> {
  return {
    async next(after, height) {
      const { vault, owner } = after ?? { vault: 0, owner: null };
      if (vault >= liquidationRatios.length) return { looked: 0, cursor: null, items: async () => [] };
      const found = await chain.query<Position[]>(
        pool,
        { positions: { vault, start_after: owner, limit: page } },
        height,
      );
      const last = found.length < page;
      const cursor = last ? { vault: vault + 1, owner: null } : { vault, owner: found.at(-1)!.owner };
      return {
        looked: found.length,
        cursor: last && vault + 1 >= liquidationRatios.length ? null : cursor,
        items: async () => found,
      };
    },
    nearness({ ratio, vault }) {
      return ratio === null ? null : Number(liquidationRatios[vault] ?? "0") / Math.max(Number(ratio), 1e-9);
    },
  };
}

export const useNearestPositions = (liquidationRatios: string[]): Walked<Position> =>
  useWalk(
    `positions of ${liquidationRatios.length}`,
    positionsWalk(connection.value!, live.value!.address("pool"), liquidationRatios),
  );
