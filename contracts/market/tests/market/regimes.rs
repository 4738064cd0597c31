//! What regimes and stress do to orders, and what insurance gets: of a market alone, with every number derived.

use cosmwasm_std::Response;

use sdp_types::board::Restricted;
use sdp_types::events::{FundingSampled, MarginWithdrawn, OrderCommitted, OrderFilled, OrderRefused};
use sdp_types::market::{InsurancePremium, MarginBasis, Params, Responses};
use sdp_types::regime::Regime;
use sdp_types::{Error, Ratio, SignedUsd, Usd};

use crate::stage::{address, all_told, params, told, Stage};

const DOLLAR: u128 = 1_000_000;

/// Ann is long 1,000 units of the first perpetual, so the pool is short them.
fn with_a_long(params: Params) -> Stage {
    let mut stage = Stage::new(params);
    for who in ["ann", "bob", "carl"] {
        stage.deposits(who, 100_000);
    }
    stage.trades("ann", 0, "1000");
    stage
}

fn scope(error: &Error) -> (&str, Regime) {
    match error {
        Error::Restricted { scope, regime } => (scope, *regime),
        other => panic!("{other}"),
    }
}

fn filled(response: &Response) -> OrderFilled {
    told(response)
}

#[test]
fn in_caution_an_increase_pays_twice_the_fee_and_a_reduction_does_not() {
    let mut stage = with_a_long(params());
    stage.regime(Regime::Caution);
    // 10 bp of $1,000, twice
    assert_eq!(filled(&stage.trades("bob", 0, "10")).fee, Usd::whole(2));
    assert_eq!(filled(&stage.trades("bob", 0, "-4")).fee, Usd::new(400_000));
    // a flip: 6 that close at the plain fee, 2 that open at twice it
    assert_eq!(filled(&stage.trades("bob", 0, "-8")).fee, Usd::new(600_000 + 400_000));
}

#[test]
fn the_fee_is_that_of_the_commit() {
    let mut stage = with_a_long(params());
    stage.regime(Regime::Caution);
    let locked = told::<OrderCommitted>(&stage.commits("bob", 0, "10").unwrap()).locked;
    // the furthest limit is $110: 10 % of 1,100 and 20 bp of it
    assert_eq!(locked, Usd::new(110 * DOLLAR + 2_200_000));
    stage.regime(Regime::Normal);
    assert_eq!(filled(&stage.settles(0)).fee, Usd::whole(2));
}

#[test]
fn close_only_refuses_what_raises_risk_and_says_where_it_stands() {
    let mut stage = with_a_long(params());
    let refused = |stage: &mut Stage| stage.commits("bob", 0, "10").unwrap_err();
    stage.board.restricted = vec![Restricted { feed: 0, regime: Regime::CloseOnly }];
    stage.show();
    assert_eq!(scope(&refused(&mut stage)), ("feed 0", Regime::CloseOnly));
    // another perpetual's feed is not that one
    stage.commits("carl", 1, "10").unwrap();
    stage.listing.markets[0].regime = Regime::CloseOnly;
    stage.show();
    let own = stage.env().contract.address.into_string();
    assert_eq!(
        scope(&refused(&mut stage)),
        (own.as_str(), Regime::CloseOnly),
        "the first of two that are as strict"
    );
    stage.regime(Regime::Emergency);
    assert_eq!(scope(&refused(&mut stage)), ("pool", Regime::Emergency));
}

#[test]
fn close_only_takes_what_lowers_the_risk_of_the_pool_and_an_emergency_does_not() {
    let mut stage = with_a_long(params());
    stage.regime(Regime::CloseOnly);
    // the pool is short 1,000 units: whoever sells takes of that, here or in what moves with it
    stage.commits("bob", 0, "-100").unwrap();
    assert_eq!(filled(&stage.settles(0)).size, "-100".parse().unwrap());
    stage.commits("bob", 1, "-10").unwrap();
    assert_eq!(filled(&stage.settles(1)).size, "-10".parse().unwrap());
    stage.regime(Regime::Emergency);
    assert_eq!(scope(&stage.commits("bob", 0, "-100").unwrap_err()), ("pool", Regime::Emergency));
    // a reduction passes
    assert_eq!(filled(&stage.trades("bob", 0, "100")).size, "100".parse().unwrap());
}

