//! Where the gas of a message goes.
//!
//! A life on the real chain is recorded and happens again on an embedded twin, whose meter counts what contracts read and
//! write. Counts times the chain's prices are the parts. Two parts are measured on the chain itself: what the
//! same transaction uses where there is no contract, and what coins add to a call. What is then left of the message's gas is the
//! machine's: instructions and calls of the host. So the parts always add up to what was measured.

use std::collections::BTreeSet;

use anyhow::{bail, ensure, Context, Result};
use comfy_table::{Cell, Table};
use cosmwasm_std::{Addr, Coin, Event};
use cw20::Cw20ExecuteMsg;
use sdp_cosmos::{wasm, Cosmos, Error, Options};
use sdp_embedded::meter::{Call, Counts};
use sdp_embedded::Replay;
use sdp_network::recording::{Act, Entry, Outcome};
use sdp_network::{Deployment, Message, Network, Recording, FAUCET};
use sdp_types::units::Amount;

use crate::rows::Rows;
use crate::table;

/// Rows that are taken apart, what their columns are called, and how many times contracts send coins in them.
const ROWS: [(&str, &str, i64); 12] = [
    ("8 perpetuals, 1 position: open, commit", "commit", 0),
    ("8 perpetuals, 1 position: open, settle", "settle", 0),
    ("oracle, 2 of 3: 8 of 8 feeds", "publish", 0),
    ("8 perpetuals, 1 position: margin in", "margin in", 0),
    ("8 perpetuals, 0 positions: deposit", "deposit", 0),
    ("8 perpetuals, 0 positions: mint", "mint", 0),
    ("8 perpetuals, 0 positions: burn", "burn", 0),
    ("8 perpetuals, 1 position: margin out", "margin out", 0),
    ("8 perpetuals, 1 position: margin out, drawn", "… drawn", 0),
    ("8 perpetuals, 0 positions: execute exit", "exit", 1),
    ("8 perpetuals, 0 positions: liquidate 1 account", "liquidate", 0),
    ("8 perpetuals, 0 positions: take a part", "take", 1),
];
/// Whether all messages that a breakdown shows are measured.
pub fn known(rows: &Rows) -> Result<()> {
    ROWS.iter().try_for_each(|(row, ..)| rows.gas(row).map(|_| ()))
}

/// Columns of one table.
const COLUMNS: usize = 6;

// The chain's prices: SDK's default for storage, wasmd's default gas register.
const READ: i64 = 1_000;
const READ_BYTE: i64 = 3;
const WRITE: i64 = 2_000;
const WRITE_BYTE: i64 = 30;
const REMOVE: i64 = 1_000;
const HAS: i64 = 1_000;
const LOAD: i64 = 60_000;
const LOAD_AGAIN: i64 = 2_000;
const ATTRIBUTE: i64 = 10;
const EVENT: i64 = 20;
/// Bytes of attributes of one answer that are free.
const FREE_BYTES: i64 = 100;
/// What stands before each key of a contract: one byte and its address.
const PREFIX: i64 = 33;

/// Gas of one message by where it went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Parts {
    transaction: i64,
    loading: i64,
    coins: i64,
    reads: i64,
    read_bytes: i64,
    raw_queries: i64,
    raw_bytes: i64,
    writes: i64,
    written_bytes: i64,
    removes: i64,
    events: i64,
    rest: i64,
    total: i64,
}

/// The name of a part, and how much of it there is.
type Part = (&'static str, fn(&Parts) -> i64);

/// How the parts are called, in the table's order.
const PARTS: [Part; 13] = [
    ("transaction, signature", |parts| parts.transaction),
    ("loading contracts", |parts| parts.loading),
    ("coins", |parts| parts.coins),
    ("reads", |parts| parts.reads),
    ("… their bytes", |parts| parts.read_bytes),
    ("raw queries", |parts| parts.raw_queries),
    ("… their bytes", |parts| parts.raw_bytes),
    ("writes", |parts| parts.writes),
    ("… their bytes", |parts| parts.written_bytes),
    ("removes", |parts| parts.removes),
    ("events", |parts| parts.events),
    ("computation, host calls", |parts| parts.rest),
    ("measured", |parts| parts.total),
];

/// A life that was recorded.
pub struct Lived<'a> {
    /// Where.
    pub network: &'a Cosmos,
    /// What was deployed.
    pub deployment: Deployment,
    /// What happened. An entry's step is its row.
    pub entries: Vec<Entry>,
    /// What was measured.
    pub rows: &'a Rows,
    /// How transactions are sent.
    pub options: Options,
}

