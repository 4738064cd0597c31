//! The same people with the same luck in the same series, with the risk engine and without.

use super::replay::Replay;
use super::summary::Summary;
use super::terminal::{count, money, percent};
use crate::output;

/// One figure of a run.
type Figure = fn(&Summary, &Replay) -> String;

/// What is compared.
const FIGURES: [(&str, Figure); 12] = [
    ("lowest collateral ratio of the pool", |summary, _| {
        summary.worst_ratio.map_or_else(|| "no debt".into(), |(ratio, _)| percent(ratio))
    }),
    ("lowest ratio of a provider's position", |summary, _| {
        summary.worst_position.map_or_else(|| "no debt".into(), |(ratio, _)| percent(ratio))
    }),
    ("providers, beside holding their collateral", |summary, _| {
        money(summary.providers.iter().map(|group| group.result).sum())
    }),
    ("bad debt: what accounts lacked when they closed", |summary, _| money(summary.account_shortfalls)),
    ("… that insurance met", |_, replay| money(replay.tally.losses.0)),
    ("… that providers met", |_, replay| money(replay.tally.losses.1)),
    ("accounts liquidated", |_, replay| count(replay.tally.liquidated())),
    ("… at most in one bar", |_, replay| count(replay.most_liquidated)),
    ("providers seized", |_, replay| count(replay.tally.seizures)),
    ("traders paid: fees, premia, insurance, funding, penalties", |summary, _| {
        money(summary.traders.iter().map(|group| group.costs.paid()).sum())
    }),
    ("orders filled", |summary, _| count(summary.traders.iter().map(|group| group.costs.fills).sum())),
    ("orders refused for a risk budget", |_, replay| {
        let of = |code: &str| replay.tally.refused.get(code).copied().unwrap_or_default();
        count(of("E0326") + of("E0327"))
    }),
];

/// Prints both runs side by side.
pub fn show(without: (&Summary, &Replay), with: (&Summary, &Replay)) {
    say!("The same prices and people, USD");
    let rows = FIGURES.iter().map(|(what, figure)| {
        vec![(*what).to_string(), figure(without.0, without.1), figure(with.0, with.1)]
    });
    output::table(&["", "without risk engine", "with it"], rows);
}
