//! `sdp demo`: dozens of providers and hundreds of traders go through real prices, and the books are audited after every message.
//!
//! [`universe`] chooses what of a series is replayed, [`world`] makes the deployment that fits it, [`population`] draws the people
//! ([`providers`], [`traders`], [`holders`] of synthetics), and [`replay`] plays it bar by bar. [`tally`] and [`history`] note what happened, [`summary`]
//! adds it up, [`terminal`] and [`page`] show it. [`stress`] plays the crash deeper and faster, and [`watch`] looks out for a cascade. [`balancing`] plays
//! it with providers who are kept at a ratio, and without.
#![allow(
    clippy::float_arithmetic,
    reason = "agents, statistics and charts; what moves on the chain is an exact unit before it is sent"
)]

mod acts;
mod args;
mod auctions;
mod balancing;
mod compare;
mod dollars;
mod history;
mod holders;
mod holding;
mod num;
mod opening;
mod page;
mod population;
mod progress;
mod providers;
mod replay;
mod stress;
mod stress_table;
mod summary;
mod sweep;
mod tally;
mod terminal;
mod tokens;
mod traders;
mod universe;
mod watch;
mod world;

pub use args::DemoArgs;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sdp_prices::Series;

use compare::Comparison;
use progress::Progress;
use replay::{Options, Replay};
use summary::Summary;

use crate::failure::Failure;

/// Replays a series and shows what came of it.
///
/// # Errors
/// A series that can't be read or replayed; a difference in the books, a contract's panic or an account that stands below zero
/// after a sweep, any of which ends the replay at once; under stress, a claim that does not hold.
pub fn run(args: DemoArgs) -> Result<(), Failure> {
    let (name, series) = match &args.prices {
        Some(path) => {
            let name =
                path.file_stem().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into());
            (name, Series::load(path).map_err(anyhow::Error::from)?)
        }
        None => {
            let built_in = Series::built_in().map_err(anyhow::Error::from)?;
            ("US equities, crash of March 2020".to_string(), built_in)
        }
    };
    let options = Options {
        seed: args.seed,
        providers: args.providers,
        traders: args.traders,
        bars: None,
        risk_engine: !args.without_risk_engine,
        strain: None,
    };
    if args.stress {
        let name = &name;
        return stress::run(&series, &options, args.batch, &|runs| {
            let Some(folder) = &args.out else { return Ok(()) };
            let page = stress_table::report(name, options.seed, runs).to_html();
            let path = written(folder, "stress.html", &page)?;
            say!("Report: {}", path.display());
            Ok(())
        });
    }
    if args.balancing {
        return Ok(balancing::run(&series, &name, &options, args.kept)?);
    }
    let (summary, replay) = play(&series, &name, &options)?;
    let mut report = None;
    if let Some(folder) = &args.out {
        let manifest = toml::to_string(replay.chain.manifest()).context("the manifest as TOML")?;
        written(folder, "manifest.toml", &manifest)?;
        report = Some(written(folder, "report.html", &page::report(&summary, &replay).to_html())?);
    }
    say!("{}", terminal::show(&summary, &replay));
    if args.compare {
        let mut comparison = Comparison::default();
        let without = play(&series, &name, &Options { risk_engine: false, ..options })?;
        comparison.add((&without.0, &without.1), (&summary, &replay));
        for seed in args.seed + 1..args.seed + args.seeds {
            let with = play(&series, &name, &Options { seed, ..options })?;
            let without = play(&series, &name, &Options { seed, risk_engine: false, ..options })?;
            comparison.add((&without.0, &without.1), (&with.0, &with.1));
        }
        comparison.show(args.seeds);
    }
    if let Some(report) = report {
        say!("Report: {}", report.display());
    }
    Ok(())
}

/// Writes a file into a folder, which is made where there is none.
fn written(folder: &Path, file: &str, text: &str) -> Result<PathBuf> {
    std::fs::create_dir_all(folder).with_context(|| format!("folder {}", folder.display()))?;
    let path = folder.join(file);
    std::fs::write(&path, text).with_context(|| format!("file {}", path.display()))?;
    Ok(path)
}

