import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SdpError, type Config } from "@sdp/client";
import { describe, expect, test } from "vitest";
import { explain, explainText } from "../../src/words/errors.ts";
import { refusalIn, sentence } from "../../src/words/events.ts";

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");

const config = {
  collaterals: [{ symbol: "ATOM", vault: 0, token: { native: "uatom" }, decimals: 6, feed: 3 }],
  markets: [{ name: "market", address: "sdp1market", perps: ["BTC", "ETH"] }],
} as unknown as Config;

const event = (type: string, fields: Record<string, string>) => ({
  type: `wasm-${type}`,
  attributes: Object.entries(fields).map(([key, value]) => ({ key, value })),
});

describe("refusals in words", () => {
  test("a code with its numbers is a sentence", () => {
    const text = "execute wasm contract failed: E0312 BelowIssuanceRatio { ratio: 2.5, required: 3 }";
    const found = explain(new SdpError("refused", text));
    expect(found.sentence).toBe(
      "The collateral ratio would be 250.00 %; 300.00 % is required. Mint less, or deposit more.",
    );
    expect(found.code).toBe("E0312 BelowIssuanceRatio");
    expect(found.numbers).toEqual([
      ["ratio", "2.5"],
      ["required", "3"],
    ]);
  });

  test("micro-USD are dollars, and times are times", () => {
    expect(explainText("E0404 InsufficientMargin { available: -5000000, required: 12500000 }").sentence).toBe(
      "Margin is short: −$5.00 is free, and $12.50 is needed. Deposit more, or trade less.",
    );
    expect(explainText("E0206 StalePrice { feed: 1, age: 90, allowed: 60 }").sentence).toContain(
      "1 minute 30 seconds old",
    );
  });

  test("a code without a sentence is its name, and without its numbers, too", () => {
    expect(explainText("E0525 FlashTakeUnpaid { paid: 1, cost: 2 }").sentence).toBe("Flash take unpaid.");
    expect(explainText("E0312 BelowIssuanceRatio").sentence).toBe("Below issuance ratio.");
  });

  test("what no contract has said is left as it is", () => {
    expect(explain(new SdpError("network", "the chain can't be reached"))).toEqual({
      sentence: "the chain can't be reached",
      code: null,
      numbers: [],
    });
    expect(explain(new TypeError("x")).sentence).toBe("x");
  });

  test("every sentence names fields that the contracts send with its code", () => {
    // the table of codes in the book: | `E0312` | `BelowIssuanceRatio` | `ratio`, `required` | … |
    const book = read("../../../../docs/10-messages.md");
    const known = new Map(
      [...book.matchAll(/^\| `(E\d{4})` \| `\w+` \| ([^|]*) \|/gm)].map((row) => [row[1], row[2] ?? ""]),
    );
    const source = read("../../src/words/errors.ts");
    const told = [...source.matchAll(/^ {2}(E\d{4}):\s*"([^"]*)"/gm)];
    expect(told.length).toBeGreaterThan(50);
    for (const [, code = "", text = ""] of told) {
      const fields = known.get(code);
      expect(fields, code).toBeDefined();
      for (const [, field = ""] of text.matchAll(/\{(\w+)(?::\w+)?\}/g))
        expect(fields, `${code} ${field}`).toContain(`\`${field}\``);
    }
  });
});

describe("events in words", () => {
  test("tokens are counted in the collateral of their vault", () => {
    expect(sentence(event("deposited", { vault: "0", owner: "a", amount: "1500000", shares: "1" }), config)).toBe(
      "Deposited 1.500000 ATOM as collateral",
    );
  });

  test("what is taken of an auction is counted as what was put up in it", () => {
    const taken = event("taken", { auction: "7", amount: "2000000", price: "9.5", paid: "19000000" });
    expect(sentence(taken, config)).toBe("Bought collateral of auction 7 at 9.5000 for $19.00");
    sentence(event("auction_started", { auction: "7", vault: "0", lot: "5000000", tab: "1", price: "9" }), config);
    expect(sentence(taken, config)).toBe("Bought 2.000000 ATOM of auction 7 at 9.5000 for $19.00");
  });

  test("bookkeeping is not told", () => {
    expect(sentence(event("synced", {}), config)).toBeNull();
    expect(sentence(event("transfer", {}), config)).toBeNull();
  });

  test("a success that changed nothing is a refusal", () => {
    const reason = "E0328 Restricted { scope: pool, regime: close_only }";
    expect(refusalIn([event("synced", {}), event("refused", { code: "E0328", reason })])).toBe(reason);
    expect(refusalIn([event("rejected", { item: "bob/0", code: "E0418", reason: "E0418 AboveMaintenance" })])).toBe(
      "E0418 AboveMaintenance",
    );
    expect(
      refusalIn([event("rejected", { item: "x", code: "E0418", reason: "r" }), event("account_liquidated", {})]),
    ).toBeNull();
  });
});
