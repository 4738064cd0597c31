//! Steps of those whose tokens are margin, and of those who sell and buy them.

use sdp_embedded::{TakeTokens, TokenMargin};
use sdp_reference::message::{CustodyMessage, Message, TakeTokens as Told};
use sdp_reference::number::{price, whole};
use sdp_types::{Amount, Price, Usd};

use super::{Ask, Twin};
use crate::step::{Step, Who, PLEDGED};

impl Twin {
    pub(super) fn pledge(&mut self, step: &Step) -> Result<(), String> {
        let kind = step.kind();
        let owned = |who: Option<Who>| who.map(str::to_string);
        let custody = |message| Ask::of(Message::Custody(message));
        match *step {
            Step::Pledge { who, token, amount, account, owner } => {
                let beneficiary = owned(owner);
                let ask = CustodyMessage::Deposit { token, amount: whole(amount), beneficiary, account };
                self.send(kind, who, custody(ask), |chain| {
                    chain.deposit_token_margin(who, PLEDGED[token], account, Amount::new(amount), owner)
                })
            }
            Step::Unpledge { who, account, token, amount, to } => {
                let recipient = owned(to);
                let ask = CustodyMessage::Withdraw { account, token, amount: whole(amount), recipient };
                self.send(kind, who, custody(ask), |chain| {
                    chain.withdraw_token_margin(who, PLEDGED[token], account, Amount::new(amount), to)
                })
            }
            Step::SellTokens { who, owner, account } => {
                let ask = CustodyMessage::Sell { owner: owner.into(), account };
                self.send(kind, who, custody(ask), |chain| chain.sell_tokens(who, owner, account))
            }
            Step::RedoSale { who, owner, account } => {
                let ask = CustodyMessage::Redo { owner: owner.into(), account };
                self.send(kind, who, custody(ask), |chain| chain.redo_token_sale(who, owner, account))
            }
            Step::StopSale { who, owner, account } => {
                let ask = CustodyMessage::Stop { owner: owner.into(), account };
                self.send(kind, who, custody(ask), |chain| chain.stop_token_sale(who, owner, account))
            }
            Step::TakeTokens { who, owner, account, payment, amount, max_price, to } => {
                let take = Told {
                    payment: whole(payment),
                    amount: whole(amount),
                    maximum_price: price(max_price),
                    recipient: owned(to),
                };
                let ask = CustodyMessage::Take { owner: owner.into(), account, take };
                let take = TakeTokens {
                    owner,
                    account,
                    payment: Usd::new(payment),
                    amount: Amount::new(amount),
                    max_price: Price::new(max_price),
                    recipient: to,
                };
                self.send(kind, who, custody(ask), |chain| chain.take_tokens(who, &take))
            }
            ref other => Err(format!("{other:?} is nothing for the custody")),
        }
    }
}
