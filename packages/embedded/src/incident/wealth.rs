//! What somebody has: wallets, accounts and positions everywhere in the pool.

use anyhow::Result;
use sdp_network::scenario::incident::Loss;
use sdp_network::{Actions, Backing, Network};
use sdp_types::{Amount, Price, Rounding, SignedUsd, Usd};

/// What a victim is called that is no account: the insurance fund less bad debt.
const POOL: &str = "pool";

/// Numbers of accounts in a market that are looked at.
const ACCOUNTS: u16 = 2;

/// What some people have together, collateral in its own units: to compare two moments, both are valued at the later one's prices.
#[derive(Clone, Debug, Default)]
pub struct Wealth {
    /// sdUSD, deposits in the backstop, and what accounts are worth at the index.
    dollars: SignedUsd,
    /// Collateral in wallets and gains of the backstop, by vault.
    tokens: Vec<Amount>,
    /// Collateral and debt of each position, with its vault.
    positions: Vec<(usize, Amount, SignedUsd)>,
}

impl Wealth {
    /// Of whose gain or loss is measured, now.
    pub fn of(network: &dyn Network, loss: &Loss) -> Result<Self> {
        let mut wealth =
            Self { tokens: vec![Amount::ZERO; network.manifest().collaterals.len()], ..Self::default() };
        for name in loss.gained_by.iter().chain(&loss.lost_by) {
            if name == POOL {
                let ledger = network.audit()?.ledger;
                wealth.add(ledger.insurance.signed()?.minus(ledger.bad_debt.signed()?)?)?;
            } else {
                wealth.look(network, name)?;
            }
        }
        Ok(wealth)
    }

    fn add(&mut self, amount: SignedUsd) -> Result<()> {
        self.dollars = self.dollars.plus(amount)?;
        Ok(())
    }

    fn look(&mut self, network: &dyn Network, name: &str) -> Result<()> {
        self.add(Usd::new(network.balance(name, "sdusd")?.raw()).signed()?)?;
        for market in &network.manifest().markets {
            for number in 0..ACCOUNTS {
                // an account below zero is left behind
                let equity = network.account(name, &market.name, number)?.equity.positive_part();
                self.add(equity.signed()?)?;
            }
        }
        let backing = network.backstop_account(name)?;
        self.add(backing.amount.signed()?)?;
        for (vault, collateral) in network.manifest().collaterals.iter().enumerate() {
            let gain = backing.gains.get(vault).copied().unwrap_or_default();
            let held = network.balance(name, &collateral.name)?.plus(gain)?;
            if let Some(tokens) = self.tokens.get_mut(vault) {
                *tokens = tokens.plus(held)?;
            }
            if let Ok(position) = network.position(name, &collateral.name) {
                self.positions.push((vault, position.collateral, position.debt));
            }
        }
        Ok(())
    }

    /// In USD, at the board's last prices, rounded down. A position that owes more than it has is left behind.
    pub fn value(&self, network: &dyn Network) -> Result<SignedUsd> {
        let mut sum = self.dollars;
        for (vault, amount) in self.tokens.iter().enumerate() {
            sum = sum.plus(worth(network, vault, *amount)?)?;
        }
        for (vault, amount, debt) in &self.positions {
            let left = worth(network, *vault, *amount)?.minus(*debt)?;
            sum = sum.plus(left.max(SignedUsd::ZERO))?;
        }
        Ok(sum)
    }
}

fn worth(network: &dyn Network, vault: usize, amount: Amount) -> Result<SignedUsd> {
    let manifest = network.manifest();
    let Some(collateral) = manifest.collaterals.get(vault).filter(|_| !amount.is_zero()) else {
        return Ok(SignedUsd::ZERO);
    };
    let quote = network.board()?.quotes.get(usize::from(manifest.feed_id(&collateral.feed)?)).copied();
    let price = quote.map_or(Price::ZERO, |quote| quote.price);
    Ok(price.value_of(amount, collateral.decimals, Rounding::Down)?.signed()?)
}
