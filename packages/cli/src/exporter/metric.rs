//! What a metric is, and how a number of the protocol becomes one of Prometheus.
//!
//! Prometheus has floats, and nobody computes with what he reads there: so numbers are converted where they leave, each from its exact
//! decimal text, which rounds once.

use sdp_network::decimal;
use sdp_types::units::{Amount, SignedUsd, Usd};
use sdp_types::Ratio;

/// How a metric may move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Up and down.
    Gauge,
    /// Up only, but where its contract is replaced.
    Counter,
}

/// One metric.
#[derive(Debug)]
pub struct Metric {
    /// Its name; a counter's is exported with `_total` behind it.
    pub name: &'static str,
    /// How it may move.
    pub kind: Kind,
    /// Names of its labels.
    pub labels: &'static [&'static str],
    /// What it is, with its unit.
    pub help: &'static str,
}

impl Metric {
    /// The name that samples have, and rules and dashboards use.
    #[cfg(test)]
    pub fn exposed(&self) -> String {
        let suffix = if self.kind == Kind::Counter { "_total" } else { "" };
        format!("{}{suffix}", self.name)
    }
}

/// `/// help` · `NAME = Kind "name" ["label", …];` makes each a constant, and a list of all.
macro_rules! metrics {
    ($( $(#[doc = $help:literal])+ $constant:ident = $kind:ident $name:literal [$($label:literal),*]; )*) => {
        $(
            $(#[doc = $help])+
            pub const $constant: Metric = Metric {
                name: $name,
                kind: Kind::$kind,
                labels: &[$($label),*],
                help: concat!($($help),+),
            };
        )*

        /// All of this file, in order.
        pub const ALL: &[Metric] = &[$($constant),*];
    };
}
pub(super) use metrics;

/// A decimal text as the float next to it.
fn parsed(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// Micro-USD as USD.
pub fn usd(amount: Usd) -> f64 {
    parsed(&decimal::show(amount.raw(), 6))
}

/// Micro-USD as USD.
pub fn signed_usd(amount: SignedUsd) -> f64 {
    let sign = if amount.is_negative() { "-" } else { "" };
    parsed(&format!("{sign}{}", decimal::show(amount.abs().raw(), 6)))
}

/// Base units as whole tokens.
pub fn tokens(amount: Amount, decimals: u8) -> f64 {
    parsed(&decimal::show(amount.raw(), decimals.into()))
}

/// A price, size, rate or signed ratio as it is.
pub fn plain(number: impl ToString) -> f64 {
    parsed(&number.to_string())
}

/// A ratio; one beyond all bounds is infinite.
pub fn ratio(ratio: Ratio) -> f64 {
    if ratio == Ratio::MAX {
        return f64::INFINITY;
    }
    plain(ratio)
}

/// Seconds, heights and numbers of things: exact below 2⁵³.
pub fn whole(number: impl TryInto<u64>) -> f64 {
    number.try_into().map_or(f64::NAN, |number| number as f64)
}

/// Whether something is so: 1 or 0.
pub fn flag(is: bool) -> f64 {
    f64::from(u8::from(is))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_once_from_their_exact_text() {
        assert_eq!(usd(Usd::new(1)), 0.000_001);
        assert_eq!(signed_usd(SignedUsd::new(-1_234_567_890_123)), -1_234_567.890_123);
        // 10¹⁵ USD and a micro-USD: a float has no room for that, and takes its nearest neighbour
        assert_eq!(usd(Usd::new(1_000_000_000_000_000_000_001)), 1e15);
        assert_eq!(tokens(Amount::new(1_500_000), 6), 1.5);
        assert_eq!(ratio(Ratio::bps(45)), 0.004_5);
        assert_eq!(ratio(Ratio::MAX), f64::INFINITY);
        assert_eq!(whole(u64::from(u32::MAX)), 4_294_967_295.0);
        assert_eq!((flag(true), flag(false)), (1.0, 0.0));
    }
}
