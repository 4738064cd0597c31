//! One sequence: numbers from proptest, steps chosen by them, and the shortest one that still fails.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::choose::{choose, Dice};
use crate::coverage::Coverage;
use crate::step::{Does, Says, Step, Told, Tweak, Who};
use crate::twin::{Place, Twin};

/// Providers, traders and margins, before anything else happens in most sequences.
pub const BEGINNING: &[Step] = &[
    Step::Prices {
        by: 0b011,
        prices: [10_123_456_789_012_345_678, 2_000_000_000_000_000_000_001, 30_000_500_000_000_000_000_000],
        confidences: [1_000_000_000_000_000, 500_000_000_000_000, 0],
        ppm: 0,
        age: 0,
    },
    Step::Deposit { who: "anna", vault: 0, amount: 16_000_000_000, owner: None },
    Step::Deposit { who: "bert", vault: 1, amount: 60_000_000_000_000_000_000, owner: None },
    Step::Deposit { who: "cleo", vault: 2, amount: 800_000_000_001, owner: None },
    Step::Deposit { who: "cleo", vault: 0, amount: 2_000_000_000, owner: None },
    Step::Mint { who: "anna", vault: 0, amount: 78_000_000_000, to: None },
    Step::Mint { who: "bert", vault: 1, amount: 58_000_000_000, to: Some("tina") },
    Step::Mint { who: "cleo", vault: 2, amount: 34_000_000_000, to: None },
    Step::Transfer { who: "tina", token: "sdusd", to: "bert", amount: 30_000_000_000 },
    Step::Transfer { who: "anna", token: "sdusd", to: "theo", amount: 12_000_000_000 },
    Step::Transfer { who: "cleo", token: "sdusd", to: "tara", amount: 8_000_000_000 },
    Step::DepositMargin { who: "tina", market: 0, account: 0, amount: 6_000_000_000, owner: None },
    Step::DepositMargin { who: "theo", market: 0, account: 0, amount: 4_000_000_001, owner: None },
    Step::DepositMargin { who: "tara", market: 1, account: 0, amount: 3_000_000_000, owner: None },
    Step::Wait(7),
];

/// One provider with more debt than the collateral can fall far with, and traders on both sides: what happens when nobody
/// provides any more.
pub const ALONE: &[Step] = &[
    Step::Configure { who: "olga", tweak: Tweak::Line { market: 0, usd: 9_000 } },
    Step::Configure { who: "gina", tweak: Tweak::Line { market: 1, usd: 3_000 } },
    Step::Configure { who: "gina", tweak: Tweak::Line { market: 2, usd: 0 } },
    Step::Configure { who: "gina", tweak: Tweak::Line { market: 4, usd: 0 } },
    BEGINNING[0],
    Step::Deposit { who: "anna", vault: 0, amount: 4_000_000_000, owner: None },
    Step::Mint { who: "anna", vault: 0, amount: 19_500_000_000, to: None },
    Step::Transfer { who: "anna", token: "sdusd", to: "tina", amount: 6_000_000_000 },
    Step::Transfer { who: "anna", token: "sdusd", to: "theo", amount: 5_000_000_000 },
    Step::DepositMargin { who: "tina", market: 0, account: 0, amount: 5_000_000_000, owner: None },
    Step::DepositMargin { who: "theo", market: 0, account: 0, amount: 4_000_000_000, owner: None },
    Step::Commit {
        who: "tina",
        market: 0,
        account: 0,
        perp: 0,
        size: 20_000_000_000_000_000_001,
        limit: None,
        expires_in: None,
    },
    Step::Commit {
        who: "theo",
        market: 0,
        account: 0,
        perp: 1,
        size: -1_234_567_890_123_456_789,
        limit: None,
        expires_in: None,
    },
    Step::Wait(7),
    BEGINNING[0],
    Step::Settle { who: "kira", market: 0, perp: 0, limit: 1 },
    Step::Settle { who: "kira", market: 0, perp: 1, limit: 1 },
];

/// [`BEGINNING`], and then a crash that leaves more than anybody takes: two lots of notes are sold, a third one is on auction.
pub const SOLD: &[Step] = &[
    Step::Commit {
        who: "tina",
        market: 0,
        account: 0,
        perp: 0,
        size: 12_000_000_000_000_000_000,
        limit: None,
        expires_in: None,
    },
    Step::Wait(10),
    eth_at(2_000),
    Step::Settle { who: "kurt", market: 0, perp: 0, limit: 10 },
    Step::Wait(1),
    eth_at(1_200),
    Step::Liquidate { who: "kira", market: 0, accounts: [Some(("tina", 0)), None, None] },
    Step::Sync { who: "kira" },
    Step::StartNotes { who: "kira" },
    Step::StartNotes { who: "kurt" },
    Step::StartNotes { who: "kira" },
    Step::Bid { who: "anna", auction: 1, payment: 30_000_001, claim: 40_000_001 },
    Step::Bid { who: "bert", auction: 1, payment: 31_000_000, claim: 37_500_000 },
    Step::Bid { who: "cleo", auction: 2, payment: 30_000_001, claim: 40_000_000 },
    Step::Wait(15),
    eth_at(1_200),
    Step::SettleNotes { who: "kira", auction: 1 },
    Step::SettleNotes { who: "kurt", auction: 2 },
    Step::Sync { who: "kira" },
];

