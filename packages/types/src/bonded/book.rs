//! What the desk has of all bonded markets, and the arithmetic of it: pure, so that a market, a tool and a test can ask the same.

use cosmwasm_std::{Addr, Api, CanonicalAddr, QuerierWrapper};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::exposure::Exposure;
use crate::record::{key, tag, Record};
use crate::units::{SignedUsd, Usd, DAY};

/// A draw beyond the bond that was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// What is left of it.
    pub amount: Usd,
    /// When, block time in seconds.
    pub since: u64,
}

impl Announced {
    /// Announced anew: what is no more than what still stands keeps its time, so that nobody can put it off by announcing it again.
    pub fn renewed(old: Option<Self>, amount: Usd, delay: u64, now: u64) -> Option<Self> {
        let stands = old.filter(|old| amount <= old.amount && now <= old.lapses_at(delay));
        let since = stands.map_or(now, |old| old.since);
        (!amount.is_zero()).then_some(Self { amount, since })
    }

    fn lapses_at(&self, delay: u64) -> u64 {
        self.since.saturating_add(delay).saturating_add(delay.max(DAY))
    }

    /// Whether so much of it can be drawn now.
    pub fn allows(&self, beyond: Usd, delay: u64, now: u64) -> bool {
        beyond <= self.amount && self.since.saturating_add(delay) <= now && now <= self.lapses_at(delay)
    }
}

/// Why and since when nothing of a market is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    /// Number of the code of what was found.
    pub code: u16,
    /// Block time, seconds.
    pub since: u64,
    /// When the owner said what it is owed.
    pub resolved: Option<u64>,
}

/// One bonded market.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// The contract.
    pub market: CanonicalAddr,
    /// Who gets the bond back.
    pub opener: CanonicalAddr,
    /// sdUSD that bears its losses first.
    pub bond: Usd,
    /// Most that it may have cost, claim and payments together.
    pub credit: Usd,
    /// All that it ever drew.
    pub paid_out: Usd,
    /// All that was ever paid in for it.
    pub paid_in: Usd,
    /// What it owes by its last record that was believed, at the worse edge of prices; 0 where it would be below.
    pub claim: Usd,
    /// When that record was written, by itself.
    pub as_of: u64,
    /// When it came; before the first, when the market was opened.
    pub pushed_at: u64,
    /// Its counter of fees in that record.
    pub fees: Usd,
    /// A draw beyond the bond that is to come.
    pub announced: Option<Announced>,
    /// Since when it closes.
    pub closing: Option<u64>,
    /// Whether it is in quarantine.
    pub quarantine: Option<Quarantine>,
}

impl Slot {
    /// Of a market that is opened now.
    pub fn opened(market: CanonicalAddr, opener: CanonicalAddr, bond: Usd, credit: Usd, now: u64) -> Self {
        Self {
            market,
            opener,
            bond,
            credit,
            paid_out: Usd::ZERO,
            paid_in: Usd::ZERO,
            claim: Usd::ZERO,
            as_of: 0,
            pushed_at: now,
            fees: Usd::ZERO,
            announced: None,
            closing: None,
            quarantine: None,
        }
    }

    /// Paid out less paid in.
    pub fn net_out(&self) -> Result<SignedUsd> {
        self.paid_out.signed()?.minus(self.paid_in.signed()?)
    }

    /// What it has cost: [`Self::net_out`] + claim.
    pub fn cost(&self) -> Result<SignedUsd> {
        self.net_out()?.plus(self.claim.signed()?)
    }

    /// What the opener would get back now: bond − max(cost, 0), in [0, bond].
    pub fn refund(&self) -> Result<Usd> {
        Ok(self.bond.saturating_minus(self.cost()?.positive_part()))
    }

    /// What has to lie at the desk for it: the refund if its claim were 0. Whatever it pushes, the refund is no more than this.
    pub fn reserve(&self) -> Result<Usd> {
        Ok(self.bond.saturating_minus(self.net_out()?.positive_part()))
    }

    /// What it is to the providers now: what it has cost beyond its bond, or minus what it has brought.
    pub fn result(&self) -> Result<SignedUsd> {
        let cost = self.cost()?;
        if cost.is_negative() {
            return Ok(cost);
        }
        cost.positive_part().saturating_minus(self.bond).signed()
    }

    /// What it can cost the providers at most.
    pub fn at_risk(&self) -> Usd {
        self.credit.saturating_minus(self.bond)
    }

