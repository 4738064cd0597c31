//! The replay as a page of charts.

use sdp_report::{Chart, Column, Line, Mark, Report, Style, Table, XAxis, YAxis};

use super::history::Bar;
use super::holders::Plan;
use super::replay::Replay;
use super::summary::Summary;
use super::terminal::{self, count, date, Rows};
use super::traders::Habit;
use super::world::{ISSUANCE, LIQUIDATION};

/// Bars that a chart of sums has at most.
const COLUMNS: usize = 120;

/// The page.
pub fn report(summary: &Summary, replay: &Replay) -> Report {
    let (from, to) = (date(summary.span.0), date(summary.span.1));
    let told = [
        ("Prices", summary.name.clone()),
        ("Window", format!("{from} to {to}")),
        ("Bars", count(replay.bar as u64)),
        ("Seed", summary.seed.to_string()),
        ("Perpetuals", summary.symbols.0.join(", ")),
        ("Collateral", summary.symbols.1.join(", ")),
        ("Messages", count(summary.messages)),
        ("Audit", "0 after every message".into()),
        ("Version", env!("CARGO_PKG_VERSION").into()),
    ];
    Report {
        title: format!("Shared Debt Pools: {}", summary.name),
        subtitle: format!(
            "{} providers, {} traders and {} holders of synthetics go through real prices; {} perpetuals, one pool",
            replay.people.providers.len(),
            replay.people.traders.len(),
            replay.people.holders.len(),
            replay.universe.perps.len()
        ),
        generated_from: told.map(|(name, value)| (name.to_string(), value)).to_vec(),
        charts: charts(replay),
        tables: terminal::tables(summary, replay)
            .into_iter()
            .chain([terminal::run(summary, replay), terminal::risk(replay)])
            .map(table)
            .collect(),
        notes: notes(replay),
    }
}

fn table(rows: Rows) -> Table {
    let column = |(n, name): (usize, &&str)| if n == 0 { Column::left(*name) } else { Column::right(*name) };
    let (title, caption) = rows.title.split_once(": ").unwrap_or((rows.title, ""));
    let mut letters = caption.chars();
    let caption =
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    Table {
        title: title.to_string(),
        caption,
        columns: rows.columns.iter().enumerate().map(column).collect(),
        rows: rows.rows,
    }
}

fn notes(replay: &Replay) -> Vec<String> {
    vec![
        "A bar's close is known when the bar is over; people act on it then, and their orders fill at the next bar's close. \
         Volatilities, correlations and so all margins were measured on the first fifth of the series, before the replay begins."
            .into(),
        "Prices are real. Who trades how is drawn from a seed and is an assumption, and so are an outside market that buys \
         seized collateral 0.3 % below the index, sdUSD that changes hands at par and USDC that costs a dollar."
            .into(),
        format!(
            "Hedgers hold the opposite position elsewhere, so what prices brought them here they lost there and the reverse. After every \
             sweep of the keepers all accounts were looked at, {} in all, and none stood below zero.",
            count(replay.accounts_checked)
        ),
    ]
}

struct Book<'a>(&'a [Bar]);

impl Book<'_> {
    fn points(&self, of: impl Fn(&Bar) -> f64) -> Vec<(f64, f64)> {
        self.0.iter().map(|bar| (bar.time as f64, of(bar))).collect()
    }

    /// What a running sum grew by, in at most [`COLUMNS`] columns.
    fn growth(&self, of: impl Fn(&Bar) -> f64) -> Vec<(f64, f64)> {
        let width = self.0.len().div_ceil(COLUMNS).max(1);
        let ends =
            self.0.chunks(width).filter_map(|chunk| Some((chunk.last()?.time as f64, of(chunk.last()?))));
        let mut before = 0.0;
        ends.map(|(time, sum)| (time, sum - std::mem::replace(&mut before, sum))).collect()
    }
}

/// A chart over time.
pub fn chart(id: &str, title: &str, caption: &str, y: (&str, &str), series: Vec<Line>) -> Chart {
    Chart {
        id: id.into(),
        title: title.into(),
        caption: caption.into(),
        x: XAxis::time("Time (UTC)"),
        y: YAxis::new(y.0, y.1),
        series,
        ..Chart::default()
    }
}

