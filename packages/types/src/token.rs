//! What a contract sends to a CW20, and asks it: of cw20's messages those that are used, because a contract pays for the code of all.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{to_json_binary, CosmosMsg, QuerierWrapper, Uint128, WasmMsg};
use serde::Deserialize;

use crate::error::Result;

/// As `cw20::Cw20ExecuteMsg`.
#[cw_serde]
pub enum TokenMsg {
    /// By the minter: new tokens.
    Mint {
        /// Who gets them.
        recipient: String,
        /// How many.
        amount: Uint128,
    },
    /// Destroys tokens of the sender.
    Burn {
        /// How many.
        amount: Uint128,
    },
    /// Moves tokens of the sender.
    Transfer {
        /// Who gets them.
        recipient: String,
        /// How many.
        amount: Uint128,
    },
}

impl TokenMsg {
    /// Sent to a token.
    pub fn to(&self, token: impl Into<String>) -> Result<CosmosMsg> {
        Ok(WasmMsg::Execute { contract_addr: token.into(), msg: to_json_binary(self)?, funds: vec![] }.into())
    }
}

/// As `cw20::Cw20QueryMsg`.
#[cw_serde]
enum TokenQuery {
    Balance { address: String },
    TokenInfo {},
}

/// What is used of the answers.
#[derive(Deserialize)]
struct Balance {
    balance: Uint128,
}

#[derive(Deserialize)]
struct Supply {
    total_supply: Uint128,
}

/// What a holder has of a token.
pub fn balance(querier: &QuerierWrapper<'_>, token: &str, address: String) -> Result<u128> {
    let answer: Balance = querier.query_wasm_smart(token, &TokenQuery::Balance { address })?;
    Ok(answer.balance.u128())
}

/// All that there is of a token.
pub fn supply(querier: &QuerierWrapper<'_>, token: &str) -> Result<u128> {
    let answer: Supply = querier.query_wasm_smart(token, &TokenQuery::TokenInfo {})?;
    Ok(answer.total_supply.u128())
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::{from_json, to_json_vec};
    use cw20::{Cw20ExecuteMsg, Cw20QueryMsg};

    use super::*;

    #[test]
    fn a_cw20_understands_them() {
        let (recipient, amount) = ("anna".to_string(), Uint128::new(7));
        for (ours, theirs) in [
            (
                TokenMsg::Mint { recipient: recipient.clone(), amount },
                Cw20ExecuteMsg::Mint { recipient: recipient.clone(), amount },
            ),
            (TokenMsg::Burn { amount }, Cw20ExecuteMsg::Burn { amount }),
            (
                TokenMsg::Transfer { recipient: recipient.clone(), amount },
                Cw20ExecuteMsg::Transfer { recipient: recipient.clone(), amount },
            ),
        ] {
            assert_eq!(from_json::<Cw20ExecuteMsg>(to_json_vec(&ours).unwrap()).unwrap(), theirs);
        }
        let asked = to_json_vec(&TokenQuery::Balance { address: recipient.clone() }).unwrap();
        assert_eq!(from_json::<Cw20QueryMsg>(asked).unwrap(), Cw20QueryMsg::Balance { address: recipient });
        let asked = to_json_vec(&TokenQuery::TokenInfo {}).unwrap();
        assert_eq!(from_json::<Cw20QueryMsg>(asked).unwrap(), Cw20QueryMsg::TokenInfo {});
    }
}
