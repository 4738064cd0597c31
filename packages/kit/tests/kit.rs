//! The example market passes the kit, and hostile doubles fail the checks that they should.
#![allow(clippy::unwrap_used)]

use cosmwasm_std::{to_json_binary, Binary};
use cw_multi_test::ContractWrapper;
use sdp_market_kit::{Check, Kit};
use sdp_types::bonded::DeskMsg;
use sdp_types::exposure::Exposure;
use sdp_types::record::Record;
use sdp_types::units::{SignedUsd, Usd};
use serde_json::{json, Value};

/// Contracts on BTC above 60,000 in an hour.
fn event() -> Kit {
    let code = ContractWrapper::new(
        sdp_event::contract::execute,
        sdp_event::contract::instantiate,
        sdp_event::contract::query,
    );
    Kit::new().market(Box::new(code), |of| {
        json!({"author": of("kim"), "pool": of("pool"), "desk": of("bonded"), "feed": 0, "strike": "60000",
            "lasts": 3_600, "window": 600, "quote": {"yes_price": "0.5", "spread": "0.02"}})
    })
}

fn buy(side: &str) -> Value {
    json!({"buy": {"side": side, "least": null}})
}

#[test]
fn the_example_market_keeps_everything() {
    let redeem = || json!({"redeem": {"owner": "@bob", "accepted_haircut": null}});
    let report = event()
        .pays("bob", 5_200, buy("yes"))
        .pays("carl", 520, buy("no"))
        .sends("kim", json!({"quote": {"quote": {"yes_price": "0.7", "spread": "0.01"}}}))
        .pays("bob", 71, buy("yes"))
        .sends("kim", json!({"publish": {}}))
        // published a second later, and again at the beginning of the interval that decides
        .waits(3_590)
        .price("BTC", "61000")
        .waits(9)
        .sends("dave", json!({"resolve": {}}))
        // carl's contracts are worth nothing, and bob does not come
        .sends("kim", redeem())
        .sends("kim", json!({"publish": {}}))
        .play()
        .unwrap();
    println!("{report}");
    assert!(report.passed(), "{report}");
}

#[test]
fn a_script_that_leaves_somebody_unpaid_does_not_show_that_it_can_be_closed() {
    let report = event().pays("bob", 5_200, buy("yes")).play().unwrap();
    assert!(report.failed.is_empty() && !report.passed(), "{report}");
    assert!(report.to_string().contains("not made  it can be closed once all were paid"), "{report}");
}

/// A double whose only message is to show and push records.
fn double() -> Kit {
    let code = ContractWrapper::new(
        sdp_hostile::contract::execute,
        sdp_hostile::contract::instantiate,
        sdp_hostile::contract::query,
    );
    Kit::new().market(Box::new(code), |_| json!({}))
}

fn act(show: Option<Vec<u8>>, push: Option<Vec<u8>>) -> Value {
    let send = push.into_iter().map(|record| {
        let msg = to_json_binary(&DeskMsg::Push { record: record.into() }).unwrap();
        json!({"contract": "@bonded", "msg": msg})
    });
    json!({"act": {"show": show.map(Binary::from), "send": send.collect::<Vec<_>>()}})
}

/// A record as of the first block, which the double shows and pushes while nothing else has happened.
fn record(change: impl FnOnce(&mut Exposure)) -> Vec<u8> {
    let start = sdp_network::Manifest::built_in().unwrap().chain.start;
    let mut record = Exposure { as_of: start, ..Exposure::default() };
    change(&mut record);
    record.encode().unwrap()
}

/// The one check that fails beside those that follow from it.
#[track_caller]
fn fails(kit: Kit, check: Check) {
    let report = kit.play().unwrap();
    assert!(report.fails(check), "{report}");
    assert!(report.to_string().contains("FAILED"), "{report}");
}

#[test]
fn each_lie_fails_the_check_that_is_about_it() {
    let owes = |whole: i128| record(|record| record.base = SignedUsd::new(whole * 1_000_000));
    let said = |bytes: Vec<u8>| act(Some(bytes.clone()), Some(bytes));
    let of = |messages: Vec<Value>| messages.into_iter().fold(double(), |kit, msg| kit.sends("eve", msg));
    fails(of(vec![act(Some(vec![0xff; 9]), None)]), Check::Decodes);
    fails(of(vec![act(Some(vec![0xff; 9]), Some(vec![0xff; 9]))]), Check::Decodes);
    // shown, not pushed
    fails(of(vec![act(Some(owes(5)), None)]), Check::Pushed);
    fails(of(vec![act(Some(owes(5)), Some(owes(4)))]), Check::Pushed);
    // the time of the first block, hours later
    fails(double().waits(7_200).sends("eve", said(owes(5))), Check::OfNow);
    fails(of(vec![said(record(|record| record.drawn = Usd::new(1)))]), Check::Counters);
    fails(of(vec![said(owes(50_001))]), Check::WithinCredit);
    // it says that it holds 7
    fails(of(vec![said(owes(-7))]), Check::Holds);
    fails(of(vec![json!({"no such message": {}})]), Check::Script);
    // whoever asks gets the bond
    let draw = |to: &str| {
        let draw = json!({"draw": {"amount": "1000000", "recipient": to, "accepted_haircut": null}});
        let msg = Binary::from(draw.to_string().into_bytes());
        json!({"act": {"show": null, "send": [{"contract": "@bonded", "msg": msg}]}})
    };
    let mallory = mallory();
    fails(double().sends("eve", said(owes(0))).sends("eve", draw(&mallory)), Check::Strangers);
    // positions that nobody can end any more
    fails(of(vec![said(record(|record| record.open_positions = 1))]), Check::Closes);
    // drawn without that it was owed any less
    fails(double().sends("eve", said(owes(10))).sends("eve", draw(&mallory)), Check::Moves);
}

/// The address of the kit's stranger: names have the same addresses on every embedded chain.
fn mallory() -> String {
    sdp_embedded::Chain::built_in().unwrap().address("mallory").into_string()
}
