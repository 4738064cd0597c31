//! `sdp keepers`: from which size on it pays to liquidate, seize, reset and settle, by gas price; and how small positions may be.

mod gas;
mod pay;

use std::path::PathBuf;

use sdp_network::manifest::{Collateral, Market, Perp};
use sdp_network::Manifest;
use sdp_types::market::MAX_BATCH;
use sdp_types::{Ratio, Rounding, Usd};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{self, dollars, short, Format};
use crate::provide::number;
use gas::{cost, Action, Gas, LIQUIDATE, REDO, SEIZE, SETTLE};

/// Gas prices, batches, and whose parameters.
///
/// USD for a million gas are the chain's price in millionths of a token a gas times the token's price in USD. The defaults are what the Cosmos
/// chain registry names for chains with CosmWasm: Osmosis' lowest, 0.0025, and the average of Osmosis and the Cosmos Hub,
/// 0.025, for a token of 1 USD, and the latter for one of 10 USD.
#[derive(clap::Args)]
pub struct Args {
    /// USD for a million gas, several with commas.
    #[arg(long = "usd-per-million-gas", value_name = "USD", value_delimiter = ',', default_values = ["0.0025", "0.025", "0.25"], value_parser = number::<Ratio>)]
    usd_per_million_gas: Vec<Ratio>,
    /// Items in one message, several with commas.
    #[arg(long, value_name = "N", value_delimiter = ',', default_values = ["1", "10", "50"], value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_BATCH)))]
    batch: Vec<u32>,
    /// Manifest whose parameters are looked at; the built-in one by default.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// What messages take, as `scripts/gas` writes it; the committed budget by default.
    #[arg(long, value_name = "FILE")]
    gas_budget: Option<PathBuf>,
}

/// Something that keepers are paid for, at one gas price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Threshold {
    /// Perpetual, collateral or market.
    of: String,
    action: &'static str,
    /// USD for a million gas.
    gas_price: Ratio,
    /// Items in the message.
    batch: u32,
    /// Of one item.
    gas: u64,
    /// Of one item, micro-USD.
    cost: Usd,
    /// The smallest notional or debt whose pay is at least that; none where no pay is.
    least: Option<Usd>,
}

/// How small positions of a perpetual may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Size {
    perp: String,
    /// Part of a position that is closed as soon as it can be liquidated.
    part_at_once: Ratio,
    /// `minimum_notional` of the manifest.
    required: Usd,
    /// What it has to be for a liquidation of one account to pay as soon as it may, by gas price; none where nothing is enough.
    needed: Vec<Option<Usd>>,
    /// Up to which USD for a million gas that of the manifest is enough, by batch; rounded down.
    enough_up_to: Vec<Ratio>,
}

#[derive(Serialize)]
struct Economics {
    thresholds: Vec<Threshold>,
    sizes: Vec<Size>,
}

/// Computes all of it and prints it.
pub fn run(args: &Args, format: Format) -> Result<(), Failure> {
    let manifest = match &args.manifest {
        Some(path) => Manifest::read(path),
        None => Manifest::built_in(),
    };
    let manifest = manifest.map_err(|error| Failure::setup(format!("{error:#}")))?;
    let gas = Gas::read(args.gas_budget.as_deref())?;
    let found = economics(args, &manifest, &gas)?;
    match format {
        Format::Json => say!("{}", serde_json::to_string(&found).map_err(Failure::setup)?),
        Format::Table => show(args, &manifest, &found),
    }
    Ok(())
}

fn economics(args: &Args, manifest: &Manifest, gas: &Gas) -> Result<Economics, Failure> {
    let mut thresholds = Vec::new();
    let mut sizes = Vec::new();
    for market in &manifest.markets {
        for perp in &market.perps {
            let pays = |closed| pay::liquidation(market, perp, closed);
            add(&mut thresholds, args, gas, &perp.name, LIQUIDATE, &pays)?;
            sizes.push(size(args, gas, market, perp)?);
        }
        add(&mut thresholds, args, gas, &market.name, SETTLE, &|notional| pay::settlement(market, notional))?;
    }
    for collateral in &manifest.collaterals {
        add(&mut thresholds, args, gas, &collateral.name, SEIZE, &|debt| pay::auction(collateral, debt))?;
        add(&mut thresholds, args, gas, &collateral.name, REDO, &|debt| pay::redo(collateral, debt))?;
    }
    Ok(Economics { thresholds, sizes })
}

