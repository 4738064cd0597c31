//! Anyone points at a position that can be liquidated, so that nobody leaves the backstop ahead of it.

use cosmwasm_std::{Addr, Deps, DepsMut, QuerierWrapper, Response};
use sdp_types::board::{Board, FeedId, Use};
use sdp_types::book::Book;
use sdp_types::events::PositionFlagged;
use sdp_types::pool::QueryMsg;
use sdp_types::{ensure, Error, Ratio, Result, SignedUsd, Usd};
use serde::Deserialize;

use crate::state::{FLAGS, ORACLE, POOL};

pub fn flag(deps: DepsMut<'_>, now: u64, vault: u8, owner: String) -> Result<Response> {
    let owner = deps.api.addr_validate(&owner)?;
    let mut lens = Lens::load(deps.as_ref(), now)?;
    let debt = lens.liquidatable(vault, owner.as_str())??;
    if let Some(before) = FLAGS.may_load(deps.storage, vault)? {
        let owes_less = lens.liquidatable(vault, before.as_str())?.map_or(true, |owed| owed < debt);
        ensure(owes_less, || Error::Duplicate { what: "flag".into(), key: before.to_string() })?;
    }

    FLAGS.save(deps.storage, vault, &owner)?;
    Ok(Response::new().add_event(PositionFlagged { vault, owner: owner.into(), debt }))
}

/// What the pool and the oracle say now of what the backstop may have to absorb.
pub struct Lens<'a> {
    querier: QuerierWrapper<'a>,
    pool: Addr,
    board: Board,
    now: u64,
    /// By number; asked for once, where somebody wants to know.
    vaults: Vec<Vault>,
}

/// What is used of the pool's answer about a vault.
#[derive(Deserialize)]
struct Vault {
    config: Terms,
}

#[derive(Deserialize)]
struct Terms {
    feed: FeedId,
    maximum_confidence: Ratio,
    liquidation_ratio: Ratio,
}

/// What is used of its answer about a position.
#[derive(Deserialize)]
struct Position {
    debt: SignedUsd,
    ratio: Option<Ratio>,
}

impl<'a> Lens<'a> {
    /// Loads the board.
    pub fn load(deps: Deps<'a>, now: u64) -> Result<Self> {
        let board = Board::of(&deps.querier, &ORACLE.load(deps.storage)?)?;
        Ok(Self { querier: deps.querier, pool: POOL.load(deps.storage)?, board, now, vaults: Vec::new() })
    }

    /// Every vault with collateral has a fresh price, and prices have not just come back: `E0206`, `E0208`, `E0419`.
    pub fn calm(&self) -> Result<()> {
        let (until, now) = (self.board.quiet_until(), self.now);
        ensure(now >= until, || Error::AfterGap { until, now })?;
        let book = Book::of(&self.querier, &self.pool)?;
        for vault in book.vaults.iter().filter(|vault| !vault.book.amount.is_zero()) {
            self.board.fresh(vault.feed, Use::Liquidate, now)?;
        }
        Ok(())
    }

    /// What a position owes that the pool would let be seized now; inside, `E0302` or `E0313` where it would not. `E0301`; `E0206`,
    /// `E0207` or `E0208` where nobody can say.
    pub fn liquidatable(&mut self, vault: u8, owner: &str) -> Result<Result<Usd>> {
        if self.vaults.is_empty() {
            self.vaults = self.querier.query_wasm_smart(&self.pool, &QueryMsg::Vaults {})?;
        }
        let unknown = || Error::UnknownVault { vault: vault.into() };
        let Terms { feed, maximum_confidence, liquidation_ratio: required } =
            self.vaults.get(usize::from(vault)).map(|vault| &vault.config).ok_or_else(unknown)?;
        self.board.certain(*feed, Use::Liquidate, self.now, *maximum_confidence)?;

        let ask = QueryMsg::Position { vault, owner: owner.into() };
        // nothing else can fail here that a seizure would survive
        let Ok(Position { debt, ratio }) = self.querier.query_wasm_smart(&self.pool, &ask) else {
            return Ok(Err(Error::NoPosition { vault: vault.into(), owner: owner.into() }));
        };
        let (ratio, required) = (ratio.unwrap_or(Ratio::MAX), *required);
        let below = ensure(ratio < required, || Error::AboveLiquidationRatio { ratio, required });
        Ok(below.map(|()| debt.positive_part()))
    }
}
