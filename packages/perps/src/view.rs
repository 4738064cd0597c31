//! What is shown of a market: at the board's last prices, with funding accrued to now. Nothing changes.

use cosmwasm_std::{Deps, Env};

use sdp_types::board::Use;
use sdp_types::market::{
    AccountResponse, OrderResponse, PerpResponse, PositionResponse, TotalsResponse, MAX_PERPS,
};
use sdp_types::math::Wide;
use sdp_types::{Price, Result, Rounding, SignedUsd, Usd};

use crate::books::{total, Books};
use crate::charges::discount;
use crate::core::mark::{legs, Mark, Market, Valuation};
use crate::prices::{offsets, rates, Outside};
use crate::state::{self, AccountKey, Terms};

/// At most so many numbers of orders one question looks at.
const MOST_LOOKED_AT: usize = 1_000;

/// Everything that a query about prices looks at.
pub struct View<'a> {
    pub(crate) deps: Deps<'a>,
    pub(crate) terms: Terms,
    pub(crate) outside: Outside,
    pub(crate) books: Books,
}

impl<'a> View<'a> {
    /// Reads it all.
    pub fn load(deps: Deps<'a>, env: &Env) -> Result<Self> {
        let terms = state::terms(deps.storage)?;
        let outside = Outside::read(deps, env, terms.home())?;
        let books = Books::load(deps.storage, &terms)?;
        Ok(Self { deps, terms, outside, books })
    }

    /// How many perpetuals there are.
    pub fn perps(&self) -> usize {
        self.books.published.exposure.quantities.len().min(MAX_PERPS)
    }

    pub(crate) fn value(&mut self, key: &AccountKey) -> Result<Valuation> {
        let (deps, outside) = (self.deps, &self.outside);
        self.books.value(deps, key, &self.terms, outside, &|config| outside.board.last(config.feed))
    }

    pub(crate) fn market(&mut self, perp: u16) -> Result<Market> {
        let (deps, outside) = (self.deps, &self.outside);
        self.books.market(deps.storage, perp, outside, &|config| outside.board.last(config.feed))
    }

    /// A perpetual. `E0401`.
    pub fn perp(&mut self, perp: u16) -> Result<PerpResponse> {
        let (deps, now) = (self.deps, self.outside.now);
        let config = self.books.perp(deps.storage, perp)?;
        let sides = *self.books.sides(deps.storage, perp)?;
        let queue = *self.books.queue(perp)?;
        let elapsed = self.books.published.elapsed(now);
        let funding = self.books.funding(perp)?;
        let rates = rates(&self.outside, &config)?;
        let tradable = self.outside.board.certain(config.feed, Use::Trade, now, config.trade_confidence);
        Ok(PerpResponse {
            perp,
            index: self.outside.last(config.feed),
            tradable: tradable.is_ok(),
            long: sides.long.sums()?.0.abs(),
            short: sides.short.sums()?.0.abs(),
            skew: self.books.skew(perp)?,
            long_index: sides.long.entry().ratio(),
            short_index: sides.short.entry().ratio(),
            long_deleveragings: sides.long.scaling.unwrap_or_default().count,
            short_deleveragings: sides.short.scaling.unwrap_or_default().count,
            pending_long: queue.long,
            pending_short: queue.short,
            premium: self.outside.marginal_premium(&self.books.published.exposure.quantities, config.feed)?,
            funding_rate: funding.rate_after(elapsed)?,
            funding_integral: funding.integral_after(elapsed, &self.terms.params.funding)?,
            funding_index: Wide::from(funding.index_after(elapsed)?),
            initial_margin: rates.initial,
            maintenance_margin: rates.maintenance,
            next_settled: queue.head,
            next_order: queue.next(),
            config,
        })
    }

    /// An account; an empty one where there is none.
    pub fn account(&mut self, key: &AccountKey) -> Result<AccountResponse> {
        let valuation = self.value(key)?;
        let account = self.books.account(self.deps.storage, key)?.clone();
        let positions: Result<Vec<_>> =
            valuation.marks.iter().map(|mark| self.position(&valuation, mark)).collect();
        let leverage = match valuation.equity.positive_part() {
            Usd::ZERO => None,
            equity => Some(valuation.notional.per(equity, Rounding::Up)?),
        };
        let (fees, now) = (self.terms.params.fees.as_ref(), self.outside.now);
        let trader = account.trader.clone().unwrap_or_default();
        let referrer = AccountKey { owner: trader.referrer, number: 0 };
        let referred = !referrer.owner.is_empty();
        Ok(AccountResponse {
            volume: fees.map(|fees| trader.volume.at(now, fees.window)).transpose()?.unwrap_or_default(),
            fee_discount: discount(fees, &account, now)?,
            referrer: referred.then(|| referrer.owner(self.deps.api)).transpose()?,
            owner: key.owner(self.deps.api)?,
            account: key.number,
            margin: account.margin,
            locked: account.locked,
            orders: account.orders,
            tokens: valuation.tokens.as_ref().map(|tokens| tokens.for_maintenance),
            equity: valuation.equity,
            equity_for_opening: valuation.for_opening,
            initial_margin: valuation.initial,
            maintenance_margin: valuation.maintenance,
            withdrawable: valuation.askable(account.locked, self.terms.params.insurance.leverage)?,
            leverage,
            liquidatable: valuation.below_maintenance()?,
            generation: account.generation,
            positions: positions?,
        })
    }

