//! `sdp serve`: the embedded chain over HTTP, in blocks that come by themselves, and the dashboard beside it.
//!
//! The chain is on one thread ([`clock`]); everything that HTTP asks for is done there between two blocks, in order. What a page
//! needs to know first is [`config`]. A real chain is only pointed at: pages talk to its nodes themselves.

mod api;
mod clock;
mod config;
mod history;
mod life;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use sdp_keeper::{Config, Journal, Keeper};
use sdp_network::{Actions, ChainError, Deployment, Manifest};

use crate::failure::Failure;
use crate::session::Session;

use clock::{Clock, Handle};

/// What to serve, and how fast.
#[derive(clap::Args)]
#[command(after_help = "\
Example: sdp serve, then open http://127.0.0.1:8080

The chain in --state is served, or a new one with the built-in manifest and the par reserve where there is none; what happens on it is kept \
there when it is stopped. Whoever can reach the address acts as anybody: it is for this machine.")]
pub struct Args {
    /// Address to listen at.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Milliseconds between two blocks. Chain time passes as fast.
    #[arg(long, value_name = "MS", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(50..=60_000))]
    block_ms: u64,
    /// Folder of the built dashboard.
    #[arg(long, value_name = "DIR", default_value = "packages/dashboard/dist")]
    dashboard: PathBuf,
    /// A chain in memory, of which nothing is kept.
    #[arg(long)]
    temporary: bool,
    /// On a new chain: providers and traders with positions, so many of both together.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=20_000))]
    people: u32,
    /// Prices move at random, each by its feed's volatility, from this seed.
    #[arg(long, value_name = "SEED")]
    moving: Option<u64>,
    /// Account that settles, liquidates and tidies in each block.
    #[arg(long, value_name = "NAME", default_value = "keeper")]
    keeper: String,
    /// Nobody does that: it is left to whoever acts.
    #[arg(long)]
    no_keeper: bool,
    /// RPC address of the real chain's node, for pages.
    #[arg(long, value_name = "URL", env = "SDP_RPC", default_value = "http://127.0.0.1:26657")]
    rpc: String,
    /// Coin that pays for transactions on the real chain; that of --gas-price if there is one.
    #[arg(long, value_name = "DENOM", env = "SDP_DENOM", default_value = "stake")]
    fee_denom: String,
    /// Decimals of that coin.
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u8).range(..=18))]
    fee_decimals: u8,
    /// Give pages the words of --keys. Only for networks whose words are public.
    #[arg(long)]
    development_keys: bool,
}

/// Serves until it is told to stop.
pub fn run(session: &Session, args: &Args) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(Failure::setup)?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind(args.listen));
    let listener =
        listener.map_err(|error| Failure::setup(format!("can't listen at {}: {error}", args.listen)))?;
    let address = listener.local_addr().map_err(Failure::setup)?;
    if session.is_real() {
        return point_at(session, args, &runtime, (listener, address));
    }
    let mut chain = match args.temporary || !session.path().exists() {
        true => begin(args)?,
        false => session.chain()?,
    };
    let page = config::of_embedded(&chain)?;
    let (handle, jobs) = Handle::new();
    let keeper = (!args.no_keeper).then(|| Config { sharing: false, ..Config::new(&args.keeper) });
    let keeper = keeper.map(|config| Ok::<_, ChainError>(Keeper::new(config, Journal::open(None)?)));
    let keeper = keeper.transpose()?;
    let (stop, mut clock) =
        (handle.clone(), Clock::new(Duration::from_millis(args.block_ms), args.moving, keeper));
    runtime.spawn(async move {
        crate::signal::until_told().await;
        stop.stop();
    });
    runtime.spawn(api::serve(listener, api::routes(page, Some(handle), &args.dashboard)));
    ready(args, address);
    clock.run(&mut chain, &jobs)?;
    if !args.temporary {
        session.keep_chain(&chain)?;
    }
    Ok(())
}

/// A new chain with first prices.
fn begin(args: &Args) -> Result<sdp_embedded::Chain, Failure> {
    let mut chain = sdp_embedded::Chain::deploy(Manifest::with_default_reserve()?)?;
    chain.publish_first_prices()?;
    if args.people > 0 {
        life::populate(&mut chain, args.people)?;
    }
    Ok(chain)
}

/// Only pages, which are told where the chain is.
fn point_at(
    session: &Session,
    args: &Args,
    runtime: &tokio::runtime::Runtime,
    (listener, address): (tokio::net::TcpListener, SocketAddr),
) -> Result<(), Failure> {
    let record = Deployment::read(session.record_path())?;
    let words = if args.development_keys { Some(session.words()?) } else { None };
    let mut open = session.open()?;
    let page = config::of_real(open.network(), &record, args, (words, session.gas_price()))?;
    let serving = runtime.spawn(api::serve(listener, api::routes(page, None, &args.dashboard)));
    ready(args, address);
    runtime.block_on(crate::signal::until_told());
    serving.abort();
    Ok(())
}

fn ready(args: &Args, address: SocketAddr) {
    if args.dashboard.join("index.html").exists() {
        say!("http://{address}");
    } else {
        say!(
            "http://{address} (no page in {}: packages/dashboard/README.md builds it)",
            args.dashboard.display()
        );
    }
}
