//! Steps of those who trade synthetics.

use sdp_embedded::{Actions, Synthetics};
use sdp_reference::message::{BuyExact, Message, SellExact, SpotMessage};
use sdp_reference::number::{ratio, whole};
use sdp_types::{spot, Amount, Ratio, Usd};

use super::{short, Ask, Twin};
use crate::step::{Exact, Step, Who, SYNTHETICS};

impl Twin {
    pub(super) fn trade_synthetics(&mut self, step: &Step) -> Result<(), String> {
        let kind = step.kind();
        let owned = |who: Option<Who>| who.map(str::to_string);
        let spot_message = |message| Ask::of(Message::Spot(message));
        match *step {
            Step::Buy { who, synthetic, paid, exact, expires_in, to } => {
                let (told, asked) = match exact {
                    Exact::In(least) => (
                        BuyExact::In { least: least.map(whole) },
                        spot::BuyExact::In { least: least.map(Amount::new) },
                    ),
                    Exact::Out(amount) => (
                        BuyExact::Out { amount: whole(amount) },
                        spot::BuyExact::Out { amount: Amount::new(amount) },
                    ),
                };
                let (paid, recipient) = (paid, owned(to));
                let ask =
                    SpotMessage::Buy { synthetic, paid: whole(paid), exact: told, expires_in, recipient };
                let recipient = to.map(|to| self.address(to));
                let hook =
                    spot::Hook::Buy { synthetic: short(synthetic), exact: asked, expires_in, recipient };
                self.send(kind, who, spot_message(ask), |chain| {
                    chain.send_tokens(who, "sdusd", "spot", Amount::new(paid), &hook)
                })
            }
            Step::Sell { who, synthetic, amount, exact, expires_in, to } => {
                let (told, asked) = match exact {
                    Exact::In(least) => (
                        SellExact::In { least: least.map(whole) },
                        spot::SellExact::In { least: least.map(Usd::new) },
                    ),
                    Exact::Out(usd) => {
                        (SellExact::Out { usd: whole(usd) }, spot::SellExact::Out { usd: Usd::new(usd) })
                    }
                };
                let recipient = owned(to);
                let ask = SpotMessage::Sell {
                    synthetic,
                    amount: whole(amount),
                    exact: told,
                    expires_in,
                    recipient,
                };
                let recipient = to.map(|to| self.address(to));
                let hook =
                    spot::Hook::Sell { synthetic: short(synthetic), exact: asked, expires_in, recipient };
                self.send(kind, who, spot_message(ask), |chain| {
                    chain.send_tokens(who, SYNTHETICS[synthetic], "spot", Amount::new(amount), &hook)
                })
            }
            Step::SettleSynthetic { who, synthetic, limit } => {
                let ask = SpotMessage::Settle { synthetic, limit };
                self.send(kind, who, spot_message(ask), |chain| {
                    chain.settle_synthetic(who, short(synthetic), limit)
                })
            }
            Step::CancelSynthetic { who, synthetic, order } => {
                let ask = SpotMessage::Cancel { synthetic, order };
                self.send(kind, who, spot_message(ask), |chain| {
                    chain.cancel_synthetic(who, short(synthetic), order)
                })
            }
            Step::Collect { who, amount, to, accepted } => {
                let (told, recipient) = (amount.map(whole), owned(to));
                let ask = SpotMessage::Collect { amount: told, recipient, accepted: ratio(accepted) };
                let recipient = to.map(|to| self.address(to));
                let accepted_haircut = (accepted > 0).then(|| Ratio::new(accepted));
                let amount = amount.map(Usd::new);
                let msg = spot::ExecuteMsg::Collect { amount, recipient, accepted_haircut };
                self.send(kind, who, spot_message(ask), |chain| chain.execute(who, "spot", &msg, &[]))
            }
            Step::SweepSynthetic { who, synthetic } => {
                let ask = SpotMessage::Sweep { synthetic };
                self.send(kind, who, spot_message(ask), |chain| chain.sweep_synthetic(who, short(synthetic)))
            }
            Step::BurnSynthetic { who, synthetic, amount } => {
                let token = SYNTHETICS[synthetic];
                let burn = cw20::Cw20ExecuteMsg::Burn { amount: amount.into() };
                let message = Message::BurnOwn { token: token.into(), amount: whole(amount) };
                self.send(kind, who, Ask::of(message), |chain| chain.execute(who, token, &burn, &[]))
            }
            Step::PokeSynthetics { who } => {
                self.send(kind, who, spot_message(SpotMessage::Poke), |chain| chain.poke_synthetics(who))
            }
            ref other => Err(format!("{other:?} is nothing for synthetics")),
        }
    }
}