    /// Most that it can draw now, where it pushes before that what it owes after it: what is left of its bond, and beyond that what was
    /// announced `delay` seconds ago. Once its claim is fixed, because the owner has resolved it or the pool `is_shut`, no more than that.
    pub fn drawable(&self, delay: u64, now: u64, is_shut: bool) -> Result<Usd> {
        match self.quarantine {
            Some(Quarantine { resolved: None, .. }) => return Ok(Usd::ZERO),
            Some(Quarantine { resolved: Some(_), .. }) => return Ok(self.claim),
            None if self.closing.is_some() && !is_shut => return Ok(Usd::ZERO),
            None => {}
        }
        let net_out = self.net_out()?;
        let left_of = |most: Usd| Ok::<_, Error>(most.signed()?.minus(net_out)?.positive_part());
        let seen_coming = self.announced.filter(|announced| announced.allows(announced.amount, delay, now));
        let announced = seen_coming.map_or(Usd::ZERO, |announced| announced.amount);
        let most = left_of(self.bond)?.plus(announced)?.min(left_of(self.credit)?);
        Ok(if is_shut { most.min(self.claim) } else { most })
    }
}

/// What every message of the desk needs to know, under [`tag::DESK_TERMS`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Terms {
    /// The pool.
    pub pool: CanonicalAddr,
    /// The pool's oracle.
    pub oracle: CanonicalAddr,
    /// The pool's token.
    pub sdusd: CanonicalAddr,
    /// Parameters.
    pub params: super::Params,
}

impl Record for Terms {
    const NAME: &'static str = "desk terms";
    const VERSION: u8 = 1;
}

impl Terms {
    /// Those of a desk. `E0006` where there is none.
    pub fn of(querier: &QuerierWrapper<'_>, desk: &Addr) -> Result<Self> {
        Self::of_contract(querier, desk, &key(tag::DESK_TERMS))?
            .ok_or_else(|| Error::BadRecord { record: Self::NAME.into() })
    }
}

/// The last record of a market that was believed, under [`tag::PUSHED`] and the market's canonical address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushed(pub Exposure);

impl Record for Pushed {
    const NAME: &'static str = "pushed record";
    const VERSION: u8 = 1;
}

/// All bonded markets, under [`tag::BONDS`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bonds {
    /// sdUSD that the desk holds, by its book and never by its balance.
    pub held: Usd,
    /// All that it ever drew from the pool.
    pub drawn: Usd,
    /// All that ever went to insurance.
    pub fees: Usd,
    /// In the order in which they were opened.
    pub slots: Vec<Slot>,
}

impl Record for Bonds {
    const NAME: &'static str = "bonds";
    const VERSION: u8 = 1;
}

impl Bonds {
    /// Those of a desk. `E0006` where there is none.
    pub fn of(querier: &QuerierWrapper<'_>, desk: &Addr) -> Result<Self> {
        Self::of_contract(querier, desk, &key(tag::BONDS))?
            .ok_or_else(|| Error::BadRecord { record: Self::NAME.into() })
    }

    /// A market's place among them.
    pub fn place(&self, api: &dyn Api, market: &Addr) -> Result<Option<usize>> {
        let canonical = api.addr_canonicalize(market.as_str())?;
        Ok(self.slots.iter().position(|slot| slot.market == canonical))
    }

    fn sum(&self, of: impl Fn(&Slot) -> Result<Usd>) -> Result<Usd> {
        self.slots.iter().try_fold(Usd::ZERO, |sum, slot| sum.plus(of(slot)?))
    }

    /// Σ credit.
    pub fn credit(&self) -> Result<Usd> {
        self.sum(|slot| Ok(slot.credit))
    }

    /// Σ bonds.
    pub fn bonds(&self) -> Result<Usd> {
        self.sum(|slot| Ok(slot.bond))
    }

    /// Σ (credit − bond): most that all of them can still cost the providers.
    pub fn at_risk(&self) -> Result<Usd> {
        self.sum(|slot| Ok(slot.at_risk()))
    }

    /// Σ of what has to lie here for the openers.
    pub fn reserve(&self) -> Result<Usd> {
        self.sum(Slot::reserve)
    }

    /// What is held beyond that: draws are paid out of it first.
    pub fn free(&self) -> Result<Usd> {
        Ok(self.held.saturating_minus(self.reserve()?))
    }

    /// Σ (claim + refund) − held: what the desk owes.
    pub fn base(&self) -> Result<SignedUsd> {
        let owed = self.sum(|slot| slot.claim.plus(slot.refund()?))?;
        owed.signed()?.minus(self.held.signed()?)
    }

    /// What the providers have had of all of them, those that are over too: base + drawn + fees, positive where it is a loss.
    pub fn used(&self) -> Result<SignedUsd> {
        self.base()?.plus(self.drawn.signed()?)?.plus(self.fees.signed()?)
    }

    /// The part of it of those that are over.
    pub fn results(&self) -> Result<SignedUsd> {
        self.slots.iter().try_fold(self.used()?, |rest, slot| rest.minus(slot.result()?))
    }

