//! Who stands behind a market: the pool where that lists it, else the desk. A market that asks this runs bonded and approved without change.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{to_json_binary, Addr, Binary, CosmosMsg, Deps, Env};

use super::{Bonds, Hook, Terms};
use crate::book::Listing;
use crate::contract::execute;
use crate::error::Result;
use crate::exposure::Exposure;
use crate::pool::MarketMsg;
use crate::record::Record;
use crate::regime::Regime;
use crate::units::{Ratio, SignedUsd, Usd};

/// [`super::ExecuteMsg::Push`] and [`super::ExecuteMsg::RequestDraw`] alone, as a market sends them; a draw is [`MarketMsg`], the same for the
/// pool and the desk.
#[cw_serde]
pub enum DeskMsg {
    /// See there.
    Push {
        /// See there.
        record: Binary,
    },
    /// See there.
    RequestDraw {
        /// See there.
        amount: Usd,
    },
}

/// As `cw20::Cw20ExecuteMsg`.
#[cw_serde]
enum SendMsg {
    Send { contract: String, amount: cosmwasm_std::Uint128, msg: Binary },
}

/// Who stands behind a market now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counterparty {
    /// The pool lists it: it reads the record by itself.
    Pool {
        /// The pool.
        pool: Addr,
        /// The market's credit line.
        line: SignedUsd,
    },
    /// It is bonded: the record has to be pushed.
    Desk {
        /// The desk.
        desk: Addr,
        /// What the market may claim: credit less what was paid out to it beyond what it paid in, at most the credit.
        room: SignedUsd,
        /// Most that it may announce to draw beyond its bond.
        at_risk: Usd,
        /// [`super::Slot::drawable`] now.
        drawable: Usd,
        /// Whether the desk still takes a record: not of a market in quarantine, and of none once the pool was shut down. What it has claimed can
        /// be drawn all the same.
        believed: bool,
    },
    /// Nobody yet, or no more.
    Nobody,
}

impl Counterparty {
    /// Of the market that asks: read raw, no code of another contract runs. `E0006` where pool or desk is none.
    pub fn of(deps: Deps<'_>, env: &Env, pool: &Addr, desk: &Addr) -> Result<Self> {
        let (own, now) = (&env.contract.address, env.block.time.seconds());
        let listing = Listing::of(&deps.querier, pool)?;
        if let Some(place) = listing.market(deps.api, own)? {
            return Ok(Self::Pool { pool: pool.clone(), line: listing.line(place) });
        }
        let bonds = Bonds::of(&deps.querier, desk)?;
        let Some(slot) = bonds.place(deps.api, own)?.and_then(|place| bonds.slots.get(place)) else {
            return Ok(Self::Nobody);
        };
        let credit = slot.credit.signed()?;
        let room = credit.minus(slot.net_out()?)?.min(credit);
        let at_risk = slot.at_risk();
        let is_shut = listing.regime == Regime::ShutDown;
        let believed = slot.quarantine.is_none() && !is_shut;
        // the delay matters to what was announced only
        let delay =
            if slot.announced.is_some() { Terms::of(&deps.querier, desk)?.params.draw_delay } else { 0 };
        let drawable = slot.drawable(delay, now, is_shut)?;
        Ok(Self::Desk { desk: desk.clone(), room, at_risk, drawable, believed })
    }

    /// Most that the market may owe beyond what it holds.
    pub fn room(&self) -> SignedUsd {
        match self {
            Self::Pool { line, .. } => *line,
            Self::Desk { room, believed: true, .. } => *room,
            Self::Desk { .. } | Self::Nobody => SignedUsd::ZERO,
        }
    }

    /// What of `asked` can be drawn now, as far as the desk decides. What the pool refuses of a draw it says itself.
    pub fn drawable(&self, asked: Usd) -> Usd {
        match self {
            Self::Pool { .. } => asked,
            Self::Desk { drawable, .. } => asked.min(*drawable),
            Self::Nobody => Usd::ZERO,
        }
    }

    /// Whether a draw is counted in the record's `drawn`: only the pool reads that.
    pub fn counts_draws(&self) -> bool {
        matches!(self, Self::Pool { .. })
    }

    /// Tells it the record that the market has just stored under its exposure key: goes before everything that runs other contracts' code.
    pub fn publish(&self, record: &Exposure) -> Result<Option<CosmosMsg>> {
        match self {
            Self::Desk { desk, believed: true, .. } => {
                let record = record.encode()?.into();
                execute(desk, &DeskMsg::Push { record }).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// sdUSD for somebody whom the market owes it; none where nobody stands behind it.
    pub fn draw(
        &self,
        amount: Usd,
        recipient: &Addr,
        accepted_haircut: Option<Ratio>,
    ) -> Result<Option<CosmosMsg>> {
        let (Self::Pool { pool: from, .. } | Self::Desk { desk: from, .. }) = self else { return Ok(None) };
        let recipient = recipient.to_string();
        execute(from, &MarketMsg::Draw { amount, recipient, accepted_haircut }).map(Some)
    }

    /// Announces a draw beyond the bond, where that has to be: so much, or as much as there can be.
    pub fn request_draw(&self, amount: Usd) -> Result<Option<CosmosMsg>> {
        match self {
            Self::Desk { desk, at_risk, .. } => {
                execute(desk, &DeskMsg::RequestDraw { amount: amount.min(*at_risk) }).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Pays profit of the market, out of what it holds, to who stands behind it. With the pool it stays where it is: it is in the record.
    pub fn pay_in(&self, own: &Addr, sdusd: &Addr, amount: Usd) -> Result<Option<CosmosMsg>> {
        let Self::Desk { desk, .. } = self else { return Ok(None) };
        let msg = to_json_binary(&Hook::PayIn { market: own.to_string() })?;
        let (contract, amount) = (desk.to_string(), amount.raw().into());
        execute(sdusd, &SendMsg::Send { contract, amount, msg }).map(Some)
    }
}
