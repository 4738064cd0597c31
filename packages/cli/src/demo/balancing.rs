//! `sdp demo --balancing`: providers at all ratios go through a crash, the same people at the same prices, without balancing and with it. Nobody
//! trades, so all that a position owes is what was minted against it.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use sdp_embedded::error::Result as ChainResult;
use sdp_embedded::{events, Actions, Answer, Balancers};
use sdp_prices::Series;
use sdp_types::balancer::{Balancing, Fee, Standing};
use sdp_types::events::Balanced;
use sdp_types::{Ratio, Usd};

use super::num::{of_amount, of_signed, of_usd, usd};
use super::providers::{Exit, Provider, Temper};
use super::replay::{Options, Replay};
use super::terminal::{count, money, percent};
use super::world::{decimals, first_price, ISSUANCE, LIQUIDATION, POOL};
use crate::output;

/// The first and the last provider's ratio at the start, multiples of the issuance ratio; the others lie evenly between.
const SPREAD: (f64, f64) = (1.02, 2.0);
/// Burnt below 220 %, up to the issuance ratio, never minted: it is the crash that counts.
const RULE: Balancing = Balancing {
    lower: Ratio::percent(220),
    target: Ratio::percent(250),
    upper: None,
    fee: Some(Fee { rate: Ratio::bps(10), most: Usd::whole(50) }),
};
/// Who balances others.
const BALANCER: &str = "balancing-keeper";

/// Whether positions are balanced, and when: liquidators come at the same prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Nobody is.
    Never,
    /// Balancers come before liquidators.
    First,
    /// Balancers come after liquidators.
    Last,
}

impl Turn {
    const ALL: [Self; 3] = [Self::Never, Self::First, Self::Last];

    fn name(self) -> &'static str {
        match self {
            Self::Never => "without",
            Self::First => "balanced first",
            Self::Last => "liquidated first",
        }
    }
}

/// What came of one provider.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fate {
    /// Times that his position was seized.
    pub seizures: u64,
    /// Of his sdUSD, what was burnt for him.
    pub burnt: Usd,
    /// Of his sdUSD, what balancers got for it.
    pub fees: Usd,
    /// Collateral, sdUSD and dollars less debt at the end, USD.
    pub left: f64,
}

/// What came of all.
#[derive(Debug, Clone)]
pub struct Run {
    /// When positions were balanced.
    pub turn: Turn,
    /// What of what somebody has minted stays in his wallet, and may be burnt for him; the rest is sold to keepers. In [0, 1].
    pub kept: f64,
    /// By provider.
    pub fates: Vec<Fate>,
    /// Times that somebody was balanced.
    pub balanced: u64,
    /// Value of the collateral that was seized, at that time.
    pub lots: f64,
    /// Penalties that auctions brought.
    pub penalties: f64,
    /// What collateral that was sold was worth more than it brought.
    pub discount: f64,
    /// Debt that auctions did not bring.
    pub shortfall: f64,
    /// Messages, each of them audited.
    pub messages: u64,
}

impl Run {
    /// Plays a series.
    ///
    /// # Errors
    /// What ends a replay: a difference in the books among it.
    pub fn play(series: &Series, options: &Options, kept: f64, turn: Turn) -> Result<Self> {
        let options = Options { traders: 0, ..options.clone() };
        let mut replay = Replay::new(series, &options)?;
        replay.people.providers = people(&replay, options.providers);
        let providers = replay.people.providers.len();
        let mut run = Self {
            turn,
            kept,
            fates: vec![Fate::default(); providers],
            balanced: 0,
            lots: 0.0,
            penalties: 0.0,
            discount: 0.0,
            shortfall: 0.0,
            messages: 0,
        };
        run.open(&mut replay).context("the opening")?;
        let rows: Vec<_> = replay.universe.bars().iter().take(replay.bars()).cloned().collect();
        for (n, row) in rows.iter().enumerate() {
            replay.bar = n + 1;
            replay.wait_until(row.time)?;
            replay.publish(row)?;
            if turn == Turn::First {
                run.balance(&mut replay)?;
            }
            replay.keep()?;
            if turn == Turn::Last {
                run.balance(&mut replay)?;
            }
            offer_what_is_free(&mut replay);
            replay.last_bar = row.time;
            let next = rows.get(n + 1).map_or(row.time + replay.times.step, |next| next.time);
            replay.between(next)?;
        }
        replay.deep_audit()?;
        run.add_up(&mut replay)?;
        Ok(run)
    }

