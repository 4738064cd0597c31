//! What a deployment is made of. Numbers in the units of [`crate::number`].

pub use crate::bonded::DeskConfig;
use crate::number::Q;
use crate::oracle::Source;

/// A whole deployment.
#[derive(Clone, Debug)]
pub struct Config {
    /// The oracle.
    pub oracle: OracleConfig,
    /// The pool.
    pub pool: PoolConfig,
    /// Market contracts that the pool lists, in its order.
    pub markets: Vec<MarketConfig>,
    /// The liquidator.
    pub liquidator: LiquidatorConfig,
    /// The synthetics, which the pool lists after the markets: credit line, parameters, each by number.
    pub spot: Option<(Q, SpotParams, Vec<SyntheticConfig>)>,
    /// The par reserve, which it lists after them, without credit.
    pub reserve: Option<ReserveConfig>,
    /// The desk of bonded markets, which it lists last: credit line.
    pub desk: Option<(Q, DeskConfig)>,
    /// Conditional orders of one of the markets.
    pub orders: Option<OrdersConfig>,
    /// The custody of tokens of one of the markets.
    pub custody: Option<CustodyConfig>,
}

/// Parameters of all synthetics.
#[derive(Clone, Debug)]
pub struct SpotParams {
    /// Part of the notional that a fill pays.
    pub fee: Q,
    /// Part of the fee for insurance.
    pub insurance_share: Q,
    /// Part of the fee for the keeper.
    pub keeper_share: Q,
    /// From commit to the first interval, seconds.
    pub order_delay: u64,
    /// From commit to the end of the last interval, seconds.
    pub order_expiry: u64,
    /// Empty intervals that an order passes over.
    pub maximum_empty_intervals: u64,
    /// Of the index at the commit, where an order does not say its least.
    pub maximum_slippage: Q,
}

/// One synthetic.
#[derive(Clone, Debug)]
pub struct SyntheticConfig {
    /// Name of its token.
    pub symbol: String,
    /// Decimals of its token.
    pub decimals: usize,
    /// Feed of its index.
    pub feed: usize,
    /// Whether it can be bought.
    pub status: PerpStatus,
    /// Most value of all its tokens at the index after a buy.
    pub skew_cap: Q,
    /// Widest confidence to commit a buy.
    pub trade_confidence: Q,
    /// Widest confidence to fill at.
    pub settle_confidence: Q,
    /// π_max.
    pub premium_cap: Q,
    /// Least value of a buy.
    pub minimum_notional: Q,
    /// Market and perpetual whose funding it carries.
    pub funding: Option<(usize, usize)>,
}

/// The par reserve.
#[derive(Clone, Debug)]
pub struct ReserveConfig {
    /// Most value of all tokens, as a part of the sdUSD that there is after a swap in.
    pub supply_share: Q,
    /// So much may be there at any rate.
    pub minimum_room: Q,
    /// By number.
    pub tokens: Vec<ReserveToken>,
}

/// Which way a token can be swapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SwapStatus {
    Open,
    OutOnly,
    Closed,
}

/// One token of the reserve.
#[derive(Clone, Debug)]
pub struct ReserveToken {
    /// Its name.
    pub token: String,
    /// Decimals of its base unit.
    pub decimals: usize,
    /// Feed of its price.
    pub feed: usize,
    /// How far its price may be from par.
    pub band: Q,
    /// Widest confidence.
    pub maximum_confidence: Q,
    /// Most value of it after a swap in.
    pub ceiling: Q,
    /// Of what comes in.
    pub fee_in: Q,
    /// Of what goes out: at the ceiling, and of the last one.
    pub fee_out: (Q, Q),
    /// Which way it can be swapped.
    pub status: SwapStatus,
}

/// Conditional orders, for ever.
#[derive(Clone, Debug)]
pub struct OrdersConfig {
    /// The market that they are for.
    pub market: usize,
    /// Least fee that an order names, micro-USD.
    pub least_fee: Q,
    /// And most.
    pub most_fee: Q,
    /// Part of it that a refusal costs.
    pub refusal_share: Q,
    /// Most orders of an account.
    pub most_waiting: usize,
    /// Longest time that one waits, seconds.
    pub longest_life: u64,
    /// How often one is committed at most.
    pub most_commits: u8,
}

/// The custody of tokens that are margin.
#[derive(Clone, Debug)]
pub struct CustodyConfig {
    /// The market whose accounts they back.
    pub market: usize,
    /// How they are sold.
    pub auction: AuctionConfig,
    /// What a sale brings on top of what is owed, as a part of it.
    pub penalty: Q,
    /// Least value of a deposit, micro-USD.
    pub minimum_deposit: Q,
    /// By number.
    pub tokens: Vec<CustodyToken>,
}

