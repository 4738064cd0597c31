//! Rows that follow from others: what one more of something adds.

use crate::people::FEW;
use crate::rows::Rows;

const ONE_POSITION: &str = "1 position";
const LIMITLESS: [&str; 8] = [
    "deposit",
    "mint",
    "burn",
    "burn into insurance",
    "sync",
    "margin in",
    "margin out, no position",
    "deposit into the other vault",
];
const TRADES: [&str; 7] = [
    "open, commit",
    "open, settle",
    "open, whole way",
    "close, commit",
    "close, settle",
    "close, whole way",
    "margin out",
];

const SYNTHETICS: [&str; 9] = [
    "poke",
    "buy, commit",
    "buy, settle",
    "buy, whole way",
    "sell, commit",
    "sell, settle",
    "sell, whole way",
    "settle, each further order",
    "collect",
];

/// All slopes whose rows were measured. In thousandths of people: ten thousand of them differ by less than a rounding.
pub fn slopes(rows: &Rows) -> Rows {
    let mut slopes = Rows::default();
    let mut add = |name: String, (less, more): (String, String), units: i64| {
        if let (Some(less), Some(more)) = (rows.find(&less), rows.find(&more)) {
            slopes.slope(name, less, more, units);
        }
    };
    for what in LIMITLESS {
        let row = |perps: u32| format!("{perps} perpetuals, 0 positions: {what}");
        add(format!("each further perpetual: {what}"), (row(8), row(32)), 24);
    }
    for what in TRADES {
        let row = |perps: u32| format!("{perps} perpetuals, {ONE_POSITION}: {what}");
        add(format!("each further perpetual: {what}"), (row(8), row(32)), 24);
    }
    for what in TRADES {
        let row = |positions: &str| format!("8 perpetuals, {positions}: {what}");
        add(format!("each further position, 1 to 5: {what}"), (row(ONE_POSITION), row("5 positions")), 4);
        let row = |positions: &str| format!("32 perpetuals, {positions}: {what}");
        add(format!("each further position, 5 to 16: {what}"), (row("5 positions"), row("16 positions")), 11);
    }
    for (state, all) in [("0 positions", &LIMITLESS[..]), (ONE_POSITION, &TRADES[..])] {
        for what in all {
            let row = |markets: &str| format!("{markets}8 perpetuals, {state}: {what}");
            add(format!("a second market: {what}"), (row(""), row("2 markets, ")), 1);
        }
    }
    for (state, all) in [("0 positions", &LIMITLESS[..]), (ONE_POSITION, &TRADES[..])] {
        for what in all {
            let row = |engine: &str| format!("{engine}32 perpetuals, {state}: {what}");
            add(format!("the risk engine: {what}"), (row(""), row("risk engine on, ")), 1);
        }
    }
    for (state, all) in [("0 positions", &LIMITLESS[..]), (ONE_POSITION, &TRADES[..])] {
        for what in all {
            let row = |markets: u32| format!("a desk with {markets} markets, 8 perpetuals, {state}: {what}");
            add(format!("each further bonded market: {what}"), (row(0), row(2)), 2);
        }
    }
    for what in SYNTHETICS {
        let row = |synthetics: u32| format!("{synthetics} synthetics: {what}");
        add(format!("each further synthetic: {what}"), (row(2), row(8)), 6);
    }
    let people = rows.iter().filter_map(|row| row.name.strip_prefix(&format!("{FEW}: ")));
    let people: Vec<_> = people.map(str::to_string).collect();
    for what in people {
        let pair = (format!("{FEW}: {what}"), format!("10000 people: {what}"));
        add(format!("each 1,000 further people: {what}"), pair, 10);
    }
    slopes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slope_is_the_difference_by_what_was_added_and_is_left_out_where_a_row_is_missing() {
        let mut rows = Rows::default();
        rows.add("8 perpetuals, 0 positions: sync", 118_000);
        rows.add("32 perpetuals, 0 positions: sync", 128_560);
        rows.add("risk engine on, 32 perpetuals, 0 positions: sync", 129_000);
        rows.add("8 perpetuals, 0 positions: mint", 210_000);
        rows.add("10 people: mint", 210_000);
        rows.add("10000 people: mint", 210_030);
        let found: Vec<_> = slopes(&rows).iter().map(|row| (row.name.clone(), row.gas)).collect();
        // (128,560 − 118,000) ÷ 24; 129,000 − 128,560; 30 ÷ 10
        let expected = [
            ("each further perpetual: sync", 440),
            ("the risk engine: sync", 440),
            ("each 1,000 further people: mint", 3),
        ];
        assert_eq!(found, expected.map(|(name, gas)| (name.to_string(), gas)));
    }
}
