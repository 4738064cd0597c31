/** What the contracts tell, in words: for the history of an account, and after a transaction. */
import type { Config } from "@sdp/client";
import { amountText } from "../ui/format.ts";
import { explainText } from "./errors.ts";
import { kindName, outcomeOf } from "./orders.ts";
import { fill, type Fields } from "./template.ts";

export interface Told {
  type: string;
  attributes: { key: string; value: string }[];
}

const sentences: Record<string, string> = {
  deposited: "Deposited {amount:tokens} as collateral",
  yield_added: "Added {amount:tokens} of yield to the vault",
  minted: "Minted {amount:usd} of sdUSD",
  burnt: "Burnt {amount:usd} of sdUSD against the debt",
  insured: "Paid {amount:usd} into the insurance fund",
  exit_requested: "Requested an exit of {amount:tokens}, ready at {ready_at:time}",
  exit_cancelled: "Cancelled the exit request",
  exited: "Left with {released:tokens} of {asked:tokens} requested",
  exit_lapsed: "The exit request has lapsed: nothing was paid",
  seized: "Position seized: {lot:tokens}, {tab:usd} of debt",
  margin_deposited: "Deposited {amount:usd} of margin into account {account}",
  margin_withdrawn: "Withdrew {amount:usd} of margin from account {account}",
  order_committed: "Order {order} in {perp:perp} committed: {size:size}",
  order_cancelled: "Order {order} in {perp:perp} cancelled",
  order_filled:
    "Order {order} in {perp:perp} filled: {size:size} at {price:price}, premium {premium:usd}, fee {fee:usd}",
  order_refused: "Order {order} in {perp:perp} was not filled: {reason:reason}",
  conditional_placed: "Conditional order {id} in {perp:perp} placed: {size:size}, {kind:kind}",
  conditional_armed:
    "Conditional order {id} in {perp:perp} committed as order {order}, with the index at {index:price}",
  conditional_waits: "Conditional order {id} in {perp:perp} waits again: order {order} was not filled ({code:code})",
  conditional_ended: "Conditional order {id} in {perp:perp} ended: {outcome:outcome}",
  jar_filled: "Deposited {amount:usd} into the jar for keepers' fees",
  jar_drawn: "Withdrew {amount:usd} from the jar for keepers' fees",
  delegate_set: "Let {delegate:contract} trade account {account} till {expires_at:time}",
  account_liquidated: "Account {account} was liquidated: {closed:usd} closed, penalty {penalty:usd}",
  position_cut: "Liquidation cut {size:size} of {perp:perp} at {price:price}",
  position_deleveraged: "{perp:perp} was scaled down from {before:size} to {after:size}",
  auction_started: "Auction {auction} began: {lot:tokens} for {tab:usd} of debt",
  auction_reset: "Auction {auction} began again at {price:price}",
  auction_ended: "Auction {auction} is over",
  taken: "Bought {amount:tokens} of auction {auction} at {price:price} for {paid:usd}",
  absorbed: "The backstop took {amount:tokens} at {price:price} for {paid:usd}",
  backstop_deposited: "Deposited {amount:usd} into the backstop",
  backstop_claimed: "Claimed {amount:tokens} from the backstop",
  withdrawal_requested: "Requested {amount:usd} from the backstop, ready at {ready_at:time}",
  backstop_withdrawn: "Withdrew {amount:usd} from the backstop",
  refused: "Nothing has changed: {reason:reason}",
  rejected: "{item} was not done: {reason:reason}",
};

/** Bookkeeping that comes with every message and says nothing about an account. */
const quiet = new Set([
  "synced",
  "funding_sampled",
  "price_set",
  "price_rejected",
  "volatility_sampled",
  "covariance_stepped",
]);

export const kind = (event: Told): string => event.type.replace(/^wasm-/, "");

export const fieldsOf = (event: Told): Fields =>
  Object.fromEntries(event.attributes.map(({ key, value }) => [key, value]));

/** Vaults of auctions, as far as this page has seen them: what is taken of one says its auction only. */
const vaultOfAuction = new Map<string, string>();

export function noteAuction(auction: number | string, vault: number | string): void {
  vaultOfAuction.set(String(auction), String(vault));
}

/** One event as a sentence; none for what is not worth a line. */
export function sentence(event: Told, config: Config): string | null {
  const name = kind(event);
  const template = sentences[name];
  if (!template || quiet.has(name)) return null;
  const fields = fieldsOf(event);
  if (fields.auction !== undefined && fields.vault !== undefined) noteAuction(fields.auction, fields.vault);
  const vault = fields.vault ?? vaultOfAuction.get(fields.auction ?? "");
  const market = config.markets.find(({ address }) => address === fields._contract_address) ?? config.markets[0];
  return fill(template, fields, {
    tokens: (text) => {
      const collateral = config.collaterals.find((known) => String(known.vault) === vault);
      return collateral ? `${amountText(text, collateral.decimals)} ${collateral.symbol}` : "collateral";
    },
    perp: (text) => `${market?.perps[Number(text)] ?? text}-PERP`,
    kind: kindName,
    outcome: (text) => outcomeOf(text).name,
    contract: (text) => {
      const name = Object.entries(config.contracts).find(([, address]) => address === text)?.[0];
      return name ? `the contract ${name}` : text;
    },
    reason: (text) => explainText(text).sentence.replace(/\.$/, ""),
  });
}

/** A message that was a success on the chain and has changed nothing all the same: a breaker tripped in it, or each item was rejected. */
export function refusalIn(events: Told[]): string | null {
  const refused = events.find((event) => kind(event) === "refused");
  if (refused) return fieldsOf(refused).reason ?? "refused";
  const rejected = events.find((event) => kind(event) === "rejected");
  const done = events.some((event) => ["account_liquidated", "order_filled", "order_refused"].includes(kind(event)));
  return rejected && !done ? (fieldsOf(rejected).reason ?? "rejected") : null;
}
