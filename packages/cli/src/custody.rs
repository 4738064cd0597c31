//! Margin in tokens: brought, taken out, and sold where an account owes more than it counts for.

use clap::Subcommand;
use sdp_network::{decimal, Actions, ChainError, Network, TakeTokens, TokenMargin};
use sdp_types::custody::{BackedAccountResponse, HoldingResponse, SaleResponse, TokenResponse};
use sdp_types::units::{Price, Usd};

use crate::failure::Failure;
use crate::output::{self, dollars, percent, price, short, signed};
use crate::provide::{number, tokens, usd};
use crate::session::{Sender, Session};
use crate::show::name;

/// Whose account.
#[derive(clap::Args)]
pub struct Of {
    /// Name of its owner.
    owner: String,
    /// Number of the account.
    #[arg(long, default_value_t = 0)]
    account: u16,
}

#[derive(Subcommand)]
pub enum Command {
    /// Bring tokens as margin.
    Deposit {
        /// Whole tokens.
        amount: String,
        /// Name of the collateral.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
        /// Number of the account.
        #[arg(long, default_value_t = 0)]
        account: u16,
        /// Whose account it is for; the sender's by default.
        #[arg(long, value_name = "NAME")]
        beneficiary: Option<String>,
    },
    /// Take tokens out of the sender's account.
    Withdraw {
        /// Whole tokens.
        amount: String,
        /// Name of the collateral.
        collateral: String,
        #[command(flatten)]
        sender: Sender,
        /// Number of the account.
        #[arg(long, default_value_t = 0)]
        account: u16,
        /// Who gets them; the sender by default.
        #[arg(long, value_name = "NAME")]
        to: Option<String>,
    },
    /// Start to sell the tokens of an account that owes more than they count for.
    Sell {
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        sender: Sender,
    },
    /// Start a sale again that is too old or has fallen too far.
    Redo {
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        sender: Sender,
    },
    /// End a sale of an account that is sound again.
    Stop {
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        sender: Sender,
    },
    /// Buy tokens of a sale with sdUSD.
    Take {
        #[command(flatten)]
        of: Of,
        /// Whole tokens, at most.
        amount: String,
        #[command(flatten)]
        sender: Sender,
        /// Highest price, USD per whole token.
        #[arg(long, value_name = "USD", value_parser = number::<Price>)]
        max_price: Price,
        /// sdUSD to send; what is not needed comes back. All by default.
        #[arg(long, value_name = "USD")]
        pay: Option<String>,
    },
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    session.act(|chain| match command {
        Command::Deposit { amount, collateral, sender, account, beneficiary } => {
            let amount = tokens(chain, &amount, &collateral)?;
            chain.deposit_token_margin(&sender.from, &collateral, account, amount, beneficiary.as_deref())
        }
        Command::Withdraw { amount, collateral, sender, account, to } => {
            let amount = tokens(chain, &amount, &collateral)?;
            chain.withdraw_token_margin(&sender.from, &collateral, account, amount, to.as_deref())
        }
        Command::Sell { of, sender } => chain.sell_tokens(&sender.from, &of.owner, of.account),
        Command::Redo { of, sender } => chain.redo_token_sale(&sender.from, &of.owner, of.account),
        Command::Stop { of, sender } => chain.stop_token_sale(&sender.from, &of.owner, of.account),
        Command::Take { of, amount, sender, max_price, pay } => {
            let address = chain.address(&of.owner)?;
            let sales = chain.token_sales()?;
            let runs = |sale: &&SaleResponse| sale.owner == address.as_str() && sale.account == of.account;
            let sale = sales.iter().find(runs);
            let sale = sale.ok_or_else(|| ChainError::setup(format!("no sale of {} runs", of.owner)))?;
            let amount = decimal::amount(&*amount, decimals(chain, sale.token)).map_err(ChainError::setup)?;
            let payment = match pay {
                Some(pay) => usd(&pay)?,
                None => Usd::new(chain.balance(&sender.from, "sdusd")?.raw()),
            };
            let (owner, account) = (of.owner.as_str(), of.account);
            let take = TakeTokens { owner, account, payment, amount, max_price, recipient: None };
            chain.take_tokens(&sender.from, &take)
        }
    })
}

/// Name and decimals of a token by its number.
fn entry(chain: &dyn Network, token: u8) -> (String, u8) {
    let manifest = chain.manifest();
    let listed = manifest.custody.as_ref().and_then(|custody| custody.tokens.get(usize::from(token)));
    let known = listed.and_then(|token| manifest.collateral(&token.collateral).ok());
    known.map_or_else(
        || (token.to_string(), 6),
        |(_, collateral)| (collateral.name.clone(), collateral.decimals),
    )
}

fn decimals(chain: &dyn Network, token: u8) -> u8 {
    entry(chain, token).1
}

/// What backs an account.
pub fn account(chain: &dyn Network, found: &BackedAccountResponse) {
    let row = |name: &str, value: String| (name.to_string(), value);
    output::fields([
        row("margin", signed(found.margin)),
        row("tokens count for", dollars(found.counted)),
        row("… for opening", dollars(found.counted_for_opening)),
        row("equity", signed(found.equity)),
        row("free", dollars(found.free)),
        row("sold", found.not_sold.clone().unwrap_or_else(|| "may be now".into())),
    ]);
    if found.tokens.is_empty() {
        return;
    }
    let rows = found.tokens.iter().map(|token| {
        let (name, decimals) = entry(chain, token.token);
        vec![
            name,
            output::tokens(token.amount, decimals),
            dollars(token.value),
            percent(Some(token.haircut)),
            dollars(token.counted),
        ]
    });
    output::table(&["token", "amount", "value", "haircut", "counts for"], rows);
}

/// All tokens, who holds them, and the sales that run.
pub fn custody(
    chain: &dyn Network,
    tokens: &[TokenResponse],
    accounts: &[HoldingResponse],
    sales: &[SaleResponse],
) {
    let rows = tokens.iter().map(|token| {
        let (name, decimals) = entry(chain, token.token);
        let haircut = token.config.terms.haircut;
        vec![
            name,
            price(token.price),
            output::tokens(token.held, decimals),
            dollars(token.value),
            dollars(token.config.cap),
            format!("{} to {}", percent(Some(haircut.base)), percent(Some(haircut.maximum))),
            if token.config.terms.closing { "closes" } else { "open" }.into(),
        ]
    });
    output::table(&["token", "price", "held", "value", "cap", "haircut", "state"], rows);
    let rows = accounts.iter().map(|account| {
        let held = (0u8..).zip(&account.amounts).filter(|(_, amount)| !amount.is_zero());
        let held = held.map(|(token, amount)| {
            let (name, decimals) = entry(chain, token);
            format!("{} {name}", output::tokens(*amount, decimals))
        });
        vec![
            format!("{}/{}", name(chain, &account.owner), account.account),
            held.collect::<Vec<_>>().join(", "),
        ]
    });
    if !accounts.is_empty() {
        say!("");
        output::table(&["account", "holds"], rows);
    }
    let rows = sales.iter().map(|sale| {
        let (token, decimals) = entry(chain, sale.token);
        vec![
            format!("{}/{}", name(chain, &sale.owner), sale.account),
            format!("{} {token}", output::tokens(sale.lot, decimals)),
            dollars(sale.owed),
            dollars(sale.penalty),
            short(sale.price),
            if sale.needs_redo { "redo" } else { "runs" }.into(),
        ]
    });
    if !sales.is_empty() {
        say!("");
        output::table(&["sale of", "lot", "owes", "penalty", "price", "state"], rows);
    }
}
