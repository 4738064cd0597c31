//! sdUSD that was put up ahead of time takes seized collateral before there is an auction.

use cosmwasm_std::{from_json, CosmosMsg, WasmMsg};
use sdp_types::error::LiquidatorError;
use sdp_types::events::{Absorbed, AuctionStarted, BackstopClaimed, BackstopDeposited};
use sdp_types::liquidator::{Change, ExecuteMsg, Hook, Limits, Params};
use sdp_types::pool::{ExecuteMsg as Pool, Seizure};
use sdp_types::units::MAX_USD;
use sdp_types::{Amount, Error, Ratio, Usd};

use crate::desk::*;

/// The backstop's price: $10 less a tenth.
const PRICE: &str = "9";

fn claim(vault: Option<u8>, recipient: Option<&str>) -> ExecuteMsg {
    ExecuteMsg::Claim { vault, recipient: recipient.map(|name| addr(name).into()) }
}

/// What the pool is asked to seize at most.
fn room(desk: &mut Desk, vault: u8) -> Usd {
    let msg = ExecuteMsg::LiquidatePosition { vault, owner: addr("olaf").into() };
    let asked = desk.tries("kira", msg).unwrap();
    let CosmosMsg::Wasm(WasmMsg::Execute { msg, .. }) = &asked.messages[0].msg else { panic!("{asked:?}") };
    let Pool::Seize { room, .. } = from_json(msg).unwrap() else { panic!("{msg}") };
    room
}

fn limited(desk: &mut Desk, vault: u8, limits: Limits) {
    desk.changes(Change::Limits { vault, limits });
}

#[test]
fn a_position_is_absorbed_whole_and_everybody_gets_what_is_theirs_at_once() {
    let mut desk = Desk::new();
    desk.weighs(20_000).backs("bea", 3_000).backs("ben", 1_000);
    let told = desk.seize(0, seizure()).unwrap();
    // $550 ÷ $9 = 61.111111…, rounded up, of 100
    let absorbed = Absorbed {
        vault: 0,
        owner: addr("olaf").into(),
        amount: Amount::new(61_111_112),
        price: price(PRICE),
        paid: Usd::whole(550),
        recovered: Usd::whole(500),
        penalty: Usd::whole(50),
        surplus: Amount::new(38_888_888),
        shortfall: Usd::ZERO,
        reward: Usd::whole(10),
    };
    assert_eq!(event::<Absorbed>(&told), absorbed);
    assert!(find::<AuctionStarted>(&told.events).is_none() && desk.auctions().is_empty());
    assert_eq!(desk.sdusd("kira"), Usd::whole(10).raw());
    assert_eq!(desk.balance("uatom", "olaf"), 38_888_888);

    let totals = desk.totals();
    let recoveries = totals.recoveries;
    assert_eq!((recoveries.recovered, recoveries.penalties), (Usd::whole(500), Usd::whole(50)));
    assert_eq!((recoveries.tips, recoveries.tab, totals.running), (Usd::whole(10), Usd::ZERO, 0));
    assert!(totals.lots.is_empty());

    // three quarters and one
    let (bea, ben) = (desk.backstop_account("bea"), desk.backstop_account("ben"));
    assert_eq!((bea.amount, ben.amount), (Usd::new(2_587_500_000), Usd::new(862_500_000)));
    assert_eq!((bea.gains, ben.gains), (vec![Amount::new(45_833_334)], vec![Amount::new(15_277_778)]));
    let vault = &desk.backstop().vaults[0];
    assert_eq!((vault.held, vault.absorbed), (Amount::new(61_111_112), Usd::whole(550)));
    assert_eq!((vault.cap, vault.discount), (Usd::whole(2_000), Ratio::percent(10)));
}

