//! Fields that several messages have, read by one function each: for `#[serde(deserialize_with)]` on a variant.
//!
//! A derived variant reads its fields by code of its own, which is one to two kilobytes of every contract for each of them. What
//! is accepted is the same: these fields and no others.

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
    /// A market and its credit line.
    line { market: String, line: crate::Usd },
    /// A provider's position.
    position { vault: u8, owner: String },
}
