//! Messages of the lens: what a pool's books say of its risk. It reads the pool's records raw and computes what the pool itself would find
//! with a sync now; of a market, what an order would do. It holds nothing, decides nothing and has no messages; anybody can put up another one.

use cosmwasm_schema::{cw_serde, QueryResponses};

use crate::board::FeedId;
use crate::exposure::Recoveries;
use crate::ledger::Losses;
use crate::market::{
    AccountId, AccountResponse, Delegation, OrderResponse, PerpResponse, TotalsResponse, TradePreview,
};
use crate::pool::{
    CeilingResponse, ExitPreview, LimitResponse, MarketResponse, OfferResponse, PositionResponse,
    RegimesResponse,
};
use crate::regime::Regime;
use crate::units::{Amount, Price, Ratio, SignedRatio, SignedUsd, Size, Usd};

/// Name in cw2.
pub const CONTRACT: &str = "sdp-lens";

/// A new lens.
#[cw_serde]
pub struct InstantiateMsg {
    /// The pool that it looks at.
    pub pool: String,
}

/// What can be asked. Answers are as of a sync now, those about the estate as stored.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// The pool that it looks at.
    #[returns(ConfigResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Config {},
    /// The pool at a glance.
    #[returns(HealthResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Health {},
    /// How far the pool is from not being able to pay, and what would hedge it.
    #[returns(SolvencyResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Solvency {},
    /// All listed markets.
    #[returns(Vec<MarketResponse>)]
    #[serde(deserialize_with = "crate::fields::none")]
    Markets {},
    /// Ceilings that follow what is used.
    #[returns(Vec<CeilingResponse>)]
    #[serde(deserialize_with = "crate::fields::none")]
    Ceilings {},
    /// What is allowed, why, and what the breakers measure.
    #[returns(RegimesResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Regimes {},
    /// What is left since the pool was shut down; none while it runs.
    #[returns(Option<EstateResponse>)]
    #[serde(deserialize_with = "crate::fields::none")]
    Estate {},
    /// What a holder has redeemed since then, and what is due for it now.
    #[returns(RedeemedResponse)]
    Redeemed {
        /// Whose.
        holder: String,
    },
    /// What a mint would do: the error that it would have, or the position after it.
    #[returns(PositionResponse)]
    #[serde(deserialize_with = "crate::fields::mint")]
    PreviewMint {
        /// Vault of the position.
        vault: u8,
        /// Its owner.
        owner: String,
        /// How much.
        amount: Usd,
    },
    /// The most that can be minted now.
    #[returns(LimitResponse)]
    #[serde(deserialize_with = "crate::fields::position")]
    MaximumMint {
        /// Vault of the position.
        vault: u8,
        /// Its owner.
        owner: String,
    },
    /// What executing an exit of this amount would release at the board's prices, whatever its delays.
    #[returns(ExitPreview)]
    #[serde(deserialize_with = "crate::fields::exit")]
    PreviewExit {
        /// Vault of the position.
        vault: u8,
        /// Its owner.
        owner: String,
        /// How much of the collateral.
        amount: Amount,
    },
    /// All perpetuals of a market, at the board's prices and funding accrued to now.
    #[returns(Vec<PerpResponse>)]
    #[serde(deserialize_with = "crate::fields::market")]
    Perps {
        /// The market contract.
        market: String,
    },
    /// One account of a market; an empty one where there is none.
    #[returns(AccountResponse)]
    #[serde(deserialize_with = "crate::fields::account")]
    Account {
        /// The market contract.
        market: String,
        /// Its owner.
        owner: String,
        /// Its number.
        account: u16,
    },
    /// Several accounts of a market, in this order; at most 100.
    #[returns(Vec<AccountResponse>)]
    Accounts {
        /// The market contract.
        market: String,
        /// Which: the market lists them.
        accounts: Vec<AccountId>,
    },
    /// Orders of a perpetual that wait, oldest first. It looks at 1,000 numbers at most, those of orders that were taken back among them.
    #[returns(Vec<OrderResponse>)]
    Orders {
        /// The market contract.
        market: String,
        /// The perpetual.
        perp: u16,
        /// The number after which to begin.
        start_after: Option<u64>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// The sums of a market's books, as stored.
    #[returns(TotalsResponse)]
    #[serde(deserialize_with = "crate::fields::market")]
    Totals {
        /// The market contract.
        market: String,
    },
    /// What an order would do if it filled now at the index.
    #[returns(TradePreview)]
    #[serde(deserialize_with = "crate::fields::trade")]
    PreviewTrade {
        /// The market contract.
        market: String,
        /// Owner of the account.
        owner: String,
        /// Its number.
        account: u16,
        /// The perpetual.
        perp: u16,
        /// What to buy (positive) or sell.
        size: Size,
    },
    /// What the owner of an account lets another address do with it, whether that is over or not; none where nothing.
    #[returns(Option<Delegation>)]
    #[serde(deserialize_with = "crate::fields::delegate")]
    Delegation {
        /// The market contract.
        market: String,
        /// Owner of the account.
        owner: String,
        /// Its number.
        account: u16,
        /// The other address.
        delegate: String,
    },
    /// To whom a position is offered, if it is.
    #[returns(Option<OfferResponse>)]
    #[serde(deserialize_with = "crate::fields::position")]
    Offer {
        /// Vault of the position.
        vault: u8,
        /// Its owner.
        owner: String,
    },
    /// Who may mint for an owner's positions, if somebody may.
    #[returns(Option<String>)]
    Minter {
        /// Whose.
        owner: String,
    },
    /// What each market and each vault contributes to the expected shortfall.
    #[returns(ContributionsResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Contributions {},
}

