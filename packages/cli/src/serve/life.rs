//! People on a new chain, and prices that move, so that there is something to see.
#![allow(clippy::float_arithmetic, reason = "what people want is nobody's exact figure")]

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use sdp_embedded::{Audits, Chain};
use sdp_network::actions::Order;
use sdp_network::error::Result;
use sdp_network::{Actions, ChainError, Kind, Manifest, Network};
use sdp_types::board::{Board, FeedId};
use sdp_types::units::{Amount, Price, Size, Usd, DAY};

/// A provider has collateral for so many USD, on average; a trader so much margin.
const DEPOSIT: f64 = 400_000.0;
const MARGIN: f64 = 2_000.0;
/// Collateral of the provider who lends the others their sdUSD, USD.
const FIRST: f64 = 8_000_000.0;
/// Orders that are settled at once.
const BATCH: u32 = 50;
/// Always the same people.
const SEED: u64 = 7;

/// One in four provides, the others trade. Nobody is at a loss yet. What the contracts refuse is left out: the pool's limits are for
/// these people too.
pub fn populate(chain: &mut Chain, people: u32) -> Result<()> {
    let audits = std::mem::replace(&mut chain.audits, Audits::Off);
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    provide(chain, "provider-0", 0, FIRST)?;
    let traders = people - people / 4;
    chain.mint("provider-0", &name_of(chain, 0), whole(f64::from(traders) * MARGIN * 1.5 + 10_000.0))?;
    let vaults = chain.manifest().collaterals.len().max(1);
    for n in 1..=people / 4 {
        let (name, vault) = (format!("provider-{n}"), random.gen_range(0..vaults));
        provide(chain, &name, vault, DEPOSIT * random.gen_range(0.2..1.8))?;
        let minted = whole(DEPOSIT * random.gen_range(0.01..0.1));
        unless_refused(chain.mint(&name, &name_of(chain, vault), minted))?;
    }
    let perps: Vec<_> = chain.manifest().markets.iter().flat_map(|market| &market.perps).collect();
    let perps: Vec<_> = perps.into_iter().map(|perp| perp.name.clone()).collect();
    for n in 1..=traders {
        let name = format!("trader-{n}");
        let margin = MARGIN * random.gen_range(0.5..1.5);
        chain.sell_sdusd("provider-0", &name, whole(margin))?;
        let perp = &perps[random.gen_range(0..perps.len())];
        let (market, perp) = chain.perp(perp)?;
        chain.deposit_margin(&name, &market, 0, whole(margin), None)?;
        let side = if n % 2 == 0 { 1.0 } else { -1.0 };
        let notional = side * margin * random.gen_range(1.0..8.0);
        let index = chain.perps(&market)?[usize::from(perp)].index;
        let size = size(notional, index)?;
        unless_refused(chain.commit(&name, &market, perp, &Order { size, ..Order::default() }))?;
        if n % BATCH == 0 || n == traders {
            settle(chain)?;
        }
    }
    chain.audits = audits;
    chain.check()
}

/// Lets the orders that wait find their prices.
fn settle(chain: &mut Chain) -> Result<()> {
    chain.pass(12)?;
    let markets: Vec<_> = chain.manifest().markets.iter().map(|market| market.name.clone()).collect();
    for market in markets {
        for perp in 0..chain.perps(&market)?.len() {
            let perp = u16::try_from(perp).map_err(ChainError::setup)?;
            if !chain.orders(&market, perp)?.is_empty() {
                unless_refused(chain.settle("keeper", &market, perp, 100))?;
            }
        }
    }
    Ok(())
}

fn provide(chain: &mut Chain, name: &str, vault: usize, value: f64) -> Result<()> {
    let collateral = name_of(chain, vault);
    let manifest = chain.manifest();
    let (_, config) = manifest.collateral(&collateral).map_err(ChainError::setup)?;
    let feed = manifest.feed_id(&config.feed).map_err(ChainError::setup)?;
    let quote = chain.board()?.quotes[usize::from(feed)];
    let price: f64 = quote.price.to_string().parse().map_err(ChainError::setup)?;
    let decimals = config.decimals;
    let tokens: Amount =
        sdp_network::decimal::amount(format!("{:.6}", value / price), decimals).map_err(ChainError::setup)?;
    chain.give(name, &collateral, tokens)?;
    unless_refused(chain.deposit(name, &collateral, tokens, None))
}

fn name_of(chain: &Chain, vault: usize) -> String {
    chain.manifest().collaterals.get(vault).map(|collateral| collateral.name.clone()).unwrap_or_default()
}

/// Whole USD of a figure that nobody needs exactly.
fn whole(usd: f64) -> Usd {
    format!("{usd:.0}").parse().map(Usd::whole).unwrap_or_default()
}

fn size(notional: f64, index: Price) -> Result<Size> {
    let index: f64 = index.to_string().parse().map_err(ChainError::setup)?;
    format!("{:.6}", notional / index).parse().map_err(ChainError::setup)
}

fn unless_refused<T>(done: Result<T>) -> Result<()> {
    match done {
        Err(error) if error.kind == Kind::Refused => Ok(()),
        done => done.map(drop),
    }
}

/// Every price takes a step of its feed's volatility over so many seconds.
pub fn move_prices(
    manifest: &Manifest,
    board: &Board,
    seconds: u64,
    random: &mut ChaCha8Rng,
    prices: &mut BTreeMap<FeedId, Price>,
) -> Result<()> {
    #[allow(clippy::cast_precision_loss)]
    let days = seconds as f64 / DAY as f64;
    for ((feed, config), quote) in (0..).zip(&manifest.feeds).zip(&board.quotes) {
        if quote.price.is_zero() || board.is_pulled(feed) {
            continue;
        }
        let now: f64 = quote.price.to_string().parse().map_err(ChainError::setup)?;
        let sigma: f64 = config.sigma.to_string().parse().map_err(ChainError::setup)?;
        let step: f64 = random.sample(StandardNormal);
        let next = now * (sigma * days.sqrt() * step).exp();
        prices.insert(feed, format!("{next:.8}").parse().map_err(ChainError::setup)?);
    }
    Ok(())
}
