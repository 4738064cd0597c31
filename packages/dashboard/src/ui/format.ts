/** How numbers look here. What is exact is the client's: this only chooses digits, and pixels for charts. */
import { formatExact, format, fromWire, parse, type UnitName } from "@sdp/client";

/** Kinds of numbers as a person sees them. */
export type Unit = "usd" | "amount" | "price" | "size" | "ratio" | "percent" | "count" | "seconds";

/** Units of the contracts with the same scale: of what is negative, and of what is not. */
const wire = {
  usd: ["SignedUsd", "Usd"],
  amount: ["Amount", "Amount"],
  price: ["Price", "Price"],
  size: ["Size", "AbsSize"],
  ratio: ["SignedRatio", "Ratio"],
  percent: ["SignedRatio", "Ratio"],
} as const satisfies Partial<Record<Unit, readonly [UnitName, UnitName]>>;

/** The largest ratio that there is: how the contracts say something of nothing. */
const BEYOND = 2n ** 128n - 1n;

/** The integer of an answer's number. */
export function rawOf(found: unknown, unit: Unit): bigint {
  if (typeof found === "bigint") return found;
  const text = String(found);
  if (unit === "count" || unit === "seconds") return BigInt(text);
  return fromWire(wire[unit][text.startsWith("-") ? 0 : 1], text);
}

const scaleOf = (unit: Unit, decimals: number): number =>
  ({ usd: 6, amount: decimals, price: 18, size: 18, ratio: 18, percent: 16, count: 0, seconds: 0 })[unit];

const abs = (raw: bigint) => (raw < 0n ? -raw : raw);

export interface Looks {
  decimals?: number;
  digits?: number | undefined;
  compact?: boolean | undefined;
  plus?: boolean | undefined;
}

const sign = (raw: bigint, plus = false) => (raw < 0n ? "−" : plus && raw > 0n ? "+" : "");

/** Digits by which a number shows five that count. */
function telling(raw: bigint, scale: number, most: number): number {
  const length = abs(raw).toString().length;
  return raw === 0n ? Math.min(2, most) : Math.min(most, Math.max(2, scale + 5 - length));
}

/** Thousands, millions and so on of a scaled integer, where it is large. */
function compacted(raw: bigint, scale: number): string | null {
  const size = abs(raw);
  for (const [power, letter] of [
    [12, "T"],
    [9, "B"],
    [6, "M"],
  ] as const) {
    const unit = 10n ** BigInt(scale + power);
    if (size >= unit) return `${format(size, scale + power, { digits: 2, rounding: "nearest" })} ${letter}`;
  }
  return null;
}

function defaultDigits(raw: bigint, unit: Unit, decimals: number): number {
  const scale = scaleOf(unit, decimals);
  switch (unit) {
    case "usd":
      return 2;
    case "amount":
      return Math.min(decimals, 6);
    case "price":
      return telling(raw, scale, 18);
    case "size":
      return 4;
    case "ratio":
      return 4;
    case "percent":
      return 2;
    default:
      return 0;
  }
}

/** A number of so many digits; more where it would be shown as nothing though it is something. */
export function shorten(raw: bigint, unit: Unit, looks: Looks = {}): string {
  if (raw === BEYOND && (unit === "percent" || unit === "ratio")) return "∞";
  const { decimals = 0, compact, plus } = looks;
  const scale = scaleOf(unit, decimals);
  const [before, after] =
    unit === "usd" ? ["$", ""] : unit === "percent" ? ["", " %"] : ["", unit === "seconds" ? " s" : ""];
  const short = compact ? compacted(raw, scale) : null;
  const text = short ?? plain(raw, scale, looks.digits ?? defaultDigits(raw, unit, decimals));
  return `${sign(raw, plus)}${before}${text}${after}`;
}

