//! The same people with the same luck in the same series, with the risk engine and without; of several seeds the means.

use super::replay::Replay;
use super::summary::Summary;
use super::terminal::{count, money, percent};
use crate::output;

/// How a figure is written, and which way is good.
#[derive(Clone, Copy)]
enum Kind {
    /// A ratio, better where it is higher.
    Ratio,
    /// USD, better where they are more.
    Gain,
    /// USD, better where they are less.
    Loss,
    /// A number of things.
    Number,
}

/// One figure of a run; none where there is none.
type Figure = fn(&Summary, &Replay) -> Option<f64>;

#[allow(clippy::cast_precision_loss)]
fn number(n: u64) -> Option<f64> {
    Some(n as f64)
}

/// What is compared.
const FIGURES: [(&str, Kind, Figure); 12] = [
    ("lowest collateral ratio of the pool", Kind::Ratio, |summary, _| {
        summary.worst_ratio.map(|(ratio, _)| ratio)
    }),
    ("lowest ratio of a provider's position", Kind::Ratio, |summary, _| {
        summary.worst_position.map(|(ratio, _)| ratio)
    }),
    ("providers, beside holding their collateral", Kind::Gain, |summary, _| {
        Some(summary.providers.iter().map(|group| group.result).sum())
    }),
    ("bad debt: what accounts lacked when they closed", Kind::Loss, |summary, _| {
        Some(summary.account_shortfalls)
    }),
    ("… that insurance met", Kind::Loss, |_, replay| Some(replay.tally.losses.0)),
    ("… that providers met", Kind::Loss, |_, replay| Some(replay.tally.losses.1)),
    ("accounts liquidated", Kind::Number, |_, replay| number(replay.tally.liquidated())),
    ("… at most in one bar", Kind::Number, |_, replay| number(replay.most_liquidated)),
    ("providers seized", Kind::Number, |_, replay| number(replay.tally.seizures)),
    ("traders paid: fees, premia, insurance, funding, penalties", Kind::Loss, |summary, _| {
        Some(summary.traders.iter().map(|group| group.costs.paid()).sum())
    }),
    ("orders filled", Kind::Number, |summary, _| {
        number(summary.traders.iter().map(|group| group.costs.fills).sum())
    }),
    ("orders refused for risk: budgets and regimes", Kind::Number, |_, replay| {
        let of = |code: &str| replay.tally.refused.get(code).copied().unwrap_or_default();
        number(of("E0326") + of("E0327") + of("E0328"))
    }),
];

impl Kind {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn show(self, value: f64) -> String {
        match self {
            Self::Ratio => percent(value),
            Self::Gain | Self::Loss => money(value),
            Self::Number => count(value.round() as u64),
        }
    }

    /// Whether `with` is better than `without`, where one of the two is better.
    #[allow(clippy::float_cmp)]
    fn better(self, without: f64, with: f64) -> Option<bool> {
        match self {
            Self::Ratio | Self::Gain if with != without => Some(with > without),
            Self::Loss if with != without => Some(with < without),
            _ => None,
        }
    }
}

/// Each figure of some runs without the engine and with it.
pub struct Comparison {
    of: Vec<Vec<(f64, f64)>>,
}

impl Default for Comparison {
    fn default() -> Self {
        Self { of: vec![Vec::new(); FIGURES.len()] }
    }
}

impl Comparison {
    /// Two runs of one seed.
    pub fn add(&mut self, without: (&Summary, &Replay), with: (&Summary, &Replay)) {
        for ((_, _, figure), all) in FIGURES.iter().zip(&mut self.of) {
            if let (Some(without), Some(with)) = (figure(without.0, without.1), figure(with.0, with.1)) {
                all.push((without, with));
            }
        }
    }

    /// Prints them side by side, of several seeds their means and how often it was better.
    #[allow(clippy::cast_precision_loss)]
    pub fn show(&self, seeds: u64) {
        say!(
            "The same prices and people, USD{}",
            if seeds > 1 { format!("; means of {seeds} seeds") } else { String::new() }
        );
        let rows = FIGURES.iter().zip(&self.of).map(|((what, kind, _), all)| {
            let mean = |of: fn(&(f64, f64)) -> f64| match all.len() {
                0 => "none".into(),
                n => kind.show(all.iter().map(of).sum::<f64>() / n as f64),
            };
            let mut row = vec![(*what).to_string(), mean(|pair| pair.0), mean(|pair| pair.1)];
            if seeds > 1 {
                let better: Vec<_> = all.iter().filter_map(|(a, b)| kind.better(*a, *b)).collect();
                let times = better.iter().filter(|better| **better).count();
                row.push(if better.is_empty() {
                    String::new()
                } else {
                    format!("{times} of {}", better.len())
                });
            }
            row
        });
        let header = ["", "without risk engine", "with it", "better with it"];
        output::table(header.get(..if seeds > 1 { 4 } else { 3 }).unwrap_or_default(), rows);
    }
}
