//! Collateral comes in, as coins or by a CW20's receive hook.

use cosmwasm_std::{Addr, Coin, DepsMut, Env, MessageInfo, Response};
use sdp_types::book::VaultState;
use sdp_types::events::Deposited;
use sdp_types::pool::{Token, VaultConfig};
use sdp_types::units::MAX_AMOUNT;
use sdp_types::{ensure, Amount, Error, Result, Rounding};

use sdp_book::position::{begin, find, last_value, parts, put_in};
use sdp_book::state::{self, Position};
use sdp_book::sync::Synced;

/// [`sdp_types::pool::ExecuteMsg::Deposit`].
pub fn deposit(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    beneficiary: Option<String>,
) -> Result<Response> {
    let Coin { denom, amount } = one_coin(&info.funds)?;
    let amount = Amount::new(amount.u128());
    receive(deps, env, &info.sender, beneficiary, &Token::Native(denom), amount)
}

/// Collateral that has arrived becomes shares of the beneficiary's position.
pub fn receive(
    deps: DepsMut<'_>,
    env: &Env,
    payer: &Addr,
    beneficiary: Option<String>,
    token: &Token,
    amount: Amount,
) -> Result<Response> {
    // what must hold before anything is read
    let owner = beneficiary.map_or(Ok(payer.clone()), |owner| deps.api.addr_validate(&owner))?;
    let number = state::vault_of(deps.storage, token)?;
    ensure(!amount.is_zero(), || Error::Zero { what: "deposit".into() })?;
    ensure(amount <= MAX_AMOUNT, || Error::out_of_range("deposit", amount, 1, MAX_AMOUNT))?;

    // load
    let mut synced = Synced::load(deps.as_ref(), env)?;
    ensure(synced.terms.open, || Error::NotOpen {})?;
    synced.runs()?;
    let config = state::vault(deps.storage, number)?;
    let stored = find(deps.as_ref(), &synced.book, number, &owner)?;
    let now = synced.now;
    let (_, vault) = parts(&mut synced.book, number)?;
    let held_before = stored.as_ref().map_or(Ok(Amount::ZERO), |position| worth(vault, position))?;
    let mut position = stored.unwrap_or_else(|| begin(vault, now));

    // compute
    let total = vault.book.amount.plus(amount)?;
    ensure(total <= config.deposit_cap, || Error::AboveDepositCap { total, cap: config.deposit_cap })?;
    let before = vault.clone();
    let shares = put_in(vault, &mut position, amount)?;
    let held = worth(vault, &position)?;
    reaches_minimum(&synced, &config, number, held, (&before, held_before))?;
    synced.refresh_weight(number);

    // save, tell
    state::save_position(deps.storage, deps.api, number, &owner, &position)?;
    let told = Deposited { vault: number, owner: owner.into(), amount, shares };
    Ok(synced.save(deps.storage)?.add_event(told))
}

fn worth(vault: &VaultState, position: &Position) -> Result<Amount> {
    vault.book.amount_of(position.shares, position.epoch)
}

/// `E0303` below the minimum at the present price. Without a good price (its error) only a position may grow that held the
/// minimum already when its vault was last valued.
fn reaches_minimum(
    synced: &Synced,
    config: &VaultConfig,
    number: u8,
    held: Amount,
    (before, held_before): (&VaultState, Amount),
) -> Result<()> {
    let minimum = config.minimum_deposit;
    match synced.quote(number) {
        Ok(quote) => {
            let value = quote.price.value_of(held, config.decimals, Rounding::Down)?;
            ensure(value >= minimum, || Error::BelowMinimumDeposit { value, minimum })
        }
        Err(_) if last_value(before, held_before)? >= minimum => Ok(()),
        Err(error) => Err(error),
    }
}

/// `E0005` for nothing, `E0109` for coins of several denoms.
pub fn one_coin(funds: &[Coin]) -> Result<Coin> {
    match funds {
        [] => Err(Error::Zero { what: "deposit".into() }),
        [coin] => Ok(coin.clone()),
        several => Err(Error::UnexpectedFunds { funds: sdp_types::contract::coins(several) }),
    }
}
