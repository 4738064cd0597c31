//! A market takes whatever is proposed for a feed, however much that moves.

use sdp_risk::listing::{propose, Grounds, SKEW_RISK, VOLATILITIES};
use sdp_types::market::{Change, ExecuteMsg};
use sdp_types::{Ratio, Usd};

use crate::stage::{address, params, Stage};

#[test]
fn a_proposal_passes_every_rule_at_every_volatility() {
    let (least, most) = VOLATILITIES;
    let steps = (0..400u128).map(|step| least.raw() + (most.raw() - least.raw()) / 399 * step);
    for volatility in steps.chain([least.raw() + 1, most.raw()]).map(Ratio::new) {
        for fee in [Ratio::ZERO, Ratio::bps(10), Ratio::percent(1)] {
            let mut stage = Stage::new(sdp_types::market::Params { fee, ..params() });
            let grounds = Grounds {
                volatility,
                collateral: Usd::whole(20_000_000),
                depth: Usd::whole(612_500),
                fee,
                risk: SKEW_RISK,
                minimum_notional: Usd::whole(10),
            };
            let config = propose("THIRD-PERP", 2, &grounds).unwrap();
            let change = Change::AddPerp { config };
            let done = stage.execute(&address("olga"), ExecuteMsg::Configure { change });
            assert!(done.is_ok(), "{volatility} {fee}: {}", done.unwrap_err());
        }
    }
}
