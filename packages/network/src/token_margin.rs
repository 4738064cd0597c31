//! Margin in tokens: what traders do with the custody, by name and in exact units, and those who buy what it sells.

use sdp_types::custody::{
    BackedAccountResponse, ExecuteMsg, HoldingResponse, Hook, QueryMsg, SaleResponse, TokenResponse,
};
use sdp_types::market::AccountId;
use sdp_types::units::{Amount, Price, Usd};

use crate::actions::{Actions, PAGE};
use crate::error::{ChainError, Result};
use crate::manifest::CUSTODY;
use crate::message::Answer;
use crate::network::Network;

/// What a taker of a sale wants.
#[derive(Clone, Copy, Debug)]
pub struct TakeTokens<'a> {
    /// Whose account.
    pub owner: &'a str,
    /// Its number.
    pub account: u16,
    /// sdUSD that is sent; what is not needed comes back.
    pub payment: Usd,
    /// At most so much.
    pub amount: Amount,
    /// Highest price.
    pub max_price: Price,
    /// Who gets the tokens; the taker by default.
    pub recipient: Option<&'a str>,
}

/// What people do with the custody on a [`Network`]; every network has it, where the custody is deployed.
pub trait TokenMargin: Actions {
    /// Number of a collateral's token in the custody.
    fn custody_token(&self, collateral: &str) -> Result<u8> {
        let custody = self.manifest().custody.as_ref();
        let custody = custody.ok_or_else(|| ChainError::setup("no custody in the manifest"))?;
        let found = (0u8..).zip(&custody.tokens).find(|(_, token)| token.collateral == collateral);
        let none = || ChainError::setup(format!("the custody has no `{collateral}`"));
        found.map(|(number, _)| number).ok_or_else(none)
    }

    /// Brings tokens as margin.
    fn deposit_token_margin(
        &mut self,
        payer: &str,
        collateral: &str,
        account: u16,
        amount: Amount,
        beneficiary: Option<&str>,
    ) -> Result<Answer> {
        let beneficiary = beneficiary.map(|name| self.introduce(name)).transpose()?.map(String::from);
        let msg = ExecuteMsg::Deposit { beneficiary: beneficiary.clone(), account };
        self.bring(payer, collateral, amount, (CUSTODY, &msg), &Hook::Deposit { beneficiary, account })
    }

    /// Takes tokens out.
    fn withdraw_token_margin(
        &mut self,
        trader: &str,
        collateral: &str,
        account: u16,
        amount: Amount,
        recipient: Option<&str>,
    ) -> Result<Answer> {
        let recipient = recipient.map(|name| self.introduce(name)).transpose()?.map(String::from);
        let token = self.custody_token(collateral)?;
        self.execute(trader, CUSTODY, &ExecuteMsg::Withdraw { account, token, amount, recipient }, &[])
    }

    /// Somebody's account, as contracts name it.
    fn account_id(&mut self, owner: &str, account: u16) -> Result<AccountId> {
        Ok(AccountId { owner: self.introduce(owner)?.into_string(), account })
    }

    /// Starts to sell an account's tokens.
    fn sell_tokens(&mut self, keeper: &str, owner: &str, account: u16) -> Result<Answer> {
        let id = self.account_id(owner, account)?;
        self.execute(keeper, CUSTODY, &ExecuteMsg::Sell(id), &[])
    }

    /// Starts a sale again.
    fn redo_token_sale(&mut self, keeper: &str, owner: &str, account: u16) -> Result<Answer> {
        let id = self.account_id(owner, account)?;
        self.execute(keeper, CUSTODY, &ExecuteMsg::Redo(id), &[])
    }

    /// Ends a sale that is not due any more.
    fn stop_token_sale(&mut self, keeper: &str, owner: &str, account: u16) -> Result<Answer> {
        let id = self.account_id(owner, account)?;
        self.execute(keeper, CUSTODY, &ExecuteMsg::Stop(id), &[])
    }

    /// Buys tokens of a sale.
    fn take_tokens(&mut self, taker: &str, take: &TakeTokens<'_>) -> Result<Answer> {
        let TakeTokens { account, payment, amount, max_price, .. } = *take;
        let recipient = take.recipient.map(|name| self.introduce(name)).transpose()?.map(String::from);
        let owner = self.introduce(take.owner)?.into_string();
        let hook = Hook::Take { owner, account, amount, max_price, recipient };
        self.send_tokens(taker, "sdusd", CUSTODY, Amount::new(payment.raw()), &hook)
    }

    /// What backs an account.
    fn token_margin(&self, owner: &str, account: u16) -> Result<BackedAccountResponse> {
        let owner = self.address(owner)?.into_string();
        self.query(CUSTODY, &QueryMsg::Account(AccountId { owner, account }))
    }

    /// All accounts with tokens.
    fn token_margins(&self) -> Result<Vec<HoldingResponse>> {
        self.pages(CUSTODY, |last: Option<&HoldingResponse>| QueryMsg::Accounts {
            start_after: last.map(|last| AccountId { owner: last.owner.clone(), account: last.account }),
            limit: Some(PAGE),
        })
    }

    /// All sales that run.
    fn token_sales(&self) -> Result<Vec<SaleResponse>> {
        self.pages(CUSTODY, |last: Option<&SaleResponse>| QueryMsg::Sales {
            start_after: last.map(|last| AccountId { owner: last.owner.clone(), account: last.account }),
            limit: Some(PAGE),
        })
    }

    /// All tokens of the custody.
    fn custody_tokens(&self) -> Result<Vec<TokenResponse>> {
        self.query(CUSTODY, &QueryMsg::Tokens {})
    }
}

impl<N: Network + ?Sized> TokenMargin for N {}
