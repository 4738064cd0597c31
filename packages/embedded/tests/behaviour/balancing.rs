//! Providers who are kept at the ratio that they want, by themselves or by anybody for a fee.

use cw20::Cw20ExecuteMsg;
use proptest::prelude::*;
use sdp_embedded::decimal::Dollars;
use sdp_embedded::error::Result;
use sdp_embedded::{events, Actions, Answer, Balancers, World};
use sdp_types::balancer::{Balancing, Fee, Standing};
use sdp_types::events::{Balanced, FromEvent, Refused, Relieved};
use sdp_types::pool::PositionResponse;
use sdp_types::regime::Regime;
use sdp_types::units::{Ratio, Rounding, Usd};
use serde_json::json;

use crate::refused;

/// Between 260 % and 400 %, brought to 300 %, by anybody for 0.1 % and at most 50 dollars.
const RULE: Balancing = Balancing {
    lower: Ratio::percent(260),
    target: Ratio::percent(300),
    upper: Some(Ratio::percent(400)),
    fee: Some(Fee { rate: Ratio::bps(10), most: Usd::whole(50) }),
};

/// anna with 9,000 ATOM at $10 and 30,000 of debt, 300 %, who wants to be kept there; feeds may jump.
fn stage() -> World {
    stage_with(RULE, 100_000)
}

fn stage_with(rule: Balancing, allowed: u64) -> World {
    let mut world = World::with(|manifest| manifest.oracle.breaker = None);
    begin(&mut world, rule, allowed);
    world
}

fn begin(world: &mut World, rule: Balancing, allowed: u64) {
    world.lp("whale").deposits(1_000_000, "ATOM");
    world.lp("anna").deposits(9_000, "ATOM").mints(30_000);
    world.keep_at("anna", "ATOM", rule, Usd::whole(allowed)).unwrap();
}

fn anna(world: &mut World) -> PositionResponse {
    world.lp("anna").with("ATOM").position()
}

fn balance(world: &mut World, by: &str) -> Result<Balanced> {
    told(world.balance_position(by, "ATOM", "anna"))
}

fn told<E: FromEvent>(done: Result<Answer>) -> Result<E> {
    Ok(events::<E>(&done?)?.remove(0))
}

/// What was burnt, minted and paid, USD as people write them.
fn moved(told: &Balanced) -> [String; 3] {
    [told.burnt, told.minted, told.fee].map(|usd| sdp_embedded::decimal::show(usd.raw(), 6))
}

fn three() -> Option<Ratio> {
    Some(Ratio::percent(300))
}

#[test]
fn the_owner_is_brought_to_the_target_from_wherever_he_is_and_pays_nobody() {
    let mut world = stage();
    refused(&mut world, "E0322", |world| balance(world, "anna"));
    // 9,000 · 11 ÷ 3 = 33,000, inside of the band
    world.price("ATOM", 11);
    assert_eq!(moved(&balance(&mut world, "anna").unwrap()), ["0", "3000", "0"]);
    assert_eq!((anna(&mut world).ratio, world.has("anna", "sdusd").as_str()), (three(), "33000"));
    // 9,000 · 8 ÷ 3 = 24,000
    world.price("ATOM", 8);
    assert_eq!(moved(&balance(&mut world, "anna").unwrap()), ["9000", "0", "0"]);
    assert_eq!((anna(&mut world).ratio, world.has("anna", "sdusd").as_str()), (three(), "24000"));
}

