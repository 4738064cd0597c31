//! `sdp query`: any question, in the contract's own units.

use sdp_embedded::Actions;
use serde_json::Value;

use crate::failure::Failure;
use crate::output::{self, Format};
use crate::session::Session;
use crate::tx::json;

/// A question.
#[derive(clap::Args)]
#[command(after_help = "Example: sdp query pool '{\"vaults\":{}}'")]
pub struct Args {
    /// Name of the contract: oracle, pool, market, liquidator, sdusd, a market's or a CW20 collateral's name.
    contract: String,
    /// The question.
    #[arg(value_name = "JSON", value_parser = json)]
    msg: Value,
}

/// Asks it.
pub fn run(session: &Session, args: &Args) -> Result<(), Failure> {
    let answer: Value = session.chain()?.query(&args.contract, &args.msg)?;
    match session.format() {
        Format::Json => println!("{answer}"),
        Format::Table => output::fields(output::flat(&answer)),
    }
    Ok(())
}
