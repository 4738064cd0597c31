//! Whose a contract is: one owner, who can propose another one, who has to accept.
//!
//! The messages are those of the crate cw-ownable, with a deadline in seconds of block time only. What that crate does is ours here because of its
//! size: with the three kinds of its deadlines, and JSON in storage, it was 14 KB of every contract.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Api, DepsMut, Response, Storage};
use serde::{Deserialize, Serialize};

use crate::error::{ensure, Error, Result};
use crate::events::OwnershipUpdated;
use crate::record::{key, tag, Record};

/// Who owns a contract, as it is asked for.
#[cw_serde]
pub struct Ownership {
    /// None once it was renounced.
    pub owner: Option<String>,
    /// Who may accept it.
    pub pending_owner: Option<String>,
    /// Block time from which it can't be accepted any more, seconds.
    pub pending_expiry: Option<u64>,
}

/// What can be done with it.
#[cw_serde]
pub enum Action {
    /// The owner proposes another one, in place of whoever was proposed before.
    TransferOwnership {
        /// Who has to accept it.
        new_owner: String,
        /// Block time from which that is too late, seconds; never by default.
        expiry: Option<u64>,
    },
    /// Whoever is proposed becomes the owner.
    AcceptOwnership,
    /// The owner gives it up for good: nobody can change the configuration any more.
    RenounceOwnership,
}

/// As it is stored.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Owned {
    owner: Option<Addr>,
    proposed: Option<Proposed>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Proposed {
    owner: Addr,
    expiry: Option<u64>,
}

impl Record for Owned {
    const NAME: &'static str = "ownership";
    const VERSION: u8 = 1;
}

const KEY: [u8; 1] = key(tag::OWNERSHIP);

/// A new contract's owner. `E0008` for what is no address.
pub fn begin(storage: &mut dyn Storage, api: &dyn Api, owner: &str) -> Result<()> {
    Owned { owner: Some(api.addr_validate(owner)?), proposed: None }.save(storage, &KEY)
}

/// Whether it is the owner.
pub fn is_owner(storage: &dyn Storage, address: &Addr) -> Result<bool> {
    Ok(Owned::load(storage, &KEY)?.owner.as_ref() == Some(address))
}

/// Answer to the query `ownership`.
pub fn shown(storage: &dyn Storage) -> Result<Ownership> {
    let Owned { owner, proposed } = Owned::load(storage, &KEY)?;
    let (pending_owner, pending_expiry) = match proposed {
        Some(Proposed { owner, expiry }) => (Some(owner.into()), expiry),
        None => (None, None),
    };
    Ok(Ownership { owner: owner.map(Into::into), pending_owner, pending_expiry })
}

/// The message `update_ownership`. `E0106` for anybody but the owner, and for anybody but the proposed one who accepts.
pub fn update(deps: DepsMut<'_>, now: u64, sender: &Addr, action: Action) -> Result<Response> {
    let mut owned = Owned::load(deps.storage, &KEY)?;
    let proposed = owned.proposed.take().filter(|proposed| proposed.expiry.is_none_or(|expiry| now < expiry));
    let may = match action {
        Action::AcceptOwnership => proposed.map(|proposed| proposed.owner),
        _ => owned.owner.clone(),
    };
    ensure(may.as_ref() == Some(sender), || Error::Ownership {
        sender: sender.to_string(),
        expected: name(&may),
    })?;
    match action {
        Action::TransferOwnership { new_owner, expiry } => {
            owned.proposed = Some(Proposed { owner: deps.api.addr_validate(&new_owner)?, expiry });
        }
        Action::AcceptOwnership => owned.owner = may,
        Action::RenounceOwnership => owned.owner = None,
    }
    owned.save(deps.storage, &KEY)?;
    let proposed = name(&owned.proposed.map(|proposed| proposed.owner));
    let told = OwnershipUpdated { owner: name(&owned.owner), proposed };
    Ok(Response::new().add_event(told))
}

fn name(address: &Option<Addr>) -> String {
    address.as_ref().map_or("none", Addr::as_str).to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use cosmwasm_std::testing::{mock_dependencies, MockApi};

    use super::*;

    fn addr(name: &str) -> Addr {
        MockApi::default().addr_make(name)
    }

    #[test]
    fn a_proposal_is_accepted_by_the_proposed_one_before_its_expiry_and_the_last_one_counts() {
        let mut deps = mock_dependencies();
        begin(&mut deps.storage, &MockApi::default(), addr("olga").as_str()).unwrap();
        let mut does = |who: &str, now, action| update(deps.as_mut(), now, &addr(who), action);
        let to = |who: &str, expiry| Action::TransferOwnership { new_owner: addr(who).into(), expiry };
        let refused =
            |sender: &str, expected: String| Err(Error::Ownership { sender: addr(sender).into(), expected });

        assert_eq!(does("nora", 1, to("nora", None)), refused("nora", addr("olga").into()));
        assert_eq!(does("olga", 1, Action::AcceptOwnership), refused("olga", "none".into()));
        does("olga", 1, to("zoe", None)).unwrap();
        does("olga", 2, to("nora", Some(10))).unwrap();
        assert_eq!(does("zoe", 3, Action::AcceptOwnership), refused("zoe", addr("nora").into()));
        assert_eq!(does("nora", 10, Action::AcceptOwnership), refused("nora", "none".into()));
        does("nora", 9, Action::AcceptOwnership).unwrap();
        assert_eq!(does("olga", 9, Action::RenounceOwnership), refused("olga", addr("nora").into()));
        does("nora", 9, to("zoe", None)).unwrap();
        does("nora", 9, Action::RenounceOwnership).unwrap();
        assert_eq!(does("zoe", 9, Action::AcceptOwnership), refused("zoe", "none".into()));
        let nobody = Ownership { owner: None, pending_owner: None, pending_expiry: None };
        assert_eq!(shown(&deps.storage), Ok(nobody));
    }
}
