//! The example of a market that anyone may open: contracts on whether a price is above a level at a time.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use sdp_network::manifest::EventMarket;
use sdp_network::{Bonding, Network};
use sdp_types::event::{EventQuote, ExecuteMsg, HolderResponse, Outcome, Side, StateResponse};
use sdp_types::units::{Price, Ratio};
use serde_json::json;

use crate::failure::Failure;
use crate::output::{self, dollars, moment, percent, price, Format};
use crate::provide::{number, usd};
use crate::session::{Sender, Session};
use crate::setup::seconds;
use crate::show::put;

#[derive(Clone, Copy, ValueEnum)]
pub enum Of {
    /// The price will be above.
    Yes,
    /// It will not.
    No,
}

/// What a new market is about.
#[derive(Args)]
pub struct New {
    /// What it is called here. Others call it by its address, which is printed.
    name: String,
    /// Symbol of the feed whose price it is about.
    #[arg(long)]
    feed: String,
    /// Yes is right where the price is above this.
    #[arg(long, value_parser = number::<Price>)]
    strike: Price,
    /// It is decided so long after it was made: 90s, 12h, 30d.
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    lasts: u64,
    /// For so long after that the board's price decides where the interval had none; then everybody is refunded.
    #[arg(long, value_name = "TIME", value_parser = seconds, default_value = "1d")]
    window: u64,
    /// Between 0 and 1.
    #[arg(long, value_parser = number::<Ratio>, default_value = "0.5")]
    yes_price: Ratio,
    /// On top of either side's price.
    #[arg(long, value_parser = number::<Ratio>, default_value = "0.02")]
    spread: Ratio,
    /// On a real chain: directory of the contracts' builds.
    #[arg(long, value_name = "DIR", default_value = "target/wasm")]
    wasm: PathBuf,
    #[command(flatten)]
    sender: Sender,
}

