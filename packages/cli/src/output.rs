//! How answers are printed: tables in human units, or JSON in the contracts' own.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write};

use clap::ValueEnum;
use comfy_table::{presets, Cell, CellAlignment, ContentArrangement, Table, TableComponent};
use sdp_network::{decimal, Answer, Block, Network};
use sdp_types::units::{Amount, Price, Ratio, SignedUsd, Usd};
use serde_json::{json, Value};

use crate::failure::Failure;

/// What a shell reports of a program that SIGPIPE has ended: 128 and the signal's number.
const NOBODY_READS: i32 = 141;

/// Prints a line on standard output. Where nobody reads it any more, as behind `| head`, the program ends there without a word,
/// as others do.
macro_rules! say {
    ($($text:tt)*) => {
        $crate::output::line(format_args!($($text)*))
    };
}

/// [`say!`].
pub fn line(text: Arguments<'_>) {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(NOBODY_READS),
        Err(error) => {
            eprintln!("error: standard output: {error}");
            std::process::exit(3);
        }
    }
}

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Tables, amounts in USD and whole tokens.
    Table,
    /// JSON, amounts in the contracts' units.
    Json,
}

/// `1234567.5` as `1,234,567.5`.
pub fn grouped(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut out = String::from(sign);
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// USD with at least cents.
pub fn dollars(amount: Usd) -> String {
    let text = decimal::show(amount.raw(), 6);
    let cents = match text.split_once('.') {
        None => format!("{text}.00"),
        Some((_, fraction)) if fraction.len() == 1 => format!("{text}0"),
        Some(_) => text,
    };
    grouped(&cents)
}

/// USD that may be owed.
pub fn signed(amount: SignedUsd) -> String {
    let sign = if amount.is_negative() { "-" } else { "" };
    format!("{sign}{}", dollars(amount.abs()))
}

/// Whole tokens.
pub fn tokens(amount: Amount, decimals: u8) -> String {
    grouped(&decimal::show(amount.raw(), decimals.into()))
}

/// A price in USD, as many digits as a person reads.
pub fn price(price: Price) -> String {
    short(price)
}

/// A number with at most four decimals, or four digits that count, cut off towards 0.
pub fn short(number: impl ToString) -> String {
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let zeros = fraction.len() - fraction.trim_start_matches('0').len();
    let small = whole == "0" || whole == "-0";
    let digits = if small { zeros + 4 } else { 4 };
    let fraction = fraction.get(..digits).unwrap_or(fraction).trim_end_matches('0');
    grouped(&if fraction.is_empty() { whole.to_string() } else { format!("{whole}.{fraction}") })
}

/// A fraction in %, with two decimals, rounded down; none: nothing to divide by.
pub fn percent(ratio: Option<Ratio>) -> String {
    match ratio {
        None => "–".into(),
        Some(ratio) => {
            let basis_points = ratio.raw() / (Ratio::ONE.raw() / 10_000);
            format!("{}.{:02} %", grouped(&(basis_points / 100).to_string()), basis_points % 100)
        }
    }
}

/// A table with a header; cells that begin with a digit are aligned to the right.
pub fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.remove_style(TableComponent::HorizontalLines).remove_style(TableComponent::MiddleIntersections);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header.to_vec());
    for row in rows {
        table.add_row(row.into_iter().map(cell));
    }
    say!("{table}");
}

fn cell(text: String) -> Cell {
    let number = text.trim_start_matches(['-', '−']).starts_with(|first: char| first.is_ascii_digit());
    let alignment = if number { CellAlignment::Right } else { CellAlignment::Left };
    Cell::new(text).set_alignment(alignment)
}

/// Names and values, one a line.
pub fn fields(rows: impl IntoIterator<Item = (String, String)>) {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    for (name, value) in rows {
        table.add_row([Cell::new(name), cell(value)]);
    }
    say!("{table}");
}

/// Every number and text in a JSON with its path.
pub fn flat(value: &Value) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    flatten("", value, &mut rows);
    rows
}

