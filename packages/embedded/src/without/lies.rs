//! A bonded market that lies: one that says what it is told to, and a desk that believes all of it.

use anyhow::Result;
use cosmwasm_std::{from_json, DepsMut, Env, MessageInfo, Response};
use sdp_bonded::state;
use sdp_types::bonded::{Announced, Counterparty, ExecuteMsg, Slot};
use sdp_types::exposure::Exposure;
use sdp_types::record::{key, tag, Record};
use sdp_types::units::{Usd, MAX_USD};
use serde::{Deserialize, Serialize};

use super::{Alters, Inner};

/// The stage: an event market that anybody may tell what to say, and to draw.
pub struct MarketLies;

/// What it can be told beside its own messages.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Told {
    /// It says that it owes so much.
    Lie { owes: Usd },
    /// It says that it owes nothing any more, and draws so much for the sender.
    Take { amount: Usd },
}

impl Alters for MarketLies {
    fn execute(
        &self,
        inner: &Inner,
        deps: DepsMut<'_>,
        env: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> Result<Response> {
        let Ok(told) = from_json::<Told>(&msg) else { return inner.execute(deps, env, info, msg) };
        let (terms, event) = sdp_event::state::load(deps.storage)?;
        let behind = Counterparty::of(deps.as_ref(), &env, &terms.pool, &terms.desk)?;
        let (owes, draws) = match told {
            Told::Lie { owes } => (owes, Usd::ZERO),
            Told::Take { amount } => (Usd::ZERO, amount),
        };
        let as_of = env.block.time.seconds();
        let record = Exposure { as_of, base: owes.signed()?, ..Exposure::default() };
        deps.storage.set(&key(tag::EXPOSURE), &record.encode_with(&event.book)?);
        let mut response = Response::new().add_messages(behind.publish(&record)?);
        if !draws.is_zero() {
            response = response.add_messages(behind.draw(draws, &info.sender, None)?);
        }
        Ok(response)
    }
}

/// Takes away that a bonded market is believed as far as its credit only, and that what is beyond its bond is announced: whatever it pushes
/// and draws, its credit is larger than that.
pub struct ClaimsBelieved;

impl Alters for ClaimsBelieved {
    fn execute(
        &self,
        inner: &Inner,
        mut deps: DepsMut<'_>,
        env: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> Result<Response> {
        if !matches!(from_json(&msg), Ok(ExecuteMsg::Push { .. } | ExecuteMsg::Draw { .. })) {
            return inner.execute(deps, env, info, msg);
        }
        let now = env.block.time.seconds();
        let delay = state::terms(deps.storage)?.params.draw_delay;
        let Some(credit) = with_slot(deps.branch(), &info, now, |slot| {
            let announced = Announced { amount: MAX_USD, since: now.saturating_sub(delay) };
            slot.announced = Some(announced);
            std::mem::replace(&mut slot.credit, MAX_USD)
        })?
        else {
            return inner.execute(deps, env, info, msg);
        };
        let response = inner.execute(deps.branch(), env, info.clone(), msg)?;
        with_slot(deps, &info, now, |slot| {
            slot.credit = credit;
            slot.announced = None;
        })?;
        Ok(response)
    }
}

/// Changes what the desk has of the sender, if that is a bonded market.
fn with_slot<T>(
    deps: DepsMut<'_>,
    info: &MessageInfo,
    now: u64,
    change: impl FnOnce(&mut Slot) -> T,
) -> Result<Option<T>> {
    let mut bonds = state::bonds(deps.storage)?;
    let place = bonds.place(deps.api, &info.sender)?;
    let Some(slot) = place.and_then(|place| bonds.slots.get_mut(place)) else { return Ok(None) };
    let changed = change(slot);
    state::save_bonds(deps.storage, &bonds, now)?;
    Ok(Some(changed))
}
