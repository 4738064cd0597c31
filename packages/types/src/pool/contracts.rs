//! What other contracts send to the pool, and what they get back: of its messages those that one of them sends, because it pays for the code
//! of all.

use cosmwasm_schema::cw_serde;

#[cfg(doc)]
use super::ExecuteMsg;
use super::Token;
use crate::board::FeedId;
use crate::units::{Amount, Price, Ratio, Usd};

/// [`ExecuteMsg::Seize`] and [`ExecuteMsg::RedeemNotes`] alone, as the liquidator sends them.
#[cw_serde]
pub enum LiquidatorMsg {
    /// See there.
    Seize {
        /// See there.
        vault: u8,
        /// See there.
        owner: String,
        /// See there.
        room: Usd,
        /// See there.
        dust: Usd,
    },
    /// See there.
    RedeemNotes {
        /// See there.
        notes: Usd,
        /// See there.
        least: Option<Usd>,
        /// See there.
        recipient: String,
    },
}

/// [`ExecuteMsg::Draw`] alone, as a market sends it: to write all messages is four kilobytes of its code.
#[cw_serde]
pub enum MarketMsg {
    /// See there.
    Draw {
        /// See there.
        amount: Usd,
        /// See there.
        recipient: String,
        /// See there.
        accepted_haircut: Option<Ratio>,
    },
}

/// Data that answers [`ExecuteMsg::Seize`].
#[cw_serde]
pub struct Seizure {
    /// The collateral, sent to the liquidator.
    pub token: Token,
    /// How much of it.
    pub lot: Amount,
    /// Debt that the auction has to bring.
    pub tab: Usd,
    /// What it has to bring on top.
    pub penalty: Usd,
    /// Feed of the collateral.
    pub feed: FeedId,
    /// Decimals of the collateral.
    pub decimals: u8,
    /// Its price now.
    pub price: Price,
}
