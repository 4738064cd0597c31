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

  /** Sentences by code, as they are written. */
  const told = [...read("../../src/words/errors.ts").matchAll(/^ {2}(E\d{4}):\s*"([^"]*)"/gm)];
  /** What the contracts have: `E0312 BelowIssuanceRatio { ratio: Ratio, required: Ratio },` */
  const kinds = new Map(
    ["error.rs", "error/own.rs"].flatMap((file) =>
      [...read(`../../../types/src/${file}`).matchAll(/^ +(E\d{4}) \w+ \{ ?([^}]*?) ?\},$/gm)].map(
        ([, code = "", fields = ""]) =>
          [code, new Map(fields.split(", ").map((field) => field.split(": ") as [string, string]))] as const,
      ),
    ),
  );

  test("every sentence is of a code that there is, and names its fields by their units", () => {
    expect(told.length).toBeGreaterThan(140);
    const units: Record<string, RegExp> = {
      usd: /Usd$/,
      percent: /Ratio$/,
      price: /^Price$/,
      size: /^Size$/,
      seconds: /^u64$/,
      time: /^u64$/,
    };
    for (const [, code = "", text = ""] of told) {
      expect([...kinds.keys()], code).toContain(code);
      for (const [, field = "", unit] of text.matchAll(/\{(\w+)(?::(\w+))?\}/g)) {
        expect([...kinds.get(code)!.keys()], code).toContain(field);
        if (unit) expect(kinds.get(code)!.get(field), `${code} ${field}`).toMatch(units[unit]!);
      }
    }
    expect(new Set(told.map(([, code]) => code)).size).toBe(told.length);
  });

  test("every other code is of what nobody does from the page", () => {
    const other = {
      governance: ["E0102", "E0105", "E0106", "E0107", "E0108", "E0209", "E0320", "E1005", "E1007"],
      publishers: ["E0201", "E0203", "E0205", "E0210", "E0211", "E0212", "E0219", "E0220"],
      "contracts that take and pay at once": ["E0524", "E0525"],
      "what puts a market into quarantine": Array.from({ length: 10 }, (_, n) => `E${1020 + n}`),
    };
    const without = [...kinds.keys()].filter((code) => !told.some(([, known]) => known === code));
    expect(without.sort()).toEqual(Object.values(other).flat().sort());
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
