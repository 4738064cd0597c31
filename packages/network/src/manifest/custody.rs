//! The custody of traders' tokens in a manifest, where it has one.

use anyhow::Result;
use sdp_types::custody::{self, Haircut, Params, TokenConfig, TokenTerms};
use sdp_types::pool::Token;
use sdp_types::units::Ratio;
use serde::{Deserialize, Serialize};

use super::{AddressOf, Auction, Manifest};
use crate::decimal::Dollars;

/// See [`sdp_types::custody::Params`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Custody {
    /// The market whose accounts it backs; the first one by default.
    #[serde(default = "first")]
    pub market: String,
    pub penalty: Ratio,
    pub minimum_deposit: Dollars,
    pub change_delay: u64,
    pub auction: Auction,
    /// By number.
    pub tokens: Vec<CustodyToken>,
}

fn first() -> String {
    "market".into()
}

/// See [`TokenConfig`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct CustodyToken {
    /// Whose token, decimals and feed it has.
    pub collateral: String,
    pub haircut: Haircut,
    pub confidence: Ratio,
    pub cap: Dollars,
    #[serde(default)]
    pub closing: bool,
}

impl Custody {
    /// The custody's parameters.
    pub fn params(&self) -> Params {
        Params {
            auction: self.auction.params(),
            penalty: self.penalty,
            minimum_deposit: self.minimum_deposit.0,
            change_delay: self.change_delay,
        }
    }
}

impl CustodyToken {
    /// As the custody takes it; `address` knows the collateral's name where it is a CW20.
    pub fn config(&self, manifest: &Manifest, address: AddressOf<'_>) -> Result<TokenConfig> {
        let (_, collateral) = manifest.collateral(&self.collateral)?;
        let token = match &collateral.denom {
            Some(denom) => Token::Native(denom.clone()),
            None => Token::Cw20(address(&collateral.name)?),
        };
        let terms = TokenTerms {
            feed: manifest.feed_id(&collateral.feed)?,
            decimals: collateral.decimals,
            haircut: self.haircut,
            confidence: self.confidence,
            closing: self.closing,
        };
        Ok(TokenConfig { token, terms, cap: self.cap.0 })
    }
}

impl Manifest {
    /// The custody as it begins.
    pub fn custody_msg(&self, custody: &Custody, address: AddressOf<'_>) -> Result<custody::InstantiateMsg> {
        Ok(custody::InstantiateMsg {
            owner: address(&self.roles.owner)?,
            guardian: self.roles.guardian.as_deref().map(address).transpose()?,
            market: address(&custody.market)?,
            params: custody.params(),
            tokens: custody.tokens.iter().map(|token| token.config(self, address)).collect::<Result<_>>()?,
        })
    }

    /// Whether a market's accounts are backed by the custody.
    pub fn has_custody(&self, market: &str) -> bool {
        let is_first = self.markets.first().is_some_and(|first| first.name == market);
        let names = |custody: &Custody| custody.market == market || (is_first && custody.market == "market");
        self.custody.as_ref().is_some_and(names)
    }
}
