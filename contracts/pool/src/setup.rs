//! How a pool begins: its parameters, its vaults and its token.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    instantiate2_address, to_json_binary, Addr, Deps, DepsMut, Env, MessageInfo, Response, StdError, WasmMsg,
};
use cw20::{Cw20Coin, MinterResponse};
use sdp_types::book::{Book, Listing, MAX_VAULTS};
use sdp_types::contract::nonpayable;
use sdp_types::pool::{InstantiateMsg, CONTRACT};
use sdp_types::{ensure, Error, Result};

use crate::configure::new_vault;
use crate::rules::{self, Feeds};
use sdp_book::state::{self, Terms};

/// Version in cw2.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Salt of the token's address.
const SALT: &[u8] = b"sdUSD";

/// cw20-base's own message, as far as it is needed.
#[cw_serde]
struct NewToken {
    name: String,
    symbol: String,
    decimals: u8,
    initial_balances: Vec<Cw20Coin>,
    mint: Option<MinterResponse>,
}

/// A closed pool, and its sdUSD, whose address follows from its code and from who makes it.
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
    let sdusd = token_address(deps.as_ref(), env, msg.sdusd_code_id)?;
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
    let token = WasmMsg::Instantiate2 {
        admin: None,
        code_id: msg.sdusd_code_id,
        label: "sdUSD".into(),
        msg: to_json_binary(&token)?,
        funds: vec![],
        salt: SALT.into(),
    };
    Ok(Response::new().add_message(token))
}

/// Where this pool's token will be.
fn token_address(deps: Deps<'_>, env: &Env, code_id: u64) -> Result<Addr> {
    let code = deps.querier.query_wasm_code_info(code_id)?;
    let creator = deps.api.addr_canonicalize(env.contract.address.as_str())?;
    let address = instantiate2_address(code.checksum.as_slice(), &creator, SALT);
    let address = address.map_err(|error| StdError::generic_err(error.to_string()))?;
    Ok(deps.api.addr_humanize(&address)?)
}
