//! What every parameter has to be, and what the stop level stops.

use sdp_types::book::MAX_VAULTS;
use sdp_types::contract::{between_zero_and_one, in_range};
use sdp_types::error::LiquidatorError;
use sdp_types::governance::MAX_CHANGE_DELAY;
use sdp_types::liquidator::{AuctionParams, Limits, NoteParams, Params};
use sdp_types::units::MAX_USD;
use sdp_types::{ensure, Error, Ratio, Result, Usd};

/// Stop level at which nothing can be taken either.
const LAST_STOP_LEVEL: u8 = 3;

/// The stop level must be below this: `E0502`.
pub fn working_below(level: u8, params: &Params) -> Result<()> {
    let stopped =
        || LiquidatorError::Stopped { level: params.stop_level.into(), needed_below: level.into() }.into();
    ensure(params.stop_level < level, stopped)
}

/// A place in the list of vaults as a vault's number: `E0010`.
pub fn vault_number(place: usize) -> Result<u8> {
    let number = u8::try_from(place).ok().filter(|_| place < MAX_VAULTS);
    let too_many =
        || Error::TooMany { what: "auctions".into(), count: place as u64 + 1, max: MAX_VAULTS as u64 };
    number.ok_or_else(too_many)
}

/// Every parameter of the contract within its range: `E0004`.
pub fn validate_params(params: &Params) -> Result<()> {
    in_range("hole", params.hole, Usd::new(1), MAX_USD)?;
    in_range("stop_level", params.stop_level, 0, LAST_STOP_LEVEL)?;
    in_range("withdrawal_delay", params.withdrawal_delay, 0, MAX_CHANGE_DELAY)?;
    in_range("withdrawal_window", params.withdrawal_window, 1, MAX_CHANGE_DELAY)?;
    in_range("change_delay", params.change_delay, 0, MAX_CHANGE_DELAY)
}

/// The least that is worth an auction fits into the hole: `E0107`.
pub fn validate_hole(params: &Params, auctions: &[AuctionParams]) -> Result<()> {
    let hole = params.hole;
    auctions.iter().try_for_each(|auction| {
        ensure(auction.dust <= hole, || Error::bad_config("dust <= hole", auction.dust, hole))
    })
}

/// Every limit of a vault within its range: `E0004`; what is worth an auction fits into its hole: `E0107`.
pub fn validate_limits(limits: &Limits, auction: &AuctionParams) -> Result<()> {
    let Limits { hole, discount, daily } = *limits;
    in_range("hole", hole, Usd::new(1), MAX_USD)?;
    in_range("discount", discount, Ratio::ZERO, Ratio::percent(50))?;
    in_range("daily", daily, Ratio::ZERO, Ratio::ONE)?;
    ensure(auction.dust <= hole, || Error::bad_config("dust <= hole", auction.dust, hole))
}

/// Every parameter of the recovery notes within its range: `E0004`.
pub fn validate_notes(notes: &NoteParams) -> Result<()> {
    in_range("lot", notes.lot, Usd::new(1), MAX_USD)?;
    in_range("start", notes.start, Ratio::ONE, Ratio::percent(10_000))?;
    between_zero_and_one("step", notes.step)?;
    in_range("bid_seconds", notes.bid_seconds, 1, MAX_CHANGE_DELAY)?;
    in_range("auction_seconds", notes.auction_seconds, 1, MAX_CHANGE_DELAY)?;
    in_range("raise", notes.raise, Ratio::ONE, Ratio::percent(1_000))?;
    in_range("ceiling", notes.ceiling, Usd::ZERO, MAX_USD)
}
