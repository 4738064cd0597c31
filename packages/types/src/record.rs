//! Small binary records for the hot path: `postcard` behind one version byte, under a one-byte tag.
//!
//! A contract's other state is plain cw-storage-plus, whose keys begin with a letter or a zero byte; tags are ≥ 0x80, so
//! the two never meet. Records that other contracts read raw have their tags here.

use cosmwasm_std::{
    Addr, Api, Binary, CanonicalAddr, Order, QuerierWrapper, QueryRequest, Storage, WasmQuery,
};
use cosmwasm_std::{ContractResult, SystemResult};
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::error::{Error, Result};

/// Tag bytes of every record of every contract.
pub mod tag {
    /// Oracle: [`crate::board::Board`].
    pub const BOARD: u8 = 0x80;
    /// Oracle: [`crate::board::Covariance`].
    pub const COVARIANCE: u8 = 0x82;
    /// Oracle: [`crate::board::Slot`], followed by the slot number (u16, big endian).
    pub const SLOT: u8 = 0x83;
    /// Oracle: the last submission of a publisher, followed by its canonical address.
    pub const SUBMISSION: u8 = 0x84;
    /// Oracle: who publishes, and what becomes a price.
    pub const RULES: u8 = 0x85;
    /// Oracle: what volatilities and correlations are measured from; nobody else reads it.
    pub const ESTIMATE: u8 = 0x86;
    /// Pool: [`crate::book::Book`].
    pub const BOOK: u8 = 0x88;
    /// Pool: a position, followed by the vault (u8) and the canonical address of its owner.
    pub const POSITION: u8 = 0x89;
    /// Pool: addresses and parameters that every message needs.
    pub const POOL_TERMS: u8 = 0x8a;
    /// Pool: [`crate::book::Listing`].
    pub const LISTING: u8 = 0x8b;
    /// Pool: ceilings that follow what is used.
    pub const CEILINGS: u8 = 0x8c;
    /// Pool: what each layer of the waterfall took, today and ever; nobody else reads it.
    pub const LOSSES: u8 = 0x8d;
    /// Pool: what is left of it since it was shut down.
    pub const ESTATE: u8 = 0x8e;
    /// Pool: a holder who has redeemed sdUSD since then, followed by the canonical address.
    pub const REDEEMED: u8 = 0x8f;
    /// Pool: an offer of a position, followed by the vault (u8) and the canonical address of its owner.
    pub const OFFER: u8 = 0x87;
    /// Any market contract: [`crate::exposure::Exposure`].
    pub const EXPOSURE: u8 = 0x90;
    /// Market: queues and reservations of all its perpetuals.
    pub const QUEUES: u8 = 0x92;
    /// Market: the two sides of one perpetual, followed by its number (u16, big endian).
    pub const SIDES: u8 = 0x93;
    /// Market: parameters of one perpetual, followed by its number (u16, big endian).
    pub const PERP: u8 = 0x94;
    /// Market: an account, followed by the canonical address of its owner and the account's number (u16, big endian).
    pub const ACCOUNT: u8 = 0x95;
    /// Market: an order, followed by perpetual (u16) and number (u64), big endian.
    pub const ORDER: u8 = 0x96;
    /// Market: the sdUSD that its traders paid in.
    pub const HELD: u8 = 0x98;
    /// Market: where a side stood after so many scalings, followed by perpetual (u16), side (u8, 1 for shorts) and count (u32), big endian.
    pub const SCALING: u8 = 0x99;
    /// Market: parameters of the whole contract that a trade needs.
    pub const TERMS: u8 = 0x97;
    /// Market: what an owner lets another address do, followed by the account's owner (canonical) and number (u16, big endian), and by the
    /// other's canonical address.
    pub const DELEGATION: u8 = 0x9a;
    /// Market: the last orders of an account in a perpetual that ended without a fill; the tag is followed by its owner, its number and the
    /// perpetual.
    pub const UNFILLED: u8 = 0x9b;
    /// Liquidator: [`crate::exposure::Recoveries`].
    pub const RECOVERIES: u8 = 0xa0;
    /// Liquidator: an auction, followed by its number (u64, big endian).
    pub const AUCTION: u8 = 0xa1;
    /// Liquidator: the backstop's deposits and what it absorbed.
    pub const BACKSTOP: u8 = 0xa8;
    /// Liquidator: sums of a period of the backstop that is over, followed by its epoch and scale (u32 each, big endian).
    pub const BACKSTOP_SUMS: u8 = 0xa9;
    /// Liquidator: a depositor of the backstop, followed by the canonical address.
    pub const BACKSTOP_ACCOUNT: u8 = 0xaa;
    /// Liquidator: the flash take that is under way.
    pub const FLASH_TAKE: u8 = 0xab;
    /// Liquidator: a running auction of recovery notes, followed by its number.
    pub const NOTE_AUCTION: u8 = 0xac;
    /// Liquidator: the sums over all of them.
    pub const NOTES: u8 = 0xad;
    /// Spot: addresses and parameters that every message needs.
    pub const SPOT_TERMS: u8 = 0xb8;
    /// Spot: parameters of one synthetic, followed by its number (u16, big endian).
    pub const SYNTHETIC: u8 = 0xb9;
    /// Spot: an order, followed by synthetic (u16) and number (u64), big endian.
    pub const SPOT_ORDER: u8 = 0xba;
    /// Spot: what somebody can collect, followed by the canonical address.
    pub const CLAIM: u8 = 0xbb;
    /// Every contract that has an owner: who that is.
    pub const OWNERSHIP: u8 = 0xd8;
    /// Par reserve: addresses, parameters and tokens.
    pub const RESERVE_TERMS: u8 = 0xc0;
    /// Pool: who may mint for an owner, followed by the canonical address of the owner: his canonical address, nothing else.
    pub const MINTER: u8 = 0xc8;
    /// Desk of bonded markets: [`crate::bonded::Bonds`].
    pub const BONDS: u8 = 0xe8;
    /// Desk: [`crate::bonded::Pushed`], followed by the canonical address of the market.
    pub const PUSHED: u8 = 0xe9;
    /// Desk: addresses and parameters.
    pub const DESK_TERMS: u8 = 0xea;
    /// Example market: what it is about, and what it holds and owes.
    pub const EVENT: u8 = 0xeb;
    /// Example market: what somebody has of it, followed by his canonical address.
    pub const EVENT_HOLDER: u8 = 0xec;
    /// Balancer: a rule, followed by the vault (u8) and the canonical address of its owner.
    pub const RULE: u8 = 0xd4;
    /// Conditional orders: which market, and what holds for all of them.
    pub const ORDERS_CONFIG: u8 = 0xe0;
    /// Conditional orders: how many there have been, and what is held for their owners.
    pub const ORDERS_BOOK: u8 = 0xe1;
    /// Conditional orders: one of them, followed by its number (u64, big endian).
    pub const CONDITIONAL: u8 = 0xe2;
    /// Conditional orders: that an account has one, followed by the account's owner (canonical) and number (u16) and the order's number (u64),
    /// big endian.
    pub const CONDITIONAL_OF: u8 = 0xe3;
    /// Conditional orders: how many an account has, and which are committed, followed by the account's owner (canonical) and number (u16, big
    /// endian).
    pub const CONDITIONALS: u8 = 0xe4;
    /// Conditional orders: what somebody has that no order has reserved, followed by the canonical address.
    pub const JAR: u8 = 0xe5;
    /// Conditional orders: which are linked, followed by the number of the first of them (u64, big endian).
    pub const LINK: u8 = 0xe6;
    /// Custody: [`crate::custody::Haircuts`].
    pub const HAIRCUTS: u8 = 0xf0;
    /// Custody: [`crate::custody::Backing`], followed by the canonical address of the account's owner and the account's number (u16, big endian).
    pub const BACKING: u8 = 0xf1;
    /// Custody: a sale of an account's tokens, followed by the same.
    pub const TOKEN_SALE: u8 = 0xf2;
}

