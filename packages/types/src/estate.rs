//! What is left of a pool that was shut down, and who gets what of it: pure.
//!
//! Prices are frozen. With V the value of a vault's collateral, d what its positions owe and E = V − d, the providers of all vaults have
//! ΣE. What nobody pays, the holes, comes off that in proportion: h = holes ÷ ΣE, at most 1. So of each vault
//!
//! ```text
//! providers get    min(V, E)·(1 − h) of its collateral, and (E − V)·(1 − h) in new sdUSD where they have profit (d < 0)
//! holders get      the rest of the collateral, each the part of it that his sdUSD is of all claims
//! ```
//!
//! and a holder gets a dollar for a dollar unless h = 1: then there is less than a dollar, and providers get nothing. Claims are sdUSD, less
//! what markets hold beyond what they owe, or with what traders may still draw; what recovery notes may still be redeemed for, and what providers' profit is minted as.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::units::{Amount, Price, Ratio, Rounding, SignedUsd, Usd};

/// One vault at frozen prices, before it is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stock {
    /// Its collateral, with that of positions that were written off.
    pub collateral: Amount,
    /// Of it, what its positions have.
    pub held: Amount,
    /// Frozen price.
    pub price: Price,
    /// Decimals of the collateral.
    pub decimals: u8,
    /// What its positions owe together.
    pub debt: SignedUsd,
}

impl Stock {
    /// V, rounded down.
    pub fn value(&self) -> Result<Usd> {
        self.price.value_of(self.held, self.decimals, Rounding::Down)
    }

    /// E; negative where the positions together owe more than they have.
    pub fn equity(&self) -> Result<SignedUsd> {
        self.value()?.signed()?.minus(self.debt)
    }

    /// Who gets what of it, rounded against the providers.
    pub fn divide(&self, haircut: Ratio) -> Result<Pot> {
        let (value, equity) = (self.value()?, self.equity()?.positive_part());
        let stays = Ratio::ONE.saturating_minus(haircut);
        let in_kind = equity.min(value).scale(stays, Rounding::Down)?;
        let providers = self.price.amount_for(in_kind, self.decimals, Rounding::Down)?.min(self.held);
        let minted = equity.saturating_minus(value).scale(stays, Rounding::Down)?;
        let holders = self.collateral.minus(providers)?;
        Ok(Pot {
            equity,
            providers,
            minted,
            holders,
            providers_left: providers,
            minted_left: minted,
            holders_left: holders,
        })
    }
}

/// One vault, divided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pot {
    /// What all its providers have in it at frozen prices.
    pub equity: Usd,
    /// Collateral for them.
    pub providers: Amount,
    /// sdUSD for them.
    pub minted: Usd,
    /// Collateral for holders of sdUSD.
    pub holders: Amount,
    /// Of `providers`, not paid yet.
    pub providers_left: Amount,
    /// Of `minted`, not paid yet.
    pub minted_left: Usd,
    /// Of `holders`, not paid yet.
    pub holders_left: Amount,
}

impl Pot {
    /// What a provider gets who has so much in it, rounded down: collateral, and new sdUSD. It is paid now.
    pub fn pay_provider(&mut self, equity: Usd) -> Result<(Amount, Usd)> {
        if self.equity.is_zero() {
            return Ok((Amount::ZERO, Usd::ZERO));
        }
        let (part, whole) = (equity.min(self.equity).raw(), self.equity.raw());
        let paid = self.providers.fraction(part, whole, Rounding::Down)?.min(self.providers_left);
        let minted = self.minted.fraction(part, whole, Rounding::Down)?.min(self.minted_left);
        self.providers_left = self.providers_left.minus(paid)?;
        self.minted_left = self.minted_left.minus(minted)?;
        Ok((paid, minted))
    }

    /// What a holder gets for so much sdUSD of all `claims`, rounded down. It is paid now.
    pub fn pay_holder(&mut self, redeemed: Usd, claims: Usd) -> Result<Amount> {
        if claims.is_zero() {
            return Ok(Amount::ZERO);
        }
        let part = redeemed.min(claims).raw();
        let paid = self.holders.fraction(part, claims.raw(), Rounding::Down)?.min(self.holders_left);
        self.holders_left = self.holders_left.minus(paid)?;
        Ok(paid)
    }
}