#[test]
fn an_auction_begins_for_what_the_backstop_can_not_pay() {
    let mut desk = Desk::new();
    desk.weighs(20_000).backs("bea", 300);
    let told = desk.seize(0, seizure()).unwrap();
    // $300 ÷ $9 = 33.333333 tokens, for $299.999997
    let absorbed = event::<Absorbed>(&told);
    assert_eq!((absorbed.amount, absorbed.paid), (Amount::new(33_333_333), Usd::new(299_999_997)));
    assert_eq!((absorbed.surplus, absorbed.reward), (Amount::ZERO, Usd::ZERO));
    let started = event::<AuctionStarted>(&told);
    assert_eq!((started.lot, started.tab), (Amount::new(66_666_667), Usd::new(200_000_003)));
    assert_eq!((started.penalty, started.price), (Usd::whole(50), price("12")));
    assert_eq!(desk.backstop().total, Usd::new(3));
    // the reward is of the whole tab, and the taker's penalty pays it
    desk.takes("tina", Usd::whole(300), take(1, tokens(100)));
    assert_eq!(desk.sdusd("kira"), Usd::whole(10).raw());
}

#[test]
fn what_the_backstop_leaves_is_worth_an_auction() {
    let mut desk = Desk::new();
    desk.weighs(20_000).backs("bea", 500);
    let told = desk.seize(0, seizure()).unwrap();
    // $500 would leave $50; ($550 − $100) ÷ $9 = 50 tokens leaves $100
    let (absorbed, started) = (event::<Absorbed>(&told), event::<AuctionStarted>(&told));
    assert_eq!((absorbed.amount, absorbed.paid), (tokens(50), Usd::whole(450)));
    assert_eq!((started.lot, started.tab, started.penalty), (tokens(50), Usd::whole(50), Usd::whole(50)));
}

#[test]
fn less_than_the_dust_buys_only_what_it_can_pay_whole() {
    let mut desk = Desk::new();
    desk.weighs(20_000).backs("bea", 99);
    let told = desk.seize(0, seizure()).unwrap();
    assert!(find::<Absorbed>(&told.events).is_none());
    assert_eq!(event::<AuctionStarted>(&told).tab, Usd::whole(500));
    let small = Seizure { lot: tokens(10), tab: Usd::whole(50), penalty: Usd::whole(5), ..seizure() };
    let told = desk.seize(0, small).unwrap();
    assert_eq!(event::<Absorbed>(&told).paid, Usd::whole(55));
}

#[test]
fn jelly_2025_the_backstop_inherits_no_more_than_its_part_of_the_pool_a_day() {
    let mut desk = Desk::new();
    // a tenth of $4,000
    desk.weighs(4_000).backs("bea", 100_000);
    let told = desk.seize(0, seizure()).unwrap();
    // $400 ÷ $9 = 44.444444 tokens, for $399.999996
    assert_eq!(event::<Absorbed>(&told).paid, Usd::new(399_999_996));
    assert_eq!(desk.backstop().vaults[0].cap, Usd::whole(400));
    let told = desk.seize(0, seizure()).unwrap();
    assert!(find::<Absorbed>(&told.events).is_none());
    // another vault has its own
    let told = desk.seize(1, Seizure { token: wrapped(), ..seizure() }).unwrap();
    assert_eq!(event::<Absorbed>(&told).paid, Usd::new(399_999_996));

    // the last second of a day, and the first of the next
    let rest = 86_400 - desk.now() % 86_400;
    let told = desk.later(rest - 1).seize(0, Seizure { tab: Usd::whole(200), ..seizure() }).unwrap();
    assert!(find::<Absorbed>(&told.events).is_none());
    assert_eq!(desk.later(1).backstop().vaults[0].absorbed, Usd::ZERO);
    let told = desk.seize(0, Seizure { tab: Usd::whole(200), ..seizure() }).unwrap();
    assert_eq!(event::<Absorbed>(&told).paid, Usd::whole(250));
}

#[test]
fn a_lot_that_is_worth_less_than_the_debt_is_bought_and_the_rest_is_a_shortfall() {
    let mut desk = Desk::new();
    desk.weighs(20_000).backs("bea", 1_000);
    let told = desk.seize(0, Seizure { lot: tokens(50), ..seizure() }).unwrap();
    // 50 · $9 of $500; nothing is left for the penalty and its keeper
    let absorbed = event::<Absorbed>(&told);
    assert_eq!((absorbed.recovered, absorbed.shortfall), (Usd::whole(450), Usd::whole(50)));
    assert_eq!((absorbed.penalty, absorbed.reward), (Usd::ZERO, Usd::ZERO));
    let totals = desk.totals();
    assert_eq!((totals.recoveries.shortfalls, totals.outstanding), (Usd::whole(50), Usd::ZERO));
}