    /// Everybody deposits, mints, sells a part of it, and says at which ratio he wants to be kept.
    fn open(&self, replay: &mut Replay) -> Result<()> {
        let Some(row) = replay.universe.warm_rows().last().cloned() else { return Ok(()) };
        replay.wait_until(row.time)?;
        replay.publish(&row)?;
        let providers = replay.people.providers.clone();
        for n in 0..providers.len() {
            replay.deposit_first(n)?;
        }
        for (n, one) in providers.iter().enumerate() {
            let value = one.tokens * replay.price(replay.asset_of(one.vault));
            replay.mint(n, value / (one.aim * ISSUANCE))?;
            let sold = usd((1.0 - self.kept) * of_usd(replay.wallet(&one.name)?));
            let buyer = replay.keeper();
            let sent = replay.chain.sell_sdusd(&one.name, &buyer, sold);
            replay.tell(sent)?;
            if self.turn != Turn::Never {
                let (collateral, allowed) = (replay.collateral(one.vault), replay.wallet(&one.name)?);
                let sent = replay.chain.keep_at(&one.name, &collateral, RULE, allowed);
                replay.tell(sent)?;
            }
        }
        // what is kept is not for sale
        replay.offers.clear();
        replay.keep()
    }

    /// Somebody looks at all positions, and balances those that are below their band.
    fn balance(&mut self, replay: &mut Replay) -> Result<()> {
        for (n, one) in replay.people.providers.clone().iter().enumerate() {
            let collateral = replay.collateral(one.vault);
            // without a position, or without a good price, there is no answer
            let found = replay.look(|chain| chain.balancing_standing(&one.name, &collateral));
            if !found.is_ok_and(|found| found.standing == Standing::Below) {
                continue;
            }
            let sent = replay.chain.balance_position(BALANCER, &collateral, &one.name);
            self.note(replay, n, sent)?;
        }
        Ok(())
    }

    fn note(&mut self, replay: &mut Replay, provider: usize, sent: ChainResult<Answer>) -> Result<()> {
        let Some(answer) = replay.tell(sent)? else { return Ok(()) };
        for told in events::<Balanced>(&answer)? {
            let Some(fate) = self.fates.get_mut(provider) else { continue };
            fate.burnt = fate.burnt.plus(told.burnt)?;
            fate.fees = fate.fees.plus(told.fee)?;
            self.balanced += 1;
        }
        Ok(())
    }

    fn add_up(&mut self, replay: &mut Replay) -> Result<()> {
        let tally = &replay.tally;
        self.lots = tally.lots;
        self.penalties = tally.penalties;
        self.discount = tally.worth - tally.paid;
        self.shortfall = tally.shortfall;
        self.messages = replay.chain.messages();
        for (n, one) in replay.people.providers.clone().iter().enumerate() {
            let left = left(replay, one)?;
            let Some(fate) = self.fates.get_mut(n) else { continue };
            fate.seizures = replay.tally.seized_from.get(&one.address).copied().unwrap_or_default();
            fate.left = left;
        }
        Ok(())
    }

    fn sum(&self, of: impl Fn(&Fate) -> f64) -> f64 {
        self.fates.iter().map(of).sum()
    }

    /// Providers whose positions were seized, by their place.
    pub fn liquidated(&self) -> Vec<usize> {
        let all = self.fates.iter().enumerate();
        all.filter(|(_, fate)| fate.seizures > 0).map(|(n, _)| n).collect()
    }
}

/// So many providers of the same size, over all vaults but the dollar's, at all ratios, who do nothing by themselves.
fn people(replay: &Replay, providers: u32) -> Vec<Provider> {
    let vaults = replay.universe.collaterals.len().saturating_sub(1).max(1);
    let (first, last) = SPREAD;
    let steps = f64::from(providers.saturating_sub(1).max(1));
    let provider = |n: u32| {
        let (name, vault) = (format!("provider-{}", n + 1), n as usize % vaults);
        Provider {
            dollars: false,
            address: replay.chain.address(&name).into_string(),
            name,
            temper: Temper::Bold,
            vault,
            tokens: POOL / f64::from(providers) / first_price(&replay.universe, replay.asset_of(vault)),
            spare: 0.0,
            aim: first + (last - first) * f64::from(n) / steps,
            attention: 0.0,
            joins: 0,
            leaves: None,
            exit: Exit::None,
        }
    };
    (0..providers).map(provider).collect()
}

