//! What people do with bonded markets, by name and in exact units, and with the example of one.

use cosmwasm_std::{to_json_binary, Addr};
use sdp_types::bonded::{BondedResponse, CheckResponse, ExecuteMsg, Hook, QueryMsg, TotalsResponse};
use sdp_types::event::{self, HolderResponse, Side, StateResponse};
use sdp_types::pool;
use sdp_types::units::{Amount, Ratio, Usd};

use crate::actions::{Actions, PAGE};
use crate::error::{ChainError, Result};
use crate::manifest::EventMarket;
use crate::message::{Answer, Code, Message, New};
use crate::network::Network;
use crate::DESK;

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

    /// The pool's owner asks for a market to be listed by the pool itself, with a credit line of its own; it waits for the pool's delay.
    fn approve_market(&mut self, owner: &str, market: &str, line: Usd) -> Result<Answer> {
        let market = self.address(market)?.into_string();
        let change = pool::Change::AddMarket { market, line, bonded: false };
        self.execute(owner, "pool", &pool::ExecuteMsg::Configure { change }, &[])
    }

    /// The pool lists a market by itself: its opener gets back what is left of the bond. Where the change that lists it still waits, and its delay is over, that
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

    /// Makes an event market of this name in the address book; its code is stored before, where the chain has none of the build at hand. Nobody
    /// can migrate it.
    fn make_event(&mut self, sender: &str, event: &EventMarket) -> Result<(Addr, Answer)> {
        if self.names().contracts().contains_key(&event.name) {
            return Err(ChainError::setup(format!("a contract is called `{}` already", event.name)));
        }
        // on a chain with several deployments somebody may have one of this name in each
        let desk = self.contract(DESK)?.into_string();
        let label = format!("event/{}/{}", &desk[desk.len().saturating_sub(8)..], event.name);
        let label = New::label(label)?;
        self.introduce(sender)?;
        let address = |name: &str| Ok(self.address(name)?.into_string());
        let msg = self.manifest().event_msg(event, &address).map_err(ChainError::setup)?;
        let (code, _) = self.store(sender, Code::Event)?;
        let new = New { code, label, msg: to_json_binary(&msg)?, admin: None };
        if let Some(made) = self.made(sender, &new)? {
            return Err(ChainError::setup(format!(
                "{sender} has made an event `{}` before: {made}",
                event.name
            )));
        }
        let (address, answer) = self.instantiate(sender, &new)?;
        self.names_mut().add_contract(&event.name, address.clone());
        Ok((address, answer))
    }

    /// Buys contracts of an event market for own sdUSD.
    fn buy_event(&mut self, buyer: &str, market: &str, side: Side, paid: Usd) -> Result<Answer> {
        self.buy_event_for(buyer, market, side, paid, None)
    }

    /// The same, refused where they would be fewer than `least`.
    fn buy_event_for(
        &mut self,
        buyer: &str,
        market: &str,
        side: Side,
        paid: Usd,
        least: Option<Usd>,
    ) -> Result<Answer> {
        let hook = event::Hook::Buy { side, least };
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

    /// All who have something of it.
    fn event_holders(&self, market: &str) -> Result<Vec<HolderResponse>> {
        self.pages(market, |last: Option<&HolderResponse>| event::QueryMsg::Holders {
            start_after: last.map(|last| last.owner.clone()),
            limit: Some(PAGE),
        })
    }
}

impl<N: Network + ?Sized> Bonding for N {}
