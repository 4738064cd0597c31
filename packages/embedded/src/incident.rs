//! Incidents replayed: a scenario that says what it replays is played twice, with the guard that stops it here and without, and each
//! time the loss is measured.

mod wealth;

use anyhow::{anyhow, Context, Result};
use sdp_network::scenario::incident::Loss;
use sdp_network::scenario::{Incident, Run, Scenario, StepReport};
use sdp_types::SignedUsd;

use crate::audit::Audits;
use crate::chain::Chain;
use wealth::Wealth;

/// What came of one play.
#[derive(Clone, Debug, PartialEq)]
pub struct Play {
    /// What the attackers have gained or the victims lost, USD; negative where it is the other way round.
    pub loss: SignedUsd,
    /// Where the books don't balance in the end. Without its guard a pool may be lost that far; with it never.
    pub unbalanced: Vec<String>,
    /// Each step as it went.
    pub reports: Vec<StepReport>,
}

impl Play {
    /// Steps that the contracts refused: not those that went through or were answered, only otherwise than the file expects.
    pub fn refused(&self) -> impl Iterator<Item = &StepReport> {
        let refused = |report: &&StepReport| {
            report.error.is_some() && report.events.is_empty() && report.result.is_null()
        };
        self.reports.iter().filter(refused)
    }
}

/// An incident, played twice.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    /// What it is.
    pub incident: Incident,
    /// As the file says: with every guard.
    pub with: Play,
    /// The same steps without the guard of the incident.
    pub without: Play,
}

impl Replayed {
    /// Plays a scenario with and without the guard of its incident. Refused where it has none, and where a step does not go as the file
    /// says while the guard is on; without it steps may go any way.
    pub fn of(scenario: &Scenario) -> Result<Self> {
        let incident = scenario.incident.clone().context("the scenario has no `incident`")?;
        let with = play(scenario, &incident, true)?;
        if let Some(failed) = with.reports.iter().find(|report| !report.ok) {
            let error = failed.error.as_deref().unwrap_or_default();
            return Err(anyhow!("with its guard, step {} at {}: {error}", failed.step, failed.at));
        }
        let without = play(scenario, &incident, false)?;
        Ok(Self { incident, with, without })
    }

    /// What the file claims and the plays don't show.
    pub fn broken_claims(&self) -> Vec<String> {
        let Loss { at_most, at_least, .. } = &self.incident.loss;
        let usd = |amount| sdp_network::scenario::incident::Dollars(amount);
        let mut broken = Vec::new();
        if self.with.loss > at_most.0 {
            broken.push(format!("with its guard {} USD are lost, more than {at_most}", usd(self.with.loss)));
        }
        if self.without.loss < at_least.0 {
            broken.push(format!(
                "without its guard {} USD are lost, less than {at_least}",
                usd(self.without.loss)
            ));
        }
        broken
    }
}

/// One play. With the guard the books are audited after every step.
fn play(scenario: &Scenario, incident: &Incident, guarded: bool) -> Result<Play> {
    let mut alterations = incident.stage.clone();
    let manifest = if guarded {
        scenario.manifest()?
    } else {
        alterations.extend(&incident.without.code);
        scenario.unguarded()?
    };
    let mut chain = Chain::deploy_altered(manifest, &alterations)?;
    chain.audits = if guarded { Audits::Deep } else { Audits::Off };

    let since = incident.loss.since;
    let first = scenario.steps.iter().position(|step| step.at >= since);
    let first = first.context("`loss.since` is after the last step")?;
    let mut run = Run::new(scenario.clone(), &mut chain)?;
    let mut reports: Vec<_> = run.by_ref().take(first).collect();
    let start = Wealth::of(run.network(), &incident.loss)?;
    reports.extend(run.by_ref());
    if let Some(bug) = run.bug() {
        return Err(anyhow!("{bug}"));
    }
    let end = Wealth::of(run.network(), &incident.loss)?;
    let gained = end.value(run.network())?.minus(start.value(run.network())?)?;
    let loss = if incident.loss.gained_by.is_empty() { gained.negate()? } else { gained };
    let unbalanced = chain.audit_books()?.iter().map(ToString::to_string).collect();
    Ok(Play { loss, unbalanced, reports })
}
