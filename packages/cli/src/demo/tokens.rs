//! The synthetics and the par reserve of the demo's deployment: one synthetic a perpetual, whose funding it carries, and the dollar that is
//! collateral, too.

use sdp_embedded::manifest::{Perp, Reserve, ReserveToken, Spot, Synthetic};
use sdp_types::reserve::{OutFee, Status};
use sdp_types::spot::SyntheticStatus;
use sdp_types::units::DAY;
use sdp_types::Ratio;

use super::num::{dollars, ratio};
use super::universe::{Universe, DOLLAR};
use super::world::{symbol, Times, FEE, POOL};

/// Decimals of every synthetic.
pub const DECIMALS: u8 = 12;
/// Letters of an asset's name in the symbol of its synthetic.
const LETTERS: usize = 8;
/// Most value of a synthetic's tokens, a part of W.
const SKEW_CAP: f64 = 0.03;
/// Credit line of all synthetics, a part of W.
const LINE: f64 = 0.02;
/// Most value of the dollar in the reserve, a part of W.
const CEILING: f64 = 0.1;

/// Symbols of all synthetics, by perpetual: letters of the asset's name, and a letter of its own where there are none or another one has them.
pub fn symbols(universe: &Universe) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for (own, asset) in ('A'..='Z').zip(&universe.perps) {
        let letters = universe.name(*asset).chars().filter(char::is_ascii_alphabetic).take(LETTERS);
        let plain = format!("sd{}", letters.collect::<String>().to_ascii_uppercase());
        let taken = plain.len() < 3 || all.contains(&plain);
        all.push(if taken { format!("{plain}-{own}") } else { plain });
    }
    all
}

/// The contract of synthetics: fee, delay and slippage are the market's, and a synthetic fills as far from certain as its perpetual is
/// liquidated.
pub fn spot(universe: &Universe, times: &Times, perps: &[Perp], maximum_slippage: Ratio) -> Spot {
    let synthetic = |(symbol, perp): (String, &Perp)| Synthetic {
        name: format!("Synthetic {}", perp.feed),
        symbol,
        decimals: DECIMALS,
        feed: perp.feed.clone(),
        status: SyntheticStatus::Open,
        skew_cap: dollars(SKEW_CAP * POOL),
        trade_confidence: perp.trade_confidence,
        settle_confidence: perp.liquidate_confidence,
        premium_cap: perp.premium_cap,
        minimum_notional: perp.minimum_notional,
        funding: Some(perp.name.clone()),
    };
    Spot {
        line: dollars(LINE * POOL),
        ceiling: None,
        fee: ratio(FEE),
        insurance_share: ratio(0.7 / 6.0),
        keeper_share: ratio(0.05),
        order_delay: times.delay,
        order_expiry: 12 * times.step,
        maximum_empty_intervals: 10,
        maximum_slippage,
        change_delay: 2 * DAY,
        synthetics: symbols(universe).into_iter().zip(perps).map(synthetic).collect(),
    }
}

/// The par reserve.
pub fn reserve(universe: &Universe) -> Reserve {
    let dollar = universe.sigmas.len().saturating_sub(1);
    debug_assert_eq!(universe.name(dollar), DOLLAR);
    Reserve {
        supply_share: Ratio::percent(20),
        minimum_room: dollars(0.0005 * POOL),
        change_delay: 2 * DAY,
        tokens: vec![ReserveToken {
            collateral: symbol(universe, dollar),
            band: ratio(0.005),
            maximum_confidence: ratio(0.002),
            ceiling: dollars(CEILING * POOL),
            fee_in: ratio(0.001),
            fee_out: OutFee { least: ratio(0.001), most: ratio(0.01) },
            status: Status::Open,
        }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sdp_prices::Series;

    #[test]
    fn symbols_have_letters_only_and_no_two_are_the_same() {
        let mut text = String::from("time,A1,A2,007\n");
        for n in 0..30 {
            text += &format!("{},{},7,{}\n", n * 3_600, 100 + n, 200 - n);
        }
        let universe = Universe::new(&Series::parse("all.csv", &text).unwrap()).unwrap();
        assert_eq!(symbols(&universe), ["sdA", "sdA-B", "sd-C"]);
        let built_in = Universe::new(&Series::built_in().unwrap()).unwrap();
        assert_eq!(symbols(&built_in), ["sdSP", "sdAAPL", "sdJPM"]);
    }
}
