//! The replay: bar by bar, prices come in, keepers do their work, then people act on what is known.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::{ensure, Context, Result};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sdp_embedded::error::Result as ChainResult;
use sdp_embedded::{events, Actions, Answer, Chain, Kind};
use sdp_prices::{Fall, Row, Series, Stress};
use sdp_types::board::FeedId;
use sdp_types::events::PriceRejected;
use sdp_types::market::PerpResponse;
use sdp_types::spot::SyntheticResponse;
use sdp_types::{Amount, Price, Rounding};

use super::history::History;
use super::num::of_usd;
use super::population::Population;
use super::providers::Holding;
use super::tally::Tally;
use super::universe::{close, Universe};
use super::watch::Watch;
use super::world::{self, Times};

/// So many bars get a deep audit: every position, account, order and auction added up.
const DEEP_AUDITS: usize = 20;
/// At most so many bars are noted for charts.
const NOTES: usize = 700;
/// The stream of random numbers of people's decisions; who they are comes from another one.
const DECISIONS: u64 = 1;

/// How much of what to play.
#[derive(Debug, Clone)]
pub struct Options {
    /// Of all random numbers.
    pub seed: u64,
    /// How many.
    pub providers: u32,
    /// How many.
    pub traders: u32,
    /// Stop after so many bars.
    pub bars: Option<usize>,
    /// Whether volatilities and correlations are measured and the pool's expected shortfall is bounded.
    pub risk_engine: bool,
    /// What makes it harder; none for the series as it is.
    pub strain: Option<Strain>,
}

/// A crash made worse, with keepers who can do only so much in a block. Winners are deleveraged and a day's losses have limits, as in
/// the built-in manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strain {
    /// Of the crash.
    pub stress: Stress,
    /// Most accounts in one message of a keeper, who sends one a block.
    pub batch: usize,
    /// Whether keepers liquidate anybody at all.
    pub liquidating: bool,
}

/// A replay in progress, or over.
pub struct Replay {
    /// The contracts.
    pub chain: Chain,
    /// What is replayed.
    pub universe: Universe,
    /// Times that follow from the step.
    pub times: Times,
    /// Who takes part.
    pub people: Population,
    /// What events told.
    pub tally: Tally,
    /// What charts show.
    pub history: History,
    /// Of what was asked for.
    pub options: Options,
    /// The crash that was made worse, in rows of the series.
    pub fall: Option<Fall>,
    /// Backlog, risk, auctions and marks.
    pub watch: Watch,
    /// Closes by asset, from the warm-up on.
    pub closes: Vec<Vec<f64>>,
    /// Number of the bar, from 1; 0 is the opening.
    pub bar: usize,
    /// Most accounts of traders that were liquidated in one bar.
    pub most_liquidated: u64,
    /// sdUSD burnt into insurance at the opening, USD.
    pub insured: f64,
    /// Deep audits made.
    pub deep_audits: u64,
    /// Accounts looked at after sweeps; none of them stood below zero.
    pub accounts_checked: u64,
    /// How long it took.
    pub took: Duration,
    /// Of it, queries and deep audits: all that is not a message with its audit.
    pub looking: Duration,
    /// The lowest ratio of a position that keepers saw since the last bar was noted, not counting the dollar's vault.
    pub(super) lowest: Option<f64>,
    /// Time of the bar before this one.
    pub(super) last_bar: u64,
    pub(super) rng: ChaCha8Rng,
    /// Names of those who have sdUSD to sell, the next seller first.
    pub(super) offers: VecDeque<String>,
    pub(super) next_keeper: usize,
    /// Blocks that keepers may still wait for at this bar, where they can do only so much in one.
    pub(super) blocks: u64,
    /// Positions seized in this block.
    pub(super) seized: usize,
    /// Of each provider, as the keepers last saw it; none where there is no position.
    pub(super) holdings: Vec<Option<Holding>>,
    /// As the keepers last saw them.
    pub(super) perps: Vec<PerpResponse>,
    /// As the keepers last saw them.
    pub(super) synthetics: Vec<SyntheticResponse>,
}

/// What a progress bar shows.
pub struct State<'a> {
    /// Bars played.
    pub bar: usize,
    /// Messages executed.
    pub messages: u64,
    /// Symbol and price of the first perpetual.
    pub price: (&'a str, f64),
    /// Collateral ÷ debt; none while nothing is owed.
    pub ratio: Option<f64>,
    /// Time of the bar, Unix seconds.
    pub time: u64,
}

