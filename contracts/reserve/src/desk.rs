//! What a swap reads, and what must hold of the token's price.

use cosmwasm_std::{Addr, Deps, Env, Storage};

use sdp_types::board::{Board, Quote, Use};
use sdp_types::book::{Book, Listing};
use sdp_types::error::ReserveError;
use sdp_types::events::Revalued;
use sdp_types::pool::Token;
use sdp_types::regime::Regime;
use sdp_types::reserve::{Status, TokenConfig, PAR};
use sdp_types::{ensure, Error, Price, Ratio, Result, Rounding, Usd};

use crate::books::{Books, Move, Stock};
use crate::state::{self, Terms};

/// What a message reads once, and saves once.
#[derive(Clone)]
pub struct Desk {
    /// Block time, seconds.
    pub now: u64,
    /// The pool.
    pub pool: Addr,
    /// The pool's token.
    pub sdusd: Addr,
    /// Addresses, parameters, tokens.
    pub terms: Terms,
    /// What the pool lists and allows.
    pub listing: Listing,
    /// What is held.
    pub books: Books,
}

impl Desk {
    /// Reads it.
    pub fn load(deps: Deps<'_>, env: &Env) -> Result<Self> {
        let terms = state::terms(deps.storage)?;
        let pool = deps.api.addr_humanize(&terms.pool)?;
        let listing = Listing::of(&deps.querier, &pool)?;
        let books = state::books(deps.storage)?;
        let sdusd = deps.api.addr_humanize(&terms.sdusd)?;
        Ok(Self { now: env.block.time.seconds(), pool, sdusd, terms, listing, books })
    }

    /// Stores what is held, and publishes it as of now.
    pub fn save(mut self, storage: &mut dyn Storage) -> Result<()> {
        self.books.exposure.as_of = self.now;
        state::save_books(storage, &self.books)
    }

    /// Number of a token: `E0110`.
    pub fn number(&self, token: &Token) -> Result<u8> {
        let found = (0u8..).zip(&self.terms.tokens).find(|(_, config)| config.token == *token);
        found.map(|(number, _)| number).ok_or_else(|| Error::UnknownToken { token: token.to_string() })
    }

    /// A token and what is there of it: `E0007`.
    pub fn token(&self, number: u8) -> Result<(TokenConfig, Stock)> {
        let unknown = || Error::NotFound { what: "token".into(), key: number.to_string() };
        let config = self.terms.tokens.get(usize::from(number)).cloned().ok_or_else(unknown)?;
        Ok((config, self.books.stock(number)?))
    }

    /// V.
    pub fn value(&self) -> Result<Usd> {
        self.books.value(&self.terms.tokens)
    }

    /// Whether the pool was shut down.
    pub fn is_shut(&self) -> bool {
        self.listing.regime == Regime::ShutDown
    }

    /// The oracle's board.
    pub fn board(&self, deps: Deps<'_>) -> Result<Board> {
        Board::of(&deps.querier, &deps.api.addr_humanize(&self.terms.oracle)?)
    }

    /// The token's price, young enough to trade by and certain: `E0206`, `E0207`, `E0208`.
    pub fn quote(&self, board: &Board, config: &TokenConfig) -> Result<Quote> {
        board.certain(config.feed, Use::Trade, self.now, config.maximum_confidence)
    }

    /// Puts the token at its price, where that is not where it is.
    pub fn revalue(&mut self, number: u8, config: &TokenConfig, price: Price) -> Result<Option<Revalued>> {
        let stood = self.books.stock(number)?.mark;
        let mark = mark(stood, price, config.band)?;
        if mark == stood {
            return Ok(None);
        }
        let Move { loss, gain } = self.books.revalued(number, config, mark)?;
        let value = self.books.stock(number)?.value(config)?;
        Ok(Some(Revalued { token: number, mark, value, loss, gain }))
    }

    /// What must hold before a token comes in; it is valued again first. `E0206`, `E0207`, `E0208`, and those of the rules below.
    pub fn lets_in(&mut self, number: u8, config: &TokenConfig, board: &Board) -> Result<Option<Revalued>> {
        self.takes(number, config, board)?;
        let quote = self.quote(board, config)?;
        let revalued = self.revalue(number, config, quote.price)?;
        self.in_band_to_come(number, config, &quote)?;
        Ok(revalued)
    }

    /// What must hold before a token goes out; it is valued again first. `E0703`, `E0206`, `E0207`, `E0208`, `E0701`.
    pub fn lets_out(&mut self, number: u8, config: &TokenConfig, board: &Board) -> Result<Option<Revalued>> {
        let closed = config.status == Status::Closed;
        ensure(!closed, || ReserveError::SwapClosed { token: number.into() }.into())?;
        let quote = self.quote(board, config)?;
        let revalued = self.revalue(number, config, quote.price)?;
        Self::in_band_to_go(config, &quote)?;
        Ok(revalued)
    }

