//! A token leaves its band, and comes back: who bears it, and what those get who leave meanwhile.

use sdp_embedded::{Actions, Swapping};
use sdp_types::events::{LossMet, Revalued, SwappedOut, Synced};
use sdp_types::pool::LossLimits;
use sdp_types::reserve::{OutPreview, QueryMsg, PAR};
use sdp_types::units::{Amount, Ratio, Usd};

use crate::{ledger, stage, stage_with, usd};

#[test]
fn below_the_band_a_token_is_written_down_to_its_price_and_insurance_and_providers_meet_it_at_once() {
    let mut world = stage();
    world.swapper("sam").swaps_in(100_000, "USDC");
    let before = ledger(&mut world);
    world.swapper("kim").fails_with("E0322").revalues("USDC");
    world.price("USDC", "0.99");
    world.swapper("kim").revalues("USDC");
    let told = world.told::<Revalued>();
    assert_eq!((told[0].loss, told[0].value, told[0].gain), (usd("1000"), usd("99000"), Usd::ZERO));
    // a quarter of the 100 of insurance, the providers the rest
    let met = world.told::<LossMet>();
    assert_eq!((met[0].insurance, met[0].providers, met[0].unmet), (usd("25"), usd("975"), Usd::ZERO));
    assert_eq!(met[0].source, world.address("reserve").into_string());
    let after = ledger(&mut world);
    assert_eq!(after.reported.raw() - before.reported.raw(), 1_000_000_000);
    assert_eq!(after.vault_debt.raw() - before.vault_debt.raw(), 975_000_000);
    assert_eq!((after.insurance, after.bad_debt), (usd("75"), Usd::ZERO));

    // within a band's width of that nothing moves
    world.price("USDC", "0.9949");
    world.swapper("kim").fails_with("E0322").revalues("USDC");
    // back at par it is insurance's
    world.price("USDC", "0.9999");
    world.swapper("kim").revalues("USDC");
    let told = world.told::<Revalued>();
    assert_eq!((told[0].mark, told[0].gain), (PAR, usd("1000")));
    let back = ledger(&mut world);
    assert_eq!((back.insurance, back.vault_debt), (usd("1075"), after.vault_debt));
    assert_eq!(back.reported, before.reported);
}

#[test]
fn a_price_that_crosses_the_edge_again_and_again_costs_the_providers_once() {
    let mut world = stage();
    world.swapper("sam").swaps_in(100_000, "USDC");
    world.price("USDC", "0.9949");
    world.swapper("kim").revalues("USDC");
    let debt = ledger(&mut world).vault_debt;
    for price in ["0.9951", "0.9949", "0.997", "0.993", "0.9949"] {
        world.price("USDC", price);
        world.swapper("kim").fails_with("E0322").revalues("USDC");
    }
    assert_eq!(ledger(&mut world).vault_debt, debt);
}

#[test]
fn a_token_that_is_written_down_does_not_come_in_and_goes_out_one_for_one() {
    let mut world = stage();
    world.swapper("sam").swaps_in(100_000, "USDC");
    world.price("USDC", "0.99");
    world.swapper("kim").revalues("USDC");
    let before = ledger(&mut world);
    // in the band again, and the book follows, but not to par
    world.price("USDC", "0.9951");
    world.swapper("sam").fails_with("E0701").swaps_in(1_000, "USDC");
    // y = 50,000 costs as much as at par, and 0.49 % of it had been lost before
    world.swapper("whale").swaps_out("50483.125", "USDC");
    let told = world.told::<SwappedOut>();
    assert_eq!(
        (told[0].amount, told[0].fee, told[0].gain),
        (Amount::new(50_000_000_000), usd("483.125"), usd("245"))
    );
    assert_eq!(world.told::<Revalued>()[0].gain, usd("510"));
    let after = ledger(&mut world);
    assert_eq!(after.insurance.raw() - before.insurance.raw(), 483_125_000 + 245_000_000 + 510_000_000);
    assert_eq!(after.vault_debt, before.vault_debt);
}

