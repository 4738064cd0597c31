//! One block after the other: look, ask what it would bring, send what pays, learn from what came of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sdp_network::error::Result;
use sdp_network::{Actions, Answer, Block, ChainError, Dispatched, Kind as Failure, Network};
use sdp_types::Usd;
use tracing::{debug, error, info, warn};

use crate::config::Config;
use crate::index::Odometer;
use crate::job::{Estimate, Job, Kind};
use crate::journal::{Budget, Journal};
use crate::share::Share;
use crate::tally::Tally;
use crate::work::{self, Ours, Turns, View, Work};
use crate::worth::{done, others, paid, worth};

/// A job that the chain would refuse is asked about again after so many blocks, then twice as many, up to the most.
const FIRST_REST: u64 = 1;
const LONGEST_REST: u64 = 32;
/// What is in no block after so many is lost.
const LOST: u64 = 20;
/// Pause between two looks at what is on its way, at the end.
const LANDING: Duration = Duration::from_millis(500);
/// Pause after a round that failed, at most.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// A keeper.
pub struct Keeper {
    config: Config,
    work: Vec<Box<dyn Work + Send>>,
    odometer: Odometer,
    turns: Turns,
    share: Option<Share>,
    journal: Journal,
    tally: Tally,
    height: u64,
    /// On their way to a block, by hash, and since which block.
    flying: Vec<(Estimate, String, u64)>,
    /// Until when jobs rest that were refused, and for how long.
    resting: BTreeMap<String, (u64, u64)>,
}

/// What is to be sent.
#[derive(Debug)]
pub struct Plan {
    /// The block that it follows from.
    block: Block,
    /// The most urgent first.
    chosen: Vec<Estimate>,
}

/// What happened in a round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Round {
    /// The block that it looked at; none if it had been looked at before.
    pub block: Option<Block>,
    /// Jobs that were worth it, as they were sent or, in a dry run, would have been.
    pub sent: Vec<(Job, Usd)>,
    /// What came of them, in their order; nothing in a dry run.
    pub outcomes: Vec<Result<Answer>>,
}

impl Keeper {
    /// One with settings and what it has spent before.
    pub fn new(config: Config, journal: Journal) -> Self {
        Self {
            config,
            work: work::all(),
            odometer: Odometer::default(),
            turns: Turns::default(),
            share: None,
            journal,
            tally: Tally::default(),
            height: 0,
            flying: Vec::new(),
            resting: BTreeMap::new(),
        }
    }

    /// What it has done so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Account that sends.
    pub fn sender(&self) -> &str {
        &self.config.sender
    }

    /// How many keepers it believes in, and its rank among them: see [`Share`].
    pub fn place(&self) -> (u64, u64) {
        self.share.as_ref().map_or((1, 0), Share::place)
    }

