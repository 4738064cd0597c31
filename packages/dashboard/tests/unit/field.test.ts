import { describe, expect, test } from "vitest";
import { entered } from "../../src/ui/field.tsx";

describe("a field for amounts", () => {
  test("reads decimal text exactly, whatever its size", () => {
    expect(entered("1000000000000000.000001", 6).value).toBe(1_000_000_000_000_000_000_001n);
    expect(entered(" 1,234.5 ", 6).value).toBe(1_234_500_000n);
    expect(entered("0.000000000000000001", 18).value).toBe(1n);
  });

  test("says what is wrong with anything else, and never rounds", () => {
    for (const text of ["1e5", "0.0000001", "abc", "1.2.3", "-", "1,5"]) {
      expect(entered(text, 6).value).toBeNull();
      expect(entered(text, 6).problem).toContain("up to 6 decimals");
    }
    expect(entered("-5", 6).problem).toContain("positive");
    expect(entered("-5", 6, true).value).toBe(-5_000_000n);
  });

  test("what no contract could store is said at the field, not by a message that can't be written", () => {
    expect(entered(`${2n ** 127n - 1n}`, 0).value).toBe(2n ** 127n - 1n);
    expect(entered(`${2n ** 127n}`, 0)).toMatchObject({ value: null, problem: "This is more than can be stored." });
    expect(entered(`-${2n ** 127n}`, 0, true).value).toBeNull();
  });

  test("nothing is no amount and no mistake", () => {
    expect(entered("  ", 6)).toEqual({ text: "  ", value: null, problem: null });
  });
});
