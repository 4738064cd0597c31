use crate::bank::SDUSD;
use crate::fixture::{usd, Story};
use crate::message::{LiquidatorMessage, Message, PoolMessage};
use crate::number::{whole, Q};
use crate::span::Span;
use crate::verdict::NO_FUNDS;

fn deposit(amount: i64) -> Message {
    Message::Pool(PoolMessage::Deposit { vault: 0, amount: usd(amount), beneficiary: None })
}

fn mint(amount: i64) -> Message {
    Message::Pool(PoolMessage::Mint { vault: 0, amount: usd(amount), recipient: None, owner: None })
}

fn sync() -> Message {
    Message::Pool(PoolMessage::Sync)
}

fn is(span: &Span, value: Q) -> bool {
    (span - &Span::exact(value)).abs().high() <= &whole(4)
}

/// Anna holds 1,000 ATOM of 100 USD and owes 20,000 USD.
fn anna() -> Story {
    let mut story = Story::new();
    story.accepted("anna", deposit(1_000));
    story.accepted("anna", mint(20_000));
    story
}

#[test]
fn a_mint_stands_on_both_sides_of_the_book() {
    let story = anna();
    let ledger = &story.model.pool.ledger;
    assert_eq!(ledger.vault_debt, Span::exact(usd(20_000)));
    assert_eq!(ledger.supply, Span::exact(usd(20_000)));
    assert!(ledger.difference().is_zero());
    assert_eq!(story.model.bank.balance("sdusd", "anna"), Span::exact(usd(20_000)));
}

#[test]
fn the_issuance_ratio_bounds_a_mint_to_the_micro_usd() {
    let story = anna();
    // 100,000 / 3 − 20,000 = 13,333.333333…
    let exact = whole(13_333_333_333i64);
    let ask = |amount: Q| Message::Pool(PoolMessage::Mint { vault: 0, amount, recipient: None, owner: None });
    assert!(!story.outcome("anna", &ask(exact.clone())).trial.must_refuse());
    assert_eq!(story.refused("anna", ask(exact + whole(2))), ["E0312"]);
}

#[test]
fn what_is_not_there_can_not_be_deposited_or_burnt() {
    let story = anna();
    assert_eq!(story.refused("anna", deposit(10_000_000)), [NO_FUNDS]);
    let burn = PoolMessage::Burn { vault: 0, owner: None, amount: usd(20_001) };
    assert_eq!(story.refused("anna", Message::Pool(burn)), [NO_FUNDS]);
}

#[test]
fn credit_stays_covered_by_free_collateral() {
    let mut story = Story::new();
    story.accepted("anna", deposit(10));
    // 1,000 USD of collateral, 1,000 USD of credit
    assert_eq!(story.refused("anna", mint(100)), ["E0308"]);
}

#[test]
fn a_loss_is_split_by_shares_and_counts_at_its_peak_for_two_hours() {
    let mut story = anna();
    story.accepted("bert", deposit(3_000));
    let debt = |story: &Story, who: &str| story.model.pool.positions[&(0, who.to_string())].debt.clone();
    // an auction ends 400 USD short: a quarter for anna, three quarters for bert
    story.model.pool.ledger.tab = Span::exact(usd(400));
    story.model.liquidator.counters.shortfalls = Span::exact(usd(400));
    story.accepted("bert", sync());
    assert!(is(&debt(&story, "anna"), usd(20_100)) && is(&debt(&story, "bert"), usd(300)));
    // then the vault gains 1,000 USD of profit
    story.model.pool.ledger.reported = Span::exact(usd(1_000));
    story.model.pool.markets[0].reported = Span::exact(usd(1_000));
    story.accepted("bert", sync());
    assert!(is(&debt(&story, "anna"), usd(19_850)) && is(&debt(&story, "bert"), usd(-450)));
    let at_peak = |story: &Story| {
        let position = &story.model.pool.positions[&(0, "bert".to_string())];
        story.model.pool.debt_at_peak(0, position)
    };
    assert!(is(&at_peak(&story), usd(300)));
    let hour = 3_600 - story.now % 3_600;
    for (wait, expected) in [(hour, 300), (3_600, -450)] {
        story.wait(wait);
        story.accepted("bert", sync());
        assert!(is(&at_peak(&story), usd(expected)), "{:?}", at_peak(&story));
    }
}

