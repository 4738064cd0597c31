//! `sdp demo`: dozens of providers and hundreds of traders go through real prices, and the books are audited after every message.
//!
//! [`universe`] chooses what of a series is replayed, [`world`] makes the deployment that fits it, [`population`] draws the people
//! ([`providers`], [`traders`]), and [`replay`] plays it bar by bar. [`tally`] and [`history`] note what happened, [`summary`]
//! adds it up, [`terminal`] and [`page`] show it.
#![allow(
    clippy::float_arithmetic,
    reason = "agents, statistics and charts; what moves on the chain is an exact unit before it is sent"
)]

mod acts;
mod args;
mod auctions;
mod compare;
mod history;
mod num;
mod opening;
mod page;
mod population;
mod progress;
mod providers;
mod replay;
mod summary;
mod sweep;
mod tally;
mod terminal;
mod traders;
mod universe;
mod world;

pub use args::DemoArgs;

use anyhow::{Context, Result};
use sdp_prices::Series;

use compare::Comparison;
use progress::Progress;
use replay::{Options, Replay};
use summary::Summary;

/// Replays a series and shows what came of it.
///
/// # Errors
/// A series that can't be read or replayed; a difference in the books, a contract's panic or an account that stands below zero
/// after a sweep, any of which ends the replay at once.
pub fn run(args: DemoArgs) -> Result<()> {
    let (name, series) = match &args.prices {
        Some(path) => {
            let name =
                path.file_stem().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into());
            (name, Series::load(path)?)
        }
        None => ("US equities, crash of March 2020".to_string(), Series::built_in()?),
    };
    let options = Options {
        seed: args.seed,
        providers: args.providers,
        traders: args.traders,
        bars: None,
        risk_engine: !args.without_risk_engine,
    };
    let (summary, replay) = play(&series, &name, &options)?;
    let mut report = None;
    if let Some(folder) = &args.out {
        std::fs::create_dir_all(folder).with_context(|| format!("folder {}", folder.display()))?;
        let write = |file: &str, text: String| {
            let path = folder.join(file);
            std::fs::write(&path, text).with_context(|| format!("file {}", path.display()))?;
            anyhow::Ok(path)
        };
        let manifest = toml::to_string(replay.chain.manifest()).context("the manifest as TOML")?;
        write("manifest.toml", manifest)?;
        report = Some(write("report.html", page::report(&summary, &replay).to_html())?);
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

/// Plays a series to its end.
fn play(series: &Series, name: &str, options: &Options) -> Result<(Summary, Replay)> {
    let mut replay = Replay::new(series, options)?;
    let progress = Progress::new(replay.bars());
    let played = replay.play(|state| progress.show(state));
    progress.end();
    played?;
    Ok((Summary::of(&replay, name)?, replay))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn played(seed: u64, bars: usize) -> Replay {
        let series = Series::built_in().unwrap();
        // from the middle of February 2020, so that few bars see the crash
        let series = series.window(1_578_000_000, 1_593_600_000).unwrap();
        let options = Options { seed, providers: 16, traders: 40, bars: Some(bars), risk_engine: true };
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

        // traders' results are what prices brought less what they paid, plus what they could not pay, but for open positions
        // that are marked at the worse side of the price; the rest is roundings of a micro-USD
        let unpaid = |group: &summary::Traders| group.result - (group.prices - group.costs.paid());
        let unpaid: f64 = summary.traders.iter().map(unpaid).sum();
        let marked = summary.open.iter().find(|(what, _)| what.contains("worse side")).unwrap().1;
        assert!((unpaid - (summary.account_shortfalls - marked)).abs() < 0.1, "{unpaid}");
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
        let options = Options { seed: 1, providers: 8, traders: 20, bars: Some(5), risk_engine: true };
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
}
