//! The tables: markets, who is nearest to a liquidation, auctions, prices.

use sdp_types::market::{AccountResponse, PerpResponse, PerpStatus};
use sdp_types::oracle::PriceResponse;
use sdp_types::pool::{PositionResponse, VaultResponse};
use sdp_types::regime::Regime;
use sdp_types::{AbsSize, Price, Ratio, Rounding, Usd};

use super::table::{number, words, Cell, Column, Mark};
use super::text::{dollars, money, part, percent, span};
use crate::limits::named;
use crate::output::{price, short, tokens};
use crate::survey::{Market, People, Survey};

/// One of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// All perpetuals.
    Markets,
    /// Accounts and positions by what is left until their liquidation.
    Accounts,
    /// Auctions of collateral, and sales of tokens that are margin.
    Auctions,
    /// The oracle's board.
    Prices,
}

const MARKETS: &[Column] = &[
    words("perpetual", 10),
    number("index", 11),
    number("skew USD", 12),
    number("OI USD", 12),
    number("fund/day", 9),
    number("premium", 8),
    words("state", 10),
    number("long USD", 12),
    number("short USD", 12),
    number("skew cap", 9),
    number("OI cap", 8),
    number("maint.", 8),
    number("waiting", 8),
];
const ACCOUNTS: &[Column] = &[
    words("who", 14),
    words("where", 10),
    number("has USD", 13),
    number("needs USD", 13),
    number("left", 11),
    words("state", 12),
    number("leverage", 9),
    number("positions", 10),
];
const AUCTIONS: &[Column] = &[
    words("auction", 8),
    words("of", 14),
    number("lot", 18),
    number("to bring USD", 13),
    number("price", 10),
    words("state", 7),
    number("of market", 10),
    number("age", 7),
    number("penalty USD", 12),
];
const PRICES: &[Column] = &[
    words("feed", 8),
    number("price", 12),
    number("average", 12),
    number("off", 9),
    number("age", 7),
    words("serves", 9),
    words("regime", 10),
    number("confidence", 11),
];

impl Pane {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Markets, Self::Accounts, Self::Auctions, Self::Prices];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Markets => "Markets",
            Self::Accounts => "Nearest to liquidation",
            Self::Auctions => "Auctions",
            Self::Prices => "Prices",
        }
    }

    /// Its columns, the most important first.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Markets => MARKETS,
            Self::Accounts => ACCOUNTS,
            Self::Auctions => AUCTIONS,
            Self::Prices => PRICES,
        }
    }

    /// The column that it is sorted by at first, and whether the largest comes first.
    pub fn order(self) -> (usize, bool) {
        match self {
            Self::Markets => (3, true),
            Self::Accounts => (4, false),
            Self::Auctions | Self::Prices => (0, false),
        }
    }

    /// What is said where it has no rows.
    pub fn empty(self) -> &'static str {
        match self {
            Self::Markets => "no perpetuals",
            Self::Accounts => "nobody has a position",
            Self::Auctions => "no auction runs",
            Self::Prices => "no feeds",
        }
    }

    /// Its rows.
    pub fn rows(self, survey: &Survey, people: Option<&People>) -> Vec<Vec<Cell>> {
        match self {
            Self::Markets => markets(survey),
            Self::Accounts => people.map(|people| accounts(survey, people)).unwrap_or_default(),
            Self::Auctions => auctions(survey),
            Self::Prices => prices(survey),
        }
    }
}

fn markets(survey: &Survey) -> Vec<Vec<Cell>> {
    let closed = |market: &str| {
        let health = survey.health.as_ref().ok();
        health.is_some_and(|health| health.close_only.iter().any(|found| survey.labels.name(found) == market))
    };
    let of = |market: &Market| {
        let closed = closed(&market.name);
        market.perps.iter().flatten().map(|perp| self::perp(perp, closed)).collect::<Vec<_>>()
    };
    survey.markets.iter().flat_map(of).collect()
}

