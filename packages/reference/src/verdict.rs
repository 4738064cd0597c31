//! What the model says to a message: every condition that it tests, with both sides.

use crate::span::{Holds, Span};

/// Code of a refusal by a token or the bank: not enough there.
pub const NO_FUNDS: &str = "funds";

/// One condition of a message.
#[derive(Clone, Debug)]
pub struct Test {
    /// Code of the refusal where it does not hold.
    pub code: &'static str,
    /// Whether it holds.
    pub holds: Holds,
    /// Both sides, where it compares numbers.
    pub sides: Option<(Span, Span)>,
}

/// All conditions of a message in the order of the model. Which of several broken ones a contract names is its choice.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// What was tested. Conditions that depend on a broken one are not reached.
    pub tests: Vec<Test>,
}

impl Trial {
    /// Whether a contract has to refuse.
    pub fn must_refuse(&self) -> bool {
        self.tests.iter().any(|test| test.holds == Holds::No)
    }

    /// Whether a contract may refuse: something is broken, or within the rounding of its bound.
    pub fn may_refuse(&self) -> bool {
        self.tests.iter().any(|test| test.holds != Holds::Yes)
    }

    /// The codes with which a contract may refuse.
    pub fn codes(&self) -> Vec<&'static str> {
        self.tests.iter().filter(|test| test.holds != Holds::Yes).map(|test| test.code).collect()
    }

    /// A condition without which the rest makes no sense.
    pub(crate) fn must(&mut self, code: &'static str, holds: bool) -> Option<()> {
        self.tests.push(Test { code, holds: holds.into(), sides: None });
        holds.then_some(())
    }

    /// `left ≥ right`.
    pub(crate) fn at_least(&mut self, code: &'static str, left: &Span, right: &Span) {
        let holds = left.at_least(right);
        self.tests.push(Test { code, holds, sides: Some((left.clone(), right.clone())) });
    }

    /// `left < right`.
    pub(crate) fn below(&mut self, code: &'static str, left: &Span, right: &Span) {
        let holds = left.below(right);
        self.tests.push(Test { code, holds, sides: Some((left.clone(), right.clone())) });
    }

    /// A condition that does not end the trial.
    pub(crate) fn note(&mut self, code: &'static str, holds: Holds) {
        self.tests.push(Test { code, holds, sides: None });
    }
}
