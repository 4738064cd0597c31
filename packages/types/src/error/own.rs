//! Refusals that only one contract has. Every contract pays for the code that writes each error it knows, so these are types of their own,
//! and an [`Error`] as soon as they are returned.

use crate::error::Error;
use crate::math::Wide;
use crate::units::{Amount, Price, Ratio, SignedUsd, Usd};

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

own! {
    /// Conditional orders.
    OrdersError {
        /// A jar has less than what is to be reserved or taken out.
        E0901 JarTooLow { has: Usd, needed: Usd },
        /// There is no such order, or there is none any more.
        E0902 UnknownConditional { id: u64 },
        E0903 NotYourConditional { id: u64, sender: String },
        /// The account's owner does not let the contract trade this perpetual until then.
        E0904 NotDelegated { perp: u64, until: u64, delegated_until: u64 },
        /// The index, with its band, has not reached the trigger.
        E0905 NotTriggered { id: u64, index: Price, confidence: Ratio, trigger: Price },
        /// The index is no newer than the order.
        E0906 PriceBeforeOrder { id: u64, published: u64, since: u64 },
        /// The entry of its bracket has not filled.
        E0907 EntryNotFilled { id: u64, entry: u64 },
        /// An order of this account in this perpetual is committed, and what becomes of it is not known yet.
        E0908 CommitWaits { id: u64, order: u64 },
        /// Linked orders are in one perpetual.
        E0909 LinkedApart { perp: u64, other: u64 },
        /// It waits no longer.
        E0910 Lapsed { id: u64, good_till: u64 },
    }
}

own! {
    /// The market, of accounts that tokens back.
    BackedError {
        /// An account that tokens back stays where it is: they would not follow.
        E1101 Backed { owner: String, account: u64 },
    }
}

own! {
    /// The custody.
    CustodyError {
        /// All accounts together would hold more of the token than they may.
        E1102 AboveTokenCap { value: Usd, cap: Usd },
        /// Nobody brings more of a token that closes.
        E1103 TokenCloses { token: u64 },
        /// The account does not hold so much of the token.
        E1104 NotEnoughTokens { asked: Amount, held: Amount },
        /// Without these tokens, margin less losses and what the others count for would not cover initial margin, locks and the charge.
        E1105 TokensNeeded { left: SignedUsd, required: Usd },
        /// Nothing is sold of an account whose tokens count for what it owes.
        E1106 Sound { equity: SignedUsd },
        /// Before its tokens are sold an account is liquidated: it has positions, or margin that orders lock.
        E1107 LiquidateFirst { positions: u64, locked: Usd },
        /// A sale of the account's tokens runs.
        E1108 SaleRuns { owner: String, account: u64 },
        /// No sale of the account's tokens runs.
        E1109 NoSale { owner: String, account: u64 },
        /// A sale runs on as long as the account owes more than its tokens count for.
        E1110 Unsound { equity: SignedUsd },
        /// Too little to be worth a sale.
        E1111 BelowMinimumTokens { value: Usd, minimum: Usd },
    }
}

own! {
    /// The desk of bonded markets. From E1020 on: why a market is put into quarantine.
    BondedError {
        E1001 NotBonded { market: String },
        E1002 BondBelowMinimum { bond: Usd, minimum: Usd },
        /// Of all bonded markets together.
        E1003 AboveBondedCap { credit: Usd, cap: Usd },
        /// The desk's line at the pool has to bear all that bonded markets can cost beyond their bonds.
        E1004 AboveDeskLine { needed: SignedUsd, line: SignedUsd },
        /// A market is a contract, and not one of those that it would stand behind.
        E1005 NotAMarket { market: String },
        /// Nothing of it is believed, for the reason of that code.
        E1006 InQuarantine { market: String, code: u64 },
        /// It is in none, or what it is owed was said already.
        E1007 NotInQuarantine { market: String },
        E1008 AboveCredit { cost: SignedUsd, credit: Usd },
        /// A draw beyond the bond is announced before, and can be made from then on.
        E1009 DrawNotAnnounced { beyond: Usd, announced: Usd, ready_at: u64 },
        E1010 RecordStale { age: u64, allowed: u64 },
        E1011 MarketCloses { market: String },
        /// A market that owes something, or has positions, is not closed.
        E1012 MarketOwes { claim: Usd, open_positions: u64 },
        E1013 CloseNotReady { ready_at: u64, now: u64 },
        /// Owner or guardian said so.
        E1020 QuarantineOrdered { by: String },
        E1021 RecordTooLong { bytes: u64, most: u64 },
        /// No such record, or numbers that no market can reach.
        E1022 RecordUnreadable { bytes: u64 },
        /// It was written later than now, or before the last one.
        E1023 RecordOfAnotherTime { as_of: u64, last: u64, now: u64 },
        /// While it is bonded a market draws from the desk and bears its shortfalls itself.
        E1024 RecordCountsOthersMoney { drawn: Usd, shortfalls: Usd },
        E1025 RecordFeesFall { fees: Usd, last: Usd },
        /// What it owes, by itself or with what was paid out to it, is more than its credit.
        E1026 RecordAboveCredit { claim: SignedUsd, cost: SignedUsd, credit: Usd },
        /// Σ |quantity|·P is.
        E1027 RecordTooExposed { exposure: Usd, credit: Usd },
        /// What it shows is not what it pushed.
        E1028 RecordNotAsPushed { market: String },
        E1029 RecordNotRenewed { age: u64, allowed: u64 },
    }
}

own! {
    /// The example market.
    EventError {
        /// Nothing is sold any more.
        E1051 EventOver { at: u64, now: u64 },
        /// It can't be said yet how it ended.
        E1052 OutcomeUnknown { from: u64, now: u64 },
        /// It has ended, and stays as it ended.
        E1053 OutcomeKnown {},
        /// Fewer contracts than were wanted at least.
        E1054 TooFewContracts { contracts: Usd, least: Usd },
        /// Nobody stands behind so much.
        E1055 NotCovered { owed: SignedUsd, room: SignedUsd },
    }
}
