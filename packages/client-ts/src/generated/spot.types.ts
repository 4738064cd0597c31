// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Amount, Int256, Price, Ratio, SignedRatio, SignedUsd, Size, Uint128, Usd } from "../units.ts";

export type SyntheticStatus = "open" | "close_only" | "delisted";
export interface InstantiateMsg {
  guardian?: string | null;
  owner: string;
  params: Params;
  pool: string;
  synthetics: SyntheticConfig[];
  token_code_id: number;
}
export interface Params {
  change_delay: number;
  fee: Ratio;
  insurance_share: Ratio;
  keeper_share: Ratio;
  maximum_empty_intervals: number;
  maximum_slippage: Ratio;
  order_delay: number;
  order_expiry: number;
}
export interface SyntheticConfig {
  decimals: number;
  feed: number;
  funding?: Carried | null;
  minimum_notional: Usd;
  name: string;
  premium_cap: Ratio;
  settle_confidence: Ratio;
  skew_cap: Usd;
  status: SyntheticStatus;
  symbol: string;
  trade_confidence: Ratio;
}
export interface Carried {
  market: string;
  perp: number;
}
export type ExecuteMsg = { receive: Cw20ReceiveMsg }
  | { settle: { limit: number; synthetic: number } }
  | { cancel: { order: number; synthetic: number } }
  | { collect: { accepted_haircut?: Ratio | null; amount?: Usd | null; recipient?: string | null } }
  | { sweep: { synthetic: number } }
  | { poke: {} }
  | { shut_down: {} }
  | { configure: { change: Change } }
  | { enact: { id: number } }
  | { cancel_change: { id: number } }
  | { update_ownership: Action };
export type Binary = string;
export type Change = { shut_down: {} }
  | { params: { params: Params } }
  | { add_synthetic: { config: SyntheticConfig } }
  | { update_synthetic: { config: SyntheticConfig; synthetic: number } }
  | { set_guardian: { guardian?: string | null } };
export type Action = { transfer_ownership: { expiry?: number | null; new_owner: string } } | "accept_ownership" | "renounce_ownership";
export interface Cw20ReceiveMsg {
  amount: Uint128;
  msg: Binary;
  sender: string;
}
export type QueryMsg = { config: {} }
  | { synthetics: {} }
  | { orders: { limit?: number | null; start_after?: number | null; synthetic: number } }
  | { claim: { owner: string } }
  | { claims: { limit?: number | null; start_after?: string | null } }
  | { preview_buy: { exact: BuyExact; synthetic: number; usd: Usd } }
  | { preview_sell: { amount: Amount; exact: SellExact; synthetic: number } }
  | { totals: {} }
  | { changes: {} }
  | { ownership: {} };
export type BuyExact = { in: { least?: Amount | null } }
  | { out: { amount: Amount } };
export type SellExact = { in: { least?: Usd | null } }
  | { out: { usd: Usd } };
export interface MigrateMsg {}
export type ArrayOfQueuedForChange = QueuedForChange[];
export interface QueuedForChange {
  change: Change;
  id: number;
  ready_at: number;
}
export interface ClaimResponse {
  amount: Usd;
  owner: string;
}
export type ArrayOfClaimResponse = ClaimResponse[];
export interface ConfigResponse {
  guardian?: string | null;
  oracle: string;
  params: Params;
  pool: string;
  sdusd: string;
  token_code_id: number;
}
export type OrderKind = { buy_for: { least: Amount; paid: Usd } }
  | { buy_exactly: { amount: Amount; paid: Usd } }
  | { sell_all: { amount: Amount; least: Usd } }
  | { sell_for: { amount: Amount; usd: Usd } };
export type ArrayOfOrderResponse = OrderResponse[];
export interface OrderResponse {
  interval: number;
  keeper_fee: Usd;
  kind: OrderKind;
  last_interval: number;
  order: number;
  owner: string;
  recipient: string;
  reserved: Amount;
  synthetic: number;
}
export interface Ownership {
  owner?: string | null;
  pending_expiry?: number | null;
  pending_owner?: string | null;
}
export interface TradePreview {
  amount: Amount;
  fee: Usd;
  insurance_fee: Usd;
  keeper_fee: Usd;
  premium: SignedUsd;
  premium_after: SignedRatio;
  price: Price;
  quantity: Size;
  refused?: string | null;
  usd: Usd;
  value: Usd;
}
export type ArrayOfSyntheticResponse = SyntheticResponse[];
export interface SyntheticResponse {
  config: SyntheticConfig;
  frozen?: Usd | null;
  funding_index: Int256;
  index: Price;
  locked: Amount;
  next_order: number;
  next_settled: number;
  premium: SignedRatio;
  price: Price;
  quantity: Size;
  redemption: Int256;
  reserved: Amount;
  room: Usd;
  supply: Amount;
  synthetic: number;
  token: string;
}
export interface TotalsResponse {
  claims: Usd;
  exposure: Exposure;
  frozen: Usd;
  held: Usd;
  locked: Usd;
  reported: SignedUsd;
}
export interface Exposure {
  as_of: number;
  base: SignedUsd;
  drawn: Usd;
  fees: Usd;
  funding: FundingPolynomial;
  open_positions: number;
  quantities: FeedQuantity[];
  shortfalls: Usd;
}
export interface FundingPolynomial {
  constant: Int256;
  lasts: number;
  linear: Int256;
  quadratic: Int256;
}
export interface FeedQuantity {
  feed: number;
  quantity: Size;
}

export type { Amount, Int256, Price, Ratio, SignedRatio, SignedUsd, Size, Uint128, Usd };

/** What each query is answered with. */
export interface Answers {
  changes: ArrayOfQueuedForChange;
  claim: ClaimResponse;
  claims: ArrayOfClaimResponse;
  config: ConfigResponse;
  orders: ArrayOfOrderResponse;
  ownership: Ownership;
  preview_buy: TradePreview;
  preview_sell: TradePreview;
  synthetics: ArrayOfSyntheticResponse;
  totals: TotalsResponse;
}
