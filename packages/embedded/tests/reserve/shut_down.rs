//! The end of the pool: what the reserve has is changed here, and the rest of all sdUSD is redeemed at the estate.

use sdp_embedded::{Actions, Swapping, World};
use sdp_types::events::{Redeemed, SwappedOut};
use sdp_types::pool::{self, ExecuteMsg};
use sdp_types::regime::Regime;
use sdp_types::reserve::Status;
use sdp_types::units::{Amount, SignedUsd, Usd};

use crate::{ledger, stage_with, usd};

const DAY: u64 = 86_400;

/// sam has brought 100,000 in; the pool is shut down after seven days of emergency.
fn shut(price: &str) -> World {
    let mut world = stage_with(|manifest| manifest.pool.breakers = None);
    world.swapper("sam").swaps_in(100_000, "USDC");
    if price != "1" {
        world.price("USDC", price);
        world.swapper("kim").revalues("USDC");
    }
    world.trip("guardian", None, Regime::Emergency).unwrap();
    for _ in 0..8 {
        world.waits(DAY - 60).refreshes();
        world.trip("guardian", None, Regime::Emergency).unwrap();
    }
    send(&mut world, &ExecuteMsg::ShutDown {});
    world
}

#[track_caller]
fn send(world: &mut World, msg: &ExecuteMsg) {
    if let Err(error) = world.execute("kim", "pool", msg, &[]) {
        panic!("{error}");
    }
}

#[track_caller]
fn redeems(world: &mut World, holder: &str, amount: Usd) {
    let hook = pool::Hook::Redeem {};
    let done = world.send_tokens(holder, "sdusd", "pool", Amount::new(amount.raw()), &hook).unwrap();
    assert_eq!(sdp_embedded::events::<Redeemed>(&done).unwrap()[0].amount, amount);
    world.execute(holder, "pool", &ExecuteMsg::Collect { vault: None }, &[]).unwrap();
}

#[test]
fn nothing_comes_in_any_more_and_what_is_there_is_changed_at_par_without_price_fee_and_end() {
    let mut world = shut("1");
    world.swapper("sam").fails_with("E0333").swaps_in(1_000, "USDC");
    world.swapper("kim").fails_with("E0333").revalues("USDC");
    world.swapper("sam").swaps_out(40_000, "USDC");
    let told = world.told::<SwappedOut>();
    assert_eq!((told[0].amount, told[0].fee), (Amount::new(40_000_000_000), Usd::ZERO));
    // a year later, without a price since then
    world.waits(365 * DAY);
    let seen = world.swapper("sam").sees("USDC");
    assert_eq!(
        (seen.room_out, seen.refuses_in.as_deref(), seen.refuses_out),
        (usd("60000"), Some("E0333"), None)
    );
    world.swapper("whale").fails_with("E0705").swaps_out("60000.000001", "USDC");
    world.swapper("whale").swaps_out(60_000, "USDC");
    assert_eq!(world.has("whale", "USDC"), "60000");
}

#[test]
fn a_closed_token_can_be_had_too_then() {
    let mut world = shut("1");
    let manifest = world.manifest().clone();
    let mut entry = manifest.reserve.as_ref().unwrap().tokens[0].clone();
    entry.status = Status::Closed;
    let config = entry.config(&manifest, &|name| Ok(world.address(name).into_string())).unwrap();
    let change = sdp_types::reserve::Change::UpdateToken { token: 0, config };
    let msg = sdp_types::reserve::ExecuteMsg::Configure { change };
    world.execute("guardian", "reserve", &msg, &[]).unwrap();
    world.swapper("sam").swaps_out(1_000, "USDC");
}

#[test]
fn every_sdusd_is_paid_once_here_or_at_the_estate_and_all_books_end_at_zero() {
    let mut world = shut("1");
    world.swapper("sam").swaps_out(40_000, "USDC");
    world.waits(8 * DAY);
    send(&mut world, &ExecuteMsg::FixClaims {});
    // 1,000,000 + 99,900 sdUSD less 60,000 of tokens less 40,000 that are held here; 100 of insurance went to the provider
    let estate: sdp_types::lens::EstateResponse =
        world.query("lens", &sdp_types::lens::QueryMsg::Estate {}).unwrap();
    assert_eq!(estate.claims.unwrap().holders, usd("999900"));

    // 59,900 are sam's, the last 100 whale's
    world.swapper("sam").swaps_out(59_900, "USDC");
    world.swapper("whale").swaps_out(100, "USDC");
    assert_eq!((world.has("sam", "sdusd"), world.has("sam", "USDC")), ("0".into(), "99900".into()));
    world.swapper("whale").fails_with("E0705").swaps_out("0.000001", "USDC");
    redeems(&mut world, "whale", usd("999900"));
    // a dollar for a dollar: ATOM at 10
    assert_eq!(world.has("whale", "ATOM"), "99990");
    let owner = world.address("whale").into_string();
    send(&mut world, &ExecuteMsg::ClaimCollateral { vault: 0, owner });
    assert_eq!(world.has("whale", "ATOM"), "1000000");
    all_is_zero(&mut world, usd("100000"));
}

#[test]
fn a_token_that_was_written_down_is_changed_at_what_it_stands_at_so_that_nobody_has_to_be_first() {
    let mut world = shut("0.96");
    // 96,000 for 100,000 tokens; the estate has the rest
    assert_eq!(world.swapper("sam").sees("USDC").room_out, usd("96000"));
    world.waits(8 * DAY);
    send(&mut world, &ExecuteMsg::FixClaims {});
    world.swapper("sam").swaps_out(96_000, "USDC");
    assert_eq!(world.has("sam", "USDC"), "100000");
    redeems(&mut world, "sam", usd("3900"));
    redeems(&mut world, "whale", usd("1000000"));
    assert_eq!((world.has("sam", "ATOM"), world.has("whale", "ATOM")), ("390".into(), "100000".into()));
    let owner = world.address("whale").into_string();
    send(&mut world, &ExecuteMsg::ClaimCollateral { vault: 0, owner });
    // 4,000 lost, 100 earned by insurance
    assert_eq!(world.has("whale", "ATOM"), "999610");
    all_is_zero(&mut world, usd("96000"));
}

/// Nobody owes anybody anything, but that the reserve holds what sdUSD is left.
#[track_caller]
fn all_is_zero(world: &mut World, held: Usd) {
    let totals = world.reserve_totals().unwrap();
    assert_eq!((totals.value, totals.held), (Usd::ZERO, held));
    let ledger = ledger(world);
    assert_eq!((ledger.supply, ledger.reported), (held, held.signed().unwrap().negate().unwrap()));
    assert_eq!((ledger.vault_debt, ledger.estate), (SignedUsd::ZERO, SignedUsd::ZERO));
    assert_eq!((ledger.bad_debt, ledger.insurance, ledger.tab), (Usd::ZERO, Usd::ZERO, Usd::ZERO));
    assert_eq!(world.sdusd_supply().unwrap().raw(), held.raw());
}
