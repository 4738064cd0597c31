//! The books against what is really there: cheap enough to run after every message.

use cw20::{Cw20QueryMsg, TokenInfoResponse};
use sdp_types::math::Wide;
use sdp_types::pool::Token;
use sdp_types::{bonded, event, liquidator, orders, reserve};

use super::{Findings, Rule};
use crate::chain::Chain;
use sdp_network::error::Result;
use sdp_network::{Actions, Backing, Network, Recovering, Synthetics, DESK, SPOT};

impl Chain {
    pub(super) fn check_holdings(&self, findings: &mut Findings) -> Result<()> {
        self.check_pool(findings)?;
        for entry in &self.manifest.markets {
            let totals = self.market_totals(&entry.name)?;
            let balance = self.balance(&entry.name, "sdusd")?;
            findings.covers(Rule::Held, &entry.name, balance.raw(), totals.held.raw());
        }
        if self.manifest.spot.is_some() {
            let (totals, balance) = (self.synthetic_totals()?, self.balance(SPOT, "sdusd")?);
            findings.covers(Rule::Held, SPOT, balance.raw(), totals.held.raw());
        }
        for (name, _) in self.manifest.conditionals() {
            let totals: orders::TotalsResponse = self.query(&name, &orders::QueryMsg::Totals {})?;
            let balance = self.balance(&name, "sdusd")?;
            findings.covers(Rule::Held, &name, balance.raw(), totals.held.raw());
        }
        if self.manifest.reserve.is_some() {
            self.check_reserve(findings)?;
        }
        if self.manifest.custody.is_some() {
            self.check_custody(findings)?;
        }
        if self.manifest.bonded.is_some() {
            self.check_desk(findings)?;
        }
        self.check_liquidator(findings)
    }

    /// Bonds are there, and what the desk publishes is what bonded markets have cost. An example of such a market has what it says.
    fn check_desk(&self, findings: &mut Findings) -> Result<()> {
        let totals: bonded::TotalsResponse = self.query(DESK, &bonded::QueryMsg::Totals {})?;
        let markets: Vec<bonded::BondedResponse> = self.query(DESK, &bonded::QueryMsg::Markets {})?;
        let balance = self.balance(DESK, "sdusd")?;
        findings.covers(Rule::Bonds, "sdusd", balance.raw(), totals.held.raw());
        let (mut refunds, mut base) = (Wide::ZERO, totals.held.wide().negate()?);
        let mut costs = totals.results.wide();
        for market in &markets {
            refunds = refunds.plus(market.refund.wide())?;
            base = base.plus(market.refund.wide())?.plus(market.claim.wide())?;
            let lost = market.cost.wide().minus(market.bond.wide())?;
            costs = costs.plus(lost.max(market.cost.wide().min(Wide::ZERO)))?;
        }
        findings.covers(Rule::Bonds, "refunds", totals.held.raw(), refunds);
        let exposure = &totals.exposure;
        findings.same(Rule::BondedCosts, "base", base, exposure.base.raw());
        let used = exposure.used(exposure.base)?;
        findings.same(Rule::BondedCosts, "used", used.raw(), costs);
        for entry in self.manifest.event_markets() {
            let state: event::StateResponse = self.query(&entry.name, &event::QueryMsg::State {})?;
            let balance = self.balance(&entry.name, "sdusd")?;
            findings.covers(Rule::Event, &entry.name, balance.raw(), state.held.raw());
        }
        Ok(())
    }

    /// Its tokens are there, and what it publishes of them is what it holds.
    fn check_reserve(&self, findings: &mut Findings) -> Result<()> {
        let contract = self.contract("reserve")?;
        let totals: reserve::TotalsResponse = self.query("reserve", &reserve::QueryMsg::Totals {})?;
        let tokens: Vec<reserve::TokenResponse> = self.query("reserve", &reserve::QueryMsg::Tokens {})?;
        let mut value = Wide::ZERO;
        for token in &tokens {
            let balance = self.balance_of(&token.config.token, &contract)?;
            findings.covers(Rule::Reserve, &token.config.token, balance.raw(), token.held.raw());
            value = value.plus(token.value.wide())?;
        }
        let balance = self.balance("reserve", "sdusd")?;
        findings.covers(Rule::Reserve, "sdusd", balance.raw(), totals.held.raw());
        findings.same(Rule::ReserveBase, "value", value, totals.value.raw());
        let exposure = &totals.exposure;
        let owed = value.plus(totals.held.wide())?.negate()?;
        findings.same(Rule::ReserveBase, "base", owed, exposure.base.raw());
        let used = exposure.used(exposure.base)?;
        findings.same(Rule::ReserveBase, "used", used.raw(), 0i128);
        Ok(())
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
        let notes = self.notes()?;
        let booked = backstop.total.wide().plus(notes.escrow.wide())?;
        findings.covers(Rule::Backstop, "liquidator", balance.raw(), booked);
        self.check_notes(&notes, findings)
    }

    /// Of recovery notes there are at most as many as are outstanding: a holder may have burnt some. What is set aside for them is no more.
    fn check_notes(&self, notes: &liquidator::NotesResponse, findings: &mut Findings) -> Result<()> {
        let info: TokenInfoResponse = self.query("sdnote", &Cw20QueryMsg::TokenInfo {})?;
        findings.covers(Rule::Notes, "sdnote", notes.outstanding.raw(), info.total_supply.u128());
        let set_aside = self.audit()?.ledger.set_aside;
        findings.covers(Rule::Notes, "set aside", notes.outstanding.raw(), set_aside.raw());
        let auctions = self.note_auctions()?;
        let sum = |of: fn(&liquidator::NoteAuctionResponse) -> u128| auctions.iter().map(of).sum::<u128>();
        findings.same(Rule::Notes, "lots", notes.lots.raw(), sum(|auction| auction.lot.raw()));
        findings.same(Rule::Notes, "claims", notes.claims.raw(), sum(|auction| auction.claim.raw()));
        let bid = |auction: &liquidator::NoteAuctionResponse| match auction.bidder {
            Some(_) => auction.lot.raw(),
            None => 0,
        };
        findings.same(Rule::Notes, "escrow", notes.escrow.raw(), sum(bid));
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
