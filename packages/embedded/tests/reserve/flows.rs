//! From a token to margin or to a repaid debt in one message.

use sdp_embedded::Actions;
use sdp_types::events::{Burnt, MarginDeposited};
use sdp_types::reserve::Then;
use sdp_types::units::{Ratio, SignedUsd};

use crate::{ledger, stage, usd};

fn margin(market: String, beneficiary: Option<String>, account: u16) -> Then {
    Then::Margin { market, beneficiary, account }
}

#[test]
fn a_token_becomes_margin_of_whoever_is_named() {
    let mut world = stage();
    let (market, bob) = (world.address("market").into_string(), world.introduce("bob").into_string());
    world.swapper("sam").then(margin(market.clone(), Some(bob), 3)).swaps_in(1_000, "USDC");
    let told = world.told::<MarginDeposited>();
    assert_eq!((told[0].amount, told[0].account), (usd("999"), 3));
    assert_eq!(told[0].payer, world.address("reserve").into_string());
    assert_eq!(world.account("bob", "market", 3).unwrap().margin, SignedUsd::new(999_000_000));
    // by default the swapper's own, and out of what is held as well as out of what is drawn
    world.swapper("whale").swaps_out(500, "USDC");
    world.swapper("sam").then(margin(market, None, 0)).swaps_in(1_000, "USDC");
    assert_eq!(world.account("sam", "market", 0).unwrap().margin, SignedUsd::new(999_000_000));
    assert_eq!((world.has("sam", "sdusd"), world.has("sam", "USDC")), ("0".into(), "0".into()));
}

#[test]
fn margin_goes_to_a_market_that_the_pool_lists_and_nowhere_else() {
    let mut world = stage();
    for name in ["pool", "reserve", "sdusd", "mallory"] {
        let market = world.introduce(name).into_string();
        world.swapper("sam").then(margin(market, None, 0)).fails_with("E0508").swaps_in(1_000, "USDC");
    }
    world.swapper("sam").then(margin("nobody".into(), None, 0)).fails_with("E0008").swaps_in(1_000, "USDC");
}

#[test]
fn a_token_repays_a_providers_debt() {
    let mut world = stage();
    world.lp("anna").deposits(30_000, "ATOM").mints(10_000);
    let before = ledger(&mut world);
    world.swapper("anna").then(Then::Burn { vault: 0, owner: None }).swaps_in(4_000, "USDC");
    assert_eq!(world.told::<Burnt>()[0].amount, usd("3996"));
    assert_eq!(world.lp("anna").with("ATOM").position().debt, SignedUsd::new(6_004_000_000));
    // drawn and burnt: the reserve has taken the place of the debt
    let after = ledger(&mut world);
    assert_eq!(after.supply, before.supply);
    assert_eq!(after.reported.raw() - before.reported.raw(), -4_000_000_000);
    assert_eq!(after.vault_debt.raw() - before.vault_debt.raw(), -3_996_000_000);
    // somebody else pays the rest
    let anna = Some(world.address("anna").into_string());
    world.swapper("sam").then(Then::Burn { vault: 0, owner: anna }).swaps_in(6_000, "USDC");
    assert_eq!(world.lp("anna").with("ATOM").position().debt, SignedUsd::new(10_000_000));
}

#[test]
fn where_the_second_half_is_refused_nothing_has_come_in() {
    let mut world = stage();
    world.swapper("sam").then(Then::Burn { vault: 0, owner: None }).fails_with("E0302").swaps_in(100, "USDC");
    world.swapper("sam").then(Then::Burn { vault: 9, owner: None }).fails_with("E0301").swaps_in(100, "USDC");
    assert_eq!(world.swapper("sam").sees("USDC").held.raw(), 0);
}

#[test]
fn what_is_paid_goes_to_the_recipient_out_of_both_sources() {
    let mut world = stage();
    world.swapper("sam").swaps_in(1_000, "USDC");
    world.swapper("whale").swaps_out(500, "USDC");
    let recipient = Some(world.introduce("rita").into_string());
    let then = Then::Pay { recipient, accepted_haircut: Some(Ratio::ONE) };
    world.swapper("sam").then(then).swaps_in(1_000, "USDC");
    assert_eq!((world.has("rita", "sdusd"), world.has("sam", "sdusd")), ("999".into(), "999".into()));
}
