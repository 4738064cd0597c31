//! Auctions of recovery notes: pure, and what is stored of them.
//!
//! Bad debt that insurance can't meet is sold: whoever claims least of insurance's future income pays now, and that is burnt against it. A
//! bidder pays the whole lot with his bid and gets it back when somebody claims less.

use cosmwasm_std::Addr;
use sdp_types::error::LiquidatorError;
use sdp_types::liquidator::NoteParams;
use sdp_types::record::Record;
use sdp_types::{ensure, Error, Result, Rounding, Usd};
use serde::{Deserialize, Serialize};

/// One running auction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteAuction {
    /// What is to be paid, sdUSD.
    pub lot: Usd,
    /// The lowest claim so far, or what it began with.
    pub claim: Usd,
    /// Whose it is; he has paid the lot.
    pub bidder: Option<Addr>,
    /// It is over from then on, or without a bid can be started again; seconds.
    pub ends_at: u64,
    /// How it is sold: as when it last started.
    pub params: NoteParams,
}

impl Record for NoteAuction {
    const NAME: &'static str = "note auction";
    const VERSION: u8 = 1;
}

/// The sums over all running auctions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    /// Number of the last auction that was started.
    pub last: u64,
    /// How many are running.
    pub running: u64,
    /// Σ of their lots.
    pub lots: Usd,
    /// Σ of their claims.
    pub claims: Usd,
}

impl Record for Notes {
    const NAME: &'static str = "notes";
    const VERSION: u8 = 1;
}

impl NoteAuction {
    /// Begins, or begins again, with at most `claim`, as far as the ceiling leaves room beside `claims`, those outstanding and on
    /// auction. `E0526` where that is less than the lot: nobody would buy.
    pub fn start(lot: Usd, claim: Usd, claims: Usd, params: NoteParams, now: u64) -> Result<Self> {
        let claim = claim.min(params.ceiling.saturating_minus(claims));
        ensure(claim >= lot, || LiquidatorError::NoteCeiling { claims, ceiling: params.ceiling }.into())?;
        let ends_at = now.saturating_add(params.auction_seconds);
        Ok(Self { lot, claim, bidder: None, ends_at, params })
    }

    /// The most that the next bid may claim.
    pub fn most(&self) -> Result<Usd> {
        match self.bidder {
            None => Ok(self.claim),
            Some(_) => self.claim.minus(self.claim.scale(self.params.step, Rounding::Up)?),
        }
    }

    /// Somebody bids: who had bid before gets his lot back. `E0005`, `E0529`; `E0527` where the last bid stands.
    pub fn bid(&mut self, bidder: Addr, claim: Usd, now: u64) -> Result<Option<Addr>> {
        let ended_at = self.ends_at;
        ensure(self.bidder.is_none() || now < ended_at, || {
            LiquidatorError::NoteAuctionOver { ended_at, now }.into()
        })?;
        ensure(!claim.is_zero(), || Error::Zero { what: "claim".into() })?;
        let most = self.most()?;
        ensure(claim <= most, || LiquidatorError::ClaimTooLarge { claim, most }.into())?;
        self.claim = claim;
        self.ends_at = now.saturating_add(self.params.bid_seconds);
        Ok(self.bidder.replace(bidder))
    }

    /// `E0528` before it is over.
    pub fn is_over(&self, now: u64) -> Result<()> {
        let until = self.ends_at;
        ensure(now >= until, || LiquidatorError::NoteAuctionRunning { until, now }.into())
    }
}

impl Notes {
    /// An auction runs from now on.
    pub fn add(&mut self, auction: &NoteAuction) -> Result<()> {
        self.running = self.running.saturating_add(1);
        self.lots = self.lots.plus(auction.lot)?;
        self.claims = self.claims.plus(auction.claim)?;
        Ok(())
    }

