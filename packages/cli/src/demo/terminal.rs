//! A summary as text for a terminal.

use std::fmt::{Display, Write as _};
use std::time::Duration;

use comfy_table::{presets, Cell, CellAlignment, ContentArrangement, Table, TableComponent};
use sdp_embedded::manifest::Perp;
use sdp_network::Network;
use sdp_types::Error;
use time::OffsetDateTime;

use super::history::Bar;
use super::num::{of_ratio, of_usd, whole};
use super::replay::Replay;
use super::summary::Summary;
use super::tally::{Costs, Tally};
use super::world::MARKET;

/// Widest table of two columns.
const WIDTH: u16 = 100;

/// USD with separators and no decimals below a million; `−` where negative.
pub fn money(amount: f64) -> String {
    let decimals = if amount.abs() < 1_000.0 && amount.fract() != 0.0 { 2 } else { 0 };
    let text = format!("{:.decimals$}", amount.abs());
    let (digits, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut shown = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n) % 3 == 0 {
            shown.push(',');
        }
        shown.push(digit);
    }
    if !fraction.is_empty() {
        let _ = write!(shown, ".{fraction}");
    }
    let zero = shown.chars().all(|c| matches!(c, '0' | '.' | ','));
    if amount < 0.0 && !zero {
        shown.insert(0, '−');
    }
    shown
}

/// A number of things.
pub fn count(number: u64) -> String {
    money(number as f64)
}

/// A ratio in per cent.
pub fn percent(ratio: f64) -> String {
    format!("{:.1} %", 100.0 * ratio + 0.0).replacen('-', "−", 1)
}

/// Unix seconds as a date, with the time of day where it is not midnight; UTC.
pub fn date(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|at| OffsetDateTime::from_unix_timestamp(at).ok());
    time.map_or_else(String::new, |at| {
        let day = format!("{}-{:02}-{:02}", at.year(), u8::from(at.month()), at.day());
        if at.hour() == 0 && at.minute() == 0 {
            day
        } else {
            format!("{day} {:02}:{:02}", at.hour(), at.minute())
        }
    })
}

/// Rows with a heading and columns; the first column is words, the others numbers.
pub struct Rows {
    /// What it is about.
    pub title: &'static str,
    /// Names of the columns.
    pub columns: Vec<&'static str>,
    /// Cells.
    pub rows: Vec<Vec<String>>,
}

/// Everything.
pub fn show(summary: &Summary, replay: &Replay) -> String {
    let mut text = format!(
        "\n{}: {} to {} in {} bars, seed {}\nPerpetuals: {}. Collateral: {}.\n",
        summary.name,
        date(summary.span.0),
        date(summary.span.1),
        replay.bar,
        summary.seed,
        summary.symbols.0.join(", "),
        summary.symbols.1.join(", "),
    );
    for rows in tables(summary, replay).into_iter().chain([run(summary, replay)]) {
        let mut table = Table::new();
        table.load_preset(presets::NOTHING);
        table
            .set_style(TableComponent::HeaderLines, '─')
            .set_style(TableComponent::MiddleHeaderIntersections, '─');
        if rows.columns.len() == 2 {
            // long lists of codes are wrapped
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
        }
        table.set_header(rows.columns.iter().enumerate().map(|(n, name)| cell(n, name)));
        for row in &rows.rows {
            table.add_row(row.iter().enumerate().map(|(n, text)| cell(n, text)));
        }
        let _ = writeln!(text, "\n{}\n{}", rows.title, table.trim_fmt());
    }
    text
}

/// All tables about people and the pool.
pub fn tables(summary: &Summary, replay: &Replay) -> Vec<Rows> {
    vec![
        providers(summary),
        traders(summary),
        holders(summary),
        others(summary),
        pool(summary, replay),
        beside(summary, replay),
    ]
}

fn cell(column: usize, text: &str) -> Cell {
    Cell::new(text).set_alignment(if column == 0 { CellAlignment::Left } else { CellAlignment::Right })
}

/// Providers by temper.
pub fn providers(summary: &Summary) -> Rows {
    let row = |group: &super::summary::Providers| {
        vec![
            group.name.to_string(),
            group.people.to_string(),
            money(group.start),
            money(group.prices),
            money(group.result),
            percent(group.result / group.start.max(1.0)),
            group.seized.to_string(),
            group.left.to_string(),
        ]
    };
    Rows {
        title: "Providers, USD: what prices did to their collateral, and what the pool did on top (against just holding it)",
        columns: vec!["Group", "People", "At start", "Prices", "Pool", "Pool %", "Seized", "Left"],
        rows: summary.providers.iter().map(row).collect(),
    }
}

/// Traders by habit.
pub fn traders(summary: &Summary) -> Rows {
    let title =
        "Traders, USD: profit or loss after everything, what of it prices brought, and what they paid (− received)";
    by_group(title, &summary.traders, "Cut / closed", |costs| (costs.partial, costs.full))
}

