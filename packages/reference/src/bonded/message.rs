//! What anybody, and a bonded market itself, tells the desk.

use num_traits::{Signed, Zero};

use super::record::Judged;
use super::{Announced, Bonded, Desk, Quarantine, Shown, DESK};
use crate::bank::SDUSD;
use crate::model::Model;
use crate::number::{ten, unit, Q};
use crate::regime::Regime;
use crate::reserve::RESERVE;
use crate::span::{Holds, Span};
use crate::spot::SPOT;
use crate::verdict::Trial;

/// To the desk.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum DeskMessage {
    /// sdUSD that is a market's bond.
    Open { market: String, bond: Q },
    /// More of it.
    TopUp { market: String, amount: Q },
    /// sdUSD that a market has earned, or gives back.
    PayIn { market: String, amount: Q },
    /// By a market: what it owes.
    Push(Box<Shown>),
    /// Looks at a market.
    Mark { market: String },
    /// By a market: it will draw so much beyond its bond.
    RequestDraw { amount: Q },
    /// By a market: sdUSD for somebody.
    Draw { amount: Q, recipient: String, accepted: Q },
    /// By guardian or owner.
    Quarantine { market: String },
    /// By the owner: what a market in quarantine is owed.
    Resolve { market: String, claim: Q },
    /// Ends a market, or begins to.
    Close { market: String },
    /// Of a market that the pool has come to list.
    Graduate { market: String },
    /// What is there above the book.
    Sweep,
}

impl Model {
    pub(crate) fn desk_message(
        &mut self,
        trial: &mut Trial,
        now: u64,
        sender: &str,
        message: &DeskMessage,
    ) -> Option<()> {
        trial.must("desk", self.desk.is_some())?;
        match message {
            DeskMessage::Open { market, bond } => self.open_bonded(trial, now, sender, market, bond),
            DeskMessage::TopUp { market, amount } => self.top_up(trial, sender, market, amount),
            DeskMessage::PayIn { market, amount } => {
                self.comes(trial, sender, amount)?;
                let own = self.bonded(trial, market)?;
                own.paid_in = &own.paid_in + &Span::exact(amount.clone());
                Some(())
            }
            DeskMessage::Push(shown) => self.push(trial, now, sender, shown),
            DeskMessage::Mark { market } => self.mark(trial, now, market),
            DeskMessage::RequestDraw { amount } => self.announce(trial, now, sender, amount),
            DeskMessage::Draw { amount, recipient, accepted } => {
                self.draw_of_bonded(trial, now, sender, amount, (recipient, accepted))
            }
            DeskMessage::Quarantine { market } => {
                let config = &self.desk.as_ref()?.config;
                let may = config.owner == sender || config.guardian.as_deref() == Some(sender);
                trial.must("E0103", may)?;
                self.believed(trial, market)?.doubt(now, 1020);
                Some(())
            }
            DeskMessage::Resolve { market, claim } => self.resolve(trial, now, sender, market, claim),
            DeskMessage::Close { market } => self.close_bonded(trial, now, sender, market),
            DeskMessage::Graduate { market } => self.graduate(trial, market),
            DeskMessage::Sweep => {
                let desk = self.desk.as_mut()?;
                let found = self.bank.balance(SDUSD, DESK) - &desk.held;
                trial.must("E0322", found.low().is_positive())?;
                desk.held = &desk.held + &found;
                desk.fees = &desk.fees + &found;
                Some(())
            }
        }
    }

    /// A contract of others that does as it is told: shows these bytes from now on, and sends messages to the desk, all of them or none.
    pub(crate) fn act(
        &mut self,
        trial: &mut Trial,
        now: u64,
        (contract, show): (&str, Option<&Shown>),
        sends: &[DeskMessage],
    ) -> Option<()> {
        trial.must("desk", self.desk.is_some())?;
        if let Some(shown) = show {
            let _ = self.desk.as_mut()?.shows.insert(contract.into(), shown.clone());
        }
        for message in sends {
            self.desk_message(trial, now, contract, message)?;
        }
        Some(())
    }

    /// sdUSD comes, and the book has it.
    fn comes(&mut self, trial: &mut Trial, payer: &str, amount: &Q) -> Option<()> {
        trial.must("E0005", amount.is_positive())?;
        trial.must("E0004", *amount <= ten(21))?;
        let amount = Span::exact(amount.clone());
        self.bank.send(trial, SDUSD, payer, DESK, &amount);
        let desk = self.desk.as_mut()?;
        desk.held = &desk.held + &amount;
        Some(())
    }

    pub(super) fn bonded(&mut self, trial: &mut Trial, market: &str) -> Option<&mut Bonded> {
        let own = self.desk.as_mut()?.markets.iter_mut().find(|own| own.market == market);
        trial.must("E1001", own.is_some())?;
        own
    }

    /// One that is not in quarantine.
    pub(super) fn believed(&mut self, trial: &mut Trial, market: &str) -> Option<&mut Bonded> {
        let own = self.bonded(trial, market)?;
        trial.must("E1006", own.quarantine.is_none())?;
        Some(own)
    }

    fn credit_for(desk: &Desk, bond: &Q) -> Span {
        Span::exact(bond * &desk.config.multiple).cut(&unit())
    }

