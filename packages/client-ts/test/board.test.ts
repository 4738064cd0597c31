import fc from "fast-check";
import { expect, test } from "vitest";
import { pricesOn, withPrices } from "../src/local/board.ts";
import { UnknownRecord } from "../src/errors.ts";
import { ONE, price, type Price } from "../src/units.ts";

/**
 * A board of two feeds, as packages/types writes one: version, nine numbers, newest time, then the quotes and what
 * follows them.
 */
const tail = [2, ...[0, 0], 0, 0, 0, 0, 0];
const board = Uint8Array.from([
  4,
  30,
  60,
  120,
  6,
  20,
  5,
  10,
  1,
  0,
  9,
  2,
  ...varint(600_005n * 20n + 17n),
  36,
  0,
  ...varint(1n * 20n + 18n),
  36,
  1,
  ...tail,
]);

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80n; value >>= 7n) bytes.push(Number(value & 0x7fn) | 0x80);
  return [...bytes, Number(value)];
}

test("prices are read off the record", () => {
  expect(pricesOn(board)).toEqual([60_000n * ONE + ONE / 2n, ONE]);
});

test("only the prices that are named change, and every price can be written", () => {
  const any = fc.bigInt({ min: 1n, max: 2n ** 128n - 1n });
  const round = fc
    .tuple(fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 0, max: 30 }))
    .map(([n, zeros]) => BigInt(n) * 10n ** BigInt(zeros));
  fc.assert(
    fc.property(fc.oneof(any, round), (other) => {
      const changed = withPrices(board, new Map([[0, other as Price]]));
      expect(pricesOn(changed)).toEqual([other, ONE]);
      expect([...changed.slice(0, 12)]).toEqual([...board.slice(0, 12)]);
      expect([...changed.slice(-tail.length - 2)]).toEqual([...board.slice(-tail.length - 2)]);
    }),
  );
});

test("the same prices are the same bytes", () => {
  expect(
    withPrices(
      board,
      new Map([
        [0, price(60_000n * ONE + ONE / 2n)],
        [1, price(ONE)],
      ]),
    ),
  ).toEqual(board);
});

test("another version is a typed error, and not guessed at", () => {
  const thrown = (bytes: Uint8Array) => {
    try {
      return pricesOn(bytes);
    } catch (error) {
      return error;
    }
  };
  expect(thrown(Uint8Array.from([5, ...board.slice(1)]))).toBeInstanceOf(UnknownRecord);
  expect(thrown(Uint8Array.from([5, ...board.slice(1)]))).toMatchObject({
    kind: "setup",
    record: "oracle's board",
    version: 5,
    known: 4,
    text: "the oracle's board is written in version 5, not 4: a newer client is needed",
  });
  expect(thrown(new Uint8Array())).toMatchObject({ version: null });
});

test("so is what says to be that version and is not", () => {
  expect(() => pricesOn(board.slice(0, 13))).toThrow(UnknownRecord);
  // 10 · 10⁰ where 1 · 10¹ is how it is written
  const other = Uint8Array.from([...board.slice(0, 12), ...varint(10n * 20n), 36, 0, ...varint(1n * 20n + 18n), 36, 1]);
  expect(() => pricesOn(other)).toThrow("not as version 4 is");
  // a number that never ends
  expect(() => pricesOn(Uint8Array.from([4, ...Array<number>(400).fill(0x80)]))).toThrow(UnknownRecord);
  expect(() => withPrices(board, new Map([[0, 0n as Price]]))).toThrow(RangeError);
});