#[test]
fn anybody_does_it_for_the_fee_outside_of_the_band_and_the_preview_has_said_so() {
    let mut world = stage();
    refused(&mut world, "E0802", |world| balance(world, "kim"));
    // 9,000 · 7.8 = 70,200: 234 %, 23,400 of debt
    for (price, expected, anna_has, kim_has) in [
        ("7.8", ["6600", "0", "6.6"], "23393.4", "6.6"),
        // 144,000: 48,000 of debt
        ("16", ["0", "24600", "24.6"], "47968.8", "31.2"),
        // 240,000 ÷ 3 = 80,000; 0.1 % of 32,000 is less than 50
        ("26.666666666666666667", ["0", "32000", "32"], "79936.8", "63.2"),
    ] {
        world.price("ATOM", price);
        let shown = world.preview_balance("anna", "ATOM", "kim").unwrap();
        let told = balance(&mut world, "kim").unwrap();
        assert_eq!(moved(&told), expected, "{price}");
        assert_eq!((shown.burnt, shown.minted, shown.fee), (told.burnt, told.minted, told.fee));
        assert_eq!(shown.position, anna(&mut world));
        assert_eq!(
            (world.has("anna", "sdusd"), world.has("kim", "sdusd")),
            (anna_has.into(), kim_has.into())
        );
        assert_eq!(anna(&mut world).ratio, three());
        refused(&mut world, "E0802", |world| balance(world, "kim"));
    }
    // 900,000 ÷ 3 − 80,000, of which 0.1 % would be 220
    world.price("ATOM", 100);
    assert_eq!(moved(&balance(&mut world, "kim").unwrap()), ["0", "220000", "50"]);
}

#[test]
fn no_more_is_burnt_than_is_held_and_allowed_and_what_is_left_is_nearer_to_the_target() {
    let mut world = stage_with(RULE, 0);
    world.price("ATOM", "7.8");
    refused(&mut world, "E0803", |world| balance(world, "kim"));
    // 2,002 ÷ 1.001
    world.keep_at("anna", "ATOM", RULE, Usd::whole(2_002)).unwrap();
    assert_eq!(moved(&balance(&mut world, "kim").unwrap()), ["2000", "0", "2"]);
    // 70,200 ÷ 28,000, still below the band; nothing is left to spend
    assert_eq!(anna(&mut world).ratio.unwrap().to_string()[..5], *"2.507");
    refused(&mut world, "E0803", |world| balance(world, "kim"));
    // 30,000 − 2,002 − 27,000 are held
    world.keep_at("anna", "ATOM", RULE, Usd::whole(100_000)).unwrap();
    world.sells_sdusd("anna", "bert", 27_000);
    assert_eq!(moved(&balance(&mut world, "anna").unwrap()), ["998", "0", "0"]);
    refused(&mut world, "E0803", |world| balance(world, "anna"));
}

#[test]
fn what_others_get_for_a_mint_is_at_most_what_the_owner_has_allowed() {
    let mut world = stage_with(RULE, 7);
    world.price("ATOM", 16);
    // 0.1 % of 18,000 would be 18
    assert_eq!(moved(&balance(&mut world, "kim").unwrap()), ["0", "18000", "7"]);
}

#[test]
fn who_has_not_asked_for_it_is_left_alone() {
    let mut world = stage_with(Balancing { fee: None, ..RULE }, 100_000);
    world.price("ATOM", "7.8");
    refused(&mut world, "E0801", |world| balance(world, "kim"));
    assert_eq!(moved(&balance(&mut world, "anna").unwrap()), ["6600", "0", "0"]);
    // nothing is minted for whoever has named no upper edge
    world.keep_at("anna", "ATOM", Balancing { upper: None, ..RULE }, Usd::ZERO).unwrap();
    world.price("ATOM", 50);
    refused(&mut world, "E0802", |world| balance(world, "kim"));
    refused(&mut world, "E0801", |world| world.balance_position("kim", "ATOM", "whale"));
    world.stop_keeping("anna", "ATOM").unwrap();
    for sender in ["kim", "anna"] {
        refused(&mut world, "E0801", |world| balance(world, sender));
    }
}

