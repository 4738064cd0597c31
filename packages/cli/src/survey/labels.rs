//! What contracts, feeds, collaterals and tokens are called.

use std::collections::BTreeMap;

use sdp_network::Network;
use sdp_types::board::FeedId;

/// Names by address and by number. What has none is called by its address or number.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    by_address: BTreeMap<String, String>,
    feeds: Vec<String>,
    collaterals: Vec<(String, u8)>,
    tokens: Vec<(String, u8)>,
}

impl Labels {
    /// Those of a network.
    pub fn of(network: &dyn Network) -> Self {
        let (names, manifest) = (network.names(), network.manifest());
        let mut by_address = BTreeMap::new();
        for (name, address) in names.contracts().iter().chain(names.accounts()) {
            by_address.entry(address.to_string()).or_insert_with(|| name.clone());
        }
        let collaterals: Vec<_> =
            manifest.collaterals.iter().map(|entry| (entry.name.clone(), entry.decimals)).collect();
        let tokens = manifest.custody.iter().flat_map(|custody| &custody.tokens);
        let token = |name: &str| collaterals.iter().find(|(known, _)| known == name).cloned();
        let tokens = tokens.map(|entry| token(&entry.collateral).unwrap_or((entry.collateral.clone(), 6)));
        Self {
            by_address,
            feeds: manifest.feeds.iter().map(|feed| feed.symbol.clone()).collect(),
            tokens: tokens.collect(),
            collaterals,
        }
    }

    /// Of a contract or an account.
    pub fn name(&self, address: &str) -> String {
        self.by_address.get(address).map_or(address, String::as_str).to_string()
    }

    /// Symbol of a feed.
    pub fn feed(&self, feed: FeedId) -> String {
        self.feeds.get(usize::from(feed)).cloned().unwrap_or_else(|| feed.to_string())
    }

    /// Name of a vault's collateral.
    pub fn vault(&self, vault: u8) -> String {
        self.collaterals.get(usize::from(vault)).map_or_else(|| vault.to_string(), |(name, _)| name.clone())
    }

    /// Name and decimals of a token of the custody.
    pub fn token(&self, token: u8) -> (String, u8) {
        self.tokens.get(usize::from(token)).cloned().unwrap_or_else(|| (token.to_string(), 6))
    }
}
