//! The connection: what the chain is called, what time it is there, and how a question is asked.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cosmrs::proto::cosmos::auth::v1beta1::query_client::QueryClient as AuthClient;
use cosmrs::proto::cosmos::auth::v1beta1::Bech32PrefixRequest;
use cosmrs::proto::cosmos::base::tendermint::v1beta1::service_client::ServiceClient;
use cosmrs::proto::cosmos::base::tendermint::v1beta1::{
    GetBlockByHeightRequest, GetLatestBlockRequest, GetNodeInfoRequest,
};
use cosmwasm_std::Timestamp;
use tokio::runtime::{Builder, Runtime};
use tonic::transport::Channel;

use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::nodes::Nodes;

/// How often each node is asked when a client is made.
const ATTEMPTS: u32 = 4;
/// A chain that has answered before is asked again for so long: a node that was killed takes a while to be back.
const RETURN: Duration = Duration::from_secs(30);
/// Pause before the second attempt; the third waits twice as long, and so on.
const PAUSE: Duration = Duration::from_millis(150);
/// Longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// Longest that one answer may take.
pub(crate) const ANSWER: Duration = Duration::from_secs(20);
/// Largest answer: a block full of contracts.
pub(crate) const LARGEST: usize = 64 << 20;
/// Blocks whose time is remembered.
const MAX_TIMES: usize = 10_000;
/// Metadata by which a question asks for a height, and the answer says which one it is of.
const HEIGHT: &str = "x-cosmos-block-height";

/// An answer and the height of the state that it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// The answer.
    pub value: T,
    /// Block height.
    pub height: u64,
}

/// A block's header, as far as contracts see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its height.
    pub height: u64,
    /// Its time.
    pub time: Timestamp,
}

/// Number and next sequence of an account that signs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account {
    pub number: u64,
    pub sequence: u64,
}

/// A chain, by one of its nodes; if that does not answer, by another one that it was told of.
///
/// Calls block; a worker thread of its own keeps the connection alive. It may be shared between threads. It must not be
/// used inside an async runtime.
#[derive(Debug)]
pub struct Client {
    runtime: Runtime,
    nodes: Nodes,
    chain_id: String,
    prefix: String,
    keys: Option<Keys>,
    signers: Mutex<BTreeMap<String, Account>>,
    times: Mutex<BTreeMap<u64, Timestamp>>,
}

/// Asks one of the node's services, again if the node does not answer. Only for what may be asked twice.
macro_rules! ask {
    ($client:expr, $what:literal, $Service:ident . $method:ident ( $request:expr )) => {
        $crate::client::ask!($client, $what, $Service.$method($request), at None)
    };
    ($client:expr, $what:literal, $Service:ident . $method:ident ( $request:expr ), at $height:expr) => {{
        let request = $request;
        $client.retry($what, || {
            let request = $crate::client::at_height(request.clone(), $height);
            move |channel| async move {
                let service = $Service::new(channel);
                service.max_decoding_message_size($crate::client::LARGEST).$method(request).await
            }
        })
    }};
}
pub(crate) use ask;

