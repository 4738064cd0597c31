//! Everybody's accounts and positions: they are many, so they are looked at less often than the sums.

use sdp_network::{Block, ChainError, Network};
use sdp_types::lens;
use sdp_types::market::{self, AccountId, AccountResponse};
use sdp_types::pool::{self, PositionResponse};

use super::at::{Asked, At, PAGE};
use super::Labels;

/// All accounts and positions as of one block.
pub struct People {
    /// The block.
    pub block: Block,
    /// Who is called how.
    pub labels: Labels,
    /// Accounts by the name of their market.
    pub accounts: Vec<(String, Asked<Vec<AccountResponse>>)>,
    /// Positions by the name of their collateral.
    pub positions: Vec<(String, Asked<Vec<PositionResponse>>)>,
}

impl People {
    /// Asks for all of them as of the last block. An error: the node does not answer.
    pub fn of(network: &dyn Network) -> Result<Self, ChainError> {
        let block = network.block()?;
        let at = At { network, height: block.height };
        let manifest = network.manifest();
        let mut accounts = Vec::new();
        for listed in &manifest.markets {
            accounts.push((at.name_of_contract(&listed.name), accounts_of(&at, &listed.name)?));
        }
        let mut positions = Vec::new();
        for (vault, collateral) in (0u8..).zip(&manifest.collaterals) {
            let found = at.pages("pool", |last: Option<&PositionResponse>| pool::QueryMsg::Positions {
                vault,
                start_after: last.map(|position| position.owner.clone()),
                limit: Some(PAGE),
            })?;
            positions.push((collateral.name.clone(), found));
        }
        Ok(Self { block, labels: Labels::of(network), accounts, positions })
    }
}

/// All accounts of a market.
fn accounts_of(at: &At<'_>, market: &str) -> Result<Asked<Vec<AccountResponse>>, ChainError> {
    let ids = at.pages(market, |last: Option<&AccountId>| market::QueryMsg::Accounts {
        start_after: last.cloned(),
        limit: Some(PAGE),
    })?;
    let ids = match ids {
        Ok(ids) => ids,
        Err(refused) => return Ok(Err(refused)),
    };
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(PAGE as usize) {
        let accounts = some.to_vec();
        let page: Asked<Vec<AccountResponse>> =
            at.ask_of(market, |market| lens::QueryMsg::Accounts { market, accounts })?;
        match page {
            Ok(page) => all.extend(page),
            Err(refused) => return Ok(Err(refused)),
        }
    }
    Ok(Ok(all))
}
