//! The test kit of bonded markets: a market's author hands over his contract, the message that makes it and a script of messages; the kit puts
//! the pool, the desk and the market on a chain in the process, bonds it, plays the script, and looks after each message whether the market
//! keeps what every bonded market must keep ([`Check`]). What fails is named, with the message after which it did and why.
//!
//! ```ignore
//! let report = Kit::new()
//!     .market(Box::new(contract), |of| json!({ "pool": of("pool"), "desk": of("bonded"), … }))
//!     .pays("bob", 5_200, json!({"buy": {"side": "yes", "least": null}}))
//!     .waits(3_600)
//!     .price("BTC", "61000")
//!     .sends("kim", json!({"resolve": {}}))
//!     .sends("kim", json!({"redeem": {"owner": "@bob", "accepted_haircut": null}}))
//!     .play()?;
//! assert!(report.passed(), "{report}");
//! ```
//!
//! `bob`, `carl`, `kim` and every other name exist as soon as they are named; whoever pays is given the sdUSD before.

mod check;
mod play;
mod report;

pub use check::Check;
pub use play::{Kit, MARKET};
pub use report::{Failed, Report};