    /// An auction does not run any more, or is about to change: [`Self::add`] it again then.
    pub fn take(&mut self, auction: &NoteAuction) -> Result<()> {
        self.running = self.running.saturating_sub(1);
        self.lots = self.lots.minus(auction.lot)?;
        self.claims = self.claims.minus(auction.claim)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use sdp_types::Ratio;

    use super::*;

    const HOUR: u64 = 3_600;

    fn params() -> NoteParams {
        NoteParams {
            lot: Usd::whole(1_000),
            start: Ratio::percent(200),
            step: Ratio::percent(5),
            bid_seconds: HOUR,
            auction_seconds: 24 * HOUR,
            raise: Ratio::percent(150),
            ceiling: Usd::whole(10_000),
        }
    }

    fn auction() -> NoteAuction {
        NoteAuction::start(Usd::whole(1_000), Usd::whole(2_000), Usd::ZERO, params(), 0).unwrap()
    }

    fn named(name: &str) -> Addr {
        Addr::unchecked(name)
    }

    #[test]
    fn the_first_bid_may_claim_all_and_each_further_one_a_step_less() {
        let mut auction = auction();
        assert_eq!(auction.bid(named("anna"), Usd::whole(2_000), 5), Ok(None));
        assert_eq!(auction.most(), Ok(Usd::whole(1_900)));
        let refused = auction.bid(named("bert"), Usd::whole(1_901), 6).unwrap_err();
        assert_eq!(refused.code(), "E0529");
        assert_eq!(auction.bid(named("bert"), Usd::whole(1_900), 6), Ok(Some(named("anna"))));
        assert_eq!((auction.claim, auction.ends_at), (Usd::whole(1_900), 6 + HOUR));
    }

    #[test]
    fn the_step_is_rounded_up_so_that_the_least_claim_can_always_be_undercut_or_stands() {
        let mut auction = auction();
        auction.bid(named("anna"), Usd::new(1), 0).unwrap();
        assert_eq!(auction.most(), Ok(Usd::ZERO));
        assert_eq!(auction.bid(named("bert"), Usd::ZERO, 1).unwrap_err().code(), "E0005");
    }

    #[test]
    fn an_auction_without_a_bid_stays_open_and_one_with_a_bid_ends() {
        let mut auction = auction();
        assert_eq!(auction.is_over(24 * HOUR - 1).unwrap_err().code(), "E0528");
        auction.bid(named("anna"), Usd::whole(1_500), 48 * HOUR).unwrap();
        auction.is_over(49 * HOUR).unwrap();
        assert_eq!(auction.bid(named("bert"), Usd::whole(1_000), 49 * HOUR).unwrap_err().code(), "E0527");
    }

    #[test]
    fn the_ceiling_cuts_the_claim_and_stops_an_auction_that_would_offer_less_than_is_paid() {
        let start = |claims| NoteAuction::start(Usd::whole(1_000), Usd::whole(2_000), claims, params(), 0);
        assert_eq!(start(Usd::whole(8_500)).unwrap().claim, Usd::whole(1_500));
        assert_eq!(start(Usd::whole(9_000)).unwrap().claim, Usd::whole(1_000));
        assert_eq!(start(Usd::new(9_000_000_001)).unwrap_err().code(), "E0526");
        assert_eq!(start(Usd::whole(20_000)).unwrap_err().code(), "E0526");
    }

    #[test]
    fn sums_follow_an_auction_from_its_start_to_its_end() {
        let mut notes = Notes::default();
        let mut auction = auction();
        notes.add(&auction).unwrap();
        assert_eq!((notes.running, notes.lots, notes.claims), (1, Usd::whole(1_000), Usd::whole(2_000)));
        notes.take(&auction).unwrap();
        auction.bid(named("anna"), Usd::whole(1_200), 0).unwrap();
        notes.add(&auction).unwrap();
        assert_eq!((notes.lots, notes.claims), (Usd::whole(1_000), Usd::whole(1_200)));
        notes.take(&auction).unwrap();
        assert_eq!(notes, Notes::default());
    }
}
