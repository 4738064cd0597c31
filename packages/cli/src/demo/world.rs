//! The deployment that a series asks for: the defaults for a pool of 20 million USD, with every time taken from the series' step
//! and every risk parameter from the volatility that the warm-up showed.

use anyhow::{ensure, Result};
use sdp_embedded::manifest::{
    Auction, Clock, Collateral, Correlations, Feed, Limits, Liquidation, Liquidator, Manifest, Market, Notes,
    Oracle, Pair, Perp, Pool, Roles,
};
use sdp_types::liquidator::Curve;
use sdp_types::market::{Deleveraging, FundingParams, InsurancePremium, PerpStatus, Responses};
use sdp_types::oracle::{FeedBreaker, Measurement, VolatilityRange};
use sdp_types::pool::{Breakers, LossLimits, RiskBudgets};
use sdp_types::regime::Breaker;
use sdp_types::units::DAY;
use sdp_types::Ratio;

use super::num::{correlation, dollars, rate, ratio, whole};
use super::tokens;
use super::universe::{close, Universe};

/// W: what all providers together put in, USD.
pub const POOL: f64 = 20_000_000.0;
/// Collateral value per debt that a mint or an exit must leave, of all but the dollar.
pub const ISSUANCE: f64 = 2.5;
/// Below it a position is seized, of all but the dollar.
pub const LIQUIDATION: f64 = 2.0;
/// The same two of the dollar.
pub const DOLLAR_RATIOS: (f64, f64) = (1.25, 1.1);
/// The market's name.
pub const MARKET: &str = "market";

const HALF_A_DAY: u64 = 43_200;
const HOUR: u64 = 3_600;
/// Longest step: the longest interval of an oracle.
const LONGEST_STEP: u64 = 864_000;
/// Longest half-life of an oracle.
const LONGEST_HALF_LIFE: u32 = 2_592_000;
/// Longest cool-down and hold of an oracle.
const LONGEST_RESTRICTION: u32 = 604_800;
const SLOTS: u16 = 64;
/// Net skew caps by perpetual, parts of W; open interest of a side: twice.
const SKEW_CAPS: [f64; 3] = [0.15, 0.10, 0.05];
/// Of every fill of a perpetual or a synthetic.
pub const FEE: f64 = 0.0006;

/// Times that follow from a series' step, seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Between bars; one price interval.
    pub step: u64,
    /// Longest usual pause between prices: five steps for daily bars (weekends and holidays), else three. Up to it prices serve
    /// to mark accounts, and only a longer one is a gap.
    pub pause: u64,
    /// A price may come so long after its interval's end.
    pub grace: u64,
    /// Keepers sample funding so often.
    pub poke: u64,
    /// An order made at a bar is bound to the next interval.
    pub delay: u64,
    /// From a provider's first deposit to the first request to leave.
    pub stay: u64,
    /// From the request to its execution.
    pub exit: u64,
}

impl Times {
    /// Of a universe.
    pub fn of(universe: &Universe) -> Result<Self> {
        let step = universe.series.step;
        ensure!(
            (1..=LONGEST_STEP).contains(&step),
            "bars of {step} s: the demo replays steps of at most 10 days"
        );
        let time = |row: Option<&sdp_prices::Row>| row.map_or(0, |row| row.time);
        let (first, last) = (time(universe.bars().first()), time(universe.bars().last()));
        let replayed = last.saturating_sub(first);
        let left = step - first % step;
        Ok(Self {
            step,
            pause: if step >= HALF_A_DAY { 5 * step } else { 3 * step },
            grace: step / 720,
            poke: step.min(HOUR),
            delay: (left / 2).max(1),
            stay: (2 * DAY).min(replayed / 10),
            exit: DAY.min(replayed / 20).max(step),
        })
    }
}

