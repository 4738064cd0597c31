//! What keepers are paid out of a penalty: never more than it.

use sdp_types::{Ratio, Result, Rounding, Usd};

/// `min(fixed + ⌊share·of⌋, penalty)`: of an account's liquidation a share of the penalty itself, of an auction a share (the chip) of its
/// tab.
///
/// ```
/// use sdp_risk::reward::reward;
/// use sdp_types::{Ratio, Usd};
/// let paid = |penalty| reward(Usd::whole(2), Ratio::percent(10), Usd::whole(penalty), Usd::whole(penalty));
/// assert_eq!(paid(60)?, Usd::whole(8));
/// assert_eq!(paid(1)?, Usd::whole(1));
/// # Ok::<(), sdp_types::Error>(())
/// ```
pub fn reward(fixed: Usd, share: Ratio, of: Usd, penalty: Usd) -> Result<Usd> {
    Ok(fixed.plus(of.scale(share, Rounding::Down)?)?.min(penalty))
}
