import { describe, expect, test, vi } from "vitest";
import type { Transaction } from "@sdp/client";
import { endedOf } from "../../src/data/ended.ts";

vi.stubGlobal("location", { hash: "#/trade/%/BTC%20X" });
vi.stubGlobal("window", { addEventListener: () => {} });
const { route } = await import("../../src/app/router.ts");

/** The end of an order of anna's account 0, without some of its fields. */
function end(id: string, without: string[] = []): Transaction["events"][number] {
  const whose = { _contract_address: "sdp1orders", id, owner: "anna", account: "0", perp: "1" };
  const how = { outcome: "filled", code: "", reason: "", refund: "0", keeper_fee: "100000" };
  const attributes = Object.entries({ ...whose, ...how })
    .filter(([key]) => !without.includes(key))
    .map(([key, value]) => ({ key, value }));
  return { type: "wasm-conditional_ended", attributes };
}

describe("what can't be read", () => {
  test("an event without a field is left out, and the others are told", () => {
    const events = [end("1", ["outcome"]), end("2")];
    const found = endedOf([{ height: 5, time: 500, sender: "x", events }], "sdp1orders", "anna", 0);
    expect(found.map(({ id }) => id)).toEqual([2]);
  });

  test("an address with a lone % is still an address", () => {
    expect(route.value).toEqual({ view: "trade", detail: ["%", "BTC X"] });
  });
});
