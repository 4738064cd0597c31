//! What of a series is replayed: which assets get a perpetual, which are collateral, and what was known of their risk before
//! the replay begins.
//!
//! The rule, the same for every series:
//! - An asset counts if at least 95 % of the rows have its price. Those of [`PREFERRED`] come first, then the rest in the series'
//!   order.
//! - The first three get a perpetual. The second, third and fourth are collateral, and USDC, which costs a dollar.
//! - The first fifth of the rows is the warm-up: volatilities and correlations are measured on it and on nothing later.

use anyhow::{ensure, Context, Result};
use sdp_prices::{Row, Series};
use sdp_types::units::DAY;

/// Assets that come first where the series has them.
const PREFERRED: [&str; 8] = ["BTC", "ETH", "SOL", "SP500", "AAPL", "JPM", "XOM", "MSFT"];
/// The constant collateral.
pub const DOLLAR: &str = "USDC";
/// Part of the rows that must have an asset's price.
const COVERAGE: f64 = 0.95;
/// One row of so many is warm-up.
const WARM_UP: usize = 5;
const PERPS: usize = 3;
/// Volatility below which nothing is taken to be: 2 % a day.
const LEAST_SIGMA: f64 = 0.02;
const DOLLAR_SIGMA: f64 = 0.001;
/// The prior of all correlations, and how far the measured ones are shrunk towards it.
const PRIOR: (f64, f64) = (0.8, 0.3);

/// A series ready to be replayed.
#[derive(Debug, Clone)]
pub struct Universe {
    /// Only what is used, the dollar last. The place of an asset is its feed's number.
    pub series: Series,
    /// Rows before the replay; the last of them gives the first prices.
    pub warm_up: usize,
    /// Assets with a perpetual.
    pub perps: Vec<usize>,
    /// Assets that are collateral, the dollar last.
    pub collaterals: Vec<usize>,
    /// Standard deviation of a day's return by asset.
    pub sigmas: Vec<f64>,
    /// Correlations of all pairs.
    pub correlations: Vec<Vec<f64>>,
}

impl Universe {
    /// Chooses and measures. Errors for a series without a usable asset or with fewer than 20 rows.
    pub fn new(series: &Series) -> Result<Self> {
        let ranked = ranked(series);
        ensure!(!ranked.is_empty(), "no asset of the series has a price in 95 % of its rows");
        let perps = ranked.len().min(PERPS);
        let collaterals: Vec<usize> =
            if ranked.len() > 1 { (1..ranked.len().min(4)).collect() } else { vec![0] };
        let used = collaterals.iter().max().map_or(perps, |last| perps.max(last + 1));
        let names: Vec<&str> = ranked.iter().take(used).map(String::as_str).collect();
        let chosen = series.select(&names).context("the chosen assets")?;
        let dollar = "1".parse().context("the price of a dollar")?;
        let mut chosen = chosen.with_constant(DOLLAR, dollar).context("a constant dollar")?;
        let known = chosen.rows.iter().position(complete).unwrap_or_default();
        chosen.rows.drain(..known);
        ensure!(chosen.rows.len() >= 20, "a replay needs at least 20 rows with prices");

        let warm_up = (chosen.rows.len() / WARM_UP).max(2);
        let warm = chosen.rows.get(..warm_up).unwrap_or_default();
        let returns = returns(warm, used);
        let per_day = (DAY as f64 / chosen.step as f64).sqrt();
        let mut sigmas: Vec<f64> =
            (0..used).map(|asset| (deviation(&returns, asset) * per_day).max(LEAST_SIGMA)).collect();
        sigmas.push(DOLLAR_SIGMA);
        let correlations = correlations(&returns, used);
        let collaterals = collaterals.into_iter().chain([used]).collect();
        Ok(Self { series: chosen, warm_up, perps: (0..perps).collect(), collaterals, sigmas, correlations })
    }

    /// Name of an asset.
    pub fn name(&self, asset: usize) -> &str {
        self.series.assets.get(asset).map_or("", String::as_str)
    }

    /// The rows to replay.
    pub fn bars(&self) -> &[Row] {
        self.series.rows.get(self.warm_up..).unwrap_or_default()
    }

    /// The rows before them.
    pub fn warm_rows(&self) -> &[Row] {
        self.series.rows.get(..self.warm_up).unwrap_or_default()
    }

    /// Standard deviation of one step's return.
    pub fn sigma_of_step(&self, asset: usize) -> f64 {
        let daily = self.sigmas.get(asset).copied().unwrap_or(LEAST_SIGMA);
        daily * (self.series.step as f64 / DAY as f64).sqrt()
    }
}

/// A row's close as a float.
pub fn close(row: &Row, asset: usize) -> Option<f64> {
    row.close.get(asset).copied().flatten().map(|price| price.atomics() as f64 / 1e18)
}

fn complete(row: &Row) -> bool {
    row.close.iter().all(Option::is_some)
}

