import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { divide, groups, parseDecimal, writeDecimal } from "../src/decimal.ts";
import * as units from "../src/units.ts";

const integer = fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n });
const decimals = fc.integer({ min: 0, max: 30 });

describe("decimal text", () => {
  test("what was written is read as the same integer", () => {
    fc.assert(
      fc.property(integer, decimals, (value, places) => parseDecimal(writeDecimal(value, places), places) === value),
    );
  });

  test("text is as short as it can be: no trailing zeros, no bare point", () => {
    fc.assert(fc.property(integer, decimals, (value, places) => !/\.\d*0$|\.$/.test(writeDecimal(value, places))));
  });

  test.each(["", ".", "1.", ".5", "-", "1e3", "+1", "1_000", " 1", "--1", "0.0000000000000000001", "1,000"])(
    "refuses %j as the contracts do",
    (text) => {
      expect(() => parseDecimal(text, 18)).toThrow(RangeError);
    },
  );

  test("commas stand between thousands and nowhere else", () => {
    expect(["0", "999", "1000", "-1000", "-999", "1234567.8901"].map(groups)).toEqual([
      "0",
      "999",
      "1,000",
      "-1,000",
      "-999",
      "1,234,567.8901",
    ]);
  });

  test("rounding goes to the named side and never further than one", () => {
    fc.assert(
      fc.property(integer, fc.bigInt({ min: 1n, max: 10n ** 20n }), (of, by) => {
        const [down, near, up] = [divide(of, by, "down"), divide(of, by, "nearest"), divide(of, by, "up")];
        expect(down * by <= of && of < (down + 1n) * by).toBe(true);
        expect((up - 1n) * by < of && of <= up * by).toBe(true);
        const far = near * by - of;
        expect(2n * (far < 0n ? -far : far) <= by).toBe(true);
      }),
    );
  });

  test("halves go away from zero", () => {
    expect([divide(5n, 2n, "nearest"), divide(-5n, 2n, "nearest"), divide(3n, 2n, "nearest")]).toEqual([3n, -3n, 2n]);
  });
});

describe("units", () => {
  test("the wire is the contracts' own text", () => {
    expect(units.fromWire("Price", "60000.5")).toBe(60_000_500_000_000_000_000_000n);
    expect(units.fromWire("Size", "-0.25")).toBe(-250_000_000_000_000_000n);
    expect(units.toWire("Price", 1n)).toBe("0.000000000000000001");
    expect(units.toWire("Usd", 3_000_000n)).toBe("3000000");
    expect(units.toWire("SignedRatio", -units.ONE)).toBe("-1");
  });

  test("every unit comes back from its text over its whole range", () => {
    for (const name of Object.keys(units.scales) as units.UnitName[]) {
      const { signed, bits } = units.scales[name] as { signed: boolean; bits: number };
      const most = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
      const least = signed ? -most - 1n : 0n;
      const values = fc.oneof(fc.bigInt({ min: least, max: most }), fc.constantFrom(least, most, 0n));
      fc.assert(fc.property(values, (value) => units.fromWire(name, units.toWire(name, value)) === value));
      expect(() => units.of(name, most + 1n)).toThrow(RangeError);
      expect(() => units.of(name, least - 1n)).toThrow(RangeError);
    }
  });

  test("amounts that must not be negative refuse to be", () => {
    expect(() => units.fromWire("Usd", "-1")).toThrow(RangeError);
    expect(() => units.fromWire("Usd", "1.5")).toThrow(RangeError);
  });
});

describe("formats", () => {
  test("USD are cut to cents, towards less, and say so in their exact form", () => {
    expect(units.formatUsd(1_234_567_890n)).toBe("1,234.56");
    expect(units.formatUsd(1_234_567_890n, { rounding: "up" })).toBe("1,234.57");
    expect(units.formatUsd(-1n)).toBe("-0.01");
    expect(units.formatUsd(-1n, { rounding: "up" })).toBe("0.00");
    expect(units.exactUsd(1_234_567_890n)).toBe("1,234.56789");
    expect(units.formatUsd(5_000_000n, { digits: 0 })).toBe("5");
    expect(units.formatUsd(1_234_567_890n, { digits: 6, grouped: false })).toBe("1234.567890");
  });

  test("from 10⁻⁶ to 10¹⁵ USD nothing is lost", () => {
    expect(units.exactUsd(1n)).toBe("0.000001");
    expect(units.exactUsd(10n ** 21n)).toBe("1,000,000,000,000,000");
    expect(units.exactUsd(10n ** 21n + 1n)).toBe("1,000,000,000,000,000.000001");
  });

  test("an exact form is read back as what it was", () => {
    fc.assert(fc.property(integer, (value) => units.parse(units.formatExact(value, 18), 18) === value));
  });

  test("a rounded form is between its two neighbours", () => {
    fc.assert(
      fc.property(integer, fc.integer({ min: 0, max: 18 }), (value, digits) => {
        const [down, up] = (["down", "up"] as const).map((rounding) =>
          units.parse(units.format(value, 18, { digits, rounding }), 18),
        );
        const step = 10n ** BigInt(18 - digits);
        expect(down! <= value && value <= up! && up! - down! <= step).toBe(true);
      }),
    );
  });

  test("small prices show digits that say something", () => {
    expect(units.formatPrice(60_000_500_000_000_000_000_000n)).toBe("60,000.50");
    expect(units.formatPrice(1_234_500_000_000_000n)).toBe("0.0012345");
    expect(units.formatPrice(0n)).toBe("0.00");
    expect(units.formatPrice(1n)).toBe("0.000000000000000001");
  });

  test("percent", () => {
    expect(units.formatPercent(2_500_000_000_000_000_000n)).toBe("250.00 %");
    expect(units.exactPercent(123_456_789_000_000n)).toBe("0.0123456789 %");
    expect(units.parsePercent("12.5 %")).toBe(125_000_000_000_000_000n);
  });

  test("people may write commas between thousands, and nothing that would be dropped", () => {
    expect(units.parseUsd(" 1,234.5 ")).toBe(1_234_500_000n);
    expect(units.parseAmount("1,000", 6)).toBe(1_000_000_000n);
    for (const text of ["1,23", "1,2345", "0.0000001", "1 000", "", "ten"])
      expect(() => units.parseUsd(text), text).toThrow(RangeError);
  });
});
