//! Who takes part: providers, traders, holders of synthetics and keepers, drawn from a seed.

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sdp_types::units::DAY;

use super::holders::{Held, Holder, Plan};
use super::num::place;
use super::providers::{Exit, Provider, Temper};
use super::traders::{Habit, Seen, Trader};
use super::universe::Universe;
use super::world::{first_price, POOL};

/// What all traders together begin with, a part of W.
const STAKES: f64 = 0.15;
/// What all holders of synthetics together begin with, a part of W.
const HOLDINGS: f64 = 0.03;
/// One holder for so many traders.
const TRADERS: u32 = 10;
/// How often a trader looks at the market, on average and if there are so many bars.
const LOOKS: f64 = 160.0;
/// sdUSD that a keeper buys to bid with, a part of W.
const BIDS: f64 = 0.02;

/// Who settles, samples, liquidates and bids.
#[derive(Debug, Clone)]
pub struct Keeper {
    /// In the address book.
    pub name: String,
    /// On the chain.
    pub address: String,
    /// sdUSD that it wants to have for bids, USD.
    pub capital: f64,
    /// Least profit of a bid, a part of what it pays.
    pub edge: f64,
}

/// Everybody.
#[derive(Debug, Clone)]
pub struct Population {
    /// Who puts collateral in.
    pub providers: Vec<Provider>,
    /// Who trades.
    pub traders: Vec<Trader>,
    /// Who holds synthetics.
    pub holders: Vec<Holder>,
    /// Who keeps it running.
    pub keepers: Vec<Keeper>,
}

impl Population {
    /// So many providers and traders, a holder of synthetics for every ten of these, and four keepers.
    pub fn new(universe: &Universe, providers: u32, traders: u32, seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let edges = [0.005, 0.01, 0.015, 0.02];
        let keeper = |(n, edge): (usize, &f64)| Keeper {
            name: format!("keeper-{}", n + 1),
            address: String::new(),
            capital: BIDS * POOL,
            edge: *edge,
        };
        let (people, count) =
            (draw_providers(universe, providers as usize, &mut rng), traders.div_ceil(TRADERS));
        Self {
            providers: people,
            traders: draw_traders(universe, traders as usize, &mut rng),
            holders: draw_holders(universe, count as usize, &mut rng),
            keepers: edges.iter().enumerate().map(keeper).collect(),
        }
    }
}

/// Few are large: between 0.4 and 1.6, one in ten four times that.
fn weight(rng: &mut ChaCha8Rng) -> f64 {
    let usual = rng.gen_range(0.4..1.6);
    if rng.gen::<f64>() < 0.1 {
        4.0 * usual
    } else {
        usual
    }
}

fn draw_providers(universe: &Universe, count: usize, rng: &mut ChaCha8Rng) -> Vec<Provider> {
    let weights: Vec<f64> = (0..count).map(|_| weight(rng)).collect();
    let all: f64 = weights.iter().sum();
    let bars = universe.bars().len();
    let days_a_bar = universe.series.step as f64 / DAY as f64;
    let draw = |(n, weight): (usize, &f64)| {
        // three careful, three steady and four bold ones in ten, spread over all vaults
        let temper = match (n / universe.collaterals.len()) % 10 {
            0 | 4 | 7 => Temper::Careful,
            1 | 5 | 8 => Temper::Steady,
            _ => Temper::Bold,
        };
        let vault = n % universe.collaterals.len();
        let asset = universe.collaterals.get(vault).copied().unwrap_or_default();
        let (aims, looks_a_day) = match temper {
            Temper::Careful => (2.0..3.6, 1.0),
            Temper::Steady => (1.25..1.8, 6.0),
            Temper::Bold => (1.002..1.02, 6.0),
        };
        let joins = if rng.gen::<f64>() < 0.08 { place(rng.gen_range(0.05..0.6) * bars as f64) } else { 0 };
        let leaves = rng.gen::<f64>() < 0.15 && temper != Temper::Bold;
        Provider {
            name: format!("{}-{}", temper.prefix(), n + 1),
            address: String::new(),
            temper,
            vault,
            tokens: weight / all * POOL / first_price(universe, asset),
            // most bold ones are all in
            spare: if temper == Temper::Bold && rng.gen::<f64>() < 0.7 {
                0.0
            } else {
                rng.gen_range(0.05..0.25)
            },
            aim: rng.gen_range(aims),
            attention: (looks_a_day * days_a_bar).min(1.0),
            dollars: n % 3 == 1,
            joins,
            leaves: leaves.then(|| place(rng.gen_range(0.15..0.8) * bars as f64).max(joins + 1)),
            exit: Exit::None,
        }
    };
    weights.iter().enumerate().map(draw).collect()
}

/// Their share of all stakes.
fn share(habit: Habit) -> f64 {
    match habit {
        Habit::Trend => 0.3,
        Habit::Reversion => 0.25,
        Habit::Hedge => 0.35,
        Habit::Gamble => 0.1,
    }
}

fn draw_traders(universe: &Universe, count: usize, rng: &mut ChaCha8Rng) -> Vec<Trader> {
    let activity = (LOOKS / universe.bars().len().max(1) as f64).clamp(0.02, 0.7);
    let mut traders: Vec<Trader> =
        (0..count).map(|n| trader(universe, n, activity * rng.gen_range(0.5..1.5), rng)).collect();
    for habit in Habit::ALL {
        let members = traders.iter_mut().filter(|trader| trader.habit == habit);
        let all: f64 = members.map(|trader| trader.stake).sum();
        for trader in traders.iter_mut().filter(|trader| trader.habit == habit) {
            let stake = trader.stake / all * share(habit) * STAKES * POOL;
            trader.reserve *= stake / trader.stake;
            trader.stake = stake;
        }
    }
    traders
}