#[test]
fn a_swap_out_writes_down_first_and_has_the_pool_book_it() {
    let mut world = stage();
    world.swapper("sam").swaps_in(100_000, "USDC");
    world.price("USDC", "0.99");
    world.swapper("whale").swaps_out("50483.125", "USDC");
    assert_eq!(world.told::<Revalued>()[0].loss, usd("1000"));
    assert_eq!(world.told::<SwappedOut>()[0].gain, usd("500"));
    // in one message: 100 of fees from the way in, 983.125 now; the loss is met out of what there is then
    assert_eq!(world.told::<Synced>().len(), 1);
    assert_eq!(world.told::<LossMet>()[0].insurance, usd("270.78125"));
}

#[test]
fn recovery_is_booked_before_a_swap_in() {
    let mut world = stage();
    world.swapper("sam").swaps_in(100_000, "USDC");
    world.price("USDC", "0.99");
    world.swapper("kim").revalues("USDC");
    world.price("USDC", "0.9985");
    world.swapper("sam").swaps_in(1_000, "USDC");
    assert_eq!(world.told::<Revalued>()[0].gain, usd("1000"));
    assert_eq!(world.swapper("sam").sees("USDC").value, usd("101000"));
    assert_eq!(ledger(&mut world).insurance, usd("1076"));
}

#[test]
fn while_bad_debt_stands_what_goes_out_leaves_its_part_and_a_draw_keeps_the_rules_of_the_pool() {
    let mut world = stage_with(|manifest| {
        manifest.pool.losses = Some(LossLimits { draw_cap: Ratio::percent(25), loss_budget: Ratio::ZERO });
    });
    world.swapper("sam").swaps_in(100_000, "USDC");
    world.price("USDC", "0.99");
    world.swapper("kim").revalues("USDC");
    // a quarter of 100 met, nothing by the providers
    assert_eq!(ledger(&mut world).bad_debt, usd("975"));
    // 975 ÷ (0 owed + 99,000), rounded up
    let preview: OutPreview =
        world.query("reserve", &QueryMsg::PreviewOut { token: 0, amount: usd("10000") }).unwrap();
    let haircut = Ratio::new(9_848_484_848_484_849);
    assert_eq!(preview.haircut, haircut);
    // 98.4848…
    assert_eq!(preview.kept, usd("98.484849"));
    world.swapper("whale").fails_with("E0341").swaps_out(10_000, "USDC");
    world
        .swapper("whale")
        .accepts(Ratio::new(haircut.raw() - 1))
        .fails_with("E0341")
        .swaps_out(10_000, "USDC");
    let before = ledger(&mut world);
    world.swapper("whale").accepts(haircut).swaps_out(10_000, "USDC");
    let told = world.told::<SwappedOut>();
    assert_eq!((told[0].kept, told[0].amount), (preview.kept, preview.amount));
    // all that is beyond the value that left becomes insurance, which meets what stands as far as its cap of a day allows
    let after = ledger(&mut world);
    let beyond = 10_000_000_000 - told[0].amount.raw() * 99 / 100;
    let moved =
        (after.insurance.raw() + before.bad_debt.raw()) - (before.insurance.raw() + after.bad_debt.raw());
    assert!(moved.abs_diff(beyond) <= 1, "{moved} {beyond}");

    // back at par: no trader is owed anything, so all of a draw would be kept
    world.price("USDC", "1");
    world.swapper("kim").revalues("USDC");
    assert!(!ledger(&mut world).bad_debt.is_zero());
    // what is held is not drawn
    let held = world.reserve_totals().unwrap().held;
    assert_eq!(held, usd("10000"));
    world.swapper("sam").swaps_in(10_000, "USDC");
    world.swapper("sam").fails_with("E0341").swaps_in(10_000, "USDC");
}
