//! What is above the book becomes insurance.

use cosmwasm_std::{DepsMut, Env, Response};

use sdp_types::events::SurplusSwept;
use sdp_types::pool::Token;
use sdp_types::{ensure, Amount, Error, Result, Usd};

use crate::desk::Desk;

/// `Sweep`, by anyone.
pub fn sweep(deps: DepsMut<'_>, env: &Env, token: &Token) -> Result<Response> {
    let mut desk = Desk::load(deps.as_ref(), env)?;
    let balance = token.balance(&deps.querier, &env.contract.address)?.raw();
    let is_sdusd = *token == Token::Cw20(desk.sdusd.to_string());
    let (amount, value) = if is_sdusd {
        let surplus = above(balance, desk.books.held.sdusd.raw())?;
        desk.books.sdusd_found(Usd::new(surplus))?;
        (Amount::new(surplus), Usd::new(surplus))
    } else {
        let number = desk.number(token)?;
        let (config, stock) = desk.token(number)?;
        let surplus = Amount::new(above(balance, stock.amount.raw())?);
        (surplus, desk.books.token_found(number, &config, surplus)?)
    };

    desk.save(deps.storage)?;
    Ok(Response::new().add_event(SurplusSwept { token: token.to_string(), amount, value }))
}

fn above(balance: u128, booked: u128) -> Result<u128> {
    let surplus = balance.saturating_sub(booked);
    ensure(surplus > 0, || Error::NothingToDo { what: "sweep".into() })?;
    Ok(surplus)
}
