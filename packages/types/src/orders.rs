//! Messages of conditional orders: an owner of an account says at which price of the index an order is to be committed, and anybody commits
//! it then for a fee that the owner has named and paid ahead. The contract serves one market, has no owner and no privilege: it is a delegate
//! like any other ([`crate::market::ExecuteMsg::SetDelegate`]), so it can trade what its owners let it trade and never takes anything out.

mod answers;

use cosmwasm_schema::cw_serde;
use cw20::Cw20ReceiveMsg;

pub use answers::*;

use crate::contract::in_range;
use crate::error::{ensure, Error, Result};
use crate::units::{Price, Ratio, Size, Usd, MAX_PRICE};

/// Name in cw2.
pub const CONTRACT: &str = "sdp-orders";
/// At most so many orders are placed by one message, and so are linked.
pub const MAX_PLACED: usize = 8;
/// At most so many orders in one batch.
pub const MAX_BATCH: usize = 100;

/// What holds for all orders. It never changes: whoever wants other terms puts up another contract.
#[cw_serde]
#[derive(Copy)]
pub struct Params {
    /// The least fee that an order names for whoever commits it.
    pub least_fee: Usd,
    /// The most. At most 100 USD.
    pub most_fee: Usd,
    /// Part of its fee that an order still pays where the market refuses it: whoever brought it there has cleared it away. In [0, 1].
    pub refusal_share: Ratio,
    /// At most so many orders of one account at a time. In [1, 1,000].
    pub most_waiting: u32,
    /// Longest time that an order may wait, seconds. In [60, 366 days].
    pub longest_life: u64,
    /// At most so often an order is committed, and its fee paid: one whose commit finds no price, or only worse ones, waits again until then. In
    /// [1, 100].
    pub most_commits: u8,
}

impl Params {
    /// Ranges: `E0004`, `E0107`.
    pub fn validate(&self) -> Result<()> {
        let Self { least_fee, most_fee, refusal_share, most_waiting, longest_life, most_commits } = *self;
        ensure(least_fee <= most_fee, || Error::bad_config("least_fee <= most_fee", least_fee, most_fee))?;
        in_range("most_fee", most_fee, Usd::ZERO, Usd::whole(100))?;
        in_range("refusal_share", refusal_share, Ratio::ZERO, Ratio::ONE)?;
        in_range("most_waiting", most_waiting, 1, 1_000)?;
        in_range("longest_life", longest_life, 60, 366 * 86_400)?;
        in_range("most_commits", most_commits, 1, 100)
    }
}

/// A new contract of conditional orders.
#[cw_serde]
pub struct InstantiateMsg {
    /// The market that it serves.
    pub market: String,
    /// What holds for all orders.
    pub params: Params,
}

/// What an order waits for. The index counts with the whole width of its band against it: a price that is only possibly there triggers nothing.
/// And it must have been published after the order was placed.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Kind {
    /// The index is at the price or better: at or below it for a buy, at or above it for a sale. It is the worst price of the fill, too.
    Limit {
        /// In (0, 10¹²].
        price: Price,
    },
    /// The index is at the trigger or worse: at or above it for a buy, at or below it for a sale.
    Stop {
        /// In (0, 10¹²].
        trigger: Price,
        /// Worst price of the fill; by default the market's.
        limit_price: Option<Price>,
    },
    /// The index is at the trigger or better, as a limit, but the fill has another worst price.
    TakeProfit {
        /// In (0, 10¹²].
        trigger: Price,
        /// Worst price of the fill; by default the market's.
        limit_price: Option<Price>,
    },
}

