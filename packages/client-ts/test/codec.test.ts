import { describe, expect, test } from "vitest";
import { decodeAnswer, encodeExecute, encodeQuery } from "../src/codec.ts";
import { lens } from "../src/generated/lens.codec.ts";
import { market } from "../src/generated/market.codec.ts";
import { oracle } from "../src/generated/oracle.codec.ts";
import { orders } from "../src/generated/orders.codec.ts";
import { pool } from "../src/generated/pool.codec.ts";
import { parsePrice, parseRatio, parseSize, signedUsd, usd } from "../src/units.ts";

describe("messages", () => {
  test("each unit is written in its own scale", () => {
    const message = encodeExecute(market, {
      commit: { account: 0, perp: 1, size: parseSize("-0.5"), limit_price: parsePrice("3000.5"), reduce_only: true },
    });
    expect(message).toEqual({
      commit: { account: 0, perp: 1, size: "-0.5", limit_price: "3000.5", reduce_only: true },
    });
    expect(encodeExecute(pool, { mint: { vault: 0, amount: usd(5_000_000n) } })).toEqual({
      mint: { vault: 0, amount: "5000000" },
    });
    expect(
      encodeQuery(lens, { preview_trade: { market: "m", owner: "o", account: 0, perp: 0, size: parseSize("2") } }),
    ).toMatchObject({ preview_trade: { size: "2" } });
  });

  test("an enum within a message is reached, whichever variant it is", () => {
    const change = { params: { params: { open_interest: null } } } as never;
    expect(encodeExecute(pool, { configure: { change } })).toEqual({ configure: { change } });
    const placed = encodeExecute(orders, {
      place: {
        account: 0,
        orders: [
          {
            perp: 0,
            size: parseSize("1"),
            kind: { stop: { trigger: parsePrice("9"), limit_price: null } },
            keeper_fee: usd(1n),
          },
        ],
      },
    });
    expect(placed).toEqual({
      place: {
        account: 0,
        orders: [{ perp: 0, size: "1", kind: { stop: { trigger: "9", limit_price: null } }, keeper_fee: "1" }],
      },
    });
  });

  test("what no unit could hold is not sent", () => {
    expect(() => encodeExecute(pool, { mint: { vault: 0, amount: -1n as never } })).toThrow(RangeError);
  });
});

describe("answers", () => {
  test("a list, an absent value, and an answer that is one number", () => {
    const contributions = decodeAnswer(lens, "contributions", {
      expected_shortfall: "7",
      markets: [{ market: "m", contribution: "-2" }],
      vaults: ["9", "-1"],
    });
    expect(contributions).toEqual({
      expected_shortfall: 7n,
      markets: [{ market: "m", contribution: signedUsd(-2n) }],
      vaults: [9n, -1n],
    });
    expect(decodeAnswer(lens, "estate", null)).toBeNull();
    expect(decodeAnswer(orders, "jar", "12")).toBe(12n);
  });

  test("two positions of one name in the contracts are two things here", () => {
    expect(lens.definitions.PerpPositionResponse).toMatchObject({ fields: { break_even: "Price" } });
    expect(lens.definitions.PositionResponse).toMatchObject({ fields: { ratio: "Ratio", debt_exact: "Int256" } });
  });

  test("a tuple's places have rules of their own", () => {
    const config = decodeAnswer(market, "config", {
      params: { fees: { tiers: [["5", "0.1"]] } },
    } as never) as unknown as { params: object };
    expect(JSON.stringify(config, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value))).toContain(
      '["5n","100000000000000000n"]',
    );
  });

  test("a source within a source is reached", () => {
    const source = {
      checked: {
        source: { product: { of: [{ rate: { maximum_growth: "0.5" } }] } },
        by: { pyth: { maximum_confidence: "0.1" } },
        within: "0.01",
      },
    };
    const config = decodeAnswer(oracle, "config", { feeds: [{ source }] } as never) as unknown as {
      feeds: { source: unknown }[];
    };
    const half = parseRatio("0.5");
    expect(config.feeds[0]?.source).toEqual({
      checked: {
        source: { product: { of: [{ rate: { maximum_growth: half } }] } },
        by: { pyth: { maximum_confidence: half / 5n } },
        within: half / 50n,
      },
    });
  });

  test("a number where the contract has a text is not believed", () => {
    expect(() => decodeAnswer(lens, "maximum_mint", { amount: 5 as never, bound_by: "x" })).toThrow("5 is no Usd");
  });
});
