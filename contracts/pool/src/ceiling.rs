//! What follows use within governed ranges, moved by whoever comes: ceilings, and the depth of the impact.
//!
//! A ceiling lies a gap above what is used, so that no more can be lost in a day than the gap, however high its maximum is. It falls
//! at once and rises seldom. A breaker lets it fall to what is used.

use cosmwasm_std::{Deps, DepsMut, Env, MessageInfo, Response, Storage};
use sdp_types::book::{Book, Listing};
use sdp_types::contract::{in_range, nonpayable};
use sdp_types::events::{CeilingAdjusted, DepthAdjusted};
use sdp_types::pool::{Ceiling, CeilingResponse, Ceilinged};
use sdp_types::regime::{because_of, Reason, Regime};
use sdp_types::units::MAX_USD;
use sdp_types::{ensure, Error, Ratio, Result, Rounding, SignedUsd, Usd};

use crate::state::{self, Following, Of, Terms, DEPTH_ADJUSTED_AT};
use crate::sync::Synced;
use crate::watch::{part, Scope};

/// Most that the depth moves at a time: 2 %, so that nobody gains by buying before a move and selling after it.
const DEPTH_STEP: Ratio = Ratio::percent(2);
/// Seconds between two moves of the depth.
const DEPTH_PAUSE: u64 = 3_600;

/// Where ceilings lie.
pub struct Ceilings<'a> {
    terms: &'a mut Terms,
    listing: &'a mut Listing,
    book: &'a Book,
}

impl<'a> Ceilings<'a> {
    /// Of a pool.
    pub fn of(terms: &'a mut Terms, listing: &'a mut Listing, book: &'a Book) -> Self {
        Self { terms, listing, book }
    }

    /// Where a ceiling is, and what is used of it.
    fn present(&self, storage: &dyn Storage, of: Of) -> Result<(SignedUsd, SignedUsd)> {
        Ok(match of {
            Of::Market(place) => {
                let place = usize::from(place);
                let used = self.book.markets.get(place).map(|market| market.used()).transpose()?;
                (self.listing.line(place), used.unwrap_or_default())
            }
            Of::Vault(number) => {
                let ceiling = state::vault(storage, number)?.debt_ceiling;
                let debt = self.book.vaults.get(usize::from(number)).map(|vault| vault.debt);
                (ceiling.signed()?, debt.unwrap_or_default())
            }
            Of::Supply => (self.terms.params.supply_ceiling.signed()?, self.book.ledger.supply.signed()?),
        })
    }

    fn put(&mut self, storage: &mut dyn Storage, of: Of, line: SignedUsd) -> Result<()> {
        match of {
            Of::Market(place) => {
                if let Some(listed) = self.listing.markets.get_mut(usize::from(place)) {
                    listed.line = line;
                }
            }
            Of::Vault(number) => {
                let mut config = state::vault(storage, number)?;
                config.debt_ceiling = line.positive_part();
                state::save_vault(storage, number, &config)?;
            }
            Of::Supply => self.terms.params.supply_ceiling = line.positive_part(),
        }
        Ok(())
    }

    /// A breaker has tripped: ceilings that follow fall to what is used, those of the pool all, of a market its own.
    pub fn collapse(&mut self, storage: &mut dyn Storage, scope: Scope) -> Result<()> {
        for Following { of, .. } in state::ceilings(storage)? {
            if scope == Scope::Pool || scope == of.scope() {
                let (line, used) = self.present(storage, of)?;
                if used < line {
                    self.put(storage, of, used)?;
                }
            }
        }
        Ok(())
    }
}

impl Of {
    /// What a message names. `E0007`, `E0301`.
    pub fn named(deps: Deps<'_>, listing: &Listing, of: &Ceilinged) -> Result<Self> {
        Ok(match of {
            Ceilinged::Market(market) => {
                let place = listing.market(deps.api, &deps.api.addr_validate(market)?)?;
                let unknown = || Error::NotFound { what: "market".into(), key: market.clone() };
                Self::market(place.ok_or_else(unknown)?)
            }
            Ceilinged::Vault(number) => {
                state::vault(deps.storage, *number)?;
                Self::Vault(*number)
            }
            Ceilinged::Supply {} => Self::Supply,
        })
    }

