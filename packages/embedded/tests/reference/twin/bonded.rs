//! Steps at the desk of bonded markets, and of the doubles that are such markets.

use cosmwasm_std::{to_json_binary, Binary};
use cw_multi_test::ContractWrapper;
use sdp_embedded::{events, Answer, Bonding, Chain, DESK};
use sdp_hostile::msg::{ExecuteMsg, InstantiateMsg, Relayed};
use sdp_reference::message::{DeskMessage, Message, PoolMessage};
use sdp_reference::number::{decimal, ratio, whole};
use sdp_reference::{Funding, Record, Shown};
use sdp_types::bonded::{self, DeskMsg};
use sdp_types::events::{BondedQuarantined, ChangeQueued};
use sdp_types::exposure::{Exposure, FeedQuantity, FundingPolynomial, NUMERATOR_ONE};
use sdp_types::math::Wide;
use sdp_types::pool::{self, MarketMsg};
use sdp_types::record::Record as _;
use sdp_types::{Ratio, SignedUsd, Size, Usd};

use super::{Ask, Twin};
use crate::step::{Does, Says, Step, Told, Who};

/// A contract that does whatever it is told to.
pub fn add_double(chain: &mut Chain, name: &str) {
    let code = ContractWrapper::new(
        sdp_hostile::contract::execute,
        sdp_hostile::contract::instantiate,
        sdp_hostile::contract::query,
    );
    chain.add_contract(name, Box::new(code), &InstantiateMsg {}).unwrap();
}

/// Why a market was put into quarantine, if one was.
pub fn quarantined(response: &Answer) -> Option<u16> {
    let told = events::<BondedQuarantined>(response).unwrap();
    told.first().map(|told| told.code.trim_start_matches('E').parse().unwrap())
}

/// Funding of a double goes on for so long.
const LASTS: u64 = 3_600;

/// The bytes, and what the model knows of them.
fn bytes(now: u64, says: Says) -> (Vec<u8>, Shown) {
    let told = match says {
        Says::Nonsense(length) => {
            let bytes = vec![0xff; length];
            return (bytes, Shown { bytes: length, record: None, more: false });
        }
        Says::Owes(told) => told,
    };
    let Told { age, base, drawn, fees, shortfalls, open_positions, linear, quantities, behind } = told;
    let as_of = now.saturating_add_signed(-age);
    let unit = Wide::from(NUMERATOR_ONE);
    let funding = FundingPolynomial {
        linear: unit.times(Wide::from(i128::from(linear))).unwrap(),
        lasts: LASTS,
        ..FundingPolynomial::default()
    };
    let entries = quantities.into_iter().flatten();
    let exposure = Exposure {
        as_of,
        base: SignedUsd::new(base),
        drawn: Usd::new(drawn),
        fees: Usd::new(fees),
        shortfalls: Usd::new(shortfalls),
        open_positions,
        funding,
        quantities: entries
            .clone()
            .map(|(feed, size)| FeedQuantity { feed, quantity: Size::new(size) })
            .collect(),
    };
    let mut bytes = exposure.encode().unwrap();
    bytes.extend(vec![7; behind]);
    let zero = || decimal(0, 0);
    let record = Record {
        as_of,
        base: whole(base),
        drawn: whole(drawn),
        fees: whole(fees),
        shortfalls: whole(shortfalls),
        open_positions,
        funding: Funding { constant: zero(), linear: whole(linear), quadratic: zero(), lasts: LASTS },
        quantities: entries.map(|(feed, size)| (feed.into(), ratio(size))).collect(),
    };
    let shown = Shown { bytes: bytes.len(), record: Some(record), more: behind > 0 };
    (bytes, shown)
}

impl Twin {
    /// A message of a double to the desk, as both have it.
    fn relayed(&self, does: Does) -> (DeskMessage, Binary) {
        match does {
            Does::Push(says) => {
                let (bytes, shown) = bytes(self.now(), says);
                let sent = DeskMsg::Push { record: bytes.into() };
                (DeskMessage::Push(Box::new(shown)), to_json_binary(&sent).unwrap())
            }
            Does::Announce(amount) => {
                let sent = DeskMsg::RequestDraw { amount: Usd::new(amount) };
                (DeskMessage::RequestDraw { amount: whole(amount) }, to_json_binary(&sent).unwrap())
            }
            Does::Draw { amount, to, accepted } => {
                let told = DeskMessage::Draw {
                    amount: whole(amount),
                    recipient: to.into(),
                    accepted: ratio(accepted),
                };
                let accepted_haircut = (accepted > 0).then(|| Ratio::new(accepted));
                let (amount, recipient) = (Usd::new(amount), self.address(to));
                let sent = MarketMsg::Draw { amount, recipient, accepted_haircut };
                (told, to_json_binary(&sent).unwrap())
            }
        }
    }

