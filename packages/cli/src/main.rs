//! `sdp`: deploy, use, run and replay Shared Debt Pools, on a chain inside the process or on a real one.

// It panics where nobody reads: `say!` does not.
#![warn(clippy::print_stdout)]

#[macro_use]
mod output;

mod account;
mod back;
mod balance;
mod bonded;
mod cost;
mod custody;
mod demo;
mod deploy;
mod event;
mod exporter;
mod failure;
mod govern;
mod incidents;
mod keep;
mod keeper;
mod keepers;
mod limits;
mod listing;
mod notes;
mod orders;
mod preview;
mod provide;
mod query;
mod replay;
mod run;
mod serve;
mod session;
mod setup;
mod show;
mod shut_down;
mod signal;
mod spot;
mod survey;
mod swap;
mod trade;
mod tx;
mod watch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Failure;
use session::Session;

const EXAMPLES: &str = "\
Example, from nothing to a filled order:
  sdp deploy
  sdp give whale 1_000_000 ATOM
  sdp deposit 1_000_000 ATOM --from whale
  sdp mint 5_000 ATOM --from whale
  sdp sell 5_000 --from whale --to bob
  sdp margin deposit 1_000 --from bob
  sdp commit BTC 0.1 --from bob
  sdp advance 10s && sdp settle BTC --from kim
  sdp show account bob

The same on a real chain, where time passes by itself and whoever gives and signs has a key:
  sdp deploy --node grpc://localhost:9090 --keys mnemonic --first-coin 1stake

Amounts are whole tokens and USD; `tx` and `query` take the contracts' own units. Accounts are names: whoever is named
for the first time exists from then on.

Exit codes: 0 done · 1 refused by a contract, or an expectation of a scenario failed · 2 wrong usage · 3 not possible
here (no state, unknown name, unreadable file) · 4 a contract panicked or the books don't balance: a bug · 141 nobody
reads the output any more (`| head`). After 1, 3 and 4 the state is what it was before.";

/// Shared Debt Pools on a chain inside the process, or on a real one.
///
/// Liquidity providers put collateral into one pool and are the counterparty of every trader; this tool deploys the
/// contracts from a manifest, acts on them by name, and runs scenarios. Without `--node` the chain is in a file.
#[derive(Parser)]
#[command(name = "sdp", version, after_help = EXAMPLES, max_term_width = 110)]
struct Cli {
    #[command(flatten)]
    session: session::Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Replay a real crash with dozens of providers and hundreds of traders, the books audited after every message.
    Demo(demo::DemoArgs),
    #[command(flatten)]
    Setup(setup::Command),
    /// Deploy all contracts and, on a new embedded chain, publish the manifest's first prices.
    ///
    /// On a real chain every step is recorded in the file that `--deployment` names, so that a deployment that was
    /// interrupted goes on where it stopped; at the end everything is compared with the manifest, and a second call only
    /// does that.
    Deploy(deploy::DeployArgs),
    /// On a real chain: bring a newer build of a contract to where an older one runs.
    Migrate(deploy::MigrateArgs),
    /// Run a scenario file on a new chain: one JSON line a step on standard output.
    ///
    /// On a real chain the scenario's manifest is deployed anew, and the faucet funds its accounts.
    Run(run::Args),
    /// Do again on the embedded chain what `run --record` wrote down, at the same times, and compare.
    Replay(replay::Args),
    /// Replay what happened to others, with the guard that stops it here and without.
    ///
    /// Each incident is a scenario file that is played twice on new embedded chains; the table shows what was lost then, and what is
    /// lost here both ways. The exit code is 1 where a loss is not what the file claims.
    Incidents(incidents::Args),
    #[command(flatten)]
    Provide(provide::Command),
    #[command(flatten)]
    Trade(trade::Command),
    #[command(flatten)]
    Keep(keep::Command),
    /// Do by itself, block by block, what keepers do.
    #[command(subcommand)]
    Keeper(keeper::Command),
    /// Stand by with sdUSD for collateral that is seized.
    #[command(subcommand)]
    Backstop(back::Command),
    /// Sell, buy and redeem recovery notes, claims on insurance's future income.
    #[command(subcommand)]
    Notes(notes::Command),
    /// Buy and sell synthetics, tokens that owe an asset, and collect what that brings.
    #[command(subcommand)]
    Spot(spot::Command),
    /// Swap dollar tokens with sdUSD at the par reserve, where the manifest has one.
    #[command(subcommand)]
    Swap(swap::Command),
    /// Keep a position at a ratio of collateral to debt.
    #[command(subcommand)]
    Balance(balance::Command),
    /// Place orders that wait for a price, and commit those that are due.
    #[command(subcommand)]
    Orders(orders::Command),
    /// Have margin in tokens, where the manifest has a custody, and buy what it sells.
    #[command(subcommand)]
    Custody(custody::Command),
    /// Open a market of one's own with a bond, and what becomes of it.
    #[command(subcommand)]
    Bonded(bonded::Command),
    /// Buy and redeem contracts of an event market, the example of a market that anyone may open.
    #[command(subcommand)]
    Event(event::Command),
    #[command(flatten)]
    Govern(govern::Command),
    /// Propose a perpetual on a feed, with defaults that follow from its measured volatility.
    List(listing::Args),
    /// End a market, the synthetics or the pool, and get what is left of it.
    #[command(subcommand)]
    ShutDown(shut_down::Command),
    /// Send any message to a contract, as JSON in the contract's own units.
    Tx(tx::Args),
    /// Ask a contract anything, as JSON; the answer is in the contract's own units.
    Query(query::Args),
    /// Show something in human units.
    #[command(subcommand)]
    Show(show::Command),
    /// Serve the embedded chain over HTTP with time that passes, and the dashboard with it.
    ///
    /// With `--node` only the dashboard is served, which then talks to that chain itself.
    Serve(serve::Args),
    /// Export every figure of the pool for Prometheus, over HTTP.
    ///
    /// A thread polls the chain, and a scrape never waits for it. A node that does not answer is a metric (`sdp_up 0`), and so is the age of
    /// what was found last.
    Exporter(exporter::Args),
    /// Watch the pool in the terminal: ratio, debt, risk, markets, who is nearest to a liquidation, auctions, prices.
    Watch(watch::Args),
    /// Measure what each message reads and writes, with few and with many providers and accounts.
    Cost(cost::Args),
    /// From which size on keepers are paid more than their gas, and the smallest position that follows from it.
    Keepers(keepers::Args),
    /// The pool at a glance.
    Health,
    /// Check that the books balance, every position and account added up.
    Audit,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let as_json = cli.session.output == output::Format::Json;
    match dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(as_json),
    }
}

