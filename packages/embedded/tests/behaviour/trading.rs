//! What a trader does, from margin to profit paid out, with every amount derived from the design's formulas.

use sdp_embedded::{Actions, World};
use sdp_types::events::{
    AccountLiquidated, LossMet, MarginWithdrawn, OrderFilled, OrderRefused, PositionCut,
};
use sdp_types::market::{Change, ExecuteMsg, PerpStatus, TotalsResponse};
use sdp_types::units::{SignedUsd, Usd};

/// A pool with a large provider, and traders with margin in sdUSD.
fn market(traders: &[&str]) -> World {
    let mut world = World::backed();
    world.lp("whale").with("ATOM").mints(1_000_000);
    for trader in traders {
        world.sells_sdusd("whale", trader, 50_000);
        world.trader(trader).funds_margin(20_000);
    }
    world
}

fn totals(world: &World) -> TotalsResponse {
    world.market_totals("market").unwrap()
}

fn usd(micro: i128) -> SignedUsd {
    SignedUsd::new(micro)
}

#[test]
fn an_order_fills_at_the_worse_side_of_its_intervals_price_with_the_premium_of_the_potential() {
    let mut world = market(&["bob"]);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    let filled = &world.told::<OrderFilled>()[0];
    // 60,000 at 5 bp
    assert_eq!(filled.price, "60030".parse().unwrap());
    // ½·x²·σ²/depth = ½·60,000²·0.035²/612,500 = 3.6 USD
    assert_eq!(filled.premium, usd(3_600_000));
    // 6 bp of 60,030
    assert_eq!(filled.fee, Usd::new(36_018_000));
    // a thousandth of ES = 2.82·3.5 %·60,000, and 1 bp of 60,000·3,000/equity, marked at 59,970
    let equity = 20_000_000_000 - 3_600_000 - 36_018_000 - 60_000_000;
    let part = (3_000_000_000 * 10u128.pow(18)).div_ceil(equity);
    let leveraged = (60_000_000_000 * part).div_ceil(10u128.pow(18));
    let insurance = 5_922_000 + leveraged.div_ceil(10_000);
    assert_eq!(filled.insurance, Usd::new(insurance));
    let state = world.trader("bob").state();
    let margin = 20_000_000_000 - 3_600_000 - 36_018_000 - i128::try_from(insurance).unwrap();
    assert_eq!(state.margin, usd(margin));
    assert_eq!(state.positions[0].cost, usd(60_030_000_000));
}

#[test]
fn a_fee_is_split_between_insurance_keeper_and_providers() {
    let mut world = market(&["bob"]);
    let before = world.audit().unwrap().ledger;
    world.trader("bob").buys("1", "BTC");
    world.fills();
    let filled = world.told::<OrderFilled>()[0].clone();
    world.keeper("kim").syncs();
    let after = world.audit().unwrap().ledger;
    // 5 % of the fee, and 0.7 of 6 bp, each rounded down; insurance has its premium besides
    assert_eq!(filled.keeper_fee, Usd::new(1_800_900));
    assert_eq!(world.trader("settler").state().margin, usd(1_800_900));
    let insurance = after.insurance.minus(before.insurance).unwrap();
    assert_eq!(insurance, Usd::new(36_018_000 * 7 / 60).plus(filled.insurance).unwrap());
    // what is left of the fee and the half spread of 30 USD are the providers', less the funding of the seconds since
    let gained = before.vault_debt.minus(after.vault_debt).unwrap();
    let expected = 36_018_000 - 1_800_900 - 36_018_000 * 7 / 60 + 30_000_000;
    assert!((gained.raw() - expected).abs() <= 1, "{gained} {expected}");
}

