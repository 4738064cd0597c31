//! Whoever buys and sells at one price never has more than before, in whatever pieces.

use proptest::prelude::*;
use sdp_types::spot::{BuyExact, SellExact};
use sdp_types::units::ONE;
use sdp_types::{Amount, Ratio, Usd};

use crate::stage::{params, usd, Stage};

#[derive(Clone, Debug)]
enum Piece {
    BuyFor(u64),
    BuyExactly(u64),
    SellPart(u8),
    SellFor(u8),
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        (10u64..100_000).prop_map(Piece::BuyFor),
        (1u64..1_000).prop_map(Piece::BuyExactly),
        (1u8..=100).prop_map(Piece::SellPart),
        (1u8..=100).prop_map(Piece::SellFor),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_round_trip_never_profits(
        pieces in proptest::collection::vec(piece(), 1..8),
        skew in -3_000i64..3_000,
        synthetic in 0u16..2,
        odd in any::<bool>(),
        fee in 0u64..20,
    ) {
        let mut params = params();
        params.fee = Ratio::bps(fee);
        let mut stage = Stage::with(params);
        stage.perpetuals(&skew.to_string());
        if odd {
            // a redemption index that divides badly
            stage.samples("0.0123456");
            stage.passes(12_345);
            stage.samples("0");
            stage.pokes();
        }
        let unit = if synthetic == 0 { ONE } else { 1_000_000 };
        let mut put_in = 0u128;
        for piece in pieces {
            let held = stage.holds("ann", synthetic);
            let done = match piece {
                Piece::BuyFor(dollars) => {
                    put_in += usd(dollars).raw();
                    stage.buys("ann", synthetic, usd(dollars), BuyExact::In { least: Some(Amount::ZERO) })
                }
                Piece::BuyExactly(units) => {
                    let paid = usd(units * 110);
                    put_in += paid.raw();
                    let amount = Amount::new(u128::from(units) * unit);
                    stage.buys("ann", synthetic, paid, BuyExact::Out { amount })
                }
                Piece::SellPart(percent) if held > 0 => {
                    let amount = (held * u128::from(percent) / 100).max(1);
                    stage.sells("ann", synthetic, amount, SellExact::In { least: Some(Usd::ZERO) })
                }
                Piece::SellFor(percent) if held > 0 => {
                    let worth = held * 90 / unit * u128::from(percent) / 100;
                    let usd = Usd::new(worth.max(1) * 1_000_000);
                    stage.sells("ann", synthetic, held, SellExact::Out { usd })
                }
                _ => continue,
            };
            // a cap may refuse it: what was sent has stayed with the sender
            if done.is_ok() {
                stage.settles(synthetic);
            }
        }
        let held = stage.holds("ann", synthetic);
        if held > 0 {
            stage.sells("ann", synthetic, held, SellExact::In { least: Some(Usd::ZERO) }).unwrap();
            stage.settles(synthetic);
        }
        prop_assert_eq!(stage.holds("ann", synthetic), 0);
        let out = stage.cash("ann") + stage.claim("ann");
        prop_assert!(out <= put_in, "{out} of {put_in}");
    }
}

#[test]
fn pieces_pay_the_premium_of_the_whole() {
    let cost = |pieces: u128| {
        let mut stage = Stage::new();
        let before = stage.totals().held;
        for _ in 0..pieces {
            stage.bought_exactly("ann", 0, 1_000 * ONE / pieces, 110_000);
        }
        stage.totals().held.minus(before).unwrap().raw()
    };
    let whole = cost(1);
    assert_eq!(whole, 100_108_000_000);
    // each piece rounds its fee, and nothing else, up
    assert!((whole..=whole + 10).contains(&cost(10)));
}
