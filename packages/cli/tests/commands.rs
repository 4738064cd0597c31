//! `sdp` as a user calls it: commands that follow one another on a chain in a file, and their exit codes.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod place;

use std::path::Path;
use std::process::{Command, Stdio};

use place::Place;
use serde_json::Value;

#[test]
fn a_life_from_nothing_to_a_closed_position() {
    let place = Place::new("life");
    place.does("deploy");
    place.does("give whale 1_000_000 ATOM");
    place.does("deposit 1_000_000 ATOM --from whale");
    place.does("mint 5_000 ATOM --from whale");
    place.does("sell 5_000 --from whale --to bob");
    place.does("margin deposit 1_000 --from bob");
    place.does("commit BTC 0.1 --from bob");
    place.does("advance 20s");
    let settled = place.json("settle BTC --from kim");
    let filled = settled["events"].as_array().unwrap().iter().find(|event| event["type"] == "order_filled");
    assert_eq!(filled.unwrap()["attributes"]["owner"], "bob");
    let account = place.json("show account bob");
    assert_eq!(account["positions"][0]["size"], "0.1");
    // 2.82 · 3.5 % of 6,000
    let contributions = place.json("show contributions");
    assert_eq!(contributions["market"]["expected_shortfall"], "592200000");
    assert_eq!(contributions["pool"]["markets"][0]["market"], place.json("show names")["market"]);
    assert_eq!(place.json("show solvency")["hedges"][0]["markets"], "0.1");
    assert!(place.does("show contributions").contains("bob/0"));
    assert!(place.does("show solvency").contains("distance to default"));
    assert!(place.does("health").contains("592.20"));
    place.does("price BTC=61_000");
    place.does("commit BTC -0.1 --from bob --limit 60_000");
    place.does("advance 20s");
    place.does("settle BTC --from kim");
    assert_eq!(place.json("show account bob")["positions"], Value::Array(vec![]));
    assert_eq!(place.json("audit")["difference"], "0");
    assert!(place.does("health").contains("10,000,000.00"));
    let answer = place.call(&["query", "lens", "{\"markets\":{}}", "--output", "json"]);
    let answer: Value = serde_json::from_slice(&answer.stdout).unwrap();
    assert_eq!(answer[0]["line"], "1000000000000");
}

