//! What buyers of recovery notes do, by name and in exact units.

use sdp_types::liquidator::{ExecuteMsg, Hook, NoteAuctionResponse, NotesResponse, QueryMsg};
use sdp_types::units::{Amount, Usd};

use crate::error::Result;
use crate::message::Answer;
use crate::network::Network;
use crate::Actions;

/// What people do with recovery notes on a [`Network`]; every network has it.
pub trait Recovering: Actions {
    /// Begins to sell notes for what is missing.
    fn start_note_auction(&mut self, sender: &str) -> Result<Answer> {
        self.execute(sender, "liquidator", &ExecuteMsg::StartNoteAuction {}, &[])
    }

    /// Begins again where nobody has bid.
    fn restart_note_auction(&mut self, sender: &str, auction: u64) -> Result<Answer> {
        self.execute(sender, "liquidator", &ExecuteMsg::RestartNoteAuction { auction }, &[])
    }

    /// Makes the notes of the last bid.
    fn settle_note_auction(&mut self, sender: &str, auction: u64) -> Result<Answer> {
        self.execute(sender, "liquidator", &ExecuteMsg::SettleNoteAuction { auction }, &[])
    }

    /// Pays for an auction and claims so much for it; what is more than the lot comes back.
    fn bid(&mut self, payer: &str, auction: u64, payment: Usd, claim: Usd) -> Result<Answer> {
        let hook = Hook::Bid { auction, claim };
        self.send_tokens(payer, "sdusd", "liquidator", Amount::new(payment.raw()), &hook)
    }

    /// Redeems notes for sdUSD.
    fn redeem(&mut self, holder: &str, notes: Usd, least: Option<Usd>) -> Result<Answer> {
        let hook = Hook::Redeem { least, recipient: None };
        self.send_tokens(holder, "sdnote", "liquidator", Amount::new(notes.raw()), &hook)
    }

    /// What was sold and what is outstanding.
    fn notes(&self) -> Result<NotesResponse> {
        self.query("liquidator", &QueryMsg::Notes {})
    }

    /// Running auctions, oldest first.
    fn note_auctions(&self) -> Result<Vec<NoteAuctionResponse>> {
        self.pages("liquidator", |last: Option<&NoteAuctionResponse>| QueryMsg::NoteAuctions {
            start_after: last.map(|last| last.auction),
            limit: Some(100),
        })
    }
}

impl<N: Network + ?Sized> Recovering for N {}