    /// Works until it is told to stop, or for so many blocks. What an earlier process of the same account has sent is waited for first. A chain that does not answer
    /// is asked again, with longer and longer pauses; at the end only some more times, for what is on its way.
    pub fn run(
        &mut self,
        network: &mut dyn Network,
        stop: &AtomicBool,
        blocks: Option<u64>,
        poll: Duration,
    ) -> Result<()> {
        // a name without a key is nothing to wait for
        network.address(&self.config.sender)?;
        let (mut pause, mut alone) = (poll, self.config.dry_run);
        while !stop.load(Ordering::Relaxed) && blocks.is_none_or(|most| self.tally.blocks < most) {
            let waited = if alone { Ok(()) } else { network.wait_for_sent(&self.config.sender) };
            alone = alone || waited.is_ok();
            match waited.and_then(|()| self.round(network)) {
                Ok(round) if round.block.is_some() => pause = poll,
                Ok(_) => std::thread::sleep(poll),
                Err(failed) => {
                    self.tally.failed += 1;
                    warn!(error = %failed, "the chain does not answer");
                    std::thread::sleep(pause);
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
        // what is on its way is known before it ends
        for _ in 0..LOST {
            if self.flying.is_empty() {
                return Ok(());
            }
            std::thread::sleep(LANDING);
            let landed = network.block().and_then(|block| self.collect(network, block.height));
            if let Err(failed) = landed {
                warn!(error = %failed, "the chain does not answer");
            }
        }
        for (estimate, hash, since) in &self.flying {
            warn!(since, kind = %estimate.job.kind, key = estimate.job.key, hash, "what becomes of it is not known");
        }
        Ok(())
    }

    /// Looks at the last block, unless it was looked at before, and does what is due.
    pub fn round(&mut self, network: &mut dyn Network) -> Result<Round> {
        match self.plan(network)? {
            Some(plan) => self.act(network, plan),
            None => Ok(Round::default()),
        }
    }

    /// Looks at the last block, and says what it would send; none where it was looked at before.
    pub fn plan(&mut self, network: &mut dyn Network) -> Result<Option<Plan>> {
        let block = network.block()?;
        // one of several nodes may be some blocks behind
        if block.height.saturating_add(LOST) < self.height {
            warn!(
                height = block.height,
                seen = self.height,
                "the chain has begun anew, or its node is far behind"
            );
            self.height = block.height.saturating_sub(1);
        }
        if block.height <= self.height {
            return Ok(None);
        }
        self.collect(network, block.height)?;
        let jobs = self.find(network, block)?;
        self.tally.blocks += 1;
        if self.height > 0 {
            self.tally.missed += block.height - self.height - 1;
        }
        self.height = block.height;
        self.turns.forget_all_but(block.height);
        if let Some(share) = &mut self.share {
            share.passed();
        }
        let estimates = self.estimate(network, block, jobs)?;
        Ok(Some(Plan { block, chosen: self.choose(block, estimates)? }))
    }

    /// Sends what was planned, or in a dry run only says it.
    pub fn act(&mut self, network: &mut dyn Network, plan: Plan) -> Result<Round> {
        let Plan { block, chosen } = plan;
        let sent = chosen.iter().map(|estimate| (estimate.job.clone(), estimate.reward)).collect();
        if self.config.dry_run {
            for estimate in &chosen {
                say(block, estimate, "would send");
            }
            return Ok(Round { block: Some(block), sent, outcomes: Vec::new() });
        }
        let mut outcomes = Vec::new();
        for estimate in chosen {
            let outcome = match network.dispatch(&self.config.sender, &estimate.outgoing()) {
                Ok(Dispatched::Flying(hash)) => {
                    self.flying.push((estimate, hash, block.height));
                    continue;
                }
                Ok(Dispatched::Landed(outcome)) => *outcome,
                Err(failed) => Err(failed),
            };
            self.learn(network, block.height, &estimate, &outcome)?;
            outcomes.push(outcome);
        }
        Ok(Round { block: Some(block), sent, outcomes })
    }

    /// What has become of what was on its way. Where the chain does not answer, all of it still is.
    fn collect(&mut self, network: &mut dyn Network, height: u64) -> Result<()> {
        let mut answered = Ok(());
        for (estimate, hash, since) in std::mem::take(&mut self.flying) {
            let landed = match &answered {
                Ok(()) => network.landed(&hash),
                Err(_) => Ok(None),
            };
            let outcome = match landed {
                Ok(Some(outcome)) => outcome,
                // whatever it was about is looked at anew
                Ok(None) if answered.is_ok() && height >= since + LOST => {
                    Err(ChainError::setup(format!("{hash} is in no block after {LOST}")))
                }
                unknown => {
                    answered = answered.and(unknown.map(drop));
                    self.flying.push((estimate, hash, since));
                    continue;
                }
            };
            answered = self.learn(network, since, &estimate, &outcome);
        }
        answered
    }

    fn find(&mut self, network: &dyn Network, block: Block) -> Result<Vec<Job>> {
        if self.config.sharing && self.share.is_none() {
            self.share = Some(Share::new(network.address(&self.config.sender)?.as_str()));
        }
        let board = network.board()?;
        self.odometer.see(&board.quotes);
        let spent = self.journal.spent(Budget::Bought, block.time);
        let purse = self.config.budget.saturating_minus(spent);
        let (odometer, config) = (&self.odometer, &self.config);
        let flying = self.flying.iter().map(|(estimate, _, _)| &estimate.job);
        let mut bids = flying.clone().filter_map(|job| job.purchase).map(|purchase| purchase.cost);
        let pending = bids.try_fold(Usd::ZERO, Usd::plus)?;
        let view = View { network, block, board, odometer, config, purse, pending };
        let flying = flying.flat_map(|job| job.items.iter().cloned());
        let (share, height, flying) = (self.share.as_ref(), block.height, flying.collect());
        let mut ours = Ours { turns: &mut self.turns, share, height, flying };
        let mut jobs = Vec::new();
        for work in &mut self.work {
            if !work.kinds().iter().any(|kind| self.config.kinds.contains(kind)) {
                continue;
            }
            match work.find(&view, &mut ours) {
                Ok(found) => jobs.extend(found),
                // the others are looked for all the same
                Err(refused) if refused.kind == Failure::Refused => {
                    warn!(height = block.height, error = %refused, "a question was refused");
                }
                Err(failed) => return Err(failed),
            }
        }
        jobs.retain(|job| self.config.kinds.contains(&job.kind));
        Ok(jobs)
    }

    /// Asks the chain what each job would do. What it would refuse rests.
    fn estimate(&mut self, network: &mut dyn Network, block: Block, jobs: Vec<Job>) -> Result<Vec<Estimate>> {
        let known: BTreeSet<_> = jobs.iter().map(|job| job.key.clone()).collect();
        self.resting.retain(|key, _| known.contains(key));
        let mut estimates = Vec::new();
        for job in jobs {
            if self.resting.get(&job.key).is_some_and(|(until, _)| *until > block.height) {
                continue;
            }
            let told = match network.preview(&self.config.sender, &job.messages) {
                Ok(told) => told,
                Err(failed) if failed.kind == Failure::Setup => return Err(failed),
                Err(refused) => {
                    if refused.is_bug() {
                        error!(height = block.height, kind = %job.kind, key = job.key, error = %refused, "a bug");
                    }
                    debug!(height = block.height, kind = %job.kind, key = job.key, error = %refused, "not now");
                    // an order's price may come with the next block
                    let longest = if job.kind == Kind::Settle { FIRST_REST } else { LONGEST_REST };
                    let rest =
                        self.resting.get(&job.key).map_or(FIRST_REST, |(_, rest)| rest * 2).min(longest);
                    self.resting.insert(job.key, (block.height + rest, rest));
                    continue;
                }
            };
            self.resting.remove(&job.key);
            if done(&job, &told)? == 0 {
                continue;
            }
            let reward = worth(&job, &told)?;
            let cost = self.config.cost(network.gas_limit(told.gas_used.unwrap_or_default()))?;
            estimates.push(Estimate { job, told, reward, cost });
        }
        Ok(estimates)
    }

    /// Those that pay, or that the budget for the others allows, the most urgent first.
    fn choose(&mut self, block: Block, estimates: Vec<Estimate>) -> Result<Vec<Estimate>> {
        let mut chosen = Vec::new();
        for estimate in estimates {
            let (kind, now) = (estimate.job.kind, block.time);
            let affordable = match kind.is_paid() {
                true => estimate.reward >= estimate.cost.plus(self.config.least_profit)?,
                false => {
                    let spent = self.journal.spent(Budget::Unpaid, now).plus(estimate.cost)?;
                    spent <= self.config.unpaid
                }
            };
            if !affordable {
                self.tally.of(kind).unprofitable += 1;
                say(block, &estimate, "does not pay");
                continue;
            }
            if !self.config.dry_run {
                if let Some(purchase) = estimate.job.purchase {
                    self.journal.spend(Budget::Bought, now, purchase.cost)?;
                }
                if !kind.is_paid() {
                    self.journal.spend(Budget::Unpaid, now, estimate.cost)?;
                }
            }
            chosen.push(estimate);
        }
        chosen.sort_by_key(|estimate| estimate.job.kind);
        Ok(chosen)
    }

    fn learn(
        &mut self,
        network: &dyn Network,
        seen: u64,
        estimate: &Estimate,
        outcome: &Result<Answer>,
    ) -> Result<()> {
        let job = &estimate.job;
        let kind = job.kind;
        self.tally.of(kind).sent += 1;
        let answer = match outcome {
            Ok(answer) => answer,
            Err(failed) => {
                self.tally.of(kind).wasted += 1;
                self.tally.of(kind).lost += u64::try_from(job.items.len()).unwrap_or(u64::MAX);
                match failed.kind {
                    // what becomes of it is not known: what it may have spent stays spent
                    Failure::Setup => {
                        warn!(seen, %kind, key = job.key, error = %failed, "lost");
                    }
                    Failure::Refused => {
                        info!(seen, %kind, key = job.key, error = %failed, "refused");
                        self.tally.of(kind).met += 1;
                        self.meet();
                        self.refund(network.now()?, job, Usd::ZERO)?;
                    }
                    Failure::Panicked | Failure::Unbalanced(_) => {
                        error!(seen, %kind, key = job.key, error = %failed, "a bug");
                    }
                }
                return Ok(());
            }
        };
        // where the chain does not say it, nobody is blamed
        let rivals = others(network, job, answer).unwrap_or_default();
        let (items, done) = (job.items.len(), done(job, answer)?);
        let (lost, reward) = (items.saturating_sub(done), worth(job, answer)?);
        let count = self.tally.of(kind);
        count.done += u64::try_from(done).unwrap_or(u64::MAX);
        count.lost += u64::try_from(lost).unwrap_or(u64::MAX);
        count.wasted += u64::from(done == 0);
        count.met += u64::from(rivals);
        count.gas += answer.gas_used.unwrap_or_default();
        count.reward = count.reward.plus(reward)?;
        if job.purchase.is_some() {
            self.refund(answer.at, job, paid(answer)?)?;
        }
        match (rivals, lost) {
            (true, _) => self.meet(),
            (false, 0) => job.items.iter().for_each(|item| self.own(item)),
            // prices have changed in between
            (false, _) => {}
        }
        info!(height = answer.height, seen, %kind, key = job.key, done, lost, rivals, reward = %reward,
            gas = answer.gas_used, hash = answer.hash, "sent");
        Ok(())
    }

    /// Of a purchase, what was set aside for it and not paid.
    fn refund(&mut self, now: u64, job: &Job, paid: Usd) -> Result<()> {
        match job.purchase {
            Some(purchase) => self.journal.refund(Budget::Bought, now, purchase.cost.saturating_minus(paid)),
            None => Ok(()),
        }
    }

    fn meet(&mut self) {
        if let Some(share) = &mut self.share {
            share.met();
        }
    }

    fn own(&mut self, key: &str) {
        if let Some(share) = &mut self.share {
            share.did(key);
        }
    }
}

fn say(block: Block, estimate: &Estimate, what: &str) {
    let Estimate { job, reward, cost, told } = estimate;
    info!(height = block.height, kind = %job.kind, key = job.key, items = job.items.len(), reward = %reward,
        cost = %cost, gas = told.gas_used, "{what}");
}