/// One of its tokens. What of a value v USD does not count is min(maximum, base + slope·v).
#[derive(Clone, Debug)]
pub struct CustodyToken {
    /// Its name.
    pub token: String,
    /// Decimals of its base unit.
    pub decimals: usize,
    /// Feed of its price.
    pub feed: usize,
    /// Of the least holding.
    pub base: Q,
    /// For every USD.
    pub slope: Q,
    /// At most.
    pub maximum: Q,
    /// Widest confidence.
    pub confidence: Q,
    /// Most value of what all accounts have after a deposit, micro-USD.
    pub cap: Q,
    /// Whether no more of it comes, and it counts for opening no more.
    pub closing: bool,
}

/// The oracle.
#[derive(Clone, Debug)]
pub struct OracleConfig {
    /// How many submissions make a price.
    pub quorum: usize,
    /// Who may publish.
    pub publishers: Vec<String>,
    /// Length of an interval, seconds.
    pub seconds: u64,
    /// Slots of the ring.
    pub slots: u64,
    /// Seconds after its end in which an interval takes prices.
    pub grace: u64,
    /// Age up to which a price serves a commit, seconds.
    pub trade: u64,
    /// Age up to which a price marks accounts and vaults, seconds.
    pub liquidate: u64,
    /// A longer pause between writes of the board is a gap, seconds.
    pub gap: u64,
    /// Time constant of the moving averages, seconds.
    pub average_seconds: u64,
    /// May loosen and end.
    pub owner: String,
    /// May tighten.
    pub guardian: Option<String>,
    /// When a price restricts its feed, if ever.
    pub breaker: Option<FeedBreakerConfig>,
    /// By feed.
    pub feeds: Vec<FeedConfig>,
    /// Daily volatilities by feed, as asked; kept with 9 decimals, rounded up.
    pub sigmas: Vec<Q>,
    /// Correlations, as asked; kept with 4 decimals, rounded towards 0.
    pub correlations: Vec<Vec<Q>>,
    /// None: these are never anything else.
    pub measurement: Option<MeasurementConfig>,
}

/// When a price restricts its feed, and for how long.
#[derive(Clone, Debug)]
pub struct FeedBreakerConfig {
    /// By the distance from the moving average.
    pub breaker: BreakerConfig,
    /// Seconds since it was last asked for.
    pub cool_down: u64,
    /// What a person asks for lasts at least so many seconds.
    pub hold: u64,
}

/// How volatilities and correlations are measured.
#[derive(Clone, Debug)]
pub struct MeasurementConfig {
    /// Length of a slot, seconds.
    pub sample_seconds: u64,
    /// Half-life of squared returns, seconds.
    pub volatility_half_life: u64,
    /// Half-life of products of returns, seconds.
    pub correlation_half_life: u64,
    /// Correlation that measured ones are drawn towards.
    pub prior: Q,
    /// How far.
    pub shrink: Q,
    /// Priced volatilities are at most their floor times this.
    pub pricing_band: Q,
    /// They go so far in an hour, as a part of themselves; correlations as a number.
    pub pricing_step: Q,
    /// Volatilities of margins go so far in a day, as a part of themselves.
    pub margin_step: Q,
    /// Floor and ceiling by feed.
    pub ranges: Vec<(Q, Q)>,
}

/// One feed.
#[derive(Clone, Debug)]
pub struct FeedConfig {
    /// Widest step from the last good price, as a fraction of it.
    pub deviation_band: Q,
    /// Widest confidence.
    pub maximum_confidence: Q,
    /// Where anyone may pull its price from, at a moment of his choice; none: publishers push it.
    pub source: Option<Source>,
}

/// How much of the pool may be at risk.
#[derive(Clone, Debug)]
pub struct RiskBudgets {
    /// Shortfall of the markets, as a part of free collateral.
    pub markets: Q,
    /// Of markets and collateral, as a part of collateral.
    pub total: Q,
    /// Part of the high matrix that has all correlations 1.
    pub high: Q,
    /// Part of the low matrix that has all correlations 0.
    pub low: Q,
}

/// From which measure on a regime is asked for.
#[derive(Clone, Debug)]
pub struct BreakerConfig {
    /// Of caution, close-only and emergency.
    pub thresholds: [Option<Q>; 3],
    /// Part of a threshold below which it is released.
    pub release: Q,
}