#[test]
fn the_backstop_widens_the_room_and_needs_none_of_the_hole() {
    let mut desk = Desk::new();
    desk.weighs(20_000).backs("bea", 1_000);
    assert_eq!(room(&mut desk, 0), Usd::whole(3_000));
    // $1,650 and a bit: $1,000 are absorbed (less than a base unit's price less), the rest is for sale
    desk.seizes(
        0,
        Seizure { lot: tokens(300), tab: Usd::whole(1_500), penalty: Usd::whole(150), ..seizure() },
    );
    assert_eq!(desk.totals().outstanding, Usd::new(650_000_001));
    // $50 of the hole are left, which is less than the dust
    desk.changes(Change::Params { params: Params { hole: Usd::new(700_000_001), ..params() } });
    assert_eq!(room(&mut desk, 0), Usd::whole(50));
    desk.backs("ben", 600);
    // and what it has left over
    assert_eq!(room(&mut desk, 0), Usd::new(600_000_001));
    desk.seize(0, seizure()).unwrap();
    assert_eq!(desk.totals().outstanding, Usd::new(650_000_001));
}

#[test]
fn each_vault_has_a_hole_of_its_own_besides_the_one_of_all() {
    let mut desk = Desk::new();
    limited(&mut desk, 0, Limits { hole: Usd::whole(600), ..limits() });
    desk.seizes(0, seizure());
    assert_eq!(room(&mut desk, 0), Usd::whole(50));
    assert_eq!(room(&mut desk, 1), Usd::whole(1_450));
    let refused = desk.seize(0, seizure()).unwrap_err();
    let (outstanding, room, needed) = (Usd::whole(550), Usd::whole(50), Usd::whole(550));
    assert_eq!(refused, Error::HoleFull { outstanding, room, needed });
    assert_eq!(desk.totals().outstanding_by_vault, [Usd::whole(550)]);
}

#[test]
fn deposits_that_are_spent_whole_are_gone_and_their_gains_stay() {
    let mut desk = Desk::new();
    desk.weighs(20_000).backs("bea", 550);
    desk.seize(0, seizure()).unwrap();
    let backstop = desk.backstop();
    assert_eq!((backstop.total, backstop.epoch), (Usd::ZERO, 1));
    desk.backs("ben", 800).seize(0, seizure()).unwrap();
    // the rest of $250 has its full share of the next one
    let (bea, ben) = (desk.backstop_account("bea"), desk.backstop_account("ben"));
    // a sum that does not come out even is rounded down
    assert_eq!((bea.amount, bea.gains), (Usd::ZERO, vec![Amount::new(61_111_111)]));
    assert_eq!((ben.amount, ben.gains), (Usd::whole(250), vec![Amount::new(61_111_112)]));
    desk.does("bea", claim(None, None));
    assert_eq!(desk.balance("uatom", "bea"), 61_111_111);
    assert_eq!(desk.is_refused("bea", claim(None, None)).code(), "E0007");
}

#[test]
fn a_deposit_survives_a_change_of_scale() {
    let mut desk = Desk::new();
    desk.weighs(1_000_000_000_000_000).backs("bea", 900_000_000_000_000).backs("ben", 100_000_000_000_000);
    let most = MAX_USD;
    desk.changes(Change::Params { params: Params { hole: most, ..params() } });
    limited(&mut desk, 0, Limits { hole: most, daily: Ratio::ONE, discount: Ratio::ZERO });
    // all but $100,000: 10⁻¹⁰
    let tab = Usd::whole(999_999_999_900_000);
    let lot = tokens(99_999_999_990_000);
    desk.seize(0, Seizure { lot, tab, penalty: Usd::ZERO, ..seizure() }).unwrap();
    let backstop = desk.backstop();
    assert_eq!((backstop.total, backstop.epoch, backstop.scale), (Usd::whole(100_000), 0, 1));
    assert_eq!(desk.backstop_account("ben").amount, Usd::whole(10_000));
    // and earns on across it: a tenth of 100 tokens
    desk.later(86_400).seize(0, Seizure { tab: Usd::whole(1_000), penalty: Usd::ZERO, ..seizure() }).unwrap();
    let ben = desk.backstop_account("ben");
    assert_eq!(
        (ben.amount, ben.gains),
        (Usd::whole(9_900), vec![Amount::new(9_999_999_999_000_000_000 + 10_000_000)])
    );
    desk.does("ben", claim(None, None));
    assert_eq!(desk.balance("uatom", "ben"), 9_999_999_999_010_000_000);
}

