//! What the pool's books say of its risk. Queries only: no rule of a message reads it, and the pool doesn't contain it.
//!
//! Its functions stay apart in wasm: a chain refuses one with more than 100 locals.

use sdp_risk::budget;
use sdp_risk::shortfall::{apportion, contributions, expected_shortfall, standard_deviation, Stress};
use sdp_risk::solvency::{claim, yearly_volatility, Claim};
use sdp_types::board::Covariance;
use sdp_types::lens::{
    ContributionsResponse, FeedExposure, HealthResponse, Hedge, MarketContribution, MarketExposure,
    SolvencyResponse,
};
use sdp_types::math::Wide;
use sdp_types::pool::{MarketRegime, RegimesResponse, RiskBudgets};
use sdp_types::units::ONE;
use sdp_types::{Price, Ratio, Result, Rounding, SignedUsd, Size, Usd};

use crate::accept;
use crate::losses::Lazy;
use crate::position::ratio;
use crate::sync::Synced;
use crate::watch::part;

/// The pool's exposures by feed, and the covariances that they are measured with.
pub struct Lens {
    covariance: Covariance,
    by_market: Vec<Vec<SignedUsd>>,
    markets: Vec<SignedUsd>,
    collateral: Vec<Usd>,
    both: Vec<SignedUsd>,
    /// Of the pool's budgets, or the usual one.
    stress: Stress,
}

impl Lens {
    /// At the marks, and vaults at their weights.
    pub fn of(synced: &Synced) -> Result<Self> {
        let marks = &synced.book.marks;
        let of_market = |seen| {
            let mut x = vec![SignedUsd::ZERO; marks.len()];
            accept::add_exposure(&mut x, seen, marks)?;
            Ok(x)
        };
        let mut collateral = vec![Usd::ZERO; marks.len()];
        for vault in &synced.book.vaults {
            if let Some(sum) = collateral.get_mut(usize::from(vault.feed)) {
                *sum = sum.plus(vault.weight)?;
            }
        }
        let markets = synced.exposures()?;
        Ok(Self {
            covariance: synced.board.risk(&synced.covariance),
            by_market: synced.markets.iter().map(of_market).collect::<Result<_>>()?,
            both: budget::combined(&markets, &collateral)?,
            markets,
            collateral,
            stress: budget::stress_of(&synced.listing),
        })
    }

    /// Of the markets' exposure.
    pub fn shortfall(&self) -> Result<Usd> {
        expected_shortfall(&self.markets, &self.covariance, self.stress)
    }

    /// Of markets and collateral.
    pub fn shortfall_with_collateral(&self) -> Result<Usd> {
        expected_shortfall(&self.both, &self.covariance, self.stress)
    }

    /// Σ |exposure| of the markets, and the largest of them.
    pub fn gross(&self) -> Result<(Usd, Usd)> {
        let largest = self.markets.iter().map(|x| x.abs()).max();
        Ok((accept::gross(&self.markets)?, largest.unwrap_or_default()))
    }

    /// Of the markets, by feed, without those that have none.
    pub fn exposures(&self) -> Vec<FeedExposure> {
        let all = (0..).zip(&self.markets);
        let exposed = all.filter(|(_, exposure)| !exposure.is_zero());
        exposed.map(|(feed, exposure)| FeedExposure { feed, exposure: *exposure }).collect()
    }

    /// Gross and net of each market.
    pub fn by_market(&self, synced: &Synced) -> Result<Vec<MarketExposure>> {
        let of_market = |(seen, x): (&accept::Seen, &Vec<SignedUsd>)| {
            let net = x.iter().try_fold(SignedUsd::ZERO, |sum, x| sum.plus(*x))?;
            Ok(MarketExposure { market: seen.address.to_string(), gross: accept::gross(x)?, net })
        };
        synced.markets.iter().zip(&self.by_market).map(of_market).collect()
    }

    /// Volatility of the assets a year, and what that says of a debt against them.
    pub fn claim(&self, assets: Usd, debt: SignedUsd) -> Result<(Ratio, Claim)> {
        let deviation = standard_deviation(&self.both, &self.covariance, self.stress)?;
        let volatility = yearly_volatility(deviation, assets);
        Ok((volatility, claim(assets, debt, volatility)?))
    }