impl Kind {
    /// Its name in events.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Limit { .. } => "limit",
            Self::Stop { .. } => "stop",
            Self::TakeProfit { .. } => "take_profit",
        }
    }

    /// The price that the index has to reach.
    pub fn trigger(&self) -> Price {
        match *self {
            Self::Limit { price: trigger }
            | Self::Stop { trigger, .. }
            | Self::TakeProfit { trigger, .. } => trigger,
        }
    }

    /// The worst price of the fill, if it names one.
    pub fn limit_price(&self) -> Option<Price> {
        match *self {
            Self::Limit { price } => Some(price),
            Self::Stop { limit_price, .. } | Self::TakeProfit { limit_price, .. } => limit_price,
        }
    }

    /// Whether the index has to rise to the trigger; else it has to fall to it.
    pub fn rises(&self, size: Size) -> bool {
        matches!(self, Self::Stop { .. }) != size.is_negative()
    }

    /// Whether an index with this band has reached the trigger whatever in the band it is.
    pub fn is_met(&self, size: Size, index: Price, confidence: Ratio) -> Result<bool> {
        Ok(if self.rises(size) {
            index.low(confidence)? >= self.trigger()
        } else {
            index.high(confidence)? <= self.trigger()
        })
    }

    /// Both prices in (0, 10¹²]: `E0004`.
    pub fn validate(&self) -> Result<()> {
        in_range("trigger", self.trigger(), Price::new(1), MAX_PRICE)?;
        in_range("limit_price", self.limit_price().unwrap_or(MAX_PRICE), Price::new(1), MAX_PRICE)
    }
}

/// An order to be placed.
#[cw_serde]
pub struct NewOrder {
    /// The perpetual.
    pub perp: u16,
    /// What to buy (positive) or sell.
    pub size: Size,
    /// What it waits for.
    pub kind: Kind,
    /// Whether it only ever reduces the position: `E0417` where there is nothing to reduce by then.
    #[serde(default)]
    pub reduce_only: bool,
    /// Block time from which it waits no longer, seconds; by default as long as it may.
    pub good_till: Option<u64>,
    /// What whoever commits it gets. Between the least and the most of the contract's parameters.
    pub keeper_fee: Usd,
}

/// How a bracket gets into its position.
#[cw_serde]
pub enum Entry {
    /// At once, in the same message, and for no fee. The market's refusal is the message's.
    Market {
        /// Worst price of the fill; by default the market's.
        limit_price: Option<Price>,
    },
    /// When an order of this kind is due.
    Waits(Kind),
}

/// An end of a bracket: it closes what the entry has opened.
#[cw_serde]
#[derive(Copy)]
pub struct Exit {
    /// In (0, 10¹²].
    pub trigger: Price,
    /// Worst price of the fill; by default none.
    pub limit_price: Option<Price>,
}

/// What anybody may send. Coins come with none of it.
#[cw_serde]
pub enum ExecuteMsg {
    /// Places orders of the sender's account, 1 to 8. Each reserves its fee in the sender's jar. The contract has to be the account's delegate
    /// for their perpetuals as long as they may wait. `E0901`, `E0904`, `E0909`, `E0401`, `E0004`, `E0005`, `E0010`, `E0423`.
    Place {
        /// Number of the sender's account.
        account: u16,
        /// The orders.
        orders: Vec<NewOrder>,
        /// Whether one cancels the others once it has filled. Then all are in one perpetual.
        #[serde(default)]
        linked: bool,
    },
    /// Places an entry, and a stop and a target that close what it opens: they sleep until the entry has filled, and cancel each other. Where
    /// the entry ends without a fill, they end with it. As `place`; an entry at market is refused as a commit is, and by `E0908`.
    Bracket {
        /// Number of the sender's account.
        account: u16,
        /// The perpetual.
        perp: u16,
        /// What the entry buys (positive) or sells.
        size: Size,
        /// The entry.
        entry: Entry,
        /// Closes it at a loss.
        stop: Exit,
        /// Closes it at a gain.
        target: Exit,
        /// Block time from which the entry waits no longer; by default that of the exits.
        entry_good_till: Option<u64>,
        /// Block time from which nothing of it waits any longer; by default as long as it may.
        good_till: Option<u64>,
        /// What whoever commits one of its orders gets, for each of them.
        keeper_fee: Usd,
    },
    /// Takes orders of the sender back and their fees with them; with the entry of a bracket its exits. Of one that was committed it is first seen
    /// what became of it. All of them or none. `E0902`, `E0903`, `E0908` for one whose commit waits in the market: that is for the account's owner,
    /// and whom he lets trade, to take back there.
    Cancel {
        /// Which, 1 to 100.
        ids: Vec<u64>,
    },
    /// Commits the orders that are due and would fill now, in this order, for their fees, which go into the sender's jar. One that the market would
    /// refuse ends with that reason and costs a part of its fee; one that is over ends for nothing. The others change nothing and are told as
    /// `rejected`.
    Arm {
        /// Which, 1 to 100.
        ids: Vec<u64>,
    },
    /// Brings orders to where they stand by now, for nothing: what has filled or was refused in the market, what that cancels or wakes, what is
    /// over, and exits of brackets that have nothing to close any more.
    Sweep {
        /// Which, 1 to 100.
        ids: Vec<u64>,
    },
    /// Pays out of the sender's jar. `E0901`.
    Withdraw {
        /// How much, > 0.
        amount: Usd,
        /// Who gets it; the sender by default.
        recipient: Option<String>,
    },
    /// Hook of sdUSD: [`Hook`].
    Receive(Cw20ReceiveMsg),
}

