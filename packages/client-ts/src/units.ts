/**
 * The units of the protocol as integers, so that a price can't be taken for a size. Same scales as
 * `packages/types/src/units.rs`:
 *
 * | type | unit | integer | in JSON |
 * |---|---|---|---|
 * | Usd, SignedUsd | USD | micro-USD | the integer |
 * | Amount | a token | its base units | the integer |
 * | Shares | a vault's stored shares | as it is | the integer |
 * | Price | USD per whole unit of an asset | 18 decimals | a decimal |
 * | Size, AbsSize | whole units of an asset | 18 decimals | a decimal |
 * | Ratio, SignedRatio | a plain number, 1 is 100 % | 18 decimals | a decimal |
 * | Rate, AbsRate | a fraction per day | 18 decimals | a decimal |
 * | Int256 | what its field says | as it is, 256 bits | the integer |
 * | Uint128 | base units in messages of CW20 tokens | as it is | the integer |
 */
import { divide, groups, parseDecimal, writeDecimal, type Rounding } from "./decimal.ts";

declare const unit: unique symbol;
/** An integer of a unit. Sums and products of it are plain integers again: name their unit. */
export type Unit<Name extends string> = bigint & { readonly [unit]: Name };

export type Usd = Unit<"Usd">;
export type SignedUsd = Unit<"SignedUsd">;
export type Amount = Unit<"Amount">;
export type Shares = Unit<"Shares">;
export type Price = Unit<"Price">;
export type Size = Unit<"Size">;
export type AbsSize = Unit<"AbsSize">;
export type Ratio = Unit<"Ratio">;
export type SignedRatio = Unit<"SignedRatio">;
export type Rate = Unit<"Rate">;
export type AbsRate = Unit<"AbsRate">;
export type Int256 = Unit<"Int256">;
export type Uint128 = Unit<"Uint128">;

interface Scale {
  /** Digits after the point in JSON. */
  wire: number;
  signed: boolean;
  /** Of the stored integer, its sign included. */
  bits: number;
}

const unsigned = (wire: number): Scale => ({ wire, signed: false, bits: 128 });
const signed = (wire: number): Scale => ({ wire, signed: true, bits: 128 });

/** How each unit is stored and written. */
export const scales = {
  Usd: unsigned(0),
  SignedUsd: signed(0),
  Amount: unsigned(0),
  Shares: unsigned(0),
  Price: unsigned(18),
  Size: signed(18),
  AbsSize: unsigned(18),
  Ratio: unsigned(18),
  SignedRatio: signed(18),
  Rate: signed(18),
  AbsRate: unsigned(18),
  Int256: { wire: 0, signed: true, bits: 256 },
  Uint128: unsigned(0),
} as const satisfies Record<string, Scale>;

export type UnitName = keyof typeof scales;

/** 1 of every unit with 18 decimals. */
export const ONE = 10n ** 18n;
/** Micro-USD in a USD. */
export const USD = 1_000_000n;
/** Digits of micro-USD after the point of USD. */
export const USD_DECIMALS = 6;

/** That unit's integer, if the contracts could store it. */
export function of<Name extends UnitName>(name: Name, integer: bigint): Unit<Name> {
  const scale: Scale = scales[name];
  const fits = scale.signed
    ? BigInt.asIntN(scale.bits, integer) === integer
    : BigInt.asUintN(scale.bits, integer) === integer;
  if (!fits) throw new RangeError(`${integer} is no ${name}`);
  return integer as Unit<Name>;
}

export const usd = (microUsd: bigint) => of("Usd", microUsd);
export const signedUsd = (microUsd: bigint) => of("SignedUsd", microUsd);
export const amount = (baseUnits: bigint) => of("Amount", baseUnits);
export const price = (raw: bigint) => of("Price", raw);
export const size = (raw: bigint) => of("Size", raw);
export const ratio = (raw: bigint) => of("Ratio", raw);

/** From the text that contracts write, exactly. */
export function fromWire<Name extends UnitName>(name: Name, text: string): Unit<Name> {
  return of(name, parseDecimal(text, scales[name].wire));
}

