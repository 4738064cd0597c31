//! What has happened since the last message: the first thing that every message does, and the only code that moves the
//! providers' debt with the markets.
//!
//! Accept the markets' debt → refresh all vault weights → the caller accrues the position that it touches → credit. It
//! reads the oracle's board, the liquidator's record and each market's exposure record raw, so it runs no foreign code, and
//! nothing that a market writes can make it fail. Done twice in a block it changes nothing the second time.

use cosmwasm_std::{Addr, CanonicalAddr, Deps, Env, Event, Response, Storage};
use sdp_risk::potential::potential;
use sdp_types::board::{Board, Covariance, Quote, Use};
use sdp_types::book::{Book, Listing, VaultState};
use sdp_types::events::{MarketNotAccepted, NotesSold, SetAside, Synced as SyncedEvent};
use sdp_types::exposure::{Exposure, Recoveries};
use sdp_types::ledger::Ledger;
use sdp_types::record::{key, tag, Record};
use sdp_types::regime::Regime;
use sdp_types::{Error, Result, Rounding, SignedUsd, Usd};

use crate::accept::{self, Accepted, Seen};
use crate::ceiling::Ceilings;
use crate::losses::Lazy;
use crate::position::charge;
use crate::state::{self, Terms, Waterfall};
use crate::watch::Scope;

/// A market that asks for sdUSD.
#[derive(Clone, Copy, Debug)]
pub struct Drawing {
    /// Its place in the list.
    pub place: usize,
    /// How much.
    pub amount: Usd,
}

/// What a sync reads outside the pool.
pub struct Outside {
    /// Current prices.
    pub board: Board,
    /// Volatilities and correlations.
    pub covariance: Covariance,
    /// The liquidator's counters.
    pub recoveries: Option<Result<Recoveries>>,
    /// The listed markets' records, in their order.
    pub markets: Vec<(Addr, Result<Exposure>)>,
}

impl Outside {
    /// Reads it all.
    pub fn read(deps: Deps<'_>, terms: &Terms, listing: &Listing) -> Result<Self> {
        let market = |address: &CanonicalAddr| {
            let address = deps.api.addr_humanize(address)?;
            let record = Exposure::of_contract(&deps.querier, &address, &key(tag::EXPOSURE));
            let found = record
                .and_then(|record| record.ok_or_else(|| Error::BadRecord { record: Exposure::NAME.into() }));
            Ok((address, found.and_then(Exposure::within_bounds)))
        };
        let recoveries = |liquidator| {
            let record = Recoveries::of_contract(&deps.querier, liquidator, &key(tag::RECOVERIES));
            record.map(Option::unwrap_or_default)
        };
        Ok(Self {
            board: Board::of(&deps.querier, &terms.oracle)?,
            covariance: Covariance::of(&deps.querier, &terms.oracle)?,
            recoveries: terms.liquidator.as_ref().map(recoveries),
            markets: listing.markets.iter().map(|listed| market(&listed.address)).collect::<Result<_>>()?,
        })
    }
}

/// The pool after a sync, not stored yet.
pub struct Synced {
    /// Block time, seconds.
    pub now: u64,
    /// Addresses and parameters.
    pub terms: Terms,
    /// Current prices.
    pub board: Board,
    /// Volatilities and correlations.
    pub covariance: Covariance,
    /// Listed markets and the depth of the impact.
    pub listing: Listing,
    /// The pool's book.
    pub book: Book,
    /// Each listed market as it was found.
    pub markets: Vec<Seen>,
    /// What has to be told.
    pub events: Vec<Event>,
    /// What was allowed before.
    pub stood: Regime,
    /// Whether the listing has to be stored.
    pub relisted: bool,
    /// What each layer of the waterfall took, where that has to be stored.
    pub losses: Option<Waterfall>,
    /// What was charged on minted debt since the last sync.
    pub stability_fees: Usd,
    /// What recovery notes met of bad debt since the last sync.
    pub by_notes: Usd,
    /// Whose ceilings fall to what is used.
    pub collapsing: Vec<Scope>,
}

impl Synced {
    /// Loads, reads and computes; writes nothing.
    pub fn load(deps: Deps<'_>, env: &Env) -> Result<Self> {
        Self::load_for(deps, env, None)
    }

