//! What somebody may do with an account of another owner.

use cosmwasm_std::{Deps, Storage};

use sdp_types::market::Delegation;
use sdp_types::{ensure, Error, Result, Rounding, Usd};

use crate::books::Books;
use crate::prices::{marking_quote, Outside};
use crate::state::{self, AccountKey, Order, Terms};

/// What the sender may do with an account of somebody else: `E0426` where what he wants is not part of it.
pub fn authorised(
    storage: &dyn Storage,
    account: &AccountKey,
    by: &[u8],
    (sender, now): (&str, u64),
    wanted: impl FnOnce(&Delegation) -> bool,
) -> Result<Delegation> {
    let found = state::delegation(storage, account, by)?;
    let found = found.filter(|delegation| now < delegation.expires_at).filter(wanted);
    found.ok_or_else(|| Error::NotDelegate { sender: sender.into(), account: account.number.into() })
}

/// Whether a delegate may trade a perpetual.
pub fn trades(allowed: &Delegation, perp: u16) -> bool {
    allowed.perps.as_ref().is_none_or(|perps| perps.contains(&perp))
}

/// What a delegate adds keeps the account within the most that its owner allows: `E0427`, and `E0428` where that can't be known because another
/// order waits.
pub fn within(
    deps: Deps<'_>,
    books: &mut Books,
    (terms, outside): (&Terms, &Outside),
    (perp, order): (u16, &Order),
    most: Usd,
) -> Result<()> {
    if order.increase().is_zero() {
        return Ok(());
    }
    let storage = deps.storage;
    let waiting = books.account(storage, &order.account)?.orders;
    ensure(waiting == 0, || Error::OrdersWait { orders: waiting.into() })?;
    let config = books.perp(storage, perp)?;
    let index = marking_quote(outside, &config)?.price;
    let worst = order.limit.unwrap_or(index).max(index);
    let quote = |config: &_| marking_quote(outside, config);
    let held = books.value(deps, &order.account, terms, outside, &quote)?.notional;
    let notional = held.plus(order.increase().value(worst, Rounding::Up)?)?;
    ensure(notional <= most, || Error::AboveDelegation { notional, most })
}