/// h: the holes as a part of what the providers have, rounded up, at most 1.
pub fn haircut(holes: Usd, stocks: &[Stock]) -> Result<Ratio> {
    let (mut equity, mut holes) = (Usd::ZERO, holes);
    for stock in stocks {
        let own = stock.equity()?;
        equity = equity.plus(own.positive_part())?;
        holes = holes.plus(own.negative_part())?;
    }
    if holes.is_zero() {
        return Ok(Ratio::ZERO);
    }
    Ok(holes.per(equity, Rounding::Up).unwrap_or(Ratio::ONE).min(Ratio::ONE))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 1,000 tokens of 6 decimals at 10.
    fn stock(debt: i128) -> Stock {
        Stock {
            collateral: Amount::new(1_000_000_000),
            held: Amount::new(1_000_000_000),
            price: "10".parse().unwrap(),
            decimals: 6,
            debt: SignedUsd::new(debt * 1_000_000),
        }
    }

    fn tokens(n: u128) -> Amount {
        Amount::new(n * 1_000_000)
    }

    #[test]
    fn without_a_hole_holders_get_what_is_owed_and_providers_the_rest() {
        assert_eq!(haircut(Usd::ZERO, &[stock(4_000)]), Ok(Ratio::ZERO));
        let mut pot = stock(4_000).divide(Ratio::ZERO).unwrap();
        assert_eq!((pot.holders, pot.providers, pot.minted), (tokens(400), tokens(600), Usd::ZERO));
        assert_eq!(pot.equity, Usd::whole(6_000));
        // a sixth of the providers, a quarter of the holders
        assert_eq!(pot.pay_provider(Usd::whole(1_000)), Ok((tokens(100), Usd::ZERO)));
        assert_eq!(pot.pay_holder(Usd::whole(1_000), Usd::whole(4_000)), Ok(tokens(100)));
        assert_eq!((pot.providers_left, pot.holders_left), (tokens(500), tokens(300)));
    }

    #[test]
    fn a_hole_is_taken_from_all_providers_in_proportion() {
        // 6,000 and 9,000 of equity, 1,500 missing
        let stocks = [stock(4_000), stock(1_000)];
        let haircut = haircut(Usd::whole(1_500), &stocks).unwrap();
        assert_eq!(haircut, Ratio::percent(10));
        let pots = stocks.map(|stock| stock.divide(haircut).unwrap());
        assert_eq!(pots.map(|pot| pot.providers), [tokens(540), tokens(810)]);
        // 4,000 + 1,000 + 1,500 of claims have 650 tokens at 10
        assert_eq!(pots.map(|pot| pot.holders), [tokens(460), tokens(190)]);
    }

    #[test]
    fn a_hole_beyond_the_providers_leaves_them_nothing_and_holders_all() {
        let haircut = haircut(Usd::whole(6_001), &[stock(4_000)]).unwrap();
        assert_eq!(haircut, Ratio::ONE);
        let pot = stock(4_000).divide(haircut).unwrap();
        assert_eq!((pot.providers, pot.holders), (Amount::ZERO, tokens(1_000)));
    }

    #[test]
    fn a_vault_that_owes_more_than_it_has_is_a_hole_of_the_others() {
        let stocks = [stock(12_000), stock(0)];
        assert_eq!(haircut(Usd::ZERO, &stocks), Ok(Ratio::percent(20)));
        let pots = stocks.map(|stock| stock.divide(Ratio::percent(20)).unwrap());
        assert_eq!(pots.map(|pot| pot.providers), [Amount::ZERO, tokens(800)]);
        assert_eq!(pots.map(|pot| pot.holders), [tokens(1_000), tokens(200)]);
    }

    #[test]
    fn profit_beyond_the_collateral_is_minted() {
        // 13,000 of equity on 10,000 of collateral
        let mut pot = stock(-3_000).divide(Ratio::percent(10)).unwrap();
        assert_eq!((pot.providers, pot.minted, pot.holders), (tokens(900), Usd::whole(2_700), tokens(100)));
        assert_eq!(pot.pay_provider(Usd::whole(1_300)), Ok((tokens(90), Usd::whole(270))));
    }

    #[test]
    fn nobody_is_paid_what_is_gone() {
        let mut pot = stock(4_000).divide(Ratio::ZERO).unwrap();
        // positions that were not written off make the others' equities more than the whole
        assert_eq!(pot.pay_provider(Usd::whole(5_000)), Ok((tokens(500), Usd::ZERO)));
        assert_eq!(pot.pay_provider(Usd::whole(5_000)), Ok((tokens(100), Usd::ZERO)));
        assert_eq!(pot.pay_holder(Usd::whole(3_000), Usd::whole(4_000)), Ok(tokens(300)));
        assert_eq!(pot.pay_holder(Usd::whole(3_000), Usd::whole(4_000)), Ok(tokens(100)));
        assert_eq!(Pot::default().pay_provider(Usd::whole(1)), Ok((Amount::ZERO, Usd::ZERO)));
        assert_eq!(Pot::default().pay_holder(Usd::whole(1), Usd::ZERO), Ok(Amount::ZERO));
    }

    #[test]
    fn a_position_that_was_written_off_leaves_its_collateral_to_the_holders() {
        let stock = Stock { collateral: tokens(1_200), ..stock(4_000) };
        let pot = stock.divide(Ratio::ZERO).unwrap();
        assert_eq!((pot.providers, pot.holders), (tokens(600), tokens(600)));
    }

    fn any_stock() -> impl Strategy<Value = Stock> {
        let decimals = prop_oneof![Just(0u8), Just(6), Just(18)];
        (decimals, 1u64..1_000_000_000_000, 1u128..10u128.pow(24), -50_000i64..150_000, 0u64..1_000).prop_map(
            |(decimals, units, price, percent, written_off)| {
                let held = Amount::new(u128::from(units) * 10u128.pow(u32::from(decimals)) / 1_000_000 + 1);
                let price = Price::new(price);
                let value = price.value_of(held, decimals, Rounding::Down).unwrap();
                // from profit of half to debt of one and a half times what is held
                let debt = value.signed().unwrap().raw() / 100_000 * i128::from(percent);
                let collateral = held.plus(Amount::new(written_off.into())).unwrap();
                Stock { collateral, held, price, decimals, debt: SignedUsd::new(debt) }
            },
        )
    }

    proptest! {
        #[test]
        fn holders_have_at_least_what_is_claimed_unless_providers_have_nothing(
            stocks in prop::collection::vec(any_stock(), 1..9),
            hole in 0u64..1_000_000_000_000_000,
        ) {
            let holes = Usd::new(hole.into());
            let haircut = haircut(holes, &stocks).unwrap();
            let (mut claims, mut behind, mut providers) = (holes.signed().unwrap(), Usd::ZERO, Amount::ZERO);
            for stock in &stocks {
                let pot = stock.divide(haircut).unwrap();
                prop_assert_eq!(pot.providers.plus(pot.holders).unwrap(), stock.collateral);
                claims = claims.plus(stock.debt).unwrap().plus(pot.minted.signed().unwrap()).unwrap();
                // the value of what is held was rounded down once, by less than a micro-USD
                let value = stock.price.value_of(pot.holders, stock.decimals, Rounding::Up).unwrap();
                behind = behind.plus(value).unwrap().plus(Usd::new(1)).unwrap();
                providers = providers.plus(pot.providers).unwrap();
            }
            if haircut < Ratio::ONE {
                prop_assert!(behind.signed().unwrap() >= claims, "{behind} {claims} {haircut}");
            } else {
                prop_assert_eq!(providers, Amount::ZERO);
            }
        }

        #[test]
        fn whoever_comes_in_whatever_order_is_paid_the_same_and_never_more_than_there_is(
            stock in any_stock(),
            percent in 0u64..=100,
            parts in prop::collection::vec(1u64..1_000, 1..20),
        ) {
            let pot = stock.divide(Ratio::percent(percent)).unwrap();
            let total: u64 = parts.iter().sum();
            let claims = Usd::new(u128::from(total) * 1_000);
            let share = |part: &u64| Usd::new(u128::from(*part) * 1_000);
            let paid = |parts: &mut dyn Iterator<Item = &u64>| {
                let mut pot = pot;
                let all: Vec<_> = parts.map(|part| pot.pay_holder(share(part), claims).unwrap()).collect();
                (all, pot.holders_left)
            };
            let (forward, left) = paid(&mut parts.iter());
            let (mut backward, _) = paid(&mut parts.iter().rev());
            backward.reverse();
            prop_assert_eq!(forward, backward);
            // less than a base unit each stays
            prop_assert!(left.raw() < parts.len() as u128, "{left}");
        }
    }
}
