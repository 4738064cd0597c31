/** How full the caps of a perpetual are, in parts of a bar: pixels, not amounts. */
import type { Perp } from "../../data/reads.ts";
import { ratioNumber, toNumber } from "../../ui/format.ts";

/** Whole units at the index in USD, as a number for drawing. */
const worth = (size: string, perp: Perp) => Math.abs(Number(size)) * Number(perp.index);

const of = (value: number, cap: number) => (cap > 0 ? value / cap : 0);

/** The fuller side, orders that wait included. */
export function openInterestPart(perp: Perp): number {
  const side = Math.max(Number(perp.long) + Number(perp.pending_long), Number(perp.short) + Number(perp.pending_short));
  return of(side * Number(perp.index), toNumber(perp.config.open_interest_cap));
}

export const skewPart = (perp: Perp): number => of(worth(perp.skew, perp), toNumber(perp.config.skew_cap));

export const premiumPart = (perp: Perp): number =>
  of(Math.abs(ratioNumber(perp.premium)), ratioNumber(perp.config.premium_cap));
