//! The par reserve: it swaps dollar tokens with sdUSD at par, so that sdUSD keeps its peg from both sides.
//!
//! To the pool it is a market that owes minus what it has: its record ([`sdp_types::exposure::Exposure`]) is booked by the same transitions as
//! any other one, and its rows stand in [`sdp_types::reserve`]. What comes in is paid with sdUSD that came in before, and the rest is drawn
//! from the pool; what goes out is paid with the tokens that are there, and their value in the book never is above their price by more than
//! the band.
//!
//! Reading order: [`state`] (what is stored), [`books`] (its transitions, pure), [`desk`] (what a swap reads and must hold), then one file per
//! message.

pub mod books;
pub mod configure;
pub mod contract;
pub mod desk;
mod messages;
mod params;
pub mod query;
pub mod receive;
pub mod revalue;
pub mod state;
pub mod swap_in;
pub mod swap_out;
pub mod sweep;
