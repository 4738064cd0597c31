//! Winning sides that are scaled down pro rata. A credit line of $1,000 begins at $800 and is left at $600.

use num_traits::One;
use sdp_embedded::decimal::Dollars;
use sdp_embedded::{Actions, World};
use sdp_reference::number::{decimal, fraction, price, ratio, whole};
use sdp_reference::Q;
use sdp_types::events::{AccountLiquidated, Deleveraged, OrderFilled, PositionDeleveraged};
use sdp_types::market::{Change, Deleveraging, ExecuteMsg, PerpResponse, TotalsResponse};
use sdp_types::units::{Rate, Ratio, Usd};
use sdp_types::Price;

/// Nothing moves but prices and positions: no funding, no fees, no premium but what it is rounded up to, no confidence, no breakers.
/// Each trader has $20,000.
fn stage(traders: &[&str]) -> World {
    let mut world = World::with(|manifest| {
        let market = &mut manifest.markets[0];
        (market.line, market.ceiling) = (Dollars(Usd::whole(1_000)), None);
        (market.funding.proportional, market.funding.velocity) = (Rate::ZERO, Rate::ZERO);
        (market.fee, market.insurance.shortfall, market.insurance.leverage) = Default::default();
        manifest.pool.impact_depth = Dollars(Usd::whole(1_000_000_000_000));
        (manifest.pool.least_depth, manifest.pool.breakers, manifest.oracle.breaker) = (None, None, None);
        for feed in &mut manifest.feeds {
            feed.confidence = Ratio::ZERO;
        }
    });
    world.lp("whale").deposits(1_000_000, "ATOM").mints(500_000);
    for trader in traders {
        world.sells_sdusd("whale", trader, 20_000);
        world.trader(trader).funds_margin(20_000);
    }
    world
}

/// The same, and lena on the other side of BTC, so that what longs win does not use up the line.
fn hedged(traders: &[&str], short: &str) -> World {
    let mut world = stage(traders);
    world.sells_sdusd("whale", "lena", 20_000);
    world.trader("lena").funds_margin(20_000).sells(short, "BTC");
    world.fills();
    world
}

fn perp(world: &World, perp: u16) -> PerpResponse {
    world.perps("market").unwrap().swap_remove(perp.into())
}

fn totals(world: &World) -> TotalsResponse {
    world.market_totals("market").unwrap()
}

fn floor(value: &Q) -> i128 {
    value.floor().to_integer().try_into().unwrap()
}

fn ceil(value: &Q) -> i128 {
    value.ceil().to_integer().try_into().unwrap()
}

/// A product index after a factor, both as they are kept.
fn scaled(index: &Q, factor: Ratio) -> Q {
    let exact = index * ratio(factor.raw());
    (exact * whole(1_000_000_000_000u64)).floor() / whole(1_000_000_000_000u64)
}

/// Size and cost of `trader` in BTC, and its margin, as raw numbers.
fn raw(world: &mut World, trader: &str) -> (i128, i128, i128) {
    let state = world.trader(trader).state();
    let position = state.positions.iter().find(|position| position.perp == 0);
    let (size, cost) =
        position.map(|position| (position.size.raw(), position.cost.raw())).unwrap_or_default();
    (size, cost, state.margin.raw())
}

#[test]
fn winners_are_scaled_when_they_pass_begin_and_are_left_at_end() {
    let mut world = stage(&["bob"]);
    world.trader("bob").buys("0.5", "BTC");
    world.fills();
    assert_eq!(raw(&mut world, "bob"), (500_000_000_000_000_000, 30_000_000_000, 19_999_999_999));

    // ½·61,600 − 30,000 is $800: not more than 80 % of the line
    world.price("BTC", "61600");
    world.keeper("kim").pokes();
    assert_eq!(world.told::<Deleveraged>(), []);
    let at_begin = totals(&world);
    assert_eq!((at_begin.winners_pnl, at_begin.winners_part), (Usd::whole(800), Some(Ratio::percent(80))));

    // and a millionth more is
    world.price("BTC", "61600.000002");
    let before = totals(&world);
    world.keeper("kim").pokes();
    let told = world.told::<Deleveraged>();
    let [told] = &told[..] else { panic!("{told:?}") };
    // 600 ÷ 800.000001
    assert_eq!((told.perp, &*told.side, told.factor.raw()), (0, "long", 749_999_999_062_500_001));
    let index = scaled(&Q::one(), told.factor);
    assert_eq!(perp(&world, 0).long_index.raw(), 749_999_999_062_000_000);
    let level = price(61_600_000_002_000_000_000_000u128);
    let half = fraction(1, 2);
    let cost = whole(30_000_000_000u64);
    let gone = Q::one() - &index;
    let realised = (&half * &level - &cost) * &gone;
    assert_eq!(told.realised.raw(), ceil(&realised));
    let size = floor(&(&half * &index * ratio(10u128.pow(36))));
    let margin = 19_999_999_999 + floor(&realised);
    assert_eq!(raw(&mut world, "bob"), (size, ceil(&(&cost * &index)), margin));
    assert_eq!(told.left.raw(), size.unsigned_abs());

    // it is left at $600, and what the market owes has not moved but for two roundings
    let after = totals(&world);
    let pnl = ratio(size) * &level - whole(ceil(&(&cost * &index)));
    assert_eq!(after.winners_pnl.raw(), floor(&pnl).unsigned_abs());
    assert!((599_999_998..=600_000_000).contains(&after.winners_pnl.raw()), "{}", after.winners_pnl);
    assert!((-1..=2).contains(&(after.reported.raw() - before.reported.raw())));
    // nothing more happens there
    world.keeper("kim").pokes();
    assert_eq!(world.told::<Deleveraged>(), []);
}

