use crate::config::{PerpStatus, SpotParams, SyntheticConfig};
use crate::fixture::{usd, Story};
use crate::message::{BuyExact, MarketMessage, Message, SellExact, SpotMessage};
use crate::number::{fraction, whole, Q};
use crate::span::Span;
use crate::spot::Spot;

/// Anna and bert provide; a token of 6 decimals on feed 1 at 100 USD, with the funding of the first perpetual.
fn story() -> Story {
    let mut story = Story::provided();
    let config = SyntheticConfig {
        symbol: "sone".into(),
        decimals: 6,
        feed: 1,
        status: PerpStatus::Open,
        skew_cap: usd(100_000),
        trade_confidence: fraction(1, 100),
        settle_confidence: fraction(1, 100),
        premium_cap: fraction(1, 100),
        minimum_notional: usd(10),
        funding: Some((0, 0)),
    };
    let params = SpotParams {
        fee: fraction(1, 1_000),
        insurance_share: fraction(1, 10),
        keeper_share: fraction(1, 20),
        order_delay: 5,
        order_expiry: 60,
        maximum_empty_intervals: 3,
        maximum_slippage: fraction(1, 10),
    };
    story.model.spot = Some(Spot::new(params, vec![config]));
    let line = Span::exact(usd(10_000));
    let listed = crate::pool::Listed { line, ..story.model.pool.markets[0].clone() };
    story.model.pool.markets.push(listed);
    story
}

fn buy(paid: i64, exact: BuyExact) -> Message {
    let (expires_in, recipient) = (None, None);
    Message::Spot(SpotMessage::Buy { synthetic: 0, paid: usd(paid), exact, expires_in, recipient })
}

fn sell(amount: Q, exact: SellExact) -> Message {
    Message::Spot(SpotMessage::Sell { synthetic: 0, amount, exact, expires_in: None, recipient: None })
}

fn settle() -> Message {
    Message::Spot(SpotMessage::Settle { synthetic: 0, limit: 10 })
}

/// The next interval begins and has prices, and the keeper settles.
fn fills(story: &mut Story) {
    story.wait(5);
    story.prices(&[100, 100, 100]);
    story.accepted("kira", settle());
}

fn near(span: &Span, value: Q) -> bool {
    (span - &Span::exact(value)).abs().high() <= &whole(4)
}

#[test]
fn a_buy_of_tokens_costs_their_value_a_premium_and_a_fee() {
    let mut story = story();
    story.accepted("anna", buy(2_000, BuyExact::Out { amount: usd(10) }));
    fills(&mut story);
    // 10 units of 100 USD; Φ = 1,000²·0.0016 ÷ 2,000,000 = 0.0008 USD; a fee of 1 USD
    let cost = usd(1_001) + whole(800);
    assert!(near(&story.model.bank.balance("sdusd", "anna"), usd(20_000) - &cost));
    assert_eq!(story.model.bank.balance("sone", "anna"), Span::exact(usd(10)));
    let spot = story.model.spot.as_ref().unwrap();
    assert_eq!(spot.claims["kira"], Span::whole(50_000));
    assert_eq!(spot.fees, Span::whole(100_000));
    // what is owed less what is held: the pool has 0.85 of the fee, and Φ beside it
    let reported = story.model.reported(1, story.now);
    assert!(near(&reported, usd(1_000) + whole(50_000) - cost));
}

#[test]
fn with_both_ends_exact_a_round_trip_costs_the_fees() {
    let mut story = story();
    story.accepted("anna", buy(1_000, BuyExact::In { least: None }));
    fills(&mut story);
    let bought = story.model.bank.balance("sone", "anna").middle();
    // 1,000 = q·100·1.001 + (100·q)²·0.0016 ÷ 2,000,000: a little less than 9.99 units
    assert!(bought > usd(9_980) / whole(1_000) && bought < usd(9_991) / whole(1_000), "{bought:?}");
    story.accepted("anna", sell(bought.clone(), SellExact::Out { usd: usd(500) }));
    fills(&mut story);
    let left = story.model.bank.balance("sone", "anna").middle();
    story.accepted("anna", sell(left, SellExact::In { least: None }));
    fills(&mut story);
    assert!(story.model.bank.balance("sone", "anna").is_zero());
    // twice 0.1 % of 999: two sales of what one buy bought
    let fees = (usd(20_000) - story.model.bank.balance("sdusd", "anna").middle()) / whole(1_000_000);
    assert!(fees > fraction(199, 100) && fees < fraction(201, 100), "{fees:?}");
    assert!(story.model.spot.as_ref().unwrap().synthetics[0].supply.is_zero());
}

#[test]
fn tokens_carry_the_perpetuals_funding_as_quantity_and_their_value_goes_on_as_it_was() {
    let mut story = story();
    story.accepted("anna", buy(20_000, BuyExact::Out { amount: usd(100) }));
    fills(&mut story);
    story.accepted("kira", Message::Market(0, MarketMessage::Poke));
    story.accepted("kira", Message::Spot(SpotMessage::Poke));
    story.wait(43_200);
    story.prices(&[100, 100, 100]);
    let before = story.model.reported(1, story.now);
    story.accepted("kira", Message::Spot(SpotMessage::Poke));
    let after = story.model.reported(1, story.now);
    // π = 10,000·0.0016 ÷ 1,000,000 = 1.6·10⁻⁵; ¼ of it and 9·π·t of half a day: 1.6·10⁻⁵·(⅛ + 9·⅛)
    let redemption = story.model.spot.as_ref().unwrap().synthetics[0].redemption.middle();
    let paid = (whole(1) - redemption) * whole(1_000_000);
    assert!(paid > fraction(199, 10) && paid < fraction(201, 10), "{paid:?}");
    assert!(near(&after, before.middle()));
}

#[test]
fn what_does_not_fill_is_refunded_less_the_keepers_fee() {
    let mut story = story();
    story.accepted("anna", buy(1_000, BuyExact::Out { amount: usd(10) }));
    fills(&mut story);
    // costs more than 1,000: 0.1 % of what was paid, of it 5 %
    assert_eq!(story.model.spot.as_ref().unwrap().claims["kira"], Span::whole(50_000));
    assert!(near(&story.model.bank.balance("sdusd", "anna"), usd(20_000) - whole(50_000)));
    assert_eq!(story.refused("kira", settle()), ["E0322"]);
    assert_eq!(story.refused("anna", buy(9, BuyExact::In { least: None })), ["E0405"]);
    assert_eq!(story.refused("anna", sell(whole(1), SellExact::In { least: None })), ["funds"]);
}

#[test]
fn who_burns_his_tokens_leaves_what_they_were_owed_to_the_providers() {
    let mut story = story();
    story.accepted("anna", buy(2_000, BuyExact::Out { amount: usd(10) }));
    fills(&mut story);
    let sweep = || Message::Spot(SpotMessage::Sweep { synthetic: 0 });
    assert_eq!(story.refused("kira", sweep()), ["E0322"]);
    story.accepted("anna", Message::BurnOwn { token: "sone".into(), amount: usd(3) });
    let to = "spot".to_string();
    story.accepted("anna", Message::Transfer { token: "sone".into(), to, amount: usd(2) });
    story.accepted("kira", sweep());
    let own = &story.model.spot.as_ref().unwrap().synthetics[0];
    assert_eq!(own.supply, Span::exact(usd(5)));
    assert!(story.model.bank.balance("sone", "spot").is_zero());
}
