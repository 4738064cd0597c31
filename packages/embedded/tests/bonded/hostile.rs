//! A hostile market: nothing that it does is run or paid for by anybody else.

use cosmwasm_std::to_json_binary;
use sdp_embedded::meter::{Call, Counts};
use sdp_embedded::{Actions, Bonding, World, DESK};
use sdp_hostile::msg::{ExecuteMsg, Relayed};
use sdp_types::bonded;
use sdp_types::exposure::Exposure;
use sdp_types::pool::{self, MarketMsg};
use sdp_types::record::Record;
use sdp_types::units::{Amount, SignedUsd, Usd, MAX_USD};

use crate::{acts, bonded_double, code, cost, owes, push_of, says, stage, usd};

fn total(calls: &[Call]) -> Counts {
    calls.iter().fold(Counts::default(), |sum, call| sum.plus(call.counts))
}

/// What a provider's deposit, a sync and a trader's order read and write.
fn others(world: &mut World) -> Vec<Counts> {
    let snapshot = world.snapshot();
    world.give("anna", "ATOM", Amount::new(1_000_000_000)).unwrap();
    let coins = [cosmwasm_std::coin(1_000_000_000, "uatom")];
    let deposit = pool::ExecuteMsg::Deposit { beneficiary: None };
    let mut found = vec![total(&world.measure("anna", "pool", &deposit, &coins).unwrap().1)];
    found.push(total(&world.measure("kim", "pool", &pool::ExecuteMsg::Sync {}, &[]).unwrap().1));
    world.trader("sam").funds_margin(1_000);
    let order = sdp_types::market::ExecuteMsg::Poke {};
    found.push(total(&world.measure("kim", "market", &order, &[]).unwrap().1));
    world.restore(&snapshot);
    found
}

#[test]
fn what_it_shows_and_pushes_costs_nobody_else_a_read_or_more_than_a_few_bytes() {
    let mut world = stage();
    bonded_double(&mut world, "m", 25_000);
    let record = owes(&world, 0);
    says(&mut world, "m", &record).unwrap();
    let before = others(&mut world);
    // 100 kB under its key, the largest claim, and then a lie
    let record = owes(&world, 50_000);
    says(&mut world, "m", &record).unwrap();
    acts(&mut world, "m", Some(vec![0xff; 100_000]), vec![]).unwrap();
    let claiming = others(&mut world);
    world.mark_market("kim", "m").unwrap();
    let quarantined = others(&mut world);
    // what the pool reads of the desk has five numbers, and its book has four of them, read once and written once
    let largest = Exposure {
        base: SignedUsd::new(-(i128::try_from(MAX_USD.raw()).unwrap())),
        drawn: MAX_USD,
        fees: MAX_USD,
        open_positions: 8,
        ..record
    };
    let most = 4 * largest.encode().unwrap().len() as u64;
    for (then, now) in before.iter().zip(&claiming).chain(before.iter().zip(&quarantined)) {
        let accesses =
            |counts: &Counts| (counts.reads, counts.writes, counts.raw_queries, counts.smart_queries);
        assert_eq!(accesses(then), accesses(now));
        assert!(now.read_bytes.abs_diff(then.read_bytes) <= most, "{then:?} {now:?}");
        assert!(now.raw_bytes.abs_diff(then.raw_bytes) <= most, "{then:?} {now:?}");
        assert!(now.written_bytes.abs_diff(then.written_bytes) <= most, "{then:?} {now:?}");
    }
}

#[test]
fn the_desk_runs_none_of_its_code() {
    let mut world = stage();
    bonded_double(&mut world, "m", 25_000);
    let market = world.address("m");
    let record = owes(&world, 5);
    says(&mut world, "m", &record).unwrap();
    let calls = |world: &mut World, sender: &str, msg: &bonded::ExecuteMsg| {
        let (_, calls) = world.measure(sender, DESK, msg, &[]).unwrap();
        assert!(!calls.is_empty() && calls.iter().all(|call| call.contract != market), "{msg:?}");
    };
    let name = market.to_string();
    calls(&mut world, "kim", &bonded::ExecuteMsg::Mark { market: name.clone() });
    calls(&mut world, "guardian", &bonded::ExecuteMsg::Quarantine { market: name.clone() });
    calls(&mut world, "owner", &bonded::ExecuteMsg::Resolve { market: name.clone(), claim: Usd::ZERO });
    calls(&mut world, "kim", &bonded::ExecuteMsg::Close { market: name });
}

#[test]
fn it_reenters_while_sdusd_comes_to_it_and_gains_nothing() {
    let mut world = stage();
    bonded_double(&mut world, "m", 25_000);
    let desk = world.address(DESK).into_string();
    let eve = world.introduce("eve").into_string();
    let relay = |msg: cosmwasm_std::Binary| Relayed { contract: desk.clone(), msg };
    let draw = |whole| {
        let (recipient, amount) = (eve.clone(), Usd::whole(whole));
        relay(to_json_binary(&MarketMsg::Draw { amount, recipient, accepted_haircut: None }).unwrap())
    };
    let empty = owes(&world, 0).encode().unwrap();
    let push = push_of(&world, &empty);
    // all of its bond twice, in one hook
    let send = vec![push.clone(), draw(25_000), push, draw(25_000)];
    world.execute("eve", "m", &ExecuteMsg::Reenter { send }, &[]).unwrap();
    let sent = world.send_tokens("sam", "sdusd", "m", Amount::new(1), &pool::Hook::Redeem {});
    assert_eq!(code(sent), "E1009");
    // once is its own money; a lie in the middle of it erases nothing
    let lie = push_of(&world, &[0xff]);
    let send = vec![draw(25_000), lie];
    world.execute("eve", "m", &ExecuteMsg::Reenter { send }, &[]).unwrap();
    world.send_tokens("sam", "sdusd", "m", Amount::new(1), &pool::Hook::Redeem {}).unwrap();
    assert_eq!(world.has("eve", "sdusd"), "25000");
    assert_eq!(world.bonded_market("m").unwrap().quarantine.unwrap().code, "E1022");
    assert_eq!(cost(&mut world), 0);
}

#[test]
fn it_can_push_for_nobody_but_itself() {
    let mut world = stage();
    bonded_double(&mut world, "m", 25_000);
    crate::add_double(&mut world, "n");
    let record = owes(&world, 10);
    assert_eq!(code(says(&mut world, "n", &record)), "E1001");
    let push = bonded::DeskMsg::Push { record: record.encode().unwrap().into() };
    assert_eq!(code(world.execute("sam", DESK, &push, &[])), "E1001");
    assert_eq!(cost(&mut world), usd(0));
}
