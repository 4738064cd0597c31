// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Amount, Price, Ratio, SignedUsd, Uint128, Usd } from "../units.ts";

export type Curve = { linear: { seconds: number } }
  | { stair: { factor: Ratio; seconds: number } }
  | { exponential: { factor: Ratio; seconds: number } };
export type Token = { native: string }
  | { cw20: string };
export interface InstantiateMsg {
  guardian?: string | null;
  market: string;
  owner: string;
  params: Params;
  tokens: TokenConfig[];
}
export interface Params {
  auction: AuctionParams;
  change_delay: number;
  minimum_deposit: Usd;
  penalty: Ratio;
}
export interface AuctionParams {
  buffer: Ratio;
  chip: Ratio;
  curve: Curve;
  cusp: Ratio;
  dust: Usd;
  tail: number;
  tip: Usd;
}
export interface TokenConfig {
  cap: Usd;
  terms: TokenTerms;
  token: Token;
}
export interface TokenTerms {
  closing: boolean;
  confidence: Ratio;
  decimals: number;
  feed: number;
  haircut: Haircut;
}
export interface Haircut {
  base: Ratio;
  maximum: Ratio;
  slope: Ratio;
}
export type ExecuteMsg = { deposit: { account: number; beneficiary?: string | null } }
  | { receive: Cw20ReceiveMsg }
  | { withdraw: { account: number; amount: Amount; recipient?: string | null; token: number } }
  | { sell: AccountId }
  | { redo: AccountId }
  | { stop: AccountId }
  | { configure: { change: Change } }
  | { enact: { id: number } }
  | { cancel_change: { id: number } }
  | { update_ownership: Action };
export type Binary = string;
export type Change = { params: { params: Params } }
  | { list_token: { config: TokenConfig } }
  | { update_token: { config: TokenConfig; token: number } }
  | { set_guardian: { guardian?: string | null } };
export type Action = { transfer_ownership: { expiry?: number | null; new_owner: string } } | "accept_ownership" | "renounce_ownership";
export interface Cw20ReceiveMsg {
  amount: Uint128;
  msg: Binary;
  sender: string;
}
export interface AccountId {
  account?: number;
  owner: string;
}
export type QueryMsg = { config: {} }
  | { tokens: {} }
  | { account: AccountId }
  | { accounts: { limit?: number | null; start_after?: AccountId | null } }
  | { sale: AccountId }
  | { sales: { limit?: number | null; start_after?: AccountId | null } }
  | { changes: {} }
  | { ownership: {} };
export interface MigrateMsg {}
export interface BackedAccountResponse {
  account: number;
  counted: Usd;
  counted_for_opening: Usd;
  equity: SignedUsd;
  free: Usd;
  margin: SignedUsd;
  not_sold?: string | null;
  owner: string;
  tokens: TokenHolding[];
}
export interface TokenHolding {
  amount: Amount;
  counted: Usd;
  haircut: Ratio;
  token: number;
  value: Usd;
}
export type ArrayOfHoldingResponse = HoldingResponse[];
export interface HoldingResponse {
  account: number;
  amounts: Amount[];
  owner: string;
}
export type ArrayOfQueuedForChange = QueuedForChange[];
export interface QueuedForChange {
  change: Change;
  id: number;
  ready_at: number;
}
export interface ConfigResponse {
  guardian?: string | null;
  market: string;
  oracle: string;
  params: Params;
  sdusd: string;
}
export interface Ownership {
  owner?: string | null;
  pending_expiry?: number | null;
  pending_owner?: string | null;
}
export interface SaleResponse {
  account: number;
  age: number;
  keeper: string;
  lot: Amount;
  needs_redo: boolean;
  owed: Usd;
  owner: string;
  penalty: Usd;
  price: Price;
  reward: Usd;
  token: number;
}
export type ArrayOfSaleResponse = SaleResponse[];
export type ArrayOfTokenResponse = TokenResponse[];
export interface TokenResponse {
  balance: Amount;
  config: TokenConfig;
  fresh: boolean;
  held: Amount;
  price: Price;
  token: number;
  value: Usd;
}

export type { Amount, Price, Ratio, SignedUsd, Uint128, Usd };

/** What each query is answered with. */
export interface Answers {
  account: BackedAccountResponse;
  accounts: ArrayOfHoldingResponse;
  changes: ArrayOfQueuedForChange;
  config: ConfigResponse;
  ownership: Ownership;
  sale: SaleResponse;
  sales: ArrayOfSaleResponse;
  tokens: ArrayOfTokenResponse;
}
