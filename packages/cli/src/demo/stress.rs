//! `sdp demo --stress`: the crash as deep as it was, 1.5 times and twice as deep, and twice as deep in half the time, with the same people
//! and luck. Each of these runs is played again with keepers who liquidate nobody, to see that no mark depends on liquidations.

use std::num::NonZeroU32;

use anyhow::{Context, Result};
use sdp_embedded::Actions;
use sdp_prices::{Series, Stress};
use sdp_types::ledger::Losses;
use sdp_types::lens::{self, HealthResponse};
use sdp_types::{Price, Ratio, Usd};

use super::history::Bar;
use super::replay::{Options, Replay, Strain};
use super::stress_table;
use super::universe::{close, Universe};
use super::watch::{Backlog, Risk};
use super::world::MARKET;
use crate::failure::Failure;

/// What each run is called, its depth in halves, and its speed.
const RUNS: [(&str, u32, u32); 4] = [("1×", 2, 1), ("1.5×", 3, 1), ("2×", 4, 1), ("2×, twice as fast", 4, 2)];

/// What came of a strained replay, and of the same one without liquidations.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// What it is called.
    pub name: &'static str,
    /// Symbols of collaterals, by vault.
    pub vaults: Vec<String>,
    /// Symbols of assets, and their largest fall from an earlier close, a part of it.
    pub falls: Vec<(String, f64)>,
    /// Bars from the peak of the crash to its trough.
    pub bars_of_fall: usize,
    /// Bar by bar.
    pub bars: Vec<Bar>,
    /// Traders' accounts.
    pub accounts: u64,
    /// Accounts cut back and closed.
    pub liquidations: (u64, u64),
    /// Positions of providers seized.
    pub seizures: u64,
    /// Accounts that waited for keepers, and positions of providers.
    pub backlogs: (Backlog, Backlog),
    /// The most that auctions had to bring, and the most that they may have to: of all vaults, and by vault.
    pub outstanding: ((Usd, Usd), Vec<(Usd, Usd)>),
    /// Equity at risk at its worst from the peak on, with keepers and without.
    pub risk: (Risk, Risk),
    /// What traders who lost have lost of what they paid in, USD.
    pub margins: f64,
    /// What accounts and auctions fell short of.
    pub shortfalls: (Usd, Usd),
    /// What each layer took of it.
    pub losses: Losses,
    /// What stands as bad debt.
    pub bad_debt: Usd,
    /// Penalties that accounts paid, and keepers' part of them, USD.
    pub penalties: (f64, f64),
    /// Penalties that auctions brought, and keepers' part of them, USD.
    pub auction_penalties: (f64, f64),
    /// Liquidations and auctions that paid keepers more than the penalty.
    pub overpaid: u64,
    /// Messages executed, each of them audited, and deep audits.
    pub audits: (u64, u64),
    /// Marks compared with those of the run without liquidations, and those that were not equal.
    pub marks: (u64, u64),
}

/// One of the things that the runs are to show.
pub struct Claim {
    /// What it says.
    pub what: &'static str,
    /// Where it does not hold; nothing where it does.
    pub broken: Vec<String>,
    /// How much was looked at.
    pub of: String,
}