fn ranked(series: &Series) -> Vec<String> {
    let covered = |asset: usize| {
        let there =
            series.rows.iter().filter(|row| row.close.get(asset).is_some_and(Option::is_some)).count();
        there as f64 >= COVERAGE * series.rows.len() as f64
    };
    let usable = series.assets.iter().enumerate().filter(|(asset, name)| *name != DOLLAR && covered(*asset));
    let mut usable: Vec<&String> = usable.map(|(_, name)| name).collect();
    // a stable sort: the rest keeps the series' order
    usable.sort_by_key(|name| PREFERRED.iter().position(|wanted| wanted == name).unwrap_or(PREFERRED.len()));
    usable.into_iter().cloned().collect()
}

/// Returns of all assets between rows that both have all prices.
fn returns(rows: &[Row], assets: usize) -> Vec<Vec<f64>> {
    let pairs = rows.windows(2).filter(|pair| pair.iter().all(complete));
    let change = |pair: &[Row], asset| Some(close(pair.get(1)?, asset)? / close(pair.first()?, asset)? - 1.0);
    pairs.map(|pair| (0..assets).map(|asset| change(pair, asset).unwrap_or_default()).collect()).collect()
}

fn product(returns: &[Vec<f64>], a: usize, b: usize) -> f64 {
    let of = |row: &Vec<f64>, asset| row.get(asset).copied().unwrap_or_default();
    returns.iter().map(|row| of(row, a) * of(row, b)).sum()
}

/// Root of the mean square: a mean return over a short window says nothing.
fn deviation(returns: &[Vec<f64>], asset: usize) -> f64 {
    (product(returns, asset, asset) / returns.len().max(1) as f64).sqrt()
}

/// Measured correlations shrunk towards the prior; of the dollar 0. A mean of two positive semidefinite matrices is one.
fn correlations(returns: &[Vec<f64>], assets: usize) -> Vec<Vec<f64>> {
    let measured = |a, b| {
        let scale = (product(returns, a, a) * product(returns, b, b)).sqrt();
        if scale > 0.0 {
            product(returns, a, b) / scale
        } else {
            0.0
        }
    };
    let (prior, shrink) = PRIOR;
    let rho = |a, b| match (a == b, a < assets && b < assets) {
        (true, _) => 1.0,
        (false, true) => (1.0 - shrink) * measured(a, b) + shrink * prior,
        (false, false) => 0.0,
    };
    (0..=assets).map(|a| (0..=assets).map(|b| rho(a.max(b), a.min(b))).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asset A doubles and halves, B does the same later, C stands still, D has holes; 25 rows.
    fn sample() -> Series {
        let mut text = String::from("time,A,B,C,D,BTC\n");
        for n in 0u32..25 {
            let up = |n: u32| 100 + 10 * (n % 2);
            let hole = if n % 5 == 0 { String::new() } else { n.to_string() };
            text += &format!("{},{},{},7,{hole},{}\n", n * 3_600, up(n), up(n + 1), 1_000 + n);
        }
        Series::parse("all.csv", &text).unwrap()
    }

    #[test]
    fn preferred_assets_come_first_and_those_with_holes_not_at_all() {
        let universe = Universe::new(&sample()).unwrap();
        assert_eq!(universe.series.assets, ["BTC", "A", "B", "C", "USDC"]);
        assert_eq!((universe.perps, universe.collaterals), (vec![0, 1, 2], vec![1, 2, 3, 4]));
    }

    #[test]
    fn risk_is_measured_on_the_first_fifth_and_has_floors() {
        let universe = Universe::new(&sample()).unwrap();
        assert_eq!((universe.warm_up, universe.bars().len()), (5, 20));
        // A: +10 %, −1/11, +10 %, −1/11 an hour; 24 hours a day
        let step = ((2.0 * 0.01 + 2.0 / 121.0) / 4.0f64).sqrt();
        assert!((universe.sigmas[1] - step * 24f64.sqrt()).abs() < 1e-12);
        assert!((universe.sigma_of_step(1) - step).abs() < 1e-12);
        assert_eq!((universe.sigmas[3], universe.sigmas[4]), (LEAST_SIGMA, DOLLAR_SIGMA));
        // B falls when A rises: of −1 and the prior 0.8, seven parts and three
        let rho = universe.correlations[1][2];
        assert!((-0.7..=-0.4).contains(&rho) && rho == universe.correlations[2][1], "{rho}");
        assert_eq!((universe.correlations[2][2], universe.correlations[0][4]), (1.0, 0.0));
    }

    #[test]
    fn later_rows_change_nothing_that_was_measured() {
        let whole = sample();
        let mut cut = whole.clone();
        for row in cut.rows.iter_mut().skip(6) {
            row.close[1] = "5000".parse().ok();
        }
        let (a, b) = (Universe::new(&whole).unwrap(), Universe::new(&cut).unwrap());
        assert_eq!((a.sigmas, a.correlations), (b.sigmas, b.correlations));
    }

    #[test]
    fn one_asset_is_its_own_collateral() {
        let series = sample().select(&["A"]).unwrap();
        let universe = Universe::new(&series).unwrap();
        assert_eq!((universe.perps, universe.collaterals), (vec![0], vec![0, 1]));
    }
}
