//! Holders carry the perpetual's funding as quantity.

use sdp_types::exposure::round_down;
use sdp_types::math::Wide;
use sdp_types::spot::{ExecuteMsg, REDEMPTION_ONE};
use sdp_types::units::ONE;
use sdp_types::SignedUsd;

use crate::stage::{address, Stage, DAY};

#[test]
fn between_messages_the_record_says_what_funding_makes_of_the_value() {
    let mut stage = Stage::new();
    stage.bought_exactly("ann", 0, 1_000 * ONE, 110_000);
    // longs pay 0.25·0.864 % a day: $0.0000025 a second
    stage.samples("0.00864");
    stage.pokes();
    let (before, index) = (stage.totals().reported, stage.funding_index());
    stage.passes(DAY);
    let moved = stage.funding_index() - index;
    assert_eq!(moved, -216_000_000_000_000_000_000_000);
    let after = stage.totals().reported;
    assert_eq!(after.minus(before).unwrap(), SignedUsd::new(-216_000_000));
    // and a poke turns that into quantity, so that the value stays
    stage.pokes();
    let synthetic = &stage.synthetics()[0];
    assert_eq!(synthetic.redemption, Wide::from(REDEMPTION_ONE / 100_000 * 99_784));
    assert_eq!(synthetic.quantity.to_string(), "997.84");
    let poked = stage.totals().reported;
    assert_eq!(poked, after);
    // the other one carries none
    assert_eq!(stage.synthetics()[1].redemption, Wide::from(REDEMPTION_ONE));
}

#[test]
fn after_a_sweep_the_record_says_what_funding_makes_of_what_is_left() {
    let mut stage = Stage::new();
    stage.bought_exactly("ann", 0, 1_000 * ONE, 110_000);
    stage.samples("0.00864");
    stage.pokes();
    // she burns half of it
    let ann = (stage.token(0), address("ann").into_string());
    *stage.tokens.get_mut(&ann).unwrap() -= 500 * ONE;
    stage.show();
    stage.execute(&address("eve"), ExecuteMsg::Sweep { synthetic: 0 }).unwrap();
    let before = stage.totals().reported;
    stage.passes(DAY);
    // $0.216 for each of 500
    assert_eq!(stage.totals().reported.minus(before).unwrap(), SignedUsd::new(-108_000_000));
}

#[test]
fn a_synthetic_beside_the_opposite_perpetual_nets_to_nothing_whatever_funding_does() {
    let mut stage = Stage::new();
    stage.bought_exactly("ann", 0, 1_000 * ONE, 110_000);
    let value = |stage: &Stage| {
        let totals = stage.totals();
        let record = totals.exposure;
        let price = stage.board.quotes[0].price;
        let owed = record.numerator(stage.now, |_, _| Ok(price)).unwrap();
        round_down(
            owed.minus(
                Wide::from(record.base.raw()).times(sdp_types::exposure::NUMERATOR_ONE.into()).unwrap(),
            )
            .unwrap(),
        )
        .unwrap()
        .raw()
    };
    let mut begun = value(&stage);
    let mut index = stage.funding_index();
    // prices stay, premia of either sign: what holders pay is what the short of 1,000 units gets, to a micro-USD a message
    for (n, premium) in ["0.01", "-0.02", "0.004", "0", "-0.03", "0.02"].into_iter().enumerate() {
        stage.samples(premium);
        stage.pokes();
        stage.passes(3_600 * (n as u64 + 1));
        if n % 2 == 0 {
            stage.pokes();
        }
        // 24 decimals of USD a unit, 1,000 units: to micro-USD
        let cash = (stage.funding_index() - index) / 1_000_000_000_000_000;
        let gained = value(&stage) - begun;
        // the quantity has moved by what was paid before: second order, 0.1 % of it at most
        assert!((gained - cash).abs() <= cash.abs() / 500 + 2, "{n}: {gained} {cash}");
        begun = value(&stage);
        index = stage.funding_index();
    }
}

#[test]
fn funding_stands_still_when_the_markets_does() {
    let mut stage = Stage::new();
    stage.samples("0.01");
    stage.market.exposure.funding.lasts = 100;
    stage.show();
    stage.bought_exactly("ann", 0, 1_000 * ONE, 110_000);
    // ten seconds of the market's hundred are over
    assert_eq!(stage.totals().exposure.funding.lasts, 90);
    stage.passes(90);
    let stood = stage.totals().reported;
    stage.passes(1_000);
    assert_eq!(stage.totals().reported, stood);
    stage.pokes();
    assert_eq!(stage.totals().reported, stood);
}

#[test]
fn a_market_that_can_not_be_read_moves_nothing_and_stops_nobody() {
    let mut stage = Stage::new();
    stage.samples("0.01");
    stage.bought_exactly("ann", 0, 1_000 * ONE, 110_000);
    let kept = std::mem::take(&mut stage.market.samples);
    stage.passes(DAY);
    stage.pokes();
    let before = stage.synthetics()[0].redemption;
    assert!(before > Wide::from(REDEMPTION_ONE / 1_000_000 * 999_999));
    stage.sold("ann", 0, 10 * ONE);
    assert_eq!(stage.synthetics()[0].redemption, before);
    // once it can be read all that it has accrued is carried
    stage.market.samples = kept;
    stage.show();
    stage.pokes();
    assert!(stage.synthetics()[0].redemption < before);
}
