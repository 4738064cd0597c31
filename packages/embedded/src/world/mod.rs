//! What tests read by: people who act on a chain, in numbers as people write them.
//!
//! ```no_run
//! use sdp_embedded::World;
//!
//! let mut world = World::new();
//! world.lp("anna").deposits(2_000_000, "ATOM").mints(10_000);
//! world.sells_sdusd("anna", "bob", 5_000);
//! world.trader("bob").funds_margin(1_000).buys("0.1", "BTC");
//! world.passes(10);
//! world.keeper("kim").settles("BTC");
//! world.lp("anna").fails_with("E0312").mints(50_000_000);
//! ```
//!
//! Each step panics where it fails, at the line of the test. After `fails_with` the next step has to fail with that
//! code or text, and nothing may have changed. A panic of a contract and a difference in the books are never expected.
// Helpers of tests: a step that fails is the test's failure.
#![allow(clippy::panic)]

mod keeper;
mod lp;
mod swapper;
mod trader;

pub use keeper::Keeper;
pub use lp::Lp;
pub use swapper::Swapper;
pub use trader::Trader;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::{Deref, DerefMut};

use sdp_types::events::{FromEvent, PriceRejected};
use sdp_types::units::{Amount, Ratio, Usd};

use crate::audit::Audits;
use crate::chain::Chain;
use sdp_network::actions::FeedPrice;
use sdp_network::decimal::{self, Human};
use sdp_network::error::Result;
use sdp_network::{events, Actions, Answer, Manifest};

/// A chain and the people on it.
pub struct World {
    chain: Chain,
    /// Collateral that each provider used last.
    vaults: BTreeMap<String, String>,
    last: Answer,
}

impl Deref for World {
    type Target = Chain;

    fn deref(&self) -> &Chain {
        &self.chain
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Chain {
        &mut self.chain
    }
}

#[track_caller]
fn must<T>(result: core::result::Result<T, impl Display>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// The built-in manifest without a floor of insurance and without a stability fee, its first prices published, a deep audit after every message. Nobody
    /// has deposited yet; the market's unused credit of 1 million USD locks as much collateral, so small providers need a big
    /// one beside them ([`Self::backed`]).
    #[track_caller]
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// [`Self::new`] with a provider `whale` of 1,000,000 ATOM, 10 million USD at first prices.
    #[track_caller]
    pub fn backed() -> Self {
        let mut world = Self::new();
        world.lp("whale").deposits(1_000_000, "ATOM");
        world
    }

    /// [`Self::new`] with changes.
    #[track_caller]
    pub fn with(change: impl FnOnce(&mut Manifest)) -> Self {
        let mut manifest = must(Manifest::built_in());
        // nobody has insured anything: with the floor every first trade would leave the pool in caution
        if let Some(breakers) = &mut manifest.pool.breakers {
            breakers.insurance_floor = Ratio::ZERO;
        }
        // stories count in round numbers: what was minted costs nothing where a story doesn't say so
        for collateral in &mut manifest.collaterals {
            collateral.stability_fee = Ratio::ZERO;
        }
        change(&mut manifest);
        Self::of(manifest)
    }

    /// A manifest, its first prices published.
    #[track_caller]
    pub fn of(manifest: Manifest) -> Self {
        let mut chain = must(Chain::deploy(manifest));
        chain.audits = Audits::Deep;
        let last = must(chain.publish_first_prices());
        Self { chain, vaults: BTreeMap::new(), last }
    }

    // people

    /// A liquidity provider.
    pub fn lp(&mut self, name: &str) -> Lp<'_> {
        Lp::new(self, name)
    }