/// The whole deployment.
pub fn manifest(universe: &Universe, times: &Times, risk_engine: bool) -> Manifest {
    let first = universe.warm_rows().last().map_or(0, |row| row.time);
    let seconds = |time: u64| u32::try_from(time).unwrap_or(u32::MAX);
    let market = market(universe, times, risk_engine);
    Manifest {
        chain: Clock { start: first - first % times.step },
        roles: Roles {
            owner: "owner".into(),
            guardian: Some("guardian".into()),
            publishers: (1..=3).map(|n| format!("publisher-{n}")).collect(),
            quorum: 2,
        },
        oracle: Oracle {
            interval_seconds: seconds(times.step),
            ring_slots: SLOTS,
            grace_seconds: seconds(times.grace),
            stale_for_trade: seconds((times.step / 2).max(1)),
            stale_for_liquidation: seconds(times.pause),
            stale_for_view: seconds(2 * times.pause),
            gap_seconds: seconds(times.pause),
            average_seconds: seconds(12 * times.step),
            change_delay: 2 * DAY,
            measurement: risk_engine.then(|| measurement(times)),
            breaker: risk_engine.then(|| breaker(times)),
        },
        feeds: (0..universe.sigmas.len()).map(|asset| feed(universe, asset, risk_engine)).collect(),
        correlations: correlations_of(universe),
        pool: pool(universe, times, risk_engine),
        spot: Some(tokens::spot(universe, times, &market.perps, market.maximum_slippage)),
        collaterals: universe.collaterals.iter().map(|asset| collateral(universe, *asset)).collect(),
        markets: vec![market],
        reserve: Some(tokens::reserve(universe)),
        custody: None,
        bonded: None,
        liquidator: Liquidator {
            hole: dollars(0.2 * POOL),
            stop_level: 0,
            withdrawal_delay: DAY,
            withdrawal_window: DAY,
            change_delay: 2 * DAY,
            note_name: "Recovery note of sdUSD".into(),
            note_symbol: "sdNOTE".into(),
            notes: Notes {
                lot: dollars(0.0025 * POOL),
                start: ratio(2.0),
                step: ratio(0.02),
                bid_seconds: 3_600,
                auction_seconds: DAY,
                raise: ratio(1.25),
                ceiling: dollars(0.2 * POOL),
            },
        },
        accounts: Default::default(),
    }
}

/// With deleveraging and limits of a day's losses, as in the built-in manifest.
pub fn protect(manifest: &mut Manifest) {
    manifest.pool.losses = Some(LossLimits::default());
    for market in &mut manifest.markets {
        market.deleveraging = Some(Deleveraging { begin: Ratio::percent(80), end: Ratio::percent(60) });
    }
}

fn sigma(universe: &Universe, asset: usize) -> f64 {
    universe.sigmas.get(asset).copied().unwrap_or_default()
}

fn is_dollar(universe: &Universe, asset: usize) -> bool {
    asset + 1 == universe.sigmas.len()
}

/// A feed's symbol: at most 16 characters.
pub fn symbol(universe: &Universe, asset: usize) -> String {
    universe.name(asset).chars().take(16).collect()
}

/// A sample a bar; half-lives of a day and three, or of so many bars that an estimate of them means something.
fn measurement(times: &Times) -> Measurement {
    let least = Measurement::default();
    let half_life = |usual: u32, bars: u64| {
        let seconds = u32::try_from(bars * times.step).unwrap_or(LONGEST_HALF_LIFE);
        seconds.clamp(usual, LONGEST_HALF_LIFE)
    };
    Measurement {
        sample_seconds: u32::try_from(times.step.min(DAY))
            .map_or(least.sample_seconds, |step| step.max(least.sample_seconds)),
        volatility_half_life: half_life(least.volatility_half_life, 4),
        correlation_half_life: half_life(least.correlation_half_life, 12),
        ..least
    }
}

