//! The loss waterfall: who takes what nobody's margin and no auction covers, and what stays as bad debt.
//!
//! Every loss has a source: a listed market, the liquidator's auctions, or, for insurance alone, the bad debt that is older than today.
//! Insurance pays for one source in a day at most `draw_cap` × (fund + what it has paid for it today): that sum does not change
//! when it pays, so it does not matter in how many pieces a loss comes. The providers take at most `loss_budget` × collateral of one
//! source in a day. What is beyond both stays, until insurance or those who take out in proportion have met it; providers
//! never take it later, so nobody who comes then inherits it.

use cosmwasm_std::Storage;
use sdp_types::book::Book;
use sdp_types::events::LossMet;
use sdp_types::ledger::Losses;
use sdp_types::pool::LossLimits;
use sdp_types::record::entry;
use sdp_types::units::DAY;
use sdp_types::{Ratio, Result, Rounding, Usd};

use crate::position::charge;
use crate::state::{self, Waterfall};
use crate::sync::Synced;
use crate::watch::part;

/// Reads what is stored: only where there is bad debt.
pub type Lazy<'a> = &'a dyn Fn() -> Result<Waterfall>;

/// Place of the bad debt of earlier days, of the auctions, and of the first market.
const STANDING: usize = 0;
const AUCTIONS: usize = 1;
const MARKETS: usize = 2;

impl Synced {
    /// What each layer has taken, as it is stored or as this message has left it.
    pub fn waterfall(&self, stored: Lazy<'_>) -> Result<Waterfall> {
        self.losses.clone().map_or_else(stored, Ok)
    }

    /// Sends the losses since `before` through the waterfall, providers by `weights`: in order of listing, auctions last, and then
    /// what stood before.
    pub fn meet_losses(&mut self, waterfall: Lazy<'_>, before: &Book, weights: &[Usd]) -> Result<()> {
        let mut left = self.book.ledger.bad_debt;
        if !self.by_notes.is_zero() {
            self.count_loss(waterfall, self.by_notes, |totals| &mut totals.notes)?;
        }
        if left.is_zero() {
            return Ok(());
        }
        let mut losses = Vec::new();
        for (place, (market, before)) in self.book.markets.iter().zip(&before.markets).enumerate() {
            losses.push((MARKETS + place, market.shortfalls.minus(before.shortfalls)?));
        }
        let (now, last) = (&self.book.recoveries, &before.recoveries);
        losses.push((AUCTIONS, now.shortfalls.minus(last.shortfalls)?));
        losses.retain(|(_, loss)| !loss.is_zero());
        if losses.is_empty() && self.book.ledger.insurance.is_zero() {
            return Ok(());
        }

        let stored = self.waterfall(waterfall)?;
        let mut waterfall = stored.clone();
        let day = self.now / DAY;
        if waterfall.day != day {
            waterfall.day = day;
            waterfall.today.clear();
            waterfall.unmet = Usd::ZERO;
        }
        let collateral = weights.iter().try_fold(Usd::ZERO, |sum, weight| sum.plus(*weight))?;
        let (draw_cap, budget, unmet) = match self.terms.params.losses {
            // of today's losses insurance has paid its part
            Some(LossLimits { draw_cap, loss_budget }) => {
                (draw_cap, collateral.scale(loss_budget, Rounding::Down)?, waterfall.unmet)
            }
            None => (Ratio::ONE, Usd::MAX, Usd::ZERO),
        };
        for (source, arisen) in losses {
            // with nobody to owe them, profits may have healed some already
            let loss = arisen.min(left);
            left = left.minus(loss)?;
            let budget = if collateral.is_zero() { Usd::ZERO } else { budget };
            self.meet(&mut waterfall, source, loss, (draw_cap, budget), weights)?;
        }
        let stood = left.saturating_minus(unmet);
        self.meet(&mut waterfall, STANDING, stood, (draw_cap, Usd::ZERO), weights)?;
        if waterfall != stored {
            self.losses = Some(waterfall);
        }
        Ok(())
    }

