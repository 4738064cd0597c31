//! Messages of the desk: markets that anyone may open with a bond.
//!
//! The desk is one listed market of the pool, which reads its record as that of any other one and knows nothing of the markets behind it. Of
//! each of them the desk believes what it pushes as far as its credit goes, and calls none of their code. What a market has cost is
//! `cost = paid out to it − paid in by it + claim`, and of that its bond bears the first part:
//!
//! ```text
//! refund = bond − max(cost, 0), in [0, bond]          what the opener would get back now
//! base   = Σ (claim + refund) − held                  in the desk's record, without quantities
//! base + drawn + fees = Σ (cost − bond where that is above 0, cost where it is below 0) + the same of those that are over
//! ```
//!
//! So the providers lose only what is beyond a bond, at most credit − bond, and gain what was really paid in. See [`Bonds`].

mod answers;
mod book;
mod counterparty;

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::Binary;
use cw20::Cw20ReceiveMsg;

pub use answers::{
    Announcement, BondedResponse, CheckResponse, ConfigResponse, QuarantineResponse, TotalsResponse,
};
pub use book::{Announced, Bonds, Pushed, Quarantine, Slot, Terms};
pub use counterparty::{Counterparty, DeskMsg};

use crate::contract::in_range;
use crate::error::Result;
use crate::governance::{Queued, MAX_CHANGE_DELAY};
use crate::ownership::{Action, Ownership};
use crate::units::{Ratio, Rounding, Usd, DAY, MAX_USD};

/// Name in cw2.
pub const CONTRACT: &str = "sdp-bonded";
/// At most so many bonded markets.
pub const MAX_SLOTS: usize = 8;
/// Longest record that a market may push, bytes.
pub const MAX_RECORD: usize = 256;

/// Parameters of the desk.
#[cw_serde]
#[derive(Copy)]
pub struct Params {
    /// Least bond that a market begins with. In [1 USD, 10^15 USD].
    pub minimum_bond: Usd,
    /// Credit of a market ÷ its bond, in [1, 10]. A market keeps the credit that it began with; what tops its bond up counts by the multiple of then.
    pub multiple: Ratio,
    /// Most credit of all of them together, as a part of the value of the pool's collateral when it was last synced. ≤ 10 %.
    pub cap: Ratio,
    /// Most bonded markets at a time, ≤ 8.
    pub slots: u8,
    /// A record that was pushed longer ago is stale, seconds: a minute to 30 days.
    pub max_age: u64,
    /// From the announcement of a draw beyond the bond until it can be made, seconds, ≤ 30 days. It can be made for as long again, at least a day.
    pub draw_delay: u64,
    /// From when an opener closes his market until its bond is paid back, seconds, ≤ 30 days.
    pub close_delay: u64,
    /// So long the owner has to say what a quarantined market is owed, and then the market to draw that; seconds, an hour to 90 days.
    pub resolution_time: u64,
    /// Delay of loosening changes, seconds, ≤ 30 days.
    pub change_delay: u64,
}

impl Params {
    /// The ranges above. `E0004`.
    pub fn validate(&self) -> Result<()> {
        in_range("minimum_bond", self.minimum_bond, Usd::whole(1), MAX_USD)?;
        in_range("multiple", self.multiple, Ratio::ONE, Ratio::percent(1_000))?;
        in_range("cap", self.cap, Ratio::ZERO, Ratio::percent(10))?;
        in_range("slots", usize::from(self.slots), 0, MAX_SLOTS)?;
        in_range("max_age", self.max_age, 60, 30 * DAY)?;
        in_range("draw_delay", self.draw_delay, 0, 30 * DAY)?;
        in_range("close_delay", self.close_delay, 0, 30 * DAY)?;
        in_range("resolution_time", self.resolution_time, 3_600, 90 * DAY)?;
        in_range("change_delay", self.change_delay, 0, MAX_CHANGE_DELAY)
    }

