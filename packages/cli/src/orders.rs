//! Orders that wait for a price, and those who commit them.

use clap::{Args, Subcommand, ValueEnum};
use sdp_network::{Actions, Answer, Bracket, ChainError, Conditionals, Network};
use sdp_types::orders::{Entry, Exit, Kind, NewOrder, OrderResponse, PreviewResponse, Stage, MAX_BATCH};
use sdp_types::units::{Price, Size};

use crate::failure::Failure;
use crate::output::{self, dollars, moment, price, Format};
use crate::provide::{number, usd};
use crate::session::{Sender, Session};

/// What an order waits for.
#[derive(Clone, Copy, ValueEnum)]
pub enum When {
    /// The price or a better one, which is the worst of the fill, too.
    Limit,
    /// The price or a worse one.
    Stop,
    /// The price or a better one.
    TakeProfit,
}

impl When {
    fn kind(self, trigger: Price, limit_price: Option<Price>) -> Kind {
        match self {
            Self::Limit => Kind::Limit { price: trigger },
            Self::Stop => Kind::Stop { trigger, limit_price },
            Self::TakeProfit => Kind::TakeProfit { trigger, limit_price },
        }
    }
}

#[derive(Args)]
pub struct Terms {
    /// Number of the account.
    #[arg(long, default_value_t = 0)]
    account: u16,
    /// USD for whoever commits it; the least by default.
    #[arg(long, value_name = "USD")]
    fee: Option<String>,
    /// Waits so many seconds; as long as it may by default.
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
}

#[derive(Args)]
pub struct One {
    /// Name of the perpetual, or symbol of its feed.
    perp: String,
    /// Whole units: positive buys, negative sells.
    #[arg(allow_hyphen_values = true, value_parser = number::<Size>)]
    size: Size,
    /// What it waits for.
    kind: When,
    /// The price of the index that it waits for.
    #[arg(value_parser = number::<Price>)]
    at: Price,
    /// Worst price of the fill, of a stop or a take-profit.
    #[arg(long, value_name = "PRICE", value_parser = number::<Price>)]
    limit: Option<Price>,
    /// Only what reduces the position.
    #[arg(long)]
    reduce_only: bool,
    #[command(flatten)]
    terms: Terms,
}

#[derive(Args)]
pub struct Which {
    /// Market contract.
    #[arg(long, default_value = "market")]
    market: String,
}

