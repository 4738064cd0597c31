//! What people do with synthetics, by name and in exact units.

use sdp_types::spot::{
    BuyExact, ClaimResponse, ExecuteMsg, Hook, OrderResponse, QueryMsg, SellExact, SyntheticResponse,
    TotalsResponse,
};
use sdp_types::units::{Amount, Ratio, Usd};

use crate::error::{ChainError, Result};
use crate::manifest::SPOT;
use crate::message::Answer;
use crate::network::Network;
use crate::Actions;

/// What people do with synthetics on a [`Network`]; every network has it.
pub trait Synthetics: Actions {
    /// Number of a synthetic by its symbol or by the symbol of its feed.
    fn synthetic(&self, name: &str) -> Result<u16> {
        self.manifest().synthetic(name).map(|(number, _)| number).map_err(ChainError::setup)
    }

    /// Commits an order to buy with so much sdUSD.
    fn buy_synthetic(&mut self, payer: &str, synthetic: u16, paid: Usd, exact: BuyExact) -> Result<Answer> {
        let hook = Hook::Buy { synthetic, exact, expires_in: None, recipient: None };
        self.send_tokens(payer, "sdusd", SPOT, Amount::new(paid.raw()), &hook)
    }

    /// Commits an order to sell so many base units.
    fn sell_synthetic(
        &mut self,
        seller: &str,
        synthetic: u16,
        amount: Amount,
        exact: SellExact,
    ) -> Result<Answer> {
        let token = self.token_of_synthetic(synthetic)?;
        let hook = Hook::Sell { synthetic, exact, expires_in: None, recipient: None };
        self.send_tokens(seller, &token, SPOT, amount, &hook)
    }

    /// After a shutdown: has so many base units paid.
    fn redeem_synthetic(&mut self, holder: &str, synthetic: u16, amount: Amount) -> Result<Answer> {
        let token = self.token_of_synthetic(synthetic)?;
        self.send_tokens(holder, &token, SPOT, amount, &Hook::Redeem { synthetic })
    }

    /// Settles up to so many of the oldest orders.
    fn settle_synthetic(&mut self, keeper: &str, synthetic: u16, limit: u32) -> Result<Answer> {
        self.execute(keeper, SPOT, &ExecuteMsg::Settle { synthetic, limit }, &[])
    }

    /// Takes an order back.
    fn cancel_synthetic(&mut self, owner: &str, synthetic: u16, order: u64) -> Result<Answer> {
        self.execute(owner, SPOT, &ExecuteMsg::Cancel { synthetic, order }, &[])
    }

    /// Takes out what one is owed: all of it, or so much.
    fn collect_synthetic(
        &mut self,
        owner: &str,
        amount: Option<Usd>,
        accepted_haircut: Option<Ratio>,
    ) -> Result<Answer> {
        let message = ExecuteMsg::Collect { amount, recipient: None, accepted_haircut };
        self.execute(owner, SPOT, &message, &[])
    }

    /// Turns funding into quantities.
    fn poke_synthetics(&mut self, keeper: &str) -> Result<Answer> {
        self.execute(keeper, SPOT, &ExecuteMsg::Poke {}, &[])
    }

    /// Burns what is nobody's.
    fn sweep_synthetic(&mut self, keeper: &str, synthetic: u16) -> Result<Answer> {
        self.execute(keeper, SPOT, &ExecuteMsg::Sweep { synthetic }, &[])
    }

    /// Symbol of a synthetic: its token's name in the address book.
    fn token_of_synthetic(&self, synthetic: u16) -> Result<String> {
        let all = self.manifest().spot.iter().flat_map(|spot| &spot.synthetics);
        let found = all.into_iter().nth(synthetic.into()).map(|entry| entry.symbol.clone());
        found.ok_or_else(|| ChainError::setup(format!("no synthetic {synthetic} in the manifest")))
    }

    /// All synthetics.
    fn synthetics(&self) -> Result<Vec<SyntheticResponse>> {
        self.query(SPOT, &QueryMsg::Synthetics {})
    }

    /// The sums of the books.
    fn synthetic_totals(&self) -> Result<TotalsResponse> {
        self.query(SPOT, &QueryMsg::Totals {})
    }

    /// All who are owed something.
    fn synthetic_claims(&self) -> Result<Vec<ClaimResponse>> {
        self.pages(SPOT, |last: Option<&ClaimResponse>| QueryMsg::Claims {
            start_after: last.map(|last| last.owner.clone()),
            limit: Some(100),
        })
    }

    /// All orders of a synthetic that wait.
    fn synthetic_orders(&self, synthetic: u16) -> Result<Vec<OrderResponse>> {
        self.pages(SPOT, |last: Option<&OrderResponse>| QueryMsg::Orders {
            synthetic,
            start_after: last.map(|last| last.order),
            limit: Some(100),
        })
    }
}

impl<N: Network + ?Sized> Synthetics for N {}
