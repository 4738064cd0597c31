//! Messages of the balancer: a provider says at which ratio of collateral to debt a position is to be kept, and one message brings it
//! there. It holds nothing, owns nothing and has no privilege: it burns what the owner has allowed it to spend, and mints where the owner
//! has made it the minter of his positions ([`crate::pool::ExecuteMsg::SetMinter`]). Anybody can put up another one.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cw20::Cw20ReceiveMsg;

use crate::contract::in_range;
use crate::error::{ensure, Error, Result};
use crate::pool::PositionResponse;
use crate::units::{Ratio, Rounding, Usd};

/// Name in cw2.
pub const CONTRACT: &str = "sdp-balancer";

/// A new balancer.
#[cw_serde]
pub struct InstantiateMsg {
    /// The pool that it serves.
    pub pool: String,
}

/// At which ratio of collateral to debt a position is to be kept.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Balancing {
    /// Below this others may burn the owner's sdUSD for it. > 1, at most the target.
    pub lower: Ratio,
    /// Where it is brought to. At least the issuance ratio of its vault.
    pub target: Ratio,
    /// Above this others may mint for the owner. At least the target; none: never.
    pub upper: Option<Ratio>,
    /// What others get for it; none: only the owner may.
    pub fee: Option<Fee>,
}

/// What somebody gets who brings another's position back to its target.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Fee {
    /// Part of what is burnt or minted, at most 1 %.
    pub rate: Ratio,
    /// And at most so much each time.
    pub most: Usd,
}

/// Where a position is in its band.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Standing {
    /// Others may burn.
    Below,
    /// Only the owner may do anything.
    Within,
    /// Others may mint.
    Above,
}

impl Balancing {
    /// Ranges and relations: 1 < lower ≤ target ≤ upper, target ≥ issuance ratio, fee at most 1 %. `E0004`, `E0107`.
    pub fn validate(&self, issuance_ratio: Ratio) -> Result<()> {
        let Self { lower, target, upper, fee } = *self;
        ensure(lower > Ratio::ONE, || Error::out_of_range("lower", lower, "more than 1", target))?;
        ensure(lower <= target, || Error::bad_config("lower <= target", lower, target))?;
        let upper = upper.unwrap_or(Ratio::MAX);
        ensure(target <= upper, || Error::bad_config("target <= upper", target, upper))?;
        ensure(target >= issuance_ratio, || {
            Error::bad_config("target >= issuance_ratio", target, issuance_ratio)
        })?;
        in_range("fee.rate", fee.map(|fee| fee.rate).unwrap_or_default(), Ratio::ZERO, Ratio::percent(1))
    }

    /// Of a position at this ratio; none: it owes nothing.
    pub fn standing(&self, ratio: Option<Ratio>) -> Standing {
        let ratio = ratio.unwrap_or(Ratio::MAX);
        match self.upper {
            _ if ratio < self.lower => Standing::Below,
            Some(upper) if ratio > upper => Standing::Above,
            _ => Standing::Within,
        }
    }
}

impl Fee {
    /// min(rate·moved, most), rounded down.
    pub fn of(&self, moved: Usd) -> Result<Usd> {
        Ok(moved.scale(self.rate, Rounding::Down)?.min(self.most))
    }

    /// The most of `wanted` that can be moved out of what is `there` with its fee beside it, rounded down.
    pub fn fits(&self, wanted: Usd, there: Usd) -> Result<Usd> {
        if wanted.plus(self.of(wanted)?)? <= there {
            return Ok(wanted);
        }
        // each leaves room for the fee, by its rate or by its cap: fee(y) ≤ rate·y and fee(y) ≤ most
        let by_rate = there.unscale(Ratio::ONE.plus(self.rate)?, Rounding::Down)?;
        Ok(by_rate.max(there.saturating_minus(self.most)))
    }
}

/// What anybody may send to the balancer. Coins come with none of it.
#[cw_serde]
pub enum ExecuteMsg {
    /// Says at which ratio the sender's position is to be kept, or that it is not any more. The rule is the sender's, not the position's: it
    /// stays where a position is handed over or has ended. `E0301`, `E0004`, `E0107`.
    Set {
        /// Vault of the position.
        vault: u8,
        /// None: not any more.
        rule: Option<Balancing>,
    },
    /// Brings a position to its target: burns what is lacking of the owner's sdUSD, as far as he holds it and has allowed it to the balancer,
    /// or mints for him what is missing, as far as a mint of his may go, and never passes the target. The owner at any time and for nothing;
    /// anybody for the rule's fee while the ratio is outside of the band. `E0801`, `E0802`, `E0803`, `E0346`, `E0322` at the target; the
    /// refusals of a mint, and the errors of a price that is not good.
    #[serde(deserialize_with = "crate::fields::position")]
    Balance {
        /// Vault of the position.
        vault: u8,
        /// Its owner.
        owner: String,
    },
    /// Hook of sdUSD: [`Hook`].
    Receive(Cw20ReceiveMsg),
}

/// Message inside a CW20 `send` to the balancer.
#[cw_serde]
pub enum Hook {
    /// sdUSD of the payer is burnt against a position's debt, as much as brings it to the target; the rest goes back to him in the same
    /// message. By anybody, for himself or as a gift: there is no fee. `E0801` without a target, `E0322` at the target.
    Balance {
        /// Vault of the position.
        vault: u8,
        /// Whose position; the payer's by default.
        owner: Option<String>,
        /// Where it is brought to, > 1; the target of the owner's rule by default.
        target: Option<Ratio>,
    },
}

