//! The records of a message: loaded once, changed in memory, saved once. An item of a batch works on a copy, which
//! takes the place of the original only if the whole item holds.

use cosmwasm_std::{Api, Deps, Event, Storage};

use sdp_risk::deleveraging::Entry;
use sdp_risk::funding::{exact_for, restart, stressed, FundingState};
use sdp_risk::potential::marginal_premiums;
use sdp_types::board::{FeedId, Quote};
use sdp_types::events::{FundingSampled, List};
use sdp_types::exposure::{FeedQuantity, FundingPolynomial};
use sdp_types::market::{FundingParams, PerpConfig};
use sdp_types::math::Wide;
use sdp_types::{Error, Price, Ratio, Result, SignedUsd, Size, Usd};

use crate::backing::{self, Counted};
use crate::core::fill;
use crate::core::mark::{mark, Market, Valuation};
use crate::prices::{offsets, rates, Outside};
use crate::state::{
    self, Account, AccountKey, Ended, Order, Position, Published, Queue, Queues, Sides, Terms,
};
use sdp_trading::table::Table;

mod deleveraging;

pub use deleveraging::total;

/// Every record that a fill or a liquidation may change.
#[derive(Clone, Debug)]
pub struct Books {
    /// What the pool reads, and funding.
    pub published: Published,
    /// Queues of all perpetuals.
    pub queues: Queues,
    /// How funding runs since the last sample.
    params: FundingParams,
    /// As loaded, and now.
    sides: Table<u16, (Sides, Sides)>,
    accounts: Table<AccountKey, (Account, Account)>,
    /// Orders that have come, and those that wait no longer, by perpetual and number.
    orders: Table<(u16, u64), Option<Order>>,
    /// Orders that have ended without a fill, by account and perpetual.
    unfilled: Table<(AccountKey, u16), Vec<Ended>>,
    perps: Table<u16, PerpConfig>,
    /// Where sides stood before they were scaled now: perpetual, whether short, count.
    left: Vec<(u16, bool, u32, Entry)>,
    /// Positions that deleveraging had changed before they were touched now.
    touched: Vec<deleveraging::Touched>,
    /// What the tokens of the account that was valued last count for: no message changes that.
    counted: Option<(AccountKey, Counted)>,
}

impl Books {
    /// The records that every such message needs; accounts, sides and parameters follow when they are asked for.
    pub fn load(storage: &dyn Storage, terms: &Terms) -> Result<Self> {
        Ok(Self {
            queues: state::queues(storage)?,
            ..Self::without_queues(state::published(storage)?, terms)
        })
    }

    /// For who only changes an account that has been read: there seem to be no order and no keeper's pay.
    pub fn of_account(published: Published, terms: &Terms, key: &AccountKey, account: &Account) -> Self {
        let mut books = Self::without_queues(published, terms);
        books.accounts.put(key.clone(), (account.clone(), account.clone()));
        books
    }

    fn without_queues(published: Published, terms: &Terms) -> Self {
        Self {
            published,
            queues: Queues::default(),
            params: terms.params.funding,
            sides: Table::default(),
            accounts: Table::default(),
            orders: Table::default(),
            unfilled: Table::default(),
            perps: Table::default(),
            left: Vec::new(),
            touched: Vec::new(),
            counted: None,
        }
    }

    /// Stores what has changed. What deleveraging had done to accounts that were touched is told.
    pub fn save(self, storage: &mut dyn Storage, api: &dyn Api, before: &Self) -> Result<Vec<Event>> {
        if self.published != before.published {
            state::save_published(storage, &self.published)?;
        }
        if self.queues != before.queues {
            state::save_queues(storage, &self.queues)?;
        }
        for (perp, (loaded, sides)) in &self.sides.0 {
            if sides != loaded {
                state::save_sides(storage, *perp, sides)?;
            }
        }
        for (key, (loaded, account)) in &self.accounts.0 {
            if account != loaded {
                state::save_account(storage, key, account)?;
            }
        }
        for ((perp, number), order) in &self.orders.0 {
            match order {
                Some(order) => state::save_order(storage, *perp, *number, order)?,
                None => state::remove_order(storage, *perp, *number),
            }
        }
        for ((account, perp), ended) in self.unfilled.0 {
            state::add_unfilled(storage, &account, perp, ended)?;
        }
        for (perp, short, count, entry) in self.left {
            state::save_scaling(storage, perp, short, count, entry)?;
        }
        let mut told = Vec::new();
        for touched in self.touched {
            told.push(touched.told(api)?);
        }
        Ok(told)
    }

