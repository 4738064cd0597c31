//! Answers: at the board's last prices and with funding accrued to now. Previews run the code of the messages.

use cosmwasm_std::{to_json_binary, Binary, Deps, Env};

use sdp_risk::potential;
use sdp_trading::limits::used_at_worst;
use sdp_types::board::Use;
use sdp_types::exposure::FeedQuantity;
use sdp_types::market::{
    AccountId, AccountResponse, ConfigResponse, MarginNeeded, OrderResponse, PerpResponse, PositionMargin,
    PositionResponse, QueryMsg, TotalsResponse, TradePreview, MAX_PERPS,
};
use sdp_types::math::Wide;
use sdp_types::ownership;
use sdp_types::{Price, Result, Rounding, SignedUsd, Size, Usd};

use crate::books::{total, Books};
use crate::commit::{fee_of, fee_rate, plan, Request};
use crate::core::fill::split;
use crate::core::mark::{legs, Mark, Market, Valuation};
use crate::prices::{offsets, rates, Outside};
use crate::settle::{fill_price, insurance_premia};
use crate::state::{self, AccountKey, Terms, CHANGES, GUARDIAN};

const DEFAULT_PAGE: u32 = 30;
const LARGEST_PAGE: u32 = 100;

/// Dispatch.
pub fn query(deps: Deps<'_>, env: &Env, message: QueryMsg) -> Result<Binary> {
    let answer = match message {
        QueryMsg::Config {} => to_json_binary(&config(deps)?),
        QueryMsg::Perps {} => {
            let mut view = View::load(deps, env)?;
            let count = view.books.published.exposure.quantities.len().min(MAX_PERPS);
            let perps: Result<Vec<_>> = (0..).take(count).map(|perp| view.perp(perp)).collect();
            to_json_binary(&perps?)
        }
        QueryMsg::Perp { perp } => to_json_binary(&View::load(deps, env)?.perp(perp)?),
        QueryMsg::Account { owner, account } => {
            let key = AccountKey::of(deps.api, &owner, account)?;
            to_json_binary(&View::load(deps, env)?.account(&key)?)
        }
        QueryMsg::Accounts { start_after, limit } => {
            to_json_binary(&accounts(deps, env, start_after, limit)?)
        }
        QueryMsg::PreviewTrade { owner, account, perp, size } => {
            let account = AccountKey::of(deps.api, &owner, account)?;
            let request = Request { account, perp, size, limit: None, expires_in: None };
            to_json_binary(&View::load(deps, env)?.preview(&request)?)
        }
        QueryMsg::Orders { perp, start_after, limit } => {
            to_json_binary(&orders(deps, perp, start_after, limit)?)
        }
        QueryMsg::Totals {} => to_json_binary(&View::load(deps, env)?.totals()?),
        QueryMsg::Changes {} => to_json_binary(&CHANGES.pending(deps.storage)?),
        QueryMsg::Ownership {} => to_json_binary(&ownership::shown(deps.storage)?),
    };
    Ok(answer?)
}

fn config(deps: Deps<'_>) -> Result<ConfigResponse> {
    let terms = state::terms(deps.storage)?;
    Ok(ConfigResponse {
        guardian: GUARDIAN.load(deps.storage)?.map(String::from),
        pool: deps.api.addr_humanize(&terms.pool)?.into(),
        oracle: deps.api.addr_humanize(&terms.oracle)?.into(),
        sdusd: deps.api.addr_humanize(&terms.sdusd)?.into(),
        liquidator: deps.api.addr_humanize(&terms.liquidator)?.into(),
        params: terms.params,
    })
}

fn page(limit: Option<u32>) -> usize {
    usize::try_from(limit.unwrap_or(DEFAULT_PAGE).min(LARGEST_PAGE)).unwrap_or_default()
}

fn accounts(
    deps: Deps<'_>,
    env: &Env,
    start_after: Option<AccountId>,
    limit: Option<u32>,
) -> Result<Vec<AccountResponse>> {
    let after = start_after.map(|id| AccountKey::of(deps.api, &id.owner, id.account)).transpose()?;
    let mut view = View::load(deps, env)?;
    let found = state::accounts(deps.storage, after.as_ref(), page(limit))?;
    found.iter().map(|(key, _)| view.account(key)).collect()
}

fn orders(
    deps: Deps<'_>,
    perp: u16,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<OrderResponse>> {
    let from = start_after.map_or(0, |after| after.saturating_add(1));
    let found = state::orders(deps.storage, perp, from, page(limit))?;
    found
        .into_iter()
        .map(|(number, order)| {
            // a liquidation has released the locks of the orders before it
            let generation = state::account(deps.storage, &order.account)?.map(|account| account.generation);
            let locked = if generation == Some(order.generation) { order.locked } else { Usd::ZERO };
            Ok(OrderResponse {
                perp,
                order: number,
                owner: order.account.owner(deps.api)?,
                account: order.account.number,
                size: order.size,
                increase: order.increase(),
                limit_price: order.limit,
                interval: order.interval,
                last_interval: order.last_interval(),
                locked,
                keeper_fee: order.keeper_fee,
            })
        })
        .collect()
}

/// Everything that a query about prices looks at.
struct View<'a> {
    deps: Deps<'a>,
    terms: Terms,
    outside: Outside,
    books: Books,
}

impl<'a> View<'a> {
    fn load(deps: Deps<'a>, env: &Env) -> Result<Self> {
        let terms = state::terms(deps.storage)?;
        let outside = Outside::read(deps, env, terms.home())?;
        let books = Books::load(deps.storage, &terms)?;
        Ok(Self { deps, terms, outside, books })
    }

