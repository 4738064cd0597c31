//! Somebody buys tokens of a sale with sdUSD.

use cosmwasm_std::{Addr, DepsMut, Env, Response};
use sdp_book::remote::Remote;
use sdp_perps::books::Books;
use sdp_perps::state as market_state;
use sdp_types::error::{CustodyError, LiquidatorError};
use sdp_types::events::{TokenSaleEnded, TokensTaken};
use sdp_types::market::AccountId;
use sdp_types::{ensure, Amount, Error, Price, Result, Usd};

use crate::account::key_of;
use crate::sale::Taken;
use crate::sell::running;
use crate::state::{self, Home};

/// What somebody wants to buy, and has paid.
pub struct Bid {
    /// Whose account.
    pub id: AccountId,
    /// At most so much of the token.
    pub amount: Amount,
    /// Highest price.
    pub max_price: Price,
    /// sdUSD that came.
    pub paid: Usd,
    /// Of whom.
    pub payer: Addr,
    /// Who gets the tokens.
    pub recipient: Addr,
}

/// `Take`.
pub fn take(deps: DepsMut<'_>, env: &Env, home: &Home, bid: &Bid) -> Result<Response> {
    // load
    let Bid { id, amount, max_price, paid, payer, recipient } = bid;
    let key = key_of(deps.api, id)?;
    let mut sale = running(deps.as_ref(), id, &key)?;
    let token = sale.token;
    let stock = state::stock(deps.storage, token)?;
    let terms = state::terms_of(&state::haircuts(deps.storage)?, token)?;
    let before = state::backing(deps.storage, &key)?;
    let lot = before.of(token);
    let there = Remote::new(&deps.as_ref(), &home.market);
    let account = Books::load(&there, &market_state::terms(&there)?)?.account(&there, &key)?.clone();

    // what must hold
    let price = sale.asking.price(env.block.time.seconds())?;
    ensure(price <= *max_price, || LiquidatorError::AboveMaxPrice { price, max_price: *max_price }.into())?;
    let (positions, locked) = (account.positions.len() as u64, account.locked);
    ensure(positions == 0, || CustodyError::LiquidateFirst { positions, locked }.into())?;
    let owed = account.margin.negative_part();
    ensure(!owed.is_zero(), || Error::NothingToDo { what: "take".into() })?;

    // compute
    let Taken { amount, cost, recovered, penalty, reward } =
        sale.take((lot, terms.decimals), owed, price, (*amount, *paid))?;
    let charge = penalty.minus(reward)?;
    let after = before.with(token, lot.minus(amount)?);
    let left = owed.minus(recovered)?;
    let over = left.is_zero() || after.of(token).is_zero();
    let shares = sale.shares(reward)?.map(|(keeper, share)| (keeper.clone(), share));

    // save
    state::move_tokens(deps.storage, &key, token, (lot, &after))?;
    sale.reward = sale.reward.minus(reward)?;
    state::save_sale(deps.storage, &key, Some(&sale).filter(|_| !over))?;

    // tell: the market has the margin before it hears that there are no tokens any more
    let mut told = Response::new().add_messages(home.pay_in(id, recovered.plus(charge)?)?);
    if after.is_empty() || !charge.is_zero() {
        told = told.add_message(home.set_backed(id, !after.is_empty(), charge)?);
    }
    for (keeper, share) in &shares {
        told = told.add_messages(home.pay(keeper, *share)?);
    }
    let told = told
        .add_message(stock.token.send(recipient, amount)?)
        .add_messages(home.pay(payer, paid.minus(cost)?)?);
    let AccountId { owner, account } = id.clone();
    let told = told.add_event(TokensTaken {
        owner: owner.clone(),
        account,
        token,
        payer: payer.to_string(),
        recipient: recipient.to_string(),
        amount,
        price,
        paid: cost,
        recovered,
        penalty,
        reward,
    });
    Ok(if over { told.add_event(TokenSaleEnded { owner, account, token, owed: left }) } else { told })
}