    fn position(&mut self, valuation: &Valuation, mark: &Mark) -> Result<PositionResponse> {
        let market = self.market(mark.position.perp)?;
        Ok(PositionResponse {
            perp: mark.position.perp,
            size: mark.position.size,
            cost: mark.position.cost,
            break_even: break_even(mark, market.funding)?,
            notional: mark.notional,
            pnl: mark.pnl,
            initial_margin: mark.initial,
            maintenance_margin: mark.maintenance,
            liquidation_price: self.liquidation_price(valuation, mark, &market)?,
        })
    }

    /// The index price at which the account falls below maintenance, all else held.
    pub(crate) fn liquidation_price(
        &self,
        valuation: &Valuation,
        mark: &Mark,
        market: &Market,
    ) -> Result<Option<Price>> {
        let (size, confidence) = (mark.position.size, market.quote.confidence);
        let worse = market.quote.price.adverse_to_holder(size, confidence)?;
        let rest = valuation.equity.minus(worse.value(size, Rounding::Up)?)?;
        let place = valuation.marks.iter().position(|other| other.position.perp == mark.position.perp);
        let legs = legs(&valuation.marks, |mark| mark.maintenance)?;
        let beside = offsets(&self.outside, &self.terms).beside(&legs, place.unwrap_or(legs.len()))?;
        beside.liquidation_price(size, confidence, mark.maintenance_rate, rest)
    }

    /// Orders of a perpetual that wait, from a number on. Their numbers follow each other, so nothing has to be searched. `E0401`.
    pub fn orders(&mut self, perp: u16, from: u64, limit: usize) -> Result<Vec<OrderResponse>> {
        let (storage, api) = (self.deps.storage, self.deps.api);
        let queue = *self.books.queue(perp)?;
        let mut found = Vec::new();
        for number in (from.max(queue.head)..queue.next()).take(MOST_LOOKED_AT) {
            // one that was taken back leaves a hole
            let Some(order) = self.books.order(storage, perp, number)? else { continue };
            // a liquidation has released the locks of the orders before it
            let generation = state::account(storage, &order.account)?.map(|account| account.generation);
            let locked = if generation == Some(order.generation) { order.locked } else { Usd::ZERO };
            found.push(OrderResponse {
                perp,
                order: number,
                owner: order.account.owner(api)?,
                account: order.account.number,
                size: order.size,
                increase: order.increase(),
                limit_price: order.limit,
                interval: order.interval,
                last_interval: order.last_interval(),
                locked,
                keeper_fee: order.keeper_fee,
            });
            if found.len() >= limit {
                break;
            }
        }
        Ok(found)
    }

    /// Sums over all accounts.
    pub fn totals(&mut self) -> Result<TotalsResponse> {
        let mut cost = SignedUsd::ZERO;
        let perps = self.books.published.exposure.quantities.len();
        for perp in (0..).take(perps) {
            cost = cost.plus(self.books.sides(self.deps.storage, perp)?.sums()?.1)?;
        }
        let winners_pnl = total(&self.books.winners(self.deps.storage, &self.outside, true)?)?;
        let (exposure, outside) = (self.books.published.exposure.clone(), &self.outside);
        let line = outside.line.unwrap_or_default().positive_part();
        let winners_part = if line.is_zero() { None } else { Some(winners_pnl.per(line, Rounding::Up)?) };
        let reported =
            exposure.reported(outside.now, |feed, _| outside.board.last(feed).map(|quote| quote.price))?;
        let held = state::held(self.deps.storage)?;
        // base = Σ margin − held − Σ cost
        let margin = exposure.base.plus(held.signed()?)?.plus(cost)?;
        Ok(TotalsResponse { margin, held, cost, exposure, reported, winners_pnl, winners_part })
    }
}

/// `cost/size − F`: the price at which the PnL would be 0; 0 where that is not positive.
fn break_even(mark: &Mark, funding: i128) -> Result<Price> {
    // micro-USD per 10⁻¹⁸ units, to the 24 decimals of a funding index
    let scale = Wide::from(sdp_types::exposure::NUMERATOR_ONE);
    let per_unit = mark.position.cost.wide().times(scale)?.div_floor(mark.position.size.wide())?;
    let level = per_unit.minus(Wide::from(funding))?;
    let price = level.div_floor(sdp_types::exposure::FUNDING_PER_PRICE.into())?.narrow()?;
    Ok(Price::new(u128::try_from(price).unwrap_or_default()))
}
