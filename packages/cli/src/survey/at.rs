//! Questions that are all of the same block.

use cosmwasm_std::{from_json, to_json_binary};
use sdp_network::{ChainError, Kind, Network, CUSTODY};
use sdp_types::market::AccountId;
use sdp_types::{custody, liquidator};
use serde::de::DeserializeOwned;
use serde::Serialize;

/// Entries of a list that are asked for at once: the most that contracts give.
pub const PAGE: u32 = 100;

/// An answer, or why a contract gave none.
pub type Asked<T> = Result<T, ChainError>;

/// A network at a block. The error of each question is that the node does not answer; a contract's refusal is in the answer.
pub struct At<'a> {
    /// Who is asked.
    pub network: &'a dyn Network,
    /// As of which block.
    pub height: u64,
}

impl At<'_> {
    /// One question. A contract that there is not has refused it.
    pub fn ask<T: DeserializeOwned>(
        &self,
        contract: &str,
        question: &impl Serialize,
    ) -> Result<Asked<T>, ChainError> {
        let address = match self.network.contract(contract) {
            Ok(address) => address,
            Err(none) => return Ok(Err(none)),
        };
        match self.network.ask(&address, &to_json_binary(question)?, Some(self.height)) {
            Ok(answer) => Ok(from_json(answer).map_err(ChainError::from)),
            Err(lost) if lost.kind == Kind::Setup => Err(lost),
            Err(refused) => Ok(Err(refused)),
        }
    }

    /// A question to the lens about a market.
    pub fn ask_of<T: DeserializeOwned, M: Serialize>(
        &self,
        market: &str,
        question: impl FnOnce(String) -> M,
    ) -> Result<Asked<T>, ChainError> {
        match self.network.contract(market) {
            Ok(address) => self.ask("lens", &question(address.into_string())),
            Err(none) => Ok(Err(none)),
        }
    }

    /// Every page of a list: `question` makes the one for what comes after an entry.
    pub fn pages<T: DeserializeOwned, M: Serialize>(
        &self,
        contract: &str,
        question: impl Fn(Option<&T>) -> M,
    ) -> Result<Asked<Vec<T>>, ChainError> {
        let mut all = Vec::new();
        loop {
            let page: Vec<T> = match self.ask(contract, &question(all.last()))? {
                Ok(page) => page,
                Err(refused) => return Ok(Err(refused)),
            };
            let full = page.len() >= PAGE as usize;
            all.extend(page);
            if !full {
                return Ok(Ok(all));
            }
        }
    }

    /// All running auctions.
    pub fn auctions(&self) -> Result<Asked<Vec<liquidator::AuctionResponse>>, ChainError> {
        self.pages("liquidator", |last: Option<&liquidator::AuctionResponse>| {
            let start_after = last.map(|last| last.auction);
            liquidator::QueryMsg::Auctions { start_after, limit: Some(PAGE) }
        })
    }

    /// All sales of tokens that are margin.
    pub fn token_sales(&self) -> Result<Asked<Vec<custody::SaleResponse>>, ChainError> {
        self.pages(CUSTODY, |last: Option<&custody::SaleResponse>| {
            let start_after = last.map(|last| AccountId { owner: last.owner.clone(), account: last.account });
            custody::QueryMsg::Sales { start_after, limit: Some(PAGE) }
        })
    }

    /// What people call a contract that the manifest calls so.
    pub fn name_of_contract(&self, name: &str) -> String {
        let address = self.network.contract(name).ok();
        let known = address.and_then(|address| self.network.name_of(address.as_str()));
        known.unwrap_or(name).to_string()
    }
}
