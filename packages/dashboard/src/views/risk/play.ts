/** What a shock of prices does to accounts: the same queries in a world with other prices. */
import type { Price } from "@sdp/client";
import { scaled, type World } from "../../data/local.ts";
import type { Account, Health } from "../../data/reads.ts";
import { danger } from "../../data/scan.ts";
import { rawOf } from "../../ui/format.ts";

/** Accounts of a market. */
export interface Group {
  market: string;
  accounts: Account[];
}

/** At one size of the shock. */
export interface Outcome {
  /** In hundredths. */
  percent: number;
  /** What accounts that could be liquidated then have now, as far as it is above 0; micro-USD. */
  atRisk: bigint;
  /** What accounts lack that are below 0; micro-USD. */
  lacking: bigint;
  liquidatable: number;
  health: Health;
}

/** Accounts that are played at most, of all markets together: each is asked about once for each shock. */
export const PLAYED = 2_000;
/** Accounts of one question: each record that is missing begins the question again. */
const AT_ONCE = 25;
/** Questions that fetch their records together. */
const TOGETHER = 6;

/** The nearest to liquidation, whichever market they are in. */
export function nearestOf(groups: Group[], most = PLAYED): Group[] {
  const all = groups.flatMap(({ accounts }, group) => accounts.map((account) => ({ group, account })));
  const nearest = all.sort((a, b) => danger(b.account) - danger(a.account)).slice(0, most);
  return groups.map(({ market }, n) => ({
    market,
    accounts: nearest.filter(({ group }) => group === n).map(({ account }) => account),
  }));
}

/** What each account has as things are. */
export type Equities = ReadonlyMap<string, bigint>;

const keyOf = (market: string, { owner, account }: Account) => `${market}/${owner}/${account}`;

async function each(world: World, groups: Group[], look: (market: string, found: Account) => void): Promise<void> {
  const questions = groups.flatMap(({ market, accounts }) =>
    Array.from({ length: Math.ceil(accounts.length / AT_ONCE) }, (_, n) => ({
      market,
      accounts: accounts.slice(n * AT_ONCE, (n + 1) * AT_ONCE).map(({ owner, account }) => ({ owner, account })),
    })),
  );
  for (let from = 0; from < questions.length; from += TOGETHER) {
    const asked = questions.slice(from, from + TOGETHER);
    const answers = await Promise.all(asked.map((question) => world.ask<Account[]>("lens", "accounts", { ...question })));
    answers.forEach((found, n) => found.forEach((account) => look(asked[n]!.market, account)));
  }
}

export async function present(world: World, groups: Group[]): Promise<Equities> {
  const equities = new Map<string, bigint>();
  await each(world, groups, (market, found) => equities.set(keyOf(market, found), rawOf(found.equity, "usd")));
  return equities;
}

/** Prices of some feeds so many hundredths away. */
export const shocked = (prices: string[], moving: number[], percent: number): Map<number, Price> =>
  new Map(moving.map((feed) => [feed, scaled(prices[feed] ?? "0", 10_000 + percent * 100)]));

export async function play(world: World, groups: Group[], equities: Equities, percent: number): Promise<Outcome> {
  const outcome: Outcome = {
    percent,
    atRisk: 0n,
    lacking: 0n,
    liquidatable: 0,
    health: await world.ask<Health>("lens", "health"),
  };
  await each(world, groups, (market, found) => {
    if (!found.liquidatable) return;
    const [now, then] = [equities.get(keyOf(market, found)) ?? 0n, rawOf(found.equity, "usd")];
    outcome.liquidatable += 1;
    if (now > 0n) outcome.atRisk += now;
    if (then < 0n) outcome.lacking -= then;
  });
  return outcome;
}
