//! Margin in tokens: what they count for, what may leave, and how an account that owes more than they count for is sold out of them. Whatever
//! happens the books balance: every message here is followed by a deep audit.

use proptest::prelude::*;
use sdp_embedded::error::Result;
use sdp_embedded::{events, Actions, Answer, Network, TakeTokens, TokenMargin, World};
use sdp_risk::haircut::counted;
use sdp_types::custody::{Haircut, SaleResponse};
use sdp_types::events::{
    AccountBacked, AccountLiquidated, FromEvent, TokenSaleEnded, TokenSaleStarted, TokensTaken,
    TokensWithdrawn,
};
use sdp_types::market::{AccountResponse, Delegation, TotalsResponse};
use sdp_types::units::{Amount, Price, Ratio, Rounding, SignedUsd, Usd, MAX_PRICE};
use serde_json::json;

use crate::refused;

/// Of ATOM in the built-in manifest: 20 %, and 4 % more for every 100,000 USD, up to 60 %.
const ATOM: Haircut =
    Haircut { base: Ratio::percent(20), slope: Ratio::new(400_000_000_000), maximum: Ratio::percent(60) };

/// 20 million USDC stand behind everything; index prices are the published ones, feeds may jump, and leverage costs nothing.
fn stage() -> World {
    stage_with(|_| {})
}

fn stage_with(change: impl FnOnce(&mut sdp_embedded::Manifest)) -> World {
    let mut world = World::with(|manifest| {
        manifest.oracle.breaker = None;
        manifest.oracle.measurement = None;
        manifest.feeds.iter_mut().for_each(|feed| feed.confidence = Ratio::ZERO);
        manifest.markets[0].insurance.leverage = Ratio::ZERO;
        manifest.markets[0].insurance.shortfall = Ratio::ZERO;
        change(manifest);
    });
    world.lp("whale").deposits(19_000_000, "USDC").mints(2_000_000);
    for name in ["bob", "carl", "tara"] {
        world.sells_sdusd("whale", name, 300_000);
    }
    world
}

fn atom(whole: u64) -> Amount {
    Amount::new(u128::from(whole) * 1_000_000)
}

/// Whole ATOM into somebody's account 0.
#[track_caller]
fn brings(world: &mut World, name: &str, whole: u64) {
    world.give(name, "ATOM", atom(whole)).unwrap();
    world.deposit_token_margin(name, "ATOM", 0, atom(whole), None).unwrap();
}

fn account(world: &World, name: &str) -> AccountResponse {
    world.account(name, "market", 0).unwrap()
}

fn signed(usd: Usd) -> SignedUsd {
    usd.signed().unwrap()
}

fn told<E: FromEvent>(done: Result<Answer>) -> E {
    events::<E>(&done.unwrap()).unwrap().remove(0)
}

fn take<'a>(owner: &'a str, payment: Usd, amount: Amount) -> TakeTokens<'a> {
    TakeTokens { owner, account: 0, payment, amount, max_price: MAX_PRICE, recipient: None }
}

fn sale(world: &World) -> SaleResponse {
    world.token_sales().unwrap().remove(0)
}

fn totals(world: &World) -> TotalsResponse {
    world.market_totals("market").unwrap()
}

/// sdUSD that the market holds by its book.
fn held(world: &World) -> Usd {
    totals(world).held
}

/// What the market has taken for insurance, and lost, ever.
fn fees_and_shortfalls(world: &World) -> (Usd, Usd) {
    let exposure = totals(world).exposure;
    (exposure.fees, exposure.shortfalls)
}

#[test]
fn tokens_count_for_less_the_more_there_are_of_one() {
    let mut world = stage();
    // 10,000 USD less 20.4 %
    brings(&mut world, "bob", 1_000);
    let found = account(&world, "bob");
    assert_eq!(
        (found.margin, found.tokens, found.equity),
        (SignedUsd::ZERO, Some(Usd::whole(7_960)), signed(Usd::whole(7_960)))
    );
    assert_eq!(found.equity_for_opening, signed(Usd::whole(7_960)));
    // 100,000 USD less 24 %
    brings(&mut world, "bob", 9_000);
    assert_eq!(account(&world, "bob").tokens, Some(Usd::whole(76_000)));
    // of another token the haircut is its own: 30,000 less 15.3 %
    let ten = Amount::new(10_000_000_000_000_000_000);
    world.give("bob", "ETH", ten).unwrap();
    world.deposit_token_margin("bob", "ETH", 0, ten, None).unwrap();
    assert_eq!(account(&world, "bob").tokens, Some(Usd::whole(76_000 + 25_410)));
    let shown = world.token_margin("bob", 0).unwrap();
    let parts: Vec<_> =
        shown.tokens.iter().map(|token| (token.token, token.value, token.haircut.to_string())).collect();
    assert_eq!(
        parts,
        [(0, Usd::whole(100_000), "0.24".to_string()), (1, Usd::whole(30_000), "0.153".to_string())]
    );
    // somebody else's account is not worth more
    assert_eq!(account(&world, "carl").tokens, None);
}

