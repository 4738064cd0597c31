//! Messages of the custody: it holds traders' tokens as margin of accounts of one market, sells them where an account without positions owes
//! more than they count for, and publishes what the market needs to value them. The market reads its records raw: nothing of its code runs
//! in a trade.

mod answers;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::CanonicalAddr;
use cw20::Cw20ReceiveMsg;
use serde::{Deserialize, Serialize};

pub use answers::*;

use crate::board::FeedId;
use crate::liquidator::AuctionParams;
use crate::market::AccountId;
use crate::ownership::Action;
use crate::pool::Token;
use crate::record::Record;
use crate::units::{Amount, Price, Ratio, Usd};

/// Name in cw2.
pub const CONTRACT: &str = "sdp-custody";
/// At most so many tokens.
pub const MAX_TOKENS: usize = 8;

/// What part of a holding does not count: `min(maximum, base + slope·v)` of a value of v USD, so that what is hard to sell counts less. The
/// formula, with what keeps it from falling, is `sdp_risk::haircut`.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Haircut {
    /// Of the first micro-USD. In [0, maximum].
    pub base: Ratio,
    /// What each USD of the account's holding adds. In [0, 1].
    pub slope: Ratio,
    /// Never more than this. In [base, 1).
    pub maximum: Ratio,
}

/// How a token counts.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct TokenTerms {
    /// Feed of its price.
    pub feed: FeedId,
    /// Its decimals, ≤ 18.
    pub decimals: u8,
    /// What does not count of it.
    pub haircut: Haircut,
    /// A price with a wider band counts as none. In [0, 1).
    pub confidence: Ratio,
    /// Nobody may bring more of it, and it counts nothing for what increases risk. For maintenance it counts as ever.
    pub closing: bool,
}

/// A token that is taken as margin.
#[cw_serde]
pub struct TokenConfig {
    /// The token; no rebasing or fee-on-transfer tokens, and not sdUSD. It stays.
    pub token: Token,
    /// How it counts. Decimals stay.
    pub terms: TokenTerms,
    /// Most value of what all accounts hold of it after a deposit.
    pub cap: Usd,
}

/// Parameters of the whole contract.
#[cw_serde]
pub struct Params {
    /// How an account's tokens are sold.
    pub auction: AuctionParams,
    /// What a sale has to bring on top of what the account owes, as a part of that: tip and chip come out of it, the rest is insurance's. In
    /// [0, 20 %].
    pub penalty: Ratio,
    /// Least value of a deposit, > 0.
    pub minimum_deposit: Usd,
    /// Delay of loosening changes, seconds, ≤ 30 days.
    pub change_delay: u64,
}

/// A new custody.
#[cw_serde]
pub struct InstantiateMsg {
    /// Loosens after the delay; two-step transfer.
    pub owner: String,
    /// Tightens at once.
    pub guardian: Option<String>,
    /// The market whose accounts it backs; its oracle and its token are used. The market has to be told:
    /// [`crate::market::Change::SetCustody`].
    pub market: String,
    /// Parameters.
    pub params: Params,
    /// By number, at most 8.
    pub tokens: Vec<TokenConfig>,
}

/// What anybody may send to the custody. Coins come with [`Self::Deposit`] only.
#[cw_serde]
pub enum ExecuteMsg {
    /// The coins that came with it, of one listed denom, become margin of an account. A CW20 comes by `send`: [`Hook::Deposit`].
    Deposit {
        /// The account's owner; the sender by default.
        beneficiary: Option<String>,
        /// The account's number.
        account: u16,
    },
    /// Hook of listed CW20s, and of sdUSD: [`Hook`].
    Receive(Cw20ReceiveMsg),
    /// Takes tokens out of an account: without them margin less losses and what the other tokens count for must still cover initial margin
    /// and locks. A profit that is not realised does not count. Insurance gets what a withdrawal of margin that leaves the same leverage would
    /// pay, out of the account's margin. `E1104`, `E1105`, `E1108`.
    Withdraw {
        /// Number of the sender's account.
        account: u16,
        /// Number of the token.
        token: u8,
        /// How much, > 0.
        amount: Amount,
        /// Who gets it; the sender by default.
        recipient: Option<String>,
    },
    /// Starts to sell an account's tokens, the one with the least haircut first: where the account has no position and nothing locked, owes
    /// more than its tokens count for, and every price is fresh. The sender is the keeper who is rewarded out of the penalty. `E1106`, `E1107`,
    /// `E1108`, `E0419`.
    Sell(AccountId),
    /// Starts a sale again at a fresh price, perhaps of another token, once it is older than its tail or below its cusp. The sender gets half
    /// of the keeper's reward. `E1109`, `E0504`.
    Redo(AccountId),
    /// Ends a sale where the account owes nothing any more, or its tokens count for what it owes again. `E1109`, `E1110`.
    Stop(AccountId),
    /// Owner, or guardian where it tightens (then at once).
    Configure {
        /// What to change.
        change: Change,
    },
    /// Anyone, once the delay of a queued change is over.
    #[serde(deserialize_with = "crate::fields::id")]
    Enact {
        /// Of the change.
        id: u64,
    },
    /// Owner: takes a queued change back.
    #[serde(deserialize_with = "crate::fields::id")]
    CancelChange {
        /// Of the change.
        id: u64,
    },
    /// The owner changes in two steps, or there is none any more.
    UpdateOwnership(Action),
}