/** The text that contracts read. */
export function toWire(name: UnitName, integer: bigint): string {
  return writeDecimal(of(name, integer), scales[name].wire);
}

/** How a number is shown. */
export interface Look {
  /** Digits after the point, always that many. */
  digits?: number;
  /** What becomes of further digits: `down` is towards −∞, `nearest` has halves away from zero. `down` by default. */
  rounding?: Rounding;
  /** Commas between thousands; there by default. */
  grouped?: boolean;
}

/** An integer with so many decimals, in so many digits as asked for. */
export function format(
  integer: bigint,
  decimals: number,
  { digits = 2, rounding = "down", grouped = true }: Look = {},
): string {
  const shift = digits - decimals;
  const scaled = shift >= 0 ? integer * 10n ** BigInt(shift) : divide(integer, 10n ** BigInt(-shift), rounding);
  const text = writeDecimal(scaled, digits, digits);
  return grouped ? groups(text) : text;
}

/** All digits that there are, and no more zeros than needed. */
export function formatExact(integer: bigint, decimals: number, grouped = true): string {
  const text = writeDecimal(integer, decimals);
  return grouped ? groups(text) : text;
}

/** `1234567890n` is "1,234.56": rounded down to cents unless said otherwise. */
export const formatUsd = (value: Usd | SignedUsd | bigint, look?: Look) => format(value, USD_DECIMALS, look);
export const exactUsd = (value: Usd | SignedUsd | bigint) => formatExact(value, USD_DECIMALS);
/** Whole tokens of base units; the token says how many decimals they have. */
export const formatAmount = (value: Amount | bigint, decimals: number, look?: Look) =>
  format(value, decimals, { digits: Math.min(decimals, 6), ...look });
export const exactAmount = (value: Amount | bigint, decimals: number) => formatExact(value, decimals);
/** Small prices get more digits, so that there are five that say something. */
export const formatPrice = (value: Price | bigint, look?: Look) =>
  format(value, 18, { digits: telling(value), rounding: "nearest", ...look });
export const exactPrice = (value: Price | bigint) => formatExact(value, 18);
export const formatSize = (value: Size | AbsSize | bigint, look?: Look) => format(value, 18, { digits: 4, ...look });
export const exactSize = (value: Size | AbsSize | bigint) => formatExact(value, 18);
/** `2500000000000000000n` is "250.00 %". */
export const formatPercent = (value: Ratio | SignedRatio | Rate | AbsRate | bigint, look?: Look) =>
  `${format(value, 16, look)} %`;
export const exactPercent = (value: Ratio | SignedRatio | Rate | AbsRate | bigint) => `${formatExact(value, 16)} %`;

/** Digits after the point by which a number with 18 decimals shows five that are not leading zeros; 2 to 18. */
function telling(value: bigint): number {
  const size = (value < 0n ? -value : value).toString().length;
  return value === 0n ? 2 : Math.min(18, Math.max(2, 18 + 5 - size));
}

/** What people write, `1,234.5`, as an integer with so many decimals. Refuses digits that it would have to drop. */
export function parse(text: string, decimals: number): bigint {
  const trimmed = text.trim();
  const plain = /^-?\d{1,3}(,\d{3})+(\.|$)/.test(trimmed) ? trimmed.replaceAll(",", "") : trimmed;
  return parseDecimal(plain, decimals);
}

export const parseUsd = (text: string) => usd(parse(text, USD_DECIMALS));
export const parseAmount = (text: string, decimals: number) => amount(parse(text, decimals));
export const parsePrice = (text: string) => price(parse(text, 18));
export const parseSize = (text: string) => size(parse(text, 18));
export const parseRatio = (text: string) => ratio(parse(text, 18));
/** `12.5` or `12.5 %` is 0.125. */
export const parsePercent = (text: string) => ratio(parse(text.replace(/\s*%\s*$/, ""), 16));

/** Messages and answers as they are in JSON: texts where there are units here. */
export type Wire<T> = T extends bigint ? string : T extends object ? { [K in keyof T]: Wire<T[K]> } : T;

export type { Rounding };
