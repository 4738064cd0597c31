//! Margin in and out.

use cosmwasm_std::{from_json, DepsMut, Env, MessageInfo, Response, Storage};
use cw20::Cw20ReceiveMsg;

use sdp_trading::payout::{self, out_of_held, owed};
use sdp_types::book::Listing;
use sdp_types::contract::movable;
use sdp_types::events::{MarginDeposited, MarginWithdrawn};
use sdp_types::market::Hook;
use sdp_types::{ensure, Error, Ratio, Result, Usd};

use sdp_perps::books::Books;
use sdp_perps::prices::{marking_quote, Outside};
use sdp_perps::state::{self, Account, AccountKey, Terms};

/// `Receive`: sdUSD becomes margin.
pub fn receive(deps: DepsMut<'_>, info: &MessageInfo, message: Cw20ReceiveMsg) -> Result<Response> {
    let terms = state::terms(deps.storage)?;
    ensure(deps.api.addr_canonicalize(info.sender.as_str())? == terms.sdusd, || Error::UnknownToken {
        token: info.sender.to_string(),
    })?;
    let amount = movable(Usd::new(message.amount.u128()))?;
    let Hook::Deposit { beneficiary, account: number } = from_json(message.msg)?;
    let owner = beneficiary.unwrap_or_else(|| message.sender.clone());
    let key = AccountKey::of(deps.api, &owner, number)?;

    let mut account = state::account(deps.storage, &key)?.unwrap_or_default();
    // Σ margin and what is held grow alike: what is owed, and so the exposure record, stays
    let held = state::held(deps.storage)?.plus(amount)?;
    account.margin = account.margin.plus(amount.signed()?)?;
    state::save_account(deps.storage, &key, &account)?;
    state::save_held(deps.storage, held)?;

    let told = MarginDeposited { owner, account: number, amount, payer: message.sender };
    Ok(Response::new().add_event(told))
}

/// `Withdraw`.
pub fn withdraw(
    mut deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    number: u16,
    asked: Usd,
    (recipient, accepted_haircut): (Option<String>, Option<Ratio>),
) -> Result<Response> {
    let terms = state::terms(deps.storage)?;
    let asked = movable(asked)?;
    let owner = info.sender.to_string();
    let recipient = deps.api.addr_validate(recipient.as_ref().unwrap_or(&owner))?;
    let (key, mut account, room) = for_withdrawal(&mut deps, env, &terms, (&owner, number), asked)?;
    let charge = room.charge;
    let taken = asked.plus(charge)?;

    let held = state::held(deps.storage)?;
    let paid = out_of_held(asked, held, room.owed(&deps, env, &terms)?)?;
    let drawn = asked.minus(paid)?;
    if !paid.is_zero() {
        state::save_held(deps.storage, held.minus(paid)?)?;
    }
    let told = match room.books {
        // nothing but the account changes
        None if drawn.is_zero() => {
            account.margin = account.margin.minus(taken.signed()?)?;
            state::save_account(deps.storage, &key, &account)?;
            Vec::new()
        }
        books => {
            let (before, mut books) = both(books, deps.storage, &terms, &key, &account)?;
            // what is drawn is profit, and nothing else is: so the pool can say how fast profit leaves
            let account = books.account(deps.storage, &key)?;
            account.margin = account.margin.minus(taken.signed()?)?;
            let exposure = &mut books.published.exposure;
            exposure.drawn = exposure.drawn.plus(drawn)?;
            exposure.fees = exposure.fees.plus(charge)?;
            exposure.base = exposure.base.minus(drawn.plus(charge)?.signed()?)?;
            books.save(deps.storage, deps.api, &before)?
        }
    };

    let messages = payout::messages(
        deps.api,
        (&terms.pool, &terms.sdusd),
        paid,
        (drawn, accepted_haircut),
        recipient.as_str(),
    )?;
    let recipient = recipient.to_string();
    let withdrawn = MarginWithdrawn { owner, account: number, amount: asked, charge, drawn, recipient };
    Ok(Response::new().add_messages(messages).add_events(told).add_event(withdrawn))
}

