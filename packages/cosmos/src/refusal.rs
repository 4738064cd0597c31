//! A refusal in the contract's own words: what the chain wraps around them is taken off.

use crate::outcome::Outcome;

/// Where a transaction or a question was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A question.
    Query,
    /// When its gas was estimated: it was never sent.
    Simulate,
    /// The node did not take it: it is in no block and will get into none.
    Check,
    /// In a block.
    Deliver,
}

/// The chain or a contract said no.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// Where.
    pub stage: Stage,
    /// The contract's stable code, `E0312`.
    pub code: Option<String>,
    /// The contract's text alone, `E0312 BelowIssuanceRatio { … }`; where no contract spoke, the chain's.
    pub text: String,
    /// Which message of the transaction, from 0.
    pub message: Option<u32>,
    /// The contract did not refuse, it crashed: always a bug.
    pub crashed: bool,
    /// Of a refusal in a block, all about the transaction; its `raw_log` is the chain's whole text.
    pub outcome: Option<Box<Outcome>>,
}

impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Refusal {}

/// How the chain begins: the number of the message follows.
const MESSAGE: &str = "failed to execute message; message index: ";
/// What it puts before the text of a contract that another contract called.
const DISPATCH: &[&str] = &["dispatch: ", "submessages: "];
/// What it puts behind a contract's text.
const FAILED: &[&str] = &[
    ": execute wasm contract failed",
    ": instantiate wasm contract failed",
    ": migrate wasm contract failed",
    ": query wasm contract failed",
    ": wasmvm error",
];
/// What the standard library puts before the reason why a message is not one of the contract's; the type's name follows.
const PARSING: &str = "Error parsing into type ";
/// What a virtual machine's failure begins with.
const MACHINE: &str = "Error calling the VM: ";

impl Refusal {
    /// Reads the chain's text.
    pub fn read(stage: Stage, raw_log: &str) -> Self {
        let (message, text) = split_message(raw_log);
        let end = end_of_contracts(text);
        let mut text = end.map_or(text, |end| text.get(..end).unwrap_or(text));
        if end.is_some() {
            while let Some(inner) = DISPATCH.iter().find_map(|words| text.strip_prefix(words)) {
                text = inner;
            }
        }
        let code = code_of(behind_parsing(text)).map(str::to_string);
        let crashed = end.is_some() && text.starts_with(MACHINE);
        Self { stage, code, text: text.to_string(), message, crashed, outcome: None }
    }
}

/// Where the contract's words end; none: no contract spoke.
fn end_of_contracts(text: &str) -> Option<usize> {
    // The last one: a contract may quote another's text.
    FAILED.iter().filter_map(|words| text.rfind(words)).max()
}

/// Whether a contract speaks in the chain's text.
pub(crate) fn is_contracts(text: &str) -> bool {
    end_of_contracts(text).is_some()
}

fn split_message(raw_log: &str) -> (Option<u32>, &str) {
    let rest = raw_log.strip_prefix(MESSAGE).and_then(|rest| rest.split_once(": "));
    match rest.and_then(|(index, text)| Some((index.parse().ok()?, text))) {
        Some((index, text)) => (Some(index), text),
        None => (None, raw_log),
    }
}

/// A contract's text without what says that its message could not be parsed: a number in it may be refused with a code.
fn behind_parsing(text: &str) -> &str {
    let cause = text.strip_prefix(PARSING).and_then(|rest| rest.split_once(": "));
    cause.map_or(text, |(_type, cause)| cause)
}

/// The code that a text begins with: `E` and four digits, then the error's name.
fn code_of(text: &str) -> Option<&str> {
    let (code, _) = text.split_once(' ').unwrap_or((text, ""));
    let digits = code.strip_prefix('E')?;
    (digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw_log: &str) -> Refusal {
        Refusal::read(Stage::Deliver, raw_log)
    }

    #[test]
    fn the_chains_wrapping_is_taken_off() {
        let refusal = read(
            "failed to execute message; message index: 2: E0312 BelowIssuanceRatio { ratio: 2.5, required: 3 }: \
             execute wasm contract failed",
        );
        assert_eq!(refusal.text, "E0312 BelowIssuanceRatio { ratio: 2.5, required: 3 }");
        assert_eq!((refusal.code.as_deref(), refusal.message), (Some("E0312"), Some(2)));
        assert!(!refusal.crashed);
    }

    #[test]
    fn what_a_simulation_adds_is_taken_off_too() {
        let refusal = read(
            "failed to execute message; message index: 0: E0319 NotOpen: execute wasm contract failed \
             [!cosm!wasm/wasmd@v0.70.3/x/wasm/keeper/keeper.go:445] with gas used: '94818': unknown request",
        );
        assert_eq!((refusal.text.as_str(), refusal.code.as_deref()), ("E0319 NotOpen", Some("E0319")));
    }

    #[test]
    fn a_contract_that_was_called_by_a_contract_is_heard() {
        let refusal = read(
            "failed to execute message; message index: 0: dispatch: submessages: dispatch: submessages: E0308 \
             CreditLocked { free: -1, locked: 2 }: execute wasm contract failed",
        );
        assert_eq!(refusal.text, "E0308 CreditLocked { free: -1, locked: 2 }");
    }

    #[test]
    fn a_question_that_was_refused() {
        let refusal = read("E0301 UnknownVault { vault: 9 }: query wasm contract failed: unknown request");
        assert_eq!(refusal.text, "E0301 UnknownVault { vault: 9 }");
        assert_eq!((refusal.code.as_deref(), refusal.message), (Some("E0301"), None));
    }

    #[test]
    fn a_number_that_is_none_has_its_code_though_the_whole_message_could_not_be_parsed() {
        let refusal = read(
            "failed to execute message; message index: 0: Error parsing into type sdp_types::market::ExecuteMsg: E0003 \
             BadNumber { text: many }: execute wasm contract failed",
        );
        assert_eq!(refusal.code.as_deref(), Some("E0003"));
        let unknown = read("Error parsing into type X: unknown variant `a`: execute wasm contract failed");
        assert_eq!(unknown.code, None);
    }

    #[test]
    fn a_crash_is_told_from_a_refusal() {
        let refusal = read(
            "failed to execute message; message index: 0: Error calling the VM: Error executing Wasm: Wasmer runtime \
             error: RuntimeError: Aborted: panicked at src/contract.rs:170:5:\nThis page intentionally faulted: wasmvm error",
        );
        assert!(refusal.crashed && refusal.text.ends_with("This page intentionally faulted"));
        assert_eq!(refusal.code, None);
    }

    #[test]
    fn where_no_contract_spoke_the_chains_text_is_kept() {
        let text = "spendable balance 5uatom is smaller than 7uatom: insufficient funds";
        let refusal = read(&format!("failed to execute message; message index: 0: {text}"));
        assert_eq!((refusal.text.as_str(), refusal.code), (text, None));
    }

    #[test]
    fn a_code_is_only_one_at_the_beginning() {
        assert_eq!(read("Unauthorized, not E0101 NotOwner: execute wasm contract failed").code, None);
        assert_eq!(read("E031 Short: execute wasm contract failed").code, None);
    }
}