#[test]
fn closing_at_the_same_price_gets_the_premium_back_and_costs_the_spread_twice() {
    let mut world = market(&["bob"]);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    let insured = i128::try_from(world.told::<OrderFilled>()[0].insurance.raw()).unwrap();
    world.trader("bob").closes("BTC");
    world.fills();
    let filled = &world.told::<OrderFilled>()[0];
    assert_eq!(filled.premium, usd(-3_600_000));
    assert_eq!(filled.price, "59970".parse().unwrap());
    let state = world.trader("bob").state();
    assert!(state.positions.is_empty());
    // sold 60 USD lower than bought, two fees, what opening paid insurance, and at most a cent of funding for half a minute
    let fees = 36_018_000 + 35_982_000;
    let loss = 20_000_000_000 - state.margin.raw() - 60_000_000 - fees - insured;
    assert!((0..10_000).contains(&loss), "{loss}");
    assert!(totals(&world).exposure.quantities.iter().all(|entry| entry.quantity.is_zero()));
}

#[test]
fn an_increase_a_reduction_and_a_flip_each_do_what_they_say() {
    let mut world = market(&["bob"]);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    world.trader("bob").buys("0.5", "BTC");
    world.fills();
    assert_eq!(world.trader("bob").position("BTC").unwrap().size, "1.5".parse().unwrap());
    world.trader("bob").sells("0.9", "BTC");
    world.fills();
    assert_eq!(world.trader("bob").position("BTC").unwrap().size, "0.6".parse().unwrap());
    world.trader("bob").sells("1", "BTC");
    world.fills();
    let position = world.trader("bob").position("BTC").unwrap();
    assert_eq!(position.size, "-0.4".parse().unwrap());
    // the new side begins at its own price: 0.4 sold at 59,970, and the funding index, less than a cent
    let cost = position.cost.raw() + 59_970_000_000 * 4 / 10;
    assert!(cost.abs() < 10_000, "{cost}");
}

#[test]
fn a_profit_is_paid_out_by_drawing_what_the_market_does_not_hold() {
    let mut world = market(&["bob"]);
    world.trader("bob").buys("2", "BTC");
    world.fills();
    world.price("BTC", 70_000);
    world.trader("bob").closes("BTC");
    world.fills();
    let free = world.trader("bob").state().withdrawable;
    assert!(free > Usd::whole(39_000), "{free}");
    let before = world.sdusd_supply().unwrap().raw();
    world.trader("bob").withdraws("39000");
    let paid = &world.told::<MarginWithdrawn>()[0];
    // what the market holds is what was paid in, and goes first
    assert_eq!(paid.drawn, Usd::whole(19_000));
    assert_eq!(world.sdusd_supply().unwrap().raw() - before, 19_000_000_000);
    assert_eq!(world.has("bob", "sdusd"), "69000");
    assert_eq!(totals(&world).held, Usd::ZERO);
    world.trader("bob").withdraws("100");
    assert_eq!(world.told::<MarginWithdrawn>()[0].drawn, Usd::whole(100));
}

#[test]
fn a_profit_that_is_not_realised_cannot_be_withdrawn() {
    let mut world = market(&["bob"]);
    world.trader("bob").buys("2", "BTC");
    world.fills();
    world.price("BTC", 70_000);
    let state = world.trader("bob").state();
    // initial margin 5 % of 140,000 is all that is kept back from the margin; none of the 20,000 of profit counts
    let kept = Usd::whole(7_000);
    assert_eq!(state.initial_margin, kept);
    let free = state.margin.positive_part().minus(kept).unwrap();
    // but for what insurance gets of a withdrawal: at most 1 bp of the notional
    let charge = free.minus(state.withdrawable).unwrap();
    assert!(charge > Usd::ZERO && charge <= Usd::whole(14), "{charge}");
    world.trader("bob").fails_with("E0421").withdraws("13000");
}

#[test]
fn a_limit_worse_than_the_fill_refuses_it_and_refunds_all_but_the_keepers_fee() {
    let mut world = market(&["bob"]);
    // index 60,030 on the worse side, premium 3.60 a unit
    world.trader("bob").at_most("60033").buys("1", "BTC");
    world.fills();
    let refused = &world.told::<OrderRefused>()[0];
    assert_eq!(refused.code, "E0414");
    let state = world.trader("bob").state();
    assert!(state.positions.is_empty());
    assert_eq!(state.locked, Usd::ZERO);
    assert_eq!(state.margin, usd(20_000_000_000 - i128::try_from(refused.keeper_fee.raw()).unwrap()));
    assert!(!refused.keeper_fee.is_zero());

    world.trader("bob").at_most("60034").buys("1", "BTC");
    world.fills();
    assert_eq!(world.told::<OrderFilled>().len(), 1);
}

