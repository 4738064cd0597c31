//! The deployments that are measured: the built-in manifest with other feeds and perpetuals, and with delays of seconds.

use anyhow::{ensure, Context, Result};
use sdp_network::decimal::{self, Dollars};
use sdp_network::manifest::{
    Bonded, Collateral, Correlations, EventMarket, Feed, Market, Notes, Pair, Perp, Reserve, ReserveToken,
    Spot, Synthetic,
};
use sdp_network::Manifest;
use sdp_types::market::{FundingParams, PerpStatus};
use sdp_types::oracle::{Measurement, VolatilityRange};
use sdp_types::pool::LossLimits;
use sdp_types::reserve::{OutFee, Status};
use sdp_types::spot::SyntheticStatus;
use sdp_types::units::{Price, Rate, Ratio, SignedRatio, Usd};

/// Symbol, first price and daily volatility of the usual feeds: as many digits as markets have.
const FEEDS: [(&str, &str, &str); 8] = [
    ("BTC", "60000.12", "0.035"),
    ("ATOM", "10.1234", "0.06"),
    ("USDC", "1.0001", "0.001"),
    ("ETH", "3000.45", "0.045"),
    ("SOL", "150.321", "0.06"),
    ("AVAX", "35.123", "0.06"),
    ("DOGE", "0.123456", "0.06"),
    ("LINK", "14.7321", "0.06"),
];

/// One deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// A letter: labels of contracts are stored and read with every call, so they have the same length everywhere.
    pub name: char,
    /// Perpetuals of each market. The board has as many feeds, and those of the two vaults.
    pub perps: usize,
    /// Market contracts.
    pub markets: usize,
    /// Who may publish, and how many of them make a price.
    pub publishers: (usize, u32),
    /// How many times as fast as usual funding runs. At a hundred, indices have after minutes the digits that they else have
    /// after hours; at nought, nothing in a market changes with time.
    pub funding: i128,
    /// Whether the risk engine is on: measurement, budgets, breakers, ceilings that follow what is used.
    pub engine: bool,
    /// Synthetics, of the first feeds. With any there is a par reserve for USDC, too, and nobody meets a loss before buyers of notes do.
    pub synthetics: usize,
    /// Markets that are open at the desk of bonded markets, if there is one; it has [`BONDED`] to be opened.
    pub desk: Option<usize>,
}

/// How many markets can be opened at the desk.
pub const BONDED: usize = 2;

/// Name of a market to be opened there, from 1 on.
pub fn event_name(number: usize) -> String {
    format!("event-{number}")
}

/// Seconds between two samples where the engine is on: the least, so that one can be had within seconds.
const SAMPLE_SECONDS: u32 = 10;

/// Number of a feed by its symbol.
pub fn feed(symbol: &str) -> Option<u16> {
    (0..).zip(FEEDS).find(|(_, feed)| feed.0 == symbol).map(|(number, _)| number)
}

/// Symbol, first price, volatility.
fn entry(number: usize) -> (String, String, String) {
    match FEEDS.get(number) {
        Some((symbol, price, sigma)) => (symbol.to_string(), price.to_string(), sigma.to_string()),
        None => (format!("F{number:02}"), format!("{}.1234", number + 10), "0.06".into()),
    }
}

fn ratio(text: &str) -> Result<Ratio> {
    Ok(Ratio::new(decimal::parse(text, Ratio::DECIMALS)?))
}

fn usd(text: &str) -> Result<Dollars> {
    Ok(Dollars(Usd::new(decimal::parse(text, 6)?)))
}

impl Layout {
    /// How many feeds the board has.
    pub fn feeds(&self) -> usize {
        self.perps.max(3)
    }

