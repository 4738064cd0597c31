//! What providers do with their positions, by temper.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// How close to the edge somebody lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temper {
    /// Mints little and watches.
    Careful,
    /// Mints some and keeps the ratio within a band.
    Steady,
    /// Mints as much as there is, again and again, and never repays.
    Bold,
}

impl Temper {
    /// All of them, as tables list them.
    pub const ALL: [Self; 3] = [Self::Careful, Self::Steady, Self::Bold];

    /// The group's name.
    pub fn group(self) -> &'static str {
        match self {
            Self::Careful => "Careful providers",
            Self::Steady => "Steady providers",
            Self::Bold => "Bold providers",
        }
    }

    /// Beginning of its people's names.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Careful => "careful",
            Self::Steady => "steady",
            Self::Bold => "bold",
        }
    }
}

/// A provider with one position.
#[derive(Debug, Clone)]
pub struct Provider {
    /// In the address book.
    pub name: String,
    /// On the chain.
    pub address: String,
    /// How close to the edge.
    pub temper: Temper,
    /// Number of the vault.
    pub vault: usize,
    /// All that was given at the start, whole tokens.
    pub tokens: f64,
    /// Of it, what is not put in at first, a part.
    pub spare: f64,
    /// Collateral per debt that is aimed at, a multiple of the issuance ratio.
    pub aim: f64,
    /// Chance to look at a bar.
    pub attention: f64,
    /// Whether he repays with USDC, through the par reserve, what his own sdUSD does not.
    pub dollars: bool,
    /// Bar of the first deposit; 0 is before the first bar.
    pub joins: usize,
    /// Bar from which on leaving is wanted.
    pub leaves: Option<usize>,
    /// How far that has come.
    pub exit: Exit,
}

/// How far somebody who leaves has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Exit {
    /// Stays.
    #[default]
    None,
    /// Asked; can be executed from this time on.
    Asked(u64),
    /// Has been paid out, or has nothing left.
    Gone,
}

/// The ratios of a vault.
#[derive(Debug, Clone, Copy)]
pub struct Ratios {
    /// Required after a mint or an exit.
    pub issuance: f64,
    /// Below it a position is seized.
    pub liquidation: f64,
}

/// A position in USD.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Holding {
    /// Of the collateral.
    pub value: f64,
    /// What is owed.
    pub debt: f64,
}

/// What a provider does about a position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Act {
    /// Leave it.
    Nothing,
    /// Mint so many USD.
    Mint(f64),
    /// Burn so many USD.
    Repay(f64),
    /// Put in what is spare.
    Add,
    /// Repay everything and ask for the collateral.
    Leave,
}

impl Provider {
    /// What to do at a bar.
    pub fn acts(&self, bar: usize, holding: Holding, ratios: Ratios, rng: &mut ChaCha8Rng) -> Act {
        if self.exit != Exit::None || rng.gen::<f64>() >= self.attention {
            return Act::Nothing;
        }
        if self.leaves.is_some_and(|leaves| bar >= leaves) {
            return Act::Leave;
        }
        let aim = self.aim * ratios.issuance;
        let ratio = if holding.debt > 0.0 { holding.value / holding.debt } else { f64::INFINITY };
        let debt_at_aim = holding.value / aim;
        let (low, high) = match self.temper {
            Temper::Careful => (0.7, 1.6),
            Temper::Steady => (0.85, 1.25),
            Temper::Bold => (0.0, 1.01),
        };
        if ratio > high * aim {
            return Act::Mint(debt_at_aim - holding.debt);
        }
        if ratio < low * aim {
            return Act::Repay(holding.debt - debt_at_aim);
        }
        let in_danger = ratio < ratios.liquidation * 1.05;
        if self.temper == Temper::Bold && in_danger && self.spare > 0.0 {
            return Act::Add;
        }
        Act::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    const RATIOS: Ratios = Ratios { issuance: 2.5, liquidation: 2.0 };

    fn provider(temper: Temper, aim: f64) -> Provider {
        Provider {
            name: "x".into(),
            address: "x".into(),
            temper,
            vault: 0,
            tokens: 1.0,
            spare: 0.2,
            aim,
            attention: 1.0,
            dollars: false,
            joins: 0,
            leaves: None,
            exit: Exit::None,
        }
    }

    fn at(provider: &Provider, debt: f64) -> Act {
        let holding = Holding { value: 10_000.0, debt };
        provider.acts(5, holding, RATIOS, &mut ChaCha8Rng::seed_from_u64(1))
    }

    #[test]
    fn a_steady_provider_goes_back_to_the_aim_from_either_side() {
        // aims at 4: a debt of 2,500
        let steady = provider(Temper::Steady, 1.6);
        assert_eq!(at(&steady, 1_900.0), Act::Mint(600.0));
        assert_eq!(at(&steady, 2_500.0), Act::Nothing);
        assert_eq!(at(&steady, 3_000.0), Act::Repay(500.0));
    }

    #[test]
    fn a_bold_provider_mints_to_the_edge_and_repays_nothing() {
        let bold = provider(Temper::Bold, 1.0);
        assert_eq!(at(&bold, 3_200.0), Act::Mint(800.0));
        assert_eq!(at(&bold, 4_500.0), Act::Nothing);
        assert_eq!(at(&bold, 4_900.0), Act::Add);
        assert_eq!(at(&Provider { spare: 0.0, ..bold }, 4_900.0), Act::Nothing);
    }

    #[test]
    fn who_wants_to_leave_does_so_once() {
        let mut leaving = Provider { leaves: Some(5), ..provider(Temper::Careful, 3.0) };
        assert_eq!(at(&leaving, 1_000.0), Act::Leave);
        leaving.exit = Exit::Asked(9);
        assert_eq!(at(&leaving, 1_000.0), Act::Nothing);
    }
}
