// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Price, Rate, Ratio, Size, Uint128, Usd } from "../units.ts";

export type PerpStatus = "open" | "close_only" | "delisted";
export interface InstantiateMsg {
  guardian?: string | null;
  liquidator: string;
  owner: string;
  params: Params;
  perps: PerpConfig[];
  pool: string;
}
export interface Params {
  change_delay: number;
  deleveraging?: Deleveraging | null;
  fee: Ratio;
  fees?: FeeSchedule | null;
  funding: FundingParams;
  insurance: InsurancePremium;
  insurance_share: Ratio;
  keeper_share: Ratio;
  liquidation: Liquidation;
  maximum_empty_intervals: number;
  maximum_offset: Ratio;
  maximum_slippage: Ratio;
  order_delay: number;
  order_expiry: number;
  profit_haircut: Ratio;
  responses: Responses;
}
export interface Deleveraging {
  begin: Ratio;
  end: Ratio;
}
export interface FeeSchedule {
  referral_discount: Ratio;
  referral_share: Ratio;
  tiers: [Usd, Ratio][];
  window: number;
}
export interface FundingParams {
  decay_seconds: number;
  integral_cap: Rate;
  maximum_accrual: number;
  proportional: Rate;
  rate_cap: Rate;
  velocity: Rate;
}
export interface InsurancePremium {
  leverage: Ratio;
  shortfall: Ratio;
}
export interface Liquidation {
  reward: Usd;
  reward_share: Ratio;
  target: Ratio;
}
export interface Responses {
  credit: Ratio;
  fee: Ratio;
  funding: Ratio;
}
export interface PerpConfig {
  feed: number;
  initial_margin: Ratio;
  liquidate_confidence: Ratio;
  liquidation_penalty: Ratio;
  maintenance_margin: Ratio;
  minimum_notional: Usd;
  name: string;
  open_interest_cap: Usd;
  premium_cap: Ratio;
  skew_cap: Usd;
  status: PerpStatus;
  trade_confidence: Ratio;
}
export type ExecuteMsg = { receive: Cw20ReceiveMsg }
  | {
  withdraw: {
    accepted_haircut?: Ratio | null;
    account: number;
    amount: Usd;
    into?: number | null;
    recipient?: string | null;
  };
}
  | {
  commit: {
    account: number;
    expires_in?: number | null;
    limit_price?: Price | null;
    owner?: string | null;
    perp: number;
    reduce_only?: boolean;
    size: Size;
  };
}
  | { set_delegate: { account: number; delegate: string; delegation?: Delegation | null } }
  | { take_account: { account: number; into: number; owner: string } }
  | { set_referrer: { account: number; referrer?: string | null } }
  | { cancel: { order: number; perp: number } }
  | { settle: { limit: number; perp: number } }
  | { poke: {} }
  | { liquidate: { accounts: AccountId[]; keeper: string } }
  | { set_backed: { account: number; backed: boolean; charge: Usd; owner: string } }
  | { shut_down: {} }
  | { configure: { change: Change } }
  | { enact: { id: number } }
  | { cancel_change: { id: number } }
  | { update_ownership: Action };
export type Binary = string;
export type Change = { shut_down: {} }
  | { params: { params: Params } }
  | { add_perp: { config: PerpConfig } }
  | { update_perp: { config: PerpConfig; perp: number } }
  | { set_liquidator: { liquidator: string } }
  | { set_custody: { custody: string } }
  | { set_guardian: { guardian?: string | null } };
export type Action = { transfer_ownership: { expiry?: number | null; new_owner: string } } | "accept_ownership" | "renounce_ownership";
export interface Cw20ReceiveMsg {
  amount: Uint128;
  msg: Binary;
  sender: string;
}
export interface Delegation {
  expires_at: number;
  may_take?: boolean;
  most_notional?: Usd | null;
  perps?: number[] | null;
}
export interface AccountId {
  account?: number;
  owner: string;
}
export type QueryMsg = { config: {} }
  | { accounts: { limit?: number | null; start_after?: AccountId | null } }
  | { changes: {} }
  | { ownership: {} };
export interface MigrateMsg {}
export type ArrayOfAccountId = AccountId[];
export type ArrayOfQueuedForChange = QueuedForChange[];
export interface QueuedForChange {
  change: Change;
  id: number;
  ready_at: number;
}
export interface ConfigResponse {
  custody?: string | null;
  guardian?: string | null;
  liquidator: string;
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

export type { Price, Rate, Ratio, Size, Uint128, Usd };

/** What each query is answered with. */
export interface Answers {
  accounts: ArrayOfAccountId;
  changes: ArrayOfQueuedForChange;
  config: ConfigResponse;
  ownership: Ownership;
}