/// Message inside a CW20 `send` to the custody.
#[cw_serde]
pub enum Hook {
    /// A listed CW20 becomes margin of an account.
    Deposit {
        /// Its owner; the payer by default.
        beneficiary: Option<String>,
        /// Its number.
        account: u16,
    },
    /// From sdUSD: buys tokens of a sale. What the account owes goes to the market as its margin, what was paid too much goes back in the
    /// same message. `E1109`, `E0503`, `E0505`, `E0506`, `E0507`, `E0322` where the account owes nothing any more.
    Take {
        /// The account's owner.
        owner: String,
        /// The account's number.
        account: u16,
        /// At most so much of the token, > 0.
        amount: Amount,
        /// Highest price, USD per whole token.
        max_price: Price,
        /// Who gets the tokens; the payer by default.
        recipient: Option<String>,
    },
}

/// What can change.
#[cw_serde]
pub enum Change {
    /// Tightens where only the delay of changes grows.
    Params {
        /// All of them.
        params: Params,
    },
    /// A further token. Loosens.
    ListToken {
        /// The token.
        config: TokenConfig,
    },
    /// Token and decimals stay. Tightens where it begins to close or its cap is lower and all else is the same: a larger haircut might have
    /// an account liquidated, so that waits as well.
    UpdateToken {
        /// Its number.
        token: u8,
        /// Its new configuration.
        config: TokenConfig,
    },
    /// Loosens.
    SetGuardian {
        /// None: there is no guardian any more.
        guardian: Option<String>,
    },
}

/// Migration: only from an older version of the same contract.
#[cw_serde]
pub struct MigrateMsg {}

/// How tokens count, by number, under [`crate::record::tag::HAIRCUTS`]: the market reads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Haircuts {
    /// The market whose accounts are backed.
    pub market: CanonicalAddr,
    /// By number.
    pub tokens: Vec<TokenTerms>,
}

impl Record for Haircuts {
    const NAME: &'static str = "haircuts";
    const VERSION: u8 = 1;
}

/// An account's tokens, under [`crate::record::tag::BACKING`]: the market reads it. There is none where there are no tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backing {
    /// By number of the token; 0 for those that are not listed.
    pub amounts: Vec<Amount>,
}

impl Record for Backing {
    const NAME: &'static str = "backing";
    const VERSION: u8 = 1;
}

impl Backing {
    /// How much of a token.
    pub fn of(&self, token: u8) -> Amount {
        self.amounts.get(usize::from(token)).copied().unwrap_or_default()
    }

    /// The same with another amount of a token.
    pub fn with(&self, token: u8, amount: Amount) -> Self {
        let mut amounts = self.amounts.clone();
        *crate::record::entry(&mut amounts, usize::from(token)) = amount;
        while amounts.last().is_some_and(|last| last.is_zero()) {
            amounts.pop();
        }
        Self { amounts }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.amounts.iter().all(|amount| amount.is_zero())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_backing_is_as_short_as_its_last_token() {
        let seven = Amount::new(7);
        let backing = Backing::default().with(2, seven).with(0, seven);
        assert_eq!(backing.amounts, [seven, Amount::ZERO, seven]);
        assert_eq!(
            (backing.of(0), backing.of(1), backing.of(2), backing.of(9)),
            (seven, Amount::ZERO, seven, Amount::ZERO)
        );
        let one = backing.with(2, Amount::ZERO);
        assert_eq!(one.amounts, [seven]);
        assert!(!one.is_empty() && one.with(0, Amount::ZERO).is_empty());
        // version, length and a byte for a small amount
        assert_eq!(one.encode().unwrap(), [1, 1, 7]);
    }
}
