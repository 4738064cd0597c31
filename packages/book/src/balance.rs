//! How far a position is from the collateral ratio that its owner wants, and what brings it there.

use cosmwasm_std::{Addr, Deps, Env};
use sdp_types::pool::{Balancing, BalancingFee};
use sdp_types::{ensure, token, Error, Ratio, Result, Rounding, Usd};

use crate::mint::Plan;
use crate::state;

/// What one message does. Burning comes no nearer to the target than it, minting neither, each rounded so that the ratio is at least the target.
pub struct Balance {
    /// The position, and what bounds a mint of it.
    pub plan: Plan,
    /// sdUSD that is taken from the owner and burnt; 0 where something is minted.
    pub burnt: Usd,
    /// sdUSD that is minted, the fee included; 0 where something is burnt.
    pub minted: Usd,
    /// Of what is minted, or besides what is burnt: whoever sends the message gets it, rounded down. 0 for the owner.
    pub fee: Usd,
}

impl Balance {
    /// For the owner wherever the ratio is; for a stranger where the owner pays for it and the ratio is outside of the band. As much as the
    /// owner holds and has allowed the `pool`, and as much as a mint of his could have. `E0346`, `E0347`; `E0322` where that is nothing; and
    /// the errors of a price that is not good.
    pub fn of(
        deps: Deps<'_>,
        env: &Env,
        (vault, owner): (u8, &Addr),
        pool: &Addr,
        by_owner: bool,
    ) -> Result<Self> {
        let not_balanced = || Error::NotBalanced { vault: vault.into(), owner: owner.to_string() };
        let set = state::balancing(deps.storage, vault, owner)?.ok_or_else(not_balanced)?;
        let fee = if by_owner { None } else { Some(set.fee.ok_or_else(not_balanced)?) };
        let plan = Plan::load(deps, env, vault, owner)?;

        let ratio = plan.ratio().unwrap_or(Ratio::MAX);
        let (lower, upper) = (set.lower, set.upper.unwrap_or(Ratio::MAX));
        let outside = ratio < lower || ratio > upper;
        ensure(by_owner || outside, || Error::WithinBand { ratio, lower, upper })?;

        let lacking = plan.above(set.target)?;
        let (burnt, minted) = if lacking.is_zero() {
            (Usd::ZERO, plan.below(set.target)?.min(plan.maximum()?.amount))
        } else {
            let sdusd = plan.synced.terms.sdusd.as_str();
            let allowed = token::allowance(&deps.querier, sdusd, owner.to_string(), pool.to_string())?;
            let held = token::balance(&deps.querier, sdusd, owner.to_string())?;
            (most_of(lacking, Usd::new(held.min(allowed)), fee)?, Usd::ZERO)
        };
        let moved = burnt.max(minted);
        // a breaker that trips in this very message is no error: that would undo it
        let tripped = lacking.is_zero() && plan.synced.tripped_now().is_some();
        ensure(tripped || !moved.is_zero(), || Error::NothingToDo { what: "balance".into() })?;
        let fee = fee.map_or(Ok(Usd::ZERO), |fee| charge(fee, moved))?;
        Ok(Self { plan, burnt, minted, fee })
    }
}

fn charge(fee: BalancingFee, moved: Usd) -> Result<Usd> {
    Ok(moved.scale(fee.rate, Rounding::Down)?.min(fee.most))
}

/// The most of `wanted` that is there with its fee; rounded down.
fn most_of(wanted: Usd, there: Usd, fee: Option<BalancingFee>) -> Result<Usd> {
    let Some(fee) = fee else { return Ok(wanted.min(there)) };
    if wanted.plus(charge(fee, wanted)?)? <= there {
        return Ok(wanted);
    }
    there.unscale(Ratio::ONE.plus(fee.rate)?, Rounding::Down)
}

/// Ranges and relations: 1 < lower ≤ target ≤ upper, target at least the issuance ratio. `E0004`, `E0107`.
pub fn validate(balancing: &Balancing, issuance_ratio: Ratio) -> Result<()> {
    let Balancing { lower, target, upper, fee } = *balancing;
    ensure(lower > Ratio::ONE, || Error::out_of_range("lower", lower, "more than 1", target))?;
    ensure(lower <= target, || Error::bad_config("lower <= target", lower, target))?;
    let upper = upper.unwrap_or(Ratio::MAX);
    ensure(target <= upper, || Error::bad_config("target <= upper", target, upper))?;
    ensure(target >= issuance_ratio, || {
        Error::bad_config("target >= issuance_ratio", target, issuance_ratio)
    })?;
    let rate = fee.map(|fee| fee.rate).unwrap_or_default();
    ensure(rate <= Ratio::percent(1), || {
        Error::out_of_range("fee.rate", rate, Ratio::ZERO, Ratio::percent(1))
    })
}
