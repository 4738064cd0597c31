//! The messages that people send, by name and in exact units. Tests, the CLI and the demo send the same ones.

use cosmwasm_std::Coin;
use cw_multi_test::AppResponse;
use sdp_types::liquidator;
use sdp_types::market::{self, AccountId};
use sdp_types::pool::{self, Token};
use sdp_types::units::{Amount, Price, Size, Usd};

use crate::book::Payment;
use crate::chain::Chain;
use crate::error::{ChainError, Result};

/// An order: what, where, and under which conditions.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// Number of the sender's account.
    pub account: u16,
    /// What to buy (positive) or sell.
    pub size: Size,
    /// Worst price.
    pub limit_price: Option<Price>,
    /// Seconds until it expires.
    pub expires_in: Option<u64>,
}

/// A take: which auction, how much, and under which conditions.
#[derive(Clone, Debug)]
pub struct Take {
    /// Number of the auction.
    pub auction: u64,
    /// sdUSD to send along; what is not needed comes back.
    pub payment: Usd,
    /// Most collateral to buy.
    pub amount: Amount,
    /// Highest price.
    pub max_price: Price,
    /// Who gets the collateral; the payer by default.
    pub recipient: Option<String>,
}

/// What providers do.
impl Chain {
    /// Vault of a collateral.
    pub fn vault(&self, collateral: &str) -> Result<u8> {
        self.manifest.collateral(collateral).map(|(vault, _)| vault).map_err(ChainError::setup)
    }

    /// Puts collateral into the pool, for oneself or for a beneficiary.
    pub fn deposit(
        &mut self,
        lp: &str,
        collateral: &str,
        amount: Amount,
        beneficiary: Option<&str>,
    ) -> Result<AppResponse> {
        let beneficiary = beneficiary.map(|name| self.introduce(name).into_string());
        match self.token(collateral)? {
            Token::Native(denom) => {
                let funds = if amount.is_zero() { vec![] } else { vec![Coin::new(amount.raw(), denom)] };
                self.execute(lp, "pool", &pool::ExecuteMsg::Deposit { beneficiary }, &funds)
            }
            Token::Cw20(_) => self.send(lp, collateral, "pool", amount, &pool::Hook::Deposit { beneficiary }),
        }
    }

    /// Mints sdUSD against a position.
    pub fn mint(&mut self, lp: &str, collateral: &str, amount: Usd) -> Result<AppResponse> {
        let msg = pool::ExecuteMsg::Mint { vault: self.vault(collateral)?, amount, recipient: None };
        self.execute(lp, "pool", &msg, &[])
    }

    /// Burns sdUSD against a position, one's own or somebody's.
    pub fn burn(
        &mut self,
        payer: &str,
        collateral: &str,
        amount: Usd,
        owner: Option<&str>,
    ) -> Result<AppResponse> {
        let owner = owner.map(|name| self.introduce(name).into_string());
        let hook = pool::Hook::Burn { vault: self.vault(collateral)?, owner };
        self.send(payer, "sdusd", "pool", Amount::new(amount.raw()), &hook)
    }

    /// Burns sdUSD into the insurance fund.
    pub fn insure(&mut self, payer: &str, amount: Usd) -> Result<AppResponse> {
        self.send(payer, "sdusd", "pool", Amount::new(amount.raw()), &pool::Hook::Insure {})
    }

    /// Asks for collateral back.
    pub fn request_exit(&mut self, lp: &str, collateral: &str, amount: Amount) -> Result<AppResponse> {
        let msg = pool::ExecuteMsg::RequestExit { vault: self.vault(collateral)?, amount };
        self.execute(lp, "pool", &msg, &[])
    }

    /// Takes the request back.
    pub fn cancel_exit(&mut self, lp: &str, collateral: &str) -> Result<AppResponse> {
        let msg = pool::ExecuteMsg::CancelExit { vault: self.vault(collateral)? };
        self.execute(lp, "pool", &msg, &[])
    }

    /// Executes somebody's request.
    pub fn execute_exit(&mut self, sender: &str, collateral: &str, owner: &str) -> Result<AppResponse> {
        let owner = self.introduce(owner).into_string();
        let msg = pool::ExecuteMsg::ExecuteExit { vault: self.vault(collateral)?, owner };
        self.execute(sender, "pool", &msg, &[])
    }

    /// One position.
    pub fn position(&self, owner: &str, collateral: &str) -> Result<pool::PositionResponse> {
        let owner = self.address(owner).into_string();
        self.query("pool", &pool::QueryMsg::Position { vault: self.vault(collateral)?, owner })
    }

    /// The pool at a glance.
    pub fn health(&self) -> Result<pool::HealthResponse> {
        self.query("pool", &pool::QueryMsg::Health {})
    }

    /// Sells sdUSD at par: the tokens move on the chain, the dollars in the account book.
    pub fn sell_sdusd(&mut self, seller: &str, buyer: &str, amount: Usd) -> Result<AppResponse> {
        let response = self.transfer(seller, "sdusd", buyer, Amount::new(amount.raw()))?;
        let (from, to, what) = (buyer.to_string(), seller.to_string(), "sdUSD at par".to_string());
        self.book.pay(Payment { at: self.now(), from, to, amount, what })?;
        Ok(response)
    }
}