    fn meet(
        &mut self,
        waterfall: &mut Waterfall,
        source: usize,
        loss: Usd,
        (draw_cap, budget): (Ratio, Usd),
        weights: &[Usd],
    ) -> Result<()> {
        let today = entry(&mut waterfall.today, source);
        let ledger = &mut self.book.ledger;
        let fund = ledger.insurance;
        let cap = fund.plus(today.insurance)?.scale(draw_cap, Rounding::Down)?;
        let insurance = loss.min(cap.saturating_minus(today.insurance)).min(fund);
        let rest = loss.minus(insurance)?;
        let providers = rest.min(budget.saturating_minus(today.providers));
        if loss.is_zero() || (source == STANDING && insurance.is_zero()) {
            return Ok(());
        }
        ledger.insurance_meets(insurance)?;
        today.insurance = today.insurance.plus(insurance)?;
        if !providers.is_zero() {
            ledger.providers_meet(providers)?;
            charge(&mut self.book.vaults, providers.signed()?, weights)?;
            today.providers = today.providers.plus(providers)?;
        }
        let totals = &mut waterfall.totals;
        totals.insurance = totals.insurance.plus(insurance)?;
        totals.providers = totals.providers.plus(providers)?;
        let unmet = rest.minus(providers)?;
        if source != STANDING {
            waterfall.unmet = waterfall.unmet.plus(unmet)?;
        }
        let source = match source {
            STANDING => "standing".into(),
            AUCTIONS => "auctions".into(),
            market => self.market_name(market - MARKETS),
        };
        self.events.push(LossMet { source, insurance, providers, unmet }.into());
        Ok(())
    }

    /// `b` of bad debt was left behind by somebody who took out: the ledger's side is the caller's.
    pub fn left_behind(&mut self, storage: &dyn Storage, b: Usd) -> Result<()> {
        if b.is_zero() {
            return Ok(());
        }
        self.count_loss(&|| state::waterfall(storage), b, |totals| &mut totals.withdrawals)
    }

    /// Adds what one layer of the waterfall took to its total.
    pub fn count_loss(
        &mut self,
        waterfall: Lazy<'_>,
        amount: Usd,
        of: fn(&mut Losses) -> &mut Usd,
    ) -> Result<()> {
        let mut waterfall = self.waterfall(waterfall)?;
        let total = of(&mut waterfall.totals);
        *total = total.plus(amount)?;
        self.losses = Some(waterfall);
        Ok(())
    }

    /// The part of a draw that is kept while there is bad debt: bad debt ÷ what the markets owe, rounded up, at most 1. Of a market that
    /// draws now (its place and amount), before it draws. A draw of all would leave all of the bad debt behind, and in whatever order and
    /// pieces it comes: (b − h·x) ÷ (W − x) = h.
    pub fn draw_haircut(&self, drawing: Option<(usize, Usd)>) -> Result<Ratio> {
        let mut claims = Usd::ZERO;
        for (place, market) in self.book.markets.iter().enumerate() {
            let drawn = drawing.filter(|drawing| drawing.0 == place).map_or(Usd::ZERO, |drawing| drawing.1);
            claims = claims.plus(market.reported.plus(drawn.signed()?)?.positive_part())?;
        }
        Ok(part(self.book.ledger.bad_debt, claims).min(Ratio::ONE))
    }

    /// The part of what a provider takes out that is charged while there is bad debt: bad debt ÷ (collateral − debt), rounded up, at
    /// most 1. Of all that leaves, charge included, so that it stays the same however providers leave.
    pub fn exit_haircut(&self) -> Result<Ratio> {
        let equity = self.weight()?.signed()?.minus(self.book.ledger.vault_debt)?;
        Ok(part(self.book.ledger.bad_debt, equity.positive_part()).min(Ratio::ONE))
    }
}