#[test]
fn close_only_asks_for_the_shortfall_with_collateral_too() {
    let mut stage = with_a_long(params());
    // what moves with the collateral is a hedge of it while the pool is short
    stage.covariance.correlations = vec![5_000; 3];
    stage.regime(Regime::CloseOnly);
    assert!(stage.commits("bob", 0, "-100").is_err());

    let mut stage = Stage::new(params());
    stage.deposits("bob", 100_000);
    stage.regime(Regime::CloseOnly);
    // any is more risk
    assert!(stage.commits("bob", 0, "-10").is_err());
    assert!(stage.commits("bob", 0, "10").is_err());
}

#[test]
fn an_order_that_waited_into_close_only_fills_as_far_as_it_reduces() {
    let mut stage = with_a_long(params());
    stage.trades("bob", 0, "5");
    // a flip to the side that the pool is short of would lower its risk, so the other way: bob is short, then flips to long
    stage.trades("bob", 0, "-10");
    stage.commits("bob", 0, "8").unwrap();
    stage.commits("carl", 0, "3").unwrap();
    let before = stage.account("carl").margin;
    stage.regime(Regime::CloseOnly);
    let response = stage.settles(0);
    assert_eq!(filled(&response).size, "5".parse().unwrap());
    assert_eq!(filled(&response).position, "0".parse().unwrap());
    let refused: Vec<OrderRefused> = all_told(&response);
    assert_eq!(refused.len(), 1);
    assert_eq!((refused[0].owner.as_str(), refused[0].code.as_str()), (address("carl").as_str(), "E0328"));
    // refunded less the keeper's part of the fee that it locked, 5 % of 10 bp of 330
    let carl = stage.account("carl");
    assert_eq!((carl.locked, carl.orders), (Usd::ZERO, 0));
    assert_eq!(before.minus(carl.margin).unwrap(), SignedUsd::new(16_500));
}

#[test]
fn an_order_that_waited_into_close_only_and_lowers_risk_fills() {
    let mut stage = with_a_long(params());
    stage.commits("bob", 0, "-8").unwrap();
    stage.regime(Regime::CloseOnly);
    assert_eq!(filled(&stage.settles(0)).size, "-8".parse().unwrap());
    stage.regime(Regime::Normal);
    stage.commits("bob", 0, "-8").unwrap();
    stage.regime(Regime::Emergency);
    assert_eq!(told::<OrderRefused>(&stage.settles(0)).code, "E0328");
}

fn responsive() -> Params {
    let most = Ratio::percent(300);
    Params { responses: Responses { fee: most, funding: most, credit: Ratio::percent(200) }, ..params() }
}

#[test]
fn fees_follow_volatility_and_use_up_to_their_multiple() {
    let mut stage = with_a_long(responsive());
    // the market has earned: nothing of its line is used
    assert_eq!(filled(&stage.trades("bob", 0, "10")).fee, Usd::whole(1));
    // measured 6 % ÷ priced 4 %
    stage.board.volatilities = vec![6_000, 4_000, 4_000];
    stage.show();
    assert_eq!(stage.preview("bob", 0, "10").stress, Ratio::percent(150));
    assert_eq!(filled(&stage.trades("bob", 0, "10")).fee, Usd::new(1_500_000));
    assert_eq!(filled(&stage.trades("bob", 1, "10")).fee, Usd::whole(1), "by the stress of its own feed");
    assert_eq!(filled(&stage.trades("bob", 0, "-10")).fee, Usd::whole(1), "what reduces pays the plain one");
    // the ramped one counts as well, so it falls no faster than that
    stage.board.volatilities = vec![4_000; 3];
    stage.covariance.margins = vec![50_000_000, 40_000_000, 40_000_000];
    stage.show();
    assert_eq!(filled(&stage.trades("bob", 0, "10")).fee, Usd::new(1_250_000));
    stage.board.volatilities = vec![40_000, 4_000, 4_000];
    stage.show();
    assert_eq!(filled(&stage.trades("bob", 0, "10")).fee, Usd::whole(3), "three times at most");
}

#[test]
fn fees_follow_what_of_the_line_is_used() {
    let mut stage = with_a_long(responsive());
    // ann wins $10,000 less the premium of ½·0.0016·100,000²/10⁶ = 8 and the providers' 85 % of her fee of 100
    stage.price(0, "110");
    let used = 10_000 * DOLLAR - 8 * DOLLAR - 85 * DOLLAR;
    stage.listing.markets[0].line = SignedUsd::new(i128::try_from(2 * used).unwrap());
    stage.show();
    stage.commits("bob", 1, "10").unwrap();
    // half of the line, less the funding of seconds: 1.5 × 10 bp of $1,000, in parts per million rounded up
    assert_eq!(filled(&stage.settles(1)).fee, Usd::new(1_500_000));
}