/// The defaults are for bars of five minutes; what as many standard deviations are grows with the square root of the step. A
/// regime lasts six steps at least.
fn breaker(times: &Times) -> FeedBreaker {
    let wider = (times.step as f64 / 300.0).sqrt().max(1.0);
    let seconds = |usual: u64, steps: u64| {
        u32::try_from((steps * times.step).max(usual))
            .map_or(LONGEST_RESTRICTION, |time| time.min(LONGEST_RESTRICTION))
    };
    FeedBreaker {
        breaker: Breaker {
            caution: Some(ratio(0.08 * wider)),
            close_only: Some(ratio(0.15 * wider)),
            emergency: None,
            release: Ratio::percent(50),
        },
        cool_down: seconds(1_800, 6),
        hold: seconds(DAY, 1),
    }
}

fn feed(universe: &Universe, asset: usize, risk_engine: bool) -> Feed {
    let dollar = is_dollar(universe, asset);
    Feed {
        symbol: symbol(universe, asset),
        sigma: ratio(sigma(universe, asset)),
        deviation_band: if dollar {
            ratio(0.05)
        } else {
            // ten times what a step usually brings
            ratio((10.0 * universe.sigma_of_step(asset)).max(0.2))
        },
        maximum_confidence: ratio(0.02),
        confidence: ratio(if dollar { 0.0001 } else { 0.0005 }),
        price: None,
        // what the warm-up showed is the least; prices go to 1.58 times that, margins to ten times
        volatility: risk_engine.then(|| VolatilityRange {
            floor: ratio(sigma(universe, asset)),
            ceiling: ratio((10.0 * sigma(universe, asset)).min(4.0)),
        }),
        source: None,
    }
}

fn correlations_of(universe: &Universe) -> Correlations {
    let mut pairs = Vec::new();
    for (a, row) in universe.correlations.iter().enumerate() {
        for (b, rho) in row.iter().enumerate().take(a) {
            let feeds = [symbol(universe, a), symbol(universe, b)];
            pairs.push(Pair { feeds, rho: correlation(*rho) });
        }
    }
    Correlations { default: correlation(0.0), pairs }
}

fn pool(universe: &Universe, times: &Times, risk_engine: bool) -> Pool {
    let first = universe.perps.first().map_or(0.02, |asset| sigma(universe, *asset));
    Pool {
        token_name: "Shared Debt Pools dollar".into(),
        token_symbol: "sdUSD".into(),
        // 1/λ: a skew s in the first perpetual is charged s/(25·W)
        impact_depth: dollars(25.0 * POOL * first * first),
        supply_ceiling: dollars(POOL / 2.0),
        exit_delay: times.exit,
        exit_window: (times.pause + 2 * times.step).min(u64::from(SLOTS) * times.step),
        minimum_stay: times.stay,
        change_delay: 2 * DAY,
        risk: risk_engine.then(RiskBudgets::default),
        breakers: risk_engine.then(Breakers::default),
        // half as deep when the budget is full
        least_depth: risk_engine.then(|| dollars(12.5 * POOL * first * first)),
        note_share: ratio(0.5),
        losses: None,
        ceiling: None,
    }
}

/// Decimals of a collateral: the second volatile one is a CW20 with more of them.
pub fn decimals(universe: &Universe, asset: usize) -> u8 {
    if is_cw20(universe, asset) {
        12
    } else {
        6
    }
}

fn is_cw20(universe: &Universe, asset: usize) -> bool {
    universe.collaterals.len() > 2 && universe.collaterals.get(1) == Some(&asset)
}

/// A price that was known before the replay.
pub fn first_price(universe: &Universe, asset: usize) -> f64 {
    universe.warm_rows().last().and_then(|row| close(row, asset)).unwrap_or(1.0)
}

