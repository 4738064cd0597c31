//! The oracle: one price board of all feeds, and the ring of interval prices. It holds no funds.
//!
//! Listed publishers push what they observe. With a quorum of recent submissions a feed has a price: their median, as
//! wide as the widest of them and as old as the oldest. A median far from the last good price waits for a second one
//! that confirms it, so that one bad source never moves the board (Synthetix' sKRW, 2019). Whatever does not become a
//! price is an event with a code, never an error: one feed must not hold up the others of its message.
//!
//! Or anyone pulls: a feed with a source, a Pyth contract's price, another feed or a rate of exchange, combined as its
//! configuration says, takes what the source answers through the same tests.
//!
//! Others read the records raw (`sdp_types::board`): the board with prices, confidences, times, averages and measured
//! volatilities; σ and ρ that are priced with, set by the owner or following what is measured; and the ring, in which the first price of each interval stays for orders that are bound to it.
//! A past interval is never filled: whoever publishes late can't choose at what price an order filled.
//!
//! A price that runs away from its moving average restricts what may be done with its feed until it has calmed down:
//! `breaker`. Markets and the pool read it off the board.
//!
//! One file for each thing that somebody can do; [`contract`] only dispatches, and storage keys are known to `state`
//! alone.

mod average;
mod ballot;
mod breaker;
mod compose;
mod configure;
pub mod contract;
mod instantiate;
mod measure;
mod median;
mod publish;
mod pull;
mod query;
mod round;
mod source;
mod state;
mod trip;
mod validate;
