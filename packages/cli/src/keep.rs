//! What keepers do: settle, liquidate, take, pull, sync, adjust.

use clap::Subcommand;
use sdp_network::actions::Take;
use sdp_network::{decimal, Actions, Answer, ChainError, Network};
use sdp_types::board::FeedId;
use sdp_types::market::MAX_BATCH;
use sdp_types::oracle::{self, BoardResponse};
use sdp_types::pool::Ceilinged;
use sdp_types::units::{Price, Usd};

use crate::failure::Failure;
use crate::provide::{number, usd};
use crate::session::{Sender, Session};

#[derive(Subcommand)]
pub enum Command {
    /// Settle a perpetual's oldest orders that are due.
    Settle {
        /// Name of the perpetual, or symbol of its feed.
        perp: String,
        #[command(flatten)]
        sender: Sender,
        /// At most so many.
        #[arg(long, default_value_t = MAX_BATCH)]
        limit: u32,
    },
    /// Liquidate traders or a provider's position.
    #[command(subcommand)]
    Liquidate(Liquidate),
    /// Buy collateral of an auction.
    Take {
        /// Number of the auction.
        auction: u64,
        /// Most to buy, whole tokens.
        amount: String,
        /// Highest price, USD for a whole token.
        #[arg(long, value_parser = number::<Price>)]
        max_price: Price,
        /// sdUSD to send along, USD; all that the sender has by default. What is not needed comes back.
        #[arg(long, value_name = "USD")]
        pay: Option<String>,
        #[command(flatten)]
        sender: Sender,
    },
    /// Start an auction again that has run too long or fallen too far.
    Redo {
        /// Number of the auction.
        auction: u64,
        #[command(flatten)]
        sender: Sender,
    },
    /// Ask the sources of pulled feeds for their prices: all that there are, in the order of their numbers, unless some are named.
    Pull {
        /// Symbols of feeds, each after those that its source names.
        feeds: Vec<String>,
        #[command(flatten)]
        sender: Sender,
    },
    /// Book what the markets owe now, and nothing else.
    Sync {
        #[command(flatten)]
        sender: Sender,
    },
    /// Move a ceiling that follows what is used to where it belongs.
    AdjustCeiling {
        /// `supply`, the name of a collateral, or the name of a market.
        of: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Move the depth of the impact towards where it belongs, by 2 % at most.
    AdjustDepth {
        #[command(flatten)]
        sender: Sender,
    },
    /// Sample funding.
    Poke {
        #[command(flatten)]
        sender: Sender,
        /// Market contract.
        #[arg(long, default_value = "market")]
        market: String,
    },
}

#[derive(Subcommand)]
pub enum Liquidate {
    /// Cut traders' accounts that are below maintenance margin back.
    Traders {
        /// Names of traders; `bob/1` is account 1 of bob.
        #[arg(required = true, value_parser = account)]
        traders: Vec<(String, u16)>,
        #[command(flatten)]
        sender: Sender,
        /// Market contract.
        #[arg(long, default_value = "market")]
        market: String,
    },
    /// Seize a provider's position below its liquidation ratio and start its auction.
    Position {
        /// Its owner.
        owner: String,
        /// Name of the collateral.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
    },
}

fn account(text: &str) -> Result<(String, u16), String> {
    match text.split_once('/') {
        None => Ok((text.to_string(), 0)),
        Some((owner, number)) => {
            let number = number.parse().map_err(|_| "expected NAME or NAME/NUMBER")?;
            Ok((owner.to_string(), number))
        }
    }
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    session.act(|chain| act(chain, command))
}

fn act(chain: &mut dyn Network, command: Command) -> Result<Answer, ChainError> {
    match command {
        Command::Settle { perp, sender, limit } => {
            let (market, perp) = chain.perp(&perp)?;
            chain.settle(&sender.from, &market, perp, limit)
        }
        Command::Liquidate(Liquidate::Traders { traders, sender, market }) => {
            let traders: Vec<_> = traders.iter().map(|(owner, number)| (owner.as_str(), *number)).collect();
            chain.liquidate_accounts(&sender.from, &market, &traders)
        }
        Command::Liquidate(Liquidate::Position { owner, collateral, sender }) => {
            chain.liquidate_position(&sender.from, &collateral, &owner)
        }
        Command::Take { auction, amount, max_price, pay, sender } => {
            let take = take(chain, auction, &amount, max_price, pay.as_deref(), &sender.from)?;
            chain.take(&sender.from, &take)
        }
        Command::Redo { auction, sender } => chain.redo(&sender.from, auction),
        Command::Pull { feeds, sender } => {
            let feeds = pulled(chain, &feeds)?;
            chain.pull(&sender.from, &feeds)
        }
        Command::Sync { sender } => chain.sync(&sender.from),
        Command::AdjustCeiling { of, sender } => {
            let of = ceilinged(chain, &of)?;
            chain.adjust_ceiling(&sender.from, &of)
        }
        Command::AdjustDepth { sender } => chain.adjust_depth(&sender.from),
        Command::Poke { sender, market } => chain.poke(&sender.from, &market),
    }
}

/// Numbers of feeds by their symbols as the oracle has them, or of all that are pulled.
fn pulled(chain: &dyn Network, symbols: &[String]) -> Result<Vec<FeedId>, ChainError> {
    let board: BoardResponse = chain.query("oracle", &oracle::QueryMsg::Board {})?;
    let number = |symbol: &String| {
        let found = board.prices.iter().find(|entry| entry.symbol == *symbol).map(|entry| entry.feed);
        found.ok_or_else(|| ChainError::setup(format!("no feed `{symbol}`")))
    };
    match symbols {
        [] => Ok(board.prices.iter().filter(|entry| entry.pulled).map(|entry| entry.feed).collect()),
        symbols => symbols.iter().map(number).collect(),
    }
}

/// What has a ceiling by its name.
fn ceilinged(chain: &dyn Network, name: &str) -> Result<Ceilinged, ChainError> {
    if name == "supply" {
        return Ok(Ceilinged::Supply {});
    }
    match chain.vault(name) {
        Ok(vault) => Ok(Ceilinged::Vault(vault)),
        Err(_) => Ok(Ceilinged::Market(chain.contract(name)?.into_string())),
    }
}

fn take(
    chain: &dyn Network,
    auction: u64,
    amount: &str,
    max_price: Price,
    pay: Option<&str>,
    payer: &str,
) -> Result<Take, ChainError> {
    let running = chain.auctions()?;
    let running = running.iter().find(|running| running.auction == auction);
    let running = running.ok_or_else(|| ChainError::setup(format!("no auction {auction} runs")))?;
    let amount = decimal::amount(amount, running.decimals).map_err(ChainError::setup)?;
    let payment = match pay {
        Some(pay) => usd(pay)?,
        None => Usd::new(chain.balance(payer, "sdusd")?.raw()),
    };
    Ok(Take { auction, payment, amount, max_price, recipient: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_a_name_with_or_without_a_number() {
        assert_eq!(account("bob"), Ok(("bob".into(), 0)));
        assert_eq!(account("bob/7"), Ok(("bob".into(), 7)));
        assert!(account("bob/x").is_err() && account("bob/70000").is_err());
    }
}