#[test]
fn an_exit_releases_what_keeps_the_issuance_ratio() {
    let mut story = anna();
    story.accepted(
        "anna",
        Message::Pool(PoolMessage::RequestExit { vault: 0, amount: usd(900), accepted: whole(0) }),
    );
    let execute = Message::Pool(PoolMessage::ExecuteExit { vault: 0, owner: "anna".into() });
    assert_eq!(story.refused("bert", execute.clone()), ["E0311"]);
    story.wait(100);
    story.prices(&[90, 100, 100]);
    story.wait(3);
    story.prices(&[95, 100, 100]);
    // at the lower price, 90: 60,000 / 90 = 666.666667 ATOM have to stay
    story.accepted("bert", execute);
    let left = &story.model.pool.vaults[0].amount;
    assert!(is(left, whole(666_666_667)), "{left:?}");
}

#[test]
fn an_exit_lapses_after_its_window() {
    let mut story = anna();
    story.accepted(
        "anna",
        Message::Pool(PoolMessage::RequestExit { vault: 0, amount: usd(1), accepted: whole(0) }),
    );
    // ready after 100 s, for 50 s
    story.wait(151);
    let execute = Message::Pool(PoolMessage::ExecuteExit { vault: 0, owner: "anna".into() });
    story.accepted("bert", execute);
    assert_eq!(story.model.pool.vaults[0].amount, Span::exact(usd(1_000)));
    assert!(story.model.pool.positions[&(0, "anna".to_string())].exit.is_none());
}

#[test]
fn a_seized_position_is_sold_and_its_penalty_goes_to_insurance() {
    let mut story = anna();
    story.accepted("bert", deposit(10_000));
    story.accepted("bert", mint(30_000));
    let seize = |owner: &str| {
        Message::Liquidator(LiquidatorMessage::LiquidatePosition { vault: 0, owner: owner.into() })
    };
    assert_eq!(story.refused("kate", seize("anna")), ["E0313"]);
    story.wait(1);
    story.prices(&[39, 100, 100]);
    story.accepted("kate", seize("anna"));
    let auction = &story.model.liquidator.auctions[&1];
    assert_eq!(auction.tab, Span::exact(usd(20_000)));
    assert_eq!(auction.penalty, Span::exact(usd(2_000)));
    // 42.90 USD: 22,000 USD buy 512.820513 ATOM
    let take = LiquidatorMessage::Take {
        auction: 1,
        payment: usd(25_000),
        amount: usd(1_000),
        maximum_price: usd(43),
        recipient: None,
    };
    story.accepted("bert", Message::Liquidator(take));
    assert!(story.model.liquidator.auctions.is_empty());
    assert!(is(&story.model.bank.balance("atom", "bert"), usd(990_000) + whole(512_820_513)));
    assert!(is(&story.model.bank.balance("atom", "anna"), usd(999_000) + whole(487_179_487)));
    assert!(is(&story.model.bank.balance("sdusd", "kate"), usd(25)));
    story.accepted("bert", sync());
    let ledger = &story.model.pool.ledger;
    assert!(is(&ledger.insurance, usd(1_975)), "{ledger:?}");
    assert!(ledger.tab.is_zero() && ledger.bad_debt.is_zero());
    assert!(is(&ledger.supply, usd(28_025)));
}

#[test]
fn a_hole_allows_a_part() {
    let mut story = anna();
    story.model.liquidator.config.hole = usd(11_000);
    story.wait(1);
    story.prices(&[39, 100, 100]);
    let seize = LiquidatorMessage::LiquidatePosition { vault: 0, owner: "anna".into() };
    story.accepted("kate", Message::Liquidator(seize.clone()));
    let auction = &story.model.liquidator.auctions[&1];
    assert!(is(&auction.tab, usd(10_000)) && is(&auction.lot, usd(500)), "{auction:?}");
    assert_eq!(story.refused("kate", Message::Liquidator(seize)).first(), Some(&"E0321"));
}

#[test]
fn without_providers_a_loss_is_bad_debt_and_a_profit_heals_it_first() {
    let mut ledger = crate::Ledger::default();
    ledger.nobody_owes(&Span::exact(usd(10)));
    ledger.nobody_owes(&Span::exact(usd(-25)));
    assert_eq!((ledger.bad_debt, ledger.insurance), (Span::zero(), Span::exact(usd(15))));
}

#[test]
fn sweeping_books_what_holders_burnt_and_what_lies_in_the_pool() {
    let mut story = anna();
    story.accepted("anna", Message::BurnOwn { token: SDUSD.into(), amount: usd(100) });
    story.accepted("anna", Message::Transfer { token: "sdusd".into(), to: "pool".into(), amount: usd(11) });
    story.accepted("bert", Message::Pool(PoolMessage::Sweep));
    let ledger = &story.model.pool.ledger;
    assert_eq!(
        (ledger.insurance.clone(), ledger.supply.clone()),
        (Span::exact(usd(111)), Span::exact(usd(19_889)))
    );
    assert_eq!(story.refused("bert", Message::Pool(PoolMessage::Sweep)), ["E0322"]);
}
