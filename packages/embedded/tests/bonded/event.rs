//! The example market, bonded: who bears what.

use sdp_embedded::{Actions, Bonding, World};
use sdp_types::event::{EventQuote, ExecuteMsg, HolderResponse, Hook, Outcome, QueryMsg, Side};
use sdp_types::events::EventRedeemed;
use sdp_types::units::{Amount, Ratio, Usd};

use crate::{code, cost, event, ledger, stage_with, usd, DAY};

/// An event market, not bonded yet. bob and carl have 100,000 sdUSD each.
pub fn market() -> World {
    let mut world = stage_with(|bonded| bonded.events = vec![event("rain")]);
    for name in ["bob", "carl"] {
        world.transfer("whale", "sdusd", name, Amount::new(100_000_000_000)).unwrap();
    }
    world
}

fn bonded_market() -> World {
    let mut world = market();
    world.bond_market("sam", "rain", Usd::whole(25_000)).unwrap();
    world
}

/// Until the interval that decides.
pub fn ends(world: &mut World) -> &mut World {
    let intervals = world.board().unwrap().intervals;
    let decides = intervals.start(intervals.first_from(world.event_state("rain").unwrap().ends_at));
    let wait = decides - world.now();
    world.waits(wait)
}

fn tell(world: &mut World, msg: &ExecuteMsg) -> Result<sdp_embedded::Answer, sdp_embedded::ChainError> {
    world.tell_event("kim", "rain", msg)
}

#[test]
fn what_buyers_win_comes_out_of_what_they_paid_and_then_out_of_the_bond() {
    let mut world = bonded_market();
    // 0.52 each
    world.buy_event("bob", "rain", Side::Yes, Usd::whole(5_200)).unwrap();
    world.buy_event("carl", "rain", Side::No, Usd::whole(520)).unwrap();
    assert_eq!(world.event_holder("rain", "bob").unwrap().yes, Usd::whole(10_000));
    // 10,000 less the 5,720 that are there
    assert_eq!(world.bonded_market("rain").unwrap().claim, Usd::whole(4_280));
    assert_eq!(code(world.redeem_event("bob", "rain", None)), "E1052");
    assert_eq!(code(tell(&mut world, &ExecuteMsg::Resolve {})), "E1052");
    ends(&mut world).price("BTC", "60000.01");
    assert_eq!(code(world.buy_event("bob", "rain", Side::Yes, Usd::whole(1))), "E1051");
    tell(&mut world, &ExecuteMsg::Resolve {}).unwrap();
    assert_eq!(code(tell(&mut world, &ExecuteMsg::Resolve {})), "E1053");
    assert_eq!(world.event_state("rain").unwrap().outcome, Some(Outcome::Yes));
    let answer = world.redeem_event("bob", "rain", None).unwrap();
    let told = &sdp_embedded::events::<EventRedeemed>(&answer).unwrap()[0];
    assert_eq!((told.amount, told.drawn, told.left), (Usd::whole(10_000), Usd::whole(4_280), Usd::ZERO));
    assert_eq!(world.has("bob", "sdusd"), "104800");
    assert_eq!(code(world.redeem_event("carl", "rain", None)), "E0322");
    assert_eq!(cost(&mut world), 0);
    assert_eq!(world.bonded_market("rain").unwrap().refund, Usd::whole(20_720));
}

#[test]
fn what_buyers_lose_is_the_providers_once_it_is_paid_in() {
    let mut world = bonded_market();
    world.buy_event("bob", "rain", Side::Yes, Usd::whole(5_200)).unwrap();
    let before = ledger(&mut world);
    assert_eq!(code(tell(&mut world, &ExecuteMsg::PayIn {})), "E1052");
    // at the strike it is not above
    ends(&mut world).price("BTC", 60_000);
    tell(&mut world, &ExecuteMsg::Resolve {}).unwrap();
    assert_eq!(cost(&mut world), 0);
    tell(&mut world, &ExecuteMsg::PayIn {}).unwrap();
    assert_eq!(code(tell(&mut world, &ExecuteMsg::PayIn {})), "E0322");
    assert_eq!(cost(&mut world), usd(-5_200));
    let after = ledger(&mut world);
    assert_eq!(before.vault_debt.raw() - after.vault_debt.raw(), usd(5_200));
    // the contracts that are worth nothing are over, though nobody gives them back
    world.close_market("sam", "rain").unwrap();
    world.waits(DAY).refreshes();
    world.close_market("kim", "rain").unwrap();
    assert_eq!(world.has("sam", "sdusd"), "100000");
}