fn charts(replay: &Replay) -> Vec<Chart> {
    let book = Book(&replay.history.bars);
    let symbols: Vec<&str> = replay.universe.perps.iter().map(|asset| replay.universe.name(*asset)).collect();
    let by_perp = |style: Style, of: fn(&super::history::PerpBar) -> f64| -> Vec<Line> {
        let line = |(perp, symbol): (usize, &&str)| {
            Line::new(*symbol, style, book.points(|bar| bar.perps.get(perp).map_or(f64::NAN, of)))
        };
        symbols.iter().enumerate().map(line).collect()
    };
    let mut all = vec![prices(replay, &book)];
    all.push(chart(
        "collateral",
        "Collateral and debt",
        "What the providers' collateral is worth, and what they owe.",
        ("Value", "USD"),
        vec![
            Line::new("Collateral", Style::Area, book.points(|bar| bar.collateral)),
            Line::new("Debt", Style::Area, book.points(|bar| bar.debt)),
        ],
    ));
    all.push(Chart {
        thresholds: vec![
            (format!("Issuance {:.0} %", 100.0 * ISSUANCE), 100.0 * ISSUANCE),
            (format!("Liquidation {:.0} %", 100.0 * LIQUIDATION), 100.0 * LIQUIDATION),
        ],
        ..chart(
            "ratio",
            "Collateral ratio",
            "Collateral over debt of the whole pool, and of the worst position that is not backed by dollars. Those \
             that are may go down to 125 %, so the pool can be below the others.",
            ("Ratio", "%"),
            vec![
                Line::new("Pool", Style::Line, book.points(|bar| bar.ratio.map_or(f64::NAN, |ratio| 100.0 * ratio))),
                Line::new("Lowest position", Style::Line, {
                    book.points(|bar| bar.lowest_ratio.map_or(f64::NAN, |ratio| 100.0 * ratio))
                }),
            ],
        )
    });
    all.push(chart(
        "skew",
        "Skew",
        "Traders' longs less their shorts: what the pool is on the other side of.",
        ("Longs less shorts", "USD"),
        by_perp(Style::Line, |perp| perp.skew),
    ));
    all.push(chart(
        "open-interest",
        "Open interest",
        "Longs and shorts together.",
        ("Notional", "USD"),
        by_perp(Style::Line, |perp| perp.open_interest),
    ));
    all.push(chart(
        "premium",
        "Premium",
        "What the next buyer pays above the index, because of the skews of all perpetuals together; below zero he is paid.",
        ("Premium", "%"),
        by_perp(Style::Line, |perp| 100.0 * perp.premium),
    ));
    all.push(chart(
        "funding",
        "Funding",
        "Positive: longs pay. It follows the premium, and the premium the skew.",
        ("Rate", "% a day"),
        by_perp(Style::Steps, |perp| 100.0 * perp.funding),
    ));
    all.push(at_risk(vec![Line::new("At risk", Style::Bars, book.points(|bar| bar.at_risk.notional))]));
    all.extend(losses(&book));
    let vaults = replay.universe.collaterals.iter().map(|asset| replay.universe.name(*asset)).enumerate();
    let per_share = |(vault, name): (usize, &str)| {
        let points = book.points(|bar| bar.debt_per_share.get(vault).map_or(f64::NAN, |debt| 100.0 * debt));
        Line::new(name, Style::Line, points)
    };
    all.push(chart(
        "debt-per-share",
        "Debt per share",
        "What the markets have added to the debt of one share of each vault, against what a share was worth at the start. Below \
         zero the providers have gained.",
        ("Debt", "%"),
        vaults.map(per_share).collect(),
    ));
    let habit = |(n, habit): (usize, &Habit)| {
        Line::new(
            habit.group(),
            Style::Line,
            book.points(|bar| bar.results.get(n).copied().unwrap_or(f64::NAN)),
        )
    };
    all.push(chart(
        "results",
        "Traders' profit and loss",
        "Equity less what was paid in, by habit.",
        ("Profit or loss", "USD"),
        Habit::ALL.iter().enumerate().map(habit).collect(),
    ));
    all.extend(beside(replay, &book));
    all
}

