/** What an order says, before it is a message: defaults, bounds that are told while somebody types, and the message's parts. Pure. */
import { encodePart, ordersCodec, price, size, size as sizeOf, usd, type ordersTypes, type Size } from "@sdp/client";

export type Type = "market" | "limit" | "stop" | "take_profit";
export type Side = "buy" | "sell";
type NewOrder = ordersTypes.NewOrder;
type Kind = ordersTypes.Kind;

export const typeName: Record<Type, string> = {
  market: "Market",
  limit: "Limit",
  stop: "Stop",
  take_profit: "Take profit",
};

/** What closes what an order opens. */
export interface Exits {
  stop: bigint | null;
  target: bigint | null;
}

export interface Terms {
  perp: number;
  account: number;
  /** Positive buys. */
  size: Size;
  type: Type;
  /** Of the index, that it waits for; none at market. */
  trigger: bigint | null;
  /** Worst price of the fill; none: the market's. */
  worst: bigint | null;
  reduceOnly: boolean;
  exits: Exits | null;
  /** Block time until which it waits, seconds. */
  goodTill: number;
  /** And its exits. */
  exitsTill: number;
  /** Of each order that waits. */
  keeperFee: bigint;
}

/** Whether the index has to rise to its trigger; else it has to fall. */
export const rises = (type: Type, side: Side) => (type === "stop") === (side === "buy");

const sideOf = (size: bigint): Side => (size < 0n ? "sell" : "buy");
export const closes = (size: bigint): Side => (size < 0n ? "buy" : "sell");

/** What of an order that only reduces is done, with so large a position; as the market has it (`packages/perps/src/plan.rs`). */
export function reducing(size: Size, position: bigint): Size {
  if (closes(position) !== sideOf(size) || position === 0n) return sizeOf(0n);
  const [asked, held] = [size < 0n ? -size : size, position < 0n ? -position : position];
  const most = asked < held ? asked : held;
  return sizeOf(size < 0n ? -most : most);
}

/** A price of so many digits that count. */
export function rounded(raw: bigint, digits = 4): bigint {
  const step = 10n ** BigInt(Math.max(0, raw.toString().length - digits));
  return ((raw + step / 2n) / step) * step;
}

const HUNDREDTHS = 100n;
/** How far from the index a trigger is at first, and how far a stop from its entry at most; a target is twice as far as its stop. */
const APART = 2n;
const FARTHEST = 5n;

/** A first trigger: the index for a limit, a little away from it for what waits until it moves. */
export function firstTrigger(type: Type, side: Side, index: bigint): bigint {
  if (type === "limit" || type === "market") return rounded(index, 5);
  const apart = (index * APART) / HUNDREDTHS;
  return rounded(rises(type, side) ? index + apart : index - apart);
}

/** A first stop and target: the stop half way to the liquidation price, or nearer. */
export function firstExits(side: Side, entry: bigint, liquidation: bigint | null): { stop: bigint; target: bigint } {
  const farthest = (entry * FARTHEST) / HUNDREDTHS;
  const half = liquidation === null ? farthest : (liquidation > entry ? liquidation - entry : entry - liquidation) / 2n;
  const apart = half > 0n && half < farthest ? half : farthest;
  const [stop, target] = side === "buy" ? [entry - apart, entry + 2n * apart] : [entry + apart, entry - 2n * apart];
  return { stop: rounded(stop), target: rounded(target) };
}

/** Why a stop or a target makes no sense for what was or will be entered at a price; none where they do. */
export function misplaced(side: Side, entry: bigint, { stop, target }: Exits): { stop?: string; target?: string } {
  const [long, worse, better] = side === "buy" ? ["long", "below", "above"] : ["short", "above", "below"];
  const past = (exit: bigint) => (side === "buy" ? exit < entry : exit > entry);
  return {
    ...(stop !== null && !past(stop) && { stop: `The stop-loss of a ${long} position is ${worse} its entry.` }),
    ...(target !== null &&
      (past(target) || target === entry) && {
        target: `The take-profit of a ${long} position is ${better} its entry.`,
      }),
  };
}

