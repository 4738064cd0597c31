//! Conditional orders of a market in a manifest, where it has them.

use anyhow::{anyhow, Result};
use sdp_types::orders::{InstantiateMsg, Params};
use sdp_types::units::Ratio;
use serde::{Deserialize, Serialize};

use super::{AddressOf, Manifest, Market, ORDERS};
use crate::decimal::Dollars;

/// See [`sdp_types::orders::Params`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Conditional {
    pub least_fee: Dollars,
    pub most_fee: Dollars,
    pub refusal_share: Ratio,
    pub most_waiting: u32,
    pub longest_life: u64,
    pub most_commits: u8,
}

impl Conditional {
    /// What holds for all orders.
    pub fn params(&self) -> Params {
        Params {
            least_fee: self.least_fee.0,
            most_fee: self.most_fee.0,
            refusal_share: self.refusal_share,
            most_waiting: self.most_waiting,
            longest_life: self.longest_life,
            most_commits: self.most_commits,
        }
    }
}

impl Manifest {
    /// Markets that have conditional orders, each with the name of the contract: `orders` of the first market, `NAME-orders` of another one.
    pub fn conditionals(&self) -> impl Iterator<Item = (String, &Market)> {
        let named = self.markets.iter().enumerate().map(|(n, market)| match n {
            0 => (ORDERS.to_string(), market),
            _ => (format!("{}-{ORDERS}", market.name), market),
        });
        named.filter(|(_, market)| market.orders.is_some())
    }

    /// Name of the contract of a market's conditional orders.
    pub fn orders_of(&self, market: &str) -> Result<String> {
        let of = &self.market(market)?.name;
        let found = self.conditionals().find(|(_, other)| other.name == *of);
        found
            .map(|(name, _)| name)
            .ok_or_else(|| anyhow!("`{market}` has no conditional orders in the manifest"))
    }

    /// The contract of a market's conditional orders as it begins.
    pub fn orders_msg(&self, market: &str, address: AddressOf<'_>) -> Result<InstantiateMsg> {
        let entry = self.market(market)?;
        let orders = entry.orders.as_ref();
        let orders = orders.ok_or_else(|| anyhow!("`{market}` has no conditional orders in the manifest"))?;
        Ok(InstantiateMsg { market: address(&entry.name)?, params: orders.params() })
    }
}