    /// Parameters of a perpetual.
    pub fn perp(&mut self, storage: &dyn Storage, perp: u16) -> Result<PerpConfig> {
        if let Some(config) = self.perps.get(&perp) {
            return Ok(config.clone());
        }
        let config = state::perp(storage, perp)?;
        self.perps.put(perp, config.clone());
        Ok(config)
    }

    /// An account, empty where there is none yet, with all that it owns: touched by all deleveraging so far.
    pub fn account(&mut self, storage: &dyn Storage, key: &AccountKey) -> Result<&mut Account> {
        let pay = self.queues.collect(key).signed()?;
        let account = self.account_as_stored(storage, key)?;
        account.margin = account.margin.plus(pay)?;
        if self.published.scaled != 0 {
            self.touch(storage, key)?;
        }
        self.account_as_stored(storage, key)
    }

    /// A position of an account as it is: size 0 where there is none.
    pub fn position(&mut self, storage: &dyn Storage, key: &AccountKey, perp: u16) -> Result<Position> {
        let stored = self.account(storage, key)?.position(perp);
        self.unscaled(storage, stored)
    }

    /// An account without what lies with the queues for it and without deleveraging: to add something, nobody needs that.
    fn account_as_stored(&mut self, storage: &dyn Storage, key: &AccountKey) -> Result<&mut Account> {
        if !self.accounts.has(key) {
            let loaded = state::account(storage, key)?.unwrap_or_default();
            self.accounts.put(key.clone(), (loaded.clone(), loaded));
        }
        let found = self.accounts.get_mut(key).map(|(_, account)| account);
        found.ok_or_else(|| Error::BadRecord { record: "account".into() })
    }

    /// Both sides of a perpetual, as far as this message has changed them.
    pub fn sides(&mut self, storage: &dyn Storage, perp: u16) -> Result<&mut Sides> {
        if !self.sides.has(&perp) {
            let loaded = state::sides(storage, perp)?;
            self.sides.put(perp, (loaded, loaded));
        }
        let found = self.sides.get_mut(&perp).map(|(_, sides)| sides);
        found.ok_or(Error::UnknownPerp { perp: perp.into() })
    }

    /// The queue of a perpetual.
    pub fn queue(&mut self, perp: u16) -> Result<&mut Queue> {
        self.queues.queues.get_mut(usize::from(perp)).ok_or(Error::UnknownPerp { perp: perp.into() })
    }

    /// An order that waits, if it does.
    pub fn order(&self, storage: &dyn Storage, perp: u16, number: u64) -> Result<Option<Order>> {
        match self.queues.kept(perp, number) {
            Some(kept) => Ok(Some(kept.clone())),
            None => state::order(storage, perp, number),
        }
    }

    /// A further order waits: its number.
    pub fn add_order(&mut self, perp: u16, order: Order) -> Result<u64> {
        let queue = self.queue(perp)?;
        let number = queue.push()?;
        let reserved = if order.size.is_negative() { &mut queue.short } else { &mut queue.long };
        *reserved = reserved.plus(order.increase())?;
        if let Some(order) = self.queues.keep(perp, number, order) {
            self.orders.put((perp, number), Some(order));
        }
        Ok(number)
    }

    /// An order ends without a fill, for this reason; none where it is taken back.
    pub fn ends_unfilled(&mut self, account: &AccountKey, perp: u16, order: u64, why: Option<&Error>) {
        let (key, ended) = ((account.clone(), perp), Ended { order, code: why.map(Error::number) });
        match self.unfilled.get_mut(&key) {
            Some(all) => all.push(ended),
            None => self.unfilled.put(key, vec![ended]),
        }
    }

    /// An order waits no longer.
    pub fn remove_order(&mut self, perp: u16, number: u64) {
        if !self.queues.forget(perp, number) {
            self.orders.put((perp, number), None);
        }
    }

    /// The feed of a perpetual.
    pub fn feed(&self, perp: u16) -> Result<FeedId> {
        state::feed_of(&self.published.exposure, perp)
    }

    /// Long less short.
    pub fn skew(&self, perp: u16) -> Result<Size> {
        let entry = self.published.exposure.quantities.get(usize::from(perp));
        Ok(entry.ok_or(Error::UnknownPerp { perp: perp.into() })?.quantity)
    }

    /// Present quantities, with one perpetual's changed by `delta`.
    pub fn quantities_after(&self, perp: u16, delta: Size) -> Result<Vec<FeedQuantity>> {
        let mut after = self.published.exposure.quantities.clone();
        add_to(&mut after, perp, delta)?;
        Ok(after)
    }

