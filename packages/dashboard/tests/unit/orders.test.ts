import type { Transaction } from "@sdp/client";
import { expect, test } from "vitest";
import { endedOf } from "../../src/data/ended.ts";
import type { ConditionalOrder } from "../../src/data/reads.ts";
import { kindOf, outcomeOf, stageOf } from "../../src/words/orders.ts";

const event = (type: string, fields: Record<string, string>) => ({
  type: `wasm-${type}`,
  attributes: Object.entries({
    _contract_address: "sdp1orders",
    owner: "sdp1o",
    account: "0",
    perp: "0",
    ...fields,
  }).map(([key, value]) => ({ key, value })),
});
const placed = (id: number, fields: Record<string, string> = {}) =>
  event("conditional_placed", {
    id: `${id}`,
    size: "-1.5",
    kind: "stop",
    trigger: "2850",
    reduce_only: "true",
    good_till: "900",
    keeper_fee: "100000",
    entry: "none",
    ...fields,
  });
const ended = (id: number, outcome: string, fields: Record<string, string> = {}) =>
  event("conditional_ended", {
    id: `${id}`,
    outcome,
    code: "none",
    reason: "none",
    refund: "0",
    keeper_fee: "0",
    ...fields,
  });
const block = (height: number, events: Transaction["events"]): Transaction => ({
  height,
  time: height * 10,
  sender: "sdp1o",
  events,
});

test("what has ended is found with how it was placed, newest first", () => {
  const armed = event("conditional_armed", {
    id: "4",
    order: "9",
    size: "-1.5",
    index: "2849",
    keeper_fee: "100000",
    keeper: "sdp1k",
  });
  const history = [
    block(9, [ended(5, "linked", { refund: "100000" }), ended(4, "filled")]),
    block(7, [armed]),
    block(5, [placed(4), placed(5)]),
  ];
  const found = endedOf(history, "sdp1orders", "sdp1o", 0);
  expect(found.map(({ id, height, ended }) => [id, height, ended.outcome])).toEqual([
    [4, 9, "filled"],
    [5, 9, "linked"],
  ]);
  expect(found[0]).toMatchObject({ placed: { trigger: 2850n * 10n ** 18n }, paid: 100_000n });
  expect(found[1]).toMatchObject({ paid: 0n, ended: { refund: 100_000n } });
});

test("others' orders, other accounts', and other markets' are left out", () => {
  const history = [
    block(9, [
      ended(1, "expired", { owner: "sdp1other" }),
      ended(2, "expired", { account: "3" }),
      ended(3, "expired", { _contract_address: "sdp1others" }),
      event("order_filled", { id: "8" }),
    ]),
  ];
  expect(endedOf(history, "sdp1orders", "sdp1o", 0)).toEqual([]);
});

test("one that was placed longer ago than there is history is shown all the same", () => {
  expect(endedOf([block(9, [ended(4, "expired")])], "sdp1orders", "sdp1o", 0)).toMatchObject([
    { id: 4, placed: null, paid: 0n },
  ]);
});

const order = { id: 4, linked: [], commits: 0, entry: null, stage: "waiting" } as unknown as ConditionalOrder;

test("where an order stands is said in words", () => {
  expect(stageOf(order, 5)).toBe("waits for its price");
  expect(stageOf({ ...order, linked: [5] }, 5)).toBe("waits for its price; its fill cancels 5");
  expect(stageOf({ ...order, stage: "sleeping", entry: 3 }, 5)).toBe("waits until 3 has filled");
  expect(stageOf({ ...order, stage: { committed: 12 } }, -5)).toBe("committed as order 12");
  expect(stageOf({ ...order, commits: 1 }, 5)).toBe("waits again for its price");
  expect(stageOf(order, 0)).toBe("its time is over");
});

test("a kind says where its prices stand in the answer; an entry at market has none", () => {
  expect(kindOf(order)).toBeNull();
  expect(kindOf({ ...order, kind: { limit: { price: "1" } } })).toEqual({
    name: "limit",
    trigger: "kind.limit.price",
    worst: null,
  });
  expect(kindOf({ ...order, kind: { take_profit: { trigger: "1" } } })).toEqual({
    name: "take profit",
    trigger: "kind.take_profit.trigger",
    worst: "kind.take_profit.limit_price",
  });
});

test("every outcome that the contract has is in words", () => {
  for (const outcome of ["filled", "unfilled", "refused", "expired", "cancelled", "linked", "entry"])
    expect(outcomeOf(outcome).meaning).not.toBe("");
  expect(outcomeOf("new").name).toBe("new");
});