#[test]
fn a_limit_beyond_the_slippage_band_is_refused_at_the_commit() {
    let mut world = market(&["bob"]);
    world.trader("bob").fails_with("E0424").at_most("61801").buys("1", "BTC");
    world.trader("bob").fails_with("E0424").at_least("58199").sells("1", "BTC");
    world.trader("bob").at_most("61800").buys("0.1", "BTC");
    world.trader("bob").at_least("58200").sells("0.1", "BTC");
}

#[test]
fn an_order_fills_at_its_interval_whoever_settles_it_and_whenever() {
    let mut world = market(&["bob", "eve"]);
    world.trader("bob").buys("0.1", "BTC");
    world.trader("eve").buys("0.1", "BTC");
    world.passes(11);
    // both are bound; the price that comes later is nobody's
    world.keeper("eve").settles("BTC");
    world.price("BTC", 66_000);
    world.passes(11);
    let fills = |world: &World, name: &str| world.account(name, "market", 0).unwrap().positions[0].cost;
    assert_eq!(fills(&world, "bob"), usd(6_003_000_000));
    let eve = fills(&world, "eve");
    assert_eq!(eve, usd(6_003_000_000));
}

#[test]
fn settling_before_the_interval_or_twice_does_nothing() {
    let mut world = market(&["bob"]);
    world.keeper("kim").fails_with("E0420").settles("BTC");
    world.trader("bob").buys("0.1", "BTC");
    world.keeper("kim").fails_with("E0420").settles("BTC");
    world.fills();
    world.keeper("kim").fails_with("E0420").settles("BTC");
}

#[test]
fn an_order_whose_intervals_stay_empty_is_void_and_refunded() {
    let mut world = market(&["bob"]);
    world.trader("bob").buys("0.1", "BTC");
    let locked = world.trader("bob").state().locked;
    assert!(!locked.is_zero());
    world.waits(75);
    world.keeper("kim").settles("BTC");
    let refused = &world.told::<OrderRefused>()[0];
    assert_eq!(refused.code, "E0415");
    let state = world.trader("bob").state();
    assert_eq!((state.locked, state.orders), (Usd::ZERO, 0));
}

#[test]
fn an_order_passes_over_an_empty_interval_to_the_next_one_with_a_price() {
    let mut world = market(&["bob"]);
    world.trader("bob").buys("0.1", "BTC");
    world.waits(22);
    world.keeper("kim").fails_with("E0420").settles("BTC");
    world.price("BTC", 61_000);
    // the interval before may still get its price until its grace is over
    world.keeper("kim").fails_with("E0420").settles("BTC");
    world.waits(3);
    world.keeper("kim").settles("BTC");
    assert_eq!(world.told::<OrderFilled>()[0].price, "61030.5".parse().unwrap());
}

#[test]
fn an_order_can_be_taken_back_before_its_interval_and_by_its_owner_only() {
    let mut world = market(&["bob", "eve"]);
    world.trader("bob").buys("0.1", "BTC");
    world.trader("eve").fails_with("E0413").cancels("BTC", 0);
    world.trader("bob").fails_with("E0411").cancels("BTC", 7);
    world.trader("bob").cancels("BTC", 0);
    assert_eq!(world.trader("bob").state().locked, Usd::ZERO);
    world.trader("bob").buys("0.1", "BTC");
    world.passes(11);
    world.trader("bob").fails_with("E0412").cancels("BTC", 1);
    // the hole of the cancelled one stops nobody
    world.keeper("kim").settles("BTC");
    assert_eq!(world.told::<OrderFilled>()[0].order, 1);
}

