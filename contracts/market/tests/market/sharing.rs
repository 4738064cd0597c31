//! Accounts that others may trade, margin that moves between accounts, and accounts that get another owner.

use cosmwasm_std::Response;

use sdp_types::events::{AccountTaken, MarginDeposited, MarginWithdrawn, OrderCommitted, OrderFilled};
use sdp_types::market::{AccountResponse, Delegation, ExecuteMsg, InsurancePremium};
use sdp_types::{Ratio, Result, SignedUsd, Size, Usd};

use crate::stage::{address, params, told, Stage};

fn stage() -> Stage {
    let mut stage = Stage::new(params());
    for who in ["ann", "bob"] {
        stage.deposits(who, 10_000);
    }
    stage
}

fn until(stage: &Stage, seconds: u64) -> Delegation {
    Delegation { expires_at: stage.now + seconds, perps: None, most_notional: None, may_take: false }
}

fn lets(stage: &mut Stage, who: &str, delegate: &str, delegation: Option<Delegation>) -> Result<Response> {
    let delegate = address(delegate).into_string();
    stage.execute(&address(who), ExecuteMsg::SetDelegate { account: 0, delegate, delegation })
}

fn order(owner: &str, perp: u16, size: &str, reduce_only: bool) -> ExecuteMsg {
    let size = size.parse().unwrap();
    let owner = Some(address(owner).into_string());
    ExecuteMsg::Commit { owner, account: 0, perp, size, limit_price: None, expires_in: None, reduce_only }
}

fn commits_for(stage: &mut Stage, by: &str, owner: &str, perp: u16, size: &str) -> Result<Response> {
    stage.execute(&address(by), order(owner, perp, size, false))
}

fn numbered(stage: &Stage, who: &str, account: u16) -> AccountResponse {
    stage.numbered(who, account)
}

fn code(result: Result<Response>) -> &'static str {
    result.unwrap_err().code()
}

/// Σ margin of these accounts and what insurance is owed.
fn all(stage: &Stage, accounts: &[(&str, u16)]) -> i128 {
    let margins: i128 = accounts.iter().map(|(who, number)| numbered(stage, who, *number).margin.raw()).sum();
    margins + i128::try_from(stage.totals().exposure.fees.raw()).unwrap()
}

#[test]
fn a_delegate_commits_and_cancels_as_long_as_he_may_and_takes_nothing_out() {
    let mut stage = stage();
    assert_eq!(code(commits_for(&mut stage, "dan", "ann", 0, "10")), "E0426");
    let ends = until(&stage, 60);
    lets(&mut stage, "ann", "dan", Some(ends)).unwrap();
    let committed: OrderCommitted = told(&commits_for(&mut stage, "dan", "ann", 0, "10").unwrap());
    assert_eq!(committed.owner, address("ann").into_string());
    let cancel = ExecuteMsg::Cancel { perp: 0, order: committed.order };
    assert_eq!(code(stage.execute(&address("eve"), cancel.clone())), "E0413");
    stage.execute(&address("dan"), cancel).unwrap();
    assert_eq!(numbered(&stage, "ann", 0).locked, Usd::ZERO);

    commits_for(&mut stage, "dan", "ann", 0, "10").unwrap();
    let filled: OrderFilled = told(&stage.settles(0));
    assert_eq!((filled.owner, filled.position), (address("ann").into_string(), "10".parse().unwrap()));
    // his own account is another one, and what he takes out comes from it
    let out = ExecuteMsg::Withdraw {
        account: 0,
        amount: Usd::new(1),
        recipient: None,
        into: None,
        accepted_haircut: None,
    };
    assert_eq!(code(stage.execute(&address("dan"), out)), "E0402");

    stage.passes(60);
    assert_eq!(code(commits_for(&mut stage, "dan", "ann", 0, "-10")), "E0426");
    let again = until(&stage, 60);
    lets(&mut stage, "ann", "dan", Some(again)).unwrap();
    commits_for(&mut stage, "dan", "ann", 0, "-10").unwrap();
    lets(&mut stage, "ann", "dan", None).unwrap();
    assert_eq!(code(commits_for(&mut stage, "dan", "ann", 0, "1")), "E0426");
}

