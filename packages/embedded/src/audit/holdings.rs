//! The books against what is really there: cheap enough to run after every message.

use sdp_types::math::Wide;
use sdp_types::pool::Token;
use sdp_types::{liquidator, market};

use super::{Findings, Rule};
use crate::chain::Chain;
use sdp_network::error::Result;
use sdp_network::{Actions, Backing, Network};

impl Chain {
    pub(super) fn check_holdings(&self, findings: &mut Findings) -> Result<()> {
        self.check_pool(findings)?;
        for entry in &self.manifest.markets {
            let totals: market::TotalsResponse = self.query(&entry.name, &market::QueryMsg::Totals {})?;
            let balance = self.balance(&entry.name, "sdusd")?;
            findings.covers(Rule::Held, &entry.name, balance.raw(), totals.held.raw());
        }
        self.check_liquidator(findings)
    }

    fn check_liquidator(&self, findings: &mut Findings) -> Result<()> {
        let totals: liquidator::TotalsResponse =
            self.query("liquidator", &liquidator::QueryMsg::Totals {})?;
        let backstop = self.backstop()?;
        let liquidator = self.contract("liquidator")?;
        for (vault, collateral) in backstop.vaults.iter().zip(&self.manifest.collaterals) {
            let token = self.token(&collateral.name)?;
            let lot = totals.lots.iter().find(|(held, _)| *held == token).map(|(_, lot)| *lot);
            let booked = Wide::from(vault.held.raw()).plus(lot.unwrap_or_default().wide())?;
            let balance = self.balance_of(&token, &liquidator)?;
            findings.covers(Rule::Lots, &token, balance.raw(), booked);
        }
        let balance = self.balance("liquidator", "sdusd")?;
        findings.covers(Rule::Backstop, "liquidator", balance.raw(), backstop.total.raw());
        Ok(())
    }

    fn check_pool(&self, findings: &mut Findings) -> Result<()> {
        let audit = self.audit()?;
        findings.same(Rule::Difference, "pool", audit.difference.raw(), 0i128);
        findings.same(Rule::Ledger, "pool", audit.ledger.difference()?, 0i128);
        findings.covers(Rule::Supply, "pool", audit.unbooked.raw(), 0i128);
        let pool = self.contract("pool")?;
        for check in &audit.collateral {
            let there = self.balance_of(&check.token, &pool)?;
            findings.same(Rule::Collateral, shown(&check.token), check.balance.raw(), there.raw());
            findings.covers(Rule::Collateral, shown(&check.token), there.raw(), check.booked.raw());
        }
        Ok(())
    }
}

fn shown(token: &Token) -> String {
    format!("pool's {token}")
}
