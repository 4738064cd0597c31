//! The pool: vaults, positions, its book.

use std::collections::BTreeMap;

use crate::config::{PoolConfig, VaultConfig};
use crate::ledger::Ledger;
use crate::message::PoolMessage;
use crate::model::Model;
use crate::number::{ten, unit, Q};
use crate::regime::{Regime, Trip};
use crate::span::Span;
use crate::verdict::Trial;

mod ceiling;
mod credit;
mod exit;
mod hand_over;
mod losses;
mod provide;
mod seize;
mod sync;
#[cfg(test)]
mod tests;
mod watch;

pub use ceiling::{Following, Of};
pub(crate) use losses::{haircut, Losses, Source};
pub(crate) use watch::Watch;

/// Name among the holders of tokens.
pub const POOL: &str = "pool";

/// Length of a peak's window, seconds.
const PEAK_WINDOW: u64 = 3_600;

/// The largest debt per share that syncs saw in the current and the previous hour.
#[derive(Clone, Debug)]
pub(crate) struct Peak {
    pub(crate) hour: u64,
    pub(crate) current: Span,
    pub(crate) previous: Span,
}

impl Peak {
    /// `before` stood until now, `after` stands from now on. An hour without a sync had what stood through it.
    fn observe(&mut self, before: &Span, after: &Span, now: u64) {
        let hour = now / PEAK_WINDOW;
        if hour > self.hour {
            self.previous = if hour == self.hour + 1 { self.current.max(before) } else { before.clone() };
            self.current = before.clone();
            self.hour = hour;
        }
        self.current = self.current.max(after);
    }

    /// The largest of both hours, or of the current one where the position began in it.
    pub(crate) fn for_position(&self, joined_at: u64) -> Span {
        if joined_at / PEAK_WINDOW >= self.hour {
            self.current.clone()
        } else {
            self.current.max(&self.previous)
        }
    }

    /// The largest of both hours.
    pub(crate) fn largest(&self) -> Span {
        self.current.max(&self.previous)
    }
}

/// One vault.
#[derive(Clone, Debug)]
pub(crate) struct Vault {
    pub(crate) config: VaultConfig,
    /// Most debt after a mint.
    pub(crate) ceiling: Span,
    /// Value of its collateral when it last had a fresh price.
    pub(crate) weight: Span,
    pub(crate) debt: Span,
    pub(crate) shares: Span,
    pub(crate) amount: Span,
    /// What one share is worth, with 27 decimals.
    pub(crate) product: Span,
    /// All debt ever handed to one share, micro-USD.
    pub(crate) per_share: Span,
    /// Put in and not handed out yet, micro-USD.
    pub(crate) remainder: Span,
    /// Minted and not burnt, of all its positions.
    pub(crate) minted: Span,
    /// Interest on one micro-USD since ever.
    pub(crate) fee_index: Span,
    /// Of the interest that positions owe, what the ledger has not booked: less than a micro-USD.
    pub(crate) fee_carried: Span,
    pub(crate) peak: Peak,
}

/// A request to leave.
#[derive(Clone, Debug)]
pub(crate) struct Exit {
    pub(crate) amount: Q,
    pub(crate) requested_at: u64,
    /// The largest haircut that the owner accepts.
    pub(crate) accepted: Q,
}

/// One provider's position in a vault.
#[derive(Clone, Debug)]
pub(crate) struct Position {
    pub(crate) shares: Span,
    /// Debt as of the vault's `per_share`, unrounded.
    pub(crate) debt: Span,
    /// Of it, what was minted and not burnt.
    pub(crate) minted: Span,
    pub(crate) joined_at: u64,
    pub(crate) exit: Option<Exit>,
}

impl Position {
    /// Nothing yet.
    pub(crate) fn begin(now: u64) -> Self {
        Self { shares: Span::zero(), debt: Span::zero(), minted: Span::zero(), joined_at: now, exit: None }
    }
}

/// A position that is offered to somebody.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    pub(crate) to: String,
    pub(crate) amount: Option<Q>,
    /// When the position began that was meant.
    pub(crate) joined_at: u64,
}

/// A listed market, as the pool's book has it.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) line: Span,
    pub(crate) watch: Watch,
    pub(crate) reported: Span,
    pub(crate) drawn: Span,
    pub(crate) fees: Span,
    pub(crate) shortfalls: Span,
}

impl Listed {
    fn new(line: Q) -> Self {
        Self {
            line: Span::exact(line),
            watch: Watch::default(),
            reported: Span::zero(),
            drawn: Span::zero(),
            fees: Span::zero(),
            shortfalls: Span::zero(),
        }
    }
}

