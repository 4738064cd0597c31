//! What every bonded market must keep.

use std::fmt;

/// One check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// What lies under the exposure key begins with a record.
    Decodes,
    /// That record has at most 256 bytes.
    Short,
    /// The desk has been pushed what the market keeps.
    Pushed,
    /// A message that changes the record writes it as of its own block.
    OfNow,
    /// `drawn` and `shortfalls` are 0 while it is bonded, and `fees` never fall.
    Counters,
    /// The desk believes it: it owes no more than its credit, and its exposure is no more.
    WithinCredit,
    /// Within a message what it owes moves by what was paid to it and out of it, no further: it doesn't owe more than came in than what its
    /// own trades added, which is shown as the claim that its bond bears.
    Moves,
    /// What it says that it holds beyond what it owes is there.
    Holds,
    /// A message of the script is taken.
    Script,
    /// A stranger's messages that move money in the script move none of the others'.
    Strangers,
    /// With all prices gone its messages are refused or taken, and its record stays good.
    MissingPrices,
    /// Once it owes nothing after the script its opener can close it, and has back what it left of the bond. A script that ends before everybody
    /// was paid does not make this check: somebody has to be able to pay who does not come.
    Closes,
}

impl Check {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Decodes,
        Self::Short,
        Self::Pushed,
        Self::OfNow,
        Self::Counters,
        Self::WithinCredit,
        Self::Moves,
        Self::Holds,
        Self::Script,
        Self::Strangers,
        Self::MissingPrices,
        Self::Closes,
    ];
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Decodes => "the bytes under its key begin with a record",
            Self::Short => "the record is at most 256 bytes",
            Self::Pushed => "what it keeps is what it has pushed",
            Self::OfNow => "a record that changes is of that block",
            Self::Counters => "drawn and shortfalls are 0, fees never fall",
            Self::WithinCredit => "the desk believes it",
            Self::Moves => "what is paid in or out moves what it owes by as much",
            Self::Holds => "what it holds is there",
            Self::Script => "the script is taken",
            Self::Strangers => "a stranger's messages move nothing",
            Self::MissingPrices => "it stands without prices",
            Self::Closes => "it can be closed once all were paid",
        })
    }
}
