//! Orders that have their price, and conditional ones that are due.

use sdp_network::error::Result;
use sdp_network::{Actions, Conditionals, Synthetics, SPOT};
use sdp_types::{market, orders, spot};

use super::{markets, unless_refused, Ours, View, Work};
use crate::job::{Job, Kind};

/// Nothing is remembered: perpetuals and synthetics say whether orders wait.
#[derive(Default)]
pub struct Orders;

impl Work for Orders {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Settle, Kind::Arm]
    }

    fn find(&mut self, view: &View<'_>, ours: &mut Ours<'_>) -> Result<Vec<Job>> {
        let mut jobs = Vec::new();
        let limit = view.config.batch;
        for (name, _) in markets(view.network)? {
            let perps = view.network.perps(&name)?;
            for perp in perps.iter().filter(|perp| perp.next_settled < perp.next_order) {
                let key = format!("{name} perpetual {}", perp.perp);
                if ours.is(&key) {
                    let settle = market::ExecuteMsg::Settle { perp: perp.perp, limit };
                    jobs.push(Job::of(Kind::Settle, key, view.call(&name, &settle)?));
                }
            }
            jobs.extend(due(view, ours, &name)?);
        }
        if view.network.manifest().spot.is_some() {
            for synthetic in unless_refused(view.network.synthetics())? {
                let key = format!("synthetic {}", synthetic.synthetic);
                if synthetic.next_settled < synthetic.next_order && ours.is(&key) {
                    let settle = spot::ExecuteMsg::Settle { synthetic: synthetic.synthetic, limit };
                    jobs.push(Job::of(Kind::Settle, key, view.call(SPOT, &settle)?));
                }
            }
        }
        Ok(jobs)
    }
}

/// Conditional orders of a market that are due, in batches.
fn due(view: &View<'_>, ours: &mut Ours<'_>, market: &str) -> Result<Vec<Job>> {
    let manifest = view.network.manifest();
    if !manifest.conditionals().any(|(_, of)| of.name == market) {
        return Ok(Vec::new());
    }
    let contract = view.network.orders_contract(market)?;
    let due = view.network.due_orders(market)?;
    let due: Vec<_> = due.into_iter().filter(|id| ours.is(&format!("{contract} {id}"))).collect();
    let batch = |ids: &[u64]| {
        let message = view.call(&contract, &orders::ExecuteMsg::Arm { ids: ids.to_vec() })?;
        let items: Vec<_> = ids.iter().map(|id| format!("{contract} {id}")).collect();
        let key = items.first().cloned().unwrap_or_default();
        Ok(Job { items, ..Job::of(Kind::Arm, key, message) })
    };
    due.chunks(usize::try_from(view.config.batch.max(1)).unwrap_or(1)).map(batch).collect()
}