/// The liquidator's counters.
#[derive(Clone, Debug)]
pub struct Recoveries {
    /// Debt that running auctions still have to bring.
    pub tab: Span,
    /// All that takers paid against tabs.
    pub recovered: Span,
    /// All that they paid against penalties.
    pub penalties: Span,
    /// All that auctions ended short.
    pub shortfalls: Span,
    /// All that keepers got out of penalties.
    pub tips: Span,
    /// All that was paid for recovery notes.
    pub notes_paid: Span,
    /// All claims that were sold for it.
    pub notes_issued: Span,
    /// All of them that came back, or were found burnt.
    pub notes_redeemed: Span,
}

impl Default for Recoveries {
    fn default() -> Self {
        Self {
            tab: Span::zero(),
            recovered: Span::zero(),
            penalties: Span::zero(),
            shortfalls: Span::zero(),
            tips: Span::zero(),
            notes_paid: Span::zero(),
            notes_issued: Span::zero(),
            notes_redeemed: Span::zero(),
        }
    }
}

/// The pool.
#[derive(Clone, Debug)]
pub struct Pool {
    pub(crate) config: PoolConfig,
    /// Its book.
    pub ledger: Ledger,
    pub(crate) vaults: Vec<Vault>,
    /// When it last synced, seconds.
    pub(crate) synced_at: u64,
    pub(crate) positions: BTreeMap<(usize, String), Position>,
    pub(crate) offers: BTreeMap<(usize, String), Offer>,
    /// Who may mint for an owner.
    pub(crate) minters: BTreeMap<String, String>,
    pub(crate) markets: Vec<Listed>,
    /// Price at which each feed was last accepted.
    pub(crate) marks: BTreeMap<usize, Q>,
    pub(crate) recoveries: Recoveries,
    pub(crate) losses: Losses,
    /// 1 where there was bad debt after the last sync, else 0.
    pub(crate) in_bad_debt: Span,
    pub(crate) watch: Watch,
    /// Ceilings that follow what is used.
    pub ceilings: BTreeMap<Of, Following>,
    pub(crate) supply_ceiling: Span,
    /// 1/λ, micro-USD.
    pub(crate) depth: Span,
    pub(crate) depth_moved_at: Option<u64>,
}

impl Vault {
    fn new(config: VaultConfig) -> Self {
        let peak = Peak { hour: 0, current: Span::zero(), previous: Span::zero() };
        Self {
            ceiling: Span::exact(config.debt_ceiling.clone()),
            config,
            weight: Span::zero(),
            debt: Span::zero(),
            shares: Span::zero(),
            amount: Span::zero(),
            product: Span::whole(1),
            per_share: Span::zero(),
            remainder: Span::zero(),
            minted: Span::zero(),
            fee_index: Span::zero(),
            fee_carried: Span::zero(),
            peak,
        }
    }

    /// Unrounded value of an amount at a price.
    pub(crate) fn value(&self, amount: &Span, price: &Q) -> Span {
        amount.scale(&(price / ten(self.config.decimals)))
    }

    /// What shares are worth, rounded down.
    pub(crate) fn worth(&self, shares: &Span) -> Span {
        if self.product == Span::whole(1) {
            shares.clone()
        } else {
            (shares * &self.product).down(&unit())
        }
    }

    /// The shares that an amount buys, rounded down.
    pub(crate) fn shares_for(&self, amount: &Span) -> Span {
        if self.product == Span::whole(1) {
            amount.clone()
        } else {
            amount.over(&self.product).down(&unit())
        }
    }

    /// A position mints `x`.
    pub(crate) fn mint(&mut self, position: &mut Position, x: &Span) {
        self.debt = &self.debt + x;
        self.minted = &self.minted + x;
        position.debt = &position.debt + x;
        position.minted = &position.minted + x;
    }

    /// A position owes `x` less: first of what it has minted.
    pub(crate) fn repay(&mut self, position: &mut Position, x: &Span) {
        let minted = x.min(&position.minted);
        self.debt = &self.debt - x;
        self.minted = &self.minted - &minted;
        position.debt = &position.debt - x;
        position.minted = &position.minted - &minted;
    }

    /// Takes shares out; the last ones take all that is left.
    pub(crate) fn take_out(&mut self, shares: &Span) -> Span {
        let worth = self.worth(shares);
        self.shares = &self.shares - shares;
        let amount = if self.shares.is_zero() { self.amount.clone() } else { worth };
        self.amount = &self.amount - &amount;
        amount
    }
}

