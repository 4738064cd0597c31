//! Recovery notes: the pool's own debt auction, its parameters and what the liquidator answers about it.

use cosmwasm_schema::cw_serde;

use crate::units::{Ratio, Usd};

/// How recovery notes are sold. One note is a claim of one micro-USD on what the pool sets aside of its insurance's income.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct NoteParams {
    /// sdUSD that one auction brings; the last one of a bad debt may bring less. > 0.
    pub lot: Usd,
    /// The claim that an auction begins with, as a part of what is to be paid; in [1, 100].
    pub start: Ratio,
    /// A bid claims less than the one before it by at least this part of that one, rounded up; in (0, 1).
    pub step: Ratio,
    /// So long after the last bid an auction is over, seconds, 1 to 30 days.
    pub bid_seconds: u64,
    /// So long without a bid it can be started again, seconds, 1 to 30 days …
    pub auction_seconds: u64,
    /// … with so many times the claim, in [1, 10].
    pub raise: Ratio,
    /// Most claims outstanding, those on auction included.
    pub ceiling: Usd,
}

/// One running auction of recovery notes.
#[cw_serde]
pub struct NoteAuctionResponse {
    /// Its number.
    pub auction: u64,
    /// What the winner pays, sdUSD.
    pub lot: Usd,
    /// The lowest claim so far, or what it began with.
    pub claim: Usd,
    /// The most that the next bid may claim.
    pub most: Usd,
    /// Who bid it.
    pub bidder: Option<String>,
    /// It is over from then on; without a bid: it can be started again from then on. Seconds.
    pub ends_at: u64,
}

/// Answer to [`super::QueryMsg::Notes`].
#[cw_serde]
pub struct NotesResponse {
    /// The token: a CW20 of 6 decimals.
    pub token: String,
    /// How they are sold.
    pub params: NoteParams,
    /// All sdUSD that was paid for notes.
    pub paid: Usd,
    /// All claims that were sold for it.
    pub issued: Usd,
    /// Of them, neither redeemed nor burnt.
    pub outstanding: Usd,
    /// Running auctions.
    pub running: u64,
    /// Σ of their lots.
    pub lots: Usd,
    /// Σ of their claims.
    pub claims: Usd,
    /// sdUSD that bidders have paid and that is held until their auctions are over.
    pub escrow: Usd,
}
