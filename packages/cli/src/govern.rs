//! What guardian and owner do at once. Changes of a configuration are sent with `tx`.

use clap::Subcommand;
use sdp_network::Actions;
use sdp_types::regime::Regime;

use crate::failure::Failure;
use crate::session::{Sender, Session};

#[derive(Subcommand)]
pub enum Command {
    /// Trip a breaker: at least this regime, for as long as the pool's `hold` says. Guardian or owner.
    Trip {
        /// `caution`, `close_only` or `emergency`.
        #[arg(value_parser = regime)]
        regime: Regime,
        /// Of this market only; of the whole pool by default.
        #[arg(long)]
        market: Option<String>,
        #[command(flatten)]
        sender: Sender,
    },
    /// Go back to the normal regime before its time. Owner. What a breaker still asks for comes back with the next message.
    Reset {
        /// Of this market only; of the whole pool by default.
        #[arg(long)]
        market: Option<String>,
        #[command(flatten)]
        sender: Sender,
    },
}

fn regime(text: &str) -> Result<Regime, String> {
    let regime = text.parse().ok().filter(|regime| *regime > Regime::Normal);
    regime.ok_or_else(|| "expected caution, close_only or emergency".into())
}

pub fn run(session: &Session, command: Command) -> Result<(), Failure> {
    session.act(|chain| match command {
        Command::Trip { regime, market, sender } => chain.trip(&sender.from, market.as_deref(), regime),
        Command::Reset { market, sender } => chain.reset(&sender.from, market.as_deref()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_regime_that_restricts_can_be_tripped() {
        assert_eq!(regime("close_only"), Ok(Regime::CloseOnly));
        assert!(regime("normal").is_err() && regime("closed").is_err());
    }
}