/// Answer to [`QueryMsg::Config`].
#[cw_serde]
pub struct ConfigResponse {
    /// The pool that it looks at.
    pub pool: String,
}

/// Answer to [`QueryMsg::Health`].
#[cw_serde]
pub struct HealthResponse {
    /// Value of all collateral.
    pub collateral: Usd,
    /// What the providers owe.
    pub debt: SignedUsd,
    /// Of it, because of the markets: reported, drawn and fees less shortfalls, and potential.
    pub debt_from_markets: SignedUsd,
    /// Collateral ÷ debt, rounded down; none where nothing is owed.
    pub collateral_ratio: Option<Ratio>,
    /// Collateral less debt.
    pub free_collateral: SignedUsd,
    /// Credit that the markets may still use.
    pub locked_credit: Usd,
    /// Debt ÷ collateral, rounded up; 0 where nothing is owed.
    pub utilisation: Ratio,
    /// sdUSD in circulation.
    pub supply: Usd,
    /// The risk potential.
    pub potential: Usd,
    /// The insurance fund.
    pub insurance: Usd,
    /// Of its income, what recovery notes can be redeemed from.
    pub set_aside: Usd,
    /// Losses that no layer has taken.
    pub bad_debt: Usd,
    /// What each layer has taken of all losses so far.
    pub losses: Losses,
    /// The part of a market's draw that is kept for bad debt: bad debt ÷ what the markets owe, rounded up, at most 1.
    pub draw_haircut: Ratio,
    /// The part of what a provider takes out that is charged for bad debt: bad debt ÷ (collateral − debt), rounded up, at most 1.
    pub exit_haircut: Ratio,
    /// Auctions' outstanding tab.
    pub tab: Usd,
    /// The liquidator's counters.
    pub recoveries: Recoveries,
    /// One-day expected shortfall (97.5 %) of the markets' exposure at measured volatility, the worst of three correlation
    /// matrices.
    pub expected_shortfall: Usd,
    /// The same with the collateral, which offsets at most half of the smaller leg.
    pub expected_shortfall_with_collateral: Usd,
    /// The most that `expected_shortfall` may be after what raises it; none without budgets.
    pub markets_budget: Option<Usd>,
    /// The most that `expected_shortfall_with_collateral` may be after what raises it; none without budgets.
    pub total_budget: Option<Usd>,
    /// What is allowed.
    pub regime: Regime,
    /// 1/λ: the depth that fills pay by.
    pub impact_depth: Usd,
    /// Insurance ÷ `expected_shortfall`, rounded down; none where that is 0.
    pub insurance_coverage: Option<Ratio>,
    /// See [`SolvencyResponse::distance_to_default`].
    pub distance_to_default: Option<SignedRatio>,
    /// Exposure of the pool per feed, in USD: positive is long.
    pub exposures: Vec<FeedExposure>,
    /// Σ |exposure|.
    pub gross_exposure: Usd,
    /// The largest |exposure| ÷ `gross_exposure`, rounded up; 0 where there is none.
    pub concentration: Ratio,
    /// Exposure of the pool to each listed market.
    pub markets: Vec<MarketExposure>,
    /// Age of the oldest price in use, seconds.
    pub oldest_price: u64,
    /// Markets whose record or prices are not good now: they are close-only.
    pub close_only: Vec<String>,
    /// Of the next sync, after which these numbers hold.
    pub as_of: u64,
}

