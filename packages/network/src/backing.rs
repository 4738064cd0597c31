//! What depositors of the backstop do, by name and in exact units.

use sdp_types::liquidator;
use sdp_types::units::{Amount, Usd};

use crate::error::Result;
use crate::message::Answer;
use crate::network::Network;
use crate::Actions;

/// What depositors of the backstop, and who watches them, do on a [`Network`]; every network has it.
pub trait Backing: Actions {
    /// Puts sdUSD into the backstop.
    fn back(&mut self, payer: &str, amount: Usd, beneficiary: Option<&str>) -> Result<Answer> {
        let beneficiary = beneficiary.map(|name| self.introduce(name)).transpose()?.map(String::from);
        let hook = liquidator::Hook::Backstop { beneficiary };
        self.send_tokens(payer, "sdusd", "liquidator", Amount::new(amount.raw()), &hook)
    }

    /// Takes out collateral that the backstop has absorbed.
    fn claim(&mut self, depositor: &str) -> Result<Answer> {
        let msg = liquidator::ExecuteMsg::Claim { vault: None, recipient: None };
        self.execute(depositor, "liquidator", &msg, &[])
    }

    /// Asks for sdUSD back from the backstop.
    fn request_withdrawal(&mut self, depositor: &str, amount: Usd) -> Result<Answer> {
        self.execute(depositor, "liquidator", &liquidator::ExecuteMsg::RequestWithdrawal { amount }, &[])
    }

    /// Takes it out.
    fn withdraw_backing(&mut self, depositor: &str) -> Result<Answer> {
        self.execute(depositor, "liquidator", &liquidator::ExecuteMsg::Withdraw {}, &[])
    }

    /// Points at a position that can be liquidated.
    fn flag(&mut self, sender: &str, collateral: &str, owner: &str) -> Result<Answer> {
        let owner = self.introduce(owner)?.into_string();
        let msg = liquidator::ExecuteMsg::Flag { vault: self.vault(collateral)?, owner };
        self.execute(sender, "liquidator", &msg, &[])
    }

    /// The backstop.
    fn backstop(&self) -> Result<liquidator::BackstopResponse> {
        self.query("liquidator", &liquidator::QueryMsg::Backstop {})
    }

    /// A depositor of the backstop, by address.
    fn backstop_account_of(&self, owner: &str) -> Result<liquidator::BackstopAccountResponse> {
        self.query("liquidator", &liquidator::QueryMsg::BackstopAccount { owner: owner.into() })
    }

    /// A depositor of the backstop.
    fn backstop_account(&self, owner: &str) -> Result<liquidator::BackstopAccountResponse> {
        self.backstop_account_of(self.address(owner)?.as_str())
    }
}

impl<N: Network + ?Sized> Backing for N {}
