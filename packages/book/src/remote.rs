//! A pool's storage as another contract sees it.

use cosmwasm_std::{Addr, Deps, Order, QuerierWrapper, Record as Entry, Storage};
use sdp_types::record::raw;

/// What a pool has stored, read raw by key: no code of the pool runs, and all that reads a [`Storage`] reads this as well. It can't be written
/// and not be searched, which nobody does: it is only handed out behind a shared reference, and what lists positions is the pool's own.
pub struct Remote<'a> {
    querier: QuerierWrapper<'a>,
    pool: &'a Addr,
}

impl<'a> Remote<'a> {
    /// Of the pool at this address.
    pub fn new(deps: &Deps<'a>, pool: &'a Addr) -> Self {
        Self { querier: deps.querier, pool }
    }

    /// The same, for whatever asks for all that a contract has at hand.
    pub fn deps<'b>(&'b self, deps: &Deps<'b>) -> Deps<'b> {
        Deps { storage: self, api: deps.api, querier: deps.querier }
    }
}

impl Storage for Remote<'_> {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        // where the query itself fails there is nothing either: whoever needs the record says so by `E0006`
        let found = raw(&self.querier, self.pool, key).ok().flatten()?;
        (!found.is_empty()).then(|| found.into())
    }

    fn range<'a>(
        &'a self,
        _start: Option<&[u8]>,
        _end: Option<&[u8]>,
        _order: Order,
    ) -> Box<dyn Iterator<Item = Entry> + 'a> {
        Box::new(core::iter::empty())
    }

    fn set(&mut self, _key: &[u8], _value: &[u8]) {}

    fn remove(&mut self, _key: &[u8]) {}
}