#[test]
fn what_counts_is_the_low_edge_of_the_price() {
    let mut world = stage();
    brings(&mut world, "bob", 1_000);
    world.uncertain_price("ATOM", "10", "0.01");
    assert_eq!(account(&world, "bob").tokens, Some(counted(&ATOM, Usd::whole(9_900)).unwrap()));
}

#[test]
fn an_account_with_tokens_alone_trades_and_owes_what_it_loses() {
    let mut world = stage();
    brings(&mut world, "bob", 1_000);
    world.trader("bob").buys("0.5", "BTC");
    world.fills();
    let opened = account(&world, "bob");
    assert!(opened.margin < SignedUsd::ZERO, "the fee is owed: {}", opened.margin);
    world.price("BTC", 58_000);
    world.trader("bob").closes("BTC");
    world.fills();
    let closed = account(&world, "bob");
    // it lost 1,000 and fees; nothing of that is the pool's loss while tokens count for it
    assert!(closed.margin < signed(Usd::whole(1_000)).negate().unwrap() && closed.positions.is_empty());
    assert_eq!(closed.equity, closed.margin.plus(signed(Usd::whole(7_960))).unwrap());
    assert_eq!(fees_and_shortfalls(&world).1, Usd::ZERO);
    world.trader("bob").fails_with("E0421").withdraws(1);
    refused(&mut world, "E1106", |world| world.sell_tokens("kim", "bob", 0));
    world.keeper("kim").syncs();
}

#[test]
fn no_more_sdusd_leaves_than_was_margin_whatever_the_tokens_count_for() {
    let mut world = stage();
    world.trader("bob").funds_margin(500);
    brings(&mut world, "bob", 1_000);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    let now = account(&world, "bob");
    // 7,960 cover the 3,000 of initial margin, so all margin may go, and not a micro-USD more
    assert_eq!(signed(now.withdrawable), now.margin);
    world.trader("bob").fails_with("E0421").withdraws(500);
    world.withdraw_margin("bob", "market", 0, now.withdrawable).unwrap();
    let after = account(&world, "bob");
    assert_eq!((after.margin, after.withdrawable), (SignedUsd::ZERO, Usd::ZERO));
}

#[test]
fn tokens_leave_down_to_the_last_unit_that_the_account_needs() {
    let mut world = stage();
    brings(&mut world, "bob", 1_000);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    world.price("BTC", 60_500);
    let now = account(&world, "bob");
    // a profit that is not realised does not count: what the rest has to count for
    let needed = signed(now.initial_margin).minus(now.margin).unwrap().positive_part();
    let enough = |left: u128| counted(&ATOM, Usd::new(left * 10)).unwrap() >= needed;
    let (mut least, mut short) = (1_000_000_000u128, 0u128);
    while least - short > 1 {
        let middle = (least + short) / 2;
        *(if enough(middle) { &mut least } else { &mut short }) = middle;
    }
    let most = Amount::new(1_000_000_000 - least);
    assert_eq!(world.token_margin("bob", 0).unwrap().free, now.tokens.unwrap().minus(needed).unwrap());
    let one_more = most.plus(Amount::new(1)).unwrap();
    refused(&mut world, "E1105", |world| world.withdraw_token_margin("bob", "ATOM", 0, one_more, None));
    refused(&mut world, "E1104", |world| world.withdraw_token_margin("bob", "ATOM", 0, atom(1_001), None));
    refused(&mut world, "E0005", |world| world.withdraw_token_margin("bob", "ATOM", 0, Amount::ZERO, None));
    refused(&mut world, "E1104", |world| world.withdraw_token_margin("carl", "ATOM", 0, atom(1), None));
    world.withdraw_token_margin("bob", "ATOM", 0, most, Some("beth")).unwrap();
    assert_eq!(world.balance("beth", "ATOM").unwrap(), most);
    refused(&mut world, "E1105", |world| world.withdraw_token_margin("bob", "ATOM", 0, Amount::new(1), None));

    // once all is closed and paid, all of it leaves
    world.trader("bob").closes("BTC");
    world.fills();
    let last = world.token_margin("bob", 0).unwrap().tokens[0].amount;
    world.trader("carl").funds_margin_of("bob", 1_000);
    let told: AccountBacked = told(world.withdraw_token_margin("bob", "ATOM", 0, last, None));
    assert_eq!((told.backed, told.charge, told.shortfall), (false, Usd::ZERO, Usd::ZERO));
    assert_eq!(account(&world, "bob").tokens, None);
}

