//! A new liquidator beside its pool, of which it asks oracle and token.

use cosmwasm_std::{DepsMut, Env, Response};
use sdp_types::contract::address;
use sdp_types::liquidator::{AuctionParams, InstantiateMsg, CONTRACT};
use sdp_types::ownership;
use sdp_types::pool::Contracts;
use sdp_types::{ensure, token, Error, Result};

use crate::contract::VERSION;
use crate::params::{validate_hole, validate_limits, validate_notes, validate_params, vault_number};
use crate::state::{self, Totals, GUARDIAN, NOTE, NOTE_PARAMS, ORACLE, PARAMS, POOL, SDUSD};

/// Label of the notes' token, and salt of its address.
const LABEL: &str = "sdUSD recovery notes";

pub fn instantiate(deps: DepsMut<'_>, env: &Env, msg: InstantiateMsg) -> Result<Response> {
    let pool = deps.api.addr_validate(&msg.pool)?;
    let contracts = Contracts::of(&deps.querier, &pool)?;
    let oracle = deps.api.addr_validate(&contracts.oracle)?;
    let sdusd = deps.api.addr_validate(&contracts.sdusd)?;
    let guardian = address(deps.api, msg.guardian.as_deref())?;

    validate_params(&msg.params)?;
    msg.auctions.iter().try_for_each(AuctionParams::validate)?;
    validate_hole(&msg.params, &msg.auctions)?;
    let (limits, auctions) = (msg.limits.len(), msg.auctions.len());
    ensure(limits <= auctions, || Error::bad_config("limits <= auctions", limits, auctions))?;
    msg.limits
        .iter()
        .zip(&msg.auctions)
        .try_for_each(|(limits, auction)| validate_limits(limits, auction))?;

    validate_notes(&msg.notes)?;
    let (note, address) = token::create(
        (&deps.querier, deps.api),
        &env.contract.address,
        msg.note_code_id,
        LABEL,
        (msg.note_name, msg.note_symbol, 6),
    )?;

    cw2::set_contract_version(deps.storage, CONTRACT, VERSION)?;
    ownership::begin(deps.storage, deps.api, &msg.owner)?;
    POOL.save(deps.storage, &pool)?;
    ORACLE.save(deps.storage, &oracle)?;
    SDUSD.save(deps.storage, &sdusd)?;
    GUARDIAN.save(deps.storage, &guardian)?;
    PARAMS.save(deps.storage, &msg.params)?;
    NOTE.save(deps.storage, &address)?;
    NOTE_PARAMS.save(deps.storage, &msg.notes)?;
    for (place, params) in msg.auctions.iter().enumerate() {
        state::save_auction_params(deps.storage, vault_number(place)?, params)?;
    }
    for (place, limits) in msg.limits.iter().enumerate() {
        state::save_limits(deps.storage, vault_number(place)?, limits)?;
    }
    // the pool reads the record from the beginning
    Totals::default().save(deps.storage)?;
    Ok(Response::new().add_message(note))
}
