//! One run against one network: codes are stored once, deployments are lived in side by side.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{anyhow, Context, Result};
use comfy_table::Table;
use cosmwasm_std::Coin;
use sdp_cosmos::{bank, gov, Client, Cosmos, Gas, Keys, Options};
use sdp_network::recording::Log;
use sdp_network::{deploy, Code, Deployment, Network, Recorder, FAUCET};
use sha2::{Digest, Sha256};

use crate::breakdown::{self, Lived};
use crate::layout::{Layout, BONDED};
use crate::rows::Rows;
use crate::world::World;
use crate::Cli;

/// The usual deployment: a price is the median of two of three publishers.
const USUAL: Layout = Layout {
    name: 'a',
    perps: 8,
    markets: 1,
    publishers: (3, 2),
    funding: 100,
    engine: false,
    synthetics: 0,
    desk: None,
};
/// The same, for trades.
const TRADES: Layout = Layout { name: 'b', ..USUAL };
const ONE: Layout = Layout { name: 'c', perps: 1, publishers: (1, 1), ..USUAL };
const TWO_MARKETS: Layout = Layout { name: 'd', markets: 2, publishers: (1, 1), ..USUAL };
const FULL: Layout = Layout { name: 'e', perps: 32, ..USUAL };
/// The same with the risk engine on.
const ENGINE: Layout = Layout { name: 'j', engine: true, ..FULL };
const PEOPLE: Layout = Layout { name: 'f', publishers: (1, 1), funding: 0, ..USUAL };
/// With synthetics and a par reserve, few and many.
const BESIDE: Layout = Layout { name: 'k', publishers: (1, 1), synthetics: 2, ..USUAL };
const BESIDE_MANY: Layout = Layout { name: 'l', synthetics: 8, ..BESIDE };
/// With a desk of bonded markets, none of them open and all of them.
const DESK: Layout = Layout { name: 'm', publishers: (1, 1), desk: Some(0), ..USUAL };
const DESK_OPEN: Layout = Layout { name: 'n', desk: Some(BONDED), ..DESK };
/// The usual ones once more, when codes are pinned.
const PINNED: Layout = Layout { name: 'g', ..USUAL };
const PINNED_TRADES: Layout = Layout { name: 'h', ..USUAL };
/// The usual one once more, recorded.
const TAKEN_APART: Layout = Layout { name: 'i', ..USUAL };

/// What everything takes place on.
pub struct Session {
    node: String,
    wasm: PathBuf,
    main: Client,
    verbose: bool,
}

/// How transactions are sent: with a limit that all of them stay below, so that nothing is simulated first.
fn options() -> Options {
    Options { gas: Gas::Limit(200_000_000), timeout: Duration::from_secs(60), ..Options::default() }
}

/// Words of one deployment's people: the same in every run, others in every deployment, so that none waits for another one's
/// sequence.
fn words(layout: Layout) -> Result<String> {
    let entropy = Sha256::digest(format!("sdp-gas {}", layout.name));
    Ok(bip39::Mnemonic::from_entropy(&entropy)?.to_string())
}

impl Session {
    /// Connects and stores the codes.
    pub fn begin(cli: &Cli) -> Result<Self> {
        let keys = Keys::from_mnemonic_file(&cli.mnemonic)?;
        let main = Client::connect(&cli.node)?.with_keys(keys);
        let (node, wasm, verbose) = (cli.node.clone(), cli.wasm.clone(), cli.verbose);
        let session = Self { node, wasm, main, verbose };
        let mut storer = session.network(USUAL)?;
        session.fund(&storer)?;
        for code in Code::ALL {
            storer.store(FAUCET, code)?;
        }
        Ok(session)
    }

    fn network(&self, layout: Layout) -> Result<Cosmos> {
        let client = Client::connect(&self.node)?.with_keys(Keys::from_mnemonic(&words(layout)?)?);
        let first = Some(Coin::new(1_000_000_u128, "stake"));
        let network = Cosmos::new(client, layout.manifest()?).with_builds(self.wasm.clone());
        Ok(network.with_faucet(FAUCET, first).with_options(options()))
    }

    /// Coins for the faucet of a deployment.
    fn fund(&self, network: &Cosmos) -> Result<()> {
        let (from, to) = (self.main.address("0")?, network.client().address(FAUCET)?);
        let coins = ["stake", "uatom", "uusdc"].map(|denom| Coin::new(1_000_000_000_000_000_u128, denom));
        self.main.broadcast("0", vec![bank::send(&from, &to, &coins)], &options())?;
        Ok(())
    }

    /// Everything, no code pinned.
    pub fn measure(&self, quick: bool) -> Result<Rows> {
        let usual = [USUAL, TRADES, ONE, TWO_MARKETS, BESIDE, DESK];
        let many = [BESIDE_MANY, DESK_OPEN, FULL, ENGINE, PEOPLE];
        let all = [&usual[..], &many].concat();
        self.side_by_side(if quick { &usual } else { &all })
    }

