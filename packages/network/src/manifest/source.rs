//! Where the price of a pulled feed comes from, by names.

use anyhow::{Context, Result};
use cosmwasm_std::{Binary, HexBinary};
use sdp_types::oracle::Source;
use sdp_types::units::{Rate, Ratio};
use serde::{Deserialize, Serialize};

use super::{AddressOf, Manifest};

/// [`Source`] with symbols for feeds, names or addresses for contracts and text for a query:
///
/// ```
/// let text = r#"source = { lowest = [
///     { product = [
///         { feed = "ATOM" },
///         { rate = { contract = "hub", query = '{"state":{}}', path = ["exchange_rate"], maximum_growth = "0.001" } },
///     ] },
///     { feed = "stATOM-market" },
/// ] }"#;
/// #[derive(serde::Deserialize)]
/// struct Feed {
///     source: sdp_network::manifest::FeedSource,
/// }
/// assert!(matches!(toml::from_str::<Feed>(text).unwrap().source, sdp_network::manifest::FeedSource::Lowest(of) if of.len() == 2));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum FeedSource {
    Feed(String),
    Pyth {
        contract: String,
        id: String,
        maximum_age: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maximum_confidence: Option<Ratio>,
    },
    Rate {
        contract: String,
        query: String,
        path: Vec<String>,
        maximum_growth: Rate,
    },
    Product(Vec<FeedSource>),
    Quotient {
        of: Box<FeedSource>,
        by: Box<FeedSource>,
    },
    Lowest(Vec<FeedSource>),
    First(Vec<FeedSource>),
    Checked {
        source: Box<FeedSource>,
        by: Box<FeedSource>,
        within: Ratio,
    },
}

impl FeedSource {
    /// As the oracle takes it.
    pub fn resolve(&self, manifest: &Manifest, address: AddressOf<'_>) -> Result<Source> {
        let one = |source: &Self| source.resolve(manifest, address);
        let boxed = |source: &Self| one(source).map(Box::new);
        let all = |of: &[Self]| of.iter().map(one).collect::<Result<Vec<_>>>();
        Ok(match self {
            Self::Feed(symbol) => Source::Feed { feed: manifest.feed_id(symbol)? },
            Self::Pyth { contract, id, maximum_age, maximum_confidence } => Source::Pyth {
                contract: address(contract)?,
                id: HexBinary::from_hex(id).with_context(|| format!("Pyth's number `{id}`"))?,
                maximum_age: *maximum_age,
                maximum_confidence: *maximum_confidence,
            },
            Self::Rate { contract, query, path, maximum_growth } => Source::Rate {
                contract: address(contract)?,
                query: Binary::from(query.as_bytes()),
                path: path.clone(),
                maximum_growth: *maximum_growth,
            },
            Self::Product(of) => Source::Product { of: all(of)? },
            Self::Quotient { of, by } => Source::Quotient { of: boxed(of)?, by: boxed(by)? },
            Self::Lowest(of) => Source::Lowest { of: all(of)? },
            Self::First(of) => Source::First { of: all(of)? },
            Self::Checked { source, by, within } => {
                Source::Checked { source: boxed(source)?, by: boxed(by)?, within: *within }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"
[[feeds]]
symbol = "stETH"
sigma = "0.045"
volatility = { floor = "0.045", ceiling = "0.45" }
deviation_band = "0.2"
maximum_confidence = "0.05"
confidence = "0"
source = { checked = { source = { product = [
    { feed = "ETH" },
    { rate = { contract = "hub", query = '{"state":{}}', path = ["rate"], maximum_growth = "0.001" } },
] }, by = { pyth = { contract = "pyth", id = "00ff", maximum_age = 60 } }, within = "0.02" } }
"#;

    #[test]
    fn names_become_numbers_and_addresses_and_it_comes_back_from_its_own_text() {
        let text =
            Manifest::BUILT_IN.replacen("# Correlation of returns", &format!("{SOURCE}\n# Correlation"), 1);
        let manifest = Manifest::parse(&text).unwrap();
        assert_eq!(Manifest::parse(&toml::to_string(&manifest).unwrap()).unwrap(), manifest);
        let feed = manifest.feed("stETH").unwrap().1;
        let config = feed.config(&manifest, &|name| Ok(format!("address of {name}"))).unwrap();
        let rate = Source::Rate {
            contract: "address of hub".into(),
            query: Binary::from(br#"{"state":{}}"#),
            path: vec!["rate".into()],
            maximum_growth: "0.001".parse().unwrap(),
        };
        let pyth = Source::Pyth {
            contract: "address of pyth".into(),
            id: vec![0x00, 0xff].into(),
            maximum_age: 60,
            maximum_confidence: None,
        };
        let expected = Source::Checked {
            source: Box::new(Source::Product { of: vec![Source::Feed { feed: 1 }, rate] }),
            by: Box::new(pyth),
            within: Ratio::percent(2),
        };
        assert_eq!(config.source, Some(expected));
    }

    #[test]
    fn a_pulled_feed_has_no_first_price_and_its_names_are_known() {
        let with = |from: &str, to: &str| {
            let source = SOURCE.replacen(from, to, 1);
            let text = Manifest::BUILT_IN.replacen(
                "# Correlation of returns",
                &format!("{source}\n# Correlation"),
                1,
            );
            let manifest = Manifest::parse(&text)?;
            manifest.feed("stETH")?.1.config(&manifest, &|name| Ok(name.into()))
        };
        let says = |result: Result<_>, text: &str| {
            let error: anyhow::Error = result.map(|_: sdp_types::oracle::FeedConfig| ()).unwrap_err();
            assert!(format!("{error:#}").contains(text), "{error:#}");
        };
        says(with("confidence = \"0\"", "confidence = \"0\"\nprice = \"1\""), "nobody publishes");
        says(with("feed = \"ETH\"", "feed = \"DOGE\""), "no feed `DOGE`");
        says(with("00ff", "0x00"), "Pyth's number `0x00`");
    }
}