    fn open_bonded(
        &mut self,
        trial: &mut Trial,
        now: u64,
        opener: &str,
        market: &str,
        bond: &Q,
    ) -> Option<()> {
        self.comes(trial, opener, bond)?;
        let listed = self.markets.iter().any(|own| own.name == market) || [SPOT, RESERVE].contains(&market);
        let listed = listed || self.approved.iter().any(|own| own == market);
        let desk = self.desk.as_mut()?;
        let foreign = desk.config.contracts.iter().any(|name| name == market);
        trial.must("E1005", listed || foreign)?;
        let bonded = desk.markets.iter().any(|own| own.market == market);
        trial.must("E0009", !listed && !bonded)?;
        trial.must("E1002", *bond >= desk.config.minimum_bond)?;
        trial.must("E0010", desk.markets.len() < desk.config.slots)?;
        let credit = Self::credit_for(desk, bond);
        desk.markets.push(Bonded {
            market: market.into(),
            opener: opener.into(),
            bond: Span::exact(bond.clone()),
            credit,
            paid_out: Span::zero(),
            paid_in: Span::zero(),
            claim: Span::zero(),
            pushed: None,
            pushed_at: now,
            announced: None,
            closing: None,
            quarantine: None,
        });
        self.has_room(trial)
    }

    fn top_up(&mut self, trial: &mut Trial, payer: &str, market: &str, amount: &Q) -> Option<()> {
        self.comes(trial, payer, amount)?;
        let more = Self::credit_for(self.desk.as_ref()?, amount);
        let own = self.believed(trial, market)?;
        trial.must("E1011", own.closing.is_none())?;
        own.bond = &own.bond + &Span::exact(amount.clone());
        own.credit = &own.credit + &more;
        self.has_room(trial)
    }

    /// Nothing of the credit grows unless all is well, beyond its cap, or beyond what the desk's line can bear.
    fn has_room(&mut self, trial: &mut Trial) -> Option<()> {
        trial.must("E0328", self.pool.watch.trip.regime == Regime::Normal)?;
        let line = self.pool.markets[self.place_of_desk()].line.clone();
        let cap = self.bonded_cap();
        let desk = self.desk.as_ref()?;
        trial.at_least("E1003", &cap, &desk.sum(|own| own.credit.clone()));
        trial.at_least("E1004", &line, &(desk.results() + desk.sum(Bonded::at_risk)));
        Some(())
    }

    /// Which of several reasons is named is the desk's choice.
    fn named(&self, reasons: &[u16]) -> u16 {
        let told = self.hints.quarantined.filter(|code| reasons.contains(code));
        told.or(reasons.first().copied()).unwrap_or_default()
    }

    fn push(&mut self, trial: &mut Trial, now: u64, sender: &str, shown: &Shown) -> Option<()> {
        let own = self.believed(trial, sender)?.clone();
        match self.judge_push(now, &own, shown) {
            Judged::Believed(claim) => {
                let record = shown.record.clone()?;
                let own = self.bonded(trial, sender)?;
                if !claim.is_zero() || !record.owes_nothing(now) {
                    own.closing = None;
                }
                own.claim = claim;
                own.pushed = Some(record);
                own.pushed_at = now;
            }
            Judged::Lies(reasons) => {
                let code = self.named(&reasons);
                self.bonded(trial, sender)?.doubt(now, code);
            }
            Judged::NotNow(reasons) => self.not_now(trial, now, sender, &reasons)?,
        }
        Some(())
    }

    fn mark(&mut self, trial: &mut Trial, now: u64, market: &str) -> Option<()> {
        let own = self.believed(trial, market)?.clone();
        match self.judge_mark(now, self.desk.as_ref()?, &own) {
            Judged::Believed(claim) => {
                let own = self.bonded(trial, market)?;
                if !claim.is_zero() {
                    // one that closes must not owe anything again
                    own.closing = None;
                }
                own.claim = claim;
            }
            Judged::Lies(reasons) => {
                let code = self.named(&reasons);
                self.bonded(trial, market)?.doubt(now, code);
            }
            Judged::NotNow(reasons) => self.not_now(trial, now, market, &reasons)?,
        }
        Some(())
    }

    /// A missing price is no lie; where there is one too, either may be said.
    fn not_now(&mut self, trial: &mut Trial, now: u64, market: &str, reasons: &[u16]) -> Option<()> {
        trial.note("E0206", if reasons.is_empty() { Holds::No } else { Holds::Unsure });
        let code = self.named(reasons);
        self.bonded(trial, market)?.doubt(now, code);
        Some(())
    }

    /// What was announced anew and is no more than what stands keeps its time.
    fn announce(&mut self, trial: &mut Trial, now: u64, sender: &str, amount: &Q) -> Option<()> {
        let delay = self.desk.as_ref()?.config.draw_delay;
        let own = self.believed(trial, sender)?;
        trial.at_least("E1008", &own.at_risk(), &Span::exact(amount.clone()));
        let stands = own.announced.take().filter(|old| *amount <= old.amount && now <= old.lapses_at(delay));
        let since = stands.map_or(now, |old| old.since);
        own.announced = (!amount.is_zero()).then(|| Announced { amount: amount.clone(), since });
        Some(())
    }

    fn resolve(&mut self, trial: &mut Trial, now: u64, sender: &str, market: &str, claim: &Q) -> Option<()> {
        trial.must("E0101", self.desk.as_ref()?.config.owner == sender)?;
        let own = self.bonded(trial, market)?;
        let open = own.quarantine.as_mut().filter(|quarantine| quarantine.resolved.is_none());
        trial.must("E1007", open.is_some())?;
        open?.resolved = Some(now);
        own.claim = Span::exact(claim.clone());
        trial.at_least("E1008", &own.credit, &own.claim);
        trial.at_least("E1008", &own.credit, &own.cost());
        Some(())
    }
}

impl Bonded {
    /// Nothing of it is believed from now on; its claim stays.
    pub(super) fn doubt(&mut self, now: u64, code: u16) {
        self.quarantine = Some(Quarantine { code, since: now, resolved: None });
        self.announced = None;
        self.closing = None;
    }
}
