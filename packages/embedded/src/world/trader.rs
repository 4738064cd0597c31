//! Traders.

use sdp_network::Actions;
use sdp_types::market::{AccountResponse, PositionResponse, TradePreview};
use sdp_types::units::{Price, Size};

use super::{actor, must, size, Actor, World};
use sdp_network::actions::Order;
use sdp_network::decimal::Human;

/// A trader, acting on an account of one market: number 0 of the manifest's first, until told otherwise.
pub struct Trader<'w> {
    actor: Actor<'w>,
    market: String,
    account: u16,
    limit: Option<Price>,
    expires_in: Option<u64>,
}

actor!(Trader);

impl<'w> Trader<'w> {
    pub(super) fn new(world: &'w mut World, name: &str) -> Self {
        let actor = Actor::new(world, name);
        Self { actor, market: "market".into(), account: 0, limit: None, expires_in: None }
    }

    /// From now on acts on this account.
    #[must_use]
    pub fn account(mut self, number: u16) -> Self {
        self.account = number;
        self
    }

    /// From now on pays margin into and out of this market contract.
    #[must_use]
    pub fn on(mut self, market: &str) -> Self {
        self.market = market.to_string();
        self
    }

    /// The next orders carry this limit price.
    #[must_use]
    #[track_caller]
    pub fn at_most(mut self, price: &str) -> Self {
        self.limit = Some(must(price.parse()));
        self
    }

    /// The next orders carry this limit price.
    #[must_use]
    #[track_caller]
    pub fn at_least(self, price: &str) -> Self {
        self.at_most(price)
    }

    /// The next orders expire after so many seconds.
    #[must_use]
    pub fn expiring_in(mut self, seconds: u64) -> Self {
        self.expires_in = Some(seconds);
        self
    }

    /// Pays margin in.
    #[track_caller]
    pub fn funds_margin(mut self, usd: impl Human) -> Self {
        let (amount, market, account) = (Actor::usd(usd), self.market.clone(), self.account);
        self.actor.acts(|chain, name| chain.deposit_margin(name, &market, account, amount, None));
        self
    }

    /// Pays margin into somebody else's account.
    #[track_caller]
    pub fn funds_margin_of(mut self, owner: &str, usd: impl Human) -> Self {
        let (amount, market, account) = (Actor::usd(usd), self.market.clone(), self.account);
        self.actor.acts(|chain, name| chain.deposit_margin(name, &market, account, amount, Some(owner)));
        self
    }

    /// Takes margin out.
    #[track_caller]
    pub fn withdraws(mut self, usd: impl Human) -> Self {
        let (amount, market, account) = (Actor::usd(usd), self.market.clone(), self.account);
        self.actor.acts(|chain, name| chain.withdraw_margin(name, &market, account, amount));
        self
    }

    /// Commits an order to buy whole units, on the perpetual of this name or feed.
    #[track_caller]
    pub fn buys(self, units: impl Human, perp: &str) -> Self {
        self.commits(size(units), perp)
    }

    /// Commits an order to sell whole units.
    #[track_caller]
    pub fn sells(self, units: impl Human, perp: &str) -> Self {
        self.commits(must(size(units).negate()), perp)
    }

    /// Commits an order against the whole position.
    #[track_caller]
    pub fn closes(self, perp: &str) -> Self {
        let held = self.position(perp).map(|position| position.size).unwrap_or_default();
        self.commits(must(held.negate()), perp)
    }

    /// Commits an order.
    #[track_caller]
    pub fn commits(mut self, size: Size, perp: &str) -> Self {
        let (market, number) = must(self.actor.world.perp(perp));
        let order = Order {
            account: self.account,
            size,
            limit_price: self.limit,
            expires_in: self.expires_in,
            ..Order::default()
        };
        self.actor.acts(|chain, name| chain.commit(name, &market, number, &order));
        self
    }

    /// Takes an order back.
    #[track_caller]
    pub fn cancels(mut self, perp: &str, order: u64) -> Self {
        let (market, number) = must(self.actor.world.perp(perp));
        self.actor.acts(|chain, name| chain.cancel(name, &market, number, order));
        self
    }

    /// The account as the market shows it.
    #[track_caller]
    pub fn state(&self) -> AccountResponse {
        must(self.actor.world.account(&self.actor.name, &self.market, self.account))
    }

    /// The position in a perpetual, if there is one.
    #[track_caller]
    pub fn position(&self, perp: &str) -> Option<PositionResponse> {
        let (market, number) = must(self.actor.world.perp(perp));
        let account = must(self.actor.world.account(&self.actor.name, &market, self.account));
        account.positions.into_iter().find(|position| position.perp == number)
    }

    /// What an order would do now.
    #[track_caller]
    pub fn previews(&self, units: impl Human, perp: &str) -> TradePreview {
        let (market, number) = must(self.actor.world.perp(perp));
        let (world, owner) = (&self.actor.world, &self.actor.name);
        must(world.preview_trade(owner, &market, self.account, number, size(units)))
    }
}
