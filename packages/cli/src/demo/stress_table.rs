//! The stressed runs side by side: a table for the terminal, and a page with what was at risk over time.

use sdp_report::{Column, Line, Report, Style, Table};
use sdp_types::Usd;

use super::history::Bar;
use super::num::of_usd;
use super::page;
use super::stress::{claims, Claim, Run};
use super::terminal::{count, money, percent};
use crate::output;

/// A number of things.
pub fn number(number: u64) -> String {
    count(number)
}

/// How long something took: seconds below two minutes, then minutes, hours and days.
fn duration(seconds: u64) -> String {
    let (minutes, hours) = (seconds / 60, seconds / 3_600);
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{minutes} min"),
        7_200..172_800 => format!("{hours} h"),
        _ => format!("{} days", hours / 24),
    }
}

fn usd(amount: Usd) -> String {
    money(of_usd(amount))
}

fn two(first: String, second: String) -> String {
    format!("{first} / {second}")
}

/// What a row shows of a run.
type Figure<'a> = Box<dyn Fn(&Run) -> String + 'a>;

/// One row a figure, one column a run.
fn rows(runs: &[Run]) -> Vec<Vec<String>> {
    let mut figures: Vec<(String, Figure<'_>)> = Vec::new();
    let first = runs.first();
    for (n, (symbol, _)) in first.iter().flat_map(|run| &run.falls).enumerate() {
        let fall = move |run: &Run| run.falls.get(n).map_or_else(String::new, |(_, fall)| percent(*fall));
        figures.push((format!("worst fall of {symbol}"), Box::new(fall)));
    }
    let mut figure = |what: &str, of: fn(&Run) -> String| figures.push((what.into(), Box::new(of)));
    figure("bars of the crash, from peak to trough", |run| run.bars_of_fall.to_string());
    figure("traders' accounts cut back / closed", |run| {
        two(count(run.liquidations.0), count(run.liquidations.1))
    });
    figure("providers' positions seized", |run| count(run.seizures));
    figure("most accounts below maintenance at once, of all", |run| {
        two(count(run.backlogs.0.most), count(run.accounts))
    });
    figure("… longest until none was left", |run| duration(run.backlogs.0.longest));
    figure("… at the trough, until none was left", |run| {
        run.backlogs.0.cleared.map_or_else(never, duration)
    });
    figure("most positions below liquidation ratio at once", |run| count(run.backlogs.1.most));
    figure("… longest until none was left", |run| duration(run.backlogs.1.longest));
    figure("… at the trough, until none was left", |run| {
        run.backlogs.1.cleared.map_or_else(never, duration)
    });
    figure("still waiting at the end: accounts / positions", |run| {
        two(count(run.backlogs.0.waiting), count(run.backlogs.1.waiting))
    });
    figure("most in all auctions / hole", |run| two(usd(run.outstanding.0 .0), usd(run.outstanding.0 .1)));
    for (n, symbol) in first.iter().flat_map(|run| &run.vaults).enumerate() {
        let most = move |run: &Run| {
            run.outstanding.1.get(n).map_or_else(String::new, |(most, hole)| two(usd(*most), usd(*hole)))
        };
        figures.push((format!("… of {symbol}"), Box::new(most)));
    }
    let mut figure = |what: &str, of: fn(&Run) -> String| figures.push((what.into(), Box::new(of)));
    figure("equity at risk at its worst, from the peak on", |run| money(run.risk.0.notional));
    figure("… of it below zero already, at its worst", |run| money(run.risk.0.deficit));
    figure("… and had nobody been liquidated", |run| money(run.risk.1.deficit));
    figure("lost by traders of their own margin", |run| money(run.margins));
    figure("lacked by accounts / by auctions", |run| two(usd(run.shortfalls.0), usd(run.shortfalls.1)));
    figure("… met by insurance", |run| usd(run.losses.insurance));
    figure("… met by providers", |run| usd(run.losses.providers));
    figure("… met by buyers of notes", |run| usd(run.losses.notes));
    figure("… met by who took out meanwhile", |run| usd(run.losses.withdrawals));
    figure("… standing as bad debt", |run| usd(run.bad_debt));
    figure("penalties of traders / keepers' part", |run| two(money(run.penalties.0), money(run.penalties.1)));
    figure("penalties of auctions / keepers' part", |run| {
        two(money(run.auction_penalties.0), money(run.auction_penalties.1))
    });
    figure("messages audited / with a difference", |run| two(count(run.audits.0), count(0)));
    figure("marks compared / different", |run| two(count(run.marks.0), count(run.marks.1)));
    let row = |(what, of): (String, Figure<'_>)| std::iter::once(what).chain(runs.iter().map(of)).collect();
    figures.into_iter().map(row).collect()
}

fn never() -> String {
    "never".into()
}

fn verdict(claim: &Claim) -> (String, String) {
    let answer = if claim.broken.is_empty() { "yes" } else { "NO" };
    let mut text = format!("{answer}, {}", claim.of);
    for broken in &claim.broken {
        text += &format!("; {broken}");
    }
    (claim.what.to_string(), text)
}

/// Prints the table and what follows from it.
pub fn show(runs: &[Run]) {
    say!("The same people in the same crash, made deeper and faster; USD");
    let header: Vec<&str> = std::iter::once("").chain(runs.iter().map(|run| run.name)).collect();
    output::table(&header, rows(runs));
    output::fields(claims(runs).iter().map(verdict));
}

/// The page.
pub fn report(name: &str, seed: u64, runs: &[Run]) -> Report {
    let lines = |style: Style, of: fn(&Bar) -> f64| -> Vec<Line> {
        let line = |run: &Run| {
            let points = run.bars.iter().map(|bar| (bar.time as f64, of(bar))).collect();
            Line::new(run.name, style, points)
        };
        runs.iter().map(line).collect()
    };
    let price = |run: &Run| {
        let first = run.bars.first().and_then(|bar| bar.prices.first()).copied().unwrap_or(1.0);
        let of = |bar: &Bar| bar.prices.first().map_or(f64::NAN, |price| 100.0 * price / first);
        Line::new(run.name, Style::Line, run.bars.iter().map(|bar| (bar.time as f64, of(bar))).collect())
    };
    let charts = vec![
        page::chart(
            "price",
            "Price",
            "Of the first perpetual, 100 at the start.",
            ("Index", "start = 100"),
            runs.iter().map(price).collect(),
        ),
        page::at_risk(lines(Style::Steps, |bar| bar.at_risk.notional)),
        page::chart(
            "below-zero",
            "Equity below zero",
            "What accounts that waited for a keeper had lost beyond their margin, when prices came in.",
            ("Amount", "USD"),
            lines(Style::Steps, |bar| bar.at_risk.deficit),
        ),
        page::chart(
            "waiting",
            "Accounts that wait for keepers",
            "Most at once since the bar before.",
            ("Accounts", ""),
            lines(Style::Steps, |bar| bar.at_risk.accounts as f64),
        ),
        page::chart(
            "auctions",
            "Debt in auctions",
            "What running auctions still had to bring at the end of a bar, without penalties.",
            ("Debt", "USD"),
            lines(Style::Steps, |bar| bar.tab),
        ),
        page::chart(
            "ratio",
            "Collateral ratio",
            "Collateral over debt of the whole pool, at the end of a bar.",
            ("Ratio", "%"),
            lines(Style::Line, |bar| bar.ratio.map_or(f64::NAN, |ratio| 100.0 * ratio)),
        ),
        page::chart(
            "losses",
            "Losses met",
            "What insurance and providers took of what accounts and auctions fell short of, so far.",
            ("Amount", "USD"),
            lines(Style::Steps, |bar| bar.losses.0 + bar.losses.1),
        ),
    ];
    let claimed = claims(runs).iter().map(verdict).map(|(what, text)| vec![what, text]).collect();
    let columns = std::iter::once(Column::left("What")).chain(runs.iter().map(|run| Column::right(run.name)));
    Report {
        title: format!("Shared Debt Pools under stress: {name}"),
        subtitle: "The same people in the same crash, made deeper and faster".into(),
        generated_from: [
            ("Prices", name.to_string()),
            ("Seed", seed.to_string()),
            ("Version", env!("CARGO_PKG_VERSION").into()),
        ]
        .map(|(name, value)| (name.to_string(), value))
        .to_vec(),
        charts,
        tables: vec![
            Table {
                title: "What was to be shown".into(),
                caption: String::new(),
                columns: vec![Column::left("Claim"), Column::left("Holds")],
                rows: claimed,
            },
            Table {
                title: "The runs".into(),
                caption: "Amounts in USD".into(),
                columns: columns.collect(),
                rows: rows(runs),
            },
        ],
        notes: vec![
            "A crash d times as deep has every log return between its peak and its trough times d, and the same returns as before from \
             there on. One that is s times as fast keeps every s-th of its bars."
                .into(),
            "Each of four keepers sends one message a block of six seconds. Equity at risk is the notional of all accounts below their \
             maintenance margin when it was largest: when prices had come in, and no keeper had."
                .into(),
            "Each run was played again with keepers who liquidate nobody. All prices that accounts, orders and collateral were marked at \
             are the same to the last digit."
                .into(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_reads_in_its_largest_unit() {
        let shown = [0, 119, 120, 7_199, 7_200, 172_799, 172_800].map(duration);
        assert_eq!(shown, ["0 s", "119 s", "2 min", "119 min", "2 h", "47 h", "2 days"]);
    }

    #[test]
    fn each_run_has_a_column_and_a_line() {
        let run = |name| Run {
            name,
            vaults: vec!["ATOM".into()],
            falls: vec![("BTC".into(), 0.4)],
            bars: vec![Bar { time: 5, prices: vec![7.0], ..Bar::default() }],
            ..Run::default()
        };
        let runs = [run("a"), run("b")];
        assert!(rows(&runs).iter().all(|row| row.len() == 3));
        assert_eq!(rows(&runs)[0], ["worst fall of BTC", "40.0 %", "40.0 %"]);
        let report = report("test", 1, &runs);
        assert!(report.charts.iter().all(|chart| chart.series.len() == 2));
        assert!(report.to_html().contains("Equity at risk"));
        // nothing was compared, so nothing is shown
        assert!(verdict(&claims(&runs)[0]).1.starts_with("NO"));
    }
}
