//! A sale of an account's tokens: which token, at what price, and what a take of it buys. Pure.

use cosmwasm_std::Addr;
use sdp_perps::backing::counted;
use sdp_risk::auction::{Asking, Lot};
use sdp_types::board::Board;
use sdp_types::custody::{Backing, TokenTerms};
use sdp_types::record::Record;
use sdp_types::{Amount, Price, Ratio, Result, Rounding, Usd};
use serde::{Deserialize, Serialize};

/// A sale that runs. What it has to bring is what the account owes at each moment, and the penalty on that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sale {
    /// Number of the token.
    pub token: u8,
    /// What has to come on top, as a part of what the account owes.
    pub penalty: Ratio,
    /// Keepers' reward that is still to come out of the penalty.
    pub reward: Usd,
    /// Who started it.
    pub keeper: Addr,
    /// Who reset it last.
    pub redoer: Option<Addr>,
    /// What it asks.
    pub asking: Asking,
}

impl Record for Sale {
    const NAME: &'static str = "token sale";
    const VERSION: u8 = 1;
}

/// A take that can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Tokens for the taker.
    pub amount: Amount,
    /// What he pays.
    pub cost: Usd,
    /// Of it, what the account owes no longer: in proportion, rounded down.
    pub recovered: Usd,
    /// The rest of it.
    pub penalty: Usd,
    /// Of the penalty, for the keepers: at once, until they have their reward. What is left of it is insurance's.
    pub reward: Usd,
}

impl Sale {
    /// What a take at a price > 0 does, of an account that owes something: as [`Lot::take`], where all that is owed is that and the penalty on
    /// it, rounded up.
    pub fn take(
        &self,
        (lot, decimals): (Amount, u8),
        owed: Usd,
        price: Price,
        (wanted, paid): (Amount, Usd),
    ) -> Result<Taken> {
        let all = owed.plus(owed.scale(self.penalty, Rounding::Up)?)?;
        let lot = Lot { amount: lot, decimals, owed: all, dust: self.asking.params.dust };
        let (amount, cost) = lot.take(price, wanted, paid)?;
        let recovered = cost.fraction(owed.raw(), all.raw(), Rounding::Down)?;
        let penalty = cost.minus(recovered)?;
        Ok(Taken { amount, cost, recovered, penalty, reward: penalty.min(self.reward) })
    }

    /// Parts of a reward: half (rounded down) for who reset the sale last, the rest for who started it.
    pub fn shares(&self, reward: Usd) -> Result<[(&Addr, Usd); 2]> {
        let (redoer, half) = match &self.redoer {
            Some(redoer) => (redoer, reward.fraction(1, 2, Rounding::Down)?),
            None => (&self.keeper, Usd::ZERO),
        };
        Ok([(&self.keeper, reward.minus(half)?), (redoer, half)])
    }
}

/// Which of an account's tokens is sold first: the one of which the haircut takes the least, those that close after all others; the first of
/// equals. None where it has none.
pub fn first(tokens: &[TokenTerms], backing: &Backing, board: &Board, now: u64) -> Result<Option<u8>> {
    let mut best: Option<((bool, Ratio), u8)> = None;
    for (number, terms) in (0u8..).zip(tokens) {
        let amount = backing.of(number);
        if amount.is_zero() {
            continue;
        }
        let (_, _, haircut) = holding(terms, amount, board, now)?;
        // what has no value has no haircut either
        let rank = (terms.closing, haircut.unwrap_or(Ratio::MAX));
        if best.is_none_or(|(best, _)| rank < best) {
            best = Some((rank, number));
        }
    }
    Ok(best.map(|(_, number)| number))
}

/// Value of a holding at the low edge of the last price, what it counts for towards maintenance, and the part that does not count, rounded up;
/// none where it has no value.
pub fn holding(
    terms: &TokenTerms,
    amount: Amount,
    board: &Board,
    now: u64,
) -> Result<(Usd, Usd, Option<Ratio>)> {
    let counts = counted(&[*terms], &[amount], board, now)?.for_maintenance;
    let value = match board.last(terms.feed) {
        Ok(quote) => quote.price.low(quote.confidence)?.value_of(amount, terms.decimals, Rounding::Down)?,
        Err(_) => Usd::ZERO,
    };
    if value.is_zero() {
        return Ok((value, counts, None));
    }
    Ok((value, counts, Some(Ratio::ONE.minus(counts.per(value, Rounding::Down)?)?)))
}
