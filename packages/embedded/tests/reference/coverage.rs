//! What the sequences reached: each kind of message accepted and refused by code, and each event.

use std::collections::BTreeMap;
use std::fmt;

/// What has to be reached: codes of refusals and events, with the code of what they refuse.
const WANTED: [&str; 77] = [
    "E0219",
    "E0308",
    "E0312",
    "E0316",
    "E0326",
    "E0327",
    "E0328",
    "E0341",
    "E0404",
    "E0406",
    "E0407",
    "E0413",
    "E0417",
    "E0421",
    "E0426",
    "E0427",
    "E0428",
    "E0430",
    "account_taken",
    "delegate_set",
    "referral_paid",
    "referrer_set",
    "E0602",
    "E0701",
    "E0702",
    "E0703",
    "E0704",
    "E0705",
    "bought",
    "sold",
    "spot_refused.E0415",
    "spot_refused.E0604",
    "spot_refused.E0605",
    "synthetic_swept",
    "revalued",
    "price_rejected.E0218",
    "deleveraged",
    "loss_met by providers",
    "E0901",
    "E0903",
    "E0904",
    "E0908",
    "E0909",
    "rejected.E0414",
    "rejected.E0905",
    "rejected.E0907",
    "rejected.E0908",
    "conditional_armed",
    "conditional_waits.E0414",
    "conditional_waits.E0415",
    "conditional_ended filled",
    "conditional_ended unfilled",
    "conditional_ended linked",
    "conditional_ended entry",
    "conditional_ended refused",
    "conditional_ended.E0417",
    "conditional_ended.E0910",
    "E1102",
    "E1104",
    "E1105",
    "E1106",
    "E1107",
    "E1108",
    "E1109",
    "E1110",
    "E1111",
    "tokens_withdrawn",
    "tokens_taken",
    "token_sale_reset",
    "token_sale_ended with all paid",
    "token_sale_ended with something owed",
    "E1001",
    "E1010",
    "E1011",
    "E1028",
    "bonded_closes",
    "bonded_graduated",
];

/// How often at least in 500 sequences: a kind of message accepted, an event, a kind refused with a code. Most are less than half of the
/// least that three seeds have reached.
const FLOORS: [(&str, u64); 44] = [
    ("custody stop", 20),
    ("orders withdraw E0901", 6),
    ("bonded open", 100),
    ("bonded push", 200),
    ("bonded draw", 70),
    ("bonded announce", 20),
    ("bonded close", 60),
    ("bonded mark", 40),
    ("bonded pay in", 18),
    ("bonded top up", 12),
    ("bonded resolve", 25),
    ("bonded quarantine", 10),
    ("bonded approve", 14),
    ("bonded show", 12),
    ("bonded sweep", 9),
    ("bonded_drawn from the pool", 30),
    ("bonded_closed without its bond", 3),
    ("bonded_quarantined.E1021", 2),
    ("bonded_quarantined.E1022", 10),
    ("bonded_quarantined.E1023", 5),
    ("bonded_quarantined.E1024", 2),
    ("bonded_quarantined.E1025", 1),
    ("bonded_quarantined.E1026", 3),
    ("bonded_quarantined.E1027", 4),
    ("bonded_quarantined.E1028", 2),
    ("bonded_quarantined.E1029", 4),
    ("bonded open E0009", 12),
    ("bonded open E0010", 3),
    ("bonded open E0328", 8),
    ("bonded open E1002", 12),
    ("bonded open E1003", 15),
    ("bonded open E1004", 15),
    ("bonded open E1005", 6),
    ("bonded announce E1008", 3),
    ("bonded draw E1006", 3),
    ("bonded draw E1009", 18),
    ("bonded close E0104", 12),
    ("bonded close E1012", 4),
    ("bonded close E1013", 12),
    ("bonded resolve E0101", 4),
    ("bonded resolve E1007", 5),
    ("bonded resolve E1008", 2),
    ("bonded quarantine E0103", 1),
    ("bonded graduate E0508", 4),
];

#[derive(Clone, Debug, Default)]
pub struct Coverage {
    pub messages: u64,
    /// By kind: accepted, and refused by code.
    pub kinds: BTreeMap<&'static str, (u64, BTreeMap<String, u64>)>,
    /// By name, and code where it has one.
    pub events: BTreeMap<String, u64>,
    /// Verdicts that the model left open, by whether the contract accepted.
    pub unsure: [u64; 2],
}

impl Coverage {
    pub fn count(&mut self, kind: &'static str, refused: Option<&str>) {
        self.messages += 1;
        let entry = self.kinds.entry(kind).or_default();
        match refused {
            None => entry.0 += 1,
            Some(code) => *entry.1.entry(code.to_string()).or_default() += 1,
        }
    }

    pub fn event(&mut self, name: String) {
        *self.events.entry(name).or_default() += 1;
    }

    pub fn accepted(&self, kind: &str) -> u64 {
        self.kinds.get(kind).map_or(0, |entry| entry.0)
    }

    pub fn add(&mut self, other: Self) {
        self.messages += other.messages;
        for (kind, (accepted, refused)) in other.kinds {
            let entry = self.kinds.entry(kind).or_default();
            entry.0 += accepted;
            for (code, count) in refused {
                *entry.1.entry(code).or_default() += count;
            }
        }
        for (name, count) in other.events {
            *self.events.entry(name).or_default() += count;
        }
        for (sum, more) in self.unsure.iter_mut().zip(other.unsure) {
            *sum += more;
        }
    }

    pub fn assert_reached(&self) {
        let codes = self.codes();
        let missing =
            |what: &&str| !codes.iter().any(|code| code == what) && !self.events.contains_key(*what);
        let missing: Vec<_> = WANTED.into_iter().filter(missing).collect();
        assert!(missing.is_empty(), "{missing:?} were not reached");
        let rare = FLOORS.into_iter().map(|(what, floor)| (what, self.seen(what), floor));
        let rare: Vec<_> = rare.filter(|(_, seen, floor)| seen < floor).collect();
        assert!(rare.is_empty(), "reached too rarely, and how often they should be: {rare:?}");
    }

    /// How often a kind of message was accepted, an event came, or a kind was refused with a code.
    fn seen(&self, what: &str) -> u64 {
        let event = self.events.get(what).copied().unwrap_or_default();
        let refused = what.rsplit_once(' ').and_then(|(kind, code)| self.kinds.get(kind)?.1.get(code));
        self.accepted(what).max(event).max(refused.copied().unwrap_or_default())
    }

    /// All codes with which anything was refused.
    pub fn codes(&self) -> Vec<String> {
        let mut codes: Vec<_> = self.kinds.values().flat_map(|entry| entry.1.keys().cloned()).collect();
        codes.sort();
        codes.dedup();
        codes
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<18} {:>8} {:>8}  refused by code", "message", "accepted", "refused")?;
        for (kind, (accepted, refused)) in &self.kinds {
            let codes: Vec<_> = refused.iter().map(|(code, count)| format!("{code} {count}")).collect();
            let sum: u64 = refused.values().sum();
            writeln!(f, "{kind:<18} {accepted:>8} {sum:>8}  {}", codes.join(", "))?;
        }
        let events: Vec<_> = self.events.iter().map(|(name, count)| format!("{name} {count}")).collect();
        writeln!(f, "events: {}", events.join(", "))?;
        writeln!(f, "{} messages, {} codes: {}", self.messages, self.codes().len(), self.codes().join(" "))?;
        writeln!(f, "within rounding of a bound: {} accepted, {} refused", self.unsure[0], self.unsure[1])
    }
}
