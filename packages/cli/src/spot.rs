//! What holders of synthetics do, and how it is shown.

use clap::{Args, Subcommand};
use sdp_network::decimal;
use sdp_network::{Answer, ChainError, Network, Synthetics};
use sdp_types::spot::{BuyExact, ClaimResponse, SellExact, SyntheticResponse, TotalsResponse};
use sdp_types::units::{Amount, Ratio};

use crate::failure::Failure;
use crate::output::{self, dollars, tokens};
use crate::provide::{number, usd};
use crate::session::{Sender, Session};
use crate::show::{self, name};

#[derive(Subcommand)]
pub enum Command {
    /// Synthetics, who is owed what, and the sums of their books; as `show synthetics`.
    Show,
    /// Commit an order to buy; it fills at the price of the first interval after its delay, once somebody settles it.
    Buy {
        #[command(flatten)]
        of: Of,
        /// USD that is paid.
        usd: String,
        /// Whole tokens that it has to give at least.
        #[arg(long, value_name = "TOKENS", conflicts_with = "exactly")]
        least: Option<String>,
        /// Whole tokens that it buys; what they don't cost comes back.
        #[arg(long, value_name = "TOKENS")]
        exactly: Option<String>,
    },
    /// Commit an order to sell.
    Sell {
        #[command(flatten)]
        of: Of,
        /// Whole tokens that are sent.
        tokens: String,
        /// USD that they have to bring at least.
        #[arg(long, value_name = "USD", conflicts_with = "exactly")]
        least: Option<String>,
        /// USD that they bring; tokens that this does not take come back.
        #[arg(long, value_name = "USD")]
        exactly: Option<String>,
    },
    /// Take an order back before its interval begins.
    Cancel {
        #[command(flatten)]
        of: Of,
        /// Number of the order.
        order: u64,
    },
    /// Settle the oldest orders.
    Settle {
        #[command(flatten)]
        of: Of,
        /// At most so many.
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Take out what one is owed.
    Collect {
        /// USD; all by default.
        amount: Option<String>,
        #[command(flatten)]
        sender: Sender,
        /// Largest part of what is drawn from the pool that may be kept for bad debt, 0.05 for 5 %.
        #[arg(long, value_name = "PART", value_parser = number::<Ratio>)]
        accept_haircut: Option<Ratio>,
    },
    /// Turn funding into quantities.
    Poke {
        #[command(flatten)]
        sender: Sender,
    },
    /// Burn tokens that are nobody's.
    Sweep {
        #[command(flatten)]
        of: Of,
    },
    /// After a shutdown: have tokens paid what they are owed.
    Redeem {
        #[command(flatten)]
        of: Of,
        /// Whole tokens.
        tokens: String,
    },
}

/// Which synthetic, and by whom.
#[derive(Args)]
pub struct Of {
    /// Symbol of the synthetic, or of its feed.
    synthetic: String,
    #[command(flatten)]
    sender: Sender,
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    match command {
        Command::Show => show::run(session, show::Command::Synthetics),
        command => session.act(|chain| act(chain, command)),
    }
}

fn act(chain: &mut dyn Network, command: Command) -> Result<Answer, ChainError> {
    match command {
        Command::Show => Ok(Answer::default()),
        Command::Buy { of, usd: paid, least, exactly } => {
            let synthetic = chain.synthetic(&of.synthetic)?;
            let exact = match exactly {
                Some(amount) => BuyExact::Out { amount: whole(chain, &of, &amount)? },
                None => BuyExact::In { least: least.map(|least| whole(chain, &of, &least)).transpose()? },
            };
            chain.buy_synthetic(&of.sender.from, synthetic, usd(&paid)?, exact)
        }
        Command::Sell { of, tokens, least, exactly } => {
            let (synthetic, amount) = (chain.synthetic(&of.synthetic)?, whole(chain, &of, &tokens)?);
            let exact = match exactly {
                Some(wanted) => SellExact::Out { usd: usd(&wanted)? },
                None => SellExact::In { least: least.as_deref().map(usd).transpose()? },
            };
            chain.sell_synthetic(&of.sender.from, synthetic, amount, exact)
        }
        Command::Cancel { of, order } => {
            let synthetic = chain.synthetic(&of.synthetic)?;
            chain.cancel_synthetic(&of.sender.from, synthetic, order)
        }
        Command::Settle { of, limit } => {
            let synthetic = chain.synthetic(&of.synthetic)?;
            chain.settle_synthetic(&of.sender.from, synthetic, limit)
        }
        Command::Collect { amount, sender, accept_haircut } => {
            let amount = amount.as_deref().map(usd).transpose()?;
            chain.collect_synthetic(&sender.from, amount, accept_haircut)
        }
        Command::Poke { sender } => chain.poke_synthetics(&sender.from),
        Command::Sweep { of } => {
            let synthetic = chain.synthetic(&of.synthetic)?;
            chain.sweep_synthetic(&of.sender.from, synthetic)
        }
        Command::Redeem { of, tokens } => {
            let (synthetic, amount) = (chain.synthetic(&of.synthetic)?, whole(chain, &of, &tokens)?);
            chain.redeem_synthetic(&of.sender.from, synthetic, amount)
        }
    }
}

/// Whole tokens of an argument.
fn whole(chain: &dyn Network, of: &Of, text: &str) -> Result<Amount, ChainError> {
    let (_, synthetic) = chain.manifest().synthetic(&of.synthetic).map_err(ChainError::setup)?;
    decimal::amount(text, synthetic.decimals).map_err(ChainError::setup)
}

/// All synthetics, and what is owed beside them.
pub fn synthetics(
    chain: &dyn Network,
    found: &[SyntheticResponse],
    claims: &[ClaimResponse],
    totals: &TotalsResponse,
) {
    let rows = found.iter().map(|one| {
        let decimals = one.config.decimals;
        vec![
            one.config.symbol.clone(),
            tokens(one.supply, decimals),
            one.quantity.to_string(),
            one.price.to_string(),
            one.premium.to_string(),
            dollars(one.room),
            tokens(one.reserved, decimals),
            tokens(one.locked, decimals),
            one.frozen.map_or("–".into(), dollars),
        ]
    });
    let heads = [
        "synthetic",
        "tokens",
        "owed, units",
        "a token, USD",
        "premium",
        "room",
        "buys wait",
        "sales wait",
        "frozen",
    ];
    output::table(&heads, rows);
    let row = |what: &str, value: String| (what.to_string(), value);
    output::fields([
        row("held", dollars(totals.held)),
        row("  locked by buys", dollars(totals.locked)),
        row("to be collected", dollars(totals.claims)),
        row("reported", output::signed(totals.reported)),
    ]);
    let rows = claims.iter().map(|claim| vec![name(chain, &claim.owner), dollars(claim.amount)]);
    output::table(&["who", "can collect"], rows);
}
