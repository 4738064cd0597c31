//! The lines on top: chain, ratio, debt, expected shortfall, insurance.

use sdp_types::lens::HealthResponse;
use sdp_types::pool::{Breakers, Measures};
use sdp_types::regime::Regime;
use sdp_types::{Ratio, Rounding, SignedUsd, Usd};

use super::table::Mark;
use super::text::{bar, dollars, gauge, money, part, percent, span, tenths};
use crate::limits::named;
use crate::output::{moment, short};
use crate::survey::Survey;

/// A piece of a line.
pub type Piece = (String, Mark);

/// What is said of the pool, line by line.
pub type Lines = Vec<Vec<Piece>>;

/// Cells of the names before the figures.
const NAMES: usize = 18;
/// Cells of the bar of a budget.
const BAR: usize = 16;

fn plain(text: impl Into<String>) -> Piece {
    (text.into(), Mark::Plain)
}

fn named_line(name: &str, pieces: impl IntoIterator<Item = Piece>) -> Vec<Piece> {
    let mut line = vec![plain(format!("{name:<NAMES$}"))];
    line.extend(pieces);
    line
}

/// Chain, block, its age by a clock in Unix seconds, regime, and whether the books balance.
pub fn header(survey: &Survey, now: u64) -> Vec<Piece> {
    let block = survey.block;
    let reason = survey.regimes.as_ref().ok().and_then(|found| found.pool.as_ref());
    let reason = reason.map_or_else(String::new, |trip| format!(" ({})", trip.reason)).replace('_', " ");
    let regime = match survey.health.as_ref().map(|health| health.regime) {
        Ok(Regime::Normal) => plain("normal"),
        Ok(Regime::Caution) => (format!("CAUTION{reason}"), Mark::Look),
        Ok(worse) => (format!("{}{reason}", named(worse).to_uppercase()), Mark::Act),
        Err(_) => ("unknown".into(), Mark::Look),
    };
    let books = match &survey.audit {
        Ok(audit) if audit.difference.is_zero() => plain("books balance"),
        Ok(audit) => (format!("BOOKS OFF BY {}", money(audit.difference)), Mark::Act),
        Err(_) => ("books unknown".into(), Mark::Look),
    };
    let age = match now.checked_sub(block.time) {
        Some(age) => format!("{} ago", span(age)),
        None => moment(block.time),
    };
    let place = format!("{} · block {}, {age} · ", survey.chain_id, block.height);
    vec![plain(place), regime, plain(" · "), books]
}

/// The pool, as wide as that.
pub fn lines(survey: &Survey, width: usize) -> Lines {
    let health = match &survey.health {
        Ok(health) => health,
        Err(refused) => return vec![vec![(format!("health was refused: {}", refused.text), Mark::Act)]],
    };
    let breakers = survey.config.as_ref().ok().and_then(|config| config.params.breakers.as_ref());
    let measures = survey.regimes.as_ref().ok().and_then(|found| found.measures.as_ref());
    let mut lines = ratio(health, breakers, width);
    let collateral = format!(
        "{} · free {} · sdUSD {}",
        dollars(health.collateral),
        money(health.free_collateral),
        dollars(health.supply)
    );
    lines.push(named_line("Collateral", [plain(collateral)]));
    let minting = health.debt.minus(health.debt_from_markets).unwrap_or_default();
    let debt = format!(
        "{} = minting {} + markets {}",
        money(health.debt),
        money(minting),
        money(health.debt_from_markets)
    );
    lines.push(named_line("Debt", [plain(debt)]));
    let budget = |of, shortfall, budget| self::budget(of, shortfall, budget, width);
    lines.push(budget("ES of markets", health.expected_shortfall, health.markets_budget));
    lines.push(budget("  with collateral", health.expected_shortfall_with_collateral, health.total_budget));
    lines.push(insurance(health, breakers, measures));
    lines.push(named_line("Default in a year", solvency(survey, health)));
    lines
}

