use crate::fixture::{usd, Story};
use crate::message::{LiquidatorMessage, MarketMessage, Message, PoolMessage};
use crate::number::{fraction, whole, Q};
use crate::span::{Holds, Span};

fn to(message: MarketMessage) -> Message {
    Message::Market(0, message)
}

fn commit(size: i64) -> Message {
    to(MarketMessage::Commit { account: 0, perp: 0, size: whole(size), limit: None, expires_in: None })
}

fn settle() -> Message {
    to(MarketMessage::Settle { perp: 0, limit: 10 })
}

fn near(span: &Span, value: &Q) -> bool {
    span.at_least(&Span::between(value - whole(6), value - whole(6))) == Holds::Yes
        && Span::exact(value + whole(6)).at_least(span) == Holds::Yes
}

/// Anna provides; tom has `margin` and 10 units at 100 USD.
fn tom(margin: i64) -> Story {
    let mut story = Story::new();
    story.accepted(
        "anna",
        Message::Pool(PoolMessage::Deposit { vault: 0, amount: usd(1_000), beneficiary: None }),
    );
    let recipient = Some("tom".to_string());
    story.accepted(
        "anna",
        Message::Pool(PoolMessage::Mint { vault: 0, amount: usd(20_000), recipient, owner: None }),
    );
    story.accepted("tom", to(MarketMessage::Deposit { beneficiary: None, account: 0, amount: usd(margin) }));
    story.accepted("tom", commit(10));
    story.wait(5);
    story.prices(&[100, 100, 100]);
    story.accepted("kate", settle());
    story
}

fn margin(story: &Story, who: &str) -> Span {
    story.model.markets[0].accounts[&(who.to_string(), 0)].margin.clone()
}

#[test]
fn a_commit_locks_initial_margin_and_fee_at_the_furthest_limit() {
    let mut story = Story::new();
    story.accepted(
        "anna",
        Message::Pool(PoolMessage::Deposit { vault: 0, amount: usd(1_000), beneficiary: None }),
    );
    let recipient = Some("tom".to_string());
    story.accepted(
        "anna",
        Message::Pool(PoolMessage::Mint { vault: 0, amount: usd(200), recipient, owner: None }),
    );
    story.accepted("tom", to(MarketMessage::Deposit { beneficiary: None, account: 0, amount: usd(111) }));
    // 10 × 110 × (10 % + 0.1 %) = 111.10
    assert_eq!(story.refused("tom", commit(10)), ["E0404"]);
    story.accepted("tom", commit(9));
    let locked = &story.model.markets[0].accounts[&("tom".to_string(), 0)].locked;
    assert!(near(locked, &(usd(9_999) / whole(100))), "{locked:?}");
}

#[test]
fn a_fill_pays_premium_and_fee_and_the_book_takes_the_providers_part() {
    let mut story = tom(1_000);
    // fee 1 USD; premium ½·0.0016·1000² / 1,000,000 = 0.0008 USD
    assert!(near(&margin(&story, "tom"), &(usd(999) - whole(800))));
    assert!(near(&margin(&story, "kate"), &whole(50_000)));
    assert!(near(&story.model.reported(0, story.now), &whole(-950_800)));
    story.accepted("anna", Message::Pool(PoolMessage::Sync));
    let ledger = &story.model.pool.ledger;
    assert!(near(&ledger.insurance, &whole(100_000)), "{ledger:?}");
    assert!(near(&ledger.potential, &whole(800)));
    assert!(near(&ledger.vault_debt, &(usd(20_000) - whole(850_000))));
}

#[test]
fn orders_wait_for_their_interval_and_are_void_when_all_of_them_are_empty() {
    let mut story = tom(1_000);
    assert_eq!(story.refused("kate", settle()), ["E0420"]);
    story.accepted("tom", commit(1));
    story.wait(9);
    assert_eq!(story.refused("kate", settle()), ["E0420"]);
    // intervals +1 to +4 are closed 5 s after the end of the last: at +5 + 20 + 5 of the commit
    story.wait(20);
    assert_eq!(story.refused("kate", settle()), ["E0420"]);
    story.wait(1);
    story.accepted("kate", settle());
    assert!(story.model.markets[0].perps[0].orders.is_empty());
    assert!(story.model.markets[0].accounts[&("tom".to_string(), 0)].locked.is_zero());
}

