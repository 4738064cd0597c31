/** What an owner has for conditional orders, and lets their contract do; what of that has to change before he can place some. */
import { SdpError, usd, widened, type Message } from "@sdp/client";
import { live } from "../../app/session.ts";
import { market as marketOf, orders as ordersOf } from "../../data/contracts.ts";
import type { Answer } from "../../data/live.ts";
import { usePreview } from "../../data/preview.ts";
import {
  type Account,
  type MarketConfig,
  type OrderPreview,
  type OrdersParams,
  useConditionals,
  useDelegation,
  useJar,
  useOrdersConfig,
  useOrdersContract,
  useSdusd,
} from "../../data/reads.ts";
import { usdText } from "../../ui/format.ts";
import { entryOf, exitsOf, funding, inJson, type Funding, type Terms } from "./terms.ts";

export interface Standing {
  market: MarketConfig;
  /** Name of the contract of conditional orders. */
  contract: string;
  params: OrdersParams;
  delegation: NonNullable<ReturnType<typeof useDelegation>["answer"]>["data"];
  /** sdUSD in the jar, in the wallet, and what of the account's margin can be withdrawn. */
  has: Omit<Funding, "lacking">;
  /** Orders that wait already. */
  waiting: number;
}

/** None while it is not known yet, or where the market has no such contract. */
export function useStanding(
  market: MarketConfig,
  owner: string | null,
  number: number,
  mine: Account | null,
): Standing | null {
  const contract = useOrdersContract(market);
  const config = useOrdersConfig(contract).answer;
  const jar = useJar(contract, owner).answer;
  const delegation = useDelegation(market.address, owner, number, contract && live.value!.address(contract)).answer;
  const wallet = useSdusd(owner).answer;
  const waiting = useConditionals(contract, owner, number).answer;
  if (!contract || !config || !jar || !delegation || !wallet || !waiting || !mine) return null;
  return {
    market,
    contract,
    params: config.data.params,
    delegation: delegation.data,
    has: { jar: BigInt(jar.data), wallet: BigInt(wallet.data.balance), margin: BigInt(mine.withdrawable) },
    waiting: waiting.data.length,
  };
}

/** What is placed, as far as it matters here. */
export interface Placed {
  perp: number;
  account: number;
  /** Until when the last of them waits. */
  till: number;
  /** Orders that wait, and what each reserves. */
  count: number;
  keeperFee: bigint;
}

export const feesOf = ({ count, keeperFee }: Placed): bigint => keeperFee * BigInt(count);

/** What stays in the jar so that one of them can be committed again where its commit finds no price, or only worse ones: as far as there is that much. */
export function spareOf({ params, has }: Standing, placed: Placed): bigint {
  if (params.most_commits < 2) return 0n;
  const { lacking } = funding(feesOf(placed) + placed.keeperFee, has);
  return lacking < placed.keeperFee ? placed.keeperFee - lacking : 0n;
}

/** Why so many orders with such a fee can't be placed; none where they can. */
export function hindrance(
  { params, has, waiting }: Standing,
  { count, keeperFee }: Pick<Placed, "count" | "keeperFee">,
) {
  const [least, most] = [BigInt(params.least_fee), BigInt(params.most_fee)];
  if (keeperFee < least || keeperFee > most)
    return `A keeper's fee is between ${usdText(params.least_fee)} and ${usdText(params.most_fee)}.`;
  if (waiting + count > params.most_waiting)
    return `At most ${params.most_waiting} conditional orders of an account wait at a time, and ${waiting} do.`;
  const { lacking } = funding(keeperFee * BigInt(count), has);
  return lacking > 0n
    ? `For the keeper's fees ${usdText(lacking.toString())} is lacking: it is neither in the jar nor in the wallet nor withdrawable margin.`
    : null;
}

/** What the owner has to let the contract do besides what he does; none where that is enough. */
export const wider = ({ delegation }: Standing, { perp, till }: Placed) => widened(delegation, perp, till);

/** What goes before the orders in one transaction with them: the contract may trade, and the jar has their fees and one to spare. */
export function before(standing: Standing, placed: Placed): Message[] {
  const { account } = placed;
  const [market, orders] = [marketOf(standing.market.address), ordersOf(standing.contract)];
  const { wallet, margin } = funding(feesOf(placed) + spareOf(standing, placed), standing.has);
  const delegation = wider(standing, placed);
  const most = standing.delegation?.most_notional;
  const messages: Message[] = [];
  if (delegation) {
    const most_notional = most == null ? null : usd(BigInt(most));
    messages.push(market.setDelegate(orders.address, { ...delegation, most_notional }, account));
  }
  if (margin > 0n) messages.push(market.withdraw(usd(margin), account));
  if (wallet + margin > 0n) messages.push(orders.fillJar(usd(wallet + margin)));
  return messages;
}

/** What the contract says of orders that are to be placed. */
export interface Foreseen {
  /** Of an entry that waits. */
  entry: Answer<OrderPreview> | null;
  /** Of any of them: all have the same fee. */
  any: Answer<OrderPreview> | null;
  /** Why one of them can't be placed, in the contract's words. */
  refusal: string | null;
  /** Whether all of them can. */
  possible: boolean;
}

/** Why an order can't be placed, apart from what {@link before} takes care of. */
function notPlaced({ not_placed }: OrderPreview): string | null {
  const cared = ["E0901", "E0904"].some((code) => not_placed?.startsWith(code));
  return cared ? null : (not_placed ?? null);
}

/** Asks about an entry and its exits while somebody types. */
export function useForeseen(standing: Standing | null, owner: string, terms: Terms | null): Foreseen {
  const entry = terms && entryOf(terms);
  const [stop = null, target = null] = terms?.exits ? exitsOf(terms.size, terms.exits, terms) : [];
  const asked = [entry, stop, target];
  const previews = asked.map((order) =>
    usePreview<OrderPreview>(
      "preview",
      standing && terms && order ? { owner, account: terms.account, order: inJson(order) } : null,
      { contract: standing?.contract ?? "orders" },
    ),
  );
  const due = previews.filter((_, n) => asked[n] !== null);
  const errors = due.flatMap(({ answer, error }) =>
    error ? [SdpError.from(error).text] : answer ? [notPlaced(answer.data)] : [],
  );
  return {
    entry: previews[0]!.answer,
    any: due.find(({ answer }) => answer !== null)?.answer ?? null,
    refusal: errors.find((text) => text !== null) ?? null,
    possible: due.length > 0 && due.every(({ answer }) => answer !== null && notPlaced(answer.data) === null),
  };
}
