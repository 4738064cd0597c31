//! Fields that several messages have, read by one function each: for `#[serde(deserialize_with)]` on a variant.
//!
//! A derived variant reads its fields by code of its own, which is one to two kilobytes of every contract for each of them. What
//! is accepted is the same: these fields and no others.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

macro_rules! shared {
    ($($(#[$doc:meta])* $name:ident { $($field:ident : $type:ty),* }),* $(,)?) => {
        $(
            $(#[$doc])*
            #[allow(unused_parens)]
            pub fn $name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<($($type),*), D::Error> {
                #[derive(Deserialize)]
                #[serde(deny_unknown_fields)]
                struct Fields { $($field: $type),* }
                let Fields { $($field),* } = Fields::deserialize(deserializer)?;
                Ok(($($field),*))
            }
        )*
    };
}

shared! {
    /// None.
    none {},
    /// Number of a change that waits.
    id { id: u64 },
    /// Number of an auction.
    auction { auction: u64 },
    /// Whose it becomes.
    beneficiary { beneficiary: Option<String> },
    /// A market.
    market { market: String },
    /// A provider's position.
    position { vault: u8, owner: String },
    /// How much of the collateral of a provider's position.
    exit { vault: u8, owner: String, amount: crate::Amount },
}

/// A market and its credit line.
pub fn line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(String, crate::Usd), D::Error> {
    match listed_as(deserializer)? {
        (market, line, None) => Ok((market, line)),
        _ => Err(D::Error::unknown_field("bonded", &["market", "line"])),
    }
}

/// A market, its credit line, and whether it stands for bonded markets: not by default.
pub fn listed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(String, crate::Usd, bool), D::Error> {
    let (market, line, bonded) = listed_as(deserializer)?;
    Ok((market, line, bonded.unwrap_or_default()))
}

fn listed_as<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<(String, crate::Usd, Option<bool>), D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Fields {
        market: String,
        line: crate::Usd,
        bonded: Option<bool>,
    }
    let Fields { market, line, bonded } = Fields::deserialize(deserializer)?;
    Ok((market, line, bonded))
}

/// How much sdUSD against a provider's position.
pub fn mint<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(u8, String, crate::Usd), D::Error> {
    let (vault, owner, amount) = exit(deserializer)?;
    Ok((vault, owner, crate::Usd::new(amount.raw())))
}

/// An account of a market, and what is asked about it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfAccount {
    market: String,
    owner: String,
    account: u16,
    perp: Option<u16>,
    size: Option<crate::Size>,
    delegate: Option<String>,
}

/// An account of a market.
pub fn account<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(String, String, u16), D::Error> {
    match OfAccount::deserialize(deserializer)? {
        OfAccount { market, owner, account, perp: None, size: None, delegate: None } => {
            Ok((market, owner, account))
        }
        _ => Err(D::Error::custom("an account has a market, an owner and an account")),
    }
}

/// An account of a market, a perpetual, and what it buys.
pub fn trade<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<(String, String, u16, u16, crate::Size), D::Error> {
    match OfAccount::deserialize(deserializer)? {
        OfAccount { market, owner, account, perp: Some(perp), size: Some(size), delegate: None } => {
            Ok((market, owner, account, perp, size))
        }
        _ => Err(D::Error::custom("a trade has a market, an owner, an account, a perp and a size")),
    }
}

/// An account of a market, and another address.
pub fn delegate<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<(String, String, u16, String), D::Error> {
    match OfAccount::deserialize(deserializer)? {
        OfAccount { market, owner, account, perp: None, size: None, delegate: Some(delegate) } => {
            Ok((market, owner, account, delegate))
        }
        _ => Err(D::Error::custom("a delegation has a market, an owner, an account and a delegate")),
    }
}
