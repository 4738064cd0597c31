//! Many transactions of one signer that are on their way at the same time.

use std::collections::VecDeque;
use std::time::Duration;

use cosmrs::Any;

use crate::broadcast::PATIENCE;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::gas::Options;
use crate::outcome::Outcome;
use crate::submit::Sent;

/// At most so many.
const MOST: usize = 200;

impl Client {
    /// Sends many transactions of one signer without waiting for each, and waits for all. One result each, in order.
    ///
    /// One that is refused does not stop those behind it; one whose outcome is not known does ([`Error::NotSent`]). One that
    /// got lost is not sent again, as it would come behind the others ([`Error::Lost`]). A simulation does not see what is
    /// still on its way, so give a gas limit where they build on each other.
    pub fn broadcast_many(
        &self,
        signer: &str,
        transactions: Vec<Vec<Any>>,
        options: &Options,
    ) -> Vec<Result<Outcome>> {
        let mut flight = Flight {
            client: self,
            options,
            flying: VecDeque::new(),
            landed: vec![],
            patience: options.timeout,
            forgotten: false,
            stopped: false,
        };
        for messages in transactions {
            if flight.flying.len() == MOST {
                flight.land_first();
            }
            let sent = flight.send(signer, &messages);
            let in_doubt = sent.as_ref().is_ok_and(|sent| sent.doubt.is_some());
            flight.flying.push_back(sent);
            if in_doubt {
                // Nothing is sent behind one that perhaps is not there.
                flight.land_all();
            }
        }
        flight.land_all();
        flight.landed
    }
}

struct Flight<'a> {
    client: &'a Client,
    options: &'a Options,
    flying: VecDeque<Result<Sent>>,
    landed: Vec<Result<Outcome>>,
    /// How long to wait for the next to land.
    patience: Duration,
    /// The node has forgotten some that it had taken.
    forgotten: bool,
    /// Nothing is sent any more.
    stopped: bool,
}

impl Flight<'_> {
    fn send(&mut self, signer: &str, messages: &[Any]) -> Result<Sent> {
        if self.stopped {
            return Err(Error::NotSent);
        }
        let behind_others = self.flying.iter().any(Result::is_ok);
        if let Some(sent) = self.client.dispatch_behind(signer, messages, self.options, behind_others)? {
            return Ok(sent);
        }
        self.forgotten = true;
        self.remind();
        self.land_all();
        self.client.dispatch(signer, messages, self.options)
    }

    fn land_first(&mut self) {
        let Some(sent) = self.flying.pop_front() else { return };
        let had_forgotten = self.forgotten;
        let outcome = sent.and_then(|sent| self.client.wait_for(sent, self.patience, &mut self.forgotten));
        // What was sent behind one that does not come needs no waiting of its own.
        let comes = !outcome.as_ref().is_err_and(Error::is_unknown);
        self.patience = if comes { self.options.timeout } else { Duration::ZERO };
        self.stopped = self.stopped || !comes;
        if self.forgotten && !had_forgotten {
            self.remind();
        }
        self.landed.push(outcome.and_then(Outcome::accepted));
    }

    /// Sends the node the bytes that it has forgotten, in order, all of them.
    fn remind(&self) {
        for sent in self.flying.iter().flatten() {
            // Whatever it says: what becomes of them is found by their hash.
            drop(self.client.push(sent, PATIENCE));
        }
    }

    fn land_all(&mut self) {
        while !self.flying.is_empty() {
            self.land_first();
        }
    }
}
