//! Making a chain, its prices and its time.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use sdp_embedded::{decimal, Actions, Chain, ChainError, Manifest};
use sdp_types::units::{Price, Ratio};

use crate::failure::Failure;
use crate::output::{self, Format};
use crate::provide::number;
use crate::session::Session;

#[derive(Subcommand)]
pub enum Command {
    /// Write a manifest with comments, to be edited and deployed.
    Init {
        /// File to write; it must not exist yet.
        #[arg(long, value_name = "FILE", default_value = "sdp.toml")]
        manifest: PathBuf,
    },
    /// Deploy all contracts on a new chain and publish the manifest's first prices.
    Deploy {
        /// Manifest to deploy; the built-in one by default.
        #[arg(long, value_name = "FILE")]
        manifest: Option<PathBuf>,
        /// Replace a chain that is in the state file already.
        #[arg(long)]
        force: bool,
    },
    /// Publish prices now, by a quorum of the manifest's publishers. A second passes where a feed has a price of this
    /// second already, and another one to confirm a jump beyond a feed's band.
    Price(PriceArgs),
    /// Let time pass. The prices on the board are published again in the next few intervals and at the end.
    Advance {
        /// Seconds, or with a unit: 90s, 10m, 24h, 2d.
        #[arg(value_parser = seconds)]
        time: u64,
        /// Do not publish anything: prices get old.
        #[arg(long)]
        silent: bool,
    },
    /// Give an account collateral out of nothing.
    Give {
        /// Who gets it.
        account: String,
        /// Whole tokens.
        amount: String,
        /// Name of the collateral.
        collateral: String,
    },
}

#[derive(Args)]
pub struct PriceArgs {
    /// USD for one whole unit, by symbol: BTC=60000.5
    #[arg(required = true, value_name = "SYMBOL=PRICE", value_parser = quote)]
    prices: Vec<(String, Price)>,
    /// Half-width of the confidence band, as a fraction of the price; the manifest's by default.
    #[arg(long, value_name = "FRACTION")]
    conf: Option<Ratio>,
}

fn quote(text: &str) -> Result<(String, Price), String> {
    let (symbol, price) = text.split_once('=').ok_or("expected SYMBOL=PRICE")?;
    Ok((symbol.to_string(), number(price)?))
}

fn seconds(text: &str) -> Result<u64, String> {
    let (number, unit) = match text.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(number) => (number, text.chars().last()),
        None => (text, None),
    };
    let unit = match unit {
        Some('m') => 60,
        Some('h') => 3_600,
        Some('d') => 86_400,
        _ => 1,
    };
    let number: u64 = number.replace('_', "").parse().map_err(|_| "expected a number of seconds")?;
    number.checked_mul(unit).filter(|time| *time <= 3_650 * 86_400).ok_or("longer than ten years".into())
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    match command {
        Command::Init { manifest } => init(session, &manifest),
        Command::Deploy { manifest, force } => deploy(session, manifest.as_deref(), force),
        Command::Price(args) => price(session, &args),
        Command::Advance { time, silent } => advance(session, time, silent),
        Command::Give { account, amount, collateral } => session.act(|chain| {
            let decimals = chain.manifest().collateral(&collateral).map_err(ChainError::setup)?.1.decimals;
            let amount = decimal::amount(amount, decimals).map_err(ChainError::setup)?;
            chain.give(&account, &collateral, amount)
        }),
    }
}

fn init(session: &Session, path: &std::path::Path) -> Result<(), Failure> {
    let shown = path.display();
    if path.exists() {
        return Err(Failure::setup(format!("{shown} exists")));
    }
    std::fs::write(path, Manifest::BUILT_IN).map_err(|error| Failure::setup(format!("{shown}: {error}")))?;
    match session.format() {
        Format::Json => println!("{}", serde_json::json!({ "manifest": path })),
        Format::Table => {
            println!("wrote {shown}; edit it, then `sdp deploy --manifest {shown}`");
        }
    }
    Ok(())
}

fn deploy(session: &Session, manifest: Option<&std::path::Path>, force: bool) -> Result<(), Failure> {
    if session.path().exists() && !force {
        let path = session.path().display();
        return Err(Failure::setup(format!("there is a chain in {path}; --force replaces it")));
    }
    let manifest = manifest.map_or_else(Manifest::built_in, Manifest::read)?;
    let mut chain = Chain::deploy(manifest)?;
    chain.publish_first_prices()?;
    session.keep(&chain)?;
    let contracts: Vec<_> =
        chain.contracts().iter().map(|(name, address)| (name, address.to_string())).collect();
    match session.format() {
        Format::Json => {
            let contracts: serde_json::Map<_, _> =
                contracts.into_iter().map(|(name, address)| (name.to_string(), address.into())).collect();
            println!("{}", serde_json::json!({ "state": session.path(), "contracts": contracts }));
        }
        Format::Table => {
            let rows = contracts.into_iter().map(|(name, address)| vec![name.to_string(), address]);
            output::table(&["contract", "address"], rows);
        }
    }
    Ok(())
}

fn price(session: &Session, args: &PriceArgs) -> Result<(), Failure> {
    session.act(|chain| {
        let entry = |(symbol, price): &(String, Price)| {
            let feed = chain.manifest().feed_id(symbol).map_err(ChainError::setup)?;
            Ok((feed, *price, args.conf))
        };
        let prices = args.prices.iter().map(entry).collect::<Result<Vec<_>, ChainError>>()?;
        chain.publish_surely(&prices)
    })
}

fn advance(session: &Session, time: u64, silent: bool) -> Result<(), Failure> {
    session.act(|chain| {
        if silent {
            chain.advance(time);
            return Ok(Default::default());
        }
        chain.pass(time)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_written_with_and_without_a_unit() {
        for (text, expected) in [("90", 90), ("90s", 90), ("10m", 600), ("24h", 86_400), ("2d", 172_800)] {
            assert_eq!(seconds(text), Ok(expected));
        }
        for text in ["", "m", "-1", "1.5h", "1w", "99999999999d"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_price_is_written_with_its_symbol() {
        assert_eq!(quote("BTC=60_000.5").unwrap().1.to_string(), "60000.5");
        assert!(quote("BTC").is_err() && quote("BTC=-1").is_err());
    }
}
