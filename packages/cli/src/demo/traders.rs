//! What traders want, by habit. A trader sees the closes up to now, the market's funding rate, and the own account; the order
//! that follows fills at the next bar.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use sdp_types::market::AccountResponse;
use sdp_types::Size;

use super::num::{of_signed, of_size, of_usd};

/// Why somebody trades.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    /// Buys what rises and sells what falls.
    Trend,
    /// Sells what rose and buys what fell too fast.
    Reversion,
    /// Takes the side that funding pays, with the other leg somewhere else.
    Hedge,
    /// Any direction, as much leverage as there is.
    Gamble,
}

impl Habit {
    /// All of them, as tables list them.
    pub const ALL: [Self; 4] = [Self::Trend, Self::Reversion, Self::Hedge, Self::Gamble];

    /// The group's name.
    pub fn group(self) -> &'static str {
        match self {
            Self::Trend => "Trend followers",
            Self::Reversion => "Mean reverters",
            Self::Hedge => "Hedgers",
            Self::Gamble => "Gamblers",
        }
    }

    /// Beginning of its people's names.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Trend => "trend",
            Self::Reversion => "mean",
            Self::Hedge => "hedge",
            Self::Gamble => "gambler",
        }
    }
}

/// A trader with one account.
#[derive(Debug, Clone)]
pub struct Trader {
    /// In the address book.
    pub name: String,
    /// On the chain.
    pub address: String,
    /// Why he trades.
    pub habit: Habit,
    /// Number of the account.
    pub account: u16,
    /// Perpetuals that he looks at.
    pub perps: Vec<usize>,
    /// Margin that he begins with, USD.
    pub stake: f64,
    /// What he may still add after losses, USD.
    pub reserve: f64,
    /// Notional ÷ equity that he likes; of gamblers the part of the largest possible.
    pub leverage: f64,
    /// Bars that he looks back.
    pub lookback: usize,
    /// From where on something is worth a trade: in deviations, or of funding a day.
    pub threshold: f64,
    /// Funding a day that he would rather not pay, in standard deviations of a day: then he stays out. Gamblers don't look.
    pub patience: f64,
    /// Part of the others' skew that he takes the other side of, for hedgers.
    pub appetite: f64,
    /// Chance to act at a bar.
    pub activity: f64,
    /// Whether he comes and goes with USDC, through the par reserve.
    pub dollars: bool,
    /// The account as last seen.
    pub seen: Seen,
    /// Margin paid in less taken out, USD.
    pub paid_in: f64,
}

/// An account in floats.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// USD.
    pub equity: f64,
    /// Free to be locked by an order, USD.
    pub available: f64,
    /// Can be taken out, USD.
    pub withdrawable: f64,
    /// Orders that wait.
    pub orders: u32,
    /// By perpetual.
    pub positions: Vec<Size>,
}

impl Seen {
    /// What an answer says.
    pub fn of(account: &AccountResponse, perps: usize) -> Self {
        let mut positions = vec![Size::ZERO; perps];
        for position in &account.positions {
            if let Some(size) = positions.get_mut(usize::from(position.perp)) {
                *size = position.size;
            }
        }
        let tied = of_usd(account.initial_margin) + of_usd(account.locked);
        Self {
            equity: of_signed(account.equity),
            available: of_signed(account.equity_for_opening) - tied,
            withdrawable: of_usd(account.withdrawable),
            orders: account.orders,
            positions,
        }
    }

    /// The position in a perpetual.
    pub fn position(&self, perp: usize) -> Size {
        self.positions.get(perp).copied().unwrap_or_default()
    }
}

/// What everybody sees of a perpetual.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    /// Closes so far, the last one now.
    pub closes: &'a [f64],
    /// Standard deviation of one bar's return, measured on the last bars.
    pub volatility: f64,
    /// Of a day's return.
    pub daily: f64,
    /// What longs will pay until the next bar, per day, as far as one can tell now.
    pub funding: f64,
    /// All longs less all shorts, units.
    pub skew: f64,
    /// Initial margin as a part of the notional.
    pub initial_margin: f64,
    /// Furthest limit from the index.
    pub slippage: f64,
    /// Most that an order locks beside its margin, as a part of the notional.
    pub fee: f64,
}

impl Sight<'_> {
    /// The price now.
    pub fn price(&self) -> f64 {
        self.closes.last().copied().unwrap_or_default()
    }

    /// The return over `bars` in standard deviations of so many bars.
    fn drift(&self, bars: usize) -> f64 {
        let then = self.closes.len().checked_sub(bars + 1).and_then(|at| self.closes.get(at));
        let change = then.map_or(0.0, |then| self.price() / then - 1.0);
        let usual = self.volatility * (bars as f64).sqrt();
        if usual > 0.0 {
            change / usual
        } else {
            0.0
        }
    }
}

