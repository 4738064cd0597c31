//! Swaps both ways: what they pay, what the pool books, and what bounds them.

use sdp_embedded::decimal::Dollars;
use sdp_embedded::manifest::ReserveToken;
use sdp_embedded::{Actions, Swapping, World};
use sdp_types::events::{Drawn, SurplusSwept, SwappedIn, SwappedOut};
use sdp_types::pool::Token;
use sdp_types::reserve::{ExecuteMsg, InPreview, OutPreview, QueryMsg, Status};
use sdp_types::units::{Amount, Ratio, SignedUsd, Usd};

use crate::{empty, ledger, stage, stage_with, usd};

fn token(world: &mut World, change: impl FnOnce(&mut ReserveToken)) {
    // as the owner does, after the delay
    let (mut entry, manifest) =
        (world.manifest().reserve.clone().unwrap().tokens[0].clone(), world.manifest().clone());
    change(&mut entry);
    let config = entry.config(&manifest, &|name| Ok(world.address(name).into_string())).unwrap();
    let change = sdp_types::reserve::Change::UpdateToken { token: 0, config };
    world.execute("owner", "reserve", &ExecuteMsg::Configure { change }, &[]).unwrap();
}

#[test]
fn a_token_comes_in_at_par_less_the_fee_and_supply_grows_by_what_is_paid() {
    let mut world = stage();
    let before = ledger(&mut world);
    let preview: InPreview = world
        .query("reserve", &QueryMsg::PreviewIn { token: 0, amount: Amount::new(100_000_000_000) })
        .unwrap();
    world.swapper("sam").swaps_in(100_000, "USDC");
    // 0.1 % of 100,000
    let told = world.told::<SwappedIn>();
    assert_eq!((told[0].paid, told[0].fee, told[0].drawn), (usd("99900"), usd("100"), usd("99900")));
    assert_eq!((preview.paid, preview.fee, preview.drawn), (told[0].paid, told[0].fee, told[0].drawn));
    assert_eq!(world.told::<Drawn>()[0].amount, usd("99900"));
    assert_eq!((world.has("sam", "sdusd"), world.has("sam", "USDC")), ("99900".into(), "0".into()));

    // reserve +x / supply +(x − f), insurance +f: the reserve stands on the right, as debt that is negative
    let after = ledger(&mut world);
    assert_eq!(after.reported.raw() - before.reported.raw(), -100_000_000_000);
    assert_eq!(after.supply.raw() - before.supply.raw(), 99_900_000_000);
    assert_eq!(after.insurance.raw() - before.insurance.raw(), 100_000_000);
    assert_eq!(after.vault_debt, before.vault_debt);
}

#[test]
fn sdusd_goes_out_for_the_integral_of_the_fee_and_what_is_held_is_paid_out_first() {
    let mut world = stage();
    world.swapper("sam").swaps_in(100_000, "USDC");
    let before = ledger(&mut world);
    // y = 50,000 of v = 100,000 under C = 2,000,000: 0.1 %·y + 0.9 %·y·(2C − v − (v − y)) ÷ 2C = 50 + 433.125
    let preview: OutPreview =
        world.query("reserve", &QueryMsg::PreviewOut { token: 0, amount: usd("50483.125") }).unwrap();
    world.swapper("whale").swaps_out("50483.125", "USDC");
    let told = world.told::<SwappedOut>();
    assert_eq!((told[0].amount, told[0].fee), (Amount::new(50_000_000_000), usd("483.125")));
    assert_eq!((preview.amount, preview.fee, preview.kept), (told[0].amount, told[0].fee, Usd::ZERO));
    assert_eq!(world.has("whale", "USDC"), "50000");

    // the sdUSD is held, not burnt: reported −x + (x − f)
    let after = ledger(&mut world);
    assert_eq!(after.reported.raw() - before.reported.raw(), -483_125_000);
    assert_eq!(after.insurance.raw() - before.insurance.raw(), 483_125_000);
    assert_eq!((after.supply, after.vault_debt), (before.supply, before.vault_debt));
    let totals = world.reserve_totals().unwrap();
    assert_eq!((totals.value, totals.held), (usd("50000"), usd("50483.125")));

    // the next one in is paid out of that
    world.swapper("sam").swaps_in(50_000, "USDC");
    let told = world.told::<SwappedIn>();
    assert_eq!((told[0].paid, told[0].drawn), (usd("49950"), Usd::ZERO));
    assert!(world.told::<Drawn>().is_empty());
    // and the next partly: 533.125 are left
    world.swapper("sam").swaps_in(1_000, "USDC");
    assert_eq!(world.told::<SwappedIn>()[0].drawn, usd("465.875"));
    assert_eq!(world.has("sam", "sdusd"), "150849");
}