#[test]
fn the_credit_line_shrinks_with_stress_and_only_above_0() {
    let mut stage = with_a_long(responsive());
    stage.price(0, "110");
    // used is 9,907 as above, less than two thirds of 15,000 and more than half of it
    stage.listing.markets[0].line = SignedUsd::new(15_000_000_000);
    stage.board.volatilities = vec![6_000; 3];
    stage.show();
    stage.commits("bob", 1, "10").unwrap();
    stage.board.volatilities = vec![40_000; 3];
    stage.show();
    match stage.commits("bob", 1, "10").unwrap_err() {
        Error::AboveCreditLine { line, .. } => assert_eq!(line, SignedUsd::new(7_500_000_000)),
        other => panic!("{other}"),
    }
    // a market that has earned 20,000 and may give back 5,000 of that
    stage.price(0, "80");
    stage.listing.markets[0].line = SignedUsd::new(-15_000_000_000);
    stage.show();
    stage.commits("bob", 1, "10").unwrap();
}

#[test]
fn funding_responds_to_the_stress_of_the_book() {
    let rate = |volatilities: [u32; 3]| {
        let mut stage = with_a_long(responsive());
        stage.board.volatilities = volatilities.to_vec();
        stage.show();
        told::<FundingSampled>(&stage.trades("bob", 0, "0.2")).rates.0
    };
    let calm = rate([4_000; 3]);
    let twice: Vec<_> = calm.iter().map(|rate| rate.raw() * 2).collect();
    // p·π with π kept to 7 decimals: at most p·10⁻⁷ of each, and as much of its double
    let near = |a: i128, b: i128| (a - b).abs() <= 100_000_000_000;
    let stressed = rate([8_000, 4_000, 4_000]);
    assert!(
        stressed.iter().zip(&twice).all(|(a, b)| near(a.raw(), *b)),
        "both perpetuals by the same: {stressed:?} {twice:?}"
    );
    // a feed in which the pool has next to nothing does not move anybody's funding
    let other = rate([4_000, 40_000, 4_000]);
    assert!(other.iter().zip(&calm).all(|(a, b)| near(a.raw(), b.raw())), "{other:?} {calm:?}");
}

fn insured() -> Params {
    let insurance = InsurancePremium { shortfall: Ratio::bps(10), leverage: Ratio::bps(1) };
    Params { insurance, ..params() }
}

/// ⌈a·b/c⌉
fn up(a: u128, b: u128, c: u128) -> u128 {
    (a * b).div_ceil(c)
}

#[test]
fn an_increase_pays_for_the_shortfall_that_it_adds_and_for_its_leverage() {
    let mut stage = Stage::new(insured());
    stage.deposits("ann", 1_000);
    let preview = stage.preview("ann", 0, "10");
    let locked = told::<OrderCommitted>(&stage.commits("ann", 0, "10").unwrap()).locked;
    // at $110: margin and fee, and the leverage premium of twice that; the shortfall of $1,000 at σ = 4 % is 2.82·40
    let shortfall = 112_800_000 / 1_000;
    assert_eq!(locked, Usd::new(110 * DOLLAR + 1_100_000 + shortfall + 220_000));
    let fill = filled(&stage.settles(0));
    // margin of 100 of an equity of 1,000 less premium (½·0.0016·10⁶/10⁶ = 0.0008) and fee
    let equity = 1_000 * DOLLAR - 800 - DOLLAR;
    let part = up(100 * DOLLAR, 10u128.pow(18), equity);
    let leverage = up(up(1_000 * DOLLAR, part, 10u128.pow(18)), 1, 10_000);
    assert_eq!(fill.insurance, Usd::new(shortfall + leverage));
    assert_eq!(preview.shortfall_premium, Usd::new(shortfall));
    assert_eq!(preview.leverage_premium, Usd::new(leverage));
    assert_eq!(stage.account("ann").margin.raw(), i128::try_from(equity - shortfall - leverage).unwrap());
    // a reduction pays none, even where it unhedges the pool
    stage.deposits("bob", 10_000);
    stage.trades("bob", 0, "-10");
    assert_eq!(filled(&stage.trades("ann", 0, "-5")).insurance, Usd::ZERO);
}