function plain(raw: bigint, scale: number, digits: number): string {
  const size = abs(raw);
  const shown = Math.min(digits, scale);
  const vanishes = size !== 0n && size * 2n < 10n ** BigInt(scale - shown);
  // three digits that count
  const needed = scale - size.toString().length + 3;
  if (vanishes) return format(size, scale, { digits: Math.min(needed, scale), rounding: "nearest" });
  return format(size, scale, { digits: shown, rounding: "nearest" });
}

/** Every digit, for titles and dialogs. */
export function exact(raw: bigint, unit: Unit, decimals = 0): string {
  const after = { usd: " USD", percent: " %", seconds: " s" } as Partial<Record<Unit, string>>;
  return `${sign(raw)}${formatExact(abs(raw), scaleOf(unit, decimals))}${after[unit] ?? ""}`;
}

export const usdText = (text: string) => shorten(rawOf(text, "usd"), "usd");
export const percent = (text: string) => shorten(rawOf(text, "percent"), "percent");
export const priceText = (text: string) => shorten(rawOf(text, "price"), "price");
export const sizeText = (text: string) => shorten(rawOf(text, "size"), "size");
export const amountText = (text: string, decimals: number) => shorten(rawOf(text, "amount"), "amount", { decimals });

/** Decimal text of an integer, as fields and messages take it. */
export const decimalText = (raw: bigint, decimals: number) => formatExact(raw, decimals, false);

/** What people type, as an integer. */
export const parseDecimal = (text: string, decimals: number) => parse(text, decimals);

/** USD as a number, for pixels only. */
export const toNumber = (text: string | bigint) => Number(text) / 1e6;
/** A ratio as a number, for pixels only. */
export const ratioNumber = (text: string | bigint) => (typeof text === "bigint" ? Number(text) / 1e18 : Number(text));

/** One of another, for bars. Anything of nothing is all. */
export function part(of: string, whole: string | null | undefined): number {
  if (whole === null || whole === undefined) return 0;
  const [a, b] = [Number(of), Number(whole)];
  return b > 0 ? a / b : a > 0 ? 1 : 0;
}

// charts

function axis(value: number): string {
  const size = Math.abs(value);
  const steps: [number, string][] = [
    [1e12, " T"],
    [1e9, " B"],
    [1e6, " M"],
    [1e4, " k"],
  ];
  for (const [unit, letter] of steps)
    if (size >= unit) return `${trim(value / (letter === " k" ? 1e3 : unit))}${letter}`;
  return trim(value);
}

/** At most five digits that count. */
function trim(value: number): string {
  if (value === 0) return "0";
  const digits = Math.max(0, Math.min(8, 4 - Math.floor(Math.log10(Math.abs(value)))));
  return value.toLocaleString("en-US", { maximumFractionDigits: digits }).replace("-", "−");
}

export const axisUsd = (value: number) => `${value < 0 ? "−" : ""}$${axis(Math.abs(value))}`;
export const axisPrice = (value: number) => trim(value);
export const axisSize = (value: number) => axis(value);
export const axisPlain = (value: number) => trim(value);
export const axisPercent = (value: number) => `${trim(value * 100)} %`;

// time

const stamp = new Intl.DateTimeFormat("en-GB", {
  day: "2-digit",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hour12: false,
});

/** Block time as the reader's clock has it. */
export const moment = (seconds: number) =>
  seconds > 0 && seconds < 8e12 ? stamp.format(seconds * 1000).replace(",", "") : "–";

/** `86400` is "1 day". */
export function duration(seconds: number): string {
  const steps: [number, string][] = [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
  ];
  for (const [unit, name] of steps) {
    if (seconds >= unit) {
      const count = Math.floor(seconds / unit);
      const rest = Math.floor(seconds % unit);
      const said = `${count} ${name}${count === 1 ? "" : "s"}`;
      const smaller = steps.find(([next]) => next < unit)?.[0] ?? 1;
      return rest >= smaller && count < 3 ? `${said} ${duration(Math.floor(rest / smaller) * smaller)}` : said;
    }
  }
  const whole = Math.max(0, Math.floor(seconds));
  return `${whole} second${whole === 1 ? "" : "s"}`;
}