#[test]
fn a_flip_realises_the_old_position_and_opens_the_other_side() {
    let mut story = tom(1_000);
    story.accepted("tom", commit(-15));
    let order = &story.model.markets[0].perps[0].orders[0];
    assert_eq!(order.increase, whole(5));
    story.wait(5);
    story.prices(&[100, 110, 100]);
    story.accepted("kate", settle());
    let held = &story.model.markets[0].accounts[&("tom".to_string(), 0)].positions[&0];
    assert_eq!(held.size, Span::whole(-5));
    assert!(near(&held.cost, &usd(-550)));
    // 1000 − 1 − 0.0008, +100 realised, −1.65 fee; x goes from −1,100 to +550: Φ falls from 968 to 242 µUSD
    let expected = usd(1_000) - usd(1) - whole(800) + usd(100) - whole(1_650_000) + whole(726);
    // and five seconds of funding, less than a micro-USD
    assert!(near(&margin(&story, "tom"), &expected), "{:?}", margin(&story, "tom"));
}

#[test]
fn funding_follows_the_premium() {
    let mut story = tom(1_000);
    // π = 0.0016·1000 / 1,000,000; a day later F = −100·(¼·π + ½·9·π)
    let premium = fraction(16, 10_000_000);
    let start = story.model.markets[0].perps[0].funding.clone();
    assert!(start.raw.near(&fraction(1, 1_000_000_000_000)).holds(&(&premium / whole(4))), "{start:?}");
    story.wait(86_400);
    let expected = usd(-100) * &premium * (fraction(1, 4) + fraction(9, 2));
    let index = story.model.funding_index(0, 0, story.now);
    assert!(index.near(&fraction(1, 1_000)).holds(&expected), "{index:?}");
    story.accepted("kate", to(MarketMessage::Poke));
    // I = 9π / (1 + 1)
    let funding = story.model.markets[0].perps[0].funding.clone();
    assert!(funding.integral.near(&fraction(1, 1_000_000_000_000)).holds(&(&premium * fraction(9, 2))));
    // and nothing more after a further day and a second than after a day
    story.wait(86_400);
    let then = story.model.funding_index(0, 0, story.now);
    assert_eq!(then.middle(), story.model.funding_index(0, 0, story.now + 1).middle());
}

#[test]
fn an_integral_against_the_premium_runs_four_times_as_fast_and_ends_at_zero() {
    let story = tom(1_000);
    let params = &story.model.markets[0].params;
    let (integral, premium) = (Span::exact(fraction(-1, 1_000)), Span::exact(fraction(1, 10_000)));
    let funding = super::Funding::begin(Span::zero(), integral, &premium, usd(100), params);
    // slope 4·9·0.0001 = 0.0036 a day; 0.001 / 0.0036 days to zero
    assert_eq!(funding.slope(), Span::exact(fraction(36, 10_000)));
    assert_eq!(funding.exact_for(params), Some(Span::whole(86_400 / 36 * 10)));
}

#[test]
fn a_rate_beyond_its_cap_stays_there() {
    let story = tom(1_000);
    let params = &story.model.markets[0].params;
    let (integral, premium) = (Span::exact(fraction(3, 100)), Span::exact(fraction(8, 100)));
    let funding = super::Funding::begin(Span::zero(), integral, &premium, usd(100), params);
    assert_eq!((funding.rate.clone(), funding.slope()), (Span::exact(fraction(4, 100)), Span::zero()));
}

#[test]
fn profit_that_is_not_realised_can_not_be_withdrawn() {
    let mut story = tom(1_000);
    story.wait(5);
    story.prices(&[100, 150, 100]);
    let ask =
        |amount: Q| to(MarketMessage::Withdraw { account: 0, amount, recipient: None, accepted: whole(0) });
    // margin 998.9992 less initial margin 150
    assert_eq!(story.refused("tom", ask(usd(849))), ["E0421"]);
    story.accepted("tom", ask(usd(848)));
    assert_eq!(story.model.bank.balance("sdusd", "tom"), Span::exact(usd(19_848)));
}

