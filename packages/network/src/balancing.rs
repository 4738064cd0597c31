//! What providers do with the balancer, by name and in exact units, and those who keep them at their ratios.

use cw20::Cw20ExecuteMsg;
use sdp_types::balancer::{
    BalancePreview, Balancing, ExecuteMsg, Hook, MeansResponse, QueryMsg, RuleResponse, StandingResponse,
};
use sdp_types::pool;
use sdp_types::units::{Amount, Ratio, Usd};

use crate::actions::{Actions, PAGE};
use crate::error::Result;
use crate::message::{Answer, Message};
use crate::network::Network;

/// What people do with the balancer on a [`Network`]; every network has it.
pub trait Balancers: Actions {
    /// Says at which ratio the own position is to be kept, lets the balancer spend so much more of the own sdUSD, and makes it the own minter
    /// where it is not: one transaction.
    fn keep_at(&mut self, owner: &str, collateral: &str, rule: Balancing, allow: Usd) -> Result<Answer> {
        let (pool, sdusd, balancer) =
            (self.contract("pool")?, self.contract("sdusd")?, self.contract("balancer")?);
        let vault = self.vault(collateral)?;
        self.introduce(owner)?;
        let mut messages = Vec::new();
        if !self.balancing_means(owner)?.mints {
            let minter = Some(balancer.to_string());
            messages.push(Message::execute(pool, &pool::ExecuteMsg::SetMinter { minter }, &[])?);
        }
        if !allow.is_zero() {
            let (spender, amount) = (balancer.to_string(), allow.raw().into());
            let allow = Cw20ExecuteMsg::IncreaseAllowance { spender, amount, expires: None };
            messages.push(Message::execute(sdusd, &allow, &[])?);
        }
        let rule = Some(rule);
        messages.push(Message::execute(balancer, &ExecuteMsg::Set { vault, rule }, &[])?);
        self.send(owner, &messages)
    }

    /// The own position is not kept any more. Where it was the last, the balancer is not the own minter any more, and may spend nothing: one
    /// transaction.
    fn stop_keeping(&mut self, owner: &str, collateral: &str) -> Result<Answer> {
        let (vault, others) = (self.vault(collateral)?, self.manifest().collaterals.len());
        let balancer = self.contract("balancer")?;
        let set = ExecuteMsg::Set { vault, rule: None };
        let mut messages = vec![Message::execute(balancer.clone(), &set, &[])?];
        let mut kept = false;
        for other in (0..).take(others).filter(|other| *other != vault) {
            kept |= self.balancing_rule(owner, other)?.is_some();
        }
        let means = self.balancing_means(owner)?;
        if !kept && means.mints {
            let stop = pool::ExecuteMsg::SetMinter { minter: None };
            messages.push(Message::execute(self.contract("pool")?, &stop, &[])?);
        }
        if !kept && !means.allowed.is_zero() {
            let (spender, amount) = (balancer.into_string(), means.allowed.raw().into());
            let stop = Cw20ExecuteMsg::DecreaseAllowance { spender, amount, expires: None };
            messages.push(Message::execute(self.contract("sdusd")?, &stop, &[])?);
        }
        self.send(owner, &messages)
    }

    /// Brings a position to its target.
    fn balance_position(&mut self, sender: &str, collateral: &str, owner: &str) -> Result<Answer> {
        let owner = self.introduce(owner)?.into_string();
        let msg = ExecuteMsg::Balance { vault: self.vault(collateral)?, owner };
        self.execute(sender, "balancer", &msg, &[])
    }

    /// Burns own sdUSD for a position, one's own or somebody's, until it is at a target; what is more comes back.
    fn relieve(
        &mut self,
        payer: &str,
        collateral: &str,
        amount: Usd,
        owner: Option<&str>,
        target: Option<Ratio>,
    ) -> Result<Answer> {
        let owner = owner.map(|name| self.introduce(name)).transpose()?.map(String::from);
        let hook = Hook::Balance { vault: self.vault(collateral)?, owner, target };
        self.send_tokens(payer, "sdusd", "balancer", Amount::new(amount.raw()), &hook)
    }

    /// At which ratio an owner wants a position kept.
    fn balancing_rule(&self, owner: &str, vault: u8) -> Result<Option<Balancing>> {
        let owner = self.address(owner)?.into_string();
        self.query("balancer", &QueryMsg::Rule { vault, owner })
    }

    /// All rules of a vault.
    fn balancing_rules(&self, vault: u8) -> Result<Vec<RuleResponse>> {
        self.pages("balancer", |last: Option<&RuleResponse>| QueryMsg::Rules {
            vault,
            start_after: last.map(|rule| rule.owner.clone()),
            limit: Some(PAGE),
        })
    }

    /// What the balancer may do for an owner.
    fn balancing_means(&self, owner: &str) -> Result<MeansResponse> {
        let owner = self.address(owner)?.into_string();
        self.query("balancer", &QueryMsg::Means { owner })
    }

    /// Where a position is in its band.
    fn balancing_standing(&self, owner: &str, collateral: &str) -> Result<StandingResponse> {
        let owner = self.address(owner)?.into_string();
        self.query("balancer", &QueryMsg::Position { vault: self.vault(collateral)?, owner })
    }

    /// What balancing would do if `by` sent it.
    fn preview_balance(&self, owner: &str, collateral: &str, by: &str) -> Result<BalancePreview> {
        let (owner, by) = (self.address(owner)?.into_string(), self.address(by)?.into_string());
        self.query("balancer", &QueryMsg::Preview { vault: self.vault(collateral)?, owner, by })
    }
}

impl<N: Network + ?Sized> Balancers for N {}
