//! What can be asked of the market, and its answers.

use cosmwasm_schema::{cw_serde, QueryResponses};

use super::{AccountId, Change, Params, PerpConfig};
use crate::exposure::Exposure;
use crate::governance::Queued;
use crate::math::Wide;
use crate::ownership::Ownership;
use crate::regime::Regime;
use crate::units::{AbsSize, Price, Rate, Ratio, SignedRatio, SignedUsd, Size, Usd};

/// What can be asked of the market: what lies there. What that comes to at the board's prices, with funding accrued to now, is the lens's to
/// say ([`crate::lens::QueryMsg`]).
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Addresses and parameters.
    #[returns(ConfigResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Config {},
    /// Which accounts there are, by owner and number. What is in them the lens says.
    #[returns(Vec<AccountId>)]
    Accounts {
        /// The one after which to begin.
        start_after: Option<AccountId>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// Changes that wait.
    #[returns(Vec<Queued<Change>>)]
    #[serde(deserialize_with = "crate::fields::none")]
    Changes {},
    /// Who owns it, and who may take over.
    #[returns(Ownership)]
    #[serde(deserialize_with = "crate::fields::none")]
    Ownership {},
}

/// Answer to [`QueryMsg::Config`].
#[cw_serde]
pub struct ConfigResponse {
    /// Who may only tighten.
    pub guardian: Option<String>,
    /// The pool.
    pub pool: String,
    /// The oracle.
    pub oracle: String,
    /// The token of margin.
    pub sdusd: String,
    /// Who may liquidate.
    pub liquidator: String,
    /// Who holds traders' tokens.
    pub custody: Option<String>,
    /// Parameters.
    pub params: Params,
}

/// One perpetual.
#[cw_serde]
pub struct PerpResponse {
    /// Its number.
    pub perp: u16,
    /// Its configuration.
    pub config: PerpConfig,
    /// Index price as of the board; 0 where there is none yet.
    pub index: Price,
    /// Whether the index is fresh and certain enough to commit an increase.
    pub tradable: bool,
    /// Sizes of all long positions.
    pub long: AbsSize,
    /// Sizes of all short positions.
    pub short: AbsSize,
    /// Long less short.
    pub skew: Size,
    /// What deleveraging has left of a long position that was there before all of it: 1 once everybody has closed.
    pub long_index: Ratio,
    /// The same for shorts.
    pub short_index: Ratio,
    /// How often longs have been scaled down since somebody was the first of them.
    pub long_deleveragings: u32,
    /// The same for shorts.
    pub short_deleveragings: u32,
    /// Reserved by orders that wait: increases of longs.
    pub pending_long: AbsSize,
    /// Reserved by orders that wait: increases of shorts.
    pub pending_short: AbsSize,
    /// Marginal premium π: what an infinitely small buy pays, as a fraction of the price.
    pub premium: SignedRatio,
    /// Funding rate that longs pay now, per day; negative: shorts pay.
    pub funding_rate: Rate,
    /// I, the integral part of it.
    pub funding_integral: Rate,
    /// Funding index F, USD per unit with 24 decimals.
    pub funding_index: Wide,
    /// Initial margin at present volatility.
    pub initial_margin: Ratio,
    /// Maintenance margin at present volatility.
    pub maintenance_margin: Ratio,
    /// Number of the oldest order that waits, or of the next one.
    pub next_settled: u64,
    /// Number of the next order.
    pub next_order: u64,
}

/// One open position.
#[cw_serde]
pub struct PositionResponse {
    /// The perpetual.
    pub perp: u16,
    /// Positive is long.
    pub size: Size,
    /// Σ size·(price + funding index) at its fills, each rounded up.
    pub cost: SignedUsd,
    /// Cost less present funding, ÷ size: the price at which its PnL would be 0. 0 where no price does that.
    pub break_even: Price,
    /// |size| at the index, rounded up.
    pub notional: Usd,
    /// At the adverse side of the index, funding included, rounded down.
    pub pnl: SignedUsd,
    /// Initial margin of it alone, rounded up.
    pub initial_margin: Usd,
    /// Maintenance margin of it alone, rounded up.
    pub maintenance_margin: Usd,
    /// Index price at which the account falls below maintenance, all else held; none where no price does that.
    pub liquidation_price: Option<Price>,
}

/// One account.
#[cw_serde]
pub struct AccountResponse {
    /// Its owner.
    pub owner: String,
    /// Its number.
    pub account: u16,
    /// Paid in, less fees, premia and realised losses, plus realised gains.
    pub margin: SignedUsd,
    /// Locked by orders that wait.
    pub locked: Usd,
    /// Orders that wait.
    pub orders: u32,
    /// What tokens that back it count for towards maintenance; none where none do.
    pub tokens: Option<Usd>,
    /// Margin plus PnL of all positions, and tokens.
    pub equity: SignedUsd,
    /// The same with positive PnL at its haircut, and only such tokens as are open and have a fresh price.
    pub equity_for_opening: SignedUsd,
    /// Initial margin of all positions together.
    pub initial_margin: Usd,
    /// Maintenance margin of all positions together.
    pub maintenance_margin: Usd,
    /// What can be asked for in a withdrawal, less what insurance gets for it.
    pub withdrawable: Usd,
    /// Notional ÷ equity, rounded up; none for an equity that is not positive.
    pub leverage: Option<Ratio>,
    /// Whether it can be liquidated at these prices.
    pub liquidatable: bool,
    /// Orders from before its last change do not fill. It grows by 1 at a liquidation, and by 1 where the account is emptied
    /// because it ended below zero: a liquidation that ends so adds 2.
    pub generation: u32,
    /// What it has traded within the schedule's window; 0 without a schedule.
    pub volume: Usd,
    /// Part of its fees that is remitted.
    pub fee_discount: Ratio,
    /// Who brought its owner.
    pub referrer: Option<String>,
    /// Open positions.
    pub positions: Vec<PositionResponse>,
}