#[test]
fn all_of_it_can_be_swapped_out_and_no_more() {
    let mut world = stage();
    world.swapper("sam").swaps_in(100_000, "USDC");
    // 0.1 %·v + 0.9 %·v·(2C − v) ÷ 2C = 100 + 877.5
    let all = world.swapper("sam").sees("USDC").room_out;
    assert_eq!(all, usd("100977.5"));
    world.swapper("whale").fails_with("E0705").swaps_out("100977.500001", "USDC");
    world.swapper("whale").swaps_out("100977.5", "USDC");
    let seen = world.swapper("sam").sees("USDC");
    assert_eq!((seen.held, seen.room_out, seen.marginal_fee), (Amount::ZERO, Usd::ZERO, Ratio::percent(1)));
    assert_eq!(world.has("whale", "USDC"), "100000");
    // a fee is rounded up: the last micro-USD buys nothing
    world.swapper("sam").swaps_in(1, "USDC");
    world.swapper("whale").fails_with("E0005").swaps_out("0.000001", "USDC");
}

#[test]
fn nobody_is_paid_less_than_he_asks_for() {
    let mut world = stage();
    world.give("sam", "USDC", Amount::new(1_000_000_000)).unwrap();
    let least = Amount::new(999_000_000);
    let more = Amount::new(999_000_001);
    let error = world.swap_in("sam", "USDC", Amount::new(1_000_000_000), Some(more), None).unwrap_err();
    assert!(error.says("E0704"), "{error}");
    world.swap_in("sam", "USDC", Amount::new(1_000_000_000), Some(least), None).unwrap();
    let preview: OutPreview =
        world.query("reserve", &QueryMsg::PreviewOut { token: 0, amount: usd("500") }).unwrap();
    let more = Amount::new(preview.amount.raw() + 1);
    let error = world.swap_out("whale", "USDC", usd("500"), Some(more), None).unwrap_err();
    assert!(error.says("E0704"), "{error}");
    world.swap_out("whale", "USDC", usd("500"), Some(preview.amount), None).unwrap();
}

#[test]
fn the_ceiling_of_a_token_and_its_share_of_all_sdusd_bound_what_comes_in() {
    let mut world = stage_with(|manifest| {
        manifest.reserve.as_mut().unwrap().tokens[0].ceiling = Dollars(Usd::whole(150_000));
    });
    world.swapper("sam").swaps_in(100_000, "USDC");
    assert_eq!(world.swapper("sam").sees("USDC").room_in, usd("50000"));
    world.swapper("sam").fails_with("E0702").swaps_in("50000.000001", "USDC");
    world.swapper("sam").swaps_in(50_000, "USDC");

    // a fifth of all sdUSD there is then: x ≤ 0.2·(100,000 + 0.999·x), so 24,993.75…
    let mut world = empty(|_| {});
    world.lp("whale").deposits(1_000_000, "ATOM").mints(100_000);
    assert_eq!(world.swapper("sam").sees("USDC").room_in, usd("20000"));
    world.swapper("sam").fails_with("E0702").swaps_in(24_994, "USDC");
    world.swapper("sam").swaps_in(24_993, "USDC");
}

#[test]
fn an_empty_pool_begins_with_the_minimum_room_as_soon_as_there_is_collateral() {
    let mut world = empty(|_| {});
    world.swapper("sam").fails_with("E0329").swaps_in(1_000, "USDC");
    world.lp("whale").deposits(1_000_000, "ATOM");
    world.swapper("sam").fails_with("E0702").swaps_in("10000.000001", "USDC");
    world.swapper("sam").swaps_in(10_000, "USDC");
    assert_eq!(ledger(&mut world).supply, usd("9990"));
}

#[test]
fn a_draw_keeps_the_limit_of_the_pool() {
    let mut world = stage_with(|manifest| {
        let reserve = manifest.reserve.as_mut().unwrap();
        reserve.supply_share = Ratio::ONE;
    });
    // 6 % of 10,000,000 in two hours
    world.swapper("sam").swaps_in(600_000, "USDC");
    world.swapper("sam").fails_with("E0329").swaps_in(10_000, "USDC");
}

