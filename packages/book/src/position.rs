//! One LP's collateral and debt in a vault.
//!
//! Everything that touches debt shares is in this file and in [`charge`], so that one identity holds after every
//! message, exactly, in 10⁻²⁷ micro-USD:
//!
//! ```text
//! vault.debt · 10²⁷ + minted.carried = Σ over its positions (principal + shares · (value_per_share − index)
//!                                       + minted · (minted.index − fee_index)) + distribution.remainder
//! ```
//!
//! and `minted.total` is the sum of what its positions have minted. A sync adds the stability fee on both sides: what is less than a
//! micro-USD to `carried`. Each function adds the same on both sides, too:
//!
//! | | left | positions | remainder |
//! |---|---|---|---|
//! | [`charge`] by d | +d·10²⁷ | +Σ shares · step | +d·10²⁷ − Σ shares · step |
//! | [`accrue`], [`put_in`], [`take_out`] | | 0: what accrued becomes principal before shares move | |
//! | [`owe`] x, [`mint`] x ([`repay`] x: −x) | +x·10²⁷ | +x·10²⁷ | |
//! | [`close`] with principal r | | −r | +r, and all of it spread over those who stay |
//! | … when nobody stays | −debt·10²⁷ | | −debt·10²⁷ → 0 |
//!
//! In the last row nobody has a position, so the remainder less what is carried equals the vault's debt: a whole number of micro-USD, which
//! goes where losses and profits go that nobody owes. Nothing is parked for whoever comes next.

use cosmwasm_std::{Addr, Deps};
use sdp_types::book::{Book, VaultState};
use sdp_types::ledger::Ledger;
use sdp_types::math::Wide;
use sdp_types::shares::{debt_of, debt_up, Distribution};
use sdp_types::{ensure, Amount, Error, Ratio, Result, Rounding, Shares, SignedUsd, Usd};

use crate::state::{self, Position};

/// Splits `amount` of debt (negative: profit) over the vaults by `weights`, and in each vault over its shares. The ledger's
/// side is the caller's.
pub fn charge(vaults: &mut [VaultState], amount: SignedUsd, weights: &[Usd]) -> Result<()> {
    let parts = Distribution::split(amount, weights)?;
    let owing = vaults.iter_mut().zip(parts).filter(|(_, part)| *part != SignedUsd::ZERO);
    for (vault, part) in owing {
        vault.debt = vault.debt.plus(part)?;
        vault.distribution.distribute(part, vault.book.shares)?;
    }
    Ok(())
}

/// A position, accrued; none if there is none, or its epoch is over. `E0301`.
pub fn find(deps: Deps<'_>, book: &Book, number: u8, owner: &Addr) -> Result<Option<Position>> {
    let vault = book.vaults.get(usize::from(number));
    let vault = vault.ok_or(Error::UnknownVault { vault: number.into() })?;
    let stored = state::position(deps.storage, deps.api, number, owner)?;
    Ok(stored.map(|position| accrue(vault, position)).transpose()?.flatten())
}

/// A position, accrued. `E0301`, `E0302`.
pub fn load(deps: Deps<'_>, book: &Book, number: u8, owner: &Addr) -> Result<Position> {
    let none = || Error::NoPosition { vault: number.into(), owner: owner.to_string() };
    find(deps, book, number, owner)?.ok_or_else(none)
}

/// The position that begins now.
pub fn begin(vault: &VaultState, now: u64) -> Position {
    Position {
        shares: Shares::ZERO,
        epoch: vault.book.epoch,
        principal: Wide::ZERO,
        index: vault.distribution.value_per_share,
        minted: Usd::ZERO,
        fee_index: vault.minted.index,
        joined_at: now,
        exit: None,
    }
}

/// The position with what it has accrued in its principal; none if its epoch is over.
pub fn accrue(vault: &VaultState, position: Position) -> Result<Option<Position>> {
    if position.epoch != vault.book.epoch {
        return Ok(None);
    }
    let accrued = vault.distribution.accrued(position.shares, position.index)?;
    let fee = vault.minted.accrued(position.minted, position.fee_index)?;
    let principal = position.principal.plus(accrued)?.plus(fee)?;
    let (index, fee_index) = (vault.distribution.value_per_share, vault.minted.index);
    Ok(Some(Position { principal, index, fee_index, ..position }))
}

/// What part of a vault's collateral was worth when the vault was last valued, rounded down.
pub fn last_value(vault: &VaultState, held: Amount) -> Result<Usd> {
    if held.is_zero() {
        return Ok(Usd::ZERO);
    }
    vault.weight.fraction(held.raw(), vault.book.amount.raw(), Rounding::Down)
}