#[test]
fn what_he_may_is_bounded_by_perpetual_and_by_notional() {
    let mut stage = stage();
    let bounded =
        Delegation { perps: Some(vec![1]), most_notional: Some(Usd::whole(1_200)), ..until(&stage, 600) };
    lets(&mut stage, "ann", "dan", Some(bounded)).unwrap();
    assert_eq!(code(commits_for(&mut stage, "dan", "ann", 0, "1")), "E0426");
    // at the furthest limit, 10 % above $100: 11 units are $1,210
    assert_eq!(code(commits_for(&mut stage, "dan", "ann", 1, "11")), "E0427");
    commits_for(&mut stage, "dan", "ann", 1, "10").unwrap();
    // another one is not added before that is known
    assert_eq!(code(commits_for(&mut stage, "dan", "ann", 1, "1")), "E0428");
    stage.settles(1);
    // 10 units are $1,000 now, and 2 more up to $220
    assert_eq!(code(commits_for(&mut stage, "dan", "ann", 1, "2")), "E0427");
    // what reduces is never bounded, and the owner himself is not
    commits_for(&mut stage, "dan", "ann", 1, "-4").unwrap();
    stage.commits("ann", 0, "50").unwrap();
}

#[test]
fn a_delegation_is_of_one_account_has_an_end_and_is_not_for_oneself() {
    let mut stage = stage();
    let over = until(&stage, 0);
    assert_eq!(code(lets(&mut stage, "ann", "dan", Some(over))), "E0004");
    let day = until(&stage, 86_400);
    assert_eq!(code(lets(&mut stage, "ann", "ann", Some(day.clone()))), "E0009");
    let many = Delegation { perps: Some(vec![0; 33]), ..day.clone() };
    assert_eq!(code(lets(&mut stage, "ann", "dan", Some(many))), "E0010");
    lets(&mut stage, "ann", "dan", Some(day)).unwrap();
    let mut other = order("ann", 0, "1", false);
    if let ExecuteMsg::Commit { account, .. } = &mut other {
        *account = 1;
    }
    assert_eq!(code(stage.execute(&address("dan"), other)), "E0426");
}

#[test]
fn reduce_only_never_adds() {
    let mut stage = stage();
    assert_eq!(code(stage.execute(&address("ann"), order("ann", 0, "-1", true))), "E0417");
    stage.trades("ann", 0, "10");
    assert_eq!(code(stage.execute(&address("ann"), order("ann", 0, "1", true))), "E0417");
    let committed: OrderCommitted =
        told(&stage.execute(&address("ann"), order("ann", 0, "-25", true)).unwrap());
    assert_eq!((committed.size, committed.locked), ("-10".parse().unwrap(), Usd::ZERO));
    let filled: OrderFilled = told(&stage.settles(0));
    assert_eq!(filled.position, Size::ZERO);
}

fn out_of(account: u16, amount: Usd, into: Option<u16>) -> ExecuteMsg {
    ExecuteMsg::Withdraw { account, amount, recipient: None, into, accepted_haircut: None }
}

fn transfers(stage: &mut Stage, who: &str, from: u16, to: u16, amount: Usd) -> Result<Response> {
    stage.execute(&address(who), out_of(from, amount, Some(to)))
}

#[test]
fn margin_moves_between_accounts_of_one_owner_as_far_as_it_is_free() {
    let mut stage = stage();
    assert_eq!(code(transfers(&mut stage, "ann", 0, 0, Usd::whole(1))), "E0009");
    assert_eq!(code(transfers(&mut stage, "ann", 0, 1, Usd::ZERO)), "E0005");
    assert_eq!(code(transfers(&mut stage, "ann", 5, 0, Usd::whole(1))), "E0402");
    let before = all(&stage, &[("ann", 0), ("ann", 7)]);
    let answer = transfers(&mut stage, "ann", 0, 7, Usd::whole(4_000)).unwrap();
    let (out, moved): (MarginWithdrawn, MarginDeposited) = (told(&answer), told(&answer));
    assert_eq!((out.account, out.amount, out.charge), (0, Usd::whole(4_000), Usd::ZERO));
    assert_eq!((moved.account, moved.amount), (7, Usd::whole(4_000)));
    assert!(answer.messages.is_empty(), "nothing leaves the market");
    assert_eq!(numbered(&stage, "ann", 7).margin, SignedUsd::new(4_000_000_000));
    assert_eq!(all(&stage, &[("ann", 0), ("ann", 7)]), before);

    // 200 units at $100 need 10 %, and a bit for fees has gone
    stage.trades("ann", 0, "200");
    let free = numbered(&stage, "ann", 0).withdrawable;
    assert_eq!(code(transfers(&mut stage, "ann", 0, 7, free.plus(Usd::new(1)).unwrap())), "E0421");
    transfers(&mut stage, "ann", 0, 7, free).unwrap();
    assert_eq!(numbered(&stage, "ann", 0).withdrawable, Usd::ZERO);
}

