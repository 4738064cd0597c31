//! What holds for a market and for each of its perpetuals.

use cosmwasm_schema::cw_serde;

use super::FeeSchedule;
use crate::board::FeedId;
use crate::units::{Rate, Ratio, Usd};

/// Whether a perpetual takes orders.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum PerpStatus {
    /// All orders.
    Open,
    /// Only what reduces positions.
    CloseOnly,
    /// Only what reduces positions, for good.
    Delisted,
}

impl crate::packed::Byte for PerpStatus {
    const ALL: &'static [Self] = &[Self::Open, Self::CloseOnly, Self::Delisted];
}

/// One perpetual future. Config is refused unless `premium_cap + fee + liquidate_confidence + liquidation_penalty <
/// maintenance_margin ≤ (1 − maximum_offset)·initial_margin` (E0107). The fee is the plain one: that is what closing pays.
#[cw_serde]
pub struct PerpConfig {
    /// Its name, `BTC-PERP`: 1 to 32 characters, unique.
    pub name: String,
    /// Feed of its index; no two perpetuals of a contract share one.
    pub feed: FeedId,
    /// Whether it takes orders.
    #[serde(with = "crate::packed::byte")]
    #[schemars(with = "PerpStatus")]
    pub status: PerpStatus,
    /// Floor of the initial margin: margin = max(floor, 1.25·σ) with the measured σ, or the ramped one where that is larger. In (0, 1].
    pub initial_margin: Ratio,
    /// Floor of the maintenance margin: margin = max(floor, half the initial margin at the ramped σ). In (0, initial].
    pub maintenance_margin: Ratio,
    /// Most |skew| at the index after an order that increases it, orders ahead of it counted.
    pub skew_cap: Usd,
    /// Most open interest of a side at the index after an order that increases it, orders ahead of it counted.
    pub open_interest_cap: Usd,
    /// Widest confidence at which an increase is committed.
    pub trade_confidence: Ratio,
    /// Widest confidence at which positions are marked to be liquidated. ≥ trade_confidence.
    pub liquidate_confidence: Ratio,
    /// Part of the closed notional that a liquidated account pays.
    pub liquidation_penalty: Ratio,
    /// π_max: no order may raise the marginal premium beyond it.
    pub premium_cap: Ratio,
    /// Least notional of an order that increases, and of what a partial liquidation leaves.
    pub minimum_notional: Usd,
}

/// Funding: a controller on the premium (section 5 of the design). Rates ≤ 1,000 a day, times ≤ 366 days.
#[cw_serde]
#[derive(Copy)]
pub struct FundingParams {
    /// p: funding rate per unit of premium, per day. ≥ 0.
    pub proportional: Rate,
    /// v: growth of the integral per unit of premium, per day². ≥ 0.
    pub velocity: Rate,
    /// |I| ≤ this, per day.
    pub integral_cap: Rate,
    /// |rate| ≤ this, per day.
    pub rate_cap: Rate,
    /// τ: the integral decays with this time constant, seconds, > 0.
    pub decay_seconds: u64,
    /// Funding stands still when nobody has sampled for so long, seconds, > 0.
    pub maximum_accrual: u64,
}

/// How much further fees, funding and credit go when volatility or use of the credit line rises: the largest multiples, each in
/// [1, 10]; 1 where they never do.
#[cw_serde]
#[derive(Copy)]
pub struct Responses {
    /// Of the fee of what increases a position: volatility stress × (1 + used ÷ line).
    pub fee: Ratio,
    /// Of the premium that funding samples: stress of the pool's book.
    pub funding: Ratio,
    /// What an increase needs is used ≤ line ÷ volatility stress.
    pub credit: Ratio,
}

/// What an increase pays insurance for the risk that it brings. Both in [0, 1 %].
#[cw_serde]
#[derive(Copy)]
pub struct InsurancePremium {
    /// Of the expected shortfall that it adds to the pool.
    pub shortfall: Ratio,
    /// Of what it adds to the account's notional × the part of its equity that margin needs; a withdrawal pays for what it adds, too.
    pub leverage: Ratio,
}

/// When winning sides are scaled down, and how far: parts of the market's credit line. 0 < end < begin ≤ 1.
#[cw_serde]
#[derive(Copy)]
pub struct Deleveraging {
    /// It begins when the unrealised PnL of all winning sides is more than this part.
    pub begin: Ratio,
    /// It leaves this part.
    pub end: Ratio,
}

/// How far a liquidation goes, and what of the penalty its keeper gets: min(reward + reward_share · penalty, penalty collected).
#[cw_serde]
#[derive(Copy)]
pub struct Liquidation {
    /// It restores equity to maintenance margin × this. In (1, 2], and times maintenance at most the initial margin.
    pub target: Ratio,
    /// A keeper gets this, in USD,
    pub reward: Usd,
    /// and this part of the penalty, in [0, 1].
    pub reward_share: Ratio,
}

/// Parameters of all perpetuals of the contract.
#[cw_serde]
pub struct Params {
    /// Funding.
    pub funding: FundingParams,
    /// Part of the notional that every fill pays, < 10 %.
    pub fee: Ratio,
    /// Part of the fee that goes to insurance.
    pub insurance_share: Ratio,
    /// Part of the fee that goes to whoever settles. insurance + keeper ≤ 1; the rest is the providers'.
    pub keeper_share: Ratio,
    /// An order is bound to the first interval that begins at least so long after its commit, seconds. At most half of
    /// what the oracle's ring keeps.
    pub order_delay: u64,
    /// Longest and default time from commit to the end of the last interval that an order may fill at, seconds. At least
    /// the delay and two intervals, at most half of what the ring keeps.
    pub order_expiry: u64,
    /// An order passes over at most so many empty intervals. At most a quarter of the ring's slots.
    pub maximum_empty_intervals: u32,
    /// Furthest limit from the index that an increase may carry, and the limit that it gets where it names none. In (0, 1).
    pub maximum_slippage: Ratio,
    /// Part of a positive unrealised PnL that does not count for opening. In [0, 1].
    pub profit_haircut: Ratio,
    /// Most that positions take off each other's margins, as a part of their sum. In [0, 1/2]: so whoever opened at the initial margin can
    /// close a leg of a hedge and has still the maintenance margin of the other one. 0: nothing, margins are summed.
    pub maximum_offset: Ratio,
    /// What rises with volatility and use.
    pub responses: Responses,
    /// What insurance gets of an increase.
    pub insurance: InsurancePremium,
    /// What is remitted to those who trade much, and to those who brought others; none: nothing, and nothing of it is stored.
    pub fees: Option<FeeSchedule>,
    /// When winning sides are scaled down; none: never.
    pub deleveraging: Option<Deleveraging>,
    /// How far a liquidation goes, and who gets its penalty.
    pub liquidation: Liquidation,
    /// Delay of loosening changes, seconds, ≤ 30 days.
    pub change_delay: u64,
}
