//! Guards taken away from outside, so that an incident can be played as it went elsewhere. Each is a wrapper around a contract that
//! changes what the contract reads, stores or is sent; the contract's own code is what runs inside, as it is audited.

mod hooks;
mod lies;
mod messages;
mod orders;
mod parked;
mod prices;
mod profit;
mod skew;
mod vaults;

use anyhow::Result;
use cosmwasm_std::{Binary, Checksum, Deps, DepsMut, Empty, Env, MessageInfo, Reply, Response};
use cw_multi_test::Contract;
use sdp_network::scenario::Alteration;
use sdp_network::Code;

/// The contract that a wrapper is around.
type Inner = dyn Contract<Empty>;

/// One wrapper: by default it changes nothing.
trait Alters {
    /// A message.
    fn execute(
        &self,
        inner: &Inner,
        deps: DepsMut<'_>,
        env: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> Result<Response>;

    /// A question.
    fn query(&self, inner: &Inner, deps: Deps<'_>, env: Env, msg: Vec<u8>) -> Result<Binary> {
        inner.query(deps, env, msg)
    }

    /// What came of a message that was sent.
    fn reply(&self, inner: &Inner, deps: DepsMut<'_>, env: Env, msg: Reply) -> Result<Response> {
        inner.reply(deps, env, msg)
    }
}

/// A contract as it runs on a chain with these alterations: those that concern its code, one around the other.
pub(crate) fn altered(code: Code, contract: Box<Inner>, alterations: &[Alteration]) -> Box<Inner> {
    let concern = alterations.iter().filter(|alteration| concerns(**alteration) == code);
    concern.fold(contract, |inner, alteration| {
        let alters: Box<dyn Alters> = match alteration {
            Alteration::UnrealisedProfitPaid => Box::new(profit::UnrealisedProfitPaid),
            Alteration::OrdersAtLastPrice => Box::new(orders::OrdersAtLastPrice),
            Alteration::SkewInIndex => Box::new(skew::SkewInIndex),
            Alteration::OneVaultRefreshed => Box::new(vaults::OneVaultRefreshed),
            Alteration::MessagesFirst => Box::new(messages::MessagesFirst),
            Alteration::ProfitParked => Box::new(parked::ProfitParked),
            Alteration::TransferHooks => Box::new(hooks::TransferHooks),
            Alteration::MarketLies => Box::new(lies::MarketLies),
            Alteration::ClaimsBelieved => Box::new(lies::ClaimsBelieved),
        };
        Box::new(Altered { inner, alters })
    })
}

/// The code that an alteration is of.
fn concerns(alteration: Alteration) -> Code {
    match alteration {
        Alteration::UnrealisedProfitPaid | Alteration::OrdersAtLastPrice | Alteration::SkewInIndex => {
            Code::Market
        }
        Alteration::OneVaultRefreshed | Alteration::MessagesFirst | Alteration::ProfitParked => Code::Pool,
        Alteration::TransferHooks => Code::Cw20,
        Alteration::MarketLies => Code::Event,
        Alteration::ClaimsBelieved => Code::Bonded,
    }
}

struct Altered {
    inner: Box<Inner>,
    alters: Box<dyn Alters>,
}

impl Contract<Empty> for Altered {
    fn instantiate(&self, deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: Vec<u8>) -> Result<Response> {
        self.inner.instantiate(deps, env, info, msg)
    }

    fn execute(&self, deps: DepsMut<'_>, env: Env, info: MessageInfo, msg: Vec<u8>) -> Result<Response> {
        self.alters.execute(&*self.inner, deps, env, info, msg)
    }

    fn query(&self, deps: Deps<'_>, env: Env, msg: Vec<u8>) -> Result<Binary> {
        self.alters.query(&*self.inner, deps, env, msg)
    }

    fn reply(&self, deps: DepsMut<'_>, env: Env, msg: Reply) -> Result<Response> {
        self.alters.reply(&*self.inner, deps, env, msg)
    }

    fn sudo(&self, deps: DepsMut<'_>, env: Env, msg: Vec<u8>) -> Result<Response> {
        self.inner.sudo(deps, env, msg)
    }

    fn migrate(&self, deps: DepsMut<'_>, env: Env, msg: Vec<u8>) -> Result<Response> {
        self.inner.migrate(deps, env, msg)
    }

    fn checksum(&self) -> Option<Checksum> {
        self.inner.checksum()
    }
}
