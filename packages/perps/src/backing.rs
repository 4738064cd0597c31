//! What tokens in custody count for. The custody's records are read raw, and only where tokens back the account.

use cosmwasm_std::{CanonicalAddr, Deps};

use sdp_risk::haircut;
use sdp_types::board::{Board, FeedId, Use};
use sdp_types::custody::{Backing, Haircuts, TokenTerms};
use sdp_types::record::{key, tag, Record};
use sdp_types::{Amount, Error, Ratio, Result, Rounding, Usd};

use crate::state::AccountKey;

/// What an account's tokens count for together, each rounded down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counted {
    /// Where risk increases or something is taken out: of tokens that are open and have a fresh price.
    pub for_opening: Usd,
    /// Towards maintenance: by the last price where there is no fresh one.
    pub for_maintenance: Usd,
    /// A feed whose price is not fresh, or wider than this: then nobody is liquidated by these numbers.
    pub missing: Option<(FeedId, Ratio)>,
}

impl Counted {
    /// The error of the price that is not good, if one is not.
    pub fn certain(&self, board: &Board, now: u64) -> Result<()> {
        let Some((feed, confidence)) = self.missing else { return Ok(()) };
        board.certain(feed, Use::Liquidate, now, confidence).map(drop)
    }
}

/// What these amounts count for, by number of the token.
pub fn counted(tokens: &[TokenTerms], amounts: &[Amount], board: &Board, now: u64) -> Result<Counted> {
    let mut sum = Counted::default();
    for (terms, amount) in tokens.iter().zip(amounts).filter(|(_, amount)| !amount.is_zero()) {
        let fresh = board.certain(terms.feed, Use::Liquidate, now, terms.confidence);
        let open = fresh.is_ok() && !terms.closing;
        let quote = fresh.or_else(|_| {
            sum.missing = Some((terms.feed, terms.confidence));
            board.last(terms.feed)
        });
        let Ok(quote) = quote else { continue };
        let low = quote.price.low(quote.confidence)?;
        let value = low.value_of(*amount, terms.decimals, Rounding::Down)?;
        let counts = haircut::counted(&terms.haircut, value)?;
        sum.for_maintenance = sum.for_maintenance.plus(counts)?;
        if open {
            sum.for_opening = sum.for_opening.plus(counts)?;
        }
    }
    Ok(sum)
}

/// The same of what a custody holds for an account. `E0006` where there is no custody.
#[inline(never)]
pub fn of_account(
    deps: Deps<'_>,
    custody: Option<&CanonicalAddr>,
    account: &AccountKey,
    (board, now): (&Board, u64),
) -> Result<Counted> {
    let none = || Error::BadRecord { record: Haircuts::NAME.into() };
    let custody = &deps.api.addr_humanize(custody.ok_or_else(none)?)?;
    let haircuts = Haircuts::of_contract(&deps.querier, custody, &key(tag::HAIRCUTS))?.ok_or_else(none)?;
    let backing = Backing::of_contract(&deps.querier, custody, &account.under(tag::BACKING))?;
    counted(&haircuts.tokens, &backing.unwrap_or_default().amounts, board, now)
}