    /// [`Self::load`] while a market draws.
    pub fn load_for(deps: Deps<'_>, env: &Env, drawing: Option<(&Addr, Usd)>) -> Result<Self> {
        let terms = state::terms(deps.storage)?;
        let listing = state::listing(deps.storage)?;
        let drawing = match drawing {
            Some((market, amount)) => {
                let place = listing.market(deps.api, market)?;
                let place = place.ok_or_else(|| Error::NotMarket { sender: market.to_string() })?;
                Some(Drawing { place, amount })
            }
            None => None,
        };
        let outside = Outside::read(deps, &terms, &listing)?;
        let own = (terms, listing, state::book(deps.storage)?);
        let waterfall = || state::waterfall(deps.storage);
        Self::compute(&waterfall, own, outside, env.block.time.seconds(), drawing)
    }

    /// The sync itself.
    fn compute(
        waterfall: Lazy<'_>,
        own: (Terms, Listing, Book),
        outside: Outside,
        now: u64,
        drawing: Option<Drawing>,
    ) -> Result<Self> {
        let (terms, listing, book) = own;
        let Outside { board, covariance, recoveries, markets } = outside;
        let before = book.clone();
        let mut synced = Self {
            now,
            stood: listing.regime,
            terms,
            board,
            covariance,
            listing,
            book,
            markets: Vec::new(),
            events: Vec::new(),
            relisted: false,
            losses: None,
            stability_fees: Usd::ZERO,
            by_notes: Usd::ZERO,
            collapsing: Vec::new(),
        };

        synced.book_recoveries(recoveries);
        synced.charge_fees()?;
        synced.refresh_marks();
        synced.accept_markets(markets, drawing)?;
        synced.set_aside(&before.ledger)?;
        synced.move_debt(waterfall, &before)?;
        synced.refresh_weights();
        synced.observe_peaks(&before);
        synced.watch(&before)?;
        synced.book.synced_at = now;
        let bad_debt = !synced.book.ledger.bad_debt.is_zero();
        if synced.listing.bad_debt != bad_debt {
            synced.listing.bad_debt = bad_debt;
            synced.relisted = true;
        }
        Ok(synced)
    }

    /// Stores the book, and what else has changed, and begins the answer with what the sync has to tell.
    pub fn save(mut self, storage: &mut dyn Storage) -> Result<Response> {
        state::save_book(storage, &self.book)?;
        if !self.collapsing.is_empty() {
            let mut ceilings = Ceilings::of(&mut self.terms, &mut self.listing, &self.book);
            self.collapsing.iter().try_for_each(|scope| ceilings.collapse(storage, *scope))?;
            state::save_terms(storage, &self.terms)?;
        }
        if let Some(losses) = &self.losses {
            state::save_waterfall(storage, losses)?;
        }
        if self.relisted {
            state::save_listing(storage, &self.listing)?;
        }
        Ok(Response::new().add_events(self.events))
    }

    /// A vault's price, young and certain enough to mint, exit or seize by. `E0206`, `E0207`, `E0208`.
    pub fn quote(&self, vault: u8) -> Result<Quote> {
        let state = self.vault(vault)?;
        let terms = self.terms.vaults.get(usize::from(vault)).copied().unwrap_or_default();
        self.board.certain(state.feed, Use::Liquidate, self.now, terms.maximum_confidence)
    }

    /// A vault by its number. `E0301`.
    pub fn vault(&self, vault: u8) -> Result<&VaultState> {
        self.book.vaults.get(usize::from(vault)).ok_or(Error::UnknownVault { vault: vault.into() })
    }

    /// Values a vault's collateral again after some has come or gone; without a good price its weight stays.
    pub fn refresh_weight(&mut self, vault: u8) {
        let price = self.quote(vault).map(|quote| quote.price);
        if let (Ok(price), Some(state)) = (price, self.book.vaults.get_mut(usize::from(vault))) {
            let value = price.value_of(state.book.amount, state.decimals, Rounding::Down);
            state.weight = value.unwrap_or(state.weight);
        }
    }

