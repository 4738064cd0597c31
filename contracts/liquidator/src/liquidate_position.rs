//! Somebody has an LP position seized: when the pool has answered, the backstop takes what it can, and an auction begins for
//! the rest.

use cosmwasm_std::{
    from_json, to_json_binary, wasm_execute, Addr, Deps, DepsMut, Reply, Response, SubMsg, SubMsgResult,
};
use cw_utils::parse_execute_response_data;
use sdp_risk::auction::Asking;
use sdp_risk::reward::reward;
use sdp_types::events::{Absorbed, AuctionStarted};
use sdp_types::liquidator::Limits;
use sdp_types::pool::{LiquidatorMsg, Seizure};
use sdp_types::{ensure, Error, Result, Usd};
use serde::{Deserialize, Serialize};

use crate::absorb::{absorb, payable, weight, Room};
use crate::auction::Auction;
use crate::backstop::Backstop;
use crate::params::working_below;
use crate::sale::{Ending, Sale};
use crate::state::{self, Totals, PARAMS, POOL, SDUSD};
use crate::{take, transfer};

/// Id of the reply to a seizure.
pub const SEIZED: u64 = 1;

/// What the reply has to know of the message that led to it.
#[derive(Serialize, Deserialize)]
struct Seizing {
    vault: u8,
    owner: Addr,
    keeper: Addr,
    /// Of the vault.
    limits: Limits,
    /// Value of the pool's collateral before, where the backstop has anything.
    weight: Usd,
}

/// Nothing is written before the pool answers: it reads the recoveries in its own call.
pub fn seize(deps: Deps<'_>, now: u64, keeper: Addr, vault: u8, owner: String) -> Result<Response> {
    let owner = deps.api.addr_validate(&owner)?;

    let params = PARAMS.load(deps.storage)?;
    working_below(1, &params)?;
    let dust = state::auction_params(deps.storage, vault)?.dust;
    let (limits, backstop) = (state::limits(deps.storage, vault)?, state::backstop(deps.storage)?);
    let weight = weight(deps, &backstop)?;
    let payable = payable(&backstop, vault, &limits, weight, now)?;
    let found = Room::of(&mut Totals::load(deps.storage)?, vault, params.hole, &limits, payable)?;
    let (outstanding, room) = (found.outstanding, found.to_seize(dust)?);
    ensure(!room.is_zero(), || Error::HoleFull { outstanding, room, needed: dust })?;

    let seize = LiquidatorMsg::Seize { vault, owner: owner.to_string(), room, dust };
    let seize = wasm_execute(POOL.load(deps.storage)?, &seize, vec![])?;
    let payload = to_json_binary(&Seizing { vault, owner, keeper, limits, weight })?;
    Ok(Response::new().add_submessage(SubMsg::reply_on_success(seize, SEIZED).with_payload(payload)))
}

/// The pool has sent the collateral: it is the backstop's or for sale from now on.
pub fn start(deps: DepsMut<'_>, now: u64, reply: Reply) -> Result<Response> {
    let Seizing { vault, owner, keeper, limits, weight } = from_json(&reply.payload)?;
    let seizure = seizure(reply.result)?;

    let params = state::auction_params(deps.storage, vault)?;
    let hole = PARAMS.load(deps.storage)?.hole;
    let mut totals = Totals::load(deps.storage)?;
    // a read less where it has nothing to pay with
    let backstop = if weight.is_zero() { Backstop::default() } else { state::backstop(deps.storage)? };
    let payable = payable(&backstop, vault, &limits, weight, now)?;
    let found = Room::of(&mut totals, vault, hole, &limits, payable)?;

    let (tab, penalty, lot) = (seizure.tab, seizure.penalty, seizure.lot);
    let (outstanding, needed, room) = (found.outstanding, tab.plus(penalty)?, found.to_seize(params.dust)?);
    ensure(!lot.is_zero(), || Error::Zero { what: "lot".into() })?;
    ensure(!tab.is_zero(), || Error::Zero { what: "tab".into() })?;
    ensure(needed <= room, || Error::HoleFull { outstanding, room, needed })?;

    let mut auction = Auction {
        vault,
        owner,
        token: seizure.token,
        feed: seizure.feed,
        decimals: seizure.decimals,
        lot,
        tab,
        penalty,
        reward: reward(params.tip, params.chip, tab, penalty)?,
        rewarded: Usd::ZERO,
        keeper,
        redoer: None,
        asking: Asking::start(params, seizure.price, now)?,
    };
    totals.begin(&auction)?;
    let price = (seizure.price, limits.discount);
    let absorbed = absorb(deps.storage, backstop, &mut totals, now, &mut auction, price, payable)?;
    let told = match &absorbed {
        Some((sale, ending)) => tell(&SDUSD.load(deps.storage)?, &auction, sale, ending.as_ref())?,
        None => Response::new(),
    };
    if auction.is_over() {
        totals.save(deps.storage)?;
        return Ok(told);
    }
    totals.running.auctions += 1;
    totals.running.last += 1;
    let number = totals.running.last;

    state::save_auction(deps.storage, number, &auction)?;
    state::add_to_lots(deps.storage, &auction.token, auction.lot)?;
    totals.save(deps.storage)?;

    Ok(told.add_event(AuctionStarted {
        auction: number,
        vault,
        owner: auction.owner.into(),
        lot: auction.lot,
        tab: auction.tab,
        penalty: auction.penalty,
        price: auction.asking.start_price,
        keeper: auction.keeper.into(),
    }))
}

/// What the backstop's purchase sends and tells.
fn tell(sdusd: &Addr, auction: &Auction, sale: &Sale, ending: Option<&Ending>) -> Result<Response> {
    let Ending { surplus, shortfall } = ending.copied().unwrap_or_default();
    let returned = transfer::collateral(&auction.token, &auction.owner, surplus)?;
    let reward = if ending.is_some() { auction.rewarded } else { Usd::ZERO };
    Ok(Response::new().add_messages(take::proceeds(auction, sdusd, sale)?).add_messages(returned).add_event(
        Absorbed {
            vault: auction.vault,
            owner: auction.owner.to_string(),
            amount: sale.amount,
            price: sale.price,
            paid: sale.cost,
            recovered: sale.recovered,
            penalty: sale.penalty,
            surplus,
            shortfall,
            reward,
        },
    ))
}

fn seizure(result: SubMsgResult) -> Result<Seizure> {
    let response = result.into_result().map_err(|message| Error::ForeignFailure { message })?;
    // chains before CosmWasm 2 answer with `data` alone
    #[allow(deprecated)]
    let older = response.data;
    let answer = response.msg_responses.into_iter().next().map(|answer| answer.value).or(older);
    let data =
        answer.and_then(|bytes| parse_execute_response_data(&bytes).ok()).and_then(|answer| answer.data);
    let data = data.ok_or_else(|| Error::ForeignFailure { message: "a seizure without data".into() })?;
    Ok(from_json(data)?)
}