/// Holders of synthetics by plan.
pub fn holders(summary: &Summary) -> Rows {
    let title = "Holders of synthetics, USD: the same, with the perpetuals that hedge them";
    by_group(title, &summary.holders, "Bought / sold", |costs| costs.spot)
}

fn by_group(
    title: &'static str,
    groups: &[super::summary::Traders],
    counted: &'static str,
    counts: fn(&Costs) -> (u64, u64),
) -> Rows {
    let row = |group: &super::summary::Traders| {
        let costs = &group.costs;
        let (one, other) = counts(costs);
        vec![
            group.name.to_string(),
            group.people.to_string(),
            money(group.stake),
            money(group.result),
            money(group.prices),
            money(costs.fees + costs.refused + costs.swaps),
            money(costs.premia),
            money(costs.insurance),
            money(costs.funding),
            money(costs.penalties),
            format!("{} / {}", count(one), count(other)),
        ]
    };
    let columns = vec![
        "Group",
        "People",
        "Stake",
        "P/L",
        "Prices",
        "Fees",
        "Premia",
        "Insurance",
        "Funding",
        "Penalties",
        counted,
    ];
    Rows { title, columns, rows: groups.iter().map(row).collect() }
}

/// Everybody else, and what closes the sum.
pub fn others(summary: &Summary) -> Rows {
    let mut rows = vec![
        vec!["Providers, all".to_string(), money(summary.providers.iter().map(|group| group.result).sum())],
        vec!["Traders, all".to_string(), money(summary.traders.iter().map(|group| group.result).sum())],
        vec![
            "Holders of synthetics, all".to_string(),
            money(summary.holders.iter().map(|group| group.result).sum()),
        ],
        vec!["Keepers".to_string(), money(summary.keepers)],
        vec!["Insurance fund".to_string(), money(summary.insurance)],
        vec!["Outside buyers of collateral, by prices since".to_string(), money(summary.outside)],
    ];
    rows.extend(summary.open.iter().map(|(what, amount)| vec![(*what).to_string(), money(*amount)]));
    rows.push(vec!["Sum".to_string(), money(summary.unexplained)]);
    Rows {
        title: "Profit and loss of everybody, USD: it adds up to nothing",
        columns: vec!["Who", "P/L"],
        rows,
    }
}

/// What happened in the pool.
pub fn pool(summary: &Summary, replay: &Replay) -> Rows {
    let tally = &replay.tally;
    let fees = tally.sum(|costs| costs.fees);
    let penalties = tally.sum(|costs| costs.penalties);
    let (partial, full) = tally.liquidations();
    let at = |worst: Option<(f64, u64)>| {
        worst.map_or_else(
            || "no debt".to_string(),
            |(ratio, time)| format!("{} on {}", percent(ratio), date(time)),
        )
    };
    let line = |what: &str, text: String| vec![what.to_string(), text];
    Rows {
        title: "The pool, USD",
        columns: vec!["What", "How much"],
        rows: vec![
            line("Fees of fills / keepers' part", two(money(fees), money(tally.keeper_fees))),
            line("Premia less rebates", money(tally.sum(|costs| costs.premia))),
            line("Paid to insurance for risk and leverage", money(tally.sum(|costs| costs.insurance))),
            line("Funding that traders paid, net", money(tally.sum(|costs| costs.funding))),
            line("Drawn for traders' withdrawals", money(drawn(replay, MARKET))),
            line("Traders' accounts cut back / closed", two(count(partial), count(full))),
            line("Notional closed / penalties paid", two(money(tally.closed), money(penalties))),
            line("Providers' deposits / exits paid", two(count(tally.deposits), count(tally.exits))),
            line("sdUSD that providers minted / burnt", two(money(tally.minted), money(tally.burnt))),
            line("Providers' positions seized / debt", two(count(tally.seizures), money(tally.seized))),
            line("Auctions ended / takes / resets", {
                two(two(count(tally.auctions_ended), count(tally.takes)), count(tally.resets))
            }),
            line("Bidders paid / of it penalties", two(money(tally.paid), money(tally.penalties))),
            line("Surplus given back / auctions with one", two(money(tally.surplus), count(tally.surpluses))),
            line("Keepers' rewards: liquidations / auctions", two(money(tally.rewards), money(tally.tips))),
            line("Lowest collateral ratio of the pool", at(summary.worst_ratio)),
            line("Lowest ratio of a position, dollars' aside", at(summary.worst_position)),
            line("Shortfalls of accounts / of auctions", {
                two(money(summary.account_shortfalls), money(tally.shortfall))
            }),
            line("Borne by insurance / providers / nobody yet", {
                two(two(money(tally.losses.0), money(tally.losses.1)), money(summary.unmet))
            }),
            line("Insurance fund: seed / now", two(money(replay.insured), money(summary.fund))),
        ],
    }
}

fn drawn(replay: &Replay, contract: &str) -> f64 {
    let address = replay.chain.contract(contract).map(String::from);
    address.ok().and_then(|address| replay.tally.drawn.get(&address)).copied().unwrap_or_default()
}