    /// `E0333` once the pool was shut down, `E0703` where the token does not come in, `E0328` where its price is restricted.
    fn takes(&self, number: u8, config: &TokenConfig, board: &Board) -> Result<()> {
        ensure(!self.is_shut(), || Error::PoolShutDown {})?;
        ensure(config.status == Status::Open, || ReserveError::SwapClosed { token: number.into() }.into())?;
        let (regime, scope) = (board.regime(config.feed), format!("feed {}", config.feed));
        ensure(regime < Regime::CloseOnly, || Error::Restricted { scope, regime })
    }

    /// `E0701` where the price may be below the band, or the token stands in the book below par: it would come in for more than it is
    /// booked at.
    fn in_band_to_come(&self, number: u8, config: &TokenConfig, quote: &Quote) -> Result<()> {
        let bound = PAR.low(config.band)?;
        let (edge, feed) = (quote.price.low(quote.confidence)?, u64::from(config.feed));
        ensure(edge >= bound, || ReserveError::OutsideBand { feed, edge, bound }.into())?;
        let mark = self.books.stock(number)?.mark;
        ensure(mark == PAR, || ReserveError::OutsideBand { feed, edge: mark, bound: PAR }.into())
    }

    /// `E0701` where the price may be above the band: the token would go out for less than it is worth.
    fn in_band_to_go(config: &TokenConfig, quote: &Quote) -> Result<()> {
        let bound = PAR.high(config.band)?;
        let (edge, feed) = (quote.price.high(quote.confidence)?, u64::from(config.feed));
        ensure(edge <= bound, || ReserveError::OutsideBand { feed, edge, bound }.into())
    }

    /// Most value of all tokens beside so much sdUSD, rounded down.
    pub fn most_value(&self, supply: Usd) -> Result<Usd> {
        let params = &self.terms.params;
        Ok(supply.scale(params.supply_share, Rounding::Down)?.max(params.minimum_room))
    }

    /// sdUSD that there is by the pool's book.
    pub fn supply(&self, deps: Deps<'_>) -> Result<Usd> {
        Ok(Book::of(&deps.querier, &self.pool)?.ledger.supply)
    }

    /// The part of a payment that a swap out leaves to the pool's bad debt: bad debt ÷ (what the markets owe + V), rounded up, at most 1.
    ///
    /// What can leave the pool is what traders may draw and what is here, so whoever takes his part of it leaves his part of the loss behind.
    /// With S the sdUSD that there is, V ≤ S and so h ≥ b ÷ (owed + S): after a swap of x the loss per claim of those who stay,
    /// (b − h·x) ÷ (owed + S − x), is no more than it was.
    pub fn haircut(&self, deps: Deps<'_>) -> Result<Ratio> {
        if self.is_shut() || !self.listing.bad_debt {
            return Ok(Ratio::ZERO);
        }
        let book = Book::of(&deps.querier, &self.pool)?;
        let bad_debt = book.ledger.bad_debt;
        if bad_debt.is_zero() {
            return Ok(Ratio::ZERO);
        }
        let mut claims = self.value()?;
        for market in &book.markets {
            claims = claims.plus(market.reported.positive_part())?;
        }
        Ok(bad_debt.per(claims, Rounding::Up).unwrap_or(Ratio::ONE).min(Ratio::ONE))
    }
}

/// What a token stands in the book at when it stood at `stood` and its price is `price`.
///
/// It follows the price, to par at most, in steps of more than the band: so it is written down as soon as the price is below 1 − band, never
/// stands above its price by more than that, and a price that goes back and forth across an edge moves nothing. From half the band on it is
/// par again.
fn mark(stood: Price, price: Price, band: Ratio) -> Result<Price> {
    let half = Ratio::new(band.raw() / 2);
    if price >= PAR.low(half)? {
        return Ok(PAR);
    }
    let apart = price.saturating_minus(stood).max(stood.saturating_minus(price));
    Ok(if apart > PAR.scale(band, Rounding::Down)? { price } else { stood })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_follows_its_price_in_steps_of_more_than_the_band_and_never_above_par() {
        let mut stands = PAR;
        for (price, expected) in [
            ("1.02", "1"),
            // within the band, and at its edge
            ("0.9976", "1"),
            ("0.995", "1"),
            ("0.994999", "0.994999"),
            // back and forth across the edge
            ("0.9951", "0.994999"),
            ("0.9949", "0.994999"),
            ("0.9899", "0.9899"),
            ("0.9", "0.9"),
            ("0.904", "0.9"),
            ("0.95", "0.95"),
            // half of the band
            ("0.997499", "0.997499"),
            ("0.9975", "1"),
        ] {
            stands = mark(stands, price.parse().unwrap(), Ratio::bps(50)).unwrap();
            assert_eq!(stands, expected.parse().unwrap(), "{price}");
        }
    }

    #[test]
    fn it_is_par_again_even_where_the_step_is_small() {
        let stood = "0.994".parse().unwrap();
        assert_eq!(mark(stood, "0.998".parse().unwrap(), Ratio::bps(50)), Ok(PAR));
    }
}