#[test]
fn a_status_closes_both_ways_or_one() {
    let mut world = stage();
    world.swapper("sam").swaps_in(1_000, "USDC");
    token(&mut world, |token| token.status = Status::OutOnly);
    world.swapper("sam").fails_with("E0703").swaps_in(1, "USDC");
    world.swapper("sam").swaps_out(100, "USDC");
    token(&mut world, |token| token.status = Status::Closed);
    world.swapper("sam").fails_with("E0703").swaps_out(100, "USDC");
    let seen = world.swapper("sam").sees("USDC");
    let closed = Some("E0703".to_string());
    assert_eq!((seen.refuses_in, seen.refuses_out), (closed.clone(), closed));
}

#[test]
fn what_is_no_token_of_the_reserve_is_refused() {
    let mut world = stage();
    world.swapper("sam").fails_with("E0110").swaps_in(1, "ATOM");
    world.swapper("sam").fails_with("E0110").swaps_in(1, "ETH");
    world.swapper("sam").fails_with("E0109").swaps_in(0, "USDC");
    let hook = sdp_types::reserve::Hook::SwapIn { least: None, then: None };
    let error = world.send_tokens("whale", "sdusd", "reserve", Amount::new(1_000_000), &hook).unwrap_err();
    assert!(error.says("E0110"), "{error}");
    let hook =
        sdp_types::reserve::Hook::SwapOut { token: 1, least: None, recipient: None, accepted_haircut: None };
    let error = world.send_tokens("whale", "sdusd", "reserve", Amount::new(1_000_000), &hook).unwrap_err();
    assert!(error.says("E0007"), "{error}");
}

#[test]
fn gifts_do_nothing_until_they_are_swept_into_insurance() {
    let mut world = stage();
    world.swapper("sam").swaps_in(1_000, "USDC");
    let (before, seen) = (ledger(&mut world), world.swapper("sam").sees("USDC"));
    world.give("reserve", "USDC", Amount::new(5_000_000)).unwrap();
    world.transfer("whale", "sdusd", "reserve", Amount::new(7_000_000)).unwrap();
    assert_eq!(world.swapper("sam").sees("USDC"), seen);
    assert_eq!(ledger(&mut world), before);

    let sweep =
        |world: &mut World, token: Token| world.execute("kim", "reserve", &ExecuteMsg::Sweep { token }, &[]);
    let (usdc, sdusd) = (Token::Native("uusdc".into()), Token::Cw20(world.address("sdusd").into_string()));
    let swept = sdp_embedded::events::<SurplusSwept>(&sweep(&mut world, usdc.clone()).unwrap()).unwrap();
    assert_eq!((swept[0].amount, swept[0].value), (Amount::new(5_000_000), usd("5")));
    sweep(&mut world, sdusd.clone()).unwrap();
    let after = ledger(&mut world);
    assert_eq!(after.insurance.raw() - before.insurance.raw(), 12_000_000);
    assert_eq!(after.reported.raw() - before.reported.raw(), -12_000_000);
    for token in [usdc, sdusd] {
        assert!(sweep(&mut world, token).unwrap_err().says("E0322"));
    }
    assert!(sweep(&mut world, Token::Native("uatom".into())).unwrap_err().says("E0110"));
}

#[test]
fn a_cw20_of_18_decimals_is_swapped_like_a_coin_of_6() {
    let mut world = stage_with(|manifest| {
        // the built-in CW20 as a dollar
        manifest.feeds[1].price = Some("1".parse().unwrap());
        let reserve = manifest.reserve.as_mut().unwrap();
        let token = ReserveToken { collateral: "ETH".into(), ..reserve.tokens[0].clone() };
        reserve.tokens.push(token);
    });
    // 1,000.0000005 of them are worth 1,000 micro-exactly, and the half goes to insurance when it is whole
    world.swapper("sam").swaps_in("1000.0000005", "ETH");
    assert_eq!(world.has("sam", "sdusd"), "999");
    world.swapper("sam").swaps_in("1000.0000005", "ETH");
    assert_eq!(
        (world.has("sam", "sdusd"), world.told::<SwappedIn>()[0].fee),
        ("1998".into(), usd("1.000001"))
    );
    world.swapper("sam").swaps_out(1_000, "ETH");
    let told = world.told::<SwappedOut>();
    // exactly as many micro-USD of it as have left
    assert_eq!(told[0].amount.raw() % 1_000_000_000_000, 0);
    let left = usd("1000").raw() - told[0].fee.raw();
    assert_eq!(told[0].amount.raw(), left * 1_000_000_000_000);
    assert_eq!(
        ledger(&mut world).reported,
        SignedUsd::new(-2_000_000_001 - i128::try_from(told[0].fee.raw()).unwrap())
    );
    // it never comes in through the other one's door
    world.swapper("sam").fails_with("E0110").swaps_in(1, "ATOM");
}