type Pay<'a> = &'a dyn Fn(Usd) -> sdp_types::Result<Usd>;

/// One threshold for each gas price and batch; one alone of what takes no batch.
fn add(
    all: &mut Vec<Threshold>,
    args: &Args,
    gas: &Gas,
    of: &str,
    action: Action,
    pays: Pay<'_>,
) -> Result<(), Failure> {
    let alone = action == SEIZE || action == REDO;
    let batches = if alone { &[1][..] } else { &args.batch };
    for price in &args.usd_per_million_gas {
        for batch in batches {
            let used = gas.each(action, *batch)?;
            let cost = cost(used, *price).map_err(Failure::setup)?;
            let least = pay::least(cost, pays).map_err(Failure::setup)?;
            let (of, action) = (of.to_string(), action.name);
            all.push(Threshold { of, action, gas_price: *price, batch: *batch, gas: used, cost, least });
        }
    }
    Ok(())
}

fn size(args: &Args, gas: &Gas, market: &Market, perp: &Perp) -> Result<Size, Failure> {
    let pays = |closed| pay::liquidation(market, perp, closed);
    let at_once = pay::part_at_once(market, perp).map_err(Failure::setup)?;
    let required = perp.minimum_notional.0;
    let alone = gas.each(LIQUIDATE, 1)?;
    let needed = |price: &Ratio| -> sdp_types::Result<Option<Usd>> {
        match pay::least(cost(alone, *price)?, pays)? {
            Some(closed) => pay::minimum(closed, at_once),
            None => Ok(None),
        }
    };
    let worst = pay::least_closed(required, at_once).and_then(pays).map_err(Failure::setup)?;
    let enough = |batch: &u32| -> Result<Ratio, Failure> {
        let each = gas.each(LIQUIDATE, *batch)?;
        // micro-USD a gas are USD for a million gas
        Ratio::of(worst.raw(), each.into(), Rounding::Down).map_err(Failure::setup)
    };
    Ok(Size {
        perp: perp.name.clone(),
        part_at_once: at_once,
        required,
        needed: args
            .usd_per_million_gas
            .iter()
            .map(needed)
            .collect::<Result<_, _>>()
            .map_err(Failure::setup)?,
        enough_up_to: args.batch.iter().map(enough).collect::<Result<_, _>>()?,
    })
}

fn show(args: &Args, manifest: &Manifest, found: &Economics) {
    say!("The smallest that pays its keeper, USD, by USD for a million gas and items in the message");
    let columns = args
        .usd_per_million_gas
        .iter()
        .flat_map(|price| args.batch.iter().map(move |batch| (*price, *batch)));
    let columns: Vec<(Ratio, u32)> = columns.collect();
    let header = |(price, batch): &(Ratio, u32)| match batch {
        1 => format!("{price}, alone"),
        more => format!("{price}, of {more}"),
    };
    let header: Vec<String> = ["what".to_string()].into_iter().chain(columns.iter().map(header)).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let names = manifest.markets.iter().flat_map(|market| {
        let perps = market.perps.iter().map(|perp| (LIQUIDATE, perp.name.as_str(), "notional closed"));
        perps.chain([(SETTLE, market.name.as_str(), "notional filled")])
    });
    let rows = names.map(|(action, of, unit)| {
        let at = |(price, batch): &(Ratio, u32)| {
            let is = |one: &&Threshold| {
                one.of == of && one.action == action.name && one.gas_price == *price && one.batch == *batch
            };
            cents(found.thresholds.iter().find(is).and_then(|one| one.least))
        };
        std::iter::once(format!("{}, {of}: {unit}", action.name)).chain(columns.iter().map(at)).collect()
    });
    output::table(&header, rows);

    say!("\nProviders: the smallest debt that pays, USD; a reset leaves half of the reward to who began the auction");
    let prices: Vec<String> = args.usd_per_million_gas.iter().map(ToString::to_string).collect();
    let header = ["what"].into_iter().chain(prices.iter().map(String::as_str)).chain(["minimum debt now"]);
    let rows = manifest
        .collaterals
        .iter()
        .flat_map(|collateral| [SEIZE, REDO].map(|action| debts(args, found, collateral, action)));
    output::table(&header.collect::<Vec<_>>(), rows);

    say!("\nMinimum position size, USD: at least what pays for liquidating it alone, as soon as that is possible");
    let batches: Vec<String> = args.batch.iter().map(|batch| format!("enough up to, of {batch}")).collect();
    let header = ["perpetual", "closed at once", "now"].into_iter();
    let header = header.chain(prices.iter().map(String::as_str)).chain(batches.iter().map(String::as_str));
    let rows = found.sizes.iter().map(|size| {
        let first = [size.perp.clone(), output::percent(Some(size.part_at_once)), cents(Some(size.required))];
        let needed = size.needed.iter().map(|needed| cents(*needed));
        first.into_iter().chain(needed).chain(size.enough_up_to.iter().map(short)).collect()
    });
    output::table(&header.collect::<Vec<_>>(), rows);
    for (n, price) in args.usd_per_million_gas.iter().enumerate() {
        let few =
            |size: &&Size| size.needed.get(n).copied().flatten().is_none_or(|needed| needed > size.required);
        let few: Vec<&str> = found.sizes.iter().filter(few).map(|size| size.perp.as_str()).collect();
        let verdict = match few.len() {
            0 => "enough for all perpetuals".to_string(),
            _ => format!("too small for {}, of which only a batch pays at once", few.join(", ")),
        };
        say!("At {price} USD for a million gas what is required now is {verdict}.");
    }
}

