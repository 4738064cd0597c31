// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Int256, Ratio, SignedUsd, Size, Uint128, Usd } from "../units.ts";

export interface InstantiateMsg {
  guardian?: string | null;
  owner: string;
  params: Params;
  pool: string;
}
export interface Params {
  cap: Ratio;
  change_delay: number;
  close_delay: number;
  draw_delay: number;
  max_age: number;
  minimum_bond: Usd;
  multiple: Ratio;
  resolution_time: number;
  slots: number;
}
export type ExecuteMsg = { receive: Cw20ReceiveMsg }
  | { push: { record: Binary } }
  | { mark: { market: string } }
  | { request_draw: { amount: Usd } }
  | { draw: { accepted_haircut?: Ratio | null; amount: Usd; recipient: string } }
  | { quarantine: { market: string } }
  | { resolve: { claim: Usd; market: string } }
  | { close: { market: string } }
  | { graduate: { market: string } }
  | { sweep: {} }
  | { configure: { change: Change } }
  | { enact: { id: number } }
  | { cancel_change: { id: number } }
  | { update_ownership: Action };
export type Binary = string;
export type Change = { params: { params: Params } }
  | { set_guardian: { guardian?: string | null } };
export type Action = { transfer_ownership: { expiry?: number | null; new_owner: string } } | "accept_ownership" | "renounce_ownership";
export interface Cw20ReceiveMsg {
  amount: Uint128;
  msg: Binary;
  sender: string;
}
export type QueryMsg = { config: {} }
  | { markets: {} }
  | { market: { market: string } }
  | { totals: {} }
  | { check: { market: string } }
  | { changes: {} }
  | { ownership: {} };
export interface MigrateMsg {}
export type ArrayOfQueuedForChange = QueuedForChange[];
export interface QueuedForChange {
  change: Change;
  id: number;
  ready_at: number;
}
export interface CheckResponse {
  as_pushed?: boolean | null;
  bytes: number;
  claim?: Usd | null;
  listed: boolean;
  record?: Exposure | null;
  record_bytes: number;
  refuses?: string | null;
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
export interface ConfigResponse {
  guardian?: string | null;
  oracle: string;
  params: Params;
  pool: string;
  sdusd: string;
}
export interface BondedResponse {
  announced?: Announcement | null;
  as_of: number;
  bond: Usd;
  claim: Usd;
  closing?: number | null;
  cost: SignedUsd;
  credit: Usd;
  market: string;
  opener: string;
  paid_in: Usd;
  paid_out: Usd;
  pushed_at: number;
  quarantine?: QuarantineResponse | null;
  record?: Exposure | null;
  refund: Usd;
}
export interface Announcement {
  amount: Usd;
  from: number;
}
export interface QuarantineResponse {
  code: string;
  resolved?: number | null;
  since: number;
}
export type ArrayOfBondedResponse = BondedResponse[];
export interface Ownership {
  owner?: string | null;
  pending_expiry?: number | null;
  pending_owner?: string | null;
}
export interface TotalsResponse {
  bonds: Usd;
  cap: Usd;
  credit: Usd;
  exposure: Exposure;
  held: Usd;
  results: SignedUsd;
  used: SignedUsd;
}

export type { Int256, Ratio, SignedUsd, Size, Uint128, Usd };

/** What each query is answered with. */
export interface Answers {
  changes: ArrayOfQueuedForChange;
  check: CheckResponse;
  config: ConfigResponse;
  market: BondedResponse;
  markets: ArrayOfBondedResponse;
  ownership: Ownership;
  totals: TotalsResponse;
}
