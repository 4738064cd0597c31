//! Every refusal of every contract: a stable code, a name, and the numbers that explain it.
//!
//! The text of an error is `E0312 BelowIssuanceRatio { ratio: 2.5, required: 3 }`. Codes never change their meaning:
//! E00xx arithmetic and input, E01xx permission and governance, E02xx oracle, E03xx pool, E04xx market, E05xx liquidator, E06xx spot, E07xx par reserve.

use cosmwasm_std::StdError;

use crate::math::Wide;
use crate::regime::Regime;
use crate::units::{Amount, Price, Ratio, SignedRatio, SignedUsd, Size, Usd};

/// What everything that can be refused returns.
pub type Result<T> = core::result::Result<T, Error>;

macro_rules! errors {
    ($($(#[$doc:meta])* $code:ident $name:ident { $($field:ident : $type:ty),* $(,)? }),* $(,)?) => {
        /// A refusal. Nothing has changed when it is returned.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(missing_docs)]
        pub enum Error {
            $($(#[$doc])* $name { $($field: $type),* }),*
        }

        impl Error {
            /// The stable code, `E0312`.
            pub fn code(&self) -> &'static str {
                match self { $(Self::$name { .. } => stringify!($code)),* }
            }

            /// The name that goes with the code, `BelowIssuanceRatio`.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$name { .. } => stringify!($name)),* }
            }

            /// Every code with its name, in order: the table of the documentation.
            pub const ALL: &'static [(&'static str, &'static str)] =
                &[$((stringify!($code), stringify!($name))),*];
        }

        impl core::fmt::Display for Error {
            // Once in every contract: it is twelve kilobytes of it.
            #[inline(never)]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self {
                    $(Self::$name { $($field),* } => {
                        f.write_str(concat!(stringify!($code), " ", stringify!($name)))?;
                        let fields: &[(&str, &dyn core::fmt::Display)] = &[$((stringify!($field), $field)),*];
                        write_fields(f, fields)
                    })*
                }
            }
        }
    };
}

fn write_fields(
    f: &mut core::fmt::Formatter<'_>,
    fields: &[(&str, &dyn core::fmt::Display)],
) -> core::fmt::Result {
    for (n, (name, value)) in fields.iter().enumerate() {
        write!(f, "{} {name}: {value}", if n == 0 { " {" } else { "," })?;
    }
    f.write_str(if fields.is_empty() { "" } else { " }" })
}

