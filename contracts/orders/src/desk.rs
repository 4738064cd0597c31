//! The records of a message: loaded once, changed in memory, saved once. An item of a batch works on a copy. Whatever moves a fee is here: into a
//! jar, from it to an order, and from that to a keeper or back, so that Σ jars + Σ reserved stays what is held.

use cosmwasm_std::{Api, Event, Storage};
use sdp_perps::state::AccountKey;
use sdp_trading::table::Table;
use sdp_types::error::OrdersError;
use sdp_types::events::{ConditionalEnded, ConditionalPlaced, ConditionalWaits};
use sdp_types::{ensure, Error, Result, Usd};

use crate::state::{self, Account, Book, Conditional, Flight, Link};

/// As loaded, and now.
type Both<T> = (T, T);

/// Every record that a message may change.
#[derive(Clone, Debug)]
pub struct Desk {
    book: Both<Book>,
    orders: Table<u64, Both<Option<Conditional>>>,
    accounts: Table<AccountKey, Both<Account>>,
    links: Table<u64, Both<Option<Link>>>,
    jars: Table<Vec<u8>, Both<Usd>>,
}

/// How an order ends, as events name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The market filled it.
    Filled,
    /// The market did not.
    Unfilled,
    /// It was not committed: the market would have refused it.
    Refused,
    /// Its time is over.
    Expired,
    /// Its owner took it back, or somebody whom he lets trade took its commit back.
    Cancelled,
    /// One that it is linked with has filled.
    Linked,
    /// The entry that it slept for has not.
    Entry,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Filled => "filled",
            Self::Unfilled => "unfilled",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Linked => "linked",
            Self::Entry => "entry",
        }
    }
}

/// What stays of an order that ends.
pub struct End<'a> {
    /// How.
    pub outcome: Outcome,
    /// Why, where something was refused.
    pub reason: Option<&'a Error>,
    /// The market's order that ended without a fill, and its code.
    pub unfilled: Option<(u64, &'a str)>,
    /// Who gets a part of its fee, by canonical address, and how much.
    pub paid: Option<(&'a [u8], Usd)>,
}

impl From<Outcome> for End<'_> {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, reason: None, unfilled: None, paid: None }
    }
}

impl Desk {
    /// Nothing is loaded yet but the book.
    pub fn load(storage: &dyn Storage) -> Result<Self> {
        let book = state::book(storage)?;
        Ok(Self {
            book: (book, book),
            orders: Table::default(),
            accounts: Table::default(),
            links: Table::default(),
            jars: Table::default(),
        })
    }

    /// Stores what has changed.
    pub fn save(self, storage: &mut dyn Storage) -> Result<()> {
        if self.book.0 != self.book.1 {
            state::save_book(storage, &self.book.1)?;
        }
        for (id, (loaded, order)) in &self.orders.0 {
            match (loaded, order) {
                (None, Some(order)) => state::add_order(storage, *id, order)?,
                (Some(order), None) => state::remove_order(storage, *id, order),
                (Some(before), Some(order)) if before != order => state::save_order(storage, *id, order)?,
                _ => {}
            }
        }
        for (key, (loaded, account)) in &self.accounts.0 {
            if loaded != account {
                state::save_account(storage, key, account)?;
            }
        }
        for (number, (loaded, link)) in &self.links.0 {
            if loaded != link {
                state::save_link(storage, *number, link.as_ref())?;
            }
        }
        for (owner, (loaded, amount)) in &self.jars.0 {
            if loaded != amount {
                state::save_jar(storage, owner, *amount)?;
            }
        }
        Ok(())
    }

    /// An order. `E0902`.
    pub fn order(&mut self, storage: &dyn Storage, id: u64) -> Result<Conditional> {
        self.may_order(storage, id)?.ok_or_else(|| OrdersError::UnknownConditional { id }.into())
    }

    /// An order, if it is still there.
    pub fn may_order(&mut self, storage: &dyn Storage, id: u64) -> Result<Option<Conditional>> {
        if !self.orders.has(&id) {
            let loaded = state::order(storage, id)?;
            self.orders.put(id, (loaded.clone(), loaded));
        }
        Ok(self.orders.get(&id).and_then(|(_, order)| order.clone()))
    }

    /// What an account has here.
    pub fn account(&mut self, storage: &dyn Storage, key: &AccountKey) -> Result<&mut Account> {
        if !self.accounts.has(key) {
            let loaded = state::account(storage, key)?;
            self.accounts.put(key.clone(), (loaded.clone(), loaded));
        }
        let found = self.accounts.get_mut(key).map(|(_, account)| account);
        found.ok_or_else(|| Error::BadRecord { record: "account of orders".into() })
    }