fn flatten(path: &str, value: &Value, rows: &mut Vec<(String, String)>) {
    let under = |key: &str| if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, field)| flatten(&under(key), field, rows)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, item)| flatten(&under(&n.to_string()), item, rows));
        }
        Value::String(text) => rows.push((path.to_string(), text.clone())),
        other => rows.push((path.to_string(), other.to_string())),
    }
}

/// What a message led to.
pub fn answer(network: &dyn Network, answer: &Answer, format: Format) -> Result<(), Failure> {
    let told: Vec<_> = answer.told().map(|event| Told::of(network, event)).collect();
    // where nothing was sent, as when time passes in silence
    let block = if answer.height == 0 { network.block()? } else { answer.block() };
    match format {
        Format::Json => {
            let events: Vec<_> = told.iter().map(Told::json).collect();
            let mut line = json!({ "height": block.height, "time": block.time, "events": events });
            if let Some(fields) = line.as_object_mut() {
                fields.extend(answer.gas_used.map(|gas| ("gas_used".to_string(), gas.into())));
                fields.extend(answer.hash.clone().map(|hash| ("hash".to_string(), hash.into())));
            }
            say!("{line}");
        }
        Format::Table => {
            // a bare `wasm` event is a CW20's own
            let rows = told.iter().filter(|event| event.kind != "wasm").map(|event| event.row(network));
            say!("{}", place(network, answer, block));
            let rows: Vec<_> = rows.collect();
            if !rows.is_empty() {
                table(&["contract", "event", "what"], rows);
            }
        }
    }
    Ok(())
}

/// Where a message is, and on a real chain what it took.
fn place(network: &dyn Network, answer: &Answer, block: Block) -> String {
    let height = block.height;
    match (&answer.hash, answer.gas_used) {
        (Some(hash), Some(gas)) => {
            let gas = grouped(&gas.to_string());
            format!("block {height}, {}, {gas} gas, transaction {hash}", moment(block.time))
        }
        _ => {
            let second = block.time.saturating_sub(network.manifest().chain.start);
            format!("block {height}, second {}", grouped(&second.to_string()))
        }
    }
}

/// `2026-11-26 07:30:00 UTC`; of a time beyond all calendars, its seconds.
pub fn moment(seconds: u64) -> String {
    let format = time::macros::format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
    let time = i64::try_from(seconds).ok().and_then(|at| time::OffsetDateTime::from_unix_timestamp(at).ok());
    time.and_then(|time| time.format(format).ok()).unwrap_or_else(|| seconds.to_string())
}

/// One event of a contract.
struct Told {
    contract: String,
    kind: String,
    attributes: Vec<(String, String)>,
}

/// Attributes in micro-USD wherever they occur.
const USD: &[&str] = &[
    "bad_debt",
    "charged",
    "closed",
    "cost",
    "debt_change",
    "drawn",
    "equity",
    "fee",
    "forfeited",
    "found",
    "from",
    "insurance",
    "keeper_fee",
    "locked",
    "maintenance",
    "minted",
    "paid",
    "penalty",
    "potential",
    "premium",
    "proceeds",
    "providers",
    "realised",
    "recovered",
    "refund",
    "reported",
    "reward",
    "shortfall",
    "tab",
    "to",
    "unmet",
];
/// Attributes in base units of a vault's collateral wherever there is one.
const TOKENS: &[&str] = &["asked", "lot", "released"];
/// Events whose `amount` is one of collateral.
const COLLATERAL: &[&str] = &["deposited", "exit_requested", "taken"];
/// Attributes in base units of a synthetic's token wherever there is one.
const OF_SYNTHETIC: &[&str] = &["burnt", "returned", "supply", "tokens"];
/// Events whose `amount` is one of a synthetic's token.
const TRADED: &[&str] = &["bought", "sold"];