    /// Books what auctions brought since the last sync. Penalties come before the rewards that are paid out of them.
    fn book_recoveries(&mut self, record: Option<Result<Recoveries>>) {
        let Some(record) = record else { return };
        let booked = record.and_then(|now| {
            let mut ledger = self.book.ledger;
            let met = book_growth(&mut ledger, &self.book.recoveries, &now)?;
            Ok((ledger, now, met))
        });
        match booked {
            Ok((ledger, now, met)) => {
                let paid = now.notes_paid.saturating_minus(self.book.recoveries.notes_paid);
                if !paid.is_zero() {
                    self.by_notes = met;
                    self.events.push(NotesSold { paid, bad_debt: met }.into());
                }
                self.book.ledger = ledger;
                self.book.recoveries = now;
            }
            Err(error) => {
                let liquidator = self.terms.liquidator.as_ref().map(ToString::to_string);
                self.events.push(not_accepted(liquidator.unwrap_or_default(), &error));
            }
        }
    }

    /// Charges the stability fee for the time since the last sync; none any more once the pool is shut down.
    fn charge_fees(&mut self) -> Result<()> {
        if self.listing.regime == Regime::ShutDown {
            return Ok(());
        }
        let seconds = self.now.saturating_sub(self.book.synced_at);
        for (vault, terms) in self.book.vaults.iter_mut().zip(&self.terms.vaults) {
            let fee = vault.minted.accrue(terms.stability_fee, seconds)?;
            vault.debt = vault.debt.plus(fee.signed()?)?;
            self.book.ledger.stability_fee(fee)?;
            self.stability_fees = self.stability_fees.plus(fee)?;
        }
        Ok(())
    }

    /// Promises the notes' share of insurance's income since the last sync to them, as far as they are not covered.
    fn set_aside(&mut self, before: &Ledger) -> Result<()> {
        let uncovered = self.book.recoveries.notes_outstanding().saturating_minus(self.book.ledger.set_aside);
        if uncovered.is_zero() {
            return Ok(());
        }
        let ledger = &mut self.book.ledger;
        let income = ledger.insurance.saturating_minus(before.insurance);
        let amount = income.scale(self.terms.params.note_share, Rounding::Down)?.min(uncovered);
        if !amount.is_zero() {
            ledger.set_aside_for_notes(amount)?;
            self.events.push(SetAside { amount }.into());
        }
        Ok(())
    }

    /// The mark of a feed is its fresh price, else its last one.
    fn refresh_marks(&mut self) {
        let feeds = self.board.quotes.len().max(self.book.marks.len());
        self.book.marks.resize(feeds, Default::default());
        for (feed, mark) in (0..).zip(self.book.marks.iter_mut()) {
            if let Ok(quote) = self.board.fresh(feed, Use::Liquidate, self.now) {
                *mark = quote.price;
            }
        }
    }

    fn accept_markets(
        &mut self,
        records: Vec<(Addr, Result<Exposure>)>,
        drawing: Option<Drawing>,
    ) -> Result<()> {
        for (place, (address, record)) in records.into_iter().enumerate() {
            let drawing = drawing.filter(|drawing| drawing.place == place);
            let seen = self.accept(place, address, record, drawing)?;
            if let Some(error) = &seen.refused {
                self.events.push(not_accepted(seen.address.to_string(), error));
            }
            self.markets.push(seen);
        }
        Ok(())
    }

    fn accept(
        &mut self,
        place: usize,
        address: Addr,
        record: Result<Exposure>,
        drawing: Option<Drawing>,
    ) -> Result<Seen> {
        let drawn = drawing.map_or(Usd::ZERO, |drawing| drawing.amount);
        let line = self.listing.line(place);
        let Book { ledger, markets, marks, .. } = &mut self.book;
        let key = || Error::NotFound { what: "market".into(), key: address.to_string() };
        let market = markets.get_mut(place).ok_or_else(key)?;
        let (exposure, growth) = match record {
            Ok(exposure) => {
                let growth = accept::trusted(market, &exposure, drawn);
                (Some(exposure), growth)
            }
            Err(error) => (None, Err(error)),
        };
        let trusted = exposure.as_ref().filter(|_| growth.is_ok());
        let accepted = growth.and_then(|growth| {
            let exposure = trusted.ok_or_else(|| Error::BadRecord { record: Exposure::NAME.into() })?;
            Ok((exposure, accept::evaluate(exposure, growth, &self.board, self.now)?))
        });
        match accepted {
            Ok((record, Accepted { reported, used, growth })) => {
                ledger.market_draws(drawn)?;
                ledger.market_pays_fees(growth.fees)?;
                ledger.market_falls_short(growth.shortfalls)?;
                market.reported = reported;
                market.drawn = record.drawn;
                market.fees = record.fees;
                market.shortfalls = record.shortfalls;
                market.accepted_at = self.now;
                Ok(Seen { address, exposure, refused: None, extra: Usd::ZERO, used })
            }
            Err(error) => {
                let (board, covariance) = (&self.board, &self.covariance);
                let extra = accept::extra((market, line), trusted, board, marks, covariance, self.now)?;
                let used = market.used()?.plus(extra.signed()?)?;
                Ok(Seen { address, exposure, refused: Some(error), extra, used })
            }
        }
    }

