//! What pool and market say of their risk while people provide and trade.

use sdp_embedded::contributions::Contributions;
use sdp_embedded::{Actions, Audits, World};
use sdp_types::lens::{self, SolvencyResponse};
use sdp_types::units::{SignedUsd, Usd};

/// A trader with so many accounts of $1,000, and the order of each: its size in units, and the perpetual.
fn busy<S: AsRef<str>>(accounts: u16, order: impl Fn(u16) -> (S, &'static str)) -> World {
    let mut world = World::backed();
    world.audits = Audits::Books;
    world.lp("whale").with("ATOM").mints(1_500_000);
    world.sells_sdusd("whale", "bob", u64::from(accounts) * 1_000);
    for number in 0..accounts {
        let (size, perp) = order(number);
        world.trader("bob").account(number).funds_margin(1_000);
        world.trader("bob").account(number).commits(size.as_ref().parse().unwrap(), perp);
        // a queue is settled a hundred at a time
        if number % 50 == 49 {
            world.fills();
        }
    }
    world.fills();
    world.audits = Audits::Deep;
    world.keeper("kim").syncs();
    world
}

fn solvency(world: &World) -> SolvencyResponse {
    world.query("lens", &lens::QueryMsg::Solvency {}).unwrap()
}

fn total(parts: impl IntoIterator<Item = SignedUsd>) -> SignedUsd {
    parts.into_iter().fold(SignedUsd::ZERO, |sum, part| sum.plus(part).unwrap())
}

/// Sizes and sides from a seed, perpetuals in turn: worth $11 to $900 each, so that all of them together fit into the budget.
fn contributions_add_up(accounts: u16, seed: u64) -> World {
    let perps = [("BTC", 60_000), ("ETH", 3_000), ("SOL", 150), ("ATOM", 10)];
    let mut drawn = seed;
    let mut below = |bound: u64| {
        // Knuth's linear congruential generator: its upper half is good enough for a size
        drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (drawn >> 33) % bound
    };
    let orders: Vec<_> = (0..accounts)
        .map(|number| {
            let (perp, price) = perps[usize::from(number) % perps.len()];
            // micro-units, with digits to spare
            let size = (1_100 + below(88_900)) * 10_000 / price;
            let sign = if accounts > 1 && below(2) == 0 { "-" } else { "" };
            (format!("{sign}{}.{:06}", size / 1_000_000, size % 1_000_000), perp)
        })
        .collect();
    let world = busy(accounts, |number| orders[usize::from(number)].clone());
    let Contributions { expected_shortfall, accounts: all } = world.contributions("market").unwrap();
    // the keeper who settles has one too
    assert_eq!(all.len(), usize::from(accounts) + 1);
    assert_eq!(total(all.iter().map(|part| part.contribution)), expected_shortfall.signed().unwrap());
    assert!(!expected_shortfall.is_zero(), "seed {seed}");
    // the pool has no other market
    assert_eq!(world.health().unwrap().expected_shortfall, expected_shortfall);
    let bob = world.address("bob").into_string();
    let held = all.iter().filter(|part| part.owner == bob && !part.contribution.is_zero());
    assert_eq!(held.count(), usize::from(accounts), "seed {seed}");
    world
}

#[test]
fn one_account_contributes_all_of_the_shortfall() {
    for seed in 1..=3 {
        let world = contributions_add_up(1, seed);
        let position = world.account("bob", "market", 0).unwrap().positions[0].clone();
        // 2.82 · 3.5 % of what it is worth, both rounded up
        let shortfall = world.health().unwrap().expected_shortfall.raw();
        let worth = position.notional.raw();
        assert!(
            shortfall * 10_000 >= worth * 987 && (shortfall - 1) * 10_000 < (worth + 1) * 987,
            "{shortfall} {worth}"
        );
    }
}

#[test]
fn the_contributions_of_ten_accounts_add_up_whatever_their_sizes_and_sides() {
    for seed in 1..=5 {
        contributions_add_up(10, seed);
    }
}

#[test]
fn the_contributions_of_three_hundred_accounts_add_up_whatever_their_sizes_and_sides() {
    contributions_add_up(300, 7);
}

#[test]
fn an_account_on_the_other_side_contributes_less_than_nothing() {
    let world = busy(2, |number| [("0.02", "BTC"), ("-0.1", "ETH")][usize::from(number)]);
    let Contributions { expected_shortfall, accounts } = world.contributions("market").unwrap();
    let bob = world.address("bob").into_string();
    let of = |number: u16| {
        let part = accounts.iter().find(|part| part.owner == bob && part.account == number);
        part.unwrap().contribution
    };
    assert!(of(0) > expected_shortfall.signed().unwrap());
    assert!(of(1).is_negative());
}

#[test]
fn the_contributions_of_markets_and_vaults_add_up_after_every_message() {
    let mut world = World::with(|manifest| {
        let mut second = manifest.markets[0].clone();
        second.name = "second".into();
        for perp in &mut second.perps {
            perp.name.push_str("-2");
        }
        manifest.markets.push(second);
    });
    let add_up = |world: &World| {
        let found: lens::ContributionsResponse =
            world.query("lens", &lens::QueryMsg::Contributions {}).unwrap();
        let markets = found.markets.iter().map(|market| market.contribution);
        let sum = total(markets.chain(found.vaults.iter().copied()));
        assert_eq!(sum, found.expected_shortfall.signed().unwrap());
        let health = world.health().unwrap();
        assert_eq!(health.expected_shortfall_with_collateral, found.expected_shortfall);
        found
    };
    assert_eq!(add_up(&world).expected_shortfall, Usd::ZERO);
    world.lp("whale").deposits(1_000_000, "ATOM");
    // 2.82 · 6 % · $10M, all of the first vault
    assert_eq!(add_up(&world).vaults[0], SignedUsd::new(1_692_000_000_000));
    world.lp("emma").deposits(100, "ETH");
    add_up(&world);
    world.lp("whale").with("ATOM").mints(500_000);
    world.sells_sdusd("whale", "bob", 100_000);
    world.sells_sdusd("whale", "eve", 100_000);
    world.trader("bob").funds_margin(100_000);
    world.trader("eve").on("second").funds_margin(100_000);
    world.trader("bob").buys("20000", "ATOM");
    world.fills();
    let long = add_up(&world);
    assert!(long.markets[0].contribution.is_negative(), "what the pool is short hedges its collateral");
    world.trader("eve").on("second").sells("1", "BTC-PERP-2");
    world.fills();
    let both = add_up(&world);
    assert!(both.markets[1].contribution > SignedUsd::ZERO, "the pool is long BTC beside its ATOM");
    world.prices(&[("ATOM", "9.3"), ("BTC", "61000")]);
    add_up(&world);
}

#[test]
fn the_pool_comes_closer_to_default_as_its_collateral_falls() {
    let mut world = World::backed();
    world.lp("whale").with("ATOM").mints(1_500_000);
    let before = solvency(&world);
    assert_eq!((before.assets, before.debt), (Usd::whole(10_000_000), SignedUsd::new(1_500_000_000_000)));
    assert_eq!(before.shortfall, Usd::ZERO);
    world.price("ATOM", 7);
    let after = solvency(&world);
    assert_eq!((after.assets, after.debt), (Usd::whole(7_000_000), before.debt));
    assert!(after.distance_to_default < before.distance_to_default);
    assert!(after.default_probability > before.default_probability);
    assert!(after.credit_spread > before.credit_spread);
    // the collateral's own part of the hedge is all of it
    assert_eq!(after.hedges.len(), 1);
    assert_eq!(after.hedges[0].with_collateral.to_string(), "-1000000");
    world.prices(&[("ATOM", "1.2")]);
    assert_eq!(solvency(&world).shortfall, Usd::whole(300_000));
}

#[test]
fn the_hedge_gains_what_the_providers_lose_and_closes_the_risk() {
    let mut world = World::backed();
    world.lp("whale").with("ATOM").mints(500_000);
    for trader in ["bob", "eve"] {
        world.sells_sdusd("whale", trader, 100_000);
        world.trader(trader).funds_margin(100_000);
    }
    world.trader("bob").buys("0.7", "BTC");
    world.trader("bob").sells("12", "ETH");
    world.fills();
    let hedges = solvency(&world).hedges;
    let of = |feed: u16| hedges.iter().find(|hedge| hedge.feed == feed).unwrap().markets;
    assert_eq!((of(0).to_string(), of(1).to_string()), ("0.7".into(), "-12".into()));

    // what the markets owe more is what 0.7 BTC and −12 ETH have gained, but for potential and a few seconds of funding
    let before = world.health().unwrap();
    world.prices(&[("BTC", "60600"), ("ETH", "2950")]);
    let after = world.health().unwrap();
    let owed = after.debt_from_markets.minus(before.debt_from_markets).unwrap().raw();
    let potential =
        after.potential.signed().unwrap().minus(before.potential.signed().unwrap()).unwrap().raw();
    let gained = 420_000_000 + 600_000_000;
    assert!((owed - potential - gained).abs() < 1_000_000, "{owed} {potential}");

    // somebody who takes the same position against the pool leaves it flat
    world.trader("eve").commits(of(0).negate().unwrap(), "BTC");
    world.trader("eve").commits(of(1).negate().unwrap(), "ETH");
    world.fills();
    let health = world.health().unwrap();
    assert_eq!((health.expected_shortfall, health.gross_exposure), (Usd::ZERO, Usd::ZERO));
    assert!(solvency(&world).hedges.iter().all(|hedge| hedge.markets.is_zero()));
}
