import { expect, test, vi } from "vitest";

vi.mock("../../src/app/session.ts", () => ({ account: { value: null }, connection: { value: null }, live: { value: null } }));

const { nearestOf, play, present, shocked } = await import("../../src/views/risk/play.ts");
type Account = Parameters<typeof nearestOf>[0][number]["accounts"][number];

const account = (owner: string, equity: string, maintenance_margin: string): Account =>
  ({ owner, account: 0, equity, maintenance_margin, positions: [{}], liquidatable: false }) as unknown as Account;

test("the nearest are of all markets, each market's in order", () => {
  const groups = [
    { market: "m", accounts: [account("a", "100", "90"), account("b", "100", "40")] },
    { market: "n", accounts: [account("c", "-1", "1"), account("d", "100", "80"), account("e", "100", "10")] },
  ];
  const owners = (most: number) => nearestOf(groups, most).map(({ accounts }) => accounts.map(({ owner }) => owner));
  expect(owners(3)).toEqual([["a"], ["c", "d"]]);
  expect(owners(5)).toEqual([
    ["a", "b"],
    ["c", "d", "e"],
  ]);
});

test("a shock is played for the accounts of every market, more than a hundred of them too", async () => {
  const many = (market: string, count: number) => ({
    market,
    accounts: Array.from({ length: count }, (_, n) => account(`${market}${n}`, "10", "9")),
  });
  const groups = [many("m", 130), many("n", 40)];
  const asked: string[] = [];
  const world = (equity: string, liquidatable: boolean) => ({
    async ask<T>(_: string, query: string, args: { market?: string; accounts?: { owner: string }[] } = {}) {
      if (query === "health") return { debt: "1" } as T;
      asked.push(`${args.market} ${args.accounts!.length}`);
      return args.accounts!.map((id) => ({ ...account(id.owner, equity, "9"), liquidatable })) as T;
    },
  });
  const equities = await present(world("10", false), groups);
  expect(asked).toEqual(["m 25", "m 25", "m 25", "m 25", "m 25", "m 5", "n 25", "n 15"]);
  const outcome = await play(world("-2", true), groups, equities, -20);
  // 10 and 2 millionths of a dollar of each of 170
  expect(outcome).toMatchObject({ liquidatable: 170, atRisk: 1_700n, lacking: 340n });
});

test("only what moves moves", () => {
  expect(shocked(["100", "1", "0.98"], [0, 2], -50)).toEqual(
    new Map([
      [0, 50n * 10n ** 18n],
      [2, 49n * 10n ** 16n],
    ]),
  );
});