#[test]
fn nothing_is_sold_that_nobody_stands_behind() {
    let mut world = market();
    assert_eq!(code(world.buy_event("bob", "rain", Side::Yes, Usd::whole(1))), "E1055");
    world.bond_market("sam", "rain", Usd::whole(25_000)).unwrap();
    // 100,000 contracts for 52,000: 48,000 of 50,000; another 5,000 would take 2,400
    world.buy_event("bob", "rain", Side::Yes, Usd::whole(52_000)).unwrap();
    assert_eq!(code(world.buy_event("bob", "rain", Side::Yes, Usd::whole(2_600))), "E1055");
    let hook = Hook::Buy { side: Side::No, least: Some(Usd::new(1_923_077)) };
    assert_eq!(code(world.send_tokens("bob", "sdusd", "rain", Amount::new(1_000_000), &hook)), "E1054");
    world.buy_event("carl", "rain", Side::No, Usd::whole(2_600)).unwrap();
    assert_eq!(world.bonded_market("rain").unwrap().claim, Usd::whole(45_400));
    // 45,400 − 25,000
    assert_eq!(cost(&mut world), usd(20_400));
}

#[test]
fn what_is_beyond_the_bond_is_announced_and_paid_three_days_later() {
    let mut world = bonded_market();
    world.buy_event("bob", "rain", Side::Yes, Usd::whole(52_000)).unwrap();
    ends(&mut world).price("BTC", 61_000);
    tell(&mut world, &ExecuteMsg::Resolve {}).unwrap();
    // of 100,000 what is held, 52,000, and the bond, 25,000, at once
    let answer = world.redeem_event("bob", "rain", None).unwrap();
    let told = &sdp_embedded::events::<EventRedeemed>(&answer).unwrap()[0];
    assert_eq!((told.amount, told.left), (Usd::whole(77_000), Usd::whole(23_000)));
    assert_eq!(world.has("bob", "sdusd"), "125000");
    assert_eq!(world.event_holder("rain", "bob").unwrap().yes, Usd::whole(23_000));
    assert_eq!(world.bonded_market("rain").unwrap().claim, Usd::whole(23_000));
    // nothing more can be paid, and why is the desk's word
    assert_eq!(code(world.redeem_event("bob", "rain", None)), "E1009");
    tell(&mut world, &ExecuteMsg::Announce {}).unwrap();
    world.waits(2 * DAY).refreshes();
    // anybody may say it again, and nothing is put off
    tell(&mut world, &ExecuteMsg::Announce {}).unwrap();
    world.waits(DAY).refreshes();
    // the push in the same message makes the record fresh
    world.redeem_event("bob", "rain", None).unwrap();
    assert_eq!(world.has("bob", "sdusd"), "148000");
    assert_eq!(cost(&mut world), usd(23_000));
    assert_eq!(world.bonded_totals().unwrap().exposure.drawn, Usd::whole(23_000));
}

#[test]
fn the_boards_price_decides_where_the_interval_had_none_and_after_the_window_everybody_is_refunded() {
    let mut world = bonded_market();
    world.buy_event("bob", "rain", Side::Yes, Usd::whole(5_200)).unwrap();
    let snapshot = world.snapshot();
    ends(&mut world).waits(100);
    assert_eq!(code(tell(&mut world, &ExecuteMsg::Resolve {})), "E1052");
    world.price("BTC", 61_000);
    tell(&mut world, &ExecuteMsg::Resolve {}).unwrap();
    assert_eq!(world.event_state("rain").unwrap().outcome, Some(Outcome::Yes));

    world.restore(&snapshot);
    ends(&mut world).waits(601).price("BTC", 61_000);
    tell(&mut world, &ExecuteMsg::Resolve {}).unwrap();
    assert_eq!(world.event_state("rain").unwrap().outcome, Some(Outcome::Refunded));
    world.redeem_event("bob", "rain", None).unwrap();
    assert_eq!(world.has("bob", "sdusd"), "100000");
    assert_eq!(cost(&mut world), 0);
    // nobody has anything any more: it can be closed
    tell(&mut world, &ExecuteMsg::Publish {}).unwrap();
    world.close_market("sam", "rain").unwrap();
}

#[test]
fn the_author_quotes_and_nobody_else() {
    let mut world = bonded_market();
    let quote = |yes: u64, spread: u64| {
        let quote = EventQuote { yes_price: Ratio::percent(yes), spread: Ratio::percent(spread) };
        ExecuteMsg::Quote { quote }
    };
    assert_eq!(code(world.tell_event("eve", "rain", &quote(80, 5))), "E0104");
    for (yes, spread) in [(0, 0), (100, 0), (80, 21)] {
        assert_eq!(code(world.tell_event("sam", "rain", &quote(yes, spread))), "E0004");
    }
    world.tell_event("sam", "rain", &quote(80, 5)).unwrap();
    world.buy_event("bob", "rain", Side::No, Usd::whole(25)).unwrap();
    assert_eq!(world.event_holder("rain", "bob").unwrap().no, Usd::whole(100));
}

