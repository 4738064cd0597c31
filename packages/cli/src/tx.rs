//! `sdp tx`: any message, in the contract's own units.

use cosmwasm_std::Coin;
use sdp_network::Actions;
use serde_json::Value;

use crate::failure::Failure;
use crate::session::{Sender, Session};

/// A message.
#[derive(clap::Args)]
#[command(
    after_help = "Example: sdp tx pool '{\"mint\":{\"vault\":0,\"amount\":\"1000000\"}}' --from anna\n\
    For the hooks of CW20 tokens: sdp tx sdusd '{\"send\":…}', with the message inside as base64."
)]
pub struct Args {
    /// Name of the contract: oracle, pool, market, liquidator, sdusd, sdnote, a market's or a CW20 collateral's name.
    contract: String,
    /// The message.
    #[arg(value_name = "JSON", value_parser = json)]
    msg: Value,
    #[command(flatten)]
    sender: Sender,
    /// Coins that go with it, in base units: 5000000uatom. Several, separated by commas.
    #[arg(long, value_delimiter = ',', value_parser = coin)]
    funds: Vec<Coin>,
}

/// JSON of an argument.
pub fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Coins of an argument.
pub fn coin(text: &str) -> Result<Coin, String> {
    text.parse().map_err(|_| "expected an amount and a denom: 5000000uatom".into())
}

/// Sends it.
pub fn run(session: &Session, args: &Args) -> Result<(), Failure> {
    session.act(|chain| chain.execute(&args.sender.from, &args.contract, &args.msg, &args.funds))
}
