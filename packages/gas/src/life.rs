//! What is measured in a deployment: a life of every message.

use anyhow::{bail, ensure, Context, Result};
use cosmwasm_std::Coin;
use sdp_network::actions::{Order, Take};
use sdp_network::{events, Actions, Answer, Backing, Message};
use sdp_types::events::{
    Absorbed, AccountLiquidated, AuctionStarted, ExitRequested, Exited, MarginWithdrawn, OrderCommitted,
    PriceSet,
};
use sdp_types::units::Price;

use crate::layout::feed;
use crate::world::{filled, size, tokens, usd, Wish, World};

/// The market that is measured.
const MARKET: &str = "market";

impl World<'_> {
    /// What transactions cost that have nothing to do with us.
    pub fn floor(&mut self) -> Result<()> {
        let to = self.net.address("kim")?;
        let coins = vec![Coin::new(1_234_567_u128, "uatom")];
        self.measure("floor: bank send", |net| net.send("bob", &[Message::Send { to, coins }]))?;
        let amount = tokens("12.345678")?;
        self.measure("floor: cw20 transfer", |net| net.transfer("bob", "sdusd", "kim", amount))?;
        Ok(())
    }

    /// Prices. With a quorum of one the first report makes the price; with two of three the second one does.
    pub fn report_prices(&mut self, counts: &[usize]) -> Result<()> {
        let (publishers, quorum) = self.layout.publishers;
        for &count in counts {
            // the first prices of an interval, which are the dearest
            self.next_interval()?;
            let time = self.fresh_second()?;
            let msg = self.report(count, time);
            let row = format!("oracle, {quorum} of {publishers}: {count} of {} feeds", self.layout.feeds());
            if quorum > 1 {
                let row = format!("{row}, before the quorum");
                self.measure(&row, |net| net.execute("publisher-1", "oracle", &msg, &[]))?;
            }
            let last = format!("publisher-{quorum}");
            let answer = self.measure(&row, |net| net.execute(&last, "oracle", &msg, &[]))?;
            ensure!(events::<PriceSet>(&answer)?.len() == count, "{row}: not all prices were taken");
        }
        Ok(())
    }

    /// Providers come, mint and burn, each at new prices. `anna` is new, `ulla` in the other vault is not.
    pub fn provide(&mut self) -> Result<()> {
        let state = self.positions(0);
        let row = |what: &str| format!("{state}: {what}");
        self.publish()?;
        let amount = tokens("20_000.25")?;
        self.measure(&row("deposit, first"), |net| net.deposit("anna", "ATOM", amount, None))?;
        self.publish()?;
        let amount = tokens("1_234.567891")?;
        self.measure(&row("deposit"), |net| net.deposit("anna", "ATOM", amount, None))?;
        self.publish()?;
        self.measure(&row("deposit into the other vault"), |net| net.deposit("ulla", "USDC", amount, None))?;
        self.publish()?;
        let amount = usd("20_000.75")?;
        self.measure(&row("mint, first"), |net| net.mint("anna", "ATOM", amount))?;
        self.publish()?;
        let amount = usd("1_234.56")?;
        self.measure(&row("mint"), |net| net.mint("anna", "ATOM", amount))?;
        self.publish()?;
        self.measure(&row("burn"), |net| net.burn("anna", "ATOM", amount, None))?;
        self.publish()?;
        self.measure(&row("burn into insurance"), |net| net.insure("anna", amount))?;
        self.publish()?;
        self.measure(&row("sync"), |net| net.sync("kim"))?;
        Ok(())
    }

    /// What was sent to the pool by mistake goes to insurance.
    pub fn sweep(&mut self) -> Result<()> {
        let state = self.positions(0);
        self.net.transfer("bob", "sdusd", "pool", tokens("12.345678")?)?;
        self.publish()?;
        self.measure(&format!("{state}: sweep"), |net| {
            net.execute("kim", "pool", &sdp_types::pool::ExecuteMsg::Sweep {}, &[])
        })?;
        Ok(())
    }

    /// `anna` asks for a part of her collateral and gets it.
    pub fn exit(&mut self, state: &str) -> Result<()> {
        let row = |what: &str| format!("{state}: {what}");
        let amount = tokens("1_234.5")?;
        self.publish()?;
        self.measure(&row("request exit"), |net| net.request_exit("anna", "ATOM", amount))?;
        self.publish()?;
        self.measure(&row("cancel exit"), |net| net.cancel_exit("anna", "ATOM"))?;
        let asked = self.net.request_exit("anna", "ATOM", amount)?;
        let ready = events::<ExitRequested>(&asked)?.last().context("no exit was requested")?.ready_at;
        let seconds = u64::from(self.net.manifest().oracle.interval_seconds);
        let start = ready.div_ceil(seconds) * seconds;
        self.publish_interval(start)?;
        let exited = self.measure(&row("execute exit"), |net| net.execute_exit("kim", "ATOM", "anna"))?;
        let paid = events::<Exited>(&exited)?.last().map(|exited| exited.released);
        ensure!(paid.is_some_and(|paid| !paid.is_zero()), "the exit paid nothing");
        Ok(())
    }

    /// `bob` pays margin in, for the first time and again, and takes some out.
    pub fn margin(&mut self) -> Result<()> {
        let state = self.positions(0);
        let row = |what: &str| format!("{state}: {what}");
        let amount = usd("50_000.55")?;
        self.measure(&row("margin in, first"), |net| net.deposit_margin("bob", MARKET, 0, amount, None))?;
        let amount = usd("1_234.56")?;
        self.measure(&row("margin in"), |net| net.deposit_margin("bob", MARKET, 0, amount, None))?;
        self.measure(&row("margin out, no position"), |net| net.withdraw_margin("bob", MARKET, 0, amount))?;
        Ok(())
    }

    /// `bob` holds `others` positions besides the one in the first perpetual that he opens, changes and closes.
    pub fn trades(&mut self, others: u16) -> Result<()> {
        let held = self.net.account("bob", MARKET, 0)?.positions.len();
        let more = u16::try_from(held)? + 1..=others;
        let mut wishes = Vec::new();
        for perp in more {
            wishes.push(Wish { account: 0, perp, size: self.worth(perp, "1_234.56")? });
        }
        if !wishes.is_empty() {
            self.trade_all("bob", MARKET, &wishes)?;
        }
        let state = self.positions(others + 1);
        for (kind, change) in
            [("open", "0.2537"), ("increase", "0.1263"), ("reduce", "-0.0712"), ("flip", "-0.6129")]
        {
            self.order(&state, kind, "bob", MARKET, Wish { account: 0, perp: 0, size: size(change)? })?;
        }
        let amount = usd("123.45")?;
        self.measure(&format!("{state}: margin in"), |net| {
            net.deposit_margin("bob", MARKET, 0, amount, None)
        })?;
        self.measure(&format!("{state}: margin out"), |net| net.withdraw_margin("bob", MARKET, 0, amount))?;
        let rest = size("0.3041")?;
        self.order(&state, "close", "bob", MARKET, Wish { account: 0, perp: 0, size: rest })
    }

    /// How rows call the state of an account.
    pub fn positions(&self, count: u16) -> String {
        let plural =
            |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let engine = if self.layout.engine { "risk engine on, " } else { "" };
        let perps = plural(self.layout.perps, "perpetual");
        let markets = if self.layout.markets > 1 {
            format!("{} markets, ", self.layout.markets)
        } else {
            String::new()
        };
        let desk = self.layout.desk.map(|count| format!("a desk with {}, ", plural(count, "market")));
        let desk = desk.unwrap_or_default();
        format!("{engine}{desk}{markets}{perps}, {}", plural(usize::from(count), "position"))
    }

    /// Funding is sampled, and an order is committed behind another one that waits.
    pub fn further(&mut self) -> Result<()> {
        let state = self.positions(0);
        let row = |what: &str| format!("{state}: {what}");
        self.publish()?;
        self.measure(&row("poke"), |net| net.poke("kim", MARKET))?;
        let order = |text: &str| Ok::<_, anyhow::Error>(Order { size: size(text)?, ..Order::default() });
        let (first, second, back) = (order("-0.0712")?, order("0.1234")?, size("-0.1234")?);
        self.next_interval()?;
        self.net.commit("crowd", MARKET, 0, &first)?;
        let committed =
            self.measure(&row("commit behind another order"), |net| net.commit("bob", MARKET, 0, &second))?;
        self.ripen(&committed)?;
        // should they be bound to two intervals after all, the first one is passed over once its grace is gone
        let oracle = &self.net.manifest().oracle;
        let wait = u64::from(oracle.interval_seconds + oracle.grace_seconds);
        let later = self.net.now()? + wait;
        if self.net.settle("kim", MARKET, 0, 2).is_err() {
            self.net.wait_until(later)?;
            self.net.settle("kim", MARKET, 0, 2)?;
        }
        self.trade_all("bob", MARKET, &[Wish { account: 0, perp: 0, size: back }])
    }

    /// `bob` trades while somebody is said to have brought him, who gets a share of what he pays into his own account.
    pub fn referred(&mut self) -> Result<()> {
        let state = self.positions(0);
        let row = |what: &str| format!("{state}: {what}");
        self.publish()?;
        self.measure(&row("set a referrer"), |net| net.set_referrer("bob", MARKET, 0, Some("crowd")))?;
        for (kind, change) in [("open, referred", "0.2537"), ("close, referred", "-0.2537")] {
            self.order(&state, kind, "bob", MARKET, Wish { account: 0, perp: 0, size: size(change)? })?;
        }
        self.publish()?;
        self.measure(&row("set no referrer"), |net| net.set_referrer("bob", MARKET, 0, None))?;
        Ok(())
    }

    /// An order is taken back, which works until the next interval begins.
    pub fn cancel(&mut self) -> Result<()> {
        let state = self.positions(0);
        self.publish()?;
        let order = Order { size: size("0.1234")?, ..Order::default() };
        for _ in 0..5 {
            self.next_interval()?;
            let committed = self.net.commit("bob", MARKET, 0, &order)?;
            let number = events::<OrderCommitted>(&committed)?.last().context("nothing was committed")?.order;
            let cancelled =
                self.measure(&format!("{state}: cancel"), |net| net.cancel("bob", MARKET, 0, number));
            if cancelled.is_ok() {
                return Ok(());
            }
            self.ripen(&committed)?;
            filled(&self.net.settle("kim", MARKET, 0, 1)?, 1)?;
        }
        bail!("the machine is too slow: no order could be taken back before its interval began")
    }

    /// Orders of many accounts are settled in batches of 1, 11 and 49; the accounts are then liquidated in batches of 1, 10
    /// and 50.
    pub fn batches(&mut self) -> Result<()> {
        let state = self.positions(0);
        let row = |what: &str| format!("{state}: {what}");
        let perp = feed("SOL").context("no SOL")?;
        let numbers: Vec<u16> = (100..161).collect();
        let apart = 161;
        let deposits: Vec<_> = numbers.iter().chain([&apart]).map(|number| (*number, "170.12")).collect();
        self.pay_in("mass", MARKET, &deposits)?;
        let open = size("10.25")?;
        let wish = |account: &u16| Wish { account: *account, perp, size: open };
        let (one, rest) = numbers.split_at(1);
        let (eleven, rest) = rest.split_at(11);
        for batch in [one, eleven, rest] {
            self.commit_all("mass", MARKET, &batch.iter().map(wish).collect::<Vec<_>>())?;
            let settled = self.measure(&row(&format!("settle {}", plural(batch.len(), "order"))), |net| {
                net.settle("kim", MARKET, perp, 100)
            })?;
            filled(&settled, batch.len())?;
        }
        // on the longest batch, where each takes the most
        let (first, last) =
            (self.rows.gas(&row("settle 1 order"))?, self.rows.gas(&row("settle 49 orders"))?);
        self.note(&row("settle, each further order"), (last - first) / 48);
        self.commit_all("mass", MARKET, &[wish(&apart)])?;
        let settled = self.measure(&row("settle 1 order, after another keeper"), |net| {
            net.settle("taker", MARKET, perp, 100)
        })?;
        filled(&settled, 1)?;
        self.commit_all("mass", MARKET, &[Wish { size: size("-10.25")?, ..wish(&apart) }])?;
        self.net.settle("kim", MARKET, perp, 100)?;

        // 6.7 % down: more than half of the margin is lost, and a part of each position has to go
        self.set_price(perp, "140.321")?;
        self.publish()?;
        let (one, rest) = numbers.split_at(1);
        let (ten, fifty) = rest.split_at(10);
        for batch in [one, ten, fifty] {
            let accounts: Vec<_> = batch.iter().map(|number| ("mass", *number)).collect();
            let done = self
                .measure(&row(&format!("liquidate {}", plural(batch.len(), "account"))), |net| {
                    net.liquidate_accounts("kim", MARKET, &accounts)
                })?;
            liquidated(&done, batch.len())?;
        }
        let gas = |count: usize| self.rows.gas(&row(&format!("liquidate {}", plural(count, "account"))));
        let slope = (gas(50)? - gas(1)?) / 49;
        self.note(&row("liquidate, each further account"), slope);

        self.set_price(perp, "120.321")?;
        self.publish()?;
        let done = self.measure(&row("liquidate an account that ends below zero"), |net| {
            net.liquidate_accounts("kim", MARKET, &[("mass", 100)])
        })?;
        let lost = liquidated(&done, 1)?.iter().all(|account| !account.shortfall.is_zero());
        ensure!(lost, "the account was not below zero");
        self.set_price(perp, "150.321")?;
        self.publish()?;
        Ok(())
    }

    /// Three providers borrow as much as they may, their collateral falls, and it is sold.
    pub fn auctions(&mut self) -> Result<()> {
        let state = self.positions(0);
        let row = |what: &str| format!("{state}: {what}");
        let atom = feed("ATOM").context("no ATOM")?;
        for name in ["dora", "drew", "dale"] {
            self.net.deposit(name, "ATOM", tokens("10_012.345678")?, None)?;
            self.net.mint(name, "ATOM", usd("33_000.75")?)?;
        }
        self.set_price(atom, "6.1234")?;
        self.publish()?;
        let seized = self.measure(&row("seize and start an auction"), |net| {
            net.liquidate_position("kim", "ATOM", "dora")
        })?;
        let auction = started(&seized)?;
        let max_price = Price::new(7_654_300_000_000_000_000);
        let take = |amount: &str, payment| {
            let amount = tokens(amount)?;
            Ok::<_, anyhow::Error>(Take { auction, amount, payment, max_price, recipient: None })
        };
        let exact = self.net.quote(auction, tokens("1_234.5")?)?.cost;
        let part = take("1_234.5", exact)?;
        self.measure(&row("take a part"), |net| net.take("taker", &part))?;
        let part = take("1_234.5", exact.plus(usd("1_000.5")?)?)?;
        self.measure(&row("take a part, more paid than needed"), |net| net.take("taker", &part))?;
        let rest = take("10_000", self.net.quote(auction, tokens("10_000")?)?.cost)?;
        self.measure(&row("take the rest"), |net| net.take("taker", &rest))?;

        let seized = self.net.liquidate_position("kim", "ATOM", "drew")?;
        let auction = started(&seized)?;
        self.net.wait_until(seized.at + 22)?;
        self.publish()?;
        self.measure(&row("redo"), |net| net.redo("kim", auction))?;
        let (amount, payment) = (tokens("10_000")?, usd("50_000.5")?);
        self.net.take("taker", &Take { auction, amount, payment, max_price, recipient: None })?;
        self.backstop()?;
        self.set_price(atom, "10.1234")?;
        self.publish()?;
        Ok(())
    }

    /// `taker` stands by with sdUSD, which takes `dale`'s position whole.
    fn backstop(&mut self) -> Result<()> {
        let state = self.positions(0);
        let row = |what: &str| format!("{state}: {what}");
        let amount = usd("40_000.5")?;
        self.measure(&row("backstop, deposit"), |net| net.back("taker", amount, None))?;
        let seized = self.measure(&row("seize, absorbed by the backstop"), |net| {
            net.liquidate_position("kim", "ATOM", "dale")
        })?;
        let absorbed = events::<Absorbed>(&seized)?;
        ensure!(absorbed.len() == 1 && events::<AuctionStarted>(&seized)?.is_empty(), "not absorbed whole");
        self.measure(&row("backstop, claim"), |net| net.claim("taker"))?;
        Ok(())
    }

    /// `wanda` wins more than the market holds, and takes it out.
    pub fn draw(&mut self) -> Result<()> {
        let btc = feed("BTC").context("no BTC")?;
        self.net.deposit_margin("wanda", MARKET, 0, usd("200_000.5")?, None)?;
        self.trade_all("wanda", MARKET, &[Wish { account: 0, perp: btc, size: size("30.1234")? }])?;
        self.set_price(btc, "75000.12")?;
        self.publish()?;
        self.trade_all("wanda", MARKET, &[Wish { account: 0, perp: btc, size: size("-29.6234")? }])?;
        let held = self.net.market_totals(MARKET)?.held;
        self.net.withdraw_margin("wanda", MARKET, 0, held.minus(usd("1_000")?)?)?;
        let amount = usd("12_345.67")?;
        let state = self.positions(1);
        self.measure(&format!("{state}: margin out, partly drawn"), |net| {
            net.withdraw_margin("wanda", MARKET, 0, amount)
        })?;
        let drawn = self.measure(&format!("{state}: margin out, drawn"), |net| {
            net.withdraw_margin("wanda", MARKET, 0, amount)
        })?;
        all_drawn(&drawn)?;
        self.trade_all("wanda", MARKET, &[Wish { account: 0, perp: btc, size: size("-0.5")? }])?;
        let state = self.positions(0);
        let drawn = self.measure(&format!("{state}: margin out, drawn"), |net| {
            net.withdraw_margin("wanda", MARKET, 0, amount)
        })?;
        all_drawn(&drawn)?;
        self.set_price(btc, "60000.12")?;
        self.publish()?;
        Ok(())
    }
}

fn started(answer: &Answer) -> Result<u64> {
    Ok(events::<AuctionStarted>(answer)?.last().context("no auction was started")?.auction)
}

fn all_drawn(answer: &Answer) -> Result<()> {
    let told = events::<MarginWithdrawn>(answer)?;
    ensure!(told.iter().all(|told| told.drawn == told.amount), "the market had enough");
    Ok(())
}

/// `1 order`, `11 orders`.
fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// So many accounts were liquidated.
fn liquidated(answer: &Answer, accounts: usize) -> Result<Vec<AccountLiquidated>> {
    let found = events::<AccountLiquidated>(answer)?;
    ensure!(found.len() == accounts, "{} of {accounts} accounts were liquidated", found.len());
    Ok(found)
}
