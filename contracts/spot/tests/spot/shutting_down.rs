//! The end: frozen prices, refunds, and tokens that are redeemed for ever.

use sdp_types::book::Watch;
use sdp_types::events::{SpotRefused, SpotShutDown, SyntheticRedeemed};
use sdp_types::record::{key, tag};
use sdp_types::regime::{Reason, Regime, Trip};
use sdp_types::spot::{BuyExact, Change, ExecuteMsg, Hook, SellExact};
use sdp_types::units::ONE;
use sdp_types::{Amount, Size, Usd};

use crate::stage::{address, told, usd, Stage, DAY};

fn emergency(stage: &mut Stage, since: u64) {
    let trip = Trip {
        regime: Regime::Emergency,
        reason: Reason::Governance,
        measure: Default::default(),
        since,
        asked_at: since,
        held_until: u64::MAX,
    };
    stage.book.watch = Watch { trip: Some(trip), ..Watch::default() };
    stage.book.synced_at = stage.now;
    stage.show();
}

fn shut_down(stage: &mut Stage) -> SpotShutDown {
    let change = Change::ShutDown {};
    stage.execute(&address("olga"), ExecuteMsg::Configure { change }).unwrap();
    told(&stage.execute(&address("eve"), ExecuteMsg::Enact { id: 0 }).unwrap())
}

#[test]
fn anybody_shuts_it_down_after_seven_days_of_emergency_in_the_block_of_a_sync() {
    let mut stage = Stage::new();
    stage.bought_exactly("ann", 0, 10 * ONE, 1_100);
    let shut = |stage: &mut Stage| stage.execute(&address("eve"), ExecuteMsg::ShutDown {});
    assert_eq!(shut(&mut stage).unwrap_err().code(), "E0425");
    let now = stage.now;
    emergency(&mut stage, now);
    assert_eq!(shut(&mut stage).unwrap_err().code(), "E0332");
    stage.passes(7 * DAY);
    emergency(&mut stage, now);
    let told: SpotShutDown = told(&shut(&mut stage).unwrap());
    assert_eq!(told.owed.0, [usd(1_000), Usd::ZERO]);
    assert_eq!(shut(&mut stage).unwrap_err().code(), "E0322");
}

#[test]
fn a_shutdown_owes_every_token_its_value_at_the_average_and_refunds_what_waits() {
    let mut stage = Stage::new();
    stage.bought_exactly("ann", 0, 30 * ONE, 3_300);
    stage.bought_exactly("bob", 0, 10 * ONE, 1_100);
    stage.board.averages = vec!["90".parse().unwrap(); 3];
    stage.show();
    stage.buys("cat", 0, usd(100), BuyExact::In { least: None }).unwrap();
    stage.sells("ann", 0, 5 * ONE, SellExact::In { least: None }).unwrap();
    stage.sells("bob", 0, 4 * ONE, SellExact::In { least: None }).unwrap();
    assert_eq!(shut_down(&mut stage).owed.0, [usd(3_600), Usd::ZERO]);
    // the pool sees that nothing depends on prices any more
    let totals = stage.totals();
    assert!(totals.exposure.quantities.iter().all(|entry| entry.quantity == Size::ZERO));
    assert_eq!(totals.frozen, usd(3_600));

    assert_eq!(stage.buys("ann", 0, usd(100), BuyExact::In { least: None }).unwrap_err().code(), "E0603");
    assert_eq!(stage.sells("ann", 0, ONE, SellExact::In { least: None }).unwrap_err().code(), "E0603");
    // bob takes his order back by himself although its interval has begun, the others are told by a settler
    stage.passes(30);
    stage.execute(&address("bob"), ExecuteMsg::Cancel { synthetic: 0, order: 4 }).unwrap();
    let refused: SpotRefused = told(&stage.settles_now(0).unwrap());
    assert_eq!(refused.code, "E0603");
    assert_eq!((stage.holds("ann", 0), stage.holds("bob", 0)), (30 * ONE, 10 * ONE));
    // cat paid the keeper: 5 % of 0.1 % of 100
    assert_eq!(stage.cash("cat"), usd(100).raw() - 5_000);

    let token = stage.token(0);
    let (cash, redeem) = (stage.cash("ann"), Hook::Redeem { synthetic: 0 });
    let response = stage.sends("ann", &token, 10 * ONE, &redeem).unwrap();
    let redeemed: SyntheticRedeemed = told(&response);
    assert_eq!(redeemed.amount, usd(900));
    assert_eq!(stage.cash("ann") - cash, usd(900).raw());
    // holders who burn theirs leave their part to the pool
    *stage.tokens.get_mut(&(token.clone(), address("bob").into_string())).unwrap() -= 6 * ONE;
    stage.show();
    stage.execute(&address("eve"), ExecuteMsg::Sweep { synthetic: 0 }).unwrap();
    assert_eq!(stage.totals().frozen, usd(2_160));
    // years later
    stage.passes(1_000 * DAY);
    stage.sends("bob", &token, 4 * ONE, &redeem).unwrap();
    let last: SyntheticRedeemed = told(&stage.sends("ann", &token, 20 * ONE, &redeem).unwrap());
    assert_eq!(last.amount, usd(1_800));
    let totals = stage.totals();
    assert_eq!((totals.frozen, totals.exposure.open_positions), (Usd::ZERO, 0));
    assert_eq!(stage.synthetics()[0].supply, Amount::ZERO);
    let add = Change::AddSynthetic { config: crate::stage::synthetic(2, "sATOM", 6) };
    let late = stage.execute(&address("olga"), ExecuteMsg::Configure { change: add });
    assert_eq!(late.unwrap_err().code(), "E0603");
}

#[test]
fn the_record_is_one_that_the_pool_reads() {
    use cosmwasm_std::Storage;
    use sdp_types::exposure::Exposure;
    use sdp_types::record::Record;
    let mut stage = Stage::new();
    stage.bought_exactly("ann", 0, 30 * ONE, 3_300);
    let bytes = stage.deps.storage.get(&key(tag::EXPOSURE)).unwrap();
    let exposure = Exposure::decode(&bytes).unwrap().within_bounds().unwrap();
    assert_eq!(exposure, stage.totals().exposure);
}