/// Plays a series to its end, and adds up.
fn play(series: &Series, name: &str, options: &Options) -> Result<(Summary, Replay)> {
    let replay = replayed(series, options)?;
    Ok((Summary::of(&replay, name)?, replay))
}

/// Plays a series to its end.
fn replayed(series: &Series, options: &Options) -> Result<Replay> {
    let mut replay = Replay::new(series, options)?;
    let progress = Progress::new(replay.bars());
    let played = replay.play(|state| progress.show(state));
    progress.end();
    played?;
    Ok(replay)
}

#[cfg(test)]
mod tests {
    use sdp_embedded::Actions;
    use sdp_types::{liquidator, Usd};

    use super::replay::Strain;
    use super::watch::Watch;
    use super::*;

    fn played(seed: u64, bars: usize) -> Replay {
        let series = Series::built_in().unwrap();
        // from the middle of February 2020, so that few bars see the crash
        let series = series.window(1_578_000_000, 1_593_600_000).unwrap();
        let options =
            Options { seed, providers: 16, traders: 40, bars: Some(bars), risk_engine: true, strain: None };
        let mut replay = Replay::new(&series, &options).unwrap();
        replay.play(|_| {}).unwrap();
        replay
    }

    #[test]
    fn a_short_replay_keeps_its_books_and_explains_every_dollar() {
        let replay = played(1, 30);
        // an audit with a difference, an account below zero after a sweep or a failed deep audit would have ended it
        let summary = Summary::of(&replay, "test").unwrap();
        assert!(summary.unexplained.abs() < 0.01, "{}", summary.unexplained);
        assert!(replay.deep_audits >= 15 && replay.accounts_checked > 1_000);
        let (partial, full) = replay.tally.liquidations();
        assert!(partial > 0 && full > 0, "{partial} cut back, {full} closed");
        assert!(replay.tally.seizures > 0 && replay.tally.takes > 0 && replay.tally.auctions_ended > 0);

        // synthetics are bought, sold and hedged; USDC comes in for wallets, margin and debt, and no swap costs the providers anything
        let spot =
            |of: fn(&(u64, u64)) -> u64| summary.holders.iter().map(|group| of(&group.costs.spot)).sum();
        let (bought, sold): (u64, u64) = (spot(|both| both.0), spot(|both| both.1));
        assert!(bought > 2 && sold > 0, "{bought} bought, {sold} sold");
        assert!(summary.holders[2].costs.fills > 0);
        let swaps = &replay.tally.swaps;
        assert!(swaps.paid.0 > 0.0 && swaps.paid.1 > 0.0 && swaps.paid.2 > 0.0, "{swaps:?}");
        assert!(swaps.fees > 0.0);
        assert_eq!(summary.used[2], 0.0);

        // traders' results are what prices brought less what they paid, plus what they could not pay, but for open positions
        // that are marked at the worse side of the price; the rest is roundings of a micro-USD
        let unpaid = |group: &summary::Traders| group.result - (group.prices - group.costs.paid());
        let unpaid: Vec<f64> = summary.traders.iter().chain(&summary.holders).map(unpaid).collect();
        let marked = summary.open.iter().find(|(what, _)| what.contains("worse side")).unwrap().1;
        let left = summary.account_shortfalls - marked;
        assert!((unpaid.iter().sum::<f64>() - left).abs() < 0.1, "{unpaid:?} {left}");
        let report = page::report(&summary, &replay);
        for table in &report.tables {
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.title);
        }
        let page = report.to_html();
        assert!(page.contains("Collateral ratio") && page.contains("Debt per share"));
        assert!(terminal::show(&summary, &replay).contains("it adds up to nothing"));
    }

    #[test]
    fn the_same_seed_gives_the_same_run_and_another_one_another() {
        let (a, b, c) = (played(1, 6), played(1, 6), played(2, 6));
        assert!(a.chain.store() == b.chain.store() && a.chain.messages() == b.chain.messages());
        assert_eq!(a.tally, b.tally);
        assert!(a.chain.store() != c.chain.store());
    }

    #[test]
    fn orders_fill_at_a_price_that_was_not_known_when_they_were_made() {
        // the last bar's price moved by a tenth changes nothing that happened before it
        let series = Series::built_in().unwrap().window(1_578_000_000, 1_593_600_000).unwrap();
        let options =
            Options { seed: 1, providers: 8, traders: 20, bars: Some(5), risk_engine: true, strain: None };
        let run = |series: &Series, bars| {
            let mut replay = Replay::new(series, &Options { bars: Some(bars), ..options.clone() }).unwrap();
            replay.play(|_| {}).unwrap();
            replay
        };
        let mut other = series.clone();
        let later = Replay::new(&series, &options).unwrap().universe.bars()[5].time;
        for row in other.rows.iter_mut().filter(|row| row.time >= later) {
            for price in row.close.iter_mut().flatten() {
                *price = sdp_prices::Price::from_atomics(price.atomics() / 10 * 11).unwrap();
            }
        }
        assert!(run(&series, 5).chain.store() == run(&other, 5).chain.store());
        assert!(run(&series, 6).chain.store() != run(&other, 6).chain.store());
    }

    #[test]
    fn a_crash_twice_as_deep_and_fast_leaves_nobody_waiting_and_its_marks_depend_on_no_liquidation() {
        let series = Series::built_in().unwrap().window(1_578_000_000, 1_593_600_000).unwrap();
        let halves = std::num::NonZeroU32::new(4).unwrap();
        let stress = sdp_prices::Stress { halves, speed: std::num::NonZeroU32::new(2).unwrap() };
        let run = |liquidating| {
            let strain = Some(Strain { stress, batch: 1, liquidating });
            let options =
                Options { seed: 1, providers: 16, traders: 60, bars: Some(20), risk_engine: true, strain };
            let mut replay = Replay::new(&series, &options).unwrap();
            replay.play(|_| {}).unwrap();
            replay
        };
        let (kept, idle) = (run(true), run(false));
        assert!(kept.tally.liquidated() > 4 && kept.tally.seizures > 0);
        assert_eq!((idle.tally.liquidated(), idle.tally.seizures), (0, 0));
        // one account of each of four keepers in a block: more than four at once take more than one
        let Watch { accounts, positions, outstanding, marks, .. } = &kept.watch;
        assert!(accounts.most > 4 && accounts.longest >= 12, "{accounts:?}");
        assert_eq!((accounts.waiting, positions.waiting), (0, 0));
        assert!(positions.most > 0 && !outstanding.0.is_zero());
        assert!(idle.watch.accounts.waiting > 0, "nobody came, so they wait");
        assert_eq!(marks.len(), 20);
        assert_eq!(marks, &idle.watch.marks);
        let met = kept.chain.manifest().pool.losses;
        assert_eq!(met, Some(sdp_types::pool::LossLimits::default()));
    }

    #[test]
    fn keepers_come_back_for_what_found_the_hole_full() {
        let series = Series::built_in().unwrap().window(1_578_000_000, 1_593_600_000).unwrap();
        let halves = std::num::NonZeroU32::new(4).unwrap();
        let stress = sdp_prices::Stress { halves, speed: halves };
        let strain = Some(Strain { stress, batch: 1, liquidating: true });
        let options =
            Options { seed: 1, providers: 16, traders: 20, bars: Some(20), risk_engine: true, strain };
        let mut replay = Replay::new(&series, &options).unwrap();
        // the guardian leaves room for a small part of what is seized otherwise
        let hole = Usd::whole(100_000);
        let params = liquidator::Params { hole, ..replay.chain.manifest().liquidator_params() };
        let change = liquidator::Change::Params { params };
        let message = liquidator::ExecuteMsg::Configure { change };
        replay.chain.execute("guardian", "liquidator", &message, &[]).unwrap();
        replay.play(|_| {}).unwrap();
        let Watch { positions, outstanding, .. } = &replay.watch;
        assert!(outstanding.0 > Usd::whole(90_000) && outstanding.0 <= hole, "{outstanding:?}");
        // a look at auctions every 20 seconds finds room again, long before the next day's bar
        assert!(positions.longest > 20 && positions.longest < 86_400, "{positions:?}");
        assert_eq!(positions.waiting, 0);
    }
}
