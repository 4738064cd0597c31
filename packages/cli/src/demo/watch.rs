//! What a replay looks out for: who waits for the keepers, what is at risk until they come, what auctions still have to bring, and what
//! positions are marked at.

use anyhow::Result;
use sdp_embedded::Actions;
use sdp_types::board::FeedId;
use sdp_types::liquidator::{self, TotalsResponse};
use sdp_types::market::AccountResponse;
use sdp_types::pool::PositionResponse;
use sdp_types::{Price, Ratio, Usd};

use super::num::{of_signed, of_usd, ratio};
use super::replay::Replay;

/// Those who could be liquidated and wait for it, over time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Most at once.
    pub most: u64,
    /// At the last look.
    pub waiting: u64,
    /// Longest time from the first look with anybody to the next one with nobody, or to the last look; seconds.
    pub longest: u64,
    /// From the first look at the trough of the crash, when its prices have come in, to the first one from then on with nobody, seconds;
    /// none where there was none.
    pub cleared: Option<u64>,
    /// When that first look was.
    pub looked: Option<u64>,
    /// Since when there has been somebody; none where nobody waits.
    pub since: Option<u64>,
}

impl Backlog {
    /// A look at a time; `trough` is when the crash is at its lowest, where there is one.
    pub fn see(&mut self, now: u64, waiting: u64, trough: Option<u64>) {
        self.most = self.most.max(waiting);
        self.waiting = waiting;
        let since =
            if waiting > 0 { *self.since.get_or_insert(now) } else { self.since.take().unwrap_or(now) };
        self.longest = self.longest.max(now.saturating_sub(since));
        if trough.is_some_and(|trough| now >= trough) {
            let looked = *self.looked.get_or_insert(now);
            if waiting == 0 && self.cleared.is_none() {
                self.cleared = Some(now.saturating_sub(looked));
            }
        }
    }
}

/// Equity at risk at one moment, USD: of all accounts below their maintenance margin the notional that they hold. Each of them may lose
/// more than it has until a keeper comes; `deficit` is what they have lost beyond it already.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Risk {
    /// How many.
    pub accounts: u64,
    /// Σ notional of their positions at the index.
    pub notional: f64,
    /// Σ of what their equity is below zero.
    pub deficit: f64,
}

impl Risk {
    /// Of all accounts of a market.
    pub fn of(accounts: &[AccountResponse]) -> Self {
        let mut risk = Self::default();
        for account in accounts.iter().filter(|account| account.liquidatable) {
            risk.accounts += 1;
            risk.notional += account.positions.iter().map(|position| of_usd(position.notional)).sum::<f64>();
            risk.deficit += (-of_signed(account.equity)).max(0.0);
        }
        risk
    }

    /// The larger of two moments, each figure by itself.
    pub fn worse(self, other: Self) -> Self {
        Self {
            accounts: self.accounts.max(other.accounts),
            notional: self.notional.max(other.notional),
            deficit: self.deficit.max(other.deficit),
        }
    }
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Watch {
    /// When the crash is at its lowest, where a strained replay has made one.
    pub trough: Option<u64>,
    /// Accounts below their maintenance margin.
    pub accounts: Backlog,
    /// Providers' positions below their liquidation ratio.
    pub positions: Backlog,
    /// The worst since the last bar that was noted.
    pub risk: Risk,
    /// The most that running auctions had to bring, penalties included: of all vaults, and by vault.
    pub outstanding: (Usd, Vec<Usd>),
    /// After the keepers' round of each bar: price and confidence of every feed, and the index of every perpetual.
    pub marks: Vec<Vec<(Price, Ratio)>>,
}

impl Replay {
    /// Notes who is below maintenance now.
    pub(super) fn watch_accounts(&mut self, accounts: &[AccountResponse]) {
        let risk = Risk::of(accounts);
        let (now, trough) = (self.chain.now(), self.watch.trough);
        self.watch.accounts.see(now, risk.accounts, trough);
        self.watch.risk = self.watch.risk.worse(risk);
    }

    /// Notes how many positions are below their liquidation ratio now.
    pub(super) fn watch_positions(&mut self) -> Result<()> {
        let mut waiting = 0;
        for vault in 0..self.universe.collaterals.len() {
            let required = ratio(self.ratios(vault).liquidation);
            let below = |position: &PositionResponse| position.ratio.is_some_and(|ratio| ratio < required);
            let number = u8::try_from(vault)?;
            let positions = self.look(|chain| chain.positions(number))?;
            waiting += positions.iter().filter(|position| below(position)).count() as u64;
        }
        let (now, trough) = (self.chain.now(), self.watch.trough);
        self.watch.positions.see(now, waiting, trough);
        Ok(())
    }

    /// Notes what auctions have to bring, which grows by seizures only.
    pub(super) fn watch_auctions(&mut self) -> Result<()> {
        let totals: TotalsResponse =
            self.look(|chain| chain.query("liquidator", &liquidator::QueryMsg::Totals {}))?;
        let (all, vaults) = &mut self.watch.outstanding;
        *all = (*all).max(totals.outstanding);
        vaults.resize(vaults.len().max(totals.outstanding_by_vault.len()), Usd::ZERO);
        for (most, now) in vaults.iter_mut().zip(totals.outstanding_by_vault) {
            *most = (*most).max(now);
        }
        Ok(())
    }

    /// Notes what positions and collateral are marked at.
    pub(super) fn watch_marks(&mut self) -> Result<()> {
        let board = self.chain.board()?;
        let mut marks = Vec::new();
        for feed in 0..self.universe.sigmas.len() {
            let quote = board.last(FeedId::try_from(feed)?)?;
            marks.push((quote.price, quote.confidence));
        }
        marks.extend(self.perps.iter().map(|known| (known.index, Ratio::ZERO)));
        self.watch.marks.push(marks);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backlog_lasts_from_the_first_look_with_somebody_to_the_next_with_nobody() {
        let mut backlog = Backlog::default();
        for (now, waiting) in [(100, 0), (200, 3), (206, 5), (212, 1), (218, 0), (300, 2), (306, 0)] {
            backlog.see(now, waiting, Some(203));
        }
        assert_eq!((backlog.most, backlog.waiting, backlog.longest), (5, 0, 18));
        assert_eq!(backlog.cleared, Some(12));
        // one that never ends lasts until the last look
        backlog.see(400, 1, Some(203));
        backlog.see(500, 1, Some(203));
        assert_eq!((backlog.waiting, backlog.longest, backlog.cleared), (1, 100, Some(12)));
    }

    #[test]
    fn nobody_at_the_trough_is_cleared_at_once_and_before_it_not_at_all() {
        let mut backlog = Backlog::default();
        backlog.see(100, 0, Some(200));
        assert_eq!(backlog.cleared, None);
        backlog.see(200, 0, Some(200));
        assert_eq!(backlog.cleared, Some(0));
        let mut plain = Backlog::default();
        plain.see(100, 0, None);
        assert_eq!(plain.cleared, None);
    }

    #[test]
    fn the_worse_of_two_moments_is_the_larger_of_each_figure() {
        let a = Risk { accounts: 2, notional: 100.0, deficit: 0.0 };
        let b = Risk { accounts: 1, notional: 900.0, deficit: 5.0 };
        assert_eq!(a.worse(b), Risk { accounts: 2, notional: 900.0, deficit: 5.0 });
    }
}
