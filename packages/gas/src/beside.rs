//! Synthetics and the par reserve: what trading and swapping cost, and what else is seldom sent.

use anyhow::{bail, ensure, Context, Result};
use cosmwasm_std::to_json_binary;
use cw20::Cw20ExecuteMsg;
use sdp_network::{events, Actions, Answer, Message, Network, Recovering, Swapping, Synthetics, SPOT};
use sdp_types::events::{
    Bought, ChangeQueued, NotesRedeemed, PriceSet, Revalued, Sold, SpotCommitted, SwappedIn,
};
use sdp_types::reserve::Then;
use sdp_types::spot::{self, BuyExact, SellExact};
use sdp_types::units::{Rate, Ratio, SignedRatio};
use sdp_types::{market, oracle, pool};

use crate::layout::feed;
use crate::world::{tokens, usd, World};

/// The market that is measured.
const MARKET: &str = "market";

impl World<'_> {
    /// How rows call the state.
    fn synthetics_there(&self) -> String {
        let n = self.layout.synthetics;
        format!("{n} synthetic{}", if n == 1 { "" } else { "s" })
    }

    /// `crowd` holds every synthetic; `anna` buys and sells the first one, `mass` in batches.
    pub fn synthetics(&mut self) -> Result<()> {
        let state = self.synthetics_there();
        let row = |what: &str| format!("{state}: {what}");
        self.publish()?;
        let all: Vec<u16> = (0..u16::try_from(self.layout.synthetics)?).collect();
        self.buy_all("crowd", &all, "12_345.67")?;
        self.publish()?;
        self.measure(&row("poke"), |net| net.poke_synthetics("kim"))?;

        let paid = usd("1_234.56")?;
        let all_in = BuyExact::In { least: None };
        for what in ["buy, first", "buy"] {
            let exact = all_in.clone();
            let filled = self.spot_order(&row(what), |net| net.buy_synthetic("anna", 0, paid, exact))?;
            ensure!(events::<Bought>(&filled)?.len() == 1, "{what}: nothing was bought");
        }
        let exact = BuyExact::Out { amount: tokens("0.0123")? };
        let filled = self.spot_order(&row("buy exactly"), |net| net.buy_synthetic("anna", 0, paid, exact))?;
        ensure!(events::<Bought>(&filled)?.len() == 1, "nothing was bought exactly");
        let amount = tokens("0.0123")?;
        let exact = SellExact::In { least: None };
        let filled = self.spot_order(&row("sell"), |net| net.sell_synthetic("anna", 0, amount, exact))?;
        ensure!(events::<Sold>(&filled)?.len() == 1, "nothing was sold");

        self.spot_batches(&row)?;
        self.spot_cancel(&row("cancel"))?;
        self.publish()?;
        self.measure(&row("collect"), |net| net.collect_synthetic("kim", None, None))?;
        Ok(())
    }

    /// Commits orders to buy for so much each, in one transaction, and waits until they can be settled.
    fn commit_spot(&mut self, owner: &str, synthetics: &[u16], paid: &str) -> Result<()> {
        let (token, contract) = (self.net.contract("sdusd")?, self.net.contract(SPOT)?.into_string());
        let mut messages = Vec::new();
        for synthetic in synthetics.iter().copied() {
            let exact = BuyExact::In { least: None };
            let hook = spot::Hook::Buy { synthetic, exact, expires_in: None, recipient: None };
            let (amount, msg) = (usd(paid)?.raw().into(), to_json_binary(&hook)?);
            let msg = Cw20ExecuteMsg::Send { contract: contract.clone(), amount, msg };
            messages.push(Message::execute(token.clone(), &msg, &[])?);
        }
        let answer = self.net.send(owner, &messages)?;
        self.ripen_spot(&answer)
    }

    fn ripen_spot(&mut self, committed: &Answer) -> Result<()> {
        let orders = events::<SpotCommitted>(committed)?;
        let interval = orders.last().context("nothing was committed")?.interval;
        self.publish_interval(interval * u64::from(self.net.manifest().oracle.interval_seconds))
    }

    /// Buys several synthetics.
    fn buy_all(&mut self, owner: &str, synthetics: &[u16], paid: &str) -> Result<()> {
        self.commit_spot(owner, synthetics, paid)?;
        let contract = self.net.contract(SPOT)?;
        let settle = |synthetic: &u16| {
            let msg = spot::ExecuteMsg::Settle { synthetic: *synthetic, limit: 100 };
            Ok(Message::execute(contract.clone(), &msg, &[])?)
        };
        let messages = synthetics.iter().map(settle).collect::<Result<Vec<_>>>()?;
        let answer = self.net.send("kim", &messages)?;
        ensure!(events::<Bought>(&answer)?.len() == synthetics.len(), "not all synthetics were bought");
        Ok(())
    }

    /// Commits and settles one order, each a row and both together another.
    fn spot_order(
        &mut self,
        row: &str,
        commit: impl FnOnce(&mut dyn Network) -> sdp_network::error::Result<Answer>,
    ) -> Result<Answer> {
        self.publish()?;
        let committed = self.measure(&format!("{row}, commit"), commit)?;
        self.ripen_spot(&committed)?;
        let settled = self.measure(&format!("{row}, settle"), |net| net.settle_synthetic("kim", 0, 1))?;
        let both = crate::world::gas(&committed)? + crate::world::gas(&settled)?;
        self.note(&format!("{row}, whole way"), both);
        Ok(settled)
    }

    fn spot_batches(&mut self, row: &impl Fn(&str) -> String) -> Result<()> {
        let mut gas = Vec::new();
        for (orders, what) in [(1, "settle 1 order"), (11, "settle 11 orders")] {
            self.commit_spot("mass", &vec![0; orders], "123.45")?;
            let settled = self.measure(&row(what), |net| net.settle_synthetic("kim", 0, 100))?;
            ensure!(events::<Bought>(&settled)?.len() == orders, "{what}: not all were bought");
            gas.push(crate::world::gas(&settled)?);
        }
        if let [one, eleven] = gas[..] {
            self.note(&row("settle, each further order"), (eleven - one) / 10);
        }
        Ok(())
    }

    /// An order is taken back, which works until the next interval begins.
    fn spot_cancel(&mut self, row: &str) -> Result<()> {
        self.publish()?;
        let paid = usd("123.45")?;
        for _ in 0..5 {
            self.next_interval()?;
            let committed = self.net.buy_synthetic("anna", 0, paid, BuyExact::In { least: None })?;
            let order = events::<SpotCommitted>(&committed)?.last().context("nothing was committed")?.order;
            if self.measure(row, |net| net.cancel_synthetic("anna", 0, order)).is_ok() {
                return Ok(());
            }
            self.ripen_spot(&committed)?;
            self.net.settle_synthetic("kim", 0, 1)?;
        }
        bail!("the machine is too slow: no order could be taken back before its interval began")
    }

    /// `ulla` swaps in for herself, for margin and for `whale`'s debt, `bob` swaps out, and a token is valued again.
    pub fn reserve(&mut self) -> Result<()> {
        let row = |what: &str| format!("reserve: {what}");
        let amount = tokens("12_345.678901")?;
        let market = self.net.contract(MARKET)?.into_string();
        let (whale, vault) = (self.net.address("whale")?.into_string(), self.net.vault("ATOM")?);
        let margin = Then::Margin { market, beneficiary: None, account: 0 };
        let burn = Then::Burn { vault, owner: Some(whale) };
        for (what, then) in [
            ("swap in, first", None),
            ("swap in", None),
            ("swap in with margin", Some(margin)),
            ("swap in against a debt", Some(burn)),
        ] {
            self.publish()?;
            let swapped = self.measure(&row(what), |net| net.swap_in("ulla", "USDC", amount, None, then))?;
            let drawn = events::<SwappedIn>(&swapped)?.iter().all(|swap| !swap.drawn.is_zero());
            ensure!(drawn, "{what}: nothing was drawn");
        }
        self.publish()?;
        let paid = usd("30_123.45")?;
        self.measure(&row("swap out"), |net| net.swap_out("bob", "USDC", paid, None, None))?;
        self.publish()?;
        let swapped = self
            .measure(&row("swap in, nothing drawn"), |net| net.swap_in("ulla", "USDC", amount, None, None))?;
        let held = events::<SwappedIn>(&swapped)?.iter().all(|swap| swap.drawn.is_zero());
        ensure!(held, "the reserve did not hold enough");
        self.notes()
    }

    /// The dollar falls out of its band. Nobody's margin meets that, so notes are sold for it; then it comes back, and notes are redeemed.
    fn notes(&mut self) -> Result<()> {
        let usdc = feed("USDC").context("no USDC")?;
        self.set_price(usdc, "0.9001")?;
        self.publish()?;
        let valued = self.measure("reserve: revalue, down", |net| net.revalue("kim", "USDC"))?;
        let lost = events::<Revalued>(&valued)?.iter().any(|valued| !valued.loss.is_zero());
        ensure!(lost, "nothing was written down");
        let row = |what: &str| format!("notes: {what}");
        self.measure(&row("start an auction"), |net| net.start_note_auction("kim"))?;
        let (lot, much, less) = (usd("1_000")?, usd("1_900")?, usd("1_800")?);
        self.measure(&row("bid"), |net| net.bid("taker", 1, lot, much))?;
        let bid = self.measure(&row("bid below another one"), |net| net.bid("bob", 1, lot, less))?;
        self.net.wait_until(bid.at + self.net.manifest().liquidator.notes.bid_seconds + 1)?;
        self.publish()?;
        self.measure(&row("settle an auction"), |net| net.settle_note_auction("kim", 1))?;
        self.set_price(usdc, "1.0001")?;
        self.publish()?;
        let valued = self.measure("reserve: revalue, up", |net| net.revalue("kim", "USDC"))?;
        let gained = events::<Revalued>(&valued)?.iter().any(|valued| !valued.gain.is_zero());
        ensure!(gained, "nothing came back");
        self.publish()?;
        let notes = usd("123.45")?;
        let redeemed = self.measure(&row("redeem"), |net| net.redeem("bob", notes, None))?;
        ensure!(events::<NotesRedeemed>(&redeemed)?.len() == 1, "no notes were redeemed");
        Ok(())
    }

    /// Yield for a vault, and a part of a position that changes hands.
    pub fn hand_over(&mut self) -> Result<()> {
        let state = self.positions(0);
        let row = |what: &str| format!("{state}: {what}");
        let amount = tokens("123.456789")?;
        self.publish()?;
        self.measure(&row("add yield"), |net| net.add_yield("wanda", "ATOM", amount))?;
        self.publish()?;
        self.measure(&row("offer a position"), |net| {
            net.offer_position("anna", "ATOM", Some("bob"), Some(amount))
        })?;
        self.publish()?;
        self.measure(&row("accept a position"), |net| net.accept_position("bob", "ATOM", "anna"))?;
        Ok(())
    }

    /// Feeds that are pulled: of other feeds, and of a rate that a contract tells.
    pub fn pulls(&mut self) -> Result<()> {
        let feed_of = |symbol: &str| feed(symbol).with_context(|| format!("no {symbol}"));
        let of = |symbol: &str| Ok::<_, anyhow::Error>(oracle::Source::Feed { feed: feed_of(symbol)? });
        let rate = oracle::Source::Rate {
            contract: self.net.contract("reserve")?.into_string(),
            query: to_json_binary(&sdp_types::reserve::QueryMsg::Config {})?,
            path: ["params", "supply_share"].map(String::from).to_vec(),
            maximum_growth: Rate::ZERO,
        };
        let quotient = oracle::Source::Quotient { of: Box::new(of("ETH")?), by: Box::new(of("BTC")?) };
        let first = u16::try_from(self.layout.feeds())?;
        let sources = [
            ("a quotient of feeds", quotient),
            ("a product of a feed and a rate", oracle::Source::Product { of: vec![of("ETH")?, rate] }),
            ("the lowest of feeds", oracle::Source::Lowest { of: vec![of("ETH")?, of("BTC")?] }),
        ];
        for (number, (what, source)) in (first..).zip(sources) {
            self.add_feed(number, source)?;
            // as old as the oldest price that it is made of: each pull needs newer ones
            self.publish()?;
            let pulled = self.measure(&format!("pull {what}"), |net| net.pull("kim", &[number]))?;
            ensure!(events::<PriceSet>(&pulled)?.len() == 1, "{what} was not taken");
        }
        self.publish()?;
        let pulled = self.measure("pull 3 feeds", |net| net.pull("kim", &[first, first + 1, first + 2]))?;
        ensure!(events::<PriceSet>(&pulled)?.len() == 3, "not all three were taken");
        Ok(())
    }

    fn add_feed(&mut self, number: u16, source: oracle::Source) -> Result<()> {
        let manifest = self.net.manifest().clone();
        let address = |name: &str| Ok(self.net.address(name)?.into_string());
        let last = manifest.feeds.last().context("no feed")?.config(&manifest, &address)?;
        let feed = oracle::FeedConfig { symbol: format!("PULL{number:02}"), source: Some(source), ..last };
        let correlations = vec![SignedRatio::ZERO; number.into()];
        let change = oracle::Change::AddFeed { feed, sigma: Ratio::percent(6), correlations };
        let ask = oracle::ExecuteMsg::Configure { change };
        let asked = self.net.execute(&manifest.roles.owner, "oracle", &ask, &[])?;
        let id = queued(&asked)?;
        self.net.execute("kim", "oracle", &oracle::ExecuteMsg::Enact { id }, &[])?;
        Ok(())
    }

    /// The owner shuts everything down; what is owed is redeemed, collected and swapped out. Providers' and holders' claims are fixed a week
    /// later, which no chain waits for here.
    pub fn shut_down(&mut self) -> Result<()> {
        let row = |what: &str| format!("the end: {what}");
        let change = spot::ExecuteMsg::Configure { change: spot::Change::ShutDown {} };
        self.shut(&row("shut down synthetics"), SPOT, &change, |id| spot::ExecuteMsg::Enact { id })?;
        self.publish()?;
        let amount = tokens("0.0012")?;
        self.measure(&row("redeem a synthetic"), |net| net.redeem_synthetic("anna", 0, amount))?;
        let change = market::ExecuteMsg::Configure { change: market::Change::ShutDown {} };
        self.shut(&row("shut down a market"), MARKET, &change, |id| market::ExecuteMsg::Enact { id })?;
        let change = pool::ExecuteMsg::Configure { change: pool::Change::ShutDown {} };
        self.shut(&row("shut down the pool"), "pool", &change, |id| pool::ExecuteMsg::Enact { id })?;
        let paid = usd("1_234.56")?;
        self.measure(&row("swap out"), |net| net.swap_out("bob", "USDC", paid, None, None))?;
        Ok(())
    }

    /// Asks, then enacts.
    fn shut<M: serde::Serialize>(
        &mut self,
        row: &str,
        contract: &str,
        ask: &M,
        enact: impl FnOnce(u64) -> M,
    ) -> Result<()> {
        let owner = self.net.manifest().roles.owner.clone();
        let asked = self.net.execute(&owner, contract, ask, &[])?;
        let enact = enact(queued(&asked)?);
        self.publish()?;
        self.measure(row, |net| net.execute("kim", contract, &enact, &[]))?;
        Ok(())
    }
}

fn queued(asked: &Answer) -> Result<u64> {
    Ok(events::<ChangeQueued>(asked)?.last().context("the change does not wait")?.id)
}
