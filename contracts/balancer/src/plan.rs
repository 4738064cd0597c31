//! How far a position is from its target, and what brings it there: read-only, by the pool's own code.

use cosmwasm_std::{Addr, Deps, Env, Event};
use cw20::{AllowanceResponse, Cw20QueryMsg};
use sdp_book::mint::Plan;
use sdp_book::remote::Remote;
use sdp_book::state as pool_state;
use sdp_types::balancer::{Balancing, Fee, MeansResponse, Standing};
use sdp_types::error::{BalancerError, MinterError};
use sdp_types::{ensure, token, Error, Ratio, Result, Usd};

use crate::state;

/// Whose position in which vault.
#[derive(Clone, Copy)]
pub struct Of<'a> {
    /// The vault.
    pub vault: u8,
    /// The owner.
    pub owner: &'a Addr,
}

impl Of<'_> {
    /// The owner's rule. `E0801`.
    pub fn rule(&self, deps: Deps<'_>) -> Result<Balancing> {
        state::rule(deps.storage, deps.api, self.vault, self.owner)?.ok_or_else(|| self.not_balanced())
    }

    /// `E0801`.
    pub fn not_balanced(&self) -> Error {
        let (vault, owner) = (self.vault.into(), self.owner.to_string());
        BalancerError::NotBalanced { vault, owner }.into()
    }

    /// The position in a running pool, and what bounds a mint of it. `E0301`, `E0302`, `E0333`, and the errors of a price that is not good.
    #[inline(never)]
    pub fn load(&self, deps: Deps<'_>, env: &Env, pool: &Addr) -> Result<Plan> {
        let there = Remote::new(&deps, pool);
        let plan = Plan::load(there.deps(&deps), env, self.vault, self.owner)?;
        plan.synced.runs()?;
        Ok(plan)
    }
}

/// What one message does. At most one of `burnt` and `minted` is more than 0, and neither passes the target: after it the ratio is at least the
/// target, or nearer to it than before.
pub struct Balance {
    /// The pool and the position, before it.
    pub plan: Plan,
    /// sdUSD of the owner that is burnt.
    pub burnt: Usd,
    /// sdUSD that is minted for the owner.
    pub minted: Usd,
    /// sdUSD of the owner that whoever sends the message gets, rounded down. 0 for the owner.
    pub fee: Usd,
    /// Where a mint is due and a breaker trips in the very sync before it: what is told. Then the pool keeps the trip and mints nothing.
    pub tripped: Option<Event>,
}

impl Balance {
    /// For the owner wherever the ratio is; for others where the owner pays for it and the ratio is outside of the band. As in
    /// [`sdp_types::balancer::ExecuteMsg::Balance`].
    #[inline(never)]
    pub fn of(deps: Deps<'_>, env: &Env, pool: &Addr, of: Of<'_>, by: &Addr) -> Result<Self> {
        // who may
        let rule = of.rule(deps)?;
        let fee = match rule.fee {
            _ if by == of.owner => None,
            fee => Some(fee.ok_or_else(|| of.not_balanced())?),
        };
        let plan = of.load(deps, env, pool)?;
        let ratio = plan.ratio();
        let outside = rule.standing(ratio) != Standing::Within;
        ensure(fee.is_none() || outside, || {
            let (lower, upper) = (rule.lower, rule.upper.unwrap_or(Ratio::MAX));
            BalancerError::WithinBand { ratio: ratio.unwrap_or(Ratio::MAX), lower, upper }.into()
        })?;

        // compute
        let means = Means::of(deps, env, pool, &plan.synced.terms.sdusd, of.owner)?;
        match plan.above(rule.target)? {
            Usd::ZERO => Self::minting(plan, rule.target, means, fee),
            lacking => Self::burning(plan, lacking, &means.0, fee),
        }
    }

    fn burning(plan: Plan, lacking: Usd, means: &MeansResponse, fee: Option<Fee>) -> Result<Self> {
        let MeansResponse { held, allowed, .. } = *means;
        let there = held.min(allowed);
        let burnt = fee.map_or(Ok(lacking.min(there)), |fee| fee.fits(lacking, there))?;
        ensure(!burnt.is_zero(), || BalancerError::NothingToBurn { lacking, held, allowed }.into())?;
        let fee = fee.map_or(Ok(Usd::ZERO), |fee| fee.of(burnt))?;
        Ok(Self { plan, burnt, minted: Usd::ZERO, fee, tripped: None })
    }

    fn minting(plan: Plan, target: Ratio, means: Means<'_>, fee: Option<Fee>) -> Result<Self> {
        let wanted = plan.below(target)?;
        ensure(!wanted.is_zero(), || Error::NothingToDo { what: "balance".into() })?;
        means.mints()?;
        // no error: that would undo the trip
        let tripped = plan.synced.tripped_now();
        if tripped.is_some() {
            return Ok(Self { plan, burnt: Usd::ZERO, minted: Usd::ZERO, fee: Usd::ZERO, tripped });
        }
        let minted = wanted.min(plan.maximum()?.amount);
        // where nothing can be minted, the rule that binds says so
        plan.allows(if minted.is_zero() { wanted } else { minted })?;
        ensure(!minted.is_zero(), || Error::NothingToDo { what: "balance".into() })?;
        let fee = fee.map_or(Ok(Usd::ZERO), |fee| fee.of(minted))?.min(means.0.allowed);
        Ok(Self { plan, burnt: Usd::ZERO, minted, fee, tripped: None })
    }
}

/// What the balancer may do for an owner, and who the two are.
pub struct Means<'a>(pub MeansResponse, &'a Addr, Addr);

impl<'a> Means<'a> {
    /// Asks the pool's records and its token.
    pub fn of(deps: Deps<'_>, env: &Env, pool: &Addr, sdusd: &Addr, owner: &'a Addr) -> Result<Self> {
        let balancer = env.contract.address.clone();
        let (querier, there) = (&deps.querier, Remote::new(&deps, pool));
        let held = token::balance(querier, sdusd.as_str(), owner.to_string())?;
        let ask = Cw20QueryMsg::Allowance { owner: owner.to_string(), spender: balancer.to_string() };
        let found: AllowanceResponse = querier.query_wasm_smart(sdusd, &ask)?;
        let expired = found.expires.is_expired(&env.block);
        let allowed = if expired { 0 } else { found.allowance.u128() };
        let mints = pool_state::is_minter(&there, deps.api, owner, &balancer)?;
        let means = MeansResponse { held: Usd::new(held), allowed: Usd::new(allowed), mints };
        Ok(Self(means, owner, balancer))
    }

    /// `E0346`.
    fn mints(&self) -> Result<()> {
        let Self(means, owner, balancer) = self;
        ensure(means.mints, || {
            MinterError::NotMinter { owner: owner.to_string(), sender: balancer.to_string() }.into()
        })
    }
}
