//! Conditional orders: owners of accounts of a market say at which price an order is to be committed, and anybody commits it then for a fee. The
//! contract reads the market's records raw, plans by the market's own code ([`market`]), and acts as a delegate by its public messages only: what
//! the market would refuse it refuses first, with the market's reason. It has no owner. What it holds is its owners' jars and the fees that their
//! orders have reserved.
//!
//! | module | idea |
//! |---|---|
//! | [`place`], [`bracket`], [`cancel`], [`arm`], [`receive`], [`withdraw`] | a message each |
//! | [`tend`] | what becomes of an order: queries ask the same |
//! | [`desk`] | the records of a message, and every movement of a fee |
//! | [`market`] | the market's records, and what it would say |
//! | [`state`], [`query`] | keys, answers |

pub mod arm;
pub mod bracket;
pub mod cancel;
pub mod contract;
pub mod desk;
pub mod market;
pub mod place;
pub mod query;
pub mod receive;
pub mod state;
pub mod tend;
pub mod withdraw;