fn collateral(universe: &Universe, asset: usize) -> Collateral {
    let (dollar, cw20) = (is_dollar(universe, asset), is_cw20(universe, asset));
    let name = symbol(universe, asset);
    let (issuance, liquidation) = if dollar { DOLLAR_RATIOS } else { (ISSUANCE, LIQUIDATION) };
    let tokens = 2.0 * POOL / first_price(universe, asset);
    Collateral {
        denom: (!cw20).then(|| format!("u{}", name.to_lowercase())),
        cw20,
        decimals: decimals(universe, asset),
        feed: name.clone(),
        name,
        issuance_ratio: ratio(issuance),
        liquidation_ratio: ratio(liquidation),
        liquidation_penalty: ratio(if dollar { 0.03 } else { 0.1 }),
        stability_fee: ratio(0.03),
        maximum_confidence: ratio(0.015),
        minimum_deposit: dollars(100.0),
        minimum_debt: dollars(100.0),
        deposit_cap: (whole(tokens) + 1).to_string(),
        debt_ceiling: dollars(POOL / 2.0),
        ceiling: None,
        limits: Limits { hole: dollars(0.1 * POOL), discount: ratio(0.07), daily: ratio(0.1) },
        auction: Auction {
            buffer: ratio(1.1),
            curve: Curve::Stair { seconds: 20, factor: ratio(0.99) },
            cusp: ratio(0.55),
            tail: 1_500,
            tip: dollars(5.0),
            chip: ratio(0.001),
            dust: dollars(100.0),
        },
    }
}

fn market(universe: &Universe, times: &Times, risk_engine: bool) -> Market {
    let widest = universe.perps.iter().map(|asset| universe.sigma_of_step(*asset)).fold(0.0, f64::max);
    Market {
        name: MARKET.into(),
        line: dollars(0.05 * POOL),
        ceiling: None,
        fee: ratio(FEE),
        insurance_share: ratio(0.7 / 6.0),
        keeper_share: ratio(0.05),
        order_delay: times.delay,
        order_expiry: 12 * times.step,
        maximum_empty_intervals: 10,
        maximum_slippage: ratio((3.0 * widest).clamp(0.03, 0.5)),
        profit_haircut: ratio(0.5),
        maximum_offset: ratio(if risk_engine { 0.25 } else { 0.0 }),
        responses: if risk_engine {
            Responses { fee: ratio(3.0), funding: ratio(3.0), credit: ratio(2.0) }
        } else {
            Responses { fee: Ratio::ONE, funding: Ratio::ONE, credit: Ratio::ONE }
        },
        insurance: if risk_engine {
            InsurancePremium { shortfall: ratio(0.001), leverage: ratio(0.0001) }
        } else {
            InsurancePremium { shortfall: Ratio::ZERO, leverage: Ratio::ZERO }
        },
        // the chapters about the demo have its figures without
        deleveraging: None,
        fees: None,
        orders: None,
        liquidation: Liquidation { target: ratio(1.25), reward: dollars(2.0), reward_share: ratio(0.1) },
        change_delay: 2 * DAY,
        funding: FundingParams {
            proportional: rate(0.25),
            velocity: rate(9.0),
            integral_cap: rate(0.03),
            rate_cap: rate(0.04),
            decay_seconds: DAY,
            // a keeper that is late once costs nobody funding
            maximum_accrual: (2 * times.poke).max(HOUR),
        },
        perps: universe
            .perps
            .iter()
            .enumerate()
            .map(|(place, asset)| perp(universe, place, *asset))
            .collect(),
    }
}

/// Floor of a perpetual's initial margin: what five standard deviations of one step take, since nobody can be liquidated between
/// two prices, and at least 5 %.
pub fn initial_margin(universe: &Universe, asset: usize) -> f64 {
    (5.0 * universe.sigma_of_step(asset)).max(1.25 * sigma(universe, asset)).clamp(0.05, 0.5)
}