    /// A trader.
    pub fn trader(&mut self, name: &str) -> Trader<'_> {
        Trader::new(self, name)
    }

    /// A keeper: anyone who settles, liquidates, takes.
    pub fn keeper(&mut self, name: &str) -> Keeper<'_> {
        Keeper::new(self, name)
    }

    /// Anyone who swaps at the par reserve, where the manifest has one.
    pub fn swapper(&mut self, name: &str) -> Swapper<'_> {
        Swapper::new(self, name)
    }

    /// A provider sells sdUSD to a trader at par; the dollars for it stand in the account book.
    #[track_caller]
    pub fn sells_sdusd(&mut self, seller: &str, buyer: &str, amount: impl Human) -> &mut Self {
        let amount = must(decimal::usd(amount));
        self.last = must(self.chain.sell_sdusd(seller, buyer, amount));
        self
    }

    // prices and time

    /// A feed's new price, with the manifest's confidence. See [`Self::prices`].
    #[track_caller]
    pub fn price(&mut self, feed: &str, price: impl Human) -> &mut Self {
        self.prices(&[(feed, &price.text())])
    }

    /// New prices, published together now, with the manifest's confidence. Where a feed has a price of this second
    /// already, a second passes first. A jump beyond a feed's band is confirmed one second later, as the publishers of a
    /// real crash would do. Panics if the board does not show the prices then.
    #[track_caller]
    pub fn prices(&mut self, prices: &[(&str, &str)]) -> &mut Self {
        let prices: Vec<_> = prices
            .iter()
            .map(|(feed, price)| (must(self.chain.manifest.feed_id(feed)), must(price.parse()), None))
            .collect();
        self.publishes(&prices)
    }

    /// A feed's new price with a confidence. See [`Self::prices`].
    #[track_caller]
    pub fn uncertain_price(&mut self, feed: &str, price: &str, confidence: &str) -> &mut Self {
        let feed = must(self.chain.manifest.feed_id(feed));
        self.publishes(&[(feed, must(price.parse()), Some(must(confidence.parse())))])
    }

    #[track_caller]
    fn publishes(&mut self, prices: &[FeedPrice]) -> &mut Self {
        self.last = must(self.chain.publish_surely(prices));
        let board = must(self.chain.board());
        for (feed, price, _) in prices {
            let shown = board.quotes.get(usize::from(*feed)).map(|quote| quote.price);
            assert_eq!(shown, Some(*price), "feed {feed}: {:?}", self.told::<PriceRejected>());
        }
        self
    }

    /// Time passes, and the prices of all feeds are published again, unchanged, at the end. Where that is more than an
    /// interval, also at the beginning of each of the next intervals up to two after the order delay, so that orders
    /// that were committed before find theirs. Longer than the oracle's gap, it leaves one behind: then nobody is
    /// liquidated for two intervals ([`Self::passes_without_gap`]).
    #[track_caller]
    pub fn passes(&mut self, seconds: u64) -> &mut Self {
        self.last = must(self.chain.pass(seconds));
        self
    }

    /// Time passes, and the prices of all feeds are published again, unchanged, so often that there is no gap.
    #[track_caller]
    pub fn passes_without_gap(&mut self, seconds: u64) -> &mut Self {
        let (end, gap) = (self.chain.now() + seconds, u64::from(self.chain.manifest.oracle.gap_seconds));
        while self.chain.now() < end {
            let wait = gap.min(end - self.chain.now());
            self.waits(wait);
            self.refreshes();
        }
        self
    }

    /// Time passes and nobody publishes.
    pub fn waits(&mut self, seconds: u64) -> &mut Self {
        if seconds > 0 {
            self.chain.advance(seconds);
        }
        self
    }

    /// The prices of all feeds are published again, unchanged, where they are older than now.
    #[track_caller]
    pub fn refreshes(&mut self) -> &mut Self {
        self.last = must(self.chain.republish());
        self
    }

    /// Time passes until the first order interval of all orders that wait has its price, and all of them are settled.
    #[track_caller]
    pub fn fills(&mut self) -> &mut Self {
        let oracle = &self.chain.manifest.oracle;
        let wait = u64::from(oracle.interval_seconds) * 2;
        let manifest = &self.chain.manifest;
        let delays = manifest.markets.iter().map(|market| market.order_delay);
        let delay = delays.chain(manifest.spot.iter().map(|spot| spot.order_delay)).max();
        self.passes(wait + delay.unwrap_or_default());
        self.keeper("settler").settles_all();
        self
    }

    // what was told

    /// The answer to the last message.
    pub fn last(&self) -> &Answer {
        &self.last
    }

    /// All events of one kind in the answer to the last message.
    #[track_caller]
    pub fn told<E: FromEvent>(&self) -> Vec<E> {
        must(events(&self.last))
    }

    /// Whole sdUSD, recovery notes or collateral of an account as text: `"12.5"`.
    #[track_caller]
    pub fn has(&self, account: &str, token: &str) -> String {
        let decimals = match token {
            "sdusd" | "sdnote" => 6,
            _ => must(self.chain.manifest.collateral(token)).1.decimals,
        };
        decimal::show(must(self.chain.balance(account, token)).raw(), decimals.into())
    }

    #[track_caller]
    fn whole(&self, amount: impl Human, collateral: &str) -> Amount {
        let decimals = must(self.chain.manifest.collateral(collateral)).1.decimals;
        must(decimal::amount(amount, decimals))
    }
}

/// Somebody who acts.
struct Actor<'w> {
    world: &'w mut World,
    name: String,
    expected: Option<String>,
}

impl<'w> Actor<'w> {
    fn new(world: &'w mut World, name: &str) -> Self {
        Self { world, name: name.to_string(), expected: None }
    }

    /// Runs one step, which has to fail if somebody said so.
    #[track_caller]
    fn acts(&mut self, step: impl FnOnce(&mut Chain, &str) -> Result<Answer>) {
        let Some(expected) = self.expected.take() else {
            self.world.last = match step(&mut self.world.chain, &self.name) {
                Ok(response) => response,
                Err(error) => panic!("{}: {error}", self.name),
            };
            return;
        };
        let before = self.world.chain.store().clone();
        match step(&mut self.world.chain, &self.name) {
            Ok(response) => panic!("{} was to fail with {expected}: {response:?}", self.name),
            Err(error) => {
                assert!(!error.is_bug(), "{}: {error}", self.name);
                assert!(error.says(&expected), "{} was to fail with {expected}: {error}", self.name);
            }
        }
        assert!(*self.world.chain.store() == before, "{}: a refusal changed something", self.name);
    }

    #[track_caller]
    fn usd(amount: impl Human) -> Usd {
        must(decimal::usd(amount))
    }
}

/// The methods that every actor has.
macro_rules! actor {
    ($name:ident) => {
        impl $name<'_> {
            /// The next step has to fail with this code, or with this text in its error, and to change nothing.
            #[must_use]
            pub fn fails_with(mut self, code_or_text: &str) -> Self {
                self.actor.expected = Some(code_or_text.to_string());
                self
            }

            /// All events of one kind in the answer to the last message.
            #[track_caller]
            pub fn told<E: sdp_types::events::FromEvent>(&self) -> Vec<E> {
                self.actor.world.told()
            }
        }
    };
}
pub(crate) use actor;

/// Signed sizes: `"-0.5"` and `"0.5"` of a whole unit.
#[track_caller]
fn size(number: impl Human) -> sdp_types::units::Size {
    let text = number.text();
    must(text.replace('_', "").parse())
}
