//! One deployment and the people in it.

use anyhow::{bail, ensure, Context, Result};
use cosmwasm_std::{to_json_binary, Coin};
use cw20::Cw20ExecuteMsg;
use sdp_network::decimal;
use sdp_network::recording::Log;
use sdp_network::{events, Actions, Answer, Message, Network, FAUCET};
use sdp_types::board::FeedId;
use sdp_types::events::{OrderCommitted, OrderFilled, PriceSet};
use sdp_types::market::{self, Hook};
use sdp_types::oracle::{self, Submission};
use sdp_types::units::{Amount, Price, Ratio, Size, Usd};

use crate::layout::Layout;
use crate::rows::Rows;

/// Everybody who sends messages.
const PEOPLE: [&str; 12] =
    ["whale", "ulla", "anna", "dora", "drew", "dale", "bob", "crowd", "mass", "wanda", "kim", "taker"];
/// Width of the band that is published with every price.
const CONFIDENCE: Ratio = Ratio::bps(5);

/// An order that is about to be committed.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Number of the sender's account.
    pub account: u16,
    /// The perpetual.
    pub perp: u16,
    /// What to buy (positive) or sell.
    pub size: Size,
}

/// A deployment that is lived in, and what its messages cost.
pub struct World<'n> {
    /// The chain.
    pub net: &'n mut dyn Network,
    /// What is deployed.
    pub layout: Layout,
    /// What was measured so far.
    pub rows: Rows,
    /// Tells each row as it is measured.
    verbose: bool,
    /// Marks which entry of a recording is which row.
    log: Option<Log>,
    prices: Vec<Price>,
    /// Publications so far.
    ticks: u64,
    published: u64,
}

/// A number of units of `10^-decimals`.
fn units(text: &str, decimals: u32) -> Result<u128> {
    decimal::parse(text, decimals)
}

/// USD.
pub fn usd(text: &str) -> Result<Usd> {
    Ok(Usd::new(units(text, 6)?))
}

/// Tokens of 6 decimals.
pub fn tokens(text: &str) -> Result<Amount> {
    Ok(Amount::new(units(text, 6)?))
}

/// A price.
pub fn price(text: &str) -> Result<Price> {
    Ok(Price::new(units(text, Price::DECIMALS)?))
}

/// A signed size.
pub fn size(text: &str) -> Result<Size> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    Ok(Size::new(sign * i128::try_from(units(text, Size::DECIMALS)?)?))
}

/// What a transaction used.
pub fn gas(answer: &Answer) -> Result<i64> {
    Ok(i64::try_from(answer.gas_used.context("this network has no gas")?)?)
}

impl<'n> World<'n> {
    /// A deployment in which nothing has happened yet.
    pub fn new(net: &'n mut dyn Network, layout: Layout, log: Option<Log>, verbose: bool) -> Self {
        let first = net.manifest().feeds.iter();
        let prices = first.map(|feed| feed.price.unwrap_or_default()).collect();
        Self { net, layout, rows: Rows::default(), verbose, log, prices, ticks: 0, published: 0 }
    }

    /// Coins for everybody and a first message by everybody, because the first one of an account also stores its key; then
    /// providers, and traders on both sides of every perpetual of every market.
    pub fn begin(&mut self) -> Result<()> {
        let publishers = self.net.manifest().roles.publishers.clone();
        let owner = self.net.manifest().roles.owner.clone();
        let mut gifts = Vec::new();
        for name in PEOPLE.iter().copied().map(String::from).chain(publishers).chain([owner]) {
            let coins =
                |denom: &str, text: &str| Ok::<_, anyhow::Error>(Coin::new(tokens(text)?.raw(), denom));
            let coins =
                vec![coins("stake", "1")?, coins("uatom", "10_000_000")?, coins("uusdc", "10_000_000")?];
            gifts.push((name, coins));
        }
        let mut sends = Vec::new();
        for (name, coins) in &gifts {
            sends.push(Message::Send { to: self.net.introduce(name)?, coins: coins.clone() });
        }
        self.net.send(FAUCET, &sends)?;
        for (name, _) in &gifts {
            let coins = vec![Coin::new(1_u128, "stake")];
            self.net.send(name, &[Message::Send { to: self.net.address(name)?, coins }])?;
        }

        self.publish()?;
        self.net.deposit("whale", "ATOM", tokens("3_000_000.123456")?, None)?;
        self.net.deposit("ulla", "USDC", tokens("1_000_000.5")?, None)?;
        self.net.mint("whale", "ATOM", usd("3_000_000.25")?)?;
        let mut gifts = Vec::new();
        for (name, amount) in [
            ("bob", "100_000.55"),
            ("anna", "10_000.75"),
            ("crowd", "1_400_000"),
            ("mass", "50_000"),
            ("wanda", "220_000"),
            ("kim", "1_000.25"),
            ("taker", "200_000.5"),
        ] {
            let recipient = self.net.address(name)?.into_string();
            let msg = Cw20ExecuteMsg::Transfer { recipient, amount: usd(amount)?.raw().into() };
            gifts.push(Message::execute(self.net.contract("sdusd")?, &msg, &[])?);
        }
        self.net.send("whale", &gifts)?;
        if self.layout.engine {
            self.insure()?;
        }
        for market in self.markets() {
            for keeper in ["kim", "taker"] {
                self.net.deposit_margin(keeper, &market, 0, usd("100.25")?, None)?;
            }
            self.crowd(&market)?;
        }
        self.net.sync("kim")?;
        Ok(())
    }

