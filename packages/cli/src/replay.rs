//! `sdp replay`: what was recorded on one chain, again on the embedded one, compared message by message.

use std::path::PathBuf;

use sdp_embedded::Replay;
use sdp_network::Recording;

use crate::failure::Failure;
use crate::output::Format;

/// Which recording.
#[derive(clap::Args)]
pub struct Args {
    /// What `sdp run --record` wrote.
    file: PathBuf,
}

/// Says each difference; refused where there is one.
pub fn run(args: &Args, format: Format) -> Result<(), Failure> {
    let recording = Recording::read(&args.file)?;
    let (chain, total) = (recording.deployment.chain_id.clone(), recording.entries.len());
    let mut different = 0;
    for (done, found) in Replay::new(recording)?.enumerate() {
        let found = found.map_err(|error| Failure::setup(format!("entry {done}: {error}")))?;
        different += usize::from(!found.is_empty());
        for deviation in found {
            match format {
                Format::Json => {
                    say!("{}", serde_json::to_string(&deviation).map_err(Failure::setup)?);
                }
                Format::Table => say!("{deviation}"),
            }
        }
    }
    if different > 0 {
        let text =
            format!("{different} of {total} messages and questions came out otherwise than on {chain}");
        return Err(Failure::Refused { code: None, text });
    }
    match format {
        Format::Json => say!("{}", serde_json::json!({ "chain_id": chain, "same": total })),
        Format::Table => say!("{total} messages and questions came out as on {chain}"),
    }
    Ok(())
}
