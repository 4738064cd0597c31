//! What sellers, buyers and holders of recovery notes do, and how it is shown.

use clap::Subcommand;
use sdp_network::{Network, Recovering};
use sdp_types::lens::SolvencyResponse;
use sdp_types::liquidator::{NoteAuctionResponse, NotesResponse};
use sdp_types::units::{Ratio, SignedRatio, Usd};

use crate::failure::Failure;
use crate::output::{self, dollars, moment, percent};
use crate::provide::usd;
use crate::session::{Sender, Session};
use crate::show::{self, name};

#[derive(Subcommand)]
pub enum Command {
    /// What was sold and is outstanding, and the auctions that run; as `show notes`.
    List,
    /// Begin to sell notes for bad debt that insurance can't meet.
    Start {
        #[command(flatten)]
        sender: Sender,
    },
    /// Begin an auction without a bid again, with a larger claim.
    Restart {
        /// Number of the auction.
        auction: u64,
        #[command(flatten)]
        sender: Sender,
    },
    /// Pay for an auction and claim less for it than anybody before.
    Bid {
        /// Number of the auction.
        auction: u64,
        /// USD of notes that are claimed for its lot.
        #[arg(long, value_name = "USD")]
        claim: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Make the notes of the last bid, once it stands.
    Settle {
        /// Number of the auction.
        auction: u64,
        #[command(flatten)]
        sender: Sender,
    },
    /// Redeem notes for their part of what is set aside; the rest of the claim is given up.
    Redeem {
        /// USD of notes.
        amount: String,
        /// USD that have to be paid at least.
        #[arg(long, value_name = "USD")]
        least: Option<String>,
        #[command(flatten)]
        sender: Sender,
    },
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    match command {
        Command::List => show::run(session, show::Command::Notes),
        Command::Start { sender } => session.act(|chain| chain.start_note_auction(&sender.from)),
        Command::Restart { auction, sender } => {
            session.act(|chain| chain.restart_note_auction(&sender.from, auction))
        }
        Command::Bid { auction, claim, sender } => session.act(|chain| {
            let claim = usd(&claim)?;
            // of one that does not run the contract says so
            let found = chain.note_auctions()?.into_iter().find(|running| running.auction == auction);
            let lot = found.map_or(Usd::ZERO, |running| running.lot);
            chain.bid(&sender.from, auction, lot, claim)
        }),
        Command::Settle { auction, sender } => {
            session.act(|chain| chain.settle_note_auction(&sender.from, auction))
        }
        Command::Redeem { amount, least, sender } => session.act(|chain| {
            let least = least.as_deref().map(usd).transpose()?;
            chain.redeem(&sender.from, usd(&amount)?, least)
        }),
    }
}

/// What was sold, and the auctions that run.
pub fn notes(chain: &dyn Network, found: &NotesResponse, auctions: &[NoteAuctionResponse]) {
    let row = |name: &str, value: String| (name.to_string(), value);
    output::fields([
        row("paid for notes", dollars(found.paid)),
        row("claims sold for it", dollars(found.issued)),
        row("  outstanding", dollars(found.outstanding)),
        row("  on auction", dollars(found.claims)),
        row("  at most", dollars(found.params.ceiling)),
        row("bids held", dollars(found.escrow)),
    ]);
    say!("");
    let rows = auctions.iter().map(|auction| {
        vec![
            auction.auction.to_string(),
            dollars(auction.lot),
            dollars(auction.claim),
            auction.bidder.as_deref().map_or("–".into(), |bidder| name(chain, bidder)),
            dollars(auction.most),
            moment(auction.ends_at),
        ]
    });
    output::table(&["auction", "lot", "claim", "bidder", "next bid at most", "until"], rows);
}

/// Lines of `show solvency`, where notes were sold.
pub fn solvency(found: &SolvencyResponse) -> Vec<(String, String)> {
    let row = |name: &str, value: String| (name.to_string(), value);
    let Some(found_yield) = found.note_yield else { return vec![] };
    vec![
        row("paid for recovery notes", dollars(found.notes_paid)),
        row("  yield at which they sold", signed_percent(found_yield)),
        row("  outstanding", dollars(found.notes_outstanding)),
        row("  set aside for them", dollars(found.set_aside)),
    ]
}

fn signed_percent(ratio: SignedRatio) -> String {
    let sign = if ratio.raw() < 0 { "-" } else { "" };
    format!("{sign}{}", percent(Some(Ratio::new(ratio.raw().unsigned_abs()))))
}
