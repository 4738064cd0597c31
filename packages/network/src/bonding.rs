//! What people do with bonded markets, by name and in exact units, and with the example of one.

use sdp_types::bonded::{BondedResponse, CheckResponse, ExecuteMsg, Hook, QueryMsg, TotalsResponse};
use sdp_types::event::{self, HolderResponse, Side, StateResponse};
use sdp_types::pool;
use sdp_types::units::{Amount, Ratio, Usd};

use crate::error::Result;
use crate::message::{Answer, Message};
use crate::network::Network;
use crate::{Actions, DESK};

/// What people do with bonded markets on a [`Network`]; every network has it, where the desk is deployed. A market is called by its name or
/// by its address.
pub trait Bonding: Actions {
    /// Opens a market with a bond of own sdUSD.
    fn bond_market(&mut self, opener: &str, market: &str, bond: Usd) -> Result<Answer> {
        let market = self.address(market)?.into_string();
        self.send_tokens(opener, "sdusd", DESK, Amount::new(bond.raw()), &Hook::Open { market })
    }

    /// Adds own sdUSD to a market's bond.
    fn top_up_bond(&mut self, payer: &str, market: &str, amount: Usd) -> Result<Answer> {
        let market = self.address(market)?.into_string();
        self.send_tokens(payer, "sdusd", DESK, Amount::new(amount.raw()), &Hook::TopUp { market })
    }

    /// Pays own sdUSD in for a market.
    fn pay_in_for(&mut self, payer: &str, market: &str, amount: Usd) -> Result<Answer> {
        let market = self.address(market)?.into_string();
        self.send_tokens(payer, "sdusd", DESK, Amount::new(amount.raw()), &Hook::PayIn { market })
    }

    /// Values what a market pushed again, and compares it with what it shows.
    fn mark_market(&mut self, sender: &str, market: &str) -> Result<Answer> {
        let market = self.address(market)?.into_string();
        self.execute(sender, DESK, &ExecuteMsg::Mark { market }, &[])
    }

    /// Owner or guardian: a market is not believed any more.
    fn quarantine_market(&mut self, sender: &str, market: &str) -> Result<Answer> {
        let market = self.address(market)?.into_string();
        self.execute(sender, DESK, &ExecuteMsg::Quarantine { market }, &[])
    }

    /// Owner: what a market in quarantine is owed.
    fn resolve_market(&mut self, sender: &str, market: &str, claim: Usd) -> Result<Answer> {
        let market = self.address(market)?.into_string();
        self.execute(sender, DESK, &ExecuteMsg::Resolve { market, claim }, &[])
    }

    /// Ends a market, or begins to.
    fn close_market(&mut self, sender: &str, market: &str) -> Result<Answer> {
        let market = self.address(market)?.into_string();
        self.execute(sender, DESK, &ExecuteMsg::Close { market }, &[])
    }

    /// The pool lists a market by itself: its opener gets his bond back. Where the change that lists it still waits, and its delay is over, that
    /// is enacted in the same transaction, so that what the market owes never counts twice.
    fn graduate_market(&mut self, sender: &str, market: &str, enact: Option<u64>) -> Result<Answer> {
        let market = self.address(market)?.into_string();
        let mut messages = Vec::new();
        if let Some(id) = enact {
            messages.push(Message::execute(self.contract("pool")?, &pool::ExecuteMsg::Enact { id }, &[])?);
        }
        messages.push(Message::execute(self.contract(DESK)?, &ExecuteMsg::Graduate { market }, &[])?);
        self.introduce(sender)?;
        self.send(sender, &messages)
    }

    /// All bonded markets.
    fn bonded_markets(&self) -> Result<Vec<BondedResponse>> {
        self.query(DESK, &QueryMsg::Markets {})
    }

    /// One of them.
    fn bonded_market(&self, market: &str) -> Result<BondedResponse> {
        let market = self.address(market)?.into_string();
        self.query(DESK, &QueryMsg::Market { market })
    }

    /// The sums over all of them.
    fn bonded_totals(&self) -> Result<TotalsResponse> {
        self.query(DESK, &QueryMsg::Totals {})
    }

    /// What a contract shows, and what the desk would say of it.
    fn check_market(&self, market: &str) -> Result<CheckResponse> {
        let market = self.address(market)?.into_string();
        self.query(DESK, &QueryMsg::Check { market })
    }

    // the example

    /// Buys contracts of an event market for own sdUSD.
    fn buy_event(&mut self, buyer: &str, market: &str, side: Side, paid: Usd) -> Result<Answer> {
        let hook = event::Hook::Buy { side, least: None };
        self.send_tokens(buyer, "sdusd", market, Amount::new(paid.raw()), &hook)
    }

    /// A message of an event market that has no fields.
    fn tell_event(&mut self, sender: &str, market: &str, msg: &event::ExecuteMsg) -> Result<Answer> {
        self.execute(sender, market, msg, &[])
    }

    /// Is paid what own contracts are worth.
    fn redeem_event(&mut self, owner: &str, market: &str, accepted_haircut: Option<Ratio>) -> Result<Answer> {
        self.execute(owner, market, &event::ExecuteMsg::Redeem { owner: None, accepted_haircut }, &[])
    }

    /// Somebody else is paid what his contracts are worth.
    fn redeem_event_for(&mut self, sender: &str, market: &str, owner: &str) -> Result<Answer> {
        let owner = Some(self.address(owner)?.into_string());
        self.execute(sender, market, &event::ExecuteMsg::Redeem { owner, accepted_haircut: None }, &[])
    }

    /// How an event market stands.
    fn event_state(&self, market: &str) -> Result<StateResponse> {
        self.query(market, &event::QueryMsg::State {})
    }

    /// What somebody has of it.
    fn event_holder(&self, market: &str, owner: &str) -> Result<HolderResponse> {
        let owner = self.address(owner)?.into_string();
        self.query(market, &event::QueryMsg::Holder { owner })
    }
}

impl<N: Network + ?Sized> Bonding for N {}
