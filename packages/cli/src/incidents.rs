//! `sdp incidents`: what happened to others, played with the guard that stops it here and without.

use std::path::Path;

use sdp_embedded::{Play, Replayed};
use sdp_network::scenario::{Incident, Scenario, INCIDENTS};
use serde_json::{json, Value};

use crate::failure::Failure;
use crate::output::{self, Format};

/// Which incidents.
#[derive(clap::Args)]
pub struct Args {
    /// Names of incidents, or scenario files that have one; all by default. Of a single one everything is told.
    which: Vec<String>,
    /// Only list them, without playing.
    #[arg(long)]
    list: bool,
}

/// Plays each twice; refused where a loss is not what the file claims.
pub fn run(args: &Args, format: Format) -> Result<(), Failure> {
    let all = chosen(&args.which)?;
    if args.list {
        list(&all, format);
        return Ok(());
    }
    let mut played = Vec::new();
    for (name, scenario, _) in &all {
        let replayed = Replayed::of(scenario);
        played.push(replayed.map_err(|error| Failure::setup(format!("{name}: {error:#}")))?);
    }
    match (format, &played[..]) {
        (Format::Json, _) => say!("{}", Value::from(played.iter().map(as_json).collect::<Vec<_>>())),
        (Format::Table, [one]) if !args.which.is_empty() => tell(one),
        (Format::Table, _) => table(&played),
    }
    let broken: Vec<_> = all
        .iter()
        .zip(&played)
        .flat_map(|((name, ..), played)| {
            played.broken_claims().into_iter().map(move |claim| format!("{name}: {claim}"))
        })
        .collect();
    if broken.is_empty() {
        return Ok(());
    }
    Err(Failure::Refused { code: None, text: broken.join("; ") })
}

/// Name, scenario and incident of each.
fn chosen(which: &[String]) -> Result<Vec<(String, Scenario, Incident)>, Failure> {
    let built_in: Vec<String> = INCIDENTS.iter().map(|(name, _)| (*name).to_string()).collect();
    let names = if which.is_empty() { &built_in[..] } else { which };
    let one = |name: &String| {
        let text = INCIDENTS.iter().find(|(known, _)| known == name).map(|(_, text)| text);
        let scenario = text.map_or_else(|| Scenario::read(Path::new(name)), |text| Scenario::parse(text));
        let scenario = scenario.map_err(|error| Failure::setup(format!("{name}: {error}")))?;
        let incident = scenario.incident.clone();
        let incident = incident.ok_or_else(|| Failure::setup(format!("{name}: it has no `incident`")))?;
        Ok((name.clone(), scenario, incident))
    };
    names.iter().map(one).collect()
}

fn list(all: &[(String, Scenario, Incident)], format: Format) {
    match format {
        Format::Json => {
            let entry = |(name, _, incident): &(String, Scenario, Incident)| json!({ "file": name, "incident": incident });
            say!("{}", Value::from(all.iter().map(entry).collect::<Vec<_>>()));
        }
        Format::Table => {
            let row = |(name, _, incident): &(String, Scenario, Incident)| {
                vec![name.clone(), incident.date.clone(), incident.what.clone()]
            };
            output::table(&["incident", "when", "what happened"], all.iter().map(row));
        }
    }
}

fn table(played: &[Replayed]) {
    let row = |played: &Replayed| {
        let Incident { name, lost, guard, .. } = &played.incident;
        vec![name.clone(), lost.clone(), guard.clone(), loss(&played.without), loss(&played.with)]
    };
    let header = ["incident", "lost then", "guard", "loss without, USD", "loss with, USD"];
    output::table(&header, played.iter().map(row));
}

/// Whole USD, and whether the books balance afterwards.
fn loss(play: &Play) -> String {
    let usd = output::signed(play.loss);
    let whole = usd.split_once('.').map_or(usd.as_str(), |(whole, _)| whole).to_string();
    if play.unbalanced.is_empty() {
        whole
    } else {
        format!("{whole}, and the books don't balance")
    }
}

fn tell(played: &Replayed) {
    let Incident { name, date, what, sources, lost, scale, guard, loss: claim, derived, .. } =
        &played.incident;
    let sources = if sources.is_empty() { "none: an attack of our own".into() } else { sources.join("\n") };
    let bounds = format!("at least {} without, at most {} with", claim.at_least, claim.at_most);
    let mut rows = vec![
        ("incident".to_string(), format!("{name}, {date}")),
        ("what happened".into(), what.clone()),
        ("lost then".into(), lost.clone()),
        ("sources".into(), sources),
        ("in this file".into(), scale.clone()),
        ("guard".into(), guard.clone()),
        ("loss without, USD".into(), output::signed(played.without.loss)),
        ("loss with, USD".into(), output::signed(played.with.loss)),
        ("claimed, USD".into(), bounds),
        ("derived".into(), derived.clone()),
    ];
    if !played.without.unbalanced.is_empty() {
        rows.push(("books without".into(), played.without.unbalanced.join("\n")));
    }
    for (play, how) in [(&played.with, "with the guard"), (&played.without, "without it")] {
        for report in play.refused() {
            let error = report.error.clone().unwrap_or_default();
            rows.push((format!("step {}, second {}", report.step, report.at), format!("{how}: {error}")));
        }
    }
    output::fields(rows);
}

fn as_json(played: &Replayed) -> Value {
    let play = |play: &Play| json!({ "loss": play.loss, "unbalanced": play.unbalanced });
    json!({
        "incident": played.incident,
        "without": play(&played.without),
        "with": play(&played.with),
        "broken_claims": played.broken_claims(),
    })
}
