//! A token comes in, and sdUSD is paid for it.

use cosmwasm_std::{Addr, CosmosMsg, Deps, DepsMut, Env, MessageInfo, Response};

use sdp_trading::payout;
use sdp_types::contract::coins;
use sdp_types::error::ReserveError;
use sdp_types::events::{Revalued, SwappedIn};
use sdp_types::market;
use sdp_types::pool::{self, Token};
use sdp_types::reserve::{Then, PAR};
use sdp_types::units::{MAX_AMOUNT, MAX_USD};
use sdp_types::{ensure, Amount, Error, Result, Rounding, Usd};

use crate::books::Paid;
use crate::desk::Desk;
use crate::messages;

/// What has come in.
pub struct Came {
    /// Number of the token.
    pub token: u8,
    /// Base units.
    pub amount: Amount,
    /// Who sent it.
    pub payer: Addr,
}

/// What a swap in comes to; the desk has it in its books.
pub struct Plan {
    /// sdUSD before the pool's haircut.
    pub paid: Usd,
    /// Where it comes from, and what insurance gets.
    pub split: Paid,
    /// That the token was valued again before.
    pub revalued: Option<Revalued>,
}

/// `SwapIn`.
pub fn of_coins(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    least: Option<Amount>,
    then: Option<Then>,
) -> Result<Response> {
    let desk = Desk::load(deps.as_ref(), env)?;
    let [coin] = info.funds.as_slice() else {
        return Err(Error::UnexpectedFunds { funds: coins(&info.funds) });
    };
    let token = desk.number(&Token::Native(coin.denom.clone()))?;
    let came = Came { token, amount: Amount::new(coin.amount.u128()), payer: info.sender.clone() };
    swap_in(deps, env, desk, came, least, then)
}

/// A token has come in, in whatever way.
pub fn swap_in(
    deps: DepsMut<'_>,
    env: &Env,
    mut desk: Desk,
    came: Came,
    least: Option<Amount>,
    then: Option<Then>,
) -> Result<Response> {
    let Came { token, amount, payer } = came;
    let Plan { paid, split, revalued } = plan(deps.as_ref(), &mut desk, token, amount)?;
    let (pays, least) = (Amount::new(paid.raw()), least.unwrap_or_default());
    ensure(pays >= least, || ReserveError::SwapPaysLess { paid: pays, least }.into())?;
    let payments = payments(deps.as_ref(), env, &desk, (&payer, paid), &split, then)?;

    desk.save(deps.storage)?;
    let Paid { drawn, fee, .. } = split;
    let told = SwappedIn { token, payer: payer.into(), amount, paid, fee, drawn };
    let mut response = Response::new();
    if let Some(revalued) = revalued {
        response = response.add_event(revalued);
    }
    Ok(response.add_event(told).add_messages(payments))
}

/// What must hold, and what it comes to.
#[inline(never)]
pub fn plan(deps: Deps<'_>, desk: &mut Desk, number: u8, amount: Amount) -> Result<Plan> {
    ensure(!amount.is_zero(), || Error::Zero { what: "amount".into() })?;
    ensure(amount <= MAX_AMOUNT, || Error::out_of_range("amount", amount, 1, MAX_AMOUNT))?;
    let (config, _) = desk.token(number)?;
    let board = desk.board(deps)?;
    let revalued = desk.lets_in(number, &config, &board)?;

    let came = PAR.value_of(amount, config.decimals, Rounding::Down)?;
    ensure(came <= MAX_USD, || Error::out_of_range("amount", came, 1, MAX_USD))?;
    let paid = came.minus(came.scale(config.fee_in, Rounding::Up)?)?;
    ensure(!paid.is_zero(), || Error::Zero { what: "paid".into() })?;
    let split = desk.books.comes_in(number, &config, amount, paid)?;

    let (value, ceiling) = (desk.token(number)?.1.value(&config)?, config.ceiling);
    ensure(value <= ceiling, || ReserveError::AboveReserveCeiling { value, ceiling }.into())?;
    let (value, ceiling) = (desk.value()?, desk.most_value(desk.supply(deps)?.plus(split.drawn)?)?);
    ensure(value <= ceiling, || ReserveError::AboveReserveCeiling { value, ceiling }.into())?;
    Ok(Plan { paid, split, revalued })
}

/// Out of what is held, and the rest from the pool: to whom it is due, or here first and then on.
#[inline(never)]
fn payments(
    deps: Deps<'_>,
    env: &Env,
    desk: &Desk,
    (payer, paid): (&Addr, Usd),
    split: &Paid,
    then: Option<Then>,
) -> Result<Vec<CosmosMsg>> {
    let named = |name: Option<String>| match name {
        Some(name) => Ok(deps.api.addr_validate(&name)?),
        None => Ok::<_, Error>(payer.clone()),
    };
    let home = (&desk.terms.pool, &desk.terms.sdusd);
    let pay = |held, accepted_haircut, recipient: &Addr| {
        payout::messages(deps.api, home, held, (split.drawn, accepted_haircut), recipient.as_str())
    };
    let then = then.unwrap_or(Then::Pay { recipient: None, accepted_haircut: None });
    let onward = match then {
        Then::Pay { recipient, accepted_haircut } => {
            let recipient = named(recipient)?;
            return pay(split.held, accepted_haircut, &recipient);
        }
        Then::Margin { market, beneficiary, account } => {
            let market = deps.api.addr_validate(&market)?;
            let listed = market != env.contract.address && desk.listing.market(deps.api, &market)?.is_some();
            ensure(listed, || Error::UnknownMarket { market: market.to_string() })?;
            let beneficiary = Some(named(beneficiary)?.into());
            messages::send(&desk.sdusd, &market, paid, &market::Hook::Deposit { beneficiary, account })?
        }
        Then::Burn { vault, owner } => {
            let owner = Some(named(owner)?.into());
            messages::send(&desk.sdusd, &desk.pool, paid, &pool::Hook::Burn { vault, owner })?
        }
    };
    // without a haircut exactly what was drawn comes here, so exactly what was paid can go on
    let mut messages = pay(Usd::ZERO, None, &env.contract.address)?;
    messages.push(onward);
    Ok(messages)
}
