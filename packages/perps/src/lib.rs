//! What a market stores and what a message makes of it: the market books it, the lens shows it, and nothing here writes but
//! [`books::Books::save`].
//!
//! Reading order: [`state`] (what is stored), [`books`] (what a message loads once and saves once), [`core`] (fills and marks), [`plan`] (what
//! must hold for an order), [`backing`] (what tokens count for), [`view`] and [`preview`] (what is shown).

pub mod backing;
pub mod books;
pub mod charges;
pub mod core;
pub mod delegation;
pub mod plan;
pub mod preview;
pub mod prices;
pub mod state;
pub mod view;