/// Who has no position any more sells what he has kept for it.
fn offer_what_is_free(replay: &mut Replay) {
    let gone = replay.people.providers.iter().zip(&replay.holdings);
    let gone: Vec<_> = gone.filter(|(_, held)| held.is_none()).map(|(one, _)| one.name.clone()).collect();
    for name in gone {
        replay.offer(&name);
    }
}

/// Collateral in the pool and at hand, sdUSD and dollars less debt, USD.
fn left(replay: &Replay, one: &Provider) -> Result<f64> {
    let (collateral, asset) = (replay.collateral(one.vault), replay.asset_of(one.vault));
    let at_hand = of_amount(replay.chain.balance(&one.name, &collateral)?, decimals(&replay.universe, asset));
    let position = replay.chain.position(&one.name, &collateral).ok();
    let net = position.map_or(0.0, |position| of_usd(position.value) - of_signed(position.debt));
    let cash = of_signed(replay.chain.book.cash(&one.name));
    Ok(net + at_hand * replay.price(asset) + of_usd(replay.wallet(&one.name)?) + cash)
}

/// Plays a series without balancing, with balancers first and with liquidators first, and shows what came of it.
///
/// # Errors
/// What ends a replay.
pub fn run(series: &Series, name: &str, options: &Options, kept: f64) -> Result<()> {
    let play = |turn: Turn| Run::play(series, options, kept, turn).context(turn.name());
    let runs: Vec<Run> = Turn::ALL.into_iter().map(play).collect::<Result<_>>()?;
    show(name, kept, &runs);
    Ok(())
}

/// What a row shows of a run.
type Figure<'a> = Box<dyn Fn(&Run) -> String + 'a>;

