//! What traders do with conditional orders, by name and in exact units, and those who commit them.

use sdp_types::lens;
use sdp_types::market::{self, Delegation, MAX_PERPS};
use sdp_types::orders::{
    ConfigResponse, DueResponse, Entry, ExecuteMsg, Exit, Hook, JarResponse, NewOrder, OrderResponse,
    PreviewResponse, QueryMsg, TotalsResponse,
};
use sdp_types::units::{Amount, Size, Usd};

use crate::actions::{Actions, PAGE};
use crate::error::{ChainError, Result};
use crate::message::{Answer, Message};
use crate::network::Network;

/// The contract may trade an account a little longer than its orders wait, seconds: a transaction comes later than it is sent.
const SPARE: u64 = 3_600;

/// An entry with a stop and a target.
#[derive(Clone, Debug)]
pub struct Bracket {
    /// Number of the account.
    pub account: u16,
    /// The perpetual.
    pub perp: u16,
    /// What the entry buys or sells.
    pub size: Size,
    /// The entry.
    pub entry: Entry,
    /// Closes it at a loss.
    pub stop: Exit,
    /// Closes it at a gain.
    pub target: Exit,
    /// Block time until which the entry waits.
    pub entry_good_till: Option<u64>,
    /// And the exits.
    pub good_till: Option<u64>,
    /// Of each of them.
    pub keeper_fee: Usd,
}

/// What people do with conditional orders on a [`Network`]; every network has it.
pub trait Conditionals: Actions {
    /// Name of the contract of a market's conditional orders.
    fn orders_contract(&self, market: &str) -> Result<String> {
        self.manifest().orders_of(market).map_err(ChainError::setup)
    }

    /// Puts sdUSD into a jar, the own one or a beneficiary's.
    fn fill_jar(
        &mut self,
        payer: &str,
        market: &str,
        amount: Usd,
        beneficiary: Option<&str>,
    ) -> Result<Answer> {
        let beneficiary = beneficiary.map(|name| self.introduce(name)).transpose()?.map(String::from);
        let contract = self.orders_contract(market)?;
        let hook = Hook::Deposit { beneficiary };
        self.send_tokens(payer, "sdusd", &contract, Amount::new(amount.raw()), &hook)
    }

    /// Takes sdUSD out of the own jar.
    fn draw_jar(&mut self, owner: &str, market: &str, amount: Usd) -> Result<Answer> {
        let contract = self.orders_contract(market)?;
        self.execute(owner, &contract, &ExecuteMsg::Withdraw { amount, recipient: None }, &[])
    }

    /// Places orders of an account.
    fn place_orders(
        &mut self,
        trader: &str,
        market: &str,
        account: u16,
        orders: Vec<NewOrder>,
        linked: bool,
    ) -> Result<Answer> {
        let wanted: Vec<_> = orders.iter().map(|order| (order.perp, order.good_till)).collect();
        let place = ExecuteMsg::Place { account, orders, linked };
        self.with_delegation(trader, market, account, &wanted, &place)
    }

    /// Places an entry with a stop and a target.
    fn place_bracket(&mut self, trader: &str, market: &str, bracket: Bracket) -> Result<Answer> {
        let Bracket { account, perp, size, entry, stop, target, entry_good_till, good_till, keeper_fee } =
            bracket;
        let place = ExecuteMsg::Bracket {
            account,
            perp,
            size,
            entry,
            stop,
            target,
            entry_good_till,
            good_till,
            keeper_fee,
        };
        self.with_delegation(trader, market, account, &[(perp, good_till)], &place)
    }

    /// A message of the owner of an account that lets the contract trade it so long, and before it the one that lets it, where it may not yet: one
    /// transaction. What else the owner has let the contract stays.
    fn with_delegation(
        &mut self,
        trader: &str,
        market: &str,
        account: u16,
        wanted: &[(u16, Option<u64>)],
        msg: &ExecuteMsg,
    ) -> Result<Answer> {
        let name = self.orders_contract(market)?;
        let contract = self.contract(&name)?;
        self.introduce(trader)?;
        let config: ConfigResponse = self.query(&name, &QueryMsg::Config {})?;
        let longest = self.now()?.saturating_add(config.params.longest_life);
        let until = wanted.iter().map(|(_, until)| until.unwrap_or(longest.saturating_add(SPARE))).max();
        let until = until.unwrap_or_default();
        let found = self.orders_delegation(trader, market, account)?;
        let mut next = found.clone().unwrap_or(Delegation {
            expires_at: 0,
            perps: Some(Vec::new()),
            most_notional: None,
            may_take: false,
        });
        next.expires_at = next.expires_at.max(until);
        if let Some(perps) = &mut next.perps {
            perps.extend(wanted.iter().map(|(perp, _)| *perp));
            perps.sort_unstable();
            perps.dedup();
            perps.truncate(MAX_PERPS);
        }
        let mut messages = Vec::new();
        if found.as_ref() != Some(&next) {
            let delegate = contract.to_string();
            let set = market::ExecuteMsg::SetDelegate { account, delegate, delegation: Some(next) };
            messages.push(Message::execute(self.contract(market)?, &set, &[])?);
        }
        messages.push(Message::execute(contract, msg, &[])?);
        self.send(trader, &messages)
    }