#[test]
fn what_an_order_may_not_be_is_refused_with_its_own_code() {
    let mut world = market(&["bob"]);
    world.trader("bob").fails_with("E0005").buys("0", "BTC");
    world.trader("bob").fails_with("E0405").buys("0.0001", "BTC");
    world.trader("bob").fails_with("E0404").buys("7", "BTC");
    world.trader("bob").fails_with("E0422").expiring_in(61).buys("0.1", "BTC");
    world.trader("bob").fails_with("E0004").expiring_in(9).buys("0.1", "BTC");
    world.uncertain_price("BTC", "60000", "0.002");
    world.trader("bob").fails_with("E0207").buys("0.1", "BTC");
    world.price("BTC", 60_000);
    world.waits(16);
    world.trader("bob").fails_with("E0206").buys("0.1", "BTC");
}

#[test]
fn no_order_goes_beyond_the_caps_and_orders_ahead_of_it_count() {
    let mut world = market(&[]);
    world.sells_sdusd("whale", "bob", 900_000);
    world.trader("bob").funds_margin(900_000);
    // premium cap of 1 %: σ²·x/depth = 0.01 at 5 million; skew cap at 3 million is nearer
    world.trader("bob").buys("40", "BTC");
    world.trader("bob").fails_with("E0406").buys("11", "BTC");
    world.trader("bob").buys("10", "BTC");
    world.fills();
    world.trader("bob").fails_with("E0406").buys("1", "BTC");
    world.sells_sdusd("whale", "eve", 10_000);
    world.trader("eve").funds_margin(10_000);
    world.trader("eve").sells("1", "BTC");
}

#[test]
fn a_close_only_perpetual_takes_reductions_and_nothing_else() {
    let mut world = market(&["bob", "eve"]);
    world.trader("bob").buys("0.5", "BTC");
    world.fills();
    world.trader("eve").buys("0.1", "BTC");
    let mut config = world.perps("market").unwrap().swap_remove(0).config;
    config.status = PerpStatus::CloseOnly;
    let change = Change::UpdatePerp { perp: 0, config };
    world.execute("guardian", "market", &ExecuteMsg::Configure { change }, &[]).unwrap();
    world.trader("bob").fails_with("E0409").buys("0.1", "BTC");
    world.trader("bob").closes("BTC");
    world.fills();
    assert_eq!(world.told::<OrderRefused>()[0].code, "E0409");
    assert!(world.trader("bob").position("BTC").is_none());
}

#[test]
fn an_account_below_maintenance_is_cut_back_to_its_target_and_no_further() {
    let mut world = market(&[]);
    world.sells_sdusd("whale", "bob", 4_000);
    world.trader("bob").funds_margin(4_000);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    // 4,000 less fee and premium; a long of 60,000 falls below 2.5 % at about 57,500
    world.keeper("kim").liquidates(&["bob"]);
    assert!(world.told::<AccountLiquidated>().is_empty());
    world.price("BTC", 57_400);
    let before = world.trader("bob").state();
    assert!(before.liquidatable);
    world.keeper("kim").liquidates(&["bob"]);
    let told = world.told::<AccountLiquidated>()[0].clone();
    let cut = world.told::<PositionCut>()[0].clone();
    let after = world.trader("bob").state();
    assert_eq!(told.positions_left, 1);
    assert_eq!(told.shortfall, Usd::ZERO);
    assert!(cut.size.is_negative());
    // equity is back at 1.25 times maintenance, the premium of closing apart (here a rebate, which is insurance's)
    let target = after.maintenance_margin.raw() * 125 / 100;
    let equity = after.equity.positive_part().raw();
    // each of returned value, cost, penalty and both margins is rounded once
    assert!(equity + 5 >= target && equity < target + target / 100, "{equity} {target}");
    // the keeper gets 2 USD and a tenth of the penalty
    let penalty = told.penalty.raw();
    assert_eq!(told.reward.raw(), (2_000_000 + penalty / 10).min(penalty));
    assert_eq!(world.trader("kim").state().margin.positive_part(), told.reward);
}

