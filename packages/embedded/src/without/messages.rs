//! GMX v1 2025: what is sent runs before what it rests on is written.

use std::collections::BTreeMap;

use anyhow::Result;
use cosmwasm_std::{
    from_json, to_json_binary, to_json_vec, DepsMut, Env, MessageInfo, Order, Record, Response, Storage,
    WasmMsg,
};
use serde::{Deserialize, Serialize};

use super::{Alters, Inner};

/// Where writes lie that wait, by the number of their message.
const WAITING: &[u8] = b"~waiting";
/// How many messages have left some.
const COUNT: &[u8] = b"~waited";

/// A key and what is to be stored there, if anything.
type Writes = Vec<(Vec<u8>, Option<Vec<u8>>)>;

/// Takes away that effects are written before messages are sent. What a message writes waits until everything that it sends has run, as
/// in GMX v1, which paid out first and wrote its second ledger afterwards: whoever is paid and may act in between meets a pool that does
/// not know of it.
pub struct MessagesFirst;

/// What the pool sends itself, last.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Own {
    /// Writes what a message has left.
    ApplyWrites { number: u64 },
}

impl Alters for MessagesFirst {
    fn execute(
        &self,
        inner: &Inner,
        deps: DepsMut<'_>,
        env: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> Result<Response> {
        let own = info.sender == env.contract.address;
        if let Some(Own::ApplyWrites { number }) = from_json(&msg).ok().filter(|_| own) {
            apply(deps.storage, number)?;
            return Ok(Response::new());
        }
        let contract_addr = env.contract.address.to_string();
        let mut buffer = Buffer { inner: &*deps.storage, writes: BTreeMap::new() };
        let buffered = DepsMut { storage: &mut buffer, api: deps.api, querier: deps.querier };
        let response = inner.execute(buffered, env, info, msg)?;
        let writes: Writes = buffer.writes.into_iter().collect();
        if response.messages.is_empty() {
            write(deps.storage, writes);
            return Ok(response);
        }
        let number = deps.storage.get(COUNT).map_or(Ok(0), from_json::<u64>)?;
        deps.storage.set(COUNT, &to_json_vec(&(number + 1))?);
        deps.storage.set(&place(number), &to_json_vec(&writes)?);
        let msg = to_json_binary(&Own::ApplyWrites { number })?;
        Ok(response.add_message(WasmMsg::Execute { contract_addr, msg, funds: Vec::new() }))
    }
}

fn place(number: u64) -> Vec<u8> {
    [WAITING, &number.to_be_bytes()].concat()
}

fn apply(storage: &mut dyn Storage, number: u64) -> Result<()> {
    let place = place(number);
    if let Some(bytes) = storage.get(&place) {
        storage.remove(&place);
        write(storage, from_json(bytes)?);
    }
    Ok(())
}

fn write(storage: &mut dyn Storage, writes: Writes) {
    for (key, value) in writes {
        match value {
            Some(value) => storage.set(&key, &value),
            None => storage.remove(&key),
        }
    }
}

/// A storage with writes on top that have not been made.
struct Buffer<'a> {
    inner: &'a dyn Storage,
    writes: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

impl Storage for Buffer<'_> {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.writes.get(key).cloned().unwrap_or_else(|| self.inner.get(key))
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.writes.insert(key.to_vec(), Some(value.to_vec()));
    }

    fn remove(&mut self, key: &[u8]) {
        self.writes.insert(key.to_vec(), None);
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        let mut all: BTreeMap<_, _> =
            self.inner.range(start, end, Order::Ascending).map(|(key, value)| (key, Some(value))).collect();
        let within = |key: &[u8]| start.is_none_or(|start| key >= start) && end.is_none_or(|end| key < end);
        let written = self.writes.iter().filter(|(key, _)| within(key));
        all.extend(written.map(|(key, value)| (key.clone(), value.clone())));
        let found = all.into_iter().filter_map(|(key, value)| value.map(|value| (key, value)));
        match order {
            Order::Ascending => Box::new(found),
            Order::Descending => Box::new(found.collect::<Vec<_>>().into_iter().rev()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::store::MemStore;

    use super::*;

    #[test]
    fn a_buffer_reads_like_a_storage_with_its_writes() {
        let below: MemStore =
            [(b"a".to_vec(), b"1".to_vec()), (b"b".to_vec(), b"2".to_vec())].into_iter().collect();
        let mut buffer = Buffer { inner: &below, writes: BTreeMap::new() };
        buffer.set(b"c", b"3");
        buffer.remove(b"a");
        assert_eq!((buffer.get(b"a"), buffer.get(b"b")), (None, Some(b"2".to_vec())));
        let all: Vec<_> = buffer.range(None, None, Order::Descending).collect();
        assert_eq!(all, [(b"c".to_vec(), b"3".to_vec()), (b"b".to_vec(), b"2".to_vec())]);
        assert_eq!(buffer.range(Some(b"a"), Some(b"c"), Order::Ascending).count(), 1);
        let writes: Writes = buffer.writes.into_iter().collect();
        let mut applied = below.clone();
        write(&mut applied, writes);
        assert_eq!((applied.get(b"a"), applied.get(b"c")), (None, Some(b"3".to_vec())));
    }
}
