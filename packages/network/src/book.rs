//! The account book: what accounts paid each other in USD outside of the chain.
//!
//! Where there is no par reserve, providers mint sdUSD and sell it to traders, and takers of auctions sell what they bought
//! somewhere else. The tokens move on the chain, the dollars for them stand here.

use std::collections::BTreeMap;

use sdp_types::units::{SignedUsd, Usd};
use sdp_types::Error;
use serde::{Deserialize, Serialize};

/// One payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Block time, Unix seconds.
    pub at: u64,
    /// Who paid.
    pub from: String,
    /// Who was paid.
    pub to: String,
    /// How much.
    pub amount: Usd,
    /// For what.
    pub what: String,
}

/// Payments, and what they leave everybody with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountBook {
    payments: Vec<Payment>,
    cash: BTreeMap<String, SignedUsd>,
}

impl AccountBook {
    /// Books a payment.
    pub fn pay(&mut self, payment: Payment) -> Result<(), Error> {
        let amount = payment.amount.signed()?;
        let from = self.cash(&payment.from).minus(amount)?;
        self.cash.insert(payment.from.clone(), from);
        let to = self.cash(&payment.to).plus(amount)?;
        self.cash.insert(payment.to.clone(), to);
        self.payments.push(payment);
        Ok(())
    }

    /// Received less paid.
    pub fn cash(&self, account: &str) -> SignedUsd {
        self.cash.get(account).copied().unwrap_or_default()
    }

    /// All payments in order.
    pub fn payments(&self) -> &[Payment] {
        &self.payments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_pays_the_other_gets() {
        let mut book = AccountBook::default();
        let (from, to, what) = ("bob".to_string(), "anna".to_string(), "sdUSD".to_string());
        book.pay(Payment { at: 7, from, to, amount: Usd::whole(3), what }).unwrap();
        assert_eq!(book.cash("bob").raw() + book.cash("anna").raw(), 0);
        assert_eq!((book.cash("anna").raw(), book.payments().len()), (3_000_000, 1));
        assert_eq!(book.cash("nobody"), SignedUsd::ZERO);
    }
}
