//! What an order, a take or a price to publish consists of.

use sdp_types::board::FeedId;
use sdp_types::units::{Amount, Price, Ratio, Size, Usd};

/// A feed's price to publish, with its confidence; none: the manifest's.
pub type FeedPrice = (FeedId, Price, Option<Ratio>);

/// An order: what, where, and under which conditions.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// Whose account; the sender's by default.
    pub owner: Option<String>,
    /// Its number.
    pub account: u16,
    /// What to buy (positive) or sell.
    pub size: Size,
    /// Worst price.
    pub limit_price: Option<Price>,
    /// Seconds until it expires.
    pub expires_in: Option<u64>,
    /// Whether it only reduces the position.
    pub reduce_only: bool,
}

/// A take: which auction, how much, and under which conditions.
#[derive(Clone, Debug)]
pub struct Take {
    /// Number of the auction.
    pub auction: u64,
    /// sdUSD to send along; what is not needed comes back.
    pub payment: Usd,
    /// Most collateral to buy.
    pub amount: Amount,
    /// Highest price.
    pub max_price: Price,
    /// Who gets the collateral; the payer by default.
    pub recipient: Option<String>,
}