/// What decides how much margin the positions of an account need together.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum MarginBasis {
    /// Their margins, summed.
    Sum,
    /// The correlations of the board.
    Base,
    /// The same, moved towards 1: everything moves together.
    High,
    /// The same, moved towards 0: hedges break.
    Low,
    /// What offsets may take off at most.
    Limit,
}

/// A margin of an account.
#[cw_serde]
pub struct MarginNeeded {
    /// Of its positions, summed.
    pub sum: Usd,
    /// Of all of them together.
    pub required: Usd,
    /// What decides that.
    pub basis: MarginBasis,
}

/// Margins of one position, and the daily volatilities that they come from.
#[cw_serde]
pub struct PositionMargin {
    /// The perpetual.
    pub perp: u16,
    /// |size| at the index, rounded up.
    pub notional: Usd,
    /// Of this position alone, rounded up.
    pub initial_margin: Usd,
    /// Of this position alone, rounded up.
    pub maintenance_margin: Usd,
    /// σ of the initial margin: the larger of the measured and the ramped one.
    pub volatility: Ratio,
    /// σ of the maintenance margin: the ramped one.
    pub ramped_volatility: Ratio,
}

/// Answer to [`crate::lens::QueryMsg::PreviewTrade`].
#[cw_serde]
pub struct TradePreview {
    /// Worse side of the index.
    pub price: Price,
    /// With the premium, per unit: what a limit is compared with.
    pub fill_price: Price,
    /// Φ after less Φ before: negative is a rebate.
    pub premium: SignedUsd,
    /// The fee.
    pub fee: Usd,
    /// Of it, to whoever settles.
    pub keeper_fee: Usd,
    /// Of it, to insurance. The rest is the providers'.
    pub insurance_fee: Usd,
    /// What insurance gets for the shortfall that the fill adds.
    pub shortfall_premium: Usd,
    /// And for the leverage that it leaves.
    pub leverage_premium: Usd,
    /// What is allowed with the perpetual.
    pub regime: Regime,
    /// Volatility stress of its feed: the larger of measured and ramped volatility ÷ the priced one, at least 1.
    pub stress: Ratio,
    /// What the reduced part realises.
    pub realised: SignedUsd,
    /// Position after the fill.
    pub size: Size,
    /// What the commit would lock.
    pub locked: Usd,
    /// What is free for that.
    pub available: SignedUsd,
    /// Account's initial margin after the fill.
    pub initial_margin: MarginNeeded,
    /// Account's maintenance margin after the fill.
    pub maintenance_margin: MarginNeeded,
    /// What that is made of.
    pub margins: Vec<PositionMargin>,
    /// Account's equity after the fill.
    pub equity: SignedUsd,
    /// Of the position after the fill.
    pub liquidation_price: Option<Price>,
    /// Marginal premium after the fill.
    pub premium_after: SignedRatio,
    /// Why a commit would be refused now, code first; none if it would be taken.
    pub refused: Option<String>,
}

/// One order that waits.
#[cw_serde]
pub struct OrderResponse {
    /// The perpetual.
    pub perp: u16,
    /// Its number.
    pub order: u64,
    /// Owner of the account.
    pub owner: String,
    /// Number of the account.
    pub account: u16,
    /// What it buys (positive) or sells.
    pub size: Size,
    /// Of it, what increases a position.
    pub increase: AbsSize,
    /// Worst price.
    pub limit_price: Option<Price>,
    /// First interval that it may fill at.
    pub interval: u64,
    /// Last interval that it may fill at.
    pub last_interval: u64,
    /// What it locks.
    pub locked: Usd,
    /// What the keeper gets for it.
    pub keeper_fee: Usd,
}

/// Answer to [`crate::lens::QueryMsg::Totals`].
#[cw_serde]
pub struct TotalsResponse {
    /// Σ margin of all accounts.
    pub margin: SignedUsd,
    /// sdUSD that the market holds by its book.
    pub held: Usd,
    /// Σ cost of all positions.
    pub cost: SignedUsd,
    /// The exposure record as stored.
    pub exposure: Exposure,
    /// What that record comes to now at the board's last prices.
    pub reported: SignedUsd,
    /// Unrealised PnL of all winning sides whose index is fresh and certain enough to liquidate at.
    pub winners_pnl: Usd,
    /// That ÷ credit line, rounded up: deleveraging begins beyond its parameter. None without a positive line.
    pub winners_part: Option<Ratio>,
}
