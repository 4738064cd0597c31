//! Whether the books balance: of the pool after every message, of everything and everybody in a deep audit.

mod backstop;
mod custody;
mod deep;
mod holdings;
mod jars;
mod synthetics;

use core::fmt;

use sdp_types::math::Wide;

use crate::chain::Chain;
use sdp_network::error::{ChainError, Result};

/// What is audited after each message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audits {
    /// Nothing.
    Off,
    /// The pool's `audit`, and that each contract holds at least what its book says.
    #[default]
    Books,
    /// That, and every position, account, order and auction added up.
    Deep,
}

/// A rule of the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Pool: `audit.difference` is 0.
    Difference,
    /// Pool: the terms of the ledger that `audit` shows add up.
    Ledger,
    /// Pool: sdUSD that is booked is at least what there is.
    Supply,
    /// Pool: collateral that is there is at least what is booked.
    Collateral,
    /// Market, spot, conditional orders: sdUSD that is there is at least what is booked.
    Held,
    /// Conditional orders: Σ jars + Σ reserved fees = held, and each order stands in the list of its account.
    Jars,
    /// Liquidator: collateral that is there is at least what is booked, for auctions and for the backstop.
    Lots,
    /// Liquidator: sdUSD that is there is at least what is deposited in the backstop and what bidders for notes have paid.
    Backstop,
    /// Recovery notes: at most as many are there as are outstanding, and no more is set aside; Σ of auctions = booked.
    Notes,
    /// Backstop: what is deposited is at least Σ depositors'.
    Deposits,
    /// Backstop: collateral that it has booked is at least Σ depositors' gains.
    Gains,
    /// Pool: Σ debts of positions + remainder = debt of the vault + fees that it carries, in 10⁻²⁷ micro-USD.
    PositionDebts,
    /// Pool: Σ minted by positions = minted in the vault.
    PositionMints,
    /// Pool: Σ shares of positions = shares of the vault.
    PositionShares,
    /// Pool: collateral of the vault covers Σ positions', and is more by less than a base unit a position.
    PositionCollateral,
    /// Pool's book: Σ debts of vaults = debt on the ledger.
    VaultDebts,
    /// Pool's book: Σ debts of markets = reported on the ledger.
    MarketDebts,
    /// Market: Σ margins of accounts = booked; booked is more by at most a micro-USD a position on a side that deleveraging has scaled.
    Margins,
    /// Market: Σ costs of positions = booked; booked is less by at most as much.
    Costs,
    /// Market: Σ sizes of positions by side = booked by the perpetual, which after deleveraging has up to 10⁻¹⁸ units a position more
    /// of longs, less of shorts.
    Sizes,
    /// Market: positions counted = booked, with those of which deleveraging has left less than 10⁻¹⁸ units.
    OpenPositions,
    /// Market: what an account has locked = Σ its orders' locks.
    Locked,
    /// Market: room that is reserved = Σ orders' increases by side.
    Pending,
    /// Market's record: base = Σ margin − held − Σ cost as booked.
    Base,
    /// Market's record: quantity of a feed = skew of its perpetual.
    Quantity,
    /// Market's record: its unrounded sum = that of all accounts and positions.
    Numerator,
    /// Spot: Σ claims = booked.
    Claims,
    /// Spot: sdUSD, and tokens of a synthetic, that waiting orders have locked = booked, and the tokens are there.
    SpotLocked,
    /// Spot: tokens that a synthetic is owed by the book are at least what there is.
    Tokens,
    /// Liquidator: Σ tabs of auctions = booked.
    Tabs,
    /// Liquidator: Σ tabs and penalties = outstanding.
    Outstanding,
    /// Liquidator: auctions counted = running.
    Auctions,
    /// Liquidator: Σ lots of auctions by token = booked.
    LotSums,
    /// Reserve: tokens and sdUSD that are there are at least what is booked.
    Reserve,
    /// Reserve's record: base = −(value of the tokens + sdUSD held) as booked, and it has never cost the providers anything.
    ReserveBase,
    /// Custody: tokens that are there are at least what is booked, and no sdUSD.
    Custody,
    /// Custody: Σ accounts' tokens = booked, and the accounts that have some are those that the market says are backed.
    Backing,
    /// Desk: sdUSD that is there is at least what is booked, and what is booked at least what openers can get back.
    Bonds,
    /// Desk's record: what it has cost the providers = Σ of what each bonded market has, and what those that are over had.
    BondedCosts,
    /// Event market: sdUSD that is there is at least what is booked.
    Event,
    /// Liquidator: penalties that auctions have brought cover what keepers were rewarded with, and a running auction's penalty covers what
    /// it still promises them.
    Rewards,
}

/// Two numbers that should be the same (or in the order that the rule says) and are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What should hold.
    pub rule: Rule,
    /// Of which contract, vault, account.
    pub place: String,
    /// The rule's left side.
    pub left: Wide,
    /// The rule's right side.
    pub right: Wide,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} of {}: {} against {}", self.rule, self.place, self.left, self.right)
    }
}

/// Collects differences.
#[derive(Default)]
pub(crate) struct Findings(pub Vec<Difference>);

impl Findings {
    pub fn same(
        &mut self,
        rule: Rule,
        place: impl fmt::Display,
        left: impl Into<Wide>,
        right: impl Into<Wide>,
    ) {
        let (left, right) = (left.into(), right.into());
        self.require(left == right, rule, place, left, right);
    }

    /// `left ≥ right`.
    pub fn covers(
        &mut self,
        rule: Rule,
        place: impl fmt::Display,
        left: impl Into<Wide>,
        right: impl Into<Wide>,
    ) {
        let (left, right) = (left.into(), right.into());
        self.require(left >= right, rule, place, left, right);
    }

    /// The second is at least the first, and at most `slack` more.
    pub fn within(
        &mut self,
        rule: Rule,
        place: impl fmt::Display,
        (least, value): (Wide, Wide),
        slack: u64,
    ) -> Result<()> {
        let holds = least <= value && value <= least.plus(slack.into())?;
        self.require(holds, rule, place, least, value);
        Ok(())
    }

    fn require(&mut self, holds: bool, rule: Rule, place: impl fmt::Display, left: Wide, right: Wide) {
        if !holds {
            self.0.push(Difference { rule, place: place.to_string(), left, right });
        }
    }
}

impl Chain {
    /// The pool's audit judged, and each contract's holdings beside its book. Empty: all is well.
    pub fn audit_books(&self) -> Result<Vec<Difference>> {
        let mut findings = Findings::default();
        self.check_holdings(&mut findings)?;
        Ok(findings.0)
    }

    /// All that [`Self::audit_books`] looks at, and every position, account, order and auction. Empty: all is well.
    pub fn deep_audit(&self) -> Result<Vec<Difference>> {
        let mut findings = Findings::default();
        self.check_holdings(&mut findings)?;
        self.check_everything(&mut findings)?;
        Ok(findings.0)
    }

    pub(crate) fn audit_as_set(&self) -> Result<()> {
        let found = match self.audits {
            Audits::Off => return Ok(()),
            Audits::Books => self.audit_books()?,
            Audits::Deep => self.deep_audit()?,
        };
        if found.is_empty() {
            Ok(())
        } else {
            Err(ChainError::unbalanced(found.iter().map(ToString::to_string).collect()))
        }
    }
}
