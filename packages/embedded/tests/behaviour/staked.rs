//! Collateral that is a liquid-staking token, at the lower of its hub's rate times what is staked and its market's price.

use cosmwasm_std::Binary;
use sdp_embedded::manifest::Pair;
use sdp_embedded::{events, Actions, World};
use sdp_types::board::FeedId;
use sdp_types::events::{AuctionStarted, Exited, PriceRejected};
use sdp_types::oracle::{Change, ExecuteMsg, FeedConfig, Source};
use sdp_types::units::{Price, Ratio, Usd};

const MARKET: &str = "stATOM-market";

/// ATOM at 10, a hub's rate of 1.2 that may grow by 0.1 % a day, a market at 12.5; anna has 10,000 stATOM, the whale 1,000,000 ATOM.
fn staked() -> World {
    let mut world = World::with(|manifest| {
        manifest.oracle.change_delay = 0;
        manifest.oracle.breaker = None;
        manifest.pool.breakers = None;
        manifest.pool.minimum_stay = 0;
        manifest.pool.exit_delay = 60;
        let atom = manifest.feed("ATOM").unwrap().1.clone();
        let mut market = atom.clone();
        (market.symbol, market.price) = (MARKET.into(), Some("12.5".parse().unwrap()));
        let mut staked = atom;
        (staked.symbol, staked.price) = ("stATOM".into(), None);
        manifest.feeds.extend([market, staked]);
        for symbol in [MARKET, "stATOM"] {
            let feeds = [symbol.to_string(), "USDC".to_string()];
            manifest.correlations.pairs.push(Pair { feeds, rho: "0".parse().unwrap() });
        }
        let mut collateral = manifest.collateral("ATOM").unwrap().1.clone();
        (collateral.name, collateral.feed) = ("stATOM".into(), "stATOM".into());
        collateral.denom = Some("ustatom".into());
        collateral.issuance_ratio = Ratio::percent(330);
        collateral.liquidation_ratio = Ratio::percent(220);
        manifest.collaterals.push(collateral);
    });
    world.add_double("hub").unwrap();
    rate(&mut world, Some("1.2"));
    let (feed, config) = source(&world);
    let change = Change::UpdateFeed { feed, config };
    world.execute("owner", "oracle", &ExecuteMsg::Configure { change }, &[]).unwrap();
    world.execute("kim", "oracle", &ExecuteMsg::Enact { id: 0 }, &[]).unwrap();
    world.waits(1).refreshes();
    world.lp("whale").deposits(1_000_000, "ATOM");
    world.lp("anna").deposits(10_000, "stATOM");
    world
}

