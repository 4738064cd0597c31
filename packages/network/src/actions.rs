//! The messages that people send, by name and in exact units. Tests, the CLI and the demo send the same ones.

use cosmwasm_std::{from_json, to_json_binary, Coin, Uint128};
use cw20::{Cw20ExecuteMsg, Cw20QueryMsg, TokenInfoResponse};
use sdp_types::board::{Board, FeedId};
use sdp_types::lens;
use sdp_types::liquidator;
use sdp_types::market::{self, AccountId};
use sdp_types::oracle;
use sdp_types::pool::{self, Ceilinged, Token};
use sdp_types::record::{key, tag, Record};
use sdp_types::regime::Regime;
use sdp_types::units::{Amount, Ratio, Size, Usd};
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::adjust;
use crate::book::Payment;
use crate::contributions::{contributions, Contributions};
use crate::deploy::is_own_token;
use crate::error::{ChainError, Result};
use crate::message::{Answer, Message};
use crate::network::Network;
pub use crate::terms::{FeedPrice, Order, Take};
use crate::{prices, FAUCET};

/// Entries of a list that are asked for at once: the most that contracts give.
pub(crate) const PAGE: u32 = 100;

/// What people do on a [`Network`], by name and in exact units; every network has it.
pub trait Actions: Network {
    // messages and questions

