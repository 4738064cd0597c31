//! `sdp exporter`: every figure of the pool for Prometheus.
//!
//! A thread polls the chain and leaves what it finds; a scrape takes what is there and never waits for the chain.

mod figures;
mod market;
mod metric;
mod oracle;
mod own;
mod poller;
mod pool;
mod risk;
mod server;
mod work;

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args as Arguments;

use crate::failure::Failure;
use crate::session::Session;
use crate::setup::seconds;
use poller::{Pace, Poller};

/// Export every figure of the pool for Prometheus.
#[derive(Arguments)]
pub struct Args {
    /// Address to listen at; metrics are at /metrics. A port of 0: any that is free.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9464")]
    listen: SocketAddr,
    /// Pause between two polls of the chain: 5s, 1m.
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = positive)]
    every: u64,
    /// How old figures may be before they are left out, so that nobody takes them for the present.
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = positive)]
    stale_after: u64,
    /// Pause between two counts of all accounts and positions, a page of 100 at a time; 0: they are not counted.
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = seconds)]
    count_every: u64,
}

/// A time that is not 0.
fn positive(text: &str) -> Result<u64, String> {
    seconds(text).and_then(|time| if time > 0 { Ok(time) } else { Err("at least a second".into()) })
}

/// Serves until it is told to stop.
pub fn run(session: Session, args: &Args) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::setup)?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind(args.listen));
    let listener =
        listener.map_err(|error| Failure::setup(format!("can't listen at {}: {error}", args.listen)))?;
    let address = listener.local_addr().map_err(Failure::setup)?;
    let pace = Pace {
        every: Duration::from_secs(args.every),
        stale_after: Duration::from_secs(args.stale_after),
        count_every: (args.count_every > 0).then(|| Duration::from_secs(args.count_every)),
    };
    let poller = Poller::start(session, pace)?;
    say!("metrics at http://{address}/metrics");
    let served = runtime.block_on(server::serve(listener, poller));
    served.map_err(Failure::setup)
}
