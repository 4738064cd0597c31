//! Through the par reserve with USDC, which costs a dollar at an exchange outside.

use anyhow::Result;
use sdp_embedded::{events, Actions, Payment, Swapping};
use sdp_types::events::{SwappedIn, SwappedOut};
use sdp_types::reserve::Then;
use sdp_types::{Amount, Usd};

use super::num::{of_usd, usd};
use super::replay::Replay;
use super::universe::DOLLAR;

/// Sells USDC for dollars.
pub const EXCHANGE: &str = "exchange";
/// Least amount that is worth a swap, USD.
const LEAST: f64 = 50.0;

/// What went through the reserve, USD.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Swaps {
    /// Swaps in, and swaps out.
    pub count: (u64, u64),
    /// Paid for USDC that came in: into wallets, straight to margin, and straight to a provider's debt.
    pub paid: (f64, f64, f64),
    /// Paid in for USDC.
    pub bought: f64,
    /// What the reserve kept of either way.
    pub fees: f64,
}

impl Replay {
    /// Buys USDC for so many dollars as fit into the reserve, and swaps them in one message with what becomes of the sdUSD. What was paid for
    /// them, USD; 0 where the reserve takes none.
    pub(super) fn swap_in(&mut self, name: &str, wanted: f64, then: Option<Then>) -> Result<f64> {
        let tokens = self.look(|chain| chain.reserve_tokens())?;
        let Some(token) = tokens.first().filter(|token| token.refuses_in.is_none()) else { return Ok(0.0) };
        let amount = usd(wanted).min(token.room_in);
        if of_usd(amount) < LEAST {
            return Ok(0.0);
        }
        self.chain.give(name, DOLLAR, Amount::new(amount.raw()))?;
        let (from, to, what) = (name.to_string(), EXCHANGE.to_string(), DOLLAR.to_string());
        self.chain.book.pay(Payment { at: self.chain.now(), from, to, amount, what })?;
        let sent = self.chain.swap_in(name, DOLLAR, Amount::new(amount.raw()), None, then.clone());
        let Some(answer) = self.tell(sent)? else { return Ok(0.0) };
        let paid: f64 = events::<SwappedIn>(&answer)?.iter().map(|swap| of_usd(swap.paid)).sum();
        let paid_to = &mut self.tally.swaps.paid;
        match then {
            None | Some(Then::Pay { .. }) => paid_to.0 += paid,
            Some(Then::Margin { .. }) => paid_to.1 += paid,
            Some(Then::Burn { .. }) => paid_to.2 += paid,
        }
        Ok(paid)
    }

    /// Swaps sdUSD for USDC as far as there are any. What was paid, USD.
    pub(super) fn swap_out(&mut self, name: &str, wanted: Usd) -> Result<f64> {
        let tokens = self.look(|chain| chain.reserve_tokens())?;
        let Some(token) = tokens.first().filter(|token| token.refuses_out.is_none()) else { return Ok(0.0) };
        let amount = wanted.min(token.room_out);
        if of_usd(amount) < LEAST {
            return Ok(0.0);
        }
        let sent = self.chain.swap_out(name, DOLLAR, amount, None, None);
        let Some(answer) = self.tell(sent)? else { return Ok(0.0) };
        Ok(events::<SwappedOut>(&answer)?.iter().map(|swap| of_usd(swap.paid)).sum())
    }
}
