// Generated from schema/ by scripts/generate.mjs (npm run generate): change the contracts instead.
import type { Price, Rate, Ratio, SignedRatio } from "../units.ts";

export type Source = { feed: { feed: number } }
  | {
  pyth: { contract: string; id: HexBinary; maximum_age: number; maximum_confidence?: Ratio | null };
}
  | { rate: { contract: string; maximum_growth: Rate; path: string[]; query: Binary } }
  | { product: { of: Source[] } }
  | { quotient: { by: Source; of: Source } }
  | { lowest: { of: Source[] } }
  | { first: { of: Source[] } }
  | { checked: { by: Source; source: Source; within: Ratio } };
export type HexBinary = string;
export type Binary = string;
export interface InstantiateMsg {
  average_seconds: number;
  breaker?: FeedBreaker | null;
  change_delay: number;
  covariance: CovarianceConfig;
  feeds: FeedConfig[];
  gap: number;
  guardian?: string | null;
  intervals: Intervals;
  measurement?: Measurement | null;
  owner: string;
  publishers: string[];
  quorum: number;
  staleness: Staleness;
}
export interface FeedBreaker {
  breaker: Breaker;
  cool_down: number;
  hold: number;
}
export interface Breaker {
  caution?: Ratio | null;
  close_only?: Ratio | null;
  emergency?: Ratio | null;
  release: Ratio;
}
export interface CovarianceConfig {
  correlations: SignedRatio[][];
  sigmas: Ratio[];
}
export interface FeedConfig {
  deviation_band: Ratio;
  maximum_confidence: Ratio;
  source?: Source | null;
  symbol: string;
  volatility?: VolatilityRange | null;
}
export interface VolatilityRange {
  ceiling: Ratio;
  floor: Ratio;
}
export interface Intervals {
  grace: number;
  seconds: number;
  slots: number;
}
export interface Measurement {
  correlation_half_life: number;
  margin_step: Ratio;
  pricing_band: Ratio;
  pricing_step: Ratio;
  prior: Ratio;
  sample_seconds: number;
  shrink: Ratio;
  volatility_half_life: number;
}
export interface Staleness {
  liquidate: number;
  trade: number;
  view: number;
}
export type ExecuteMsg = { publish: { prices: Submission[] } }
  | { pull: { feeds: number[] } }
  | { sample: {} }
  | { trip: { feed: number; regime: Regime } }
  | { reset: { feed: number } }
  | { configure: { change: Change } }
  | { enact: { id: number } }
  | { cancel_change: { id: number } }
  | { update_ownership: Action };
export type Regime = "normal" | "caution" | "close_only" | "emergency" | "shut_down";
export type Change = { publishers: { publishers: string[]; quorum: number } }
  | { add_feed: { correlations: SignedRatio[]; feed: FeedConfig; sigma: Ratio } }
  | { update_feed: { config: FeedConfig; feed: number } }
  | { covariance: { covariance: CovarianceConfig } }
  | { measurement: { measurement?: Measurement | null } }
  | { breaker: { breaker?: FeedBreaker | null } }
  | { staleness: { staleness: Staleness } }
  | { guardian: { guardian?: string | null } };
export type Action = { transfer_ownership: { expiry?: number | null; new_owner: string } } | "accept_ownership" | "renounce_ownership";
export interface Submission {
  confidence: Ratio;
  feed: number;
  price: Price;
  publish_time: number;
}
export type QueryMsg = { config: {} }
  | { board: {} }
  | { price: { feed: number } }
  | { interval: { interval: number } }
  | { covariance: {} }
  | { measurement: {} }
  | { regimes: {} }
  | { changes: {} }
  | { ownership: {} };
export interface MigrateMsg {}
export interface BoardResponse {
  prices: PriceResponse[];
  resumed_at: number;
  written_at: number;
}
export interface PriceResponse {
  age: number;
  average: Price;
  feed: number;
  pulled?: boolean;
  quote: Quote;
  regime: Regime;
  symbol: string;
}
export interface Quote {
  confidence: Ratio;
  price: Price;
  publish_time: number;
}
export type ArrayOfQueuedForChange = QueuedForChange[];
export interface QueuedForChange {
  change: Change;
  id: number;
  ready_at: number;
}
export interface ConfigResponse {
  average_seconds: number;
  breaker?: FeedBreaker | null;
  change_delay: number;
  feeds: FeedConfig[];
  gap: number;
  guardian?: string | null;
  intervals: Intervals;
  publishers: string[];
  quorum: number;
  staleness: Staleness;
}
export interface Slot {
  interval: number;
  quotes: SlotQuote[];
}
export interface SlotQuote {
  feed: number;
  quote: Quote;
}
export interface MeasurementResponse {
  correlations: SignedRatio[][];
  feeds: MeasuredFeed[];
  hour: number;
  parameters?: Measurement | null;
  slot: number;
}
export interface MeasuredFeed {
  age: number;
  feed: number;
  margin: Ratio;
  measured: Ratio;
  price: Price;
  pricing: Ratio;
  symbol: string;
  volatility: Ratio;
}
export interface Ownership {
  owner?: string | null;
  pending_expiry?: number | null;
  pending_owner?: string | null;
}
export type Reason = "governance" | "price_deviation" | "utilisation" | "expected_shortfall" | "insurance" | "debt_growth" | "withdrawals";
export type ArrayOfRestrictedFeed = RestrictedFeed[];
export interface RestrictedFeed {
  asked_at: number;
  feed: number;
  held_until: number;
  measure: Ratio;
  reason: Reason;
  regime: Regime;
  since: number;
  symbol: string;
}

export type { Price, Rate, Ratio, SignedRatio };

/** What each query is answered with. */
export interface Answers {
  board: BoardResponse;
  changes: ArrayOfQueuedForChange;
  config: ConfigResponse;
  covariance: CovarianceConfig;
  interval: Slot;
  measurement: MeasurementResponse;
  ownership: Ownership;
  price: PriceResponse;
  regimes: ArrayOfRestrictedFeed;
}
