//! The desk of bonded markets: markets that anyone may open, with a bond that bears their losses first.
//!
//! To the pool it is one listed market without quantities, whatever the markets behind it do: they come to the desk with what they show, and
//! pay for that. The desk runs none of their code and believes each of them as far as its credit goes; the rules are in
//! [`sdp_types::bonded`].
//!
//! Reading order: [`state`] (what is stored), [`record`] (what of a market's record is believed), [`desk`] (what a message reads, saves and
//! pays), then one file per message.

pub mod close;
pub mod configure;
pub mod contract;
pub mod desk;
pub mod draw;
pub mod graduate;
pub mod mark;
pub mod push;
pub mod quarantine;
pub mod query;
pub mod receive;
pub mod record;
pub mod state;
pub mod sweep;