    /// Whether it is nowhere looser than what there is: bonds not smaller, credit, cap, slots and age not larger, delays not shorter.
    pub fn tightens(&self, old: &Self) -> bool {
        self.minimum_bond >= old.minimum_bond
            && self.multiple <= old.multiple
            && self.cap <= old.cap
            && self.slots <= old.slots
            && self.max_age <= old.max_age
            && self.draw_delay >= old.draw_delay
            && self.close_delay >= old.close_delay
            && self.resolution_time >= old.resolution_time
            && self.change_delay >= old.change_delay
    }

    /// Credit for a bond, rounded down.
    pub fn credit(&self, bond: Usd) -> Result<Usd> {
        bond.scale(self.multiple, Rounding::Down)
    }
}

/// A new desk. The pool's owner lists it as a bonded market, with a line of at least what all credit is beyond all bonds.
#[cw_serde]
pub struct InstantiateMsg {
    /// Loosens after the delay; two-step transfer.
    pub owner: String,
    /// Tightens at once, and quarantines.
    pub guardian: Option<String>,
    /// The pool; its oracle and its token are used.
    pub pool: String,
    /// Parameters.
    pub params: Params,
}

/// What anybody may send to the desk. Coins come with none of it.
#[cw_serde]
pub enum ExecuteMsg {
    /// Hook of sdUSD: [`Hook`]. `E0110` for another token.
    Receive(Cw20ReceiveMsg),
    /// A bonded market: what it publishes under [`crate::record::tag::EXPOSURE`], at most 256 bytes, in the message that changes it. One that
    /// can't be true quarantines the market and is a success, because an error would erase that: too long `E1021`, unreadable or beyond all
    /// bounds `E1022`, of another time `E1023`, `drawn` or `shortfalls` not 0 `E1024`, `fees` fall `E1025`, claim above the credit `E1026`,
    /// Σ |quantity|·P above it `E1027`. Where a feed has no fresh price it is refused and nothing changes: `E0206`. `E1001` for anybody
    /// else, `E1006` for a market in quarantine, `E0333` once the pool was shut down.
    Push {
        /// The record's bytes.
        record: Binary,
    },
    /// Anyone: values what a market pushed last at fresh prices, and compares it with what the market shows now, without running its code.
    /// Where that differs (`E1028`), is beyond the credit, or was pushed longer ago than `max_age` (`E1029`), the market is quarantined.
    /// `E1001`, `E1006`, `E0206`.
    #[serde(deserialize_with = "crate::fields::market")]
    Mark {
        /// The market.
        market: String,
    },
    /// A bonded market: announces that it will draw so much beyond its bond, at most credit − bond; 0 takes that back. It takes the place of
    /// what was announced before, whose time it keeps where it is no more than that. `E1001`, `E1006`, `E1008`.
    RequestDraw {
        /// How much.
        amount: Usd,
    },
    /// A bonded market: sdUSD for somebody whom it owes it. It lowers its own claim by a push first, or it counts twice. At once while what was
    /// paid out to it less what it paid in stays within its bond; beyond that what was announced long enough ago (`E1009`). `E1001`, `E1006`,
    /// `E1008` where it has cost more than its credit then, `E1010` where its record is stale, `E1011` while it closes; the pool's
    /// refusals of a draw. Of a market in quarantine whose claim was fixed, and once the pool was shut down: what is left of the claim.
    Draw {
        /// How much.
        amount: Usd,
        /// To whom.
        recipient: String,
        /// The largest part of it that may be kept for the pool's bad debt; none: 0.
        accepted_haircut: Option<Ratio>,
    },
    /// Guardian or owner: nothing of this market is believed any more. `E0103`, `E1001`, `E1006`.
    #[serde(deserialize_with = "crate::fields::market")]
    Quarantine {
        /// The market.
        market: String,
    },
    /// Owner: what a market in quarantine is owed for good. It can draw that at once. `E0101`, `E1001`, `E1007` where it is in none or that
    /// was said before, `E1008` above its credit.
    Resolve {
        /// The market.
        market: String,
        /// The claim.
        claim: Usd,
    },
    /// Ends a market. Its opener, while its last record owes nothing, or once the pool was shut down while it shows one that does, or nothing
    /// is left of its claim (`E1012`): `close_delay` later anyone again, and the opener gets back what is left of the bond. Of a market in
    /// quarantine anyone: once what the owner said is drawn or `resolution_time` is over since (the opener gets what is left), or where he
    /// has said nothing for so long: then the claim is void and what is left of the bond goes to insurance. `E1013` before that, `E0104`,
    /// `E1001`, `E1010`, `E1028`.
    #[serde(deserialize_with = "crate::fields::market")]
    Close {
        /// The market.
        market: String,
    },
    /// Anyone, once the pool lists a bonded market by itself: the desk is done with it, and the opener gets back what is left of the bond:
    /// what was paid out to the market beyond what was paid in is borne by it, what it claims is the pool's from then on. `E0508` before that,
    /// `E1001`, `E1006` of one in quarantine.
    #[serde(deserialize_with = "crate::fields::market")]
    Graduate {
        /// The market.
        market: String,
    },
    /// Anyone: sdUSD that came without a hook is booked into the insurance fund. `E0322`.
    #[serde(deserialize_with = "crate::fields::none")]
    Sweep {},
    /// Owner, or guardian where it tightens (then at once).
    Configure {
        /// What to change.
        change: Change,
    },
    /// Anyone, once the delay of a queued change is over.
    #[serde(deserialize_with = "crate::fields::id")]
    Enact {
        /// Of the change.
        id: u64,
    },
    /// Owner: takes a queued change back.
    #[serde(deserialize_with = "crate::fields::id")]
    CancelChange {
        /// Of the change.
        id: u64,
    },
    /// The owner changes in two steps, or there is none any more.
    UpdateOwnership(Action),
}

