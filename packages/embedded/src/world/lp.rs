//! Liquidity providers.

use sdp_network::Actions;
use sdp_types::pool::PositionResponse;

use super::{actor, must, Actor, World};
use sdp_network::decimal::Human;

/// A liquidity provider, acting on the vault that was used last (at first the manifest's first collateral).
pub struct Lp<'w> {
    actor: Actor<'w>,
    collateral: String,
}

actor!(Lp);

impl<'w> Lp<'w> {
    pub(super) fn new(world: &'w mut World, name: &str) -> Self {
        let first = || world.manifest().collaterals.first().map(|collateral| collateral.name.clone());
        let collateral = world.vaults.get(name).cloned().or_else(first).unwrap_or_default();
        Self { actor: Actor::new(world, name), collateral }
    }

    /// From now on acts on the vault of this collateral.
    #[must_use]
    pub fn with(mut self, collateral: &str) -> Self {
        self.collateral = collateral.to_string();
        let used = (self.actor.name.clone(), self.collateral.clone());
        self.actor.world.vaults.extend([used]);
        self
    }

    /// Brings whole tokens from outside and deposits them.
    #[track_caller]
    pub fn deposits(self, amount: impl Human, collateral: &str) -> Self {
        self.puts(amount, collateral, None)
    }

    /// The same for somebody else's position.
    #[track_caller]
    pub fn deposits_for(self, beneficiary: &str, amount: impl Human, collateral: &str) -> Self {
        self.puts(amount, collateral, Some(beneficiary))
    }

    #[track_caller]
    fn puts(self, amount: impl Human, collateral: &str, beneficiary: Option<&str>) -> Self {
        let mut lp = self.with(collateral);
        let amount = lp.actor.world.whole(amount, collateral);
        let name = lp.actor.name.clone();
        if !amount.is_zero() {
            must(lp.actor.world.give(&name, collateral, amount));
        }
        lp.actor.acts(|chain, name| chain.deposit(name, collateral, amount, beneficiary));
        lp
    }

    /// Mints sdUSD.
    #[track_caller]
    pub fn mints(mut self, usd: impl Human) -> Self {
        let (amount, collateral) = (Actor::usd(usd), self.collateral.clone());
        self.actor.acts(|chain, name| chain.mint(name, &collateral, amount));
        self
    }

    /// Burns sdUSD against the own debt.
    #[track_caller]
    pub fn burns(mut self, usd: impl Human) -> Self {
        let (amount, collateral) = (Actor::usd(usd), self.collateral.clone());
        self.actor.acts(|chain, name| chain.burn(name, &collateral, amount, None));
        self
    }

    /// Asks for whole tokens of collateral back.
    #[track_caller]
    pub fn requests_exit(mut self, amount: impl Human) -> Self {
        let collateral = self.collateral.clone();
        let amount = self.actor.world.whole(amount, &collateral);
        self.actor.acts(|chain, name| chain.request_exit(name, &collateral, amount));
        self
    }

    /// Takes the request back.
    #[track_caller]
    pub fn cancels_exit(mut self) -> Self {
        let collateral = self.collateral.clone();
        self.actor.acts(|chain, name| chain.cancel_exit(name, &collateral));
        self
    }

    /// Executes the own request.
    #[track_caller]
    pub fn exits(mut self) -> Self {
        let collateral = self.collateral.clone();
        self.actor.acts(|chain, name| chain.execute_exit(name, &collateral, name));
        self
    }

    /// Sells sdUSD at par.
    #[track_caller]
    pub fn sells_sdusd_to(mut self, trader: &str, usd: impl Human) -> Self {
        let amount = Actor::usd(usd);
        self.actor.acts(|chain, name| chain.sell_sdusd(name, trader, amount));
        self
    }

    /// The position as the pool shows it.
    #[track_caller]
    pub fn position(&self) -> PositionResponse {
        must(self.actor.world.position(&self.actor.name, &self.collateral))
    }
}
