//! `sdp cost`: what each message reads and writes does not grow with people.

use comfy_table::{presets, Cell, CellAlignment, Table};
use sdp_embedded::cost::{measure, Line};
use sdp_embedded::meter::Counts;

use crate::failure::Failure;
use crate::output::Format;

/// How many people.
#[derive(clap::Args)]
pub struct Args {
    /// Providers and accounts in the small world.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(2..=40_000))]
    few: u32,
    /// Providers and accounts in the large world.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(2..=40_000))]
    many: u32,
}

/// Measures both worlds and compares them; refused where a message costs more in the large one.
pub fn run(args: &Args, format: Format) -> Result<(), Failure> {
    let (few, many) = (measure(args.few)?, measure(args.many)?);
    let differ: Vec<_> = few.iter().zip(&many).filter(|(few, many)| few != many).collect();
    match format {
        Format::Json => say!("{}", serde_json::json!({ "few": few, "many": many })),
        Format::Table => print(args, &few, &many),
    }
    let names: Vec<_> = differ.iter().map(|(few, _)| few.message).collect();
    if names.is_empty() && few.len() == many.len() {
        return Ok(());
    }
    Err(Failure::Refused { code: None, text: format!("costs grow with people: {}", names.join(", ")) })
}

fn print(args: &Args, few: &[Line], many: &[Line]) {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    let header = ["message", "reads", "bytes", "writes", "bytes", "removes", "raw queries", "bytes", "smart"];
    table.set_header(header.iter().copied().chain(std::iter::once("at both sizes")));
    for (few, many) in few.iter().zip(many) {
        let mut row = vec![Cell::new(few.message)];
        row.extend(
            numbers(few.counts, many.counts).map(|n| Cell::new(n).set_alignment(CellAlignment::Right)),
        );
        row.push(Cell::new(if few == many { "equal" } else { "GROWS" }));
        table.add_row(row);
    }
    say!(
        "Storage access inside contract calls, with {} and with {} providers and accounts",
        args.few,
        args.many
    );
    say!("{table}");
}

fn numbers(few: Counts, many: Counts) -> [String; 8] {
    let pairs = [
        (few.reads, many.reads),
        (few.read_bytes, many.read_bytes),
        (few.writes, many.writes),
        (few.written_bytes, many.written_bytes),
        (few.removes, many.removes),
        (few.raw_queries, many.raw_queries),
        (few.raw_bytes, many.raw_bytes),
        (few.smart_queries, many.smart_queries),
    ];
    pairs.map(|(few, many)| if few == many { few.to_string() } else { format!("{few} → {many}") })
}