    /// A listed market by its place.
    pub fn market(place: usize) -> Self {
        Self::Market(u8::try_from(place).unwrap_or(u8::MAX))
    }

    fn name(self, synced: &Synced) -> String {
        match self {
            Self::Supply => "supply".into(),
            Self::Vault(number) => format!("vault {number}"),
            Self::Market(place) => synced.market_name(place.into()),
        }
    }

    fn regime(self, synced: &Synced) -> Regime {
        match self {
            Self::Market(place) => {
                synced.listing.markets.get(usize::from(place)).map_or(Regime::Normal, |listed| listed.regime)
            }
            Self::Supply | Self::Vault(_) => Regime::Normal,
        }
    }

    fn scope(self) -> Scope {
        match self {
            Self::Market(place) => Scope::Market(place.into()),
            Self::Vault(_) | Self::Supply => Scope::Pool,
        }
    }
}

/// Ranges of a ceiling.
pub fn validate(ceiling: &Ceiling) -> Result<()> {
    in_range("ceiling.max", ceiling.max, Usd::ZERO, MAX_USD)?;
    in_range("ceiling.gap", ceiling.gap, Usd::ZERO, MAX_USD)?;
    in_range("ceiling.ttl", ceiling.ttl.into(), 0, crate::rules::MAX_WAIT)
}

/// Whether it is nowhere looser than what there is.
pub fn tightens(storage: &dyn Storage, of: Of, new: Option<Ceiling>) -> Result<bool> {
    let old = state::following(storage, of)?.map(|following| following.ceiling);
    Ok(matches!((old, new), (Some(old), Some(new))
        if new.max <= old.max && new.gap <= old.gap && new.ttl >= old.ttl))
}

/// A ceiling follows from now on, or stays where it is.
pub fn set(storage: &mut dyn Storage, of: Of, ceiling: Option<Ceiling>) -> Result<()> {
    let mut all = state::ceilings(storage)?;
    let before = all.iter().find(|following| following.of == of).copied();
    all.retain(|following| following.of != of);
    if let Some(ceiling) = ceiling {
        let following = before.unwrap_or(Following { of, ceiling, rose_at: 0, moved_at: 0 });
        all.push(Following { ceiling, ..following });
        all.sort_by_key(|following| following.of);
    }
    state::save_ceilings(storage, all)
}

/// What a market may have cost for a draw: what traders have won is owed, so a line that follows and has fallen does not bound it, but the
/// line's maximum.
pub fn hard_line(storage: &dyn Storage, place: usize, line: SignedUsd) -> Result<SignedUsd> {
    let found = state::following(storage, Of::market(place))?;
    found.map_or(Ok(line), |following| Ok(line.max(following.ceiling.max.signed()?)))
}

/// Somebody has lowered a ceiling that follows: nobody adjusts it back above that.
pub fn lower(storage: &mut dyn Storage, of: Of, to: Usd) -> Result<()> {
    let mut all = state::ceilings(storage)?;
    let Some(following) = all.iter_mut().find(|following| following.of == of) else { return Ok(()) };
    following.ceiling.max = following.ceiling.max.min(to);
    state::save_ceilings(storage, all)
}

fn target(ceiling: &Ceiling, used: SignedUsd) -> Result<SignedUsd> {
    Ok(used.plus(ceiling.gap.signed()?)?.min(ceiling.max.signed()?))
}

/// [`sdp_types::pool::ExecuteMsg::AdjustCeiling`].
pub fn adjust(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, named: &Ceilinged) -> Result<Response> {
    nonpayable(info)?;
    let mut synced = Synced::load(deps.as_ref(), env)?;
    let of = Of::named(deps.as_ref(), &synced.listing, named)?;
    let mut all = state::ceilings(deps.storage)?;
    let found = all.iter_mut().find(|following| following.of == of);
    let following = found.ok_or_else(|| Error::NotFound { what: "ceiling".into(), key: of.name(&synced) })?;
    let (now, name) = (synced.now, of.name(&synced));
    // what only lacks insurance needs fees, and so room for trades
    let uninsured = because_of(&synced.book.watch.trip, Reason::Insurance) == Regime::Caution;
    let of_pool = if uninsured { Regime::Normal } else { synced.listing.regime };
    let regime = of_pool.max(of.regime(&synced));

    let mut ceilings = Ceilings::of(&mut synced.terms, &mut synced.listing, &synced.book);
    let (from, used) = ceilings.present(deps.storage, of)?;
    let to = target(&following.ceiling, used)?;
    ensure(to != from, || Error::NothingToDo { what: name.clone() })?;
    let mut ready_at = following.moved_at.saturating_add(1);
    if to > from {
        ensure(regime == Regime::Normal, || Error::Restricted { scope: name.clone(), regime })?;
        ready_at = ready_at.max(following.rose_at.saturating_add(following.ceiling.ttl.into()));
        following.rose_at = now;
    }
    ensure(now >= ready_at, || Error::CeilingNotDue { ready_at, now })?;
    following.moved_at = now;
    ceilings.put(deps.storage, of, to)?;

    state::save_ceilings(deps.storage, all)?;
    state::save_terms(deps.storage, &synced.terms)?;
    synced.relisted = true;
    Ok(synced.save(deps.storage)?.add_event(CeilingAdjusted { of: name, from, to }))
}

