//! An owner says at which ratio a position is to be kept.

use cosmwasm_std::{DepsMut, MessageInfo, Response};
use sdp_book::remote::Remote;
use sdp_types::balancer::Balancing;
use sdp_types::events::RuleSet;
use sdp_types::Result;

use crate::state;

/// [`sdp_types::balancer::ExecuteMsg::Set`].
pub fn set(deps: DepsMut<'_>, info: &MessageInfo, vault: u8, rule: Option<Balancing>) -> Result<Response> {
    let pool = state::POOL.load(deps.storage)?;
    let config = sdp_book::state::vault(&Remote::new(&deps.as_ref(), &pool), vault)?;
    if let Some(rule) = &rule {
        rule.validate(config.issuance_ratio)?;
    }
    state::save_rule(deps.storage, deps.api, vault, &info.sender, rule)?;
    let told = RuleSet { vault, owner: info.sender.to_string(), on: rule.is_some() };
    Ok(Response::new().add_event(told))
}