/// Takes the usual messages apart.
pub fn tables(lived: Lived<'_>) -> Result<Vec<Table>> {
    let sends = lived.entries.clone();
    let counted = lived.count()?;
    let transfer = lived.coins()?;
    let mut columns = Vec::new();
    for (row, title, coins) in ROWS {
        let place = lived.rows.iter().position(|found| found.name == row);
        let place = place.with_context(|| format!("no row `{row}`"))?;
        let entry = sends.iter().position(|entry| entry.step == Some(place));
        let entry = entry.with_context(|| format!("`{row}` was not recorded"))?;
        let (entry, calls) = (&sends[entry], &counted[entry]);
        let mut parts = parts(&lived.deployment, entry, calls)?;
        parts.transaction = lived.transaction(entry)?;
        let funds = funds(entry);
        parts.coins = (coins + i64::try_from(funds.len())?) * transfer;
        parts.total = lived.rows.gas(row)?;
        parts.rest = 0;
        parts.rest = parts.total - PARTS[..12].iter().map(|(_, part)| part(&parts)).sum::<i64>();
        ensure!(parts.rest > 0, "the parts of `{row}` are more than all of it: {parts:?}");
        columns.push((title, parts));
    }
    Ok(columns.chunks(COLUMNS).map(shown).collect())
}

fn shown(columns: &[(&str, Parts)]) -> Table {
    let header: Vec<_> = std::iter::once("gas of").chain(columns.iter().map(|(title, _)| *title)).collect();
    let mut table = table::table(&header);
    for (name, part) in PARTS {
        let cells = columns.iter().map(|(_, parts)| table::right(table::number(part(parts))));
        table.add_row(std::iter::once(Cell::new(name)).chain(cells));
    }
    table
}

fn funds(entry: &Entry) -> Vec<Coin> {
    match &entry.act {
        Act::Send { messages, .. } => {
            let funds = messages.iter().filter_map(|message| match message {
                Message::Execute { funds, .. } => Some(funds.clone()),
                Message::Send { .. } => None,
            });
            funds.flatten().collect()
        }
        _ => Vec::new(),
    }
}

