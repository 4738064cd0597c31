//! What the reserve holds and what it publishes of it: each method is one row of the table in [`sdp_types::reserve`], pure. It keeps
//! `base = −V − H` and `base + drawn + fees = shortfalls`, or returns an error.

use sdp_types::exposure::Exposure;
use sdp_types::reserve::{TokenConfig, PAR};
use sdp_types::{Amount, Error, Price, Result, Rounding, Usd};
use serde::{Deserialize, Serialize};

/// What is there of one token, by the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    /// Base units.
    pub amount: Amount,
    /// What a whole token stands in the book at, ≤ par.
    pub mark: Price,
}

impl Default for Stock {
    fn default() -> Self {
        Self { amount: Amount::ZERO, mark: PAR }
    }
}

impl Stock {
    /// Its value in the book, rounded down.
    pub fn value(&self, config: &TokenConfig) -> Result<Usd> {
        self.mark.value_of(self.amount, config.decimals, Rounding::Down)
    }

    /// Its value at par, rounded down.
    pub fn par(&self, config: &TokenConfig) -> Result<Usd> {
        PAR.value_of(self.amount, config.decimals, Rounding::Down)
    }
}

/// sdUSD and tokens, by the book.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// sdUSD that came in and did not go out: H.
    pub sdusd: Usd,
    /// By number of the token.
    pub stocks: Vec<Stock>,
}

/// What is held, and what the pool reads of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// What the pool reads.
    pub exposure: Exposure,
    /// What is behind it.
    pub held: Held,
}

/// How a swap in is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Out of the sdUSD that was held.
    pub held: Usd,
    /// Drawn from the pool.
    pub drawn: Usd,
    /// What insurance gets.
    pub fee: Usd,
}

/// How far the value of a token has moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Move {
    /// Written down.
    pub loss: Usd,
    /// Written up.
    pub gain: Usd,
}

impl Books {
    /// What is there of a token.
    pub fn stock(&self, token: u8) -> Result<Stock> {
        let unknown = || Error::NotFound { what: "token".into(), key: token.to_string() };
        self.held.stocks.get(usize::from(token)).copied().ok_or_else(unknown)
    }

    /// V: the value of all tokens in the book.
    pub fn value(&self, tokens: &[TokenConfig]) -> Result<Usd> {
        let mut all = self.held.stocks.iter().zip(tokens);
        all.try_fold(Usd::ZERO, |sum, (stock, config)| sum.plus(stock.value(config)?))
    }

    /// `amount` of a token that stands at par comes in for `paid` sdUSD, which is no more than its value.
    pub fn comes_in(&mut self, token: u8, config: &TokenConfig, amount: Amount, paid: Usd) -> Result<Paid> {
        let grown = self.stock_moves(token, config, |stock| {
            stock.amount = stock.amount.plus(amount)?;
            Ok(())
        })?;
        let held = paid.min(self.held.sdusd);
        let (drawn, fee) = (paid.minus(held)?, grown.gain.minus(paid)?);
        self.held.sdusd = self.held.sdusd.minus(held)?;
        let exposure = &mut self.exposure;
        exposure.base = exposure.base.plus(held.signed()?)?;
        exposure.drawn = exposure.drawn.plus(drawn)?;
        exposure.fees = exposure.fees.plus(fee)?;
        Ok(Paid { held, drawn, fee })
    }

    /// `amount` of a token goes out for `paid` sdUSD. Returns what of that is beyond the value that left: it goes to insurance.
    pub fn goes_out(&mut self, token: u8, config: &TokenConfig, amount: Amount, paid: Usd) -> Result<Usd> {
        let moved = self.stock_moves(token, config, |stock| {
            stock.amount = stock.amount.minus(amount)?;
            Ok(())
        })?;
        let beyond = paid.minus(moved.loss)?;
        self.sdusd_comes(paid)?;
        self.exposure.fees = self.exposure.fees.plus(beyond)?;
        Ok(beyond)
    }

    /// A token stands at another price in the book.
    pub fn revalued(&mut self, token: u8, config: &TokenConfig, mark: Price) -> Result<Move> {
        let moved = self.stock_moves(token, config, |stock| {
            stock.mark = mark;
            Ok(())
        })?;
        self.exposure.fees = self.exposure.fees.plus(moved.gain)?;
        self.exposure.shortfalls = self.exposure.shortfalls.plus(moved.loss)?;
        Ok(moved)
    }

    /// `amount` of a token was there above the book. Returns its value, which goes to insurance.
    pub fn token_found(&mut self, token: u8, config: &TokenConfig, amount: Amount) -> Result<Usd> {
        let moved = self.stock_moves(token, config, |stock| {
            stock.amount = stock.amount.plus(amount)?;
            Ok(())
        })?;
        self.exposure.fees = self.exposure.fees.plus(moved.gain)?;
        Ok(moved.gain)
    }

    /// sdUSD was there above the book: it goes to insurance.
    pub fn sdusd_found(&mut self, amount: Usd) -> Result<()> {
        self.sdusd_comes(amount)?;
        self.exposure.fees = self.exposure.fees.plus(amount)?;
        Ok(())
    }

    fn sdusd_comes(&mut self, amount: Usd) -> Result<()> {
        self.held.sdusd = self.held.sdusd.plus(amount)?;
        self.exposure.base = self.exposure.base.minus(amount.signed()?)?;
        Ok(())
    }

