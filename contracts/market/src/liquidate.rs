//! Liquidation of accounts: positions are cut at the index, only as far as brings the account back to its target, the one
//! that contributes most to its maintenance margin first. Marks do not move when positions are closed, so liquidations can't
//! feed on each other and nothing throttles them.

use cosmwasm_std::{Api, CanonicalAddr, Deps, DepsMut, Env, Event, MessageInfo, Response};

use sdp_risk::portfolio::Cutting;
use sdp_types::events::{AccountLiquidated, PositionCut, Rejected};
use sdp_types::market::{AccountId, MAX_BATCH};
use sdp_types::{ensure, AbsSize, Error, Result, Rounding, SignedUsd, Usd};

use sdp_perps::books::Books;
use sdp_perps::core::mark::{legs, Mark, Valuation};
use sdp_perps::prices::marking_quote;
use sdp_perps::prices::{offsets, Outside};
use sdp_perps::state::{self, AccountKey, Terms};

/// `Liquidate`.
pub fn liquidate(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    accounts: &[AccountId],
    keeper: &str,
) -> Result<Response> {
    let terms = state::terms(deps.storage)?;
    only(deps.api, info, Some(&terms.liquidator))?;
    let (count, max) = (accounts.len() as u64, u64::from(MAX_BATCH));
    ensure((1..=max).contains(&count), || Error::out_of_range("accounts", count, 1, max))?;
    let keeper = AccountKey::of(deps.api, keeper, 0)?;
    let outside = Outside::read(deps.as_ref(), env, terms.home())?;
    let before = Books::load(deps.storage, &terms)?;
    let mut books = before.clone();
    let batch = Batch { deps: deps.as_ref(), terms: &terms, outside: &outside, keeper: &keeper };

    let (mut events, mut any) = (Vec::new(), false);
    for id in accounts {
        let mut copy = books.clone();
        match batch.liquidate_one(&mut copy, id) {
            Ok(told) => {
                books = copy;
                any = true;
                events.extend(told);
            }
            Err(error) => events.push(rejected(id, &error)),
        }
    }
    if any {
        events.extend(books.deleverage(deps.storage, &terms, &outside, false)?);
        events.push(books.sample(&terms, &outside)?);
        events.extend(books.save(deps.storage, deps.api, &before)?);
    }
    Ok(Response::new().add_events(events))
}

/// `E0104` for any other sender.
pub fn only(api: &dyn Api, info: &MessageInfo, allowed: Option<&CanonicalAddr>) -> Result<()> {
    let expected = allowed.map(|allowed| api.addr_humanize(allowed)).transpose()?;
    ensure(expected.as_ref() == Some(&info.sender), || Error::WrongCaller {
        sender: info.sender.to_string(),
        expected: expected.map_or_else(|| "none".into(), String::from),
    })
}

fn rejected(id: &AccountId, error: &Error) -> Event {
    Rejected {
        item: format!("{}/{}", id.owner, id.account),
        code: error.code().into(),
        reason: error.to_string(),
    }
    .into()
}

struct Batch<'a> {
    deps: Deps<'a>,
    terms: &'a Terms,
    outside: &'a Outside,
    keeper: &'a AccountKey,
}

