//! How much gas a transaction is given, and what is paid for it.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use cosmwasm_std::{Coin, Decimal, Uint128};

use crate::error::{Error, Result};

/// A transaction's gas limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gas {
    /// So much.
    Limit(u64),
    /// What a simulation uses, times so many percent. A simulation knows nothing of transactions that are still on their way,
    /// and refuses what it can't execute: such a transaction is not sent at all.
    Simulate {
        /// 130 for 1.3 times.
        percent: u64,
    },
}

/// Price of one unit of gas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GasPrice {
    /// Base units of `denom`.
    pub amount: Decimal,
    /// The coin that fees are paid in.
    pub denom: String,
}

impl FromStr for GasPrice {
    type Err = Error;

    /// `0.025uatom`.
    fn from_str(text: &str) -> Result<Self> {
        let bad =
            |reason: &dyn core::fmt::Display| Error::malformed("gas price", format!("`{text}`: {reason}"));
        let split = text.find(|c: char| c.is_ascii_alphabetic()).ok_or_else(|| bad(&"no denom"))?;
        let (amount, denom) = text.split_at(split);
        let amount = amount.parse().map_err(|error| bad(&error))?;
        Ok(Self { amount, denom: denom.to_string() })
    }
}

impl fmt::Display for GasPrice {
    /// As it is read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.amount, self.denom)
    }
}

impl GasPrice {
    /// What `gas` costs, rounded up.
    pub fn fee(&self, gas: u64) -> Result<Coin> {
        let amount = Uint128::from(gas).checked_mul_ceil(self.amount);
        let amount = amount.map_err(|e| Error::malformed("gas price", e))?;
        Ok(Coin { denom: self.denom.clone(), amount })
    }
}

/// How a transaction is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Its gas limit.
    pub gas: Gas,
    /// None: no fee.
    pub gas_price: Option<GasPrice>,
    /// A note for everybody to read.
    pub memo: String,
    /// How long to wait until it is in a block.
    pub timeout: Duration,
}

impl Default for Options {
    /// Simulated gas and 30 % on top, no fee, half a minute.
    fn default() -> Self {
        Self {
            gas: Gas::Simulate { percent: 130 },
            gas_price: None,
            memo: String::new(),
            timeout: Duration::from_secs(30),
        }
    }
}

impl Options {
    /// A limit given instead of a simulation.
    pub fn limit(gas: u64) -> Self {
        Self { gas: Gas::Limit(gas), ..Self::default() }
    }

    pub(crate) fn fee(&self, gas: u64) -> Result<Vec<Coin>> {
        let fee = self.gas_price.as_ref().map(|price| price.fee(gas)).transpose()?;
        Ok(fee.into_iter().filter(|fee| !fee.amount.is_zero()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fee_is_rounded_up() {
        let price: GasPrice = "0.025uatom".parse().unwrap();
        assert_eq!(price.fee(100_001).unwrap(), Coin::new(2_501_u128, "uatom"));
        assert_eq!(Options { gas_price: Some(price), ..Options::default() }.fee(0).unwrap(), []);
    }

    #[test]
    fn a_gas_price_needs_an_amount_and_a_denom() {
        for text in ["0.025", "uatom", "", "0,1uatom"] {
            assert!(text.parse::<GasPrice>().is_err(), "{text}");
        }
        let ibc: GasPrice = "1ibc/AB12".parse().unwrap();
        assert_eq!((ibc.denom.as_str(), ibc.to_string().as_str()), ("ibc/AB12", "1ibc/AB12"));
        assert_eq!("0.0250uatom".parse::<GasPrice>().unwrap().to_string(), "0.025uatom");
    }
}
