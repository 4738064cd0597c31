//! The whole protocol, one message at a time.

use std::collections::{BTreeMap, BTreeSet};

use crate::bank::Bank;
use crate::bonded::Desk;
use crate::config::Config;
use crate::custody::Custody;
use crate::liquidator::Liquidator;
use crate::market::{AccountKey, Market};
use crate::message::{Change, DeskMessage, Message};
use crate::number::Q;
use crate::oracle::Oracle;
use crate::orders::{Fates, Orders};
use crate::pool::{Following, Of, Pool};
use crate::regime::Trip;
use crate::reserve::Reserve;
use crate::span::Span;
use crate::spot::Spot;
use crate::verdict::Trial;

/// How a contract decided about items of a batch that are within the rounding of their bound. Read from its events;
/// asked only where the model itself is not sure.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// Orders that filled: market, perpetual, number.
    pub filled: BTreeSet<(usize, usize, u64)>,
    /// Accounts that were liquidated, by market.
    pub liquidated: BTreeSet<(usize, AccountKey)>,
    /// Accounts that lacked something at their end, by market.
    pub lacking: BTreeSet<(usize, AccountKey)>,
    /// How much of their positions was cut, signed like the trade, in the order of the cuts: market, account, perpetual. Where it
    /// is a size that the model allows it goes on with it, as it would with any other amount that the chain shows.
    pub cuts: BTreeMap<(usize, AccountKey, usize), Vec<Q>>,
    /// Regimes that stand after the message: of the pool, then of the markets.
    pub regimes: Option<Vec<Trip>>,
    /// What orders of synthetics have traded, base units: synthetic, number. Where it is an amount that the model allows it goes on with
    /// it.
    pub traded: BTreeMap<(usize, u64), Q>,
    /// Auctions that ended.
    pub ended: BTreeSet<u64>,
    /// Whether the backstop took something of a seized position, and whether nothing was left then.
    pub absorbed: Option<bool>,
    /// Positions that left as a whole.
    pub left: BTreeSet<(usize, String)>,
    /// Market, and perpetual and whether short, of sides that were scaled, and the factor.
    pub deleveraged: BTreeMap<(usize, (usize, bool)), Q>,
    /// What became of conditional orders, where the message was one about them that was accepted.
    pub fates: Option<Fates>,
    /// Whether a sale of tokens ended, and whether it was sold out.
    pub sale_ended: bool,
    /// Likewise.
    pub sold_out: bool,
    /// Number of the code for which a bonded market was put into quarantine: where there are several reasons it is one of them.
    pub quarantined: Option<u16>,
}

impl Hints {
    pub(crate) fn fills(&self, market: usize, perp: usize, order: u64) -> bool {
        self.filled.contains(&(market, perp, order))
    }

    pub(crate) fn liquidates(&self, market: usize, account: &AccountKey) -> bool {
        self.liquidated.contains(&(market, account.clone()))
    }
}

/// What the model makes of a message.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Every condition that it tested.
    pub trial: Trial,
    /// The state after it, if it is accepted.
    pub next: Model,
}

/// The state of all contracts and tokens.
#[derive(Clone, Debug)]
pub struct Model {
    /// The oracle.
    pub oracle: Oracle,
    /// The pool.
    pub pool: Pool,
    /// Markets in the pool's order.
    pub markets: Vec<Market>,
    /// The liquidator.
    pub liquidator: Liquidator,
    /// The synthetics.
    pub spot: Option<Spot>,
    /// The par reserve.
    pub reserve: Option<Reserve>,
    /// The desk of bonded markets.
    pub desk: Option<Desk>,
    /// Contracts of others that the pool has come to list by itself, after the desk.
    pub approved: Vec<String>,
    /// Conditional orders.
    pub orders: Option<Orders>,
    /// Tokens that back accounts.
    pub custody: Option<Custody>,
    /// All balances.
    pub bank: Bank,
    pub(crate) hints: Hints,
}

impl Model {
    /// A deployment that is open and has seen no message.
    pub fn new(config: Config) -> Self {
        let lines = config.markets.iter().map(|market| market.line.clone());
        let lines = lines.chain(config.spot.iter().map(|(line, _, _)| line.clone()));
        let lines = lines.chain(config.reserve.iter().map(|_| crate::number::whole(0)));
        let lines = lines.chain(config.desk.iter().map(|(line, _)| line.clone()));
        Self {
            oracle: Oracle::new(config.oracle),
            pool: Pool::new(config.pool, lines.collect::<Vec<_>>().into_iter()),
            markets: config.markets.into_iter().map(Market::new).collect(),
            liquidator: Liquidator::new(config.liquidator),
            spot: config.spot.map(|(_, params, synthetics)| Spot::new(params, synthetics)),
            reserve: config.reserve.map(Reserve::new),
            desk: config.desk.map(|(_, config)| Desk::new(config)),
            approved: Vec::new(),
            orders: config.orders.map(Orders::new),
            custody: config.custody.map(Custody::new),
            bank: Bank::default(),
            hints: Hints::default(),
        }
    }

    /// Gives somebody a token that is not sdUSD.
    pub fn endow(&mut self, token: &str, who: &str, amount: Q) {
        self.bank.credit(token, who, &Span::exact(amount));
    }

    /// What becomes of a message. The model itself stays as it is: go on with [`Outcome::next`] where the contract
    /// accepted, with `self` where it refused.
    pub fn apply(&self, now: u64, sender: &str, message: &Message, hints: &Hints) -> Outcome {
        let mut next = self.clone();
        next.hints = hints.clone();
        let mut trial = Trial::default();
        let done = next.run(&mut trial, now, sender, message);
        if done.is_none() && !trial.must_refuse() {
            trial.note("model", crate::span::Holds::No);
        }
        Outcome { trial, next }
    }

