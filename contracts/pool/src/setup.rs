//! How a pool begins: its parameters, its vaults and its token.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use sdp_types::book::{Book, Listing, MAX_VAULTS};
use sdp_types::contract::{address, nonpayable};
use sdp_types::ownership;
use sdp_types::pool::{InstantiateMsg, CONTRACT};
use sdp_types::{ensure, token, Error, Result};

use crate::configure::new_vault;
use crate::rules::{self, Feeds};
use sdp_book::state::{self, Terms, VaultTerms};

/// Version in cw2.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Label of the token, and salt of its address.
const LABEL: &str = "sdUSD";

/// A closed pool, and its sdUSD, whose address follows from its code and from who makes it.
pub fn instantiate(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response> {
    nonpayable(info)?;
    let oracle = deps.api.addr_validate(&msg.oracle)?;
    let guardian = address(deps.api, msg.guardian.as_deref())?;
    let feeds = Feeds::of(&deps.querier, &oracle)?;
    let (token, sdusd) = token::create(
        (&deps.querier, deps.api),
        &env.contract.address,
        msg.sdusd_code_id,
        LABEL,
        (msg.sdusd_name, msg.sdusd_symbol, 6),
    )?;
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
    ownership::begin(deps.storage, deps.api, &msg.owner)?;
    let terms = msg.vaults.iter().map(VaultTerms::of).collect();
    let (impact_depth, risk) = (msg.params.impact_depth, msg.params.risk);
    let (params, vaults) = (msg.params, terms);
    let terms = Terms { oracle, sdusd, liquidator: None, guardian, open: false, params, vaults };
    state::save_terms(deps.storage, &terms)?;
    let vaults = msg.vaults.iter().map(new_vault).collect();
    state::save_listing(deps.storage, &Listing { impact_depth, risk, ..Listing::default() })?;
    state::save_book(deps.storage, &Book { vaults, ..Book::default() })?;

    Ok(Response::new().add_message(token))
}
