//! What a perpetual on a new feed may begin with: every parameter from the feed's volatility, so that a proposal names a feed and no numbers
//! that somebody has made up.
//!
//! With σ a day, at most 1 for a margin, fee `f` and step `s` (what each is rounded up to):
//!
//! | parameter | formula | why |
//! |---|---|---|
//! | premium cap | `max(s, σ/4)`, s = 0.1 % | what a price moves in an hour and a half; 0.9 to 1.5 % for σ of 3.5 to 6 % |
//! | liquidate confidence | `σ/6`, s = 0.1 % | half of what a price moves in 2.7 hours: a wider band says nothing |
//! | trade confidence | `σ/20`, s = 0.01 % | what a premium is worth having |
//! | liquidation penalty | `σ/6`, s = 0.1 % | a keeper's and insurance's pay for a position that is closed late |
//! | maintenance margin | `max(0.8·σ, premium cap + fee + liquidate confidence + penalty + 0.1 %)`, s = 0.1 % | what a price moves in fifteen hours of a usual day, and in any case more than closing costs |
//! | initial margin | `2·maintenance` | the rule by which both follow σ later |
//! | skew cap | `min(r·W/(2.82·σ), premium cap·D/σ², 0.15·W)` | one day's expected shortfall of it is the part `r` of the collateral W, alone it does not reach the premium cap at depth D, and what hardly moves is bounded as well |
//! | open interest cap | `2·skew cap` | |
//!
//! For the assets of `parameters.md` this gives what stands there or a little more. Whoever governs may tighten all of it at once later, and
//! loosen it after a delay.

use sdp_types::contract::in_range;
use sdp_types::market::{PerpConfig, PerpStatus};
use sdp_types::units::USD;
use sdp_types::{Error, Ratio, Result, Rounding, Usd};

use crate::shortfall::MULTIPLE;

/// Part of the collateral that one day's expected shortfall of the skew cap comes to: an eighth of the markets' budget of 4 %.
pub const SKEW_RISK: Ratio = Ratio::bps(50);
/// And at most this part of the collateral, as that of BTC.
pub const LARGEST_SKEW: Ratio = Ratio::percent(15);
/// Least and largest volatility that a perpetual is proposed for: beyond them margins are below a step, or above the notional.
pub const VOLATILITIES: (Ratio, Ratio) = (Ratio::bps(1), Ratio::percent(50));

/// What the formulas go by.
#[derive(Clone, Copy, Debug)]
pub struct Grounds {
    /// Daily volatility: the largest of what is measured, what is ramped, and the feed's floor. In [`VOLATILITIES`].
    pub volatility: Ratio,
    /// W: value of all collateral.
    pub collateral: Usd,
    /// D: depth of the impact, 1/λ.
    pub depth: Usd,
    /// Fee of the market.
    pub fee: Ratio,
    /// Part of W that one day's expected shortfall of the skew cap may come to: [`SKEW_RISK`].
    pub risk: Ratio,
    /// Least notional of an order, as of the market's other perpetuals.
    pub minimum_notional: Usd,
}

/// A perpetual with these defaults; ratios rounded up, caps down to whole USD. `E0004` where the volatility is outside of [`VOLATILITIES`].
///
/// ```
/// use sdp_risk::listing::{propose, Grounds, SKEW_RISK};
/// use sdp_types::{Ratio, Usd};
/// let grounds = Grounds {
///     volatility: Ratio::percent(6),
///     collateral: Usd::whole(20_000_000),
///     depth: Usd::whole(612_500),
///     fee: Ratio::bps(6),
///     risk: SKEW_RISK,
///     minimum_notional: Usd::whole(10),
/// };
/// let perp = propose("SOL-PERP", 2, &grounds)?;
/// assert_eq!((perp.premium_cap, perp.liquidation_penalty), (Ratio::bps(150), Ratio::percent(1)));
/// assert_eq!((perp.maintenance_margin, perp.initial_margin), (Ratio::bps(480), Ratio::bps(960)));
/// # Ok::<(), sdp_types::Error>(())
/// ```
pub fn propose(name: &str, feed: u16, grounds: &Grounds) -> Result<PerpConfig> {
    let Grounds { volatility: sigma, collateral, depth, fee, risk, minimum_notional } = *grounds;
    let (least, most) = VOLATILITIES;
    in_range("volatility", sigma, least, most)?;
    let part = |n, of, step| {
        let exact = Rounding::Up.mul_div(sigma.raw(), n, of)?;
        stepped(Ratio::new(exact), step)
    };
    let premium_cap = part(1, 4, COARSE)?;
    let liquidate_confidence = part(1, 6, COARSE)?;
    let liquidation_penalty = part(1, 6, COARSE)?;
    let closing = premium_cap.plus(fee)?.plus(liquidate_confidence)?.plus(liquidation_penalty)?;
    let maintenance_margin = part(4, 5, COARSE)?.max(stepped(closing.plus(COARSE)?, COARSE)?);
    let at_risk = collateral
        .scale(risk, Rounding::Down)?
        .unscale(MULTIPLE.times(sigma, Rounding::Up)?, Rounding::Down)?;
    let to_the_cap = depth
        .scale(premium_cap, Rounding::Down)?
        .unscale(sigma.times(sigma, Rounding::Up)?, Rounding::Down)?;
    let skew_cap = at_risk.min(to_the_cap).min(collateral.scale(LARGEST_SKEW, Rounding::Down)?);
    let skew_cap = Usd::new(skew_cap.raw() / USD * USD);
    Ok(PerpConfig {
        name: name.into(),
        feed,
        status: PerpStatus::Open,
        initial_margin: maintenance_margin.plus(maintenance_margin)?,
        maintenance_margin,
        skew_cap,
        open_interest_cap: skew_cap.plus(skew_cap)?,
        trade_confidence: part(1, 20, FINE)?,
        liquidate_confidence,
        liquidation_penalty,
        premium_cap,
        minimum_notional,
    })
}

