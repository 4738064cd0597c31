//! How a deployment ends, by name and in exact units: who asks for it, and what everybody gets.

use sdp_types::lens::{self, EstateResponse, RedeemedResponse};
use sdp_types::units::{Amount, Usd};
use sdp_types::{market, pool, spot};

use crate::error::{ChainError, Result};
use crate::manifest::SPOT;
use crate::message::{Answer, Message};
use crate::network::Network;
use crate::Actions;

/// Name of the pool in the address book.
const POOL: &str = "pool";

/// What people do at the end of a market, of the synthetics or of the pool on a [`Network`]; every network has it.
pub trait Closing: Actions {
    /// The owner asks for the shutdown of `pool`, `spot` or a market; it waits for the contract's delay.
    fn ask_shut_down(&mut self, owner: &str, contract: &str) -> Result<Answer> {
        match self.closed(contract)? {
            Closed::Pool => {
                let change = pool::Change::ShutDown {};
                self.execute(owner, contract, &pool::ExecuteMsg::Configure { change }, &[])
            }
            Closed::Spot => {
                let change = spot::Change::ShutDown {};
                self.execute(owner, contract, &spot::ExecuteMsg::Configure { change }, &[])
            }
            Closed::Market => {
                let change = market::Change::ShutDown {};
                self.execute(owner, contract, &market::ExecuteMsg::Configure { change }, &[])
            }
        }
    }

    /// Anyone, once the delay is over: does what the owner asked for.
    fn enact_shut_down(&mut self, sender: &str, contract: &str, id: u64) -> Result<Answer> {
        match self.closed(contract)? {
            Closed::Pool => self.execute(sender, contract, &pool::ExecuteMsg::Enact { id }, &[]),
            Closed::Spot => self.execute(sender, contract, &spot::ExecuteMsg::Enact { id }, &[]),
            Closed::Market => self.execute(sender, contract, &market::ExecuteMsg::Enact { id }, &[]),
        }
    }

    /// Anyone, after seven days of emergency: shuts it down, whatever the owner wants, in one transaction with a sync of the pool.
    fn shut_down(&mut self, sender: &str, contract: &str) -> Result<Answer> {
        let to = self.contract(contract)?;
        let message = match self.closed(contract)? {
            Closed::Pool => {
                let message = Message::execute(to, &pool::ExecuteMsg::ShutDown {}, &[])?;
                return self.send(sender, &[message]);
            }
            Closed::Spot => Message::execute(to, &spot::ExecuteMsg::ShutDown {}, &[])?,
            Closed::Market => Message::execute(to, &market::ExecuteMsg::ShutDown {}, &[])?,
        };
        let sync = Message::execute(self.contract(POOL)?, &pool::ExecuteMsg::Sync {}, &[])?;
        self.send(sender, &[sync, message])
    }

    /// Which of those that can be shut down a name stands for.
    fn closed(&self, contract: &str) -> Result<Closed> {
        match contract {
            POOL => Ok(Closed::Pool),
            SPOT if self.manifest().spot.is_some() => Ok(Closed::Spot),
            name => self.manifest().market(name).map(|_| Closed::Market).map_err(ChainError::setup),
        }
    }

    /// Anyone: leaves the collateral of a position that owes more than it has to the holders of sdUSD.
    fn write_off(&mut self, sender: &str, collateral: &str, owner: &str) -> Result<Answer> {
        let owner = self.address(owner)?.into_string();
        let msg = pool::ExecuteMsg::WriteOff { vault: self.vault(collateral)?, owner };
        self.execute(sender, POOL, &msg, &[])
    }

    /// Anyone, a week after the pool's end: divides what is left.
    fn fix_claims(&mut self, sender: &str) -> Result<Answer> {
        self.execute(sender, POOL, &pool::ExecuteMsg::FixClaims {}, &[])
    }

    /// Pays a provider what is left of a position.
    fn claim_collateral(&mut self, sender: &str, collateral: &str, owner: &str) -> Result<Answer> {
        let owner = self.address(owner)?.into_string();
        let msg = pool::ExecuteMsg::ClaimCollateral { vault: self.vault(collateral)?, owner };
        self.execute(sender, POOL, &msg, &[])
    }

    /// Burns sdUSD for a part of every collateral.
    fn redeem_sdusd(&mut self, holder: &str, amount: Usd) -> Result<Answer> {
        self.send_tokens(holder, "sdusd", POOL, Amount::new(amount.raw()), &pool::Hook::Redeem {})
    }

    /// Takes out what is due for sdUSD that was redeemed: of one collateral, or of all.
    fn collect_collateral(&mut self, holder: &str, collateral: Option<&str>) -> Result<Answer> {
        let vault = collateral.map(|name| self.vault(name)).transpose()?;
        self.execute(holder, POOL, &pool::ExecuteMsg::Collect { vault }, &[])
    }

    /// What is left of the pool; none while it runs.
    fn estate(&self) -> Result<Option<EstateResponse>> {
        self.query("lens", &lens::QueryMsg::Estate {})
    }

    /// What a holder has redeemed, and what is due for it.
    fn redeemed(&self, holder: &str) -> Result<RedeemedResponse> {
        let holder = self.address(holder)?.into_string();
        self.query("lens", &lens::QueryMsg::Redeemed { holder })
    }
}

impl<N: Network + ?Sized> Closing for N {}

/// What can be shut down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// The pool, once every market is.
    Pool,
    /// The contract of synthetics.
    Spot,
    /// A market of perpetuals.
    Market,
}
