//! What the desk answers.

use cosmwasm_schema::cw_serde;

use crate::exposure::Exposure;
use crate::units::{SignedUsd, Usd};

/// Addresses and parameters.
#[cw_serde]
pub struct ConfigResponse {
    /// Tightens at once, and quarantines.
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

/// A draw beyond the bond that was announced.
#[cw_serde]
pub struct Announcement {
    /// What is left of it.
    pub amount: Usd,
    /// Block time from which it can be made, seconds.
    pub from: u64,
}

/// Why nothing of a market is believed.
#[cw_serde]
pub struct QuarantineResponse {
    /// Code of what was found.
    pub code: String,
    /// Block time, seconds.
    pub since: u64,
    /// When the owner said what it is owed, if he has.
    pub resolved: Option<u64>,
}

/// One bonded market.
#[cw_serde]
pub struct BondedResponse {
    /// The contract.
    pub market: String,
    /// Who gets the bond back.
    pub opener: String,
    /// sdUSD that bears its losses first.
    pub bond: Usd,
    /// Most that it may have cost.
    pub credit: Usd,
    /// All that it ever drew.
    pub paid_out: Usd,
    /// All that was ever paid in for it.
    pub paid_in: Usd,
    /// What it owes by its last record that was believed.
    pub claim: Usd,
    /// What it has cost: paid out − paid in + claim.
    pub cost: SignedUsd,
    /// What the opener would get back now.
    pub refund: Usd,
    /// When its last record was written.
    pub as_of: u64,
    /// When that came, or when the market was opened.
    pub pushed_at: u64,
    /// A draw beyond the bond that is to come.
    pub announced: Option<Announcement>,
    /// Since when it closes.
    pub closing: Option<u64>,
    /// Whether it is in quarantine.
    pub quarantine: Option<QuarantineResponse>,
    /// Its last record that was believed.
    pub record: Option<Exposure>,
}

/// The sums over all bonded markets.
#[cw_serde]
pub struct TotalsResponse {
    /// sdUSD that the desk holds by its book.
    pub held: Usd,
    /// Σ bonds.
    pub bonds: Usd,
    /// Σ credit.
    pub credit: Usd,
    /// Most credit that there may be now.
    pub cap: Usd,
    /// What the providers have had of all of them, positive where it is a loss.
    pub used: SignedUsd,
    /// The part of it of markets that are over.
    pub results: SignedUsd,
    /// The desk's record.
    pub exposure: Exposure,
}

/// What a contract shows.
#[cw_serde]
pub struct CheckResponse {
    /// Bytes under its exposure key.
    pub bytes: u64,
    /// The record that they begin with, if it is one.
    pub record: Option<Exposure>,
    /// Bytes of that record alone: what has to be pushed.
    pub record_bytes: u64,
    /// What it owes by it now, where all its feeds have fresh prices.
    pub claim: Option<Usd>,
    /// What a push of it would be answered with, had the contract the credit that it has (or any, where it is not bonded); none: it is good.
    pub refuses: Option<String>,
    /// Whether it is what was pushed last; none: the contract is not bonded, or has pushed nothing.
    pub as_pushed: Option<bool>,
    /// Whether the pool lists it by itself.
    pub listed: bool,
}