#[derive(Subcommand)]
pub enum Command {
    /// Make a market of one's own, of which the sender is the author. `bonded open` puts it before the pool.
    New(New),
    /// Buy contracts that pay 1 USD each where their side is right.
    Buy {
        /// Name or address of the market.
        market: String,
        /// Which.
        side: Of,
        /// USD.
        amount: String,
        /// Refuse to get fewer contracts than this.
        #[arg(long, value_name = "CONTRACTS")]
        least: Option<String>,
        #[command(flatten)]
        sender: Sender,
    },
    /// Quote other prices. The author.
    Quote {
        /// Name or address of the market.
        market: String,
        /// Between 0 and 1.
        #[arg(value_parser = number::<Ratio>)]
        yes_price: Ratio,
        /// On top of either side's price.
        #[arg(value_parser = number::<Ratio>)]
        spread: Ratio,
        #[command(flatten)]
        sender: Sender,
    },
    /// Push the market's record again.
    Publish {
        /// Name or address of the market.
        market: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Announce what is owed beyond what is held.
    Announce {
        /// Name or address of the market.
        market: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Say how it ended.
    Resolve {
        /// Name or address of the market.
        market: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Be paid what contracts are worth, as far as that can be paid now.
    Redeem {
        /// Name or address of the market.
        market: String,
        /// Whose contracts they are, and who is paid; the sender by default.
        #[arg(long = "for", value_name = "NAME", conflicts_with = "accept_haircut")]
        owner: Option<String>,
        /// The largest part of what is drawn that may be kept for bad debt.
        #[arg(long, value_name = "PART", value_parser = number::<Ratio>)]
        accept_haircut: Option<Ratio>,
        #[command(flatten)]
        sender: Sender,
    },
    /// What nobody is owed goes to the desk.
    PayIn {
        /// Name or address of the market.
        market: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// How it stands.
    Show {
        /// Name or address of the market.
        market: String,
    },
    /// Who has contracts: whom `redeem --for` pays.
    Holders {
        /// Name or address of the market.
        market: String,
    },
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    if let Command::Show { market } = &command {
        let mut open = session.open()?;
        let chain: &dyn Network = open.network();
        let state = chain.event_state(market)?;
        return put(session, &state, || shown(chain, &state));
    }
    if let Command::Holders { market } = &command {
        let mut open = session.open()?;
        let chain: &dyn Network = open.network();
        let holders = chain.event_holders(market)?;
        return put(session, &holders, || list(chain, &holders));
    }
    let command = match command {
        Command::New(new) => return make(session, new),
        command => command,
    };
    session.act(|chain| match command {
        Command::Buy { market, side, amount, least, sender } => {
            let side = match side {
                Of::Yes => Side::Yes,
                Of::No => Side::No,
            };
            let least = least.as_deref().map(usd).transpose()?;
            chain.buy_event_for(&sender.from, &market, side, usd(&amount)?, least)
        }
        Command::Quote { market, yes_price, spread, sender } => {
            let quote = EventQuote { yes_price, spread };
            chain.tell_event(&sender.from, &market, &ExecuteMsg::Quote { quote })
        }
        Command::Publish { market, sender } => {
            chain.tell_event(&sender.from, &market, &ExecuteMsg::Publish {})
        }
        Command::Announce { market, sender } => {
            chain.tell_event(&sender.from, &market, &ExecuteMsg::Announce {})
        }
        Command::Resolve { market, sender } => {
            chain.tell_event(&sender.from, &market, &ExecuteMsg::Resolve {})
        }
        Command::Redeem { market, owner, accept_haircut, sender } => match owner {
            Some(owner) => chain.redeem_event_for(&sender.from, &market, &owner),
            None => chain.redeem_event(&sender.from, &market, accept_haircut),
        },
        Command::PayIn { market, sender } => chain.tell_event(&sender.from, &market, &ExecuteMsg::PayIn {}),
        Command::New(_) | Command::Show { .. } | Command::Holders { .. } => Ok(Default::default()),
    })
}

/// Makes a market, keeps its name, and prints its address.
fn make(session: &Session, new: New) -> Result<(), Failure> {
    let New { name, feed, strike, lasts, window, yes_price, spread, wasm, sender } = new;
    let author = sender.from;
    let event = EventMarket { name, author, feed, strike, lasts, window, yes_price, spread };
    let mut open = session.open_with(&wasm)?;
    let (address, answer) = open.network().make_event(&event.author, &event)?;
    session.keep(&open)?;
    session.keep_contract(&event.name, &address)?;
    match session.format() {
        Format::Json => {
            let gas = answer.gas_used;
            say!(
                "{}",
                json!({ "market": event.name, "address": address, "height": answer.height, "gas_used": gas, "hash": answer.hash })
            );
        }
        Format::Table => output::fields([(event.name, address.into_string())]),
    }
    Ok(())
}

fn list(chain: &dyn Network, holders: &[HolderResponse]) {
    let rows = holders.iter().map(|holder| {
        vec![
            chain.name_of(&holder.owner).unwrap_or(&holder.owner).to_string(),
            dollars(holder.yes),
            dollars(holder.no),
            dollars(holder.cost),
        ]
    });
    output::table(&["holder", "yes", "no", "paid for them"], rows);
}

fn shown(chain: &dyn Network, state: &StateResponse) {
    let row = |name: &str, value: String| (name.to_string(), value);
    let feed = chain.manifest().feeds.get(usize::from(state.terms.feed));
    let symbol = feed.map_or("?", |feed| feed.symbol.as_str());
    let outcome = match state.outcome {
        None => format!("decided {}", moment(state.ends_at)),
        Some(Outcome::Yes) => "yes".into(),
        Some(Outcome::No) => "no".into(),
        Some(Outcome::Refunded) => "refunded".into(),
    };
    let EventQuote { yes_price, spread } = state.quote;
    output::fields([
        row("is", format!("{symbol} above {}", price(state.terms.strike))),
        row("outcome", outcome),
        row("yes at, spread", format!("{}, {}", percent(Some(yes_price)), percent(Some(spread)))),
        row("yes, no", format!("{}, {}", dollars(state.yes), dollars(state.no))),
        row("paid for them", dollars(state.cost)),
        row("held", dollars(state.held)),
        row("owed at most", dollars(state.owed)),
    ]);
}
