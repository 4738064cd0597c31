//! What a contract sends to a CW20, and asks it: of cw20's messages those that are used, because a contract pays for the code of all. And
//! how a contract makes a token of its own.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    coins, instantiate2_address, to_json_binary, Addr, Api, BankMsg, CosmosMsg, QuerierWrapper, StdError,
    Uint128, WasmMsg,
};
use serde::Deserialize;

use crate::contract::execute;
use crate::error::Result;
use crate::pool::Token;
use crate::units::Amount;

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
        execute(token, self)
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

impl Token {
    /// So much of it, of what the sender of the message holds, goes to a recipient.
    pub fn send(&self, recipient: &Addr, amount: Amount) -> Result<CosmosMsg> {
        let (recipient, amount) = (recipient.to_string(), amount.raw());
        match self {
            Self::Native(denom) => {
                Ok(BankMsg::Send { to_address: recipient, amount: coins(amount, denom) }.into())
            }
            Self::Cw20(contract) => TokenMsg::Transfer { recipient, amount: amount.into() }.to(contract),
        }
    }

    /// What a holder has of it.
    pub fn balance(&self, querier: &QuerierWrapper<'_>, holder: &Addr) -> Result<Amount> {
        let held = match self {
            Self::Native(denom) => querier.query_balance(holder, denom)?.amount.u128(),
            Self::Cw20(contract) => balance(querier, contract, holder.to_string())?,
        };
        Ok(Amount::new(held))
    }
}

/// All that there is of a token.
pub fn supply(querier: &QuerierWrapper<'_>, token: &str) -> Result<u128> {
    let answer: Supply = querier.query_wasm_smart(token, &TokenQuery::TokenInfo {})?;
    Ok(answer.total_supply.u128())
}

/// As `cw20::Cw20Coin`: nobody has any at first.
#[cw_serde]
struct Holding {}

/// As `cw20::MinterResponse`.
#[cw_serde]
struct Minter {
    minter: String,
}

/// As cw20-base's own message, as far as it is needed.
#[cw_serde]
struct NewToken {
    name: String,
    symbol: String,
    decimals: u8,
    initial_balances: Vec<Holding>,
    mint: Minter,
}

/// A token that `creator`, a contract, makes of this code of cw20-base, itself the only minter and nobody its admin: the
/// message that makes it, and where it will be. Each `label` makes another one.
pub fn create(
    (querier, api): (&QuerierWrapper<'_>, &dyn Api),
    creator: &Addr,
    code_id: u64,
    label: &str,
    (name, symbol, decimals): (String, String, u8),
) -> Result<(CosmosMsg, Addr)> {
    let code = querier.query_wasm_code_info(code_id)?;
    let canonical = api.addr_canonicalize(creator.as_str())?;
    let address = instantiate2_address(code.checksum.as_slice(), &canonical, label.as_bytes());
    let address = address.map_err(|error| StdError::generic_err(error.to_string()))?;
    let mint = Minter { minter: creator.to_string() };
    let token = NewToken { name, symbol, decimals, initial_balances: vec![], mint };
    let message = WasmMsg::Instantiate2 {
        admin: None,
        code_id,
        label: label.into(),
        msg: to_json_binary(&token)?,
        funds: vec![],
        salt: label.as_bytes().into(),
    };
    Ok((message.into(), api.addr_humanize(&address)?))
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