#[test]
fn an_account_below_zero_leaves_a_shortfall_that_insurance_and_providers_meet() {
    let mut world = market(&[]);
    world.sells_sdusd("whale", "bob", 4_000);
    world.trader("bob").funds_margin(4_000);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    world.price("BTC", 52_000);
    world.keeper("kim").liquidates(&["bob"]);
    let told = world.told::<AccountLiquidated>()[0].clone();
    assert!(told.shortfall > Usd::whole(3_900), "{}", told.shortfall);
    assert_eq!((told.penalty, told.reward, told.positions_left), (Usd::ZERO, Usd::ZERO, 0));
    let state = world.trader("bob").state();
    assert_eq!((state.margin, state.equity), (SignedUsd::ZERO, SignedUsd::ZERO));
    world.keeper("kim").syncs();
    let met = world.told::<LossMet>()[0].clone();
    let ledger = world.audit().unwrap().ledger;
    // insurance a quarter of what it had, providers the rest
    let fund = ledger.insurance.plus(met.insurance).unwrap();
    assert_eq!(met.insurance.raw(), fund.raw() / 4);
    assert_eq!(met.insurance.plus(met.providers).unwrap(), told.shortfall);
    assert_eq!((met.unmet, ledger.bad_debt), (Usd::ZERO, Usd::ZERO));
}

#[test]
fn nobody_is_liquidated_in_the_two_intervals_after_a_gap() {
    let mut world = market(&[]);
    world.sells_sdusd("whale", "bob", 4_000);
    world.trader("bob").funds_margin(4_000);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    world.waits(61);
    world.price("BTC", 57_400);
    world.keeper("kim").liquidates(&["bob"]);
    assert!(world.told::<AccountLiquidated>().is_empty());
    world.waits(10);
    world.keeper("kim").liquidates(&["bob"]);
    assert_eq!(world.told::<AccountLiquidated>().len(), 1);
}

#[test]
fn an_order_from_before_a_liquidation_does_not_fill() {
    let mut world = market(&[]);
    world.sells_sdusd("whale", "bob", 5_000);
    world.trader("bob").funds_margin(5_000);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    world.trader("bob").buys("0.1", "BTC");
    world.price("BTC", 56_300);
    world.keeper("kim").liquidates(&["bob"]);
    assert_eq!(world.told::<AccountLiquidated>().len(), 1);
    assert_eq!(world.trader("bob").state().locked, Usd::ZERO);
    world.fills();
    assert_eq!(world.told::<OrderRefused>()[0].code, "E0416");
    assert_eq!(world.trader("bob").state().orders, 0);
}

#[test]
fn a_poisoned_item_of_a_batch_is_told_and_stops_nobody() {
    let mut world = market(&["eve"]);
    world.sells_sdusd("whale", "bob", 4_000);
    world.trader("bob").funds_margin(4_000);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    world.price("BTC", 57_400);
    world.keeper("kim").liquidates(&["eve", "nobody", "bob"]);
    let rejected = world.told::<sdp_types::events::Rejected>();
    let codes: Vec<_> = rejected.iter().map(|rejected| rejected.code.as_str()).collect();
    assert_eq!(codes, ["E0418", "E0402"]);
    assert_eq!(world.told::<AccountLiquidated>().len(), 1);
}

#[test]
fn longs_pay_the_proportional_rate_of_their_own_premium_to_the_providers() {
    let mut world = market(&["bob"]);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    let before = world.trader("bob").state().equity;
    // π = σ²·60,000/612,500 = 1.2 bp; a quarter of it a day, and 9·π a day of growth, over ten hours in poked hours
    for _ in 0..10 {
        world.passes(3_600);
        world.keeper("kim").pokes();
    }
    let paid = before.minus(world.trader("bob").state().equity).unwrap().raw();
    let (premium, days): (f64, f64) = (0.035 * 0.035 * 60_000.0 / 612_500.0, 10.0 / 24.0);
    let proportional = 60_000.0 * premium * 0.25 * days;
    let integral = 60_000.0 * premium * 9.0 * days * days / 2.0;
    // decay of the integral over a day takes at most a fifth of it here
    let least = proportional + integral * 0.8;
    #[allow(clippy::cast_precision_loss)]
    let paid = paid as f64 / 1e6;
    assert!(paid > least && paid < proportional + integral, "{paid} {least}");
}