/// What trips the pool and its markets.
#[derive(Clone, Debug)]
pub struct BreakersConfig {
    /// Debt ÷ collateral.
    pub utilisation: BreakerConfig,
    /// Expected shortfall ÷ free collateral.
    pub shortfall: BreakerConfig,
    /// Growth of what the markets cost ÷ collateral.
    pub debt_growth: BreakerConfig,
    /// Profit drawn of a market ÷ collateral; its emergency is the most that may be drawn.
    pub withdrawals: BreakerConfig,
    /// Of Σ |exposure|.
    pub insurance_floor: Q,
    /// Seconds.
    pub cool_down: u64,
    /// Seconds.
    pub hold: u64,
}

/// What is taken of one source's losses in a day.
#[derive(Clone, Debug)]
pub struct LossLimits {
    /// Of the insurance fund and what it has paid today.
    pub draw_cap: Q,
    /// By the providers, of the collateral.
    pub loss_budget: Q,
}

/// The pool.
#[derive(Clone, Debug)]
pub struct PoolConfig {
    /// 1/λ, micro-USD.
    pub impact_depth: Q,
    /// Most sdUSD after a mint.
    pub supply_ceiling: Q,
    /// From request to execution, seconds.
    pub exit_delay: u64,
    /// Execution is possible for so long, seconds.
    pub exit_window: u64,
    /// From the beginning of a position to its first request, seconds.
    pub minimum_stay: u64,
    /// Bounds of the expected shortfall, if there are any.
    pub risk: Option<RiskBudgets>,
    /// What trips the pool and its markets, if anything does.
    pub breakers: Option<BreakersConfig>,
    /// The depth falls as far as this, if it moves.
    pub least_depth: Option<Q>,
    /// What is taken of one source's losses in a day, where that is limited.
    pub losses: Option<LossLimits>,
    /// Of insurance's income while notes are outstanding, what is set aside for them.
    pub note_share: Q,
    /// By number.
    pub vaults: Vec<VaultConfig>,
}

/// One vault.
#[derive(Clone, Debug)]
pub struct VaultConfig {
    /// Name of its token.
    pub token: String,
    /// Decimals of its base unit.
    pub decimals: usize,
    /// Feed of its price.
    pub feed: usize,
    /// Value per debt after a mint or an exit.
    pub issuance_ratio: Q,
    /// Below it a position is seized.
    pub liquidation_ratio: Q,
    /// Added to the debt that an auction has to bring.
    pub liquidation_penalty: Q,
    /// Simple interest a year on minted debt.
    pub stability_fee: Q,
    /// Widest confidence of its price.
    pub maximum_confidence: Q,
    /// Least value of a position after a deposit or a partial exit.
    pub minimum_deposit: Q,
    /// Least debt after a mint.
    pub minimum_debt: Q,
    /// Most collateral.
    pub deposit_cap: Q,
    /// Most debt after a mint.
    pub debt_ceiling: Q,
}

/// One market contract.
#[derive(Clone, Debug)]
pub struct MarketConfig {
    /// Its name among the holders of tokens.
    pub name: String,
    /// Its credit line.
    pub line: Q,
    /// Parameters of all its perpetuals.
    pub params: MarketParams,
    /// By number.
    pub perps: Vec<PerpConfig>,
}

/// Parameters of all perpetuals of a market.
#[derive(Clone, Debug)]
pub struct MarketParams {
    /// p, per day.
    pub proportional: Q,
    /// v, per day².
    pub velocity: Q,
    /// |I| ≤ this, per day.
    pub integral_cap: Q,
    /// |rate| ≤ this, per day.
    pub rate_cap: Q,
    /// τ, seconds.
    pub decay_seconds: u64,
    /// Funding stands still after so long, seconds.
    pub maximum_accrual: u64,
    /// Part of the notional that a fill pays.
    pub fee: Q,
    /// Part of the fee for insurance.
    pub insurance_share: Q,
    /// Part of the fee for the keeper.
    pub keeper_share: Q,
    /// From commit to the first interval, seconds.
    pub order_delay: u64,
    /// From commit to the end of the last interval, seconds.
    pub order_expiry: u64,
    /// M.
    pub maximum_empty_intervals: u64,
    /// Furthest limit from the index.
    pub maximum_slippage: Q,
    /// Part of a positive PnL that does not count for opening.
    pub profit_haircut: Q,
    /// Most that offsets take off the sum of an account's margins.
    pub maximum_offset: Q,
    /// Largest multiple of the fee.
    pub fee_response: Q,
    /// Largest multiple of the premium that funding samples.
    pub funding_response: Q,
    /// Largest divisor of the credit line.
    pub credit_response: Q,
    /// Of the shortfall that an increase adds.
    pub shortfall_premium: Q,
    /// Of its notional times the leverage that it leaves.
    pub leverage_premium: Q,
    /// Parts of the credit line at which deleveraging begins and that it leaves.
    pub deleveraging: Option<(Q, Q)>,
    /// What of the fee is remitted, if anything.
    pub schedule: Option<FeeSchedule>,
    /// Equity after a liquidation ÷ maintenance margin.
    pub liquidation_target: Q,
    /// Fixed part of a keeper's reward.
    pub liquidation_reward: Q,
    /// Part of the penalty on top.
    pub liquidation_reward_share: Q,
}

