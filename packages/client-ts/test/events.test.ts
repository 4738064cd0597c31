import { describe, expect, test } from "vitest";
import { decodeEvent, decodeEvents, eventsOf, nameOf } from "../src/events.ts";
import { fields } from "../src/generated/events.ts";
import { scales } from "../src/units.ts";

const event = (type: string, attributes: Record<string, string>) => ({
  type,
  attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
});

describe("events", () => {
  test("units become integers, counts numbers, and the rest stays text", () => {
    const told = event("wasm-order_filled", {
      _contract_address: "sdp1market",
      perp: "1",
      order: "7",
      owner: "sdp1anna",
      account: "0",
      size: "-0.5",
      price: "3000.25",
      premium: "-12",
      fee: "900000",
      keeper_fee: "45000",
      insurance: "1",
      realised: "-250000",
      shortfall: "0",
      position: "1.5",
    });
    expect(decodeEvent(told)).toEqual({
      name: "order_filled",
      contract: "sdp1market",
      data: {
        perp: 1,
        order: 7,
        owner: "sdp1anna",
        account: 0,
        size: -500_000_000_000_000_000n,
        price: 3_000_250_000_000_000_000_000n,
        premium: -12n,
        fee: 900_000n,
        keeper_fee: 45_000n,
        insurance: 1n,
        realised: -250_000n,
        shortfall: 0n,
        position: 1_500_000_000_000_000_000n,
      },
    });
  });

  test("lists come apart at their commas, empty ones too", () => {
    const sampled = event("funding_sampled", { indices: "1,-2", rates: "0.04,-0.5", integrals: "", until: "9" });
    expect(decodeEvent(sampled)?.data).toEqual({
      indices: [1n, -2n],
      rates: [40_000_000_000_000_000n, -500_000_000_000_000_000n],
      integrals: [],
      until: 9,
    });
  });

  test("integers with 256 bits are read whole", () => {
    const handed = event("wasm-position_handed_over", {
      vault: "0",
      from: "a",
      to: "b",
      shares: "5",
      debt_exact: `-${2n ** 200n}`,
    });
    expect(eventsOf([handed], "position_handed_over")[0]?.debt_exact).toBe(-(2n ** 200n));
  });

  test("what is not ours is left out", () => {
    expect(nameOf(event("wasm-transferred", {}))).toBeNull();
    expect(nameOf(event("toString", {}))).toBeNull();
    expect(decodeEvents([event("message", { action: "x" }), event("wasm-opened", {})])).toEqual([
      { name: "opened", contract: null, data: {} },
    ]);
  });

  test("an event without a field, or with one that can't be read, is an error and not a guess", () => {
    expect(() => decodeEvent(event("wasm-minted", { vault: "1" }))).toThrow("without owner");
    expect(() => decodeEvent(event("wasm-set_aside", { amount: "1.5" }))).toThrow("amount of an event set_aside");
    expect(() => decodeEvent(event("wasm-change_cancelled", { id: "-1" }))).toThrow("id of an event");
  });

  test("every field of every event is of a kind that is known", () => {
    const known = new Set([...Object.keys(scales), "number", "boolean", "string"]);
    for (const [name, kinds] of Object.entries(fields)) {
      for (const [key, kind] of Object.entries(kinds as Record<string, string>))
        expect(known.has(kind.replace("*", "")), `${name}.${key}`).toBe(true);
    }
  });
});