    /// Funding of a perpetual since its last sample: `E0401 UnknownPerp`.
    pub fn funding(&self, perp: u16) -> Result<FundingState> {
        self.published.funding(perp, &self.params)
    }

    /// Funding index of a perpetual now, 24 decimals of USD.
    pub fn funding_index(&self, perp: u16, now: u64) -> Result<i128> {
        self.funding(perp)?.index_after(self.published.elapsed(now))
    }

    /// Changes a position at a price. The sums follow by the same integers. Returns what was realised.
    pub fn trade(
        &mut self,
        storage: &dyn Storage,
        key: &AccountKey,
        perp: u16,
        delta: Size,
        price: Price,
        now: u64,
    ) -> Result<SignedUsd> {
        let funding = self.funding_index(perp, now)?;
        let stored = self.account(storage, key)?.position(perp);
        let done = fill::change(self.unscaled(storage, stored)?, delta, price, funding)?;
        let sides = self.sides(storage, perp)?;
        let (_, before) = sides.sums()?;
        let after = sides.replace(&stored, &done.position)?;
        let (sides, account) = (*sides, self.account_as_stored(storage, key)?);
        account.put(after);
        account.margin = account.margin.plus(done.realised)?;

        let cost = sides.sums()?.1.minus(before)?;
        self.published.exposure.base = self.published.exposure.base.plus(done.realised)?.minus(cost)?;
        self.published.follow(perp, sides.sums()?.0, sides.scaled());
        let opened = u64::from(stored.size.is_zero() && !after.size.is_zero());
        let closed = u64::from(!stored.size.is_zero() && after.size.is_zero());
        let open = (self.published.exposure.open_positions + opened).checked_sub(closed);
        self.published.exposure.open_positions =
            open.ok_or_else(|| Error::BadRecord { record: "open positions".into() })?;
        Ok(done.realised)
    }

    /// Moves an account's margin by `amount`, and all sums with it.
    pub fn credit(&mut self, storage: &dyn Storage, key: &AccountKey, amount: SignedUsd) -> Result<()> {
        let account = self.account(storage, key)?;
        account.margin = account.margin.plus(amount)?;
        self.published.exposure.base = self.published.exposure.base.plus(amount)?;
        Ok(())
    }

    /// What a keeper earns by a liquidation: into his account 0.
    pub fn reward(&mut self, storage: &dyn Storage, keeper: &AccountKey, amount: Usd) -> Result<()> {
        let amount = amount.signed()?;
        let account = self.account_as_stored(storage, keeper)?;
        account.margin = account.margin.plus(amount)?;
        self.published.exposure.base = self.published.exposure.base.plus(amount)?;
        Ok(())
    }

    /// What a keeper earns by settling an order: with the queues, where what he earned by the one before lies; into his
    /// account where there is none yet.
    pub fn pay(&mut self, storage: &dyn Storage, keeper: &AccountKey, amount: Usd) -> Result<()> {
        if !self.queues.pay(keeper, amount)? {
            if state::account(storage, keeper)?.is_none() {
                return self.reward(storage, keeper, amount);
            }
            if let Some(other) = self.queues.pay_next(keeper, amount) {
                let account = self.account_as_stored(storage, &other.account())?;
                account.margin = account.margin.plus(other.amount.signed()?)?;
            }
        }
        self.published.exposure.base = self.published.exposure.base.plus(amount.signed()?)?;
        Ok(())
    }

    /// An account without positions and without tokens must not stay below zero: what it lacks is the pool's loss. Its orders that wait have
    /// lost the margin that they were to lock, so they go the way of a liquidated account's. Returns how much it lacked.
    pub fn close_if_empty(&mut self, storage: &dyn Storage, key: &AccountKey) -> Result<Usd> {
        let account = self.account(storage, key)?;
        let lacking = account.margin.negative_part();
        if !account.positions.is_empty() || account.backed || lacking.is_zero() {
            return Ok(Usd::ZERO);
        }
        account.generation += 1;
        account.locked = Usd::ZERO;
        self.credit(storage, key, lacking.signed()?)?;
        self.published.exposure.shortfalls = self.published.exposure.shortfalls.plus(lacking)?;
        Ok(lacking)
    }

