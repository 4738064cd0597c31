//! Several files to one series.

use std::collections::{BTreeMap, BTreeSet};

use crate::file::{Bar, File};
use crate::{Error, Row, Series};

/// One series over all files: its rows are the union of theirs, its step the one that they share.
pub(crate) fn merge(files: &[File]) -> Result<Series, Error> {
    let mut assets: Vec<String> = Vec::new();
    let mut common: Option<u64> = None;
    let mut opens: BTreeSet<u64> = BTreeSet::new();
    for file in files {
        let found = step(&file.bars).ok_or_else(|| Error::TooShort { file: file.name.clone() })?;
        let expected = *common.get_or_insert(found);
        if found != expected {
            return Err(Error::MixedSteps { file: file.name.clone(), expected, found });
        }
        for asset in &file.assets {
            if assets.contains(asset) {
                return Err(Error::AssetTwice { asset: asset.clone() });
            }
            assets.push(asset.clone());
        }
        opens.extend(file.bars.keys());
    }
    let (Some(step), Some(&start)) = (common, opens.first()) else {
        return Err(Error::TooShort { file: String::new() });
    };
    let rows = opens.into_iter().map(|open| row(files, open, step)).collect();
    Ok(Series { step, start, assets, rows })
}

fn row(files: &[File], open: u64, step: u64) -> Row {
    let mut row =
        Row { time: open.saturating_add(step), close: Vec::new(), low: Vec::new(), high: Vec::new() };
    for file in files {
        let bars = file.bars.get(&open);
        for i in 0..file.assets.len() {
            let bar: Option<Bar> = bars.and_then(|bars| bars.get(i).copied().flatten());
            row.close.push(bar.map(|b| b.close));
            row.low.push(bar.and_then(|b| b.low));
            row.high.push(bar.and_then(|b| b.high));
        }
    }
    row
}

/// The most frequent difference between neighbours, the smallest of equals; none with fewer than two bars.
fn step<T>(bars: &BTreeMap<u64, T>) -> Option<u64> {
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    for (earlier, later) in bars.keys().zip(bars.keys().skip(1)) {
        *counts.entry(later - earlier).or_default() += 1;
    }
    // `max_by_key` takes the last of equals, so the smallest comes last.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(step, _)| step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> File {
        File::parse(name, text).unwrap()
    }

    #[test]
    fn rows_are_the_union_and_an_asset_without_a_bar_has_a_hole() {
        let btc = file("btc.csv", "time,high,close\n0,2,1\n60,3,2\n120,4,3\n");
        let eth = file("eth.csv", "time,close\n60,7\n120,8\n180,9\n");
        let series = merge(&[btc, eth]).unwrap();
        assert_eq!((series.start, series.step), (0, 60));
        assert_eq!(series.assets, ["BTC", "ETH"]);
        let shown = |p: Option<crate::Price>| p.map_or("-".to_owned(), |p| p.to_string());
        let rows: Vec<(u64, String, String, String)> = series
            .rows
            .iter()
            .map(|r| (r.time, shown(r.close[0]), shown(r.high[0]), shown(r.close[1])))
            .collect();
        let expected =
            [(60, "1", "2", "-"), (120, "2", "3", "7"), (180, "3", "4", "8"), (240, "-", "-", "9")];
        assert_eq!(rows, expected.map(|(t, a, b, c)| (t, a.to_owned(), b.to_owned(), c.to_owned())));
    }

    #[test]
    fn the_step_is_the_most_frequent_difference_whatever_the_holes() {
        let series =
            merge(&[file("x.csv", "time,close\n0,1\n86400,1\n172800,1\n432000,1\n518400,1\n")]).unwrap();
        assert_eq!(series.step, 86_400);
        let tie = merge(&[file("x.csv", "time,close\n0,1\n60,1\n180,1\n")]).unwrap();
        assert_eq!(tie.step, 60);
    }

    #[test]
    fn files_of_different_steps_are_refused_since_a_close_would_be_known_too_early() {
        let minute = file("btc.csv", "time,close\n0,1\n60,1\n");
        let hour = file("eth.csv", "time,close\n0,1\n3600,1\n");
        let found = merge(&[minute, hour]);
        assert!(matches!(found, Err(Error::MixedSteps { expected: 60, found: 3_600, .. })), "{found:?}");
    }

    #[test]
    fn an_asset_in_two_files_is_refused() {
        let (wide, single) =
            (file("all.csv", "time,btc\n0,1\n60,1\n"), file("BTC.csv", "time,close\n0,1\n60,1\n"));
        assert!(matches!(merge(&[wide, single]), Err(Error::AssetTwice { asset }) if asset == "BTC"));
    }

    #[test]
    fn one_bar_has_no_step() {
        assert!(matches!(merge(&[file("x.csv", "time,close\n0,1\n")]), Err(Error::TooShort { .. })));
    }
}