    /// Moves the providers' debt by what the markets' debt and Φ moved, and sends losses through the waterfall. Both by the
    /// weights of the last sync: those who shared the risk share the result.
    fn move_debt(&mut self, waterfall: Lazy<'_>, before: &Book) -> Result<()> {
        let reported = self.book.markets.iter().try_fold(SignedUsd::ZERO, |sum, m| sum.plus(m.reported))?;
        let potential = self.potential();
        let delta = self.book.ledger.markets_stand_at(reported, potential)?;

        let weights = weights(before);
        let provided = weights.iter().any(|weight| !weight.is_zero());
        let Book { ledger, vaults, .. } = &mut self.book;
        if provided {
            charge(vaults, delta, &weights)?;
            ledger.providers_owe(delta)?;
        } else {
            ledger.nobody_owes(delta)?;
        }

        self.meet_losses(waterfall, before, &weights)?;
        let ledger = &self.book.ledger;
        let Ledger { bad_debt, insurance, .. } = *ledger;
        if *ledger != before.ledger {
            let (debt_change, stability_fees) = (delta, self.stability_fees);
            let told = SyncedEvent { debt_change, stability_fees, reported, potential, insurance, bad_debt };
            self.events.push(told.into());
        }
        Ok(())
    }

    /// Φ of all readable skews at their last accepted prices; the last one where a record's skews are beyond all numbers.
    fn potential(&self) -> Usd {
        let fresh = self.exposures().and_then(|x| potential(&x, &self.covariance, self.listing.impact_depth));
        fresh.unwrap_or(self.book.ledger.potential)
    }

    /// The address of a listed market.
    pub fn market_name(&self, place: usize) -> String {
        self.markets.get(place).map(|seen| seen.address.to_string()).unwrap_or_default()
    }

    fn refresh_weights(&mut self) {
        for vault in (0..).take(self.book.vaults.len()) {
            self.refresh_weight(vault);
        }
    }

    fn observe_peaks(&mut self, before: &Book) {
        for (vault, before) in self.book.vaults.iter_mut().zip(&before.vaults) {
            let stood = before.distribution.value_per_share;
            vault.peak.observe(stood, vault.distribution.value_per_share, self.now);
        }
    }
}

fn not_accepted(market: String, error: &Error) -> Event {
    MarketNotAccepted { market, code: error.code().into() }.into()
}

/// What the liquidator's counters have grown by, as transitions. Returns what recovery notes met of bad debt.
pub fn book_growth(ledger: &mut Ledger, last: &Recoveries, now: &Recoveries) -> Result<Usd> {
    ledger.auction_brings(now.recovered.minus(last.recovered)?)?;
    ledger.auction_brings_penalty(now.penalties.minus(last.penalties)?)?;
    ledger.keeper_rewarded(now.tips.minus(last.tips)?)?;
    ledger.auction_ends_short(now.shortfalls.minus(last.shortfalls)?)?;
    ledger.notes_sold(now.notes_paid.minus(last.notes_paid)?)
}

/// Debt shares of the vaults that have providers.
pub fn weights(book: &Book) -> Vec<Usd> {
    let shared = |vault: &VaultState| if vault.book.shares.is_zero() { Usd::ZERO } else { vault.weight };
    book.vaults.iter().map(shared).collect()
}
