//! What holders of synthetics do at a bar, and what keepers do for them.

use std::collections::BTreeMap;

use anyhow::Result;
use sdp_embedded::actions::Order;
use sdp_embedded::{Actions, Swapping, Synthetics};
use sdp_network::Network;
use sdp_types::market::AccountResponse;
use sdp_types::reserve::Then;
use sdp_types::spot::{self, BuyExact, OrderKind, OrderResponse, SellExact, SyntheticResponse};
use sdp_types::{Amount, Size, Usd};

use super::holders::{Held, Holder, Move, Plan};
use super::num::{of_amount, of_price, of_signed, of_size, of_usd, of_wide, size, usd};
use super::replay::Replay;
use super::tokens::DECIMALS;
use super::world::MARKET;

/// Orders in one settlement.
const SETTLED: u32 = 50;
/// Least claim that is worth a message, USD.
const LEAST: f64 = 50.0;

/// What one base unit of a synthetic is owed, whole units of the asset.
pub fn unit(synthetic: &SyntheticResponse) -> f64 {
    of_wide(synthetic.redemption, 27) / 10f64.powi(i32::from(DECIMALS))
}

/// Value of tokens at the index, USD.
pub fn value_of(synthetic: &SyntheticResponse, tokens: Amount) -> f64 {
    of_amount(tokens, 0) * unit(synthetic) * of_price(synthetic.index)
}

/// What an order that waits has locked: sdUSD, and tokens.
pub fn locked(order: &OrderResponse) -> (Usd, Amount) {
    match order.kind {
        OrderKind::BuyFor { paid, .. } | OrderKind::BuyExactly { paid, .. } => (paid, Amount::ZERO),
        OrderKind::SellAll { amount, .. } | OrderKind::SellFor { amount, .. } => (Usd::ZERO, amount),
    }
}

impl Replay {
    /// Keepers settle what waits, and turn funding into quantities.
    pub(super) fn keep_synthetics(&mut self) -> Result<()> {
        for known in self.look(|chain| chain.synthetics())? {
            let mut waiting = known.next_order.saturating_sub(known.next_settled);
            while waiting > 0 {
                let keeper = self.keeper();
                let sent = self.chain.settle_synthetic(&keeper, known.synthetic, SETTLED);
                if self.tell(sent)?.is_none() {
                    break;
                }
                waiting = waiting.saturating_sub(SETTLED.into());
            }
        }
        Ok(())
    }

    /// Keepers turn funding into quantities.
    pub(super) fn carry_funding(&mut self) -> Result<()> {
        let keeper = self.keeper();
        let sent = self.chain.poke_synthetics(&keeper);
        self.tell(sent).map(drop)
    }

    /// All orders for synthetics that wait.
    pub(super) fn synthetic_orders(&self) -> Result<Vec<OrderResponse>> {
        let mut all = Vec::new();
        for (number, known) in (0..).zip(&self.synthetics) {
            if known.next_order > known.next_settled {
                all.extend(self.chain.synthetic_orders(number)?);
            }
        }
        Ok(all)
    }

    /// Holders see what they have; whoever is owed something collects it.
    pub(super) fn look_at_holders(&mut self, accounts: &[AccountResponse]) -> Result<()> {
        self.synthetics = self.look(|chain| chain.synthetics())?;
        let mut waiting: BTreeMap<String, u32> = BTreeMap::new();
        for order in self.synthetic_orders()? {
            *waiting.entry(order.owner).or_default() += 1;
        }
        let accounts: BTreeMap<&str, &AccountResponse> =
            accounts.iter().map(|account| (account.owner.as_str(), account)).collect();
        for n in 0..self.people.holders.len() {
            let Some(one) = self.people.holders.get(n) else { continue };
            let token = self.chain.token_of_synthetic(u16::try_from(one.synthetic)?)?;
            let (tokens, cash) = (self.chain.balance(&one.name, &token)?, self.wallet(&one.name)?);
            let unit = self.synthetics.get(one.synthetic).map_or(0.0, unit);
            let account = accounts.get(one.address.as_str());
            let own =
                |position: &&sdp_types::market::PositionResponse| usize::from(position.perp) == one.synthetic;
            let position = account.and_then(|account| account.positions.iter().find(own));
            let seen = Held {
                tokens,
                quantity: of_amount(tokens, 0) * unit,
                cash: of_usd(cash),
                equity: account.map_or(0.0, |account| of_signed(account.equity)),
                position: position.map_or(0.0, |position| of_size(position.size)),
                orders: waiting.get(&one.address).copied().unwrap_or_default()
                    + account.map_or(0, |account| account.orders),
            };
            if let Some(one) = self.people.holders.get_mut(n) {
                one.seen = seen;
            }
        }
        self.collect()
    }

