//! What goes to a chain and what comes back.

use cosmwasm_std::{to_json_binary, Addr, Binary, Coin, Event};
use sdp_types::events::FromEvent;
use serde::{Deserialize, Serialize};

use crate::error::{ChainError, Result};

/// A block that a chain has made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Block {
    /// Its height.
    pub height: u64,
    /// Its time, Unix seconds, fractions cut off.
    pub time: u64,
}

/// One message of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// A contract is called.
    Execute {
        /// The contract.
        contract: Addr,
        /// Its message, JSON.
        msg: Binary,
        /// Coins that go with it.
        funds: Vec<Coin>,
    },
    /// Coins are sent.
    Send {
        /// To whom.
        to: Addr,
        /// Which.
        coins: Vec<Coin>,
    },
}

impl Message {
    /// A call of a contract.
    pub fn execute(contract: Addr, msg: &impl Serialize, funds: &[Coin]) -> Result<Self> {
        Ok(Self::Execute { contract, msg: to_json_binary(msg)?, funds: funds.to_vec() })
    }
}

/// A transaction that is dispatched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// All of them happen, or none.
    pub messages: Vec<Message>,
    /// What [`crate::Network::preview`] said that they take: then nobody has to find that out again. What is refused nevertheless is in a block.
    pub gas: Option<u64>,
}

/// What has become of a transaction that was dispatched.
#[derive(Clone, Debug, PartialEq)]
pub enum Dispatched {
    /// It is over: on a chain that does everything at once.
    Landed(Box<Result<Answer>>),
    /// The node has it, for sure or perhaps. By this hash [`crate::Network::landed`] knows what becomes of it.
    Flying(String),
}

/// What a transaction led to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// What was told, in order: of contracts and of the chain itself.
    pub events: Vec<Event>,
    /// Data of the last message's answer.
    pub data: Option<Binary>,
    /// Time of its block, Unix seconds.
    pub at: u64,
    /// Height of its block.
    pub height: u64,
    /// Gas that the whole transaction used, where there is such a thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gas_used: Option<u64>,
    /// The transaction's hash, where there is such a thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
}

impl Answer {
    /// The block that it is in.
    pub fn block(&self) -> Block {
        Block { height: self.height, time: self.at }
    }

    /// What contracts told, in order: `wasm` and `wasm-…`. How a chain reports the rest differs from chain to chain.
    pub fn told(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(|event| event.ty.starts_with("wasm"))
    }
}

/// All events of one kind in an answer, in order. An event of that name that can't be read is an error.
pub fn events<E: FromEvent>(answer: &Answer) -> Result<Vec<E>> {
    let found = answer.events.iter().filter_map(E::from_event);
    found.map(|event| event.map_err(ChainError::from)).collect()
}

/// The contracts' codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// `sdp-oracle`.
    Oracle,
    /// `sdp-pool`.
    Pool,
    /// `sdp-market`.
    Market,
    /// `sdp-liquidator`.
    Liquidator,
    /// `sdp-lens`.
    Lens,
    /// `cw20-base`, of sdUSD and of collaterals that are CW20s.
    Cw20,
    /// `sdp-spot`, where the manifest has synthetics.
    Spot,
    /// `sdp-reserve`.
    Reserve,
    /// `sdp-balancer`.
    Balancer,
    /// `sdp-orders`, where a market of the manifest has conditional orders.
    Orders,
    /// `sdp-custody`.
    Custody,
    /// `sdp-bonded`, where the manifest has a desk of bonded markets.
    Bonded,
    /// `sdp-event`, where it has an example of such a market.
    Event,
}

impl Code {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Oracle,
        Self::Pool,
        Self::Market,
        Self::Liquidator,
        Self::Lens,
        Self::Cw20,
        Self::Spot,
        Self::Reserve,
        Self::Balancer,
        Self::Orders,
        Self::Custody,
        Self::Bonded,
        Self::Event,
    ];

    /// Its name, as in `deployment.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Oracle => "oracle",
            Self::Pool => "pool",
            Self::Market => "market",
            Self::Liquidator => "liquidator",
            Self::Lens => "lens",
            Self::Cw20 => "cw20",
            Self::Spot => "spot",
            Self::Reserve => "reserve",
            Self::Balancer => "balancer",
            Self::Orders => "orders",
            Self::Custody => "custody",
            Self::Bonded => "bonded",
            Self::Event => "event",
        }
    }

    /// The file that `scripts/build-wasm` leaves.
    pub fn file(self) -> &'static str {
        match self {
            Self::Oracle => "oracle.wasm",
            Self::Pool => "pool.wasm",
            Self::Market => "market.wasm",
            Self::Liquidator => "liquidator.wasm",
            Self::Lens => "lens.wasm",
            Self::Cw20 => "cw20.wasm",
            Self::Spot => "spot.wasm",
            Self::Reserve => "reserve.wasm",
            Self::Balancer => "balancer.wasm",
            Self::Orders => "orders.wasm",
            Self::Custody => "custody.wasm",
            Self::Bonded => "bonded.wasm",
            Self::Event => "event.wasm",
        }
    }

    /// What cw2 calls a contract of it.
    pub fn contract(self) -> &'static str {
        match self {
            Self::Oracle => sdp_types::oracle::CONTRACT,
            Self::Pool => sdp_types::pool::CONTRACT,
            Self::Market => sdp_types::market::CONTRACT,
            Self::Liquidator => sdp_types::liquidator::CONTRACT,
            Self::Lens => sdp_types::lens::CONTRACT,
            Self::Cw20 => "crates.io:cw20-base",
            Self::Spot => sdp_types::spot::CONTRACT,
            Self::Reserve => sdp_types::reserve::CONTRACT,
            Self::Balancer => sdp_types::balancer::CONTRACT,
            Self::Orders => sdp_types::orders::CONTRACT,
            Self::Custody => sdp_types::custody::CONTRACT,
            Self::Bonded => sdp_types::bonded::CONTRACT,
            Self::Event => sdp_types::event::CONTRACT,
        }
    }
}

impl core::fmt::Display for Code {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

/// A code on a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// Its number.
    pub id: u64,
    /// SHA-256 of its wasm, as the chain tells it: small hexadecimal digits.
    pub checksum: String,
}

/// A contract to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct New {
    /// Its code.
    pub code: Stored,
    /// Its label, and on a chain the salt of its address: at most [`New::MAX_LABEL`] bytes.
    pub label: String,
    /// Its message, JSON.
    pub msg: Binary,
    /// Who may migrate it, by name.
    pub admin: Option<String>,
}

impl New {
    /// Most bytes of a label: a salt has no more on a chain.
    pub const MAX_LABEL: usize = 64;

    /// A label that makes a salt: refused where it is longer.
    pub fn label(label: String) -> Result<String> {
        let (length, most) = (label.len(), Self::MAX_LABEL);
        if length > most {
            let text = format!("label `{label}` has {length} bytes, at most {most} make a salt");
            return Err(ChainError::setup(text));
        }
        Ok(label)
    }
}

/// What a chain knows of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Its code.
    pub code: Stored,
    /// Who made it.
    pub creator: Addr,
    /// Who may migrate it.
    pub admin: Option<Addr>,
}