#[test]
fn taking_tokens_out_pays_for_the_leverage_that_it_leaves_as_taking_margin_out_does() {
    let mut world = stage_with(|manifest| manifest.markets[0].insurance.leverage = Ratio::bps(10));
    brings(&mut world, "bob", 1_000);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    let before = account(&world, "bob");
    let fees = fees_and_shortfalls(&world).0;
    let told: TokensWithdrawn = told(world.withdraw_token_margin("bob", "ATOM", 0, atom(300), None));
    // notional · min(1, initial ÷ equity for opening), before and after
    let notional = before.positions[0].notional;
    let leveraged = |equity: SignedUsd| {
        let part = before.initial_margin.per(equity.positive_part(), Rounding::Up).unwrap().min(Ratio::ONE);
        notional.scale(part, Rounding::Up).unwrap()
    };
    let lost = Usd::whole(7_960).minus(counted(&ATOM, Usd::whole(7_000)).unwrap()).unwrap();
    let left = before.equity_for_opening.minus(signed(lost)).unwrap();
    let more = leveraged(left).minus(leveraged(before.equity_for_opening)).unwrap();
    assert_eq!(told.charge, more.scale(Ratio::bps(10), Rounding::Up).unwrap());
    assert!(!told.charge.is_zero());
    let after = account(&world, "bob");
    assert_eq!(after.margin, before.margin.minus(signed(told.charge)).unwrap());
    assert_eq!(fees_and_shortfalls(&world).0, fees.plus(told.charge).unwrap());
}

/// bob with 10,000 ATOM, which count for 76,000, and carl with as much in sdUSD: 10 BTC each, bought at 60,000.
fn beside_each_other() -> World {
    let mut world = stage();
    brings(&mut world, "bob", 10_000);
    world.trader("carl").funds_margin(76_000);
    for name in ["bob", "carl"] {
        world.trader(name).buys("10", "BTC");
    }
    world.fills();
    world
}

/// The token falls, and with it what bob has behind his position; he is liquidated and owes what he lost.
fn crashed(world: &mut World, atom: &str, btc: &str) -> Usd {
    world.prices(&[("ATOM", atom), ("BTC", btc)]);
    world.keeper("kim").liquidates(&["bob", "carl"]);
    let after = account(world, "bob");
    assert!(after.positions.is_empty());
    after.margin.negative_part()
}

#[test]
fn in_a_crash_of_the_token_its_account_is_sold_out_and_one_with_as_much_sdusd_goes_on() {
    let mut world = beside_each_other();
    refused(&mut world, "E1107", |world| world.sell_tokens("kim", "bob", 0));
    // 35,000 USD of ATOM count for 27,510; BTC loses 30,000
    let carl = account(&world, "carl");
    let owed = crashed(&mut world, "3.5", "57000");
    assert!(owed > Usd::whole(30_000) && owed < Usd::whole(31_000), "{owed}");
    let after = account(&world, "carl");
    assert_eq!((after.margin, after.positions.len(), after.liquidatable), (carl.margin, 1, false));
    assert_eq!(fees_and_shortfalls(&world).1, Usd::ZERO, "what tokens may still bring is no loss yet");

    let penalty = owed.scale(Ratio::percent(5), Rounding::Up).unwrap();
    let started: TokenSaleStarted = told(world.sell_tokens("kim", "bob", 0));
    let start: Price = "3.85".parse().unwrap();
    assert_eq!((started.token, started.owed, started.penalty, started.price), (0, owed, penalty, start));
    refused(&mut world, "E1108", |world| world.sell_tokens("kim", "bob", 0));
    refused(&mut world, "E1108", |world| world.withdraw_token_margin("bob", "ATOM", 0, Amount::new(1), None));

    // ten steps of a hundredth down
    world.passes_without_gap(200);
    let (mut price, hundredth) = (start, Ratio::percent(99));
    for _ in 0..10 {
        price = price.scale(hundredth, Rounding::Down).unwrap();
    }
    let shown = sale(&world);
    assert!(shown.price.raw().abs_diff(price.raw()) < 20, "{} {price}", shown.price);
    let price = shown.price;
    let (held_before, fees, tara) =
        (held(&world), fees_and_shortfalls(&world).0, world.balance("tara", "sdusd").unwrap());
    let taken: TokensTaken = told(world.take_tokens("tara", &take("bob", Usd::whole(100_000), atom(10_000))));
    let paid = owed.plus(penalty).unwrap();
    let amount = price.amount_for(paid, 6, Rounding::Up).unwrap();
    // 5 USD and a thousandth of what was owed
    let reward = Usd::whole(5).plus(owed.scale(Ratio::bps(10), Rounding::Down).unwrap()).unwrap();
    assert_eq!(
        (taken.amount, taken.paid, taken.recovered, taken.penalty, taken.reward),
        (amount, paid, owed, penalty, reward)
    );

    // the account owes nothing and keeps the rest, the taker paid no more than that, insurance has the penalty less the reward
    let bob = account(&world, "bob");
    assert_eq!((bob.margin, bob.positions.len()), (SignedUsd::ZERO, 0));
    let rest = atom(10_000).minus(amount).unwrap();
    assert_eq!(world.token_margin("bob", 0).unwrap().tokens[0].amount, rest);
    assert_eq!(world.balance("tara", "ATOM").unwrap(), amount);
    let spent = tara.minus(world.balance("tara", "sdusd").unwrap()).unwrap();
    assert_eq!(spent.raw(), paid.raw());
    assert_eq!(world.balance("kim", "sdusd").unwrap().raw(), reward.raw());
    let insured = penalty.minus(reward).unwrap();
    assert_eq!(held(&world), held_before.plus(owed).unwrap().plus(insured).unwrap());
    assert_eq!(fees_and_shortfalls(&world), (fees.plus(insured).unwrap(), Usd::ZERO));
    assert_eq!(world.token_sales().unwrap(), []);
    world.keeper("kim").syncs();
    assert_eq!(world.audit().unwrap().difference, Default::default());
    // and takes the rest home
    world.withdraw_token_margin("bob", "ATOM", 0, rest, None).unwrap();
    assert_eq!(world.balance("bob", "ATOM").unwrap(), rest);
}

