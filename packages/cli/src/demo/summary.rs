//! What everybody ended up with, added up so that nothing is missing.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use sdp_embedded::{Actions, Synthetics};
use sdp_network::Network;
use sdp_types::board::FeedId;
use sdp_types::lens::{self, HealthResponse};
use sdp_types::market::TotalsResponse;
use sdp_types::pool::MarketResponse;
use sdp_types::spot;
use sdp_types::{Amount, Usd};

use super::auctions::OUTSIDE;
use super::holders::Plan;
use super::holding::{self, locked};
use super::num::{amount, of_amount, of_price, of_signed, of_usd};
use super::opening::TREASURY;
use super::providers::{Exit, Temper};
use super::replay::{value_of, Replay};
use super::tally::Costs;
use super::traders::Habit;
use super::world::{decimals, MARKET};

/// Providers of one temper. USD.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Providers {
    /// Its name.
    pub name: &'static str,
    /// How many.
    pub people: usize,
    /// Value of all that they were given, at the first prices.
    pub start: f64,
    /// What prices alone did to it.
    pub prices: f64,
    /// What they have now less what it would be worth had they just held it.
    pub result: f64,
    /// Positions seized.
    pub seized: u64,
    /// People who were paid out.
    pub left: u64,
}

/// Traders of one habit. USD from the traders' side.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Traders {
    /// Its name.
    pub name: &'static str,
    /// How many.
    pub people: usize,
    /// What they paid for the margin that they began with.
    pub stake: f64,
    /// What they have now less all that they paid.
    pub result: f64,
    /// What prices alone brought them: the opposite positions elsewhere would have cost as much.
    pub prices: f64,
    /// Sums of what they paid.
    pub costs: Costs,
}

/// A replay in numbers, USD where nothing else is said.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Of the series.
    pub name: String,
    /// Of all random numbers.
    pub seed: u64,
    /// First and last bar, Unix seconds.
    pub span: (u64, u64),
    /// Symbols of perpetuals and of collaterals.
    pub symbols: (Vec<String>, Vec<String>),
    /// By temper.
    pub providers: Vec<Providers>,
    /// By habit.
    pub traders: Vec<Traders>,
    /// Holders of synthetics by plan, with the perpetuals that hedge them.
    pub holders: Vec<Traders>,
    /// What the perpetuals, the synthetics and the par reserve have cost the providers: reported + drawn + fees − shortfalls.
    pub used: [f64; 3],
    /// What keepers have.
    pub keepers: f64,
    /// Insurance fund now less its seed.
    pub insurance: f64,
    /// What the outside world made with what keepers sold it.
    pub outside: f64,
    /// What the groups' results leave open, each with a word.
    pub open: Vec<(&'static str, f64)>,
    /// The sum of all results and open items: 0 but for the rounding of what is shown.
    pub unexplained: f64,
    /// Insurance fund now.
    pub fund: f64,
    /// What accounts lacked when they closed.
    pub account_shortfalls: f64,
    /// Bad debt that nobody has met.
    pub unmet: f64,
    /// Lowest ratio of the whole pool at the end of a bar, and when.
    pub worst_ratio: Option<(f64, u64)>,
    /// Lowest ratio of a position when keepers looked, and when.
    pub worst_position: Option<(f64, u64)>,
    /// Messages executed.
    pub messages: u64,
    /// Of them, refused.
    pub refused: u64,
}

impl Summary {
    /// Of a replay that is over.
    pub fn of(replay: &Replay, name: &str) -> Result<Self> {
        let last = |at: usize| replay.history.bars.get(at).map_or(0, |bar| bar.time);
        let health: HealthResponse = replay.chain.query("lens", &lens::QueryMsg::Health {})?;
        let providers = providers(replay)?;
        let accounts = replay.chain.market_accounts(MARKET)?;
        let equities: BTreeMap<(String, u16), f64> = accounts
            .iter()
            .map(|account| ((account.owner.clone(), account.account), of_signed(account.equity)))
            .collect();
        let traders = traders(replay, &equities)?;
        let synthetic = owed(replay)?;
        let holders = holders(replay, &equities, &synthetic)?;
        let mut keepers = 0.0;
        for keeper in &replay.people.keepers {
            let equity = equities.get(&(keeper.address.clone(), 0)).copied().unwrap_or_default();
            keepers += equity + means(replay, &keeper.name)? + synthetic.of(&keeper.address);
        }
        let insurance = of_usd(health.insurance) + means(replay, TREASURY)?;
        let outside = means(replay, OUTSIDE)?;
        let totals = replay.chain.market_totals(MARKET)?;
        let mut open = open(replay, &health, &totals, equities.values().sum())?;
        open.push(("Synthetics' funding that is not yet in their quantities", synthetic.beyond));
        let results = providers.iter().map(|group| group.result).sum::<f64>()
            + traders.iter().chain(&holders).map(|group| group.result).sum::<f64>();
        let unexplained =
            results + keepers + insurance + outside + open.iter().map(|(_, amount)| amount).sum::<f64>();
        let bars = &replay.history.bars;
        let lowest = |of: fn(&super::history::Bar) -> Option<f64>| {
            let known = bars.iter().filter_map(|bar| Some((of(bar)?, bar.time)));
            known.min_by(|a, b| a.0.total_cmp(&b.0))
        };
        let symbol = |asset: &usize| replay.universe.name(*asset).to_string();
        Ok(Self {
            name: name.to_string(),
            seed: replay.options.seed,
            span: (last(1), last(bars.len().saturating_sub(1))),
            symbols: (
                replay.universe.perps.iter().map(symbol).collect(),
                replay.universe.collaterals.iter().map(symbol).collect(),
            ),
            providers,
            traders,
            holders,
            used: used(replay)?,
            keepers,
            insurance,
            outside,
            open,
            unexplained,
            fund: of_usd(health.insurance),
            account_shortfalls: of_usd(totals.exposure.shortfalls),
            unmet: of_usd(health.bad_debt),
            worst_ratio: lowest(|bar| bar.ratio),
            worst_position: lowest(|bar| bar.lowest_ratio),
            messages: replay.chain.messages(),
            refused: replay.tally.refused.values().sum(),
        })
    }