fn trader(universe: &Universe, n: usize, activity: f64, rng: &mut ChaCha8Rng) -> Trader {
    let habit = match n % 20 {
        0 | 4 | 8 | 11 | 14 | 17 => Habit::Trend,
        1 | 5 | 9 | 12 | 15 => Habit::Reversion,
        2 | 7 | 13 => Habit::Hedge,
        _ => Habit::Gamble,
    };
    let mut perps: Vec<usize> = (0..universe.perps.len()).collect();
    perps.shuffle(rng);
    perps.truncate(if habit == Habit::Gamble { 1 } else { rng.gen_range(1..=2) });
    let stake = weight(rng);
    let (leverage, threshold, reserves) = match habit {
        Habit::Trend => (rng.gen_range(1.0..6.0), rng.gen_range(0.3..1.0), 0.5),
        Habit::Reversion => (rng.gen_range(1.0..5.0), rng.gen_range(0.8..1.8), 0.5),
        Habit::Hedge => (rng.gen_range(1.5..4.0), rng.gen_range(0.0005..0.008), 1.0),
        Habit::Gamble => (rng.gen_range(0.85..0.98), 0.0, 3.0),
    };
    let lookback = match habit {
        Habit::Trend => rng.gen_range(3..=48),
        Habit::Reversion => rng.gen_range(2..=12),
        Habit::Hedge | Habit::Gamble => 1,
    };
    Trader {
        name: format!("{}-{}", habit.prefix(), n + 1),
        address: String::new(),
        habit,
        // a sub-account now and then
        account: u16::from(n % 7 == 3),
        perps,
        stake,
        reserve: stake * rng.gen_range(0.0..reserves),
        leverage,
        lookback: lookback.min(universe.warm_up.saturating_sub(2).max(1)),
        threshold,
        patience: rng.gen_range(0.02..0.3),
        appetite: rng.gen_range(0.03..0.1),
        activity,
        dollars: n % 6 == 5,
        seen: Seen::default(),
        paid_in: 0.0,
    }
}

fn draw_holders(universe: &Universe, count: usize, rng: &mut ChaCha8Rng) -> Vec<Holder> {
    let weights: Vec<f64> = (0..count).map(|_| weight(rng)).collect();
    let all: f64 = weights.iter().sum();
    let bars = universe.bars().len();
    let draw = |(n, weight): (usize, &f64)| {
        let plan = Plan::ALL.get(n % Plan::ALL.len()).copied().unwrap_or(Plan::Hold);
        Holder {
            name: format!("{}-{}", plan.prefix(), n + 1),
            address: String::new(),
            plan,
            synthetic: n / Plan::ALL.len() % universe.perps.len().max(1),
            stake: weight / all * HOLDINGS * POOL,
            dollars: n % 2 == 1,
            joins: 1 + place(rng.gen_range(0.0..0.15) * bars as f64),
            fall: rng.gen_range(0.08..0.2),
            rise: rng.gen_range(0.08..0.2),
            seen: Held::default(),
            wants: false,
            extreme: 0.0,
        }
    };
    weights.iter().enumerate().map(draw).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sdp_prices::Series;

    fn everybody(seed: u64) -> Population {
        Population::new(&Universe::new(&Series::built_in().unwrap()).unwrap(), 60, 240, seed)
    }

    #[test]
    fn all_collateral_is_w_and_all_stakes_are_their_part_of_it() {
        let universe = Universe::new(&Series::built_in().unwrap()).unwrap();
        let Population { providers, traders, holders, .. } = everybody(1);
        let value = |provider: &Provider| {
            provider.tokens * first_price(&universe, universe.collaterals[provider.vault])
        };
        let collateral: f64 = providers.iter().map(value).sum();
        let stakes: f64 = traders.iter().map(|trader| trader.stake).sum();
        assert!((collateral / POOL - 1.0).abs() < 1e-9 && (stakes / (STAKES * POOL) - 1.0).abs() < 1e-9);
        let held: f64 = holders.iter().map(|one| one.stake).sum();
        assert!(holders.len() == 24 && (held / (HOLDINGS * POOL) - 1.0).abs() < 1e-9);
        for (plan, synthetic) in Plan::ALL.iter().flat_map(|plan| (0..3).map(move |n| (*plan, n))) {
            assert!(holders.iter().any(|one| one.plan == plan && one.synthetic == synthetic));
        }
        for habit in Habit::ALL {
            assert!(traders.iter().any(|trader| trader.habit == habit));
        }
        for (temper, vault) in Temper::ALL.iter().flat_map(|temper| (0..4).map(move |vault| (*temper, vault)))
        {
            assert!(providers.iter().any(|one| one.temper == temper && one.vault == vault));
        }
    }

    #[test]
    fn the_same_seed_draws_the_same_people() {
        let stakes = |seed| everybody(seed).traders.iter().map(|t| t.stake.to_bits()).collect::<Vec<_>>();
        assert_eq!(stakes(1), stakes(1));
        assert_ne!(stakes(1), stakes(2));
    }
}