#[test]
fn what_is_still_owed_when_all_is_sold_is_the_pools_loss_and_nothing_before() {
    let mut world = beside_each_other();
    // 20,000 USD of ATOM for a loss of 40,000
    let owed = crashed(&mut world, "2", "56000");
    assert_eq!(fees_and_shortfalls(&world).1, Usd::ZERO);
    world.sell_tokens("kim", "bob", 0).unwrap();
    world.passes_without_gap(200);
    let price = sale(&world).price;
    let taken: TokensTaken = told(world.take_tokens("tara", &take("bob", Usd::whole(100_000), atom(4_000))));
    // a part is worth its part of what is owed
    let first = price.value_of(atom(4_000), 6, Rounding::Up).unwrap();
    let all = owed.plus(owed.scale(Ratio::percent(5), Rounding::Up).unwrap()).unwrap();
    assert_eq!(
        (taken.paid, taken.recovered),
        (first, first.fraction(owed.raw(), all.raw(), Rounding::Down).unwrap())
    );
    assert_eq!(account(&world, "bob").margin, signed(owed.minus(taken.recovered).unwrap()).negate().unwrap());

    let answer = world.take_tokens("tara", &take("bob", Usd::whole(100_000), atom(10_000))).unwrap();
    let last = events::<TokensTaken>(&answer).unwrap().remove(0);
    let left = owed.minus(taken.recovered).unwrap().minus(last.recovered).unwrap();
    assert_eq!(events::<TokenSaleEnded>(&answer).unwrap()[0].owed, left);
    assert_eq!(events::<AccountBacked>(&answer).unwrap()[0].shortfall, left);
    assert_eq!(fees_and_shortfalls(&world).1, left);
    let bob = account(&world, "bob");
    assert_eq!((bob.margin, bob.tokens), (SignedUsd::ZERO, None));
    // the waterfall: insurance first, then the providers
    let insurance = world.audit().unwrap().ledger.insurance;
    world.keeper("kim").syncs();
    let audit = world.audit().unwrap();
    assert!(insurance > audit.ledger.insurance || !left.is_zero());
    assert_eq!(audit.difference, Default::default());
    // an account that was sold out is an account like any other
    world.trader("bob").funds_margin(10).withdraws(10);
}

#[test]
fn nothing_is_sold_of_a_sound_account_by_anybody() {
    let mut world = stage();
    refused(&mut world, "E0322", |world| world.sell_tokens("kim", "bob", 0));
    brings(&mut world, "bob", 1_000);
    refused(&mut world, "E1106", |world| world.sell_tokens("kim", "bob", 0));
    world.trader("bob").buys("1", "BTC");
    refused(&mut world, "E1107", |world| world.sell_tokens("kim", "bob", 0));
    world.fills();
    world.price("BTC", 50_000);
    // the position comes first
    refused(&mut world, "E1107", |world| world.sell_tokens("kim", "bob", 0));
    let cut = world.keeper("kim").liquidates(&["bob"]).told::<AccountLiquidated>();
    assert_eq!((cut.len(), cut[0].shortfall), (1, Usd::ZERO));
    let owed = account(&world, "bob").margin.negative_part();
    // tokens count for exactly what is owed
    let level = |world: &mut World, value: Usd| {
        let price = Price::new(value.raw() * 1_000_000_000);
        world.price("ATOM", &price.to_string()[..]);
    };
    let (mut covers, mut short) = (Usd::whole(20_000), Usd::ZERO);
    while covers.minus(short).unwrap() > Usd::new(1) {
        let middle = Usd::new((covers.raw() + short.raw()) / 2);
        *(if counted(&ATOM, middle).unwrap() >= owed { &mut covers } else { &mut short }) = middle;
    }
    level(&mut world, covers);
    refused(&mut world, "E1106", |world| world.sell_tokens("kim", "bob", 0));
    assert!(world.token_margin("bob", 0).unwrap().not_sold.unwrap().starts_with("E1106"));
    level(&mut world, short);
    assert_eq!(world.token_margin("bob", 0).unwrap().not_sold, None);
    world.sell_tokens("kim", "bob", 0).unwrap();
}