/// Message inside a CW20 `send` of sdUSD to the contract.
#[cw_serde]
pub enum Hook {
    /// Into a jar, which fees are paid out of.
    Deposit {
        /// Whose; the payer's by default.
        beneficiary: Option<String>,
    },
}

/// Migration: only from an older version of the same contract.
#[cw_serde]
pub struct MigrateMsg {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_trigger_is_met_by_the_whole_band_or_not_at_all() {
        let at = |text: &str| text.parse::<Price>().unwrap();
        let (buy, sell) = (Size::new(1), Size::new(-1));
        let limit = Kind::Limit { price: at("100") };
        let stop = Kind::Stop { trigger: at("100"), limit_price: None };
        let profit = Kind::TakeProfit { trigger: at("100"), limit_price: None };
        for (kind, size, rises) in [
            (limit, buy, false),
            (limit, sell, true),
            (stop, buy, true),
            (stop, sell, false),
            (profit, buy, false),
            (profit, sell, true),
        ] {
            assert_eq!(kind.rises(size), rises, "{kind:?} {size}");
            let met = |index, confidence| kind.is_met(size, at(index), confidence).unwrap();
            let (beyond, before) = if rises { ("100", "99.9") } else { ("100", "100.1") };
            assert!(met(beyond, Ratio::ZERO) && !met(before, Ratio::ZERO), "{kind:?} {size}");
            // 1 % of 101.5 and of 98.5 reach back to less than 100.5 and to more than 99.4, 2 % reach beyond 100
            let far = if rises { "101.5" } else { "98.5" };
            assert!(met(far, Ratio::percent(1)) && !met(far, Ratio::percent(2)), "{kind:?} {size}");
        }
    }

    #[test]
    fn parameters_that_make_no_sense_are_refused() {
        let good = Params {
            least_fee: Usd::new(100_000),
            most_fee: Usd::whole(5),
            refusal_share: Ratio::percent(50),
            most_waiting: 32,
            longest_life: 7_776_000,
            most_commits: 5,
        };
        let code = |params: Params| params.validate().err().map(|error| error.code());
        assert_eq!(code(good), None);
        assert_eq!(code(Params { least_fee: Usd::whole(6), ..good }), Some("E0107"));
        assert_eq!(code(Params { most_fee: Usd::whole(101), ..good }), Some("E0004"));
        assert_eq!(code(Params { refusal_share: Ratio::percent(101), ..good }), Some("E0004"));
        assert_eq!(code(Params { most_waiting: 0, ..good }), Some("E0004"));
        assert_eq!(code(Params { longest_life: 59, ..good }), Some("E0004"));
        assert_eq!(code(Params { most_commits: 0, ..good }), Some("E0004"));
        assert_eq!(code(Params { most_commits: 101, ..good }), Some("E0004"));
    }
}
