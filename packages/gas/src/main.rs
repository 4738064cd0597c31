//! `sdp-gas`: what every message costs on a real chain.

mod apart;
mod beside;
mod breakdown;
mod budget;
mod engine;
mod layout;
mod life;
mod people;
mod register;
mod rows;
mod session;
mod slopes;
mod table;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use budget::{Budget, Finding};

/// Deploys on a fresh network, sends every message, and compares the gas with a budget.
///
/// Exit codes: 0 within the budget, 1 above it, 3 not possible here.
#[derive(Parser)]
#[command(name = "sdp-gas", version, max_term_width = 110)]
struct Cli {
    /// gRPC address of a node of a network on which nobody else acts: grpc://host:port.
    #[arg(long)]
    node: String,
    /// File with the words of an account that has coins, and whose vote alone carries a proposal.
    #[arg(long)]
    mnemonic: PathBuf,
    /// Directory with the contracts' wasm, as scripts/build-wasm leaves it.
    #[arg(long, default_value = "target/wasm")]
    wasm: PathBuf,
    /// The budget.
    #[arg(long, default_value = "ci/gas-budget.json")]
    budget: PathBuf,
    /// Makes what is measured the budget.
    #[arg(long)]
    update: bool,
    /// Shows where the gas of the most used messages goes instead, and compares nothing.
    #[arg(long, conflicts_with = "update")]
    breakdown: bool,
    /// Leaves out what takes long: 32 perpetuals, 8 synthetics, 10,000 people.
    #[arg(long)]
    quick: bool,
    /// Tells each row as it is measured.
    #[arg(long)]
    verbose: bool,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("sdp-gas: {error:#}");
            ExitCode::from(3)
        }
    }
}

/// Whether all is within the budget.
fn run(cli: &Cli) -> Result<bool> {
    let session = session::Session::begin(cli)?;
    if cli.breakdown {
        for table in session.breakdown()? {
            println!("{table}");
        }
        return Ok(true);
    }
    let mut rows = session.measure(cli.quick)?;
    breakdown::known(&rows)?;
    let pinned = session.measure_pinned()?;
    rows.append(slopes::slopes(&rows));

    let mut budget = Budget::read(&cli.budget)?;
    println!("{}", table::all(&rows, &pinned, &budget));
    if cli.update {
        budget.update(&rows, &pinned, cli.quick);
        budget.write(&cli.budget)?;
        println!("written to {}", cli.budget.display());
        return Ok(true);
    }
    let found = budget.compare(&rows, &pinned, cli.quick);
    if found.is_empty() {
        println!("all {} rows are within 2 % of {}", rows.iter().count(), cli.budget.display());
        return Ok(true);
    }
    println!("{}", table::findings(&found));
    let fails = found.iter().any(Finding::fails);
    println!("{}", verdict(fails, cli));
    Ok(!fails)
}

fn verdict(fails: bool, cli: &Cli) -> String {
    let file = cli.budget.display();
    if fails {
        format!("NOT within {file}: use less, or let --update say what is used now")
    } else {
        format!("within {file}, but some rows use less by now: --update keeps it so")
    }
}
