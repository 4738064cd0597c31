//! What the custody tells the market and the token.

use cosmwasm_std::{to_json_binary, Addr, CosmosMsg};
use cw20::Cw20ExecuteMsg;
use sdp_types::contract::execute;
use sdp_types::market::{AccountId, ExecuteMsg, Hook};
use sdp_types::token::TokenMsg;
use sdp_types::{Result, Usd};

use crate::state::Home;

impl Home {
    /// The market is told whether tokens back an account, and what insurance gets of its margin.
    pub fn set_backed(&self, id: &AccountId, backed: bool, charge: Usd) -> Result<CosmosMsg> {
        let AccountId { owner, account } = id.clone();
        execute(&self.market, &ExecuteMsg::SetBacked { owner, account, backed, charge })
    }

    /// sdUSD becomes an account's margin; no message for nothing.
    pub fn pay_in(&self, id: &AccountId, amount: Usd) -> Result<Option<CosmosMsg>> {
        if amount.is_zero() {
            return Ok(None);
        }
        let hook = Hook::Deposit { beneficiary: Some(id.owner.clone()), account: id.account };
        let (contract, amount, msg) = (self.market.to_string(), amount.raw().into(), to_json_binary(&hook)?);
        execute(&self.sdusd, &Cw20ExecuteMsg::Send { contract, amount, msg }).map(Some)
    }

    /// sdUSD to somebody; no message for nothing.
    pub fn pay(&self, recipient: &Addr, amount: Usd) -> Result<Option<CosmosMsg>> {
        if amount.is_zero() {
            return Ok(None);
        }
        let msg = TokenMsg::Transfer { recipient: recipient.to_string(), amount: amount.raw().into() };
        msg.to(self.sdusd.as_str()).map(Some)
    }
}