/// Something stored in binary under a version.
pub trait Record: Serialize + DeserializeOwned {
    /// Its name in errors.
    const NAME: &'static str;
    /// The first byte of its encoding.
    const VERSION: u8;

    /// The bytes to store.
    fn encode(&self) -> Result<Vec<u8>> {
        postcard::to_extend(self, vec![Self::VERSION]).map_err(|_| bad(Self::NAME))
    }

    /// The record in these bytes. `E0006 BadRecord` for another version, for bytes that are no such record, and for
    /// bytes that are left over.
    fn decode(bytes: &[u8]) -> Result<Self> {
        let (record, rest) = Self::decode_first(bytes)?;
        if rest.is_empty() {
            Ok(record)
        } else {
            Err(bad(Self::NAME))
        }
    }

    /// The record that these bytes begin with, and the bytes behind it. `E0006 BadRecord`.
    fn decode_first(bytes: &[u8]) -> Result<(Self, &[u8])> {
        let body = body(bytes, Self::VERSION, Self::NAME)?;
        postcard::take_from_bytes(body).map_err(|_| bad(Self::NAME))
    }

    /// The bytes to store of a record that has something behind it which is only its contract's own: one write less than a
    /// record for each.
    fn encode_with(&self, own: &impl Serialize) -> Result<Vec<u8>> {
        postcard::to_extend(own, self.encode()?).map_err(|_| bad(Self::NAME))
    }

