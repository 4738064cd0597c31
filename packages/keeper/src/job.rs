//! One thing to do.

use std::fmt;

use sdp_network::{Answer, Message, Outgoing};
use sdp_types::market::AccountId;
use sdp_types::{Ratio, Usd};
use serde::Serialize;

/// What keepers do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Feeds that anyone pulls are: nobody is liquidated and no order fills without a price.
    Pull,
    /// Traders' accounts below maintenance are cut back.
    LiquidateAccounts,
    /// A provider's position below its ratio is seized.
    LiquidatePosition,
    /// Orders that have their price are settled, those for synthetics too.
    Settle,
    /// Conditional orders that are due are committed.
    Arm,
    /// Tokens of an account that owes are put up for sale.
    SellTokens,
    /// A sale that has run too long begins again.
    Redo,
    /// Collateral and tokens are bought out of sales.
    Take,
    /// Bonded markets that lie or are silent are put into quarantine.
    Mark,
    /// Volatilities and correlations are sampled.
    Sample,
    /// Funding is sampled.
    Poke,
    /// Ceilings and the impact's depth follow what is used.
    Adjust,
    /// What lies about is booked; what conditional orders have come to is noted.
    Sweep,
    /// Exits that are due are executed.
    Exit,
}

impl Kind {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 14] = [
        Self::Pull,
        Self::LiquidateAccounts,
        Self::LiquidatePosition,
        Self::Settle,
        Self::Arm,
        Self::SellTokens,
        Self::Redo,
        Self::Take,
        Self::Mark,
        Self::Sample,
        Self::Poke,
        Self::Adjust,
        Self::Sweep,
        Self::Exit,
    ];

    /// Its name, as in settings and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::LiquidateAccounts => "liquidate-accounts",
            Self::LiquidatePosition => "liquidate-positions",
            Self::Settle => "settle",
            Self::Arm => "arm",
            Self::SellTokens => "sell-tokens",
            Self::Redo => "redo",
            Self::Take => "take",
            Self::Mark => "mark",
            Self::Sample => "sample",
            Self::Poke => "poke",
            Self::Adjust => "adjust",
            Self::Sweep => "sweep",
            Self::Exit => "exit",
        }
    }

    /// Whether its keeper is paid for it.
    pub fn is_paid(self) -> bool {
        match self {
            Self::LiquidateAccounts
            | Self::LiquidatePosition
            | Self::Settle
            | Self::Arm
            | Self::SellTokens
            | Self::Redo
            | Self::Take => true,
            Self::Pull | Self::Mark | Self::Sample | Self::Poke | Self::Adjust | Self::Sweep | Self::Exit => {
                false
            }
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == text);
        found.ok_or_else(|| format!("no work is called `{text}`: {}", Self::ALL.map(Self::name).join(", ")))
    }
}

/// What a purchase is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purchase {
    /// The most that it costs.
    pub cost: Usd,
    /// What is bought, at the board's price.
    pub value: Usd,
}

/// An account as it was when its liquidation was planned.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The market contract.
    pub market: String,
    /// The account.
    pub account: AccountId,
    /// It grows with each liquidation.
    pub generation: u32,
}

/// One transaction that a keeper may send.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// What it does.
    pub kind: Kind,
    /// What it is about, the same for every keeper: who acts first on it depends on it.
    pub key: String,
    /// Things in it that may each be done or not.
    pub items: Vec<String>,
    /// The transaction.
    pub messages: Vec<Message>,
    /// Of liquidations: by item the market, the account, and how often it had been cut back.
    pub accounts: Vec<Mark>,
    /// Of a purchase.
    pub purchase: Option<Purchase>,
    /// Of what begins an auction or a sale: its tip and chip.
    pub terms: Option<(Usd, Ratio)>,
    /// What it will bring that is not told when it is done.
    pub expected: Usd,
}

impl Job {
    /// One message about one thing.
    pub fn of(kind: Kind, key: impl Into<String>, message: Message) -> Self {
        let key = key.into();
        Self {
            kind,
            items: vec![key.clone()],
            key,
            messages: vec![message],
            accounts: Vec::new(),
            purchase: None,
            terms: None,
            expected: Usd::ZERO,
        }
    }
}

/// A job that the chain has been asked about.
#[derive(Clone, Debug)]
pub struct Estimate {
    /// The job.
    pub job: Job,
    /// What it would do.
    pub told: Answer,
    /// What it would bring its keeper.
    pub reward: Usd,
    /// What it costs: the fee for the gas limit that it is sent with, however much of it is used.
    pub cost: Usd,
}

impl Estimate {
    /// As it is sent.
    pub fn outgoing(&self) -> Outgoing {
        Outgoing { messages: self.job.messages.clone(), gas: self.told.gas_used }
    }
}
