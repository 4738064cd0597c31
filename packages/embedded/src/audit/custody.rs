//! The custody's tokens: what is there, what is booked, and whose it is.

use std::collections::BTreeSet;

use sdp_types::math::Wide;

use super::{Findings, Rule};
use crate::chain::Chain;
use sdp_network::error::Result;
use sdp_network::{Actions, Network, TokenMargin, CUSTODY};

impl Chain {
    /// Its tokens are there.
    pub(super) fn check_custody(&self, findings: &mut Findings) -> Result<()> {
        let contract = self.contract(CUSTODY)?;
        for token in self.custody_tokens()? {
            let balance = self.balance_of(&token.config.token, &contract)?;
            findings.covers(Rule::Custody, &token.config.token, balance.raw(), token.held.raw());
        }
        // what is paid for them goes on in the same message
        findings.same(Rule::Custody, "sdusd", self.balance(CUSTODY, "sdusd")?.raw(), 0u128);
        Ok(())
    }

    /// They are accounts', and the market knows of which.
    pub(super) fn check_backing(&self, market: &str, findings: &mut Findings) -> Result<()> {
        let accounts = self.token_margins()?;
        for token in self.custody_tokens()? {
            let of = |amounts: &[sdp_types::Amount]| amounts.get(usize::from(token.token)).copied();
            let mut sum = Wide::ZERO;
            for account in &accounts {
                sum = sum.plus(of(&account.amounts).unwrap_or_default().wide())?;
            }
            findings.same(Rule::Backing, &token.config.token, sum, token.held.raw());
        }
        let backed = self.market_accounts(market)?.into_iter().filter(|account| account.tokens.is_some());
        let backed: BTreeSet<_> = backed.map(|account| (account.owner, account.account)).collect();
        let holding: BTreeSet<_> =
            accounts.into_iter().map(|account| (account.owner, account.account)).collect();
        findings.same(Rule::Backing, "accounts that are backed", backed.len() as u128, holding.len() as u128);
        findings.same(Rule::Backing, "accounts", backed.difference(&holding).count() as u128, 0u128);
        Ok(())
    }
}