    fn collect(&mut self) -> Result<()> {
        let claims = self.look(|chain| chain.synthetic_claims())?;
        let due = |owner: &str| claims.iter().any(|one| one.owner == owner && of_usd(one.amount) >= LEAST);
        let holders = self.people.holders.iter().map(|one| (&one.name, &one.address));
        let keepers = self.people.keepers.iter().map(|one| (&one.name, &one.address));
        let names: Vec<String> = holders
            .chain(keepers)
            .filter(|(_, address)| due(address))
            .map(|(name, _)| name.clone())
            .collect();
        for name in names {
            let sent = self.chain.collect_synthetic(&name, None, None);
            self.tell(sent)?;
        }
        Ok(())
    }

    /// Every holder acts, or does not.
    pub(super) fn holders_act(&mut self) -> Result<()> {
        for n in 0..self.people.holders.len() {
            let Some(one) = self.people.holders.get(n).cloned() else { continue };
            let asset = self.universe.perps.get(one.synthetic).copied().unwrap_or_default();
            let price = self.price(asset);
            if self.bar < one.joins {
                continue;
            }
            if self.bar == one.joins {
                self.enter(&one)?;
            }
            let Some(moves) = self.people.holders.get_mut(n).map(|one| one.moves(price)) else { continue };
            match moves {
                Move::Stay => {}
                Move::Buy => self.buy_tokens(&one)?,
                Move::Sell => {
                    // at any price: who sells in a crash wants out
                    let exact = SellExact::In { least: Some(Usd::ZERO) };
                    let number = u16::try_from(one.synthetic)?;
                    let sent = self.chain.sell_synthetic(&one.name, number, one.seen.tokens, exact);
                    self.tell(sent)?;
                }
                Move::Hedge(units) => self.hedge(&one, units)?,
            }
        }
        Ok(())
    }

    /// Comes with what he begins with: sdUSD for tokens, and margin where a perpetual hedges them.
    fn enter(&mut self, one: &Holder) -> Result<()> {
        let tokens = one.plan.tokens_part() * one.stake;
        let got = if one.dollars { self.swap_in(&one.name, tokens, None)? } else { 0.0 };
        if got == 0.0 {
            self.buy(&one.name, tokens)?;
        }
        if one.plan == Plan::Hedge {
            self.margin_of(one, one.stake - tokens)?;
        }
        Ok(())
    }

    /// Margin for a hedge: with USDC in one message, or bought from who offers sdUSD.
    fn margin_of(&mut self, one: &Holder, wanted: f64) -> Result<()> {
        let market = self.chain.contract(MARKET)?.into_string();
        let then = Then::Margin { market, beneficiary: None, account: 0 };
        if one.dollars && self.swap_in(&one.name, wanted, Some(then))? > 0.0 {
            return Ok(());
        }
        let bought = usd(self.buy(&one.name, wanted)?);
        if !bought.is_zero() {
            let sent = self.chain.deposit_margin(&one.name, MARKET, 0, bought, None);
            self.tell(sent)?;
        }
        Ok(())
    }

    fn buy_tokens(&mut self, one: &Holder) -> Result<()> {
        let paid = self.wallet(&one.name)?;
        if of_usd(paid) < LEAST {
            return Ok(());
        }
        let number = u16::try_from(one.synthetic)?;
        let sent = self.chain.buy_synthetic(&one.name, number, paid, BuyExact::In { least: None });
        self.tell(sent).map(drop)
    }

    fn hedge(&mut self, one: &Holder, units: f64) -> Result<()> {
        let size = size(units);
        if size == Size::ZERO {
            return Ok(());
        }
        let order = Order { size, ..Order::default() };
        let sent = self.chain.commit(&one.name, MARKET, u16::try_from(one.synthetic)?, &order);
        self.tell(sent).map(drop)
    }

    /// What the reserve has, USD: USDC at its book's value, and sdUSD.
    pub(super) fn in_reserve(&mut self) -> Result<(f64, f64)> {
        let totals = self.look(|chain| chain.reserve_totals())?;
        Ok((of_usd(totals.value), of_usd(totals.held)))
    }

    /// What the tokens of each synthetic are worth now, USD.
    pub(super) fn owed_by_synthetic(&mut self) -> Result<Vec<f64>> {
        let found: Vec<SyntheticResponse> =
            self.look(|chain| chain.query("spot", &spot::QueryMsg::Synthetics {}))?;
        Ok(found.iter().map(|known| value_of(known, known.supply)).collect())
    }

    /// What a holder has now less what he began with, USD.
    pub(super) fn gain(&self, one: &Holder) -> f64 {
        if self.bar <= one.joins {
            return 0.0;
        }
        let asset = self.universe.perps.get(one.synthetic).copied().unwrap_or_default();
        one.seen.quantity * self.price(asset) + one.seen.cash + one.seen.equity - one.stake
    }
}
