//! Steps at the par reserve.

use sdp_embedded::{Actions, Swapping};
use sdp_reference::message::{Message, ReserveMessage, Then as ToldThen};
use sdp_reference::number::{ratio, whole};
use sdp_types::{pool, reserve, Amount, Ratio};

use super::{small, Ask, Twin};
use crate::step::{Step, Then, Who, DOLLAR, LISTED};

impl Twin {
    pub(super) fn swap(&mut self, step: &Step) -> Result<(), String> {
        let kind = step.kind();
        let owned = |who: Option<Who>| who.map(str::to_string);
        let reserve_message = |message| Ask::of(Message::Reserve(message));
        match *step {
            Step::SwapIn { who, amount, least, then } => {
                let (told, asked) = match then {
                    Then::Pay { to, accepted } => {
                        let accepted_haircut = (accepted > 0).then(|| Ratio::new(accepted));
                        let recipient = to.map(|to| self.address(to));
                        (
                            ToldThen::Pay { recipient: owned(to), accepted: ratio(accepted) },
                            reserve::Then::Pay { recipient, accepted_haircut },
                        )
                    }
                    Then::Margin { market, owner, account } => {
                        let beneficiary = owner.map(|owner| self.address(owner));
                        let address = self.address(LISTED[market]);
                        (
                            ToldThen::Margin { market, beneficiary: owned(owner), account },
                            reserve::Then::Margin { market: address, beneficiary, account },
                        )
                    }
                    Then::Burn { vault, owner } => {
                        let address = owner.map(|owner| self.address(owner));
                        (
                            ToldThen::Burn { vault, owner: owned(owner) },
                            reserve::Then::Burn { vault: small(vault), owner: address },
                        )
                    }
                };
                let ask = ReserveMessage::SwapIn {
                    token: 0,
                    amount: whole(amount),
                    least: least.map(whole),
                    then: told,
                };
                self.send(kind, who, reserve_message(ask), |chain| {
                    chain.swap_in(who, DOLLAR, Amount::new(amount), least.map(Amount::new), Some(asked))
                })
            }
            Step::SwapOut { who, amount, least, to, accepted } => {
                let ask = ReserveMessage::SwapOut {
                    token: 0,
                    amount: whole(amount),
                    least: least.map(whole),
                    recipient: owned(to),
                    accepted: ratio(accepted),
                };
                let recipient = to.map(|to| self.address(to));
                let accepted_haircut = (accepted > 0).then(|| Ratio::new(accepted));
                let least = least.map(Amount::new);
                let hook = reserve::Hook::SwapOut { token: 0, least, recipient, accepted_haircut };
                self.send(kind, who, reserve_message(ask), |chain| {
                    chain.send_tokens(who, "sdusd", "reserve", Amount::new(amount), &hook)
                })
            }
            Step::Revalue { who } => {
                let ask = ReserveMessage::Revalue { token: 0 };
                self.send(kind, who, reserve_message(ask), |chain| chain.revalue(who, DOLLAR))
            }
            Step::SweepReserve { who, sdusd } => {
                let ask = ReserveMessage::Sweep { token: (!sdusd).then_some(0) };
                let token = pool::Token::Cw20(self.address(if sdusd { "sdusd" } else { DOLLAR }));
                let msg = reserve::ExecuteMsg::Sweep { token };
                self.send(kind, who, reserve_message(ask), |chain| chain.execute(who, "reserve", &msg, &[]))
            }
            ref other => Err(format!("{other:?} is nothing for the par reserve")),
        }
    }
}