    fn value(&mut self, key: &AccountKey) -> Result<Valuation> {
        let (deps, outside) = (self.deps, &self.outside);
        self.books.value(deps.storage, key, &self.terms, outside, &|config| outside.board.last(config.feed))
    }

    fn market(&mut self, perp: u16) -> Result<Market> {
        let (deps, outside) = (self.deps, &self.outside);
        self.books.market(deps.storage, perp, outside, &|config| outside.board.last(config.feed))
    }

    fn perp(&mut self, perp: u16) -> Result<PerpResponse> {
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

    fn account(&mut self, key: &AccountKey) -> Result<AccountResponse> {
        let valuation = self.value(key)?;
        let account = self.books.account(self.deps.storage, key)?.clone();
        let positions: Result<Vec<_>> =
            valuation.marks.iter().map(|mark| self.position(&valuation, mark)).collect();
        let leverage = match valuation.equity.positive_part() {
            Usd::ZERO => None,
            equity => Some(valuation.notional.per(equity, Rounding::Up)?),
        };
        Ok(AccountResponse {
            owner: key.owner(self.deps.api)?,
            account: key.number,
            margin: account.margin,
            locked: account.locked,
            orders: account.orders,
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
    fn liquidation_price(
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

    fn totals(&mut self) -> Result<TotalsResponse> {
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

    /// A fill at the board's price as if it were its interval's.
    #[inline(never)]
    fn preview(&mut self, request: &Request) -> Result<TradePreview> {
        let (storage, params) = (self.deps.storage, self.terms.params.clone());
        let Request { account: key, perp, size, .. } = request;
        let (perp, size) = (*perp, *size);
        let planned = plan(self.deps, &mut self.books, &self.terms, &self.outside, request);
        let before = self.value(key)?;
        let account = self.books.account(storage, key)?.clone();
        let market = self.market(perp)?;
        let feed = market.config.feed;
        let price = market.quote.price.adverse_to_holder(size.negate()?, market.quote.confidence)?;
        let quantities = self.books.quantities_after(perp, size)?;
        let outside = &self.outside;
        let exposures = |of: &[FeedQuantity]| outside.exposures(of, &|feed| outside.last(feed));
        let (x, y) = (exposures(&self.books.published.exposure.quantities)?, exposures(&quantities)?);
        let premium = potential::premium(&x, &y, &outside.covariance, outside.depth)?;
        let premium_after = outside.marginal_premium(&quantities, feed)?;
        let (reduce, increase) = split(self.books.position(storage, key, perp)?.size, size)?;
        // a market that can't be marked takes no increase; then what it has cost does not matter
        let used = used_at_worst(&self.books.published.exposure, outside).unwrap_or_default();
        let rate = fee_rate(&self.terms, outside, feed, used)?;
        let fee = fee_of(&self.terms, rate, reduce, increase, price)?;

        let realised = self.books.trade(storage, key, perp, size, price, self.outside.now)?;
        self.books.credit(storage, key, premium.plus(fee.signed()?)?.negate()?)?;
        let accounts = (before, self.value(key)?);
        let (mut shortfall_premium, mut leverage_premium) = (Usd::ZERO, Usd::ZERO);
        if !increase.is_zero() {
            (shortfall_premium, leverage_premium) =
                insurance_premia(&params.insurance, &self.outside, (&x, &y), &accounts)?;
        }
        let paid = shortfall_premium.plus(leverage_premium)?;
        self.books.credit(storage, key, paid.signed()?.negate()?)?;
        let valuation = self.value(key)?;
        let mark = valuation.marks.iter().find(|mark| mark.position.perp == perp);
        let liquidation =
            mark.map(|mark| self.liquidation_price(&valuation, mark, &market)).transpose()?.flatten();
        Ok(TradePreview {
            price,
            fill_price: if size.is_zero() { price } else { fill_price(size, price, premium)? },
            premium,
            fee,
            keeper_fee: fee.scale(params.keeper_share, Rounding::Down)?,
            insurance_fee: fee.scale(params.insurance_share, Rounding::Down)?,
            shortfall_premium,
            leverage_premium,
            regime: self.outside.regime(feed),
            stress: self.outside.stress_of(feed)?,
            realised,
            size: mark.map_or(Size::ZERO, |mark| mark.position.size),
            locked: planned.as_ref().map(|order| order.locked).unwrap_or_default(),
            available: accounts.0.available(account.locked)?,
            initial_margin: self.needed(&valuation.marks, |mark| mark.initial)?,
            maintenance_margin: self.needed(&valuation.marks, |mark| mark.maintenance)?,
            margins: valuation.marks.iter().map(|mark| self.margin_of(mark)).collect(),
            equity: valuation.equity,
            liquidation_price: liquidation,
            premium_after,
            refused: planned.err().map(|error| error.to_string()),
        })
    }

    /// What positions need together, by one of their margins.
    fn needed(&self, marks: &[Mark], margin: fn(&Mark) -> Usd) -> Result<MarginNeeded> {
        let (required, basis) = offsets(&self.outside, &self.terms).requirement(&legs(marks, margin)?)?;
        let sum = marks.iter().try_fold(Usd::ZERO, |sum, mark| sum.plus(margin(mark)))?;
        Ok(MarginNeeded { sum, required, basis })
    }

    fn margin_of(&self, mark: &Mark) -> PositionMargin {
        let (volatility, ramped_volatility) = self.outside.volatilities(mark.feed);
        PositionMargin {
            perp: mark.position.perp,
            notional: mark.notional,
            initial_margin: mark.initial,
            maintenance_margin: mark.maintenance,
            volatility,
            ramped_volatility,
        }
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
