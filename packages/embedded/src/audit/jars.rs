//! Conditional orders: what their owners have there.

use sdp_network::error::Result;
use sdp_network::{Actions, Conditionals};
use sdp_types::math::Wide;
use sdp_types::orders::{OrderResponse, QueryMsg};

use super::{Findings, Rule};
use crate::chain::Chain;

impl Chain {
    /// Jars and what every order has reserved, added up; and each order stands in the list of its account.
    pub(super) fn check_jars(&self, findings: &mut Findings) -> Result<()> {
        for (name, market) in self.manifest.conditionals() {
            let totals = self.orders_totals(&market.name)?;
            let mut owed = Wide::ZERO;
            for jar in self.jars(&market.name)? {
                owed = owed.plus(jar.amount.wide())?;
            }
            for id in 0..totals.next {
                let order: OrderResponse = match self.query(&name, &QueryMsg::Order { id }) {
                    Ok(order) => order,
                    Err(error) if error.says("E0902") => continue,
                    Err(error) => return Err(error),
                };
                owed = owed.plus(order.reserved.wide())?;
                let (owner, account) = (order.owner.clone(), order.account);
                let start_after = id.checked_sub(1);
                let ask = QueryMsg::Orders { owner, account, start_after, limit: Some(1) };
                let listed: Vec<OrderResponse> = self.query(&name, &ask)?;
                let listed = listed.first().map_or(u64::MAX, |order| order.id);
                findings.same(Rule::Jars, format!("{name}: order"), Wide::from(id), Wide::from(listed));
            }
            findings.same(Rule::Jars, &name, owed, totals.held.wide());
        }
        Ok(())
    }
}
