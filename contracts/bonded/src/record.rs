//! What of a market's record is believed. Two kinds of refusal: what can't be true is a [`BondedError`] that quarantines the market; where it
//! can't be said, because a price is missing, the message fails and nothing changes.

use cosmwasm_std::{Addr, QuerierWrapper};

use sdp_types::board::{Board, Use};
use sdp_types::bonded::{Slot, MAX_RECORD};
use sdp_types::error::BondedError;
use sdp_types::exposure::Exposure;
use sdp_types::record::{key, raw, tag, Record};
use sdp_types::units::MAX_USD;
use sdp_types::{Error, Result, Rounding, SignedUsd, Usd};

/// Of a record: good, or why it can't be true.
pub type Judged<T> = core::result::Result<T, BondedError>;

/// What a record comes to at the worse edges of fresh prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// What it says that the market has cost: what it owes, with what it owes to insurance.
    pub used: SignedUsd,
    /// Σ |quantity|·P, each rounded up.
    pub exposure: Usd,
}

/// The record in these bytes: `E1021`, `E1022`.
pub fn read(bytes: &[u8]) -> Judged<Exposure> {
    let length = bytes.len() as u64;
    if bytes.len() > MAX_RECORD {
        return Err(BondedError::RecordTooLong { bytes: length, most: MAX_RECORD as u64 });
    }
    let unreadable = BondedError::RecordUnreadable { bytes: length };
    match Exposure::decode_first(bytes) {
        Ok((exposure, [])) => exposure.within_bounds().map_err(|_| unreadable),
        _ => Err(unreadable),
    }
}

/// Whether it can follow the last one: `E1023`, `E1024`, `E1025`.
pub fn follows(exposure: &Exposure, slot: &Slot, now: u64) -> Judged<()> {
    let Exposure { as_of, drawn, fees, shortfalls, .. } = *exposure;
    if as_of > now || as_of < slot.as_of {
        return Err(BondedError::RecordOfAnotherTime { as_of, last: slot.as_of, now });
    }
    if !drawn.is_zero() || !shortfalls.is_zero() {
        return Err(BondedError::RecordCountsOthersMoney { drawn, shortfalls });
    }
    if fees < slot.fees {
        return Err(BondedError::RecordFeesFall { fees, last: slot.fees });
    }
    Ok(())
}

/// What it comes to now. A feed that there is not, and numbers beyond all others, are `E1022`; a feed without a fresh price is an error of the
/// message. The board is asked for only where a quantity needs it.
pub fn value(exposure: &Exposure, now: u64, board: impl FnOnce() -> Result<Board>) -> Result<Judged<Value>> {
    let unreadable = || BondedError::RecordUnreadable { bytes: 0 };
    let board = if exposure.is_flat() { Board::default() } else { board()? };
    for entry in exposure.open() {
        match board.fresh(entry.feed, Use::Liquidate, now) {
            Ok(_) => {}
            Err(Error::UnknownFeed { .. }) => return Ok(Err(unreadable())),
            Err(missing) => return Err(missing),
        }
    }
    Ok(worth(exposure, now, &board).map_err(|_| unreadable()))
}

fn worth(exposure: &Exposure, now: u64, board: &Board) -> Result<Value> {
    let reported = exposure.reported_at_worst(now, |feed| {
        let quote = board.last(feed)?;
        Ok((quote.price, quote.confidence))
    })?;
    let bounded = |amount: SignedUsd| {
        let beyond = || Error::out_of_range("reported", amount, "-10^15", MAX_USD);
        sdp_types::ensure(amount.abs() <= MAX_USD, beyond).map(|()| amount)
    };
    let mut gross = Usd::ZERO;
    for entry in exposure.open() {
        let price = board.last(entry.feed)?.price;
        gross = gross.plus(entry.quantity.abs().value(price, Rounding::Up)?)?;
    }
    Ok(Value { used: bounded(exposure.used(bounded(reported)?)?)?, exposure: gross })
}

/// The claim of a record of this value, where that is within the market's credit: `E1026`, `E1027`. What a market is owed is nothing until it
/// has been paid in.
pub fn claim(value: &Value, slot: &Slot) -> Result<Judged<Usd>> {
    let (credit, claim) = (slot.credit, value.used.positive_part());
    let cost = slot.net_out()?.plus(claim.signed()?)?;
    if claim > credit || cost.positive_part() > credit {
        return Ok(Err(BondedError::RecordAboveCredit { claim: value.used, cost, credit }));
    }
    let exposure = value.exposure;
    Ok(if exposure > credit { Err(BondedError::RecordTooExposed { exposure, credit }) } else { Ok(claim) })
}

/// What a contract has under its exposure key, read raw: no code of it runs.
pub fn shown(querier: &QuerierWrapper<'_>, market: &Addr) -> Result<Vec<u8>> {
    Ok(raw(querier, market, &key(tag::EXPOSURE))?.unwrap_or_default().into())
}

/// Whether that begins with the record that it pushed; behind it may lie what is only the market's own.
pub fn is_shown(shown: &[u8], pushed: &Exposure) -> bool {
    matches!(Exposure::decode_first(shown), Ok((exposure, _)) if exposure == *pushed)
}