#[test]
fn what_was_realised_can_be_taken_out_and_the_account_is_told_when_it_is_touched() {
    let mut world = hedged(&["bob"], "0.5");
    world.trader("bob").buys("0.5", "BTC");
    world.fills();
    let (_, _, margin) = raw(&mut world, "bob");
    world.price("BTC", "64000");
    world.keeper("kim").pokes();
    // $2,000 scaled to $600: $1,400 realised, and the 0.15 BTC that are left need 5 % of $9,600
    assert_eq!(raw(&mut world, "bob"), (150_000_000_000_000_000, 9_000_000_000, margin + 1_400_000_000));
    world.trader("bob").withdraws("20920");
    let told = world.told::<PositionDeleveraged>();
    let [told] = &told[..] else { panic!("{told:?}") };
    assert_eq!((told.before.raw(), told.after.raw()), (500_000_000_000_000_000, 150_000_000_000_000_000));
    assert_eq!(told.realised.raw(), 1_400_000_000);
    assert_eq!(world.has("bob", "sdusd"), "20920");
    world.trader("bob").fails_with("E0421").withdraws("0.000002");
    // once
    world.trader("bob").sells("0.001", "BTC").cancels("BTC", 2);
    assert_eq!(world.told::<PositionDeleveraged>(), []);
}

#[test]
fn both_sides_of_all_perpetuals_that_win_have_one_factor_and_losers_none() {
    let mut world = stage(&["bob", "carl", "dora"]);
    world.trader("bob").buys("0.5", "BTC");
    world.trader("carl").sells("10", "ETH");
    world.trader("dora").sells("0.25", "BTC");
    world.fills();
    let margins = ["bob", "carl", "dora"].map(|trader| world.trader(trader).state().margin.raw());
    // bob wins $500, carl $700, dora loses $250
    world.prices(&[("BTC", "61000"), ("ETH", "2930")]);
    assert_eq!(totals(&world).winners_pnl, Usd::whole(1_200));
    world.keeper("kim").pokes();
    let told = world.told::<Deleveraged>();
    let sides: Vec<_> = told.iter().map(|told| (told.perp, &*told.side, told.factor)).collect();
    assert_eq!(sides, [(0, "long", Ratio::percent(50)), (1, "short", Ratio::percent(50))]);
    assert_eq!(raw(&mut world, "bob"), (250_000_000_000_000_000, 15_000_000_000, margins[0] + 250_000_000));
    let carl = world.trader("carl").state();
    assert_eq!(
        (carl.positions[0].size.raw(), carl.margin.raw()),
        (-5_000_000_000_000_000_000, margins[1] + 350_000_000)
    );
    assert_eq!(carl.positions[0].cost.raw(), -15_000_000_000);
    assert_eq!(raw(&mut world, "dora"), (-250_000_000_000_000_000, -15_000_000_000, margins[2]));
    assert_eq!(perp(&world, 0).skew.raw(), 0);
}

