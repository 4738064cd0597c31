//! What the reserve answers.

use cosmwasm_schema::cw_serde;

#[cfg(doc)]
use super::Params;
use super::TokenConfig;
use crate::exposure::Exposure;
use crate::units::{Amount, Price, Ratio, Usd};

/// Addresses and parameters.
#[cw_serde]
pub struct ConfigResponse {
    /// Tightens at once.
    pub guardian: Option<String>,
    /// The pool.
    pub pool: String,
    /// Its oracle.
    pub oracle: String,
    /// Its token.
    pub sdusd: String,
    /// Parameters.
    pub params: super::Params,
}

/// One token with what is there of it.
#[cw_serde]
pub struct TokenResponse {
    /// Its number.
    pub token: u8,
    /// Its configuration.
    pub config: TokenConfig,
    /// Held by the book, base units.
    pub held: Amount,
    /// What one whole token stands in the book at: par, or less since it was written down.
    pub mark: Price,
    /// Value of what is held in the book, rounded down.
    pub value: Usd,
    /// The last price on the board, however old; none where there never was one.
    pub price: Option<Price>,
    /// What may still come in by its ceiling and by [`Params::supply_share`] of the sdUSD that there is now. What a swap in adds to that
    /// makes it a little more.
    pub room_in: Usd,
    /// Most sdUSD that can be swapped for it: what is held at par with the fee on all of it, rounded up; its value in the book once the pool
    /// was shut down.
    pub room_out: Usd,
    /// Fee of the next token that leaves, as a part of it, rounded up; 0 once the pool was shut down.
    pub marginal_fee: Ratio,
    /// Code of what refuses a swap in now, whatever its size; none where nothing does.
    pub refuses_in: Option<String>,
    /// Code of what refuses a swap out now, whatever its size; none where nothing does.
    pub refuses_out: Option<String>,
}

/// The sums over all tokens.
#[cw_serde]
pub struct TotalsResponse {
    /// Value of all tokens in the book.
    pub value: Usd,
    /// sdUSD held by the book.
    pub held: Usd,
    /// What the pool reads.
    pub exposure: Exposure,
}

/// What a swap in would pay.
#[cw_serde]
pub struct InPreview {
    /// sdUSD before the pool's haircut.
    pub paid: Usd,
    /// What goes to insurance.
    pub fee: Usd,
    /// Of what is paid, drawn from the pool.
    pub drawn: Usd,
}

/// What a swap out would pay.
#[cw_serde]
pub struct OutPreview {
    /// Base units of the token.
    pub amount: Amount,
    /// What is kept of the payment as a fee, roundings included.
    pub fee: Usd,
    /// What is kept of the payment for the pool's bad debt.
    pub kept: Usd,
    /// Part of the payment that is kept so: what has to be accepted.
    pub haircut: Ratio,
}