    /// What is exposed, as components that add up to markets and collateral together: markets, then vaults. Of a leg that
    /// offsets the other one, each has its part of what still counts.
    fn components(&self, synced: &Synced) -> Result<Vec<Vec<SignedUsd>>> {
        let mut all = self.by_market.clone();
        for vault in &synced.book.vaults {
            let mut x = vec![SignedUsd::ZERO; self.markets.len()];
            if let Some(own) = x.get_mut(usize::from(vault.feed)) {
                *own = vault.weight.signed()?;
            }
            all.push(x);
        }
        let legs = self.markets.iter().zip(&self.collateral).zip(&self.both);
        for (feed, ((market, collateral), both)) in legs.enumerate() {
            let collateral = collateral.signed()?;
            if market.plus(collateral)? == *both {
                continue;
            }
            let (markets, vaults) = all.split_at_mut(self.by_market.len());
            let (leg, counts) = if collateral.abs() < market.abs() {
                (vaults, both.minus(*market)?)
            } else {
                (markets, both.minus(collateral)?)
            };
            let mut own: Vec<_> = leg.iter_mut().filter_map(|x| x.get_mut(feed)).collect();
            let weights: Vec<_> = own.iter().map(|x| x.wide()).collect();
            for (x, part) in own.iter_mut().zip(apportion(counts, &weights)?) {
                **x = part;
            }
        }
        Ok(all)
    }
}

/// The pool at a glance.
#[inline(never)]
pub fn health(synced: &Synced, waterfall: Lazy<'_>) -> Result<HealthResponse> {
    let (ledger, credit) = (synced.book.ledger, synced.credit()?);
    let (collateral, owed) = (synced.weight()?, ledger.vault_debt);
    let mut debt_from_markets = ledger.potential.signed()?;
    for market in &synced.book.markets {
        debt_from_markets = debt_from_markets.plus(market.used()?)?;
    }
    let lens = Lens::of(synced)?;
    let (gross_exposure, largest) = lens.gross()?;
    let expected_shortfall = lens.shortfall()?;
    let risk = synced.listing.risk;
    let budget = |whole: Usd, of: fn(&RiskBudgets) -> Ratio| {
        risk.as_ref().map(|budgets| whole.scale(of(budgets), Rounding::Down)).transpose()
    };
    let closed = synced.markets.iter().filter(|seen| seen.refused.is_some());
    Ok(HealthResponse {
        collateral,
        debt: owed,
        debt_from_markets,
        collateral_ratio: ratio(collateral, owed),
        free_collateral: collateral.signed()?.minus(owed)?,
        locked_credit: credit.locked,
        utilisation: part(owed.positive_part(), collateral),
        supply: ledger.supply,
        potential: ledger.potential,
        insurance: ledger.insurance,
        set_aside: ledger.set_aside,
        bad_debt: ledger.bad_debt,
        losses: synced.waterfall(waterfall)?.totals,
        draw_haircut: synced.draw_haircut(None)?,
        exit_haircut: synced.exit_haircut()?,
        tab: ledger.tab,
        recoveries: synced.book.recoveries,
        expected_shortfall,
        expected_shortfall_with_collateral: lens.shortfall_with_collateral()?,
        markets_budget: budget(synced.free()?.positive_part(), |budgets| budgets.markets)?,
        total_budget: budget(collateral, |budgets| budgets.total)?,
        regime: synced.listing.regime,
        impact_depth: synced.listing.impact_depth,
        insurance_coverage: ledger.insurance.per(expected_shortfall, Rounding::Down).ok(),
        distance_to_default: lens.claim(collateral, debt(synced)?)?.1.distance,
        exposures: lens.exposures(),
        gross_exposure,
        concentration: largest.per(gross_exposure, Rounding::Up).unwrap_or_default(),
        markets: lens.by_market(synced)?,
        oldest_price: oldest_price(synced),
        close_only: closed.map(|seen| seen.address.to_string()).collect(),
        as_of: synced.now,
    })
}

/// Age of the oldest price that values collateral or an open exposure.
fn oldest_price(synced: &Synced) -> u64 {
    let vaults = synced.book.vaults.iter().filter(|vault| !vault.book.shares.is_zero());
    let records = synced.markets.iter().filter_map(|seen| seen.exposure.as_ref());
    let entries = records.flat_map(|exposure| &exposure.quantities);
    let open = entries.filter(|entry| !entry.quantity.is_zero()).map(|entry| entry.feed);
    let quotes = vaults.map(|vault| vault.feed).chain(open).filter_map(|feed| synced.board.last(feed).ok());
    quotes.map(|quote| synced.now.saturating_sub(quote.publish_time)).max().unwrap_or_default()
}