fn dispatch(cli: Cli) -> Result<(), Failure> {
    let format = cli.session.output;
    let session = Session::new(cli.session);
    match cli.command {
        Command::Demo(args) => {
            session.embedded_only("demo", "it needs years of time in seconds")?;
            demo::run(args)
        }
        Command::Setup(command) => setup::run(&session, command),
        Command::Deploy(args) => deploy::run(&session, &args),
        Command::Migrate(args) => deploy::run_migrate(&session, &args),
        Command::Run(args) => run::run(&session, &args),
        Command::Replay(args) => replay::run(&args, format),
        Command::Incidents(args) => {
            session.embedded_only("incidents", "guards are taken away there only")?;
            incidents::run(&args, format)
        }
        Command::Provide(command) => provide::run(&session, command),
        Command::Trade(command) => trade::run(&session, command),
        Command::Keep(command) => keep::run(&session, command),
        Command::Keeper(command) => keeper::run(&session, command),
        Command::Backstop(command) => back::run(&session, command),
        Command::Notes(command) => notes::run(&session, command),
        Command::Spot(command) => spot::run(&session, command),
        Command::Swap(command) => swap::run(&session, command),
        Command::Balance(command) => balance::run(&session, command),
        Command::Orders(command) => orders::run(&session, command),
        Command::Custody(command) => custody::run(&session, command),
        Command::Bonded(command) => bonded::run(&session, command),
        Command::Event(command) => event::run(&session, command),
        Command::Govern(command) => govern::run(&session, command),
        Command::List(args) => listing::run(&session, &args),
        Command::ShutDown(command) => shut_down::run(&session, command),
        Command::Tx(args) => tx::run(&session, &args),
        Command::Query(args) => query::run(&session, &args),
        Command::Show(command) => show::run(&session, command),
        Command::Serve(args) => serve::run(&session, &args),
        Command::Exporter(args) => exporter::run(session, &args),
        Command::Watch(args) => watch::run(session, &args),
        Command::Cost(args) => {
            session.embedded_only("cost", "scripts/gas measures that")?;
            cost::run(&args, format)
        }
        Command::Keepers(args) => keepers::run(&args, format),
        Command::Health => show::health(&session),
        Command::Audit => show::audit(&session),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn no_two_commands_or_options_collide() {
        Cli::command().debug_assert();
    }
}