fn show(name: &str, kept: f64, runs: &[Run]) {
    let providers = runs.first().map_or(0, |run| run.fates.len());
    let hit: BTreeMap<usize, ()> = runs.iter().flat_map(Run::liquidated).map(|n| (n, ())).collect();
    let of_hit = |run: &Run| {
        let all = run.fates.iter().enumerate();
        all.filter(|(n, _)| hit.contains_key(n)).map(|(_, fate)| fate.left).sum::<f64>()
    };
    let figures: Vec<(&str, Figure<'_>)> = vec![
        ("providers liquidated", Box::new(|run| count(run.liquidated().len() as u64))),
        ("collateral seized, at that time", Box::new(|run| money(run.lots.round()))),
        ("penalties paid", Box::new(|run| money(run.penalties.round()))),
        ("… and sold below the price", Box::new(|run| money(run.discount.round()))),
        ("debt that auctions did not bring", Box::new(|run| money(run.shortfall.round()))),
        ("times balanced", Box::new(|run| count(run.balanced))),
        ("debt burnt by that", Box::new(|run| money(run.sum(|fate| of_usd(fate.burnt)).round()))),
        ("fees to balancers", Box::new(|run| money(run.sum(|fate| of_usd(fate.fees)).round()))),
        ("value left of all", Box::new(|run| money(run.sum(|fate| fate.left).round()))),
        ("… of those liquidated in any column", Box::new(|run| money(of_hit(run).round()))),
        ("messages, each audited: difference 0", Box::new(|run| count(run.messages))),
    ];
    say!("{name}: {providers} providers, with balancing and without; USD");
    let header: Vec<&str> = std::iter::once("").chain(runs.iter().map(|run| run.turn.name())).collect();
    let row = |(what, of): (&str, Figure<'_>)| {
        std::iter::once(what.to_string()).chain(runs.iter().map(of)).collect::<Vec<_>>()
    };
    output::table(&header, figures.into_iter().map(row));
    say!("Assumed: nobody trades, and providers do nothing themselves. All put in the same value and mint to ratios spread");
    say!(
        "evenly from {} to {}; the issuance ratio is {}, the liquidation ratio {}. Each keeps {} of what he",
        percent(SPREAD.0 * ISSUANCE),
        percent(SPREAD.1 * ISSUANCE),
        percent(ISSUANCE),
        percent(LIQUIDATION),
        percent(kept)
    );
    say!("minted (--kept), which the balancer may burn, and has sold the rest to keepers, who bid with it. Below 220 % anybody");
    say!("burns up to 250 % for 0.1 %, at most $50. All look once at each bar, balancers before liquidators or behind them:");
    say!("where a price jumps beyond the liquidation ratio between two bars, who is first decides.");
    say!("Value left is collateral, sdUSD and dollars less debt at the last prices. To burn one's own sdUSD changes it by nothing");
    say!("but the fee, less the interest that is saved. Who is liquidated loses penalty and discount, and has sold what he would have held to the end: in a");
    say!(
        "series that recovers that costs more than both, in one that goes on falling it is worth something."
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn played(turn: Turn, kept: f64) -> Run {
        let series = Series::built_in().unwrap().window(1_578_000_000, 1_593_600_000).unwrap();
        let options =
            Options { seed: 1, providers: 12, traders: 0, bars: Some(30), risk_engine: true, strain: None };
        Run::play(&series, &options, kept, turn).unwrap()
    }

    #[test]
    fn fewer_are_liquidated_with_balancing_and_who_never_is_pays_the_fee_and_saves_interest() {
        // a difference in the books would have ended any of them
        let [without, first, last] = Turn::ALL.map(|turn| played(turn, 0.5));
        assert!(!without.liquidated().is_empty(), "a crash in which nothing happens shows nothing");
        assert_eq!((without.balanced, without.sum(|fate| of_usd(fate.burnt))), (0, 0.0));
        for run in [&first, &last] {
            assert!(run.balanced > 0);
            let with = run.liquidated();
            assert!(with.iter().all(|n| without.liquidated().contains(n)), "{with:?}");
            for fate in &run.fates {
                let most = fate.burnt.scale(Ratio::bps(10), sdp_types::Rounding::Down).unwrap();
                assert!(fate.fees <= most, "{fate:?}");
            }
            assert!(with.is_empty() || run.penalties > 0.0);
            assert!(!with.is_empty() || (run.lots, run.penalties, run.discount) == (0.0, 0.0, 0.0));
        }
        assert!(first.liquidated().len() <= last.liquidated().len());
        assert!(first.liquidated().len() < without.liquidated().len());
        // no auction fell short, so nobody bears what another one owed
        assert_eq!((without.shortfall, first.shortfall), (0.0, 0.0));
        for (n, (with, without)) in first.fates.iter().zip(&without.fates).enumerate() {
            if with.seizures == 0 && without.seizures == 0 {
                // what was burnt costs no interest any more, of a month of 3 % a year at most; debt is shown rounded up, and prices are floats: a cent
                let saved = of_usd(with.fees) - (without.left - with.left);
                let most = of_usd(with.burnt) * 0.03 * 31.0 / 365.0;
                assert!((-0.01..=most + 0.01).contains(&saved), "{n}: {saved} of {most}, {with:?}");
            }
        }
    }

    #[test]
    fn who_has_sold_all_that_he_minted_is_not_helped() {
        let (without, with) = (played(Turn::Never, 0.0), played(Turn::First, 0.0));
        assert_eq!((with.balanced, with.sum(|fate| of_usd(fate.burnt))), (0, 0.0));
        assert_eq!(with.liquidated(), without.liquidated());
        let left = |run: &Run| run.fates.iter().map(|fate| fate.left).collect::<Vec<_>>();
        assert_eq!(left(&with), left(&without));
    }

    #[test]
    fn ratios_are_spread_and_everybody_has_the_same_value() {
        let series = Series::built_in().unwrap();
        let options =
            Options { seed: 1, providers: 5, traders: 0, bars: None, risk_engine: true, strain: None };
        let replay = Replay::new(&series, &options).unwrap();
        let all = people(&replay, 5);
        let aims: Vec<f64> = all.iter().map(|one| (one.aim * 1_000.0).round()).collect();
        assert_eq!(aims, [1_020.0, 1_265.0, 1_510.0, 1_755.0, 2_000.0]);
        for one in &all {
            let value = one.tokens * first_price(&replay.universe, replay.asset_of(one.vault));
            assert!((value - POOL / 5.0).abs() < 0.01 && one.vault + 1 < replay.universe.collaterals.len());
        }
    }
}
