//! `sdp-gas`: what every message costs on a real chain.

mod layout;
mod life;
mod rows;
mod session;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

/// Deploys on a fresh network, sends every message, and compares the gas with a budget.
#[derive(Parser)]
#[command(name = "sdp-gas", version)]
struct Cli {
    /// gRPC address of a node of a network on which nobody else acts: grpc://host:port.
    #[arg(long)]
    node: String,
    /// File with the words of an account that has coins.
    #[arg(long)]
    mnemonic: PathBuf,
    /// Directory with the contracts' wasm, as scripts/build-wasm leaves it.
    #[arg(long)]
    wasm: PathBuf,
    /// Leaves out what takes long: 32 perpetuals, 10,000 people.
    #[arg(long)]
    quick: bool,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sdp-gas: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    let session = session::Session::begin(cli)?;
    let rows = session.measure(cli.quick)?;
    for row in rows.iter() {
        println!("{:70} {:>9}", row.name, row.gas);
    }
    Ok(())
}