/// Adds collateral to an accrued position.
pub fn put_in(vault: &mut VaultState, position: &mut Position, amount: Amount) -> Result<Shares> {
    let shares = vault.book.add(amount)?;
    position.shares = position.shares.plus(shares)?;
    Ok(shares)
}

/// Takes shares out of an accrued position and returns their collateral.
pub fn take_out(vault: &mut VaultState, position: &mut Position, shares: Shares) -> Result<Amount> {
    position.shares = position.shares.minus(shares)?;
    vault.book.remove(shares)
}

/// The position's debt grows by `x`, and its vault's with it.
pub fn owe(vault: &mut VaultState, position: &mut Position, x: SignedUsd) -> Result<()> {
    vault.debt = vault.debt.plus(x)?;
    position.principal = position.principal.plus(debt_of(x)?)?;
    Ok(())
}

/// An accrued position owes `x` more, which is minted.
pub fn mint(vault: &mut VaultState, position: &mut Position, x: Usd) -> Result<()> {
    position.minted = position.minted.plus(x)?;
    vault.minted.total = vault.minted.total.plus(x)?;
    owe(vault, position, x.signed()?)
}

/// An accrued position owes `x` less: what it has minted is repaid first.
pub fn repay(vault: &mut VaultState, position: &mut Position, x: Usd) -> Result<()> {
    let minted = x.min(position.minted);
    position.minted = position.minted.minus(minted)?;
    vault.minted.total = vault.minted.total.minus(minted)?;
    owe(vault, position, x.signed()?.negate()?)
}

/// The end of an accrued position that has no shares any more: what is left of its principal is spread over those who
/// stay, or over nobody.
pub fn close(ledger: &mut Ledger, vault: &mut VaultState, position: &Position) -> Result<()> {
    vault.minted.total = vault.minted.total.minus(position.minted)?;
    vault.distribution.absorb(position.principal)?;
    if !vault.book.shares.is_zero() {
        return vault.distribution.distribute(SignedUsd::ZERO, vault.book.shares);
    }
    ledger.vault_emptied(vault.debt)?;
    vault.debt = SignedUsd::ZERO;
    vault.distribution.remainder = Wide::ZERO;
    vault.minted.carried = Wide::ZERO;
    vault.weight = Usd::ZERO;
    Ok(())
}

/// `E0305` where a position would owe something, but less than its vault wants of one.
pub fn owes_enough(debt: SignedUsd, minimum: Usd) -> Result<()> {
    let enough = debt <= SignedUsd::ZERO || debt >= minimum.signed()?;
    ensure(enough, || Error::BelowMinimumDebt { debt, minimum })
}

/// Settles what an accrued position `owes`, takes all its collateral out, which is returned, and closes it.
pub fn end(
    ledger: &mut Ledger,
    vault: &mut VaultState,
    position: &mut Position,
    owes: SignedUsd,
) -> Result<Amount> {
    owe(vault, position, owes.negate()?)?;
    let collateral = take_out(vault, position, position.shares)?;
    close(ledger, vault, position)?;
    Ok(collateral)
}

/// What an accrued position owes, rounded up.
pub fn debt(position: &Position) -> Result<SignedUsd> {
    debt_up(position.principal)
}

/// What an accrued position would owe at the largest `value_per_share` of the last hour or two, rounded up; at least
/// [`debt`]. `joined_at` is when the position began, so that later deposits are tested like the first.
pub fn debt_at_peak(vault: &VaultState, position: &Position) -> Result<SignedUsd> {
    let peak = vault.peak.for_position(position.joined_at).max(position.index);
    let above = peak.minus(position.index)?.times(position.shares.wide())?;
    debt_up(position.principal.plus(above)?)
}

/// What all positions of a vault would owe together at the largest `value_per_share` of the last hour or two, rounded up.
pub fn vault_debt_at_peak(vault: &VaultState) -> Result<SignedUsd> {
    let index = vault.distribution.value_per_share;
    let peak = vault.peak.current.max(vault.peak.previous).max(index);
    let above = peak.minus(index)?.times(vault.book.shares.wide())?;
    vault.debt.plus(debt_up(above)?)
}

/// Collateral value ÷ debt, rounded down; none where nothing is owed. The largest ratio there is where it is larger.
pub fn ratio(value: Usd, debt: SignedUsd) -> Option<Ratio> {
    let debt = debt.positive_part();
    (!debt.is_zero()).then(|| value.per(debt, Rounding::Down).unwrap_or(Ratio::MAX))
}