#[test]
fn a_sale_ends_when_the_owner_pays_or_the_price_comes_back_and_only_then() {
    let mut world = beside_each_other();
    let owed = crashed(&mut world, "3.5", "57000");
    refused(&mut world, "E1109", |world| world.stop_token_sale("kim", "bob", 0));
    world.sell_tokens("kim", "bob", 0).unwrap();
    refused(&mut world, "E1110", |world| world.stop_token_sale("kim", "bob", 0));
    let start = world.snapshot();
    // the owner pays: nobody buys any more, and anybody ends it
    world.deposit_margin("bob", "market", 0, owed, None).unwrap();
    let whole = take("bob", Usd::whole(100_000), atom(10_000));
    refused(&mut world, "E0322", |world| world.take_tokens("tara", &whole));
    world.stop_token_sale("zoe", "bob", 0).unwrap();
    world.withdraw_token_margin("bob", "ATOM", 0, atom(10_000), None).unwrap();
    // the price comes back: 40,000 less 21.6 % are 31,360
    world.restore(&start);
    world.price("ATOM", 4);
    world.stop_token_sale("zoe", "bob", 0).unwrap();
    refused(&mut world, "E1109", |world| world.take_tokens("tara", &whole));
    refused(&mut world, "E1106", |world| world.sell_tokens("kim", "bob", 0));
}

#[test]
fn takers_pay_at_most_their_price_leave_no_dust_and_wait_for_a_redo() {
    let mut world = beside_each_other();
    let owed = crashed(&mut world, "3.5", "57000");
    refused(&mut world, "E1109", |world| world.take_tokens("tara", &take("bob", Usd::whole(9), atom(1))));
    world.sell_tokens("kim", "bob", 0).unwrap();
    let cheap = TakeTokens { max_price: "3.84".parse().unwrap(), ..take("bob", Usd::whole(100), atom(1)) };
    refused(&mut world, "E0505", |world| world.take_tokens("tara", &cheap));
    refused(&mut world, "E0005", |world| {
        world.take_tokens("tara", &take("bob", Usd::whole(9), Amount::ZERO))
    });
    refused(&mut world, "E0507", |world| world.take_tokens("tara", &take("bob", Usd::new(3), atom(1))));
    // what would leave less than 100 USD is cut so that it leaves them
    let all = owed.plus(owed.scale(Ratio::percent(5), Rounding::Up).unwrap()).unwrap();
    let nearly = all.minus(Usd::whole(50)).unwrap();
    let taken: TokensTaken = told(world.take_tokens("tara", &take("bob", nearly, atom(10_000))));
    let price = sale(&world).price;
    let most = price.amount_for(all.minus(Usd::whole(100)).unwrap(), 6, Rounding::Down).unwrap();
    assert_eq!((taken.amount, taken.paid), (most, price.value_of(most, 6, Rounding::Up).unwrap()));
    let part = take("bob", Usd::whole(50), atom(10_000));
    // what roundings left above the dust is a base unit or two
    for _ in 0..3 {
        let Ok(answer) = world.take_tokens("tara", &part) else { break };
        assert!(events::<TokensTaken>(&answer).unwrap()[0].amount <= Amount::new(2));
    }
    refused(&mut world, "E0506", |world| world.take_tokens("tara", &part));
    // the account is sound again, and yet only somebody who ends the sale ends it
    assert!(!account(&world, "bob").equity.is_negative());
    refused(&mut world, "E0504", |world| world.redo_token_sale("kim", "bob", 0));
    world.passes_without_gap(1_501);
    refused(&mut world, "E0503", |world| world.take_tokens("tara", &part));
    refused(&mut world, "E1106", |world| world.redo_token_sale("kim", "bob", 0));
    world.price("ATOM", "0.01");
    world.redo_token_sale("rita", "bob", 0).unwrap();
    let again = sale(&world);
    assert_eq!((again.price, again.age), ("0.011".parse().unwrap(), 0));
    // of what comes now, half of the keepers' part is rita's, but the first one had it all
    let last: TokensTaken = told(world.take_tokens("tara", &take("bob", Usd::whole(1_000), atom(10_000))));
    assert_eq!(last.reward, Usd::ZERO);
    assert_eq!(account(&world, "bob").tokens, None);
}

#[test]
fn who_resets_a_sale_gets_half_of_the_reward() {
    let mut world = beside_each_other();
    let owed = crashed(&mut world, "3.5", "57000");
    world.sell_tokens("kim", "bob", 0).unwrap();
    world.passes_without_gap(1_501);
    world.redo_token_sale("rita", "bob", 0).unwrap();
    world.take_tokens("tara", &take("bob", Usd::whole(100_000), atom(10_000))).unwrap();
    let reward = Usd::whole(5).plus(owed.scale(Ratio::bps(10), Rounding::Down).unwrap()).unwrap();
    let half = reward.fraction(1, 2, Rounding::Down).unwrap();
    assert_eq!(world.balance("rita", "sdusd").unwrap().raw(), half.raw());
    assert_eq!(world.balance("kim", "sdusd").unwrap().raw(), reward.minus(half).unwrap().raw());
}