/// Discounts of fees.
#[derive(Clone, Debug)]
pub struct FeeSchedule {
    /// Length of the window of volumes, seconds.
    pub window: u64,
    /// Volumes and what is remitted from each on, rising.
    pub tiers: Vec<(Q, Q)>,
    /// What is remitted to whom somebody brought.
    pub referred: Q,
    /// Part of the fee for whoever did.
    pub share: Q,
}

impl MarketParams {
    /// Whether others make funding run differently.
    pub(crate) fn funding_differs(&self, other: &Self) -> bool {
        let rates =
            |of: &Self| [&of.proportional, &of.velocity, &of.integral_cap, &of.rate_cap].map(Clone::clone);
        let times = |of: &Self| (of.decay_seconds, of.maximum_accrual);
        rates(self) != rates(other) || times(self) != times(other)
    }
}

/// Whether a perpetual takes orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PerpStatus {
    /// All.
    Open,
    /// Only what reduces.
    CloseOnly,
    /// Only what reduces, for good.
    Delisted,
}

/// One perpetual.
#[derive(Clone, Debug)]
pub struct PerpConfig {
    /// Feed of its index.
    pub feed: usize,
    /// Whether it takes orders.
    pub status: PerpStatus,
    /// Floor of the initial margin.
    pub initial_margin: Q,
    /// Floor of the maintenance margin.
    pub maintenance_margin: Q,
    /// Most |skew| at the index.
    pub skew_cap: Q,
    /// Most open interest of a side at the index.
    pub open_interest_cap: Q,
    /// Widest confidence to commit an increase.
    pub trade_confidence: Q,
    /// Widest confidence to be liquidated at.
    pub liquidate_confidence: Q,
    /// Part of the closed notional that a liquidated account pays.
    pub liquidation_penalty: Q,
    /// π_max.
    pub premium_cap: Q,
    /// Least notional of an increase and of what a liquidation leaves.
    pub minimum_notional: Q,
}

/// The liquidator.
#[derive(Clone, Debug)]
pub struct LiquidatorConfig {
    /// Most that running auctions may have to bring, penalties included.
    pub hole: Q,
    /// 0 to 3.
    pub stop_level: u8,
    /// From a request to leave the backstop to its payment, seconds.
    pub withdrawal_delay: u64,
    /// It can be paid for so long, seconds.
    pub withdrawal_window: u64,
    /// By vault.
    pub auctions: Vec<AuctionConfig>,
    /// By vault.
    pub limits: Vec<LimitsConfig>,
    /// How recovery notes are sold.
    pub notes: NotesConfig,
}

/// How recovery notes are sold.
#[derive(Clone, Debug)]
pub struct NotesConfig {
    /// sdUSD that one auction brings.
    pub lot: Q,
    /// Claim that it begins with ÷ what it brings.
    pub start: Q,
    /// Part of a claim by which the next one is less.
    pub step: Q,
    /// A bid stands after so many seconds.
    pub bid_seconds: u64,
    /// Without one it may begin again after so many …
    pub auction_seconds: u64,
    /// … with so many times the claim.
    pub raise: Q,
    /// Most claims outstanding and on auction.
    pub ceiling: Q,
}

/// How much of one vault may be on auction, and what the backstop does with it.
#[derive(Clone, Debug)]
pub struct LimitsConfig {
    /// Most that its running auctions may have to bring, penalties included.
    pub hole: Q,
    /// Part of the price that the backstop does not pay.
    pub discount: Q,
    /// Most that it pays for it in a day, as a part of all collateral.
    pub daily: Q,
}

/// How an auction's price falls.
#[derive(Clone, Debug)]
pub enum Curve {
    /// To 0 in so many seconds.
    Linear(u64),
    /// Times a factor after every so many seconds.
    Stair(u64, Q),
    /// The same, linear in between.
    Exponential(u64, Q),
}

/// How one vault's collateral is sold.
#[derive(Clone, Debug)]
pub struct AuctionConfig {
    /// Start price ÷ board price.
    pub buffer: Q,
    /// How it falls.
    pub curve: Curve,
    /// Price ÷ start price below which it has to be reset.
    pub cusp: Q,
    /// Age above which it has to be reset, seconds.
    pub tail: u64,
    /// Fixed part of the keeper's reward.
    pub tip: Q,
    /// Part of the tab on top.
    pub chip: Q,
    /// A partial take leaves nothing or at least this.
    pub dust: Q,
}