    /// The deployment with every parameter.
    pub fn manifest(&self) -> Result<Manifest> {
        ensure!(self.perps <= 32, "at most 32 perpetuals");
        let mut manifest = Manifest::built_in()?;
        let (publishers, quorum) = self.publishers;
        manifest.roles.publishers = (1..=publishers).map(|number| format!("publisher-{number}")).collect();
        manifest.roles.quorum = quorum;

        let oracle = &mut manifest.oracle;
        (oracle.interval_seconds, oracle.ring_slots, oracle.grace_seconds) = (2, 256, 4);
        (oracle.stale_for_trade, oracle.stale_for_liquidation, oracle.stale_for_view) = (300, 600, 900);
        (oracle.gap_seconds, oracle.change_delay) = (600, 0);
        manifest.feeds = (0..self.feeds()).map(feed_config).collect::<Result<_>>()?;
        if self.engine {
            oracle.measurement = oracle
                .measurement
                .map(|measurement| Measurement { sample_seconds: SAMPLE_SECONDS, ..measurement });
        } else {
            oracle.measurement = None;
            manifest.feeds.iter_mut().for_each(|feed| feed.volatility = None);
        }
        let usdc =
            |other: &Feed| Pair { feeds: [other.symbol.clone(), "USDC".into()], rho: SignedRatio::ZERO };
        let others = manifest.feeds.iter().filter(|feed| feed.symbol != "USDC");
        manifest.correlations =
            Correlations { default: manifest.correlations.default, pairs: others.map(usdc).collect() };

        let pool = &mut manifest.pool;
        (pool.exit_delay, pool.exit_window, pool.minimum_stay, pool.change_delay) = (2, 300, 0, 0);
        if !self.engine {
            (pool.risk, pool.breakers, pool.least_depth, pool.ceiling) = (None, None, None, None);
        }
        let caps = |collateral: Collateral| -> Result<Collateral> {
            Ok(Collateral {
                deposit_cap: "1_000_000_000".into(),
                debt_ceiling: usd("10_000_000")?,
                ceiling: collateral.ceiling.filter(|_| self.engine),
                ..collateral
            })
        };
        let coins = manifest.collaterals.into_iter().filter(|collateral| collateral.denom.is_some());
        manifest.collaterals = coins.map(caps).collect::<Result<_>>()?;
        for collateral in &mut manifest.collaterals {
            // so that an auction that is too old can be had within seconds
            collateral.auction.tail = 20;
        }

        let first = manifest.markets.first().context("the built-in manifest has no market")?.clone();
        let perps = (0..self.perps).map(perp_config).collect::<Result<Vec<_>>>()?;
        let times = |rate: Rate| Rate::new(rate.raw() * self.funding);
        let funding = FundingParams {
            proportional: times(first.funding.proportional),
            velocity: times(first.funding.velocity),
            integral_cap: times(first.funding.integral_cap),
            rate_cap: times(first.funding.rate_cap),
            ..first.funding
        };
        let market = |number: usize| Market {
            name: format!("market-{number}"),
            ceiling: first.ceiling.filter(|_| self.engine),
            funding,
            order_delay: 1,
            order_expiry: 120,
            maximum_empty_intervals: 30,
            change_delay: 0,
            perps: perps.clone(),
            ..first.clone()
        };
        manifest.markets = (1..=self.markets).map(market).collect();
        manifest.liquidator.change_delay = 0;
        if let Some(custody) = &mut manifest.custody {
            let there: Vec<_> = manifest.collaterals.iter().map(|collateral| &collateral.name).collect();
            custody.tokens.retain(|token| there.contains(&&token.collateral));
            custody.change_delay = 0;
        }
        if self.synthetics > 0 {
            self.beside(&mut manifest)?;
        }
        manifest.bonded = self.desk.map(|_| desk()).transpose()?;
        manifest.check()?;
        Ok(manifest)
    }
}

impl Layout {
    /// Adds synthetics, a reserve, and notes that are sold within seconds.
    fn beside(&self, manifest: &mut Manifest) -> Result<()> {
        ensure!(self.synthetics <= FEEDS.len().min(self.perps), "a synthetic has a feed and a perpetual");
        manifest.spot = Some(Spot {
            line: usd("1_000_000")?,
            ceiling: None,
            fee: ratio("0.0006")?,
            insurance_share: ratio("0.1")?,
            keeper_share: ratio("0.05")?,
            order_delay: 1,
            order_expiry: 120,
            maximum_empty_intervals: 30,
            maximum_slippage: ratio("0.03")?,
            change_delay: 0,
            synthetics: (0..self.synthetics).map(synthetic).collect::<Result<_>>()?,
        });
        manifest.reserve = Some(Reserve {
            supply_share: ratio("0.2")?,
            minimum_room: usd("10_000")?,
            change_delay: 0,
            tokens: vec![ReserveToken {
                collateral: "USDC".into(),
                band: ratio("0.005")?,
                maximum_confidence: ratio("0.002")?,
                ceiling: usd("2_000_000")?,
                fee_in: ratio("0.001")?,
                fee_out: OutFee { least: ratio("0.001")?, most: ratio("0.01")? },
                status: Status::Open,
            }],
        });
        manifest.pool.losses = Some(LossLimits { draw_cap: Ratio::ZERO, loss_budget: Ratio::ZERO });
        let notes = &manifest.liquidator.notes;
        manifest.liquidator.notes = Notes { lot: usd("1_000")?, bid_seconds: 2, ..notes.clone() };
        Ok(())
    }
}

