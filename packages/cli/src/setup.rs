//! Making a chain, its prices and its time.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use sdp_network::actions::FeedPrice;
use sdp_network::manifest::{Bonded, Reserve};
use sdp_network::{decimal, Actions, Answer, ChainError, Manifest, Network};
use sdp_types::units::{Price, Ratio};

use crate::failure::Failure;
use crate::output::Format;
use crate::provide::number;
use crate::session::Session;

#[derive(Subcommand)]
pub enum Command {
    /// Write a manifest with comments, to be edited and deployed.
    Init {
        /// File to write; it must not exist yet.
        #[arg(long, value_name = "FILE", default_value = "sdp.toml")]
        manifest: PathBuf,
        /// With a par reserve.
        #[arg(long)]
        reserve: bool,
        /// With a desk of bonded markets.
        #[arg(long)]
        bonded: bool,
    },
    /// Publish prices now, by a quorum of the manifest's publishers. A second passes where a feed has a price of this
    /// second already, and another one to confirm a jump beyond a feed's band. Without prices, those on the board are
    /// published again, and the manifest's first ones where there are none yet.
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
    #[arg(value_name = "SYMBOL=PRICE", value_parser = quote)]
    prices: Vec<(String, Price)>,
    /// Half-width of the confidence band, as a fraction of the price; the manifest's by default.
    #[arg(long, value_name = "FRACTION")]
    conf: Option<Ratio>,
}

fn quote(text: &str) -> Result<(String, Price), String> {
    let (symbol, price) = text.split_once('=').ok_or("expected SYMBOL=PRICE")?;
    Ok((symbol.to_string(), number(price)?))
}

/// `90`, `90s`, `15m`, `6h` or `2d`.
pub fn seconds(text: &str) -> Result<u64, String> {
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
        Command::Init { manifest, reserve, bonded } => init(session, &manifest, (reserve, bonded)),
        Command::Price(args) => price(session, &args),
        Command::Advance { time, silent } => advance(session, time, silent),
        Command::Give { account, amount, collateral } => session.act(|chain| {
            let decimals = chain.manifest().collateral(&collateral).map_err(ChainError::setup)?.1.decimals;
            let amount = decimal::amount(amount, decimals).map_err(ChainError::setup)?;
            chain.give(&account, &collateral, amount)
        }),
    }
}

fn init(session: &Session, path: &std::path::Path, (reserve, bonded): (bool, bool)) -> Result<(), Failure> {
    let shown = path.display();
    if path.exists() {
        return Err(Failure::setup(format!("{shown} exists")));
    }
    let mut text = Manifest::BUILT_IN.to_string();
    if reserve {
        text.push('\n');
        text.push_str(Reserve::DEFAULT);
    }
    if bonded {
        text.push('\n');
        text.push_str(Bonded::DEFAULT);
    }
    std::fs::write(path, text).map_err(|error| Failure::setup(format!("{shown}: {error}")))?;
    match session.format() {
        Format::Json => say!("{}", serde_json::json!({ "manifest": path })),
        Format::Table => {
            say!("wrote {shown}; edit it, then `sdp deploy {shown}`");
        }
    }
    Ok(())
}

fn price(session: &Session, args: &PriceArgs) -> Result<(), Failure> {
    session.act(|network| {
        let entry = |(symbol, price): &(String, Price)| {
            let feed = network.manifest().feed_id(symbol).map_err(ChainError::setup)?;
            Ok((feed, *price, args.conf))
        };
        let prices = args.prices.iter().map(entry).collect::<Result<Vec<_>, ChainError>>()?;
        let prices = if prices.is_empty() { known(network)? } else { prices };
        network.publish_surely(&prices)
    })
}

/// Prices on the board, and the manifest's first ones of feeds that have none there.
fn known(network: &dyn Network) -> Result<Vec<FeedPrice>, ChainError> {
    let board = network.board()?;
    let known = (0..).zip(&network.manifest().feeds).filter_map(|(id, feed)| {
        let quote = board.quotes.get(usize::from(id)).filter(|quote| !quote.price.is_zero());
        match quote {
            Some(quote) => Some((id, quote.price, Some(quote.confidence))),
            None => Some((id, feed.price?, None)),
        }
    });
    Ok(known.collect())
}

fn advance(session: &Session, time: u64, silent: bool) -> Result<(), Failure> {
    session.embedded_only("advance", "its time passes by itself")?;
    session.act(|network| {
        if silent {
            let now = network.now()?;
            network.wait_until(now.saturating_add(time))?;
            return Ok(Answer::default());
        }
        network.pass(time)
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