impl Replay {
    /// Deploys what fits the series.
    pub fn new(series: &Series, options: &Options) -> Result<Self> {
        let mut universe = Universe::new(series)?;
        let (mut watch, mut crash) = (Watch::default(), None);
        if let Some(strain) = &options.strain {
            let (stressed, fall) = universe.series.stressed(universe.warm_up, strain.stress)?;
            watch.trough = stressed.rows.get(fall.trough).map(|row| row.time);
            universe.series = stressed;
            crash = Some(fall);
        }
        let times = Times::of(&universe)?;
        let mut manifest = world::manifest(&universe, &times, options.risk_engine);
        if options.strain.is_some() {
            world::protect(&mut manifest);
        }
        let chain = Chain::deploy(manifest).context("the demo's deployment")?;
        let mut people = Population::new(&universe, options.providers, options.traders, options.seed);
        let address = |name: &str| chain.address(name).into_string();
        for provider in &mut people.providers {
            provider.address = address(&provider.name);
        }
        for trader in &mut people.traders {
            trader.address = address(&trader.name);
        }
        for keeper in &mut people.keepers {
            keeper.address = address(&keeper.name);
        }
        for holder in &mut people.holders {
            holder.address = address(&holder.name);
        }
        let traders = people.traders.iter().map(|trader| (trader.address.clone(), trader.account));
        let accounts = traders.chain(people.holders.iter().map(|holder| (holder.address.clone(), 0)));
        let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
        rng.set_stream(DECISIONS);
        // the last of them is published at the opening
        let before = universe.warm_rows().split_last().map_or(&[][..], |(_, before)| before);
        let warm = |asset| before.iter().filter_map(|row| close(row, asset)).collect();
        Ok(Self {
            tally: Tally::new(universe.perps.len(), accounts),
            history: History::default(),
            fall: crash,
            watch,
            closes: (0..universe.sigmas.len()).map(warm).collect(),
            chain,
            universe,
            times,
            people,
            options: options.clone(),
            bar: 0,
            most_liquidated: 0,
            insured: 0.0,
            deep_audits: 0,
            accounts_checked: 0,
            took: Duration::ZERO,
            looking: Duration::ZERO,
            lowest: None,
            last_bar: 0,
            rng,
            offers: VecDeque::new(),
            next_keeper: 0,
            blocks: 0,
            seized: 0,
            holdings: Vec::new(),
            perps: Vec::new(),
            synthetics: Vec::new(),
        })
    }

    /// Bars that will be played.
    pub fn bars(&self) -> usize {
        let all = self.universe.bars().len();
        self.options.bars.map_or(all, |bars| bars.min(all))
    }

