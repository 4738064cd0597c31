//! What each message reads and writes, with few and with many providers and accounts.
//!
//! Both worlds have the same totals: the same collateral over more positions, the same margin over more accounts. So
//! every record that a message touches has the same size in both, and any difference is a loop over people.

use serde::Serialize;

use sdp_types::events::AuctionStarted;
use sdp_types::units::{Amount, Price, Size, Usd, MAX_PRICE};

use crate::audit::Audits;
use crate::chain::Chain;
use crate::meter::Counts;
use sdp_network::actions::{Order, Take};
use sdp_network::error::{ChainError, Result};
use sdp_network::{events, Actions, Manifest};

/// One message's storage access, all contract calls in it together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What was sent.
    pub message: &'static str,
    /// What that read and wrote.
    pub counts: Counts,
}

/// Collateral of all small providers together, micro-ATOM.
const SMALL_COLLATERAL: u128 = 400_000_000_000;
/// Margin of all small accounts together.
const SMALL_MARGIN: Usd = Usd::whole(240_000);

/// Deploys the built-in manifest, fills it with `people` small providers and as many small accounts, and measures each
/// message of a life in it. `people` must divide 400,000 ATOM into deposits of at least 100 USD: at most 40,000.
pub fn measure(people: u32) -> Result<Vec<Line>> {
    let mut chain = Chain::deploy(Manifest::built_in().map_err(ChainError::setup)?)?;
    chain.audits = Audits::Off;
    chain.publish_first_prices()?;
    populate(&mut chain, people)?;
    let mut life = Life { chain, lines: Vec::new() };
    life.provide()?;
    life.trade()?;
    life.liquidate()?;
    life.leave()?;
    let audit = life.chain.audit()?;
    if !audit.difference.is_zero() {
        return Err(ChainError::setup(format!("the books differ by {}", audit.difference)));
    }
    Ok(life.lines)
}

fn populate(chain: &mut Chain, people: u32) -> Result<()> {
    chain.give("whale", "ATOM", Amount::new(1_500_000_000_000))?;
    chain.deposit("whale", "ATOM", Amount::new(1_500_000_000_000), None)?;
    chain.mint("whale", "ATOM", Usd::whole(2_000_000))?;
    let people = people.max(1);
    let (collateral, margin) =
        (SMALL_COLLATERAL / u128::from(people), SMALL_MARGIN.raw() / u128::from(people));
    for person in 0..people {
        let name = format!("person-{person:05}");
        // the first one takes what the division leaves, so that the totals are the same
        let rest = if person == 0 { u128::from(people) } else { 0 };
        let deposit = Amount::new(collateral + (SMALL_COLLATERAL % u128::from(people)) * rest.min(1));
        chain.give("whale", "ATOM", deposit)?;
        chain.deposit("whale", "ATOM", deposit, Some(&name))?;
        let paid = Usd::new(margin + (SMALL_MARGIN.raw() % u128::from(people)) * rest.min(1));
        chain.deposit_margin("whale", "market", 0, paid, Some(&name))?;
    }
    Ok(())
}

struct Life {
    chain: Chain,
    lines: Vec<Line>,
}

impl Life {
    fn note<T>(&mut self, message: &'static str, action: impl FnOnce(&mut Chain) -> Result<T>) -> Result<T> {
        self.chain.meter().start();
        let done = action(&mut self.chain);
        let calls = self.chain.meter().stop();
        let counts = calls.into_iter().fold(Counts::default(), |sum, call| sum.plus(call.counts));
        self.lines.push(Line { message, counts });
        done
    }

    /// The prices of all feeds again, after `seconds`.
    fn passes(&mut self, seconds: u64) -> Result<()> {
        self.chain.advance(seconds);
        self.chain.republish()?;
        Ok(())
    }

    fn price(&mut self, feed: &str, price: u128) -> Result<()> {
        let feed = self.chain.manifest().feed_id(feed).map_err(ChainError::setup)?;
        let price = Price::new(price * sdp_types::units::ONE);
        self.chain.advance(1);
        self.chain.publish(&[(feed, price, None)])?;
        Ok(())
    }