#[test]
fn a_position_that_is_split_over_accounts_is_scaled_as_a_whole_one() {
    let run = |accounts: &[(u16, &str)]| {
        let mut world = stage(&["bob"]);
        for number in 1..=3 {
            world.trader("bob").withdraws(5_000);
            world.trader("bob").account(number).funds_margin(5_000);
        }
        for (number, size) in accounts {
            world.trader("bob").account(*number).buys(*size, "BTC");
        }
        world.fills();
        world.price("BTC", "63333.33");
        world.keeper("kim").pokes();
        let of = |number| world.account("bob", "market", number).unwrap();
        let all: Vec<_> = (0..4).map(of).collect();
        let size: i128 = all.iter().flat_map(|one| &one.positions).map(|one| one.size.raw()).sum();
        let margin: i128 = all.iter().map(|one| one.margin.raw()).sum();
        (size, margin)
    };
    let (size, margin) = run(&[(0, "0.5")]);
    let (split, earned) = run(&[(0, "0.111111111"), (1, "0.222222222"), (2, "0.1"), (3, "0.066666667")]);
    // each account has one rounding of its own
    assert!((0..4).contains(&(size - split)), "{size} {split}");
    assert!((0..4).contains(&(margin - earned)), "{margin} {earned}");
}

#[test]
fn many_scalings_before_a_touch_are_as_a_touch_after_each() {
    let mut world = hedged(&["often", "once"], "0.7");
    world.trader("often").buys("0.333333333333333333", "BTC");
    world.trader("once").buys("0.333333333333333333", "BTC");
    world.fills();
    let (size, cost, margin) = raw(&mut world, "once");
    let (mut index, mut realised) = (Q::one(), whole(0));
    for (n, now) in (0u32..).zip(["61800.000000000000000007", "63333.3", "66666.7", "71234.567"]) {
        world.price("BTC", now);
        world.keeper("kim").pokes();
        let [told] = &world.told::<Deleveraged>()[..] else { panic!("scaling {n}") };
        let next = scaled(&index, told.factor);
        let level = price(now.parse::<Price>().unwrap().raw());
        realised += (&index - &next) * (ratio(size) * level - whole(cost));
        index = next;
        // an order that is taken back touches the account
        world.trader("often").buys("0.01", "BTC").cancels("BTC", 3 + u64::from(n));
        assert_eq!(perp(&world, 0).long_deleveragings, 1 + n);
    }
    let (often, once) = (raw(&mut world, "often"), raw(&mut world, "once"));
    let expected = (floor(&(whole(size) * &index)), ceil(&(whole(cost) * &index)));
    assert_eq!(((once.0, once.1), (often.0, often.1)), (expected, expected));
    assert_eq!(once.2, margin + floor(&realised));
    // less by under a micro-USD a touch
    assert!((0..=4).contains(&(once.2 - often.2)), "{once:?} {often:?}");
    world.trader("once").buys("0.01", "BTC");
    let [told] = &world.told::<PositionDeleveraged>()[..] else { panic!("one") };
    assert_eq!((told.before.raw(), told.after.raw()), (size, expected.0));
}

#[test]
fn what_is_opened_flipped_and_liquidated_after_a_scaling_leaves_nothing_when_all_have_closed() {
    let mut world = hedged(&["bob", "carl", "dora", "eve"], "0.8");
    world.trader("bob").buys("0.7", "BTC");
    world.trader("eve").buys("0.123456789", "BTC");
    world.fills();
    world.price("BTC", "63210.987654321");
    world.keeper("kim").pokes();
    assert_eq!(world.told::<Deleveraged>().len(), 1);
    let index = ratio(perp(&world, 0).long_index.raw());

    // a new long has what it bought, whatever the index
    world.trader("carl").buys("0.1", "BTC");
    world.fills();
    let [filled] = &world.told::<OrderFilled>()[..] else { panic!("one") };
    assert_eq!(filled.position.raw(), 100_000_000_000_000_000);
    let opened = raw(&mut world, "carl");
    assert_eq!((opened.0, opened.1), (100_000_000_000_000_000, 6_321_098_766));
    // a third of what is left of bob's, then a flip
    let left = raw(&mut world, "bob").0;
    assert_eq!(left, floor(&(decimal(7, 1) * &index * whole(10u128.pow(18)))));
    world.trader("bob").sells("0.1", "BTC");
    world.fills();
    assert_eq!(raw(&mut world, "bob").0, left - 100_000_000_000_000_000);
    world.trader("bob").sells("0.6", "BTC");
    world.fills();
    assert_eq!(raw(&mut world, "bob").0, left - 700_000_000_000_000_000);

    // dora borrows too much on the scaled side and is liquidated as anybody is
    world.trader("dora").withdraws("19000");
    world.trader("dora").buys("0.3", "BTC");
    world.fills();
    world.price("BTC", "61000");
    world.keeper("kim").liquidates(&["dora"]);
    let dora = raw(&mut world, "dora").0;
    assert!((0..300_000_000_000_000_000).contains(&dora), "{dora}");

    for trader in ["bob", "carl", "dora", "eve", "lena"] {
        if world.trader(trader).position("BTC").is_some() {
            world.trader(trader).closes("BTC");
        }
    }
    world.fills();
    let all = perp(&world, 0);
    assert_eq!((all.long.raw(), all.short.raw(), all.skew.raw()), (0, 0, 0));
    assert_eq!((all.long_index, all.long_deleveragings), (Ratio::ONE, 0));
    assert_eq!((all.short_index, all.short_deleveragings), (Ratio::ONE, 0));
    let totals = totals(&world);
    assert_eq!((totals.cost.raw(), totals.exposure.open_positions), (0, 0));
    // to the last micro-USD what the accounts have
    let margins = world.market_accounts("market").unwrap();
    assert_eq!(totals.margin.raw(), margins.iter().map(|account| account.margin.raw()).sum::<i128>());
    assert_eq!(totals.reported.raw(), totals.margin.raw() - totals.held.signed().unwrap().raw());
}

