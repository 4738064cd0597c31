//! `sdp run`: a scenario file, on a new embedded chain or newly deployed on a real one.

use std::path::PathBuf;

use sdp_embedded::Audits;
use sdp_network::recording::{Log, Recorder, Recording, RECORDING_VERSION};
use sdp_network::scenario::{Run, Scenario, ScenarioError};
use sdp_network::Network;

use crate::deploy;
use crate::failure::Failure;
use crate::session::Session;

/// Which scenario.
#[derive(clap::Args)]
pub struct Args {
    /// The scenario.
    file: PathBuf,
    /// On the embedded chain: add up every position and account after each step, not only the books.
    #[arg(long)]
    deep: bool,
    /// Write down each transaction and question with its block, for `sdp replay`.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// On a real chain: directory of the contracts' builds.
    #[arg(long, value_name = "DIR", default_value = "target/wasm")]
    wasm: PathBuf,
}

/// One JSON line a step on standard output; refused where a step did not go as the file says.
pub fn run(session: &Session, args: &Args) -> Result<(), Failure> {
    let not_runnable = |error: ScenarioError| Failure::setup(format!("{}: {error}", args.file.display()));
    let scenario = Scenario::read(&args.file).map_err(not_runnable)?;
    let manifest = scenario.manifest().map_err(not_runnable)?;
    scenario.check(&manifest).map_err(not_runnable)?;
    if scenario.incident.as_ref().is_some_and(|incident| !incident.stage.is_empty()) {
        let file = args.file.display();
        return Err(Failure::setup(format!(
            "{file}: its stage needs altered code: `sdp incidents {file}` plays it"
        )));
    }
    if args.deep {
        session.embedded_only("--deep", "others act there between one question and the next")?;
    }
    let steps = scenario.steps.len();
    if let Some(path) = &args.record {
        // before anything is sent: what can't be kept need not be run
        let shown = path.display();
        let opened = std::fs::OpenOptions::new().append(true).create(true).open(path);
        opened.map_err(|error| Failure::setup(format!("recording {shown}: {error}")))?;
    }
    let (mut open, deployment) = deploy::fresh(session, manifest, &args.wasm)?;
    if args.deep {
        open.audits(Audits::Deep);
    }

    let log = Log::default();
    let mut recorder = Recorder::new(open.network(), &log);
    let network: &mut dyn Network = &mut recorder;
    let mut run = Run::new(scenario, network).map_err(not_runnable)?;
    log.belongs_to(None);
    let mut failed = Vec::new();
    for report in run.by_ref() {
        log.belongs_to(Some(report.step));
        let line = serde_json::to_string(&report).map_err(Failure::setup)?;
        say!("{line}");
        if !report.ok {
            failed.push(report.step.to_string());
        }
    }
    let (start, bug) = (run.start(), run.bug().map(str::to_string));
    if let Some(path) = &args.record {
        let accounts = open.network().names().accounts().clone();
        let (version, entries) = (RECORDING_VERSION, log.take());
        Recording { version, deployment, accounts, start, entries }.write(path)?;
    }
    if let Some(bug) = bug {
        return Err(Failure::Bug(bug));
    }
    if failed.is_empty() {
        return Ok(());
    }
    let text = format!("{} of {steps} steps failed: {}", failed.len(), failed.join(", "));
    Err(Failure::Refused { code: None, text })
}
