//! Tokens become margin of an account.

use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response};
use sdp_types::board::{Board, Use};
use sdp_types::contract::{coins, in_range};
use sdp_types::custody::Haircuts;
use sdp_types::error::CustodyError;
use sdp_types::events::TokensDeposited;
use sdp_types::market::AccountId;
use sdp_types::pool::Token;
use sdp_types::units::MAX_AMOUNT;
use sdp_types::{ensure, Amount, Error, Result, Rounding, Usd};

use crate::account::key_of;
use crate::state::{self, HOME, PARAMS};

/// What has come in.
pub struct Came {
    /// Number of the token.
    pub token: u8,
    /// Base units.
    pub amount: Amount,
    /// Who sent it.
    pub payer: Addr,
}

/// `Deposit`: coins of one listed denom. `E0109`, `E0110`.
pub fn of_coins(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    beneficiary: Option<String>,
    account: u16,
) -> Result<Response> {
    let [coin] = info.funds.as_slice() else {
        return Err(Error::UnexpectedFunds { funds: coins(&info.funds) });
    };
    let token = number(&deps, &Token::Native(coin.denom.clone()))?;
    let came = Came { token, amount: Amount::new(coin.amount.u128()), payer: info.sender.clone() };
    deposit(deps, env, came, beneficiary, account)
}

/// The number of a listed token: `E0110`.
pub fn number(deps: &DepsMut<'_>, token: &Token) -> Result<u8> {
    let found = state::stocks(deps.storage)?.iter().position(|stock| stock.token == *token);
    let number = found.and_then(|place| u8::try_from(place).ok());
    number.ok_or_else(|| Error::UnknownToken { token: token.to_string() })
}

/// A listed token has come in, in whatever way.
pub fn deposit(
    deps: DepsMut<'_>,
    env: &Env,
    Came { token, amount, payer }: Came,
    beneficiary: Option<String>,
    account: u16,
) -> Result<Response> {
    // load
    let id = AccountId { owner: beneficiary.unwrap_or_else(|| payer.to_string()), account };
    let key = key_of(deps.api, &id)?;
    let home = HOME.load(deps.storage)?;
    let stock = state::stock(deps.storage, token)?;
    let Haircuts { tokens, .. } = state::haircuts(deps.storage)?;
    let before = state::backing(deps.storage, &key)?;

    // what must hold
    ensure(!amount.is_zero(), || Error::Zero { what: "amount".into() })?;
    in_range("amount", amount, Amount::new(1), MAX_AMOUNT)?;
    let Some(terms) = tokens.get(usize::from(token)) else {
        return Err(Error::NotFound { what: "token".into(), key: token.to_string() });
    };
    ensure(!terms.closing, || CustodyError::TokenCloses { token: token.into() }.into())?;
    let board = Board::of(&deps.querier, &home.oracle)?;
    let quote = board.certain(terms.feed, Use::Trade, env.block.time.seconds(), terms.confidence)?;
    let value = quote.price.low(quote.confidence)?.value_of(amount, terms.decimals, Rounding::Down)?;
    let minimum = PARAMS.load(deps.storage)?.minimum_deposit;
    ensure(value >= minimum, || CustodyError::BelowMinimumTokens { value, minimum }.into())?;
    let all = quote.price.value_of(stock.held.plus(amount)?, terms.decimals, Rounding::Up)?;
    ensure(all <= stock.cap, || CustodyError::AboveTokenCap { value: all, cap: stock.cap }.into())?;

    // save, tell
    let after = before.with(token, before.of(token).plus(amount)?);
    state::move_tokens(deps.storage, &key, token, (before.of(token), &after))?;
    let told = TokensDeposited { owner: id.owner.clone(), account, token, amount, payer: payer.into() };
    let told = Response::new().add_event(told);
    if before.is_empty() {
        return Ok(told.add_message(home.set_backed(&id, true, Usd::ZERO)?));
    }
    Ok(told)
}
