//! What people do at a bar, once the keepers are done.

use anyhow::Result;
use rand::Rng;
use sdp_embedded::actions::Order;
use sdp_embedded::{events, Actions};
use sdp_types::events::{ExitLapsed, Exited};
use sdp_types::market::PerpResponse;
use sdp_types::reserve::Then;
use sdp_types::units::DAY;
use sdp_types::{Ratio, Rounding, Size, Usd};

use super::num::{amount, of_rate, of_ratio, of_signed_ratio, of_size, of_usd, ratio, size, usd};
use super::providers::{Act, Exit, Provider, Ratios};
use super::replay::Replay;
use super::traders::{volatility, Sight, Wish};
use super::world::{decimals, DOLLAR_RATIOS, ISSUANCE, LIQUIDATION, MARKET};

/// Bars over which traders measure volatility.
const MEASURED: usize = 48;
/// A provider who leaves burns so much more than is owed, a part of the collateral's value: what is too much comes back.
const CUSHION: f64 = 0.01;
/// Codes that mean: not yet.
const LATER: [&str; 2] = ["E0311", "E0323"];

impl Replay {
    /// Ratios of a vault.
    pub(super) fn ratios(&self, vault: usize) -> Ratios {
        let dollar = vault + 1 == self.universe.collaterals.len();
        let (issuance, liquidation) = if dollar { DOLLAR_RATIOS } else { (ISSUANCE, LIQUIDATION) };
        Ratios { issuance, liquidation }
    }

    /// Every provider looks, or does not.
    pub(super) fn providers_act(&mut self) -> Result<()> {
        for n in 0..self.people.providers.len() {
            let Some(one) = self.people.providers.get(n).cloned() else { continue };
            if one.joins > 0 && one.joins == self.bar {
                self.deposit_first(n)?;
            }
            let Some(holding) = self.holdings.get(n).copied().flatten() else { continue };
            if let Exit::Asked(ready_at) = one.exit {
                if self.chain.now() >= ready_at {
                    self.execute_exit(n)?;
                }
                continue;
            }
            let collateral = self.collateral(one.vault);
            match one.acts(self.bar, holding, self.ratios(one.vault), &mut self.rng) {
                Act::Nothing => {}
                Act::Mint(wanted) => self.mint(n, wanted)?,
                Act::Repay(wanted) => self.repay(&one, wanted)?,
                Act::Add => {
                    let spare = self.chain.balance(&one.name, &collateral)?;
                    let sent = self.chain.deposit(&one.name, &collateral, spare, None);
                    self.tell(sent)?;
                    if let Some(one) = self.people.providers.get_mut(n) {
                        one.spare = 0.0;
                    }
                }
                Act::Leave => {
                    self.repay(&one, holding.debt + CUSHION * holding.value)?;
                    let all = amount(one.tokens, decimals(&self.universe, self.asset_of(one.vault)));
                    let sent = self.chain.request_exit(&one.name, &collateral, all);
                    if self.tell(sent)?.is_some() {
                        let ready_at = self.chain.now() + self.times.exit;
                        self.set_exit(n, Exit::Asked(ready_at));
                    }
                }
            }
        }
        Ok(())
    }

    fn set_exit(&mut self, provider: usize, exit: Exit) {
        if let Some(one) = self.people.providers.get_mut(provider) {
            one.exit = exit;
        }
    }

    /// Burns own sdUSD, and what comes of USDC in one message or can be bought.
    fn repay(&mut self, one: &Provider, wanted: f64) -> Result<()> {
        let (name, collateral) = (&one.name, self.collateral(one.vault));
        let own = of_usd(self.wallet(name)?);
        if own < wanted {
            let then = Then::Burn { vault: u8::try_from(one.vault)?, owner: None };
            if !one.dollars || self.swap_in(name, wanted - own, Some(then))? == 0.0 {
                self.buy(name, wanted - own)?;
            }
        }
        let burnt = usd(wanted).min(self.wallet(name)?);
        if burnt < Usd::whole(1) {
            return Ok(());
        }
        let sent = self.chain.burn(name, &collateral, burnt, None);
        self.tell(sent).map(drop)
    }

    fn execute_exit(&mut self, provider: usize) -> Result<()> {
        let Some(one) = self.people.providers.get(provider).cloned() else { return Ok(()) };
        let keeper = self.keeper();
        let sent = self.chain.execute_exit(&keeper, &self.collateral(one.vault), &one.name);
        let code = sent.as_ref().err().and_then(|error| error.code.clone());
        let Some(answer) = self.tell(sent)? else {
            if !code.is_some_and(|code| LATER.contains(&code.as_str())) {
                // debt came back, or the pool needs the collateral: stays as it is
                self.give_up(provider);
            }
            return Ok(());
        };
        if events::<ExitLapsed>(&answer)?.is_empty() && !events::<Exited>(&answer)?.is_empty() {
            self.set_exit(provider, Exit::Gone);
            self.offer(&one.name);
        } else {
            self.give_up(provider);
        }
        Ok(())
    }