    /// What an account has committed in a perpetual.
    pub fn flight(&mut self, storage: &dyn Storage, key: &AccountKey, perp: u16) -> Result<Option<Flight>> {
        Ok(self.account(storage, key)?.flights.iter().find(|flight| flight.perp == perp).copied())
    }

    /// What of an order is committed.
    pub fn flight_of(
        &mut self,
        storage: &dyn Storage,
        id: u64,
        order: &Conditional,
    ) -> Result<Option<Flight>> {
        Ok(self.flight(storage, &order.account, order.perp)?.filter(|flight| flight.id == id))
    }

    /// The link of an order.
    pub fn link(&mut self, storage: &dyn Storage, order: &Conditional) -> Result<Option<Link>> {
        let Some(number) = order.link else { return Ok(None) };
        if !self.links.has(&number) {
            let loaded = state::link(storage, number)?;
            self.links.put(number, (loaded.clone(), loaded));
        }
        Ok(self.links.get(&number).and_then(|(_, link)| link.clone()))
    }

    /// Puts a link in its place; one that links nothing is none.
    pub fn put_link(&mut self, number: u64, link: Link) {
        let link = Some(link).filter(|link| link.entry.is_some() || !link.members.is_empty());
        match self.links.get_mut(&number) {
            Some((_, now)) => *now = link,
            None => self.links.put(number, (None, link)),
        }
    }

    fn jar(&mut self, storage: &dyn Storage, owner: &[u8]) -> Result<&mut Usd> {
        if !self.jars.has(&owner.to_vec()) {
            let loaded = state::jar(storage, owner)?;
            self.jars.put(owner.to_vec(), (loaded, loaded));
        }
        let found = self.jars.get_mut(&owner.to_vec()).map(|(_, amount)| amount);
        found.ok_or_else(|| Error::BadRecord { record: "jar".into() })
    }

    /// sdUSD comes into a jar.
    pub fn deposit(&mut self, storage: &dyn Storage, owner: &[u8], amount: Usd) -> Result<()> {
        self.give(storage, owner, amount)?;
        self.book.1.held = self.book.1.held.plus(amount)?;
        Ok(())
    }

    /// And goes out of it. `E0901`.
    pub fn withdraw(&mut self, storage: &dyn Storage, owner: &[u8], amount: Usd) -> Result<()> {
        self.take(storage, owner, amount)?;
        self.book.1.held = self.book.1.held.minus(amount)?;
        Ok(())
    }

    /// Into a jar, out of what an order had reserved.
    fn give(&mut self, storage: &dyn Storage, owner: &[u8], amount: Usd) -> Result<()> {
        if !amount.is_zero() {
            let jar = self.jar(storage, owner)?;
            *jar = jar.plus(amount)?;
        }
        Ok(())
    }

    /// Out of a jar. `E0901`.
    fn take(&mut self, storage: &dyn Storage, owner: &[u8], amount: Usd) -> Result<()> {
        if !amount.is_zero() {
            let jar = self.jar(storage, owner)?;
            let (has, needed) = (*jar, amount);
            ensure(has >= needed, || OrdersError::JarTooLow { has, needed }.into())?;
            *jar = has.minus(needed)?;
        }
        Ok(())
    }

    /// Number of the next order.
    pub fn next(&self) -> u64 {
        self.book.1.next
    }

    /// A further order, whose fee its owner's jar gives. `E0901`, `E0010`.
    pub fn place(
        &mut self,
        storage: &dyn Storage,
        api: &dyn Api,
        order: Conditional,
        (most, entry): (u32, Option<u64>),
    ) -> Result<Event> {
        let id = self.next();
        let account = self.account(storage, &order.account)?;
        let (count, max) = (u64::from(account.orders) + 1, u64::from(most));
        ensure(count <= max, || Error::TooMany { what: "orders".into(), count, max })?;
        account.orders = account.orders.saturating_add(1);
        self.take(storage, &order.account.owner, order.keeper_fee)?;
        let next = id.checked_add(1);
        self.book.1.next = next.ok_or_else(|| Error::Overflow { operation: "number of an order".into() })?;
        let told = ConditionalPlaced {
            id,
            owner: order.account.owner(api)?,
            account: order.account.number,
            perp: order.perp,
            size: order.size,
            kind: order.kind.map_or("market", |kind| kind.name()).into(),
            trigger: order.kind.map(|kind| kind.trigger()).unwrap_or_default(),
            reduce_only: order.reduce_only,
            good_till: order.good_till,
            keeper_fee: order.keeper_fee,
            entry: entry.map_or("none".into(), |entry| entry.to_string()),
        };
        self.orders.put(id, (None, Some(order)));
        Ok(told.into())
    }