    /// Sends `msg` from an account to a contract.
    fn execute(
        &mut self,
        sender: &str,
        contract: &str,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Result<Answer> {
        let message = Message::execute(self.contract(contract)?, msg, funds)?;
        self.send(sender, &[message])
    }

    /// Sends CW20 tokens with a message for the contract that gets them. `token` is `sdusd` or a collateral's name.
    fn send_tokens(
        &mut self,
        sender: &str,
        token: &str,
        to: &str,
        amount: Amount,
        hook: &impl Serialize,
    ) -> Result<Answer> {
        let contract = self.contract(to)?.into_string();
        let msg = Cw20ExecuteMsg::Send { contract, amount: amount.raw().into(), msg: to_json_binary(hook)? };
        self.execute(sender, token, &msg, &[])
    }

    /// Transfers CW20 tokens.
    fn transfer(&mut self, from: &str, token: &str, to: &str, amount: Amount) -> Result<Answer> {
        let recipient = self.introduce(to)?.into_string();
        self.execute(from, token, &Cw20ExecuteMsg::Transfer { recipient, amount: amount.raw().into() }, &[])
    }

    /// Asks a contract.
    fn query<T: DeserializeOwned>(&self, contract: &str, msg: &impl Serialize) -> Result<T> {
        let answer = self.ask(&self.contract(contract)?, &to_json_binary(msg)?, None)?;
        Ok(from_json(answer)?)
    }

    /// A record of a contract, read raw.
    fn record<R: Record>(&self, contract: &str, key: &[u8]) -> Result<Option<R>> {
        let found = self.raw(&self.contract(contract)?, key)?;
        Ok(found.map(|bytes| R::decode(&bytes)).transpose()?)
    }

    /// The oracle's board.
    fn board(&self) -> Result<Board> {
        let board = self.record("oracle", &key(tag::BOARD))?;
        board.ok_or_else(|| ChainError::setup("the oracle has no board"))
    }

    /// Every page of a list: `ask` makes the question for what comes after an entry.
    fn pages<T: DeserializeOwned, M: Serialize>(
        &self,
        contract: &str,
        ask: impl Fn(Option<&T>) -> M,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        loop {
            let page: Vec<T> = self.query(contract, &ask(all.last()))?;
            let full = page.len() >= PAGE as usize;
            all.extend(page);
            if !full {
                return Ok(all);
            }
        }
    }

    // tokens

    /// A collateral's token.
    fn token(&self, collateral: &str) -> Result<Token> {
        match &self.manifest().collateral(collateral).map_err(ChainError::setup)?.1.denom {
            Some(denom) => Ok(Token::Native(denom.clone())),
            None => Ok(Token::Cw20(self.contract(collateral)?.into_string())),
        }
    }

    /// What an account holds of `sdusd`, `sdnote` or of a collateral, in base units.
    fn balance(&self, account: &str, token: &str) -> Result<Amount> {
        let address = self.address(account)?;
        if is_own_token(self.manifest(), token) {
            return self.cw20(&self.contract(token)?, &address);
        }
        self.balance_of(&self.token(token)?, &address)
    }

    /// All sdUSD that there is.
    fn sdusd_supply(&self) -> Result<Amount> {
        let info: TokenInfoResponse = self.query("sdusd", &Cw20QueryMsg::TokenInfo {})?;
        Ok(Amount::new(info.total_supply.u128()))
    }

    /// Gives an account collateral: new tokens of a CW20, and coins as [`Network::give_coins`] does.
    fn give(&mut self, account: &str, collateral: &str, amount: Amount) -> Result<Answer> {
        match self.token(collateral)? {
            Token::Native(denom) => self.give_coins(account, &denom, amount),
            Token::Cw20(_) => {
                let recipient = self.introduce(account)?.into_string();
                let amount = Uint128::new(amount.raw());
                self.execute(FAUCET, collateral, &Cw20ExecuteMsg::Mint { recipient, amount }, &[])
            }
        }
    }

    // prices

    /// Publishes prices of feeds at the present time, by as many of the manifest's publishers as make a quorum, with
    /// the manifest's confidence where none is given. Whether the oracle took them is in the events of the last answer.
    fn publish(&mut self, prices: &[FeedPrice]) -> Result<Answer> {
        prices::publish(self, prices)
    }

    /// [`Self::publish`] as publishers of a real crash would: where a feed has a price of this second already, a second
    /// passes first; a jump beyond a feed's band is confirmed one second later.
    fn publish_surely(&mut self, prices: &[FeedPrice]) -> Result<Answer> {
        prices::publish_surely(self, prices)
    }

    /// Publishes the manifest's first prices.
    fn publish_first_prices(&mut self) -> Result<Answer> {
        let first = (0..).zip(&self.manifest().feeds);
        let first: Vec<_> = first.filter_map(|(id, feed)| Some((id, feed.price?, None))).collect();
        self.publish(&first)
    }

    /// Asks the sources of pulled feeds, in this order. What became a price is in the events of the answer.
    fn pull(&mut self, sender: &str, feeds: &[FeedId]) -> Result<Answer> {
        self.execute(sender, "oracle", &oracle::ExecuteMsg::Pull { feeds: feeds.to_vec() }, &[])
    }

    /// Publishes the prices on the board again, unchanged, where they are older than now; those that are pulled are pulled.
    fn republish(&mut self) -> Result<Answer> {
        prices::republish(self)
    }

    /// Time passes, and the prices on the board are published again at the end; also at the beginning of each of the
    /// next intervals, up to two after the order delay, so that orders that were committed before find theirs.
    fn pass(&mut self, seconds: u64) -> Result<Answer> {
        prices::pass(self, seconds)
    }

    // what providers do

    /// Vault of a collateral.
    fn vault(&self, collateral: &str) -> Result<u8> {
        self.manifest().collateral(collateral).map(|(vault, _)| vault).map_err(ChainError::setup)
    }

    /// Brings a collateral to a contract: coins with a message, a CW20 with a hook.
    fn bring(
        &mut self,
        payer: &str,
        collateral: &str,
        amount: Amount,
        (contract, msg): (&str, &impl Serialize),
        hook: &impl Serialize,
    ) -> Result<Answer> {
        match self.token(collateral)? {
            Token::Native(denom) => {
                let funds = if amount.is_zero() { vec![] } else { vec![Coin::new(amount.raw(), denom)] };
                self.execute(payer, contract, msg, &funds)
            }
            Token::Cw20(_) => self.send_tokens(payer, collateral, contract, amount, hook),
        }
    }

    /// Puts collateral into the pool, for oneself or for a beneficiary.
    fn deposit(
        &mut self,
        lp: &str,
        collateral: &str,
        amount: Amount,
        beneficiary: Option<&str>,
    ) -> Result<Answer> {
        let beneficiary = beneficiary.map(|name| self.introduce(name)).transpose()?.map(String::from);
        let msg = pool::ExecuteMsg::Deposit { beneficiary: beneficiary.clone() };
        self.bring(lp, collateral, amount, ("pool", &msg), &pool::Hook::Deposit { beneficiary })
    }

    /// Brings yield of a collateral in, for all providers of its vault.
    fn add_yield(&mut self, payer: &str, collateral: &str, amount: Amount) -> Result<Answer> {
        let msg = pool::ExecuteMsg::AddYield {};
        self.bring(payer, collateral, amount, ("pool", &msg), &pool::Hook::AddYield {})
    }

    /// Offers a position, or so much of its collateral, to another owner; to nobody any more.
    fn offer_position(
        &mut self,
        owner: &str,
        collateral: &str,
        to: Option<&str>,
        amount: Option<Amount>,
    ) -> Result<Answer> {
        let to = to.map(|name| self.introduce(name)).transpose()?.map(String::from);
        let msg = pool::ExecuteMsg::OfferPosition { vault: self.vault(collateral)?, to, amount };
        self.execute(owner, "pool", &msg, &[])
    }

    /// Takes over what an owner has offered.
    fn accept_position(&mut self, heir: &str, collateral: &str, owner: &str) -> Result<Answer> {
        let owner = self.introduce(owner)?.into_string();
        let msg = pool::ExecuteMsg::AcceptPosition { vault: self.vault(collateral)?, owner };
        self.execute(heir, "pool", &msg, &[])
    }

    /// Mints sdUSD against a position.
    fn mint(&mut self, lp: &str, collateral: &str, amount: Usd) -> Result<Answer> {
        let msg =
            pool::ExecuteMsg::Mint { vault: self.vault(collateral)?, amount, recipient: None, owner: None };
        self.execute(lp, "pool", &msg, &[])
    }

    /// Burns sdUSD against a position, one's own or somebody's.
    fn burn(&mut self, payer: &str, collateral: &str, amount: Usd, owner: Option<&str>) -> Result<Answer> {
        let owner = owner.map(|name| self.introduce(name)).transpose()?.map(String::from);
        let hook = pool::Hook::Burn { vault: self.vault(collateral)?, owner };
        self.send_tokens(payer, "sdusd", "pool", Amount::new(amount.raw()), &hook)
    }

    /// Burns sdUSD into the insurance fund.
    fn insure(&mut self, payer: &str, amount: Usd) -> Result<Answer> {
        self.send_tokens(payer, "sdusd", "pool", Amount::new(amount.raw()), &pool::Hook::Insure {})
    }

    /// Asks for collateral back.
    fn request_exit(&mut self, lp: &str, collateral: &str, amount: Amount) -> Result<Answer> {
        self.request_exit_with(lp, collateral, amount, None)
    }

    /// Asks for collateral back, and accepts that so much of it may be charged for bad debt.
    fn request_exit_with(
        &mut self,
        lp: &str,
        collateral: &str,
        amount: Amount,
        accepted_haircut: Option<Ratio>,
    ) -> Result<Answer> {
        let msg = pool::ExecuteMsg::RequestExit { vault: self.vault(collateral)?, amount, accepted_haircut };
        self.execute(lp, "pool", &msg, &[])
    }

    /// Takes the request back.
    fn cancel_exit(&mut self, lp: &str, collateral: &str) -> Result<Answer> {
        let msg = pool::ExecuteMsg::CancelExit { vault: self.vault(collateral)? };
        self.execute(lp, "pool", &msg, &[])
    }

    /// Executes somebody's request.
    fn execute_exit(&mut self, sender: &str, collateral: &str, owner: &str) -> Result<Answer> {
        let owner = self.introduce(owner)?.into_string();
        let msg = pool::ExecuteMsg::ExecuteExit { vault: self.vault(collateral)?, owner };
        self.execute(sender, "pool", &msg, &[])
    }

    /// One position.
    fn position(&self, owner: &str, collateral: &str) -> Result<pool::PositionResponse> {
        let owner = self.address(owner)?.into_string();
        self.query("pool", &pool::QueryMsg::Position { vault: self.vault(collateral)?, owner })
    }

    /// What is allowed, why, and what the breakers measure.
    fn regimes(&self) -> Result<pool::RegimesResponse> {
        self.query("lens", &lens::QueryMsg::Regimes {})
    }

    /// Ceilings that follow what is used.
    fn ceilings(&self) -> Result<Vec<pool::CeilingResponse>> {
        self.query("lens", &lens::QueryMsg::Ceilings {})
    }

    /// The pool at a glance.
    fn health(&self) -> Result<lens::HealthResponse> {
        self.query("lens", &lens::QueryMsg::Health {})
    }

    /// Sells sdUSD at par: the tokens move on the chain, the dollars in the account book.
    fn sell_sdusd(&mut self, seller: &str, buyer: &str, amount: Usd) -> Result<Answer> {
        let answer = self.transfer(seller, "sdusd", buyer, Amount::new(amount.raw()))?;
        let (from, to, what) = (buyer.to_string(), seller.to_string(), "sdUSD at par".to_string());
        self.book_mut().pay(Payment { at: answer.at, from, to, amount, what })?;
        Ok(answer)
    }

    // what traders do; `market` is a market's name, `perp` a perpetual's number

    /// Market, number and configuration of a perpetual by its name or its feed's symbol.
    fn perp(&self, name: &str) -> Result<(String, u16)> {
        let unknown = match self.manifest().perp(name) {
            Ok((market, number, _)) => return Ok((market.name.clone(), number)),
            Err(unknown) => unknown,
        };
        // one that was listed since
        for market in &self.manifest().markets {
            let perps = self.perps(&market.name)?;
            let fits = |perp: &market::PerpResponse| {
                perp.config.name == name || perp.config.name.strip_suffix("-PERP") == Some(name)
            };
            if let Some(found) = perps.iter().find(|perp| fits(perp)) {
                return Ok((market.name.clone(), found.perp));
            }
        }
        Err(ChainError::setup(unknown))
    }

    /// Pays margin in, for oneself or for a beneficiary.
    fn deposit_margin(
        &mut self,
        payer: &str,
        market: &str,
        account: u16,
        amount: Usd,
        beneficiary: Option<&str>,
    ) -> Result<Answer> {
        let beneficiary = beneficiary.map(|name| self.introduce(name)).transpose()?.map(String::from);
        let hook = market::Hook::Deposit { beneficiary, account };
        self.send_tokens(payer, "sdusd", market, Amount::new(amount.raw()), &hook)
    }

    /// Pays margin out.
    fn withdraw_margin(&mut self, trader: &str, market: &str, account: u16, amount: Usd) -> Result<Answer> {
        self.withdraw_margin_with(trader, market, account, amount, None)
    }

    /// Pays margin out, and accepts that so much of what is drawn may be kept for bad debt.
    fn withdraw_margin_with(
        &mut self,
        trader: &str,
        market: &str,
        account: u16,
        amount: Usd,
        accepted_haircut: Option<Ratio>,
    ) -> Result<Answer> {
        let msg =
            market::ExecuteMsg::Withdraw { account, amount, recipient: None, into: None, accepted_haircut };
        self.execute(trader, market, &msg, &[])
    }

    /// Commits an order.
    fn commit(&mut self, trader: &str, market: &str, perp: u16, order: &Order) -> Result<Answer> {
        let owner = order.owner.as_deref().map(|owner| self.address(owner)).transpose()?;
        let msg = market::ExecuteMsg::Commit {
            owner: owner.map(Into::into),
            account: order.account,
            perp,
            size: order.size,
            limit_price: order.limit_price,
            expires_in: order.expires_in,
            reduce_only: order.reduce_only,
        };
        self.execute(trader, market, &msg, &[])
    }

    /// Moves margin between two accounts of a trader.
    fn transfer_margin(
        &mut self,
        trader: &str,
        market: &str,
        from: u16,
        to: u16,
        amount: Usd,
    ) -> Result<Answer> {
        let (recipient, accepted_haircut) = (None, None);
        let msg = market::ExecuteMsg::Withdraw {
            account: from,
            amount,
            recipient,
            into: Some(to),
            accepted_haircut,
        };
        self.execute(trader, market, &msg, &[])
    }

    /// Lets somebody trade an account, or no longer.
    fn set_delegate(
        &mut self,
        trader: &str,
        market: &str,
        account: u16,
        delegate: &str,
        delegation: Option<market::Delegation>,
    ) -> Result<Answer> {
        let delegate = self.address(delegate)?.into_string();
        let msg = market::ExecuteMsg::SetDelegate { account, delegate, delegation };
        self.execute(trader, market, &msg, &[])
    }

    /// Says who brought the owner of an account, or nobody.
    fn set_referrer(
        &mut self,
        trader: &str,
        market: &str,
        account: u16,
        referrer: Option<&str>,
    ) -> Result<Answer> {
        let referrer = referrer.map(|name| self.address(name)).transpose()?.map(Into::into);
        let msg = market::ExecuteMsg::SetReferrer { account, referrer };
        self.execute(trader, market, &msg, &[])
    }

    /// Takes over an account whose owner lets the heir.
    fn take_account(
        &mut self,
        heir: &str,
        market: &str,
        owner: &str,
        account: u16,
        into: u16,
    ) -> Result<Answer> {
        let owner = self.address(owner)?.into_string();
        self.execute(heir, market, &market::ExecuteMsg::TakeAccount { owner, account, into }, &[])
    }

    /// Takes an order back.
    fn cancel(&mut self, trader: &str, market: &str, perp: u16, order: u64) -> Result<Answer> {
        self.execute(trader, market, &market::ExecuteMsg::Cancel { perp, order }, &[])
    }

    /// One account.
    fn account(&self, owner: &str, market: &str, account: u16) -> Result<market::AccountResponse> {
        let owner = self.address(owner)?.into_string();
        let market = self.contract(market)?.into_string();
        self.query("lens", &lens::QueryMsg::Account { market, owner, account })
    }

    // what keepers do

    /// Settles the oldest orders of a perpetual.
    fn settle(&mut self, keeper: &str, market: &str, perp: u16, limit: u32) -> Result<Answer> {
        self.execute(keeper, market, &market::ExecuteMsg::Settle { perp, limit }, &[])
    }

    /// Samples funding.
    fn poke(&mut self, keeper: &str, market: &str) -> Result<Answer> {
        self.execute(keeper, market, &market::ExecuteMsg::Poke {}, &[])
    }

    /// Liquidates traders' accounts, given by owner and number.
    fn liquidate_accounts(&mut self, keeper: &str, market: &str, accounts: &[(&str, u16)]) -> Result<Answer> {
        let id = |&(owner, account): &(&str, u16)| {
            let owner = self.address(owner)?.into_string();
            Ok(AccountId { owner, account })
        };
        let accounts = accounts.iter().map(id).collect::<Result<_>>()?;
        let market = self.contract(market)?.into_string();
        let msg = liquidator::ExecuteMsg::LiquidateAccounts { market, accounts };
        self.execute(keeper, "liquidator", &msg, &[])
    }

    /// Seizes a provider's position and starts its auction.
    fn liquidate_position(&mut self, keeper: &str, collateral: &str, owner: &str) -> Result<Answer> {
        let owner = self.address(owner)?.into_string();
        let msg = liquidator::ExecuteMsg::LiquidatePosition { vault: self.vault(collateral)?, owner };
        self.execute(keeper, "liquidator", &msg, &[])
    }

    /// Buys collateral of an auction.
    fn take(&mut self, payer: &str, take: &Take) -> Result<Answer> {
        let hook = liquidator::Hook::Take {
            auction: take.auction,
            amount: take.amount,
            max_price: take.max_price,
            recipient: take
                .recipient
                .as_deref()
                .map(|name| self.introduce(name))
                .transpose()?
                .map(String::from),
        };
        self.send_tokens(payer, "sdusd", "liquidator", Amount::new(take.payment.raw()), &hook)
    }

    /// Starts an auction again.
    fn redo(&mut self, keeper: &str, auction: u64) -> Result<Answer> {
        self.execute(keeper, "liquidator", &liquidator::ExecuteMsg::Redo { auction }, &[])
    }

    /// Books what has happened since the last sync.
    fn sync(&mut self, keeper: &str) -> Result<Answer> {
        self.execute(keeper, "pool", &pool::ExecuteMsg::Sync {}, &[])
    }

    /// Moves a ceiling of the pool to where it belongs.
    fn adjust_ceiling(&mut self, keeper: &str, of: &Ceilinged) -> Result<Answer> {
        self.execute(keeper, "pool", &pool::ExecuteMsg::AdjustCeiling { of: of.clone() }, &[])
    }

    /// Moves the depth of the impact towards where it belongs.
    fn adjust_depth(&mut self, keeper: &str) -> Result<Answer> {
        self.execute(keeper, "pool", &pool::ExecuteMsg::AdjustDepth {}, &[])
    }

    /// Moves every ceiling and the depth that can be moved now; what is not due is left alone. The answers of those that moved.
    fn adjust_all(&mut self, keeper: &str) -> Result<Vec<Answer>> {
        adjust::all(self, keeper)
    }

    // what guardian and owner do; without a market it is about the pool

    /// At least this regime, for a while.
    fn trip(&mut self, sender: &str, market: Option<&str>, regime: Regime) -> Result<Answer> {
        let market = market.map(|name| self.contract(name)).transpose()?.map(String::from);
        self.execute(sender, "pool", &pool::ExecuteMsg::Trip { market, regime }, &[])
    }

    /// Back to the normal regime.
    fn reset(&mut self, sender: &str, market: Option<&str>) -> Result<Answer> {
        let market = market.map(|name| self.contract(name)).transpose()?.map(String::from);
        self.execute(sender, "pool", &pool::ExecuteMsg::Reset { market }, &[])
    }

    /// What an auction would sell now.
    fn quote(&self, auction: u64, amount: Amount) -> Result<liquidator::QuoteResponse> {
        self.query("liquidator", &liquidator::QueryMsg::Quote { auction, amount })
    }

    /// What an order would do if it filled now.
    fn preview_trade(
        &self,
        owner: &str,
        market: &str,
        account: u16,
        perp: u16,
        size: Size,
    ) -> Result<market::TradePreview> {
        let (owner, market) = (self.address(owner)?.into_string(), self.contract(market)?.into_string());
        self.query("lens", &lens::QueryMsg::PreviewTrade { market, owner, account, perp, size })
    }

    // lists

    /// The pool's own audit.
    fn audit(&self) -> Result<pool::AuditResponse> {
        self.query("pool", &pool::QueryMsg::Audit {})
    }

    /// All positions of a vault.
    fn positions(&self, vault: u8) -> Result<Vec<pool::PositionResponse>> {
        self.pages("pool", |last: Option<&pool::PositionResponse>| pool::QueryMsg::Positions {
            vault,
            start_after: last.map(|position| position.owner.clone()),
            limit: Some(PAGE),
        })
    }

    /// All accounts of a market.
    fn market_accounts(&self, market: &str) -> Result<Vec<market::AccountResponse>> {
        let ids = self.pages(market, |last: Option<&AccountId>| market::QueryMsg::Accounts {
            start_after: last.cloned(),
            limit: Some(PAGE),
        })?;
        let (mut all, address) = (Vec::with_capacity(ids.len()), self.contract(market)?.into_string());
        for accounts in ids.chunks(PAGE as usize) {
            let (market, accounts) = (address.clone(), accounts.to_vec());
            let page: Vec<_> = self.query("lens", &lens::QueryMsg::Accounts { market, accounts })?;
            all.extend(page);
        }
        Ok(all)
    }

    /// All perpetuals of a market.
    fn perps(&self, market: &str) -> Result<Vec<market::PerpResponse>> {
        let market = self.contract(market)?.into_string();
        self.query("lens", &lens::QueryMsg::Perps { market })
    }

    /// The sums of a market's books.
    fn market_totals(&self, market: &str) -> Result<market::TotalsResponse> {
        let market = self.contract(market)?.into_string();
        self.query("lens", &lens::QueryMsg::Totals { market })
    }

    /// What all accounts of a market contribute to its expected shortfall.
    fn contributions(&self, market: &str) -> Result<Contributions> {
        contributions(self, market)
    }

    /// All orders of a perpetual that wait.
    fn orders(&self, market: &str, perp: u16) -> Result<Vec<market::OrderResponse>> {
        let address = self.contract(market)?.into_string();
        self.pages("lens", |last: Option<&market::OrderResponse>| lens::QueryMsg::Orders {
            market: address.clone(),
            perp,
            start_after: last.map(|order| order.order),
            limit: Some(PAGE),
        })
    }

    /// All running auctions.
    fn auctions(&self) -> Result<Vec<liquidator::AuctionResponse>> {
        self.pages("liquidator", |last: Option<&liquidator::AuctionResponse>| {
            liquidator::QueryMsg::Auctions {
                start_after: last.map(|auction| auction.auction),
                limit: Some(PAGE),
            }
        })
    }
}

impl<N: Network + ?Sized> Actions for N {}
