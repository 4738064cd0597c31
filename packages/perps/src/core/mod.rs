//! The arithmetic of positions: what a change of size costs and realises ([`fill`]), and what an account is worth
//! ([`mark`]). Pure; storage is the business of [`crate::books`].

pub mod fill;
pub mod mark;
