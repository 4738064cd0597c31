//! Orders of a feed that anyone pulls: whoever chooses the moment gains nothing by it.

use sdp_embedded::{Actions, World};
use sdp_types::board::{FeedId, Intervals};
use sdp_types::events::{OrderFilled, PriceSet};
use sdp_types::oracle::{Change, ExecuteMsg, FeedConfig, Source};
use sdp_types::units::Price;

const BTC: FeedId = 0;
const ID: [u8; 32] = [7; 32];

/// BTC is pulled from a Pyth contract; bob has margin, and an order for 0.1 BTC waits for the interval that is returned.
fn ordered() -> (World, Intervals, u64) {
    let mut world = World::with(|manifest| {
        manifest.oracle.change_delay = 0;
        manifest.oracle.breaker = None;
        manifest.pool.breakers = None;
    });
    world.add_double("pyth").unwrap();
    let source = Source::Pyth {
        contract: world.address("pyth").into_string(),
        id: ID.into(),
        maximum_age: 60,
        maximum_confidence: None,
    };
    let config = world.manifest().feeds[0].config(world.manifest(), &|name| Ok(name.into())).unwrap();
    let change = Change::UpdateFeed { feed: BTC, config: FeedConfig { source: Some(source), ..config } };
    world.execute("owner", "oracle", &ExecuteMsg::Configure { change }, &[]).unwrap();
    world.execute("kim", "oracle", &ExecuteMsg::Enact { id: 0 }, &[]).unwrap();
    world.waits(1).refreshes();
    says(&mut world, 60_000);
    world.lp("whale").deposits(1_000_000, "ATOM").mints(100_000);
    world.sells_sdusd("whale", "bob", 20_000);
    world.trader("bob").funds_margin(20_000).buys("0.1", "BTC");
    let interval = world.orders("market", 0).unwrap()[0].interval;
    let intervals = world.board().unwrap().intervals;
    (world, intervals, interval)
}

/// Pyth says so many USD ± 5 bp now, and somebody pulls it.
fn says(world: &mut World, usd: u64) -> PriceSet {
    let (now, conf, id) = (world.now(), usd * 5, cosmwasm_std::HexBinary::from(ID));
    let price = format!(r#"{{"price":"{usd}0000","conf":"{conf}","expo":-4,"publish_time":{now}}}"#);
    let answer = format!(r#"{{"price_feed":{{"id":"{id}","price":{price},"ema_price":{price}}}}}"#);
    world.tell_double("pyth", Some(&answer)).unwrap();
    let answer = world.pull("anyone", &[BTC]).unwrap();
    sdp_embedded::events(&answer).unwrap().remove(0)
}

fn filled(world: &mut World) -> OrderFilled {
    let answer = world.settle("kim", "market", 0, 1).unwrap();
    sdp_embedded::events(&answer).unwrap().remove(0)
}

#[test]
fn an_order_waits_for_the_grace_and_fills_at_the_worse_edge_of_all_that_was_pulled() {
    let (mut world, intervals, interval) = ordered();
    world.waits(intervals.start(interval) - world.now()).refreshes();
    says(&mut world, 60_000);
    world.waits(2);
    // more than 0.5 % from the lowest to the highest edge: too wide for a pushed price
    says(&mut world, 60_300);
    world.waits(2);
    says(&mut world, 59_700);
    world.waits(intervals.closed_from(interval) - 1 - world.now()).refreshes();
    let waits = world.settle("kim", "market", 0, 1).unwrap_err();
    assert!(waits.says("E0420"), "{waits}");
    world.waits(1);
    // 60,300 · 1.0005, as far as the band's 18 decimals go
    let (edge, unit): (Price, Price) = ("60330.15".parse().unwrap(), "0.0000000000001".parse().unwrap());
    let price = filled(&mut world).price;
    assert!(price >= edge && price <= edge.plus(unit).unwrap(), "{price}");
}

#[test]
fn what_is_pulled_after_the_grace_changes_no_fill() {
    let (mut world, intervals, interval) = ordered();
    world.waits(intervals.start(interval) - world.now()).refreshes();
    says(&mut world, 60_000);
    world.waits(intervals.closed_from(interval) - world.now()).refreshes();
    says(&mut world, 58_000);
    assert_eq!(filled(&mut world).price, "60030".parse().unwrap());
}

#[test]
fn an_interval_that_nobody_pulled_in_passes_an_order_on() {
    let (mut world, intervals, interval) = ordered();
    world.waits(intervals.start(interval + 1) - world.now()).refreshes();
    says(&mut world, 60_100);
    world.waits(intervals.closed_from(interval + 1) - world.now()).refreshes();
    // 60,100 · 1.0005
    assert_eq!(filled(&mut world).price, "60130.05".parse().unwrap());
}
