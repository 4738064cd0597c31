//! How a pool begins: its parameters, its vaults and its token.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    to_json_binary, Addr, DepsMut, Env, MessageInfo, Reply, Response, StdError, SubMsg, WasmMsg,
};
use cw20::{Cw20Coin, MinterResponse};
use cw_utils::parse_instantiate_response_data;
use sdp_types::book::{Book, Listing, MAX_VAULTS};
use sdp_types::contract::nonpayable;
use sdp_types::pool::{InstantiateMsg, CONTRACT};
use sdp_types::{ensure, Error, Result};

use crate::configure::new_vault;
use crate::rules::{self, Feeds};
use crate::state::{self, Terms};

/// Version in cw2.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
const SDUSD_MADE: u64 = 1;

/// cw20-base's own message, as far as it is needed.
#[cw_serde]
struct NewToken {
    name: String,
    symbol: String,
    decimals: u8,
    initial_balances: Vec<Cw20Coin>,
    mint: Option<MinterResponse>,
}

/// A closed pool. Its sdUSD is made by a submessage; [`reply`] takes the address.
pub fn instantiate(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response> {
    nonpayable(info)?;
    let oracle = deps.api.addr_validate(&msg.oracle)?;
    let guardian = msg.guardian.map(|guardian| deps.api.addr_validate(&guardian)).transpose()?;
    let feeds = Feeds::of(&deps.querier, &oracle)?;
    // the token has no address yet, so no vault can take it
    let sdusd = Addr::unchecked("");
    rules::params(&msg.params, &feeds)?;
    let (count, max) = (msg.vaults.len() as u64, MAX_VAULTS as u64);
    ensure(count <= max, || Error::TooMany { what: "vaults".into(), count, max })?;
    for (number, config) in (0..).zip(&msg.vaults) {
        rules::vault(config, &feeds, &sdusd, deps.api)?;
        let listed = state::vault_of(deps.storage, &config.token).is_ok();
        ensure(!listed, || Error::Duplicate { what: "vault".into(), key: config.token.to_string() })?;
        state::save_vault(deps.storage, number, config)?;
    }

    cw2::set_contract_version(deps.storage, CONTRACT, VERSION)?;
    cw_ownable::initialize_owner(deps.storage, deps.api, Some(&msg.owner))?;
    let confidences = msg.vaults.iter().map(|config| config.maximum_confidence).collect();
    let (impact_depth, risk) = (msg.params.impact_depth, msg.params.risk);
    let terms =
        Terms { oracle, sdusd, liquidator: None, guardian, open: false, params: msg.params, confidences };
    state::save_terms(deps.storage, &terms)?;
    let vaults = msg.vaults.iter().map(new_vault).collect();
    state::save_listing(deps.storage, &Listing { impact_depth, risk, ..Listing::default() })?;
    state::save_book(deps.storage, &Book { vaults, ..Book::default() })?;

    let pool = env.contract.address.to_string();
    let token = NewToken {
        name: msg.sdusd_name,
        symbol: msg.sdusd_symbol,
        decimals: 6,
        initial_balances: vec![],
        mint: Some(MinterResponse { minter: pool, cap: None }),
    };
    let token = WasmMsg::Instantiate {
        admin: None,
        code_id: msg.sdusd_code_id,
        msg: to_json_binary(&token)?,
        funds: vec![],
        label: "sdUSD".into(),
    };
    Ok(Response::new().add_submessage(SubMsg::reply_on_success(token, SDUSD_MADE)))
}

/// Stores the address of the token.
pub fn reply(deps: DepsMut<'_>, reply: Reply) -> Result<Response> {
    let unknown = || Error::NotFound { what: "reply".into(), key: reply.id.to_string() };
    ensure(reply.id == SDUSD_MADE, unknown)?;
    let answer = reply.result.into_result().map_err(StdError::generic_err)?;
    // chains before CosmWasm 2 answer in `data`, later ones in the first message response
    #[allow(deprecated)]
    let data = answer.msg_responses.into_iter().next().map(|answer| answer.value).or(answer.data);
    let made = parse_instantiate_response_data(&data.unwrap_or_default());
    let made = made.map_err(|error| StdError::generic_err(error.to_string()))?;

    let mut terms = state::terms(deps.storage)?;
    terms.sdusd = deps.api.addr_validate(&made.contract_address)?;
    state::save_terms(deps.storage, &terms)?;
    Ok(Response::new())
}