#[test]
fn who_stops_leaves_the_balancer_with_nothing_that_it_may_do() {
    let mut world = stage();
    world.lp("anna").deposits(10, "ETH");
    world.keep_at("anna", "ETH", Balancing { fee: None, ..RULE }, Usd::ZERO).unwrap();
    world.stop_keeping("anna", "ATOM").unwrap();
    let means = world.balancing_means("anna").unwrap();
    assert_eq!((means.allowed, means.mints), (Usd::whole(100_000), true), "her ether is kept");
    world.stop_keeping("anna", "ETH").unwrap();
    let means = world.balancing_means("anna").unwrap();
    assert_eq!((means.allowed, means.mints, means.held), (Usd::ZERO, false, Usd::whole(30_000)));
    assert_eq!(world.balancing_rules(0).unwrap(), []);
}

#[test]
fn a_position_that_can_be_liquidated_is_saved_in_time() {
    let mut world = stage();
    // 9,000 · 5.9 = 53,100: 177 %
    world.price("ATOM", "5.9");
    assert_eq!(moved(&balance(&mut world, "kim").unwrap()), ["12300", "0", "12.3"]);
    world.keeper("kim").fails_with("E0313").seizes("anna", "ATOM");
}

#[test]
fn rules_are_listed_by_vault_for_whoever_keeps_others_and_say_where_a_position_is() {
    let mut world = stage();
    for name in ["bert", "cleo"] {
        world.lp(name).deposits(100, "ATOM");
        world.keep_at(name, "ATOM", RULE, Usd::ZERO).unwrap();
    }
    let rules = world.balancing_rules(0).unwrap();
    assert_eq!(rules.len(), 3);
    assert!(rules.iter().all(|entry| entry.rule == RULE));
    let page = |start_after: Option<&str>| {
        let ask = json!({"rules": {"vault": 0, "start_after": start_after, "limit": 2}});
        world.query::<Vec<sdp_types::balancer::RuleResponse>>("balancer", &ask).unwrap()
    };
    let (first, second) = (page(None), page(Some(&rules[1].owner)));
    assert_eq!([first, second].concat(), rules);
    assert_eq!(world.balancing_rules(1).unwrap(), []);

    for (price, standing) in [("8.6", Standing::Below), ("10", Standing::Within), ("14", Standing::Above)] {
        world.price("ATOM", price);
        let found = world.balancing_standing("anna", "ATOM").unwrap();
        assert_eq!((found.standing, found.ratio), (standing, anna(&mut world).ratio));
    }
    // who owes nothing is above every edge
    assert_eq!(world.balancing_standing("bert", "ATOM").unwrap().ratio, None);
}

#[test]
fn a_breaker_that_trips_in_the_message_is_kept_nothing_is_minted_and_nobody_is_paid() {
    let mut world = stage();
    world.lp("whale").with("ATOM").mints(3_300_000);
    world.lp("anna").with("ATOM").burns("29_900");
    // 3,300,100 ÷ 5,045,000 is beyond 60 %; anna is far above her band
    world.price("ATOM", 5);
    let before = (anna(&mut world).debt, world.has("kim", "sdusd"));
    let answer = world.balance_position("kim", "ATOM", "anna").unwrap();
    assert_eq!(events::<Balanced>(&answer).unwrap(), []);
    assert_eq!(events::<Refused>(&answer).unwrap()[0].code, "E0328");
    assert_eq!((anna(&mut world).debt, world.has("kim", "sdusd")), before);
    assert_eq!(world.regimes().unwrap().pool.unwrap().regime, Regime::CloseOnly);
    refused(&mut world, "E0328", |world| balance(world, "kim"));
}

#[test]
fn in_an_emergency_debt_is_burnt_and_nothing_is_minted() {
    let mut world = stage();
    world.trip("guardian", None, Regime::Emergency).unwrap();
    world.price("ATOM", 16);
    refused(&mut world, "E0328", |world| balance(world, "kim"));
    world.price("ATOM", 8);
    assert_eq!(moved(&balance(&mut world, "anna").unwrap()), ["6000", "0", "0"]);
}