    fn provide(&mut self) -> Result<()> {
        self.chain.give("anna", "ATOM", Amount::new(20_000_000_000))?;
        self.chain.give("dora", "ATOM", Amount::new(10_000_000_000))?;
        self.chain.deposit("dora", "ATOM", Amount::new(10_000_000_000), None)?;
        self.note("deposit, first", |chain| {
            chain.deposit("anna", "ATOM", Amount::new(10_000_000_000), None)
        })?;
        self.note("deposit, further", |chain| {
            chain.deposit("anna", "ATOM", Amount::new(10_000_000_000), None)
        })?;
        self.note("mint", |chain| chain.mint("anna", "ATOM", Usd::whole(50_000)))?;
        self.note("burn", |chain| chain.burn("anna", "ATOM", Usd::whole(2_000), None))?;
        self.note("burn into insurance", |chain| chain.insure("anna", Usd::whole(100)))?;
        self.note("sync", |chain| chain.sync("kim"))?;
        Ok(())
    }

    fn trade(&mut self) -> Result<()> {
        self.chain.transfer("anna", "sdusd", "bob", Amount::new(30_000_000_000))?;
        self.note("margin in", |chain| chain.deposit_margin("bob", "market", 0, Usd::whole(20_000), None))?;
        self.note("margin out", |chain| chain.withdraw_margin("bob", "market", 0, Usd::whole(10_000)))?;
        for (commit, settle, size) in [
            ("commit, open", "settle, open", 1),
            ("commit, increase", "settle, increase", 1),
            ("commit, reduce", "settle, reduce", -1),
        ] {
            self.order(commit, settle, "bob", size)?;
        }
        self.passes(5)?;
        self.note("poke", |chain| chain.poke("kim", "market"))?;
        self.note("publish, one feed", |chain| {
            chain.advance(5);
            let quote = chain.board()?.last(0)?;
            chain.publish(&[(0, quote.price, None)])
        })?;
        Ok(())
    }

    fn order(&mut self, commit: &'static str, settle: &'static str, trader: &str, units: i128) -> Result<()> {
        let one = i128::try_from(sdp_types::units::ONE).unwrap_or_default();
        let order = Order { size: Size::new(units * one), ..Order::default() };
        self.passes(5)?;
        self.note(commit, |chain| chain.commit(trader, "market", 0, &order))?;
        self.passes(5)?;
        self.passes(5)?;
        self.note(settle, |chain| chain.settle("kim", "market", 0, 1))?;
        Ok(())
    }

    fn liquidate(&mut self) -> Result<()> {
        self.chain.transfer("bob", "sdusd", "carl", Amount::new(4_000_000_000))?;
        self.chain.deposit_margin("carl", "market", 0, Usd::whole(4_000), None)?;
        self.order("commit, by an account at its limit", "settle, of it", "carl", 1)?;
        self.price("BTC", 57_400)?;
        self.note("liquidate an account", |chain| chain.liquidate_accounts("kim", "market", &[("carl", 0)]))?;
        self.price("ATOM", 9)?;
        self.price("ATOM", 8)?;
        self.price("ATOM", 7)?;
        self.price("ATOM", 6)?;
        self.price("ATOM", 5)?;
        self.price("ATOM", 4)?;
        let seized = self.note("seize a position and start its auction", |chain| {
            chain.liquidate_position("kim", "ATOM", "anna")
        })?;
        let started = events::<AuctionStarted>(&seized)?;
        let auction = started.first().map(|started| started.auction).unwrap_or_default();
        self.passes(20)?;
        let take = |amount: u128| Take {
            auction,
            amount: Amount::new(amount),
            payment: Usd::whole(60_000),
            max_price: MAX_PRICE,
            recipient: None,
        };
        self.note("take a part", |chain| chain.take("whale", &take(5_000_000_000)))?;
        self.note("take the rest", |chain| chain.take("whale", &take(u128::MAX / 2)))?;
        Ok(())
    }

    fn leave(&mut self) -> Result<()> {
        self.chain.advance(200_000);
        self.chain.republish()?;
        self.note("request an exit", |chain| chain.request_exit("dora", "ATOM", Amount::new(1_000_000_000)))?;
        self.passes(86_400)?;
        self.passes(5)?;
        self.note("execute an exit", |chain| chain.execute_exit("kim", "ATOM", "dora"))?;
        Ok(())
    }
}
