//! Every refusal of every contract: a stable code, a name, and the numbers that explain it.
//!
//! The text of an error is `E0312 BelowIssuanceRatio { ratio: 2.5, required: 3 }`. Codes never change their meaning:
//! E00xx arithmetic and input, E01xx permission and governance, E02xx oracle, E03xx pool, E04xx market, E05xx liquidator, E06xx spot, E07xx par reserve,
//! E08xx balancer, E09xx conditional orders, E10xx bonded markets, E11xx custody.

use cosmwasm_std::StdError;

pub use own::{
    BackedError, BalancerError, BondedError, CustodyError, EventError, LiquidatorError, MinterError,
    OracleError, OrdersError, ReserveError, SourceError, SpotError,
};

use crate::math::Wide;
use crate::regime::Regime;
use crate::units::{Amount, Price, Ratio, SignedRatio, SignedUsd, Size, Usd};

/// What everything that can be refused returns.
pub type Result<T> = core::result::Result<T, Error>;

/// An enum of refusals; where it has an `or`, with a further variant for those of other enums.
macro_rules! refusals {
    ($(#[$of:meta])* $set:ident {
        $($(#[$doc:meta])* $code:ident $name:ident { $($field:ident : $type:ty),* $(,)? }),* $(,)?
    } $($(#[$why:meta])* or $own:ident)?) => {
        $(#[$of])*
        #[derive(Clone, Debug, PartialEq)]
        #[allow(missing_docs)]
        pub enum $set {
            $($(#[$doc])* $name { $($field: $type),* },)*
            $($(#[$why])* $own { code: &'static str, name: &'static str, text: String })?
        }

        impl $set {
            /// The stable code, `E0312`.
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => stringify!($code),)*
                    $(Self::$own { code, .. } => code)?
                }
            }

            /// The name that goes with the code, `BelowIssuanceRatio`.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => stringify!($name),)*
                    $(Self::$own { name, .. } => name)?
                }
            }

            /// Every code with its name, in order.
            pub(crate) const CODES: &'static [(&'static str, &'static str)] =
                &[$((stringify!($code), stringify!($name))),*];
        }

        impl core::fmt::Display for $set {
            // Once in every contract that has it: of the errors of all it is twelve kilobytes.
            #[inline(never)]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self {
                    $(Self::$name { $($field),* } => {
                        f.write_str(concat!(stringify!($code), " ", stringify!($name)))?;
                        let fields: &[(&str, &dyn core::fmt::Display)] = &[$((stringify!($field), $field)),*];
                        $crate::error::write_fields(f, fields)
                    })*
                    $(Self::$own { text, .. } => f.write_str(text))?
                }
            }
        }
    };
}

/// Writes ` { name: value, name: value }`.
fn write_fields(
    f: &mut core::fmt::Formatter<'_>,
    fields: &[(&str, &dyn core::fmt::Display)],
) -> core::fmt::Result {
    for (n, (name, value)) in fields.iter().enumerate() {
        write!(f, "{} {name}: {value}", if n == 0 { " {" } else { "," })?;
    }
    f.write_str(if fields.is_empty() { "" } else { " }" })
}

refusals! {
    /// A refusal. Nothing has changed when it is returned.
    Error {
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
        /// Only the owner transfers or renounces, only whoever is proposed accepts.
        E0106 Ownership { sender: String, expected: String },
        /// An invariant of the configuration: named, with both sides.
        E0107 BadConfig { rule: String, left: String, right: String },
        /// Migration from another contract or an incompatible version.
        E0108 BadMigration { contract: String, version: String, expected: String },
        /// The contract takes no such coins here.
        E0109 UnexpectedFunds { funds: String },
        /// A token that is not listed for this message.
        E0110 UnknownToken { token: String },

        E0202 UnknownFeed { feed: u64 },
        E0204 PublishTimeInFuture { feed: u64, publish_time: u64, now: u64 },
        E0206 StalePrice { feed: u64, age: u64, allowed: u64 },
        E0207 ConfidenceTooWide { feed: u64, confidence: Ratio, allowed: Ratio },
        /// The feed has never had a price.
        E0208 NoPrice { feed: u64 },
        /// Correlations that are no correlations: not positive semidefinite.
        E0209 NotPositiveSemidefinite { pivot: u64, value: Wide },

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
        /// Neither the account's owner nor somebody whom he lets do that now.
        E0426 NotDelegate { sender: String, account: u64 },
        /// More than the owner lets the delegate hold.
        E0427 AboveDelegation { notional: Usd, most: Usd },
        /// Something that needs an account without orders.
        E0428 OrdersWait { orders: u64 },
        /// An account that can be liquidated stays where it is.
        E0429 BelowMaintenance { equity: SignedUsd, maintenance: Usd },
        /// An account can only become one that is not used yet.
        E0430 AccountInUse { owner: String, account: u64 },

        /// A market that the pool does not list.
        E0508 UnknownMarket { market: String },
        /// The error of another contract that carried no code.
        E0509 ForeignFailure { message: String },
    }
    /// One that only one contract has: see [`own`]. The others do not pay for the code that writes it.
    or Own
}

pub mod own;

impl std::error::Error for Error {}

impl From<StdError> for Error {
    fn from(error: StdError) -> Self {
        Self::Std { message: error.to_string() }
    }
}

impl Error {
    /// The number in its code: 1021 of `E1021`.
    pub fn number(&self) -> u16 {
        self.code().get(1..).and_then(|digits| digits.parse().ok()).unwrap_or_default()
    }

    /// The code with a number.
    pub fn code_of(number: u16) -> String {
        format!("E{number:04}")
    }

    /// Every code with its name, in order: the table of the documentation.
    pub fn all() -> Vec<(&'static str, &'static str)> {
        let mut all = [
            Self::CODES,
            OracleError::CODES,
            SourceError::CODES,
            LiquidatorError::CODES,
            SpotError::CODES,
            ReserveError::CODES,
            MinterError::CODES,
            BalancerError::CODES,
            OrdersError::CODES,
            BackedError::CODES,
            CustodyError::CODES,
            BondedError::CODES,
            EventError::CODES,
        ]
        .concat();
        all.sort_unstable();
        all
    }

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
        let codes: Vec<_> = Error::all().iter().map(|(code, _)| *code).collect();
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(Error::CODES.windows(2).all(|pair| pair[0].0 < pair[1].0), "in order");
    }

    #[test]
    fn an_error_of_one_contract_says_the_same_as_any() {
        let error = Error::from(SpotError::CostsMore { cost: Usd::new(7), paid: Usd::new(5) });
        assert_eq!(error.to_string(), "E0605 CostsMore { cost: 7, paid: 5 }");
        assert_eq!((error.code(), error.name()), ("E0605", "CostsMore"));
    }

    #[test]
    fn a_code_is_found_inside_a_foreign_text() {
        assert_eq!(Error::code_in("Error: dispatch: E0313 AboveLiquidationRatio"), Some("E0313"));
        assert_eq!(Error::code_in("Eh, something broke"), None);
    }
}
