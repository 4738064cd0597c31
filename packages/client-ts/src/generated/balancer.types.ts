// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Amount, Int256, Ratio, Shares, SignedUsd, Uint128, Usd } from "../units.ts";

export interface InstantiateMsg {
  pool: string;
}
export type ExecuteMsg = { set: { rule?: Balancing | null; vault: number } }
  | { balance: { owner: string; vault: number } }
  | { receive: Cw20ReceiveMsg };
export type Binary = string;
export interface Balancing {
  fee?: Fee | null;
  lower: Ratio;
  target: Ratio;
  upper?: Ratio | null;
}
export interface Fee {
  most: Usd;
  rate: Ratio;
}
export interface Cw20ReceiveMsg {
  amount: Uint128;
  msg: Binary;
  sender: string;
}
export type QueryMsg = { config: {} }
  | { rule: { owner: string; vault: number } }
  | { rules: { limit?: number | null; start_after?: string | null; vault: number } }
  | { means: { owner: string } }
  | { position: { owner: string; vault: number } }
  | { preview: { by: string; owner: string; vault: number } };
export interface MigrateMsg {}
export interface ConfigResponse {
  pool: string;
}
export interface MeansResponse {
  allowed: Usd;
  held: Usd;
  mints: boolean;
}
export type Standing = "below" | "within" | "above";
export interface StandingResponse {
  ratio?: Ratio | null;
  standing: Standing;
}
export interface BalancePreview {
  burnt: Usd;
  fee: Usd;
  minted: Usd;
  position: PositionResponse;
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
export type NullableBalancing = Balancing | null;
export type ArrayOfRuleResponse = RuleResponse[];
export interface RuleResponse {
  owner: string;
  rule: Balancing;
}

export type { Amount, Int256, Ratio, Shares, SignedUsd, Uint128, Usd };

/** What each query is answered with. */
export interface Answers {
  config: ConfigResponse;
  means: MeansResponse;
  position: StandingResponse;
  preview: BalancePreview;
  rule: Balancing | null;
  rules: ArrayOfRuleResponse;
}
