//! How the configuration changes: the owner loosens after a delay, owner and guardian tighten at once. Until the pool is
//! opened everything applies at once, and no provider can come.

use cosmwasm_std::{Addr, Api, Deps, DepsMut, Env, Event, MessageInfo, Response, Storage};
use sdp_types::book::{Book, Listed, Listing, MarketState, VaultState, MAX_MARKETS, MAX_VAULTS};
use sdp_types::contract::{address, nonpayable};
use sdp_types::events::Opened;
use sdp_types::exposure::Recoveries;
use sdp_types::governance::{self, authority, only_owner, Authority, Submitted};
use sdp_types::pool::{Change, VaultConfig};
use sdp_types::record::{canonical, key, tag, Record};
use sdp_types::regime::Regime;
use sdp_types::{ensure, Error, Result, Usd};

use crate::ceiling;
use crate::rules::{self, Feeds};
use crate::shut_down::shut_down;
use sdp_book::ceiling::Ceilings;
use sdp_book::state::{self, Of, Terms, VaultTerms, Waterfall, CHANGES};
use sdp_book::sync::Synced;
use sdp_book::watch::Scope;

/// [`sdp_types::pool::ExecuteMsg::Configure`].
pub fn configure(mut deps: DepsMut<'_>, env: &Env, info: &MessageInfo, change: Change) -> Result<Response> {
    nonpayable(info)?;
    let mut pool = Pool::load(deps.as_ref(), env)?;
    let authority = authority(deps.storage, &info.sender, pool.terms.guardian.as_ref())?;
    let change = pool.present(deps.storage, change)?;
    // what is refused when it is applied is refused when it is asked for
    pool.validate(deps.as_ref(), &change)?;
    let owner_before_opening = !pool.terms.open && authority == Authority::Owner;
    let tightens = owner_before_opening || pool.tightens(deps.as_ref(), &change)?;

    let ready_at = env.block.time.seconds().saturating_add(pool.terms.params.change_delay);
    match CHANGES.submit(deps.storage, authority, change, tightens, ready_at)? {
        Submitted::Now(change) => pool.complete(deps.branch(), env, &change),
        Submitted::Later(queued) => Ok(pool.save(deps.storage)?.add_event(governance::queued(&queued)?)),
    }
}

/// [`sdp_types::pool::ExecuteMsg::Enact`].
pub fn enact(mut deps: DepsMut<'_>, env: &Env, info: &MessageInfo, id: u64) -> Result<Response> {
    nonpayable(info)?;
    let mut pool = Pool::load(deps.as_ref(), env)?;
    let change = CHANGES.enact(deps.storage, id, env.block.time.seconds())?;
    let change = pool.present(deps.storage, change)?;
    pool.validate(deps.as_ref(), &change)?;
    pool.complete(deps.branch(), env, &change)
}

/// [`sdp_types::pool::ExecuteMsg::CancelChange`].
pub fn cancel(deps: DepsMut<'_>, env: &Env, info: &MessageInfo, id: u64) -> Result<Response> {
    nonpayable(info)?;
    let told = CHANGES.take_back(deps.storage, &info.sender, id)?;
    let pool = Pool::load(deps.as_ref(), env)?;
    Ok(pool.save(deps.storage)?.add_event(told))
}

/// [`sdp_types::pool::ExecuteMsg::Open`].
pub fn open(deps: DepsMut<'_>, info: &MessageInfo) -> Result<Response> {
    nonpayable(info)?;
    only_owner(deps.storage, &info.sender)?;
    let mut terms = state::terms(deps.storage)?;
    ensure(!terms.open, || Error::AlreadyOpen {})?;
    let set = terms.liquidator.is_some();
    ensure(set, || Error::bad_config("a pool has a liquidator before it opens", "none", "one"))?;
    terms.open = true;
    state::save_terms(deps.storage, &terms)?;
    Ok(Response::new().add_event(Opened {}))
}

/// The vault as it begins.
pub fn new_vault(config: &VaultConfig) -> VaultState {
    VaultState {
        feed: config.feed,
        decimals: config.decimals,
        weight: Usd::ZERO,
        debt: Default::default(),
        book: Default::default(),
        distribution: Default::default(),
        peak: Default::default(),
        minted: Default::default(),
    }
}

/// What a change works on. An open pool is synced first; one that is not open has nothing to sync, and perhaps no prices.
struct Pool {
    terms: Terms,
    listing: Listing,
    book: Book,
    /// Counters that a new liquidator begins with.
    recoveries: Recoveries,
    events: Vec<Event>,
    /// What each layer of the waterfall took, where that has to be stored.
    losses: Option<Waterfall>,
    /// Whose ceilings a breaker lets fall.
    collapsing: Vec<Scope>,
}