    /// What the pool reads.
    pub fn exposure(&self, now: u64) -> Result<Exposure> {
        let owing = self.slots.iter().filter(|slot| !slot.claim.is_zero()).count();
        Ok(Exposure {
            as_of: now,
            base: self.base()?,
            drawn: self.drawn,
            fees: self.fees,
            open_positions: owing as u64,
            ..Exposure::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slot(bond: u64, paid_out: u64, paid_in: u64, claim: u64) -> Slot {
        let nobody = CanonicalAddr::from(vec![1]);
        Slot {
            paid_out: Usd::whole(paid_out),
            paid_in: Usd::whole(paid_in),
            claim: Usd::whole(claim),
            ..Slot::opened(nobody.clone(), nobody, Usd::whole(bond), Usd::whole(2 * bond), 0)
        }
    }

    #[test]
    fn the_bond_bears_the_first_part_and_what_was_paid_in_is_the_providers() {
        let of = |slot: Slot| (slot.refund().unwrap(), slot.result().unwrap());
        let signed = |whole: i128| SignedUsd::new(whole * 1_000_000);
        assert_eq!(of(slot(100, 0, 0, 0)), (Usd::whole(100), signed(0)));
        assert_eq!(of(slot(100, 30, 0, 50)), (Usd::whole(20), signed(0)));
        assert_eq!(of(slot(100, 90, 0, 60)), (Usd::ZERO, signed(50)));
        assert_eq!(of(slot(100, 30, 70, 10)), (Usd::whole(100), signed(-30)));
    }

    #[test]
    fn what_was_announced_can_be_drawn_after_the_delay_and_for_as_long_again() {
        let announced = Announced { amount: Usd::whole(5), since: 1_000 };
        let at = |now| announced.allows(Usd::whole(5), 3 * DAY, now);
        let from = 1_000 + 3 * DAY;
        assert_eq!(
            [at(from - 1), at(from), at(from + 3 * DAY), at(from + 3 * DAY + 1)],
            [false, true, true, false]
        );
        assert!(!announced.allows(Usd::whole(6), 3 * DAY, from));
        assert!(announced.allows(Usd::whole(5), 0, 1_000 + DAY));
    }

    #[test]
    fn what_can_be_drawn_is_what_is_left_of_the_bond_and_what_was_announced() {
        let whole = |slot: &Slot, now, is_shut| slot.drawable(10, now, is_shut).unwrap();
        let announced = |slot: Slot, amount| Slot {
            announced: Some(Announced { amount: Usd::whole(amount), since: 100 }),
            ..slot
        };
        assert_eq!(whole(&slot(100, 30, 0, 50), 0, false), Usd::whole(70));
        assert_eq!(whole(&slot(100, 30, 50, 50), 0, false), Usd::whole(120));
        let beyond = announced(slot(100, 130, 0, 50), 40);
        assert_eq!([109, 110].map(|now| whole(&beyond, now, false)), [Usd::ZERO, Usd::whole(40)]);
        // 200 of credit
        assert_eq!(whole(&announced(slot(100, 190, 0, 50), 40), 110, false), Usd::whole(10));
        assert_eq!(whole(&announced(slot(100, 30, 0, 50), 40), 110, false), Usd::whole(110));
        assert_eq!(whole(&announced(slot(100, 30, 0, 50), 40), 110, true), Usd::whole(50));
        let closes = Slot { closing: Some(1), ..slot(100, 30, 0, 0) };
        assert_eq!(whole(&closes, 110, false), Usd::ZERO);
        let quarantined = |resolved| Slot {
            quarantine: Some(Quarantine { code: 1020, since: 1, resolved }),
            ..slot(100, 30, 0, 90)
        };
        assert_eq!(whole(&quarantined(None), 0, false), Usd::ZERO);
        assert_eq!(whole(&quarantined(Some(2)), 0, false), Usd::whole(90));
    }

    proptest! {
        /// Whatever markets say, draw and pay in: the desk's record is the sum of what they are to the providers, and the openers' money is there.
        #[test]
        fn the_record_is_what_the_markets_cost(steps in prop::collection::vec((0usize..3, 0u8..4, 0u64..300), 0..60)) {
            let mut bonds = Bonds { slots: vec![slot(100, 0, 0, 0); 3], held: Usd::whole(300), ..Bonds::default() };
            for (place, what, amount) in steps {
                let amount = Usd::whole(amount);
                match what {
                    0 => bonds.slots[place].claim = amount.min(bonds.slots[place].credit),
                    1 => {
                        bonds.slots[place].paid_in = bonds.slots[place].paid_in.plus(amount).unwrap();
                        bonds.held = bonds.held.plus(amount).unwrap();
                    }
                    _ => {
                        bonds.slots[place].paid_out = bonds.slots[place].paid_out.plus(amount).unwrap();
                        let paid = amount.min(bonds.free().unwrap());
                        bonds.held = bonds.held.minus(paid).unwrap();
                        bonds.drawn = bonds.drawn.plus(amount.minus(paid).unwrap()).unwrap();
                    }
                }
                let sum = bonds.slots.iter().map(|slot| slot.result().unwrap().raw()).sum::<i128>();
                prop_assert_eq!(bonds.used().unwrap().raw(), sum);
                prop_assert_eq!(bonds.results().unwrap(), SignedUsd::ZERO);
                prop_assert!(bonds.held >= bonds.reserve().unwrap());
            }
        }
    }
}
