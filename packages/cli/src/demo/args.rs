//! What the demo can be asked for.

use std::path::PathBuf;

use clap::Args;

/// Replay real prices: providers back markets, traders trade, keepers liquidate, and the books are audited after every message.
///
/// Without PATH it replays the crash of March 2020 in US equities, which is built in. The first fifth of any series is only
/// looked at: volatilities, correlations and with them all margins come from it.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// Candles to replay: a folder with a file per asset, or one file with a column per asset; any step up to 10 days.
    #[arg(long, value_name = "PATH")]
    pub prices: Option<PathBuf>,
    /// People and what they do are drawn from it: the same seed and prices give the same run.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Folder for report.html (one page that needs nothing else) and for the manifest that was deployed.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Liquidity providers.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=2_000))]
    pub providers: u32,
    /// Traders.
    #[arg(long, value_name = "N", default_value_t = 240, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub traders: u32,
    /// Nothing of the risk engine: volatilities and correlations stay what the warm-up showed, no budget, breaker or ceiling follows risk,
    /// margins are summed, fees stay.
    #[arg(long)]
    pub without_risk_engine: bool,
    /// Plays it without the risk engine, too, with the same people, and shows what it changed.
    #[arg(long, conflicts_with = "without_risk_engine")]
    pub compare: bool,
    /// Compares so many seeds, from this one on, and shows the means.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "compare", value_parser = clap::value_parser!(u64).range(1..=1_000))]
    pub seeds: u64,
}
