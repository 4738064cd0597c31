import type { Sample } from "@sdp/client";
import { expect, test, vi } from "vitest";

const asked: (number | null | undefined)[] = [];
const history = vi.fn();
vi.mock("../../src/app/session.ts", async () => {
  const { signal } = await import("@preact/signals");
  const query = async (_: string, __: object, height?: number | null) => {
    asked.push(height);
    if (height === 20) throw new Error("dropped");
    return { debt: `${height}000000`, minted: "0" };
  };
  return {
    account: { value: null },
    connection: { value: { query, history } },
    live: { value: { address: (name: string) => name, history: signal(null), historyError: signal(null) } },
  };
});

const { remember } = await import("../../src/data/positions.tsx");
const { askForPast, indexOf, perpAt } = await import("../../src/data/samples.ts");
const { live } = await import("../../src/app/session.ts");

const sample = (height: number, index = "1"): Sample =>
  ({
    height,
    time: height * 10,
    health: { debt: "100000000" },
    solvency: null,
    perps: [[], [{ perp: 3, index }]],
  }) as unknown as Sample;

test("a position's past is asked for at the samples' heights, without those that the node has dropped", async () => {
  const told: unknown[] = [];
  await remember(0, "sdp1me", [sample(10), sample(20), sample(30)], (points) => told.push(...points), () => false);
  expect(told).toEqual([
    { time: 100, debt: 10, minted: 0, share: 0.1 },
    { time: 300, debt: 30, minted: 0, share: 0.3 },
  ]);
});

test("and no longer once somebody else is signed in", async () => {
  asked.length = 0;
  await remember(0, "sdp1me", [sample(10), sample(30)], () => {}, () => asked.length > 0);
  expect(asked).toEqual([10]);
});

test("an index of before the first price is none, and not 0", () => {
  const of = (index: string) => indexOf(perpAt(sample(1, index), 1, 3));
  expect([of("0"), of("60000.5")]).toEqual([null, 60_000.5]);
  expect(indexOf(perpAt(sample(1), 0, 3))).toBe(null);
});

test("a history that could not be read is asked for again", async () => {
  const { value } = live;
  history.mockRejectedValueOnce(new Error("gone"));
  await askForPast();
  expect(value!.historyError.value).toEqual(new Error("gone"));
  history.mockResolvedValueOnce([sample(1)]);
  await askForPast();
  expect([value!.historyError.value, value!.history.value?.length]).toEqual([null, 1]);
});