    /// Names of the markets.
    pub fn markets(&self) -> Vec<String> {
        self.net.manifest().markets.iter().map(|market| market.name.clone()).collect()
    }

    /// Longs and shorts in every perpetual, more of the former: 16 positions fit into one account.
    fn crowd(&mut self, market: &str) -> Result<()> {
        let perps = u16::try_from(self.layout.perps)?;
        let accounts = 2 * perps.div_ceil(16);
        let deposits = (0..accounts).map(|account| (account, "160_000.25"));
        self.pay_in("crowd", market, &deposits.collect::<Vec<_>>())?;
        let mut wishes = Vec::new();
        for perp in 0..perps {
            let pair = 2 * (perp / 16);
            let long = self.worth(perp, "71_234.56")?;
            let short = Size::new(-self.worth(perp, "64_321.98")?.raw());
            wishes.push(Wish { account: pair, perp, size: long });
            wishes.push(Wish { account: pair + 1, perp, size: short });
        }
        self.trade_all("crowd", market, &wishes)
    }

    /// A size of about that value, with the four digits that people use.
    pub fn worth(&self, perp: u16, value: &str) -> Result<Size> {
        let price = self.price_of(perp)?.raw();
        // micro-USD ÷ (10⁻¹⁸ USD per unit) to 10⁻¹⁸ units: × 10³⁰
        let micro = units(value, 6)?;
        let mut raw = micro * 10_u128.pow(18) / (price / 10_u128.pow(12)).max(1);
        let mut digits = 1;
        while raw >= 10_000 {
            (raw, digits) = (raw / 10, digits * 10);
        }
        Ok(Size::new(i128::try_from(raw * digits)?))
    }

    // measuring

    /// Sends one transaction and notes its gas as a row.
    pub fn measure(
        &mut self,
        row: &str,
        act: impl FnOnce(&mut dyn Network) -> sdp_network::error::Result<Answer>,
    ) -> Result<Answer> {
        if let Some(log) = &self.log {
            log.belongs_to(None);
        }
        let answer = act(self.net).with_context(|| row.to_string())?;
        if let Some(log) = &self.log {
            log.belongs_to(Some(self.rows.iter().count()));
        }
        self.note(row, gas(&answer)?);
        Ok(answer)
    }

    /// Notes a row that follows from others.
    pub fn note(&mut self, row: &str, gas: i64) {
        if self.verbose {
            eprintln!("{}  {row}: {gas}", self.layout.name);
        }
        self.rows.add(row, gas);
    }

    // prices

    /// What the feed of a perpetual is published at.
    pub fn price_of(&self, perp: u16) -> Result<Price> {
        self.prices.get(usize::from(perp)).copied().context("no such perpetual")
    }

    /// What a feed will be published at from now on.
    pub fn set_price(&mut self, feed: FeedId, text: &str) -> Result<()> {
        *self.prices.get_mut(usize::from(feed)).context("no such feed")? = price(text)?;
        Ok(())
    }

    /// Publishes all prices of now.
    pub fn publish(&mut self) -> Result<Answer> {
        let time = self.net.now()?.max(self.published + 1);
        self.net.wait_until(time)?;
        self.publish_at(time)
    }

    /// Publishes all prices of a moment, by as many as make a quorum.
    pub fn publish_at(&mut self, time: u64) -> Result<Answer> {
        let quorum = usize::try_from(self.layout.publishers.1)?;
        self.ticks += 1;
        let msg = self.report(self.layout.feeds(), time);
        let mut last = Answer::default();
        for number in 1..=quorum {
            last = self.net.execute(&format!("publisher-{number}"), "oracle", &msg, &[])?;
        }
        self.published = time;
        let set = events::<PriceSet>(&last)?;
        ensure!(set.len() == self.layout.feeds(), "not all prices were taken at {time}");
        Ok(last)
    }

    /// Prices of the first feeds as a publisher reports them.
    pub fn report(&self, feeds: usize, publish_time: u64) -> oracle::ExecuteMsg {
        let prices = (0..).zip(self.prices.iter().take(feeds));
        let prices = prices.map(|(feed, price)| {
            let price = self.ticked(*price);
            Submission { feed, price, confidence: CONFIDENCE, publish_time }
        });
        oracle::ExecuteMsg::Publish { prices: prices.collect() }
    }

    /// Prices never stand still: every second time they are 25 of their last digits higher. So whoever syncs always finds
    /// something to book.
    fn ticked(&self, price: Price) -> Price {
        let mut digit = 1;
        while price.raw() % (digit * 10) == 0 && digit < price.raw() {
            digit *= 10;
        }
        Price::new(price.raw() + (self.ticks % 2) as u128 * 25 * digit)
    }