/// An order that a trader is about to send.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wish {
    /// Out of the position.
    Close,
    /// A part of the position, at any price: units, signed.
    Reduce(f64),
    /// Units, signed, and the limit as a distance from the index.
    Grow(f64, f64),
}

impl Trader {
    /// Signed notional ÷ equity that he would like to have now; none: leave it.
    pub fn target(&self, sight: &Sight<'_>, position: f64, rng: &mut ChaCha8Rng) -> Option<f64> {
        let lever = self.leverage / self.perps.len().max(1) as f64;
        match self.habit {
            Habit::Trend => {
                let drift = sight.drift(self.lookback);
                let wanted = if drift.abs() < self.threshold { 0.0 } else { drift.clamp(-1.0, 1.0) };
                Some(self.affordable(wanted, sight) * lever)
            }
            Habit::Reversion => {
                let drift = sight.drift(self.lookback);
                match drift.abs() {
                    far if far > self.threshold => {
                        Some(self.affordable(-(drift / 2.0).clamp(-1.0, 1.0), sight) * lever)
                    }
                    far if far < self.threshold / 4.0 => Some(0.0),
                    _ => None,
                }
            }
            Habit::Hedge => {
                let (paid, others) = (sight.funding, sight.skew - position);
                if paid.abs() > self.threshold && paid * others > 0.0 {
                    let notional = -self.appetite * others * sight.price() / self.seen.equity;
                    Some(notional.clamp(-lever, lever))
                } else {
                    // the carry is gone, or it turned against him
                    (paid.abs() < self.threshold / 4.0 || paid * position > 0.0).then_some(0.0)
                }
            }
            Habit::Gamble => {
                if position != 0.0 {
                    return (rng.gen::<f64>() < 0.25).then_some(0.0);
                }
                // three in five go with the last move
                let with = if rng.gen::<f64>() < 0.6 { 1.0 } else { -1.0 };
                let up = if sight.drift(1) >= 0.0 { 1.0 } else { -1.0 };
                Some(with * up * self.leverage / sight.initial_margin)
            }
        }
    }

    /// `wanted`, or nothing where its side pays too much funding.
    fn affordable(&self, wanted: f64, sight: &Sight<'_>) -> f64 {
        if sight.funding * wanted.signum() > self.patience * sight.daily {
            0.0
        } else {
            wanted
        }
    }

    /// The order that goes from the position to the target, as far as the free margin allows; none where it is not worth it.
    pub fn wish(&self, perp: usize, sight: &Sight<'_>, rng: &mut ChaCha8Rng) -> Option<Wish> {
        let (position, price) = (of_size(self.seen.position(perp)), sight.price());
        if price <= 0.0 || self.seen.equity < 20.0 || self.seen.orders > 0 {
            return None;
        }
        let target = self.target(sight, position, rng)? * self.seen.equity / price;
        let change = target - position;
        if change.abs() * price < 0.2 * self.seen.equity.min(self.stake) {
            return None;
        }
        if position != 0.0 && target * position <= 0.0 {
            // first out; the other side is another order
            return Some(Wish::Close);
        }
        if target.abs() < position.abs() {
            return Some(Wish::Reduce(change));
        }
        let slip = sight.slippage.min((3.0 * sight.volatility).max(0.005)) * rng.gen_range(0.5..1.0);
        let cost = price * (1.0 + slip) * (sight.initial_margin + sight.fee) * 1.001;
        let most = 0.999 * self.seen.available.max(0.0) / cost;
        let units = change.abs().min(most);
        (units * price >= 50.0).then_some(Wish::Grow(units * change.signum(), slip))
    }
}

