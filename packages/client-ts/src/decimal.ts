/** Decimal text of integers: exact, without exponents, the same in every locale. */

/** `down` is towards −∞, `up` towards +∞, `nearest` has halves away from zero. */
export type Rounding = "down" | "up" | "nearest";

/** `of ÷ by`, rounded as named; `by` > 0. */
export function divide(of: bigint, by: bigint, rounding: Rounding): bigint {
  if (by <= 0n) throw new RangeError("only divided by what is above zero");
  if (rounding === "nearest") {
    const half = (2n * (of < 0n ? -of : of) + by) / (2n * by);
    return of < 0n ? -half : half;
  }
  // BigInt division is towards zero.
  const towardsZero = of / by;
  if (towardsZero * by === of) return towardsZero;
  if (rounding === "down") return of < 0n ? towardsZero - 1n : towardsZero;
  return of < 0n ? towardsZero : towardsZero + 1n;
}

/** `integer / 10^decimals` with at least so many digits after the point, and no further zeros. */
export function writeDecimal(integer: bigint, decimals: number, atLeast = 0): string {
  const negative = integer < 0n;
  const digits = (negative ? -integer : integer).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits
    .slice(digits.length - decimals)
    .replace(/0+$/, "")
    .padEnd(atLeast, "0");
  return `${negative ? "-" : ""}${whole}${fraction && `.${fraction}`}`;
}

/**
 * A plain decimal text as `integer / 10^decimals`. Refuses exponents, separators and more digits than there are
 * decimals.
 */
export function parseDecimal(text: string, decimals: number): bigint {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const fraction = parts?.[3] ?? "";
  if (!parts || fraction.length > decimals)
    throw new RangeError(`"${text}" is no number with at most ${decimals} decimals`);
  const value = BigInt(`${parts[2]}${fraction.padEnd(decimals, "0")}`);
  return parts[1] ? -value : value;
}

/** Commas between thousands. */
export function groups(text: string): string {
  const [whole, fraction] = text.split(".");
  const grouped = (whole ?? "").replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
