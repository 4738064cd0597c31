//! Between two bars: keepers sample funding, adjust the depth, and bid in auctions as soon as that pays.

use anyhow::Result;
use sdp_embedded::actions::Take;
use sdp_embedded::{events, Actions, Chain, Payment};
use sdp_types::events::Taken;
use sdp_types::liquidator::AuctionResponse;
use sdp_types::{Rounding, Usd};

use super::num::{of_price, of_usd, ratio};
use super::population::Keeper;
use super::replay::Replay;
use super::world::MARKET;

/// The rest of the world, which buys what keepers won.
pub const OUTSIDE: &str = "outside";
/// What it pays less than the index.
const SPREAD: f64 = 0.003;
/// Seconds between two looks at a running auction.
const LOOK: u64 = 20;
/// At most so many looks between two bars, unless somebody waits for room: an auction is reset after 75 of them.
const LOOKS: u32 = 160;
/// Least payment that is worth a bid, USD.
const LEAST: f64 = 200.0;

impl Replay {
    /// Until `next`, which is not reached here.
    pub(super) fn between(&mut self, next: u64) -> Result<()> {
        let (mut looks, mut poke_at) = (0, self.chain.now() + self.times.poke);
        loop {
            let running = (looks < LOOKS || self.waits()) && self.bid()?;
            let mut then = poke_at;
            if running {
                looks += 1;
                then = then.min(self.chain.now() + LOOK);
            }
            if then >= next {
                return Ok(());
            }
            self.wait_until(then)?;
            self.retry()?;
            if then >= poke_at {
                poke_at += self.times.poke;
                let keeper = self.keeper();
                let sent = self.chain.poke(&keeper, MARKET);
                self.tell(sent)?;
                self.adjust()?;
            }
        }
    }

    /// Whether keepers of a strained replay still have positions to seize.
    fn waits(&self) -> bool {
        self.options.strain.is_some_and(|strain| strain.liquidating) && self.watch.positions.waiting > 0
    }

    /// They come back for those: there may be room for their auctions now.
    fn retry(&mut self) -> Result<()> {
        self.seized = 0;
        if self.waits() {
            self.blocks = 0;
            self.sweep_positions()?;
        }
        Ok(())
    }

    /// Moves the depth of the impact, and ceilings where there are any that follow.
    fn adjust(&mut self) -> Result<()> {
        if self.chain.manifest().pool.least_depth.is_some() {
            let keeper = self.keeper();
            for moved in self.chain.adjust_all(&keeper)? {
                self.tell(Ok(moved))?;
            }
        }
        Ok(())
    }

    /// Looks at all running auctions; whether there are any left.
    pub(super) fn bid(&mut self) -> Result<bool> {
        let auctions = self.look(Chain::auctions)?;
        let mut left = false;
        for auction in auctions {
            if auction.needs_redo {
                let keeper = self.keeper();
                let sent = self.chain.redo(&keeper, auction.auction);
                self.tell(sent)?;
                left = true;
            } else {
                left |= !self.bid_in(&auction)?;
            }
        }
        Ok(left)
    }

    /// The keeper who asks the least profit comes first. Whether the auction is over.
    fn bid_in(&mut self, auction: &AuctionResponse) -> Result<bool> {
        let asset = self.asset_of(usize::from(auction.vault));
        let worth = self.price(asset) * (1.0 - SPREAD);
        let mut owed = auction.tab.plus(auction.penalty)?;
        for keeper in self.people.keepers.clone() {
            if of_price(auction.price) > worth * (1.0 - keeper.edge) || owed.is_zero() {
                break;
            }
            let payment = self.funds(&keeper, owed)?;
            if of_usd(payment) < LEAST.min(of_usd(owed)) {
                continue;
            }
            let take = Take {
                auction: auction.auction,
                payment,
                amount: auction.lot,
                max_price: auction.price,
                recipient: Some(OUTSIDE.into()),
            };
            let sent = self.chain.take(&keeper.name, &take);
            let Some(answer) = self.tell(sent)? else { continue };
            for taken in events::<Taken>(&answer)? {
                owed = owed.saturating_minus(taken.paid);
                let index = self.chain.board()?.last(auction.feed)?.price;
                let value = index.value_of(taken.amount, auction.decimals, Rounding::Down)?;
                let amount = value.scale(ratio(1.0 - SPREAD), Rounding::Down)?;
                let (from, to) = (OUTSIDE.to_string(), keeper.name.clone());
                let what = format!("collateral of auction {}", auction.auction);
                self.chain.book.pay(Payment { at: self.chain.now(), from, to, amount, what })?;
            }
            if !events::<sdp_types::events::AuctionEnded>(&answer)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What a keeper can pay: its sdUSD, and what it can buy up to its capital.
    fn funds(&mut self, keeper: &Keeper, owed: Usd) -> Result<Usd> {
        let own = self.wallet(&keeper.name)?;
        if own < owed && of_usd(own) < keeper.capital {
            self.buy(&keeper.name, keeper.capital - of_usd(own))?;
        }
        Ok(self.wallet(&keeper.name)?.min(owed))
    }
}