    /// The usual deployments once more, with all codes pinned by a vote. They stay so: this comes last.
    pub fn measure_pinned(&self) -> Result<Rows> {
        let codes: Vec<_> = self.main.codes()?.into_iter().map(|code| code.id).collect();
        let message = gov::pin_codes(&self.main.governance()?, &codes);
        let patience = Duration::from_secs(60);
        self.main.govern(&["0"], vec![message], "codes stay loaded", &options(), patience)?;
        self.side_by_side(&[PINNED, PINNED_TRADES])
    }

    /// Lives in deployments at the same time. Rows come in their order, however they overtake each other.
    fn side_by_side(&self, layouts: &[Layout]) -> Result<Rows> {
        for layout in layouts {
            self.fund(&self.network(*layout)?)?;
        }
        let all: Result<Vec<_>> = std::thread::scope(|scope| {
            let running: Vec<_> =
                layouts.iter().map(|layout| scope.spawn(move || self.live(*layout))).collect();
            running.into_iter().map(|life| life.join().map_err(|_| anyhow!("a life panicked"))?).collect()
        });
        let mut rows = Rows::default();
        all?.into_iter().for_each(|some| rows.append(some));
        Ok(rows)
    }

    fn live(&self, layout: Layout) -> Result<Rows> {
        let begun = Instant::now();
        let (mut network, _) = self.deploy(layout)?;
        let mut world = World::new(&mut network, layout, None, self.verbose);
        let lived = lived(&mut world).with_context(|| format!("deployment {}", layout.name));
        let rows = world.rows;
        eprintln!(
            "deployment {}: {} rows in {} s",
            layout.name,
            rows.iter().count(),
            begun.elapsed().as_secs()
        );
        lived.map(|()| rows)
    }

    fn deploy(&self, layout: Layout) -> Result<(Cosmos, Deployment)> {
        let mut network = self.network(layout)?;
        let mut record = Deployment::unnamed(self.main.chain_id(), layout.manifest()?);
        record.name = format!("gas-{}", layout.name);
        deploy(&mut network, &mut record, &mut |_, _, _| Ok(()))?;
        Ok((network, record))
    }

    /// Where the gas of the usual messages goes.
    pub fn breakdown(&self) -> Result<Vec<Table>> {
        self.fund(&self.network(TAKEN_APART)?)?;
        let (mut network, deployment) = self.deploy(TAKEN_APART)?;
        let log = Log::default();
        let mut recorder = Recorder::new(&mut network, &log);
        let mut world = World::new(&mut recorder, TAKEN_APART, Some(log.clone()), self.verbose);
        lived(&mut world)?;
        let rows = world.rows;
        log.belongs_to(None);
        let (network, entries, options) = (&network, log.take(), options());
        breakdown::tables(Lived { network, deployment, entries, rows: &rows, options })
    }
}

fn lived(world: &mut World<'_>) -> Result<()> {
    world.begin()?;
    match world.layout {
        USUAL | PINNED => provide_and_liquidate(world)?,
        TRADES | PINNED_TRADES => trade(world)?,
        TAKEN_APART => {
            provide_and_liquidate(world)?;
            trade(world)?;
        }
        PEOPLE => world.grow()?,
        BESIDE => {
            world.synthetics()?;
            world.reserve()?;
            world.pulls()?;
            world.shut_down()?;
        }
        BESIDE_MANY => world.synthetics()?,
        DESK | DESK_OPEN => {
            let open = world.layout.desk.unwrap_or_default();
            world.open_markets(open)?;
            world.provide()?;
            world.margin()?;
            world.trades(0)?;
            if open == 0 {
                world.orders()?;
                world.delegates()?;
                world.token_margin()?;
            } else {
                world.bonded_markets(open)?;
            }
        }
        ENGINE => {
            world.samples()?;
            world.provide()?;
            world.margin()?;
            world.trades(0)?;
            world.govern()?;
        }
        FULL => {
            world.report_prices(&[1, 8, 32])?;
            world.provide()?;
            world.margin()?;
            for others in [0, 4, 15] {
                world.trades(others)?;
            }
        }
        _ => {
            world.report_prices(&[1])?;
            world.provide()?;
            world.margin()?;
            world.trades(0)?;
        }
    }
    world.end()
}

fn provide_and_liquidate(world: &mut World<'_>) -> Result<()> {
    world.floor()?;
    world.report_prices(&[1, 8])?;
    world.provide()?;
    world.sweep()?;
    world.batches()?;
    world.exit(&world.positions(0))?;
    world.hand_over()?;
    world.auctions()?;
    world.draw()
}

fn trade(world: &mut World<'_>) -> Result<()> {
    world.margin()?;
    world.trades(0)?;
    world.referred()?;
    for others in [1, 4] {
        world.trades(others)?;
    }
    world.further()?;
    world.cancel()?;
    world.register()
}
