// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { AbsSize, Amount, Int256, Price, Rate, Ratio, Shares, SignedRatio, SignedUsd, Size, Usd } from "../units.ts";

export interface InstantiateMsg {
  pool: string;
}
export type QueryMsg = { config: {} }
  | { health: {} }
  | { solvency: {} }
  | { markets: {} }
  | { ceilings: {} }
  | { regimes: {} }
  | { estate: {} }
  | { redeemed: { holder: string } }
  | { preview_mint: { amount: Usd; owner: string; vault: number } }
  | { maximum_mint: { owner: string; vault: number } }
  | { preview_exit: { amount: Amount; owner: string; vault: number } }
  | { perps: { market: string } }
  | { account: { account: number; market: string; owner: string } }
  | { accounts: { accounts: AccountId[]; market: string } }
  | { orders: { limit?: number | null; market: string; perp: number; start_after?: number | null } }
  | { totals: { market: string } }
  | { preview_trade: { account: number; market: string; owner: string; perp: number; size: Size } }
  | { delegation: { account: number; delegate: string; market: string; owner: string } }
  | { offer: { owner: string; vault: number } }
  | { minter: { owner: string } }
  | { contributions: {} };
export interface AccountId {
  account?: number;
  owner: string;
}
export interface MigrateMsg {}
export interface AccountResponse {
  account: number;
  equity: SignedUsd;
  equity_for_opening: SignedUsd;
  fee_discount: Ratio;
  generation: number;
  initial_margin: Usd;
  leverage?: Ratio | null;
  liquidatable: boolean;
  locked: Usd;
  maintenance_margin: Usd;
  margin: SignedUsd;
  orders: number;
  owner: string;
  positions: PerpPositionResponse[];
  referrer?: string | null;
  tokens?: Usd | null;
  volume: Usd;
  withdrawable: Usd;
}
export interface PerpPositionResponse {
  break_even: Price;
  cost: SignedUsd;
  initial_margin: Usd;
  liquidation_price?: Price | null;
  maintenance_margin: Usd;
  notional: Usd;
  perp: number;
  pnl: SignedUsd;
  size: Size;
}
export type ArrayOfAccountResponse = AccountResponse[];
export type Ceilinged = { market: string }
  | { vault: number }
  | { supply: {} };
