use super::{fee_out, mark, most_leaving, par};
use crate::config::{ReserveConfig, ReserveToken, SwapStatus};
use crate::fixture::{usd, Story};
use crate::message::{Message, ReserveMessage, Then};
use crate::number::{fraction, ten, whole, Q};
use crate::span::Span;
use crate::Reserve;

fn usdc() -> ReserveToken {
    ReserveToken {
        token: "usdc".into(),
        decimals: 8,
        feed: 2,
        band: fraction(1, 100),
        maximum_confidence: fraction(1, 200),
        ceiling: usd(10_000),
        fee_in: fraction(1, 1_000),
        fee_out: (fraction(1, 1_000), fraction(1, 100)),
        status: SwapStatus::Open,
    }
}

/// Anna and bert have borrowed 50,000 USD; feed 2 is the dollar token's.
fn story() -> Story {
    let mut story = Story::provided();
    let config =
        ReserveConfig { supply_share: fraction(1, 10), minimum_room: usd(100), tokens: vec![usdc()] };
    story.model.reserve = Some(Reserve::new(config));
    let line = Span::zero();
    let listed = crate::pool::Listed { line, ..story.model.pool.markets[0].clone() };
    story.model.pool.markets.push(listed);
    story.model.endow("usdc", "anna", ten(12));
    dollar(&mut story, whole(1));
    story
}

/// The dollar token's price in USD, a second later.
fn dollar(story: &mut Story, price: Q) {
    story.wait(1);
    let entry = crate::message::Submission {
        feed: 2,
        price: price * ten(6),
        confidence: whole(0),
        publish_time: story.now,
    };
    story.accepted("publisher", Message::Publish(vec![entry]));
}

fn swap_in(dollars: i64) -> Message {
    let then = Then::Pay { recipient: None, accepted: whole(0) };
    Message::Reserve(ReserveMessage::SwapIn {
        token: 0,
        amount: usd(dollars) * whole(100),
        least: None,
        then,
    })
}

fn swap_out(dollars: i64) -> Message {
    let (least, recipient, accepted) = (None, None, whole(0));
    Message::Reserve(ReserveMessage::SwapOut { token: 0, amount: usd(dollars), least, recipient, accepted })
}

#[test]
fn a_fee_rises_to_the_most_for_the_last_and_pieces_pay_no_less() {
    let token = usdc();
    // all of the ceiling: the mean of 0.1 % and 1 %; its first half: of 0.1 % and 0.55 %
    assert_eq!(fee_out(&token, &usd(10_000), &usd(10_000)), usd(55));
    assert_eq!(fee_out(&token, &usd(10_000), &usd(5_000)), usd(1_625) / whole(100));
    assert_eq!(fee_out(&token, &usd(20_000), &usd(10_000)), usd(10));
    assert_eq!(most_leaving(&token, &usd(10_000), &usd(10_055)), usd(10_000));
    assert_eq!(most_leaving(&token, &usd(10_000), &(usd(10_055) - whole(1))), usd(10_000) - whole(1));
}

#[test]
fn a_mark_follows_in_steps_of_more_than_the_band() {
    let at = |stood: Q, price: Q| mark(&(stood * par()), &(price * par()), &fraction(1, 100)) / par();
    assert_eq!(at(whole(1), fraction(99, 100)), whole(1));
    assert_eq!(at(whole(1), fraction(98, 100)), fraction(98, 100));
    assert_eq!(at(fraction(98, 100), fraction(989, 1_000)), fraction(98, 100));
    assert_eq!(at(fraction(98, 100), fraction(995, 1_000)), whole(1));
}

#[test]
fn what_comes_in_is_paid_out_of_what_is_held_and_then_drawn() {
    let mut story = story();
    story.accepted("anna", swap_in(1_000));
    // 1 USD is insurance's with the next sync
    assert_eq!(story.model.bank.balance("sdusd", "anna"), Span::exact(usd(20_999)));
    story.accepted("anna", swap_out(500));
    let reserve = story.model.reserve.as_ref().unwrap();
    assert_eq!((&reserve.held, &reserve.drawn), (&Span::exact(usd(500)), &Span::exact(usd(999))));
    // of 1,000 under a ceiling of 10,000 the first pays about 0.91 %
    let gone = (whole(1_000) * ten(8) - reserve.stocks[0].amount.middle()) / ten(8);
    assert!(gone > fraction(49_530, 100) / whole(1) && gone < fraction(49_550, 100), "{gone:?}");
    story.accepted("anna", swap_in(1_000));
    assert_eq!(story.model.reserve.as_ref().unwrap().drawn, Span::exact(usd(999 + 499)));
    let n = story.model.place_of_reserve();
    let used = story.model.used_at_worst(n, story.now);
    assert!(used.is_zero(), "{used:?}");
}

#[test]
fn swaps_are_refused_outside_of_the_band_and_above_a_ceiling() {
    let mut story = story();
    assert_eq!(story.refused("anna", swap_in(5_600)), ["E0702"]);
    assert_eq!(story.refused("anna", swap_out(1)), ["E0705"]);
    dollar(&mut story, fraction(989, 1_000));
    // below the band, and in the book below par
    assert_eq!(story.refused("anna", swap_in(1)), ["E0701"; 2]);
    dollar(&mut story, fraction(1_011, 1_000));
    // above it, and nothing is there
    assert_eq!(story.refused("anna", swap_out(1)), ["E0701", "E0705"]);
    story.wait(16);
    assert_eq!(story.refused("anna", swap_out(1)), ["E0206"]);
}

#[test]
fn a_write_down_is_a_loss_and_what_comes_back_is_insurance() {
    let mut story = story();
    story.accepted("anna", swap_in(1_000));
    let revalue = || Message::Reserve(ReserveMessage::Revalue { token: 0 });
    assert_eq!(story.refused("kira", revalue()), ["E0322"]);
    dollar(&mut story, fraction(9, 10));
    story.accepted("kira", revalue());
    // of 100 USD lost insurance has 1 and the providers pay the rest
    assert_eq!(story.model.reserve.as_ref().unwrap().shortfalls, Span::exact(usd(100)));
    assert_eq!(story.model.pool.losses.insurance, Span::exact(usd(1)));
    assert_eq!(story.model.pool.losses.providers, Span::exact(usd(99)));
    dollar(&mut story, whole(1));
    story.accepted("kira", revalue());
    assert_eq!(story.model.pool.ledger.insurance, Span::exact(usd(100)));
    assert!(story.model.pool.ledger.difference().is_zero());
}
