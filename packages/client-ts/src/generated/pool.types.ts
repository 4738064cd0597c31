// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Amount, Int256, Ratio, Shares, SignedUsd, Uint128, Usd } from "../units.ts";

export type Token = { native: string }
  | { cw20: string };
export interface InstantiateMsg {
  guardian?: string | null;
  oracle: string;
  owner: string;
  params: Params;
  sdusd_code_id: number;
  sdusd_name: string;
  sdusd_symbol: string;
  vaults: VaultConfig[];
}
export interface Params {
  breakers?: Breakers | null;
  change_delay: number;
  exit_delay: number;
  exit_window: number;
  impact_depth: Usd;
  least_depth?: Usd | null;
  losses?: LossLimits | null;
  minimum_stay: number;
  note_share?: Ratio & string;
  risk?: RiskBudgets | null;
  supply_ceiling: Usd;
}
export interface Breakers {
  cool_down: number;
  debt_growth: Breaker;
  hold: number;
  insurance_floor: Ratio;
  shortfall: Breaker;
  utilisation: Breaker;
  withdrawals: Breaker;
}
export interface Breaker {
  caution?: Ratio | null;
  close_only?: Ratio | null;
  emergency?: Ratio | null;
  release: Ratio;
}
export interface LossLimits {
  draw_cap: Ratio;
  loss_budget: Ratio;
}
export interface RiskBudgets {
  high: Ratio;
  low: Ratio;
  markets: Ratio;
  total: Ratio;
}
export interface VaultConfig {
  debt_ceiling: Usd;
  decimals: number;
  deposit_cap: Amount;
  feed: number;
  issuance_ratio: Ratio;
  liquidation_penalty: Ratio;
  liquidation_ratio: Ratio;
  maximum_confidence: Ratio;
  minimum_debt: Usd;
  minimum_deposit: Usd;
  stability_fee: Ratio;
  token: Token;
}
export type ExecuteMsg = { deposit: { beneficiary?: string | null } }
  | { add_yield: {} }
  | { offer_position: { amount?: Amount | null; to?: string | null; vault: number } }
  | { accept_position: { owner: string; vault: number } }
  | { receive: Cw20ReceiveMsg }
  | { mint: { amount: Usd; owner?: string | null; recipient?: string | null; vault: number } }
  | { set_minter: { minter?: string | null } }
  | { request_exit: { accepted_haircut?: Ratio | null; amount: Amount; vault: number } }
  | { cancel_exit: { vault: number } }
  | { execute_exit: { owner: string; vault: number } }
  | { sync: {} }
  | { sweep: {} }
  | { draw: { accepted_haircut?: Ratio | null; amount: Usd; recipient: string } }
  | { seize: { dust: Usd; owner: string; room: Usd; vault: number } }
  | { redeem_notes: { least?: Usd | null; notes: Usd; recipient: string } }
  | { shut_down: {} }
  | { write_off: { owner: string; vault: number } }
  | { fix_claims: {} }
  | { claim_collateral: { owner: string; vault: number } }
  | { collect: { vault?: number | null } }
  | { adjust_ceiling: { of: Ceilinged } }
  | { adjust_depth: {} }
  | { trip: { market?: string | null; regime: Regime } }
  | { reset: { market?: string | null } }
  | { open: {} }
  | { configure: { change: Change } }
  | { enact: { id: number } }
  | { cancel_change: { id: number } }
  | { update_ownership: Action };
export type Binary = string;
export type Ceilinged = { market: string }
  | { vault: number }
  | { supply: {} };
export type Regime = "normal" | "caution" | "close_only" | "emergency" | "shut_down";
export type Change = { params: { params: Params } }
  | { add_vault: { config: VaultConfig } }
  | { update_vault: { config: VaultConfig; vault: number } }
  | { add_market: { bonded?: boolean; line: Usd; market: string } }
  | { set_line: { line: Usd; market: string } }
  | { set_ceiling: { ceiling?: Ceiling | null; of: Ceilinged } }
  | { set_liquidator: { liquidator: string } }
  | { shut_down: {} }
  | { set_guardian: { guardian?: string | null } };
export type Action = { transfer_ownership: { expiry?: number | null; new_owner: string } } | "accept_ownership" | "renounce_ownership";
export interface Cw20ReceiveMsg {
  amount: Uint128;
  msg: Binary;
  sender: string;
}
export interface Ceiling {
  gap: Usd;
  max: Usd;
  ttl: number;
}
export type QueryMsg = { config: {} }
  | { vaults: {} }
  | { position: { owner: string; vault: number } }
  | { positions: { limit?: number | null; start_after?: string | null; vault: number } }
  | { audit: {} }
  | { changes: {} }
  | { ownership: {} };
export interface MigrateMsg {}
export interface AuditResponse {
  collateral: BalanceCheck[];
  difference: SignedUsd;
  ledger: Ledger;
  pending: SignedUsd;
  unbooked: SignedUsd;
}
export interface BalanceCheck {
  balance: Amount;
  booked: Amount;
  token: Token;
}
export interface Ledger {
  bad_debt: Usd;
  estate: SignedUsd;
  insurance: Usd;
  potential: Usd;
  reported: SignedUsd;
  set_aside: Usd;
  supply: Usd;
  tab: Usd;
  vault_debt: SignedUsd;
}
export type ArrayOfQueuedForChange = QueuedForChange[];
export interface QueuedForChange {
  change: Change;
  id: number;
  ready_at: number;
}
export interface ConfigResponse {
  guardian?: string | null;
  liquidator?: string | null;
  open: boolean;
  oracle: string;
  params: Params;
  sdusd: string;
}
export interface Ownership {
  owner?: string | null;
  pending_expiry?: number | null;
  pending_owner?: string | null;
}
export interface PositionResponse {
  collateral: Amount;
  debt: SignedUsd;
  debt_exact: Int256;
  debt_for_issuance: SignedUsd;
  exit?: ExitResponse | null;
  joined_at: number;
  minted: Usd;
  owner: string;
  ratio?: Ratio | null;
  shares: Shares;
  value: Usd;
  vault: number;
}
export interface ExitResponse {
  amount: Amount;
  interval: number;
  lapses_at: number;
  ready_at: number;
}
export type ArrayOfPositionResponse = PositionResponse[];
export type ArrayOfVaultResponse = VaultResponse[];
export interface VaultResponse {
  collateral: Amount;
  config: VaultConfig;
  debt: SignedUsd;
  epoch: number;
  fresh: boolean;
  minted: MintedDebt;
  peak_value_per_share: Int256;
  remainder: Int256;
  shares: Shares;
  value: Usd;
  value_per_share: Int256;
  vault: number;
}
export interface MintedDebt {
  carried: Int256;
  index: Int256;
  total: Usd;
}

export type { Amount, Int256, Ratio, Shares, SignedUsd, Uint128, Usd };

/** What each query is answered with. */
export interface Answers {
  audit: AuditResponse;
  changes: ArrayOfQueuedForChange;
  config: ConfigResponse;
  ownership: Ownership;
  position: PositionResponse;
  positions: ArrayOfPositionResponse;
  vaults: ArrayOfVaultResponse;
}
