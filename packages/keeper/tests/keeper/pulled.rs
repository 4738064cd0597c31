//! A feed whose price anybody brings: SOL costs here what ETH costs, and only a pull makes that a price of SOL.

use sdp_embedded::manifest::FeedSource;
use sdp_embedded::World;
use sdp_keeper::{Keeper, Kind};
use sdp_network::Actions;
use sdp_types::events::{OrderFilled, PriceSet};

use crate::{keeper, kinds, only, round, told};

const SOL: u16 = 2;

fn world() -> World {
    let mut world = World::with(|manifest| {
        manifest.pool.breakers = None;
        let sol = &mut manifest.feeds[usize::from(SOL)];
        (sol.price, sol.source) = (None, Some(FeedSource::Feed("ETH".into())));
    });
    world.lp("whale").deposits(1_000_000, "ATOM").mints(500_000);
    world.sells_sdusd("whale", "bob", 10_000);
    world.trader("bob").funds_margin(5_000);
    world
}

fn set(keeper: &mut Keeper, world: &mut World) -> Vec<PriceSet> {
    told(&round(keeper, world))
}

/// When the price of SOL on the board was published.
fn published(world: &World) -> u64 {
    world.board().unwrap().quotes[usize::from(SOL)].publish_time
}

#[test]
fn a_feed_is_pulled_when_its_price_is_half_as_old_as_it_may_be_and_its_source_has_a_newer_one() {
    let mut world = world();
    let half = u64::from(world.board().unwrap().staleness.liquidate) / 2;
    let mut keeper = only(Kind::Pull);
    world.waits(1).refreshes();
    assert_eq!(published(&world), world.now());
    world.waits(half - 2).price("ETH", 3_100);
    assert_eq!(world.now() - published(&world), half - 2);
    assert!(set(&mut keeper, &mut world).is_empty(), "a second before it is due");
    let told = set(&mut keeper, &mut world);
    let [price] = &told[..] else { panic!("{told:?}") };
    assert_eq!(
        (price.feed, price.price, price.publish_time),
        (SOL, "3100".parse().unwrap(), world.now() - 2)
    );
    world.waits(half);
    assert!(
        kinds(&round(&mut keeper, &mut world)).is_empty(),
        "ETH has no newer price: nothing to pay gas for"
    );
    world.price("ETH", 3_110);
    assert_eq!(set(&mut keeper, &mut world).len(), 1);
}

#[test]
fn a_feed_is_pulled_once_for_an_order_that_waits_for_its_price() {
    let mut world = world();
    let mut keeper = keeper(|config| {
        (config.kinds, config.pull) = ([Kind::Pull, Kind::Settle].into(), Some(10_000));
    });
    world.waits(1).refreshes();
    world.trader("bob").buys("1", "SOL");
    let interval = world.orders("market", SOL).unwrap()[0].interval;
    let intervals = world.board().unwrap().intervals;
    let (mut pulled, mut filled) = (Vec::<PriceSet>::new(), Vec::<OrderFilled>::new());
    while world.now() < intervals.closed_from(interval) + 2 {
        let due = world.now() + 2 >= intervals.start(interval);
        world.waits(1).price("ETH", 3_000);
        let done = round(&mut keeper, &mut world);
        assert!(due || done.sent.is_empty(), "before the interval begins there is nothing to do");
        pulled.extend(told(&done));
        filled.extend(told(&done));
    }
    let [price] = &pulled[..] else { panic!("{pulled:?}") };
    assert_eq!((price.feed, price.interval), (SOL, interval));
    assert_eq!((filled.len(), filled[0].perp), (1, SOL));
}

#[test]
fn who_pulls_after_another_has_met_him() {
    let mut world = world();
    let mut two = ["kim", "kay"]
        .map(|sender| keeper(|config| (config.sender, config.kinds) = (sender.into(), [Kind::Pull].into())));
    world.waits(60).price("ETH", 3_100);
    let plans = two.each_mut().map(|keeper| keeper.plan(&mut *world).unwrap().unwrap());
    let met: Vec<_> = two
        .iter_mut()
        .zip(plans)
        .map(|(keeper, plan)| {
            keeper.act(&mut *world, plan).unwrap();
            let count = keeper.tally().total();
            (count.sent, count.wasted, count.met)
        })
        .collect();
    assert_eq!(met, [(1, 0, 0), (1, 1, 1)]);
}