fn perp(universe: &Universe, place: usize, asset: usize) -> Perp {
    let cap = SKEW_CAPS.get(place).copied().unwrap_or(0.05);
    // eight decimals, so that half of it has nine and is exactly half
    let initial = (initial_margin(universe, asset) * 1e8).ceil() / 1e8;
    let maintenance = initial / 2.0;
    Perp {
        name: format!("{}-PERP", symbol(universe, asset)),
        feed: symbol(universe, asset),
        status: PerpStatus::Open,
        initial_margin: ratio(initial),
        maintenance_margin: ratio(maintenance),
        skew_cap: dollars(cap * POOL),
        open_interest_cap: dollars(2.0 * cap * POOL),
        // these four leave an eighth of the maintenance margin, whatever that is
        trade_confidence: ratio(0.06 * maintenance),
        liquidate_confidence: ratio(0.2 * maintenance),
        liquidation_penalty: Ratio::min(ratio(0.24 * maintenance), ratio(0.02)),
        premium_cap: ratio((0.4 * maintenance).min(0.015)),
        minimum_notional: dollars(10.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sdp_embedded::Chain;
    use sdp_prices::Series;

    fn of(series: &Series) -> (Universe, Times, Manifest) {
        let universe = Universe::new(series).unwrap();
        let times = Times::of(&universe).unwrap();
        let manifest = manifest(&universe, &times, true);
        (universe, times, manifest)
    }

    fn hourly(rows: u64, price: impl Fn(u64) -> f64) -> Series {
        let lines = (0..rows).map(|n| format!("{},{:.12}\n", 1_600_000_000 + n * 3_600, price(n)));
        Series::parse("x.csv", &("time,close\n".to_string() + &lines.collect::<String>())).unwrap()
    }

    #[test]
    fn the_built_in_crash_deploys_and_a_weekend_is_no_gap() {
        let (universe, times, manifest) = of(&Series::built_in().unwrap());
        assert_eq!(universe.series.assets, ["SP500", "AAPL", "JPM", "XOM", "USDC"]);
        // from Friday's close, known on Saturday, to Monday's, known on Tuesday: three days
        assert!(times.pause >= 4 * DAY && u64::from(manifest.oracle.gap_seconds) >= 4 * DAY);
        Chain::deploy(manifest).unwrap();
    }

    #[test]
    fn a_series_of_any_volatility_deploys() {
        for (what, price) in [("calm", 100.0), ("dear", 3e9), ("cheap", 2e-7)] {
            let (_, _, manifest) = of(&hourly(60, |n| price * (1.0 + 0.0001 * (n % 3) as f64)));
            Chain::deploy(manifest).unwrap_or_else(|error| panic!("{what}: {error}"));
        }
        let (universe, _, manifest) = of(&hourly(60, |n| if n % 2 == 0 { 100.0 } else { 140.0 }));
        assert_eq!(initial_margin(&universe, 0), 0.5);
        Chain::deploy(manifest).unwrap();
    }

    #[test]
    fn an_order_made_at_a_bar_is_bound_to_the_next_one() {
        // bars at 26 minutes and 40 seconds past the hour
        let (universe, times, manifest) = of(&hourly(60, |n| 100.0 + n as f64));
        let interval = u64::from(manifest.oracle.interval_seconds);
        let bars = universe.bars();
        assert_eq!((bars[0].time + times.delay).div_ceil(interval), bars[1].time / interval);
        assert_eq!(manifest.chain.start % interval, 0);
    }

    #[test]
    fn a_strained_replay_is_protected_as_the_built_in_manifest_is() {
        let (_, _, mut manifest) = of(&Series::built_in().unwrap());
        protect(&mut manifest);
        let built_in = Manifest::built_in().unwrap();
        assert_eq!(manifest.pool.losses, built_in.pool.losses);
        assert_eq!(manifest.markets[0].deleveraging, built_in.markets[0].deleveraging);
        Chain::deploy(manifest).unwrap();
    }

    #[test]
    fn steps_that_no_oracle_takes_are_refused() {
        let lines = (0..30).map(|n| format!("{},7\n", n * 2_600_000));
        let monthly = Series::parse("x.csv", &("time,close\n".to_string() + &lines.collect::<String>()));
        let universe = Universe::new(&monthly.unwrap()).unwrap();
        assert!(Times::of(&universe).is_err());
    }
}
