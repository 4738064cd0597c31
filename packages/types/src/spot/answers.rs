//! What can be asked of the synthetics, and its answers.

use cosmwasm_schema::{cw_serde, QueryResponses};

use super::{BuyExact, Change, Params, SellExact, SyntheticConfig};
use crate::exposure::Exposure;
use crate::governance::Queued;
use crate::math::Wide;
use crate::ownership::Ownership;
use crate::units::{Amount, Price, SignedRatio, SignedUsd, Size, Usd};

/// What can be asked, at the board's prices.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Addresses and parameters.
    #[returns(ConfigResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Config {},
    /// All synthetics.
    #[returns(Vec<SyntheticResponse>)]
    #[serde(deserialize_with = "crate::fields::none")]
    Synthetics {},
    /// Orders of a synthetic that wait, oldest first.
    #[returns(Vec<OrderResponse>)]
    Orders {
        /// The synthetic.
        synthetic: u16,
        /// The number after which to begin.
        start_after: Option<u64>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// What somebody can collect.
    #[returns(ClaimResponse)]
    Claim {
        /// Who.
        owner: String,
    },
    /// All who can collect something, by address.
    #[returns(Vec<ClaimResponse>)]
    Claims {
        /// The one after which to begin.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// What a buy would do if it filled now at the index.
    #[returns(TradePreview)]
    PreviewBuy {
        /// The synthetic.
        synthetic: u16,
        /// What is paid.
        usd: Usd,
        /// What is exact.
        exact: BuyExact,
    },
    /// What a sale would do if it filled now at the index.
    #[returns(TradePreview)]
    PreviewSell {
        /// The synthetic.
        synthetic: u16,
        /// Base units that are sent.
        amount: Amount,
        /// What is exact.
        exact: SellExact,
    },
    /// The sums of the books, as stored.
    #[returns(TotalsResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Totals {},
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
    /// The token that is paid.
    pub sdusd: String,
    /// Code of which further tokens are made.
    pub token_code_id: u64,
    /// Parameters.
    pub params: Params,
}

/// One synthetic.
#[cw_serde]
pub struct SyntheticResponse {
    /// Its number.
    pub synthetic: u16,
    /// Its configuration.
    pub config: SyntheticConfig,
    /// Its token.
    pub token: String,
    /// Base units that are owed: minted less burnt by this contract.
    pub supply: Amount,
    /// Redemption index R as stored, 27 decimals: units of the asset that one token is owed.
    pub redemption: Wide,
    /// Units of the asset that all tokens are owed, as stored.
    pub quantity: Size,
    /// Funding index of the perpetual when funding was last turned into quantity, USD per unit with 24 decimals.
    pub funding_index: Wide,
    /// Index price as of the board; 0 where there is none yet.
    pub index: Price,
    /// What one token is worth at the index, rounded down.
    pub price: Price,
    /// Marginal premium π: what an infinitely small buy pays, as a fraction of the price.
    pub premium: SignedRatio,
    /// How much more can be bought below its cap.
    pub room: Usd,
    /// Base units that buys which wait have reserved under the cap.
    pub reserved: Amount,
    /// Base units that sales which wait have locked.
    pub locked: Amount,
    /// Number of the oldest order that waits, or of the next one.
    pub next_settled: u64,
    /// Number of the next order.
    pub next_order: u64,
    /// Once it was shut down: what all its tokens together are owed.
    pub frozen: Option<Usd>,
}

/// What an order does.
#[cw_serde]
pub enum OrderKind {
    /// Spends exactly so much.
    BuyFor {
        /// Locked, and spent.
        paid: Usd,
        /// Base units that it gets at least.
        least: Amount,
    },
    /// Buys exactly so much.
    BuyExactly {
        /// Locked: most that it spends.
        paid: Usd,
        /// Base units that it gets.
        amount: Amount,
    },
    /// Sells exactly so much.
    SellAll {
        /// Base units, locked and sold.
        amount: Amount,
        /// What it gets at least.
        least: Usd,
    },
    /// Sells for exactly so much.
    SellFor {
        /// Base units, locked: most that it sells.
        amount: Amount,
        /// What it gets.
        usd: Usd,
    },
}

/// One order that waits.
#[cw_serde]
pub struct OrderResponse {
    /// The synthetic.
    pub synthetic: u16,
    /// Its number.
    pub order: u64,
    /// Who committed it.
    pub owner: String,
    /// Who gets what it brings.
    pub recipient: String,
    /// What it does.
    pub kind: OrderKind,
    /// First interval that it may fill at.
    pub interval: u64,
    /// Last interval that it may fill at.
    pub last_interval: u64,
    /// Base units that it has reserved under the cap.
    pub reserved: Amount,
    /// What the keeper gets where it does not fill.
    pub keeper_fee: Usd,
}

/// What somebody can collect.
#[cw_serde]
pub struct ClaimResponse {
    /// Who.
    pub owner: String,
    /// How much.
    pub amount: Usd,
}

/// Answer to [`QueryMsg::PreviewBuy`] and [`QueryMsg::PreviewSell`].
#[cw_serde]
pub struct TradePreview {
    /// Worse side of the index.
    pub price: Price,
    /// Base units that are bought or sold.
    pub amount: Amount,
    /// Units of the asset that these are owed.
    pub quantity: Size,
    /// Those at that price: rounded up for a buy, down for a sale.
    pub value: Usd,
    /// Φ after less Φ before: negative is a rebate.
    pub premium: SignedUsd,
    /// The fee.
    pub fee: Usd,
    /// Of it, to whoever settles.
    pub keeper_fee: Usd,
    /// Of it, to insurance. The rest is the providers'.
    pub insurance_fee: Usd,
    /// What the buyer spends, or the seller gets.
    pub usd: Usd,
    /// Marginal premium after the fill.
    pub premium_after: SignedRatio,
    /// Why a commit would be refused now, code first; none if it would be taken.
    pub refused: Option<String>,
}

/// Answer to [`QueryMsg::Totals`].
#[cw_serde]
pub struct TotalsResponse {
    /// sdUSD that the contract holds by its book.
    pub held: Usd,
    /// sdUSD that buys which wait have locked.
    pub locked: Usd,
    /// Σ of what can be collected.
    pub claims: Usd,
    /// Σ of what tokens are owed since a shutdown.
    pub frozen: Usd,
    /// The exposure record as stored.
    pub exposure: Exposure,
    /// What that record comes to now at the board's last prices.
    pub reported: SignedUsd,
}