#[test]
fn gains_are_claimed_of_all_vaults_or_of_one_and_for_anybody() {
    let mut desk = Desk::new();
    desk.weighs(20_000).backs("bea", 2_000);
    desk.seize(0, seizure()).unwrap();
    desk.seize(1, Seizure { token: wrapped(), tab: Usd::whole(400), ..seizure() }).unwrap();
    assert_eq!(desk.is_refused("ben", claim(None, None)).code(), "E0007");
    let nothing = Error::NothingToDo { what: "claim".into() };
    assert_eq!(desk.is_refused("bea", claim(Some(2), None)), nothing);
    let told = desk.does("bea", claim(Some(1), Some("carl")));
    let claimed = BackstopClaimed {
        owner: addr("bea").into(),
        vault: 1,
        amount: tokens(50),
        recipient: addr("carl").into(),
    };
    assert_eq!(event::<BackstopClaimed>(&told), claimed);
    assert_eq!(desk.balance(addr("wrapped").as_str(), "carl"), 50_000_000);
    desk.does("bea", claim(None, None));
    assert_eq!(desk.balance("uatom", "bea"), 61_111_112);
    assert_eq!(desk.is_refused("bea", claim(None, None)), nothing);
    assert_eq!(desk.backstop_account("bea").amount, Usd::whole(1_000));
}

#[test]
fn a_deposit_is_the_payers_or_the_beneficiarys_and_has_bounds() {
    let mut desk = Desk::new();
    let hook = Hook::Backstop { beneficiary: Some(addr("ben").into()) };
    let told = desk.takes("bea", Usd::whole(70), hook);
    let owner = addr("ben").to_string();
    let deposited = BackstopDeposited { owner, amount: Usd::whole(70), payer: addr("bea").into() };
    assert_eq!(event::<BackstopDeposited>(&told), deposited);
    desk.backs("ben", 30);
    assert_eq!(desk.backstop_account("ben").amount, Usd::whole(100));
    assert_eq!(desk.backstop_account("bea").amount, Usd::ZERO);
    let mine = || Hook::Backstop { beneficiary: None };
    assert_eq!(desk.refuses_take("bea", Usd::ZERO, mine()), Error::Zero { what: "amount".into() });
    let (all, most) = (MAX_USD.plus(Usd::whole(100)).unwrap(), MAX_USD);
    let refused = Error::out_of_range("backstop", all, Usd::ZERO, most);
    assert_eq!(desk.refuses_take("bea", most, mine()), refused);
}

#[test]
fn without_a_daily_part_nothing_is_absorbed_and_the_guardian_may_only_lower_it() {
    let mut desk = Desk::new();
    desk.weighs(20_000).backs("bea", 1_000);
    let change = |limits| ExecuteMsg::Configure { change: Change::Limits { vault: 0, limits } };
    let lower = Limits { hole: Usd::whole(1_000), discount: Ratio::percent(9), daily: Ratio::ZERO };
    for looser in [
        Limits { hole: Usd::whole(2_001), ..lower },
        Limits { discount: Ratio::percent(11), ..lower },
        Limits { daily: Ratio::percent(11), ..lower },
    ] {
        assert_eq!(desk.is_refused("gard", change(looser)).code(), "E0102");
    }
    desk.does("gard", change(lower));
    let told = desk.seize(0, seizure()).unwrap();
    assert!(find::<Absorbed>(&told.events).is_none());
    let unknown = ExecuteMsg::Configure { change: Change::Limits { vault: 2, limits: lower } };
    assert_eq!(desk.is_refused("olga", unknown), LiquidatorError::NoAuctionParams { vault: 2 }.into());
}
