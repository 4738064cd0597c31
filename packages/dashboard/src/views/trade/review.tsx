/** What is asked before an order is signed: in one sentence what it does, what it costs, and what can go wrong. */
import { price, size as sizeOf, type Message } from "@sdp/client";
import { market as marketOf, orders as ordersOf } from "../../data/contracts.ts";
import type { Answer } from "../../data/live.ts";
import type { MarketConfig, TradePreview } from "../../data/reads.ts";
import { decimalText, moment, percent, priceText, sizeText, usdText } from "../../ui/format.ts";
import { Num } from "../../ui/num.tsx";
import { propose, type Plan } from "../../ui/tx.tsx";
import { before, feesOf, spareOf, wider, type Placed, type Standing } from "./standing.ts";
import { closes, condition, entryOf, exitsOf, funding, waitingOf, type Exits, type Terms, type Type } from "./terms.ts";

/** What the words are about. */
interface About {
  /** Of the perpetual's asset, and of the perpetual. */
  symbol: string;
  name: string;
  after?: () => void;
}

const at = (raw: bigint) => priceText(decimalText(raw, 18));
const toned = (size: bigint) => (size < 0n ? "sell" : "buy");
const over = (size: bigint, symbol: string) => `${sizeText(decimalText(size < 0n ? -size : size, 18))} ${symbol}`;

/** An order that fills at the price of the coming interval. */
export function reviewMarket(
  { symbol, after }: About,
  market: MarketConfig,
  { perp, account, size, worst, reduceOnly }: Terms,
  found: Answer<TradePreview>,
  delay: string,
): void {
  propose({
    title: `${size < 0n ? "Sell" : "Buy"} ${symbol}`,
    sentence: (
      <>
        You commit an order to {toned(size)} {over(size, symbol)}; it fills at the index of the first interval that
        begins at least {delay} from now, about <Num of={found} at="fill_price" as="price" /> with the premium.
      </>
    ),
    facts: [
      ["Premium", <Num of={found} at="premium" as="usd" />],
      ["Fee", <Num of={found} at="fee" as="usd" />],
      ["Locked until it fills", <Num of={found} at="locked" as="usd" />],
      ["Liquidation price after it", <Num of={found} at="liquidation_price" as="price" none="none" />],
    ],
    risks: [
      "The price is that of a coming interval, not today's: it may be worse. A worst price bounds it.",
      "Once the interval has begun the order can't be cancelled.",
      "If the price runs against you beyond the liquidation price, the position is closed and a penalty is charged.",
    ],
    action: size < 0n ? "Sell" : "Buy",
    tone: toned(size),
    messages: [
      marketOf(market.address).commit({
        perp,
        size,
        account,
        limitPrice: worst === null ? null : price(worst),
        reduceOnly,
      }),
    ],
    ...(after && { after }),
  });
}

function paidFrom(standing: Standing, fees: bigint): string {
  const { jar, wallet, margin } = funding(fees, standing.has);
  const parts = [
    [jar, "the jar"],
    [wallet, "the wallet"],
    [margin, "free margin"],
  ] as const;
  const there = parts.filter(([amount]) => amount > 0n);
  const [first] = there;
  if (there.length === 1 && first) return `${usdText(fees.toString())} from ${first[1]}`;
  return there.map(([amount, from]) => `${usdText(amount.toString())} from ${from}`).join(", ");
}

/** What all that waits has in common: fees, time, what the contract may do, what can go wrong. */
function waits(standing: Standing, { name, after }: About, placed: Placed, message: Message, tone: "buy" | "sell") {
  const delegation = wider(standing, placed);
  const { refusal_share, most_commits } = standing.params;
  const facts: NonNullable<Plan["facts"]> = [
    [placed.count > 1 ? "Keeper's fees, reserved" : "Keeper's fee, reserved", paidFrom(standing, feesOf(placed))],
    ["Good till", moment(placed.till)],
  ];
  if (most_commits > 1) facts.push(["In the jar for another commit", usdText(spareOf(standing, placed).toString())]);
  if (delegation) facts.push([`May trade ${name} for you till`, moment(delegation.expires_at)]);
  return {
    facts,
    risks: [
      "It fills at the price of an interval a little after the index gets there: beyond the trigger perhaps, beyond a worst price never.",
      `What the market refuses then, such as for lack of margin, is gone, and ${percent(refusal_share)} of its fee with it.`,
      ...(most_commits > 1
        ? [
            `A commit that finds no price, or only worse ones, costs its fee all the same, and the market's for an order that it refuses. The order waits again while the jar has another one, and is committed ${most_commits} times at most.`,
          ]
        : []),
      ...(delegation
        ? ["The contract of conditional orders may trade for this account; it can take nothing out."]
        : []),
    ],
    tone,
    messages: [...before(standing, placed), message],
    ...(after && { after }),
  };
}