/// Distance to default, its probability, the fair spread of sdUSD, and what would hedge the pool.
#[inline(never)]
pub fn solvency(synced: &Synced) -> Result<SolvencyResponse> {
    let lens = Lens::of(synced)?;
    let (assets, debt) = (synced.weight()?, debt(synced)?);
    let (volatility, claim) = lens.claim(assets, debt)?;
    let ledger = synced.book.ledger;
    let missing = debt.minus(ledger.bad_debt.signed()?)?.minus(assets.signed()?)?.positive_part();
    let mut hedges = Vec::new();
    for (feed, (x, collateral)) in (0..).zip(lens.markets.iter().zip(&lens.collateral)) {
        let both = x.plus(collateral.signed()?)?;
        let Some(price) = accept::mark(&synced.book.marks, feed) else { continue };
        if !x.is_zero() || !collateral.is_zero() {
            hedges.push(Hedge { feed, markets: hedge(*x, price)?, with_collateral: hedge(both, price)? });
        }
    }
    let notes = &synced.book.recoveries;
    let note_yield = match notes.notes_paid {
        Usd::ZERO => None,
        paid => Some(notes.notes_issued.per(paid, Rounding::Down)?.signed()?.minus(Ratio::ONE.signed()?)?),
    };
    Ok(SolvencyResponse {
        assets,
        debt,
        shortfall: ledger.bad_debt.plus(missing)?,
        insurance: ledger.insurance,
        volatility,
        distance_to_default: claim.distance,
        default_probability: claim.probability,
        credit_spread: claim.spread,
        hedges,
        notes_paid: notes.notes_paid,
        notes_outstanding: notes.notes_outstanding(),
        set_aside: ledger.set_aside,
        note_yield,
    })
}

/// What the collateral stands for. What auctions bring meets the rest of the left side of the ledger, so this is what
/// sdUSD and traders are owed less the tab. Insurance is nobody's claim: equity.
pub fn debt(synced: &Synced) -> Result<SignedUsd> {
    let ledger = &synced.book.ledger;
    ledger.vault_debt.plus(ledger.bad_debt.signed()?)?.minus(ledger.insurance.signed()?)
}

/// Each market's and each vault's part of the expected shortfall.
#[inline(never)]
pub fn contributed(synced: &Synced) -> Result<ContributionsResponse> {
    let lens = Lens::of(synced)?;
    let components = lens.components(synced)?;
    let (expected_shortfall, mut parts) = contributions(&components, &lens.covariance, lens.stress)?;
    let vaults = parts.split_off(lens.by_market.len());
    let of_market = |(seen, contribution): (&accept::Seen, SignedUsd)| MarketContribution {
        market: seen.address.to_string(),
        contribution,
    };
    let markets = synced.markets.iter().zip(parts).map(of_market).collect();
    Ok(ContributionsResponse { expected_shortfall, markets, vaults })
}

/// What is allowed, why, and what the breakers measure.
#[inline(never)]
pub fn regimes(synced: &Synced) -> Result<RegimesResponse> {
    let watched = synced.terms.params.breakers.is_some();
    let collateral = synced.weight()?;
    let of_market = |(place, seen): (usize, &accept::Seen)| {
        let trip = synced.book.markets.get(place).and_then(|market| market.watch.trip);
        let drawn = part(synced.drawn_lately(place)?, collateral);
        let withdrawals = if watched { drawn } else { Ratio::ZERO };
        Ok(MarketRegime { market: seen.address.to_string(), trip, withdrawals })
    };
    Ok(RegimesResponse {
        pool: synced.book.watch.trip,
        measures: synced.measured()?,
        markets: synced.markets.iter().enumerate().map(of_market).collect::<Result<_>>()?,
    })
}

/// −exposure ÷ price, rounded down.
fn hedge(exposure: SignedUsd, price: Price) -> Result<Size> {
    // micro-USD to 36 decimals of USD
    let scale = Wide::from(ONE * (ONE / 1_000_000));
    let units = exposure.negate()?.wide().times(scale)?.div_floor(price.wide())?;
    units.narrow().map(Size::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hedge_is_the_other_side_of_the_exposure() {
        let price = "50000".parse().unwrap();
        assert_eq!(hedge(SignedUsd::new(-25_000_000_000), price).unwrap().to_string(), "0.5");
        assert_eq!(hedge(SignedUsd::new(25_000_000_000), price).unwrap().to_string(), "-0.5");
    }
}
