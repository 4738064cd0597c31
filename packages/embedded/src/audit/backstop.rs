//! The backstop's books against all of its depositors.

use cosmwasm_std::{Api, CanonicalAddr, Order};
use sdp_types::math::Wide;
use sdp_types::record::{end_of, key, tag};

use super::{Findings, Rule};
use crate::chain::Chain;
use sdp_network::error::Result;
use sdp_network::{Backing, Network};

impl Chain {
    pub(super) fn check_backstop(&self, findings: &mut Findings) -> Result<()> {
        let backstop = self.backstop()?;
        let mut deposits = Wide::ZERO;
        let mut gains = vec![Wide::ZERO; backstop.vaults.len()];
        for owner in self.depositors()? {
            let account = self.backstop_account_of(&owner)?;
            deposits = deposits.plus(account.amount.wide())?;
            for (sum, gain) in gains.iter_mut().zip(&account.gains) {
                *sum = sum.plus(gain.wide())?;
            }
        }
        findings.covers(Rule::Deposits, "backstop", backstop.total.raw(), deposits);
        for (vault, gains) in backstop.vaults.iter().zip(gains) {
            findings.covers(Rule::Gains, format!("vault {}", vault.vault), vault.held.raw(), gains);
        }
        Ok(())
    }

    /// Addresses of all depositors: no message needs a list of them, so no query gives one.
    fn depositors(&self) -> Result<Vec<String>> {
        let storage = self.storage(&self.contract("liquidator")?);
        let prefix = key(tag::BACKSTOP_ACCOUNT);
        let all = storage.range(Some(&prefix), Some(&end_of(&prefix)), Order::Ascending);
        let owner = |(key, _): (Vec<u8>, Vec<u8>)| {
            let canonical = CanonicalAddr::from(key.get(1..).unwrap_or_default());
            Ok(self.host.api().addr_humanize(&canonical)?.into_string())
        };
        all.map(owner).collect()
    }
}
