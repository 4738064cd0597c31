import { ONE, price, size, usd } from "@sdp/client";
import { describe, expect, test } from "vitest";
import {
  apart,
  entryOf,
  exitsOf,
  firstExits,
  firstTrigger,
  funding,
  goodTillOf,
  inJson,
  misplaced,
  reducing,
  rises,
  rounded,
  waitingOf,
  type Terms,
} from "../../src/views/trade/terms.ts";

const usdPrice = (whole: number) => BigInt(whole) * ONE;

const terms: Terms = {
  perp: 1,
  account: 0,
  size: size(2n * ONE),
  type: "limit",
  trigger: usdPrice(2_900),
  worst: null,
  reduceOnly: false,
  exits: null,
  goodTill: 1_000,
  exitsTill: 9_000,
  keeperFee: 100_000n,
};

test("what only reduces does no more than close, and nothing without a position on the other side", () => {
  const whole = (number: number) => size(BigInt(number) * ONE);
  expect(reducing(whole(-5), whole(2))).toBe(whole(-2));
  expect(reducing(whole(1), whole(-2))).toBe(whole(1));
  expect([reducing(whole(1), whole(2)), reducing(whole(-1), whole(-2)), reducing(whole(1), 0n)]).toEqual([0n, 0n, 0n]);
});

describe("what an order waits for", () => {
  test("a stop waits for a worse price, a limit and a take-profit for a better one", () => {
    expect([rises("stop", "buy"), rises("stop", "sell")]).toEqual([true, false]);
    expect([rises("limit", "buy"), rises("limit", "sell")]).toEqual([false, true]);
    expect([rises("take_profit", "buy"), rises("take_profit", "sell")]).toEqual([false, true]);
  });

  test("first triggers: the index for a limit, 2 % from it for what waits until it moves", () => {
    expect(firstTrigger("limit", "buy", usdPrice(3_000))).toBe(usdPrice(3_000));
    expect(firstTrigger("stop", "sell", usdPrice(3_000))).toBe(usdPrice(2_940));
    expect(firstTrigger("stop", "buy", usdPrice(3_000))).toBe(usdPrice(3_060));
    expect(firstTrigger("take_profit", "sell", usdPrice(3_000))).toBe(usdPrice(3_060));
  });

  test("an order says its kind, and only what is not at market waits", () => {
    expect(entryOf(terms)).toEqual({
      perp: 1,
      size: 2n * ONE,
      kind: { limit: { price: usdPrice(2_900) } },
      reduce_only: false,
      good_till: 1_000,
      keeper_fee: 100_000n,
    });
    expect(entryOf({ ...terms, type: "market", trigger: null })).toBeNull();
    expect(entryOf({ ...terms, type: "stop", worst: usdPrice(3_100) })?.kind).toEqual({
      stop: { trigger: usdPrice(2_900), limit_price: usdPrice(3_100) },
    });
  });

  test("a preview has it in the contract's JSON", () => {
    const stop = { stop: { trigger: price(usdPrice(2_900)), limit_price: null } };
    const order = { perp: 1, size: size(-ONE / 2n), kind: stop, reduce_only: true, keeper_fee: usd(100_000n) };
    expect(inJson({ ...order, good_till: 5 })).toEqual({
      perp: 1,
      size: "-0.5",
      kind: { stop: { trigger: "2900", limit_price: null } },
      reduce_only: true,
      good_till: null,
      keeper_fee: "100000",
    });
  });
});

