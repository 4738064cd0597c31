//! A bond opens a market: what it takes, and what the pool takes it for.

use sdp_embedded::decimal::Dollars;
use sdp_embedded::manifest::{Bonded, Manifest};
use sdp_embedded::{Actions, Bonding, World, DESK};
use sdp_types::bonded::{Change, ExecuteMsg, Hook, Params};
use sdp_types::lens::{HealthResponse, QueryMsg as LensQuery};
use sdp_types::units::{Amount, Ratio, Usd};

use crate::{add_double, bonded_double, code, cost, ledger, owes, says, stage, stage_with, usd};

#[test]
fn a_bond_is_its_openers_money_and_moves_nobodys_debt() {
    let mut world = stage();
    let before = ledger(&mut world);
    bonded_double(&mut world, "m", 25_000);
    let market = world.bonded_market("m").unwrap();
    assert_eq!(
        (market.bond, market.credit, market.refund),
        (Usd::whole(25_000), Usd::whole(50_000), Usd::whole(25_000))
    );
    assert_eq!(market.opener, world.address("sam").into_string());
    let after = ledger(&mut world);
    assert_eq!(
        (after.vault_debt, after.supply, after.reported),
        (before.vault_debt, before.supply, before.reported)
    );
    assert_eq!(cost(&mut world), 0);
}

#[test]
fn it_takes_the_minimum_a_slot_room_under_the_cap_and_a_contract_that_is_no_market_yet() {
    // 2 % of $10M is $200,000 of credit: four bonds of 25,000
    let mut world = stage_with(|bonded| bonded.slots = 5);
    add_double(&mut world, "m");
    assert_eq!(code(world.bond_market("sam", "m", Usd::new(24_999_999_999))), "E1002");
    for ours in ["pool", "oracle", "sdusd", DESK, "mallory"] {
        assert_eq!(code(world.bond_market("sam", ours, Usd::whole(25_000))), "E1005", "{ours}");
    }
    assert_eq!(code(world.bond_market("sam", "market", Usd::whole(25_000))), "E0009");
    world.bond_market("sam", "m", Usd::whole(25_000)).unwrap();
    assert_eq!(code(world.bond_market("sam", "m", Usd::whole(25_000))), "E0009");
    for name in ["n", "o"] {
        bonded_double(&mut world, name, 25_000);
    }
    // 150,000 are taken
    assert_eq!(code(world.top_up_bond("whale", "o", Usd::new(25_000_000_001))), "E1003");
    world.top_up_bond("whale", "o", Usd::whole(25_000)).unwrap();
    assert_eq!(world.bonded_market("o").unwrap().credit, Usd::whole(100_000));
    add_double(&mut world, "p");
    assert_eq!(code(world.bond_market("sam", "p", Usd::whole(25_000))), "E1003");
    assert_eq!(code(world.top_up_bond("sam", "p", Usd::whole(1))), "E1001");
    assert_eq!(code(world.pay_in_for("sam", "p", Usd::whole(1))), "E1001");
}

#[test]
fn there_are_only_so_many_slots_and_the_desks_line_bears_what_is_beyond_the_bonds() {
    let mut world = stage_with(|bonded| {
        bonded.slots = 1;
        bonded.line = Dollars(Usd::whole(25_000));
    });
    bonded_double(&mut world, "m", 25_000);
    add_double(&mut world, "n");
    assert_eq!(code(world.bond_market("sam", "n", Usd::whole(25_000))), "E0010");
    assert_eq!(code(world.top_up_bond("sam", "m", Usd::new(1))), "E1004");
}

