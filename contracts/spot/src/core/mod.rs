//! What tokens are owed and what they cost: pure.

pub mod desk;
pub mod quantity;
