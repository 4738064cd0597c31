//! What the balancer tells other contracts to do.

use cosmwasm_std::{to_json_binary, Addr, Binary, CosmosMsg};
use cw20::Cw20ExecuteMsg;
use sdp_types::contract::execute;
use sdp_types::pool::{ExecuteMsg, Hook};
use sdp_types::{Result, Usd};

/// A position and the contracts that it is about.
pub struct Place<'a> {
    /// The pool.
    pub pool: &'a Addr,
    /// Its token.
    pub sdusd: &'a Addr,
    /// Vault of the position.
    pub vault: u8,
    /// Its owner.
    pub owner: &'a Addr,
}

impl Place<'_> {
    /// Burns sdUSD that the owner has allowed.
    pub fn burn_allowed(&self, amount: Usd) -> Result<CosmosMsg> {
        let (owner, contract) = (self.owner.to_string(), self.pool.to_string());
        let (amount, msg) = (amount.raw().into(), self.burn()?);
        execute(self.sdusd, &Cw20ExecuteMsg::SendFrom { owner, contract, amount, msg })
    }

    /// Burns sdUSD that the balancer has been sent.
    pub fn burn_own(&self, amount: Usd) -> Result<CosmosMsg> {
        let (contract, msg) = (self.pool.to_string(), self.burn()?);
        execute(self.sdusd, &Cw20ExecuteMsg::Send { contract, amount: amount.raw().into(), msg })
    }

    /// Mints for the owner.
    pub fn mint(&self, amount: Usd) -> Result<CosmosMsg> {
        let owner = Some(self.owner.to_string());
        execute(self.pool, &ExecuteMsg::Mint { vault: self.vault, amount, recipient: None, owner })
    }

    /// A sync of the pool.
    pub fn sync(&self) -> Result<CosmosMsg> {
        execute(self.pool, &ExecuteMsg::Sync {})
    }

    /// sdUSD that the owner has allowed goes to a keeper.
    pub fn pay(&self, keeper: &Addr, amount: Usd) -> Result<CosmosMsg> {
        let (owner, recipient) = (self.owner.to_string(), keeper.to_string());
        let pay = Cw20ExecuteMsg::TransferFrom { owner, recipient, amount: amount.raw().into() };
        execute(self.sdusd, &pay)
    }

    /// What the balancer has been sent goes back.
    pub fn give_back(&self, payer: &Addr, amount: Usd) -> Result<CosmosMsg> {
        let recipient = payer.to_string();
        execute(self.sdusd, &Cw20ExecuteMsg::Transfer { recipient, amount: amount.raw().into() })
    }

    fn burn(&self) -> Result<Binary> {
        Ok(to_json_binary(&Hook::Burn { vault: self.vault, owner: Some(self.owner.to_string()) })?)
    }
}
