/**
 * The oracle's record of prices with other prices in it, for "what if". Its layout is that of `Board` in
 * packages/types/src/board.rs: a version, then numbers of variable length. Only prices are touched; all else is copied
 * as it stands. No contract writes such a record on request: a price that is published is a newer one, and what moves
 * far is refused or trips a breaker. So it is written here, only in the version that is known, and only where each price
 * that stands in it would be written the same again. `test/local.test.ts` has the oracle's own code read it.
 */
import { UnknownRecord } from "../errors.ts";
import type { Price } from "../units.ts";

/** Key of the record. */
export const BOARD_KEY = "80";
/** The only version that is read. */
export const BOARD_VERSION = 4;
/**
 * Numbers before the quotes: staleness (3), intervals (3), gap, written_at, resumed_at; then their newest publish time.
 */
const BEFORE = 10;
/** A number with 18 decimals is `mantissa · 20 + zeros`; with this code the number follows as it is. */
const CODES = 20n;
const AS_IT_IS = 19n;
const MOST_ZEROS = 18n;
const LARGEST = 2n ** 128n - 1n;

const unknown = (version: number | null = null) => new UnknownRecord("oracle's board", version, BOARD_VERSION);

class Reader {
  at = 0;
  constructor(readonly bytes: Uint8Array) {}

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes[this.at++];
      // nor is any number longer than 128 bits
      if (byte === undefined || shift > 127n) throw unknown();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  packed(): bigint {
    const first = this.varint();
    return first % CODES === AS_IT_IS ? this.varint() : (first / CODES) * 10n ** (first % CODES);
  }
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80n; value >>= 7n) bytes.push(Number(value & 0x7fn) | 0x80);
  return [...bytes, Number(value)];
}

function packed(value: bigint): number[] {
  let [mantissa, zeros] = [value, 0n];
  while (mantissa !== 0n && zeros < MOST_ZEROS && mantissa % 10n === 0n)
    [mantissa, zeros] = [mantissa / 10n, zeros + 1n];
  const short = mantissa * CODES + zeros;
  return short > LARGEST ? [...varint(AS_IT_IS), ...varint(value)] : varint(short);
}

/** Of each quote: its price, and where that stands in the record. */
function quotes(bytes: Uint8Array): { price: bigint; from: number; to: number }[] {
  const version = bytes[0] ?? null;
  if (version !== BOARD_VERSION) throw unknown(version);
  const reader = new Reader(bytes);
  reader.at = 1;
  for (let n = 0; n < BEFORE; n += 1) reader.varint();
  return Array.from({ length: Number(reader.varint()) }, () => {
    const from = reader.at;
    const price = reader.packed();
    const to = reader.at;
    reader.packed(); // confidence
    reader.varint(); // age
    const same = packed(price);
    if (same.length !== to - from || same.some((byte, n) => byte !== bytes[from + n])) throw unknown();
    return { price, from, to };
  });
}

/** Prices by number of the feed. */
export function pricesOn(board: Uint8Array): Price[] {
  return quotes(board).map(({ price }) => price as Price);
}

/**
 * The record with these prices, by number of the feed, each as fresh and as certain as the one that it takes the place
 * of.
 */
export function withPrices(board: Uint8Array, prices: ReadonlyMap<number, Price>): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  quotes(board).forEach(({ from, to }, feed) => {
    const price = prices.get(feed);
    if (price === undefined) return;
    if (price <= 0n || price > LARGEST) throw new RangeError("a price is above zero");
    parts.push(board.subarray(at, from), Uint8Array.from(packed(price)));
    at = to;
  });
  parts.push(board.subarray(at));
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
