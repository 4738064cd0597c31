import { describe, expect, test } from "vitest";
import {
  amountText,
  decimalText,
  duration,
  part,
  percent,
  priceText,
  rawOf,
  shorten,
  usdText,
} from "../../src/ui/format.ts";

const usd = (text: string) => rawOf(text, "usd");

describe("how numbers look", () => {
  test("an amount is rounded to cents, and never to nothing", () => {
    expect(usdText("1234567895000")).toBe("$1,234,567.90");
    expect(usdText("-5000")).toBe("−$0.01");
    expect(usdText("1")).toBe("$0.000001");
    expect(usdText("0")).toBe("$0.00");
  });

  test("10¹⁵ dollars fit, in all digits and in few", () => {
    const most = "1000000000000000000000";
    expect(usdText(most)).toBe("$1,000,000,000,000,000.00");
    expect(shorten(usd(most), "usd", { compact: true })).toBe("$1,000.00 T");
    expect(shorten(usd("13522000000000"), "usd", { compact: true })).toBe("$13.52 M");
    expect(shorten(usd("999999000000"), "usd", { compact: true })).toBe("$999,999.00");
  });

  test("a ratio is a percentage; what is nearly nothing shows three digits that count", () => {
    expect(percent("2.5")).toBe("250.00 %");
    expect(percent("0.000025107175286238")).toBe("0.00251 %");
    expect(percent("0.00005")).toBe("0.01 %");
  });

  test("something of nothing is beyond every number", () => {
    expect(percent("340282366920938463463.374607431768211455")).toBe("∞");
    expect(percent("170141183460469231731.687303715884105727")).toContain(" %");
  });

  test("a price shows five digits that count, at least", () => {
    expect(priceText("60000.123456")).toBe("60,000.12");
    expect(priceText("0.000012345678")).toBe("0.000012346");
    expect(priceText("9.9")).toBe("9.9000");
  });

  test("what is positive may have a plus, what is negative has a true minus", () => {
    expect(shorten(rawOf("-0.5", "size"), "size", { plus: true })).toBe("−0.5000");
    expect(shorten(rawOf("0.5", "size"), "size", { plus: true })).toBe("+0.5000");
    expect(shorten(0n, "size", { plus: true })).toBe("0.0000");
  });

  test("tokens have as many decimals as the token, six at most", () => {
    expect(amountText("1500000", 6)).toBe("1.500000");
    expect(amountText("1500000000000000000", 18)).toBe("1.500000");
    expect(amountText("1", 18)).toBe("0.000000000000000001");
    expect(decimalText(1_500_000n, 6)).toBe("1.5");
  });

  test("a span of time is said in its two largest units while it is short", () => {
    expect(duration(59)).toBe("59 seconds");
    expect(duration(3_661)).toBe("1 hour 1 minute");
    expect(duration(86_400)).toBe("1 day");
    expect(duration(172_860)).toBe("2 days");
    expect(duration(-5)).toBe("0 seconds");
  });

  test("anything of nothing fills the bar, and there is no bar without a whole", () => {
    expect([part("5", "10"), part("5", "0"), part("0", "0"), part("5", null)]).toEqual([0.5, 1, 0, 0]);
  });
});
