//! Claims: what is not paid at once is collected, out of what is held first, and drawn.

use sdp_types::events::{Sold, SpotCollected, SyntheticSwept};
use sdp_types::pool::MarketMsg;
use sdp_types::spot::{ExecuteMsg, SellExact};
use sdp_types::units::ONE;
use sdp_types::{Amount, Ratio, SignedUsd, Usd};

use crate::stage::{address, told, usd, Stage};

/// Ann holds 100 units that have doubled: the contract holds half of what it owes.
fn doubled() -> Stage {
    let mut stage = Stage::new();
    stage.bought_exactly("ann", 0, 100 * ONE, 11_000);
    stage.price(0, "200");
    stage
}

#[test]
fn a_winner_is_paid_what_is_held_and_collects_the_rest_from_the_pool() {
    let mut stage = doubled();
    let before = stage.cash("ann");
    let held = stage.totals().held;
    let sold: Sold = told(&stage.sold("ann", 0, 100 * ONE));
    assert!(sold.proceeds > held);
    assert_eq!((stage.cash("ann"), stage.claim("ann")), (before, sold.proceeds.raw()));
    let response = stage.collects("ann", None).unwrap();
    let collected: SpotCollected = told(&response);
    assert_eq!((collected.amount, collected.drawn), (sold.proceeds, sold.proceeds.minus(held).unwrap()));
    assert_eq!(stage.cash("ann") - before, sold.proceeds.raw());
    let totals = stage.totals();
    assert_eq!((totals.held, totals.exposure.drawn), (Usd::ZERO, collected.drawn));
    // only the keeper is owed something now
    assert_eq!(totals.reported, SignedUsd::new(i128::try_from(stage.claim("kim")).unwrap()));
    assert_eq!(stage.collects("ann", None).unwrap_err().code(), "E0005");
    assert_eq!(stage.collects("kim", Some(usd(5))).unwrap_err().code(), "E0421");
    assert_eq!(stage.collects("kim", Some(Usd::ZERO)).unwrap_err().code(), "E0005");
    stage.collects("kim", Some(Usd::new(1))).unwrap();
}

#[test]
fn while_the_pool_has_bad_debt_everybody_is_paid_in_proportion() {
    let mut stage = doubled();
    stage.listing.bad_debt = true;
    stage.show();
    let totals = stage.totals();
    stage.sells("ann", 0, 10 * ONE, SellExact::In { least: None }).unwrap();
    stage.settles(0);
    // nothing is paid at once
    assert!(stage.claim("ann") > 0);
    let (claim, held) = (stage.claim("ann"), stage.totals().held);
    assert_eq!(held, totals.held);
    let owed = stage.totals().reported.positive_part();
    let message = ExecuteMsg::Collect {
        amount: None,
        recipient: Some(address("bob").into_string()),
        accepted_haircut: Some(Ratio::percent(7)),
    };
    let response = stage.execute(&address("ann"), message).unwrap();
    let collected: SpotCollected = told(&response);
    let paid = claim * held.raw() / (held.raw() + owed.raw());
    assert_eq!(collected.drawn.raw(), claim - paid);
    let draw = response.messages.iter().find_map(|message| match &message.msg {
        cosmwasm_std::CosmosMsg::Wasm(cosmwasm_std::WasmMsg::Execute { msg, .. }) => {
            cosmwasm_std::from_json::<MarketMsg>(msg).ok()
        }
        _ => None,
    });
    let MarketMsg::Draw { amount, recipient, accepted_haircut } = draw.unwrap();
    assert_eq!((amount, accepted_haircut), (collected.drawn, Some(Ratio::percent(7))));
    assert_eq!(recipient, address("bob").into_string());
}

#[test]
fn tokens_that_are_nobodys_are_swept_and_the_pool_owes_less() {
    let mut stage = Stage::new();
    stage.bought_exactly("ann", 1, 100_000_000, 11_000);
    assert_eq!(
        stage.execute(&address("eve"), ExecuteMsg::Sweep { synthetic: 1 }).unwrap_err().code(),
        "E0322"
    );
    assert_eq!(
        stage.execute(&address("eve"), ExecuteMsg::Sweep { synthetic: 9 }).unwrap_err().code(),
        "E0601"
    );
    // ann sells ten, burns five and sends seven to the contract without a word
    stage.sells("ann", 1, 10_000_000, SellExact::In { least: None }).unwrap();
    let token = stage.token(1);
    let own = cosmwasm_std::testing::mock_env().contract.address.into_string();
    *stage.tokens.get_mut(&(token.clone(), address("ann").into_string())).unwrap() -= 12_000_000;
    *stage.tokens.get_mut(&(token.clone(), own.clone())).unwrap() += 7_000_000;
    stage.show();
    let before = stage.totals().reported;
    let response = stage.execute(&address("eve"), ExecuteMsg::Sweep { synthetic: 1 }).unwrap();
    let swept: SyntheticSwept = told(&response);
    assert_eq!((swept.burnt, swept.supply), (Amount::new(7_000_000), Amount::new(88_000_000)));
    // twelve units at $100
    assert_eq!(stage.totals().reported, before.minus(SignedUsd::new(1_200_000_000)).unwrap());
    assert_eq!(stage.tokens[&(token, own)], 10_000_000);
    // the order has what it locked
    stage.settles(1);
    assert_eq!(stage.synthetics()[1].supply, Amount::new(78_000_000));
    assert_eq!(
        stage.execute(&address("eve"), ExecuteMsg::Sweep { synthetic: 1 }).unwrap_err().code(),
        "E0322"
    );
}