#[derive(Subcommand)]
pub enum Command {
    /// Place an order, and let the contract trade the account where it may not yet.
    Place {
        #[command(flatten)]
        order: One,
        #[command(flatten)]
        sender: Sender,
    },
    /// Place a stop and a target for a position, of which one cancels the other.
    Protect {
        /// Name of the perpetual, or symbol of its feed.
        perp: String,
        /// Whole units that both close: negative for a long position.
        #[arg(allow_hyphen_values = true, value_parser = number::<Size>)]
        size: Size,
        /// Closes it at a loss.
        #[arg(long, value_name = "PRICE", value_parser = number::<Price>)]
        stop: Price,
        /// Closes it at a gain.
        #[arg(long, value_name = "PRICE", value_parser = number::<Price>)]
        target: Price,
        #[command(flatten)]
        terms: Terms,
        #[command(flatten)]
        sender: Sender,
    },
    /// Place an entry with a stop and a target that close what it opens.
    Bracket {
        /// Name of the perpetual, or symbol of its feed.
        perp: String,
        /// Whole units: positive buys, negative sells.
        #[arg(allow_hyphen_values = true, value_parser = number::<Size>)]
        size: Size,
        /// Closes it at a loss.
        #[arg(long, value_name = "PRICE", value_parser = number::<Price>)]
        stop: Price,
        /// Closes it at a gain.
        #[arg(long, value_name = "PRICE", value_parser = number::<Price>)]
        target: Price,
        /// What the entry waits for; it is committed now where this is left out.
        #[arg(long, value_name = "KIND", requires = "at")]
        entry: Option<When>,
        /// The price of the index that the entry waits for.
        #[arg(long, value_name = "PRICE", value_parser = number::<Price>, requires = "entry")]
        at: Option<Price>,
        /// Worst price of the entry's fill.
        #[arg(long, value_name = "PRICE", value_parser = number::<Price>)]
        limit: Option<Price>,
        /// The entry waits so many seconds; as long as the exits by default.
        #[arg(long, value_name = "SECONDS")]
        entry_seconds: Option<u64>,
        #[command(flatten)]
        terms: Terms,
        #[command(flatten)]
        sender: Sender,
    },
    /// Take orders back; with an entry its exits.
    Cancel {
        /// Their numbers.
        #[arg(required = true)]
        ids: Vec<u64>,
        #[command(flatten)]
        sender: Sender,
        #[command(flatten)]
        which: Which,
    },
    /// Commit orders that are due, for their fees.
    Arm {
        /// Their numbers.
        #[arg(required_unless_present = "due", conflicts_with = "due")]
        ids: Vec<u64>,
        /// All that are due, up to a hundred.
        #[arg(long)]
        due: bool,
        #[command(flatten)]
        sender: Sender,
        #[command(flatten)]
        which: Which,
    },
    /// Note what has become of orders.
    Sweep {
        /// Their numbers.
        #[arg(required = true)]
        ids: Vec<u64>,
        #[command(flatten)]
        sender: Sender,
        #[command(flatten)]
        which: Which,
    },
    /// Put sdUSD into a jar, which fees are paid out of.
    Deposit {
        /// USD.
        amount: String,
        #[command(flatten)]
        sender: Sender,
        #[command(flatten)]
        which: Which,
        /// Whose jar; the sender's by default.
        #[arg(long, value_name = "NAME")]
        beneficiary: Option<String>,
    },
    /// Take sdUSD out of the sender's jar.
    Withdraw {
        /// USD.
        amount: String,
        #[command(flatten)]
        sender: Sender,
        #[command(flatten)]
        which: Which,
    },
    /// Show an account's orders and its owner's jar.
    List {
        /// Owner of the account.
        owner: String,
        /// Number of the account.
        #[arg(long, default_value_t = 0)]
        account: u16,
        #[command(flatten)]
        which: Which,
    },
    /// Show whether an order could be placed, would be due, and would be taken by the market, and what it costs.
    Preview {
        /// Owner of the account.
        owner: String,
        #[command(flatten)]
        order: One,
    },
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    match command {
        Command::List { owner, account, which } => {
            let mut open = session.open()?;
            let chain = &*open.network();
            let orders = chain.conditionals_of(&owner, &which.market, account)?;
            let jar = chain.jar(&owner, &which.market)?;
            match session.format() {
                Format::Json => say!("{}", serde_json::json!({ "orders": orders, "jar": jar })),
                Format::Table => {
                    list(chain, &which.market, &orders);
                    output::fields([("jar".to_string(), dollars(jar))]);
                }
            }
            Ok(())
        }
        Command::Preview { owner, order } => {
            let mut open = session.open()?;
            let chain = &*open.network();
            let (market, account) = (chain.perp(&order.perp)?.0, order.terms.account);
            let order = order.read(chain)?;
            let preview = chain.preview_order(&owner, &market, account, order)?;
            match session.format() {
                Format::Json => say!("{}", serde_json::json!(preview)),
                Format::Table => shown(&preview),
            }
            Ok(())
        }
        command => session.act(|chain| act(chain, command)),
    }
}

fn act(chain: &mut dyn Network, command: Command) -> Result<Answer, ChainError> {
    match command {
        Command::Place { order, sender } => {
            let (market, account) = (chain.perp(&order.perp)?.0, order.terms.account);
            let order = order.read(chain)?;
            chain.place_orders(&sender.from, &market, account, vec![order], false)
        }
        Command::Protect { perp, size, stop, target, terms, sender } => {
            let (market, account) = (chain.perp(&perp)?.0, terms.account);
            let stop = Kind::Stop { trigger: stop, limit_price: None };
            let target = Kind::TakeProfit { trigger: target, limit_price: None };
            let orders: Result<Vec<_>, _> = [stop, target]
                .into_iter()
                .map(|kind| {
                    Ok::<_, ChainError>(NewOrder {
                        reduce_only: true,
                        ..terms.order(chain, &perp, size, kind)?
                    })
                })
                .collect();
            chain.place_orders(&sender.from, &market, account, orders?, true)
        }
        Command::Bracket { perp, size, stop, target, entry, at, limit, entry_seconds, terms, sender } => {
            let market = chain.perp(&perp)?.0;
            let entry = match entry.zip(at) {
                Some((kind, at)) => Entry::Waits(kind.kind(at, limit)),
                None => Entry::Market { limit_price: limit },
            };
            let exit = |trigger| Exit { trigger, limit_price: None };
            let now = chain.now()?;
            let NewOrder { perp, good_till, keeper_fee, .. } =
                terms.order(chain, &perp, size, Kind::Limit { price: stop })?;
            let bracket = Bracket {
                account: terms.account,
                perp,
                size,
                entry,
                stop: exit(stop),
                target: exit(target),
                entry_good_till: entry_seconds.map(|seconds| now.saturating_add(seconds)),
                good_till,
                keeper_fee,
            };
            chain.place_bracket(&sender.from, &market, bracket)
        }
        Command::Cancel { ids, sender, which } => chain.cancel_orders(&sender.from, &which.market, &ids),
        Command::Arm { ids, due, sender, which } => {
            let mut ids = if due { chain.due_orders(&which.market)? } else { ids };
            if ids.is_empty() {
                return Err(ChainError::setup("no order is due"));
            }
            ids.truncate(MAX_BATCH);
            chain.arm_orders(&sender.from, &which.market, &ids)
        }
        Command::Sweep { ids, sender, which } => chain.sweep_orders(&sender.from, &which.market, &ids),
        Command::Deposit { amount, sender, which, beneficiary } => {
            chain.fill_jar(&sender.from, &which.market, usd(&amount)?, beneficiary.as_deref())
        }
        Command::Withdraw { amount, sender, which } => {
            chain.draw_jar(&sender.from, &which.market, usd(&amount)?)
        }
        Command::List { .. } | Command::Preview { .. } => Ok(Answer::default()),
    }
}