#[test]
fn the_token_with_the_least_haircut_goes_first_and_the_next_one_only_if_that_is_not_enough() {
    let mut world = stage();
    brings(&mut world, "bob", 1_000);
    for (name, amount) in [("USDC", 5_000_000_000u128), ("ETH", 1_000_000_000_000_000_000)] {
        world.give("bob", name, Amount::new(amount)).unwrap();
        world.deposit_token_margin("bob", name, 0, Amount::new(amount), None).unwrap();
    }
    world.trader("bob").buys("2", "BTC");
    world.fills();
    // 7,960 + 4,899.5 + 2,549.1 count against 16,000
    world.price("BTC", 52_000);
    world.keeper("kim").liquidates(&["bob"]);
    let started: TokenSaleStarted = told(world.sell_tokens("kim", "bob", 0));
    assert_eq!(started.token, 2, "USDC");
    world.passes_without_gap(200);
    let payment = Usd::whole(50_000);
    let taken: TokensTaken = told(world.take_tokens("tara", &take("bob", payment, MAX)));
    assert_eq!(taken.amount, Amount::new(5_000_000_000));
    assert_eq!(world.token_sales().unwrap(), []);
    let started: TokenSaleStarted = told(world.sell_tokens("kim", "bob", 0));
    assert_eq!(started.token, 1, "ETH");
    world.take_tokens("tara", &take("bob", payment, MAX)).unwrap();
    // what the first two brought beyond what they counted for makes the rest count for what is owed, or it is sold too
    match world.sell_tokens("kim", "bob", 0) {
        Ok(answer) => assert_eq!(events::<TokenSaleStarted>(&answer).unwrap()[0].token, 0),
        Err(error) => assert!(error.says("E1106"), "{error}"),
    }
}

/// More than anybody has.
const MAX: Amount = Amount::new(1_000_000_000_000_000_000_000_000);

/// All feeds but ATOM's are published again until that is too old to liquidate.
fn atom_is_missing(world: &mut World) {
    for _ in 0..4 {
        world.waits(20);
        world.prices(&[("BTC", "60000"), ("ETH", "3000"), ("SOL", "150"), ("USDC", "1")]);
    }
}

#[test]
fn a_token_without_a_price_opens_nothing_and_liquidates_nobody() {
    let mut world = stage();
    brings(&mut world, "bob", 1_000);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    world.price("BTC", 60_000);
    atom_is_missing(&mut world);
    let now = account(&world, "bob");
    assert_eq!(now.tokens, Some(Usd::whole(7_960)), "the last price for maintenance");
    assert_eq!(now.equity.minus(now.equity_for_opening).unwrap(), signed(Usd::whole(7_960)));
    world.trader("bob").fails_with("E0404").buys("0.01", "BTC");
    world.give("bob", "ATOM", atom(100)).unwrap();
    refused(&mut world, "E0206", |world| world.deposit_token_margin("bob", "ATOM", 0, atom(100), None));
    // far below maintenance
    world.price("BTC", 50_000);
    assert!(account(&world, "bob").liquidatable);
    let answer = world.liquidate_accounts("kim", "market", &[("bob", 0)]).unwrap();
    let rejected = events::<sdp_types::events::Rejected>(&answer).unwrap();
    assert_eq!(rejected[0].code, "E0206");
    assert_eq!(account(&world, "bob").positions.len(), 1);
    // and once it is back he is
    world.price("ATOM", 10);
    world.keeper("kim").liquidates(&["bob"]);
    assert!(account(&world, "bob").positions.is_empty());
    for _ in 0..4 {
        world.waits(20);
        world.prices(&[("BTC", "50000"), ("ETH", "3000"), ("SOL", "150"), ("USDC", "1")]);
    }
    refused(&mut world, "E0206", |world| world.sell_tokens("kim", "bob", 0));
    // what sdUSD covers alone leaves without a price
    world.trader("carl").funds_margin_of("bob", 20_000);
    world.withdraw_token_margin("bob", "ATOM", 0, atom(1_000), None).unwrap();
}

#[test]
fn a_backed_account_is_not_handed_over() {
    let mut world = stage();
    brings(&mut world, "bob", 1_000);
    let may = Delegation { expires_at: 4_000_000_000, perps: None, most_notional: None, may_take: true };
    world.set_delegate("bob", "market", 0, "carl", Some(may.clone())).unwrap();
    refused(&mut world, "E1101", |world| world.take_account("carl", "market", "bob", 0, 5));
    world.withdraw_token_margin("bob", "ATOM", 0, atom(1_000), None).unwrap();
    world.take_account("carl", "market", "bob", 0, 5).unwrap();
    // and nobody takes one over in the place of an account with tokens
    world.set_delegate("bob", "market", 0, "carl", Some(may)).unwrap();
    brings(&mut world, "carl", 100);
    refused(&mut world, "E0430", |world| world.take_account("carl", "market", "bob", 0, 0));
}

