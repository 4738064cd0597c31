// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Amount, Int256, Price, Ratio, SignedUsd, Size, Uint128, Usd } from "../units.ts";

export type Status = "open" | "out_only" | "closed";
export type Token = { native: string }
  | { cw20: string };
export interface InstantiateMsg {
  guardian?: string | null;
  owner: string;
  params: Params;
  pool: string;
  tokens: TokenConfig[];
}
export interface Params {
  change_delay: number;
  minimum_room: Usd;
  supply_share: Ratio;
}
export interface TokenConfig {
  band: Ratio;
  ceiling: Usd;
  decimals: number;
  fee_in: Ratio;
  fee_out: OutFee;
  feed: number;
  maximum_confidence: Ratio;
  status: Status;
  token: Token;
}
export interface OutFee {
  least: Ratio;
  most: Ratio;
}
export type ExecuteMsg = { swap_in: { least?: Amount | null; then?: Then | null } }
  | { receive: Cw20ReceiveMsg }
  | { revalue: { token: number } }
  | { sweep: { token: Token } }
  | { configure: { change: Change } }
  | { enact: { id: number } }
  | { cancel_change: { id: number } }
  | { update_ownership: Action };
export type Then = { pay: { accepted_haircut?: Ratio | null; recipient?: string | null } }
  | { margin: { account: number; beneficiary?: string | null; market: string } }
  | { burn: { owner?: string | null; vault: number } };
export type Binary = string;
export type Change = { params: { params: Params } }
  | { add_token: { config: TokenConfig } }
  | { update_token: { config: TokenConfig; token: number } }
  | { set_guardian: { guardian?: string | null } };
export type Action = { transfer_ownership: { expiry?: number | null; new_owner: string } } | "accept_ownership" | "renounce_ownership";
export interface Cw20ReceiveMsg {
  amount: Uint128;
  msg: Binary;
  sender: string;
}
export type QueryMsg = { config: {} }
  | { tokens: {} }
  | { totals: {} }
  | { preview_in: { amount: Amount; token: number } }
  | { preview_out: { amount: Usd; token: number } }
  | { changes: {} }
  | { ownership: {} };
export interface MigrateMsg {}
export type ArrayOfQueuedForChange = QueuedForChange[];
export interface QueuedForChange {
  change: Change;
  id: number;
  ready_at: number;
}
export interface ConfigResponse {
  guardian?: string | null;
  oracle: string;
  params: Params;
  pool: string;
  sdusd: string;
}
export interface Ownership {
  owner?: string | null;
  pending_expiry?: number | null;
  pending_owner?: string | null;
}
export interface InPreview {
  drawn: Usd;
  fee: Usd;
  paid: Usd;
}
export interface OutPreview {
  amount: Amount;
  fee: Usd;
  haircut: Ratio;
  kept: Usd;
}
export type ArrayOfTokenResponse = TokenResponse[];
export interface TokenResponse {
  config: TokenConfig;
  held: Amount;
  marginal_fee: Ratio;
  mark: Price;
  price?: Price | null;
  refuses_in?: string | null;
  refuses_out?: string | null;
  room_in: Usd;
  room_out: Usd;
  token: number;
  value: Usd;
}
export interface TotalsResponse {
  exposure: Exposure;
  held: Usd;
  value: Usd;
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

export type { Amount, Int256, Price, Ratio, SignedUsd, Size, Uint128, Usd };

/** What each query is answered with. */
export interface Answers {
  changes: ArrayOfQueuedForChange;
  config: ConfigResponse;
  ownership: Ownership;
  preview_in: InPreview;
  preview_out: OutPreview;
  tokens: ArrayOfTokenResponse;
  totals: TotalsResponse;
}
