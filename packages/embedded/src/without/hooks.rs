//! The stage of GMX v1 2025: a token that calls whoever gets it, and an attacker that is a contract.

use anyhow::Result;
use cosmwasm_std::{
    from_json, to_json_binary, to_json_vec, CosmosMsg, DepsMut, Env, MessageInfo, Reply, Response, SubMsg,
    WasmMsg,
};
use cw20::Cw20ExecuteMsg;
use serde::{Deserialize, Serialize};

use super::{Alters, Inner};

/// Where messages lie that wait for a transfer.
const ARMED: &[u8] = b"~armed";

/// Takes away that a transfer of a CW20 runs no code of whoever gets it: CW20s here call a receiver that waits for it, as ERC-777 does and
/// as a payment in ETH does in the incident. Besides, each CW20 can be told to send messages of its own, so that one of them can be the
/// attacker's contract.
pub struct TransferHooks;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Own {
    /// Sends messages now.
    Act { msgs: Vec<CosmosMsg> },
    /// Sends each of these when a transfer comes, one a transfer.
    Arm { msgs: Vec<CosmosMsg> },
    /// A transfer has come.
    OnTransfer {},
}

impl Alters for TransferHooks {
    fn execute(
        &self,
        inner: &Inner,
        deps: DepsMut<'_>,
        env: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> Result<Response> {
        match from_json(&msg) {
            Ok(Own::Act { msgs }) => return Ok(Response::new().add_messages(msgs)),
            Ok(Own::Arm { msgs }) => {
                deps.storage.set(ARMED, &to_json_vec(&msgs)?);
                return Ok(Response::new());
            }
            Ok(Own::OnTransfer {}) => {
                let waiting = deps.storage.get(ARMED);
                let mut msgs: Vec<CosmosMsg> = waiting.map_or(Ok(Vec::new()), from_json)?;
                if msgs.is_empty() {
                    return Ok(Response::new());
                }
                let next = msgs.remove(0);
                deps.storage.set(ARMED, &to_json_vec(&msgs)?);
                // a refusal inside must not undo what is outside, else it would only protect its victim
                return Ok(Response::new().add_submessage(SubMsg::reply_on_error(next, 0)));
            }
            Err(_) => {}
        }
        let receiver = match from_json(&msg) {
            Ok(Cw20ExecuteMsg::Transfer { recipient, .. }) => Some(recipient),
            _ => None,
        };
        let querier = deps.querier;
        let waits = receiver.filter(|receiver| {
            let armed = querier.query_wasm_raw(receiver, ARMED);
            armed.ok().flatten().is_some_and(|bytes| !bytes.is_empty())
        });
        let response = inner.execute(deps, env, info, msg)?;
        let Some(contract_addr) = waits else { return Ok(response) };
        let msg = to_json_binary(&Own::OnTransfer {})?;
        Ok(response.add_message(WasmMsg::Execute { contract_addr, msg, funds: Vec::new() }))
    }

    fn reply(&self, _: &Inner, _: DepsMut<'_>, _: Env, _: Reply) -> Result<Response> {
        Ok(Response::new())
    }
}