#[test]
fn without_a_price_nothing_is_done() {
    let mut world = stage();
    world.price("ATOM", "7.8");
    world.waits(61);
    for sender in ["kim", "anna"] {
        refused(&mut world, "E0206", |world| balance(world, sender));
    }
    refused(&mut world, "E0206", |world| world.relieve("anna", "ATOM", Usd::whole(100), None, None));
}

#[test]
fn a_mint_keeps_to_every_rule_of_a_mint() {
    // a supply of 30,000 and 10 more
    let mut world = World::with(|manifest| {
        manifest.oracle.breaker = None;
        manifest.pool.ceiling = None;
        manifest.pool.supply_ceiling = Dollars(Usd::whole(30_010));
    });
    begin(&mut world, RULE, 100_000);
    world.price("ATOM", 16);
    assert_eq!(moved(&balance(&mut world, "kim").unwrap()), ["0", "10", "0.01"]);
    refused(&mut world, "E0307", |world| balance(world, "kim"));
}

#[test]
fn an_allowance_that_was_taken_back_or_has_expired_is_none() {
    let mut world = stage_with(RULE, 0);
    world.price("ATOM", "7.8");
    let spender = world.address("balancer").into_string();
    let expires = Some(cw20::Expiration::AtTime(cosmwasm_std::Timestamp::from_seconds(world.now() + 30)));
    let allow = Cw20ExecuteMsg::IncreaseAllowance {
        spender: spender.clone(),
        amount: 9_000_000_000u128.into(),
        expires,
    };
    world.execute("anna", "sdusd", &allow, &[]).unwrap();
    assert_eq!(world.preview_balance("anna", "ATOM", "kim").unwrap().burnt, Usd::whole(6_600));
    let snapshot = world.snapshot();
    let amount = 9_000_000_000u128.into();
    let back = Cw20ExecuteMsg::DecreaseAllowance { spender, amount, expires: None };
    world.execute("anna", "sdusd", &back, &[]).unwrap();
    refused(&mut world, "E0803", |world| balance(world, "kim"));

    world.restore(&snapshot);
    world.waits(31).refreshes();
    assert_eq!(world.balancing_means("anna").unwrap().allowed, Usd::ZERO);
    refused(&mut world, "E0803", |world| balance(world, "kim"));
}

#[test]
fn a_rule_is_its_owners_and_not_the_positions() {
    let mut world = stage();
    world.offer_position("anna", "ATOM", Some("bert"), None).unwrap();
    world.accept_position("bert", "ATOM", "anna").unwrap();
    world.price("ATOM", "7.8");
    refused(&mut world, "E0302", |world| balance(world, "kim"));
    refused(&mut world, "E0801", |world| world.balance_position("kim", "ATOM", "bert"));
    // what she begins anew is kept as she has said
    world.lp("anna").with("ATOM").deposits(1_000, "ATOM");
    assert_eq!(moved(&balance(&mut world, "kim").unwrap()), ["0", "2600", "2.6"]);
}

#[test]
fn a_pool_that_was_shut_down_has_nobody_to_be_kept() {
    let mut world = World::with(|manifest| {
        manifest.pool.breakers = None;
        manifest.oracle.breaker = None;
    });
    begin(&mut world, RULE, 100_000);
    for market in [Some("market"), None] {
        for _ in 0..9 {
            world.trip("guardian", market, Regime::Emergency).unwrap();
            world.waits(86_400 - 60).refreshes();
        }
        world.keeper("kim").syncs();
        let contract = market.unwrap_or("pool");
        world.execute("kim", contract, &json!({"shut_down": {}}), &[]).unwrap();
    }
    for price in ["7.8", "16"] {
        world.price("ATOM", price);
        refused(&mut world, "E0333", |world| balance(world, "kim"));
        refused(&mut world, "E0333", |world| world.relieve("anna", "ATOM", Usd::whole(1), None, None));
    }
}