impl Client {
    /// Connects to a node's gRPC address, `grpc://host:port`, and asks what chain it is of. Several nodes of one chain may be
    /// given, with commas between them: when one does not answer, the next one is asked.
    pub fn connect(url: &str) -> Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| Error::Url { url: url.into(), reason: error.to_string() })?;
        let nodes = {
            let _inside = runtime.enter();
            Nodes::parse(url)?
        };
        let mut client = Self {
            runtime,
            nodes,
            chain_id: String::new(),
            prefix: String::new(),
            keys: None,
            signers: Mutex::default(),
            times: Mutex::default(),
        };
        client.introduce()?;
        Ok(client)
    }

    fn introduce(&mut self) -> Result<()> {
        let (node, _) = ask!(self, "node", ServiceClient.get_node_info(GetNodeInfoRequest {}))?;
        self.chain_id = node.default_node_info.ok_or(Error::Missing("chain id"))?.network;
        let (prefix, _) = ask!(self, "address prefix", AuthClient.bech32_prefix(Bech32PrefixRequest {}))?;
        self.prefix = prefix.bech32_prefix;
        Ok(())
    }

    /// The same client with keys to sign with.
    pub fn with_keys(self, keys: Keys) -> Self {
        Self { keys: Some(keys), ..self }
    }

    /// The chain's id.
    pub fn chain_id(&self) -> &str {
        &self.chain_id
    }

    /// What addresses begin with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The keys to sign with.
    pub fn keys(&self) -> Result<&Keys> {
        self.keys.as_ref().ok_or(Error::NoKeys)
    }

    /// The address of a signer.
    pub fn address(&self, signer: &str) -> Result<String> {
        self.keys()?.address(signer, &self.prefix)
    }

    /// The last block whose state the node answers questions about.
    pub fn latest_block(&self) -> Result<Block> {
        let request = GetLatestBlockRequest {};
        let (answer, committed) = ask!(self, "latest block", ServiceClient.get_latest_block(request))?;
        let header =
            match (answer.sdk_block.and_then(|block| block.header), answer.block.and_then(|b| b.header)) {
                (Some(header), _) => (header.height, header.time),
                (None, Some(header)) => (header.height, header.time),
                (None, None) => return Err(Error::Missing("block")),
            };
        let latest = block(header.0, header.1.map(|time| (time.seconds, time.nanos)))?;
        // A node has a block before it has the state after it, of which it answers questions: the answer's metadata says how
        // far that is.
        match committed.filter(|committed| *committed < latest.height && *committed > 0) {
            Some(height) => Ok(Block { height, time: self.block_time(height)? }),
            None => Ok(latest),
        }
    }

    /// The time in a block's header: what contracts saw in it.
    pub fn block_time(&self, height: u64) -> Result<Timestamp> {
        if let Some(time) = self.times().get(&height) {
            return Ok(*time);
        }
        let number = i64::try_from(height).map_err(|e| Error::malformed("height", e))?;
        let request = GetBlockByHeightRequest { height: number };
        let (answer, _) = ask!(self, "block", ServiceClient.get_block_by_height(request))?;
        let time =
            match (answer.sdk_block.and_then(|block| block.header), answer.block.and_then(|b| b.header)) {
                (Some(header), _) => header.time,
                (None, header) => header.and_then(|header| header.time),
            };
        let time = block(number, time.map(|time| (time.seconds, time.nanos)))?.time;
        let mut times = self.times();
        if times.len() >= MAX_TIMES {
            times.clear();
        }
        times.insert(height, time);
        Ok(time)
    }

    /// Waits until a block of that height is committed.
    pub fn wait_for_height(&self, height: u64, timeout: Duration) -> Result<Block> {
        let what = || format!("block {height}");
        self.poll(timeout, what, || Ok(Some(self.latest_block()?).filter(|block| block.height >= height)))
    }

    /// Asks until there is an answer, every tenth of a second.
    pub(crate) fn poll<T>(
        &self,
        timeout: Duration,
        what: impl Fn() -> String,
        ask: impl Fn() -> Result<Option<T>>,
    ) -> Result<T> {
        let start = std::time::Instant::now();
        loop {
            if let Some(answer) = ask()? {
                return Ok(answer);
            }
            if start.elapsed() >= timeout {
                return Err(Error::Late { what: what(), waited: timeout });
            }
            std::thread::sleep(crate::broadcast::POLL);
        }
    }

    /// Number of the node that is asked now.
    pub(crate) fn node(&self) -> usize {
        self.nodes.present()
    }

    pub(crate) fn signers(&self) -> MutexGuard<'_, BTreeMap<String, Account>> {
        self.signers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn times(&self) -> MutexGuard<'_, BTreeMap<u64, Timestamp>> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One call, once, answered within `limit`; the height is what the answer's metadata says. If the node does not answer,
    /// the next call is another node's.
    pub(crate) fn once<T, F>(
        &self,
        limit: Duration,
        call: impl FnOnce(Channel) -> F,
    ) -> core::result::Result<(T, Option<u64>), Box<tonic::Status>>
    where
        F: Future<Output = core::result::Result<tonic::Response<T>, tonic::Status>>,
    {
        let node = self.nodes.present();
        let channel = self.nodes.channel(node);
        let channel = channel.ok_or_else(|| Box::new(tonic::Status::unavailable("no such node")))?;
        let answer = self.runtime.block_on(async { tokio::time::timeout(limit, call(channel)).await });
        let late = || Box::new(tonic::Status::deadline_exceeded("no answer in time"));
        match answer.map_err(|_| late()).and_then(|answer| answer.map_err(Box::new)) {
            Ok(answer) => {
                let height =
                    answer.metadata().get(HEIGHT).and_then(|value| value.to_str().ok()?.parse().ok());
                Ok((answer.into_inner(), height))
            }
            Err(status) => {
                if is_transport(&status) {
                    self.nodes.leave(node);
                }
                Err(status)
            }
        }
    }

    pub(crate) fn retry<T, C, F>(&self, what: &'static str, call: impl Fn() -> C) -> Result<(T, Option<u64>)>
    where
        C: FnOnce(Channel) -> F,
        F: Future<Output = core::result::Result<tonic::Response<T>, tonic::Status>>,
    {
        let start = Instant::now();
        let mut attempt = 1;
        loop {
            let status = match self.once(ANSWER, call()) {
                Ok(answer) => return Ok(answer),
                Err(status) => status,
            };
            if status.message().contains(AHEAD) && start.elapsed() < CATCHES_UP {
                std::thread::sleep(crate::broadcast::POLL);
                continue;
            }
            let given_up = match self.chain_id.is_empty() {
                true => attempt >= self.nodes.count().saturating_mul(ATTEMPTS),
                false => start.elapsed() >= RETURN,
            };
            if given_up || !is_transport(&status) {
                return Err(failure(what, &status));
            }
            // Another node is asked at once.
            let round = attempt.checked_div(self.nodes.count()).unwrap_or(attempt);
            if attempt % self.nodes.count().max(1) == 0 {
                std::thread::sleep((PAUSE * round).min(LONGEST_PAUSE));
            }
            attempt += 1;
        }
    }
}

