//! The example of a market that anyone may open: contracts on whether a price is above a level at a time.

use clap::{Subcommand, ValueEnum};
use sdp_network::{Bonding, Network};
use sdp_types::event::{EventQuote, ExecuteMsg, Outcome, Side, StateResponse};
use sdp_types::units::Ratio;

use crate::failure::Failure;
use crate::output::{self, dollars, moment, percent, price};
use crate::provide::{number, usd};
use crate::session::{Sender, Session};
use crate::show::put;

#[derive(Clone, Copy, ValueEnum)]
pub enum Of {
    /// The price will be above.
    Yes,
    /// It will not.
    No,
}

#[derive(Subcommand)]
pub enum Command {
    /// Buy contracts that pay 1 USD each where their side is right.
    Buy {
        /// Name or address of the market.
        market: String,
        /// Which.
        side: Of,
        /// USD.
        amount: String,
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
    /// Be paid what the sender's contracts are worth.
    Redeem {
        /// Name or address of the market.
        market: String,
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
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    if let Command::Show { market } = &command {
        let mut open = session.open()?;
        let chain: &dyn Network = open.network();
        let state = chain.event_state(market)?;
        return put(session, &state, || shown(chain, &state));
    }
    session.act(|chain| match command {
        Command::Buy { market, side, amount, sender } => {
            let side = match side {
                Of::Yes => Side::Yes,
                Of::No => Side::No,
            };
            chain.buy_event(&sender.from, &market, side, usd(&amount)?)
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
        Command::Redeem { market, accept_haircut, sender } => {
            chain.redeem_event(&sender.from, &market, accept_haircut)
        }
        Command::PayIn { market, sender } => chain.tell_event(&sender.from, &market, &ExecuteMsg::PayIn {}),
        Command::Show { market: _ } => Ok(Default::default()),
    })
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