    fn run(&mut self, trial: &mut Trial, now: u64, sender: &str, message: &Message) -> Option<()> {
        match message {
            Message::Publish(prices) => self.oracle.publish(trial, now, sender, prices),
            Message::Pull(feeds) => self.oracle.pull(trial, now, feeds),
            Message::Trip { feed, regime } => self.oracle.trip(trial, now, sender, *feed, *regime),
            Message::Reset { feed } => self.oracle.reset(trial, sender, *feed),
            Message::Pool(message) => self.pool_message(trial, now, sender, message),
            Message::Market(market, message) => {
                trial.must("market", *market < self.markets.len())?;
                self.market_message(trial, now, sender, *market, message)
            }
            Message::Liquidator(message) => self.liquidator_message(trial, now, sender, message),
            Message::Spot(message) => self.spot_message(trial, now, sender, message),
            Message::Reserve(message) => self.reserve_message(trial, now, sender, message),
            Message::Orders(message) => self.orders_message(trial, now, sender, message),
            Message::Custody(message) => self.custody_message(trial, now, sender, message),
            Message::Desk(message) => self.desk_message(trial, now, sender, message),
            Message::Act { contract, show, sends } => {
                self.act(trial, now, (contract, show.as_deref()), sends)
            }
            Message::Approve { market, line } => {
                self.list(now, market, line);
                self.desk_message(trial, now, sender, &DeskMessage::Graduate { market: market.clone() })
            }
            Message::Transfer { token, to, amount } => {
                self.bank.send(trial, token, sender, to, &Span::exact(amount.clone()));
                Some(())
            }
            Message::BurnOwn { token, amount } => {
                let amount = Span::exact(amount.clone());
                trial.at_least(crate::verdict::NO_FUNDS, &self.bank.balance(token, sender), &amount);
                self.bank.debit(token, sender, &amount);
                Some(())
            }
            Message::Change(change) => self.change(trial, now, change),
        }
    }

    fn change(&mut self, trial: &mut Trial, now: u64, change: &Change) -> Option<()> {
        match change {
            Change::Pool(config) => {
                self.sync(now);
                trial.must("E0301", config.vaults.len() == self.pool.vaults.len())?;
                self.pool.config = (**config).clone();
                // one that follows moves by its own messages only
                if !self.pool.ceilings.contains_key(&Of::Supply) {
                    self.pool.supply_ceiling = Span::exact(config.supply_ceiling.clone());
                }
                let most = Span::exact(config.impact_depth.clone());
                let least = config.least_depth.as_ref().unwrap_or(&config.impact_depth);
                self.pool.depth = self.pool.depth.min(&most).max(&Span::exact(least.clone()));
                let Pool { vaults, ceilings, .. } = &mut self.pool;
                for (n, (vault, config)) in vaults.iter_mut().zip(&config.vaults).enumerate() {
                    vault.config = config.clone();
                    if !ceilings.contains_key(&Of::Vault(n)) {
                        vault.ceiling = Span::exact(config.debt_ceiling.clone());
                    }
                }
                self.collapse();
            }
            Change::Line { market, line } => {
                self.sync(now);
                trial.must("E0508", *market < self.pool.markets.len())?;
                let new = Span::exact(line.clone());
                if new.high() < self.pool.markets[*market].line.low() {
                    if let Some(following) = self.pool.ceilings.get_mut(&Of::Market(*market)) {
                        following.max = (&following.max).min(line).clone();
                    }
                }
                self.pool.markets[*market].line = new;
                self.collapse();
            }
            Change::Ceiling { of, follows } => {
                self.sync(now);
                match follows {
                    Some((max, gap, ttl)) => {
                        let before = self.pool.ceilings.get(of);
                        let (rose_at, moved_at) = before.map_or((0, 0), |b| (b.rose_at, b.moved_at));
                        let (max, gap, ttl) = (max.clone(), gap.clone(), *ttl);
                        let following = Following { max, gap, ttl, rose_at, moved_at };
                        let _ = self.pool.ceilings.insert(*of, following);
                    }
                    None => drop(self.pool.ceilings.remove(of)),
                }
                self.collapse();
            }
            Change::MarketParams { market, params } => {
                if self.markets[*market].params.funding_differs(params) {
                    self.sample_under(*market, now, (**params).clone());
                }
                self.markets[*market].params = (**params).clone();
            }
            Change::Perp { market, perp, config } => {
                trial.must("E0401", *perp < self.markets[*market].perps.len())?;
                self.markets[*market].perps[*perp].config = (**config).clone();
            }
            Change::Spot(params) => self.spot.as_mut()?.params = (**params).clone(),
            Change::Synthetic { synthetic, config } => {
                self.spot.as_mut()?.synthetics.get_mut(*synthetic)?.config = (**config).clone();
            }
            Change::Custody(config) => self.custody.as_mut()?.config = (**config).clone(),
            Change::Desk(config) => self.desk.as_mut()?.config = (**config).clone(),
            Change::Reserve(config) => self.reserve.as_mut()?.config = (**config).clone(),
            Change::Liquidator(config) => self.liquidator.config = (**config).clone(),
            Change::Staleness { trade, liquidate } => {
                self.oracle.config.trade = *trade;
                self.oracle.config.liquidate = *liquidate;
            }
            Change::Breaker(breaker) => self.oracle.config.breaker = breaker.clone(),
            Change::Covariance { sigmas, correlations } => {
                self.oracle.believe(sigmas, correlations);
            }
        }
        Some(())
    }
}
