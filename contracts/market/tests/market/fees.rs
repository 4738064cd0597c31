//! Fees by what an account has traded and by who brought its owner. Every fill here is of 100 units at $100, so its plain fee is $10; with
//! providers' collateral of $100M the premium of such fills matters to nobody's fee.

use sdp_types::events::{FromEvent, OrderFilled, ReferralPaid, ReferrerSet};
use sdp_types::market::{AccountResponse, Change, ExecuteMsg, FeeSchedule, Params};
use sdp_types::units::DAY;
use sdp_types::{Error, Ratio, Usd};

use crate::stage::{address, params, told, Stage};

const WINDOW: u64 = 30 * DAY;

/// From $10,000 on 20 % less, from $25,000 on 50 %; who was brought pays 10 % less, and a quarter of what he pays goes to whoever did.
fn schedule() -> FeeSchedule {
    let tier = |volume, percent| (Usd::whole(volume), Ratio::percent(percent));
    FeeSchedule {
        window: WINDOW,
        tiers: vec![tier(10_000, 20), tier(25_000, 50)],
        referral_discount: Ratio::percent(10),
        referral_share: Ratio::percent(25),
    }
}

fn stage() -> Stage {
    let mut stage = Stage::new(Params { fees: Some(schedule()), ..params() });
    stage.deposits("ann", 10_000);
    stage.deposits("bob", 10_000);
    // the window that runs has all of its length before it
    let (window, now) = (WINDOW, stage.now);
    stage.passes(window - now % window);
    stage.price(0, "100");
    stage.price(1, "100");
    stage
}

fn refers(stage: &mut Stage, who: &str, by: Option<&str>) -> Result<ReferrerSet, Error> {
    let referrer = by.map(|name| address(name).into_string());
    stage.execute(&address(who), ExecuteMsg::SetReferrer { account: 0, referrer }).map(|answer| told(&answer))
}

fn account(stage: &Stage, who: &str) -> AccountResponse {
    stage.account(who)
}

/// Commits and settles: the fill, and what was paid for having brought the trader.
fn trades(stage: &mut Stage, who: &str, size: &str) -> (OrderFilled, Option<ReferralPaid>) {
    stage.commits(who, 0, size).unwrap();
    let answer = stage.settles(0);
    let paid = answer.events.iter().find_map(ReferralPaid::from_event);
    (told(&answer), paid.map(Result::unwrap))
}

#[test]
fn who_has_traded_more_pays_less_from_his_next_fill_on() {
    let mut stage = stage();
    let fees: Vec<Usd> =
        ["100", "-100", "100", "-100"].map(|size| trades(&mut stage, "ann", size).0.fee).into();
    // at $0, $10,000, $20,000 and $30,000
    assert_eq!(fees, [Usd::whole(10), Usd::whole(8), Usd::whole(8), Usd::whole(5)]);
    let shown = account(&stage, "ann");
    assert_eq!((shown.volume, shown.fee_discount), (Usd::whole(40_000), Ratio::percent(50)));
    assert_eq!((account(&stage, "bob").volume, account(&stage, "bob").fee_discount), Default::default());
}

#[test]
fn a_preview_says_the_fee_that_the_fill_then_has() {
    let mut stage = stage();
    refers(&mut stage, "ann", Some("bob")).unwrap();
    for size in ["100", "100", "-150", "-200", "10"] {
        let preview = stage.preview("ann", 0, size);
        let (filled, _) = trades(&mut stage, "ann", size);
        assert_eq!((filled.fee, filled.keeper_fee), (preview.fee, preview.keeper_fee), "{size}");
    }
}

#[test]
fn volume_fades_and_with_it_the_tier() {
    let mut stage = stage();
    trades(&mut stage, "ann", "100");
    trades(&mut stage, "ann", "-100");
    let (window, now) = (WINDOW, stage.now);
    // a quarter into the next window three quarters of $20,000 count, three quarters into it a quarter
    for (into, volume, percent) in [(WINDOW / 4, 15_000, 20), (WINDOW * 3 / 4, 5_000, 0), (WINDOW, 0, 0)] {
        let next = now - now % window + window;
        let wait = next + into - stage.now;
        stage.passes(wait);
        let shown = account(&stage, "ann");
        assert_eq!(
            (shown.volume, shown.fee_discount),
            (Usd::whole(volume), Ratio::percent(percent)),
            "{into}"
        );
    }
}

#[test]
fn whoever_brought_a_trader_gets_his_share_and_the_trader_pays_less() {
    let mut stage = stage();
    let set = refers(&mut stage, "ann", Some("bob")).unwrap();
    assert_eq!(set.referrer, address("bob").into_string());
    let before = (account(&stage, "bob").margin, reported(&stage));
    let (filled, paid) = trades(&mut stage, "ann", "100");
    let paid = paid.unwrap();
    // $10 less 10 %, and a quarter of that
    assert_eq!((filled.fee, paid.amount), (Usd::whole(9), Usd::new(2_250_000)));
    assert_eq!(paid.referrer, address("bob").into_string());
    let after = account(&stage, "bob").margin;
    assert_eq!(after.minus(before.0).unwrap(), paid.amount.signed().unwrap());
    // what the market owes fell by the fee, less what keeper and referrer were credited and what insurance is owed from another counter,
    // by the premium, and by the cent of a micro-USD that roundings cost the trader
    let gone = before.1 - reported(&stage);
    let fee = i128::try_from(filled.fee.raw()).unwrap();
    let credited = i128::try_from(filled.keeper_fee.raw() + paid.amount.raw()).unwrap();
    assert!((gone - (fee - credited + filled.premium.raw())).abs() <= 1, "{gone}");

    // nobody any more
    assert_eq!(refers(&mut stage, "ann", None).unwrap().referrer, "none");
    let (filled, paid) = trades(&mut stage, "ann", "-100");
    assert_eq!((filled.fee, paid), (Usd::whole(8), None));
}

/// Owed at the index, micro-USD.
fn reported(stage: &Stage) -> i128 {
    stage.totals().reported.raw()
}

#[test]
fn nobody_brings_himself() {
    let mut stage = stage();
    assert_eq!(refers(&mut stage, "ann", Some("ann")).unwrap_err().code(), "E0009");
    assert_eq!(account(&stage, "ann").referrer, None);
}

#[test]
fn without_a_schedule_nothing_is_counted_and_a_referrer_gets_nothing() {
    let mut stage = Stage::new(params());
    stage.deposits("ann", 10_000);
    refers(&mut stage, "ann", Some("bob")).unwrap();
    for size in ["100", "-100", "100"] {
        let (filled, paid) = trades(&mut stage, "ann", size);
        assert_eq!((filled.fee, paid), (Usd::whole(10), None));
    }
    assert_eq!(account(&stage, "ann").volume, Usd::ZERO);
}

#[test]
fn a_schedule_leaves_insurance_and_keeper_their_shares() {
    let mut stage = stage();
    let owner = address("olga");
    let mut change = |share| {
        let fees = Some(FeeSchedule { referral_share: Ratio::percent(share), ..schedule() });
        let params = Params { fees, ..params() };
        stage.execute(&owner, ExecuteMsg::Configure { change: Change::Params { params } })
    };
    // they have 10 % and 5 %
    assert_eq!(change(86).unwrap_err().code(), "E0004");
    change(85).unwrap();
}
