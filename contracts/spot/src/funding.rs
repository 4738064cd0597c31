//! Holders carry a perpetual's funding: between messages as the published polynomial says, and at each message as quantity.

use cosmwasm_std::{CanonicalAddr, Deps, DepsMut, Env, Event, Response};

use sdp_risk::funding::FundingState;
use sdp_risk::published::Published;
use sdp_trading::table::Table;
use sdp_types::board::{Board, FeedId};
use sdp_types::error::SpotError;
use sdp_types::events::{FundingCarried, List};
use sdp_types::exposure::FundingPolynomial;
use sdp_types::market;
use sdp_types::math::Wide;
use sdp_types::record::{key, tag, Record};
use sdp_types::{Error, Price, Result, Size};

use crate::books::Books;
use crate::core::quantity::carried;
use crate::state::{self, Link, Terms};

/// Funding of one perpetual at this block.
#[derive(Clone, Copy, Debug)]
pub struct Sampled {
    /// F, USD per unit with 24 decimals.
    pub index: i128,
    /// Seconds since the market's sample, as far as it accrues.
    elapsed: u64,
    /// How it moves from the market's sample on.
    state: FundingState,
    /// Seconds from now on in which it moves so.
    lasts: u64,
}

/// Markets of perpetuals as this message finds them.
#[derive(Default)]
pub struct Markets {
    read: Table<CanonicalAddr, (market::Terms, Published)>,
}

impl Markets {
    /// A perpetual's funding, read raw: no code of the market runs. `E0006 BadRecord`, `E0401 UnknownPerp`.
    pub fn sampled(&mut self, deps: Deps<'_>, link: &Link, now: u64) -> Result<Sampled> {
        if !self.read.has(&link.market) {
            let address = deps.api.addr_humanize(&link.market)?;
            let terms = market::Terms::of_contract(&deps.querier, &address, &key(tag::TERMS))?;
            let terms = terms.ok_or_else(|| Error::BadRecord { record: market::Terms::NAME.into() })?;
            self.read.put(link.market.clone(), (terms, Published::of(&deps.querier, &address)?));
        }
        let found = self.read.get(&link.market);
        let (terms, published) = found.ok_or_else(|| Error::BadRecord { record: "market".into() })?;
        let elapsed = published.elapsed(now);
        let state = published.funding(link.perp, &terms.params.funding)?;
        let lasts = published.exposure.funding.lasts.saturating_sub(elapsed);
        Ok(Sampled { index: state.index_after(elapsed)?, elapsed, state, lasts })
    }

    /// Feed of a perpetual of a market that was read.
    pub fn feed(&self, link: &Link) -> Result<FeedId> {
        let found = self.read.get(&link.market);
        let found =
            found.and_then(|(_, published)| published.exposure.quantities.get(usize::from(link.perp)));
        Ok(found.ok_or(Error::UnknownPerp { perp: link.perp.into() })?.feed)
    }
}

impl Books {
    /// Turns the funding since the last message into quantities, and publishes how it goes on. Each synthetic's redemption index becomes
    /// R·(1 + ΔF/P) at the board's last price. A market that can't be read moves nothing until it can: it must not stop the others.
    pub fn touch(&mut self, deps: Deps<'_>, terms: &Terms, board: &Board, now: u64) -> Result<Event> {
        let mut markets = Markets::default();
        let mut polynomial = FundingPolynomial { lasts: u64::from(u32::MAX), ..Default::default() };
        let price = |feed| board.last(feed).map_or(Price::ZERO, |quote| quote.price);
        for (number, link) in (0..).zip(&terms.links) {
            let Some(link) = link else { continue };
            let Ok(sampled) = markets.sampled(deps, link, now) else { continue };
            let feed = self.feed(number)?;
            let issue = self.issue(number)?;
            if issue.frozen.is_some() {
                continue;
            }
            let moved = Wide::from(sampled.index).minus(issue.index.into())?.narrow()?;
            issue.redemption = carried(issue.redemption, moved, price(feed))?;
            issue.index = sampled.index;
        }
        let quantities = self.quantities(terms)?;
        for (link, entry) in terms.links.iter().zip(&quantities) {
            let Some(link) = link.as_ref().filter(|_| !entry.quantity.is_zero()) else { continue };
            let Ok(sampled) = markets.sampled(deps, link, now) else { continue };
            accrue(&mut polynomial, entry.quantity, &sampled)?;
        }
        self.exposure.as_of = now;
        self.exposure.quantities = quantities;
        self.exposure.funding = polynomial;
        let redemptions = self.own.issues.iter().map(|issue| Wide::from(issue.redemption)).collect();
        let until = now.saturating_add(polynomial.lasts);
        Ok(FundingCarried { redemptions: List(redemptions), until }.into())
    }

    /// The feed of a synthetic: `E0601 UnknownSynthetic`.
    pub fn feed(&self, synthetic: u16) -> Result<FeedId> {
        let entry = self.exposure.quantities.get(usize::from(synthetic));
        Ok(entry.ok_or(SpotError::UnknownSynthetic { synthetic: synthetic.into() })?.feed)
    }
}

/// Adds `q·(F(t) − F(now))`: with e seconds since the market's sample and s from now on, F moves by
/// `slope·s + acceleration·((e + s)² − e²)`.
fn accrue(polynomial: &mut FundingPolynomial, quantity: Size, sampled: &Sampled) -> Result<()> {
    let Sampled { elapsed, state, lasts, .. } = *sampled;
    let (quantity, acceleration) = (quantity.wide(), Wide::from(state.acceleration));
    let slope = acceleration.times(elapsed.into())?.times(2u64.into())?.plus(state.slope.into())?;
    polynomial.linear = polynomial.linear.plus(quantity.times(slope)?)?;
    polynomial.quadratic = polynomial.quadratic.plus(quantity.times(acceleration)?)?;
    polynomial.lasts = polynomial.lasts.min(lasts);
    Ok(())
}

/// `Poke`.
pub fn poke(deps: DepsMut<'_>, env: &Env) -> Result<Response> {
    let terms = state::terms(deps.storage)?;
    let board = Board::of(&deps.querier, &deps.api.addr_humanize(&terms.oracle)?)?;
    let mut books = Books::load(deps.storage)?;
    let told = books.touch(deps.as_ref(), &terms, &board, env.block.time.seconds())?;
    let messages = books.save(deps.storage, deps.api, &terms)?;
    Ok(Response::new().add_messages(messages).add_event(told))
}