#[test]
fn anybody_pays_for_somebody_up_to_the_target_and_gets_the_rest_back() {
    let mut world = stage_with(RULE, 0);
    world.sells_sdusd("anna", "bert", 10_000);
    world.price("ATOM", 8);
    // 72,000 ÷ 3 = 24,000
    let paid = |world: &mut World, payer: &str, usd: u64, target: Option<u64>| -> Result<Relieved> {
        told(world.relieve(payer, "ATOM", Usd::whole(usd), Some("anna"), target.map(Ratio::percent)))
    };
    let event = paid(&mut world, "bert", 1_000, None).unwrap();
    assert_eq!((event.burnt, event.returned), (Usd::whole(1_000), Usd::ZERO));
    let event = paid(&mut world, "bert", 9_000, None).unwrap();
    assert_eq!((event.burnt, event.returned), (Usd::whole(5_000), Usd::whole(4_000)));
    assert_eq!((anna(&mut world).ratio, world.has("bert", "sdusd").as_str()), (three(), "4000"));
    refused(&mut world, "E0322", |world| paid(world, "bert", 4_000, None));
    // a target of one's own, 72,000 ÷ 3.2 = 22,500
    let event = paid(&mut world, "bert", 4_000, Some(320)).unwrap();
    assert_eq!((event.burnt, event.returned), (Usd::whole(1_500), Usd::whole(2_500)));
    for percent in [0, 100] {
        refused(&mut world, "E0004", |world| paid(world, "bert", 1, Some(percent)));
    }
    refused(&mut world, "E0302", |world| world.relieve("bert", "ATOM", Usd::whole(1), None, three()));
    world.stop_keeping("anna", "ATOM").unwrap();
    refused(&mut world, "E0801", |world| paid(world, "bert", 1, None));
    assert_eq!(world.has("balancer", "sdusd"), "0");
}

#[test]
fn another_token_buys_nothing() {
    let mut world = stage();
    world.give("eve", "ETH", sdp_types::units::Amount::new(1_000_000)).unwrap();
    let hook = json!({"balance": {"vault": 0, "owner": world.address("anna")}});
    let amount = sdp_types::units::Amount::new(1_000_000);
    refused(&mut world, "E0110", |world| world.send_tokens("eve", "ETH", "balancer", amount, &hook));
}

#[test]
fn rules_that_make_no_sense_are_refused_as_are_coins() {
    let mut world = stage();
    let set = |vault: u8, rule: Option<Balancing>| sdp_types::balancer::ExecuteMsg::Set { vault, rule };
    let cases = [
        (set(9, None), "E0301"),
        (set(0, Some(Balancing { lower: Ratio::ONE, ..RULE })), "E0004"),
        (set(0, Some(Balancing { target: Ratio::percent(299), ..RULE })), "E0107"),
    ];
    for (msg, code) in cases {
        refused(&mut world, code, |world| world.execute("anna", "balancer", &msg, &[]));
    }
    world.give("anna", "ATOM", sdp_types::units::Amount::new(1)).unwrap();
    let coins = [cosmwasm_std::coin(1, "uatom")];
    refused(&mut world, "E0109", |world| world.execute("anna", "balancer", &set(0, None), &coins));
}