impl Lived<'_> {
    /// What the calls of each entry did, on a twin.
    fn count(&self) -> Result<Vec<Vec<Call>>> {
        let accounts = self.network.names().accounts().clone();
        let mut entries = self.entries.clone();
        // the twin's faucet has nothing
        let first = entries.first().context("nothing was recorded")?.block;
        let gifts = ["stake", "uatom", "uusdc"].map(|denom| Entry {
            step: None,
            block: first,
            act: Act::Give {
                account: FAUCET.into(),
                denom: denom.into(),
                amount: Amount::new(u64::MAX.into()),
            },
            outcome: Outcome::Told { events: vec![] },
        });
        let given = gifts.len();
        entries.splice(0..0, gifts);
        let (deployment, version) = (self.deployment.clone(), sdp_network::recording::RECORDING_VERSION);
        let mut replay =
            Replay::new(Recording { version, deployment, accounts, start: first.time, entries })?;
        let mut counted = Vec::new();
        loop {
            replay.twin().meter().start();
            let Some(deviations) = replay.next() else { break };
            counted.push(replay.twin().meter().stop());
            if let Some(deviation) = deviations?.into_iter().find(|_| counted.len() > given) {
                bail!("the wasm is not of these sources: {deviation}");
            }
        }
        counted.drain(..given);
        Ok(counted)
    }

    /// What the same transaction uses that finds no contract, less that look.
    fn transaction(&self, entry: &Entry) -> Result<i64> {
        let Act::Send { sender, messages } = &entry.act else { bail!("not a transaction") };
        let [Message::Execute { msg, funds, .. }] = messages.as_slice() else { bail!("not one call") };
        Ok(self.nowhere(sender, msg.to_vec(), funds)? - READ - READ_BYTE * PREFIX)
    }

    fn nowhere(&self, sender: &str, msg: Vec<u8>, funds: &[Coin]) -> Result<i64> {
        let client = self.network.client();
        let from = client.address(sender)?;
        let nobody = client.instantiate2_address(&[0; 32], &from, b"nobody")?;
        let message = wasm::execute_json(&from, &nobody, msg, funds);
        match client.broadcast(sender, vec![message], &self.options) {
            Ok(_) => bail!("a contract that is not there took a message"),
            Err(Error::Refused(refusal)) => {
                let outcome = refusal.outcome.context("the transaction got into no block")?;
                Ok(i64::try_from(outcome.gas_used)?)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What coins add to a call: a CW20 does not look at them. Less what they add to the transaction.
    fn coins(&self) -> Result<i64> {
        let client = self.network.client();
        let (from, to) = (client.address("bob")?, client.address("kim")?);
        let token = self.network.contract("sdusd")?;
        let msg = Cw20ExecuteMsg::Transfer { recipient: to, amount: 1_234_567_u128.into() };
        let coins = [Coin::new(1_234_567_891_u128, "uatom")];
        let mut gas = [0; 2];
        // the first coins make the token's balance, which costs more
        for (place, funds) in [(1, &coins[..]), (1, &coins[..]), (0, &[][..])] {
            let message = wasm::execute(&from, token.as_str(), &msg, funds)?;
            let done = client.broadcast("bob", vec![message], &self.options)?.gas_used;
            let msg = cosmwasm_std::to_json_vec(&msg)?;
            gas[place] = i64::try_from(done)? - self.nowhere("bob", msg, funds)?;
        }
        Ok(gas[1] - gas[0])
    }
}

/// All parts that follow from counts.
fn parts(deployment: &Deployment, entry: &Entry, calls: &[Call]) -> Result<Parts> {
    let counts = calls.iter().fold(Counts::default(), |sum, call| sum.plus(call.counts));
    let number = |count: u64| i64::try_from(count);
    let (reads, writes, raw) = (number(counts.reads)?, number(counts.writes)?, number(counts.raw_queries)?);
    ensure!(counts.smart_queries == 0, "smart queries are not taken apart");
    Ok(Parts {
        loading: loading(deployment, calls)?,
        reads: READ * reads,
        read_bytes: READ_BYTE * (PREFIX * reads + number(counts.read_bytes)?),
        raw_queries: READ * raw,
        raw_bytes: READ_BYTE * (PREFIX * raw + number(counts.raw_bytes)?),
        writes: WRITE * writes,
        written_bytes: WRITE_BYTE * (PREFIX * writes + number(counts.written_bytes)?),
        removes: REMOVE * number(counts.removes)?,
        events: events(entry)?,
        ..Parts::default()
    })
}

/// Every call loads its contract, at full price where its code was not loaded before in the transaction; it reads what the
/// chain knows of the contract and of its code, and looks whether that is pinned.
fn loading(deployment: &Deployment, calls: &[Call]) -> Result<i64> {
    let mut loaded = BTreeSet::new();
    let mut gas = 0;
    for call in calls {
        let found = deployment.contracts.iter().find(|(_, contract)| contract.address == call.contract);
        let (name, contract) =
            found.with_context(|| format!("{} is not of the deployment", call.contract))?;
        gas += if loaded.insert(&contract.code.checksum) { LOAD } else { LOAD_AGAIN };
        let label = format!("{}/{name}", deployment.name);
        gas += 2 * READ + HAS + READ_BYTE * (known_of_contract(&contract.address, &label)? + KNOWN_OF_CODE);
    }
    Ok(gas)
}

/// Key (9) and value of a code: checksum (34), creator (45), permission (4).
const KNOWN_OF_CODE: i64 = 9 + 34 + 45 + 4;

/// Key (33) and value of a contract: code (2), creator and admin (45 each), label, when it was made (about 7), its port.
fn known_of_contract(address: &Addr, label: &str) -> Result<i64> {
    let port = "wasm2".len() + address.as_str().len() - "wasm".len();
    Ok(33 + 2 + 2 * 45 + 2 + i64::try_from(label.len())? + 7 + 2 + i64::try_from(port)?)
}

/// What telling cost: each contract's own attributes and events, with some bytes for nothing.
fn events(entry: &Entry) -> Result<i64> {
    let Outcome::Told { events } = &entry.outcome else { bail!("the message was refused") };
    let address = |event: &Event| {
        let found = event.attributes.iter().find(|attribute| attribute.key == "_contract_address");
        found.map(|attribute| attribute.value.clone())
    };
    let contracts: BTreeSet<_> = events.iter().map(address).collect();
    let mut gas = 0;
    for contract in contracts {
        let mut bytes = 0;
        for event in events.iter().filter(|event| address(event) == contract) {
            if let Some(name) = event.ty.strip_prefix("wasm-") {
                gas += EVENT + i64::try_from(name.len())?;
            }
            for attribute in event.attributes.iter().filter(|attribute| attribute.key != "_contract_address")
            {
                gas += ATTRIBUTE;
                bytes += i64::try_from(attribute.key.len() + attribute.value.len())?;
            }
        }
        gas += (bytes - FREE_BYTES).max(0);
    }
    Ok(gas)
}
