//! Bonded markets that are no longer what they say: somebody has to look for the desk to see it.

use sdp_network::error::Result;
use sdp_network::{Actions, Bonding, DESK};
use sdp_types::bonded::{BondedResponse, ConfigResponse, ExecuteMsg, QueryMsg};

use super::{unless_refused, Ours, View, Work};
use crate::job::{Job, Kind};

/// When they were last looked at.
#[derive(Default)]
pub struct Bonded {
    looked: Option<u64>,
}

impl Work for Bonded {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Mark]
    }

    fn find(&mut self, view: &View<'_>, ours: &mut Ours<'_>) -> Result<Vec<Job>> {
        let (height, every) = (view.block.height, view.config.upkeep);
        // what was somebody else's turn in the last block is looked at again in the next
        let waits = self.looked.is_some_and(|looked| height > looked + 1 && height < looked + every);
        if waits || view.network.manifest().bonded.is_none() {
            return Ok(Vec::new());
        }
        if self.looked.is_none_or(|looked| height >= looked + every) {
            self.looked = Some(height);
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
    // one that can't be asked for want of a price is no liar
    let checked = unless_refused(view.network.check_market(&bonded.market).map(Some))?;
    let off = |of: sdp_types::bonded::CheckResponse| of.as_pushed == Some(false) || of.refuses.is_some();
    Ok(bonded.record.is_some() && checked.is_some_and(off))
}
