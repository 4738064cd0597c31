use super::{Desk, DeskConfig, DeskMessage, Funding, Record, Shown, DESK};
use crate::bank::SDUSD;
use crate::fixture::{usd, Story};
use crate::message::{Message, PoolMessage};
use crate::number::{fraction, whole, Q};
use crate::span::Span;

/// Anna and bert have borrowed 50,000 USD; anna has bonded `rain` with 1,000, of which twice is its credit. The desk's line is 2,000.
fn story() -> Story {
    let mut story = Story::provided();
    let config = DeskConfig {
        owner: "owner".into(),
        guardian: Some("guardian".into()),
        contracts: vec!["rain".into(), "snow".into()],
        minimum_bond: usd(500),
        multiple: whole(2),
        cap: fraction(1, 100),
        slots: 2,
        maximum_age: 600,
        draw_delay: 100,
        close_delay: 50,
        resolution_time: 3_600,
    };
    story.model.desk = Some(Desk::new(config));
    let line = Span::exact(usd(2_000));
    let listed = crate::pool::Listed { line, ..story.model.pool.markets[0].clone() };
    story.model.pool.markets.push(listed);
    let open = DeskMessage::Open { market: "rain".into(), bond: usd(1_000) };
    story.accepted("anna", Message::Desk(open));
    story
}

fn record(story: &Story, base: i64) -> Record {
    Record { as_of: story.now, base: usd(base), ..Record::default() }
}

/// The market shows a record and pushes it, and sends something more.
fn says(record: Record, more: Vec<DeskMessage>) -> Message {
    let shown = Shown { bytes: 20, record: Some(record), more: false };
    let sends = std::iter::once(DeskMessage::Push(Box::new(shown.clone()))).chain(more).collect();
    Message::Act { contract: "rain".into(), show: Some(Box::new(shown)), sends }
}

fn draw(amount: i64) -> DeskMessage {
    DeskMessage::Draw { amount: usd(amount), recipient: "eve".into(), accepted: whole(0) }
}

fn act(message: DeskMessage) -> Message {
    Message::Act { contract: "rain".into(), show: None, sends: vec![message] }
}

fn desk(story: &Story) -> &Desk {
    story.model.desk.as_ref().unwrap()
}

/// What the providers have lost by it.
fn lost(story: &Story) -> Q {
    desk(story).used().middle()
}

fn close() -> Message {
    Message::Desk(DeskMessage::Close { market: "rain".into() })
}

#[test]
fn the_bond_bears_what_a_market_owes_first() {
    let mut story = story();
    for (base, refund, providers) in [(400, 600, 0), (1_000, 0, 0), (1_500, 0, 500), (-300, 1_000, 0)] {
        story.accepted("eve", says(record(&story, base), vec![]));
        assert_eq!(desk(&story).markets[0].refund(), Span::exact(usd(refund)));
        assert_eq!(lost(&story), usd(providers));
    }
    // what was really paid in is the providers'
    let pay_in = DeskMessage::PayIn { market: "rain".into(), amount: usd(70) };
    story.accepted("bert", Message::Desk(pay_in));
    assert_eq!(lost(&story), usd(-70));
}

#[test]
fn beyond_the_bond_only_what_was_announced_is_drawn() {
    let mut story = story();
    story.accepted("eve", act(draw(1_000)));
    assert_eq!(story.model.bank.balance(SDUSD, DESK), Span::zero());
    assert_eq!(story.refused("eve", act(draw(1))), ["E1009"]);
    assert_eq!(story.refused("eve", act(DeskMessage::RequestDraw { amount: usd(1_001) })), ["E1008"]);
    story.accepted("eve", act(DeskMessage::RequestDraw { amount: usd(300) }));
    story.wait(99);
    assert_eq!(story.refused("eve", act(draw(300))), ["E1009"]);
    story.wait(1);
    story.accepted("eve", act(draw(200)));
    assert_eq!(story.refused("eve", act(draw(101))), ["E1009"]);
    story.accepted("eve", act(draw(100)));
    assert_eq!((lost(&story), desk(&story).drawn.clone()), (usd(300), Span::exact(usd(300))));
}