export type ArrayOfCeilingResponse = CeilingResponse[];
export interface CeilingResponse {
  ceiling: Ceiling;
  line: SignedUsd;
  of: Ceilinged;
  rises_from: number;
  target: SignedUsd;
  used: SignedUsd;
}
export interface Ceiling {
  gap: Usd;
  max: Usd;
  ttl: number;
}
export interface ConfigResponse {
  pool: string;
}
export interface ContributionsResponse {
  expected_shortfall: Usd;
  markets: MarketContribution[];
  vaults: SignedUsd[];
}
export interface MarketContribution {
  contribution: SignedUsd;
  market: string;
}
export type NullableDelegation = Delegation | null;
export interface Delegation {
  expires_at: number;
  may_take?: boolean;
  most_notional?: Usd | null;
  perps?: number[] | null;
}
export type NullableEstateResponse = EstateResponse | null;
export interface EstateResponse {
  claims?: ClaimsResponse | null;
  fixed_from: number;
  prices: Price[];
  shut_at: number;
  written_off: Amount[];
}
export interface ClaimsResponse {
  collateral: Amount[];
  haircut: Ratio;
  holders: Usd;
  left: Amount[];
  providers: Amount[];
  providers_left: Amount[];
}
export type Regime = "normal" | "caution" | "close_only" | "emergency" | "shut_down";
export interface HealthResponse {
  as_of: number;
  bad_debt: Usd;
  close_only: string[];
  collateral: Usd;
  collateral_ratio?: Ratio | null;
  concentration: Ratio;
  debt: SignedUsd;
  debt_from_markets: SignedUsd;
  distance_to_default?: SignedRatio | null;
  draw_haircut: Ratio;
  exit_haircut: Ratio;
  expected_shortfall: Usd;
  expected_shortfall_with_collateral: Usd;
  exposures: FeedExposure[];
  free_collateral: SignedUsd;
  gross_exposure: Usd;
  impact_depth: Usd;
  insurance: Usd;
  insurance_coverage?: Ratio | null;
  locked_credit: Usd;
  losses: Losses;
  markets: MarketExposure[];
  markets_budget?: Usd | null;
  oldest_price: number;
  potential: Usd;
  recoveries: Recoveries;
  regime: Regime;
  set_aside: Usd;
  supply: Usd;
  tab: Usd;
  total_budget?: Usd | null;
  utilisation: Ratio;
}
export interface FeedExposure {
  exposure: SignedUsd;
  feed: number;
}
export interface Losses {
  insurance: Usd;
  notes: Usd;
  providers: Usd;
  withdrawals: Usd;
}
export interface MarketExposure {
  gross: Usd;
  market: string;
  net: SignedUsd;
}
export interface Recoveries {
  bids: Usd;
  notes_issued: Usd;
  notes_paid: Usd;
  notes_redeemed: Usd;
  penalties: Usd;
  recovered: Usd;
  shortfalls: Usd;
  tab: Usd;
  tips: Usd;
}
export type ArrayOfMarketResponse = MarketResponse[];
export interface MarketResponse {
  accepted: boolean;
  accepted_at: number;
  drawn: Usd;
  fees: Usd;
  line: SignedUsd;
  market: string;
  regime: Regime;
  reported: SignedUsd;
  shortfalls: Usd;
  used: SignedUsd;
}
export interface LimitResponse {
  amount: Usd;
  bound_by: string;
}
export type NullableString = string | null;
export type NullableOfferResponse = OfferResponse | null;
export interface OfferResponse {
  amount?: Amount | null;
  to: string;
}
export type ArrayOfOrderResponse = OrderResponse[];
export interface OrderResponse {
  account: number;
  increase: AbsSize;
  interval: number;
  keeper_fee: Usd;
  last_interval: number;
  limit_price?: Price | null;
  locked: Usd;
  order: number;
  owner: string;
  perp: number;
  size: Size;
}
export type PerpStatus = "open" | "close_only" | "delisted";
export type ArrayOfPerpResponse = PerpResponse[];
export interface PerpResponse {
  config: PerpConfig;
  funding_index: Int256;
  funding_integral: Rate;
  funding_rate: Rate;
  index: Price;
  initial_margin: Ratio;
  long: AbsSize;
  long_deleveragings: number;
  long_index: Ratio;
  maintenance_margin: Ratio;
  next_order: number;
  next_settled: number;
  pending_long: AbsSize;
  pending_short: AbsSize;
  perp: number;
  premium: SignedRatio;
  short: AbsSize;
  short_deleveragings: number;
  short_index: Ratio;
  skew: Size;
  tradable: boolean;
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
export interface ExitPreview {
  charged: Usd;
  haircut: Ratio;
  minted: Usd;
  released: Amount;
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
export type MarginBasis = "sum" | "base" | "high" | "low" | "limit";
export interface TradePreview {
  available: SignedUsd;
  equity: SignedUsd;
  fee: Usd;
  fill_price: Price;
  initial_margin: MarginNeeded;
  insurance_fee: Usd;
  keeper_fee: Usd;
  leverage_premium: Usd;
  liquidation_price?: Price | null;
  locked: Usd;
  maintenance_margin: MarginNeeded;
  margins: PositionMargin[];
  premium: SignedUsd;
  premium_after: SignedRatio;
  price: Price;
  realised: SignedUsd;
  refused?: string | null;
  regime: Regime;
  shortfall_premium: Usd;
  size: Size;
  stress: Ratio;
}
export interface MarginNeeded {
  basis: MarginBasis;
  required: Usd;
  sum: Usd;
}
export interface PositionMargin {
  initial_margin: Usd;
  maintenance_margin: Usd;
  notional: Usd;
  perp: number;
  ramped_volatility: Ratio;
  volatility: Ratio;
}
export interface RedeemedResponse {
  amount: Usd;
  due: Amount[];
}
export type Reason = "governance" | "price_deviation" | "utilisation" | "expected_shortfall" | "insurance" | "debt_growth" | "withdrawals";
export interface RegimesResponse {
  markets: MarketRegime[];
  measures?: Measures | null;
  pool?: Trip | null;
}
export interface MarketRegime {
  market: string;
  trip?: Trip | null;
  withdrawals: Ratio;
}
export interface Trip {
  asked_at: number;
  held_until: number;
  measure: Ratio;
  reason: Reason;
  regime: Regime;
  since: number;
}
export interface Measures {
  debt_growth: Ratio;
  insurance: Ratio;
  shortfall: Ratio;
  utilisation: Ratio;
}
export interface SolvencyResponse {
  assets: Usd;
  credit_spread?: Ratio | null;
  debt: SignedUsd;
  default_probability: Ratio;
  distance_to_default?: SignedRatio | null;
  hedges: Hedge[];
  insurance: Usd;
  note_yield?: SignedRatio | null;
  notes_outstanding: Usd;
  notes_paid: Usd;
  set_aside: Usd;
  shortfall: Usd;
  volatility: Ratio;
}
export interface Hedge {
  feed: number;
  markets: Size;
  with_collateral: Size;
}
export interface TotalsResponse {
  cost: SignedUsd;
  exposure: Exposure;
  held: Usd;
  margin: SignedUsd;
  reported: SignedUsd;
  winners_part?: Ratio | null;
  winners_pnl: Usd;
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

export type { AbsSize, Amount, Int256, Price, Rate, Ratio, Shares, SignedRatio, SignedUsd, Size, Usd };

/** What each query is answered with. */
export interface Answers {
  account: AccountResponse;
  accounts: ArrayOfAccountResponse;
  ceilings: ArrayOfCeilingResponse;
  config: ConfigResponse;
  contributions: ContributionsResponse;
  delegation: Delegation | null;
  estate: EstateResponse | null;
  health: HealthResponse;
  markets: ArrayOfMarketResponse;
  maximum_mint: LimitResponse;
  minter: string | null;
  offer: OfferResponse | null;
  orders: ArrayOfOrderResponse;
  perps: ArrayOfPerpResponse;
  preview_exit: ExitPreview;
  preview_mint: PositionResponse;
  preview_trade: TradePreview;
  redeemed: RedeemedResponse;
  regimes: RegimesResponse;
  solvency: SolvencyResponse;
  totals: TotalsResponse;
}