/// What the synthetics and the par reserve did, and what each contract has cost the providers.
pub fn beside(summary: &Summary, replay: &Replay) -> Rows {
    let Tally { synthetics, spot_paid, swaps, .. } = &replay.tally;
    let bars = &replay.history.bars;
    let owed = |bar: &Bar| bar.synthetics.iter().sum::<f64>();
    let most = bars.iter().map(owed).fold(0.0, f64::max);
    let (dollars, sdusd) = bars.last().map_or((0.0, 0.0), |bar| bar.reserve);
    let line = |what: &str, text: String| vec![what.to_string(), text];
    let [perpetuals, spot, reserve] = summary.used.map(money);
    Rows {
        title: "Synthetics and the par reserve, USD",
        columns: vec!["What", "How much"],
        rows: vec![
            line("Synthetics bought / sold", two(money(synthetics.0), money(synthetics.1))),
            line("… for fees / premia less rebates", two(money(spot_paid.0), money(spot_paid.1))),
            line(
                "Owed to their holders: most / at the end",
                two(money(most), money(bars.last().map_or(0.0, owed))),
            ),
            line("Drawn to pay them", money(drawn(replay, "spot"))),
            line("Swaps in / out of the reserve", two(count(swaps.count.0), count(swaps.count.1))),
            line("Paid for USDC: to wallets / margin / debt", {
                two(two(money(swaps.paid.0), money(swaps.paid.1)), money(swaps.paid.2))
            }),
            line("… of it drawn from the pool", money(drawn(replay, "reserve"))),
            line("Paid in for USDC", money(swaps.bought)),
            line("Fees of swaps, all to insurance", money(swaps.fees)),
            line("USDC / sdUSD in the reserve at the end", two(money(dollars), money(sdusd))),
            line(
                "Cost the providers: perpetuals / synthetics / reserve",
                two(two(perpetuals, spot), reserve),
            ),
        ],
    }
}

fn two(first: impl Display, second: impl Display) -> String {
    format!("{first} / {second}")
}

/// How the replay ran.
pub fn run(summary: &Summary, replay: &Replay) -> Rows {
    let (each, all) = summary.speeds(replay);
    let line = |what: &str, text: String| vec![what.to_string(), text];
    let codes = |codes: &std::collections::BTreeMap<String, u64>| {
        let shown: Vec<String> =
            codes.iter().map(|(code, n)| format!("{code} {} {}", name_of(code), count(*n))).collect();
        if shown.is_empty() {
            "none".to_string()
        } else {
            shown.join(", ")
        }
    };
    Rows {
        title: "The run",
        columns: vec!["What", "How much"],
        rows: vec![
            line("Messages executed", count(summary.messages)),
            line(
                "Accepted / refused",
                two(count(summary.messages - summary.refused), count(summary.refused)),
            ),
            line("Refused, by code", codes(&replay.tally.refused)),
            line("Items of batches not done, by code", codes(&replay.tally.rejected)),
            line("Audits / with a difference", two(count(summary.messages), 0)),
            line("Deep audits / with a difference", two(count(replay.deep_audits), 0)),
            line("Accounts looked at after sweeps / below zero", two(count(replay.accounts_checked), 0)),
            line("Run time / of it queries and deep audits", {
                two(seconds(replay.took), seconds(replay.looking))
            }),
            line(
                "Messages per second with their audits / all in",
                two(count(whole(each)), count(whole(all))),
            ),
        ],
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// What followed from the volatility that the warm-up showed.
pub fn risk(replay: &Replay) -> Rows {
    let manifest = replay.chain.manifest();
    let perps = manifest.markets.iter().flat_map(|market| &market.perps);
    let row = |perp: &Perp| {
        let sigma = manifest.feed(&perp.feed).map_or(0.0, |(_, feed)| of_ratio(feed.sigma));
        vec![
            perp.name.clone(),
            percent(sigma),
            percent(of_ratio(perp.initial_margin)),
            percent(of_ratio(perp.maintenance_margin)),
            percent(of_ratio(perp.liquidation_penalty)),
            percent(of_ratio(perp.premium_cap)),
            money(of_usd(perp.skew_cap.0)),
        ]
    };
    Rows {
        title: "Perpetuals: what followed from the volatility that the warm-up showed",
        columns: vec![
            "Perpetual",
            "σ a day",
            "Initial",
            "Maintenance",
            "Penalty",
            "Premium cap",
            "Skew cap, USD",
        ],
        rows: perps.map(row).collect(),
    }
}

/// What a code of the contracts means.
fn name_of(code: &str) -> &'static str {
    Error::all().iter().find(|(known, _)| *known == code).map_or("", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(money(1_234_567.8), "1,234,568");
        assert_eq!(money(-999.5), "−999.50");
        assert_eq!(money(-0.001), "0.00");
        assert_eq!(money(100.0), "100");
        assert_eq!(percent(-0.0123), "−1.2 %");
        assert_eq!(
            (date(1_584_921_600), date(1_621_429_200)),
            ("2020-03-23".into(), "2021-05-19 13:00".into())
        );
    }
}