/// The collateral ratio, a gauge with the breakers' thresholds, and those in words.
fn ratio(health: &HealthResponse, breakers: Option<&Breakers>, width: usize) -> Lines {
    let thresholds = breakers.map(|breakers| {
        let of = breakers.utilisation;
        [("emergency", of.emergency), ("close-only", of.close_only), ("caution", of.caution)]
    });
    let thresholds: Vec<_> = thresholds
        .into_iter()
        .flatten()
        .filter_map(|(regime, most)| Some((regime, inverse(most?)?)))
        .collect();
    let below =
        thresholds.iter().find(|(_, least)| health.collateral_ratio.is_some_and(|ratio| ratio < *least));
    let (shown, mark) = match (health.collateral_ratio, below) {
        (None, _) => ("nothing is owed".to_string(), Mark::Plain),
        (Some(ratio), None) => (part(ratio), Mark::Plain),
        (Some(ratio), Some((regime, _))) => (format!("{} {}", part(ratio), regime.to_uppercase()), Mark::Act),
    };
    let marks: Vec<_> = thresholds.iter().map(|(_, least)| *least).collect();
    let cells = width.saturating_sub(NAMES + shown.chars().count().max(12) + 2).clamp(10, 60);
    let gauge = gauge(health.collateral_ratio, &marks, cells);
    let first = named_line("Collateral ratio", [(format!("{shown:<12} "), mark), plain(gauge)]);
    let words = thresholds.iter().rev().map(|(regime, least)| format!("{regime} {}", tenths(*least)));
    let words = match thresholds.is_empty() {
        true => "no breaker watches it".to_string(),
        false => words.collect::<Vec<_>>().join(" · "),
    };
    vec![first, named_line("  trips below", [plain(words)])]
}

/// 1 ÷ it, rounded up.
fn inverse(ratio: Ratio) -> Option<Ratio> {
    Ratio::of(Ratio::ONE.raw(), ratio.raw(), Rounding::Up).ok()
}

/// An expected shortfall beside what it may be.
fn budget(name: &str, shortfall: Usd, budget: Option<Usd>, width: usize) -> Vec<Piece> {
    let Some(budget) = budget else {
        return named_line(name, [plain(format!("{} a day, no budget", dollars(shortfall)))]);
    };
    let over = shortfall > budget;
    let used = shortfall.per(budget, Rounding::Up).map_or_else(|_| "–".into(), part);
    let text = format!("{} of {}, {used}", dollars(shortfall), dollars(budget));
    let cells = width.saturating_sub(NAMES + text.chars().count() + 8).min(BAR);
    let bar = bar(shortfall.raw(), budget.raw(), cells);
    let mark = if over { Mark::Act } else { Mark::Plain };
    let over = if over { " ABOVE" } else { "" };
    named_line(name, [(format!("{text}{over} "), mark), plain(bar)])
}

fn insurance(
    health: &HealthResponse,
    breakers: Option<&Breakers>,
    measures: Option<&Measures>,
) -> Vec<Piece> {
    let mut pieces = vec![plain(dollars(health.insurance))];
    let wanted = breakers
        .and_then(|breakers| health.gross_exposure.scale(breakers.insurance_floor, Rounding::Up).ok());
    let lacks = measures.is_some_and(|measures| !measures.insurance.is_zero());
    pieces.extend(wanted.map(|wanted| {
        let wanted = format!(" of {} wanted", dollars(wanted));
        if lacks {
            (format!("{wanted}: TOO LITTLE"), Mark::Look)
        } else {
            plain(wanted)
        }
    }));
    pieces.push(plain(" · bad debt "));
    let bad = !health.bad_debt.is_zero();
    pieces.push((dollars(health.bad_debt), if bad { Mark::Act } else { Mark::Plain }));
    named_line("Insurance", pieces)
}

fn solvency(survey: &Survey, health: &HealthResponse) -> Vec<Piece> {
    let solvency = survey.solvency.as_ref().ok();
    let probability = solvency.map_or_else(|| "–".into(), |found| part(found.default_probability));
    let distance = health.distance_to_default.map_or_else(|| "–".into(), short);
    let tab = format!(" · auctions have to bring {}", dollars(health.tab));
    vec![plain(format!("{probability}, distance {distance}")), plain(tab)]
}

/// Where the debt comes from, in more detail than there is room for in a narrow terminal.
pub fn sources(survey: &Survey) -> Lines {
    let line = |name: String, amount: SignedUsd, whole: SignedUsd| {
        let part = amount.raw().checked_mul(10_000).and_then(|part| part.checked_div(whole.raw()));
        let part = part.and_then(|part| part.checked_mul(i128::try_from(Ratio::bps(1).raw()).ok()?));
        let part = part.map_or_else(String::new, |part| percent(part, 2));
        vec![plain(format!("{name:<22}{:>16}{part:>11}", money(amount)))]
    };
    let whole = survey.health.as_ref().map(|health| health.debt).unwrap_or_default();
    let mut lines = vec![vec![plain("Debt by source")]];
    for vault in survey.vaults.iter().flatten() {
        let name = format!("minted against {}", survey.labels.vault(vault.vault));
        lines.push(line(name, vault.minted.total.signed().unwrap_or_default(), whole));
    }
    for market in survey.listed.iter().flatten() {
        lines.push(line(survey.labels.name(&market.market), market.used, whole));
    }
    if let Ok(health) = &survey.health {
        lines.push(line("risk potential".into(), health.potential.signed().unwrap_or_default(), whole));
    }
    lines
}
