//! Somebody has an LP position seized, and its auction begins when the pool has answered.

use cosmwasm_std::{
    from_json, to_json_binary, wasm_execute, Addr, Deps, DepsMut, Reply, Response, SubMsg, SubMsgResult,
};
use cw_utils::parse_execute_response_data;
use sdp_types::events::AuctionStarted;
use sdp_types::pool::{ExecuteMsg, Seizure};
use sdp_types::{ensure, Error, Price, Result, Usd};
use serde::{Deserialize, Serialize};

use crate::auction::{reward, Auction};
use crate::params::working_below;
use crate::state::{self, Totals, PARAMS, POOL};

/// Id of the reply to a seizure.
pub const SEIZED: u64 = 1;

/// What the reply has to know of the message that led to it.
#[derive(Serialize, Deserialize)]
struct Seizing {
    vault: u8,
    owner: Addr,
    keeper: Addr,
}

/// Nothing is written before the pool answers: it reads the recoveries in its own call.
pub fn seize(deps: Deps<'_>, keeper: Addr, vault: u8, owner: String) -> Result<Response> {
    let owner = deps.api.addr_validate(&owner)?;

    let params = PARAMS.load(deps.storage)?;
    working_below(1, &params)?;
    let dust = state::auction_params(deps.storage, vault)?.dust;
    let outstanding = Totals::load(deps.storage)?.outstanding()?;
    let room = params.hole.saturating_minus(outstanding);
    ensure(!room.is_zero(), || Error::HoleFull { outstanding, room, needed: dust })?;

    let seize = ExecuteMsg::Seize { vault, owner: owner.to_string(), room, dust };
    let seize = wasm_execute(POOL.load(deps.storage)?, &seize, vec![])?;
    let payload = to_json_binary(&Seizing { vault, owner, keeper })?;
    Ok(Response::new().add_submessage(SubMsg::reply_on_success(seize, SEIZED).with_payload(payload)))
}

/// The pool has sent the collateral: it is for sale from now on.
pub fn start(deps: DepsMut<'_>, now: u64, reply: Reply) -> Result<Response> {
    let Seizing { vault, owner, keeper } = from_json(&reply.payload)?;
    let seizure = seizure(reply.result)?;

    let params = state::auction_params(deps.storage, vault)?;
    let hole = PARAMS.load(deps.storage)?.hole;
    let mut totals = Totals::load(deps.storage)?;

    let (tab, penalty, lot) = (seizure.tab, seizure.penalty, seizure.lot);
    let (outstanding, needed) = (totals.outstanding()?, tab.plus(penalty)?);
    let room = hole.saturating_minus(outstanding);
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
        reward: reward(&params, tab, penalty)?,
        rewarded: Usd::ZERO,
        keeper,
        redoer: None,
        start_price: Price::ZERO,
        started_at: now,
        params,
    };
    auction.start(params, seizure.price, now)?;
    totals.recoveries.tab = totals.recoveries.tab.plus(tab)?;
    totals.running.penalties = totals.running.penalties.plus(penalty)?;
    totals.running.auctions += 1;
    totals.running.last += 1;
    let number = totals.running.last;

    state::save_auction(deps.storage, number, &auction)?;
    state::add_to_lots(deps.storage, &auction.token, lot)?;
    totals.save(deps.storage)?;

    Ok(Response::new().add_event(AuctionStarted {
        auction: number,
        vault,
        owner: auction.owner.into(),
        lot,
        tab,
        penalty,
        price: auction.start_price,
        keeper: auction.keeper.into(),
    }))
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