impl Run {
    fn play(
        series: &Series,
        options: &Options,
        batch: usize,
        which: (&'static str, u32, u32),
    ) -> Result<Self> {
        let (name, halves, speed) = which;
        let (halves, speed) =
            NonZeroU32::new(halves).zip(NonZeroU32::new(speed)).context("a depth and a speed of 0")?;
        let strain = |liquidating| {
            let strain = Strain { stress: Stress { halves, speed }, batch, liquidating };
            Options { strain: Some(strain), ..options.clone() }
        };
        let mut replay = super::replayed(series, &strain(true)).context(name)?;
        let idle =
            super::replayed(series, &strain(false)).context("the same without liquidations").context(name)?;
        // what accounts and auctions fell short of since the last one is booked
        let keeper = replay.keeper();
        let sent = replay.chain.sync(&keeper);
        replay.tell(sent)?;
        Self::of(name, &replay, &idle)
    }

    fn of(name: &'static str, replay: &Replay, idle: &Replay) -> Result<Self> {
        let health: HealthResponse = replay.chain.query("lens", &lens::QueryMsg::Health {})?;
        let totals = replay.chain.market_totals(MARKET)?;
        let manifest = replay.chain.manifest();
        let (all, vaults) = replay.watch.outstanding.clone();
        let most = vaults.into_iter().chain(std::iter::repeat(Usd::ZERO));
        let holes = manifest.collaterals.iter().map(|collateral| collateral.limits.hole.0);
        // what was before the crash is the same in all runs
        let peak =
            replay.fall.and_then(|fall| replay.universe.series.rows.get(fall.peak)).map_or(0, |row| row.time);
        let worst = |bars: &[Bar]| {
            let after = bars.iter().filter(|bar| bar.time > peak);
            after.map(|bar| bar.at_risk).fold(Risk::default(), Risk::worse)
        };
        let lost = |one: &super::traders::Trader| (one.paid_in - one.seen.equity).max(0.0);
        let tally = &replay.tally;
        Ok(Self {
            name,
            vaults: (0..replay.universe.collaterals.len()).map(|vault| replay.collateral(vault)).collect(),
            falls: falls(&replay.universe),
            bars_of_fall: replay.fall.map_or(0, |fall| fall.trough - fall.peak),
            bars: replay.history.bars.clone(),
            accounts: replay.people.traders.len() as u64,
            liquidations: tally.liquidations(),
            seizures: tally.seizures,
            backlogs: (replay.watch.accounts.clone(), replay.watch.positions.clone()),
            outstanding: ((all, manifest.liquidator.hole.0), most.zip(holes).collect()),
            risk: (worst(&replay.history.bars), worst(&idle.history.bars)),
            margins: replay.people.traders.iter().map(lost).sum(),
            shortfalls: (totals.exposure.shortfalls, health.recoveries.shortfalls),
            losses: health.losses,
            bad_debt: health.bad_debt,
            penalties: (tally.sum(|costs| costs.penalties), tally.rewards),
            auction_penalties: (tally.penalties, tally.tips),
            overpaid: tally.overpaid,
            audits: (replay.chain.messages(), replay.deep_audits),
            marks: compared(&replay.watch.marks, &idle.watch.marks),
        })
    }

    /// What no layer has taken: what accounts and auctions fell short of, less what insurance, providers, buyers of notes and withdrawals took and what
    /// stands as bad debt, micro-USD. 0 where every loss is assigned.
    pub fn unassigned(&self) -> i128 {
        let sum = |amounts: &[Usd]| {
            amounts.iter().map(|amount| i128::try_from(amount.raw()).unwrap_or(i128::MAX)).sum::<i128>()
        };
        let Losses { insurance, providers, notes, withdrawals } = self.losses;
        sum(&[self.shortfalls.0, self.shortfalls.1])
            - sum(&[insurance, providers, notes, withdrawals, self.bad_debt])
    }
}

/// Everything that the runs are to show, and whether they do. That each message left an audit of zero is not among it: a
/// difference ends the command at once.
pub fn claims(runs: &[Run]) -> Vec<Claim> {
    let claim = |what, of: String, broken: fn(&Run) -> Vec<String>| {
        let broken =
            runs.iter().flat_map(|run| broken(run).into_iter().map(|text| format!("{}: {text}", run.name)));
        Claim { what, of, broken: broken.collect() }
    };
    let sum = |of: fn(&Run) -> u64| stress_table::number(runs.iter().map(of).sum());
    vec![
        claim("marks identical without liquidations", format!("{} prices", sum(|run| run.marks.0)), |run| {
            let (all, different) = run.marks;
            let text = format!("{different} of {all} marks differ");
            (different > 0 || all == 0).then_some(text).into_iter().collect()
        }),
        claim(
            "keepers' backlog drained",
            format!(
                "{} liquidations and seizures",
                sum(|run| { run.liquidations.0 + run.liquidations.1 + run.seizures })
            ),
            |run| {
                let (accounts, positions) = (run.backlogs.0.waiting, run.backlogs.1.waiting);
                let text = format!("{accounts} accounts and {positions} positions still wait");
                (accounts + positions > 0).then_some(text).into_iter().collect()
            },
        ),
        claim("auctions within the holes", format!("{} auctions", sum(|run| run.seizures)), |run| {
            let (all, vaults) = &run.outstanding;
            let every = vaults.iter().chain([all]);
            let above = every.filter(|(most, hole)| most > hole);
            above.map(|(most, hole)| format!("{most} on auction, and at most {hole} may be")).collect()
        }),
        claim(
            "every loss assigned",
            "to insurance, providers, buyers of notes, withdrawals or bad debt".into(),
            |run| {
                let left = run.unassigned();
                let text = format!("{left} micro-USD have no layer");
                (left != 0).then_some(text).into_iter().collect()
            },
        ),
        claim("rewards within penalties", "each liquidation and auction".into(), |run| {
            let text = format!("{} rewards were above the penalty", run.overpaid);
            (run.overpaid > 0).then_some(text).into_iter().collect()
        }),
    ]
}

/// Plays all runs.
///
/// # Errors
/// What ends a replay; a [`Failure::Refused`] that says which claim does not hold.
pub fn run(
    series: &Series,
    options: &Options,
    batch: usize,
    write: &dyn Fn(&[Run]) -> Result<()>,
) -> Result<(), Failure> {
    let mut runs = Vec::new();
    for which in RUNS {
        runs.push(Run::play(series, options, batch, which)?);
    }
    stress_table::show(&runs);
    write(&runs)?;
    let broken: Vec<String> = claims(&runs)
        .into_iter()
        .flat_map(|claim| claim.broken.into_iter().map(move |text| format!("{}: {text}", claim.what)))
        .collect();
    if broken.is_empty() {
        return Ok(());
    }
    Err(Failure::Refused { code: None, text: format!("not so: {}", broken.join("; ")) })
}

/// How many marks there are, and how many are not the same in both runs.
fn compared(one: &[Vec<(Price, Ratio)>], other: &[Vec<(Price, Ratio)>]) -> (u64, u64) {
    let all = one.iter().map(Vec::len).sum::<usize>().max(other.iter().map(Vec::len).sum());
    let pairs = one.iter().zip(other).flat_map(|(one, other)| one.iter().zip(other));
    let same = pairs.filter(|(one, other)| one == other).count();
    (all as u64, (all - same) as u64)
}

/// Of each asset but the dollar the largest fall from an earlier close of the bars.
fn falls(universe: &Universe) -> Vec<(String, f64)> {
    let fall = |asset: usize| {
        let (mut top, mut deepest) = (0.0f64, 0.0f64);
        for price in universe.bars().iter().filter_map(|row| close(row, asset)) {
            top = top.max(price);
            deepest = deepest.max(1.0 - price / top);
        }
        (universe.name(asset).to_string(), deepest)
    };
    (0..universe.sigmas.len().saturating_sub(1)).map(fall).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(run: Run) -> Vec<&'static str> {
        claims(&[run]).into_iter().filter(|claim| !claim.broken.is_empty()).map(|claim| claim.what).collect()
    }

