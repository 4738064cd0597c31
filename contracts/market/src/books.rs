//! The records of a message: loaded once, changed in memory, saved once. An item of a batch works on a copy, which
//! takes the place of the original only if the whole item holds.

use std::collections::BTreeMap;

use cosmwasm_std::{Event, Storage};

use sdp_risk::funding::{exact_for, restart};
use sdp_types::board::FeedId;
use sdp_types::events::FundingSampled;
use sdp_types::exposure::{Exposure, FeedQuantity, FundingPolynomial};
use sdp_types::market::PerpConfig;
use sdp_types::math::Wide;
use sdp_types::{Error, Price, Result, SignedUsd, Size, Usd};

use crate::core::fill;
use crate::core::mark::{mark, Market, Valuation};
use crate::prices::Outside;
use crate::state::{self, Account, AccountKey, Funding, Queue, Queues, Sides, Terms, Totals};

/// Every record that a fill, a liquidation or a payment may change.
#[derive(Clone, Debug)]
pub struct Books {
    /// What the pool reads.
    pub exposure: Exposure,
    /// Sums over accounts.
    pub totals: Totals,
    /// Funding of all perpetuals.
    pub funding: Funding,
    /// Queues of all perpetuals.
    pub queues: Queues,
    sides: BTreeMap<u16, Sides>,
    accounts: BTreeMap<AccountKey, (Account, Account)>,
    perps: BTreeMap<u16, PerpConfig>,
}

impl Books {
    /// The records that every such message needs; accounts, sides and parameters follow when they are asked for.
    pub fn load(storage: &dyn Storage) -> Result<Self> {
        Ok(Self {
            exposure: state::exposure(storage)?,
            totals: state::totals(storage)?,
            funding: state::funding(storage)?,
            queues: state::queues(storage)?,
            sides: BTreeMap::new(),
            accounts: BTreeMap::new(),
            perps: BTreeMap::new(),
        })
    }

    /// Stores what has changed.
    pub fn save(self, storage: &mut dyn Storage, before: &Self) -> Result<()> {
        if self.exposure != before.exposure {
            state::save_exposure(storage, &self.exposure)?;
        }
        if self.totals != before.totals {
            state::save_totals(storage, &self.totals)?;
        }
        if self.funding != before.funding {
            state::save_funding(storage, &self.funding)?;
        }
        if self.queues != before.queues {
            state::save_queues(storage, &self.queues)?;
        }
        for (perp, sides) in &self.sides {
            state::save_sides(storage, *perp, sides)?;
        }
        for (key, (loaded, account)) in &self.accounts {
            if account != loaded {
                state::save_account(storage, key, account)?;
            }
        }
        Ok(())
    }

    /// Parameters of a perpetual.
    pub fn perp(&mut self, storage: &dyn Storage, perp: u16) -> Result<PerpConfig> {
        if let Some(config) = self.perps.get(&perp) {
            return Ok(config.clone());
        }
        let config = state::perp(storage, perp)?;
        self.perps.insert(perp, config.clone());
        Ok(config)
    }

    /// An account, empty where there is none yet.
    pub fn account(&mut self, storage: &dyn Storage, key: &AccountKey) -> Result<&mut Account> {
        if !self.accounts.contains_key(key) {
            let loaded = state::account(storage, key)?.unwrap_or_default();
            self.accounts.insert(key.clone(), (loaded.clone(), loaded));
        }
        let found = self.accounts.get_mut(key).map(|(_, account)| account);
        found.ok_or_else(|| Error::BadRecord { record: "account".into() })
    }

    /// Both sides of a perpetual, as far as this message has changed them.
    pub fn sides(&mut self, storage: &dyn Storage, perp: u16) -> Result<&mut Sides> {
        if let std::collections::btree_map::Entry::Vacant(entry) = self.sides.entry(perp) {
            entry.insert(state::sides(storage, perp)?);
        }
        self.sides.get_mut(&perp).ok_or(Error::UnknownPerp { perp: perp.into() })
    }

    /// The queue of a perpetual.
    pub fn queue(&mut self, perp: u16) -> Result<&mut Queue> {
        self.queues.0.get_mut(usize::from(perp)).ok_or(Error::UnknownPerp { perp: perp.into() })
    }

    /// The feed of a perpetual.
    pub fn feed(&self, perp: u16) -> Result<FeedId> {
        state::feed_of(&self.exposure, perp)
    }

    /// Long less short.
    pub fn skew(&self, perp: u16) -> Result<Size> {
        let entry = self.exposure.quantities.get(usize::from(perp));
        Ok(entry.ok_or(Error::UnknownPerp { perp: perp.into() })?.quantity)
    }

    /// Present quantities, with one perpetual's changed by `delta`.
    pub fn quantities_after(&self, perp: u16, delta: Size) -> Result<Vec<FeedQuantity>> {
        let mut after = self.exposure.quantities.clone();
        if let Some(entry) = after.get_mut(usize::from(perp)) {
            entry.quantity = entry.quantity.plus(delta)?;
        }
        Ok(after)
    }

