//! Refusals that only one contract has. Every contract pays for the code that writes each error it knows, so these are types of their own,
//! and an [`Error`] as soon as they are returned.

use crate::error::Error;
use crate::math::Wide;
use crate::units::{Amount, Price, Ratio, Usd};

/// Enums of refusals that become an [`Error`].
macro_rules! own {
    ($(#[$of:meta])* $set:ident { $($variants:tt)* }) => {
        refusals! { $(#[$of])* $set { $($variants)* } }

        impl From<$set> for Error {
            fn from(error: $set) -> Self {
                Self::Own { code: error.code(), name: error.name(), text: error.to_string() }
            }
        }
    };
}

own! {
    /// The oracle, of prices that are pulled.
    SourceError {
        /// The query of a source's contract failed.
        E0213 SourceFailed { feed: u64, contract: String },
        /// What a source's contract answered is not what it should be: no such field, no number.
        E0214 UnreadableAnswer { feed: u64, contract: String },
        /// Pyth answered with another price than the one that it was asked for.
        E0215 WrongPriceId { feed: u64, contract: String },
        /// Pyth's exponent is outside of [−18, 6].
        E0216 ExponentOutOfRange { feed: u64, exponent: i64 },
        /// A source's price or number is zero or below.
        E0217 PriceNotPositive { feed: u64, price: i64 },
        /// A source and what it is checked by are further apart than they may be.
        E0218 SourcesDisagree { feed: u64, price: Price, other: Price, within: Ratio },
        /// Publishers push the feed's price.
        E0219 NotPulled { feed: u64 },
        /// The feed's price is pulled from its source.
        E0220 NotPushed { feed: u64 },
    }
}

own! {
    /// Synthetics.
    SpotError {
        E0601 UnknownSynthetic { synthetic: u64 },
        /// It can only be sold.
        E0602 NotBuyable { synthetic: u64 },
        /// Before the contract is shut down nothing is redeemed, and after it nothing is traded.
        E0603 WrongPhase { shut_down: bool },
        /// The fill gives less than was wanted at least: base units of a buy, micro-USD of a sale.
        E0604 BelowLeast { gets: Wide, least: Wide },
        /// What was to be bought costs more than was paid.
        E0605 CostsMore { cost: Usd, paid: Usd },
    }
}

own! {
    /// The par reserve.
    ReserveError {
        /// An edge of the token's price, or what it stands in the book at, is too far from par for this swap.
        E0701 OutsideBand { feed: u64, edge: Price, bound: Price },
        /// Of the token, or of all tokens beside the sdUSD that there is.
        E0702 AboveReserveCeiling { value: Usd, ceiling: Usd },
        E0703 SwapClosed { token: u64 },
        /// A swap would pay less than was asked for at least, in base units.
        E0704 SwapPaysLess { paid: Amount, least: Amount },
        /// The reserve has not that much of the token.
        E0705 ReserveShort { asked: Usd, most: Usd },
    }
}

own! {
    /// The oracle, of what publishers report.
    OracleError {
        E0201 NotPublisher { sender: String },
        /// Publish times of a feed grow strictly.
        E0203 PublishTimeNotNewer { feed: u64, publish_time: u64, last: u64 },
        /// Outside the band around the last good price, and not yet confirmed by a second median.
        E0205 DeviationTooLarge { feed: u64, price: Price, last: Price, band: Ratio },
        /// Fewer submissions than a quorum; kept until the quorum is there.
        E0210 NoQuorum { feed: u64, have: u64, need: u64 },
        /// The oracle measures nothing: volatilities and correlations are what its owner has set.
        E0211 NotMeasured {},
        /// This slot was sampled already, and this hour's step is done.
        E0212 AlreadySampled { slot: u64, next_at: u64 },
    }
}

own! {
    /// The liquidator.
    LiquidatorError {
        E0501 UnknownAuction { auction: u64 },
        E0502 Stopped { level: u64, needed_below: u64 },
        /// The auction has run too long or fallen too far: `redo` first.
        E0503 NeedsRedo { age: u64, price: Price },
        E0504 NoRedoNeeded { age: u64, price: Price },
        E0505 AboveMaxPrice { price: Price, max_price: Price },
        /// A partial take must leave nothing or at least the dust.
        E0506 LeavesDust { left: Usd, dust: Usd },
        E0507 PaidTooLittle { paid: Usd, price: Price },
        E0510 NoAuctionParams { vault: u64 },
        /// The backstop pays out no earlier than this.
        E0520 WithdrawalNotReady { ready_at: u64, now: u64 },
        /// The time in which a requested withdrawal can be made is over.
        E0521 WithdrawalLapsed { lapses_at: u64, now: u64 },
        /// A position that was flagged can still be liquidated: nobody leaves the backstop ahead of it.
        E0522 KnownLoss { vault: u64, owner: String },
        /// One flash take at a time.
        E0523 FlashTakeUnderWay { auction: u64 },
        /// No flash take of this auction is under way.
        E0524 NoFlashTake { auction: u64 },
        /// The callee of a flash take returned without having paid.
        E0525 FlashTakeUnpaid { paid: Usd, cost: Usd },
        /// What is missing can't be offered a claim for: those outstanding and on auction fill the ceiling.
        E0526 NoteCeiling { claims: Usd, ceiling: Usd },
        /// Bids were possible until then.
        E0527 NoteAuctionOver { ended_at: u64, now: u64 },
        /// It is over, or can be started again, no earlier than then.
        E0528 NoteAuctionRunning { until: u64, now: u64 },
        /// A bid has to claim at most this.
        E0529 ClaimTooLarge { claim: Usd, most: Usd },
        /// A bid has to pay the whole lot.
        E0530 PaidBelowLot { paid: Usd, lot: Usd },
    }
}

own! {
    /// The pool, of who mints for an owner.
    MinterError {
        /// Somebody else than the owner mints for a position only as its owner's minter, and only to the owner.
        E0346 NotMinter { owner: String, sender: String },
    }
}

own! {
    /// The balancer.
    BalancerError {
        /// The owner has not said at which ratio, or wants to do it himself.
        E0801 NotBalanced { vault: u64, owner: String },
        /// Others balance a position outside of its band only.
        E0802 WithinBand { ratio: Ratio, lower: Ratio, upper: Ratio },
        /// There is too much debt, and none of the owner's sdUSD can be burnt for it.
        E0803 NothingToBurn { lacking: Usd, held: Usd, allowed: Usd },
    }
}