impl Pool {
    fn load(deps: Deps<'_>, env: &Env) -> Result<Self> {
        let terms = state::terms(deps.storage)?;
        let recoveries = Recoveries::default();
        if !terms.open {
            let (listing, book) = (state::listing(deps.storage)?, state::book(deps.storage)?);
            let (events, losses, collapsing) = (vec![], None, vec![]);
            return Ok(Self { terms, listing, book, recoveries, events, losses, collapsing });
        }
        let synced = Synced::load(deps, env)?;
        synced.runs()?;
        let Synced { terms, listing, book, events, losses, collapsing, .. } = synced;
        Ok(Self { terms, listing, book, recoveries, events, losses, collapsing })
    }

    fn save(mut self, storage: &mut dyn Storage) -> Result<Response> {
        let mut ceilings = Ceilings::of(&mut self.terms, &mut self.listing, &self.book);
        self.collapsing.iter().try_for_each(|scope| ceilings.collapse(storage, *scope))?;
        state::save_terms(storage, &self.terms)?;
        state::save_listing(storage, &self.listing)?;
        state::save_book(storage, &self.book)?;
        self.losses.iter().try_for_each(|losses| state::save_waterfall(storage, losses))?;
        Ok(Response::new().add_events(self.events))
    }

    /// Everything that a change has to satisfy, whenever it is applied. Reads outside the pool.
    fn validate(&mut self, deps: Deps<'_>, change: &Change) -> Result<()> {
        let feeds = || Feeds::of(&deps.querier, &self.terms.oracle);
        match change {
            Change::Params { params } => rules::params(params, &feeds()?),
            Change::AddVault { config } => {
                more("vaults", self.book.vaults.len(), MAX_VAULTS)?;
                let listed = state::vault_of(deps.storage, &config.token).is_ok();
                ensure(!listed, || duplicate("vault", &config.token))?;
                rules::vault(config, &feeds()?, &self.terms.sdusd, deps.api)
            }
            Change::UpdateVault { vault, config } => {
                rules::same_kind(&state::vault(deps.storage, *vault)?, config)?;
                rules::vault(config, &feeds()?, &self.terms.sdusd, deps.api)
            }
            Change::AddMarket { market, line, .. } => {
                more("markets", self.book.markets.len(), MAX_MARKETS)?;
                let address = deps.api.addr_validate(market)?;
                let listed = self.listing.market(deps.api, &address)?.is_some();
                ensure(!listed, || duplicate("market", market))?;
                rules::line(*line)
            }
            Change::SetLine { market, line } => {
                self.market(deps.api, market)?;
                rules::line(*line)
            }
            Change::SetCeiling { of, ceiling } => {
                ceiling::named(deps, &self.listing, of)?;
                ceiling.as_ref().map_or(Ok(()), ceiling::validate)
            }
            Change::SetLiquidator { liquidator } => {
                let liquidator = deps.api.addr_validate(liquidator)?;
                let (tab, notes) = self.owed_to(deps)?;
                ensure(tab.is_zero(), || Error::bad_config("the liquidator's tab is 0", tab, 0))?;
                let none = || Error::bad_config("no recovery notes are outstanding or bid for", notes, 0);
                ensure(notes.is_zero(), none)?;
                self.recoveries = recoveries(deps, &liquidator)?;
                Ok(())
            }
            Change::ShutDown {} => ensure(self.terms.open, || Error::NotOpen {}),
            Change::SetGuardian { guardian } => {
                address(deps.api, guardian.as_deref())?;
                Ok(())
            }
        }
    }

    /// A change as it counts now: a ceiling that follows what is used has moved since the change was written down, and moves by its own
    /// messages only.
    fn present(&self, storage: &dyn Storage, mut change: Change) -> Result<Change> {
        match &mut change {
            Change::Params { params } if state::following(storage, Of::Supply)?.is_some() => {
                params.supply_ceiling = self.terms.params.supply_ceiling;
            }
            Change::UpdateVault { vault, config }
                if state::following(storage, Of::Vault(*vault))?.is_some() =>
            {
                config.debt_ceiling = state::vault(storage, *vault)?.debt_ceiling;
            }
            _ => {}
        }
        Ok(change)
    }