    /// Twenty seconds after the owner has asked for it.
    fn approve(&mut self, who: Who, market: Who, usd: u64) -> Result<(), String> {
        let desk = self.model.desk.as_ref();
        if !desk.is_some_and(|desk| desk.shows_no_quantities(market)) {
            return self.at_the_desk(&Step::Graduate { who, market });
        }
        let change =
            pool::Change::AddMarket { market: self.address(market), line: Usd::whole(usd), bonded: false };
        let msg = pool::ExecuteMsg::Configure { change };
        let mut queued = None;
        self.send("configure", "olga", Ask::of(Message::Pool(PoolMessage::Sync)), |chain| {
            let done = sdp_embedded::Actions::execute(chain, "olga", "pool", &msg, &[])?;
            queued = events::<ChangeQueued>(&done).unwrap().pop();
            Ok(done)
        })?;
        let queued = queued.ok_or("the owner has listed a market at once")?;
        self.chain.advance(queued.ready_at.saturating_sub(self.now()));
        let ask = Message::Approve { market: market.into(), line: whole(Usd::whole(usd).raw()) };
        let kind = Step::Approve { who, market, usd }.kind();
        self.send(kind, who, Ask::of(ask), |chain| chain.graduate_market(who, market, Some(queued.id)))
    }

    pub(super) fn at_the_desk(&mut self, step: &Step) -> Result<(), String> {
        let kind = step.kind();
        let desk = |message| Ask::of(Message::Desk(message));
        match *step {
            Step::Bond { who, market, amount } => {
                let ask = DeskMessage::Open { market: market.into(), bond: whole(amount) };
                self.send(kind, who, desk(ask), |chain| chain.bond_market(who, market, Usd::new(amount)))
            }
            Step::TopUp { who, market, amount } => {
                let ask = DeskMessage::TopUp { market: market.into(), amount: whole(amount) };
                self.send(kind, who, desk(ask), |chain| chain.top_up_bond(who, market, Usd::new(amount)))
            }
            Step::PayIn { who, market, amount } => {
                let ask = DeskMessage::PayIn { market: market.into(), amount: whole(amount) };
                self.send(kind, who, desk(ask), |chain| chain.pay_in_for(who, market, Usd::new(amount)))
            }
            Step::Act { who, market, show, sends } => {
                let show = show.map(|says| bytes(self.now(), says));
                let sends: Vec<_> = sends.into_iter().flatten().map(|does| self.relayed(does)).collect();
                let contract = self.address(DESK);
                let send =
                    sends.iter().map(|(_, msg)| Relayed { contract: contract.clone(), msg: msg.clone() });
                let asked = ExecuteMsg::Act {
                    show: show.as_ref().map(|(bytes, _)| Binary::from(bytes.clone())),
                    send: send.collect(),
                };
                let message = Message::Act {
                    contract: market.into(),
                    show: show.map(|(_, shown)| Box::new(shown)),
                    sends: sends.into_iter().map(|(told, _)| told).collect(),
                };
                self.send(kind, who, Ask::of(message), |chain| {
                    sdp_embedded::Actions::execute(chain, who, market, &asked, &[])
                })
            }
            Step::Mark { who, market } => {
                let ask = DeskMessage::Mark { market: market.into() };
                self.send(kind, who, desk(ask), |chain| chain.mark_market(who, market))
            }
            Step::Quarantine { who, market } => {
                let ask = DeskMessage::Quarantine { market: market.into() };
                self.send(kind, who, desk(ask), |chain| chain.quarantine_market(who, market))
            }
            Step::Resolve { who, market, claim } => {
                let ask = DeskMessage::Resolve { market: market.into(), claim: whole(claim) };
                self.send(kind, who, desk(ask), |chain| chain.resolve_market(who, market, Usd::new(claim)))
            }
            Step::CloseBonded { who, market } => {
                let ask = DeskMessage::Close { market: market.into() };
                self.send(kind, who, desk(ask), |chain| chain.close_market(who, market))
            }
            Step::Graduate { who, market } => {
                let ask = DeskMessage::Graduate { market: market.into() };
                self.send(kind, who, desk(ask), |chain| chain.graduate_market(who, market, None))
            }
            Step::Approve { who, market, usd } => self.approve(who, market, usd),
            Step::SweepDesk { who } => self.send(kind, who, desk(DeskMessage::Sweep), |chain| {
                sdp_embedded::Actions::execute(chain, who, DESK, &bonded::ExecuteMsg::Sweep {}, &[])
            }),
            ref other => Err(format!("{other:?} is nothing for the desk")),
        }
    }
}
