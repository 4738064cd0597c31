//! Somebody buys collateral of an auction and pays out of what a contract of his choice makes of it.
//!
//! While that contract runs, the auction is out of everybody's reach and its debt still counts as outstanding: nothing is
//! recovered before it is paid and burnt. So whoever looks at the books from inside sees them as they were before.

use cosmwasm_std::{wasm_execute, Addr, Binary, DepsMut, Response, SubMsg};
use sdp_types::error::LiquidatorError;
use sdp_types::liquidator::CalleeMsg;
use sdp_types::record::Record;
use sdp_types::{ensure, Amount, Error, Price, Result, Usd};
use serde::{Deserialize, Serialize};

use crate::auction::Auction;
use crate::receive::Payment;
use crate::sale::Sale;
use crate::state::{self, SDUSD};
use crate::{take, transfer};

/// Id of the reply to a callee.
pub const CALLED: u64 = 2;

/// What is under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlashTake {
    /// Of the auction.
    number: u64,
    /// As it was before.
    auction: Auction,
    /// What is bought of it.
    sale: Sale,
    /// Who asked for it.
    taker: Addr,
    /// Who has the collateral.
    callee: Addr,
    /// What was paid so far, at most the cost.
    paid: Usd,
}

impl Record for FlashTake {
    const NAME: &'static str = "flash take";
    const VERSION: u8 = 1;
}

/// What is asked for.
pub struct Order {
    /// Number of the auction.
    pub auction: u64,
    /// Most collateral to buy.
    pub amount: Amount,
    /// Highest price to pay.
    pub max_price: Price,
    /// Who gets the collateral and is called.
    pub callee: String,
    /// For the callee.
    pub msg: Binary,
}

/// Takes the auction out of reach, sends the collateral and calls.
pub fn start(deps: DepsMut<'_>, now: u64, taker: Addr, order: Order) -> Result<Response> {
    let callee = deps.api.addr_validate(&order.callee)?;
    if let Some(FlashTake { number, .. }) = state::flash_take(deps.storage)? {
        return Err(LiquidatorError::FlashTakeUnderWay { auction: number }.into());
    }
    let Order { auction: number, amount, max_price, msg, .. } = order;
    let (auction, sale) = take::plan(deps.storage, now, number, amount, max_price, Usd::MAX)?;

    let token = auction.token.clone();
    let call = CalleeMsg::OnTake {
        auction: number,
        taker: taker.to_string(),
        token: token.clone(),
        amount: sale.amount,
        cost: sale.cost,
        msg,
    };
    let call = wasm_execute(&callee, &call, vec![])?;
    let sent = transfer::collateral(&token, &callee, sale.amount)?;

    state::remove_auction(deps.storage, number);
    state::take_from_lots(deps.storage, &token, sale.amount)?;
    let under_way = FlashTake { number, auction, sale, taker, callee, paid: Usd::ZERO };
    state::save_flash_take(deps.storage, Some(&under_way))?;
    Ok(Response::new().add_messages(sent).add_submessage(SubMsg::reply_on_success(call, CALLED)))
}

/// [`sdp_types::liquidator::Hook::Pay`].
pub fn pay(deps: DepsMut<'_>, payment: &Payment, auction: u64) -> Result<Response> {
    let found = state::flash_take(deps.storage)?.filter(|under_way| under_way.number == auction);
    let mut under_way = found.ok_or(LiquidatorError::NoFlashTake { auction })?;
    let paid = payment.amount.min(under_way.sale.cost.minus(under_way.paid)?);

    under_way.paid = under_way.paid.plus(paid)?;
    state::save_flash_take(deps.storage, Some(&under_way))?;

    let refund = transfer::sdusd(&payment.token, &payment.payer, payment.amount.minus(paid)?)?;
    Ok(Response::new().add_messages(refund))
}

/// The callee has returned: `E0525` where it has not paid.
pub fn finish(deps: DepsMut<'_>) -> Result<Response> {
    let none = || Error::NotFound { what: "flash take".into(), key: CALLED.to_string() };
    let FlashTake { number, mut auction, sale, taker, callee, paid } =
        state::flash_take(deps.storage)?.ok_or_else(none)?;
    let cost = sale.cost;
    ensure(paid == cost, || LiquidatorError::FlashTakeUnpaid { paid, cost }.into())?;

    state::save_flash_take(deps.storage, None)?;
    let ending = take::book(deps.storage, number, &mut auction, &sale)?;
    if let Some(ending) = &ending {
        state::take_from_lots(deps.storage, &auction.token, ending.surplus)?;
    }
    let sdusd = SDUSD.load(deps.storage)?;
    let told = Response::new().add_messages(take::proceeds(&auction, &sdusd, &sale)?);
    take::tell(told, number, &auction, &sale, ending, (&taker, &callee))
}
