//! Somebody buys collateral of an auction with sdUSD.

use cosmwasm_std::{Addr, CosmosMsg, DepsMut, Response, Storage};
use sdp_types::error::LiquidatorError;
use sdp_types::events::{AuctionEnded, Taken};
use sdp_types::{ensure, Amount, Price, Result, Rounding, Usd};

use crate::auction::Auction;
use crate::params::working_below;
use crate::receive::Payment;
use crate::sale::{self, Ending, Sale};
use crate::state::{self, Totals, PARAMS};
use crate::transfer;

pub fn take(
    deps: DepsMut<'_>,
    now: u64,
    payment: &Payment,
    number: u64,
    amount: Amount,
    max_price: Price,
    recipient: &Addr,
) -> Result<Response> {
    let (mut auction, sale) = plan(deps.storage, now, number, amount, max_price, payment.amount)?;

    let ending = book(deps.storage, number, &mut auction, &sale)?;
    let surplus = ending.unwrap_or_default().surplus;
    state::take_from_lots(deps.storage, &auction.token, sale.amount.plus(surplus)?)?;

    let Payment { token, payer, .. } = payment;
    let refund = transfer::sdusd(token, payer, payment.amount.minus(sale.cost)?)?;
    let told = Response::new().add_messages(proceeds(&auction, token, &sale)?).add_messages(refund);
    let told = told.add_messages(transfer::collateral(&auction.token, recipient, sale.amount)?);
    tell(told, number, &auction, &sale, ending, (payer, recipient))
}

/// A take that can be done: read-only.
pub fn plan(
    storage: &dyn Storage,
    now: u64,
    number: u64,
    amount: Amount,
    max_price: Price,
    payment: Usd,
) -> Result<(Auction, Sale)> {
    working_below(3, &PARAMS.load(storage)?)?;
    let auction = state::auction(storage, number)?;
    let price = auction.asking.price(now)?;
    ensure(price <= max_price, || LiquidatorError::AboveMaxPrice { price, max_price }.into())?;
    let sale = sale::plan(&auction, price, amount, payment)?;
    Ok((auction, sale))
}

/// Books a sale, and stores the auction or forgets it where that was its end.
pub fn book(
    storage: &mut dyn Storage,
    number: u64,
    auction: &mut Auction,
    sale: &Sale,
) -> Result<Option<Ending>> {
    let mut totals = Totals::load(storage)?;
    let ending = totals.sell(auction, sale)?;
    if ending.is_some() {
        totals.running.auctions = totals.running.auctions.saturating_sub(1);
    }
    state::save_auction(storage, number, auction)?;
    totals.save(storage)?;
    Ok(ending)
}

/// What was paid is burnt, except for what keepers get of it: half of the reward (rounded down) who reset the auction last,
/// the rest who started it.
pub fn proceeds(auction: &Auction, token: &Addr, sale: &Sale) -> Result<Vec<CosmosMsg>> {
    let (redoer, half) = match &auction.redoer {
        Some(redoer) => (redoer, sale.reward.fraction(1, 2, Rounding::Down)?),
        None => (&auction.keeper, Usd::ZERO),
    };
    let burnt = transfer::burn(token, sale.cost.minus(sale.reward)?)?;
    let first = transfer::sdusd(token, &auction.keeper, sale.reward.minus(half)?)?;
    let second = transfer::sdusd(token, redoer, half)?;
    Ok(burnt.into_iter().chain(first).chain(second).collect())
}

/// Sends what is left at the end, and tells who paid for whom.
pub fn tell(
    response: Response,
    auction: u64,
    sold: &Auction,
    sale: &Sale,
    ending: Option<Ending>,
    (payer, recipient): (&Addr, &Addr),
) -> Result<Response> {
    let told = response.add_event(Taken {
        auction,
        payer: payer.to_string(),
        recipient: recipient.to_string(),
        amount: sale.amount,
        price: sale.price,
        paid: sale.cost,
        recovered: sale.recovered,
        penalty: sale.penalty,
    });
    let Some(Ending { surplus, shortfall }) = ending else { return Ok(told) };
    let returned = transfer::collateral(&sold.token, &sold.owner, surplus)?;
    let reward = sold.rewarded;
    Ok(told.add_messages(returned).add_event(AuctionEnded { auction, surplus, shortfall, reward }))
}