/// A desk with markets to be opened.
fn desk() -> Result<Bonded> {
    let event = |number| {
        Ok(EventMarket {
            name: event_name(number),
            author: "taker".into(),
            feed: "BTC".into(),
            strike: Price::new(decimal::parse("60_000", Price::DECIMALS)?),
            // when everything else has been measured
            lasts: 200,
            window: 600,
            yes_price: ratio("0.5")?,
            spread: ratio("0.02")?,
        })
    };
    Ok(Bonded {
        line: usd("200_000")?,
        minimum_bond: usd("5_000")?,
        multiple: Ratio::percent(200),
        cap: ratio("0.02")?,
        slots: 8,
        max_age: 86_400,
        draw_delay: 0,
        close_delay: 2,
        resolution_time: 3_600,
        change_delay: 0,
        events: (1..=BONDED).map(event).collect::<Result<_>>()?,
    })
}

fn synthetic(number: usize) -> Result<Synthetic> {
    let (symbol, ..) = entry(number);
    Ok(Synthetic {
        name: format!("Synthetic {symbol}"),
        symbol: format!("s{symbol}"),
        decimals: 6,
        feed: symbol.clone(),
        status: SyntheticStatus::Open,
        skew_cap: usd("3_000_000")?,
        trade_confidence: ratio("0.004")?,
        settle_confidence: ratio("0.015")?,
        premium_cap: ratio("0.015")?,
        minimum_notional: usd("10")?,
        funding: Some(format!("{symbol}-PERP")),
    })
}

fn feed_config(number: usize) -> Result<Feed> {
    let (symbol, price, sigma) = entry(number);
    let floor = ratio(&sigma)?;
    Ok(Feed {
        symbol,
        sigma: floor,
        deviation_band: ratio("0.9")?,
        maximum_confidence: ratio("0.05")?,
        confidence: ratio("0.0005")?,
        price: Some(Price::new(decimal::parse(&price, Price::DECIMALS)?)),
        volatility: Some(VolatilityRange { floor, ceiling: Ratio::new(floor.raw() * 10) }),
        source: None,
    })
}

fn perp_config(number: usize) -> Result<Perp> {
    let (symbol, ..) = entry(number);
    Ok(Perp {
        name: format!("{symbol}-PERP"),
        feed: symbol,
        status: PerpStatus::Open,
        initial_margin: ratio("0.1")?,
        maintenance_margin: ratio("0.05")?,
        skew_cap: usd("3_000_000")?,
        open_interest_cap: usd("6_000_000")?,
        trade_confidence: ratio("0.004")?,
        liquidate_confidence: ratio("0.015")?,
        liquidation_penalty: ratio("0.01")?,
        premium_cap: ratio("0.015")?,
        minimum_notional: usd("10")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_hold_together() {
        for (perps, engine) in [(1, true), (8, false), (32, false), (32, true)] {
            let layout = Layout {
                name: 'a',
                perps,
                markets: 2,
                publishers: (3, 2),
                funding: 100,
                engine,
                synthetics: 0,
                desk: None,
            };
            let manifest = layout.manifest().unwrap();
            assert_eq!((manifest.markets[1].perps.len(), manifest.feeds.len()), (perps, perps.max(3)));
            let pool = &manifest.pool;
            let on = [manifest.oracle.measurement.is_some(), pool.risk.is_some(), pool.breakers.is_some()];
            assert_eq!(on, [engine; 3]);
            assert_eq!(manifest.markets[1].ceiling.is_some(), engine);
            assert!(manifest.spot.is_none() && manifest.reserve.is_none());
            let with_desk = Layout { desk: Some(1), ..layout }.manifest().unwrap();
            assert_eq!(with_desk.event_markets().count(), BONDED);
            let more = Layout { synthetics: 8, ..layout }.manifest();
            assert_eq!(more.is_ok(), perps >= 8);
            let spot = more.ok().and_then(|manifest| manifest.spot);
            assert!(spot.is_none_or(|spot| spot.synthetics.len() == 8));
        }
    }
}