/// What a node says of a height that it has no state of. It tells of a block a moment before it has the block's state.
const AHEAD: &str = "cannot query with height in the future";
/// So long that moment may last.
const CATCHES_UP: Duration = Duration::from_secs(5);

/// What a node says that has just been started and has no block yet: it will answer soon.
const STARTING: &[&str] =
    &["context did not contain latest block height", "is not ready; please wait for first block"];

/// Whether a call failed on the way rather than at the node, or at a node that is only starting.
fn is_transport(status: &tonic::Status) -> bool {
    use tonic::Code;
    matches!(status.code(), Code::Unavailable | Code::Cancelled | Code::DeadlineExceeded)
        || std::error::Error::source(status).is_some()
        || STARTING.iter().any(|words| status.message().contains(words))
}

/// A call that failed, as an error of ours.
pub(crate) fn failure(what: &'static str, status: &tonic::Status) -> Error {
    if is_transport(status) {
        Error::Unreachable { what, reason: reason(status) }
    } else {
        Error::Status { what, code: status.code(), message: status.message().into() }
    }
}

/// A failure's text with that of its innermost cause, which is the one that says something.
pub(crate) fn reason(status: &tonic::Status) -> String {
    let mut cause: &dyn std::error::Error = status;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    match status.message() {
        "" => cause.to_string(),
        message if std::error::Error::source(status).is_none() => message.to_string(),
        message => format!("{message}: {cause}"),
    }
}

/// A request for the state at a height; none: the latest.
pub(crate) fn at_height<T>(message: T, height: Option<u64>) -> tonic::Request<T> {
    let mut request = tonic::Request::new(message);
    if let Some(height) = height {
        request.metadata_mut().insert(HEIGHT, height.into());
    }
    request
}

fn block(height: i64, time: Option<(i64, i32)>) -> Result<Block> {
    let (seconds, nanos) = time.ok_or(Error::Missing("block time"))?;
    let bad = |e| Error::malformed("block header", e);
    let seconds = u64::try_from(seconds).map_err(bad)?;
    let nanos = u64::try_from(nanos).map_err(bad)?;
    let time = Timestamp::from_seconds(seconds).plus_nanos(nanos);
    Ok(Block { height: u64::try_from(height).map_err(bad)?, time })
}
