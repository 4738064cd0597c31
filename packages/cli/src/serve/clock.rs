//! The thread on which the chain lives: blocks come when it is time, and between two of them whatever was asked for is done.

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{channel, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use cosmwasm_std::Event;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sdp_embedded::Chain;
use sdp_keeper::Keeper;
use sdp_network::error::Result;
use sdp_network::{Actions, Answer, Block, ChainError, Message, Network};
use sdp_types::board::FeedId;
use sdp_types::Price;
use serde::Serialize;
use tokio::sync::{broadcast, oneshot};

use crate::failure::Failure;

use super::history::History;
use super::life;

/// Transactions that are remembered.
const REMEMBERED: usize = 5_000;
/// Blocks that a listener may be behind.
const BEHIND: usize = 64;

/// Something to do on the chain's thread.
type Job = Box<dyn FnOnce(&mut Present<'_>) + Send>;

/// What reaches that thread.
pub enum Order {
    /// Do it.
    Do(Job),
    /// It is over.
    Stop,
}

/// The way to the chain for everybody else.
#[derive(Clone)]
pub struct Handle {
    orders: Sender<Order>,
    blocks: broadcast::Sender<Block>,
}

/// What the chain's thread listens to.
pub struct Jobs {
    orders: Receiver<Order>,
    blocks: broadcast::Sender<Block>,
}

impl Handle {
    /// Both ends.
    pub fn new() -> (Self, Jobs) {
        let ((sender, orders), (blocks, _)) = (channel(), broadcast::channel(BEHIND));
        (Self { orders: sender, blocks: blocks.clone() }, Jobs { orders, blocks })
    }

    /// Does something on the chain, when it is its turn.
    pub async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Present<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let gone = |_| ChainError::setup("the chain has stopped");
        let (answer, answered) = oneshot::channel();
        // nobody may be there to hear it any more
        let job: Job = Box::new(move |present| drop(answer.send(job(present))));
        self.orders.send(Order::Do(job)).map_err(|_| gone(()))?;
        answered.await.map_err(|_| gone(()))?
    }

    /// Ends the chain's thread.
    pub fn stop(&self) {
        // if it is gone, it has stopped
        drop(self.orders.send(Order::Stop));
    }

    /// Every block from now on.
    pub fn blocks(&self) -> broadcast::Receiver<Block> {
        self.blocks.subscribe()
    }
}

/// A transaction that is in a block.
#[derive(Clone, Debug, Serialize)]
pub struct Transaction {
    /// Its block.
    #[serde(flatten)]
    pub block: Block,
    /// Address of who sent it.
    pub sender: String,
    /// What was told.
    pub events: Vec<Event>,
}

/// How blocks come.
pub struct Clock {
    every: Duration,
    /// Milliseconds of chain time that are less than a second.
    left: u64,
    /// Prices that publishers report from now on.
    pub prices: BTreeMap<FeedId, Price>,
    moving: Option<ChaCha8Rng>,
    /// Does what is due in each block; none: nobody does.
    keeper: Option<Keeper>,
    /// What pages draw.
    pub history: History,
    transactions: VecDeque<Transaction>,
}

/// The chain and its clock, between two blocks.
pub struct Present<'a> {
    /// The chain.
    pub chain: &'a mut Chain,
    /// The clock.
    pub clock: &'a mut Clock,
}

impl Clock {
    /// Blocks that far apart; prices that move, if there is a seed for it; a keeper, if there is one.
    pub fn new(every: Duration, moving: Option<u64>, keeper: Option<Keeper>) -> Self {
        Self {
            every,
            left: 0,
            prices: BTreeMap::new(),
            moving: moving.map(ChaCha8Rng::seed_from_u64),
            keeper,
            history: History::default(),
            transactions: VecDeque::new(),
        }
    }

    /// Runs until it is told to stop, or the books don't balance.
    pub fn run(&mut self, chain: &mut Chain, jobs: &Jobs) -> core::result::Result<(), Failure> {
        let mut next = Instant::now();
        loop {
            match jobs.orders.recv_timeout(next.saturating_duration_since(Instant::now())) {
                Ok(Order::Do(job)) => job(&mut Present { chain, clock: self }),
                Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {
                    let block = self.tick(chain)?;
                    // nobody may be listening
                    drop(jobs.blocks.send(block));
                    next = (next + self.every).max(Instant::now());
                }
            }
        }
    }

    /// The next block: prices of a new interval are published, and the history notes how things are.
    fn tick(&mut self, chain: &mut Chain) -> Result<Block> {
        let passed = self.left + u64::try_from(self.every.as_millis()).unwrap_or(u64::MAX);
        self.left = passed % 1_000;
        chain.advance(passed / 1_000);
        self.publish(chain)?;
        self.keep(chain)?;
        self.history.note(chain);
        chain.block()
    }

    /// The keeper's turn. What it could not do is in its log.
    fn keep(&mut self, chain: &mut Chain) -> Result<()> {
        let Some(keeper) = &mut self.keeper else { return Ok(()) };
        let round = keeper.round(chain)?;
        let sender = chain.address(keeper.sender()).into_string();
        for outcome in round.outcomes {
            match outcome {
                Ok(answer) => self.remember(sender.clone(), &answer),
                Err(error) if error.is_bug() => return Err(error),
                Err(_) => {}
            }
        }
        Ok(())
    }

    fn remember(&mut self, sender: String, answer: &Answer) {
        let events = answer.told().cloned().collect();
        self.transactions.push_front(Transaction { block: answer.block(), sender, events });
        self.transactions.truncate(REMEMBERED);
    }

    /// Lets so much time pass at once, with prices in every interval that orders may wait for.
    pub fn skip(&mut self, chain: &mut Chain, seconds: u64) -> Result<Block> {
        chain.pass(seconds)?;
        self.history.note(chain);
        chain.block()
    }

    /// Reports prices once in each interval of the oracle: those that were set, and the rest as they were.
    fn publish(&mut self, chain: &mut Chain) -> Result<()> {
        let (board, now) = (chain.board()?, chain.now());
        let interval = u64::from(chain.manifest().oracle.interval_seconds.max(1));
        let newest = board.quotes.iter().map(|quote| quote.publish_time).max().unwrap_or_default();
        if newest / interval >= now / interval {
            return Ok(());
        }
        if let Some(random) = &mut self.moving {
            life::move_prices(
                chain.manifest(),
                &board,
                now.saturating_sub(newest),
                random,
                &mut self.prices,
            )?;
        }
        let set: Vec<_> = self.prices.iter().map(|(feed, price)| (*feed, *price, None)).collect();
        if !set.is_empty() {
            chain.publish(&set)?;
        }
        chain.republish().map(drop)
    }

    /// Sends messages of an account, and remembers what came of them.
    pub fn send(&mut self, chain: &mut Chain, sender: &str, messages: &[Message]) -> Result<Answer> {
        let answer = chain.send(sender, messages)?;
        self.remember(chain.address(sender).into_string(), &answer);
        Ok(answer)
    }

    /// The last transactions that mention an address, or all; at most `limit`, newest first.
    pub fn transactions(&self, address: Option<&str>, since: u64, limit: usize) -> Vec<Transaction> {
        let mentions = |transaction: &&Transaction| {
            let told = || transaction.events.iter().flat_map(|event| &event.attributes);
            address.is_none_or(|address| {
                transaction.sender == address || told().any(|attribute| attribute.value == address)
            })
        };
        let recent = self.transactions.iter().take_while(|transaction| transaction.block.height >= since);
        recent.filter(mentions).take(limit).cloned().collect()
    }
}
