//! `sdp run`: a scenario file.

use std::io::Write;
use std::path::PathBuf;

use sdp_embedded::scenario::{Run, Scenario, ScenarioError};
use sdp_embedded::{Audits, Chain};

use crate::failure::Failure;

/// Which scenario.
#[derive(clap::Args)]
pub struct Args {
    /// The scenario.
    file: PathBuf,
    /// Add up every position and account after each step, not only the books.
    #[arg(long)]
    deep: bool,
}

/// One JSON line a step on standard output; refused where a step did not go as the file says.
pub fn run(args: &Args) -> Result<(), Failure> {
    let not_runnable = |error: ScenarioError| Failure::setup(format!("{}: {error}", args.file.display()));
    let scenario = Scenario::read(&args.file).map_err(not_runnable)?;
    let steps = scenario.steps.len();
    let mut chain = Chain::of_scenario(&scenario).map_err(not_runnable)?;
    if args.deep {
        chain.audits = Audits::Deep;
    }
    let mut run = Run::new(scenario, &mut chain).map_err(not_runnable)?;
    let mut out = std::io::stdout().lock();
    let mut failed = Vec::new();
    for report in run.by_ref() {
        let line = serde_json::to_string(&report).map_err(Failure::setup)?;
        writeln!(out, "{line}").map_err(Failure::setup)?;
        if !report.ok {
            failed.push(report.step.to_string());
        }
    }
    if let Some(bug) = run.bug() {
        return Err(Failure::Bug(bug.to_string()));
    }
    if failed.is_empty() {
        return Ok(());
    }
    let text = format!("{} of {steps} steps failed: {}", failed.len(), failed.join(", "));
    Err(Failure::Refused { code: None, text })
}
