//! Keepers.

use sdp_network::{Actions, Synthetics};
use sdp_types::market::MAX_BATCH;
use sdp_types::spot;
use sdp_types::units::{Price, Usd};

use super::{actor, must, Actor, World};
use sdp_network::actions::Take;
use sdp_network::decimal::Human;

/// Anyone who settles, liquidates, takes, syncs.
pub struct Keeper<'w> {
    actor: Actor<'w>,
    max_price: Price,
}

actor!(Keeper);

impl<'w> Keeper<'w> {
    pub(super) fn new(world: &'w mut World, name: &str) -> Self {
        Self { actor: Actor::new(world, name), max_price: sdp_types::units::MAX_PRICE }
    }

    /// Settles a perpetual's orders, as many as are due.
    #[track_caller]
    pub fn settles(mut self, perp: &str) -> Self {
        let (market, number) = must(self.actor.world.perp(perp));
        self.actor.acts(|chain, name| chain.settle(name, &market, number, MAX_BATCH));
        self
    }

    /// Settles whatever is due in all perpetuals of all markets and in all synthetics; what is not due is left alone.
    #[track_caller]
    pub fn settles_all(mut self) -> Self {
        let markets = self.actor.world.manifest().markets.clone();
        for market in &markets {
            for (number, _) in (0u16..).zip(&market.perps) {
                while !must(self.actor.world.orders(&market.name, number)).is_empty() {
                    let name = self.actor.name.clone();
                    match self.actor.world.settle(&name, &market.name, number, MAX_BATCH) {
                        Ok(response) => self.actor.world.last = response,
                        Err(error) if error.says("E0420") => break,
                        Err(error) => panic!("{name} settles {number}: {error}"),
                    }
                }
            }
        }
        for number in (0..).take(self.actor.world.manifest().synthetics().count()) {
            let name = self.actor.name.clone();
            match self.actor.world.settle_synthetic(&name, number, spot::MAX_BATCH) {
                Ok(response) => self.actor.world.last = response,
                Err(error) if error.says("E0322") => {}
                Err(error) => panic!("{name} settles synthetic {number}: {error}"),
            }
        }
        self.actor.expected = None;
        self
    }

    /// Liquidates account 0 of traders in the first market.
    #[track_caller]
    pub fn liquidates(self, traders: &[&str]) -> Self {
        let accounts: Vec<_> = traders.iter().map(|trader| (*trader, 0)).collect();
        self.liquidates_on("market", &accounts)
    }

    /// Liquidates accounts of a market.
    #[track_caller]
    pub fn liquidates_on(mut self, market: &str, accounts: &[(&str, u16)]) -> Self {
        self.actor.acts(|chain, name| chain.liquidate_accounts(name, market, accounts));
        self
    }

    /// Seizes a provider's position.
    #[track_caller]
    pub fn seizes(mut self, lp: &str, collateral: &str) -> Self {
        self.actor.acts(|chain, name| chain.liquidate_position(name, collateral, lp));
        self
    }

    /// The next takes pay at most this price.
    #[must_use]
    #[track_caller]
    pub fn at_most(mut self, price: &str) -> Self {
        self.max_price = must(price.parse());
        self
    }

    /// Buys up to so many whole tokens of an auction, with all the sdUSD that the keeper has; change comes back.
    #[track_caller]
    pub fn takes(mut self, auction: u64, amount: impl Human) -> Self {
        let running = must(self.actor.world.auctions());
        let found = running.iter().find(|running| running.auction == auction);
        let decimals = found.map_or(6, |found| found.decimals);
        let amount = must(sdp_network::decimal::amount(amount, decimals));
        let payment = Usd::new(must(self.actor.world.balance(&self.actor.name, "sdusd")).raw());
        let take = Take { auction, payment, amount, max_price: self.max_price, recipient: None };
        self.actor.acts(|chain, name| chain.take(name, &take));
        self
    }

    /// Starts an auction again.
    #[track_caller]
    pub fn redoes(mut self, auction: u64) -> Self {
        self.actor.acts(|chain, name| chain.redo(name, auction));
        self
    }

    /// Executes a provider's request to leave.
    #[track_caller]
    pub fn executes_exit(mut self, lp: &str, collateral: &str) -> Self {
        self.actor.acts(|chain, name| chain.execute_exit(name, collateral, lp));
        self
    }

    /// Syncs the pool.
    #[track_caller]
    pub fn syncs(mut self) -> Self {
        self.actor.acts(|chain, name| chain.sync(name));
        self
    }

    /// Adjusts every ceiling that follows what is used, and the depth of the impact, where that is due.
    #[track_caller]
    pub fn adjusts(mut self) -> Self {
        let name = self.actor.name.clone();
        for answer in must(self.actor.world.adjust_all(&name)) {
            self.actor.world.last = answer;
        }
        self.actor.expected = None;
        self
    }

    /// Samples funding of the first market.
    #[track_caller]
    pub fn pokes(mut self) -> Self {
        self.actor.acts(|chain, name| chain.poke(name, "market"));
        self
    }

    /// Burns sdUSD into the insurance fund.
    #[track_caller]
    pub fn insures(mut self, usd: impl Human) -> Self {
        let amount = Actor::usd(usd);
        self.actor.acts(|chain, name| chain.insure(name, amount));
        self
    }
}
