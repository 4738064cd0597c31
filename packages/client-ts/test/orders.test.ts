/** Conditional orders: what their messages say, and what an owner lets their contract do before. */
import { describe, expect, test } from "vitest";
import type { Connection } from "../src/connection.ts";
import { Market, Orders, parsePrice, parseSize, parseUsd, widened } from "../src/index.ts";

const connection = {
  config: { prefix: "sdp", contracts: { orders: "sdp1orders", sdusd: "sdp1sdusd", market: "sdp1market" }, markets: [] },
} as unknown as Connection;

describe("messages", () => {
  test("a bracket is one, in the contract's words", () => {
    const bracket = new Orders(connection).bracket({
      perp: 1,
      size: parseSize("-2.5"),
      entry: { waits: { limit: { price: parsePrice("3100") } } },
      stop: { trigger: parsePrice("3300") },
      target: { trigger: parsePrice("2700.5") },
      goodTill: 900,
      keeperFee: parseUsd("0.1"),
    });
    expect(bracket).toMatchObject({
      contract: "sdp1orders",
      msg: {
        bracket: {
          account: 0,
          perp: 1,
          size: "-2.5",
          entry: { waits: { limit: { price: "3100" } } },
          stop: { trigger: "3300" },
          target: { trigger: "2700.5" },
          entry_good_till: null,
          good_till: 900,
          keeper_fee: "100000",
        },
      },
    });
  });

  test("a delegation names its bound in micro-USD", () => {
    const delegation = { expires_at: 5, perps: [0], most_notional: parseUsd("100") };
    expect(new Market(connection).setDelegate("sdp1orders", delegation, 3).msg).toEqual({
      set_delegate: {
        account: 3,
        delegate: "sdp1orders",
        delegation: { expires_at: 5, perps: [0], most_notional: "100000000" },
      },
    });
  });
});

describe("what the contract may do is widened", () => {
  test("from nothing to one perpetual, an hour longer than the order waits", () => {
    expect(widened(null, 2, 1_000)).toEqual({ expires_at: 4_600, perps: [2] });
  });

  test("by a further perpetual or a later time, and what else it says stays", () => {
    const found = { expires_at: 9_000, perps: [3], may_take: false, most_notional: 7n };
    expect(widened(found, 1, 8_000)).toEqual({ ...found, expires_at: 11_600, perps: [1, 3] });
    expect(widened(found, 3, 9_001)).toEqual({ ...found, expires_at: 12_601 });
  });

  test("not at all where it is wide enough, or names no perpetuals because it means all", () => {
    expect(widened({ expires_at: 9_000, perps: [1, 3] }, 3, 9_000)).toBeNull();
    expect(widened({ expires_at: 9_000, perps: null }, 5, 8_999)).toBeNull();
    expect(widened({ expires_at: 9_000, perps: null }, 5, 9_001)).toEqual({ expires_at: 12_601, perps: null });
  });
});
