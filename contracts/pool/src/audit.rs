//! Every term of the ledger, each from where the thing really is, and the difference of the two sides.

use cosmwasm_std::{Deps, Env};
use sdp_types::book::Book;
use sdp_types::exposure::Recoveries;
use sdp_types::ledger::Ledger;
use sdp_types::pool::{AuditResponse, BalanceCheck};
use sdp_types::record::{key, tag, Record};
use sdp_types::{Amount, Result, SignedUsd};

use crate::sweep;
use sdp_book::state::{self, Estate};
use sdp_book::sync::{book_growth, Synced};

/// [`sdp_types::pool::QueryMsg::Audit`]: stored state, the liquidator's record and balances; only `pending` asks what a
/// sync would find. For top-level queries: inside a message it would see a part of what the message does.
pub fn audit(deps: Deps<'_>, env: &Env) -> Result<AuditResponse> {
    let (terms, book) = (state::terms(deps.storage)?, state::book(deps.storage)?);
    let mut ledger = of_parts(&book)?;
    if let Some(liquidator) = &terms.liquidator {
        let record = Recoveries::of_contract(&deps.querier, liquidator, &key(tag::RECOVERIES))?;
        let record = record.unwrap_or_default();
        book_growth(&mut ledger, &book.recoveries, &record)?;
        ledger.tab = record.tab;
    }
    let booked = ledger.supply;
    let there = sweep::supply(&deps.querier, &terms.sdusd)?;
    ledger.supply = booked.max(there);

    let collateral = balances(deps, env, &book)?;
    let mut below = Amount::ZERO;
    for check in &collateral {
        below = below.plus(check.booked.saturating_minus(check.balance))?;
    }
    // with the sign of the ledger's own difference, so that the two can't make up for each other
    let sides = SignedUsd::new(ledger.difference()?.narrow()?);
    let below = SignedUsd::new(below.wide().narrow()?);
    let difference = if sides.is_negative() { sides.minus(below)? } else { sides.plus(below)? };

    let unbooked = booked.signed()?.minus(there.signed()?)?;
    Ok(AuditResponse { ledger, pending: pending(deps, env, &book)?, unbooked, collateral, difference })
}

/// The ledger with its sums taken from the vaults and the markets themselves.
fn of_parts(book: &Book) -> Result<Ledger> {
    let vault_debt = sum(book.vaults.iter().map(|vault| vault.debt))?;
    let reported = sum(book.markets.iter().map(|market| market.reported))?;
    Ok(Ledger { vault_debt, reported, ..book.ledger })
}

fn sum(mut all: impl Iterator<Item = SignedUsd>) -> Result<SignedUsd> {
    all.try_fold(SignedUsd::ZERO, SignedUsd::plus)
}

/// What the markets owe by their records now, potential included, less what is accepted.
fn pending(deps: Deps<'_>, env: &Env, book: &Book) -> Result<SignedUsd> {
    let owed = |ledger: &Ledger| ledger.reported.plus(ledger.potential.signed()?);
    let synced = Synced::load(deps, env)?;
    owed(&synced.book.ledger)?.minus(owed(&book.ledger)?)
}

fn balances(deps: Deps<'_>, env: &Env, book: &Book) -> Result<Vec<BalanceCheck>> {
    let (pool, estate) = (&env.contract.address, state::estate(deps.storage)?);
    (0..)
        .zip(&book.vaults)
        .map(|(number, vault)| {
            let booked = booked(estate.as_ref(), number, vault.book.amount)?;
            let token = state::vault(deps.storage, number)?.token;
            let balance = token.balance(&deps.querier, pool)?;
            Ok(BalanceCheck { token, booked, balance })
        })
        .collect()
}

/// What a vault is owed in tokens: what its positions have, and since the pool was shut down what was written off, or what is left of both.
fn booked(estate: Option<&Estate>, number: u8, held: Amount) -> Result<Amount> {
    let place = usize::from(number);
    let Some(estate) = estate else { return Ok(held) };
    match estate.pots.get(place) {
        Some(pot) => pot.holders_left.plus(pot.providers_left),
        None => held.plus(estate.written_off.get(place).copied().unwrap_or_default()),
    }
}