/// `Withdraw` into another account of the sender: as much as could be taken out, and nothing leaves the market.
pub fn transfer(
    mut deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    (from, into): (u16, u16),
    asked: Usd,
) -> Result<Response> {
    let asked = movable(asked)?;
    ensure(from != into, || Error::Duplicate { what: "account".into(), key: into.to_string() })?;
    let terms = state::terms(deps.storage)?;
    let owner = info.sender.to_string();
    let (key, account, room) = for_withdrawal(&mut deps, env, &terms, (&owner, from), asked)?;
    let Room { charge, books, .. } = room;

    let (before, mut books) = both(books, deps.storage, &terms, &key, &account)?;
    books.credit(deps.storage, &key, asked.plus(charge)?.signed()?.negate()?)?;
    books.credit(deps.storage, &AccountKey { number: into, ..key.clone() }, asked.signed()?)?;
    let exposure = &mut books.published.exposure;
    exposure.fees = exposure.fees.plus(charge)?;
    let told = books.save(deps.storage, deps.api, &before)?;

    let (recipient, payer) = (owner.clone(), owner.clone());
    let (account, drawn) = (from, Usd::ZERO);
    let withdrawn =
        MarginWithdrawn { owner: owner.clone(), account, amount: asked, charge, drawn, recipient };
    let deposited = MarginDeposited { owner, account: into, amount: asked, payer };
    Ok(Response::new().add_events(told).add_event(withdrawn).add_event(deposited))
}

/// The account that something is taken out of, and what that comes to. `E0402`, `E0421`.
fn for_withdrawal(
    deps: &mut DepsMut<'_>,
    env: &Env,
    terms: &Terms,
    (owner, number): (&str, u16),
    asked: Usd,
) -> Result<(AccountKey, Account, Room)> {
    let key = AccountKey::of(deps.api, owner, number)?;
    let found = state::account(deps.storage, &key)?;
    let mut account =
        found.ok_or_else(|| Error::NoAccount { owner: owner.into(), account: number.into() })?;
    let mut room = Room::of(deps, env, terms, &key, &account, asked)?;
    if !room.fits(asked)? && number == 0 {
        // what a keeper earned last lies with the queues: looked at only where it is needed
        let mut queues = state::queues(deps.storage)?;
        let pay = queues.collect(&key);
        if !pay.is_zero() {
            account.margin = account.margin.plus(pay.signed()?)?;
            state::save_queues(deps.storage, &queues)?;
            room = Room::of(deps, env, terms, &key, &account, asked)?;
        }
    }
    let (taken, free) = (asked.plus(room.charge)?, room.free);
    ensure(room.fits(asked)?, || Error::MarginLocked { asked: taken, free })?;
    Ok((key, account, room))
}

/// The records before and now; read where they were not needed before.
fn both(
    books: Option<Box<Read>>,
    storage: &dyn Storage,
    terms: &Terms,
    key: &AccountKey,
    account: &Account,
) -> Result<(Books, Books)> {
    if let Some(read) = books {
        return Ok((read.before, read.now));
    }
    let books = Books::of_account(state::published(storage)?, terms, key, account);
    Ok((books.clone(), books))
}

/// What taking margin out comes to.
struct Room {
    /// How much can be taken out.
    free: Usd,
    /// What insurance gets for the leverage that it leaves.
    charge: Usd,
    /// Where they had to be read.
    books: Option<Box<Read>>,
}

/// Prices, and the records before and now.
struct Read {
    outside: Outside,
    before: Books,
    now: Books,
}

impl Room {
    fn of(
        deps: &DepsMut<'_>,
        env: &Env,
        terms: &Terms,
        key: &AccountKey,
        account: &Account,
        asked: Usd,
    ) -> Result<Self> {
        if account.positions.is_empty() && !account.backed {
            let free = account.margin.minus(account.locked.signed()?)?.positive_part();
            return Ok(Self { free, charge: Usd::ZERO, books: None });
        }
        let outside = Outside::read(deps.as_ref(), env, terms.home())?;
        let before = Books::of_account(state::published(deps.storage)?, terms, key, account);
        let mut now = before.clone();
        let value =
            now.value(deps.as_ref(), key, terms, &outside, &|config| marking_quote(&outside, config))?;
        let charge = value.charge(asked, terms.params.insurance.leverage)?;
        let free = value.withdrawable(account.locked)?;
        Ok(Self { free, charge, books: Some(Box::new(Read { outside, before, now })) })
    }

    /// While the pool has bad debt: what this market owes beyond what it holds, for which all its prices have to be fresh. Only what leaves
    /// the market asks for it.
    fn owed(&self, deps: &DepsMut<'_>, env: &Env, terms: &Terms) -> Result<Option<Usd>> {
        if let Some(Read { outside, now, .. }) = self.books.as_deref() {
            return owed(outside, &now.published.exposure);
        }
        if !Listing::of(&deps.querier, &deps.api.addr_humanize(&terms.pool)?)?.bad_debt {
            return Ok(None);
        }
        let outside = Outside::read(deps.as_ref(), env, terms.home())?;
        owed(&outside, &state::published(deps.storage)?.exposure)
    }

    fn fits(&self, asked: Usd) -> Result<bool> {
        Ok(asked.plus(self.charge)? <= self.free)
    }
}
