//! What lies here. What it comes to at the board's prices is the lens's to say.

use cosmwasm_std::{to_json_binary, Binary, Deps};

use sdp_perps::state::{self, AccountKey, CHANGES, GUARDIAN};
use sdp_types::contract::page;
use sdp_types::market::{AccountId, ConfigResponse, QueryMsg};
use sdp_types::ownership;
use sdp_types::Result;

/// Dispatch.
pub fn query(deps: Deps<'_>, message: QueryMsg) -> Result<Binary> {
    let answer = match message {
        QueryMsg::Config {} => to_json_binary(&config(deps)?),
        QueryMsg::Accounts { start_after, limit } => to_json_binary(&accounts(deps, start_after, limit)?),
        QueryMsg::Changes {} => to_json_binary(&CHANGES.pending(deps.storage)?),
        QueryMsg::Ownership {} => to_json_binary(&ownership::shown(deps.storage)?),
    };
    Ok(answer?)
}

fn config(deps: Deps<'_>) -> Result<ConfigResponse> {
    let terms = state::terms(deps.storage)?;
    Ok(ConfigResponse {
        guardian: GUARDIAN.load(deps.storage)?.map(String::from),
        pool: deps.api.addr_humanize(&terms.pool)?.into(),
        oracle: deps.api.addr_humanize(&terms.oracle)?.into(),
        sdusd: deps.api.addr_humanize(&terms.sdusd)?.into(),
        liquidator: deps.api.addr_humanize(&terms.liquidator)?.into(),
        custody: terms.custody.map(|custody| deps.api.addr_humanize(&custody)).transpose()?.map(String::from),
        params: terms.params,
    })
}

fn accounts(deps: Deps<'_>, start_after: Option<AccountId>, limit: Option<u32>) -> Result<Vec<AccountId>> {
    let after = start_after.map(|id| AccountKey::of(deps.api, &id.owner, id.account)).transpose()?;
    let found = state::accounts(deps.storage, after.as_ref(), page(limit))?;
    let id = |key: &AccountKey| Ok(AccountId { owner: key.owner(deps.api)?, account: key.number });
    found.iter().map(id).collect()
}
