//! `sdp query`: any question, in the contract's own units.

use cosmwasm_std::{from_json, to_json_binary};
use sdp_network::ChainError;
use serde_json::Value;

use crate::failure::Failure;
use crate::output::{self, Format};
use crate::session::Session;
use crate::tx::json;

/// A question.
#[derive(clap::Args)]
#[command(after_help = "Example: sdp query pool '{\"vaults\":{}}'")]
pub struct Args {
    /// Name of the contract: oracle, pool, market, liquidator, sdusd, sdnote, a market's or a CW20 collateral's name.
    contract: String,
    /// The question.
    #[arg(value_name = "JSON", value_parser = json)]
    msg: Value,
    /// As of the block of this height; the last one by default. Nodes remember some time, the embedded chain nothing.
    #[arg(long)]
    height: Option<u64>,
}

/// Asks it.
pub fn run(session: &Session, args: &Args) -> Result<(), Failure> {
    let mut open = session.open()?;
    let network = open.network();
    let contract = network.contract(&args.contract)?;
    let question = to_json_binary(&args.msg).map_err(ChainError::from)?;
    let answer = network.ask(&contract, &question, args.height)?;
    let answer: Value = from_json(answer).map_err(ChainError::from)?;
    match session.format() {
        Format::Json => say!("{answer}"),
        Format::Table => output::fields(output::flat(&answer)),
    }
    Ok(())
}
