use super::*;
use crate::config::{AuctionConfig, Curve};
use crate::fixture::{usd, Story};
use crate::message::{Message, TakeTokens};
use crate::number::fraction;

fn token(base: i64, slope: Q, maximum: i64) -> CustodyToken {
    CustodyToken {
        token: "atom".into(),
        decimals: 6,
        feed: 0,
        base: fraction(base, 100),
        slope,
        maximum: fraction(maximum, 100),
        confidence: fraction(1, 100),
        cap: usd(1_000_000),
        closing: false,
    }
}

#[test]
fn what_a_holding_counts_for_rises_then_is_flat_then_rises_again() {
    // v* = 0.9 / 0.00002 = 45,000: 45,000·(0.9 − 0.45) = 20,250, as much as 202,500 at 90 %
    let steep = token(10, fraction(1, 100_000), 90);
    let of = |value| steep.counted_of(&usd(value)).middle();
    assert_eq!([of(1_000), of(45_000), of(60_000)], [usd(890), usd(20_250), usd(20_250)]);
    assert_eq!(of(202_510), usd(20_251));
    assert_eq!(token(25, whole(0), 25).counted_of(&whole(9)).middle(), whole(6));
}

/// Carl's account owes 500 USD, and 110 ATOM at 10 USD are behind it, which count for 990.
fn story() -> Story {
    let mut story = Story::provided();
    let auction = AuctionConfig {
        buffer: fraction(11, 10),
        curve: Curve::Linear(1_000),
        cusp: fraction(1, 2),
        tail: 400,
        tip: usd(5),
        chip: whole(0),
        dust: usd(10),
    };
    let (penalty, minimum_deposit) = (fraction(1, 10), usd(100));
    let tokens = vec![token(10, whole(0), 10)];
    story.model.custody =
        Some(Custody::new(CustodyConfig { market: 0, auction, penalty, minimum_deposit, tokens }));
    story.model.endow("atom", "carl", usd(110));
    story.wait(1);
    story.prices(&[10, 100, 100]);
    let deposit = CustodyMessage::Deposit { token: 0, amount: usd(110), beneficiary: None, account: 3 };
    story.accepted("carl", Message::Custody(deposit));
    let account = story.model.markets[0].accounts.get_mut(&("carl".into(), 3)).unwrap();
    account.margin = Span::exact(-usd(500));
    story
}

fn sell() -> Message {
    Message::Custody(CustodyMessage::Sell { owner: "carl".into(), account: 3 })
}

fn take(payment: i64) -> Message {
    let take =
        TakeTokens { payment: usd(payment), amount: usd(110), maximum_price: usd(99), recipient: None };
    Message::Custody(CustodyMessage::Take { owner: "carl".into(), account: 3, take })
}

#[test]
fn an_account_that_its_tokens_cover_is_not_sold() {
    let mut story = story();
    assert_eq!(story.refused("kim", sell()), ["E1106"]);
    story.wait(1);
    story.prices(&[5, 100, 100]);
    // 495 < 500
    story.accepted("kim", sell());
    assert_eq!(story.refused("kim", sell()), ["E1108"]);
    let stop = Message::Custody(CustodyMessage::Stop { owner: "carl".into(), account: 3 });
    assert_eq!(story.refused("kim", stop.clone()), ["E1110"]);
    story.wait(1);
    story.prices(&[6, 100, 100]);
    story.accepted("kim", stop);
}

#[test]
fn what_a_take_brings_is_in_proportion_for_the_account_and_for_the_penalty() {
    let mut story = story();
    story.wait(1);
    story.prices(&[5, 100, 100]);
    story.accepted("kim", sell());
    let fees = story.model.markets[0].fees.clone();
    // 100 ATOM at 5.50 are all that is owed with its penalty: 500 and 50, of which the keeper gets 5; 10 are left
    story.accepted("bert", take(1_000));
    let about = |span: &Span, value: Q| assert!(span.near(&whole(2)).holds(&value), "{span:?}");
    let account = &story.model.markets[0].accounts[&("carl".to_string(), 3)];
    about(&account.margin, whole(0));
    about(&account.tokens[0], usd(10));
    about(&story.model.bank.balance(SDUSD, "kim"), usd(5));
    about(&(&story.model.markets[0].fees - &fees), usd(45));
    assert!(story.model.bank.balance(SDUSD, CUSTODY).is_zero());
    assert!(story.model.custody.as_ref().is_some_and(|custody| custody.sales.is_empty()));
    assert!(story.model.markets[0].shortfalls.is_zero());
}

#[test]
fn what_all_tokens_together_do_not_bring_is_written_off() {
    let mut story = story();
    story.wait(1);
    story.prices(&[2, 100, 100]);
    story.accepted("kim", sell());
    // 110 ATOM at 2.20 bring 242 of 550: 220 of 500
    story.accepted("bert", take(1_000));
    let market = &story.model.markets[0];
    let account = &market.accounts[&("carl".to_string(), 3)];
    assert!(account.margin.near(&whole(4)).holds(&whole(0)) && !account.is_backed());
    assert!(market.shortfalls.near(&whole(4)).holds(&usd(280)), "{:?}", market.shortfalls);
}
