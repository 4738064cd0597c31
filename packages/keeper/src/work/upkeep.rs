//! What keeps the books tidy and brings its keeper nothing: samples, ceilings, sweeps.

use sdp_network::error::Result;
use sdp_network::Actions;
use sdp_types::{market, oracle, pool};

use super::{markets, Ours, Pace, View, Work};
use crate::job::{Job, Kind};

/// When it was last looked at.
#[derive(Default)]
pub struct Upkeep {
    pace: Pace,
    poked: Option<u64>,
}

impl Work for Upkeep {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Sample, Kind::Poke, Kind::Adjust, Kind::Sweep]
    }

    fn find(&mut self, view: &View<'_>, ours: &mut Ours<'_>) -> Result<Vec<Job>> {
        if !self.pace.is_due(view.block.height, view.config.upkeep) {
            return Ok(Vec::new());
        }
        let mut jobs = Vec::new();
        let mut push = |kind, key: &str, message| {
            if ours.is(key) {
                jobs.push(Job::of(kind, key, message));
            }
        };
        let manifest = view.network.manifest();
        if manifest.oracle.measurement.is_some() {
            push(Kind::Sample, "sample", view.call("oracle", &oracle::ExecuteMsg::Sample {})?);
        }
        for ceiling in view.network.ceilings()?.into_iter().filter(|ceiling| ceiling.line != ceiling.target) {
            let key = format!("ceiling {:?}", ceiling.of);
            let adjust = pool::ExecuteMsg::AdjustCeiling { of: ceiling.of };
            push(Kind::Adjust, &key, view.call("pool", &adjust)?);
        }
        push(Kind::Adjust, "depth", view.call("pool", &pool::ExecuteMsg::AdjustDepth {})?);
        push(Kind::Sweep, "sweep", view.call("pool", &pool::ExecuteMsg::Sweep {})?);
        for (name, _) in markets(view.network)? {
            if self.poked.is_none_or(|poked| view.block.time >= poked.saturating_add(view.config.poke)) {
                push(Kind::Poke, &format!("poke {name}"), view.call(&name, &market::ExecuteMsg::Poke {})?);
            }
        }
        if jobs.iter().any(|job| job.kind == Kind::Poke) {
            self.poked = Some(view.block.time);
        }
        Ok(jobs)
    }
}