fn debts(args: &Args, found: &Economics, collateral: &Collateral, action: Action) -> Vec<String> {
    let at = |price: &Ratio| {
        let is = |one: &&Threshold| {
            one.of == collateral.name && one.action == action.name && one.gas_price == *price
        };
        cents(found.thresholds.iter().find(is).and_then(|one| one.least))
    };
    let first = format!("{}, {}", action.name, collateral.name);
    let row = std::iter::once(first).chain(args.usd_per_million_gas.iter().map(at));
    row.chain([cents(Some(collateral.minimum_debt.0))]).collect()
}

/// USD in cents, rounded up; a dash for none.
fn cents(amount: Option<Usd>) -> String {
    const CENT: u128 = 10_000;
    amount.map_or_else(|| "–".into(), |amount| dollars(Usd::new(amount.raw().div_ceil(CENT) * CENT)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(prices: &[&str]) -> Economics {
        let args = Args {
            usd_per_million_gas: prices.iter().map(|price| price.parse().unwrap()).collect(),
            batch: vec![1, 10],
            manifest: None,
            gas_budget: None,
        };
        let gas = Gas::read(None).unwrap_or_else(|_| panic!("the committed budget"));
        economics(&args, &Manifest::built_in().unwrap(), &gas).unwrap_or_else(|_| panic!("economics"))
    }

    #[test]
    fn the_built_in_minimum_position_pays_for_its_liquidation_at_the_usual_gas_price() {
        for size in found(&["0.025"]).sizes {
            let needed = size.needed[0].unwrap();
            assert!(needed <= size.required, "{}: {needed} needed, {} required", size.perp, size.required);
            // what is enough alone is enough in a batch
            assert!(size.enough_up_to[0] >= "0.025".parse().unwrap());
            assert!(size.enough_up_to[1] > size.enough_up_to[0]);
        }
    }

    #[test]
    fn what_is_needed_pays_and_a_micro_usd_of_closed_notional_less_does_not() {
        let manifest = Manifest::built_in().unwrap();
        let all = found(&["0.025", "0.25"]).thresholds;
        let of = |action: Action| all.iter().filter(move |one| one.action == action.name);
        assert_eq!(of(LIQUIDATE).count(), manifest.markets[0].perps.len() * 4);
        assert_eq!((of(SEIZE).count(), of(REDO).count(), of(SETTLE).count()), (6, 6, 4));
        for one in of(LIQUIDATE) {
            let perp = manifest.markets[0].perps.iter().find(|perp| perp.name == one.of).unwrap();
            let paid = |closed| pay::liquidation(&manifest.markets[0], perp, closed).unwrap();
            let least = one.least.unwrap();
            assert!(paid(least) >= one.cost && paid(Usd::new(least.raw() - 1)) < one.cost);
        }
        // seizing pays from the smallest debts on, far below the least that may be minted
        assert!(of(SEIZE).all(|one| one.least.unwrap() < Usd::whole(10)));
    }

    #[test]
    fn where_the_minimum_is_not_enough_its_gas_price_says_so() {
        let found = found(&["0.0025", "2.5"]);
        let bitcoin = &found.sizes[0];
        assert!(bitcoin.needed[0].unwrap() < bitcoin.required);
        assert!(bitcoin.needed[1].unwrap() > bitcoin.required);
        assert!(bitcoin.enough_up_to[0] < "2.5".parse().unwrap());
    }
}