#[test]
fn orders_that_wait_fill_what_is_left_and_give_back_what_they_reserved() {
    let mut world = stage(&["bob", "carl"]);
    world.trader("bob").buys("0.5", "BTC");
    world.trader("carl").buys("0.1", "BTC");
    world.fills();
    world.trader("bob").sells("0.5", "BTC");
    world.trader("carl").sells("0.15", "BTC");
    assert_eq!(perp(&world, 0).pending_short.raw(), 50_000_000_000_000_000);
    // $1,200 to $600 while they wait
    world.price("BTC", "62000");
    world.keeper("kim").pokes();
    world.fills();
    let filled = world.told::<OrderFilled>();
    let sizes: Vec<_> = filled.iter().map(|filled| (filled.size.raw(), filled.position.raw())).collect();
    let eth = 1_000_000_000_000_000;
    assert_eq!(sizes, [(-250 * eth, 0), (-100 * eth, -50 * eth)]);
    let after = perp(&world, 0);
    assert_eq!((after.pending_long.raw(), after.pending_short.raw(), after.long.raw()), (0, 0, 0));
    assert_eq!(world.trader("bob").state().locked, Usd::ZERO);
}

#[test]
fn a_fill_in_the_perpetual_that_wins_scales_at_once_and_so_does_a_preview_know_it() {
    let mut world = stage(&["bob", "carl"]);
    world.trader("bob").buys("0.5", "BTC");
    world.fills();
    world.trader("carl").sells("0.1", "BTC");
    world.price("BTC", "62400");
    world.fills();
    // $1,200 to $600
    let [told] = &world.told::<Deleveraged>()[..] else { panic!("one") };
    assert_eq!(told.factor, Ratio::percent(50));
    let preview = world.trader("bob").previews("-0.5", "BTC");
    // 0.25 are closed, and as much is opened
    assert_eq!((preview.size.raw(), preview.realised.raw()), (-250_000_000_000_000_000, 600_000_000));
    assert_eq!(preview.equity.raw(), 21_199_999_999 - preview.premium.raw());
}

#[test]
fn one_without_a_size_is_closed_when_it_is_touched() {
    let mut world = hedged(&["bob", "carl"], "0.5");
    world.trader("bob").buys("0.500000000000000001", "BTC");
    world.trader("carl").buys("0.5", "BTC");
    world.fills();
    world.trader("bob").sells("0.5", "BTC");
    world.fills();
    assert_eq!(raw(&mut world, "bob").0, 1);
    world.price("BTC", "62500");
    world.keeper("kim").pokes();
    assert_eq!(world.trader("bob").position("BTC"), None);
    assert_eq!(totals(&world).exposure.open_positions, 3);
    world.trader("bob").buys("0.01", "ETH").cancels("ETH", 0);
    assert_eq!(totals(&world).exposure.open_positions, 2);
    for trader in ["carl", "lena"] {
        world.trader(trader).closes("BTC");
    }
    world.fills();
    assert_eq!((perp(&world, 0).long.raw(), totals(&world).cost.raw()), (0, 0));
}

