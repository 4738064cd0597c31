//! `sdp deploy` and `sdp migrate`: contracts on a new embedded chain, or on a real one.

use std::path::{Path, PathBuf};

use sdp_embedded::Audits;
use sdp_network::deploy::{deploy, migratable, migrate, verify, Progress, Step};
use sdp_network::{Actions, Answer, ChainError, Deployment, Manifest};
use serde_json::{json, Value};

use crate::failure::Failure;
use crate::output::{self, grouped, Format};
use crate::session::{Open, Session};

/// What to deploy.
#[derive(clap::Args)]
pub struct DeployArgs {
    /// Manifest to deploy; the built-in one by default, or that of the deployment that goes on.
    manifest: Option<PathBuf>,
    /// Replace an embedded chain that is in the state file already.
    #[arg(long)]
    force: bool,
    /// On a real chain: directory of the contracts' builds.
    #[arg(long, value_name = "DIR", default_value = "target/wasm")]
    wasm: PathBuf,
    /// On a real chain: what the contracts' labels begin with. Another name is another deployment; by default it follows
    /// from the manifest.
    #[arg(long)]
    name: Option<String>,
}

/// What to migrate.
#[derive(clap::Args)]
pub struct MigrateArgs {
    /// Name of the contract: oracle, pool, liquidator, a market's; or `all`.
    contract: String,
    /// Directory of the contracts' new builds.
    #[arg(long, value_name = "DIR", default_value = "target/wasm")]
    wasm: PathBuf,
}

/// Deploys, where the session says.
pub fn run(session: &Session, args: &DeployArgs) -> Result<(), Failure> {
    if session.is_real() {
        on_chain(session, args)
    } else {
        embedded(session, args)
    }
}

fn embedded(session: &Session, args: &DeployArgs) -> Result<(), Failure> {
    if args.name.is_some() {
        session.real_only("--name", "an embedded chain has one deployment")?;
    }
    if session.path().exists() && !args.force {
        let path = session.path().display();
        return Err(Failure::setup(format!("there is a chain in {path}; --force replaces it")));
    }
    let (mut open, _) = fresh(session, manifest(args)?, &args.wasm)?;
    open.network().publish_first_prices()?;
    session.keep(&open)?;
    print_contracts(session, &open.contracts(), json!({ "state": session.path() }));
    Ok(())
}

fn manifest(args: &DeployArgs) -> Result<Manifest, Failure> {
    Ok(args.manifest.as_deref().map_or_else(Manifest::built_in, Manifest::read)?)
}

/// Prints the contracts: as a table, or with what else there is to say as JSON.
fn print_contracts(session: &Session, contracts: &[(String, String)], mut said: Value) {
    match session.format() {
        Format::Json => {
            let all = contracts.iter().map(|(name, address)| (name.clone(), address.clone().into()));
            said["contracts"] = all.collect::<serde_json::Map<_, _>>().into();
            say!("{said}");
        }
        Format::Table => {
            let rows = contracts.iter().map(|(name, address)| vec![name.clone(), address.clone()]);
            output::table(&["contract", "address"], rows);
        }
    }
}

fn on_chain(session: &Session, args: &DeployArgs) -> Result<(), Failure> {
    if args.force {
        session.embedded_only("--force", "`--name` or another `--deployment` begins a new deployment")?;
    }
    let path = session.record_path();
    let begun = path.exists().then(|| Deployment::read(path)).transpose()?;
    let manifest = match &begun {
        Some(record) if args.manifest.is_none() => record.manifest.clone(),
        _ => manifest(args)?,
    };
    manifest.check()?;
    let mut open = session.begin(manifest.clone(), &args.wasm)?;
    let mut record = match begun {
        Some(record) => record,
        None => Deployment::new(&open.network().chain_id(), manifest)?,
    };
    if let Some(name) = &args.name {
        if !record.steps.is_empty() && *name != record.name {
            let (path, other) = (path.display(), &record.name);
            return Err(Failure::setup(format!("{path} is of the deployment `{other}`, not `{name}`")));
        }
        record.name.clone_from(name);
    }
    // before anything is sent: a record that can't be kept must not be begun
    record.write(path)?;
    let mut tally = Tally::new(session.format());
    deploy(open.network(), &mut record, &mut |record, step, progress| {
        record.write(path).map_err(ChainError::setup)?;
        tally.tell(step, progress);
        Ok(())
    })?;
    session.keep(&open)?;
    let findings = verify(open.network(), &record)?;
    let (done, gas) = (tally.done, tally.gas);
    let said = json!({
        "deployment": path, "chain_id": record.chain_id, "name": record.name, "done": done, "gas_used": gas,
        "steps": tally.lines, "findings": findings,
    });
    print_contracts(session, &open.contracts(), said);
    if session.format() == Format::Table {
        match done {
            0 => say!("everything was there"),
            _ => say!("{done} steps, {} gas; recorded in {}", grouped(&gas.to_string()), path.display()),
        }
    }
    if findings.is_empty() {
        return Ok(());
    }
    let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
    let text = format!("not as the manifest says: {}", lines.join("; "));
    Err(Failure::Refused { code: None, text })
}

