// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Price, Ratio, Uint128, Usd } from "../units.ts";

export interface InstantiateMsg {
  author: string;
  desk: string;
  feed: number;
  lasts: number;
  pool: string;
  quote: EventQuote;
  strike: Price;
  window: number;
}
export interface EventQuote {
  spread: Ratio;
  yes_price: Ratio;
}
export type ExecuteMsg = { receive: Cw20ReceiveMsg }
  | { quote: { quote: EventQuote } }
  | { publish: {} }
  | { announce: {} }
  | { resolve: {} }
  | { redeem: { accepted_haircut?: Ratio | null; owner?: string | null } }
  | { pay_in: {} };
export type Binary = string;
export interface Cw20ReceiveMsg {
  amount: Uint128;
  msg: Binary;
  sender: string;
}
export type QueryMsg = { state: {} }
  | { holder: { owner: string } }
  | { holders: { limit?: number | null; start_after?: string | null } };
export interface MigrateMsg {}
export interface HolderResponse {
  cost: Usd;
  no: Usd;
  owner: string;
  yes: Usd;
}
export type ArrayOfHolderResponse = HolderResponse[];
export type Outcome = "yes" | "no" | "refunded";
export interface StateResponse {
  cost: Usd;
  ends_at: number;
  held: Usd;
  no: Usd;
  outcome?: Outcome | null;
  owed: Usd;
  quote: EventQuote;
  terms: InstantiateMsg;
  yes: Usd;
}

export type { Price, Ratio, Uint128, Usd };

/** What each query is answered with. */
export interface Answers {
  holder: HolderResponse;
  holders: ArrayOfHolderResponse;
  state: StateResponse;
}