/// What can be asked. Answers are as of a sync of the pool now.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// The pool that it serves.
    #[returns(ConfigResponse)]
    #[serde(deserialize_with = "crate::fields::none")]
    Config {},
    /// At which ratio an owner wants a position kept.
    #[returns(Option<Balancing>)]
    #[serde(deserialize_with = "crate::fields::position")]
    Rule {
        /// Vault of the position.
        vault: u8,
        /// Its owner.
        owner: String,
    },
    /// All rules of a vault, by owner. Whether an owner has a position is the pool's to say.
    #[returns(Vec<RuleResponse>)]
    Rules {
        /// The vault.
        vault: u8,
        /// The owner after whom to begin.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// What the balancer may do for an owner.
    #[returns(MeansResponse)]
    Means {
        /// Whose.
        owner: String,
    },
    /// Where a position is in its band. `E0801` without a rule, `E0302` without a position.
    #[returns(StandingResponse)]
    #[serde(deserialize_with = "crate::fields::position")]
    Position {
        /// Vault of the position.
        vault: u8,
        /// Its owner.
        owner: String,
    },
    /// What [`ExecuteMsg::Balance`] would do, or the error that it would have.
    #[returns(BalancePreview)]
    Preview {
        /// Vault of the position.
        vault: u8,
        /// Its owner.
        owner: String,
        /// Who would send it.
        by: String,
    },
}

/// Answer to [`QueryMsg::Config`].
#[cw_serde]
pub struct ConfigResponse {
    /// The pool that it serves.
    pub pool: String,
}

/// One rule.
#[cw_serde]
pub struct RuleResponse {
    /// Whose.
    pub owner: String,
    /// The rule.
    pub rule: Balancing,
}

/// Answer to [`QueryMsg::Means`].
#[cw_serde]
pub struct MeansResponse {
    /// sdUSD that the owner holds.
    pub held: Usd,
    /// sdUSD that he has allowed the balancer to spend; 0 once that has expired.
    pub allowed: Usd,
    /// Whether the balancer is his minter.
    pub mints: bool,
}

/// Answer to [`QueryMsg::Position`].
#[cw_serde]
pub struct StandingResponse {
    /// Value ÷ debt, rounded down; none where nothing is owed.
    pub ratio: Option<Ratio>,
    /// Where that is.
    pub standing: Standing,
}

/// Answer to [`QueryMsg::Preview`].
#[cw_serde]
pub struct BalancePreview {
    /// sdUSD of the owner that would be burnt.
    pub burnt: Usd,
    /// sdUSD that would be minted for the owner.
    pub minted: Usd,
    /// What the sender would get of the owner's sdUSD.
    pub fee: Usd,
    /// The position after it.
    pub position: PositionResponse,
}

/// Migration: only from an older version of the same contract.
#[cw_serde]
pub struct MigrateMsg {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RULE: Balancing = Balancing {
        lower: Ratio::percent(260),
        target: Ratio::percent(300),
        upper: Some(Ratio::percent(400)),
        fee: Some(Fee { rate: Ratio::bps(10), most: Usd::whole(1) }),
    };

    fn code(rule: Balancing) -> Option<&'static str> {
        rule.validate(Ratio::percent(300)).err().map(|error| error.code())
    }

    #[test]
    fn a_rule_that_makes_no_sense_is_refused() {
        assert_eq!(code(RULE), None);
        assert_eq!(code(Balancing { upper: None, fee: None, ..RULE }), None);
        assert_eq!(code(Balancing { lower: RULE.target, upper: Some(RULE.target), ..RULE }), None);
        assert_eq!(code(Balancing { lower: Ratio::ONE, ..RULE }), Some("E0004"));
        assert_eq!(code(Balancing { lower: Ratio::percent(301), ..RULE }), Some("E0107"));
        assert_eq!(code(Balancing { upper: Some(Ratio::percent(299)), ..RULE }), Some("E0107"));
        // below the issuance ratio nothing could be minted
        assert_eq!(code(Balancing { target: Ratio::percent(299), ..RULE }), Some("E0107"));
        let fee = Some(Fee { rate: Ratio::bps(101), most: Usd::ZERO });
        assert_eq!(code(Balancing { fee, ..RULE }), Some("E0004"));
    }

    #[test]
    fn the_edges_belong_to_the_band() {
        let of = |percent| RULE.standing(Some(Ratio::percent(percent)));
        assert_eq!(
            [of(259), of(260), of(400), of(401)].map(|at| at == Standing::Within),
            [false, true, true, false]
        );
        assert_eq!((of(259), of(401)), (Standing::Below, Standing::Above));
        assert_eq!(RULE.standing(None), Standing::Above);
        assert_eq!(Balancing { upper: None, ..RULE }.standing(None), Standing::Within);
    }

    proptest! {
        #[test]
        fn what_is_moved_and_its_fee_are_there_and_no_more_would_fit(
            wanted in 0u128..10_000_000_000,
            there in 0u128..10_000_000_000,
            rate in 0u64..=100,
            most in 0u128..50_000_000,
        ) {
            let fee = Fee { rate: Ratio::bps(rate), most: Usd::new(most) };
            let (wanted, there) = (Usd::new(wanted), Usd::new(there));
            let total = |moved: Usd| moved.plus(fee.of(moved).unwrap()).unwrap();
            let moved = fee.fits(wanted, there).unwrap();
            prop_assert!(moved <= wanted && total(moved) <= there);
            // the rate's fee is rounded down, which can leave room for two more
            let more = moved.plus(Usd::new(2)).unwrap();
            prop_assert!(moved == wanted || total(more) > there);
        }
    }
}
