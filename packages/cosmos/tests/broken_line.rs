//! A connection that breaks at the worst moment, against a real chain as in `real_chain.rs`: whatever happens to the line, a
//! message is done once or, for sure, not at all, or its hash is there to be looked up.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use cosmwasm_std::{Coin, Uint128};
mod common;

use sdp_cosmos::{bank, Client, Error, Options};

/// What the line does with what goes over it.
#[derive(Clone, Copy, PartialEq)]
enum Line {
    Works,
    /// Questions arrive, answers don't.
    LosesAnswers,
    /// Nothing arrives.
    LosesAll,
}

/// A line to the node that can be spoilt.
struct Proxy {
    port: u16,
    line: Arc<Mutex<Line>>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Proxy {
    fn to(node: &str) -> Self {
        let node = node.rsplit("//").next().unwrap().to_string();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (line, open) = (Arc::new(Mutex::new(Line::Works)), Arc::new(Mutex::new(vec![])));
        let proxy = Self { port, line: line.clone(), open: open.clone() };
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, node) = (client.unwrap(), TcpStream::connect(&node).unwrap());
                let both = [client.try_clone().unwrap(), node.try_clone().unwrap()];
                open.lock().unwrap().extend(both);
                copy(client.try_clone().unwrap(), node.try_clone().unwrap(), line.clone(), |line| {
                    line != Line::LosesAll
                });
                copy(node, client, line.clone(), |line| line == Line::Works);
            }
        });
        proxy
    }

    fn client(&self) -> Client {
        Client::connect(&format!("grpc://127.0.0.1:{}", self.port)).unwrap().with_keys(common::keys())
    }

    /// Spoils the line now; after a while hangs up, and works again.
    fn breaks(&self, how: Line, lasts: Duration) {
        *self.line.lock().unwrap() = how;
        let (line, open) = (self.line.clone(), self.open.clone());
        thread::spawn(move || {
            thread::sleep(lasts);
            for stream in open.lock().unwrap().drain(..) {
                // the other end may have hung up before
                drop(stream.shutdown(Shutdown::Both));
            }
            *line.lock().unwrap() = Line::Works;
        });
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream, line: Arc<Mutex<Line>>, passes: fn(Line) -> bool) {
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            let now = *line.lock().unwrap();
            if passes(now) && to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        drop(to.shutdown(Shutdown::Both));
    });
}

struct Case {
    proxy: Proxy,
    client: Client,
    direct: Client,
    to: String,
    denom: String,
    signer: String,
}

impl Case {
    fn new(to: &str) -> Self {
        let proxy = Proxy::to(&common::node());
        let (client, direct) = (proxy.client(), common::client());
        let denom = common::denom(&direct);
        // a signer of its own: nobody else uses its sequence
        let signer = format!("who pays {to}");
        let (rich, payer) = (direct.address("0").unwrap(), direct.address(&signer).unwrap());
        let given = bank::send(&rich, &payer, &[Coin::new(1_000_000_u128, &denom)]);
        direct.broadcast("0", vec![given], &Options::default()).unwrap();
        let case = Self { proxy, to: direct.address(to).unwrap(), client, direct, denom, signer };
        // so that the next call is the transaction's own
        case.sends(1, Duration::from_secs(30)).unwrap();
        case
    }

    fn sends(&self, amount: u128, timeout: Duration) -> Result<sdp_cosmos::Outcome, Error> {
        self.sends_by(&self.client, amount, timeout)
    }

    fn sends_by(&self, line: &Client, amount: u128, timeout: Duration) -> Result<sdp_cosmos::Outcome, Error> {
        let coins = [Coin::new(amount, &self.denom)];
        let message = bank::send(&line.address(&self.signer).unwrap(), &self.to, &coins);
        line.broadcast(&self.signer, vec![message], &Options { timeout, ..Options::limit(120_000) })
    }

    fn balance(&self) -> Uint128 {
        self.direct.balance(&self.to, &self.denom).unwrap()
    }
}

#[test]
#[ignore = "needs a localnet"]
fn an_answer_that_is_lost_does_not_make_a_message_happen_twice() {
    let case = Case::new("lost answers");
    let before = case.balance();
    case.proxy.breaks(Line::LosesAnswers, Duration::from_millis(1_500));
    let outcome = case.sends(1_000, Duration::from_secs(30)).unwrap();
    assert_eq!(case.balance(), before + Uint128::new(1_000));
    assert_eq!(case.direct.find(&outcome.hash).unwrap(), Some(outcome));
    // and the sequence goes on
    case.sends(1, Duration::from_secs(30)).unwrap();
    assert_eq!(case.balance(), before + Uint128::new(1_001));
}

#[test]
#[ignore = "needs a localnet"]
fn a_message_that_never_arrived_is_sent_again() {
    let case = Case::new("lost messages");
    let before = case.balance();
    case.proxy.breaks(Line::LosesAll, Duration::from_millis(1_500));
    case.sends(1_000, Duration::from_secs(30)).unwrap();
    assert_eq!(case.balance(), before + Uint128::new(1_000));
}

#[test]
#[ignore = "needs a localnet"]
fn a_message_whose_sequence_somebody_else_used_meanwhile_is_sent_with_another() {
    let case = Case::new("overtaken");
    let before = case.balance();
    case.proxy.breaks(Line::LosesAll, Duration::from_millis(1_500));
    thread::scope(|scope| {
        scope.spawn(|| case.sends_by(&case.direct, 7, Duration::from_secs(30)).unwrap());
        case.sends(1_000, Duration::from_secs(30)).unwrap();
    });
    assert_eq!(case.balance(), before + Uint128::new(1_007));
}

#[test]
#[ignore = "needs a localnet"]
fn an_outcome_that_can_not_be_known_is_an_error_with_the_hash() {
    let case = Case::new("cut off");
    let before = case.balance();
    case.proxy.breaks(Line::LosesAnswers, Duration::from_secs(6));
    let error = case.sends(1_000, Duration::from_secs(1)).unwrap_err();
    assert!(matches!(error, Error::Unknown { .. }) && error.is_unknown(), "{error:?}");
    let outcome = case.direct.wait(error.hash().unwrap(), Duration::from_secs(10)).unwrap();
    assert_eq!((outcome.code, case.balance()), (0, before + Uint128::new(1_000)));
    thread::sleep(Duration::from_secs(4));
    case.sends(1, Duration::from_secs(30)).unwrap();
    assert_eq!(case.balance(), before + Uint128::new(1_001));
}