#[test]
fn nothing_is_scaled_without_a_line_or_a_price_to_go_by() {
    let mut world = stage(&["bob"]);
    world.trader("bob").buys("0.5", "BTC");
    world.fills();
    let quiet = |world: &mut World| {
        world.keeper("kim").pokes();
        assert_eq!(world.told::<Deleveraged>(), []);
    };
    // wider than what is liquidated at
    world.uncertain_price("BTC", "63000", "0.006");
    quiet(&mut world);
    // older than that
    world.price("BTC", "63000");
    world.waits(61);
    quiet(&mut world);
    world.refreshes();
    let line = |world: &mut World, usd| {
        let address = world.address("market").into_string();
        let change = sdp_types::pool::Change::SetLine { market: address, line: Usd::whole(usd) };
        world.execute("owner", "pool", &sdp_types::pool::ExecuteMsg::Configure { change }, &[]).unwrap();
    };
    // a tiny line leaves a tenth at a time, until that is little enough
    line(&mut world, 1);
    for won in [1_500, 150, 15] {
        assert_eq!(totals(&world).winners_part, Some(Ratio::percent(100 * won)));
        world.keeper("kim").pokes();
        let [told] = &world.told::<Deleveraged>()[..] else { panic!("{won}") };
        assert_eq!(told.factor, Ratio::percent(10));
    }
    // 1.5 to 0.6
    world.keeper("kim").pokes();
    assert_eq!(world.told::<Deleveraged>()[0].factor, Ratio::percent(40));
    // and none leaves everybody alone
    world.price("BTC", "80000");
    line(&mut world, 0);
    quiet(&mut world);
    assert_eq!(totals(&world).winners_part, None);
}

#[test]
fn its_parameters_are_parts_of_the_line_in_order() {
    let mut world = stage(&[]);
    let params = world.manifest().markets[0].params();
    for (begin, end) in
        [("1.000000000000000001", "0.5"), ("0.5", "0.5"), ("0.5", "0"), ("0.000000000000000001", "0")]
    {
        let deleveraging = Some(Deleveraging { begin: begin.parse().unwrap(), end: end.parse().unwrap() });
        let change = Change::Params { params: sdp_types::market::Params { deleveraging, ..params.clone() } };
        let refused = world.execute("owner", "market", &ExecuteMsg::Configure { change }, &[]).unwrap_err();
        assert!(refused.says("E0004"), "{begin} {end}: {refused}");
    }
    for deleveraging in [None, Some(Deleveraging { begin: Ratio::ONE, end: Ratio::new(1) })] {
        let change = Change::Params { params: sdp_types::market::Params { deleveraging, ..params.clone() } };
        world.execute("owner", "market", &ExecuteMsg::Configure { change }, &[]).unwrap();
    }
}

#[test]
fn who_loses_on_a_winning_side_realises_as_much_of_that_and_keeps_nobody_from_leaving() {
    let mut world = hedged(&["bob", "dora"], "1.3");
    world.trader("bob").buys("1.3", "BTC");
    world.fills();
    world.price("BTC", "60600");
    world.trader("dora").withdraws("19680");
    world.trader("dora").buys("0.1", "BTC");
    world.fills();
    let margins = ["bob", "dora"].map(|trader| world.trader(trader).state().margin.raw());
    // 1.3·400 − 0.1·200 are $500 of a line that is now as much: 0.6 of the side are left
    let line = sdp_types::pool::Change::SetLine {
        market: world.address("market").into_string(),
        line: Usd::whole(500),
    };
    world.execute("owner", "pool", &sdp_types::pool::ExecuteMsg::Configure { change: line }, &[]).unwrap();
    world.price("BTC", "60400");
    world.keeper("kim").pokes();
    let [told] = &world.told::<Deleveraged>()[..] else { panic!("one") };
    assert_eq!((told.factor, told.realised.raw()), (Ratio::percent(60), 200_000_000));
    let (bob, dora) = (raw(&mut world, "bob"), raw(&mut world, "dora"));
    assert_eq!((bob.0, bob.2), (780_000_000_000_000_000, margins[0] + 208_000_000));
    assert_eq!((dora.0, dora.2), (60_000_000_000_000_000, margins[1] - 8_000_000));

    // she has lost more than all when somebody comes to liquidate her
    world.price("BTC", "54000");
    world.trader("bob").closes("BTC");
    world.fills();
    world.trader("bob").withdraws("10000");
    world.keeper("kim").liquidates(&["dora"]);
    let [ended] = &world.told::<AccountLiquidated>()[..] else { panic!("one") };
    // 0.06 bought at 60,600
    assert_eq!(ended.equity.raw(), dora.2 + 3_240_000_000 - 3_636_000_000);
    assert!(ended.equity.is_negative());
    assert_eq!((ended.shortfall, ended.positions_left), (ended.equity.negative_part(), 0));
    assert_eq!((perp(&world, 0).long.raw(), perp(&world, 0).long_index), (0, Ratio::ONE));
}