    /// Messages a second: each with its audit, and over the whole run.
    pub fn speeds(&self, replay: &Replay) -> (f64, f64) {
        let per = |time: Duration| self.messages as f64 / time.as_secs_f64().max(1e-9);
        (per(replay.took.saturating_sub(replay.looking)), per(replay.took))
    }
}

/// sdUSD, collateral and dollars in the account book.
fn means(replay: &Replay, name: &str) -> Result<f64> {
    let mut sum = of_usd(Usd::new(replay.chain.balance(name, "sdusd")?.raw()));
    sum += of_signed(replay.chain.book.cash(name));
    for vault in 0..replay.universe.collaterals.len() {
        let held = replay.chain.balance(name, &replay.collateral(vault))?;
        sum += value(replay, vault, held)?;
    }
    Ok(sum)
}

fn value(replay: &Replay, vault: usize, held: Amount) -> Result<f64> {
    value_of(&replay.chain, &replay.universe, u8::try_from(vault)?, held)
}

fn providers(replay: &Replay) -> Result<Vec<Providers>> {
    let mut positions = BTreeMap::new();
    for vault in 0..replay.universe.collaterals.len() {
        for position in replay.chain.positions(u8::try_from(vault)?)? {
            let worth = of_usd(position.value) - of_signed(position.debt);
            positions.insert((vault, position.owner), worth);
        }
    }
    let mut groups: Vec<Providers> =
        Temper::ALL.iter().map(|temper| Providers { name: temper.group(), ..Providers::default() }).collect();
    for one in &replay.people.providers {
        let asset = replay.asset_of(one.vault);
        let given = amount(one.tokens, decimals(&replay.universe, asset));
        // who comes later was given nothing before
        if one.joins > replay.bar {
            continue;
        }
        let at = Temper::ALL.iter().position(|temper| *temper == one.temper).unwrap_or_default();
        let Some(group) = groups.get_mut(at) else { continue };
        let held = value(replay, one.vault, given)?;
        let first = one.tokens * super::world::first_price(&replay.universe, asset);
        let position = positions.get(&(one.vault, one.address.clone())).copied().unwrap_or_default();
        group.people += 1;
        group.start += first;
        group.prices += held - first;
        group.result += position + means(replay, &one.name)? - held;
        group.seized += replay.tally.seized_from.get(&one.address).copied().unwrap_or_default();
        group.left += u64::from(one.exit == Exit::Gone);
    }
    Ok(groups)
}

fn traders(replay: &Replay, equities: &BTreeMap<(String, u16), f64>) -> Result<Vec<Traders>> {
    let mut groups: Vec<Traders> =
        Habit::ALL.iter().map(|habit| Traders { name: habit.group(), ..Traders::default() }).collect();
    for (one, costs) in replay.people.traders.iter().zip(&replay.tally.traders) {
        let at = Habit::ALL.iter().position(|habit| *habit == one.habit).unwrap_or_default();
        let Some(group) = groups.get_mut(at) else { continue };
        let equity = equities.get(&(one.address.clone(), one.account)).copied().unwrap_or_default();
        group.people += 1;
        group.stake += one.stake;
        group.result += equity + means(replay, &one.name)?;
        add(&mut group.costs, costs);
        let open = costs.positions.iter().zip(&replay.universe.perps);
        group.prices += open.map(|(units, asset)| units * replay.price(*asset)).sum::<f64>() - costs.spent;
    }
    Ok(groups)
}

/// What the contract of synthetics owes beside the market's accounts.
struct Owed {
    /// By address: tokens at the index, what can be collected, and what waiting orders have locked. USD.
    to: BTreeMap<String, f64>,
    /// What the tokens by address are owed, those in waiting orders included, whole units of the asset.
    units: BTreeMap<String, f64>,
    /// What the contract owes more than that.
    beyond: f64,
}