impl Told {
    fn of(chain: &dyn Network, event: &cosmwasm_std::Event) -> Self {
        let mut contract = String::new();
        let mut attributes = Vec::new();
        for told in &event.attributes {
            let value = chain.name_of(&told.value).unwrap_or(&told.value).to_string();
            if told.key == "_contract_address" {
                contract = value;
            } else {
                attributes.push((told.key.clone(), value));
            }
        }
        let kind = event.ty.strip_prefix("wasm-").unwrap_or(&event.ty).to_string();
        Self { contract, kind, attributes }
    }

    fn json(&self) -> Value {
        let attributes: serde_json::Map<_, _> =
            self.attributes.iter().map(|(key, value)| (key.clone(), value.clone().into())).collect();
        json!({ "type": self.kind, "contract": self.contract, "attributes": attributes })
    }

    fn row(&self, chain: &dyn Network) -> Vec<String> {
        let told =
            self.attributes.iter().map(|(key, value)| format!("{key} {}", self.human(chain, key, value)));
        vec![self.contract.clone(), self.kind.clone(), told.collect::<Vec<_>>().join(", ")]
    }

    fn human(&self, chain: &dyn Network, key: &str, value: &str) -> String {
        let is_amount = key == "amount";
        let collateral = TOKENS.contains(&key) || (is_amount && COLLATERAL.contains(&&*self.kind));
        let traded = is_amount && TRADED.contains(&&*self.kind);
        let synthetic = self.synthetic().filter(|_| traded || OF_SYNTHETIC.contains(&key));
        let shown = if let Some(number) = synthetic {
            let decimals = chain.manifest().synthetics().nth(number).map(|synthetic| synthetic.decimals);
            decimals.and_then(|decimals| Some(tokens(value.parse().ok()?, decimals)))
        } else if collateral {
            let decimals = self.decimals(chain);
            decimals.and_then(|decimals| Some(tokens(value.parse().ok()?, decimals)))
        } else if is_amount || USD.contains(&key) {
            value.parse().ok().map(signed)
        } else {
            None
        };
        shown.unwrap_or_else(|| value.to_string())
    }

    fn synthetic(&self) -> Option<usize> {
        let found = self.attributes.iter().find(|(key, _)| key == "synthetic");
        found.and_then(|(_, number)| number.parse().ok())
    }

    fn decimals(&self, chain: &dyn Network) -> Option<u8> {
        let (_, vault) = self.attributes.iter().find(|(key, _)| key == "vault")?;
        let vault: usize = vault.parse().ok()?;
        chain.manifest().collaterals.get(vault).map(|collateral| collateral.decimals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_money_has_cents() {
        assert_eq!(grouped("-1234567.25"), "-1,234,567.25");
        assert_eq!(grouped("999"), "999");
        assert_eq!(dollars(Usd::new(1_234_500_000)), "1,234.50");
        assert_eq!(dollars(Usd::new(1)), "0.000001");
        assert_eq!(signed(SignedUsd::new(-2_000_000)), "-2.00");
        assert_eq!(tokens(Amount::new(1_500_000), 6), "1.5");
    }

    #[test]
    fn long_numbers_are_cut_to_what_a_person_reads() {
        assert_eq!(short("51376.478193945613134941"), "51,376.4781");
        assert_eq!(short("0.000012342857142858"), "0.00001234");
        assert_eq!(short("-0.50"), "-0.5");
        assert_eq!(short("60000"), "60,000");
    }

    #[test]
    fn a_percentage_is_rounded_down() {
        assert_eq!(percent(Some(Ratio::bps(33_333))), "333.33 %");
        assert_eq!(percent(Some(Ratio::new(1))), "0.00 %");
        assert_eq!(percent(None), "–");
    }

    #[test]
    fn json_is_flattened_with_its_paths() {
        let rows = flat(&json!({"a": [{"b": "x"}, 2], "c": null}));
        let rows: Vec<_> = rows.iter().map(|(path, value)| (path.as_str(), value.as_str())).collect();
        assert_eq!(rows, [("a.0.b", "x"), ("a.1", "2"), ("c", "null")]);
    }
}
