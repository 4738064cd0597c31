//! What there is to do on a chain. Each kind of work finds its jobs by questions alone; whether one pays, the keeper asks the chain.

mod accounts;
mod bonded;
mod orders;
mod pages;
mod positions;
mod pulled;
mod sales;
mod upkeep;

use std::collections::{BTreeMap, BTreeSet};

use sdp_network::error::Result;
use sdp_network::{Block, ChainError, Message, Network};
use sdp_types::board::Board;
use sdp_types::Usd;
use serde::Serialize;

use crate::config::Config;
use crate::index::Odometer;
use crate::job::{Job, Kind};
use crate::share::Share;

pub use accounts::Accounts;
pub use bonded::Bonded;
pub use orders::Orders;
pub use positions::Positions;
pub use pulled::Pulled;
pub use sales::Sales;
pub use upkeep::Upkeep;

/// What is seen of a block.
pub struct View<'a> {
    /// The chain.
    pub network: &'a dyn Network,
    /// Its last block.
    pub block: Block,
    /// Prices.
    pub board: Board,
    /// How far they have moved since the keeper began.
    pub odometer: &'a Odometer,
    /// Settings.
    pub config: &'a Config,
    /// sdUSD that may still be spent on collateral today.
    pub purse: Usd,
    /// sdUSD that leaves the wallet with purchases that are on their way.
    pub pending: Usd,
}

impl View<'_> {
    /// A call of a contract by its name.
    pub fn call(&self, contract: &str, msg: &impl Serialize) -> Result<Message> {
        Message::execute(self.network.contract(contract)?, msg, &[])
    }

    /// sdUSD that can be spent on collateral now: the day's budget allows it, and it is in the wallet.
    pub fn spendable(&self) -> Result<Usd> {
        if self.purse.is_zero() {
            return Ok(self.purse);
        }
        let keeper = self.network.address(&self.config.sender)?;
        let held = self.network.cw20(&self.network.contract("sdusd")?, &keeper)?;
        Ok(self.purse.min(Usd::new(held.raw()).saturating_minus(self.pending)))
    }
}

/// Since when things are due, and whether it is this keeper's turn.
#[derive(Debug, Default)]
pub struct Turns {
    since: BTreeMap<String, u64>,
    seen: BTreeMap<String, u64>,
}

impl Turns {
    /// Whether this keeper acts on a thing in this block.
    pub fn is_ours(&mut self, share: Option<&Share>, key: &str, height: u64) -> bool {
        let since = *self.since.entry(key.to_string()).or_insert(height);
        self.seen.insert(key.to_string(), height);
        height >= since + share.map_or(0, |share| share.delay(key))
    }

    /// Forgets what was not due in this block.
    pub fn forget_all_but(&mut self, height: u64) {
        let seen = std::mem::take(&mut self.seen);
        self.since.retain(|key, _| seen.get(key) == Some(&height));
    }
}

/// Which jobs are this keeper's in this block.
pub struct Ours<'a> {
    /// Since when things are due.
    pub turns: &'a mut Turns,
    /// None: everything at once.
    pub share: Option<&'a Share>,
    /// Height of the block.
    pub height: u64,
    /// What is on its way already.
    pub flying: BTreeSet<String>,
}

impl Ours<'_> {
    /// Whether a thing is.
    pub fn is(&mut self, key: &str) -> bool {
        self.turns.is_ours(self.share, key, self.height) && !self.flying.contains(key)
    }
}

/// When something was last looked at that is looked at now and then.
#[derive(Debug, Default)]
pub struct Pace {
    looked: Option<u64>,
}

impl Pace {
    /// Whether it is looked at in this block: so many blocks after the last time, and once more in the next one, because what was somebody else's
    /// turn in the first may be due still.
    pub fn is_due(&mut self, height: u64, every: u64) -> bool {
        if self.looked.is_some_and(|looked| height > looked + 1 && height < looked + every) {
            return false;
        }
        if self.looked.is_none_or(|looked| height >= looked + every) {
            self.looked = Some(height);
        }
        true
    }
}

/// A kind of work, or several that are found together.
pub trait Work {
    /// What it finds.
    fn kinds(&self) -> &'static [Kind];

    /// What is due.
    fn find(&mut self, view: &View<'_>, ours: &mut Ours<'_>) -> Result<Vec<Job>>;
}

/// All work, in the order of its urgency.
pub fn all() -> Vec<Box<dyn Work + Send>> {
    vec![
        Box::<Pulled>::default(),
        Box::<Accounts>::default(),
        Box::<Positions>::default(),
        Box::<Orders>::default(),
        Box::<Sales>::default(),
        Box::<Bonded>::default(),
        Box::<Upkeep>::default(),
    ]
}

/// What a market is called and where it is, of all that the manifest has.
fn markets(network: &dyn Network) -> Result<Vec<(String, String)>> {
    let market = |market: &sdp_network::manifest::Market| {
        Ok((market.name.clone(), network.contract(&market.name)?.into_string()))
    };
    network.manifest().markets.iter().map(market).collect()
}

/// A question that is allowed to be refused: then there is nothing.
fn unless_refused<T: Default>(asked: Result<T>) -> Result<T> {
    match asked {
        Err(ChainError { kind: sdp_network::Kind::Refused, .. }) => Ok(T::default()),
        asked => asked,
    }
}
