//! What stands apart from a market: conditional orders, margin in tokens, and markets that anyone may open.

use anyhow::{bail, ensure, Context, Result};
use sdp_network::actions::Order;
use sdp_network::{
    events, Actions, Bonding, Bracket, Conditionals, Message, Network, TakeTokens, TokenMargin,
};
use sdp_types::event::Side;
use sdp_types::events::{OrderCommitted, OrderFilled, TokensTaken};
use sdp_types::market::Delegation;
use sdp_types::orders::{Entry, Exit, Kind, NewOrder};
use sdp_types::units::{Price, Ratio, Rounding, Size};
use sdp_types::{event, market};

use crate::layout::{event_name, feed};
use crate::world::{gas, price, size, tokens, usd, Wish, World};

/// The market that is measured.
const MARKET: &str = "market";
/// Orders that are placed by one message.
const PLACED: u16 = 8;

impl World<'_> {
    /// `bob` lets orders wait, which are due with the next price, and `kim` commits them.
    pub fn orders(&mut self) -> Result<()> {
        let row = |what: &str| format!("orders: {what}");
        self.net.deposit_margin("bob", MARKET, 1, usd("20_000.55")?, None)?;
        let amount = usd("100.25")?;
        self.measure(&row("fill a jar"), |net| net.fill_jar("bob", MARKET, amount, None))?;

        let until = self.net.now()? + 86_400;
        let some = (0..PLACED).map(|perp| self.conditional(perp, until)).collect::<Result<Vec<_>>>()?;
        let first = vec![some.first().context("no order")?.clone()];
        let place = |orders: Vec<NewOrder>| {
            move |net: &mut dyn Network| net.place_orders("bob", MARKET, 1, orders, false)
        };
        self.measure(&row("place, first"), place(first.clone()))?;
        self.measure(&row("place"), place(first))?;
        let ids = self.waiting()?;
        self.measure(&row("cancel"), |net| net.cancel_orders("bob", MARKET, &ids[..1]))?;
        self.net.cancel_orders("bob", MARKET, &ids[1..])?;

        let exit =
            |trigger: &str| -> Result<Exit> { Ok(Exit { trigger: price(trigger)?, limit_price: None }) };
        let bracket = Bracket {
            account: 1,
            perp: 0,
            size: size("0.0123")?,
            entry: Entry::Waits(Kind::Limit { price: price("50_000")? }),
            stop: exit("48_000")?,
            target: exit("64_000")?,
            entry_good_till: Some(until),
            good_till: Some(until),
            keeper_fee: usd("1")?,
        };
        self.measure(&row("place a bracket"), |net| net.place_bracket("bob", MARKET, bracket))?;
        let ids = self.waiting()?;
        self.net.cancel_orders("bob", MARKET, &ids)?;

        self.measure(&row("place 8 orders"), place(some))?;
        let ids = self.waiting()?;
        // a price counts for orders that were there before it
        self.net.wait_until(self.net.now()? + 1)?;
        self.publish()?;
        let one = self.measure(&row("commit 1 order"), |net| net.arm_orders("kim", MARKET, &ids[..1]))?;
        let others = self.measure(&row("commit 7 orders"), |net| net.arm_orders("kim", MARKET, &ids[1..]))?;
        for (answer, count) in [(&one, 1), (&others, ids.len() - 1)] {
            let committed = events::<OrderCommitted>(answer)?.len();
            ensure!(committed == count, "{committed} of {count} orders were committed: {:?}", answer.events);
        }
        self.note(&row("commit, each further order"), (gas(&others)? - gas(&one)?) / 6);
        self.ripen(&others)?;
        let contract = self.net.contract(MARKET)?;
        let settle = |perp| {
            let msg = market::ExecuteMsg::Settle { perp, limit: 10 };
            Ok(Message::execute(contract.clone(), &msg, &[])?)
        };
        let settled = self.net.send("kim", &(0..PLACED).map(settle).collect::<Result<Vec<_>>>()?)?;
        ensure!(events::<OrderFilled>(&settled)?.len() == usize::from(PLACED), "not all were filled");
        self.measure(&row("sweep 1 order"), |net| net.sweep_orders("kim", MARKET, &ids[..1]))?;
        self.measure(&row("sweep 7 orders"), |net| net.sweep_orders("kim", MARKET, &ids[1..]))?;
        ensure!(self.waiting()?.is_empty(), "orders are left that have filled");
        self.bracket(until)?;
        let amount = usd("12.34")?;
        self.measure(&row("withdraw from a jar"), |net| net.draw_jar("bob", MARKET, amount))?;
        Ok(())
    }

    /// An entry at market, and its target, which is due as soon as that has filled: whoever commits it wakes it.
    fn bracket(&mut self, until: u64) -> Result<()> {
        let row = |what: &str| format!("orders: {what}");
        let at =
            |percent| Ok::<_, anyhow::Error>(self.price_of(1)?.scale(Ratio::percent(percent), Rounding::Up)?);
        let exit = |trigger| Exit { trigger, limit_price: None };
        let bracket = Bracket {
            account: 1,
            perp: 1,
            size: self.worth(1, "1_234.56")?,
            entry: Entry::Market { limit_price: None },
            stop: exit(at(80)?),
            target: exit(at(98)?),
            entry_good_till: Some(until),
            good_till: Some(until),
            keeper_fee: usd("1")?,
        };
        self.publish()?;
        let placed =
            self.measure(&row("place a bracket at market"), |net| net.place_bracket("bob", MARKET, bracket))?;
        self.ripen(&placed)?;
        self.net.settle("kim", MARKET, 1, 10)?;
        self.publish()?;
        let ids = self.waiting()?;
        let [_, _, target] = ids[..] else { bail!("a bracket is three orders: {ids:?}") };
        let armed = self.measure(&row("commit an exit, which wakes it"), |net| {
            net.arm_orders("kim", MARKET, &[target])
        })?;
        self.ripen(&armed)?;
        self.net.settle("kim", MARKET, 1, 10)?;
        self.measure(&row("sweep an exit and what it cancels"), |net| {
            net.sweep_orders("kim", MARKET, &[target])
        })?;
        ensure!(self.waiting()?.is_empty(), "orders are left of a bracket that has ended");
        Ok(())
    }

    /// `bob` lets `dora` trade an account of his, moves margin between two of them, and hands one on to her.
    pub fn delegates(&mut self) -> Result<()> {
        let row = |what: &str| format!("delegates: {what}");
        let delegation = |may_take| {
            let expires_at = u64::from(u32::MAX);
            Some(Delegation { expires_at, perps: None, most_notional: None, may_take })
        };
        let let_trade = delegation(false);
        self.measure(&row("let somebody trade"), |net| {
            net.set_delegate("bob", MARKET, 1, "dora", let_trade)
        })?;
        self.publish()?;
        let size = self.worth(2, "1_234.56")?;
        let order = Order { owner: Some("bob".into()), account: 1, size, ..Order::default() };
        let committed = self.measure(&row("commit"), |net| net.commit("dora", MARKET, 2, &order))?;
        self.ripen(&committed)?;
        self.measure(&row("settle"), |net| net.settle("kim", MARKET, 2, 10))?;
        self.publish()?;
        let amount = usd("123.45")?;
        for what in ["move margin into another account, first", "move margin into another account"] {
            self.measure(&row(what), |net| net.transfer_margin("bob", MARKET, 1, 2, amount))?;
        }
        let let_take = delegation(true);
        self.net.set_delegate("bob", MARKET, 2, "dora", let_take)?;
        self.measure(&row("take an account"), |net| net.take_account("dora", MARKET, "bob", 2, 3))?;
        Ok(())
    }

    /// An order that is due as soon as there is a price.
    fn conditional(&self, perp: u16, until: u64) -> Result<NewOrder> {
        let price = self.price_of(perp)?.scale(Ratio::percent(102), Rounding::Up)?;
        Ok(NewOrder {
            perp,
            size: self.worth(perp, "1_234.56")?,
            kind: Kind::Limit { price },
            reduce_only: false,
            good_till: Some(until),
            keeper_fee: usd("1.25")?,
        })
    }

    fn waiting(&self) -> Result<Vec<u64>> {
        Ok(self.net.conditionals_of("bob", MARKET, 1)?.iter().map(|order| order.id).collect())
    }

    /// `dora` trades with tokens as margin, loses more than they count for, and `taker` buys them.
    pub fn token_margin(&mut self) -> Result<()> {
        let row = |what: &str| format!("margin in tokens: {what}");
        let amount = tokens("900.123456")?;
        let more = tokens("100.5")?;
        let deposit =
            |amount| move |net: &mut dyn Network| net.deposit_token_margin("dora", "ATOM", 0, amount, None);
        self.publish()?;
        self.measure(&row("in, first"), deposit(amount))?;
        self.publish()?;
        self.measure(&row("in"), deposit(more))?;
        let out = tokens("12.345678")?;
        self.measure(&row("out, no position"), |net| {
            net.withdraw_token_margin("dora", "ATOM", 0, out, None)
        })?;
        let long = size("0.9123")?;
        let wish = |size| Wish { account: 0, perp: 0, size };
        self.order("margin in tokens", "open", "dora", MARKET, wish(long))?;
        self.publish()?;
        self.measure(&row("out"), |net| net.withdraw_token_margin("dora", "ATOM", 0, out, None))?;

        let of = |symbol: &str| feed(symbol).with_context(|| format!("no {symbol}"));
        self.set_price(of("BTC")?, "54000.12")?;
        self.publish()?;
        self.order("margin in tokens", "close", "dora", MARKET, wish(Size::new(-long.raw())))?;
        self.set_price(of("ATOM")?, "6.1234")?;
        self.publish()?;
        self.measure(&row("start a sale"), |net| net.sell_tokens("kim", "dora", 0))?;
        let take = |amount, payment| TakeTokens {
            owner: "dora",
            account: 0,
            payment,
            amount,
            max_price: Price::MAX,
            recipient: None,
        };
        let (part, paid) = (take(tokens("300.5")?, usd("3_000")?), take(tokens("900")?, usd("9_000")?));
        self.measure(&row("take, part"), |net| net.take_tokens("taker", &part))?;
        let taken = self.measure(&row("take, rest"), |net| net.take_tokens("taker", &paid))?;
        ensure!(events::<TokensTaken>(&taken)?.len() == 1, "nothing was taken");
        Ok(())
    }

    /// `taker` opens the markets of a desk, and `bob` buys contracts of each.
    pub fn open_markets(&mut self, count: usize) -> Result<()> {
        for number in 1..=count {
            let market = event_name(number);
            self.publish()?;
            let bond = usd("6_000.25")?;
            self.measure(&format!("bonded market {number}: open"), |net| {
                net.bond_market("taker", &market, bond)
            })?;
            let paid = usd("104.5")?;
            self.measure(&format!("bonded market {number}: buy, which pushes"), |net| {
                net.buy_event("bob", &market, Side::Yes, paid)
            })?;
        }
        Ok(())
    }

    /// The first of them lives to its end, the last one is quarantined.
    pub fn bonded_markets(&mut self, count: usize) -> Result<()> {
        let row = |what: &str| format!("bonded market 1: {what}");
        let (first, last) = (event_name(1), event_name(count));
        self.publish()?;
        self.measure(&row("push"), |net| net.tell_event("kim", &first, &event::ExecuteMsg::Publish {}))?;
        self.publish()?;
        self.measure(&row("mark"), |net| net.mark_market("kim", &first))?;
        let more = usd("123.45")?;
        self.measure(&row("top up"), |net| net.top_up_bond("taker", &first, more))?;
        let owner = self.net.manifest().roles.owner.clone();
        self.measure("a bonded market: quarantine", |net| net.quarantine_market(&owner, &last))?;
        let claim = usd("50.5")?;
        self.measure("a bonded market: resolve", |net| net.resolve_market(&owner, &last, claim))?;

        let ends = self.net.event_state(&first)?.ends_at;
        let seconds = u64::from(self.net.manifest().oracle.interval_seconds);
        // the first interval that begins then or later decides
        self.publish_interval(ends.div_ceil(seconds) * seconds)?;
        self.measure(&row("resolve"), |net| net.tell_event("kim", &first, &event::ExecuteMsg::Resolve {}))?;
        self.publish()?;
        self.measure(&row("redeem, which draws"), |net| net.redeem_event("bob", &first, None))?;
        self.publish()?;
        self.measure(&row("close, ask"), |net| net.close_market("taker", &first))?;
        let delay = self.net.manifest().bonded.as_ref().context("no desk")?.close_delay;
        self.net.wait_until(self.net.now()? + delay + 1)?;
        self.publish()?;
        self.measure(&row("close"), |net| net.close_market("kim", &first))?;
        ensure!(
            self.net.bonded_markets()?.len() + 1 == count,
            "the desk still has the market that was closed"
        );
        Ok(())
    }
}
