//! What people do at the par reserve, by name and in exact units.

use sdp_types::reserve::{ExecuteMsg, Hook, QueryMsg, Then, TokenResponse, TotalsResponse};
use sdp_types::units::{Amount, Ratio, Usd};

use crate::error::{ChainError, Result};
use crate::message::Answer;
use crate::network::Network;
use crate::Actions;

/// What people do at the par reserve on a [`Network`]; every network has it, where the reserve is deployed.
pub trait Swapping: Actions {
    /// Number of a collateral's token in the reserve.
    fn reserve_token(&self, collateral: &str) -> Result<u8> {
        let reserve = self.manifest().reserve.as_ref();
        let reserve = reserve.ok_or_else(|| ChainError::setup("no par reserve in the manifest"))?;
        let found = (0u8..).zip(&reserve.tokens).find(|(_, token)| token.collateral == collateral);
        let none = || ChainError::setup(format!("the par reserve has no `{collateral}`"));
        found.map(|(number, _)| number).ok_or_else(none)
    }

    /// Swaps a token for sdUSD.
    fn swap_in(
        &mut self,
        sender: &str,
        collateral: &str,
        amount: Amount,
        least: Option<Amount>,
        then: Option<Then>,
    ) -> Result<Answer> {
        let msg = ExecuteMsg::SwapIn { least, then: then.clone() };
        self.bring(sender, collateral, amount, ("reserve", &msg), &Hook::SwapIn { least, then })
    }

    /// Swaps sdUSD for a token.
    fn swap_out(
        &mut self,
        sender: &str,
        collateral: &str,
        amount: Usd,
        least: Option<Amount>,
        accepted_haircut: Option<Ratio>,
    ) -> Result<Answer> {
        let token = self.reserve_token(collateral)?;
        let hook = Hook::SwapOut { token, least, recipient: None, accepted_haircut };
        self.send_tokens(sender, "sdusd", "reserve", Amount::new(amount.raw()), &hook)
    }

    /// Values a token of the reserve again at its price.
    fn revalue(&mut self, sender: &str, collateral: &str) -> Result<Answer> {
        let token = self.reserve_token(collateral)?;
        self.execute(sender, "reserve", &ExecuteMsg::Revalue { token }, &[])
    }

    /// All tokens of the reserve.
    fn reserve_tokens(&self) -> Result<Vec<TokenResponse>> {
        self.query("reserve", &QueryMsg::Tokens {})
    }

    /// The sums over them.
    fn reserve_totals(&self) -> Result<TotalsResponse> {
        self.query("reserve", &QueryMsg::Totals {})
    }
}

impl<N: Network + ?Sized> Swapping for N {}
