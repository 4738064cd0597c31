//! Who is called what: contracts and accounts by name, and names by address.

use std::collections::BTreeMap;

use cosmwasm_std::Addr;
use serde::{Deserialize, Serialize};

/// The address book of a chain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    contracts: BTreeMap<String, Addr>,
    accounts: BTreeMap<String, Addr>,
}

impl Names {
    /// An address book in which these are known.
    pub fn new(contracts: BTreeMap<String, Addr>, accounts: BTreeMap<String, Addr>) -> Self {
        Self { contracts, accounts }
    }

    /// All contracts by name.
    pub fn contracts(&self) -> &BTreeMap<String, Addr> {
        &self.contracts
    }

    /// All accounts that have been named so far.
    pub fn accounts(&self) -> &BTreeMap<String, Addr> {
        &self.accounts
    }

    /// The address of a contract or of an account that has been named before.
    pub fn address(&self, name: &str) -> Option<&Addr> {
        self.contracts.get(name).or_else(|| self.accounts.get(name))
    }

    /// The name of an address: a contract's before an account's, the first of several in alphabetical order.
    pub fn name_of(&self, address: &str) -> Option<&str> {
        let all = self.contracts.iter().chain(&self.accounts);
        all.into_iter().find(|(_, known)| known.as_str() == address).map(|(name, _)| name.as_str())
    }

    /// Notes a contract. A name that an account has already is the contract's from now on.
    pub fn add_contract(&mut self, name: &str, address: Addr) {
        self.contracts.insert(name.to_string(), address);
    }

    /// Notes an account.
    pub fn add_account(&mut self, name: &str, address: Addr) {
        self.accounts.insert(name.to_string(), address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contract_is_found_by_each_of_its_names_and_told_by_the_first() {
        let mut names = Names::default();
        let address = Addr::unchecked("sdp1m");
        names.add_account("anna", Addr::unchecked("sdp1a"));
        names.add_contract("perps", address.clone());
        names.add_contract("market", address.clone());
        assert_eq!((names.address("perps"), names.address("market")), (Some(&address), Some(&address)));
        assert_eq!((names.name_of("sdp1m"), names.name_of("sdp1a")), (Some("market"), Some("anna")));
        assert_eq!((names.name_of("sdp1x"), names.address("bob")), (None, None));
    }
}
