//! What people do with the protocol, message by message, on the embedded chain. A deep audit follows every message.

mod accounts;
mod auctions;
mod cost;
mod providing;
mod trading;