#[test]
fn a_deposit_is_of_one_listed_open_token_within_its_cap_and_worth_a_sale() {
    let mut world = stage();
    for denom in ["uatom", "uusdc", "uosmo"] {
        world.give_coins("bob", denom, Amount::new(500_000_000_000)).unwrap();
    }
    let deposit = json!({"deposit": {"beneficiary": null, "account": 0}});
    let coin = |amount: u128, denom: &str| cosmwasm_std::Coin::new(amount, denom);
    for (funds, code) in [
        (vec![], "E0109"),
        (vec![coin(1_000_000_000, "uosmo")], "E0110"),
        (vec![coin(1_000_000_000, "uatom"), coin(1_000_000_000, "uusdc")], "E0109"),
        // 10 ATOM are worth 100 USD
        (vec![coin(9_999_999, "uatom")], "E1111"),
        // a million USD at most
        (vec![coin(100_000_000_001, "uatom")], "E1102"),
    ] {
        refused(&mut world, code, |world| world.execute("bob", "custody", &deposit, &funds));
    }
    world.execute("bob", "custody", &deposit, &[coin(10_000_000, "uatom")]).unwrap();
    refused(&mut world, "E1102", |world| {
        world.execute("bob", "custody", &deposit, &[coin(99_990_000_001, "uatom")])
    });
    // a friend brings the rest
    world.give("carl", "ATOM", Amount::new(99_990_000_000)).unwrap();
    world.deposit_token_margin("carl", "ATOM", 0, Amount::new(99_990_000_000), Some("bob")).unwrap();
    assert_eq!(account(&world, "bob").tokens, Some(counted(&ATOM, Usd::whole(1_000_000)).unwrap()));
    // sdUSD is margin as it is
    let hook = json!({"deposit": {"beneficiary": null, "account": 0}});
    refused(&mut world, "E0110", |world| {
        world.send_tokens("bob", "sdusd", "custody", Amount::new(1_000_000), &hook)
    });
}

#[test]
fn a_token_that_closes_takes_no_more_opens_nothing_and_holds_what_is_open() {
    let mut world = stage();
    brings(&mut world, "bob", 1_000);
    world.trader("bob").buys("1", "BTC");
    world.fills();
    let mut config = world.custody_tokens().unwrap()[0].config.clone();
    config.terms.closing = true;
    let close = json!({"configure": {"change": {"update_token": {"token": 0, "config": config}}}});
    world.execute("guardian", "custody", &close, &[]).unwrap();
    let now = account(&world, "bob");
    assert_eq!((now.tokens, now.liquidatable), (Some(Usd::whole(7_960)), false));
    world.trader("bob").fails_with("E0404").buys("0.01", "BTC");
    world.give("bob", "ATOM", atom(100)).unwrap();
    refused(&mut world, "E1103", |world| world.deposit_token_margin("bob", "ATOM", 0, atom(100), None));
    // margin takes its place
    world.trader("bob").funds_margin(5_000);
    world.withdraw_token_margin("bob", "ATOM", 0, atom(1_000), None).unwrap();
}

#[test]
fn a_market_gets_its_custody_once_and_only_one_of_its_own() {
    let mut world = stage_with(|manifest| manifest.custody = None);
    let mut with = World::new();
    let custody = with.address("custody").into_string();
    let set = |custody: &str| json!({"configure": {"change": {"set_custody": {"custody": custody}}}});
    // it has one
    refused(&mut with, "E0009", |with| with.execute("owner", "market", &set(&custody), &[]));
    // what is no custody of this market
    for other in ["pool", "nobody", "market"] {
        let other = world.address(other).into_string();
        refused(&mut world, "E0006", |world| world.execute("owner", "market", &set(&other), &[]));
    }
    // nobody but the custody says that tokens back an account
    let back = json!({"set_backed": {"owner": custody, "account": 0, "backed": true, "charge": "0"}});
    for sender in ["owner", "guardian", "pool", "bob"] {
        refused(&mut world, "E0104", |world| world.execute(sender, "market", &back, &[]));
    }
}

#[test]
fn after_the_end_of_the_market_tokens_leave_for_ever_once_nothing_is_owed() {
    let mut world = stage_with(|manifest| manifest.markets[0].change_delay = 0);
    brings(&mut world, "bob", 1_000);
    brings(&mut world, "carl", 1_000);
    world.trader("bob").buys("0.5", "BTC");
    world.fills();
    let end = json!({"configure": {"change": {"shut_down": {}}}});
    world.execute("owner", "market", &end, &[]).unwrap();
    world.execute("kim", "market", &json!({"enact": {"id": 0}}), &[]).unwrap();
    // a year without any price
    world.waits(31_536_000);
    world.withdraw_token_margin("carl", "ATOM", 0, atom(1_000), None).unwrap();
    refused(&mut world, "E1105", |world| world.withdraw_token_margin("bob", "ATOM", 0, atom(1_000), None));
    let owed = account(&world, "bob").margin.negative_part();
    assert!(!owed.is_zero());
    world.deposit_margin("bob", "market", 0, owed, None).unwrap();
    world.withdraw_token_margin("bob", "ATOM", 0, atom(1_000), None).unwrap();
}