/// Root mean square of the last `bars` returns; 0 without any.
pub fn volatility(closes: &[f64], bars: usize) -> f64 {
    let from = closes.len().saturating_sub(bars + 1);
    let recent = closes.get(from..).unwrap_or_default();
    let squares: f64 = recent.windows(2).map(|pair| (pair[1] / pair[0] - 1.0).powi(2)).sum();
    let count = recent.len().saturating_sub(1).max(1);
    (squares / count as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::num::size;
    use rand::SeedableRng;

    fn trader(habit: Habit) -> Trader {
        Trader {
            name: "x".into(),
            address: "x".into(),
            habit,
            account: 0,
            perps: vec![0],
            stake: 1_000.0,
            reserve: 0.0,
            leverage: if habit == Habit::Gamble { 0.9 } else { 4.0 },
            lookback: 4,
            threshold: if habit == Habit::Hedge { 0.004 } else { 0.5 },
            patience: 0.2,
            appetite: 0.1,
            activity: 1.0,
            dollars: false,
            seen: Seen {
                equity: 1_000.0,
                available: 1_000.0,
                positions: vec![Size::ZERO],
                ..Seen::default()
            },
            paid_in: 1_000.0,
        }
    }

    fn sight(closes: &[f64]) -> Sight<'_> {
        Sight {
            closes,
            volatility: 0.01,
            daily: 0.05,
            funding: 0.0,
            skew: 0.0,
            initial_margin: 0.1,
            slippage: 0.03,
            fee: 0.0006,
        }
    }

    fn rng() -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(7)
    }

    fn units(wish: Option<Wish>) -> f64 {
        match wish {
            Some(Wish::Reduce(units) | Wish::Grow(units, _)) => units,
            Some(Wish::Close) | None => 0.0,
        }
    }

    const RISING: [f64; 6] = [100.0, 101.0, 102.0, 103.0, 104.0, 106.0];
    const FALLING: [f64; 6] = [106.0, 104.0, 103.0, 102.0, 101.0, 100.0];

    #[test]
    fn a_trend_follower_goes_with_the_move_and_a_mean_reverter_against_it() {
        let sign = |habit, closes: &[f64]| {
            let wish = trader(habit).wish(0, &sight(closes), &mut rng());
            wish.map_or(0.0, |_| units(wish).signum())
        };
        assert_eq!((sign(Habit::Trend, &RISING), sign(Habit::Trend, &FALLING)), (1.0, -1.0));
        assert_eq!((sign(Habit::Reversion, &RISING), sign(Habit::Reversion, &FALLING)), (-1.0, 1.0));
        assert_eq!(sign(Habit::Trend, &[100.0; 6]), 0.0);
    }

    #[test]
    fn who_would_pay_too_much_funding_stays_out() {
        let dear = Sight { funding: 0.02, ..sight(&RISING) };
        assert_eq!(trader(Habit::Trend).target(&dear, 5.0, &mut rng()), Some(0.0));
        let paid = Sight { funding: -0.02, ..sight(&RISING) };
        assert_eq!(trader(Habit::Trend).target(&paid, 5.0, &mut rng()), Some(4.0));
    }

    #[test]
    fn a_hedger_takes_the_side_that_is_paid_and_leaves_when_it_is_not() {
        let mut hedger = trader(Habit::Hedge);
        let paid = |funding: f64| Sight { funding, skew: 200.0 * funding.signum(), ..sight(&RISING) };
        // a tenth of the skew: 20 units, $2,120
        assert!((units(hedger.wish(0, &paid(0.01), &mut rng())) + 20.0).abs() < 1e-9);
        assert!((units(hedger.wish(0, &paid(-0.01), &mut rng())) - 20.0).abs() < 1e-9);
        // four times the equity is the most
        let large = Sight { skew: 1e6, ..paid(0.01) };
        assert!((units(hedger.wish(0, &large, &mut rng())) * 106.0 + 4_000.0).abs() < 120.0);
        assert_eq!(hedger.wish(0, &paid(0.002), &mut rng()), None);
        hedger.seen.positions = vec![size(-20.0)];
        assert_eq!(hedger.wish(0, &paid(0.002), &mut rng()), None);
        assert_eq!(hedger.wish(0, &paid(-0.002), &mut rng()), Some(Wish::Close));
        assert_eq!(hedger.wish(0, &paid(0.0), &mut rng()), Some(Wish::Close));
    }

    #[test]
    fn a_gambler_uses_nearly_all_leverage_and_never_more_than_is_free() {
        let mut gambler = trader(Habit::Gamble);
        let wish = gambler.wish(0, &sight(&RISING), &mut rng());
        // nine tenths of ten times the equity, or what the limit leaves of it
        let notional = units(wish).abs() * 106.0;
        assert!((8_500.0..9_001.0).contains(&notional), "{notional}");
        gambler.seen.available = 100.0;
        let Some(Wish::Grow(units, slip)) = gambler.wish(0, &sight(&RISING), &mut rng()) else {
            panic!("a gambler who does not gamble")
        };
        let locked = units.abs() * 106.0 * (1.0 + slip) * 0.1006;
        assert!(locked < 100.0 && locked > 99.0, "{locked}");
    }

    #[test]
    fn a_flip_closes_first_and_nobody_orders_twice() {
        let mut follower = trader(Habit::Trend);
        follower.seen.positions = vec![size(-5.0)];
        assert_eq!(follower.wish(0, &sight(&RISING), &mut rng()), Some(Wish::Close));
        follower.seen.orders = 1;
        assert_eq!(follower.wish(0, &sight(&RISING), &mut rng()), None);
    }

    #[test]
    fn volatility_is_that_of_the_last_bars_only() {
        assert_eq!(volatility(&[100.0], 10), 0.0);
        let calm_then_wild = [100.0, 100.0, 100.0, 110.0, 99.0];
        let last_two = ((0.01 + 0.01) / 2.0f64).sqrt();
        assert!((volatility(&calm_then_wild, 2) - last_two).abs() < 1e-12);
    }
}
