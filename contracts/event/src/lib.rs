//! An example of a market that anyone may open: is a price above a level at a time?
//!
//! Read it to write another one. What every market has to do is in three places: [`state::save`] keeps the exposure record that says what is
//! owed beyond what is held; [`contract::told`] tells it to who stands behind the market, before anything else is sent; and what is paid comes
//! out of what is held first and is drawn for the rest ([`redeem`]). [`sdp_types::bonded::Counterparty`] knows who that is.

pub mod contract;
pub mod outcome;
pub mod redeem;
pub mod sell;
pub mod state;
