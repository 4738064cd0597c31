//! `sdp keeper`: a keeper that runs until it is told to stop.

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::Duration;

use clap::Subcommand;
use sdp_keeper::{Config, Journal, Keeper, Kind, Tally};
use sdp_types::Ratio;
use serde_json::json;
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;
use crate::output::{self, grouped, Format};
use crate::provide::{number, usd};
use crate::session::{Sender, Session};
use crate::setup::seconds;

#[derive(Subcommand)]
pub enum Command {
    /// Watch every block, and settle, liquidate, buy and tidy what is due and pays.
    ///
    /// It ends at Ctrl-C or SIGTERM, after what it has sent is in a block, and says what it has done. Killed, it loses nothing: started anew it
    /// waits for what it had sent, and finds all work again.
    Run(Args),
}

/// How long it runs.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  sdp keeper run --from kim --dry-run
  sdp keeper run --from kim --gas-price-usd 0.02 --least-profit 0.05 --budget 50_000 --discount 0.03 --journal kim.json

Logs go to standard error, as text for a terminal and as JSON otherwise; RUST_LOG=debug says why things are left.")]
pub struct Args {
    #[command(flatten)]
    sender: Sender,
    /// Only this work; all of it by default.
    #[arg(long, value_name = "WORK", value_delimiter = ',')]
    only: Vec<Kind>,
    /// Not this work.
    #[arg(long, value_name = "WORK", value_delimiter = ',')]
    except: Vec<Kind>,
    /// What a million units of gas cost, USD. Needed where --gas-price is; else 0.
    #[arg(long, value_name = "USD", value_parser = number::<Ratio>)]
    gas_price_usd: Option<Ratio>,
    /// What a job must bring on top of its gas, USD.
    #[arg(long, value_name = "USD", default_value = "0")]
    least_profit: String,
    /// Gas a day for what brings its keeper nothing (pulled feeds, samples, ceilings, sweeps, exits), USD.
    #[arg(long, value_name = "USD", default_value = "20")]
    unpaid: String,
    /// sdUSD a day for collateral out of auctions, USD; what the wallet has is a limit, too.
    #[arg(long, value_name = "USD", default_value = "0")]
    budget: String,
    /// Collateral is bought at most at the board's price less this part of it.
    #[arg(long, value_name = "FRACTION", value_parser = number::<Ratio>, default_value = "0.02")]
    discount: Ratio,
    /// File that remembers what the day's budgets have been spent on.
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Accounts or orders in one message.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100))]
    batch: u32,
    /// Pages of 100 accounts, and as many of positions, that are looked at anew in each block, however far they are from liquidation.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pages: u32,
    /// Blocks between two looks at samples, ceilings and sweeps.
    #[arg(long, value_name = "BLOCKS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    upkeep_every: u64,
    /// Pause between two samples of funding: 10m, 1h.
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = seconds)]
    poke_every: u64,
    /// Age at which a pulled feed's price is pulled anew; half of the age up to which accounts are marked at it by default, and at once where an
    /// order waits for it.
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    pull_every: Option<u64>,
    /// Milliseconds between two questions for a new block.
    #[arg(long, value_name = "MS", default_value_t = 100, value_parser = clap::value_parser!(u64).range(10..=60_000))]
    poll_ms: u64,
    /// Act at once on everything, even where another keeper has been met.
    #[arg(long)]
    greedy: bool,
    /// Look, and say what would be sent.
    #[arg(long)]
    dry_run: bool,
    /// End after so many blocks.
    #[arg(long, value_name = "N")]
    blocks: Option<u64>,
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    let Command::Run(args) = command;
    session.real_only("keeper run", "`sdp serve` has one for its own chain")?;
    log();
    let gas_price = match (args.gas_price_usd, session.gas_price()) {
        (Some(price), _) => price,
        (None, None) => Ratio::ZERO,
        (None, Some(price)) => {
            let reason =
                format!("gas costs {price}: what a million units cost in USD is for --gas-price-usd to say");
            return Err(Failure::setup(reason));
        }
    };
    let mut open = session.open()?;
    let journal = Journal::open(args.journal.as_deref())?;
    let mut keeper = Keeper::new(config(&args, gas_price)?, journal);
    let stop = Arc::new(AtomicBool::new(false));
    // signals have a thread of their own: everything else here waits for the chain
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(Failure::setup)?;
    let told = stop.clone();
    runtime.spawn(async move {
        crate::signal::until_told().await;
        told.store(true, Ordering::Relaxed);
    });
    let poll = Duration::from_millis(args.poll_ms);
    keeper.run(open.network(), &stop, args.blocks, poll)?;
    session.keep(&open)?;
    summary(session.format(), keeper.tally());
    Ok(())
}

fn config(args: &Args, gas_price: Ratio) -> Result<Config, Failure> {
    let all: BTreeSet<_> = match args.only.is_empty() {
        true => Kind::ALL.into_iter().collect(),
        false => args.only.iter().copied().collect(),
    };
    Ok(Config {
        kinds: all.into_iter().filter(|kind| !args.except.contains(kind)).collect(),
        gas_price,
        least_profit: usd(&args.least_profit)?,
        unpaid: usd(&args.unpaid)?,
        budget: usd(&args.budget)?,
        discount: args.discount,
        batch: args.batch,
        pages: args.pages,
        upkeep: args.upkeep_every,
        poke: args.poke_every,
        pull: args.pull_every,
        sharing: !args.greedy,
        dry_run: args.dry_run,
        ..Config::new(&args.sender.from)
    })
}

fn log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let to = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // one that is there already is as good
    let set = match std::io::stderr().is_terminal() {
        true => to.try_init(),
        false => to.json().flatten_event(true).try_init(),
    };
    drop(set);
}

fn summary(format: Format, tally: &Tally) {
    let total = tally.total();
    match format {
        Format::Json => say!("{}", json!({ "tally": tally, "total": total })),
        Format::Table => {
            let row = |name: &str, count: &sdp_keeper::tally::Count| {
                let number = |number: u64| grouped(&number.to_string());
                vec![
                    name.to_string(),
                    number(count.sent),
                    number(count.wasted),
                    number(count.done),
                    number(count.lost),
                    number(count.gas),
                    output::dollars(count.reward),
                    number(count.unprofitable),
                ]
            };
            let mut rows: Vec<_> = tally.kinds.iter().map(|(kind, count)| row(kind.name(), count)).collect();
            rows.push(row("all", &total));
            say!(
                "{} blocks, {} of them missed, {} rounds without an answer",
                tally.blocks,
                tally.missed,
                tally.failed
            );
            output::table(
                &["work", "sent", "wasted", "done", "too late", "gas", "brought, USD", "did not pay"],
                rows,
            );
        }
    }
}