    fn good() -> Run {
        Run { marks: (10, 0), ..Run::default() }
    }

    #[test]
    fn a_claim_is_broken_by_what_contradicts_it_alone() {
        assert!(broken(good()).is_empty());
        assert_eq!(broken(Run { marks: (10, 1), ..good() }), ["marks identical without liquidations"]);
        // nothing compared shows nothing
        assert_eq!(broken(Run { marks: (0, 0), ..good() }), ["marks identical without liquidations"]);
        let waits = Backlog { waiting: 1, ..Backlog::default() };
        assert_eq!(
            broken(Run { backlogs: (waits.clone(), Backlog::default()), ..good() }),
            ["keepers' backlog drained"]
        );
        assert_eq!(
            broken(Run { backlogs: (Backlog::default(), waits), ..good() }),
            ["keepers' backlog drained"]
        );
        let (full, above) = ((Usd::whole(5), Usd::whole(5)), (Usd::new(5_000_001), Usd::whole(5)));
        assert!(broken(Run { outstanding: (full, vec![full]), ..good() }).is_empty());
        assert_eq!(broken(Run { outstanding: (full, vec![above]), ..good() }), ["auctions within the holes"]);
        assert_eq!(broken(Run { outstanding: (above, vec![full]), ..good() }), ["auctions within the holes"]);
        assert_eq!(broken(Run { overpaid: 1, ..good() }), ["rewards within penalties"]);
    }

    #[test]
    fn a_loss_is_assigned_to_the_last_micro_usd() {
        let (insurance, providers) = (Usd::new(4), Usd::new(3));
        let losses = Losses { insurance, providers, notes: Usd::new(1), withdrawals: Usd::new(1) };
        let run = Run { shortfalls: (Usd::new(7), Usd::new(4)), losses, bad_debt: Usd::new(2), ..good() };
        assert_eq!(run.unassigned(), 0);
        let missing = Run { bad_debt: Usd::new(1), ..run };
        assert_eq!((missing.unassigned(), broken(missing)), (1, vec!["every loss assigned"]));
    }

    #[test]
    fn marks_are_compared_one_by_one_and_a_missing_bar_differs() {
        let mark = |price: u128| (Price::new(price), Ratio::ZERO);
        let one = vec![vec![mark(1), mark(2)], vec![mark(3), mark(4)]];
        assert_eq!(compared(&one, &one), (4, 0));
        assert_eq!(compared(&one, &[vec![mark(1), mark(2)], vec![mark(3), mark(5)]]), (4, 1));
        assert_eq!(compared(&one, &one[..1]), (4, 2));
    }
}
