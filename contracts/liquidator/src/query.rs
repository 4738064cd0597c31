//! What can be asked.

use cosmwasm_std::{to_json_binary, Binary, Deps, Storage};
use sdp_risk::auction::Standing;
use sdp_types::contract::page;
use sdp_types::liquidator::{
    AuctionResponse, BackstopAccountResponse, BackstopResponse, BackstopVault, ConfigResponse, Limits,
    NoteAuctionResponse, NotesResponse, QueryMsg, QuoteResponse, TotalsResponse,
};
use sdp_types::ownership;
use sdp_types::{Amount, Result, Rounding, Usd};

use crate::absorb::weight;
use crate::auction::Auction;
use crate::backstop::Depositor;
use crate::deposit::settled;
use crate::notes::Notes;
use crate::params::working_below;
use crate::sale::{self, Sale};
use crate::state::{self, Totals, CHANGES, FLAGS, GUARDIAN, NOTE, NOTE_PARAMS, ORACLE, PARAMS, POOL, SDUSD};
use crate::withdraw;

pub fn answer(deps: Deps<'_>, now: u64, msg: QueryMsg) -> Result<Binary> {
    let storage = deps.storage;
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&config(storage)?),
        QueryMsg::Auction { auction: number } => {
            to_json_binary(&shown(number, state::auction(storage, number)?, now)?)
        }
        QueryMsg::Auctions { start_after, limit } => {
            to_json_binary(&auctions(storage, now, start_after, limit)?)
        }
        QueryMsg::Quote { auction, amount } => to_json_binary(&quote(storage, now, auction, amount)?),
        QueryMsg::Totals {} => to_json_binary(&totals(storage)?),
        QueryMsg::Backstop {} => to_json_binary(&backstop(deps, now)?),
        QueryMsg::BackstopAccount { owner } => to_json_binary(&backstop_account(deps, &owner)?),
        QueryMsg::Notes {} => to_json_binary(&notes(storage)?),
        QueryMsg::NoteAuctions { start_after, limit } => {
            to_json_binary(&note_auctions(storage, start_after, limit)?)
        }
        QueryMsg::Changes {} => to_json_binary(&CHANGES.pending(storage)?),
        QueryMsg::Ownership {} => to_json_binary(&ownership::shown(storage)?),
    };
    Ok(answer?)
}

fn config(storage: &dyn Storage) -> Result<ConfigResponse> {
    let auctions = state::all_auction_params(storage)?;
    Ok(ConfigResponse {
        guardian: GUARDIAN.load(storage)?.map(Into::into),
        pool: POOL.load(storage)?.into(),
        oracle: ORACLE.load(storage)?.into(),
        sdusd: SDUSD.load(storage)?.into(),
        params: PARAMS.load(storage)?,
        limits: all_limits(storage, auctions.len())?,
        auctions,
    })
}

/// Of the vaults that have auctions.
fn all_limits(storage: &dyn Storage, auctions: usize) -> Result<Vec<Limits>> {
    (0u8..).take(auctions).map(|vault| state::limits(storage, vault)).collect()
}

fn backstop(deps: Deps<'_>, now: u64) -> Result<BackstopResponse> {
    let storage = deps.storage;
    let backstop = state::backstop(storage)?;
    let weight = weight(deps, &backstop)?;
    let limits = all_limits(storage, state::all_auction_params(storage)?.len())?;
    let vault = |(vault, Limits { discount, daily, .. }): (u8, Limits)| {
        Ok(BackstopVault {
            vault,
            discount,
            cap: weight.scale(daily, Rounding::Down)?,
            absorbed: backstop.absorbed(vault, now),
            held: backstop.vaults.get(usize::from(vault)).map(|of| of.held).unwrap_or_default(),
            flagged: FLAGS.may_load(storage, vault)?.map(Into::into),
        })
    };
    let deposits = &backstop.deposits;
    Ok(BackstopResponse {
        total: deposits.total,
        product: deposits.product.into(),
        epoch: deposits.epoch,
        scale: deposits.scale,
        vaults: (0u8..).zip(limits).map(vault).collect::<Result<_>>()?,
    })
}

fn backstop_account(deps: Deps<'_>, owner: &str) -> Result<BackstopAccountResponse> {
    let owner = deps.api.addr_validate(owner)?;
    let (backstop, found) =
        (state::backstop(deps.storage)?, state::depositor(deps.storage, deps.api, &owner)?);
    let Depositor { stake, gains, request } = settled(deps.storage, &backstop, found.unwrap_or_default())?;
    let params = PARAMS.load(deps.storage)?;
    let request = request.map(|request| withdraw::response(&request, &params));
    Ok(BackstopAccountResponse { amount: stake.amount, gains, request })
}

fn auctions(
    storage: &dyn Storage,
    now: u64,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<AuctionResponse>> {
    let page = state::auctions(storage, start_after, page(limit))?;
    page.into_iter().map(|(number, auction)| shown(number, auction, now)).collect()
}

fn note_auctions(
    storage: &dyn Storage,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<NoteAuctionResponse>> {
    let page = state::note_auctions(storage, start_after, page(limit))?;
    page.into_iter()
        .map(|(number, auction)| {
            Ok(NoteAuctionResponse {
                auction: number,
                lot: auction.lot,
                claim: auction.claim,
                most: auction.most()?,
                bidder: auction.bidder.map(Into::into),
                ends_at: auction.ends_at,
            })
        })
        .collect()
}

fn notes(storage: &dyn Storage) -> Result<NotesResponse> {
    let Notes { running, lots, claims, .. } = state::notes(storage)?;
    let recoveries = Totals::load(storage)?.recoveries;
    Ok(NotesResponse {
        token: NOTE.load(storage)?.into(),
        params: NOTE_PARAMS.load(storage)?,
        paid: recoveries.notes_paid,
        issued: recoveries.notes_issued,
        outstanding: recoveries.notes_outstanding(),
        running,
        lots,
        claims,
        escrow: recoveries.bids,
    })
}

fn shown(number: u64, auction: Auction, now: u64) -> Result<AuctionResponse> {
    let Standing { price, needs_redo, .. } = auction.asking.standing(now)?;
    Ok(AuctionResponse {
        auction: number,
        vault: auction.vault,
        owner: auction.owner.into(),
        token: auction.token,
        feed: auction.feed,
        decimals: auction.decimals,
        lot: auction.lot,
        tab: auction.tab,
        penalty: auction.penalty,
        reward: auction.reward,
        keeper: auction.keeper.into(),
        redoer: auction.redoer.map(Into::into),
        start_price: auction.asking.start_price,
        started_at: auction.asking.started_at,
        price,
        needs_redo,
    })
}

/// The take itself with a payment that never binds: what it would refuse, this refuses.
fn quote(storage: &dyn Storage, now: u64, number: u64, amount: Amount) -> Result<QuoteResponse> {
    working_below(3, &PARAMS.load(storage)?)?;
    let auction = state::auction(storage, number)?;
    let Sale { price, amount, cost, .. } =
        sale::plan(&auction, auction.asking.price(now)?, amount, Usd::MAX)?;
    Ok(QuoteResponse { price, amount, cost })
}

fn totals(storage: &dyn Storage) -> Result<TotalsResponse> {
    let totals = Totals::load(storage)?;
    Ok(TotalsResponse {
        outstanding: totals.outstanding()?,
        recoveries: totals.recoveries,
        outstanding_by_vault: totals.running.outstanding,
        running: totals.running.auctions,
        lots: state::lots(storage)?,
    })
}