    /// Marks an account; `quote` gives the parameters' index or refuses.
    pub fn value(
        &mut self,
        deps: Deps<'_>,
        key: &AccountKey,
        terms: &Terms,
        outside: &Outside,
        quote: &dyn Fn(&PerpConfig) -> Result<Quote>,
    ) -> Result<Valuation> {
        let storage = deps.storage;
        let account = self.account(storage, key)?.clone();
        let mut marks = Vec::with_capacity(account.positions.len());
        for position in &account.positions {
            let market = self.market(storage, position.perp, outside, quote)?;
            marks.push(mark(self.unscaled(storage, *position)?, &market)?);
        }
        let valuation =
            Valuation::of(&account, marks, terms.params.profit_haircut, &offsets(outside, terms))?;
        if !account.backed {
            return Ok(valuation);
        }
        let known = self.counted.take().filter(|(of, _)| of == key);
        let counted = match known {
            Some((_, counted)) => counted,
            None => backing::of_account(deps, terms.custody.as_ref(), key, (&outside.board, outside.now))?,
        };
        self.counted = Some((key.clone(), counted));
        valuation.with(counted)
    }

    /// What marking a position of a perpetual needs.
    pub fn market(
        &mut self,
        storage: &dyn Storage,
        perp: u16,
        outside: &Outside,
        quote: &dyn Fn(&PerpConfig) -> Result<Quote>,
    ) -> Result<Market> {
        let config = self.perp(storage, perp)?;
        Ok(Market {
            quote: quote(&config)?,
            rates: rates(outside, &config)?,
            funding: self.funding_index(perp, outside.now)?,
            config,
        })
    }

    /// Samples funding of all perpetuals together, with the premia of the present skews at the board's last prices, and
    /// publishes what follows as the exposure record.
    pub fn sample(&mut self, terms: &Terms, outside: &Outside) -> Result<Event> {
        let params = terms.params.funding;
        let Published { exposure, samples, .. } = &self.published;
        let elapsed = self.published.elapsed(outside.now);
        let exposures = outside.exposures(&exposure.quantities, &|feed| outside.last(feed))?;
        let mut lasts = params.maximum_accrual;
        let premia = marginal_premiums(&exposures, &outside.covariance, outside.depth)?;
        let most = terms.params.responses.funding;
        let stress = if most > Ratio::ONE { outside.stress_of_book(&exposures)?.min(most) } else { most };
        let mut polynomial = FundingPolynomial::default();
        let mut next = Vec::with_capacity(samples.len());
        let (mut rates, mut integrals) = (Vec::new(), Vec::new());
        for (sample, entry) in samples.iter().zip(&exposure.quantities) {
            let premium = premia.get(usize::from(entry.feed)).copied();
            let premium = premium.ok_or(Error::UnknownFeed { feed: entry.feed.into() })?;
            let premium = stressed(premium, stress)?;
            // what has accrued did so by the parameters that it was sampled with
            let accrued = sample.state(&self.params)?;
            let sample = restart(&accrued, elapsed, premium, outside.last(entry.feed), &params)?;
            let state = sample.state(&params)?;
            if let Some(seconds) = exact_for(&state, &params) {
                lasts = lasts.min(seconds);
            }
            accrue(&mut polynomial, entry.quantity, &state)?;
            rates.push(state.rate);
            integrals.push(state.integral);
            next.push(sample);
        }
        polynomial.lasts = lasts;
        let until = outside.now.saturating_add(lasts);
        let indices = next.iter().map(|sample| Wide::from(sample.index)).collect();
        self.published.samples = next;
        self.published.exposure.as_of = outside.now;
        self.published.exposure.funding = polynomial;
        self.params = params;
        let (indices, rates, integrals) = (List(indices), List(rates), List(integrals));
        Ok(FundingSampled { indices, rates, integrals, until }.into())
    }
}

/// Adds the funding of a perpetual's skew.
fn accrue(polynomial: &mut FundingPolynomial, skew: Size, state: &FundingState) -> Result<()> {
    let add = |sum: Wide, part: i128| sum.plus(skew.wide().times(Wide::from(part))?);
    polynomial.constant = add(polynomial.constant, state.index)?;
    polynomial.linear = add(polynomial.linear, state.slope)?;
    polynomial.quadratic = add(polynomial.quadratic, state.acceleration)?;
    Ok(())
}

/// Adds to the quantity of a perpetual.
pub fn add_to(quantities: &mut [FeedQuantity], perp: u16, delta: Size) -> Result<()> {
    if let Some(entry) = quantities.get_mut(usize::from(perp)) {
        entry.quantity = entry.quantity.plus(delta)?;
    }
    Ok(())
}
