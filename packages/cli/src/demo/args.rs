//! What the demo can be asked for.

use std::path::PathBuf;

use clap::Args;
use sdp_types::market::MAX_BATCH;

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
    /// Traders, and a holder of synthetics for every ten of them.
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
    /// Plays the crash as deep as it was, 1.5 times and twice as deep, and twice as deep in half the time, each with limited keepers and
    /// again without liquidations: marks must not depend on them, the backlog must drain, auctions keep within their holes, and every
    /// loss must have a layer that takes it. Exit code 1 where that is not so. With --out it leaves stress.html.
    #[arg(long, conflicts_with_all = ["compare", "without_risk_engine"])]
    pub stress: bool,
    /// Instead: so many providers at all ratios go through it with half of what they minted at hand and nobody trading, kept at a ratio by
    /// balancers who come before liquidators or behind them, and not kept. Shows how many are liquidated, and what it costs them.
    #[arg(long, conflicts_with_all = ["compare", "stress", "without_risk_engine", "out"])]
    pub balancing: bool,
    /// Part of what they minted that they keep, 0 to 1; the balancer may burn it.
    #[arg(long, value_name = "PART", default_value_t = 0.5, requires = "balancing", value_parser = part)]
    pub kept: f64,
    /// Most accounts that a keeper's message liquidates, one message of each of four keepers a block of six seconds.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "stress", value_parser = batch)]
    pub batch: usize,
}

/// From 0 to 1.
fn part(text: &str) -> Result<f64, String> {
    let given: f64 = text.parse().map_err(|_| "not a number".to_string())?;
    (0.0..=1.0).contains(&given).then_some(given).ok_or_else(|| "from 0 to 1".to_string())
}

/// At most what a message takes.
fn batch(text: &str) -> Result<usize, String> {
    let most = MAX_BATCH as usize;
    let given = text.parse().map_err(|_| "not a whole number".to_string())?;
    (1..=most).contains(&given).then_some(given).ok_or_else(|| format!("from 1 to {most}"))
}