/// What traders do. `market` is a market's name, `perp` a perpetual's number.
impl Chain {
    /// Market, number and configuration of a perpetual by its name or its feed's symbol.
    pub fn perp(&self, name: &str) -> Result<(String, u16)> {
        let (market, number, _) = self.manifest.perp(name).map_err(ChainError::setup)?;
        Ok((market.name.clone(), number))
    }

    /// Pays margin in, for oneself or for a beneficiary.
    pub fn deposit_margin(
        &mut self,
        payer: &str,
        market: &str,
        account: u16,
        amount: Usd,
        beneficiary: Option<&str>,
    ) -> Result<AppResponse> {
        let beneficiary = beneficiary.map(|name| self.introduce(name).into_string());
        let hook = market::Hook::Deposit { beneficiary, account };
        self.send(payer, "sdusd", market, Amount::new(amount.raw()), &hook)
    }

    /// Pays margin out.
    pub fn withdraw_margin(
        &mut self,
        trader: &str,
        market: &str,
        account: u16,
        amount: Usd,
    ) -> Result<AppResponse> {
        let msg = market::ExecuteMsg::Withdraw { account, amount, recipient: None };
        self.execute(trader, market, &msg, &[])
    }

    /// Commits an order.
    pub fn commit(&mut self, trader: &str, market: &str, perp: u16, order: &Order) -> Result<AppResponse> {
        let msg = market::ExecuteMsg::Commit {
            account: order.account,
            perp,
            size: order.size,
            limit_price: order.limit_price,
            expires_in: order.expires_in,
        };
        self.execute(trader, market, &msg, &[])
    }

    /// Takes an order back.
    pub fn cancel(&mut self, trader: &str, market: &str, perp: u16, order: u64) -> Result<AppResponse> {
        self.execute(trader, market, &market::ExecuteMsg::Cancel { perp, order }, &[])
    }

    /// One account.
    pub fn account(&self, owner: &str, market: &str, account: u16) -> Result<market::AccountResponse> {
        let owner = self.address(owner).into_string();
        self.query(market, &market::QueryMsg::Account { owner, account })
    }
}

/// What keepers do.
impl Chain {
    /// Settles the oldest orders of a perpetual.
    pub fn settle(&mut self, keeper: &str, market: &str, perp: u16, limit: u32) -> Result<AppResponse> {
        self.execute(keeper, market, &market::ExecuteMsg::Settle { perp, limit }, &[])
    }

    /// Samples funding.
    pub fn poke(&mut self, keeper: &str, market: &str) -> Result<AppResponse> {
        self.execute(keeper, market, &market::ExecuteMsg::Poke {}, &[])
    }

    /// Liquidates traders' accounts, given by owner and number.
    pub fn liquidate_accounts(
        &mut self,
        keeper: &str,
        market: &str,
        accounts: &[(&str, u16)],
    ) -> Result<AppResponse> {
        let id = |&(owner, account): &(&str, u16)| {
            let owner = self.address(owner).into_string();
            AccountId { owner, account }
        };
        let accounts = accounts.iter().map(id).collect();
        let market = self.contract(market)?.into_string();
        let msg = liquidator::ExecuteMsg::LiquidateAccounts { market, accounts };
        self.execute(keeper, "liquidator", &msg, &[])
    }

    /// Seizes a provider's position and starts its auction.
    pub fn liquidate_position(&mut self, keeper: &str, collateral: &str, owner: &str) -> Result<AppResponse> {
        let owner = self.address(owner).into_string();
        let msg = liquidator::ExecuteMsg::LiquidatePosition { vault: self.vault(collateral)?, owner };
        self.execute(keeper, "liquidator", &msg, &[])
    }

    /// Buys collateral of an auction.
    pub fn take(&mut self, payer: &str, take: &Take) -> Result<AppResponse> {
        let hook = liquidator::Hook::Take {
            auction: take.auction,
            amount: take.amount,
            max_price: take.max_price,
            recipient: take.recipient.as_deref().map(|name| self.introduce(name).into_string()),
        };
        self.send(payer, "sdusd", "liquidator", Amount::new(take.payment.raw()), &hook)
    }

    /// Starts an auction again.
    pub fn redo(&mut self, keeper: &str, auction: u64) -> Result<AppResponse> {
        self.execute(keeper, "liquidator", &liquidator::ExecuteMsg::Redo { auction }, &[])
    }

    /// Books what has happened since the last sync.
    pub fn sync(&mut self, keeper: &str) -> Result<AppResponse> {
        self.execute(keeper, "pool", &pool::ExecuteMsg::Sync {}, &[])
    }

    /// What an auction would sell now.
    pub fn quote(&self, auction: u64, amount: Amount) -> Result<liquidator::QuoteResponse> {
        self.query("liquidator", &liquidator::QueryMsg::Quote { auction, amount })
    }
}
