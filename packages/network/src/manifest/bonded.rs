//! The desk of bonded markets in a manifest, where it has one, and examples of such markets.

use anyhow::Result;
use sdp_types::bonded::{self, Params};
use sdp_types::event::{self, EventQuote};
use sdp_types::units::{Price, Ratio};
use serde::{Deserialize, Serialize};

use super::{AddressOf, Manifest, DESK};
use crate::decimal::Dollars;

/// See [`sdp_types::bonded::Params`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Bonded {
    /// The desk's credit line at the pool: most that all credit can be beyond all bonds.
    pub line: Dollars,
    pub minimum_bond: Dollars,
    pub multiple: Ratio,
    pub cap: Ratio,
    pub slots: u8,
    pub max_age: u64,
    pub draw_delay: u64,
    pub close_delay: u64,
    pub resolution_time: u64,
    pub change_delay: u64,
    /// Examples of markets that are made with it; whoever wants one bonds it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventMarket>,
}

/// See [`sdp_types::event::InstantiateMsg`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct EventMarket {
    /// In the address book.
    pub name: String,
    pub author: String,
    pub feed: String,
    pub strike: Price,
    pub lasts: u64,
    pub window: u64,
    pub yes_price: Ratio,
    pub spread: Ratio,
}

impl Bonded {
    /// Text of the default one, with its comments: to be put behind a manifest.
    pub const DEFAULT: &'static str = include_str!("../../bonded.toml");

    /// The desk's parameters.
    pub fn params(&self) -> Params {
        Params {
            minimum_bond: self.minimum_bond.0,
            multiple: self.multiple,
            cap: self.cap,
            slots: self.slots,
            max_age: self.max_age,
            draw_delay: self.draw_delay,
            close_delay: self.close_delay,
            resolution_time: self.resolution_time,
            change_delay: self.change_delay,
        }
    }
}

impl Manifest {
    /// The built-in manifest with the default desk of bonded markets.
    pub fn with_default_desk() -> Result<Self> {
        Self::parse(&format!("{}\n{}", Self::BUILT_IN, Bonded::DEFAULT))
    }

    /// Examples of bonded markets.
    pub fn event_markets(&self) -> impl Iterator<Item = &EventMarket> {
        self.bonded.iter().flat_map(|bonded| &bonded.events)
    }

    /// The desk as it begins.
    pub fn bonded_msg(&self, bonded: &Bonded, address: AddressOf<'_>) -> Result<bonded::InstantiateMsg> {
        Ok(bonded::InstantiateMsg {
            owner: address(&self.roles.owner)?,
            guardian: self.roles.guardian.as_deref().map(address).transpose()?,
            pool: address("pool")?,
            params: bonded.params(),
        })
    }

    /// An example of a bonded market as it begins.
    pub fn event_msg(&self, event: &EventMarket, address: AddressOf<'_>) -> Result<event::InstantiateMsg> {
        Ok(event::InstantiateMsg {
            author: address(&event.author)?,
            pool: address("pool")?,
            desk: address(DESK)?,
            feed: self.feed_id(&event.feed)?,
            strike: event.strike,
            lasts: event.lasts,
            window: event.window,
            quote: EventQuote { yes_price: event.yes_price, spread: event.spread },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_fits_behind_the_built_in_manifest() {
        let manifest = Manifest::with_default_desk().unwrap();
        assert_eq!(Manifest::parse(&toml::to_string(&manifest).unwrap()).unwrap(), manifest);
        let bonded = manifest.bonded.clone().unwrap();
        assert_eq!(bonded.params().validate(), Ok(()));
        let without = Manifest { bonded: None, ..manifest };
        assert_eq!(without, Manifest::built_in().unwrap());
    }
}