#[test]
fn what_a_market_does_not_hold_is_drawn() {
    let mut story = tom(1_000);
    story.wait(5);
    story.prices(&[100, 150, 100]);
    story.accepted("tom", commit(-10));
    story.wait(5);
    story.prices(&[100, 150, 100]);
    story.accepted("kate", settle());
    // 1000 + 500 − 1 − 1.5, premium and rebate, and Φ's growth with the price stays with the trader
    let all = margin(&story, "tom").middle().floor().to_integer();
    let ask =
        |amount: Q| to(MarketMessage::Withdraw { account: 0, amount, recipient: None, accepted: whole(0) });
    let amount = Q::from_integer(all) - whole(1);
    story.accepted("tom", ask(amount.clone()));
    // what was paid in goes first
    assert_eq!(story.model.markets[0].drawn.middle(), amount - usd(1_000));
    assert!(story.model.markets[0].held.is_zero());
    let ledger = &story.model.pool.ledger;
    assert!(near(&ledger.difference(), &whole(0)), "{:?}", ledger.difference());
}

#[test]
fn a_liquidation_cuts_back_to_the_target() {
    let mut story = tom(200);
    story.wait(5);
    story.prices(&[100, 85, 100]);
    let key = ("tom".to_string(), 0);
    assert_eq!(story.model.liquidatable(story.now, 0, &key), Holds::No);
    story.prices_of(1, 84);
    assert_eq!(story.model.liquidatable(story.now, 0, &key), Holds::Yes);
    let ask = LiquidatorMessage::LiquidateAccounts { market: 0, accounts: vec![key.clone()] };
    story.accepted("kate", Message::Liquidator(ask));
    let account = &story.model.markets[0].accounts[&key];
    // equity 38.9992 USD of 42; wanted 63: 24.0008 / (1.5·5 % − 1 %) = 369.2431 USD of notional are closed
    let expected = whole(10) - fraction(240_008, 10_000) / fraction(65, 1_000) / whole(84);
    let size = &account.positions[&0].size;
    assert!(size.near(&fraction(1, 1_000_000)).holds(&expected), "{size:?}");
    let standing = story.model.standing(0, account, story.now).unwrap();
    let target = standing.maintenance.middle() * fraction(3, 2);
    // a micro-USD more or less that is missing is 16 of notional that are closed, and as much to either side
    assert!(standing.equity.near(&whole(64)).holds(&target), "{:?} {target}", standing.equity);
    assert_eq!(account.generation, 1);
    // penalty 3.692431 USD: the keeper's 2 + a tenth, on top of the fee of the fill
    let reward = fraction(2_369_243, 1) + whole(50_000);
    assert!(near(&margin(&story, "kate"), &reward), "{:?}", margin(&story, "kate"));
}

#[test]
fn an_account_that_ends_below_zero_leaves_a_shortfall() {
    let mut story = tom(200);
    story.wait(5);
    story.prices(&[100, 70, 100]);
    let key = ("tom".to_string(), 0);
    let ask = LiquidatorMessage::LiquidateAccounts { market: 0, accounts: vec![key.clone()] };
    story.accepted("kate", Message::Liquidator(ask));
    let market = &story.model.markets[0];
    assert!(market.accounts[&key].positions.is_empty());
    assert!(market.accounts[&key].margin.is_zero());
    // 198.9992 − 300; the rebate of Φ (0.000392 USD at 70) goes to insurance
    assert!(near(&market.shortfalls, &whole(101_000_800)), "{:?}", market.shortfalls);
    assert!(near(&market.fees, &whole(100_000 + 392)), "{:?}", market.fees);
    story.accepted("anna", Message::Pool(PoolMessage::Sync));
    let ledger = &story.model.pool.ledger;
    assert!(ledger.insurance.is_zero() && ledger.bad_debt.is_zero(), "{ledger:?}");
    assert!(near(&ledger.difference(), &whole(0)));
}

#[test]
#[ignore = "prints how long a message takes"]
fn how_long_a_message_takes() {
    let mut story = tom(1_000);
    let started = std::time::Instant::now();
    for n in 0..100 {
        story.accepted("tom", commit(if n % 2 == 0 { 1 } else { -1 }));
        story.wait(5);
        story.prices(&[100, 100 + n % 7, 100]);
        story.accepted("kate", settle());
        let shown =
            story.model.stored(story.now).into_iter().map(|(name, span)| (name, span.middle())).collect();
        let _ = story.model.check(story.now, &shown);
    }
    println!("{:?} a message", started.elapsed() / 300);
}