/// Lowest[ATOM × rate, market], a jump of half taken at once.
fn source(world: &World) -> (FeedId, FeedConfig) {
    let id = |symbol| world.manifest().feed_id(symbol).unwrap();
    let feed = |symbol| Source::Feed { feed: id(symbol) };
    let hub = Source::Rate {
        contract: world.address("hub").into_string(),
        query: Binary::from(br#"{"state":{}}"#),
        path: vec!["exchange_rate".into()],
        maximum_growth: "0.001".parse().unwrap(),
    };
    let staked = Source::Product { of: vec![feed("ATOM"), hub] };
    let (number, entry) = world.manifest().feed("stATOM").unwrap();
    let config = entry.config(world.manifest(), &|name| Ok(name.into())).unwrap();
    let source = Some(Source::Lowest { of: vec![staked, feed(MARKET)] });
    (number, FeedConfig { deviation_band: Ratio::percent(50), source, ..config })
}

fn rate(world: &mut World, rate: Option<&str>) {
    let answer = rate.map(|rate| format!(r#"{{"exchange_rate":"{rate}"}}"#));
    world.tell_double("hub", answer.as_deref()).unwrap();
}

fn price(world: &World) -> Price {
    let feed = world.manifest().feed_id("stATOM").unwrap();
    world.board().unwrap().quotes[usize::from(feed)].price
}

fn value(world: &mut World) -> Usd {
    world.lp("anna").with("stATOM").position().value
}

#[test]
fn it_is_worth_its_rate_times_what_is_staked_while_its_market_pays_more() {
    let mut world = staked();
    assert_eq!(price(&world).to_string(), "12");
    assert_eq!(value(&mut world), Usd::whole(120_000));
    world.lp("anna").with("stATOM").fails_with("E0312").mints("36363.636364");
    world.lp("anna").with("stATOM").mints("36363.636363");
}

#[test]
fn a_rate_that_jumps_adds_no_more_value_than_it_may_grow() {
    let mut world = staked();
    let before = world.now();
    // whoever could move the hub could move a thin market too
    rate(&mut world, Some("2.4"));
    world.price(MARKET, 30);
    world.waits(1).refreshes();
    let seconds = u128::from(world.now() - before);
    assert!((1..=10).contains(&seconds));
    // 0.1 % of 1.2 a day, rounded down, times 10
    let grown = 1_200_000_000_000_000 * seconds / 86_400;
    let expected = (1_200_000_000_000_000_000 + grown) * 10;
    assert_eq!(price(&world).raw(), expected);
    assert_eq!(value(&mut world).raw(), expected / 100_000_000);
    world.lp("anna").with("stATOM").fails_with("E0312").mints(36_364);
    // after a day it is a thousandth of what was there, and of that thousandth hardly anything
    world.waits(86_400 - u64::try_from(seconds).unwrap()).refreshes();
    let (least, most): (Price, Price) = ("12.012".parse().unwrap(), "12.012000001".parse().unwrap());
    let price = price(&world);
    assert!(least.raw() - 100 <= price.raw() && price <= most, "{price}");
}

#[test]
fn a_market_that_discounts_counts_at_once_and_makes_positions_liquidatable() {
    let mut world = staked();
    world.lp("anna").with("stATOM").mints(36_000);
    world.prices(&[("ATOM", "7.2"), (MARKET, "9")]);
    world.waits(1).refreshes();
    // 7.2 · 1.2; a ratio of 2.4
    assert_eq!((price(&world).to_string().as_str(), value(&mut world)), ("8.64", Usd::whole(86_400)));
    world.keeper("kim").fails_with("E0313").seizes("anna", "stATOM");
    // 15 % below that
    world.price(MARKET, "7.344");
    world.waits(1).refreshes();
    assert_eq!((price(&world).to_string().as_str(), value(&mut world)), ("7.344", Usd::whole(73_440)));
    let told = world.keeper("kim").seizes("anna", "stATOM").told::<AuctionStarted>();
    // with the buffer of a tenth
    assert_eq!(told[0].price, "8.0784".parse().unwrap());
}

#[test]
fn a_feed_that_stops_stops_its_vault_and_no_other() {
    let mut world = staked();
    world.lp("anna").with("stATOM").mints(10_000).requests_exit(1_000);
    world.lp("whale").with("ATOM").requests_exit(1_000);
    for round in 0..14 {
        world.waits(5);
        world.prices(&[("ATOM", "10"), ("BTC", "60000"), ("ETH", "3000"), ("SOL", "150"), ("USDC", "1")]);
        let feed = world.manifest().feed_id("stATOM").unwrap();
        let answer = world.pull("kim", &[feed]).unwrap();
        let told = events::<PriceRejected>(&answer).unwrap();
        // as old as its market's price, until that is stale
        assert_eq!(told[0].code, if round < 12 { "E0203" } else { "E0206" }, "{round}");
    }
    world.lp("anna").with("stATOM").fails_with("E0206").mints(1_000);
    world.lp("anna").with("stATOM").fails_with("E0323").exits();
    world.keeper("kim").fails_with("E0206").seizes("anna", "stATOM");
    let done = world.lp("whale").with("ATOM").mints(1_000).exits().told::<Exited>();
    assert_eq!(done[0].released.raw(), 1_000_000_000);
    assert_eq!(world.audit().unwrap().difference.to_string(), "0");

    // it comes back, and everything goes on
    world.refreshes();
    world.waits(5).refreshes();
    world.lp("anna").with("stATOM").mints(1_000);
}

#[test]
fn a_hub_that_fails_stops_its_vault_and_no_other() {
    let mut world = staked();
    rate(&mut world, None);
    for _ in 0..13 {
        world.waits(5).refreshes();
        assert_eq!(world.told::<PriceRejected>()[0].code, "E0213");
    }
    world.lp("anna").with("stATOM").fails_with("E0206").mints(1_000);
    world.lp("whale").with("ATOM").mints(1_000);
}

#[test]
fn a_provider_leaves_at_the_low_edge_once_the_grace_is_over() {
    let mut world = staked();
    world.lp("anna").with("stATOM").mints(30_000).requests_exit(9_000);
    let exit = world.lp("anna").with("stATOM").position().exit.unwrap();
    let intervals = world.board().unwrap().intervals;
    let start = intervals.start(exit.interval);
    world.waits(start - world.now()).refreshes();
    world.waits(1);
    world.prices(&[("ATOM", "10"), (MARKET, "11.4")]);
    world.refreshes();
    world.waits(intervals.closed_from(exit.interval) - 1 - world.now());
    world.lp("anna").with("stATOM").fails_with("E0323").exits();
    world.waits(1).refreshes();
    let done = world.lp("anna").with("stATOM").exits().told::<Exited>();
    // 12 was pulled in that interval, and 11.4: 30,000 · 3.3 at 11.4 less a thousandth stay
    let low: Price = "11.3886".parse().unwrap();
    let stays = (99_000_000_000u128 * 10u128.pow(18)).div_ceil(low.raw());
    let released = done[0].released.raw();
    assert!((10_000_000_000 - stays).abs_diff(released) <= 1, "{released}");
}
