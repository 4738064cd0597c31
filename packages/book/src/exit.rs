//! What an exit pays.
//!
//! What is released is min(asked, what keeps the issuance ratio, what keeps the locked credit), and what stays is nothing or
//! at least the minimum deposit. A whole exit settles at the debt that mints and exits are tested at (the largest of the last
//! hour or two): it needs that debt to be at most 0 and mints no more than that leaves. Where the debt has fallen
//! since, the difference stays with those who stay, who carry the risk that the peak is there for.

use sdp_types::pool::{ExitResponse, Params, VaultConfig};
use sdp_types::{ensure, Amount, Error, Price, Ratio, Result, Rounding, Shares, SignedUsd, Usd};

use crate::credit::Credit;
use crate::position::{close, mint, owe, parts, ratio, take_out};
use crate::state::{ExitRequest, Position};
use crate::sync::Synced;

/// What an exit pays.
pub struct Release {
    shares: Shares,
    /// Profit that is minted.
    pub minted: Usd,
    /// Bad debt that the position takes.
    pub charged: Usd,
    /// Whether the position ends.
    pub whole: bool,
}

impl Release {
    /// Read-only. `price` is the one that the position is tested at. Where nothing can be released: `E0312`, `E0308` or
    /// `E0303`, whichever rule binds. `E0318` for the last provider while traders have positions.
    pub fn plan(
        synced: &Synced,
        number: u8,
        config: &VaultConfig,
        position: &Position,
        asked: Amount,
        price: Price,
    ) -> Result<Self> {
        let vault = synced.vault(number)?;
        let debt = synced.debt_for_issuance(vault, position)?;
        let credit = synced.credit()?;
        let board_price = synced.quote(number)?.price;
        let held = vault.book.amount_of(position.shares, position.epoch)?;
        let value = |amount, price: Price, rounding| price.value_of(amount, config.decimals, rounding);

        let everything = value(held, board_price, Rounding::Up)?;
        let (haircut, bad_debt) = (synced.exit_haircut()?, synced.book.ledger.bad_debt);
        let profit = debt.negative_part();
        let charged = everything.plus(profit)?.scale(haircut, Rounding::Up)?.min(bad_debt);
        let minted = profit.saturating_minus(charged);
        let taken = everything.plus(minted)?.signed()?;
        if asked >= held && debt.plus(charged.signed()?)? <= SignedUsd::ZERO && credit.allows(taken).is_ok() {
            may_leave(synced, position)?;
            return Ok(Self { shares: position.shares, minted, charged, whole: true });
        }

        let charge = Charge::of(haircut)?;
        let by_ratio = charge.releasable(config, held, debt, (price, board_price))?;
        let room = credit.room()?.positive_part();
        let by_credit = board_price.amount_for(room, config.decimals, Rounding::Down)?;
        let minimum = price.amount_for(config.minimum_deposit, config.decimals, Rounding::Up)?;
        let by_minimum = held.saturating_minus(minimum);

        let released = asked.min(by_ratio).min(by_credit).min(by_minimum);
        let shares = vault.book.shares_for(released)?;
        ensure(!vault.book.amount_of(shares, position.epoch)?.is_zero(), || {
            let value = value(held, price, Rounding::Down).unwrap_or_default();
            let smallest = by_ratio.min(by_credit).min(by_minimum);
            if by_ratio == smallest {
                let ratio = ratio(value, debt).unwrap_or_default();
                Error::BelowIssuanceRatio { ratio, required: config.issuance_ratio }
            } else if by_credit == smallest {
                let Credit { free, locked } = credit;
                Error::CreditLocked { free, locked }
            } else {
                Error::BelowMinimumDeposit { value, minimum: config.minimum_deposit }
            }
        })?;
        let released = value(vault.book.amount_of(shares, position.epoch)?, board_price, Rounding::Up)?;
        let charged = charge.on(released)?.min(bad_debt);
        Ok(Self { shares, minted: Usd::ZERO, charged, whole: false })
    }