#[test]
fn a_withdrawal_costs_what_it_adds_to_leverage() {
    let mut stage = Stage::new(insured());
    stage.deposits("ann", 1_000);
    stage.trades("ann", 0, "10");
    let account = stage.account("ann");
    let (margin, notional) = (u128::try_from(account.margin.raw()).unwrap(), 1_000 * DOLLAR);
    let equity = u128::try_from(account.equity_for_opening.raw()).unwrap();
    let asked = 500 * DOLLAR;
    let one = 10u128.pow(18);
    let of = |equity: u128| up(100 * DOLLAR, one, equity);
    let charge = up(up(notional, of(equity - asked), one) - up(notional, of(equity), one), 1, 10_000);
    let gone = told::<MarginWithdrawn>(&stage.withdraws("ann", asked).unwrap());
    assert_eq!(gone.charge, Usd::new(charge));
    let left = stage.account("ann");
    assert_eq!(u128::try_from(left.margin.raw()).unwrap(), margin - asked - charge);
    // what is asked and the charge must both be there
    let free = left.withdrawable.raw();
    assert!(matches!(stage.withdraws("ann", free + 1), Err(Error::MarginLocked { .. })));
    let gone = told::<MarginWithdrawn>(&stage.withdraws("ann", free).unwrap());
    // at most u = 1: 1 bp of the notional
    assert!(gone.charge > Usd::ZERO && gone.charge <= Usd::new(100_000), "{}", gone.charge);
    // without positions nothing is charged
    stage.trades("ann", 0, "-10");
    let all = stage.account("ann").withdrawable.raw();
    assert_eq!(told::<MarginWithdrawn>(&stage.withdraws("ann", all).unwrap()).charge, Usd::ZERO);
}

#[test]
fn it_does_not_matter_in_how_many_orders_an_account_gets_to_its_leverage() {
    let spent = |sizes: &[&str]| {
        let mut stage = Stage::new(insured());
        stage.deposits("ann", 1_000);
        sizes.iter().map(|size| filled(&stage.trades("ann", 0, size)).insurance.raw()).sum::<u128>()
    };
    let (once, often) = (spent(&["40"]), spent(&["10", "1", "19", "5", "5"]));
    // but for two roundings an order, and what the fees of the orders before have taken of an equity of 1,000: at most 4
    assert!(once.abs_diff(often) * 200 < once, "{once} {often}");
}

#[test]
fn little_leverage_and_a_withdrawal_cost_what_much_leverage_costs() {
    let spent = |first: u64, taken: u128| {
        let mut stage = Stage::new(insured());
        stage.deposits("ann", first);
        let paid = filled(&stage.trades("ann", 0, "10")).insurance.raw();
        match taken {
            0 => paid,
            asked => paid + told::<MarginWithdrawn>(&stage.withdraws("ann", asked).unwrap()).charge.raw(),
        }
    };
    let (at_once, later) = (spent(200, 0), spent(10_000, 9_800 * DOLLAR));
    // premium, fee and insurance have left the account before and not after: half a per cent of its equity
    assert!(later.abs_diff(at_once) * 100 < at_once, "{at_once} {later}");
}

#[test]
fn a_hedged_account_needs_less_and_its_preview_says_why() {
    let mut stage = Stage::new(params());
    stage.deposits("ann", 1_000);
    stage.trades("ann", 0, "10");
    let preview = stage.preview("ann", 1, "-10");
    let needed = preview.initial_margin;
    // v = (100, −100), ρ = 0.5: low = 0.6·(2 − 1) + 0.4·2 = 1.4 of 100²
    assert_eq!((needed.sum, needed.basis), (Usd::whole(200), MarginBasis::Low));
    let square = 14_000 * DOLLAR * DOLLAR;
    let root = needed.required.raw();
    assert!(root * root >= square && (root - 1) * (root - 1) < square, "{root}");
    assert_eq!(preview.margins.len(), 2);
    assert_eq!(preview.margins[1].volatility, Ratio::percent(4));
    assert_eq!(preview.margins[1].initial_margin, Usd::whole(100));
    stage.trades("ann", 1, "-10");
    assert_eq!(stage.account("ann").initial_margin, needed.required);
    // the fee of $1: 5 % to the keeper, 10 % to insurance
    assert_eq!(
        (preview.fee, preview.keeper_fee, preview.insurance_fee),
        (Usd::whole(1), Usd::new(50_000), Usd::new(100_000))
    );
}
