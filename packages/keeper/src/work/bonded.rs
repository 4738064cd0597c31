//! Bonded markets that are no longer what they say: somebody has to look for the desk to see it.

use sdp_network::error::Result;
use sdp_network::{Actions, Bonding, DESK};
use sdp_types::bonded::{BondedResponse, CheckResponse, ConfigResponse, ExecuteMsg, QueryMsg};

use super::{unless_refused, Ours, Pace, View, Work};
use crate::job::{Job, Kind};

/// When they were last looked at.
#[derive(Default)]
pub struct Bonded {
    pace: Pace,
}

impl Work for Bonded {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Mark]
    }

    fn find(&mut self, view: &View<'_>, ours: &mut Ours<'_>) -> Result<Vec<Job>> {
        let there = view.network.manifest().bonded.is_some();
        if !there || !self.pace.is_due(view.block.height, view.config.upkeep) {
            return Ok(Vec::new());
        }
        let config: ConfigResponse = view.network.query(DESK, &QueryMsg::Config {})?;
        let mut jobs = Vec::new();
        for bonded in view.network.bonded_markets()? {
            let key = format!("mark {}", bonded.market);
            if is_off(view, &bonded, config.params.max_age)? && ours.is(&key) {
                let mark = ExecuteMsg::Mark { market: bonded.market };
                jobs.push(Job::of(Kind::Mark, key, view.call(DESK, &mark)?));
            }
        }
        Ok(jobs)
    }
}

/// Whether a market has been silent for too long, shows something else than it pushed, or by prices of now owes or holds more than it may.
fn is_off(view: &View<'_>, bonded: &BondedResponse, max_age: u64) -> Result<bool> {
    if bonded.quarantine.is_some() {
        return Ok(false);
    }
    let age = view.block.time.saturating_sub(bonded.pushed_at);
    if bonded.closing.is_none() && age > max_age {
        return Ok(true);
    }
    // who has said nothing yet has not lied
    if bonded.record.is_none() {
        return Ok(false);
    }
    // nor has one that can't be asked for want of a price
    let checked = unless_refused(view.network.check_market(&bonded.market).map(Some))?;
    let off = |of: CheckResponse| of.as_pushed == Some(false) || of.refuses.is_some();
    Ok(checked.is_some_and(off))
}
