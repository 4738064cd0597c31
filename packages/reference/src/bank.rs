//! Who holds how much of which token.

use std::collections::BTreeMap;

use crate::span::Span;
use crate::verdict::{Trial, NO_FUNDS};

/// Name of the pool's dollar.
pub const SDUSD: &str = "sdusd";
/// Name of the recovery notes.
pub const SDNOTE: &str = "sdnote";

/// All balances, by token and holder.
#[derive(Clone, Debug, Default)]
pub struct Bank {
    pub(crate) balances: BTreeMap<(String, String), Span>,
}

impl Bank {
    /// What somebody holds.
    pub fn balance(&self, token: &str, who: &str) -> Span {
        self.balances.get(&(token.into(), who.into())).cloned().unwrap_or_else(Span::zero)
    }

    /// All of a token.
    pub fn supply(&self, token: &str) -> Span {
        self.balances.iter().filter(|((of, _), _)| of == token).map(|(_, held)| held.clone()).sum()
    }

    /// Adds to a balance.
    pub fn credit(&mut self, token: &str, who: &str, amount: &Span) {
        let balance = self.balance(token, who) + amount;
        self.balances.insert((token.into(), who.into()), balance);
    }

    /// Takes from a balance, whatever is there.
    pub(crate) fn debit(&mut self, token: &str, who: &str, amount: &Span) {
        self.credit(token, who, &-amount);
    }

    /// Moves what a contract or a person surely has.
    pub(crate) fn pay(&mut self, token: &str, from: &str, to: &str, amount: &Span) {
        self.debit(token, from, amount);
        self.credit(token, to, amount);
    }

    /// Moves what a person may not have.
    pub(crate) fn send(&mut self, trial: &mut Trial, token: &str, from: &str, to: &str, amount: &Span) {
        trial.at_least(NO_FUNDS, &self.balance(token, from), amount);
        self.pay(token, from, to, amount);
    }
}