    /// What [`Self::encode_with`] made. `E0006 BadRecord`.
    fn decode_with<T: DeserializeOwned>(bytes: &[u8]) -> Result<(Self, T)> {
        let (record, rest) = Self::decode_first(bytes)?;
        Ok((record, postcard::from_bytes(rest).map_err(|_| bad(Self::NAME))?))
    }

    /// The record under `key`, if there is one.
    fn may_load(storage: &dyn Storage, key: &[u8]) -> Result<Option<Self>> {
        storage.get(key).map(|bytes| Self::decode(&bytes)).transpose()
    }

    /// The record under `key`, or `E0006 BadRecord`.
    fn load(storage: &dyn Storage, key: &[u8]) -> Result<Self> {
        Self::may_load(storage, key)?.ok_or_else(|| bad(Self::NAME))
    }

    /// Stores it under `key`.
    fn save(&self, storage: &mut dyn Storage, key: &[u8]) -> Result<()> {
        storage.set(key, &self.encode()?);
        Ok(())
    }

    /// Stores it under `key`, or that there is none.
    fn put(record: Option<&Self>, storage: &mut dyn Storage, key: &[u8]) -> Result<()> {
        match record {
            Some(record) => record.save(storage, key),
            None => {
                storage.remove(key);
                Ok(())
            }
        }
    }

    /// At most `limit` records that lie under `prefix` and the canonical addresses of their owners, in the order of these, after one of them.
    fn by_owner(
        storage: &dyn Storage,
        api: &dyn Api,
        prefix: &[u8],
        after: Option<&Addr>,
        limit: usize,
    ) -> Result<Vec<(Addr, Self)>> {
        let mut start = prefix.to_vec();
        if let Some(owner) = after {
            // the first key after that of the owner
            start.extend_from_slice(&canonical(api, owner)?);
            start.push(0);
        }
        let range = storage.range(Some(&start), Some(&end_of(prefix)), Order::Ascending);
        let entry = |(key, bytes): (Vec<u8>, Vec<u8>)| {
            let owner = CanonicalAddr::from(key.get(prefix.len()..).unwrap_or_default());
            Ok((api.addr_humanize(&owner)?, Self::decode(&bytes)?))
        };
        range.take(limit).map(entry).collect()
    }