impl Batch<'_> {
    fn value(&self, books: &mut Books, key: &AccountKey) -> Result<Valuation> {
        books.value(self.deps, key, self.terms, self.outside, &|config| marking_quote(self.outside, config))
    }

    /// An account that there is and that is below its maintenance margin at good prices: which, its equity, and that margin.
    #[inline(never)]
    fn liquidatable(&self, books: &mut Books, id: &AccountId) -> Result<(AccountKey, SignedUsd, Usd)> {
        let now = self.outside.now;
        let until = self.outside.board.quiet_until();
        ensure(now >= until, || Error::AfterGap { until, now })?;
        let key = AccountKey::of(self.deps.api, &id.owner, id.account)?;
        let found = state::account(self.deps.storage, &key)?;
        ensure(found.is_some(), || Error::NoAccount { owner: id.owner.clone(), account: id.account.into() })?;
        let first = self.value(books, &key)?;
        let Valuation { equity, maintenance, .. } = first;
        ensure(first.below_maintenance()?, || Error::AboveMaintenance { equity, maintenance })?;
        // a price that is missing liquidates nobody
        first.tokens.unwrap_or_default().certain(&self.outside.board, now)?;
        Ok((key, equity, maintenance))
    }

    /// One account, on a copy of the books.
    #[inline(never)]
    fn liquidate_one(&self, books: &mut Books, id: &AccountId) -> Result<Vec<Event>> {
        let storage = self.deps.storage;
        let (key, equity, maintenance) = self.liquidatable(books, id)?;

        // orders from before find another generation: they lock nothing any more and will not fill
        let account = books.account(storage, &key)?;
        account.generation += 1;
        account.locked = Usd::ZERO;

        let (mut events, mut closed, mut penalty) = (Vec::new(), Usd::ZERO, Usd::ZERO);
        // first each as far as it helps: cutting one leg of a hedge does so only up to a point. Where all that is not enough they
        // are closed, one after another, as they are at once where nothing is left to save
        for whole in [false, true] {
            let mut restored = false;
            if !whole && equity <= SignedUsd::ZERO {
                continue;
            }
            for mark in self.in_order(books, &key)? {
                let (size, enough) = self.size_to_cut(books, &key, &mark, whole)?;
                restored |= enough;
                if !size.is_zero() {
                    let done = self.cut(books, &key, &mark, size)?;
                    closed = closed.plus(done.notional)?;
                    penalty = penalty.plus(done.penalty)?;
                    events.push(done.event);
                } else if enough {
                    break;
                }
            }
            if restored {
                break;
            }
        }
        let reward = self.reward(books, penalty)?;
        let shortfall = books.close_if_empty(storage, &key)?;
        let left = books.account(storage, &key)?.positions.len() as u64;
        events.push(
            AccountLiquidated {
                owner: id.owner.clone(),
                account: id.account,
                equity,
                maintenance,
                closed,
                penalty,
                reward,
                shortfall,
                positions_left: left,
            }
            .into(),
        );
        Ok(events)
    }

    /// An account's positions, the one that contributes most to its maintenance margin first.
    fn in_order(&self, books: &mut Books, key: &AccountKey) -> Result<Vec<Mark>> {
        let marks = self.value(books, key)?.marks;
        let legs = legs(&marks, |mark| mark.maintenance)?;
        let offsets = offsets(self.outside, self.terms);
        let mut ordered = Vec::with_capacity(marks.len());
        for ((place, mark), leg) in marks.into_iter().enumerate().zip(&legs) {
            let contribution = offsets.beside(&legs, place)?.contribution(leg.margin)?;
            ordered.push((core::cmp::Reverse(contribution), mark));
        }
        ordered.sort_by_key(|(contribution, mark)| (*contribution, mark.position.perp));
        Ok(ordered.into_iter().map(|(_, mark)| mark).collect())
    }

    /// How much of a position has to go, and whether that is enough; all of it where less than the minimum would be left. Without
    /// `whole` a cut that only helps is not made for less than the minimum.
    fn size_to_cut(
        &self,
        books: &mut Books,
        key: &AccountKey,
        mark: &Mark,
        whole: bool,
    ) -> Result<(AbsSize, bool)> {
        let now = self.value(books, key)?;
        let config = books.perp(self.deps.storage, mark.position.perp)?;
        let (notional, minimum) = (mark.notional, config.minimum_notional);
        let cutting = Cutting {
            equity: now.equity,
            target: self.terms.params.liquidation.target,
            rate: mark.maintenance_rate,
            penalty: config.liquidation_penalty,
            notional,
            short: mark.position.size.is_negative(),
        };
        let place = now.marks.iter().position(|other| other.position.perp == mark.position.perp);
        let legs = legs(&now.marks, |mark| mark.maintenance)?;
        let beside = offsets(self.outside, self.terms).beside(&legs, place.unwrap_or(legs.len()))?;
        let (close, enough) = beside.cut(&cutting, whole)?;
        if close.is_zero() || (!enough && close < minimum.min(notional)) {
            return Ok((AbsSize::ZERO, enough));
        }
        let size = mark.position.size.abs();
        if close >= notional || notional.minus(close)? < minimum {
            return Ok((size, enough));
        }
        let part = sdp_types::math::mul_div_ceil(size.raw(), close.raw(), notional.raw())?;
        Ok((AbsSize::new(part).min(size), enough))
    }

    /// Closes `size` of a position at the worse side of the index. The account pays the penalty and the premium out of
    /// the equity that it has left; a rebate goes to insurance.
    fn cut(&self, books: &mut Books, key: &AccountKey, mark: &Mark, size: AbsSize) -> Result<Cut> {
        let (storage, perp) = (self.deps.storage, mark.position.perp);
        let config = books.perp(storage, perp)?;
        let quote = marking_quote(self.outside, &config)?;
        let delta = mark.position.size.with_magnitude(size)?.negate()?;
        let price = quote.price.adverse_to_holder(mark.position.size, quote.confidence)?;
        let after = books.quantities_after(perp, delta)?;
        let premium = self
            .outside
            .premium(&books.published.exposure.quantities, &after, &|feed| self.outside.last(feed))?;
        let realised = books.trade(storage, key, perp, delta, price, self.outside.now)?;

        let notional = size.value(quote.price, Rounding::Up)?;
        let due = notional.scale(config.liquidation_penalty, Rounding::Up)?;
        let left = self.value(books, key)?.equity.positive_part();
        let penalty = due.min(left);
        let paid = premium.positive_part().min(left.minus(penalty)?);
        books.credit(storage, key, penalty.plus(paid)?.signed()?.negate()?)?;
        books.published.exposure.fees = books.published.exposure.fees.plus(premium.negative_part())?;
        let premium = if premium.is_negative() { premium } else { paid.signed()? };
        let event = self.told(key, mark, delta, price, premium, realised)?;
        Ok(Cut { notional, penalty, event })
    }

    fn told(
        &self,
        key: &AccountKey,
        mark: &Mark,
        size: sdp_types::Size,
        price: sdp_types::Price,
        premium: SignedUsd,
        realised: SignedUsd,
    ) -> Result<Event> {
        let (owner, account) = (key.owner(self.deps.api)?, key.number);
        Ok(PositionCut { owner, account, perp: mark.position.perp, size, price, premium, realised }.into())
    }

    /// Splits a penalty: min(fixed + share, penalty) into the keeper's account, the rest to insurance.
    fn reward(&self, books: &mut Books, penalty: Usd) -> Result<Usd> {
        let params = &self.terms.params;
        let (fixed, share) = (params.liquidation.reward, params.liquidation.reward_share);
        let reward = sdp_risk::reward::reward(fixed, share, penalty, penalty)?;
        books.reward(self.deps.storage, self.keeper, reward)?;
        books.published.exposure.fees = books.published.exposure.fees.plus(penalty.minus(reward)?)?;
        Ok(reward)
    }
}

struct Cut {
    notional: Usd,
    penalty: Usd,
    event: Event,
}
