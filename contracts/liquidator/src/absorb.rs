//! The backstop buys of a seized position what it can, before there is an auction.

use cosmwasm_std::{Deps, Storage};
use sdp_types::book::Book;
use sdp_types::liquidator::Limits;
use sdp_types::{Price, Ratio, Result, Rounding, Usd};

use crate::auction::Auction;
use crate::backstop::Backstop;
use crate::sale::{self, Ending, Sale};
use crate::state::{self, Totals, POOL, TOKENS};

/// Value of all the pool's collateral as it was last booked: nothing without deposits, where nobody needs to know.
pub fn weight(deps: Deps<'_>, backstop: &Backstop) -> Result<Usd> {
    if backstop.deposits.total.is_zero() {
        return Ok(Usd::ZERO);
    }
    Book::of(&deps.querier, &POOL.load(deps.storage)?)?.weight()
}

/// What may be seized of a vault, tab and penalty together.
pub struct Room {
    /// What running auctions still have to bring, of all vaults or of this one: of whose hole less is left.
    pub outstanding: Usd,
    /// What an auction may have to bring.
    pub auction: Usd,
    /// Most that the backstop may pay.
    pub backstop: Usd,
}

impl Room {
    /// What is left of the hole of all and of the vault's.
    pub fn of(totals: &mut Totals, vault: u8, hole: Usd, limits: &Limits, backstop: Usd) -> Result<Self> {
        let left = |hole: Usd, outstanding: Usd| (hole.saturating_minus(outstanding), outstanding);
        let all = left(hole, totals.outstanding()?);
        let (auction, outstanding) = all.min(left(limits.hole, *totals.outstanding_of(vault)));
        Ok(Self { outstanding, auction, backstop })
    }

    /// What the pool may seize. Whatever the backstop leaves has to be worth an auction, so where the hole has no room for that,
    /// only what the backstop takes alone. (It buys whole base units: an auction may have to bring up to one unit's price more
    /// than its hole has room for.)
    pub fn to_seize(&self, dust: Usd) -> Result<Usd> {
        match (self.backstop >= dust, self.auction >= dust) {
            (false, _) => Ok(self.auction),
            (true, false) => Ok(self.backstop),
            (true, true) => self.auction.plus(self.backstop),
        }
    }
}

/// Most that the backstop may pay for a vault's collateral now; `weight` is the value of all collateral.
pub fn payable(backstop: &Backstop, vault: u8, limits: &Limits, weight: Usd, now: u64) -> Result<Usd> {
    let cap = weight.scale(limits.daily, Rounding::Down)?;
    let cap = cap.saturating_minus(backstop.absorbed(vault, now));
    Ok(backstop.deposits.total.min(cap))
}

/// What the backstop does with a seized position that was booked as for sale, and what is left at its end, if that is the end.
/// It pays at most `payment` at `price` less the discount. Nothing where that is neither the dust nor all that is owed, or where
/// it can't buy anything.
pub fn absorb(
    storage: &mut dyn Storage,
    mut backstop: Backstop,
    totals: &mut Totals,
    now: u64,
    auction: &mut Auction,
    (price, discount): (Price, Ratio),
    payment: Usd,
) -> Result<Option<(Sale, Option<Ending>)>> {
    if payment.is_zero() || payment < auction.asking.params.dust.min(auction.owed()?) {
        return Ok(None);
    }
    // rounded up: never less than the discount says
    let price = price.scale(Ratio::ONE.saturating_minus(discount), Rounding::Up)?;
    let Ok(sale) = sale::plan(auction, price, auction.lot, payment) else { return Ok(None) };

    let ending = totals.sell(auction, &sale)?;
    let known = backstop.vaults.get(usize::from(auction.vault)).is_some_and(|vault| vault.day > 0);
    if let Some((epoch, scale, sums)) = backstop.absorb(auction.vault, now, sale.amount, sale.cost)? {
        state::save_sums(storage, epoch, scale, sums)?;
    }
    if !known {
        TOKENS.save(storage, auction.vault, &auction.token)?;
    }
    state::save_backstop(storage, &backstop)?;
    Ok(Some((sale, ending)))
}