impl Pool {
    pub(crate) fn new(config: PoolConfig, lines: impl Iterator<Item = Q>) -> Self {
        Self {
            vaults: config.vaults.iter().cloned().map(Vault::new).collect(),
            supply_ceiling: Span::exact(config.supply_ceiling.clone()),
            depth: Span::exact(config.impact_depth.clone()),
            depth_moved_at: None,
            watch: Watch::default(),
            ceilings: BTreeMap::new(),
            config,
            synced_at: 0,
            ledger: Ledger::default(),
            positions: BTreeMap::new(),
            offers: BTreeMap::new(),
            minters: BTreeMap::new(),
            markets: lines.map(Listed::new).collect(),
            marks: BTreeMap::new(),
            recoveries: Recoveries::default(),
            losses: Losses::default(),
            in_bad_debt: Span::zero(),
        }
    }

    /// One more market.
    pub(crate) fn list(&mut self, line: Q) {
        self.markets.push(Listed::new(line));
    }

    /// Debt of a position at the largest debt per share that counts for it, unrounded.
    pub(crate) fn debt_at_peak(&self, vault: usize, position: &Position) -> Span {
        let vault = &self.vaults[vault];
        let above = (vault.peak.for_position(position.joined_at) - &vault.per_share).positive_part();
        &position.debt + &(&above * &position.shares)
    }
}

impl Model {
    pub(crate) fn pool_message(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        message: &PoolMessage,
    ) -> Option<()> {
        // what is only offered or allowed changes no book
        if !matches!(message, PoolMessage::OfferPosition { .. } | PoolMessage::SetMinter { .. }) {
            self.sync(now);
        }
        let done = self.pool_message_synced(trial, now, sender, message);
        self.collapse();
        done
    }

    fn pool_message_synced(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        message: &PoolMessage,
    ) -> Option<()> {
        match message {
            PoolMessage::Deposit { vault, amount, beneficiary } => {
                let owner = beneficiary.as_deref().unwrap_or(sender);
                self.deposit(trial, now, sender, *vault, owner, amount)
            }
            PoolMessage::AddYield { vault, amount } => self.add_yield(trial, now, sender, *vault, amount),
            PoolMessage::OfferPosition { vault, to, amount } => {
                self.offer(trial, sender, *vault, to.as_deref(), amount.as_ref())
            }
            PoolMessage::AcceptPosition { vault, owner } => self.accept(trial, now, sender, *vault, owner),
            PoolMessage::Mint { vault, amount, recipient, owner } => {
                let owner = owner.as_deref().unwrap_or(sender);
                let minter = self.pool.minters.get(owner).is_some_and(|minter| minter == sender);
                trial.must("E0346", owner == sender || minter && recipient.is_none())?;
                let recipient = recipient.as_deref().unwrap_or(owner);
                self.mint(trial, now, owner, *vault, amount, recipient)
            }
            PoolMessage::SetMinter { minter } => {
                match minter {
                    Some(minter) => self.pool.minters.insert(sender.into(), minter.clone()),
                    None => self.pool.minters.remove(sender),
                };
                Some(())
            }
            PoolMessage::Burn { vault, owner, amount } => {
                let owner = owner.as_deref().unwrap_or(sender);
                self.burn(trial, sender, *vault, owner, amount)
            }
            PoolMessage::Insure { amount } => self.insure(trial, sender, amount),
            PoolMessage::RequestExit { vault, amount, accepted } => {
                self.request_exit(trial, now, sender, *vault, (amount, accepted))
            }
            PoolMessage::CancelExit { vault } => self.cancel_exit(trial, sender, *vault),
            PoolMessage::ExecuteExit { vault, owner } => self.execute_exit(trial, now, *vault, owner),
            PoolMessage::Sync => Some(()),
            PoolMessage::Sweep => self.sweep(trial),
            PoolMessage::AdjustCeiling { of } => self.adjust(trial, now, *of),
            PoolMessage::AdjustDepth => self.adjust_depth(trial, now),
            PoolMessage::Trip { market, regime } => {
                self.trip(*market, *regime, now);
                Some(())
            }
            PoolMessage::Reset { market } => {
                // what this very sync has tripped lets ceilings fall all the same
                self.collapse();
                let trip = self.trip_of(*market);
                let stands = trip.regime > Regime::Normal;
                *trip = Trip::default();
                trial.must("E0322", stands)
            }
            PoolMessage::Draw { .. } => trial.must("E0314", false),
            PoolMessage::Seize { .. } => trial.must("E0104", false),
        }
    }
}
