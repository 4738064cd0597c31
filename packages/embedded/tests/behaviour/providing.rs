//! What a provider does: collateral in, sdUSD out and back, and leaving.

use sdp_embedded::{Actions, World};
use sdp_types::events::{ExitLapsed, Exited};
use sdp_types::units::{Amount, SignedUsd, Usd};

#[test]
fn a_provider_mints_up_to_the_issuance_ratio_and_no_further() {
    let mut world = World::backed();
    world.lp("anna").deposits(3_000, "ATOM");
    world.lp("anna").with("ATOM").fails_with("E0312").mints("10000.000001");
    world.lp("anna").with("ATOM").mints(10_000);
    let position = world.lp("anna").with("ATOM").position();
    assert_eq!(position.debt, SignedUsd::new(10_000_000_000));
    assert_eq!(position.ratio.unwrap().to_string(), "3");
    world.lp("anna").with("ATOM").burns(4_000);
    world.lp("anna").with("ATOM").mints(4_000);
}

#[test]
fn every_cap_of_a_mint_has_its_own_code() {
    let mut world = World::backed();
    world.lp("anna").deposits(3_000, "ATOM");
    world.lp("anna").with("ATOM").fails_with("E0005").mints(0);
    world.lp("anna").with("ATOM").fails_with("E0305").mints(99);
    world.lp("bert").fails_with("E0303").deposits("9.9", "ATOM");
    world.lp("whale").fails_with("E0304").deposits(3_000_000, "ATOM");
    world.lp("nobody").with("ATOM").fails_with("E0302").mints(100);
}

#[test]
fn deposits_in_a_cw20_and_in_a_coin_work_alike() {
    let mut world = World::backed();
    world.lp("anna").deposits(2, "ETH").mints(2_000);
    let position = world.lp("anna").with("ETH").position();
    assert_eq!(position.value, Usd::whole(6_000));
    assert_eq!(position.ratio.unwrap().to_string(), "3");
}

#[test]
fn traders_losses_lower_the_debt_of_all_providers_by_their_shares() {
    let mut world = World::backed();
    world.lp("whale").with("ATOM").mints(100_000);
    world.lp("anna").deposits(500_000, "ATOM");
    world.sells_sdusd("whale", "bob", 30_000);
    world.trader("bob").funds_margin(30_000);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    world.price("BTC", 51_000);
    world.trader("bob").closes("BTC");
    world.fills();
    world.keeper("kim").syncs();
    let whale = world.lp("whale").with("ATOM").position().debt.raw() - 100_000_000_000;
    let anna = world.lp("anna").with("ATOM").position().debt.raw();
    // 9,000 lost, spreads and fees on top: two thirds and one third, each rounded up
    assert!(anna < -3_000_000_000 && anna > -3_100_000_000, "{anna}");
    assert!((whale - 2 * anna).abs() <= 2, "{whale} {anna}");
}

#[test]
fn who_owes_nothing_leaves_with_everything_after_stay_and_delay() {
    let mut world = World::backed();
    world.lp("anna").deposits(1_000, "ATOM");
    world.lp("anna").with("ATOM").fails_with("E0309").requests_exit(1_000);
    world.passes(172_800);
    world.lp("anna").with("ATOM").requests_exit(1_000);
    world.lp("anna").with("ATOM").fails_with("E0325").requests_exit(1);
    world.keeper("kim").fails_with("E0311").executes_exit("anna", "ATOM");
    world.passes(86_400);
    world.passes(6);
    world.keeper("kim").executes_exit("anna", "ATOM");
    let exited = &world.told::<Exited>()[0];
    assert_eq!(exited.released, Amount::new(1_000_000_000));
    assert_eq!(world.has("anna", "ATOM"), "1000");
}

#[test]
fn an_exit_that_nobody_executes_in_its_window_lapses() {
    let mut world = World::backed();
    world.lp("anna").deposits(1_000, "ATOM");
    world.passes(172_800);
    world.lp("anna").with("ATOM").requests_exit(1_000);
    world.passes(86_400);
    world.passes(700);
    world.keeper("kim").executes_exit("anna", "ATOM");
    assert_eq!(world.told::<ExitLapsed>().len(), 1);
    assert_eq!(world.has("anna", "ATOM"), "0");
    world.lp("anna").with("ATOM").requests_exit(1_000);
    world.lp("anna").with("ATOM").cancels_exit();
    world.lp("anna").with("ATOM").fails_with("E0310").cancels_exit();
}

#[test]
fn an_exit_pays_only_what_keeps_the_issuance_ratio() {
    let mut world = World::backed();
    world.lp("anna").deposits(1_000, "ATOM").mints(2_000);
    world.passes(172_800);
    world.lp("anna").with("ATOM").requests_exit(1_000);
    world.passes(86_400);
    world.passes(6);
    world.keeper("kim").executes_exit("anna", "ATOM");
    let exited = &world.told::<Exited>()[0];
    // 6,000 USD have to stay, at the low side of 10 bp under 10
    let stays = 1_000_000_000 - exited.released.raw();
    assert!((600_600_000..600_700_000).contains(&stays), "{stays}");
}

#[test]
fn sdusd_can_be_burnt_into_insurance_by_anyone_and_what_a_holder_burns_is_swept() {
    let mut world = World::backed();
    world.lp("whale").with("ATOM").mints(1_000);
    world.keeper("whale").insures(100);
    assert_eq!(world.audit().unwrap().ledger.insurance, Usd::whole(100));
    let burn = cw20::Cw20ExecuteMsg::Burn { amount: 50_000_000u128.into() };
    world.execute("whale", "sdusd", &burn, &[]).unwrap();
    assert_eq!(world.audit().unwrap().unbooked, SignedUsd::new(50_000_000));
    world.execute("kim", "pool", &sdp_types::pool::ExecuteMsg::Sweep {}, &[]).unwrap();
    let audit = world.audit().unwrap();
    assert_eq!((audit.unbooked, audit.ledger.insurance), (SignedUsd::ZERO, Usd::whole(150)));
}

#[test]
fn a_stranger_who_sends_coins_to_the_pool_changes_nobodys_share() {
    let mut world = World::backed();
    let before = world.lp("whale").with("ATOM").position();
    world.give("eve", "ATOM", Amount::new(5_000_000)).unwrap();
    let eve = world.address("eve");
    world.force_send(&eve, "pool", vec![cosmwasm_std::coin(5_000_000, "uatom")]).unwrap();
    assert_eq!(world.lp("whale").with("ATOM").position(), before);
    let check = &world.audit().unwrap().collateral[0];
    assert_eq!(check.balance.raw() - check.booked.raw(), 5_000_000);
}
