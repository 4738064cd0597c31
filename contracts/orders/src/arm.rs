//! Orders that are due are committed; what has become of others is noted.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    from_json, to_json_binary, Binary, CosmosMsg, DepsMut, Env, MessageInfo, Reply, Response, SubMsg,
};
use sdp_book::remote::Remote;
use sdp_types::orders::MAX_BATCH;
use sdp_types::{ensure, Error, Result};

use crate::desk::{Desk, End, Outcome};
use crate::state;
use crate::tend::{How, Tending};

/// Replies of commits that failed.
pub const COMMITTED: u64 = 1;
/// Most gas of a commit: many times what one takes with sixteen positions.
const COMMIT_GAS: u64 = 5_000_000;

/// An order that is committed by this message.
pub struct Sent {
    /// Which.
    pub id: u64,
    /// Its perpetual.
    pub perp: u16,
    /// To the market.
    pub message: CosmosMsg,
}

/// What undoes a commit that fails all the same.
#[cw_serde]
struct Undo {
    /// The order.
    id: u64,
    /// Who got its fee, by canonical address.
    keeper: Binary,
    /// Those that follow in the same perpetual: their numbers there are one less then.
    later: Vec<u64>,
}

/// `ids` of a batch: `E0004`.
pub fn batch(ids: &[u64]) -> Result<()> {
    let count = ids.len();
    ensure((1..=MAX_BATCH).contains(&count), || Error::out_of_range("ids", count, 1, MAX_BATCH))
}

/// [`sdp_types::orders::ExecuteMsg::Arm`] and [`sdp_types::orders::ExecuteMsg::Sweep`].
pub fn tend(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, ids: &[u64], how: How) -> Result<Response> {
    batch(ids)?;
    let config = state::config(deps.storage)?;
    let own = deps.as_ref();
    let there = Remote::new(&own, &config.market);
    let mut tending = Tending::load(own, env, (&config, &there), &info.sender)?;
    let told = tending.each(ids, how);
    let messages = submessages(&tending.sent, &tending.keeper)?;
    let desk = tending.desk;
    desk.save(deps.storage)?;
    Ok(Response::new().add_events(told).add_submessages(messages))
}

/// What is planned holds when it is sent: the books of the plans have what was sent before. A commit that fails all the same takes nothing else
/// with it.
fn submessages(sent: &[Sent], keeper: &[u8]) -> Result<Vec<SubMsg>> {
    let mut messages = Vec::with_capacity(sent.len());
    for (place, Sent { id, perp, message }) in sent.iter().enumerate() {
        let later = sent.iter().skip(place).skip(1).filter(|later| later.perp == *perp);
        let undo = Undo { id: *id, keeper: keeper.into(), later: later.map(|later| later.id).collect() };
        let message = SubMsg::reply_on_error(message.clone(), COMMITTED).with_gas_limit(COMMIT_GAS);
        messages.push(message.with_payload(to_json_binary(&undo)?));
    }
    Ok(messages)
}

/// A commit has failed, for a reason that its plan did not have: the order is gone for nothing, whoever committed it gets nothing either, and
/// nobody can try again and again.
pub fn failed(deps: DepsMut<'_>, reply: &Reply) -> Result<Response> {
    let Undo { id, keeper, later } = from_json(&reply.payload)?;
    let storage = &*deps.storage;
    let mut desk = Desk::load(storage)?;
    let order = desk.order(storage, id)?;
    desk.undo_commit(storage, &order, id, &keeper)?;
    for later in later {
        let account = desk.order(storage, later)?.account;
        let flights = &mut desk.account(storage, &account)?.flights;
        for flight in flights.iter_mut().filter(|flight| flight.id == later) {
            flight.number = flight.number.saturating_sub(1);
        }
    }
    // the text of a failure is not the same on all chains
    let error = Error::ForeignFailure { message: "commit".into() };
    let end = End { reason: Some(&error), ..Outcome::Refused.into() };
    let told = desk.end_with_exits(storage, deps.api, (id, &order), &end)?;
    desk.save(deps.storage)?;
    Ok(Response::new().add_events(told))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use cosmwasm_std::testing::{mock_dependencies, MockApi};
    use cosmwasm_std::{Api, SubMsgResult};
    use sdp_perps::state::AccountKey;
    use sdp_types::orders::Kind;
    use sdp_types::{Price, Size, Usd};

    use super::*;
    use crate::state::{Conditional, Flight};

    fn canonical(name: &str) -> Vec<u8> {
        let api = MockApi::default();
        api.addr_canonicalize(api.addr_make(name).as_str()).unwrap().to_vec()
    }

    fn order(owner: &str) -> Conditional {
        Conditional {
            account: AccountKey { owner: canonical(owner), number: 0 },
            perp: 0,
            size: Size::new(1),
            kind: Some(Kind::Limit { price: Price::new(1) }),
            reduce_only: false,
            good_till: 100,
            since: 0,
            keeper_fee: Usd::whole(1),
            link: None,
            commits: 0,
        }
    }

    fn flight(id: u64) -> Flight {
        Flight { perp: 0, id, number: 70 + id, at: 5 }
    }

    #[test]
    fn a_commit_that_fails_all_the_same_costs_nothing_and_those_behind_it_have_a_smaller_number() {
        let mut deps = mock_dependencies();
        let (owners, keeper) = (["anna", "bert", "carl"], canonical("kim"));
        let mut desk = Desk::load(&deps.storage).unwrap();
        let sent = owners.map(|owner| {
            let (order, id) = (order(owner), desk.next());
            desk.deposit(&deps.storage, &order.account.owner, Usd::whole(5)).unwrap();
            desk.place(&deps.storage, &deps.api, order.clone(), (9, None)).unwrap();
            desk.commit(&deps.storage, &order, flight(id), &keeper).unwrap();
            Sent { id, perp: 0, message: execute() }
        });
        desk.save(&mut deps.storage).unwrap();
        let messages = submessages(&sent, &keeper).unwrap();

        let result = SubMsgResult::Err("out of gas".into());
        #[allow(deprecated)]
        let reply = Reply { id: COMMITTED, payload: messages[1].payload.clone(), gas_used: 0, result };
        let told = failed(deps.as_mut(), &reply).unwrap().events;
        assert_eq!(told[0].ty, "conditional_ended");
        let told: Vec<_> = told[0].attributes.iter().map(|entry| entry.value.as_str()).collect();
        assert!(told.contains(&"refused") && told.contains(&"E0509"), "{told:?}");

        let storage = &deps.storage;
        let jar = |owner: &str| state::jar(storage, &canonical(owner)).unwrap();
        assert_eq!(["anna", "bert", "carl", "kim"].map(jar), [4, 5, 4, 2].map(Usd::whole));
        assert_eq!(state::book(storage).unwrap().held, Usd::whole(15));
        let left = owners.map(|owner| state::account(storage, &order(owner).account).unwrap());
        assert_eq!((left[0].flights[0].number, left[2].flights[0].number), (70, 71));
        assert_eq!((left[1].orders, left[1].flights.len()), (0, 0));
        assert_eq!([0, 1, 2].map(|id| state::order(storage, id).unwrap().is_some()), [true, false, true]);
    }

    fn execute() -> CosmosMsg {
        sdp_types::contract::execute("market", &()).unwrap()
    }
}
