//! One publisher's message beside what the others said last: how a quorum's median comes about.

use cosmwasm_std::{CanonicalAddr, Storage};
use sdp_types::board::Quote;
use sdp_types::error::OracleError;
use sdp_types::oracle::Submission;
use sdp_types::{ensure, Result};

use crate::median::median;
use crate::round::Round;
use crate::state::{self, Rules, Submissions};

/// Every publisher's last submissions.
pub struct Ballot {
    publisher: CanonicalAddr,
    own: Submissions,
    others: Vec<Submissions>,
    changed: bool,
}

impl Ballot {
    /// Loads them.
    pub fn load(storage: &dyn Storage, rules: &Rules, publisher: CanonicalAddr) -> Result<Self> {
        let own = state::submissions(storage, &publisher)?;
        let others = rules.publishers.iter().filter(|other| **other != publisher);
        let others: Result<_> = others.map(|other| state::submissions(storage, other)).collect();
        Ok(Self { publisher, own, others: others?, changed: false })
    }

    /// Takes in a submission; the median of its feed if that makes a quorum.
    ///
    /// Every error means that there is no price: `E0203`, after which the submission is not kept, and `E0210`, after which it
    /// is.
    pub fn median_with(&mut self, round: &Round<'_>, submission: &Submission) -> Result<Quote> {
        let Submission { feed, price, confidence, publish_time } = *submission;
        let on_board = round.quote(feed)?.publish_time;
        let last = self.own.last(feed).publish_time.max(on_board);
        ensure(publish_time > last, || {
            OracleError::PublishTimeNotNewer { feed: feed.into(), publish_time, last }.into()
        })?;
        let own = Quote { price, confidence, publish_time };
        self.own.set(feed, own);
        self.changed = true;

        let oldest = publish_time.saturating_sub(round.board().intervals.seconds.into());
        let recent = |quote: &Quote| quote.publish_time > on_board && quote.publish_time >= oldest;
        let mut set: Vec<Quote> = self.others.iter().map(|other| other.last(feed)).filter(recent).collect();
        set.push(own);
        let (have, need) = (u64::try_from(set.len()).unwrap_or(u64::MAX), u64::from(round.rules().quorum));
        let too_few = || OracleError::NoQuorum { feed: feed.into(), have, need }.into();
        ensure(have >= need, too_few)?;
        median(&set).ok_or_else(too_few)
    }

    /// Saves what has changed.
    pub fn save(&self, storage: &mut dyn Storage) -> Result<()> {
        if self.changed {
            state::save_submissions(storage, &self.publisher, &self.own)?;
        }
        Ok(())
    }
}