    /// Changes a stock, and the base by what its value moves.
    fn stock_moves(
        &mut self,
        token: u8,
        config: &TokenConfig,
        change: impl FnOnce(&mut Stock) -> Result<()>,
    ) -> Result<Move> {
        let before = self.stock(token)?;
        let mut after = before;
        change(&mut after)?;
        let (stood, stands) = (before.value(config)?, after.value(config)?);
        if let Some(stock) = self.held.stocks.get_mut(usize::from(token)) {
            *stock = after;
        }
        self.exposure.base = self.exposure.base.plus(stood.signed()?)?.minus(stands.signed()?)?;
        Ok(Move { loss: stood.saturating_minus(stands), gain: stands.saturating_minus(stood) })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;
    use sdp_types::pool::Token;
    use sdp_types::reserve::{OutFee, Status};
    use sdp_types::{Ratio, SignedUsd};

    use super::*;

    fn config(decimals: u8) -> TokenConfig {
        TokenConfig {
            token: Token::Native("uusdc".into()),
            decimals,
            feed: 0,
            band: Ratio::bps(50),
            maximum_confidence: Ratio::bps(20),
            ceiling: Usd::whole(1_000_000),
            fee_in: Ratio::bps(10),
            fee_out: OutFee { least: Ratio::bps(10), most: Ratio::percent(1) },
            status: Status::Open,
        }
    }

    fn books(tokens: usize) -> Books {
        let held = Held { stocks: vec![Stock::default(); tokens], ..Held::default() };
        Books { held, ..Books::default() }
    }

    fn numbers(books: &Books) -> [i128; 6] {
        let Exposure { base, drawn, fees, shortfalls, .. } = &books.exposure;
        let raw = |amount: &Usd| amount.signed().unwrap().raw();
        let value = books.value(&[config(6)]).unwrap();
        [raw(&value), raw(&books.held.sdusd), base.raw(), raw(drawn), raw(fees), raw(shortfalls)]
    }

    #[test]
    fn each_row_of_the_table() {
        let (mut books, usdc) = (books(1), config(6));
        // 1,000 in for 999: nothing is held, so all of it is drawn
        let paid = books.comes_in(0, &usdc, Amount::new(1_000), Usd::new(999)).unwrap();
        assert_eq!(paid, Paid { held: Usd::ZERO, drawn: Usd::new(999), fee: Usd::new(1) });
        assert_eq!(numbers(&books), [1_000, 0, -1_000, 999, 1, 0]);
        // 400 sdUSD for 396 of it
        assert_eq!(books.goes_out(0, &usdc, Amount::new(396), Usd::new(400)), Ok(Usd::new(4)));
        assert_eq!(numbers(&books), [604, 400, -1_004, 999, 5, 0]);
        // 500 in for 499: what is held first
        let paid = books.comes_in(0, &usdc, Amount::new(500), Usd::new(499)).unwrap();
        assert_eq!(paid, Paid { held: Usd::new(400), drawn: Usd::new(99), fee: Usd::new(1) });
        assert_eq!(numbers(&books), [1_104, 0, -1_104, 1_098, 6, 0]);
        // 1,104 at 0.9 is 993.6
        let moved = books.revalued(0, &usdc, "0.9".parse().unwrap()).unwrap();
        assert_eq!(moved, Move { loss: Usd::new(111), gain: Usd::ZERO });
        assert_eq!(numbers(&books), [993, 0, -993, 1_098, 6, 111]);
        // 104 of it for 104 sdUSD: 1,000 are left at 0.9, so 93 left the book
        assert_eq!(books.goes_out(0, &usdc, Amount::new(104), Usd::new(104)), Ok(Usd::new(11)));
        assert_eq!(numbers(&books), [900, 104, -1_004, 1_098, 17, 111]);
        // and back to par
        let moved = books.revalued(0, &usdc, PAR).unwrap();
        assert_eq!(moved, Move { loss: Usd::ZERO, gain: Usd::new(100) });
        assert_eq!(books.token_found(0, &usdc, Amount::new(7)), Ok(Usd::new(7)));
        books.sdusd_found(Usd::new(3)).unwrap();
        assert_eq!(numbers(&books), [1_007, 107, -1_114, 1_098, 127, 111]);
    }

    #[test]
    fn what_is_not_there_can_not_go_out() {
        let (mut books, usdc) = (books(1), config(6));
        assert!(books.goes_out(0, &usdc, Amount::new(1), Usd::new(2)).is_err());
        assert!(books.goes_out(1, &usdc, Amount::ZERO, Usd::ZERO).is_err());
    }

    proptest! {
        #[test]
        fn it_has_never_cost_the_providers_anything(
            decimals in 6..=18u8,
            steps in proptest::collection::vec((0..5u8, 1..=10_000_000u128, 800_000..=1_000_000u128), 1..40),
        ) {
            let (mut books, config) = (books(1), config(decimals));
            let unit = 10u128.pow(u32::from(decimals) - 6);
            for (kind, micro, mark) in steps {
                let amount = Amount::new(micro * unit + micro % unit);
                let paid = Usd::new(micro);
                let (before, stock) = (books.clone(), books.stock(0).unwrap());
                let done = match kind {
                    0 if stock.mark == PAR => books.comes_in(0, &config, amount, paid).map(drop),
                    1 => books.goes_out(0, &config, Amount::new(micro * unit), paid).map(drop),
                    2 => books.revalued(0, &config, Price::new(mark * 1_000_000_000_000)).map(drop),
                    3 => books.token_found(0, &config, amount).map(drop),
                    _ => books.sdusd_found(paid),
                };
                if done.is_err() {
                    books = before;
                }
                let Exposure { base, drawn, fees, shortfalls, .. } = books.exposure;
                let value = books.value(std::slice::from_ref(&config)).unwrap();
                let owed = value.plus(books.held.sdusd).unwrap().signed().unwrap();
                prop_assert_eq!(base, owed.negate().unwrap());
                prop_assert_eq!(sdp_types::exposure::used(base, drawn, fees, shortfalls), Ok(SignedUsd::ZERO));
            }
        }
    }
}
