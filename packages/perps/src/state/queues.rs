//! Orders that wait, by perpetual, and what lies with them because every fill writes this record.

use serde::{Deserialize, Serialize};

use sdp_types::record::Record;
use sdp_types::{AbsSize, Error, Result, Usd};

use super::{AccountKey, Order};

/// The orders of one perpetual that wait, and the room that they reserve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// Number of the oldest order that may wait.
    pub head: u64,
    /// From it to the number of the next order.
    length: u32,
    /// Reserved increases of longs.
    pub long: AbsSize,
    /// Reserved increases of shorts.
    pub short: AbsSize,
}

impl Queue {
    /// Number of the next order.
    pub fn next(&self) -> u64 {
        self.head + u64::from(self.length)
    }

    /// A further order waits: its number.
    pub fn push(&mut self) -> Result<u64> {
        let (number, longer) = (self.next(), self.length.checked_add(1));
        self.length = longer.ok_or_else(|| Error::Overflow { operation: "queue".into() })?;
        Ok(number)
    }

    /// The oldest order waits no longer, if there is one.
    pub fn pop(&mut self) {
        if let Some(shorter) = self.length.checked_sub(1) {
            self.length = shorter;
            self.head += 1;
        }
    }
}

/// Queues of all perpetuals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queues {
    /// By perpetual.
    pub queues: Vec<Queue>,
    /// One of the orders that wait, which has no record of its own: most orders are settled before the next one comes, and
    /// a record costs four times what its bytes cost here.
    kept: Option<Waiting>,
    /// What the last keeper earned by settling and has not got into his account yet: who settles this order most likely
    /// settled the one before, and his account would be one more record to write at every fill.
    pay: Option<Pay>,
}
record!(Queues, "queues", 2);

/// Part of the margin of a keeper's account 0 that lies with the queues. The account has a record of its own, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pay {
    /// Canonical address of the keeper.
    owner: Vec<u8>,
    /// How much it is.
    pub amount: Usd,
}

impl Pay {
    /// Whose margin it is.
    pub fn account(&self) -> AccountKey {
        AccountKey { owner: self.owner.clone(), number: 0 }
    }

    fn is_of(&self, account: &AccountKey) -> bool {
        account.number == 0 && account.owner == self.owner
    }
}

/// An order and where it waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Waiting {
    perp: u16,
    number: u64,
    order: Order,
}

impl Queues {
    /// Keeps an order if there is room for it, else hands it back.
    pub fn keep(&mut self, perp: u16, number: u64, order: Order) -> Option<Order> {
        if self.kept.is_some() {
            return Some(order);
        }
        self.kept = Some(Waiting { perp, number, order });
        None
    }

    /// An order that is kept here.
    pub fn kept(&self, perp: u16, number: u64) -> Option<&Order> {
        self.kept.as_ref().filter(|kept| (kept.perp, kept.number) == (perp, number)).map(|kept| &kept.order)
    }

    /// The order of a perpetual that is kept here, if it has this number or a later one.
    pub fn kept_from(self, perp: u16, from: u64) -> Option<(u64, Order)> {
        let kept = self.kept.filter(|kept| kept.perp == perp && kept.number >= from);
        kept.map(|kept| (kept.number, kept.order))
    }

    /// Adds to what lies here for a keeper; false where it lies here for another one, or for nobody.
    pub fn pay(&mut self, keeper: &AccountKey, amount: Usd) -> Result<bool> {
        match self.pay.as_mut().filter(|pay| pay.is_of(keeper)) {
            Some(pay) => {
                pay.amount = pay.amount.plus(amount)?;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// From now on this keeper's pay lies here. What lay here for another one has to go into his account.
    pub fn pay_next(&mut self, keeper: &AccountKey, amount: Usd) -> Option<Pay> {
        self.pay.replace(Pay { owner: keeper.owner.clone(), amount })
    }

    /// Takes out what lies here for an account.
    pub fn collect(&mut self, account: &AccountKey) -> Usd {
        let pay = self.pay.take_if(|pay| pay.is_of(account));
        pay.map_or(Usd::ZERO, |pay| pay.amount)
    }

    /// Forgets an order that is kept here; whether it was.
    pub fn forget(&mut self, perp: u16, number: u64) -> bool {
        let found = self.kept(perp, number).is_some();
        if found {
            self.kept = None;
        }
        found
    }
}