/// [`BEGINNING`], and then two markets that somebody has opened: one owes something and wants to draw beyond its bond, the other owes nothing.
pub const BONDED: &[Step] = &[
    Step::Bond { who: "anna", market: "rain", amount: 900_000_001 },
    Step::Bond { who: "bert", market: "snow", amount: 500_000_000 },
    owes("rain", 300_000_000),
    owes("snow", 0),
    Step::Act {
        who: "sven",
        market: "rain",
        show: None,
        sends: [Some(Does::Announce(700_000_000)), None, None],
    },
];

const fn owes(market: Who, base: i128) -> Step {
    let told = Told {
        age: 0,
        base,
        drawn: 0,
        fees: 0,
        shortfalls: 0,
        open_positions: 0,
        linear: 0,
        quantities: [None; 2],
        behind: 0,
    };
    let says = Says::Owes(told);
    Step::Act { who: "sven", market, show: Some(says), sends: [Some(Does::Push(says)), None, None] }
}

/// The others where they began.
const fn eth_at(usd: u128) -> Step {
    let prices =
        [10_123_456_789_012_345_678, usd * 1_000_000_000_000_000_000, 30_000_500_000_000_000_000_000];
    Step::Prices { by: 0b011, prices, confidences: [0; 3], ppm: 0, age: 0 }
}

/// Where a sequence begins.
#[derive(Clone, Copy, Debug)]
pub enum From {
    /// A chain that has only been deployed.
    Nothing,
    /// After [`BEGINNING`].
    Beginning,
    /// After [`ALONE`].
    Alone,
    /// After [`SOLD`].
    Sold,
    /// After [`BONDED`].
    Bonded,
}

pub struct Runner {
    twin: Twin,
    nothing: Place,
    beginning: Place,
    alone: Place,
    sold: Place,
    bonded: Place,
}

impl Runner {
    pub fn new() -> Self {
        let mut twin = Twin::new();
        let nothing = twin.place();
        let mut after = |steps: &[Step]| {
            twin.go_to(&nothing);
            for step in steps {
                twin.run(step).unwrap_or_else(|error| panic!("{step:?}: {error}"));
            }
            twin.place()
        };
        let (beginning, alone) = (after(BEGINNING), after(ALONE));
        let sold = after(&[BEGINNING, SOLD].concat());
        let bonded = after(&[BEGINNING, BONDED].concat());
        twin.coverage = Coverage::default();
        Self { twin, nothing, beginning, alone, sold, bonded }
    }

    pub fn coverage(self) -> Coverage {
        self.twin.coverage
    }

    fn begin(&mut self, from: From) {
        self.twin.go_to(match from {
            From::Nothing => &self.nothing,
            From::Beginning => &self.beginning,
            From::Alone => &self.alone,
            From::Sold => &self.sold,
            From::Bonded => &self.bonded,
        });
    }

    /// Sequence number `n` of a seed; the error is a report with the shortest steps that fail in the same way.
    pub fn sequence(&mut self, seed: u64, n: u64, length: u64) -> Result<(), String> {
        let from = match n % 10 {
            9 => From::Nothing,
            7 | 8 => From::Alone,
            5 | 6 => From::Sold,
            3 | 4 => From::Bonded,
            _ => From::Beginning,
        };
        self.begin(from);
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..16].copy_from_slice(&n.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let length = usize::try_from(length).unwrap();
        let numbers =
            prop::collection::vec(any::<u64>(), 2 * length).new_tree(&mut runner).unwrap().current();
        let (mut done, mut messages) = (Vec::new(), 0);
        for number in numbers {
            for step in choose(&self.twin, &mut Dice(number)) {
                done.push(step);
                messages += usize::from(step.is_message());
                if let Err(error) = self.twin.run(&step) {
                    let coverage = self.twin.coverage.clone();
                    let (steps, error) = self.shorten(from, done, error);
                    self.twin.coverage = coverage;
                    return Err(report(seed, n, from, &steps, &error));
                }
            }
            if messages >= length {
                break;
            }
        }
        Ok(())
    }

    /// Where these steps fail, and how. A step that can't be done at all any more is left out.
    pub fn replay(&mut self, from: From, steps: &[Step]) -> Option<(usize, String)> {
        self.begin(from);
        for (n, step) in steps.iter().enumerate() {
            if let Err(error) = self.twin.run(step) {
                return Some((n, error));
            }
        }
        None
    }

    /// Leaves out as much as possible: halves, quarters, … single steps, as long as what is left still fails in the same
    /// way.
    fn shorten(&mut self, from: From, mut steps: Vec<Step>, mut error: String) -> (Vec<Step>, String) {
        let kind = |error: &str| error.split([':', ',']).next().unwrap_or_default().to_string();
        let same = kind(&error);
        let mut chunk = steps.len().div_ceil(2);
        loop {
            let mut at = 0;
            let mut shorter = false;
            while at < steps.len() {
                let mut tried = steps.clone();
                tried.drain(at..(at + chunk).min(steps.len()));
                match self.replay(from, &tried) {
                    Some((n, found)) if kind(&found) == same => {
                        tried.truncate(n + 1);
                        (steps, error) = (tried, found);
                        shorter = true;
                    }
                    _ => at += chunk,
                }
            }
            if chunk > 1 {
                chunk = chunk.div_ceil(2);
            } else if !shorter {
                return (steps, error);
            }
        }
    }
}

fn report(seed: u64, n: u64, from: From, steps: &[Step], error: &str) -> String {
    let lines: Vec<_> = steps.iter().map(|step| format!("            Step::{step:?},")).collect();
    format!(
        "seed {seed}, sequence {n}:\n{error}\n\n#[test]\nfn name_it() {{\n    replay(\n        From::{from:?},\n        \
         &[\n{}\n        ],\n    );\n}}\n",
        lines.join("\n").replace("tweak: ", "tweak: Tweak::")
    )
}