#[test]
fn regimes_and_ceilings_are_shown_tripped_reset_and_adjusted() {
    let place = Place::new("regimes");
    place.does("deploy");
    place.does("give whale 1_000_000 ATOM");
    place.does("deposit 1_000_000 ATOM --from whale");
    place.does("mint 5_000 ATOM --from whale");
    let shown = place.does("show regimes");
    for text in ["pool", "normal", "debt ÷ collateral", "0.05 %", "45.00 %", "profit drawn by market"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    place.fails("trip closed --from guardian", 2, "caution, close_only or emergency");
    place.does("trip close_only --from guardian");
    assert_eq!(place.json("show regimes")["pool"]["reason"], "governance");
    assert!(place.does("show regimes").contains("86400 s more"));
    assert!(place.does("show ceilings").contains("rises to 1,005,000.00 once the regime is normal"));
    assert!(place.does("health").contains("close-only"));
    place.fails("mint 1_000 ATOM --from whale", 1, "E0328");
    place.fails("reset --from guardian", 1, "E0101");
    place.does("reset --from owner");
    // the breaker let all ceilings fall to what was used: 5,000, 5,000, nothing
    place.fails("mint 1_000 ATOM --from whale", 1, "E0306");
    for what in ["supply", "ATOM", "market"] {
        let told = place.does(&format!("adjust-ceiling {what} --from kim"));
        assert!(told.contains("to 1,0"), "{told}");
        place.fails(&format!("adjust-ceiling {what} --from kim"), 1, "E0322");
    }
    assert!(place.does("show ceilings").contains("1,005,000.00"));
    place.does("mint 1_000 ATOM --from whale");
    assert!(place.does("show ceilings").contains("rises to 1,006,000.00 in 28800 s"));
    place.fails("adjust-ceiling supply --from kim", 1, "E0330");
    place.fails("adjust-ceiling nothing --from kim", 3, "no contract is called `nothing`");
    // nothing is at risk
    place.fails("adjust-depth --from kim", 1, "E0322");
}

#[test]
fn dollar_tokens_are_swapped_at_the_par_reserve_of_a_manifest_that_has_one() {
    let place = Place::new("reserve");
    place.does("init --manifest par.toml --reserve");
    place.does("deploy par.toml");
    place.does("give whale 1_000_000 ATOM");
    place.does("deposit 1_000_000 ATOM --from whale");
    place.does("mint 1_000_000 ATOM --from whale");
    place.does("give sam 3_000 USDC");
    place.fails("swap in 1_000 USDC --from sam --least 999.000001", 1, "E0704");
    place.does("swap in 1_000 USDC --from sam --least 999");
    place.does("swap in 1_000 USDC --from sam --margin market --account 2 --for bob");
    place.does("swap in 1_000 USDC --from sam --burn ATOM --for whale");
    // 0.1 % of each
    assert_eq!(place.json("show account bob 2")["margin"], "999000000");
    let shown = place.json("show reserve");
    assert_eq!(shown["totals"]["value"], "3000000000");
    assert_eq!(shown["tokens"][0]["refuses_in"], Value::Null);
    place.fails("swap out 100 USDC --from sam --least 100", 1, "E0704");
    place.does("swap out 100 USDC --from sam --least 99");
    place.fails("swap revalue USDC --from kim", 1, "E0322");
    place.does("price USDC=0.97");
    place.does("swap revalue USDC --from kim");
    let table = place.does("show reserve");
    assert!(table.contains("0.97") && table.contains("E0701"), "{table}");
    assert_eq!(place.json("audit")["difference"], "0");
}

#[test]
fn tokens_are_margin_and_are_sold_where_their_account_owes_more_than_they_count_for() {
    let place = Place::new("custody");
    place.does("deploy");
    place.does("give whale 10_000_000 USDC");
    place.does("deposit 10_000_000 USDC --from whale");
    place.does("mint 100_000 USDC --from whale");
    place.does("sell 50_000 --from whale --to tara");
    place.does("give bob 1_000 ATOM");
    place.does("custody deposit 1_000 ATOM --from bob");
    let shown = place.does("show custody bob");
    // at the low edge of the price, 9.99
    for text in ["ATOM", "1,000", "9,990.00"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    assert!(place.does("show account bob").contains("tokens count for"));
    place.does("commit BTC 1 --from bob");
    place.does("advance 20s");
    place.does("settle BTC --from kim");
    place.fails("custody withdraw 1_000 ATOM --from bob", 1, "E1105");
    place.fails("custody sell bob --from kim", 1, "E1107");
    place.does("price BTC=50_000");
    place.does("liquidate traders bob --from kim");
    place.does("custody sell bob --from kim");
    assert!(place.does("show custody").contains("bob/0"));
    place.fails("custody stop bob --from kim", 1, "E1110");
    place.fails("custody redo bob --from kim", 1, "E0504");
    place.fails("custody take bob 1_000 --max-price 1 --from tara", 1, "E0505");
    place.does("custody take bob 1_000 --max-price 11 --from tara");
    assert_eq!(place.json("show account bob")["margin"], "0");
    assert_eq!(place.json("show custody")["sales"].as_array().map(Vec::len), Some(0));
    assert_eq!(place.json("audit")["difference"], "0");
}

/// The number of the change that the owner has just asked for.
fn change(told: &Value) -> String {
    let events = told["events"].as_array().unwrap();
    let queued = events.iter().find(|event| event["type"] == "change_queued").unwrap();
    queued["attributes"]["id"].as_str().unwrap().to_string()
}

/// Four markets by somebody whom nobody knows: `hail` is put into quarantine, `rain` is approved, `snow` is closed, and `fog` is still bonded when
/// the pool is shut down.
#[test]
fn a_strangers_markets_go_from_nothing_to_approval_shutdown_and_their_end() {
    let place = Place::new("bonded");
    place.does("init --manifest mine.toml --bonded");
    place.does("deploy mine.toml");
    place.does("give whale 1_000_000 ATOM");
    place.does("deposit 1_000_000 ATOM --from whale");
    place.does("mint 200_000 ATOM --from whale");
    for (name, amount) in [("sam", 110_000), ("bob", 1_000), ("carl", 200)] {
        place.does(&format!("sell {amount} --from whale --to {name}"));
    }
    let makes = |name: &str| {
        place.json(&format!("event new {name} --feed BTC --strike 60_500 --lasts 1h --window 30d --from sam"))
    };
    let address = makes("rain")["address"].as_str().unwrap().to_string();
    assert_eq!(place.json("show names")["rain"], address.as_str());
    place.fails("event new rain --feed BTC --strike 1 --lasts 1h --from eve", 3, "called `rain` already");
    place.fails("event new ice --feed ICE --strike 1 --lasts 1h --from eve", 3, "ICE");
    for name in ["hail", "snow", "fog"] {
        makes(name);
    }
    place.fails("event buy rain yes 104 --from bob", 1, "E1055");
    place.fails("bonded open rain 24_999 --from sam", 1, "E1002");

    // the owner says that nothing is owed: the bond goes back at once
    place.does("bonded open hail 25_000 --from sam");
    place.fails("bonded quarantine hail --from eve", 1, "E0103");
    place.does("bonded quarantine hail --from guardian");
    assert!(place.does("bonded show hail").contains("quarantine E1020"));
    place.fails("bonded close hail --from kim", 1, "E1013");
    place.does("bonded resolve hail 0 --from owner");
    place.does("bonded close hail --from kim");
    assert_eq!(place.json("show balance sam")["held"]["sdusd"], "110000000000");

    for name in ["rain", "snow", "fog"] {
        place.does(&format!("bonded open {name} 25_000 --from sam"));
    }
    // 200 contracts at 0.52, and another 100 by somebody who knows the address only
    place.fails("event buy rain yes 104 --least 201 --from bob", 1, "E1054");
    place.does("event buy rain yes 104 --least 200 --from bob");
    assert_eq!(place.json("bonded show rain")["markets"][0]["claim"], "96000000");
    assert!(place.does("bonded show").contains("24,904.00"));
    place.does(&format!("event buy {address} yes 52 --from carl"));
    place.does("event buy snow no 52 --from carl");
    place.does("event buy fog yes 52 --from bob");
    assert!(place.does("bonded check rain").contains("is good"));
    place.fails("bonded check sdusd", 1, "E1022");
    place.does("bonded mark rain --from kim");
    place.does("bonded top-up rain 100 --from sam");
    place.does("bonded pay-in rain 5 --from sam");
    place.does("event quote rain 0.6 0.01 --from sam");
    place.does("event publish rain --from kim");
    place.does("event announce rain --from kim");

    let listing = change(&place.json("bonded approve rain 500 --from owner"));
    place.fails("bonded graduate rain --from kim", 1, "E0508");
    place.fails(&format!("bonded graduate rain --enact {listing} --from kim"), 1, "E0105");
    place.does("advance 2d");
    place.does(&format!("bonded graduate rain --enact {listing} --from kim"));
    place.fails("bonded open rain 25_000 --from sam", 1, "E0009");
    // 110,000 less two bonds and the 5 that he has paid in
    assert_eq!(place.json("show balance sam")["held"]["sdusd"], "59995000000");

    place.does("price BTC=61_000");
    for name in ["rain", "snow", "fog"] {
        place.does(&format!("event resolve {name} --from kim"));
        assert!(place.does(&format!("event show {name}")).contains("yes"));
    }
    place.does("event redeem rain --from bob");
    // carl does not come
    let holders = place.does("event holders rain");
    assert!(holders.contains("carl") && !holders.contains("bob"), "{holders}");
    place.does("event redeem rain --for carl --from kim");
    place.fails("event redeem rain --for carl --from kim", 1, "E0322");
    place.does("event pay-in snow --from kim");
    place.does("bonded close snow --from sam");
    place.fails("bonded close snow --from kim", 1, "E1013");
    place.does("advance 1d");
    place.does("bonded close snow --from kim");
    place.does("event publish fog --from kim");

    let end = change(&place.json("shut-down ask --from owner"));
    place.does("advance 2d");
    place.does(&format!("shut-down enact {end} --from kim"));
    place.fails("bonded close fog --from sam", 1, "E1012");
    place.does("event redeem fog --from bob");
    place.does("bonded close fog --from sam");
    place.does("advance 1d");
    place.does("bonded close fog --from kim");

    // sam bore the 48 that bob's contracts of fog were beyond what was paid for them; the pool those of rain
    for (name, has) in
        [("sam", 110_000 - 5 - 48), ("bob", 1_000 - 104 - 52 + 200 + 100), ("carl", 200 - 104 + 100)]
    {
        let held = &place.json(&format!("show balance {name}"))["held"]["sdusd"];
        assert_eq!(held, &format!("{has}000000"), "{name}");
    }
    let shown = place.json("bonded show");
    assert_eq!(shown["markets"], Value::Array(vec![]));
    // what lies at the desk is what was paid in, 5 for rain and 52 of snow
    assert_eq!(
        (&shown["totals"]["held"], &shown["totals"]["used"]),
        (&"57000000".into(), &"-57000000".into())
    );
    assert_eq!(place.json("audit")["difference"], "0");
}

#[test]
fn a_position_is_kept_at_a_ratio_by_whoever_comes_until_its_owner_stops_it() {
    let place = Place::new("balance");
    place.does("deploy");
    place.does("give whale 1_000_000 ATOM");
    place.does("deposit 1_000_000 ATOM --from whale");
    place.does("give anna 9_000 ATOM");
    place.does("deposit 9_000 ATOM --from anna");
    place.does("mint 30_000 ATOM --from anna");
    place.fails("balance set ATOM --target 2.9 --from anna", 1, "E0107");
    place.does("balance set ATOM --target 3 --lower 2.7 --upper 4 --fee 0.001 --allow 10_000 --from anna");
    // 78,300 for 30,000; 26,100 would be 300 %
    place.does("price ATOM=8.7");
    let shown = place.does("show position anna");
    for text in ["300.00 %", "270.00 %", "0.10 %, at most 5.00", "burns 3,900.00", "10,000.00", "yes"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    place.fails("balance now ATOM --owner whale --from kim", 1, "E0801");
    place.does("balance now ATOM --owner anna --from kim");
    assert_eq!(place.json("show position anna")[0]["debt"], "26100000000");
    assert_eq!(place.json("show balance kim")["held"]["sdusd"], "3900000");
    place.fails("balance now ATOM --owner anna --from kim", 1, "E0802");
    place.fails("balance now ATOM --from anna", 1, "E0322");
    place.does("balance stop ATOM --from anna");
    place.fails("balance now ATOM --from anna", 1, "E0801");
    assert!(!place.does("show position anna").contains("kept"));
    assert_eq!(place.json("audit")["difference"], "0");
}

#[test]
fn a_perpetual_is_listed_on_a_feed_with_defaults_of_its_volatility_and_traded_by_its_name() {
    let place = Place::new("listing");
    place.does("deploy");
    place.fails("list USDC", 3, "no collateral");
    place.does("give whale 1_000_000 ATOM");
    place.does("deposit 1_000_000 ATOM --from whale");
    place.does("mint 5_000 ATOM --from whale");
    place.does("sell 5_000 --from whale --to bob");
    place.does("margin deposit 1_000 --from bob");
    place.fails("list GOLD", 3, "no measured feed GOLD");
    place.fails("commit USDC 1000 --from bob", 3, "no perpetual `USDC`");
    let shown = place.does("list USDC");
    assert!(shown.contains("BTC-PERP") && shown.contains("last sample"), "{shown}");

    // σ is 0.1 %: closing costs 0.1 % of premium, 0.06 % fee, 0.1 % band, 0.1 % penalty and 0.1 % on top, in steps of 0.1 %
    let config =
        &place.json("list USDC --name DOLLAR-PERP --minimum 5")["configure"]["change"]["add_perp"]["config"];
    assert_eq!((&config["maintenance_margin"], &config["initial_margin"]), (&"0.005".into(), &"0.01".into()));
    // 15 % of $10M
    assert_eq!(
        (&config["skew_cap"], &config["minimum_notional"]),
        (&"1500000000000".into(), &"5000000".into())
    );

    // for a vote: one message of the owner
    place.does("list USDC --proposal proposal.json");
    let proposal: Value =
        serde_json::from_slice(&std::fs::read(place.0.join("proposal.json")).unwrap()).unwrap();
    let [message] = &proposal["messages"].as_array().unwrap()[..] else { panic!("one message: {proposal}") };
    let names = place.json("show names");
    assert_eq!((&message["contract"], &message["sender"]), (&names["market"], &names["owner"]));

    place.fails("list USDC --from bob", 1, "E0103");
    place.does("list USDC --from owner");
    place.does("advance 172800s");
    place.does(r#"tx market {"enact":{"id":0}} --from bob"#);
    place.does("price");
    place.does("commit USDC 1000 --from bob");
    place.does("advance 20s");
    place.does("settle USDC --from kim");
    assert_eq!(place.json("show account bob")["positions"][0]["size"], "1000");
    assert_eq!(place.json("audit")["difference"], "0");
}

#[test]
fn a_pool_ends_and_everybody_gets_what_is_left() {
    let place = Place::new("shut-down");
    place.does("init --manifest par.toml --reserve");
    place.does("deploy par.toml");
    for lp in ["anna", "bert"] {
        place.does(&format!("give {lp} 1_000_000 ATOM"));
        place.does(&format!("deposit 1_000_000 ATOM --from {lp}"));
    }
    place.does("mint 6_000 ATOM --from anna");
    place.does("sell 1_000 --from anna --to bob");
    place.does("margin deposit 1_000 --from bob");
    place.fails("shut-down ask --from eve", 1, "E0103");
    place.fails("shut-down now market --from kim", 1, "E0332");
    place.fails("shut-down ask spot --from owner", 3, "no market `spot`");
    assert!(place.does("show estate").contains("was not shut down"));
    let market = change(&place.json("shut-down ask market --from owner"));
    let pool = change(&place.json("shut-down ask --from owner"));
    place.fails(&format!("shut-down enact {market} market --from kim"), 1, "E0105");
    place.does("advance 172800s");
    place.does("price");
    place.does(&format!("shut-down enact {market} market --from kim"));
    place.does(&format!("shut-down enact {pool} --from kim"));
    place.fails("shut-down write-off ATOM --owner anna --from kim", 1, "E0338");
    place.fails("shut-down fix-claims --from kim", 1, "E0335");
    assert!(place.does("show estate").contains("claims can be fixed from"));
    place.does("margin withdraw 1_000 --from bob");
    place.does("advance 604800s");
    place.does("shut-down fix-claims --from kim");
    // no holes: 6,000 of 10 million at 10 are the holders', 600 ATOM
    let estate = place.json("show estate");
    assert_eq!(estate["claims"]["holders"], "6000000000");
    assert_eq!(
        (&estate["claims"]["haircut"], &estate["claims"]["collateral"][0]),
        (&"0".into(), &"600000000".into())
    );
    place.does("shut-down claim ATOM --owner anna --from kim");
    place.does("shut-down claim ATOM --from bert");
    place.fails("shut-down claim ATOM --from bert", 1, "E0302");
    assert!(place.does("show balance bert").contains("1,000,000"));
    place.does("shut-down redeem 1_000 --from bob");
    assert_eq!(place.json("show estate bob")["due"][0], "100000000");
    place.does("shut-down collect ATOM --from bob");
    place.fails("shut-down collect --from bob", 1, "E0322");
    place.does("shut-down redeem 5_000 --from anna");
    place.does("shut-down collect --from anna");
    assert!(place.does("show estate").contains("claims of holders of sdUSD"));
    assert_eq!(place.json("show estate")["claims"]["left"][0], "0");
    assert_eq!(place.json("audit")["difference"], "0");
}

#[test]
fn who_stands_by_with_sdusd_gets_what_is_seized_and_leaves_after_the_delay() {
    let place = Place::new("backstop");
    place.deploys(|text| text.replace("stability_fee = \"0.03\"", "stability_fee = \"0\""));
    place.does("give whale 1_000_000 ATOM");
    place.does("give zoe 3_000 ATOM");
    place.does("deposit 1_000_000 ATOM --from whale");
    place.does("mint 50_000 ATOM --from whale");
    place.does("deposit 3_000 ATOM --from zoe");
    place.does("mint 9_900 ATOM --from zoe");
    place.does("backstop deposit 20_000 --from whale");
    place.fails("backstop flag zoe ATOM --from kim", 1, "E0313");
    place.does("price ATOM=8");
    place.does("advance 5s");
    place.does("price ATOM=6.5");
    place.does("backstop flag zoe ATOM --from kim");
    assert!(place.does("show backstop").contains("zoe"));
    place.does("liquidate position zoe ATOM --from kim");
    // 9,900 and a tenth
    assert_eq!(place.json("show backstop")["total"], "9110000000");
    let account = place.json("show backstop whale");
    // 10,890 ÷ 6.045 = 1,801.488834, rounded up
    assert_eq!(account["gains"][0], "1801488834");
    assert!(place.does("show backstop whale").contains("ATOM to claim"));
    place.does("backstop claim --from whale");
    place.fails("backstop claim --from whale", 1, "E0322");
    place.does("backstop request 1_000 --from whale");
    place.fails("backstop withdraw --from whale", 1, "E0520");
    assert!(place.does("show backstop whale").contains("asked for"));
    assert_eq!(place.json("audit")["difference"], "0");
}

#[test]
fn recovery_notes_are_sold_to_who_claims_least_and_redeemed() {
    let place = Place::new("notes");
    place.deploys(|text| {
        let text = text.replace("draw_cap = \"0.25\"", "draw_cap = \"0\"");
        let text = text.replace("stability_fee = \"0.03\"", "stability_fee = \"0\"");
        text.replace("loss_budget = \"0.02\"", "loss_budget = \"0\"")
    });
    place.does("give whale 1_000_000 ATOM");
    place.does("deposit 1_000_000 ATOM --from whale");
    place.does("mint 40_000 ATOM --from whale");
    for (who, amount) in [("bob", 4_000), ("bea", 6_000), ("ben", 6_000), ("ann", 6_000)] {
        place.does(&format!("sell {amount} --from whale --to {who}"));
    }
    place.does("margin deposit 4_000 --from bob");
    place.does("commit BTC 1 --from bob");
    place.does("advance 20s");
    place.does("settle BTC --from kim");
    place.fails("notes start --from kim", 1, "E0322");
    assert!(!place.does("show solvency").contains("recovery notes"));
    place.does("price BTC=52_000");
    place.does("liquidate traders bob --from kim");
    place.does("sync --from kim");

    // 8,000 lost of 4,000 of margin, of which nobody takes anything, less what insurance has
    let micro = |value: &Value| value.as_str().unwrap().parse::<u64>().unwrap();
    let health = place.json("health");
    let lot = micro(&health["bad_debt"]) - micro(&health["insurance"]);
    assert!((3_900_000_000..4_200_000_000).contains(&lot), "{lot}");
    assert!(place.does("notes start --from kim").contains("note_auction_started"));
    let shown = place.json("show notes");
    assert_eq!(micro(&shown["auctions"][0]["lot"]), lot);
    assert_eq!(micro(&shown["auctions"][0]["most"]), 2 * lot);
    place.fails("notes restart 1 --from kim", 1, "E0528");
    place.fails("notes bid 2 --claim 6_000 --from bea", 1, "E0007");
    place.does("notes bid 1 --claim 6_000 --from bea");
    // 2 % of 6,000 less
    place.fails("notes bid 1 --claim 5_880.000001 --from ben", 1, "E0529");
    place.does("notes bid 1 --claim 5_880 --from ben");
    let listed = place.does("notes list");
    assert!(listed.contains("5,762.40") && listed.contains("ben"), "{listed}");
    assert_eq!(place.json("show balance bea")["held"]["sdusd"], "6000000000");
    place.fails("notes settle 1 --from kim", 1, "E0528");
    place.does("advance 3_600s");
    place.does("notes settle 1 --from kim");
    place.does("sync --from kim");
    assert_eq!(place.json("show balance ben")["held"]["sdnote"], "5880000000");
    assert!(place.does("show balance ben").contains("5,880"));
    assert_eq!(micro(&place.json("health")["losses"]["notes"]), lot);
    let solvency = place.does("show solvency");
    assert!(solvency.contains("yield at which they sold") && solvency.contains("5,880.00"), "{solvency}");

    place.fails("notes redeem 100 --from ben", 1, "E0005");
    assert!(!place.does("health").contains("set aside"));
    place.does("margin deposit 5_000 --from ann");
    place.does("commit BTC 0.5 --from ann");
    place.does("advance 20s");
    place.does("settle BTC --from kim");
    place.does("sync --from kim");
    assert!(place.does("health").contains("set aside for recovery notes"));
    assert!(place.does("audit").contains("set aside for recovery notes"));
    place.fails("notes redeem 100 --least 100 --from ben", 1, "E0343");
    assert!(place.does("notes redeem 100 --from ben").contains("notes_redeemed"));
    assert_eq!(place.json("show balance ben")["held"]["sdnote"], "5780000000");
    assert_eq!(place.json("audit")["difference"], "0");
}

#[test]
fn each_kind_of_failure_has_its_exit_code_and_leaves_the_state() {
    let place = Place::new("failures");
    place.fails("health", 3, "sdp deploy");
    place.does("deploy");
    place.fails("deploy", 3, "--force");
    let state = || std::fs::read(place.0.join(".sdp/chain.sdp-state")).unwrap();
    let before = state();
    place.fails("mint 1_000 ATOM --from anna", 1, "E0302");
    place.fails("deposit 1 BTC --from anna", 3, "no collateral `BTC`");
    place.fails("deposit 1.0000001 ATOM --from anna", 3, "is not a number with up to 6 decimals");
    place.fails("price XYZ=1", 3, "no feed `XYZ`");
    place.fails("tx nobody {} --from anna", 3, "no contract is called `nobody`");
    place.fails("mint ATOM", 2, "Usage");
    assert!(state() == before);
    let refused = place.sdp("mint 1_000 ATOM --from anna --output json");
    let error: Value = serde_json::from_slice(&refused.stderr).unwrap();
    assert_eq!(error["error"]["code"], "E0302");
}

/// A contract of synthetics with one of them, to follow a manifest.
const SYNTHETICS: &str = r#"
[spot]
line = "1_000_000"
fee = "0.0006"
insurance_share = "0.1"
keeper_share = "0.05"
order_delay = 5
order_expiry = 60
maximum_empty_intervals = 10
maximum_slippage = "0.03"
change_delay = 172_800

[[spot.synthetics]]
name = "Synthetic BTC"
symbol = "sBTC"
decimals = 8
feed = "BTC"
skew_cap = "3_000_000"
trade_confidence = "0.0015"
settle_confidence = "0.005"
premium_cap = "0.01"
minimum_notional = "10"
funding = "BTC-PERP"
"#;

#[test]
fn synthetics_are_bought_sold_and_what_they_bring_is_collected() {
    let place = Place::new("synthetics");
    place.deploys(|text| text + SYNTHETICS);
    place.does("give whale 1_000_000 ATOM");
    place.does("deposit 1_000_000 ATOM --from whale");
    place.does("mint 100_000 ATOM --from whale");
    place.does("sell 70_000 --from whale --to bob");
    place.does("spot buy sBTC 61_000 --exactly 1 --from bob");
    place.fails("spot buy sATOM 5 --from bob", 3, "no synthetic `sATOM`");
    place.does("spot buy BTC 5_000 --least 0.08 --from bob");
    place.does("spot cancel sBTC 1 --from bob");
    place.does("advance 20s");
    assert!(place.does("spot settle sBTC --from kim").contains("amount 1,"));
    assert_eq!(place.json("show balance bob")["held"]["sBTC"], "100000000");
    let shown = place.json("show synthetics");
    assert_eq!(
        (&shown["synthetics"][0]["supply"], &shown["synthetics"][0]["quantity"]),
        (&"100000000".into(), &"1".into())
    );
    assert!(place.does("spot show").contains("sBTC"));
    place.does("price BTC=63_000");
    place.does("spot sell sBTC 1 --from bob");
    place.does("advance 20s");
    place.does("spot settle BTC --from kim");
    place.does("spot poke --from kim");
    place.fails("spot sweep sBTC --from kim", 1, "E0322");
    place.does("spot collect --from bob");
    place.fails("spot collect 1 --from bob", 1, "E0421");
    place.fails("spot redeem sBTC 1 --from bob", 1, "");
    assert_eq!(place.json("show synthetics")["synthetics"][0]["supply"], "0");
    place.does("audit");
}

#[test]
fn a_manifest_can_be_written_edited_and_deployed() {
    let place = Place::new("manifest");
    place.does("init --manifest mine.toml");
    place.fails("init --manifest mine.toml", 3, "exists");
    let path = place.0.join("mine.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("# USD, 1/λ"));
    std::fs::write(&path, text.replacen("name = \"market\"", "name = \"perps\"", 1)).unwrap();
    let deployed = place.json("deploy mine.toml --state other.sdp-state");
    assert_eq!(deployed["contracts"]["perps"], deployed["contracts"]["market"]);
    place.does("show perps perps --state other.sdp-state");
}

#[test]
fn a_scenario_prints_a_line_a_step_and_fails_where_an_expectation_does() {
    let place = Place::new("scenario");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../network/scenarios/first_trade.json");
    let good = place.call(&["run", path.to_str().unwrap()]);
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
    let lines: Vec<Value> = String::from_utf8(good.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 12);
    assert!(lines.iter().all(|line| line["ok"] == true));

    let wrong =
        std::fs::read_to_string(&path).unwrap().replace("\"0.1\", \"notional\"", "\"0.3\", \"notional\"");
    std::fs::write(place.0.join("wrong.json"), wrong).unwrap();
    place.fails("run wrong.json", 1, "1 of 12 steps failed: 10");
    std::fs::write(place.0.join("broken.json"), "{\"steps\": [{\"at\": 0}]}").unwrap();
    place.fails("run broken.json", 3, "step 0: neither `price` nor `execute` nor `query`");
}

fn scenario(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../network/scenarios").join(name);
    path.to_str().unwrap().to_string()
}

#[test]
fn a_recorded_run_is_replayed_and_a_difference_fails_it() {
    let place = Place::new("replay");
    place.does(&format!("run {} --record out.json", scenario("first_trade.json")));
    assert!(place.does("replay out.json").contains("messages and questions came out as on sdp-embedded"));
    assert!(place.json("replay out.json")["same"].as_u64().unwrap() > 20);
    let path = place.0.join("out.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("\"code\": \"E0305\"", "\"code\": \"E0306\"", 1)).unwrap();
    place.fails("replay out.json", 1, "came out otherwise than on sdp-embedded");
    let told = String::from_utf8(place.sdp("replay out.json").stdout).unwrap();
    assert!(told.contains("step 3, entry") && told.contains("refused: E0306"), "{told}");
    place.fails("replay nothing.json", 3, "recording nothing.json");
    let run = format!("run {} --record nowhere/out.json", scenario("first_trade.json"));
    place.fails(&run, 3, "recording nowhere/out.json");
}

#[test]
fn incidents_are_listed_and_played_and_a_claim_that_does_not_hold_fails() {
    let place = Place::new("incidents");
    assert_eq!(place.json("incidents --list").as_array().unwrap().len(), 13);
    let found = place.json("incidents black_thursday_2020 exits_ahead_of_known_losses");
    assert_eq!(found[0]["with"]["loss"], "0");
    assert_eq!(found[1]["incident"]["date"], "our own attack");
    let told = place.does("incidents gmx_v1_2025");
    assert!(told.contains("1,200,000.00") && told.contains("books without"), "{told}");

    let file = scenario("incidents/black_thursday_2020.json");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(place.0.join("bold.json"), text.replace("\"at_most\": \"0\"", "\"at_most\": \"-1\""))
        .unwrap();
    place.fails("incidents bold.json", 1, "with its guard 0 USD are lost, more than -1");
    let harmless = text.replace("\"at_least\": \"83000\"", "\"at_least\": \"84000\"");
    std::fs::write(place.0.join("harmless.json"), harmless).unwrap();
    place.fails("incidents harmless.json", 1, "are lost, less than 84000");
    place.fails("incidents nothing.json", 3, "nothing.json");
    place.fails(&format!("incidents {}", scenario("first_trade.json")), 3, "it has no `incident`");
    place.fails("incidents --node grpc://127.0.0.1:1", 3, "`incidents` is for the embedded chain");
    // a scenario like the others, but where its stage is another one
    place.does(&format!("run {file}"));
    place.fails(&format!("run {}", scenario("incidents/gmx_v1_2025.json")), 3, "`sdp incidents");
}

#[test]
fn what_only_one_kind_of_chain_can_do_is_refused_on_the_other_before_anything_is_asked() {
    let place = Place::new("kinds");
    let node = "--node grpc://127.0.0.1:1";
    place.fails(&format!("advance 5 {node}"), 3, "`advance` is for the embedded chain");
    place.fails(&format!("demo {node}"), 3, "`demo` is for the embedded chain");
    place.fails(&format!("cost {node}"), 3, "`cost` is for the embedded chain");
    let run = format!("run {} --deep {node}", scenario("first_trade.json"));
    place.fails(&run, 3, "`--deep` is for the embedded chain");
    place.fails("migrate all", 3, "`migrate` needs a real chain");
    place.fails("deploy --name other", 3, "`--name` needs a real chain");
    place.fails(&format!("health {node}"), 3, "no deployment in deployment.json");
    place.fails(&format!("deploy {node}"), 3, "does not answer");
}

#[test]
fn prices_without_numbers_are_those_of_the_board_again() {
    let place = Place::new("again");
    place.does("deploy");
    place.does("price BTC=61_000");
    place.does("advance 60 --silent");
    place.does("price");
    let board = place.json("show prices");
    let prices = board["prices"].as_array().unwrap();
    assert!(prices.iter().all(|price| price["age"] == 0));
    assert_eq!(
        (prices[0]["quote"]["price"].as_str(), prices[1]["quote"]["price"].as_str()),
        (Some("61000"), Some("3000"))
    );
}

#[test]
fn a_feed_whose_price_runs_away_is_shown_with_its_regime_and_the_owner_resets_it() {
    let place = Place::new("regimes");
    place.does("deploy");
    assert_eq!(place.json("show regimes")["feeds"], serde_json::json!([]));
    // a sixth above an average that has hardly moved
    place.does("price BTC=70_000");
    let found = place.json("show regimes");
    let [feed] = found["feeds"].as_array().unwrap().as_slice() else { panic!("{found}") };
    assert_eq!((feed["symbol"].as_str(), feed["regime"].as_str()), (Some("BTC"), Some("close_only")));
    assert_eq!(place.json("show prices")["prices"][0]["regime"], "close_only");
    place.does("tx oracle {\"reset\":{\"feed\":0}} --from owner");
    assert_eq!(place.json("show regimes")["feeds"], serde_json::json!([]));
}

#[test]
fn a_feed_with_a_source_is_pulled_by_anyone_and_shown_so() {
    let place = Place::new("pull");
    place.does("init --manifest mine.toml");
    let path = place.0.join("mine.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let feed = r#"[[feeds]]
symbol = "ETH/BTC"
sigma = "0.03"
volatility = { floor = "0.03", ceiling = "0.3" }
deviation_band = "0.2"
maximum_confidence = "0.05"
confidence = "0"
source = { quotient = { of = { feed = "ETH" }, by = { feed = "BTC" } } }
"#;
    let text = text.replacen("# Correlation of returns", &format!("{feed}\n# Correlation of returns"), 1);
    let pair = r#"    { feeds = ["ATOM", "USDC"], rho = "0" },"#;
    let text = text.replacen(pair, &format!("{pair}\n{}", pair.replace("ATOM", "ETH/BTC")), 1);
    std::fs::write(&path, text).unwrap();
    place.does("deploy mine.toml");
    place.does("pull --from anyone");
    let board = place.json("show prices");
    let [first, .., last] = board["prices"].as_array().unwrap().as_slice() else { panic!("{board}") };
    assert_eq!((first["pulled"].as_bool(), last["pulled"].as_bool()), (Some(false), Some(true)));
    // 3,000 ÷ 60,000
    assert_eq!((last["symbol"].as_str(), last["quote"]["price"].as_str()), (Some("ETH/BTC"), Some("0.05")));
    place.does("advance 10s");
    assert_eq!(place.json("show prices")["prices"][5]["age"], 0, "what passes time pulls too");
    place.fails("pull BTC --from anyone", 1, "E0219");
    place.fails("pull DOGE --from anyone", 3, "no feed `DOGE`");
}

#[test]
fn a_question_is_asked_at_the_present_block_or_not_at_all() {
    let place = Place::new("height");
    place.does("deploy");
    let ask = |height: &str| place.call(&["query", "pool", "{\"config\":{}}", "--height", height]);
    assert!(ask("1").status.success());
    assert_eq!(ask("7").status.code(), Some(3));
}

/// Two assets, hourly, that fall by 40 % within ten hours.
fn crash() -> String {
    let mut text = String::from("time,BTC,ETH\n");
    for hour in 0u64..60 {
        let fallen = 4 * hour.saturating_sub(30).min(10);
        // up and down by a hundredth or two, not both at once
        let (wave, other) = ((hour * 7) % 5, (hour * 3) % 4);
        let price = |level: u64, wave: u64| level * (100 - fallen) / 100 * (98 + wave) / 100;
        text +=
            &format!("{},{},{}\n", 1_600_000_000 + 3_600 * hour, price(60_000, wave), price(3_000, other));
    }
    text
}

#[test]
fn a_crash_under_stress_has_a_verdict_and_a_page() {
    let place = Place::new("stress");
    std::fs::write(place.0.join("crash.csv"), crash()).unwrap();
    let told = place.does("demo --stress --prices crash.csv --providers 8 --traders 16 --out page");
    for claim in [
        "marks identical without liquidations",
        "keepers' backlog drained",
        "auctions within the holes",
        "every loss assigned",
        "rewards within penalties",
    ] {
        let line = told.lines().find(|line| line.contains(claim)).unwrap();
        assert!(line.contains("yes, "), "{line}");
    }
    let fall = told.lines().find(|line| line.contains("worst fall of BTC")).unwrap();
    assert_eq!(fall.matches('%').count(), 4, "{fall}");
    let page = std::fs::read_to_string(place.0.join("page/stress.html")).unwrap();
    assert!(page.contains("Equity at risk") && page.contains("twice as fast"));
    // what does not go together is wrong usage
    place.fails("demo --stress --compare", 2, "cannot be used with");
    place.fails("demo --stress --batch 0", 2, "from 1 to 100");
    place.fails("demo --batch 5", 2, "--stress");
    std::fs::write(place.0.join("calm.csv"), "time,BTC\n".to_string() + &calm()).unwrap();
    place.fails("demo --stress --prices calm.csv", 3, "never fall");
}

/// A price that only rises.
fn calm() -> String {
    (0..60).map(|hour| format!("{},{}\n", 1_600_000_000 + 3_600 * hour, 60_000 + 10 * hour)).collect()
}

#[test]
fn keepers_see_from_which_size_on_it_pays() {
    let place = Place::new("keepers");
    let told = place.does("keepers");
    assert!(told.contains("BTC-PERP") && told.contains("minimum debt now"), "{told}");
    assert!(
        told.contains("At 0.025 USD for a million gas what is required now is enough for all perpetuals.")
    );
    let found = place.json("keepers --usd-per-million-gas 1 --batch 1");
    let first = &found["thresholds"][0];
    // a micro-USD a gas; 0.6 % of the notional is the penalty and, below the fixed reward, the reward
    assert_eq!(first["cost"].as_str().unwrap(), first["gas"].to_string());
    let (gas, least) = (first["gas"].as_u64().unwrap(), first["least"].as_str().unwrap());
    assert_eq!(least.parse::<u64>().unwrap(), (gas - 1) * 1_000 / 6 + 1);
    assert_eq!(found["sizes"][0]["required"], "10000000");
    // other parameters, other gas
    place.does("init --manifest mine.toml");
    let text = std::fs::read_to_string(place.0.join("mine.toml")).unwrap();
    std::fs::write(
        place.0.join("mine.toml"),
        text.replace("minimum_notional = \"10\"", "minimum_notional = \"50\""),
    )
    .unwrap();
    assert_eq!(place.json("keepers --manifest mine.toml")["sizes"][0]["required"], "50000000");
    place.fails("keepers --manifest nothing.toml", 3, "nothing.toml");
    place.fails("keepers --gas-budget mine.toml", 3, "mine.toml");
    place.fails("keepers --batch 101", 2, "101");
    place.fails("keepers --usd-per-million-gas x", 2, "x");
}

/// As behind `| head`: the reader is gone before anything is printed.
#[test]
fn where_nobody_reads_it_ends_without_a_word() {
    let place = Place::new("pipe");
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("../network/scenarios/first_trade.json");
    for arguments in [vec!["deploy"], vec!["health"], vec!["run", scenario.to_str().unwrap()]] {
        let mut reader = Command::new("true").stdin(Stdio::piped()).spawn().unwrap();
        let writer = reader.stdin.take().unwrap();
        reader.wait().unwrap();
        let child = place.command(&arguments).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), said.as_ref()), (Some(141), ""), "{arguments:?}");
    }
    // what was done before is kept
    place.does("health");
}

#[test]
fn an_order_waits_for_its_price_and_a_bracket_closes_what_it_opens() {
    let place = Place::new("orders");
    place.does("deploy");
    place.does("give whale 1_000_000 ATOM");
    place.does("deposit 1_000_000 ATOM --from whale");
    place.does("mint 50_000 ATOM --from whale");
    place.does("sell 10_000 --from whale --to bob");
    place.does("margin deposit 5_000 --from bob");
    place.fails("orders place BTC 0.1 limit 59000 --from bob", 1, "E0901");
    place.does("orders deposit 10 --from bob");
    let shown = place.does("orders preview bob BTC 0.1 limit 59000 --fee 1");
    for text in ["E0904", "E0905", "would take it", "1.00, 0.50 where it is refused"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    place.fails("orders place BTC 0.1 limit 59000 --limit 60000 --from bob", 3, "leave out --limit");
    place.does("orders place BTC 0.1 limit 59000 --fee 1 --seconds 600 --from bob");
    place.fails("orders arm --due --from kim", 3, "no order is due");
    place.does("advance 1s");
    place.does("price BTC=58900");
    place.does("orders arm --due --from kim");
    place.does("advance 20s");
    place.does("settle BTC --from kim");
    place.does("orders sweep 0 --from kim");
    assert_eq!(place.json("show account bob")["positions"][0]["size"], "0.1");
    place.does("orders protect BTC -0.1 --stop 57000 --target 62000 --from bob");
    let shown = place.does("orders list bob");
    for text in ["stop", "take_profit", "57,000", "62,000", "-0.1, reduces", "waits", "8.80"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    place.does("orders cancel 1 2 --from bob");
    place.does("orders bracket ETH 1 --stop 2800 --target 3300 --from bob");
    place.does("orders bracket ETH 1 --stop 2800 --target 3300 --entry limit --at 2900 --entry-seconds 60 --from bob");
    assert_eq!(place.json("orders list bob")["orders"][0]["stage"]["committed"], 0);
    assert!(place.does("orders list bob").contains("until 6 fills"));
    place.does("orders withdraw 1 --from kim");
    assert_eq!(place.json("audit")["difference"], "0");
}