fn perp(perp: &PerpResponse, closed: bool) -> Vec<Cell> {
    let value = |size: AbsSize| size.value(perp.index, Rounding::Up).unwrap_or_default();
    let (long, short) = (value(perp.long), value(perp.short));
    let both = long.plus(short).unwrap_or_default();
    let skew = perp.index.value(perp.skew, Rounding::Up).unwrap_or_default();
    let used = |of: Usd, cap: Usd| of.per(cap, Rounding::Up).unwrap_or(Ratio::MAX);
    let (skew_used, used) =
        (used(skew.abs(), perp.config.skew_cap), used(long.max(short), perp.config.open_interest_cap));
    let waiting = perp.next_order.saturating_sub(perp.next_settled);
    let state = match perp.config.status {
        PerpStatus::Open if closed => Cell::text("close-only").marked(Mark::Look),
        PerpStatus::Open if !perp.tradable => Cell::text("no price").marked(Mark::Look),
        PerpStatus::Open => Cell::text("open"),
        other => Cell::text(format!("{other:?}").to_lowercase()).marked(Mark::Look),
    };
    vec![
        Cell::text(&perp.config.name),
        Cell::amount(perp.index.raw(), price(perp.index)),
        Cell::number(skew.raw(), money(skew)),
        Cell::amount(both.raw(), dollars(both)),
        Cell::number(perp.funding_rate.raw(), percent(perp.funding_rate.raw(), 3)),
        Cell::number(perp.premium.raw(), percent(perp.premium.raw(), 3)),
        state,
        Cell::amount(long.raw(), dollars(long)),
        Cell::amount(short.raw(), dollars(short)),
        Cell::amount(skew_used.raw(), part(skew_used)),
        Cell::amount(used.raw(), part(used)),
        Cell::amount(perp.maintenance_margin.raw(), part(perp.maintenance_margin)),
        Cell::amount(waiting.into(), waiting.to_string()),
    ]
}

fn accounts(survey: &Survey, people: &People) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for (market, accounts) in &people.accounts {
        let open = accounts.iter().flatten().filter(|account| !account.maintenance_margin.is_zero());
        rows.extend(open.map(|found| account(&people.labels.name(&found.owner), market, found)));
    }
    let vaults = survey.vaults.as_deref().unwrap_or_default();
    for (collateral, positions) in &people.positions {
        for found in positions.iter().flatten() {
            let vault = vaults.iter().find(|vault| vault.vault == found.vault);
            rows.extend(
                vault.and_then(|vault| position(&people.labels.name(&found.owner), collateral, found, vault)),
            );
        }
    }
    rows
}

/// How far something is above what it needs, as a part of that, rounded towards less; and how urgent that is.
fn left(has: i128, needs: u128) -> Cell {
    let one = i128::try_from(Ratio::ONE.raw()).unwrap_or(i128::MAX);
    let needs = i128::try_from(needs).unwrap_or(i128::MAX).max(1);
    let beyond = has.saturating_sub(needs);
    let whole = (beyond.div_euclid(needs)).saturating_mul(one);
    let rest = beyond.rem_euclid(needs).checked_mul(one).map_or(0, |rest| rest / needs);
    let left = whole.saturating_add(rest);
    let mark = match left {
        ..0 => Mark::Act,
        left if left < one / 10 => Mark::Look,
        _ => Mark::Plain,
    };
    Cell::number(left, percent(left, 2)).marked(mark)
}

fn account(owner: &str, market: &str, found: &AccountResponse) -> Vec<Cell> {
    let state = if found.liquidatable { "LIQUIDATE" } else { "" };
    let leverage = found.leverage.map_or_else(
        || Cell::number(i128::MAX, "–"),
        |leverage| Cell::amount(leverage.raw(), short(leverage)),
    );
    vec![
        Cell::text(format!("{owner}/{}", found.account)),
        Cell::text(market),
        Cell::number(found.equity.raw(), money(found.equity)),
        Cell::amount(found.maintenance_margin.raw(), dollars(found.maintenance_margin)),
        left(found.equity.raw(), found.maintenance_margin.raw()),
        Cell::text(state).marked(if found.liquidatable { Mark::Act } else { Mark::Plain }),
        leverage,
        Cell::amount(found.positions.len() as u128, found.positions.len().to_string()),
    ]
}

/// A provider's position: its collateral against its debt times the liquidation ratio. None where nothing is owed.
fn position(
    owner: &str,
    collateral: &str,
    found: &PositionResponse,
    vault: &VaultResponse,
) -> Option<Vec<Cell>> {
    let required = vault.config.liquidation_ratio;
    let ratio = found.ratio?;
    let needs = found.debt.positive_part().scale(required, Rounding::Up).ok()?;
    let due = ratio < required;
    Some(vec![
        Cell::text(owner),
        Cell::text(collateral),
        Cell::amount(found.value.raw(), dollars(found.value)),
        Cell::amount(needs.raw(), dollars(needs)),
        left(i128::try_from(ratio.raw()).unwrap_or(i128::MAX), required.raw()),
        Cell::text(if due { "SEIZE" } else { "" }).marked(if due { Mark::Act } else { Mark::Plain }),
        Cell::number(i128::MAX, "–"),
        Cell::number(1, "1"),
    ])
}