    /// A second in which nothing has been published yet.
    pub fn fresh_second(&mut self) -> Result<u64> {
        let time = self.net.now()?.max(self.published + 1);
        self.net.wait_until(time)?;
        self.published = time;
        Ok(time)
    }

    /// The beginning of an interval.
    pub fn next_interval(&mut self) -> Result<()> {
        let seconds = u64::from(self.net.manifest().oracle.interval_seconds);
        let next = (self.net.now()? / seconds + 1) * seconds;
        self.net.wait_until(next)?;
        Ok(())
    }

    // trading

    /// Margin for several accounts of one owner, in one transaction.
    pub fn pay_in(&mut self, owner: &str, market: &str, deposits: &[(u16, &str)]) -> Result<()> {
        let (token, contract) = (self.net.contract("sdusd")?, self.net.contract(market)?.into_string());
        let mut messages = Vec::new();
        for (account, amount) in deposits {
            let msg = to_json_binary(&Hook::Deposit { beneficiary: None, account: *account })?;
            let amount = usd(amount)?.raw().into();
            let msg = Cw20ExecuteMsg::Send { contract: contract.clone(), amount, msg };
            messages.push(Message::execute(token.clone(), &msg, &[])?);
        }
        self.net.send(owner, &messages)?;
        Ok(())
    }

    /// Commits orders in one transaction and waits until they can be settled.
    pub fn commit_all(&mut self, owner: &str, market: &str, wishes: &[Wish]) -> Result<()> {
        let contract = self.net.contract(market)?;
        let mut messages = Vec::new();
        for Wish { account, perp, size } in wishes.iter().copied() {
            let msg = market::ExecuteMsg::Commit {
                owner: None,
                account,
                perp,
                size,
                limit_price: None,
                expires_in: None,
                reduce_only: false,
            };
            messages.push(Message::execute(contract.clone(), &msg, &[])?);
        }
        let answer = self.net.send(owner, &messages)?;
        self.ripen(&answer)
    }

    /// Waits for the interval of an order that has just been committed, and publishes its prices.
    pub fn ripen(&mut self, committed: &Answer) -> Result<()> {
        let orders = events::<OrderCommitted>(committed)?;
        let interval = orders.last().context("nothing was committed")?.interval;
        let start = interval * u64::from(self.net.manifest().oracle.interval_seconds);
        self.publish_interval(start)
    }

    /// Publishes the prices of an interval that begins then. What is measured next reads them: not those of a later one.
    pub fn publish_interval(&mut self, start: u64) -> Result<()> {
        self.net.wait_until(start)?;
        let answer = self.publish_at(start)?;
        let late = events::<PriceSet>(&answer)?.iter().any(|set| !set.interval_set);
        ensure!(
            !late,
            "the machine is too slow: prices of {start} were published when their interval was over"
        );
        Ok(())
    }

    /// Commits orders in one transaction and settles them in another.
    pub fn trade_all(&mut self, owner: &str, market: &str, wishes: &[Wish]) -> Result<()> {
        self.commit_all(owner, market, wishes)?;
        let contract = self.net.contract(market)?;
        let mut perps: Vec<_> = wishes.iter().map(|wish| wish.perp).collect();
        perps.sort_unstable();
        perps.dedup();
        let mut messages = Vec::new();
        for perp in perps {
            let msg = market::ExecuteMsg::Settle { perp, limit: 100 };
            messages.push(Message::execute(contract.clone(), &msg, &[])?);
        }
        let answer = self.net.send("kim", &messages)?;
        filled(&answer, wishes.len())
    }

    /// Commits and settles one order, each a row and both together another: `STATE: KIND, commit`.
    pub fn order(&mut self, state: &str, kind: &str, trader: &str, market: &str, wish: Wish) -> Result<()> {
        let order =
            sdp_network::actions::Order { account: wish.account, size: wish.size, ..Default::default() };
        let committed = self.measure(&format!("{state}: {kind}, commit"), |net| {
            net.commit(trader, market, wish.perp, &order)
        })?;
        self.ripen(&committed)?;
        let settled =
            self.measure(&format!("{state}: {kind}, settle"), |net| net.settle("kim", market, wish.perp, 1))?;
        filled(&settled, 1)?;
        self.note(&format!("{state}: {kind}, whole way"), gas(&committed)? + gas(&settled)?);
        Ok(())
    }

    /// The books balance.
    pub fn end(&self) -> Result<()> {
        let audit = self.net.audit()?;
        ensure!(audit.difference.is_zero(), "the books differ by {}", audit.difference);
        Ok(())
    }
}

/// So many orders were filled, and none refused.
pub fn filled(answer: &Answer, orders: usize) -> Result<()> {
    let found = events::<OrderFilled>(answer)?.len();
    if found != orders {
        let told: Vec<_> = answer.events.iter().filter(|event| event.ty == "wasm-order_refused").collect();
        bail!("{found} of {orders} orders were filled: {told:?}");
    }
    Ok(())
}
