import { beforeEach, expect, test, vi } from "vitest";

// the chain behind the page, and the contracts that run in it
const chain = vi.hoisted(() => ({ heights: [] as number[], newest: 1, pinned: [] as number[], asked: 0 }));
vi.mock("../../src/app/session.ts", () => ({
  account: { value: null },
  live: {
    value: { shown: { peek: () => ({ height: 1, time: 1 }) }, head: { peek: () => null }, address: (name: string) => name },
  },
  connection: { value: { block: async () => ({ height: chain.newest, time: chain.newest }) } },
}));
vi.mock("@sdp/client/local", () => ({
  loadFrom: () => async () => null,
  LocalConnection: class {
    pin({ height }: { height: number }) {
      chain.pinned.push(height);
    }
    async withPrices() {
      return this;
    }
    async ask() {
      const height = chain.heights[chain.asked++] ?? chain.newest;
      return { data: height, height, time: height };
    }
  },
}));

const { still } = await import("../../src/data/local.ts");
const { nearestOf, play, present, shocked } = await import("../../src/views/risk/play.ts");
type Account = Parameters<typeof nearestOf>[0][number]["accounts"][number];

const account = (owner: string, equity: string, maintenance_margin: string): Account =>
  ({ owner, account: 0, equity, maintenance_margin, positions: [{}], liquidatable: false }) as unknown as Account;

beforeEach(() => Object.assign(chain, { heights: [], newest: 1, pinned: [], asked: 0 }));

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

test("a run of several blocks is made again, and in the end says which they were", async () => {
  const twice: Parameters<typeof still<number[]>>[0] = async (imagine) => {
    const world = await imagine(new Map());
    return [await world.ask<number>("lens", "health"), await world.ask<number>("lens", "health")];
  };
  chain.heights = [1, 2];
  chain.newest = 3;
  expect(await still(twice)).toMatchObject({ data: [3, 3], from: { height: 3 }, to: { height: 3 } });
  expect(chain.pinned).toEqual([1, 3]);
  Object.assign(chain, { heights: [1, 2, 3, 4, 5, 6, 7, 8], asked: 0 });
  expect(await still(twice)).toMatchObject({ data: [7, 8], from: { height: 7 }, to: { height: 8 } });
});
