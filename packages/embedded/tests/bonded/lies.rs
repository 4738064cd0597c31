//! What can't be true quarantines a market, each for a reason of its own, and the others go on.

use sdp_embedded::{Bonding, World};
use sdp_types::events::BondedQuarantined;
use sdp_types::exposure::{Exposure, FeedQuantity};
use sdp_types::record::Record;
use sdp_types::units::{SignedUsd, Size, Usd};

use crate::{acts, bonded_double, code, cost, draws, owes, push_of, says, stage, usd, DAY};

/// What quarantines a market that owes 1,000 and pushes these bytes then.
#[track_caller]
fn quarantined_by(bytes: &dyn Fn(&World) -> Vec<u8>) -> String {
    let mut world = stage();
    bonded_double(&mut world, "m", 25_000);
    bonded_double(&mut world, "honest", 25_000);
    let first = Exposure { fees: Usd::whole(10), ..owes(&world, 1_000) };
    says(&mut world, "m", &first).unwrap();
    world.passes(5);
    let push = push_of(&world, &bytes(&world));
    let answer = acts(&mut world, "m", None, vec![push]).unwrap();
    let told = sdp_embedded::events::<BondedQuarantined>(&answer).unwrap();
    // its claim stays: what it owed and the fees in it
    assert_eq!(told[0].claim, Usd::whole(1_010));
    let market = world.bonded_market("m").unwrap();
    assert_eq!(market.claim, Usd::whole(1_010));
    assert_eq!(market.quarantine.unwrap().code, told[0].code);
    // nothing is believed any more, nothing is paid
    let record = owes(&world, 0);
    assert_eq!(code(says(&mut world, "m", &record)), "E1006");
    assert_eq!(code(draws(&mut world, "m", 1, "eve")), "E1006");
    assert_eq!(code(world.mark_market("kim", "m")), "E1006");
    says(&mut world, "honest", &record).unwrap();
    assert_eq!(cost(&mut world), 0);
    told[0].code.clone()
}

fn encoded(record: &Exposure) -> Vec<u8> {
    record.encode().unwrap()
}

#[test]
fn each_lie_has_its_own_code() {
    let btc =
        |whole: i128| vec![FeedQuantity { feed: 0, quantity: Size::new(whole * 1_000_000_000_000_000_000) }];
    let of = |change: &dyn Fn(&World, &mut Exposure)| {
        quarantined_by(&|world| {
            let mut record = Exposure { fees: Usd::whole(10), ..owes(world, 1_000) };
            change(world, &mut record);
            encoded(&record)
        })
    };
    assert_eq!(quarantined_by(&|_| vec![1; 257]), "E1021");
    assert_eq!(quarantined_by(&|_| Vec::new()), "E1022");
    assert_eq!(quarantined_by(&|_| vec![0xff; 40]), "E1022");
    assert_eq!(quarantined_by(&|world| [encoded(&owes(world, 1)), vec![0]].concat()), "E1022");
    // a feed that there is not, and more than can be
    assert_eq!(
        of(&|_, record| record.quantities = vec![FeedQuantity { feed: 31, quantity: Size::new(1) }]),
        "E1022"
    );
    assert_eq!(of(&|_, record| record.base = SignedUsd::MAX), "E1022");
    assert_eq!(of(&|world, record| record.as_of = world.now() + 1), "E1023");
    assert_eq!(of(&|world, record| record.as_of = world.now() - 6), "E1023");
    assert_eq!(of(&|_, record| record.drawn = Usd::new(1)), "E1024");
    assert_eq!(of(&|_, record| record.shortfalls = Usd::new(1)), "E1024");
    assert_eq!(of(&|_, record| record.fees = Usd::new(9_999_999)), "E1025");
    // 50,000 of credit: with 10 of fees one micro-USD more than may be owed
    assert_eq!(of(&|_, record| record.base = SignedUsd::new(49_990_000_001)), "E1026");
    // one BTC at 60,000, whose entry costs as much
    assert_eq!(
        of(&|_, record| {
            record.quantities = btc(1);
            record.base = SignedUsd::new(-60_000_000_000);
        }),
        "E1027"
    );
}

