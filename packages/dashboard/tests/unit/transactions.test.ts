import type { Transaction } from "@sdp/client";
import { describe, expect, test, vi } from "vitest";

vi.mock("../../src/app/session.ts", () => ({ connection: { value: null }, live: { value: null } }));
vi.mock("preact/hooks", () => ({ useEffect: () => {} }));

const { aboutOf, Log } = await import("../../src/data/transactions.ts");

const event = (type: string, fields: Record<string, string>) => ({
  type: `wasm-${type}`,
  attributes: Object.entries({ _contract_address: "sdp1market", ...fields }).map(([key, value]) => ({ key, value })),
});
const at = (height: number, events: Transaction["events"] = [], sender = "sdp1me"): Transaction => ({
  height,
  time: height * 10,
  sender,
  events,
});
const soon = { timeout: 2_000, interval: 2 };
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

describe("what has happened", () => {
  test("is searched once at a time, and what comes meanwhile is not thrown away", async () => {
    const asked: number[] = [];
    let answer: (found: Transaction[]) => void = () => {};
    const log = new Log((since) => {
      asked.push(since);
      return new Promise((done) => (answer = done));
    }, 1);
    for (const height of [10, 11, 12]) log.tell(height);
    await pause(10);
    expect(asked).toEqual([0]);
    answer([at(9), at(4)]);
    await vi.waitFor(() => expect(log.known.value.found).toEqual([at(9), at(4)]), soon);
    // from the height of the first search on, less five blocks
    await vi.waitFor(() => expect(asked).toEqual([0, 5]), soon);
    answer([at(12), at(9)]);
    await vi.waitFor(() => expect(log.known.value.found).toEqual([at(12), at(9), at(4)]), soon);
  });

  test("is searched every few seconds at most", async () => {
    const search = vi.fn(async () => []);
    const log = new Log(search, 60);
    for (let height = 1; height < 12; height += 1) {
      log.tell(height);
      await pause(5);
    }
    expect(search.mock.calls.length).toBeLessThanOrEqual(2);
    await pause(150);
    expect(search.mock.calls.length).toBeLessThanOrEqual(3);
  });

  test("where a search fails it stays, with the error, and the next block is tried", async () => {
    let fails = false;
    const log = new Log(async () => (fails ? Promise.reject(new Error("gone")) : [at(1)]), 1);
    log.tell(1);
    await vi.waitFor(() => expect(log.known.value.found).toEqual([at(1)]), soon);
    fails = true;
    log.tell(2);
    await vi.waitFor(() => expect(log.known.value).toEqual({ found: [at(1)], error: new Error("gone") }), soon);
    fails = false;
    await pause(5);
    log.tell(3);
    await vi.waitFor(() => expect(log.known.value.error).toBe(null), soon);
  });

  test("a search that tells as many as it can leaves no gap behind", async () => {
    const many = Array.from({ length: 100 }, (_, n) => at(300 - n));
    const answers = [[at(1)], many];
    const log = new Log(async () => answers.shift() ?? [], 1);
    log.tell(100);
    await vi.waitFor(() => expect(log.known.value.found).toEqual([at(1)]), soon);
    log.tell(300);
    await vi.waitFor(() => expect(log.known.value.found).toEqual(many), soon);
  });
});

test("a cancelled order is his who committed it, or who cancels it where that is not known", () => {
  const cancelled = (order: string) => event("order_cancelled", { perp: "0", order });
  const committed = (order: string, owner: string) => event("order_committed", { perp: "0", order, owner });
  const isAbout = aboutOf("sdp1me", [at(2, [committed("7", "sdp1me")]), at(1, [committed("8", "sdp1other")])]);
  expect(isAbout(cancelled("7"), "sdp1delegate")).toBe(true);
  expect(isAbout(cancelled("8"), "sdp1me")).toBe(false);
  expect(isAbout(cancelled("9"), "sdp1me")).toBe(true);
  expect(isAbout(cancelled("9"), "sdp1other")).toBe(false);
  expect(isAbout(event("margin_deposited", { owner: "sdp1me" }), "sdp1other")).toBe(true);
  expect(isAbout(event("margin_deposited", { owner: "sdp1other" }), "sdp1me")).toBe(false);
});
