//! What messages cost with ten people, and with ten thousand.

use anyhow::Result;
use cosmwasm_std::{to_json_binary, Coin};
use cw20::Cw20ExecuteMsg;
use sdp_network::{Actions, Message};
use sdp_types::market::Hook;
use sdp_types::pool;

use crate::world::{size, tokens, usd, Wish, World};

/// Providers, and traders' accounts, in the large world.
const MANY: usize = 10_000;
/// Messages of one transaction.
const EACH: usize = 250;
/// The market that is measured.
const MARKET: &str = "market";

impl World<'_> {
    /// The same messages with few people and with many. They differ in nothing else: what newcomers bring is little beside what
    /// is there, so that sums keep their number of digits.
    pub fn grow(&mut self) -> Result<()> {
        self.net.deposit("anna", "ATOM", tokens("20_000.25")?, None)?;
        self.net.mint("anna", "ATOM", usd("20_000.75")?)?;
        self.pay_in("bob", MARKET, &[(0, "50_000.55")])?;
        let size = self.worth(1, "1_234.56")?;
        self.trade_all("bob", MARKET, &[Wish { account: 0, perp: 1, size }])?;
        // the first time some records get longer
        self.routine("first time")?;
        self.invite(0..10)?;
        self.routine(FEW)?;
        self.invite(10..MANY)?;
        self.routine(&format!("{MANY} people"))
    }

    /// Messages that leave everything as it was.
    fn routine(&mut self, state: &str) -> Result<()> {
        let row = |what: &str| format!("{state}: {what}");
        let (collateral, dollars) = (tokens("12.345678")?, usd("123.45")?);
        self.publish()?;
        self.measure(&row("deposit"), |net| net.deposit("anna", "ATOM", collateral, None))?;
        self.publish()?;
        self.measure(&row("mint"), |net| net.mint("anna", "ATOM", dollars))?;
        self.publish()?;
        self.measure(&row("burn"), |net| net.burn("anna", "ATOM", dollars, None))?;
        self.publish()?;
        self.measure(&row("sync"), |net| net.sync("kim"))?;
        self.exit(state)?;
        self.measure(&row("margin in"), |net| net.deposit_margin("bob", MARKET, 0, dollars, None))?;
        self.measure(&row("margin out"), |net| net.withdraw_margin("bob", MARKET, 0, dollars))?;
        for (kind, change) in [("open", "0.2537"), ("close", "-0.2537")] {
            self.order(state, kind, "bob", MARKET, Wish { account: 0, perp: 0, size: size(change)? })?;
        }
        Ok(())
    }

    /// Everybody of these numbers becomes a provider and a trader, at the expense of those who have enough.
    fn invite(&mut self, numbers: std::ops::Range<usize>) -> Result<()> {
        let (pool, token) = (self.net.contract("pool")?, self.net.contract("sdusd")?);
        let market = self.net.contract(MARKET)?.into_string();
        let collateral = [Coin::new(tokens("10.123456")?.raw(), "uatom")];
        let all: Vec<_> = numbers.collect();
        for some in all.chunks(EACH) {
            let (mut deposits, mut margins) = (Vec::new(), Vec::new());
            for number in some {
                let address = self.net.derive(&format!("guest-{number:05}"))?.into_string();
                let msg = pool::ExecuteMsg::Deposit { beneficiary: Some(address.clone()) };
                deposits.push(Message::execute(pool.clone(), &msg, &collateral)?);
                let msg = to_json_binary(&Hook::Deposit { beneficiary: Some(address), account: 0 })?;
                let (contract, amount) = (market.clone(), usd("1.234567")?.raw().into());
                let msg = Cw20ExecuteMsg::Send { contract, amount, msg };
                margins.push(Message::execute(token.clone(), &msg, &[])?);
            }
            self.net.send("whale", &deposits)?;
            self.net.send("crowd", &margins)?;
        }
        self.publish()?;
        Ok(())
    }
}

/// How rows with few people begin.
pub const FEW: &str = "10 people";