#[test]
fn all_of_the_credit_may_be_owed_and_the_bond_bears_half_of_it() {
    let mut world = stage();
    bonded_double(&mut world, "m", 25_000);
    let record = owes(&world, 50_000);
    says(&mut world, "m", &record).unwrap();
    assert_eq!(cost(&mut world), usd(25_000));
    assert_eq!(world.bonded_market("m").unwrap().refund, Usd::ZERO);
    // what it would win is nothing until it is paid in
    let record = owes(&world, -1_000_000);
    says(&mut world, "m", &record).unwrap();
    assert_eq!(cost(&mut world), 0);
    world.pay_in_for("sam", "m", Usd::whole(300)).unwrap();
    assert_eq!(cost(&mut world), usd(-300));
}

#[test]
fn what_was_drawn_counts_against_the_credit_too() {
    let mut world = stage();
    bonded_double(&mut world, "m", 25_000);
    let record = owes(&world, 0);
    says(&mut world, "m", &record).unwrap();
    draws(&mut world, "m", 20_000, "eve").unwrap();
    let record = owes(&world, 30_000);
    says(&mut world, "m", &record).unwrap();
    let record = Exposure { base: SignedUsd::new(30_000_000_001), ..record };
    let answer = says(&mut world, "m", &record).unwrap();
    assert_eq!(sdp_embedded::events::<BondedQuarantined>(&answer).unwrap()[0].code, "E1026");
    assert_eq!(cost(&mut world), usd(25_000));
}

#[test]
fn a_market_that_shows_something_else_than_it_pushed_is_found_out_by_anyone() {
    let mut world = stage();
    bonded_double(&mut world, "m", 25_000);
    let record = owes(&world, 1_000);
    says(&mut world, "m", &record).unwrap();
    world.mark_market("kim", "m").unwrap();
    assert!(world.bonded_market("m").unwrap().quarantine.is_none());
    // what lies behind the record is its own
    let longer = [encoded(&record), vec![7; 300]].concat();
    acts(&mut world, "m", Some(longer), vec![]).unwrap();
    world.mark_market("kim", "m").unwrap();
    assert_eq!(world.check_market("m").unwrap().as_pushed, Some(true));
    let shown = encoded(&owes(&world, 900));
    acts(&mut world, "m", Some(shown), vec![]).unwrap();
    assert_eq!(world.check_market("m").unwrap().as_pushed, Some(false));
    let answer = world.mark_market("kim", "m").unwrap();
    assert_eq!(sdp_embedded::events::<BondedQuarantined>(&answer).unwrap()[0].code, "E1028");
}

#[test]
fn a_market_that_is_silent_for_too_long_neither_draws_nor_stays() {
    let mut world = stage();
    bonded_double(&mut world, "m", 25_000);
    let record = owes(&world, 1_000);
    says(&mut world, "m", &record).unwrap();
    world.waits(DAY).refreshes();
    world.mark_market("kim", "m").unwrap();
    world.waits(1).refreshes();
    assert_eq!(code(draws(&mut world, "m", 1, "eve")), "E1010");
    let answer = world.mark_market("kim", "m").unwrap();
    assert_eq!(sdp_embedded::events::<BondedQuarantined>(&answer).unwrap()[0].code, "E1029");
}

#[test]
fn a_missing_price_is_no_lie_and_what_is_owed_follows_the_price() {
    let mut world = stage();
    bonded_double(&mut world, "m", 25_000);
    // half a BTC of 60,000, bought at that: owes what it rises by, at the edge of the band
    let quantity = Size::new(500_000_000_000_000_000);
    let record = |world: &World| Exposure {
        quantities: vec![FeedQuantity { feed: 0, quantity }],
        ..owes(world, -30_000)
    };
    let first = record(&world);
    says(&mut world, "m", &first).unwrap();
    world.uncertain_price("BTC", "62000", "0.001");
    world.mark_market("kim", "m").unwrap();
    // 0.5·(62,000·1.001) − 30,000
    assert_eq!(world.bonded_market("m").unwrap().claim, Usd::whole(1_031));
    world.waits(3_600);
    assert_eq!(code(world.mark_market("kim", "m")), "E0206");
    let late = record(&world);
    assert_eq!(code(says(&mut world, "m", &late)), "E0206");
    let market = world.bonded_market("m").unwrap();
    assert_eq!((market.claim, market.quarantine), (Usd::whole(1_031), None));
    // it is no excuse for silence
    world.waits(DAY - 3_600 + 1);
    let answer = world.mark_market("kim", "m").unwrap();
    assert_eq!(sdp_embedded::events::<BondedQuarantined>(&answer).unwrap()[0].code, "E1029");
    assert_eq!(world.bonded_market("m").unwrap().claim, Usd::whole(1_031));
}
