//! Coins.

use cosmrs::proto::cosmos::bank::v1beta1::query_client::QueryClient;
use cosmrs::proto::cosmos::bank::v1beta1::{MsgSend, QueryAllBalancesRequest, QueryBalanceRequest};
use cosmrs::proto::cosmos::base::v1beta1::Coin as ProtoCoin;
use cosmrs::Any;
use cosmwasm_std::{Coin, Uint128};

use crate::client::{ask, Client};
use crate::error::{Error, Result};
use crate::tx::any;
use crate::wasm::next_page;

/// A message that sends coins.
pub fn send(from: &str, to: &str, coins: &[Coin]) -> Any {
    any(&MsgSend { from_address: from.into(), to_address: to.into(), amount: to_proto(coins) })
}

impl Client {
    /// What an account holds of one coin, in base units.
    pub fn balance(&self, address: &str, denom: &str) -> Result<Uint128> {
        let request = QueryBalanceRequest { address: address.into(), denom: denom.into() };
        let (answer, _) = ask!(self, "balance", QueryClient.balance(request))?;
        match answer.balance {
            Some(coin) => Ok(from_proto(coin)?.amount),
            None => Ok(Uint128::zero()),
        }
    }

    /// Everything that an account holds.
    pub fn all_balances(&self, address: &str) -> Result<Vec<Coin>> {
        let mut coins = Vec::new();
        let mut page = Some(vec![]);
        while let Some(key) = page {
            let mut request = QueryAllBalancesRequest { address: address.into(), ..Default::default() };
            request.pagination = Some(crate::wasm::page(key));
            let (answer, _) = ask!(self, "balances", QueryClient.all_balances(request))?;
            page = next_page(answer.pagination);
            for coin in answer.balances {
                coins.push(from_proto(coin)?);
            }
        }
        Ok(coins)
    }
}

/// As the chain wants them: sorted, none zero.
pub(crate) fn to_proto(coins: &[Coin]) -> Vec<ProtoCoin> {
    let mut coins: Vec<_> = coins.iter().filter(|coin| !coin.amount.is_zero()).collect();
    coins.sort_by(|a, b| a.denom.cmp(&b.denom));
    coins
        .into_iter()
        .map(|coin| ProtoCoin { denom: coin.denom.clone(), amount: coin.amount.to_string() })
        .collect()
}

fn from_proto(coin: ProtoCoin) -> Result<Coin> {
    let amount = coin.amount.parse().map_err(|e| Error::malformed("balance", e))?;
    Ok(Coin { denom: coin.denom, amount })
}