errors! {
    /// A result does not fit its type.
    E0001 Overflow { operation: String },
    E0002 DivisionByZero {},
    /// Text that is not a number of the expected unit.
    E0003 BadNumber { text: String },
    /// A value outside the range that a message or a config allows.
    E0004 OutOfRange { what: String, value: String, min: String, max: String },
    /// A zero where something has to be moved.
    E0005 Zero { what: String },
    /// A stored record that can't be read, or has another version.
    E0006 BadRecord { record: String },
    /// A record or entry that does not exist.
    E0007 NotFound { what: String, key: String },
    /// From the standard library of contracts: addresses, JSON, storage.
    E0008 Std { message: String },
    /// Two things of one name or kind.
    E0009 Duplicate { what: String, key: String },
    /// More entries than a bounded list may have.
    E0010 TooMany { what: String, count: u64, max: u64 },

    E0101 NotOwner { sender: String },
    /// The guardian asked for something that does not tighten.
    E0102 GuardianMayOnlyTighten { change: String },
    /// Neither the owner nor the guardian.
    E0103 NotGovernance { sender: String },
    /// A message that only one contract may send.
    E0104 WrongCaller { sender: String, expected: String },
    /// A queued change before its time.
    E0105 ChangeNotReady { id: u64, ready_at: u64, now: u64 },
    /// The two-step transfer of ownership refused.
    E0106 Ownership { message: String },
    /// An invariant of the configuration: named, with both sides.
    E0107 BadConfig { rule: String, left: String, right: String },
    /// Migration from another contract or an incompatible version.
    E0108 BadMigration { contract: String, version: String, expected: String },
    /// The contract takes no such coins here.
    E0109 UnexpectedFunds { funds: String },
    /// A token that is not listed for this message.
    E0110 UnknownToken { token: String },

    E0201 NotPublisher { sender: String },
    E0202 UnknownFeed { feed: u64 },
    /// Publish times of a feed grow strictly.
    E0203 PublishTimeNotNewer { feed: u64, publish_time: u64, last: u64 },
    E0204 PublishTimeInFuture { feed: u64, publish_time: u64, now: u64 },
    /// Outside the band around the last good price, and not yet confirmed by a second median.
    E0205 DeviationTooLarge { feed: u64, price: Price, last: Price, band: Ratio },
    E0206 StalePrice { feed: u64, age: u64, allowed: u64 },
    E0207 ConfidenceTooWide { feed: u64, confidence: Ratio, allowed: Ratio },
    /// The feed has never had a price.
    E0208 NoPrice { feed: u64 },
    /// Correlations that are no correlations: not positive semidefinite.
    E0209 NotPositiveSemidefinite { pivot: u64, value: Wide },
    /// Fewer submissions than a quorum; kept until the quorum is there.
    E0210 NoQuorum { feed: u64, have: u64, need: u64 },
    /// The oracle measures nothing: volatilities and correlations are what its owner has set.
    E0211 NotMeasured {},
    /// This slot was sampled already, and this hour's step is done.
    E0212 AlreadySampled { slot: u64, next_at: u64 },
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

    E0301 UnknownVault { vault: u64 },
    E0302 NoPosition { vault: u64, owner: String },
    E0303 BelowMinimumDeposit { value: Usd, minimum: Usd },
    E0304 AboveDepositCap { total: Amount, cap: Amount },
    E0305 BelowMinimumDebt { debt: SignedUsd, minimum: Usd },
    E0306 AboveDebtCeiling { debt: SignedUsd, ceiling: Usd },
    E0307 AboveSupplyCeiling { supply: Usd, ceiling: Usd },
    /// The pool's free collateral would no longer cover the markets' unused credit, or their expected shortfall.
    E0308 CreditLocked { free: SignedUsd, locked: Usd },
    E0309 MinimumStay { until: u64, now: u64 },
    E0310 NoExitRequested { vault: u64, owner: String },
    E0311 ExitNotReady { ready_at: u64, now: u64 },
    E0312 BelowIssuanceRatio { ratio: Ratio, required: Ratio },
    /// A healthy position can't be seized.
    E0313 AboveLiquidationRatio { ratio: Ratio, required: Ratio },
    E0314 NotMarket { sender: String },
    /// A draw that the market's record does not show.
    E0315 DrawMismatch { asked: Usd, recorded: Usd },
    E0316 AboveCreditLine { used: SignedUsd, line: SignedUsd },
    /// The last provider can't leave while traders have positions.
    E0318 PositionsOpen { open: u64 },
    /// Providers can't come before the owner has opened the pool.
    E0319 NotOpen {},
    /// It is opened once.
    E0320 AlreadyOpen {},
    /// No room for another seizure.
    E0321 HoleFull { outstanding: Usd, room: Usd, needed: Usd },
    /// Nothing to take: zero debt, zero excess.
    E0322 NothingToDo { what: String },
    /// The exit's interval has no price (yet).
    E0323 NoIntervalPrice { feed: u64, interval: u64 },
    /// A market whose record or prices can't be accepted now.
    E0324 MarketNotAccepted { market: String },
    /// One request a position at a time.
    E0325 ExitAlreadyRequested { ready_at: u64 },
    /// The markets' expected shortfall would be more than free collateral allows.
    E0326 AboveMarketsBudget { shortfall: Usd, budget: Usd },
    /// Expected shortfall of markets and collateral together would be more than the collateral allows.
    E0327 AbovePoolBudget { shortfall: Usd, budget: Usd },
    /// Not while this regime stands: of the pool, of a market or of a feed.
    E0328 Restricted { scope: String, regime: Regime },
    /// More profit than may be drawn within an hour or two.
    E0329 AboveDrawLimit { asked: Usd, room: Usd },
    /// A ceiling rises only so often.
    E0330 CeilingNotDue { ready_at: u64, now: u64 },
    /// What may be shut down by anybody has been in emergency for seven days in a row: from then on; never, where it is in none.
    E0332 NotLongEnough { from: u64, now: u64 },
    /// The pool was shut down: there is only to claim what is left.
    E0333 PoolShutDown {},
    /// The pool was not shut down.
    E0334 PoolRuns {},
    /// Claims are fixed no earlier than then, or nothing can be claimed before somebody has fixed them.
    E0335 ClaimsNotFixed { from: u64, now: u64 },
    /// Claims are fixed.
    E0336 ClaimsFixed {},
    /// Before the pool every market is shut down.
    E0337 MarketRuns { market: String },
    /// A position that has what it owes is not written off.
    E0338 NotUnderwater { value: Usd, debt: SignedUsd },
    /// While there is bad debt, withdrawals are paid in proportion: less than was accepted.
    E0341 Haircut { rate: Ratio, accepted: Ratio },
    /// Nobody mints while there is bad debt.
    E0342 BadDebtStands { bad_debt: Usd },
    /// Notes would be redeemed for less than their holder wants at least.
    E0343 RedeemedBelow { paid: Usd, least: Usd },
    /// A position that can be seized can't be handed over.
    E0344 BelowLiquidationRatio { ratio: Ratio, required: Ratio },
    /// Nobody has offered this position to whoever would accept it.
    E0345 NotOffered { vault: u64, owner: String },
    /// The owner has not said at which ratio he wants to be kept, or wants to do it himself.
    E0346 NotBalanced { vault: u64, owner: String },
    /// Others than the owner balance a position only outside of its band.
    E0347 WithinBand { ratio: Ratio, lower: Ratio, upper: Ratio },

    E0401 UnknownPerp { perp: u64 },
    E0402 NoAccount { owner: String, account: u64 },
    E0403 TooManyPositions { count: u64, max: u64 },
    /// Free margin is equity at the opening haircut less initial margin and what orders lock.
    E0404 InsufficientMargin { available: SignedUsd, required: Usd },
    E0405 BelowMinimumNotional { notional: Usd, minimum: Usd },
    E0406 AboveSkewCap { skew: Usd, cap: Usd },
    E0407 AboveOpenInterestCap { open_interest: Usd, cap: Usd },
    /// The order would raise this feed's marginal premium beyond its cap.
    E0408 AbovePremiumCap { feed: u64, premium: SignedRatio, cap: Ratio },
    E0409 CloseOnly { perp: u64 },
    E0410 Delisted { perp: u64 },
    E0411 UnknownOrder { perp: u64, order: u64 },
    /// The order's interval has begun: it is bound.
    E0412 OrderBound { order: u64, since: u64 },
    E0413 NotYourOrder { order: u64, sender: String },
    /// The fill, premium included, is worse than the limit.
    E0414 LimitPrice { price: Price, limit: Price },
    /// No price in any interval that the order may fill at.
    E0415 OrderExpired { order: u64, interval: u64 },
    /// The account was liquidated after the commit.
    E0416 AccountLiquidated { order: u64 },
    /// There is no position left to reduce.
    E0417 NothingToReduce { perp: u64 },
    /// A healthy account can't be liquidated.
    E0418 AboveMaintenance { equity: SignedUsd, maintenance: Usd },
    /// Prices have just come back after a gap.
    E0419 AfterGap { until: u64, now: u64 },
    E0420 NothingToSettle { perp: u64 },
    /// What may be taken out: margin less losses, initial margin and locks. Profit that is not realised never counts.
    E0421 MarginLocked { asked: Usd, free: Usd },
    E0422 ExpiryTooLong { asked: u64, max: u64 },
    E0423 SizeTooLarge { size: Size, max: Size },
    /// The limit is further from the index than the slippage band allows.
    E0424 LimitTooFar { limit: Price, index: Price, band: Ratio },
    /// The pool's regime is as of its last sync, which has to be in this block.
    E0425 PoolNotSynced { synced_at: u64, now: u64 },

    E0501 UnknownAuction { auction: u64 },
    E0502 Stopped { level: u64, needed_below: u64 },
    /// The auction has run too long or fallen too far: `redo` first.
    E0503 NeedsRedo { age: u64, price: Price },
    E0504 NoRedoNeeded { age: u64, price: Price },
    E0505 AboveMaxPrice { price: Price, max_price: Price },
    /// A partial take must leave nothing or at least the dust.
    E0506 LeavesDust { left: Usd, dust: Usd },
    E0507 PaidTooLittle { paid: Usd, price: Price },
    /// A market that the pool does not list.
    E0508 UnknownMarket { market: String },
    /// The error of another contract that carried no code.
    E0509 ForeignFailure { message: String },
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

    E0601 UnknownSynthetic { synthetic: u64 },
    /// It can only be sold.
    E0602 NotBuyable { synthetic: u64 },
    /// Before the contract is shut down nothing is redeemed, and after it nothing is traded.
    E0603 WrongPhase { shut_down: bool },
    /// The fill gives less than was wanted at least: base units of a buy, micro-USD of a sale.
    E0604 BelowLeast { gets: Wide, least: Wide },
    /// What was to be bought costs more than was paid.
    E0605 CostsMore { cost: Usd, paid: Usd },

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

impl std::error::Error for Error {}

impl From<StdError> for Error {
    fn from(error: StdError) -> Self {
        Self::Std { message: error.to_string() }
    }
}

impl From<cw_ownable::OwnershipError> for Error {
    fn from(error: cw_ownable::OwnershipError) -> Self {
        Self::Ownership { message: error.to_string() }
    }
}

impl Error {
    /// `value` of `what` is outside `[min, max]`.
    pub fn out_of_range(
        what: &str,
        value: impl core::fmt::Display,
        min: impl core::fmt::Display,
        max: impl core::fmt::Display,
    ) -> Self {
        Self::OutOfRange {
            what: what.to_string(),
            value: value.to_string(),
            min: min.to_string(),
            max: max.to_string(),
        }
    }

    /// The configuration breaks `rule`, whose two sides are given.
    pub fn bad_config(rule: &str, left: impl core::fmt::Display, right: impl core::fmt::Display) -> Self {
        Self::BadConfig { rule: rule.to_string(), left: left.to_string(), right: right.to_string() }
    }

    /// The code at the beginning of a foreign error's text, if there is one.
    pub fn code_in(text: &str) -> Option<&str> {
        let at = text.find('E')?;
        let code = text.get(at..at + 5)?;
        let digits = code.bytes().skip(1).all(|b| b.is_ascii_digit());
        if digits {
            Some(code)
        } else {
            Self::code_in(text.get(at + 1..)?)
        }
    }
}

/// One line per rule: `ensure(condition, || error)?`.
pub fn ensure(holds: bool, error: impl FnOnce() -> Error) -> Result<()> {
    if holds {
        Ok(())
    } else {
        Err(error())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_its_code_its_name_and_its_numbers() {
        let error = Error::BelowIssuanceRatio { ratio: Ratio::percent(250), required: Ratio::percent(300) };
        assert_eq!(error.to_string(), "E0312 BelowIssuanceRatio { ratio: 2.5, required: 3 }");
        assert_eq!(Error::NotOpen {}.to_string(), "E0319 NotOpen");
        assert_eq!(error.code(), "E0312");
    }

    #[test]
    fn no_two_errors_share_a_code() {
        let mut codes: Vec<_> = Error::ALL.iter().map(|(code, _)| code).collect();
        codes.dedup();
        assert_eq!(codes.len(), Error::ALL.len());
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "in order");
    }

    #[test]
    fn a_code_is_found_inside_a_foreign_text() {
        assert_eq!(Error::code_in("Error: dispatch: E0313 AboveLiquidationRatio"), Some("E0313"));
        assert_eq!(Error::code_in("Eh, something broke"), None);
    }
}
