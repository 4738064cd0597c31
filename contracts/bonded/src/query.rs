//! What can be asked.

use cosmwasm_std::{to_json_binary, Binary, Deps, Env};

use sdp_types::bonded::{
    Announcement, BondedResponse, CheckResponse, ConfigResponse, QuarantineResponse, QueryMsg, Slot,
    TotalsResponse,
};
use sdp_types::exposure::Exposure;
use sdp_types::ownership;
use sdp_types::record::{canonical, Record};
use sdp_types::{Error, Result, Usd};

use crate::desk::Desk;
use crate::receive::cap;
use crate::record;
use crate::state::{self, CHANGES, GUARDIAN};

/// The answer.
pub fn answer(deps: Deps<'_>, env: &Env, msg: QueryMsg) -> Result<Binary> {
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&config(deps)?),
        QueryMsg::Markets {} => to_json_binary(&markets(deps)?),
        QueryMsg::Market { market } => to_json_binary(&market_of(deps, env, &market)?),
        QueryMsg::Totals {} => to_json_binary(&totals(deps, env)?),
        QueryMsg::Check { market } => to_json_binary(&check(deps, env, &market)?),
        QueryMsg::Changes {} => to_json_binary(&CHANGES.pending(deps.storage)?),
        QueryMsg::Ownership {} => to_json_binary(&ownership::shown(deps.storage)?),
    };
    Ok(answer?)
}

fn config(deps: Deps<'_>) -> Result<ConfigResponse> {
    let terms = state::terms(deps.storage)?;
    Ok(ConfigResponse {
        guardian: GUARDIAN.load(deps.storage)?.map(Into::into),
        pool: deps.api.addr_humanize(&terms.pool)?.into(),
        oracle: deps.api.addr_humanize(&terms.oracle)?.into(),
        sdusd: deps.api.addr_humanize(&terms.sdusd)?.into(),
        params: terms.params,
    })
}

fn markets(deps: Deps<'_>) -> Result<Vec<BondedResponse>> {
    let delay = state::terms(deps.storage)?.params.draw_delay;
    state::bonds(deps.storage)?.slots.iter().map(|slot| shown(deps, slot, delay)).collect()
}

fn market_of(deps: Deps<'_>, env: &Env, market: &str) -> Result<BondedResponse> {
    let mut desk = Desk::load(deps, env)?;
    let (place, delay) = (desk.place(deps.api, &deps.api.addr_validate(market)?)?, desk.params().draw_delay);
    shown(deps, desk.slot(place)?, delay)
}

fn shown(deps: Deps<'_>, slot: &Slot, delay: u64) -> Result<BondedResponse> {
    let announced = slot.announced.map(|announced| Announcement {
        amount: announced.amount,
        from: announced.since.saturating_add(delay),
    });
    let quarantine = slot.quarantine.map(|quarantine| QuarantineResponse {
        code: Error::code_of(quarantine.code),
        since: quarantine.since,
        resolved: quarantine.resolved,
    });
    Ok(BondedResponse {
        market: deps.api.addr_humanize(&slot.market)?.into(),
        opener: deps.api.addr_humanize(&slot.opener)?.into(),
        bond: slot.bond,
        credit: slot.credit,
        paid_out: slot.paid_out,
        paid_in: slot.paid_in,
        claim: slot.claim,
        cost: slot.cost()?,
        refund: slot.refund()?,
        as_of: slot.as_of,
        pushed_at: slot.pushed_at,
        announced,
        closing: slot.closing,
        quarantine,
        record: state::pushed(deps.storage, &slot.market)?,
    })
}

fn totals(deps: Deps<'_>, env: &Env) -> Result<TotalsResponse> {
    let desk = Desk::load(deps, env)?;
    let bonds = &desk.bonds;
    Ok(TotalsResponse {
        held: bonds.held,
        bonds: bonds.bonds()?,
        credit: bonds.credit()?,
        cap: cap(deps, &desk)?,
        used: bonds.used()?,
        results: bonds.results()?,
        exposure: bonds.exposure(desk.now)?,
    })
}

/// By the code of a push; of a contract that is not bonded, as if it had all credit that there can be.
fn check(deps: Deps<'_>, env: &Env, market: &str) -> Result<CheckResponse> {
    let market = deps.api.addr_validate(market)?;
    let desk = Desk::load(deps, env)?;
    let own = canonical(deps.api, &market)?;
    let bonded = desk.bonds.slots.iter().find(|slot| slot.market == own);
    let pushed = state::pushed(deps.storage, &own)?;
    let bytes = record::shown(&deps.querier, &market)?;
    let found = Exposure::decode_first(&bytes).ok().map(|(exposure, _)| exposure);
    let encoded = found.as_ref().map(Exposure::encode).transpose()?;

    let judged = record::read(encoded.as_deref().unwrap_or(&bytes)).map_err(Error::from);
    let judged = judged.and_then(|exposure| {
        let stranger = Slot::opened(own.clone(), own.clone(), Usd::ZERO, cap(deps, &desk)?, 0);
        let slot = bonded.unwrap_or(&stranger);
        record::follows(&exposure, slot, desk.now).map_err(Error::from)?;
        let value = record::value(&exposure, desk.now, || desk.board(deps))?.map_err(Error::from)?;
        Ok((value.used.positive_part(), record::claim(&value, slot)?.err().map(Error::from)))
    });
    let (claim, refuses) = match judged {
        Ok((claim, refuses)) => (Some(claim), refuses),
        Err(error) => (None, Some(error)),
    };
    Ok(CheckResponse {
        bytes: bytes.len() as u64,
        record_bytes: encoded.map_or(0, |bytes| bytes.len() as u64),
        as_pushed: pushed.map(|pushed| record::is_shown(&bytes, &pushed)),
        record: found,
        claim,
        refuses: refuses.map(|error| error.to_string()),
        listed: desk.listing.market(deps.api, &market)?.is_some(),
    })
}