/** How far one price is from another, as a ratio of 18 decimals. */
export const apart = (from: bigint, to: bigint): bigint => (from > 0n ? ((to - from) * 10n ** 18n) / from : 0n);

export function kindOf(type: Exclude<Type, "market">, trigger: bigint, worst: bigint | null = null): Kind {
  const limit_price = worst === null ? null : price(worst);
  switch (type) {
    case "limit":
      return { limit: { price: price(trigger) } };
    case "stop":
      return { stop: { trigger: price(trigger), limit_price } };
    case "take_profit":
      return { take_profit: { trigger: price(trigger), limit_price } };
  }
}

/** What waits for the entry's price; none for one at market. */
export function entryOf({ perp, size, type, trigger, worst, reduceOnly, goodTill, keeperFee }: Terms): NewOrder | null {
  if (type === "market" || trigger === null) return null;
  const kind = kindOf(type, trigger, worst);
  return { perp, size, kind, reduce_only: reduceOnly, good_till: goodTill, keeper_fee: usd(keeperFee) };
}

/** What closes a position of that size: a stop, a target, or both. */
export function exitsOf(
  position: bigint,
  { stop, target }: Exits,
  { perp, exitsTill, keeperFee }: Pick<Terms, "perp" | "exitsTill" | "keeperFee">,
): NewOrder[] {
  const kinds = [stop !== null && kindOf("stop", stop), target !== null && kindOf("take_profit", target)];
  return kinds
    .filter((kind) => kind !== false)
    .map((kind) => ({
      perp,
      size: size(-position),
      kind,
      reduce_only: true,
      good_till: exitsTill,
      keeper_fee: usd(keeperFee),
    }));
}

/** An order in JSON, as a preview takes it. Its time is left out: it moves with each block, and is among those that are offered. */
export const inJson = (order: NewOrder): object => encodePart(ordersCodec, "NewOrder", { ...order, good_till: null });

/** Orders that wait and reserve a fee each: an entry at market has none. */
export const waitingOf = ({ type, exits }: Pick<Terms, "type" | "exits">): number =>
  Number(type !== "market") + (exits ? 2 : 0);

/** Where fees come from: what lies in the jar, then the wallet, then the account's margin. */
export interface Funding {
  jar: bigint;
  wallet: bigint;
  margin: bigint;
  /** What nobody has. */
  lacking: bigint;
}

export function funding(needed: bigint, { jar, wallet, margin }: Omit<Funding, "lacking">): Funding {
  const least = (a: bigint, b: bigint) => (a < b ? a : b);
  const fromJar = least(needed, jar);
  const fromWallet = least(needed - fromJar, wallet);
  const fromMargin = least(needed - fromJar - fromWallet, margin > 0n ? margin : 0n);
  return {
    jar: fromJar,
    wallet: fromWallet,
    margin: fromMargin,
    lacking: needed - fromJar - fromWallet - fromMargin,
  };
}

/** How long an order waits: so many seconds, as long as it may, or until a time that is typed. */
export interface Life {
  choice: string;
  /** As a `datetime-local` field has it. */
  until: string;
}

export const LONGEST = "longest";
export const UNTIL = "until";
export const asLongAsPossible: Life = { choice: LONGEST, until: "" };
/** Seconds that are offered. */
export const lives = [3_600, 86_400, 7 * 86_400, 30 * 86_400];

/** Block time until which an order waits; none where the field has no time, or none that is possible. */
export function goodTillOf({ choice, until }: Life, now: number, longest: number): number | null {
  if (choice === LONGEST) return now + longest;
  if (choice !== UNTIL) return now + Number(choice);
  const found = Math.floor(Date.parse(until) / 1_000);
  return found > now && found <= now + longest ? found : null;
}

/** Side and words of an order's condition, such as "at or above". */
export const condition = (type: Type, of: bigint) => (rises(type, sideOf(of)) ? "at or above" : "at or below");