/// 0.1 %.
const COARSE: Ratio = Ratio::bps(10);
/// 0.01 %.
const FINE: Ratio = Ratio::bps(1);

/// The next whole number of steps, at least one.
fn stepped(ratio: Ratio, step: Ratio) -> Result<Ratio> {
    let steps = ratio.raw().div_ceil(step.raw().max(1)).max(1);
    let raw = steps.checked_mul(step.raw());
    raw.map(Ratio::new).ok_or_else(|| Error::Overflow { operation: "step".into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grounds(volatility: Ratio) -> Grounds {
        Grounds {
            volatility,
            collateral: Usd::whole(20_000_000),
            depth: Usd::whole(612_500),
            fee: Ratio::bps(6),
            risk: SKEW_RISK,
            minimum_notional: Usd::whole(10),
        }
    }

    #[test]
    fn parameters_of_known_assets_are_what_they_have_or_a_little_more() {
        // σ, initial and maintenance margin, penalty and premium cap of BTC, ETH, SOL by parameters.md, in bp
        for (sigma, initial, maintenance, penalty, premium) in
            [(350, 500, 250, 60, 100), (450, 700, 350, 80, 100), (600, 1_000, 500, 100, 150)]
        {
            let perp = propose("X", 0, &grounds(Ratio::bps(sigma))).unwrap();
            let near = |found: Ratio, known: u64| {
                let known = Ratio::bps(known);
                found >= known.times(Ratio::percent(85), Rounding::Up).unwrap()
                    && found <= known.times(Ratio::percent(125), Rounding::Up).unwrap()
            };
            assert!(near(perp.initial_margin, initial), "{sigma}: {}", perp.initial_margin);
            assert!(near(perp.maintenance_margin, maintenance), "{sigma}: {}", perp.maintenance_margin);
            assert!(near(perp.liquidation_penalty, penalty), "{sigma}: {}", perp.liquidation_penalty);
            assert!(near(perp.premium_cap, premium), "{sigma}: {}", perp.premium_cap);
        }
    }

    #[test]
    fn the_skew_cap_has_the_shortfall_that_it_may_have_and_does_not_reach_the_premium_cap() {
        // 0.5 % of $20M ÷ (2.82·6 %) = $591,016; the premium cap of 1.5 % is reached at 612,500·0.015/0.0036 = $2,552,083
        let perp = propose("X", 0, &grounds(Ratio::percent(6))).unwrap();
        assert_eq!(perp.skew_cap, Usd::whole(591_016));
        // with a fiftieth of the depth the latter is what binds
        let shallow = Grounds { depth: Usd::whole(12_250), ..grounds(Ratio::percent(6)) };
        let perp = propose("X", 0, &shallow).unwrap();
        // 12,250·0.015/0.0036 = $51,041.67
        assert_eq!(perp.skew_cap, Usd::whole(51_041));
        // and a dollar that moves 0.1 % a day would have a cap of $35M by the first: 15 % of the collateral
        let dollar = propose("X", 0, &grounds(Ratio::bps(10))).unwrap();
        assert_eq!(dollar.skew_cap, Usd::whole(3_000_000));
        assert_eq!(perp.open_interest_cap, perp.skew_cap.plus(perp.skew_cap).unwrap());
    }

    #[test]
    fn a_volatility_that_no_margin_fits_is_refused() {
        for volatility in [Ratio::ZERO, Ratio::new(Ratio::bps(1).raw() - 1), Ratio::bps(5_001)] {
            assert_eq!(propose("X", 0, &grounds(volatility)).unwrap_err().code(), "E0004");
        }
    }
}
