//! Before the first bar: providers deposit and mint, the insurance fund gets its seed, traders and keepers buy sdUSD at par.

use anyhow::Result;
use sdp_embedded::Actions;
use sdp_network::Network;
use sdp_types::lens;
use sdp_types::pool::LimitResponse;
use sdp_types::reserve::Then;
use sdp_types::Usd;

use super::num::{amount, of_usd, usd};
use super::replay::Replay;
use super::world::{decimals, MARKET, POOL};

/// Who seeds the insurance fund.
pub const TREASURY: &str = "treasury";
/// With so much, a part of W.
const SEED: f64 = 0.005;
/// Least amount of sdUSD that is worth a message, USD.
const LEAST: f64 = 50.0;

impl Replay {
    /// Everything before the first bar.
    pub(super) fn open(&mut self) -> Result<()> {
        let rows = self.universe.warm_rows();
        let Some(row) = rows.last().cloned() else { return Ok(()) };
        self.wait_until(row.time)?;
        self.publish(&row)?;
        let there: Vec<usize> =
            (0..self.people.providers.len()).filter(|n| self.people.providers[*n].joins == 0).collect();
        for provider in &there {
            self.deposit_first(*provider)?;
        }
        // nobody can mint before there is enough free collateral for all credit lines
        for provider in there {
            let Some(one) = self.people.providers.get(provider) else { continue };
            let (vault, aim) = (one.vault, one.aim);
            let value = one.tokens * (1.0 - one.spare) * self.price(self.asset_of(vault));
            let wanted = value / (aim * self.ratios(vault).issuance);
            self.mint(provider, wanted)?;
        }
        let got = self.buy(TREASURY, SEED * POOL)?;
        let sent = self.chain.insure(TREASURY, usd(got));
        if self.tell(sent)?.is_some() {
            self.insured = got;
        }
        for trader in 0..self.people.traders.len() {
            let stake = self.people.traders.get(trader).map_or(0.0, |one| one.stake);
            self.pay_in(trader, stake)?;
        }
        for keeper in self.people.keepers.clone() {
            self.buy(&keeper.name, keeper.capital)?;
        }
        self.keep()?;
        self.note(row.time)
    }

    /// Gives a provider all collateral that he will ever have, and puts in what he does not keep spare.
    pub(super) fn deposit_first(&mut self, provider: usize) -> Result<()> {
        let Some(one) = self.people.providers.get(provider).cloned() else { return Ok(()) };
        let (collateral, decimals) =
            (self.collateral(one.vault), decimals(&self.universe, self.asset_of(one.vault)));
        self.chain.give(&one.name, &collateral, amount(one.tokens, decimals))?;
        let first = amount(one.tokens * (1.0 - one.spare), decimals);
        let sent = self.chain.deposit(&one.name, &collateral, first, None);
        self.tell(sent).map(drop)
    }

    /// Mints as much of `wanted` as there is room for, and offers it.
    pub(super) fn mint(&mut self, provider: usize, wanted: f64) -> Result<()> {
        let Some(one) = self.people.providers.get(provider).cloned() else { return Ok(()) };
        let vault = u8::try_from(one.vault)?;
        let ask = lens::QueryMsg::MaximumMint { vault, owner: one.address };
        // without a good price there is no answer
        let most = self.look(|chain| chain.query::<LimitResponse>("lens", &ask));
        let most = most.map_or(Usd::ZERO, |limit| limit.amount);
        let minted = usd(wanted).min(most);
        if of_usd(minted) < LEAST {
            return Ok(());
        }
        let collateral = self.collateral(one.vault);
        let sent = self.chain.mint(&one.name, &collateral, minted);
        if self.tell(sent)?.is_some() {
            self.offer(&one.name);
        }
        Ok(())
    }

    /// Somebody has sdUSD to sell.
    pub(super) fn offer(&mut self, name: &str) {
        if !self.offers.iter().any(|seller| seller == name) {
            self.offers.push_back(name.to_string());
        }
    }

    /// What somebody holds of sdUSD.
    pub(super) fn wallet(&self, name: &str) -> Result<Usd> {
        Ok(Usd::new(self.chain.balance(name, "sdusd")?.raw()))
    }

    /// Buys sdUSD at par from those who offer it, first come, first served. How much there was, USD.
    pub(super) fn buy(&mut self, buyer: &str, wanted: f64) -> Result<f64> {
        self.offers.retain(|seller| seller != buyer);
        let (wanted, mut bought) = (usd(wanted), Usd::ZERO);
        while bought < wanted {
            let Some(seller) = self.offers.front().cloned() else { break };
            let there = self.wallet(&seller)?;
            let part = there.min(wanted.minus(bought)?);
            if !part.is_zero() {
                let sent = self.chain.sell_sdusd(&seller, buyer, part);
                if self.tell(sent)?.is_some() {
                    bought = bought.plus(part)?;
                }
            }
            if part == there {
                self.offers.pop_front();
            }
        }
        Ok(of_usd(bought))
    }

    /// A trader pays margin in: with USDC in one message where he comes with that, else he buys sdUSD.
    pub(super) fn pay_in(&mut self, trader: usize, wanted: f64) -> Result<()> {
        let Some(one) = self.people.traders.get(trader).cloned() else { return Ok(()) };
        if one.dollars {
            let market = self.chain.contract(MARKET)?.into_string();
            let then = Then::Margin { market, beneficiary: None, account: one.account };
            let paid = self.swap_in(&one.name, wanted, Some(then))?;
            if paid > 0.0 {
                if let Some(one) = self.people.traders.get_mut(trader) {
                    one.paid_in += paid;
                }
                return Ok(());
            }
        }
        let bought = self.buy(&one.name, wanted)?;
        let paid = self.wallet(&one.name)?;
        if of_usd(paid) < LEAST {
            return Ok(());
        }
        let sent = self.chain.deposit_margin(&one.name, MARKET, one.account, paid, None);
        if self.tell(sent)?.is_some() {
            if let Some(one) = self.people.traders.get_mut(trader) {
                one.paid_in += of_usd(paid);
                one.reserve = (one.reserve - (bought - one.stake).max(0.0)).max(0.0);
            }
        }
        Ok(())
    }
}
