//! What a keeper makes of a chain that answers late, not at all, or anew.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use sdp_keeper::{Config, Journal, Keeper, Kind};
use sdp_network::Actions;
use sdp_types::{Ratio, Usd};

use crate::line::{Line, GAS};
use crate::{keeper, kinds, only, world};

const POLL: Duration = Duration::from_millis(1);

/// Bob's account is below maintenance.
fn crashed() -> Line {
    let mut world = world();
    world.trader("bob").buys("0.5", "BTC");
    world.fills();
    world.price("BTC", 56_500);
    assert!(world.trader("bob").state().liquidatable);
    Line::to(world)
}

fn runs(keeper: &mut Keeper, line: &mut Line) {
    keeper.run(line, &AtomicBool::new(false), Some(1), POLL).unwrap();
}

#[test]
fn a_node_that_is_down_when_it_begins_is_asked_until_it_answers() {
    let mut line = crashed();
    line.down.set(5);
    let mut keeper = only(Kind::LiquidateAccounts);
    runs(&mut keeper, &mut line);
    assert_eq!((keeper.tally().failed, keeper.tally().total().done), (5, 1));
    assert!(!line.world.trader("bob").state().liquidatable);
}

#[test]
fn at_the_end_it_waits_for_what_it_has_sent_though_the_node_is_gone_for_a_while() {
    let mut line = crashed();
    (line.late, line.drops) = (2, false);
    let mut keeper = only(Kind::LiquidateAccounts);
    line.world.waits(1);
    assert_eq!(kinds(&keeper.round(&mut line).unwrap()), [Kind::LiquidateAccounts]);
    // told to stop at once: what is on its way is all that is left to do
    line.down.set(3);
    keeper.run(&mut line, &AtomicBool::new(true), None, POLL).unwrap();
    let total = keeper.tally().total();
    assert_eq!((total.sent, total.done, total.wasted), (1, 1, 0));
}

#[test]
fn what_is_on_its_way_is_not_sent_twice_and_is_lost_after_twenty_blocks() {
    let mut line = crashed();
    line.drops = true;
    let mut keeper = only(Kind::LiquidateAccounts);
    let mut sent = Vec::new();
    for block in 0..22 {
        line.world.waits(1);
        let round = keeper.round(&mut line).unwrap();
        if !round.sent.is_empty() {
            sent.push(block);
        }
    }
    assert_eq!(sent, [0, 20]);
    assert_eq!(keeper.tally().total().wasted, 1);
    line.drops = false;
    for _ in 0..21 {
        line.world.waits(1);
        keeper.round(&mut line).unwrap();
    }
    let total = keeper.tally().total();
    assert_eq!((total.sent, total.wasted, total.done), (3, 2, 1));
    assert!(!line.world.trader("bob").state().liquidatable);
}

#[test]
fn a_chain_that_begins_anew_is_followed_and_a_node_that_is_a_little_behind_is_not() {
    let mut line = crashed();
    let before = line.world.snapshot();
    let mut keeper = keeper(|config| config.dry_run = true);
    line.world.waits(1);
    assert!(keeper.round(&mut line).unwrap().block.is_some());
    line.world.restore(&before);
    assert!(keeper.round(&mut line).unwrap().block.is_none());
    for _ in 0..30 {
        line.world.waits(1);
    }
    assert!(keeper.round(&mut line).unwrap().block.is_some());
    line.world.restore(&before);
    assert!(keeper.round(&mut line).unwrap().block.is_some());
}

#[test]
fn a_job_pays_for_the_gas_limit_that_it_is_sent_with() {
    let mut line = crashed();
    let reward = {
        let mut dry = keeper(|config| {
            config.kinds = [Kind::LiquidateAccounts].into();
            config.dry_run = true;
        });
        line.world.waits(1);
        dry.round(&mut line).unwrap().sent[0].1
    };
    assert!(!reward.is_zero());
    // USD for a million units, at which the gas that is used costs 9/10 of the reward, and the limit 117/100
    let price = Ratio::new(reward.raw() * 10_u128.pow(12));
    assert_eq!(
        Config { gas_price: price, ..Config::new("kim") }.cost(GAS).unwrap().raw(),
        (reward.raw() * 9).div_ceil(10)
    );
    let mut keeper = keeper(|config| {
        config.kinds = [Kind::LiquidateAccounts].into();
        config.gas_price = price;
    });
    line.world.waits(1);
    assert!(keeper.round(&mut line).unwrap().sent.is_empty());
    assert_eq!(keeper.tally().total().unprofitable, 1);
}

#[test]
fn it_bids_no_more_than_it_has() {
    let mut world = world();
    world.lp("anna").deposits(10_000, "ATOM").mints(30_000);
    world.sells_sdusd("whale", "leo", 5_000);
    let mut others = keeper(|config| config.kinds = [Kind::LiquidatePosition, Kind::Redo].into());
    let config = Config { kinds: [Kind::Take].into(), budget: Usd::whole(20_000), ..Config::new("leo") };
    let mut keeper = Keeper::new(config, Journal::open(None).unwrap());
    let mut line = Line::to(world);
    line.world.waits(1);
    others.round(&mut line).unwrap();
    line.world.price("ATOM", 5);
    for _ in 0..200 {
        line.world.passes_without_gap(10);
        others.round(&mut line).unwrap();
        keeper.round(&mut line).unwrap();
    }
    let total = &keeper.tally().kinds[&Kind::Take];
    assert!(total.sent >= 1 && total.wasted == 0, "{total:?}");
    let left = line.world.balance("leo", "sdusd").unwrap();
    assert!(left < sdp_types::Amount::new(1_000_000), "{left} left of 5,000 sdUSD");
}
