//! Every claim, order and token of the synthetics added up, and compared with what is booked.

use cosmwasm_std::{from_json, to_json_binary, Addr};
use cw20::{Cw20QueryMsg, TokenInfoResponse};
use sdp_types::exposure::{Exposure, FUNDING_PER_PRICE, NUMERATOR_ONE};
use sdp_types::math::Wide;
use sdp_types::record::{key, tag};
use sdp_types::spot::{OrderKind, REDEMPTION_ONE};
use sdp_types::units::ONE;

use super::{Findings, Rule};
use crate::chain::Chain;
use sdp_network::error::{ChainError, Result};
use sdp_network::{Actions, Network, Synthetics, SPOT};

impl Chain {
    pub(super) fn check_synthetics(&self, findings: &mut Findings) -> Result<()> {
        let totals = self.synthetic_totals()?;
        let record: Option<Exposure> = self.record(SPOT, &key(tag::EXPOSURE))?;
        let record = record.ok_or_else(|| ChainError::setup("the synthetics have no exposure record"))?;
        let claims = self.synthetic_claims()?.iter().map(|claim| claim.amount.raw()).sum::<u128>();
        findings.same(Rule::Claims, SPOT, claims, totals.claims.raw());

        let board = self.board()?;
        let (mut paid, mut frozen, mut open) = (0, 0, 0u64);
        let mut numerator = Wide::ZERO;
        for (synthetic, entry) in self.synthetics()?.iter().zip(&record.quantities) {
            let place = &synthetic.config.symbol;
            let (mut tokens, mut reserved) = (0, 0);
            for order in self.synthetic_orders(synthetic.synthetic)? {
                reserved += order.reserved.raw();
                match order.kind {
                    OrderKind::BuyFor { paid: locked, .. } | OrderKind::BuyExactly { paid: locked, .. } => {
                        paid += locked.raw();
                    }
                    OrderKind::SellAll { amount, .. } | OrderKind::SellFor { amount, .. } => {
                        tokens += amount.raw();
                    }
                }
            }
            findings.same(Rule::SpotLocked, place, tokens, synthetic.locked.raw());
            findings.same(Rule::Pending, place, reserved, synthetic.reserved.raw());
            // one that was added after the deployment has no name
            let token = Addr::unchecked(&synthetic.token);
            let question = to_json_binary(&Cw20QueryMsg::TokenInfo {})?;
            let info: TokenInfoResponse = from_json(self.ask(&token, &question, None)?)?;
            let there = self.cw20(&token, &self.contract(SPOT)?)?;
            findings.covers(Rule::Tokens, place, synthetic.supply.raw(), info.total_supply.u128());
            findings.covers(Rule::SpotLocked, place, there.raw(), tokens);

            // q = ⌊T·R⌋ of what is not frozen
            let one =
                Wide::from(10u128.pow(synthetic.config.decimals.into())).times(REDEMPTION_ONE.into())?;
            let units = synthetic.supply.wide().times(synthetic.redemption)?.times(ONE.into())?;
            let units = if synthetic.frozen.is_some() { Wide::ZERO } else { units.div_floor(one)? };
            findings.same(Rule::Quantity, place, units, entry.quantity.raw());
            if !units.is_zero() {
                let price = board.last(synthetic.config.feed)?.price.wide();
                numerator = numerator.plus(price.times(FUNDING_PER_PRICE.into())?.times(units)?)?;
            }
            frozen += synthetic.frozen.unwrap_or_default().raw();
            open += u64::from(!synthetic.supply.is_zero());
        }
        findings.same(Rule::SpotLocked, SPOT, paid, totals.locked.raw());
        findings.same(Rule::OpenPositions, SPOT, open, record.open_positions);
        let base = Wide::from(claims).plus(paid.into())?.plus(frozen.into())?.minus(totals.held.wide())?;
        findings.same(Rule::Base, SPOT, base, record.base.raw());
        let now = self.now();
        let funding = record.funding.at(record.as_of, now)?;
        let numerator = numerator.plus(base.times(NUMERATOR_ONE.into())?)?.plus(funding)?;
        let recorded = record.numerator(now, |feed, _| Ok(board.last(feed)?.price))?;
        findings.same(Rule::Numerator, SPOT, numerator, recorded);
        Ok(())
    }
}