    fn tightens(&self, deps: Deps<'_>, change: &Change) -> Result<bool> {
        Ok(match change {
            Change::Params { params } => rules::params_tighten(&self.terms.params, params),
            Change::UpdateVault { vault, config } => {
                rules::vault_tightens(&state::vault(deps.storage, *vault)?, config)
            }
            Change::SetLine { market, line } => {
                let place = self.market(deps.api, market)?;
                line.signed()? <= self.listing.line(place)
            }
            Change::SetCeiling { of, ceiling } => {
                ceiling::tightens(deps.storage, ceiling::named(deps, &self.listing, of)?, *ceiling)?
            }
            _ => false,
        })
    }

    /// Applies a validated change and stores all that follows.
    fn complete(mut self, mut deps: DepsMut<'_>, env: &Env, change: &Change) -> Result<Response> {
        let told = governance::applied(change)?;
        if let Change::ShutDown {} = change {
            let synced = Synced::load(deps.as_ref(), env)?;
            return Ok(shut_down(deps, synced)?.add_event(told));
        }
        self.apply(deps.branch(), change)?;
        Ok(self.save(deps.storage)?.add_event(told))
    }

    /// Applies a validated change.
    fn apply(&mut self, deps: DepsMut<'_>, change: &Change) -> Result<()> {
        match change {
            Change::Params { params } => {
                self.terms.params = params.clone();
                let depth = self.listing.impact_depth.min(params.impact_depth);
                self.listing.impact_depth = depth.max(params.least_depth.unwrap_or(params.impact_depth));
                self.listing.risk = params.risk;
            }
            Change::AddVault { config } => {
                let number = u8::try_from(self.book.vaults.len()).unwrap_or(u8::MAX);
                state::save_vault(deps.storage, number, config)?;
                self.terms.vaults.push(VaultTerms::of(config));
                self.book.vaults.push(new_vault(config));
            }
            Change::UpdateVault { vault, config } => {
                state::save_vault(deps.storage, *vault, config)?;
                if let Some(terms) = self.terms.vaults.get_mut(usize::from(*vault)) {
                    *terms = VaultTerms::of(config);
                }
            }
            Change::AddMarket { market, line, bonded } => {
                let address = canonical(deps.api, &deps.api.addr_validate(market)?)?;
                let (line, regime) = (line.signed()?, Regime::Normal);
                self.listing.markets.push(Listed { address, line, regime, bonded: *bonded });
                self.book.markets.push(MarketState::default());
            }
            Change::SetLine { market, line } => {
                let place = self.market(deps.api, market)?;
                let new = line.signed()?;
                if new < self.listing.line(place) {
                    ceiling::lower(deps.storage, Of::market(place), *line)?;
                }
                if let Some(market) = self.listing.markets.get_mut(place) {
                    market.line = new;
                }
            }
            Change::SetCeiling { of, ceiling } => {
                let of = ceiling::named(deps.as_ref(), &self.listing, of)?;
                ceiling::set(deps.storage, of, *ceiling)?;
            }
            Change::SetLiquidator { liquidator } => {
                self.terms.liquidator = Some(deps.api.addr_validate(liquidator)?);
                self.book.recoveries = self.recoveries;
            }
            // it is not a matter of the configuration alone
            Change::ShutDown {} => {}
            Change::SetGuardian { guardian } => {
                self.terms.guardian = address(deps.api, guardian.as_deref())?;
            }
        }
        Ok(())
    }

    fn market(&self, api: &dyn Api, market: &str) -> Result<usize> {
        let place = self.listing.market(api, &api.addr_validate(market)?)?;
        place.ok_or_else(|| Error::NotFound { what: "market".into(), key: market.to_string() })
    }

    /// What auctions still have to bring: by the book, or by the present liquidator's record where that is more; and its notes, those that are bid for by what was paid.
    fn owed_to(&self, deps: Deps<'_>) -> Result<(Usd, Usd)> {
        let recorded = self.terms.liquidator.as_ref().map(|liquidator| recoveries(deps, liquidator));
        let recorded = recorded.transpose()?.unwrap_or_default();
        let notes = recorded.notes_outstanding().plus(recorded.bids)?;
        Ok((recorded.tab.max(self.book.ledger.tab), notes))
    }
}

/// A liquidator's counters; 0 where it has none yet.
fn recoveries(deps: Deps<'_>, liquidator: &Addr) -> Result<Recoveries> {
    let record = Recoveries::of_contract(&deps.querier, liquidator, &key(tag::RECOVERIES))?;
    Ok(record.unwrap_or_default())
}

fn more(what: &str, have: usize, max: usize) -> Result<()> {
    let count = have as u64 + 1;
    ensure(have < max, || Error::TooMany { what: what.into(), count, max: max as u64 })
}

fn duplicate(what: &str, key: impl core::fmt::Display) -> Error {
    Error::Duplicate { what: what.into(), key: key.to_string() }
}