#[test]
fn sdusd_is_the_only_token_and_nothing_of_it_is_taken_for_a_bond_without_a_word() {
    let mut world = stage();
    add_double(&mut world, "m");
    world.transfer("sam", "sdusd", DESK, Amount::new(7_000_000)).unwrap();
    assert_eq!(cost(&mut world), 0);
    let insurance = ledger(&mut world).insurance;
    world.execute("eve", DESK, &ExecuteMsg::Sweep {}, &[]).unwrap();
    assert_eq!(ledger(&mut world).insurance.raw() - insurance.raw(), 7_000_000);
    assert_eq!(code(world.execute("eve", DESK, &ExecuteMsg::Sweep {}, &[])), "E0322");
    world.give("sam", "ETH", Amount::new(5)).unwrap();
    let market = world.address("m").into_string();
    let hook = Hook::Open { market };
    assert_eq!(code(world.send_tokens("sam", "ETH", DESK, Amount::new(5), &hook)), "E0110");
}

#[test]
fn what_the_desks_line_has_left_counts_as_lost_and_no_market_behind_it_moves_that() {
    let free = |world: &mut World| {
        world.keeper("kim").syncs();
        let health: HealthResponse = world.query("lens", &LensQuery::Health {}).unwrap();
        // 4 % of what is free
        health.markets_budget.unwrap().raw()
    };
    let mut with = stage();
    let mut without = stage_with(|bonded| bonded.line = Dollars(Usd::ZERO));
    // a line of 200,000, whatever is bonded
    assert_eq!(free(&mut without) - free(&mut with), Usd::whole(8_000).raw());
    let stood = free(&mut with);
    bonded_double(&mut with, "m", 25_000);
    assert_eq!(free(&mut with), stood);
    let record = owes(&with, 50_000);
    says(&mut with, "m", &record).unwrap();
    // 25,000 beyond the bond: the providers owe them, and the line has as much less left; a peak of the hour counts the debt
    assert_eq!(cost(&mut with), usd(25_000));
    assert_eq!(free(&mut with), stood);
}

#[test]
fn the_guardian_tightens_at_once_and_the_owner_loosens_after_the_delay() {
    let mut world = stage();
    let config: sdp_types::bonded::ConfigResponse =
        world.query(DESK, &sdp_types::bonded::QueryMsg::Config {}).unwrap();
    let configure = |params: Params| ExecuteMsg::Configure { change: Change::Params { params } };
    let tighter = Params { multiple: Ratio::percent(150), ..config.params };
    assert_eq!(code(world.execute("eve", DESK, &configure(tighter), &[])), "E0103");
    world.execute("guardian", DESK, &configure(tighter), &[]).unwrap();
    bonded_double(&mut world, "m", 30_000);
    assert_eq!(world.bonded_market("m").unwrap().credit, Usd::whole(45_000));
    assert_eq!(code(world.execute("guardian", DESK, &configure(config.params), &[])), "E0102");
    world.execute("owner", DESK, &configure(config.params), &[]).unwrap();
    assert_eq!(code(world.execute("eve", DESK, &ExecuteMsg::Enact { id: 0 }, &[])), "E0105");
    world.waits(config.params.change_delay).refreshes();
    world.execute("eve", DESK, &ExecuteMsg::Enact { id: 0 }, &[]).unwrap();
    // a market keeps what it began with, and what tops it up counts by what holds then
    world.top_up_bond("sam", "m", Usd::whole(10_000)).unwrap();
    assert_eq!(world.bonded_market("m").unwrap().credit, Usd::whole(65_000));
}

#[test]
fn what_the_desks_line_has_left_is_no_backing_for_what_traders_open() {
    let world = |line: u64| {
        let mut world = World::with(|manifest| {
            manifest.pool.breakers = None;
            manifest.markets[0].line = Dollars(Usd::whole(100_000));
            manifest.markets[0].ceiling = None;
            let bonded = Manifest::with_default_desk().unwrap().bonded.unwrap();
            manifest.bonded = Some(Bonded { line: Dollars(Usd::whole(line)), ..bonded });
        });
        world.lp("whale").deposits(100_000, "ATOM").mints(100_000);
        world.sells_sdusd("whale", "bob", 30_000);
        world.trader("bob").funds_margin(30_000);
        world
    };
    // 2.82 · 3.5 % of 300,000 are 29,610: within 4 % of 900,000, and not of 700,000
    world(0).trader("bob").buys("5", "BTC");
    world(200_000).trader("bob").fails_with("E0326").buys("5", "BTC");
}
