//! What a message reads of other contracts, all before it writes anything: the oracle's board and covariances, the
//! pool's listing, and the quantities of the other markets on it.

use cosmwasm_std::{Addr, CanonicalAddr, Deps, Env};

use sdp_risk::budget::stress_of;
use sdp_risk::potential;
use sdp_risk::shortfall::{expected_shortfall, standard_deviation, Stress};
use sdp_types::board::{Board, Covariance, FeedId, Slot, Use};
use sdp_types::book::{Book, Listed, Listing};
use sdp_types::exposure::{Exposure, FeedQuantity};
use sdp_types::pool::RiskBudgets;
use sdp_types::record::{key, tag, Record};
use sdp_types::regime::{Regime, Trip};
use sdp_types::{ensure, Error, Price, Ratio, Result, Rounding, SignedRatio, SignedUsd, Size, Usd};

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
    /// What is allowed with the pool, and with this market.
    pub regimes: [Regime; 2],
    /// What the other markets on the pool's list owe.
    pub others: Vec<FeedQuantity>,
    /// Whether the pool has bad debt.
    pub bad_debt: bool,
    /// Desks of bonded markets on the pool's list, by their places.
    pub desks: Vec<(usize, Listed)>,
}

/// What stands behind the pool.
#[derive(Clone, Debug, Default)]
pub struct Backing {
    /// Value of collateral by feed, at the board's prices; of a vault without a fresh one its last weight.
    pub collateral: Vec<Usd>,
    /// What the providers owe, what no layer has taken, and what desks of bonded markets have left of their lines, as of the pool's last sync.
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
        for (desk, listed) in &outside.desks {
            let used = book.markets.get(*desk).map(|market| market.used()).transpose()?;
            debt = debt.plus(listed.taken_for_lost(used.unwrap_or_default())?.signed()?)?;
        }
        let used = match place.and_then(|place| book.markets.get(place)) {
            Some(last) => last.used()?,
            None => SignedUsd::ZERO,
        };
        Ok(Self { collateral, debt, used })
    }
}

impl Outside {
    /// Reads it all raw, for a contract of this pool and oracle: no code of another contract runs.
    pub fn read(deps: Deps<'_>, env: &Env, (pool, oracle): (&CanonicalAddr, &CanonicalAddr)) -> Result<Self> {
        let (pool, oracle) = (deps.api.addr_humanize(pool)?, deps.api.addr_humanize(oracle)?);
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
            regimes: [
                listing.regime,
                place.and_then(|place| listing.markets.get(place)).map(|own| own.regime).unwrap_or_default(),
            ],
            risk: listing.risk,
            bad_debt: listing.bad_debt,
            desks: listing.markets.into_iter().enumerate().filter(|(_, listed)| listed.bonded).collect(),
            others,
        })
    }

    /// Whether anyone may shut this contract down: the pool or it has been in emergency for seven days in a row, the longer of both
    /// emergencies counts, by a sync of the pool in this block. `E0425`, `E0332`.
    pub fn long_in_emergency(&self, deps: Deps<'_>) -> Result<()> {
        let book = Book::of(&deps.querier, &self.pool)?;
        let (now, synced_at) = (self.now, book.synced_at);
        ensure(synced_at == now, || Error::PoolNotSynced { synced_at, now })?;
        let own = self.place.and_then(|place| book.markets.get(place)).and_then(|market| market.watch.trip);
        Trip::long_enough(&own, now).or_else(|_| Trip::long_enough(&book.watch.trip, now))
    }

    /// Exposure of the whole pool by feed, with this market's `quantities`, at prices that `price` gives (0 for a feed
    /// without one).
    pub fn exposures(
        &self,
        quantities: &[FeedQuantity],
        price: &dyn Fn(FeedId) -> Price,
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

    /// Daily volatilities that initial and maintenance margin of a feed follow: the larger of the measured and the ramped one, and the
    /// ramped one.
    pub fn volatilities(&self, feed: FeedId) -> (Ratio, Ratio) {
        let ramped = self.covariance.margin_volatility(feed);
        (self.board.volatility(feed, &self.covariance).max(ramped), ramped)
    }

    /// What is allowed with this feed: the strictest of what stands for the pool, this market and the feed.
    pub fn regime(&self, feed: FeedId) -> Regime {
        let [pool, market] = self.regimes;
        pool.max(market).max(self.board.regime(feed))
    }

    /// `E0328 Restricted`, by the first of them that is so strict.
    pub fn restricted(&self, feed: FeedId) -> Error {
        let regime = self.regime(feed);
        let scope = match self.regimes.iter().position(|own| *own == regime) {
            Some(0) => "pool".into(),
            Some(_) => self.own.to_string(),
            None => format!("feed {feed}"),
        };
        Error::Restricted { scope, regime }
    }

    /// Volatility stress of a feed, rounded up: the larger of measured and ramped σ ÷ the priced one, at least 1. It rises at once with
    /// the measured one and falls with the ramped one: tightening doesn't wait, loosening does.
    pub fn stress_of(&self, feed: FeedId) -> Result<Ratio> {
        let priced = self.covariance.volatility(feed);
        if priced.is_zero() {
            return Ok(Ratio::ONE);
        }
        Ratio::of(self.volatilities(feed).0.max(priced).raw(), priced.raw(), Rounding::Up)
    }

    /// Expected shortfall of the markets' exposures, by measured volatilities.
    pub fn shortfall(&self, x: &[SignedUsd]) -> Result<Usd> {
        expected_shortfall(x, &self.board.risk(&self.covariance), self.stress)
    }

    /// Stress of the whole pool's book: its standard deviation with the volatilities of [`Self::stress_of`] ÷ that with the priced ones,
    /// the worst of three correlations each; rounded up, at least 1. Whoever adds little to the book hardly moves it.
    pub fn stress_of_book(&self, x: &[SignedUsd]) -> Result<Ratio> {
        let mut stressed = self.board.risk(&self.covariance);
        for (feed, sigma) in stressed.sigmas.iter_mut().enumerate() {
            let own = |sigmas: &[u32]| sigmas.get(feed).copied().unwrap_or_default();
            *sigma = (*sigma).max(own(&self.covariance.margins)).max(own(&self.covariance.sigmas));
        }
        let priced = standard_deviation(x, &self.covariance, self.stress)?;
        let stressed = standard_deviation(x, &stressed, self.stress)?;
        if stressed <= priced || priced.is_zero() {
            return Ok(Ratio::ONE);
        }
        stressed.per(priced, Rounding::Up)
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
        price: &dyn Fn(FeedId) -> Price,
    ) -> Result<SignedUsd> {
        let before = self.exposures(before, price)?;
        let after = self.exposures(after, price)?;
        potential::premium(&before, &after, &self.covariance, self.depth)
    }

    /// π of a feed at the board's last prices.
    pub fn marginal_premium(&self, quantities: &[FeedQuantity], feed: FeedId) -> Result<SignedRatio> {
        let exposures = self.exposures(quantities, &|feed| self.last(feed))?;
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