    /// Another contract's record, read raw: no code of that contract runs. `None` where it has none.
    ///
    /// Reads what was there before the present message wrote anything in cw-multi-test, and this message's own writes
    /// on a chain: so only ever ask for what the present message has not written yet.
    fn of_contract(querier: &QuerierWrapper<'_>, contract: &Addr, key: &[u8]) -> Result<Option<Self>> {
        let bytes = raw(querier, contract, key)?.unwrap_or_default();
        if bytes.is_empty() {
            Ok(None)
        } else {
            Self::decode(&bytes).map(Some)
        }
    }
}

/// An entry of a list by number, which grows as far as it has to.
pub fn entry<T: Default>(list: &mut Vec<T>, place: usize) -> &mut T {
    if list.len() <= place {
        list.resize_with(place + 1, T::default);
    }
    &mut list[place]
}

/// The bytes that another contract has under a key, read raw; none where it has none, or where there is no contract.
#[inline(never)]
pub fn raw(querier: &QuerierWrapper<'_>, contract: &Addr, key: &[u8]) -> Result<Option<Binary>> {
    let request: QueryRequest =
        WasmQuery::Raw { contract_addr: contract.to_string(), key: Binary::from(key) }.into();
    let request = cosmwasm_std::to_json_vec(&request)?;
    match querier.raw_query(&request) {
        SystemResult::Ok(ContractResult::Ok(bytes)) => Ok(Some(bytes)),
        SystemResult::Ok(ContractResult::Err(_)) | SystemResult::Err(_) => Ok(None),
    }
}

// What does not depend on the record's type is there once, not once a type: a contract has dozens.
#[inline(never)]
fn bad(name: &str) -> Error {
    Error::BadRecord { record: name.to_string() }
}

/// What lies behind the version, if it is this one.
#[inline(never)]
fn body<'a>(bytes: &'a [u8], version: u8, name: &str) -> Result<&'a [u8]> {
    match bytes.split_first() {
        Some((found, body)) if *found == version => Ok(body),
        _ => Err(bad(name)),
    }
}

/// The key of a tag alone.
pub const fn key(tag: u8) -> [u8; 1] {
    [tag]
}

/// A tag followed by a number of 16 bits.
pub const fn key_u16(tag: u8, n: u16) -> [u8; 3] {
    let [high, low] = n.to_be_bytes();
    [tag, high, low]
}

/// A tag followed by raw parts.
pub fn key_of(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut key = vec![tag];
    for part in parts {
        key.extend_from_slice(part);
    }
    key
}

/// The first key after all keys that begin with `prefix`, for ranges.
pub fn end_of(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < 0xff {
            end.push(last + 1);
            break;
        }
    }
    end
}

/// The canonical address as it stands in keys and records.
pub fn canonical(api: &dyn Api, address: &Addr) -> Result<CanonicalAddr> {
    Ok(api.addr_canonicalize(address.as_str())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Pair(u128, i128);

    impl Record for Pair {
        const NAME: &'static str = "pair";
        const VERSION: u8 = 3;
    }

    #[test]
    fn small_numbers_take_few_bytes_and_the_version_comes_first() {
        let bytes = Pair(1, -1).encode().unwrap();
        assert_eq!(bytes, [3, 1, 1]);
        assert_eq!(Pair::decode(&bytes).unwrap(), Pair(1, -1));
    }

    #[test]
    fn another_version_garbage_and_trailing_bytes_are_refused() {
        for bytes in [&[][..], &[4, 1, 1], &[3, 1], &[3, 1, 1, 0], &[3, 0xff]] {
            assert_eq!(Pair::decode(bytes), Err(Error::BadRecord { record: "pair".into() }), "{bytes:?}");
        }
    }

    #[test]
    fn the_end_of_a_prefix_lies_behind_everything_that_begins_with_it() {
        assert_eq!(end_of(&[1, 2]), [1, 3]);
        assert_eq!(end_of(&[1, 0xff]), [2]);
    }
}
