//! The pool is over while markets are bonded: what they had claimed is paid, openers get what is left of their bonds, and nothing is stuck.

use sdp_embedded::{Actions, Bonding, World};
use sdp_types::event::{ExecuteMsg, Outcome, Side};
use sdp_types::regime::Regime;
use sdp_types::units::Usd;
use serde_json::json;

use crate::event::{ends, market};
use crate::{bonded_double, code, cost, draws, owes, says, stage, usd, DAY};

/// Seven days of emergency, first of the market of perpetuals; meanwhile a bonded market has this done each day.
fn shuts_down(world: &mut World, mut daily: impl FnMut(&mut World)) {
    for market in [Some("market"), None] {
        for _ in 0..9 {
            world.trip("guardian", market, Regime::Emergency).unwrap();
            world.waits(DAY - 60).refreshes();
            daily(world);
        }
        world.keeper("kim").syncs();
        world.execute("kim", market.unwrap_or("pool"), &json!({"shut_down": {}}), &[]).unwrap();
    }
}

fn publishes(world: &mut World) {
    world.tell_event("kim", "rain", &ExecuteMsg::Publish {}).unwrap();
}

#[test]
fn holders_of_an_event_are_paid_after_the_pool_was_shut_down_and_the_opener_has_what_is_left() {
    let mut world = market();
    world.bond_market("sam", "rain", Usd::whole(25_000)).unwrap();
    world.buy_event("bob", "rain", Side::Yes, Usd::whole(5_200)).unwrap();
    ends(&mut world).price("BTC", 61_000);
    let snapshot = world.snapshot();
    // decided before: 10,000, of which 5,200 are there; decided after: the ring has no price of then any more, and all is refunded
    for (before, outcome, bob, sam) in
        [(true, Outcome::Yes, "104800", "95200"), (false, Outcome::Refunded, "100000", "100000")]
    {
        world.restore(&snapshot);
        if before {
            world.tell_event("kim", "rain", &ExecuteMsg::Resolve {}).unwrap();
        }
        shuts_down(&mut world, publishes);
        if !before {
            world.tell_event("kim", "rain", &ExecuteMsg::Resolve {}).unwrap();
        }
        assert_eq!(world.event_state("rain").unwrap().outcome, Some(outcome));
        if before {
            assert_eq!(code(world.close_market("sam", "rain")), "E1012");
        }
        world.redeem_event("bob", "rain", None).unwrap();
        assert_eq!(world.has("bob", "sdusd"), bob);

        world.close_market("sam", "rain").unwrap();
        world.waits(DAY);
        world.close_market("kim", "rain").unwrap();
        assert_eq!(world.has("sam", "sdusd"), sam);
    }
}

#[test]
fn once_the_claim_is_drawn_the_last_record_keeps_nobodys_bond() {
    let mut world = stage();
    bonded_double(&mut world, "m", 25_000);
    shuts_down(&mut world, |world| {
        let record = owes(world, 5_000);
        says(world, "m", &record).unwrap();
    });
    assert_eq!(cost(&mut world), 0);
    // no push any more: the last one stands
    let record = owes(&world, 0);
    assert_eq!(code(says(&mut world, "m", &record)), "E0333");
    assert_eq!(code(world.close_market("sam", "m")), "E1012");
    draws(&mut world, "m", 5_000, "eve").unwrap();
    assert_eq!(world.bonded_market("m").unwrap().claim, Usd::ZERO);
    assert_eq!(code(draws(&mut world, "m", 1, "eve")), "E0421");
    world.close_market("sam", "m").unwrap();
    world.waits(DAY);
    world.close_market("kim", "m").unwrap();
    assert_eq!(world.has("sam", "sdusd"), "95000");
    assert_eq!(usd(0), cost(&mut world));
}
