//! Where the price of a pulled feed comes from.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, HexBinary};

use crate::board::FeedId;
use crate::units::{Rate, Ratio};

/// A price, or a plain number that a price is multiplied with or divided by, and how it is made of others.
///
/// A tree: at most [`Source::MAX_DEPTH`] combinations above one another, at most [`Source::MAX_LEAVES`] sources that combine
/// nothing, and two or more in each list. Prices and products are rounded down, confidences up; what was published is as old as the
/// oldest part that was used.
#[cw_serde]
#[derive(Eq)]
pub enum Source {
    /// The board's price of another feed, which has a smaller number, as long as it is fresh enough to liquidate.
    Feed {
        /// Which.
        feed: FeedId,
    },
    /// A price of a Pyth contract (`pyth-sdk-cw`), positive, with an exponent in [−18, 6], not from the future.
    Pyth {
        /// The contract.
        contract: String,
        /// Pyth's number of the price, 32 bytes.
        id: HexBinary,
        /// How old the price may be, seconds since it was published, in [1, 86,400].
        maximum_age: u32,
        /// How wide its band may be, as a fraction of the price, in (0, 1); none: as wide as the feed takes.
        maximum_confidence: Option<Ratio>,
    },
    /// A number that a contract answers, a rate of exchange as a liquid-staking hub tells it. It is as of now and certain. It may
    /// fall at once and grows by at most `maximum_growth`·Δt of itself, Δt since the last one with which a price was set, in days; rounded down.
    Rate {
        /// The contract.
        contract: String,
        /// The smart query, JSON, at most 1,024 bytes.
        query: Binary,
        /// Names of fields that lead into the answer, 1 to 8, to a text with a positive decimal number.
        path: Vec<String>,
        /// In [0, 1] per day.
        maximum_growth: Rate,
    },
    /// All multiplied. Confidence: (1 + a)·(1 + b) − 1.
    Product {
        /// The factors.
        of: Vec<Source>,
    },
    /// One divided by the other. Confidence: (1 + a) ÷ (1 − b) − 1.
    Quotient {
        /// The dividend.
        of: Box<Source>,
        /// The divisor, whose confidence is below 1.
        by: Box<Source>,
    },
    /// The lowest of several, all of which must be good. Its band reaches down to the lowest edge of all their bands.
    Lowest {
        /// Of these.
        of: Vec<Source>,
    },
    /// The first of several that is good; if none is, the refusal is the first one's.
    First {
        /// In this order.
        of: Vec<Source>,
    },
    /// One that another one confirms: |source − by| ≤ `within`·min(source, by). Its band reaches at least to the other price.
    Checked {
        /// The price.
        source: Box<Source>,
        /// What it is compared with.
        by: Box<Source>,
        /// In (0, 1).
        within: Ratio,
    },
}

impl Source {
    /// At most so many combinations above one another.
    pub const MAX_DEPTH: usize = 3;
    /// At most so many sources that combine nothing.
    pub const MAX_LEAVES: usize = 8;

    /// What it combines.
    pub fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Feed { .. } | Self::Pyth { .. } | Self::Rate { .. } => Vec::new(),
            Self::Product { of } | Self::Lowest { of } | Self::First { of } => of.iter().collect(),
            Self::Quotient { of: one, by } | Self::Checked { source: one, by, .. } => vec![one, by],
        }
    }

    /// How many combinations stand above one another.
    pub fn depth(&self) -> usize {
        self.parts().into_iter().map(|part| part.depth().saturating_add(1)).max().unwrap_or_default()
    }

    /// How many sources in it combine nothing.
    pub fn leaves(&self) -> usize {
        let parts = self.parts();
        if parts.is_empty() {
            return 1;
        }
        parts.into_iter().map(Self::leaves).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_knows_its_depth_and_its_leaves_and_comes_back_from_json() {
        let text = r#"{"lowest":{"of":[{"product":{"of":[{"feed":{"feed":0}},{"rate":{"contract":"hub",
            "query":"e30=","path":["rate"],"maximum_growth":"0.001"}}]}},{"feed":{"feed":1}}]}}"#;
        let source: Source = cosmwasm_std::from_json(text).unwrap();
        assert_eq!((source.depth(), source.leaves()), (2, 3));
        let again: Source = cosmwasm_std::from_json(cosmwasm_std::to_json_vec(&source).unwrap()).unwrap();
        assert_eq!(again, source);
    }
}
