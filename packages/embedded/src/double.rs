//! A contract that is none of ours and answers what it was told to: a double of a liquid-staking hub, of an exchange, of Pyth.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult};
use cw_multi_test::{Contract, ContractWrapper, Executor};
use sdp_network::error::Result;
use sdp_network::{Actions, Answer, ChainError, Network, FAUCET};
use serde::Serialize;

use crate::chain::Chain;
use crate::meter::Metered;

const ANSWER: &[u8] = b"answer";

/// What it is told.
#[cw_serde]
struct Says {
    /// To whatever question; none: every question fails.
    answer: Option<Binary>,
}

impl Chain {
    /// A double of this name. Every question fails at first.
    pub fn add_double(&mut self, name: &str) -> Result<()> {
        self.add_contract(name, Box::new(ContractWrapper::new(execute, instantiate, query)), &Empty {})
            .map(drop)
    }

    /// A contract of any code, of this name.
    pub fn add_contract(
        &mut self,
        name: &str,
        code: Box<dyn Contract<Empty>>,
        msg: &impl Serialize,
    ) -> Result<Addr> {
        let code = self.host.store_code(Box::new(Metered::new(code, &self.meter)));
        let maker = self.introduce(FAUCET);
        let made = self.host.instantiate_contract(code, maker, msg, &[], name, None);
        let address = made.map_err(|error| ChainError::setup(format!("{name}: {error}")))?;
        self.names_mut().add_contract(name, address.clone());
        Ok(address)
    }

    /// From now on a double answers every question with this, or with an error.
    pub fn tell_double(&mut self, name: &str, answer: Option<&str>) -> Result<Answer> {
        let answer = answer.map(|answer| Binary::from(answer.as_bytes()));
        self.execute(FAUCET, name, &Says { answer }, &[])
    }
}

fn instantiate(_: DepsMut<'_>, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn execute(deps: DepsMut<'_>, _: Env, _: MessageInfo, Says { answer }: Says) -> StdResult<Response> {
    match answer {
        Some(answer) => deps.storage.set(ANSWER, &answer),
        None => deps.storage.remove(ANSWER),
    }
    Ok(Response::new())
}

fn query(deps: Deps<'_>, _: Env, _: serde_json::Value) -> StdResult<Binary> {
    let answer = deps.storage.get(ANSWER);
    answer.map(Binary::from).ok_or_else(|| StdError::generic_err("out of order"))
}
