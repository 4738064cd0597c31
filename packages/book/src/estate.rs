//! What is left of a pool that was shut down, as it is stored: what is due to whom.

use sdp_types::estate::Pot;
use sdp_types::lens::{ClaimsResponse, EstateResponse, RedeemedResponse};
use sdp_types::record::entry;
use sdp_types::units::DAY;
use sdp_types::{Amount, Result};

use crate::state::{Estate, Redeemer};

/// From the freeze to the division, seconds.
pub const DIVIDED_AFTER: u64 = 7 * DAY;

/// What is due to a holder, by vault; it is paid now.
pub fn due(estate: &mut Estate, redeemer: &mut Redeemer, only: Option<u8>) -> Result<Vec<Amount>> {
    let mut all = Vec::with_capacity(estate.pots.len());
    for (place, pot) in estate.pots.iter_mut().enumerate() {
        if only.is_some_and(|only| usize::from(only) != place) {
            all.push(Amount::ZERO);
            continue;
        }
        let collected = entry(&mut redeemer.collected, place);
        let paid_for = redeemer.amount.minus(*collected)?;
        *collected = redeemer.amount;
        all.push(pot.pay_holder(paid_for, estate.claims)?);
    }
    Ok(all)
}

/// How it is shown.
pub fn shown(estate: Estate) -> EstateResponse {
    let Estate { shut_at, prices, written_off, pots, claims, haircut } = estate;
    let of = |part: fn(&Pot) -> Amount| pots.iter().map(part).collect();
    let claims = (!pots.is_empty()).then(|| ClaimsResponse {
        holders: claims,
        haircut,
        collateral: of(|pot| pot.holders),
        left: of(|pot| pot.holders_left),
        providers: of(|pot| pot.providers),
        providers_left: of(|pot| pot.providers_left),
    });
    let fixed_from = shut_at.saturating_add(DIVIDED_AFTER);
    EstateResponse { shut_at, fixed_from, prices, written_off, claims }
}

/// What a holder has redeemed, and what is due for it.
pub fn redeemed(mut estate: Estate, mut redeemer: Redeemer) -> Result<RedeemedResponse> {
    let due = due(&mut estate, &mut redeemer, None)?;
    Ok(RedeemedResponse { amount: redeemer.amount, due })
}