    /// Books it, and returns what is paid out.
    pub fn apply(&self, synced: &mut Synced, number: u8, position: &mut Position) -> Result<Amount> {
        let (ledger, vault) = parts(&mut synced.book, number)?;
        ledger.providers_meet(self.charged)?;
        owe(vault, position, self.charged.signed()?)?;
        ledger.lp_mints(self.minted)?;
        mint(vault, position, self.minted)?;
        let released = take_out(vault, position, self.shares)?;
        if self.whole {
            close(ledger, vault, position)?;
        }
        synced.refresh_weight(number);
        Ok(released)
    }
}

/// What a part of a position is charged for bad debt when it leaves, as a part of what is paid: h ÷ (1 − h), so that it is h of all that
/// leaves, rounded up. None where so little would be left that nothing is paid.
struct Charge(Option<Ratio>);

impl Charge {
    fn of(haircut: Ratio) -> Result<Self> {
        if haircut > Self::HIGHEST {
            return Ok(Self(None));
        }
        let stays = Ratio::ONE.saturating_minus(haircut);
        Ratio::of(haircut.raw(), stays.raw(), Rounding::Up).map(|rate| Self(Some(rate)))
    }

    /// Beyond it a part of a position pays nothing: what would have to be charged is a hundred times what is paid.
    const HIGHEST: Ratio = Ratio::percent(99);

    fn on(&self, released: Usd) -> Result<Usd> {
        released.scale(self.0.unwrap_or_default(), Rounding::Up)
    }

    /// The most that keeps the issuance ratio at the first price when it is charged at the second, rounded down. Each base unit takes its
    /// value out and puts issuance ratio × rate × value on the debt.
    fn releasable(
        &self,
        config: &VaultConfig,
        held: Amount,
        debt: SignedUsd,
        (price, board_price): (Price, Price),
    ) -> Result<Amount> {
        let (required, decimals) = (config.issuance_ratio, config.decimals);
        match self.0 {
            None => Ok(Amount::ZERO),
            Some(Ratio::ZERO) => {
                let needed = debt.positive_part().scale(required, Rounding::Up)?;
                Ok(held.saturating_minus(price.amount_for(needed, decimals, Rounding::Up)?))
            }
            Some(rate) => {
                // the charge is rounded up twice, by value and by rate
                let rounding = Usd::new(2).plus(Usd::new(1).scale(rate, Rounding::Up)?)?;
                let debt = debt.plus(rounding.signed()?)?;
                let value = price.value_of(held, decimals, Rounding::Down)?;
                let value = value.plus(debt.negative_part().scale(required, Rounding::Down)?)?;
                let room = value.saturating_minus(debt.positive_part().scale(required, Rounding::Up)?);
                let on_top = board_price.scale(required.times(rate, Rounding::Up)?, Rounding::Up)?;
                let each = price.plus(on_top)?;
                Ok(each.amount_for(room, decimals, Rounding::Down)?.min(held))
            }
        }
    }
}

/// `E0318` if nobody would be left to owe what open positions win; `E0324` where a market can't be asked.
fn may_leave(synced: &Synced, position: &Position) -> Result<()> {
    let others = synced.book.vaults.iter().any(|vault| vault.book.shares > position.shares);
    let held = synced.book.vaults.iter().filter(|vault| !vault.book.shares.is_zero()).count();
    if others || held > 1 {
        return Ok(());
    }
    let mut open: u64 = 0;
    for seen in &synced.markets {
        let unreadable = || Error::MarketNotAccepted { market: seen.address.to_string() };
        let exposure = seen.exposure.as_ref().ok_or_else(unreadable)?;
        open = open.saturating_add(exposure.open_positions);
    }
    ensure(open == 0, || Error::PositionsOpen { open })
}

/// When a request can be executed, and when it lapses.
pub fn response(synced: &Synced, request: &ExitRequest) -> ExitResponse {
    let params = &synced.terms.params;
    let ready_at = ready_at(request, params);
    ExitResponse {
        amount: request.amount,
        ready_at,
        lapses_at: ready_at.saturating_add(params.exit_window),
        interval: synced.board.intervals.first_from(ready_at),
    }
}

/// From then on it can be executed, seconds.
pub fn ready_at(request: &ExitRequest, params: &Params) -> u64 {
    request.requested_at.saturating_add(params.exit_delay)
}