/// The pool's exposure in one feed.
#[cw_serde]
pub struct FeedExposure {
    /// Which feed.
    pub feed: FeedId,
    /// −skew·price: what the pool gains when the price doubles.
    pub exposure: SignedUsd,
}

/// The pool's exposure to one market contract.
#[cw_serde]
pub struct MarketExposure {
    /// The contract.
    pub market: String,
    /// Σ |exposure| over its feeds.
    pub gross: Usd,
    /// Σ exposure over its feeds: positive where its traders are net short.
    pub net: SignedUsd,
}

/// Answer to [`QueryMsg::Solvency`]. What is owed is a claim on the collateral; horizon one year, neither drift nor
/// interest (Merton 1974).
#[cw_serde]
pub struct SolvencyResponse {
    /// Value of all collateral.
    pub assets: Usd,
    /// What it stands for: the providers' debt and bad debt less insurance, which is equity.
    pub debt: SignedUsd,
    /// What nobody pays: bad debt, and what the providers' debt less insurance is above the assets.
    pub shortfall: Usd,
    /// The insurance fund.
    pub insurance: Usd,
    /// Volatility of the assets less what markets and collateral move them by, per √year, rounded up.
    pub volatility: Ratio,
    /// Standard deviations from default; none where there is no finite number: nothing is owed, nothing is there, nothing
    /// moves.
    pub distance_to_default: Option<SignedRatio>,
    /// Probability of default within a year.
    pub default_probability: Ratio,
    /// What sdUSD should yield a year for the risk of the collateral; none where a claim on it is worth nothing.
    pub credit_spread: Option<Ratio>,
    /// By feed, where there is an exposure.
    pub hedges: Vec<Hedge>,
    /// Of recovery notes: sdUSD that was paid for them.
    pub notes_paid: Usd,
    /// Claims that are neither redeemed nor burnt.
    pub notes_outstanding: Usd,
    /// What is set aside to redeem them.
    pub set_aside: Usd,
    /// All claims that were sold ÷ what was paid for them − 1, rounded down: what their buyers earn when all are redeemed; none where
    /// none were sold.
    pub note_yield: Option<SignedRatio>,
}

/// What somebody outside should hold to take the pool's first-order risk in one feed, whole units: −exposure ÷ price.
#[cw_serde]
pub struct Hedge {
    /// Which feed.
    pub feed: FeedId,
    /// Of the markets.
    pub markets: Size,
    /// Of the markets and the collateral.
    pub with_collateral: Size,
}

/// Answer to [`QueryMsg::Contributions`]: the parts add up to the total. A negative one hedges the others.
#[cw_serde]
pub struct ContributionsResponse {
    /// As [`HealthResponse::expected_shortfall_with_collateral`].
    pub expected_shortfall: Usd,
    /// Of each listed market.
    pub markets: Vec<MarketContribution>,
    /// Of each vault, by number.
    pub vaults: Vec<SignedUsd>,
}

/// One market's part of the expected shortfall.
#[cw_serde]
pub struct MarketContribution {
    /// The contract.
    pub market: String,
    /// Its part.
    pub contribution: SignedUsd,
}

/// Answer to [`QueryMsg::Estate`].
#[cw_serde]
pub struct EstateResponse {
    /// When the pool was shut down, seconds.
    pub shut_at: u64,
    /// From then on claims can be fixed, seconds.
    pub fixed_from: u64,
    /// Frozen prices, by vault.
    pub prices: Vec<Price>,
    /// Collateral of positions that were written off, by vault.
    pub written_off: Vec<Amount>,
    /// Since claims are fixed.
    pub claims: Option<ClaimsResponse>,
}

/// What was divided.
#[cw_serde]
pub struct ClaimsResponse {
    /// All claims of holders of sdUSD, those that are still to be drawn, redeemed or minted included.
    pub holders: Usd,
    /// The part that providers lose of what they have.
    pub haircut: Ratio,
    /// What holders of sdUSD get, by vault.
    pub collateral: Vec<Amount>,
    /// Of it, not collected yet.
    pub left: Vec<Amount>,
    /// What providers get, by vault.
    pub providers: Vec<Amount>,
    /// Of it, not claimed yet.
    pub providers_left: Vec<Amount>,
}

/// Answer to [`QueryMsg::Redeemed`].
#[cw_serde]
pub struct RedeemedResponse {
    /// sdUSD that was redeemed.
    pub amount: Usd,
    /// Collateral that is due now, by vault.
    pub due: Vec<Amount>,
}

/// Migration: only from an older version of the same contract.
#[cw_serde]
pub struct MigrateMsg {}