#[test]
fn in_quarantine_holders_are_paid_out_of_what_it_holds_and_then_as_the_owner_says() {
    let mut world = bonded_market();
    world.buy_event("bob", "rain", Side::Yes, Usd::whole(520)).unwrap();
    world.buy_event("carl", "rain", Side::Yes, Usd::whole(5_200)).unwrap();
    ends(&mut world).price("BTC", 61_000);
    tell(&mut world, &ExecuteMsg::Resolve {}).unwrap();
    world.quarantine_market("guardian", "rain").unwrap();
    // 1,000 of the 5,720 that are there
    world.redeem_event("bob", "rain", None).unwrap();
    // of 10,000 the rest of them: 94,800 + 4,720
    world.redeem_event("carl", "rain", None).unwrap();
    assert_eq!(world.has("carl", "sdusd"), "99520");
    assert_eq!(code(world.redeem_event("carl", "rain", None)), "E1006");
    // of the 5,280 that are missing the owner says 5,000: he gets those, and not nothing because it is not all
    world.resolve_market("owner", "rain", Usd::whole(5_000)).unwrap();
    world.redeem_event("carl", "rain", None).unwrap();
    assert_eq!(world.has("carl", "sdusd"), "104520");
    assert_eq!(world.event_holder("rain", "carl").unwrap().yes, Usd::whole(280));
    assert_eq!(code(world.redeem_event("carl", "rain", None)), "E0421");
    world.close_market("eve", "rain").unwrap();
    // 25,000 − 5,000 beside the 75,000 that he kept
    assert_eq!(world.has("sam", "sdusd"), "95000");
    assert_eq!(cost(&mut world), 0);
    assert_eq!(code(world.redeem_event("carl", "rain", None)), "E1055");
}

#[test]
fn an_absent_winner_is_paid_by_anyone_and_the_market_can_be_closed_then() {
    let mut world = bonded_market();
    world.buy_event("bob", "rain", Side::Yes, Usd::whole(520)).unwrap();
    world.buy_event("carl", "rain", Side::Yes, Usd::whole(5_200)).unwrap();
    world.buy_event("carl", "rain", Side::No, Usd::whole(52)).unwrap();
    ends(&mut world).price("BTC", 61_000);
    tell(&mut world, &ExecuteMsg::Resolve {}).unwrap();
    world.redeem_event("bob", "rain", None).unwrap();
    assert_eq!(code(world.close_market("sam", "rain")), "E1012");
    // carl does not come. Nobody accepts for him that something of his is kept, and nobody is paid for nothing
    let owner = Some(world.address("carl").into_string());
    let haircut = ExecuteMsg::Redeem { owner, accepted_haircut: Some(Ratio::percent(50)) };
    assert_eq!(code(tell(&mut world, &haircut)), "E0104");
    assert_eq!(code(world.redeem_event_for("kim", "rain", "dave")), "E0322");
    let had = world.balance("kim", "sdusd").unwrap();
    world.redeem_event_for("kim", "rain", "carl").unwrap();
    assert_eq!(world.balance("kim", "sdusd").unwrap(), had);
    // 94,748 that he kept, and 10,000 of which 4,772 were held
    assert_eq!(world.has("carl", "sdusd"), "104748");
    let state = world.event_state("rain").unwrap();
    assert_eq!((state.yes, state.no, state.cost), (Usd::ZERO, Usd::ZERO, Usd::ZERO));
    world.close_market("sam", "rain").unwrap();
    world.waits(DAY).refreshes();
    world.close_market("kim", "rain").unwrap();
    // 11,000 were paid for 5,772
    assert_eq!(world.has("sam", "sdusd"), "94772");
}

#[test]
fn an_absent_holder_is_refunded_by_anyone_to_the_micro_usd() {
    let mut world = bonded_market();
    world.buy_event("bob", "rain", Side::Yes, Usd::whole(52_000)).unwrap();
    world.buy_event("carl", "rain", Side::No, Usd::new(26_000_000_001)).unwrap();
    ends(&mut world).waits(601).price("BTC", 61_000);
    tell(&mut world, &ExecuteMsg::Resolve {}).unwrap();
    // all that was paid is held
    let holders = world.event_holders("rain").unwrap();
    let [first, last] = &holders[..] else { panic!("{holders:?}") };
    let (carl, paid) = (world.address("carl").into_string(), Usd::new(26_000_000_001));
    assert!([first, last].iter().any(|holder| (&holder.owner, holder.cost) == (&carl, paid)), "{holders:?}");
    let after = QueryMsg::Holders { start_after: Some(first.owner.clone()), limit: None };
    let rest: Vec<HolderResponse> = world.query("rain", &after).unwrap();
    assert_eq!(&rest[..], std::slice::from_ref(last));
    world.redeem_event_for("kim", "rain", "carl").unwrap();
    assert_eq!(world.balance("carl", "sdusd").unwrap(), Amount::new(100_000_000_000));
    world.redeem_event("bob", "rain", None).unwrap();
    let state = world.event_state("rain").unwrap();
    assert_eq!((state.held, state.owed, cost(&mut world)), (Usd::ZERO, Usd::ZERO, 0));
    assert_eq!(world.event_holders("rain").unwrap(), []);
}