impl One {
    fn read(&self, chain: &dyn Network) -> Result<NewOrder, ChainError> {
        let kind = self.kind.kind(self.at, self.limit);
        if self.limit.is_some() && matches!(self.kind, When::Limit) {
            return Err(ChainError::setup("a limit order's price is its worst price: leave out --limit"));
        }
        let order = self.terms.order(chain, &self.perp, self.size, kind)?;
        Ok(NewOrder { reduce_only: self.reduce_only, ..order })
    }
}

impl Terms {
    fn order(&self, chain: &dyn Network, perp: &str, size: Size, kind: Kind) -> Result<NewOrder, ChainError> {
        let (market, perp) = chain.perp(perp)?;
        let keeper_fee = match &self.fee {
            Some(fee) => usd(fee)?,
            None => chain.orders_config(&market)?.params.least_fee,
        };
        let now = chain.now()?;
        let good_till = self.seconds.map(|seconds| now.saturating_add(seconds));
        Ok(NewOrder { perp, size, kind, reduce_only: false, good_till, keeper_fee })
    }
}

/// An account's orders.
fn list(chain: &dyn Network, market: &str, orders: &[OrderResponse]) {
    let perps = chain.manifest().market(market).map(|entry| entry.perps.clone()).unwrap_or_default();
    let rows = orders.iter().map(|order| {
        let name = perps.get(usize::from(order.perp)).map(|perp| perp.name.clone()).unwrap_or_default();
        let (kind, trigger) = match &order.kind {
            Some(kind) => (kind.name(), price(kind.trigger())),
            None => ("market", String::new()),
        };
        let limit = order.kind.and_then(|kind| kind.limit_price());
        let stage = match order.stage {
            Stage::Sleeping => format!("until {} fills", order.entry.unwrap_or_default()),
            Stage::Waiting if order.commits > 0 => format!("waits, {} in vain", order.commits),
            Stage::Waiting => "waits".into(),
            Stage::Committed(number) => format!("committed as {number}"),
        };
        let linked: Vec<_> = order.linked.iter().map(ToString::to_string).collect();
        vec![
            order.id.to_string(),
            name,
            format!("{}{}", order.size, if order.reduce_only { ", reduces" } else { "" }),
            kind.into(),
            trigger,
            limit.map_or("–".into(), price),
            stage,
            linked.join(", "),
            moment(order.good_till),
            dollars(order.keeper_fee),
        ]
    });
    let header = ["order", "perpetual", "size", "kind", "at", "worst price", "now", "linked", "until", "fee"];
    output::table(&header, rows);
}

fn shown(preview: &PreviewResponse) {
    let row = |name: &str, value: String| (name.to_string(), value);
    let or = |reason: &Option<String>, well: &str| reason.clone().unwrap_or_else(|| well.into());
    output::fields([
        row("placed", or(&preview.not_placed, "yes")),
        row("index", price(preview.index)),
        row("due", or(&preview.not_due, "yes")),
        row("market", or(&preview.refused, "would take it")),
        row("locked until it fills", dollars(preview.locked)),
        row(
            "fee",
            format!(
                "{}, {} where it is refused; paid {} times at most",
                dollars(preview.keeper_fee),
                dollars(preview.refusal_fee),
                preview.most_commits
            ),
        ),
        row("fees", format!("{} to {}", dollars(preview.least_fee), dollars(preview.most_fee))),
    ]);
}