#[test]
fn what_can_not_be_true_is_not_believed_and_the_claim_stays() {
    /// Changes what is shown, or the record in it.
    type Lie = fn(&mut Shown, &mut Record);
    let lies: [(u16, Lie); 7] = [
        (1021, |shown, _| shown.bytes = 257),
        (1022, |shown, _| shown.more = true),
        (1023, |_, record| record.as_of += 1),
        (1024, |_, record| record.shortfalls = whole(1)),
        (1026, |_, record| record.base = usd(2_000) + whole(1)),
        (1027, |_, record| record.quantities = vec![(1, fraction(-2_001, 100))]),
        (1022, |_, record| record.quantities = vec![(3, whole(1))]),
    ];
    for (code, lie) in lies {
        let mut story = story();
        story.accepted("eve", says(record(&story, 400), vec![]));
        let mut shown = Shown { bytes: 20, record: None, more: false };
        let mut record = record(&story, 100);
        lie(&mut shown, &mut record);
        shown.record = Some(record);
        story.accepted("eve", act(DeskMessage::Push(Box::new(shown))));
        let own = &desk(&story).markets[0];
        assert_eq!(own.quarantine.as_ref().map(|quarantine| quarantine.code), Some(code));
        assert_eq!(own.claim, Span::exact(usd(400)));
        assert_eq!(story.refused("eve", act(draw(1))), ["E1006"]);
    }
}

#[test]
fn a_missing_price_is_no_lie() {
    let mut story = story();
    let quantities = vec![(1, whole(10))];
    story.wait(61);
    let record = Record { quantities, ..record(&story, -1_000) };
    assert_eq!(story.refused("eve", says(record, vec![])), ["E0206"]);
}

#[test]
fn a_keeper_finds_what_is_not_shown_and_what_is_silent() {
    let mark = || Message::Desk(DeskMessage::Mark { market: "rain".into() });
    let code = |story: &Story| desk(story).markets[0].quarantine.as_ref().map(|found| found.code);
    let mut story = story();
    story.accepted("eve", says(record(&story, 400), vec![]));
    story.wait(600);
    story.accepted("keeper", mark());
    assert_eq!(code(&story), None);
    let mut silent = Story { model: story.model.clone(), now: story.now };
    silent.wait(1);
    silent.accepted("keeper", mark());
    assert_eq!(code(&silent), Some(1029));
    let show = Some(Box::default());
    story.accepted("eve", Message::Act { contract: "rain".into(), show, sends: vec![] });
    story.accepted("keeper", mark());
    assert_eq!(code(&story), Some(1028));
}

#[test]
fn one_that_comes_to_owe_something_is_not_closed() {
    let mut story = story();
    let funding = Funding { linear: whole(1), lasts: 1_000, ..Record::default().funding };
    story.accepted("eve", says(Record { funding, ..record(&story, 0) }, vec![]));
    story.accepted("anna", close());
    story.wait(50);
    let ended = Story { model: story.outcome("eve", &close()).next, now: story.now };
    assert!(desk(&ended).markets.is_empty());
    story.accepted("keeper", Message::Desk(DeskMessage::Mark { market: "rain".into() }));
    assert_eq!(story.refused("eve", close()), ["E0104"]);
    assert_eq!(story.refused("anna", close()), ["E1012"]);
}

#[test]
fn where_the_owner_is_silent_the_bond_is_insurance_and_else_the_openers() {
    let mut story = story();
    story.accepted("eve", says(record(&story, 1_500), vec![]));
    story.accepted("guardian", Message::Desk(DeskMessage::Quarantine { market: "rain".into() }));
    let mut silent = Story { model: story.model.clone(), now: story.now };
    assert_eq!(story.refused("eve", close()), ["E1013"]);
    silent.wait(3_600);
    silent.accepted("eve", close());
    assert_eq!((desk(&silent).fees.clone(), lost(&silent)), (Span::exact(usd(1_000)), usd(0)));

    let claim = usd(400);
    story.accepted("owner", Message::Desk(DeskMessage::Resolve { market: "rain".into(), claim }));
    assert_eq!(story.refused("eve", act(draw(401))), ["E0421"]);
    story.accepted("eve", act(draw(400)));
    story.accepted("eve", close());
    assert_eq!(story.model.bank.balance(SDUSD, "anna"), Span::exact(usd(20_000 - 400)));
    assert_eq!(lost(&story), usd(0));
}

/// What a bonded market claims more the line has less.
#[test]
fn the_line_counts_as_lost_whatever_is_claimed() {
    let mut story = story();
    let free = |story: &Story| story.model.free_collateral(story.now);
    story.accepted("kira", Message::Pool(PoolMessage::Sync));
    let before = free(&story);
    story.accepted("eve", says(record(&story, 1_500), vec![]));
    story.accepted("kira", Message::Pool(PoolMessage::Sync));
    assert_eq!(free(&story).middle(), before.middle());
    let mut without = story.model.clone();
    without.pool.markets[1].line = Span::zero();
    assert_eq!(without.free_collateral(story.now).middle() - before.middle(), usd(1_500));
}