#[test]
fn it_is_charged_for_the_leverage_that_it_leaves_like_a_withdrawal() {
    let insurance = InsurancePremium { shortfall: Ratio::ZERO, leverage: Ratio::percent(1) };
    let mut stage = Stage::new(sdp_types::market::Params { insurance, ..params() });
    stage.deposits("ann", 10_000);
    stage.trades("ann", 0, "200");
    let before = all(&stage, &[("ann", 0), ("ann", 1)]);
    let amount = Usd::whole(1_000);
    let out: MarginWithdrawn = told(&stage.tries(&address("ann"), out_of(0, amount, None)).unwrap());
    let moved: MarginWithdrawn = told(&transfers(&mut stage, "ann", 0, 1, amount).unwrap());
    assert!(!moved.charge.is_zero());
    assert_eq!(moved.charge, out.charge);
    assert_eq!(all(&stage, &[("ann", 0), ("ann", 1)]), before);
}

#[test]
fn what_a_keeper_earned_last_can_be_moved_like_all_else() {
    let mut stage = stage();
    // the first fee makes his account, the next one lies with the queues
    stage.trades("ann", 0, "10");
    stage.trades("ann", 0, "10");
    let earned = numbered(&stage, "kim", 0).margin.positive_part();
    let before = all(&stage, &[("kim", 0), ("kim", 1)]);
    transfers(&mut stage, "kim", 0, 1, earned).unwrap();
    assert_eq!(numbered(&stage, "kim", 1).margin.positive_part(), earned);
    assert_eq!(numbered(&stage, "kim", 0).margin, SignedUsd::ZERO);
    assert_eq!(all(&stage, &[("kim", 0), ("kim", 1)]), before);
}

fn offers(stage: &mut Stage, who: &str, to: &str) {
    let may_take = Delegation { perps: Some(vec![]), may_take: true, ..until(stage, 100) };
    lets(stage, who, to, Some(may_take)).unwrap();
}

fn takes(stage: &mut Stage, heir: &str, owner: &str, into: u16) -> Result<Response> {
    let owner = address(owner).into_string();
    stage.execute(&address(heir), ExecuteMsg::TakeAccount { owner, account: 0, into })
}

#[test]
fn an_account_goes_to_the_one_it_is_offered_to_with_all_that_it_has() {
    let mut stage = stage();
    stage.trades("ann", 0, "100");
    offers(&mut stage, "ann", "zoe");
    assert_eq!(code(takes(&mut stage, "eve", "ann", 0)), "E0426");
    // to take it over is not to trade it
    assert_eq!(code(commits_for(&mut stage, "zoe", "ann", 0, "1")), "E0426");
    let given = numbered(&stage, "ann", 0);
    let before = all(&stage, &[("ann", 0), ("zoe", 3)]);
    let told: AccountTaken = told(&takes(&mut stage, "zoe", "ann", 3).unwrap());
    assert_eq!((told.account, told.into), (0, 3));
    let received = numbered(&stage, "zoe", 3);
    assert_eq!((received.margin, &received.positions), (given.margin, &given.positions));
    let left = numbered(&stage, "ann", 0);
    assert!(left.margin.raw() == 0 && left.positions.is_empty());
    assert_eq!(all(&stage, &[("ann", 0), ("zoe", 3)]), before);
    // once
    assert_eq!(code(takes(&mut stage, "zoe", "ann", 4)), "E0426");
    // and it goes on living
    stage.passes(5);
    stage.price(0, "120");
    assert_eq!(numbered(&stage, "zoe", 3).positions.len(), 1);
}

#[test]
fn an_offer_ends_and_needs_an_account_that_nobody_waits_for() {
    let mut stage = stage();
    offers(&mut stage, "ann", "zoe");
    stage.passes(100);
    assert_eq!(code(takes(&mut stage, "zoe", "ann", 0)), "E0426");
    offers(&mut stage, "ann", "bob");
    lets(&mut stage, "ann", "bob", None).unwrap();
    assert_eq!(code(takes(&mut stage, "bob", "ann", 1)), "E0426");
    // who may trade may not take it over
    let trades = until(&stage, 100);
    lets(&mut stage, "ann", "bob", Some(trades)).unwrap();
    assert_eq!(code(takes(&mut stage, "bob", "ann", 1)), "E0426");

    offers(&mut stage, "ann", "bob");
    // bob uses his account 0
    assert_eq!(code(takes(&mut stage, "bob", "ann", 0)), "E0430");
    stage.commits("ann", 0, "800").unwrap();
    assert_eq!(code(takes(&mut stage, "bob", "ann", 1)), "E0428");
    stage.settles(0);
    // 800 long with about $10,000 of margin: at $91 about $2,800 are left, and 5 % of 72,800 is more
    stage.price(0, "91");
    assert_eq!(code(takes(&mut stage, "bob", "ann", 1)), "E0429");
    stage.price(0, "100");
    takes(&mut stage, "bob", "ann", 1).unwrap();
    assert_eq!(numbered(&stage, "bob", 1).positions.len(), 1);
}