/// Synthetics and the par reserve.
fn beside(replay: &Replay, book: &Book<'_>) -> Vec<Chart> {
    let line = |name: &str, of: &dyn Fn(&Bar) -> Option<f64>| {
        Line::new(name, Style::Line, book.points(|bar| of(bar).unwrap_or(f64::NAN)))
    };
    let symbols = replay.chain.manifest().synthetics().map(|synthetic| synthetic.symbol.as_str()).enumerate();
    let plans = Plan::ALL.iter().enumerate();
    vec![
        chart(
            "synthetics",
            "Synthetics",
            "What the tokens of each synthetic are worth: the pool owes it.",
            ("Value", "USD"),
            symbols.map(|(n, symbol)| line(symbol, &|bar| bar.synthetics.get(n).copied())).collect(),
        ),
        chart(
            "holders",
            "Holders' profit and loss",
            "What holders of synthetics have less what they began with. Who hedges one with the perpetual has the dollar's price.",
            ("Profit or loss", "USD"),
            plans.map(|(n, plan)| line(plan.group(), &|bar| bar.holders.get(n).copied())).collect(),
        ),
        chart(
            "reserve",
            "Par reserve",
            "USDC that came in and has not gone out again, and sdUSD that came in for USDC.",
            ("Amount", "USD"),
            vec![
                Line::new("USDC", Style::Area, book.points(|bar| bar.reserve.0)),
                Line::new("sdUSD", Style::Area, book.points(|bar| bar.reserve.1)),
            ],
        ),
    ]
}

/// Equity at risk, of one run or several.
pub fn at_risk(series: Vec<Line>) -> Chart {
    chart(
        "at-risk",
        "Equity at risk",
        "Notional of all accounts below their maintenance margin, when it was largest since the bar before: prices had come in, and no \
         keeper had.",
        ("Notional", "USD"),
        series,
    )
}

fn prices(replay: &Replay, book: &Book<'_>) -> Chart {
    let line = |asset: usize| {
        let first = book.0.first().and_then(|bar| bar.prices.get(asset)).copied().unwrap_or(1.0);
        let points = book.points(|bar| bar.prices.get(asset).map_or(f64::NAN, |price| 100.0 * price / first));
        Line::new(replay.universe.name(asset), Style::Line, points)
    };
    // all but the dollar
    let assets = replay.universe.sigmas.len().saturating_sub(1);
    Chart {
        marks: marks(&replay.history.bars),
        ..chart(
            "price",
            "Price",
            "Index prices of perpetuals and collateral, 100 at the start.",
            ("Index", "start = 100"),
            (0..assets).map(line).collect(),
        )
    }
}

/// The first of each kind of trouble.
fn marks(bars: &[Bar]) -> Vec<Mark> {
    let first = |label: &str, happened: fn(&Bar) -> bool| {
        let bar = bars.iter().find(|bar| happened(bar))?;
        Some(Mark { x: bar.time as f64, label: label.to_string() })
    };
    let mut marks: Vec<Mark> = [
        first("First account cut back", |bar| bar.counts[0] > 0),
        first("First provider's position seized", |bar| bar.counts[2] > 0),
        first("First loss met by insurance", |bar| bar.losses.0 > 0.0),
        first("First loss met by the providers", |bar| bar.losses.1 > 0.0),
    ]
    .into_iter()
    .flatten()
    .collect();
    marks.sort_by(|a, b| a.x.total_cmp(&b.x));
    marks
}

fn losses(book: &Book<'_>) -> Vec<Chart> {
    vec![
        chart(
            "liquidations",
            "Liquidations of traders",
            "Notional closed because an account fell below its maintenance margin.",
            ("Notional", "USD"),
            vec![Line::new("Closed", Style::Bars, book.growth(|bar| bar.closed))],
        ),
        chart(
            "seizures",
            "Liquidations of providers",
            "Debt of positions seized below the liquidation ratio, to be brought in by auctions.",
            ("Debt", "USD"),
            vec![Line::new("Seized", Style::Bars, book.growth(|bar| bar.seized))],
        ),
        chart(
            "insurance",
            "Insurance and losses",
            "The insurance fund, and what accounts and auctions fell short of so far, by who met it.",
            ("Amount", "USD"),
            vec![
                Line::new("Insurance fund", Style::Area, book.points(|bar| bar.insurance)),
                Line::new("Losses met by insurance", Style::Steps, book.points(|bar| bar.losses.0)),
                Line::new("Losses met by providers", Style::Steps, book.points(|bar| bar.losses.1)),
            ],
        ),
    ]
}
