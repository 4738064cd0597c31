//! Somebody buys collateral of an auction with sdUSD.

use cosmwasm_std::{from_json, Addr, CosmosMsg, DepsMut, Response};
use cw20::Cw20ReceiveMsg;
use sdp_types::events::{AuctionEnded, Taken};
use sdp_types::liquidator::Hook;
use sdp_types::{ensure, Amount, Error, Price, Result, Rounding, Usd};

use crate::auction::Auction;
use crate::params::working_below;
use crate::sale;
use crate::state::{self, Totals, PARAMS, SDUSD};
use crate::transfer;

/// sdUSD that has come in.
struct Payment {
    token: Addr,
    payer: Addr,
    amount: Usd,
}

/// The hook of sdUSD, which is the only token that is taken.
pub fn receive(deps: DepsMut<'_>, now: u64, sender: &Addr, hook: &Cw20ReceiveMsg) -> Result<Response> {
    let token = SDUSD.load(deps.storage)?;
    ensure(*sender == token, || Error::UnknownToken { token: sender.to_string() })?;
    let payer = deps.api.addr_validate(&hook.sender)?;
    let payment = Payment { token, payer, amount: Usd::new(hook.amount.u128()) };
    match from_json(&hook.msg)? {
        Hook::Take { auction, amount, max_price, recipient } => {
            let recipient = match recipient {
                Some(recipient) => deps.api.addr_validate(&recipient)?,
                None => payment.payer.clone(),
            };
            take(deps, now, &payment, auction, amount, max_price, &recipient)
        }
    }
}

fn take(
    deps: DepsMut<'_>,
    now: u64,
    payment: &Payment,
    number: u64,
    amount: Amount,
    max_price: Price,
    recipient: &Addr,
) -> Result<Response> {
    working_below(3, &PARAMS.load(deps.storage)?)?;
    let mut auction = state::auction(deps.storage, number)?;
    let mut totals = Totals::load(deps.storage)?;

    let price = auction.price(now)?;
    ensure(price <= max_price, || Error::AboveMaxPrice { price, max_price })?;
    let sale = sale::plan(&auction, price, amount, payment.amount)?;

    auction.sell(&sale)?;
    totals.recoveries.tab = totals.recoveries.tab.minus(sale.recovered)?;
    totals.recoveries.recovered = totals.recoveries.recovered.plus(sale.recovered)?;
    totals.recoveries.penalties = totals.recoveries.penalties.plus(sale.penalty)?;
    totals.recoveries.tips = totals.recoveries.tips.plus(sale.reward)?;
    totals.running.penalties = totals.running.penalties.minus(sale.penalty)?;
    let ending = if auction.is_over() { Some(end(number, &auction, &mut totals)?) } else { None };
    let surplus = ending.as_ref().map_or(Amount::ZERO, |ending| ending.surplus);

    state::save_auction(deps.storage, number, &auction)?;
    state::take_from_lots(deps.storage, &auction.token, sale.amount.plus(surplus)?)?;
    totals.save(deps.storage)?;

    let burnt = transfer::burn(&payment.token, sale.cost.minus(sale.reward)?)?;
    let rewards = rewards(&auction, &payment.token, sale.reward)?;
    let refund = transfer::sdusd(&payment.token, &payment.payer, payment.amount.minus(sale.cost)?)?;
    let bought = transfer::collateral(&auction.token, recipient, sale.amount)?;
    let returned = transfer::collateral(&auction.token, &auction.owner, surplus)?;
    let told = Response::new()
        .add_messages(burnt)
        .add_messages(rewards)
        .add_messages(refund)
        .add_messages(bought)
        .add_messages(returned)
        .add_event(Taken {
            auction: number,
            payer: payment.payer.to_string(),
            recipient: recipient.to_string(),
            amount: sale.amount,
            price,
            paid: sale.cost,
            recovered: sale.recovered,
            penalty: sale.penalty,
        });
    Ok(match ending {
        Some(ending) => told.add_event(ending),
        None => told,
    })
}

/// What is left of the lot goes back, what is left of the tab is a shortfall, what is left of the penalty is forgotten.
fn end(number: u64, auction: &Auction, totals: &mut Totals) -> Result<AuctionEnded> {
    let shortfall = auction.tab;
    totals.recoveries.tab = totals.recoveries.tab.minus(shortfall)?;
    totals.recoveries.shortfalls = totals.recoveries.shortfalls.plus(shortfall)?;
    totals.running.penalties = totals.running.penalties.minus(auction.penalty)?;
    totals.running.auctions = totals.running.auctions.saturating_sub(1);
    Ok(AuctionEnded { auction: number, surplus: auction.lot, shortfall, reward: auction.rewarded })
}

/// Half of the reward (rounded down) to who reset the auction last, the rest to who started it.
fn rewards(auction: &Auction, token: &Addr, reward: Usd) -> Result<Vec<CosmosMsg>> {
    let (redoer, half) = match &auction.redoer {
        Some(redoer) => (redoer, reward.fraction(1, 2, Rounding::Down)?),
        None => (&auction.keeper, Usd::ZERO),
    };
    let first = transfer::sdusd(token, &auction.keeper, reward.minus(half)?)?;
    let second = transfer::sdusd(token, redoer, half)?;
    Ok(first.into_iter().chain(second).collect())
}