    fn give_up(&mut self, provider: usize) {
        if let Some(one) = self.people.providers.get_mut(provider) {
            (one.exit, one.leaves) = (Exit::None, None);
        }
    }

    /// Every trader acts, or does not.
    pub(super) fn traders_act(&mut self) -> Result<()> {
        let closes = self.closes.clone();
        let market = self.chain.manifest().market(MARKET)?;
        let slippage = of_ratio(market.maximum_slippage);
        // the most that an order locks for its fee, and for insurance: a shortfall of three tenths of the notional
        let fee = 2.0 * of_ratio(market.fee) * of_ratio(market.responses.fee)
            + of_ratio(market.insurance.leverage)
            + 0.3 * of_ratio(market.insurance.shortfall);
        let days = self.times.step as f64 / DAY as f64;
        let (velocity, most) = (of_rate(market.funding.velocity), of_rate(market.funding.rate_cap));
        // the mean rate until the next bar if the premium stays: the integral grows by v·π a day
        let expected = |known: &PerpResponse| {
            let grown = velocity * of_signed_ratio(known.premium) * days / 2.0;
            (of_rate(known.funding_rate) + grown).clamp(-most, most)
        };
        let sight = |(perp, asset): (usize, &usize)| {
            let closes = closes.get(*asset).map_or(&[][..], Vec::as_slice);
            let known = self.perps.get(perp);
            let volatility = volatility(closes, MEASURED);
            Sight {
                closes,
                volatility,
                daily: volatility / days.sqrt(),
                funding: known.map_or(0.0, expected),
                skew: known.map_or(0.0, |known| of_size(known.skew)),
                initial_margin: known.map_or(1.0, |known| of_ratio(known.initial_margin)),
                slippage,
                fee,
            }
        };
        let sights: Vec<Sight<'_>> = self.universe.perps.iter().enumerate().map(sight).collect();
        let count = self.people.traders.len();
        for n in 0..count {
            // nobody is always first
            let n = (n + self.bar * 7) % count;
            let active = self.people.traders.get(n).map_or(0.0, |one| one.activity);
            if self.rng.gen::<f64>() < active {
                self.trader_acts(n, &sights)?;
            }
        }
        Ok(())
    }

    fn trader_acts(&mut self, trader: usize, sights: &[Sight<'_>]) -> Result<()> {
        let Some(one) = self.people.traders.get(trader).cloned() else { return Ok(()) };
        if one.seen.equity < 0.25 * one.stake && one.reserve > 0.2 * one.stake {
            let more = one.stake.min(one.reserve);
            if let Some(one) = self.people.traders.get_mut(trader) {
                one.reserve -= more;
            }
            return self.pay_in(trader, more);
        }
        if one.seen.withdrawable > 0.8 * one.stake && one.seen.equity > 1.5 * one.stake {
            return self.take_out(trader, 0.5 * one.seen.withdrawable);
        }
        let perp = one.perps.get(self.rng.gen_range(0..one.perps.len().max(1))).copied().unwrap_or_default();
        let Some(sight) = sights.get(perp) else { return Ok(()) };
        let Some(wish) = one.wish(perp, sight, &mut self.rng) else { return Ok(()) };
        let (position, index) = match self.perps.get(perp) {
            Some(known) if known.tradable || !one.seen.position(perp).is_zero() => {
                (one.seen.position(perp), known.index)
            }
            _ => return Ok(()),
        };
        let (size, limit_price) = match wish {
            Wish::Close => (position.negate()?, None),
            Wish::Reduce(units) => (size(units), None),
            Wish::Grow(units, slip) => {
                let worst = if units > 0.0 {
                    Ratio::ONE.plus(ratio(slip))?
                } else {
                    Ratio::ONE.minus(ratio(slip))?
                };
                (size(units), Some(index.scale(worst, Rounding::Down)?))
            }
        };
        if size == Size::ZERO {
            return Ok(());
        }
        let order = Order { account: one.account, size, limit_price, ..Order::default() };
        let sent = self.chain.commit(&one.name, MARKET, u16::try_from(perp)?, &order);
        self.tell(sent).map(drop)
    }

    /// A winner takes some out: for USDC where he came with that, or offers it.
    fn take_out(&mut self, trader: usize, wanted: f64) -> Result<()> {
        let Some(one) = self.people.traders.get(trader).cloned() else { return Ok(()) };
        let taken = usd(wanted);
        let sent = self.chain.withdraw_margin(&one.name, MARKET, one.account, taken);
        if self.tell(sent)?.is_some() {
            if let Some(one) = self.people.traders.get_mut(trader) {
                one.paid_in -= of_usd(taken);
            }
            if one.dollars {
                self.swap_out(&one.name, taken)?;
            }
            if !self.wallet(&one.name)?.is_zero() {
                self.offer(&one.name);
            }
        }
        Ok(())
    }
}