fn auctions(survey: &Survey) -> Vec<Vec<Cell>> {
    let labels = &survey.labels;
    let state = |redo: bool| {
        let mark = if redo { Mark::Act } else { Mark::Plain };
        Cell::text(if redo { "redo" } else { "runs" }).marked(mark)
    };
    let of_market = |price: Price, market: Price| {
        let part = Ratio::of(price.raw(), market.raw(), Rounding::Down).ok();
        part.map_or_else(|| Cell::number(0, "–"), |part| Cell::amount(part.raw(), self::part(part)))
    };
    let board = survey.board.as_ref().map(|board| board.prices.as_slice()).unwrap_or_default();
    let mut rows = Vec::new();
    for found in survey.auctions.iter().flatten() {
        let entry = board.iter().find(|entry| entry.feed == found.feed);
        let age = survey.block.time.saturating_sub(found.started_at);
        let lot = tokens(found.lot, found.decimals);
        rows.push(vec![
            Cell::amount(found.auction.into(), found.auction.to_string()),
            Cell::text(labels.name(&found.owner)),
            Cell::amount(found.lot.raw(), format!("{lot} {}", labels.vault(found.vault))),
            Cell::amount(found.tab.raw(), dollars(found.tab)),
            Cell::amount(found.price.raw(), price(found.price)),
            state(found.needs_redo),
            of_market(found.price, entry.map(|entry| entry.quote.price).unwrap_or_default()),
            Cell::amount(age.into(), span(age)),
            Cell::amount(found.penalty.raw(), dollars(found.penalty)),
        ]);
    }
    if let Some(custody) = &survey.custody {
        for found in custody.sales.iter().flatten() {
            let (token, decimals) = labels.token(found.token);
            let market = custody.tokens.iter().flatten().find(|token| token.token == found.token);
            rows.push(vec![
                Cell::number(-1, "margin"),
                Cell::text(format!("{}/{}", labels.name(&found.owner), found.account)),
                Cell::amount(found.lot.raw(), format!("{} {token}", tokens(found.lot, decimals))),
                Cell::amount(found.owed.raw(), dollars(found.owed)),
                Cell::amount(found.price.raw(), price(found.price)),
                state(found.needs_redo),
                of_market(found.price, market.map(|token| token.price).unwrap_or_default()),
                Cell::amount(found.age.into(), span(found.age)),
                Cell::amount(found.penalty.raw(), dollars(found.penalty)),
            ]);
        }
    }
    rows
}

fn prices(survey: &Survey) -> Vec<Vec<Cell>> {
    let staleness = survey.feeds.as_ref().ok().map(|config| config.staleness);
    let serves = |age: u64| {
        let Some(limits) = staleness else { return Cell::text("–") };
        if age <= limits.trade.into() {
            Cell::text("trades")
        } else if age <= limits.liquidate.into() {
            Cell::text("marks").marked(Mark::Look)
        } else if age <= limits.view.into() {
            Cell::text("view only").marked(Mark::Act)
        } else {
            Cell::text("STALE").marked(Mark::Act)
        }
    };
    let row = |entry: &PriceResponse| {
        if entry.quote.price.is_zero() {
            return vec![Cell::text(&entry.symbol), Cell::number(0, "none yet")];
        }
        let (now, average) = (entry.quote.price.raw(), entry.average.raw());
        let off = Ratio::of(now.abs_diff(average), average, Rounding::Down).unwrap_or_default();
        let off = i128::try_from(off.raw()).unwrap_or(i128::MAX);
        let off = if now < average { -off } else { off };
        let restricted = entry.regime != Regime::Normal;
        vec![
            Cell::text(&entry.symbol),
            Cell::amount(now, price(entry.quote.price)),
            Cell::amount(average, price(entry.average)),
            Cell::number(off, percent(off, 2)),
            Cell::amount(entry.age.into(), span(entry.age)),
            serves(entry.age),
            Cell::text(named(entry.regime)).marked(if restricted { Mark::Look } else { Mark::Plain }),
            Cell::amount(entry.quote.confidence.raw(), part(entry.quote.confidence)),
        ]
    };
    survey.board.iter().flat_map(|board| board.prices.iter().map(row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::table::fitting;

    #[test]
    fn every_heading_has_room_for_the_mark_of_the_order_and_those_that_matter_fit_into_eighty() {
        for pane in Pane::ALL {
            for column in pane.columns() {
                assert!(column.title.chars().count() < usize::from(column.width), "{}", column.title);
            }
            assert!(pane.order().0 < fitting(pane.columns(), 78));
            assert!(fitting(pane.columns(), 78) >= 6, "{}", pane.title());
        }
    }
}