    /// Funding index of a perpetual now, 24 decimals of USD.
    pub fn funding_index(&self, perp: u16, now: u64) -> Result<i128> {
        let state = self.funding.states.get(usize::from(perp));
        state.ok_or(Error::UnknownPerp { perp: perp.into() })?.index_after(self.funding.elapsed(now))
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
        let account = self.account(storage, key)?;
        let before = account.position(perp);
        let done = fill::change(before, delta, price, funding)?;
        account.put(done.position);
        account.margin = account.margin.plus(done.realised)?;
        self.totals.margin = self.totals.margin.plus(done.realised)?;

        let cost = done.long_cost.plus(done.short_cost)?;
        self.exposure.base = self.exposure.base.plus(done.realised)?.minus(cost)?;
        self.exposure.quantities = self.quantities_after(perp, delta)?;
        let opened = u64::from(before.size.is_zero() && !done.position.size.is_zero());
        let closed = u64::from(!before.size.is_zero() && done.position.size.is_zero());
        let open = (self.exposure.open_positions + opened).checked_sub(closed);
        self.exposure.open_positions =
            open.ok_or_else(|| Error::BadRecord { record: "open positions".into() })?;

        let sides = self.sides(storage, perp)?;
        for (side, cost, long) in
            [(&mut sides.long, done.long_cost, true), (&mut sides.short, done.short_cost, false)]
        {
            let part = |size: Size| if long { size.positive_part() } else { size.negative_part() };
            side.size = side.size.plus(part(done.position.size))?.minus(part(before.size))?;
            side.cost = side.cost.plus(cost)?;
        }
        Ok(done.realised)
    }

    /// Moves an account's margin by `amount`, and all sums with it.
    pub fn credit(&mut self, storage: &dyn Storage, key: &AccountKey, amount: SignedUsd) -> Result<()> {
        let account = self.account(storage, key)?;
        account.margin = account.margin.plus(amount)?;
        self.totals.margin = self.totals.margin.plus(amount)?;
        self.exposure.base = self.exposure.base.plus(amount)?;
        Ok(())
    }

    /// An account without positions must not stay below zero: what it lacks is the pool's loss. Its orders that wait have
    /// lost the margin that they were to lock, so they go the way of a liquidated account's. Returns how much it lacked.
    pub fn close_if_empty(&mut self, storage: &dyn Storage, key: &AccountKey) -> Result<Usd> {
        let account = self.account(storage, key)?;
        let lacking = account.margin.negative_part();
        if !account.positions.is_empty() || lacking.is_zero() {
            return Ok(Usd::ZERO);
        }
        account.generation += 1;
        account.locked = Usd::ZERO;
        self.credit(storage, key, lacking.signed()?)?;
        self.exposure.shortfalls = self.exposure.shortfalls.plus(lacking)?;
        Ok(lacking)
    }

    /// Marks an account; `quote` gives the parameters' index or refuses.
    pub fn value(
        &mut self,
        storage: &dyn Storage,
        key: &AccountKey,
        terms: &Terms,
        outside: &Outside,
        quote: impl Fn(&PerpConfig) -> Result<sdp_types::board::Quote>,
    ) -> Result<Valuation> {
        let account = self.account(storage, key)?.clone();
        let mut marks = Vec::with_capacity(account.positions.len());
        for position in &account.positions {
            let market = self.market(storage, position.perp, outside, &quote)?;
            marks.push(mark(*position, &market)?);
        }
        Valuation::of(&account, marks, terms.params.profit_haircut)
    }

    /// What marking a position of a perpetual needs.
    pub fn market(
        &mut self,
        storage: &dyn Storage,
        perp: u16,
        outside: &Outside,
        quote: impl Fn(&PerpConfig) -> Result<sdp_types::board::Quote>,
    ) -> Result<Market> {
        let config = self.perp(storage, perp)?;
        Ok(Market {
            quote: quote(&config)?,
            sigma: outside.covariance.volatility(config.feed),
            funding: self.funding_index(perp, outside.now)?,
            config,
        })
    }

    /// Samples funding of all perpetuals together, with the premia of the present skews at the board's last prices, and
    /// publishes what follows as the exposure record.
    pub fn sample(&mut self, terms: &Terms, outside: &Outside) -> Result<Vec<Event>> {
        let params = &terms.params.funding;
        let elapsed = self.funding.elapsed(outside.now);
        let exposures = outside.exposures(&self.exposure.quantities, |feed| outside.last(feed))?;
        let mut until = outside.now.saturating_add(params.maximum_accrual);
        let mut polynomial = FundingPolynomial::default();
        let mut events = Vec::new();
        for (perp, (state, entry)) in (0..).zip(self.funding.states.iter_mut().zip(&self.exposure.quantities))
        {
            let premium = sdp_risk::potential::marginal_premium(
                &exposures,
                &outside.covariance,
                outside.depth,
                entry.feed,
            )?;
            let next = restart(state, elapsed, premium, outside.last(entry.feed), params)?;
            if let Some(seconds) = exact_for(&next, params) {
                until = until.min(outside.now.saturating_add(seconds));
            }
            if next.index != state.index || !next.rate.is_zero() {
                events.push(FundingSampled {
                    perp,
                    index: Wide::from(next.index),
                    rate: next.rate,
                    integral: next.integral,
                    until: 0,
                });
            }
            let skew = entry.quantity.wide();
            let add = |sum: Wide, part: i128| sum.plus(skew.times(Wide::from(part))?);
            polynomial.constant = add(polynomial.constant, next.index)?;
            polynomial.linear = add(polynomial.linear, next.slope)?;
            polynomial.quadratic = add(polynomial.quadratic, next.acceleration)?;
            *state = next;
        }
        polynomial.until = until;
        self.funding.as_of = outside.now;
        self.funding.until = until;
        self.exposure.as_of = outside.now;
        self.exposure.funding = polynomial;
        Ok(events.into_iter().map(|event| Event::from(FundingSampled { until, ..event })).collect())
    }
}