#[test]
fn a_minter_mints_within_the_rules_and_for_the_owner_alone() {
    let mut world = stage_with(RULE, 0);
    world.lp("anna").deposits(10, "ETH");
    let set = |world: &mut World, minter: Option<&str>| {
        let minter = minter.map(|name| world.address(name));
        world.execute("anna", "pool", &json!({"set_minter": {"minter": minter}}), &[]).unwrap();
    };
    let mint = |world: &mut World, by: &str, vault: u8, usd: u64, to: Option<&str>| {
        let (owner, recipient) = (world.address("anna"), to.map(|name| world.address(name)));
        let mint = json!({"mint": {"vault": vault, "amount": Usd::whole(usd), "owner": owner, "recipient": recipient}});
        world.execute(by, "pool", &mint, &[])
    };
    let minter = |world: &World| {
        let ask = json!({"minter": {"owner": world.address("anna")}});
        world.query::<Option<cosmwasm_std::Addr>>("lens", &ask).unwrap()
    };
    assert_eq!(minter(&world), Some(world.address("balancer")));
    set(&mut world, Some("kim"));
    assert_eq!(minter(&world), Some(world.address("kim")));
    world.price("ATOM", 11);
    // in every vault, to the owner, whoever she is
    mint(&mut world, "kim", 0, 2_000, None).unwrap();
    mint(&mut world, "kim", 1, 1_000, None).unwrap();
    assert_eq!((world.has("anna", "sdusd").as_str(), world.has("kim", "sdusd").as_str()), ("33000", "0"));
    for recipient in ["kim", "anna"] {
        refused(&mut world, "E0346", |world| mint(world, "kim", 0, 100, Some(recipient)));
    }
    refused(&mut world, "E0312", |world| mint(world, "kim", 0, 1_001, None));
    // one at a time: the balancer is not it any more
    refused(&mut world, "E0346", |world| mint(world, "balancer", 0, 100, None));
    for stranger in ["eve", "whale", "market", "owner"] {
        refused(&mut world, "E0346", |world| mint(world, stranger, 0, 100, None));
    }
    world.price("ATOM", 16);
    refused(&mut world, "E0346", |world| balance(world, "anna"));
    // the owner herself names whom she likes
    mint(&mut world, "anna", 0, 100, Some("bert")).unwrap();
    // not for whoever has the position now
    world.offer_position("anna", "ATOM", Some("bert"), None).unwrap();
    world.accept_position("bert", "ATOM", "anna").unwrap();
    refused(&mut world, "E0302", |world| mint(world, "kim", 0, 100, None));
    let of_bert = json!({"mint": {"vault": 0, "amount": "1", "owner": world.address("bert")}});
    refused(&mut world, "E0346", |world| world.execute("kim", "pool", &of_bert, &[]));
    set(&mut world, None);
    assert_eq!(minter(&world), None);
    refused(&mut world, "E0346", |world| mint(world, "kim", 1, 100, None));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever prices and traders do, whatever is allowed: after it debt is between what it was and what the target allows.
    #[test]
    fn the_target_is_never_passed(
        prices in prop::collection::vec((5_000_000u64..25_000_000, 55_000u64..65_000, any::<bool>()), 1..6),
        allowed in 0u64..20_000,
        size in prop_oneof![Just("0.3"), Just("-0.3")],
    ) {
        let mut world = World::with(|manifest| {
            manifest.oracle.breaker = None;
            manifest.pool.breakers = None;
        });
        world.lp("whale").deposits(1_000_000, "ATOM").mints(100_000);
        world.sells_sdusd("whale", "bob", 20_000);
        world.lp("anna").deposits("9_000.000001", "ATOM").mints(30_000);
        world.trader("bob").funds_margin(20_000).commits(size.parse().unwrap(), "BTC");
        world.fills();
        world.keep_at("anna", "ATOM", RULE, Usd::whole(allowed)).unwrap();
        for (atom, btc, by_owner) in prices {
            world.price("BTC", btc);
            world.price("ATOM", sdp_embedded::decimal::show(atom.into(), 6).as_str());
            let before = anna(&mut world);
            let sender = if by_owner { "anna" } else { "kim" };
            let Ok(told) = balance(&mut world, sender) else { continue };
            let after = anna(&mut world);
            let most = after.value.unscale(RULE.target, Rounding::Down).unwrap().signed().unwrap();
            if told.minted.is_zero() {
                prop_assert!(most <= after.debt && after.debt < before.debt, "{told:?}");
            } else {
                prop_assert!(before.debt < after.debt && after.debt <= most, "{told:?}");
            }
            let moved = told.burnt.max(told.minted);
            prop_assert!(told.fee <= RULE.fee.unwrap().of(moved).unwrap());
            prop_assert!(!by_owner || told.fee.is_zero());
            prop_assert!(world.has("balancer", "sdusd") == "0");
        }
    }
}
