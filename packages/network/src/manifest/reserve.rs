//! The par reserve in a manifest, where it has one.

use anyhow::Result;
use sdp_types::pool::Token;
use sdp_types::reserve::{self, OutFee, Params, Status, TokenConfig};
use sdp_types::units::Ratio;
use serde::{Deserialize, Serialize};

use super::{AddressOf, Manifest};
use crate::decimal::Dollars;

/// See [`sdp_types::reserve::Params`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Reserve {
    pub supply_share: Ratio,
    pub minimum_room: Dollars,
    pub change_delay: u64,
    /// By number.
    pub tokens: Vec<ReserveToken>,
}

/// See [`TokenConfig`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReserveToken {
    /// Whose token, decimals and feed it has.
    pub collateral: String,
    pub band: Ratio,
    pub maximum_confidence: Ratio,
    pub ceiling: Dollars,
    pub fee_in: Ratio,
    pub fee_out: OutFee,
    #[serde(default = "open")]
    pub status: Status,
}

fn open() -> Status {
    Status::Open
}

impl Reserve {
    /// Text of the default one, with its comments: to be put behind a manifest.
    pub const DEFAULT: &'static str = include_str!("../../reserve.toml");

    /// The reserve's parameters.
    pub fn params(&self) -> Params {
        Params {
            supply_share: self.supply_share,
            minimum_room: self.minimum_room.0,
            change_delay: self.change_delay,
        }
    }
}

impl ReserveToken {
    /// As the reserve takes it; `address` knows the collateral's name where it is a CW20.
    pub fn config(&self, manifest: &Manifest, address: AddressOf<'_>) -> Result<TokenConfig> {
        let (_, collateral) = manifest.collateral(&self.collateral)?;
        let token = match &collateral.denom {
            Some(denom) => Token::Native(denom.clone()),
            None => Token::Cw20(address(&collateral.name)?),
        };
        Ok(TokenConfig {
            token,
            decimals: collateral.decimals,
            feed: manifest.feed_id(&collateral.feed)?,
            band: self.band,
            maximum_confidence: self.maximum_confidence,
            ceiling: self.ceiling.0,
            fee_in: self.fee_in,
            fee_out: self.fee_out,
            status: self.status,
        })
    }
}

impl Manifest {
    /// The built-in manifest with the default par reserve.
    pub fn with_default_reserve() -> Result<Self> {
        Self::parse(&format!("{}\n{}", Self::BUILT_IN, Reserve::DEFAULT))
    }

    /// The par reserve as it begins.
    pub fn reserve_msg(&self, reserve: &Reserve, address: AddressOf<'_>) -> Result<reserve::InstantiateMsg> {
        Ok(reserve::InstantiateMsg {
            owner: address(&self.roles.owner)?,
            guardian: self.roles.guardian.as_deref().map(address).transpose()?,
            pool: address("pool")?,
            params: reserve.params(),
            tokens: reserve.tokens.iter().map(|token| token.config(self, address)).collect::<Result<_>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_fits_behind_the_built_in_manifest() {
        let manifest = Manifest::with_default_reserve().unwrap();
        assert_eq!(Manifest::parse(&toml::to_string(&manifest).unwrap()).unwrap(), manifest);
        let without = Manifest { reserve: None, ..manifest };
        assert_eq!(without, Manifest::built_in().unwrap());
    }

    #[test]
    fn a_token_that_is_no_collateral_is_refused() {
        let reserve = Reserve::DEFAULT.replace("\"USDC\"", "\"GOLD\"");
        let error = Manifest::parse(&format!("{}\n{reserve}", Manifest::BUILT_IN)).unwrap_err();
        assert!(error.to_string().contains("no collateral `GOLD`"), "{error}");
    }
}