/// [`sdp_types::pool::QueryMsg::Ceilings`].
pub fn ceilings(deps: Deps<'_>, env: &Env) -> Result<Vec<CeilingResponse>> {
    let mut synced = Synced::load(deps, env)?;
    let mut answer = Vec::new();
    for Following { of, ceiling, rose_at, moved_at } in state::ceilings(deps.storage)? {
        let named = match of {
            Of::Supply => Ceilinged::Supply {},
            Of::Vault(number) => Ceilinged::Vault(number),
            Of::Market(place) => Ceilinged::Market(synced.market_name(place.into())),
        };
        let present = Ceilings::of(&mut synced.terms, &mut synced.listing, &synced.book);
        let (line, used) = present.present(deps.storage, of)?;
        let rises_from = rose_at.saturating_add(ceiling.ttl.into()).max(moved_at.saturating_add(1));
        let target = target(&ceiling, used)?;
        answer.push(CeilingResponse { of: named, ceiling, line, used, target, rises_from });
    }
    Ok(answer)
}

/// [`sdp_types::pool::ExecuteMsg::AdjustDepth`].
pub fn adjust_depth(deps: DepsMut<'_>, env: &Env, info: &MessageInfo) -> Result<Response> {
    nonpayable(info)?;
    let mut synced = Synced::load(deps.as_ref(), env)?;
    let (from, to) = (synced.listing.impact_depth, synced.depth_target()?);
    let furthest = from.scale(DEPTH_STEP, Rounding::Down)?;
    let to = to.max(from.saturating_minus(furthest)).min(from.plus(furthest)?);
    ensure(to != from, || Error::NothingToDo { what: "depth".into() })?;
    let (regime, now) = (synced.listing.regime, synced.now);
    ensure(to < from || regime == Regime::Normal, || Error::Restricted { scope: "depth".into(), regime })?;
    let ready_at = DEPTH_ADJUSTED_AT.may_load(deps.storage)?.map_or(0, |at| at.saturating_add(DEPTH_PAUSE));
    ensure(now >= ready_at, || Error::CeilingNotDue { ready_at, now })?;

    DEPTH_ADJUSTED_AT.save(deps.storage, &now)?;
    synced.listing.impact_depth = to;
    synced.relisted = true;
    Ok(synced.save(deps.storage)?.add_event(DepthAdjusted { from, to }))
}

impl Synced {
    /// Where the depth belongs: from `impact_depth` with an empty budget to `least_depth` with a full one, rounded down.
    fn depth_target(&self) -> Result<Usd> {
        let params = &self.terms.params;
        let Some(least) = params.least_depth else { return Ok(self.listing.impact_depth) };
        let full = match &self.listing.risk {
            Some(budgets) => {
                let budget = self.free()?.positive_part().scale(budgets.markets, Rounding::Down)?;
                part(self.shortfall()?, budget)
            }
            None => part(self.book.ledger.vault_debt.positive_part(), self.weight()?),
        };
        let span = params.impact_depth.saturating_minus(least);
        params.impact_depth.minus(span.scale(full.min(Ratio::ONE), Rounding::Up)?)
    }

    /// The address of a listed market.
    pub(crate) fn market_name(&self, place: usize) -> String {
        self.markets.get(place).map(|seen| seen.address.to_string()).unwrap_or_default()
    }
}