    /// What an account's owner lets the contract of its market's conditional orders do.
    fn orders_delegation(&self, owner: &str, market: &str, account: u16) -> Result<Option<Delegation>> {
        let delegate = self.contract(&self.orders_contract(market)?)?.into_string();
        let (market, owner) = (self.contract(market)?.into_string(), self.address(owner)?.into_string());
        self.query("lens", &lens::QueryMsg::Delegation { market, owner, account, delegate })
    }

    /// Takes own orders back.
    fn cancel_orders(&mut self, trader: &str, market: &str, ids: &[u64]) -> Result<Answer> {
        let contract = self.orders_contract(market)?;
        self.execute(trader, &contract, &ExecuteMsg::Cancel { ids: ids.to_vec() }, &[])
    }

    /// Commits orders that are due.
    fn arm_orders(&mut self, keeper: &str, market: &str, ids: &[u64]) -> Result<Answer> {
        let contract = self.orders_contract(market)?;
        self.execute(keeper, &contract, &ExecuteMsg::Arm { ids: ids.to_vec() }, &[])
    }

    /// Notes what has become of orders.
    fn sweep_orders(&mut self, keeper: &str, market: &str, ids: &[u64]) -> Result<Answer> {
        let contract = self.orders_contract(market)?;
        self.execute(keeper, &contract, &ExecuteMsg::Sweep { ids: ids.to_vec() }, &[])
    }

    /// What holds for a market's conditional orders.
    fn orders_config(&self, market: &str) -> Result<ConfigResponse> {
        self.query(&self.orders_contract(market)?, &QueryMsg::Config {})
    }

    /// One order.
    fn conditional(&self, market: &str, id: u64) -> Result<OrderResponse> {
        self.query(&self.orders_contract(market)?, &QueryMsg::Order { id })
    }

    /// All orders of an account.
    fn conditionals_of(&self, owner: &str, market: &str, account: u16) -> Result<Vec<OrderResponse>> {
        let owner = self.address(owner)?.into_string();
        let contract = self.orders_contract(market)?;
        self.pages(&contract, |last: Option<&OrderResponse>| QueryMsg::Orders {
            owner: owner.clone(),
            account,
            start_after: last.map(|order| order.id),
            limit: Some(PAGE),
        })
    }

    /// What somebody has in his jar.
    fn jar(&self, owner: &str, market: &str) -> Result<Usd> {
        let owner = self.address(owner)?.into_string();
        self.query(&self.orders_contract(market)?, &QueryMsg::Jar { owner })
    }

    /// All jars.
    fn jars(&self, market: &str) -> Result<Vec<JarResponse>> {
        let contract = self.orders_contract(market)?;
        self.pages(&contract, |last: Option<&JarResponse>| QueryMsg::Jars {
            start_after: last.map(|jar| jar.owner.clone()),
            limit: Some(PAGE),
        })
    }

    /// What the contract owes.
    fn orders_totals(&self, market: &str) -> Result<TotalsResponse> {
        self.query(&self.orders_contract(market)?, &QueryMsg::Totals {})
    }

    /// Whether an order could be placed, would be due, and would be taken by the market.
    fn preview_order(
        &self,
        owner: &str,
        market: &str,
        account: u16,
        order: NewOrder,
    ) -> Result<PreviewResponse> {
        let owner = self.address(owner)?.into_string();
        self.query(&self.orders_contract(market)?, &QueryMsg::Preview { owner, account, order })
    }

    /// All orders that `arm` would do something about.
    fn due_orders(&self, market: &str) -> Result<Vec<u64>> {
        let contract = self.orders_contract(market)?;
        let (mut due, mut start_after) = (Vec::new(), None);
        loop {
            let page: DueResponse =
                self.query(&contract, &QueryMsg::Due { start_after, limit: Some(PAGE) })?;
            due.extend(page.due);
            match page.last {
                Some(last) => start_after = Some(last),
                None => return Ok(due),
            }
        }
    }
}

impl<N: Network + ?Sized> Conditionals for N {}