    fn change(&mut self, id: u64, change: impl FnOnce(&mut Conditional)) {
        if let Some((_, Some(order))) = self.orders.get_mut(&id) {
            change(order);
        }
    }

    /// An order is committed: its fee goes to whoever did it.
    pub fn commit(
        &mut self,
        storage: &dyn Storage,
        order: &Conditional,
        flight: Flight,
        keeper: &[u8],
    ) -> Result<()> {
        self.account(storage, &order.account)?.flights.push(flight);
        self.change(flight.id, |order| order.commits = order.commits.saturating_add(1));
        self.give(storage, keeper, order.keeper_fee)
    }

    /// What was committed has not filled, and the order waits for prices from after that commit. Its fee is reserved again: `E0901`.
    pub fn wait_again(
        &mut self,
        storage: &dyn Storage,
        api: &dyn Api,
        (order, flight): (&Conditional, &Flight),
        code: &str,
    ) -> Result<Event> {
        self.take(storage, &order.account.owner, order.keeper_fee)?;
        self.account(storage, &order.account)?.flights.retain(|other| other.id != flight.id);
        self.change(flight.id, |order| order.since = flight.at);
        Ok(ConditionalWaits {
            id: flight.id,
            owner: order.account.owner(api)?,
            account: order.account.number,
            perp: order.perp,
            order: flight.number,
            code: code.into(),
            commits: order.commits,
            keeper_fee: order.keeper_fee,
        }
        .into())
    }

    /// It was not, after all: its fee is reserved again.
    pub fn undo_commit(
        &mut self,
        storage: &dyn Storage,
        order: &Conditional,
        id: u64,
        keeper: &[u8],
    ) -> Result<()> {
        self.account(storage, &order.account)?.flights.retain(|flight| flight.id != id);
        self.take(storage, keeper, order.keeper_fee)
    }

    /// An order is gone, out of its link too. What is reserved of its fee and not paid goes back into its owner's jar.
    pub fn end(&mut self, storage: &dyn Storage, api: &dyn Api, id: u64, end: &End<'_>) -> Result<Event> {
        let order = self.order(storage, id)?;
        let account = self.account(storage, &order.account)?;
        account.orders = account.orders.saturating_sub(1);
        let flights = account.flights.len();
        account.flights.retain(|flight| flight.id != id);
        // what was committed has paid its fee
        let reserved = if account.flights.len() < flights { Usd::ZERO } else { order.keeper_fee };
        let (keeper, keeper_fee) = end.paid.unwrap_or_default();
        let refund = reserved.minus(keeper_fee)?;
        self.give(storage, keeper, keeper_fee)?;
        self.give(storage, &order.account.owner, refund)?;
        if let Some((number, mut link)) = order.link.zip(self.link(storage, &order)?) {
            link.members.retain(|member| *member != id);
            link.entry = link.entry.filter(|entry| *entry != id);
            self.put_link(number, link);
        }
        if let Some((_, now)) = self.orders.get_mut(&id) {
            *now = None;
        }
        let none = || "none".to_string();
        let (code, reason) = match (end.unfilled, end.reason) {
            (Some((order, code)), _) => (code.into(), format!("{code} of the market's order {order}")),
            (None, Some(error)) => (error.code().into(), error.to_string()),
            (None, None) => (none(), none()),
        };
        Ok(ConditionalEnded {
            id,
            owner: order.account.owner(api)?,
            account: order.account.number,
            perp: order.perp,
            outcome: end.outcome.name().into(),
            code,
            reason,
            refund,
            keeper_fee,
        }
        .into())
    }

    /// An order is gone, and where it is an entry its exits with it.
    pub fn end_with_exits(
        &mut self,
        storage: &dyn Storage,
        api: &dyn Api,
        (id, order): (u64, &Conditional),
        end: &End<'_>,
    ) -> Result<Vec<Event>> {
        let is_entry = self.link(storage, order)?.is_some_and(|link| link.entry == Some(id));
        let mut told = vec![self.end(storage, api, id, end)?];
        if is_entry {
            told.extend(self.end_linked(storage, api, order, &Outcome::Entry.into())?);
        }
        Ok(told)
    }

    /// All that an order, which is gone, was linked with; where there is a reason, of those only such as do nothing but reduce.
    pub fn end_linked(
        &mut self,
        storage: &dyn Storage,
        api: &dyn Api,
        order: &Conditional,
        end: &End<'_>,
    ) -> Result<Vec<Event>> {
        let mut told = Vec::new();
        for id in self.link(storage, order)?.unwrap_or_default().members {
            if end.reason.is_none() || self.order(storage, id)?.reduce_only {
                told.push(self.end(storage, api, id, end)?);
            }
        }
        Ok(told)
    }
}
