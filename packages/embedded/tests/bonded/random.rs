//! Whatever a hostile market pushes, shows, draws and announces: the providers lose no more than its credit is beyond its bond, and everybody
//! else goes on.

use cosmwasm_std::{to_json_binary, Binary};
use proptest::prelude::*;
use sdp_embedded::{Actions, Audits, Bonding, World, DESK};
use sdp_hostile::msg::{ExecuteMsg, Relayed};
use sdp_types::bonded::DeskMsg;
use sdp_types::exposure::{Exposure, FeedQuantity, FundingPolynomial};
use sdp_types::math::Wide;
use sdp_types::pool::{Hook, MarketMsg};
use sdp_types::record::Record;
use sdp_types::units::{Amount, SignedUsd, Size, Usd};

use crate::{bonded_double, cost, owes, says, stage};

/// One thing that it does.
#[derive(Clone, Debug)]
enum Act {
    /// Shows and pushes these bytes.
    Says(Vec<u8>),
    /// Shows and pushes a record like this one, as of now.
    Owes(Box<Exposure>),
    /// Shows nothing any more.
    Hides,
    Draws(u64),
    Announces(u64),
    Waits(u64),
    PaidIn(u64),
    Marked,
    /// All of it within the hook of a CW20.
    Within(Vec<Act>),
}

fn record() -> impl Strategy<Value = Exposure> {
    let amount = || prop_oneof![(-80_000_000_000i128..80_000_000_000), any::<i128>()];
    let counter = || prop_oneof![9 => Just(0u128), 1 => any::<u128>()];
    let entry =
        (prop_oneof![0u16..6, any::<u16>()], prop_oneof![any::<i64>().prop_map(i128::from), any::<i128>()]);
    let quantities = prop::collection::vec(entry, 0..3);
    (amount(), counter(), counter(), counter(), quantities, any::<i64>(), any::<u64>()).prop_map(
        |(base, drawn, fees, shortfalls, quantities, linear, lasts)| Exposure {
            base: SignedUsd::new(base),
            drawn: Usd::new(drawn),
            fees: Usd::new(fees),
            shortfalls: Usd::new(shortfalls),
            quantities: quantities
                .into_iter()
                .map(|(feed, size)| FeedQuantity { feed, quantity: Size::new(size) })
                .collect(),
            funding: FundingPolynomial {
                linear: Wide::from(i128::from(linear)),
                lasts,
                ..Default::default()
            },
            ..Exposure::default()
        },
    )
}

fn simple() -> impl Strategy<Value = Act> {
    prop_oneof![
        1 => prop::collection::vec(any::<u8>(), 0..300).prop_map(Act::Says),
        2 => record().prop_map(|record| Act::Owes(Box::new(record))),
        6 => (0i128..60_000).prop_map(|whole| {
            let base = SignedUsd::new(whole * 1_000_000);
            Act::Owes(Box::new(Exposure { base, ..Exposure::default() }))
        }),
        1 => Just(Act::Hides),
        5 => (1u64..60_000).prop_map(Act::Draws),
        3 => (0u64..30_000).prop_map(Act::Announces),
        4 => (1u64..300_000).prop_map(Act::Waits),
        2 => (1u64..2_000).prop_map(Act::PaidIn),
        1 => Just(Act::Marked),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![9 => simple(), 1 => prop::collection::vec(simple(), 1..4).prop_map(Act::Within)]
}

/// What it shows then, if that changes, and what it sends.
fn relayed(world: &World, act: &Act) -> (Option<Vec<u8>>, Vec<Relayed>) {
    let to_desk = |msg: Binary| Relayed { contract: world.address(DESK).into(), msg };
    let push = |bytes: &[u8]| to_desk(to_json_binary(&DeskMsg::Push { record: bytes.into() }).unwrap());
    match act {
        Act::Says(bytes) => (Some(bytes.clone()), vec![push(bytes)]),
        Act::Owes(record) => {
            let bytes = Exposure { as_of: world.now(), ..(**record).clone() }.encode().unwrap();
            (Some(bytes.clone()), vec![push(&bytes)])
        }
        Act::Hides => (Some(Vec::new()), vec![]),
        Act::Draws(whole) => {
            let (amount, recipient) = (Usd::whole(*whole), world.address("eve").into_string());
            let draw = MarketMsg::Draw { amount, recipient, accepted_haircut: None };
            (None, vec![to_desk(to_json_binary(&draw).unwrap())])
        }
        Act::Announces(whole) => {
            let announce = DeskMsg::RequestDraw { amount: Usd::whole(*whole) };
            (None, vec![to_desk(to_json_binary(&announce).unwrap())])
        }
        Act::Waits(_) | Act::PaidIn(_) | Act::Marked | Act::Within(_) => (None, vec![]),
    }
}

/// Refusals are as they come; a panic or a difference in the books is neither.
fn does(world: &mut World, act: &Act) {
    let done = match act {
        Act::Waits(seconds) => {
            world.waits(*seconds).refreshes();
            return;
        }
        Act::PaidIn(whole) => world.pay_in_for("sam", "m", Usd::whole(*whole)),
        Act::Marked => world.mark_market("kim", "m"),
        Act::Within(acts) => {
            let send = acts.iter().flat_map(|act| relayed(world, act).1).collect();
            world.execute("eve", "m", &ExecuteMsg::Reenter { send }, &[]).unwrap();
            world.send_tokens("sam", "sdusd", "m", Amount::new(1), &Hook::Redeem {})
        }
        act => {
            let (show, send) = relayed(world, act);
            world.execute("eve", "m", &ExecuteMsg::Act { show: show.map(Binary::from), send }, &[])
        }
    };
    if let Err(error) = done {
        assert!(!error.is_bug(), "{act:?}: {error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_hostile_market_costs_no_more_than_its_credit_beyond_its_bond(acts in prop::collection::vec(act(), 5..25)) {
        let mut world = stage();
        world.audits = Audits::Books;
        world.introduce("eve");
        bonded_double(&mut world, "m", 25_000);
        bonded_double(&mut world, "honest", 25_000);
        for act in &acts {
            does(&mut world, act);
            let lost = cost(&mut world);
            prop_assert!(lost <= 25_000_000_000, "{lost} after {act:?}");
            // what its opener gets back and what the honest one's does lie there
            let totals = world.bonded_totals().unwrap();
            let refunds: u128 = world.bonded_markets().unwrap().iter().map(|market| market.refund.raw()).sum();
            prop_assert!(totals.held.raw() >= refunds);
            prop_assert_eq!(world.bonded_market("honest").unwrap().refund, Usd::whole(25_000));
        }
        // everybody else goes on
        world.refreshes();
        let record = owes(&world, 0);
        says(&mut world, "honest", &record).unwrap();
        world.lp("anna").deposits(10_000, "ATOM").mints(1_000);
        world.trader("sam").funds_margin(500).buys("0.01", "BTC");
        world.fills();
        prop_assert!(world.deep_audit().unwrap().is_empty());
    }
}
