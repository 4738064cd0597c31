//! What the source of a pulled feed answers now.

mod answer;
mod pyth;
mod rate;
pub mod validate;

use cosmwasm_std::{
    to_json_vec, Binary, ContractResult, Empty, QuerierWrapper, QueryRequest, Storage, SystemResult,
    WasmQuery,
};
use sdp_types::board::{Board, FeedId, Quote, Use};
use sdp_types::error::OracleError;
use sdp_types::error::SourceError;
use sdp_types::oracle::Source;
use sdp_types::units::MAX_PRICE;
use sdp_types::{ensure, Error, Price, Rate, Ratio, Result};

use crate::compose;
use crate::state::{self, AcceptedRate};

/// Asks the source of one feed. Every error means that there is no price.
pub struct Evaluation<'a> {
    storage: &'a dyn Storage,
    board: &'a Board,
    querier: &'a QuerierWrapper<'a>,
    feed: FeedId,
    now: u64,
    /// Rates that were asked for, by the place of their leaf: accepted if the price is.
    pub rates: Vec<(u8, AcceptedRate)>,
}

impl<'a> Evaluation<'a> {
    pub fn begin(
        storage: &'a dyn Storage,
        board: &'a Board,
        querier: &'a QuerierWrapper<'a>,
        feed: FeedId,
        now: u64,
    ) -> Self {
        Self { storage, board, querier, feed, now, rates: Vec::new() }
    }

    /// The feed's price, newer than its last one: `E0203`. `E0004` for one above the largest price.
    pub fn price(&mut self, source: &Source, last: u64) -> Result<Quote> {
        let quote = self.quote(source, 0)?;
        let (feed, publish_time) = (self.feed.into(), quote.publish_time);
        ensure(publish_time > last, || OracleError::PublishTimeNotNewer { feed, publish_time, last }.into())?;
        ensure(quote.price <= MAX_PRICE, || {
            Error::out_of_range("price", quote.price, Price::new(1), MAX_PRICE)
        })?;
        Ok(quote)
    }

    /// A source whose first leaf has this place in the whole tree; never a price of 0.
    #[inline(never)]
    fn quote(&mut self, source: &Source, place: usize) -> Result<Quote> {
        let quote = match source {
            Source::Feed { feed } => self.board.fresh(*feed, Use::Liquidate, self.now)?,
            Source::Pyth { contract, id, maximum_age, maximum_confidence } => {
                let answer = self.ask(contract, pyth::question(id)?)?;
                let asked = pyth::Asked { feed: self.feed, contract, id, now: self.now };
                asked.quote(&answer, *maximum_age, *maximum_confidence)?
            }
            Source::Rate { contract, query, path, maximum_growth } => {
                let answer = self.ask(contract, query.clone())?;
                let unreadable = || self.unreadable(contract);
                let asked: Ratio = answer::text_at(&answer, path)
                    .and_then(|text| text.parse().ok())
                    .ok_or_else(unreadable)?;
                self.rate(asked, *maximum_growth, place)?
            }
            Source::Product { of } => self.all(of, place, compose::product)?,
            Source::Lowest { of } => self.all(of, place, compose::lower)?,
            Source::Quotient { of, by } => {
                let (of, by) = self.both(of, by, place)?;
                compose::quotient(of, by)?
            }
            Source::First { of } => self.first(of, place)?,
            Source::Checked { source, by, within } => {
                let (quote, by) = self.both(source, by, place)?;
                self.agree(quote, by, *within)?;
                compose::confirmed(quote, by)?
            }
        };
        ensure(!quote.price.is_zero(), || {
            SourceError::PriceNotPositive { feed: self.feed.into(), price: 0 }.into()
        })?;
        Ok(quote)
    }

    /// A plain number, as of now, which has not grown faster than it may.
    #[inline(never)]
    fn rate(&mut self, asked: Ratio, growth: Rate, place: usize) -> Result<Quote> {
        let leaf = u8::try_from(place).unwrap_or(u8::MAX);
        let rate = rate::capped(asked, state::rate(self.storage, self.feed, leaf)?, growth, self.now)?;
        self.rates.push((leaf, AcceptedRate { rate, at: self.now }));
        Ok(Quote { price: Price::new(rate.raw()), confidence: Ratio::ZERO, publish_time: self.now })
    }

    /// All parts, one after the other, combined in pairs.
    fn all(
        &mut self,
        of: &[Source],
        mut place: usize,
        combine: impl Fn(Quote, Quote) -> Result<Quote>,
    ) -> Result<Quote> {
        let mut whole: Option<Quote> = None;
        for part in of {
            let quote = self.quote(part, place)?;
            place += part.leaves();
            whole = Some(match whole {
                Some(before) => combine(before, quote)?,
                None => quote,
            });
        }
        whole.ok_or_else(|| Error::NoPrice { feed: self.feed.into() })
    }

    fn both(&mut self, a: &Source, b: &Source, place: usize) -> Result<(Quote, Quote)> {
        Ok((self.quote(a, place)?, self.quote(b, place + a.leaves())?))
    }

    /// The first that is good; the first one's refusal if none is.
    #[inline(never)]
    fn first(&mut self, of: &[Source], mut place: usize) -> Result<Quote> {
        let mut refusal = Error::NoPrice { feed: self.feed.into() };
        for (at, part) in of.iter().enumerate() {
            match self.quote(part, place) {
                Ok(quote) => return Ok(quote),
                Err(error) if at == 0 => refusal = error,
                Err(_) => {}
            }
            place += part.leaves();
        }
        Err(refusal)
    }

    /// `E0218` for prices that are further apart than a fraction of the lower one.
    #[inline(never)]
    fn agree(&self, quote: Quote, by: Quote, within: Ratio) -> Result<()> {
        let (lower, higher) = (quote.price.min(by.price), quote.price.max(by.price));
        ensure(compose::apart(lower, higher)? <= within, || {
            SourceError::SourcesDisagree {
                feed: self.feed.into(),
                price: quote.price,
                other: by.price,
                within,
            }
            .into()
        })
    }

    /// What a contract answers. Why it does not is its own text, which differs from chain to chain: `E0213`.
    #[inline(never)]
    fn ask(&self, contract: &str, msg: Binary) -> Result<Binary> {
        let query = WasmQuery::Smart { contract_addr: contract.into(), msg };
        match self.querier.raw_query(&to_json_vec(&QueryRequest::<Empty>::Wasm(query))?) {
            SystemResult::Ok(ContractResult::Ok(answer)) => Ok(answer),
            _ => Err(SourceError::SourceFailed { feed: self.feed.into(), contract: contract.into() }.into()),
        }
    }

    fn unreadable(&self, contract: &str) -> Error {
        SourceError::UnreadableAnswer { feed: self.feed.into(), contract: contract.into() }.into()
    }
}
