//! Who swaps at the par reserve.

use sdp_network::{Actions, Swapping};
use sdp_types::reserve::{Then, TokenResponse};
use sdp_types::units::Ratio;

use super::{actor, must, Actor, World};
use sdp_network::decimal::Human;

/// Anyone who swaps dollar tokens with sdUSD.
pub struct Swapper<'w> {
    actor: Actor<'w>,
    then: Option<Then>,
    accepted_haircut: Option<Ratio>,
}

actor!(Swapper);

impl<'w> Swapper<'w> {
    pub(super) fn new(world: &'w mut World, name: &str) -> Self {
        Self { actor: Actor::new(world, name), then: None, accepted_haircut: None }
    }

    /// What becomes of the sdUSD of the next swap in.
    #[must_use]
    pub fn then(mut self, then: Then) -> Self {
        self.then = Some(then);
        self
    }

    /// Accepts that so much of the next swap out is kept for bad debt.
    #[must_use]
    pub fn accepts(mut self, haircut: Ratio) -> Self {
        self.accepted_haircut = Some(haircut);
        self
    }

    /// Brings whole tokens from outside and swaps them for sdUSD.
    #[track_caller]
    pub fn swaps_in(mut self, amount: impl Human, collateral: &str) -> Self {
        let amount = self.actor.world.whole(amount, collateral);
        let (name, then) = (self.actor.name.clone(), self.then.take());
        if !amount.is_zero() {
            must(self.actor.world.give(&name, collateral, amount));
        }
        self.actor.acts(|chain, name| chain.swap_in(name, collateral, amount, None, then));
        self
    }

    /// Swaps sdUSD for tokens.
    #[track_caller]
    pub fn swaps_out(mut self, usd: impl Human, collateral: &str) -> Self {
        let (amount, accepted) = (Actor::usd(usd), self.accepted_haircut.take());
        self.actor.acts(|chain, name| chain.swap_out(name, collateral, amount, None, accepted));
        self
    }

    /// Values a token again.
    #[track_caller]
    pub fn revalues(mut self, collateral: &str) -> Self {
        self.actor.acts(|chain, name| chain.revalue(name, collateral));
        self
    }

    /// A token of the reserve now.
    #[track_caller]
    pub fn sees(&self, collateral: &str) -> TokenResponse {
        let world = &self.actor.world;
        let number = must(world.reserve_token(collateral));
        must(world.reserve_tokens()).remove(usize::from(number))
    }
}