impl Owed {
    fn of(&self, address: &str) -> f64 {
        self.to.get(address).copied().unwrap_or_default()
    }
}

fn owed(replay: &Replay) -> Result<Owed> {
    let (mut to, mut units): (BTreeMap<String, f64>, BTreeMap<String, f64>) =
        (BTreeMap::new(), BTreeMap::new());
    let synthetics = replay.chain.synthetics()?;
    let mut tokens = Vec::new();
    for one in &replay.people.holders {
        let token = replay.chain.token_of_synthetic(u16::try_from(one.synthetic)?)?;
        tokens.push((one.address.clone(), one.synthetic, replay.chain.balance(&one.name, &token)?));
    }
    for (number, known) in synthetics.iter().enumerate() {
        for order in replay.chain.synthetic_orders(known.synthetic)? {
            let (paid, sold) = locked(&order);
            *to.entry(order.owner.clone()).or_default() += of_usd(paid);
            tokens.push((order.owner, number, sold));
        }
    }
    for (owner, number, amount) in tokens {
        let Some(known) = synthetics.get(number) else { continue };
        *units.entry(owner.clone()).or_default() += of_amount(amount, 0) * holding::unit(known);
        *to.entry(owner).or_default() += holding::value_of(known, amount);
    }
    for claim in replay.chain.synthetic_claims()? {
        *to.entry(claim.owner).or_default() += of_usd(claim.amount);
    }
    let totals: spot::TotalsResponse = replay.chain.synthetic_totals()?;
    let beyond = of_signed(totals.reported) + of_usd(totals.held) - to.values().sum::<f64>();
    Ok(Owed { to, units, beyond })
}

fn holders(
    replay: &Replay,
    equities: &BTreeMap<(String, u16), f64>,
    synthetic: &Owed,
) -> Result<Vec<Traders>> {
    let mut groups: Vec<Traders> =
        Plan::ALL.iter().map(|plan| Traders { name: plan.group(), ..Traders::default() }).collect();
    let all = replay.tally.traders.iter().skip(replay.people.traders.len());
    for (one, costs) in replay.people.holders.iter().zip(all) {
        let at = Plan::ALL.iter().position(|plan| *plan == one.plan).unwrap_or_default();
        let Some(group) = groups.get_mut(at) else { continue };
        let equity = equities.get(&(one.address.clone(), 0)).copied().unwrap_or_default();
        let asset = replay.universe.perps.get(one.synthetic).copied().unwrap_or_default();
        let owed = synthetic.units.get(&one.address).copied().unwrap_or_default();
        let units = |all: &[f64]| all.get(one.synthetic).copied().unwrap_or_default();
        group.people += 1;
        group.stake += one.stake;
        group.result += equity + means(replay, &one.name)? + synthetic.of(&one.address);
        add(&mut group.costs, costs);
        group.costs.funding += (units(&costs.units) - owed) * replay.price(asset);
        group.prices += (units(&costs.units) + units(&costs.positions)) * replay.price(asset) - costs.spent;
    }
    Ok(groups)
}

/// What each contract that owes has cost the providers.
fn used(replay: &Replay) -> Result<[f64; 3]> {
    let found: Vec<MarketResponse> = replay.chain.query("lens", &lens::QueryMsg::Markets {})?;
    let mut all = [0.0; 3];
    for (name, used) in [MARKET, "spot", "reserve"].into_iter().zip(&mut all) {
        let contract = replay.chain.contract(name)?.into_string();
        let one = found.iter().find(|market| market.market == contract);
        *used = one.map_or(0.0, |market| of_signed(market.used));
    }
    Ok(all)
}

fn add(sum: &mut Costs, one: &Costs) {
    sum.fills += one.fills;
    sum.fees += one.fees;
    sum.premia += one.premia;
    sum.insurance += one.insurance;
    sum.funding += one.funding;
    sum.penalties += one.penalties;
    sum.partial += one.partial;
    sum.full += one.full;
    sum.shortfall += one.shortfall;
    sum.refused += one.refused;
    sum.swaps += one.swaps;
    sum.spot.0 += one.spot.0;
    sum.spot.1 += one.spot.1;
}

/// What belongs to nobody in particular yet.
fn open(
    replay: &Replay,
    health: &HealthResponse,
    totals: &TotalsResponse,
    equities: f64,
) -> Result<Vec<(&'static str, f64)>> {
    let marked = of_signed(totals.reported) + of_usd(totals.held) - equities;
    let mut lots = 0.0;
    for auction in replay.chain.auctions()? {
        let price = replay.chain.board()?.last(auction.feed as FeedId)?.price;
        lots += of_price(price) * of_amount(auction.lot, auction.decimals);
    }
    Ok(vec![
        ("Premia that closing all positions would pay back", of_usd(health.potential)),
        ("Accounts are marked at the worse side of the price", marked),
        ("Collateral in auctions less its debt", lots - of_usd(health.tab)),
        ("Bad debt that nobody has met", -of_usd(health.bad_debt)),
    ])
}
