//! Markets that anyone may open, and how they are shown.

use clap::Subcommand;
use sdp_network::{Bonding, Network};
use sdp_types::bonded::{BondedResponse, CheckResponse, TotalsResponse};
use sdp_types::Usd;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{self, dollars, moment, signed};
use crate::provide::usd;
use crate::session::{Sender, Session};
use crate::show::put;

#[derive(Subcommand)]
pub enum Command {
    /// Open a market with a bond of the sender's sdUSD, which bears its losses first.
    Open {
        /// Name or address of the market contract.
        market: String,
        /// USD.
        bond: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Add the sender's sdUSD to a market's bond.
    TopUp {
        /// Name or address of the market.
        market: String,
        /// USD.
        amount: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Pay the sender's sdUSD in for a market: its profit, or what it drew.
    PayIn {
        /// Name or address of the market.
        market: String,
        /// USD.
        amount: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Compare what a market pushed with what it shows, and value it again.
    Mark {
        /// Name or address of the market.
        market: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Close a market that owes nothing; after its delay once more, and the opener has what is left of the bond.
    Close {
        /// Name or address of the market.
        market: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Ask for a market to be listed by the pool itself, with a credit line of its own. The pool's owner; after the delay `graduate --enact` does it.
    Approve {
        /// Name or address of the market.
        market: String,
        /// Its credit line, USD.
        line: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// The pool lists the market by itself: give its opener back what is left of the bond.
    Graduate {
        /// Name or address of the market.
        market: String,
        /// Number of the pool's change that lists it: enacted in the same transaction.
        #[arg(long, value_name = "CHANGE")]
        enact: Option<u64>,
        #[command(flatten)]
        sender: Sender,
    },
    /// Believe nothing of a market any more. Guardian or owner.
    Quarantine {
        /// Name or address of the market.
        market: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// Say what a market in quarantine is owed. Owner.
    Resolve {
        /// Name or address of the market.
        market: String,
        /// USD.
        claim: String,
        #[command(flatten)]
        sender: Sender,
    },
    /// All bonded markets, or one of them.
    Show {
        /// Name or address of a market.
        market: Option<String>,
    },
    /// What a contract shows under its exposure key, and what the desk would say of it. Bonded or not; exit code 1 where it is not good.
    Check {
        /// Name or address of the contract.
        market: String,
    },
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    match command {
        Command::Show { market } => show(session, market.as_deref()),
        Command::Check { market } => check(session, &market),
        command => session.act(|chain| match command {
            Command::Open { market, bond, sender } => chain.bond_market(&sender.from, &market, usd(&bond)?),
            Command::TopUp { market, amount, sender } => {
                chain.top_up_bond(&sender.from, &market, usd(&amount)?)
            }
            Command::PayIn { market, amount, sender } => {
                chain.pay_in_for(&sender.from, &market, usd(&amount)?)
            }
            Command::Close { market, sender } => chain.close_market(&sender.from, &market),
            Command::Approve { market, line, sender } => {
                chain.approve_market(&sender.from, &market, usd(&line)?)
            }
            Command::Graduate { market, enact, sender } => {
                chain.graduate_market(&sender.from, &market, enact)
            }
            Command::Quarantine { market, sender } => chain.quarantine_market(&sender.from, &market),
            Command::Resolve { market, claim, sender } => {
                chain.resolve_market(&sender.from, &market, usd(&claim)?)
            }
            Command::Mark { market, sender } => chain.mark_market(&sender.from, &market),
            Command::Show { market: _ } | Command::Check { market: _ } => Ok(Default::default()),
        }),
    }
}

/// All of it.
#[derive(Serialize)]
struct Shown {
    totals: TotalsResponse,
    markets: Vec<BondedResponse>,
}

fn show(session: &Session, market: Option<&str>) -> Result<(), Failure> {
    let mut open = session.open()?;
    let chain: &dyn Network = open.network();
    let markets = match market {
        Some(market) => vec![chain.bonded_market(market)?],
        None => chain.bonded_markets()?,
    };
    let shown = Shown { totals: chain.bonded_totals()?, markets };
    put(session, &shown, || table(chain, &shown))
}

fn table(chain: &dyn Network, shown: &Shown) {
    let row = |name: &str, value: String| (name.to_string(), value);
    let TotalsResponse { held, credit, cap, used, results, .. } = &shown.totals;
    output::fields([
        row("sdUSD held", dollars(*held)),
        row("credit", format!("{} of {}", dollars(*credit), dollars(*cap))),
        row("cost to the providers", signed(*used)),
        row("… of markets that are over", signed(*results)),
    ]);
    let name = |address: &str| {
        let known = chain.names().contracts().iter().find(|(_, known)| known.as_str() == address);
        known.map_or_else(|| address.to_string(), |(name, _)| name.clone())
    };
    let rows = shown.markets.iter().map(|market| {
        let standing = match (&market.quarantine, market.closing) {
            (Some(quarantine), _) if quarantine.resolved.is_some() => "resolved".into(),
            (Some(quarantine), _) => format!("quarantine {}", quarantine.code),
            (None, Some(since)) => format!("closes since {}", moment(since)),
            (None, None) => format!("pushed {}", moment(market.pushed_at)),
        };
        let announced = market.announced.as_ref();
        let announced = announced.map_or("–".into(), |announced| {
            format!("{} from {}", dollars(announced.amount), moment(announced.from))
        });
        vec![
            name(&market.market),
            dollars(market.bond),
            dollars(market.credit),
            dollars(market.claim),
            signed(market.cost),
            dollars(market.refund),
            announced,
            standing,
        ]
    });
    say!("");
    output::table(&["market", "bond", "credit", "claim", "cost", "refund", "announced", "stands"], rows);
}

fn check(session: &Session, market: &str) -> Result<(), Failure> {
    let mut open = session.open()?;
    let chain: &dyn Network = open.network();
    let found = chain.check_market(market)?;
    put(session, &found, || checked(&found))?;
    match complaint(&found) {
        None => Ok(()),
        Some(text) => {
            let code = sdp_types::Error::code_in(&text).map(String::from);
            Err(Failure::Refused { code, text })
        }
    }
}

/// What is not good of it.
fn complaint(found: &CheckResponse) -> Option<String> {
    match (&found.refuses, found.as_pushed) {
        (Some(refuses), _) => Some(refuses.clone()),
        (None, Some(false)) => Some("it shows something else than it pushed".into()),
        _ => None,
    }
}

fn checked(found: &CheckResponse) {
    let row = |name: &str, value: String| (name.to_string(), value);
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_string();
    let mut rows = vec![
        row("listed by the pool", yes(found.listed)),
        row("bytes under its key", format!("{}, {} of them its record", found.bytes, found.record_bytes)),
        row(
            "what it pushed",
            found.as_pushed.map_or("nothing, or it is not bonded".into(), |same| {
                if same { "what it shows" } else { "something else" }.into()
            }),
        ),
        row("owes", found.claim.map_or("can't be said".into(), dollars)),
        row("a push of it", found.refuses.clone().unwrap_or_else(|| "is good".into())),
    ];
    if let Some(record) = &found.record {
        rows.push(row("written", moment(record.as_of)));
        rows.push(row("drawn, fees, shortfalls", {
            let counters: [Usd; 3] = [record.drawn, record.fees, record.shortfalls];
            counters.map(dollars).join(", ")
        }));
        let feeds = record.open().count();
        rows.push(row("feeds, open positions", format!("{feeds}, {}", record.open_positions)));
    }
    output::fields(rows);
}
