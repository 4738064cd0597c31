//! What a message reads of other contracts, all before it writes anything: the oracle's board and covariances, the
//! pool's listing, and the quantities of the other markets on it.

use cosmwasm_std::{Addr, Deps, Env};

use sdp_risk::budget::stress_of;
use sdp_risk::portfolio::Offsets;
use sdp_risk::potential;
use sdp_risk::shortfall::Stress;
use sdp_types::board::{Board, Covariance, FeedId, Slot, Use};
use sdp_types::book::{Book, Listing};
use sdp_types::exposure::{Exposure, FeedQuantity};
use sdp_types::market::PerpConfig;
use sdp_types::pool::RiskBudgets;
use sdp_types::record::{key, tag, Record};
use sdp_types::{Error, Price, Result, Rounding, SignedRatio, SignedUsd, Size, Usd};

use crate::core::mark::Rates;
use crate::state::Terms;

/// The world outside of this contract at this block.
#[derive(Clone, Debug)]
pub struct Outside {
    /// Block time, seconds.
    pub now: u64,
    /// The pool.
    pub pool: Addr,
    /// Its oracle.
    pub oracle: Addr,
    /// The oracle's board.
    pub board: Board,
    /// Volatilities and correlations.
    pub covariance: Covariance,
    /// 1/λ.
    pub depth: Usd,
    /// This contract.
    pub own: Addr,
    /// Its place in the pool's list, if the pool lists it.
    pub place: Option<usize>,
    /// Its credit line; none where the pool does not list it.
    pub line: Option<SignedUsd>,
    /// Bounds of the pool's expected shortfall, if there are any.
    pub risk: Option<RiskBudgets>,
    /// How far correlations are pushed where risk is measured.
    pub stress: Stress,
    /// What the other markets on the pool's list owe.
    pub others: Vec<FeedQuantity>,
}

/// What stands behind the pool.
#[derive(Clone, Debug)]
pub struct Backing {
    /// Value of collateral by feed, at the board's prices; of a vault without a fresh one its last weight.
    pub collateral: Vec<Usd>,
    /// What the providers owe, and what no layer has taken, as of the pool's last sync.
    pub debt: SignedUsd,
    /// What this market had cost the providers by then.
    pub used: SignedUsd,
}

impl Backing {
    /// Read from the pool's book.
    pub fn read(deps: Deps<'_>, outside: &Outside) -> Result<Self> {
        let Outside { board, now, place, .. } = outside;
        let book = Book::of(&deps.querier, &outside.pool)?;
        let mut collateral = vec![Usd::ZERO; board.quotes.len()];
        let mut debt = book.ledger.bad_debt.signed()?;
        for vault in &book.vaults {
            debt = debt.plus(vault.debt)?;
            let value = match board.fresh(vault.feed, Use::Liquidate, *now) {
                Ok(quote) => quote.price.value_of(vault.book.amount, vault.decimals, Rounding::Down)?,
                Err(_) => vault.weight,
            };
            if let Some(sum) = collateral.get_mut(usize::from(vault.feed)) {
                *sum = sum.plus(value)?;
            }
        }
        let used = match place.and_then(|place| book.markets.get(place)) {
            Some(last) => last.used()?,
            None => SignedUsd::ZERO,
        };
        Ok(Self { collateral, debt, used })
    }
}

impl Outside {
    /// Reads it all raw: no code of another contract runs.
    pub fn read(deps: Deps<'_>, env: &Env, terms: &Terms) -> Result<Self> {
        let (pool, oracle) = (deps.api.addr_humanize(&terms.pool)?, deps.api.addr_humanize(&terms.oracle)?);
        let listing = Listing::of(&deps.querier, &pool)?;
        let own = env.contract.address.clone();
        let place = listing.market(deps.api, &own)?;
        let mut others = Vec::new();
        for (other, market) in listing.markets.iter().enumerate() {
            if Some(other) != place {
                others.extend(quantities_of(deps, &deps.api.addr_humanize(&market.address)?)?);
            }
        }
        Ok(Self {
            now: env.block.time.seconds(),
            board: Board::of(&deps.querier, &oracle)?,
            covariance: Covariance::of(&deps.querier, &oracle)?,
            pool,
            oracle,
            depth: listing.impact_depth,
            own,
            place,
            line: place.map(|place| listing.line(place)),
            stress: stress_of(&listing),
            risk: listing.risk,
            others,
        })
    }

    /// Exposure of the whole pool by feed, with this market's `quantities`, at prices that `price` gives (0 for a feed
    /// without one).
    pub fn exposures(
        &self,
        quantities: &[FeedQuantity],
        price: impl Fn(FeedId) -> Price,
    ) -> Result<Vec<SignedUsd>> {
        let mut sizes = vec![Size::ZERO; self.board.quotes.len()];
        for entry in self.others.iter().chain(quantities) {
            if let Some(size) = sizes.get_mut(usize::from(entry.feed)) {
                *size = size.plus(entry.quantity)?;
            }
        }
        let feeds = (0..).zip(sizes);
        feeds.map(|(feed, size)| potential::exposure(size, price(feed))).collect()
    }

    /// The board's last price of a feed, however old; 0 where there is none.
    pub fn last(&self, feed: FeedId) -> Price {
        self.board.quotes.get(usize::from(feed)).map_or(Price::ZERO, |quote| quote.price)
    }

    /// Margins of a perpetual. Initial margin follows the measured volatility at once, but never one below the ramped one that
    /// maintenance margin follows, so that nobody opens what could be liquidated.
    pub fn rates(&self, config: &PerpConfig) -> Result<Rates> {
        let ramped = self.covariance.margin_volatility(config.feed);
        Rates::of(config, self.board.volatility(config.feed, &self.covariance).max(ramped), ramped)
    }

    /// How an account's positions offset each other's margins.
    pub fn offsets(&self, terms: &Terms) -> Offsets<'_> {
        Offsets { cov: &self.covariance, stress: self.stress, maximum: terms.params.maximum_offset }
    }

    /// A feed's price in an interval, else the board's last.
    pub fn in_slot(&self, slot: &Slot, feed: FeedId) -> Price {
        slot.quote(feed).map_or_else(|| self.last(feed), |quote| quote.price)
    }

    /// Φ after less Φ before: what a change of quantities pays, at these prices.
    pub fn premium(
        &self,
        before: &[FeedQuantity],
        after: &[FeedQuantity],
        price: impl Fn(FeedId) -> Price,
    ) -> Result<SignedUsd> {
        let before = self.exposures(before, &price)?;
        let after = self.exposures(after, &price)?;
        potential::premium(&before, &after, &self.covariance, self.depth)
    }

    /// π of a feed at the board's last prices.
    pub fn marginal_premium(&self, quantities: &[FeedQuantity], feed: FeedId) -> Result<SignedRatio> {
        let exposures = self.exposures(quantities, |feed| self.last(feed))?;
        potential::marginal_premium(&exposures, &self.covariance, self.depth, feed)
    }
}

/// What another market owes. One whose record can't be read is left out, as the pool leaves it out.
fn quantities_of(deps: Deps<'_>, market: &Addr) -> Result<Vec<FeedQuantity>> {
    let found = Exposure::of_contract(&deps.querier, market, &key(tag::EXPOSURE));
    match found.and_then(|exposure| exposure.unwrap_or_default().within_bounds()) {
        Ok(exposure) => Ok(exposure.quantities),
        Err(Error::BadRecord { .. }) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