    /// Plays everything; `show` is called after every bar.
    pub fn play(&mut self, show: impl Fn(&State<'_>)) -> Result<()> {
        let begun = Instant::now();
        let rows: Vec<Row> = self.universe.bars().iter().take(self.bars()).cloned().collect();
        self.open().context("the opening")?;
        for (n, row) in rows.iter().enumerate() {
            self.bar = n + 1;
            let next = rows.get(n + 1).map_or(row.time + self.times.step, |next| next.time);
            self.play_bar(row, next).with_context(|| format!("bar {} of {}", n + 1, rows.len()))?;
            self.took = begun.elapsed();
            let first = self.universe.perps.first().copied().unwrap_or_default();
            show(&State {
                bar: self.bar,
                messages: self.chain.messages(),
                price: (self.universe.name(first), self.price(first)),
                ratio: self.history.bars.last().and_then(|bar| bar.ratio),
                time: row.time,
            });
        }
        self.deep_audit()?;
        self.took = begun.elapsed();
        Ok(())
    }

    fn play_bar(&mut self, row: &Row, next: u64) -> Result<()> {
        let before = self.tally.liquidated();
        self.wait_until(row.time)?;
        self.publish(row)?;
        self.keep()?;
        if self.options.strain.is_some() {
            self.watch_marks()?;
        }
        self.providers_act()?;
        self.traders_act()?;
        self.holders_act()?;
        if self.bar % self.bars().div_ceil(NOTES) == 0 || self.bar == self.bars() {
            self.note(row.time)?;
        }
        if self.bar % self.bars().div_ceil(DEEP_AUDITS) == 0 {
            self.deep_audit()?;
        }
        self.last_bar = row.time;
        self.between(next)?;
        self.most_liquidated = self.most_liquidated.max(self.tally.liquidated() - before);
        Ok(())
    }

    /// The clock moves on to a time.
    pub(super) fn wait_until(&mut self, time: u64) -> Result<()> {
        let wait = time.saturating_sub(self.chain.now());
        if wait > 0 {
            self.chain.advance(wait);
        }
        Ok(())
    }

    /// Publishes a row's closes, which are known now; what jumped too far is published again a second later, to confirm it.
    pub(super) fn publish(&mut self, row: &Row) -> Result<()> {
        let mut prices = Vec::new();
        for (asset, known) in row.close.iter().enumerate() {
            if let Some(price) = known {
                let feed = FeedId::try_from(asset).context("feeds")?;
                prices.push((feed, Price::new(price.atomics()), None));
            }
            if let (Some(price), Some(closes)) = (close(row, asset), self.closes.get_mut(asset)) {
                closes.push(price);
            }
        }
        for _ in 0..2 {
            if prices.is_empty() {
                break;
            }
            let sent = self.chain.publish(&prices);
            let Some(answer) = self.tell(sent)? else { break };
            let too_far = events::<PriceRejected>(&answer)?;
            let again = |feed: FeedId| too_far.iter().any(|it| it.feed == feed && it.code == "E0205");
            prices.retain(|(feed, ..)| again(*feed));
            if !prices.is_empty() {
                self.chain.advance(1);
            }
        }
        Ok(())
    }

    /// Notes what came of a message: its events, or the code of its refusal. What can only be a bug ends the replay.
    pub(super) fn tell(&mut self, sent: ChainResult<Answer>) -> Result<Option<Answer>> {
        match sent {
            Ok(answer) => {
                let (chain, universe) = (&self.chain, &self.universe);
                let value = |vault, amount| value_of(chain, universe, vault, amount).unwrap_or_default();
                self.tally.read(&answer, &value)?;
                Ok(Some(answer))
            }
            Err(error) if error.kind == Kind::Refused => {
                self.tally.refuse(error.code.as_deref());
                Ok(None)
            }
            Err(error) => {
                let place = format!("message {} at {}", self.chain.messages(), self.chain.now());
                Err(anyhow::Error::new(error).context(place))
            }
        }
    }

    /// Adds up every position, account, order and auction.
    pub(super) fn deep_audit(&mut self) -> Result<()> {
        let found = self.look(Chain::deep_audit)?;
        let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
        ensure!(found.is_empty(), "the deep audit found: {}", lines.join("; "));
        self.deep_audits += 1;
        Ok(())
    }

    /// Asks something, on another clock than messages.
    pub(super) fn look<T>(&mut self, ask: impl FnOnce(&Chain) -> ChainResult<T>) -> Result<T> {
        let begun = Instant::now();
        let answer = ask(&self.chain);
        self.looking += begun.elapsed();
        Ok(answer?)
    }

    /// The keeper whose turn it is.
    pub(super) fn keeper(&mut self) -> String {
        self.next_keeper += 1;
        let keepers = &self.people.keepers;
        keepers.get(self.next_keeper % keepers.len().max(1)).map_or_else(String::new, |one| one.name.clone())
    }

    /// The last close of an asset.
    pub fn price(&self, asset: usize) -> f64 {
        self.closes.get(asset).and_then(|closes| closes.last()).copied().unwrap_or_default()
    }

    /// The asset that is a vault's collateral.
    pub fn asset_of(&self, vault: usize) -> usize {
        self.universe.collaterals.get(vault).copied().unwrap_or_default()
    }

    /// A vault's collateral's name.
    pub fn collateral(&self, vault: usize) -> String {
        world::symbol(&self.universe, self.asset_of(vault))
    }
}

/// USD value of base units of a vault's collateral at the board's price.
pub fn value_of(chain: &Chain, universe: &Universe, vault: u8, amount: Amount) -> Result<f64> {
    let asset = universe.collaterals.get(usize::from(vault)).copied().unwrap_or_default();
    let price = chain.board()?.last(FeedId::try_from(asset)?)?.price;
    Ok(of_usd(price.value_of(amount, world::decimals(universe, asset), Rounding::Down)?))
}