/// The vault with this number and the ledger beside it. `E0301`.
pub fn parts(book: &mut Book, vault: u8) -> Result<(&mut Ledger, &mut VaultState)> {
    let found = book.vaults.get_mut(usize::from(vault));
    Ok((&mut book.ledger, found.ok_or(Error::UnknownVault { vault: vault.into() })?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use sdp_types::shares::DEBT_ONE;

    use super::*;

    fn vault() -> VaultState {
        VaultState {
            feed: 0,
            decimals: 6,
            weight: Usd::ZERO,
            debt: SignedUsd::ZERO,
            book: Default::default(),
            distribution: Default::default(),
            peak: Default::default(),
            minted: Default::default(),
        }
    }

    /// Left and right side of the identity of a vault with these positions.
    fn sides(vault: &VaultState, positions: &[Position]) -> (Wide, Wide) {
        let mut right = vault.distribution.remainder;
        for position in positions {
            let accrued = accrue(vault, position.clone()).unwrap().unwrap();
            right = right.plus(accrued.principal).unwrap();
        }
        (debt_of(vault.debt).unwrap(), right)
    }

    fn usd(raw: i128) -> SignedUsd {
        SignedUsd::new(raw)
    }

    #[test]
    fn the_debt_of_a_vault_is_that_of_its_positions_at_every_step() {
        let mut ledger = Ledger::default();
        let mut vaults = vec![vault()];
        let weights = [Usd::new(1)];
        let mut all: Vec<Position> = Vec::new();
        for amount in [3, 7, 11] {
            let mut position = begin(&vaults[0], 0);
            put_in(&mut vaults[0], &mut position, Amount::new(amount)).unwrap();
            all.push(position);
        }
        for (step, d) in [5, -9, 1, 1_000_000_007, -3].into_iter().enumerate() {
            charge(&mut vaults, usd(d), &weights).unwrap();
            ledger.providers_owe(usd(d)).unwrap();
            let (left, right) = sides(&vaults[0], &all);
            assert_eq!(left, right, "charge {step}");

            let touched = &mut all[step % 3];
            *touched = accrue(&vaults[0], touched.clone()).unwrap().unwrap();
            put_in(&mut vaults[0], touched, Amount::new(13)).unwrap();
            owe(&mut vaults[0], touched, usd(100)).unwrap();
            ledger.lp_mints(Usd::new(100)).unwrap();
            owe(&mut vaults[0], touched, usd(-31)).unwrap();
            ledger.lp_burns(Usd::new(31)).unwrap();
            let (left, right) = sides(&vaults[0], &all);
            assert_eq!(left, right, "touch {step}");
        }
        // one after the other ends, each leaving a fraction behind; the fractions add up to whole micro-USD
        while let Some(position) = all.pop() {
            let mut position = accrue(&vaults[0], position).unwrap().unwrap();
            let tab = debt(&position).unwrap();
            owe(&mut vaults[0], &mut position, tab.negate().unwrap()).unwrap();
            ledger.vault_debt = ledger.vault_debt.minus(tab).unwrap();
            assert!(
                position.principal <= Wide::ZERO
                    && position.principal > Wide::from(DEBT_ONE).negate().unwrap()
            );
            let shares = position.shares;
            take_out(&mut vaults[0], &mut position, shares).unwrap();
            close(&mut ledger, &mut vaults[0], &position).unwrap();
            let (left, right) = sides(&vaults[0], &all);
            assert_eq!(left, right, "{} left", all.len());
            assert_eq!(vaults[0].debt, ledger.vault_debt);
        }
        assert_eq!((vaults[0].debt, vaults[0].distribution.remainder), (usd(0), Wide::ZERO));
        // everybody paid rounded up: insurance has the difference
        assert!(ledger.insurance <= Usd::new(2) && ledger.bad_debt.is_zero());
    }

    #[test]
    fn a_position_of_an_epoch_that_is_over_is_none() {
        let mut vault = self::vault();
        let mut position = begin(&vault, 0);
        put_in(&mut vault, &mut position, Amount::new(9)).unwrap();
        assert!(vault.book.lose(Amount::new(9)).unwrap());
        assert_eq!(accrue(&vault, position).unwrap(), None);
    }

    #[test]
    fn a_ratio_beyond_all_numbers_is_the_largest_there_is() {
        assert_eq!(ratio(Usd::MAX, usd(1)), Some(Ratio::MAX));
        assert_eq!(ratio(Usd::new(5), usd(2)), Some(Ratio::percent(250)));
        assert_eq!(ratio(Usd::new(5), usd(0)), None);
    }
}
