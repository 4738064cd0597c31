//! The helpers that other tests read by do what their names say, with everything added up after each message.

use sdp_embedded::{Actions, World};
use sdp_types::events::{AccountLiquidated, AuctionStarted, Exited, OrderFilled, OrderRefused, Taken};
use sdp_types::units::{Amount, Usd};

fn traded() -> World {
    let mut world = World::backed();
    world.lp("whale").mints(100_000).sells_sdusd_to("bob", 20_000).sells_sdusd_to("carl", 20_000);
    world.trader("bob").funds_margin(10_000).buys(2, "BTC");
    world.trader("carl").funds_margin(10_000).sells(10, "ETH");
    world.fills();
    world
}

#[test]
fn orders_fill_at_the_next_interval_and_close_again() {
    let mut world = traded();
    assert_eq!(world.trader("bob").position("BTC").unwrap().size.to_string(), "2");
    assert_eq!(world.trader("carl").position("ETH-PERP").unwrap().size.to_string(), "-10");
    world.trader("bob").closes("BTC").withdraws(1);
    world.passes(15);
    let filled = world.keeper("kim").settles("BTC").told::<OrderFilled>();
    assert_eq!(filled.len(), 1);
    assert!(world.trader("bob").position("BTC").is_none());
}

#[test]
fn a_limit_holds_and_an_order_can_be_taken_back() {
    let mut world = traded();
    let now = world.now();
    world.trader("bob").at_least("60500").sells(1, "BTC");
    world.passes(20);
    let refused = world.keeper("kim").settles("BTC").told::<OrderRefused>();
    assert_eq!(refused.iter().map(|refused| refused.code.as_str()).collect::<Vec<_>>(), ["E0414"]);
    assert_eq!(world.now(), now + 20);
    world.trader("bob").sells(1, "BTC").cancels("BTC", 2).fails_with("E0411").cancels("BTC", 2);
    world.trader("bob").fails_with("E0421").withdraws(9_999).fails_with("E0404").buys(40, "BTC");
}

#[test]
fn profits_are_drawn_from_the_pool() {
    let mut world = traded();
    world.price("BTC", 63_000);
    world.trader("bob").closes("BTC");
    world.fills();
    let margin = world.trader("bob").state().margin;
    assert!(margin.raw() > 15_000_000_000, "{margin}");
    world.trader("bob").withdraws(15_000);
    world.trader("carl").closes("ETH");
    world.fills();
    let left = world.trader("carl").state().withdrawable;
    world.withdraw_margin("carl", "market", 0, left).unwrap();
    assert_eq!(world.trader("carl").state().margin.raw(), 0);
    world.keeper("kim").syncs().pokes();
}

#[test]
fn a_trader_below_maintenance_is_cut_back_and_one_below_zero_leaves_a_shortfall() {
    let mut world = traded();
    world.price("BTC", 56_300);
    let cut = world.keeper("kim").liquidates(&["bob", "carl"]).told::<AccountLiquidated>();
    assert_eq!(cut.len(), 1, "carl is well");
    assert!(cut[0].positions_left == 1 && cut[0].shortfall.is_zero(), "{cut:?}");
    world.price("BTC", 47_000);
    let cut = world.keeper("kim").liquidates(&["bob"]).told::<AccountLiquidated>();
    assert!(cut[0].positions_left == 0 && !cut[0].shortfall.is_zero(), "{cut:?}");
    world.keeper("kim").syncs();
}

#[test]
fn a_provider_below_its_ratio_is_seized_and_its_collateral_is_sold() {
    let mut world = traded();
    world.lp("anna").deposits(10_000, "ATOM").mints(33_000);
    world.lp("whale").with("ATOM").mints(50_000).sells_sdusd_to("tara", 60_000);
    world.keeper("kim").fails_with("E0313").seizes("anna", "ATOM");
    world.price("ATOM", "6");
    let started = world.keeper("kim").seizes("anna", "ATOM").told::<AuctionStarted>();
    let auction = started[0].auction;
    world.passes_without_gap(200);
    world.keeper("tara").at_most("5").fails_with("E0505").takes(auction, 100);
    let taken = world.keeper("tara").at_most("6").takes(auction, 1_000).told::<Taken>();
    assert_eq!(taken[0].amount, Amount::new(1_000_000_000));
    world.keeper("tara").takes(auction, 10_000);
    assert_eq!(world.auctions().unwrap(), []);
    world.keeper("kim").syncs();
}

#[test]
fn an_auction_that_has_run_too_long_begins_again() {
    let mut world = traded();
    world.lp("anna").deposits(10_000, "ATOM").mints(33_000);
    world.price("ATOM", "6");
    let auction = world.keeper("kim").seizes("anna", "ATOM").told::<AuctionStarted>()[0].auction;
    world.keeper("kim").fails_with("E0504").redoes(auction);
    world.passes_without_gap(1_600);
    world.keeper("whale").fails_with("E0503").takes(auction, 1);
    world.keeper("kim").redoes(auction);
    world.keeper("whale").takes(auction, 10_000);
    assert_eq!(world.auctions().unwrap(), []);
}

#[test]
fn a_provider_leaves_after_stay_and_delay() {
    let mut world = traded();
    world.lp("anna").deposits(1_000, "ETH").mints(300);
    world.lp("anna").fails_with("E0309").requests_exit(10);
    world.passes(172_800);
    world.lp("anna").requests_exit(10).fails_with("E0311").exits();
    world.passes(86_400 - 5);
    world.passes(20);
    let left = world.keeper("kim").executes_exit("anna", "ETH").told::<Exited>();
    assert_eq!(left[0].released, Amount::new(10_000_000_000_000_000_000));
    assert_eq!(world.has("anna", "ETH"), "10");
    world.lp("anna").burns(100).requests_exit(1).cancels_exit();
}

#[test]
fn anybody_can_insure_and_pay_for_others() {
    let mut world = traded();
    world.keeper("whale").insures("12.5");
    assert!(world.health().unwrap().insurance >= Usd::new(12_500_000));
    world.trader("bob").funds_margin_of("dora", 100);
    assert_eq!(world.trader("dora").state().margin.raw(), 100_000_000);
    world.lp("whale").deposits_for("dora", 100, "USDC");
    assert_eq!(world.lp("dora").with("USDC").position().collateral, Amount::new(100_000_000));
    let preview = world.trader("bob").previews("-0.5", "BTC");
    assert_eq!(preview.size.to_string(), "1.5");
}