describe("stop and target", () => {
  test("stand half way to the liquidation price, at most 5 % away, and twice as far on the other side", () => {
    expect(firstExits("buy", usdPrice(3_000), null)).toEqual({ stop: usdPrice(2_850), target: usdPrice(3_300) });
    expect(firstExits("buy", usdPrice(3_000), usdPrice(2_900))).toEqual({
      stop: usdPrice(2_950),
      target: usdPrice(3_100),
    });
    expect(firstExits("sell", usdPrice(3_000), usdPrice(3_100))).toEqual({
      stop: usdPrice(3_050),
      target: usdPrice(2_900),
    });
    // liquidation far away, or at the entry
    expect(firstExits("sell", usdPrice(3_000), usdPrice(6_000)).stop).toBe(usdPrice(3_150));
    expect(firstExits("buy", usdPrice(3_000), usdPrice(3_000)).stop).toBe(usdPrice(2_850));
  });

  test("are never misplaced at first, whatever the price", () => {
    for (const entry of [1n, 7n, 99n, 12_345n, ONE / 3n, usdPrice(61_234), 10n ** 30n])
      for (const side of ["buy", "sell"] as const)
        if (entry > 100n) expect(misplaced(side, entry, firstExits(side, entry, null))).toEqual({});
  });

  test("on the wrong side are told", () => {
    expect(misplaced("buy", usdPrice(3_000), { stop: usdPrice(3_000), target: usdPrice(3_001) })).toEqual({
      stop: "The stop-loss of a long position is below its entry.",
    });
    expect(misplaced("sell", usdPrice(3_000), { stop: usdPrice(3_001), target: usdPrice(3_000) })).toEqual({
      target: "The take-profit of a short position is below its entry.",
    });
    expect(misplaced("sell", usdPrice(3_000), { stop: null, target: null })).toEqual({});
  });

  test("close the position, reduce only, and wait as long as exits do", () => {
    const orders = exitsOf(terms.size, { stop: usdPrice(2_850), target: usdPrice(3_300) }, terms);
    expect(orders.map(({ kind }) => Object.keys(kind)[0])).toEqual(["stop", "take_profit"]);
    expect(orders.map((order) => [order.size, order.reduce_only, order.good_till])).toEqual([
      [-2n * ONE, true, 9_000],
      [-2n * ONE, true, 9_000],
    ]);
    expect(exitsOf(-terms.size, { stop: null, target: usdPrice(2_000) }, terms)).toMatchObject([{ size: 2n * ONE }]);
  });

  test("and their entry reserve a fee each, an entry at market none", () => {
    const exits = { stop: 1n, target: 2n };
    expect(waitingOf({ type: "limit", exits: null })).toBe(1);
    expect(waitingOf({ type: "market", exits })).toBe(2);
    expect(waitingOf({ type: "stop", exits })).toBe(3);
  });
});

describe("what pays for it", () => {
  const has = { jar: 100n, wallet: 50n, margin: 500n };

  test("is the jar, then the wallet, then free margin", () => {
    expect(funding(80n, has)).toEqual({ jar: 80n, wallet: 0n, margin: 0n, lacking: 0n });
    expect(funding(300n, has)).toEqual({ jar: 100n, wallet: 50n, margin: 150n, lacking: 0n });
    expect(funding(700n, has)).toEqual({ jar: 100n, wallet: 50n, margin: 500n, lacking: 50n });
  });

  test("is no margin where none is free", () => {
    expect(funding(160n, { ...has, margin: -5n })).toEqual({ jar: 100n, wallet: 50n, margin: 0n, lacking: 10n });
  });
});

describe("how long it waits", () => {
  test("so many seconds, as long as possible, or until a time", () => {
    expect(goodTillOf({ choice: "3600", until: "" }, 1_000, 90_000)).toBe(4_600);
    expect(goodTillOf({ choice: "longest", until: "" }, 1_000, 90_000)).toBe(91_000);
    const until = "2024-01-01T12:00";
    const then = new Date(until).getTime() / 1_000;
    expect(goodTillOf({ choice: "until", until }, then - 10, 60)).toBe(then);
  });

  test("not until what is past, too far, or no time", () => {
    const until = "2024-01-01T12:00";
    const then = new Date(until).getTime() / 1_000;
    expect(goodTillOf({ choice: "until", until }, then, 60)).toBeNull();
    expect(goodTillOf({ choice: "until", until }, then - 61, 60)).toBeNull();
    expect(goodTillOf({ choice: "until", until: "" }, then, 60)).toBeNull();
  });
});

test("prices are rounded to digits that count, and told by their distance", () => {
  expect(rounded(123_456n)).toBe(123_500n);
  expect(rounded(999_960n)).toBe(1_000_000n);
  expect(rounded(12n)).toBe(12n);
  expect(apart(usdPrice(3_000), usdPrice(2_850))).toBe(-(ONE / 20n));
  expect(apart(0n, 5n)).toBe(0n);
});