#[derive(Clone, Debug)]
enum Step {
    Brings(usize, u64),
    Pays(usize, u64),
    TakesTokens(usize, u64),
    TakesMargin(usize, u64),
    Trades(usize, i64),
    Prices(u64, u64),
    Liquidates(usize),
    Sells(usize),
    Buys(usize, u64),
    Stops(usize),
    Waits(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = || 0..2usize;
    let step = prop_oneof![
        2 => (who(), 10..3_000u64).prop_map(|(who, n)| Step::Brings(who, n)),
        1 => (who(), 1..3_000u64).prop_map(|(who, n)| Step::Pays(who, n)),
        2 => (who(), 1..3_000u64).prop_map(|(who, n)| Step::TakesTokens(who, n)),
        2 => (who(), 1..3_000u64).prop_map(|(who, n)| Step::TakesMargin(who, n)),
        4 => (who(), -40..40i64).prop_map(|(who, n)| Step::Trades(who, n)),
        3 => (20..180u64, 70..130u64).prop_map(|(atom, btc)| Step::Prices(atom, btc)),
        3 => who().prop_map(Step::Liquidates),
        3 => who().prop_map(Step::Sells),
        4 => (who(), 1..20_000u64).prop_map(|(who, n)| Step::Buys(who, n)),
        1 => who().prop_map(Step::Stops),
        1 => (1..400u64).prop_map(Step::Waits),
    ];
    proptest::collection::vec(step, 1..40)
}

/// A refusal has a code and changes nothing; whatever is done leaves all books balanced, because each message is audited.
fn play(world: &mut World, step: Step) {
    const WHO: [&str; 2] = ["bob", "carl"];
    let before = world.store().clone();
    let done = match step {
        Step::Brings(who, n) => world
            .give(WHO[who], "ATOM", atom(n))
            .and_then(|_| world.deposit_token_margin(WHO[who], "ATOM", 0, atom(n), None))
            .map(drop),
        Step::Pays(who, n) => world.deposit_margin(WHO[who], "market", 0, Usd::whole(n), None).map(drop),
        Step::TakesTokens(who, n) => {
            world.withdraw_token_margin(WHO[who], "ATOM", 0, atom(n), None).map(drop)
        }
        Step::TakesMargin(who, n) => world.withdraw_margin(WHO[who], "market", 0, Usd::whole(n)).map(drop),
        Step::Trades(who, n) => {
            let size = sdp_types::Size::new(i128::from(n) * 100_000_000_000_000_000);
            let order = sdp_embedded::actions::Order { size, ..Default::default() };
            let done = world.commit(WHO[who], "market", 0, &order).map(drop);
            if done.is_ok() {
                world.fills();
            }
            done
        }
        Step::Prices(atom, btc) => {
            let (atom, btc) = (format!("{}.{}", atom / 10, atom % 10), (btc * 600).to_string());
            world.prices(&[("ATOM", &atom), ("BTC", &btc)]);
            Ok(())
        }
        Step::Liquidates(who) => world.liquidate_accounts("kim", "market", &[(WHO[who], 0)]).map(drop),
        Step::Sells(who) => world.sell_tokens("kim", WHO[who], 0).map(drop),
        Step::Buys(who, n) => world.take_tokens("tara", &take(WHO[who], Usd::whole(n), MAX)).map(drop),
        Step::Stops(who) => world.stop_token_sale("zoe", WHO[who], 0).map(drop),
        Step::Waits(n) => {
            world.passes_without_gap(n);
            Ok(())
        }
    };
    if let Err(error) = done {
        assert!(error.code.is_some() && !error.is_bug(), "{error}");
        let given = world.store().clone();
        assert!(error.says("E11") || given == before || error.says("E03") || error.says("E04"), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Σ of accounts is what is held and what is there, the difference is 0 after every message, and in the end nobody's tokens are anybody
    /// else's: what came is with those who brought it, with who bought it, or still in custody.
    #[test]
    fn whatever_people_do_the_books_balance_and_no_token_is_lost(steps in steps()) {
        let mut world = stage();
        for step in steps {
            play(&mut world, step);
        }
        let tokens = world.custody_tokens().unwrap();
        let sum = world.token_margins().unwrap().iter().map(|account| account.amounts[0].raw()).sum::<u128>();
        prop_assert_eq!(tokens[0].held.raw(), sum);
        prop_assert_eq!(tokens[0].balance, tokens[0].held);
        world.keeper("kim").syncs();
        prop_assert_eq!(world.audit().unwrap().difference, Default::default());
        // who owes nothing and has no position takes all of it
        for holding in world.token_margins().unwrap() {
            let name = if holding.owner == world.address("bob").as_str() { "bob" } else { "carl" };
            let now = account(&world, name);
            if now.positions.is_empty() && !now.margin.is_negative() && world.token_sales().unwrap().is_empty() {
                world.withdraw_token_margin(name, "ATOM", 0, holding.amounts[0], None).unwrap();
            }
        }
    }
}