function closing({ stop, target }: Exits, position: bigint, symbol: string): string {
  const how = closes(position) === "sell" ? "sold" : "bought back";
  const said = [
    stop !== null && `at ${at(stop)} as a stop-loss`,
    target !== null && `at ${at(target)} as a take-profit`,
  ].filter((text) => text !== false);
  return `${over(position, symbol)} is ${how} ${said.join(" or ")}${said.length > 1 ? ", whichever comes first" : ""}`;
}

const titles: Record<Exclude<Type, "market">, string> = {
  limit: "Limit order",
  stop: "Stop order",
  take_profit: "Take-profit order",
};

/** An order that waits for its price, or an entry with the exits that close what it opens. */
export function reviewConditional(about: About, standing: Standing, terms: Terms): void {
  const { symbol, name } = about;
  const { size, type, trigger, worst, exits, perp, account, goodTill, exitsTill } = terms;
  const orders = ordersOf(standing.contract);
  const entry = entryOf(terms);
  const [stop, target] = exits ? exitsOf(size, exits, terms) : [];
  const keeperFee = terms.keeperFee as Parameters<typeof orders.bracket>[0]["keeperFee"];
  const limitPrice = worst === null ? null : price(worst);
  const message =
    exits && stop && target
      ? orders.bracket({
          perp,
          size,
          account,
          entry: entry ? { waits: entry.kind } : { market: { limit_price: limitPrice } },
          stop: { trigger: price(exits.stop!) },
          target: { trigger: price(exits.target!) },
          entryGoodTill: entry && goodTill,
          goodTill: exitsTill,
          keeperFee,
        })
      : orders.place([entry!], account);
  const when = entry
    ? `once the index is ${condition(type, size)} ${at(trigger!)}`
    : "at the price of a coming interval";
  const bound =
    type === "limit"
      ? `, for no ${size < 0n ? "less" : "more"} than that`
      : worst !== null
        ? `, at worst at ${at(worst)}`
        : "";
  const reduces = terms.reduceOnly ? " It only ever reduces the position." : "";
  const then = exits ? ` When that has filled, ${closing(exits, size, symbol)}.` : "";
  const placed = { perp, account, till: exits ? exitsTill : goodTill, count: waitingOf(terms), keeperFee };
  propose({
    title: exits ? `Bracket in ${name}` : `${titles[type as Exclude<Type, "market">]} in ${name}`,
    sentence: `You ${toned(size)} ${over(size, symbol)} ${when}${bound}.${reduces}${then}`,
    ...waits(standing, about, placed, message, toned(size)),
    action: exits ? "Place bracket" : "Place order",
  });
}

/** A stop, a target, or both, which cancel each other, for a position that there is. */
export function reviewExits(about: About, standing: Standing, position: bigint, exits: Exits, terms: ExitTerms): void {
  const { symbol, name } = about;
  const list = exitsOf(position, exits, terms);
  const { perp, account, exitsTill, keeperFee } = terms;
  const message = ordersOf(standing.contract).place(list, account, list.length > 1);
  const placed = { perp, account, till: exitsTill, count: list.length, keeperFee };
  propose({
    title: `Stop and target in ${name}`,
    sentence: `Of your position ${closing(exits, sizeOf(position), symbol)}.`,
    ...waits(standing, about, placed, message, closes(position)),
    action: list.length > 1 ? "Place orders" : "Place order",
  });
}

export type ExitTerms = Pick<Terms, "perp" | "account" | "exitsTill" | "keeperFee">;