/// Message inside a CW20 `send` of sdUSD to the desk.
#[cw_serde]
pub enum Hook {
    /// The sdUSD is the bond of a market, the payer its opener. `E1002` below the minimum, `E0010` without a free slot, `E1003` above the cap,
    /// `E1004` above the pool's line, `E0009` for a market that is bonded or listed already, `E1005` for what is no contract of its own;
    /// `E0328` unless the pool's regime is normal.
    Open {
        /// The market contract.
        market: String,
    },
    /// Anyone: the sdUSD is added to a market's bond; its opener gets it back with the rest. `E1001`, `E1006`, `E1011`, `E1003`, `E1004`, `E0328`.
    TopUp {
        /// The market.
        market: String,
    },
    /// Anyone: the sdUSD is profit of a market, or repays what it drew. `E1001`.
    PayIn {
        /// The market.
        market: String,
    },
}

/// What can change.
#[cw_serde]
pub enum Change {
    /// Tightens as [`Params::tightens`] says.
    Params {
        /// All of them.
        params: Params,
    },
    /// Loosens.
    SetGuardian {
        /// None: there is no guardian any more.
        guardian: Option<String>,
    },
}

/// What can be asked of the desk.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Addresses and parameters.
    #[returns(ConfigResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Config {},
    /// All bonded markets, in the order in which they were opened.
    #[returns(Vec<BondedResponse>)]
    #[serde(deserialize_with = "crate::fields::none")]
    Markets {},
    /// One of them. `E1001`.
    #[returns(BondedResponse)]
    #[serde(deserialize_with = "crate::fields::market")]
    Market {
        /// The market.
        market: String,
    },
    /// The sums over all of them, and the desk's record.
    #[returns(TotalsResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Totals {},
    /// What a contract shows under its exposure key, and what a push of it now would come to; of any contract, bonded or not.
    #[returns(CheckResponse)]
    #[serde(deserialize_with = "crate::fields::market")]
    Check {
        /// The contract.
        market: String,
    },
    /// Changes that wait.
    #[returns(Vec<Queued<Change>>)]
    #[serde(deserialize_with = "crate::fields::none")]
    Changes {},
    /// Who owns it, and who may take over.
    #[returns(Ownership)]
    #[serde(deserialize_with = "crate::fields::none")]
    Ownership {},
}

/// Migration: only from an older version of the same contract.
#[cw_serde]
pub struct MigrateMsg {}
