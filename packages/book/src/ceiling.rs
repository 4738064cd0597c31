//! Where ceilings that follow what is used lie, and how a breaker lets them fall to it.

use cosmwasm_std::Storage;
use sdp_types::book::{Book, Listing};
use sdp_types::pool::Ceiling;
use sdp_types::{Result, SignedUsd};

use crate::state::{self, Following, Of, Terms};
use crate::watch::Scope;

/// Where ceilings lie.
pub struct Ceilings<'a> {
    terms: &'a mut Terms,
    listing: &'a mut Listing,
    book: &'a Book,
}

impl<'a> Ceilings<'a> {
    /// Of a pool.
    pub fn of(terms: &'a mut Terms, listing: &'a mut Listing, book: &'a Book) -> Self {
        Self { terms, listing, book }
    }

    /// Where a ceiling is, and what is used of it.
    pub fn present(&self, storage: &dyn Storage, of: Of) -> Result<(SignedUsd, SignedUsd)> {
        Ok(match of {
            Of::Market(place) => {
                let place = usize::from(place);
                let used = self.book.markets.get(place).map(|market| market.used()).transpose()?;
                (self.listing.line(place), used.unwrap_or_default())
            }
            Of::Vault(number) => {
                let ceiling = state::vault(storage, number)?.debt_ceiling;
                let debt = self.book.vaults.get(usize::from(number)).map(|vault| vault.debt);
                (ceiling.signed()?, debt.unwrap_or_default())
            }
            Of::Supply => (self.terms.params.supply_ceiling.signed()?, self.book.ledger.supply.signed()?),
        })
    }

    /// Moves a ceiling to `line`.
    pub fn put(&mut self, storage: &mut dyn Storage, of: Of, line: SignedUsd) -> Result<()> {
        match of {
            Of::Market(place) => {
                if let Some(listed) = self.listing.markets.get_mut(usize::from(place)) {
                    listed.line = line;
                }
            }
            Of::Vault(number) => {
                let mut config = state::vault(storage, number)?;
                config.debt_ceiling = line.positive_part();
                state::save_vault(storage, number, &config)?;
            }
            Of::Supply => self.terms.params.supply_ceiling = line.positive_part(),
        }
        Ok(())
    }

    /// A breaker has tripped: ceilings that follow fall to what is used, those of the pool all, of a market its own.
    pub fn collapse(&mut self, storage: &mut dyn Storage, scope: Scope) -> Result<()> {
        for Following { of, .. } in state::ceilings(storage)? {
            if scope == Scope::Pool || scope == of.scope() {
                let (line, used) = self.present(storage, of)?;
                if used < line {
                    self.put(storage, of, used)?;
                }
            }
        }
        Ok(())
    }
}

/// Where a ceiling belongs that follows what is used.
pub fn target(ceiling: &Ceiling, used: SignedUsd) -> Result<SignedUsd> {
    Ok(used.plus(ceiling.gap.signed()?)?.min(ceiling.max.signed()?))
}

impl Of {
    /// A listed market by its place.
    pub fn market(place: usize) -> Self {
        Self::Market(u8::try_from(place).unwrap_or(u8::MAX))
    }

    /// What its breaker watches.
    pub fn scope(self) -> Scope {
        match self {
            Self::Market(place) => Scope::Market(place.into()),
            Self::Vault(_) | Self::Supply => Scope::Pool,
        }
    }
}
