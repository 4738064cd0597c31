//! Writes a sample page: `cargo run -p sdp-report --example sample > sample.html`. Its numbers are made up.
#![allow(clippy::float_arithmetic, reason = "a picture of made-up numbers")]

use sdp_report::{Chart, Column, Line, Mark, Report, Style, Table, XAxis, YAxis};

/// 10 May 2021, 00:00 UTC.
const START: f64 = 1_620_604_800.0;
const HOURS: u32 = 432;

fn main() {
    println!("{}", report().to_html());
}

fn report() -> Report {
    Report {
        title: "Replay of May 2021".into(),
        subtitle: "60 providers, 240 traders and three perpetuals through the crash of 19 May (sample with made-up numbers)".into(),
        generated_from: [
            ("Prices", "2021-05_crash_spot_1h"),
            ("Window", "10–27 May 2021"),
            ("Step", "1 hour"),
            ("Seed", "42"),
            ("Messages", "51,204"),
            ("Messages per second", "6,310"),
            ("Audit", "0 after every message"),
            ("Version", "0.1.0"),
        ]
        .map(|(name, value)| (name.into(), value.into()))
        .to_vec(),
        charts: charts(),
        tables: vec![groups()],
        notes: vec!["Prices are known when their bar has ended; nobody in this replay sees them earlier.".into()],
    }
}

fn charts() -> Vec<Chart> {
    let wobble = |seed: f64| {
        hours(move |h| 100.0 - crash(h) * 42.0 + 2.5 * (h * 0.31 + seed).sin() + 1.5 * (h * 1.7 * seed).cos())
    };
    let mut quiet = wobble(2.0);
    quiet.iter_mut().skip(90).take(30).for_each(|point| point.1 = f64::NAN);
    vec![
        Chart {
            marks: vec![
                Mark { x: START + 222.0 * 3_600.0, label: "First trader liquidated".into() },
                Mark { x: START + 225.0 * 3_600.0, label: "First auction of seized collateral".into() },
                Mark { x: START + 300.0 * 3_600.0, label: "Last auction settled".into() },
            ],
            ..chart(
                "price",
                "Price",
                "Index prices, 100 at the start. The gap in SOL is missing data.",
                "Index",
                "start = 100",
                vec![
                    Line::new("BTC", Style::Line, wobble(1.0)),
                    Line::new("ETH", Style::Line, hours(|h| 98.0 - crash(h) * 55.0 + 3.0 * (h * 0.2).sin())),
                    Line::new("SOL", Style::Line, quiet),
                ],
            )
        },
        chart(
            "tvl",
            "Collateral and debt",
            "What providers have put in, and what the pool owes.",
            "Value",
            "USD",
            vec![
                Line::new("Collateral", Style::Area, hours(|h| 12.4e6 * (1.0 - crash(h) * 0.35))),
                Line::new(
                    "Debt",
                    Style::Area,
                    hours(|h| 4.1e6 * (1.0 + crash(h) * 0.2) + 5e4 * (h * 0.5).sin()),
                ),
            ],
        ),
        Chart {
            thresholds: vec![("Issuance 250 %".into(), 250.0), ("Liquidation 150 %".into(), 150.0)],
            ..chart(
                "ratio",
                "Collateral ratio",
                "Collateral over debt of the whole pool.",
                "Ratio",
                "%",
                vec![Line::new("", Style::Line, hours(|h| 310.0 - crash(h) * 135.0 + 4.0 * (h * 0.7).cos()))],
            )
        },
        chart(
            "funding",
            "Funding rates",
            "Positive: longs pay shorts.",
            "Rate",
            "% a day",
            vec![
                Line::new("BTC", Style::Steps, hours(|h| 0.05 * (h / 40.0).sin())),
                Line::new("ETH", Style::Steps, hours(|h| 0.03 * (h / 25.0).cos() - 0.02)),
            ],
        ),
        chart(
            "liquidations",
            "Liquidations",
            "Notional closed each hour.",
            "Notional",
            "USD",
            vec![Line::new(
                "Traders",
                Style::Bars,
                hours(|h| if crash(h) > 0.4 { 9e4 * crash(h) * (h * 1.3).sin().abs() } else { 0.0 }),
            )],
        ),
        chart(
            "many",
            "Debt per share, by provider",
            "More series than colours: the ninth is dashed.",
            "Debt per share",
            "USD",
            {
                (1..=10u32)
                    .map(|i| {
                        Line::new(
                            format!("Provider {i}"),
                            Style::Line,
                            hours(move |h| f64::from(i) + crash(h) * 2.0),
                        )
                    })
                    .collect()
            },
        ),
        chart(
            "empty",
            "Deleveraging",
            "How much of each side was deleveraged.",
            "Share",
            "%",
            vec![Line::new("BTC", Style::Line, vec![])],
        ),
    ]
}

fn chart(id: &str, title: &str, caption: &str, y: &str, unit: &str, series: Vec<Line>) -> Chart {
    Chart {
        id: id.into(),
        title: title.into(),
        caption: caption.into(),
        x: XAxis::time("Time (UTC)"),
        y: YAxis::new(y, unit),
        series,
        ..Chart::default()
    }
}

/// 0 before the crash, 1 at its bottom, then half of the way back.
fn crash(hour: f64) -> f64 {
    let fall = 1.0 / (1.0 + (-(hour - 222.0) / 4.0).exp());
    fall * (1.0 - 0.5 * (1.0 - (-(hour - 222.0).max(0.0) / 60.0).exp()))
}

fn hours(value: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    (0..HOURS).map(f64::from).map(|h| (START + h * 3_600.0, value(h))).collect()
}

fn groups() -> Table {
    let rows = [
        ["Trend followers", "80", "412,300.11", "31,204.90", "−12,001.55", "6"],
        ["Mean reversion", "60", "−88,120.40", "22,018.07", "3,310.02", "11"],
        ["Hedgers", "60", "−120,411.93", "8,400.00", "9,120.31", "0"],
        ["Gamblers", "40", "−301,772.08", "40,112.66", "−2,018.44", "37"],
    ];
    Table {
        title: "Groups".into(),
        caption: "Profit or loss, fees and funding in USD from the group's side; liquidations as a number."
            .into(),
        columns: vec![
            Column::left("Group"),
            Column::right("Accounts"),
            Column::right("P/L"),
            Column::right("Fees paid"),
            Column::right("Funding"),
            Column::right("Liquidations"),
        ],
        rows: rows.map(|row| row.map(str::to_owned).to_vec()).to_vec(),
    }
}