/// What the steps of a deployment did.
struct Tally {
    format: Format,
    done: usize,
    gas: u64,
    lines: Vec<Value>,
}

impl Tally {
    fn new(format: Format) -> Self {
        Self { format, done: 0, gas: 0, lines: Vec::new() }
    }

    fn tell(&mut self, step: &Step, progress: &Progress) {
        let (name, sent) = (step.name(), sent(progress));
        let gas = sent.and_then(|answer| answer.gas_used).unwrap_or_default();
        self.done += usize::from(sent.is_some());
        self.gas += gas;
        let (height, hash) = (sent.map(|answer| answer.height), sent.and_then(|answer| answer.hash.as_ref()));
        let line =
            json!({ "step": name, "done": sent.is_some(), "height": height, "gas_used": gas, "hash": hash });
        self.lines.push(line);
        // the JSON comes once, at the end
        if self.format == Format::Table {
            match sent {
                Some(answer) => {
                    let gas = grouped(&gas.to_string());
                    say!("{name}: block {}, {gas} gas", answer.height);
                }
                None => say!("{name}: there"),
            }
        }
    }
}

/// The transaction that a step took, if it took one.
fn sent(progress: &Progress) -> Option<&Answer> {
    match progress {
        Progress::Done(answer) if answer.height > 0 => Some(answer),
        _ => None,
    }
}

/// Migrates, and records what runs now.
pub fn run_migrate(session: &Session, args: &MigrateArgs) -> Result<(), Failure> {
    session.real_only("migrate", "the embedded chain runs the contracts that are built into it")?;
    let path = session.record_path();
    let mut record = Deployment::read(path)?;
    let mut open = session.begin(record.manifest.clone(), &args.wasm)?;
    record.is_of(open.network())?;
    for (name, address) in record.addresses() {
        open.network().names_mut().add_contract(&name, address);
    }
    let names = if args.contract == "all" { migratable(&record) } else { vec![args.contract.clone()] };
    for name in names {
        let progress = migrate(open.network(), &mut record, &name)?;
        record.write(path)?;
        let contract = record.contract(&name)?;
        let (code, checksum) = (contract.code.id, &contract.code.checksum);
        let answer = sent(&progress);
        let (gas, height) = (answer.and_then(|answer| answer.gas_used), answer.map(|answer| answer.height));
        match session.format() {
            Format::Json => say!(
                "{}",
                json!({
                    "contract": name, "migrated": answer.is_some(), "code": code, "checksum": checksum,
                    "height": height, "gas_used": gas, "hash": answer.and_then(|answer| answer.hash.as_ref()),
                })
            ),
            Format::Table => match height {
                Some(height) => {
                    let gas = grouped(&gas.unwrap_or_default().to_string());
                    say!("{name}: runs code {code} since block {height}, {gas} gas");
                }
                None => say!("{name}: runs this build already, code {code}"),
            },
        }
    }
    Ok(())
}

/// Deploys a manifest anew, for a run that is to find nothing but what it does itself.
pub fn fresh(session: &Session, manifest: Manifest, wasm: &Path) -> Result<(Open, Deployment), Failure> {
    manifest.check()?;
    let mut open = session.begin(manifest.clone(), wasm)?;
    let network = open.network();
    let now = network.block()?;
    let mut record = Deployment::new(&network.chain_id(), manifest)?;
    record.name = format!("run-{}-{}", now.height, std::process::id());
    deploy(network, &mut record, &mut |_, _, _| Ok(()))?;
    open.audits(Audits::Books);
    Ok((open, record))
}
