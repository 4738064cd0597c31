//! Recovery notes: started, bid for, settled, started again, redeemed.

use cosmwasm_std::{from_json, CosmosMsg, WasmMsg};
use sdp_types::events::{NoteAuctionDropped, NoteAuctionStarted, NoteBid, NotesIssued};
use sdp_types::liquidator::{Change, ExecuteMsg, Hook, NoteParams};
use sdp_types::pool::LiquidatorMsg;
use sdp_types::{Ratio, Usd};

use crate::desk::*;

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

fn start() -> ExecuteMsg {
    ExecuteMsg::StartNoteAuction {}
}

fn settle(auction: u64) -> ExecuteMsg {
    ExecuteMsg::SettleNoteAuction { auction }
}

fn restart(auction: u64) -> ExecuteMsg {
    ExecuteMsg::RestartNoteAuction { auction }
}

fn bid(auction: u64, claim: u64) -> Hook {
    Hook::Bid { auction, claim: Usd::whole(claim) }
}

/// $1,500 of bad debt and an auction for $1,000 of it.
fn auction() -> Desk {
    let mut desk = Desk::new();
    desk.owes(1_500, 0).does("zoe", start());
    desk
}

/// `bea` has bought notes of $1,600 for $1,000, which the pool has not booked yet.
fn sold() -> Desk {
    let mut desk = auction();
    desk.takes("bea", Usd::whole(1_000), bid(1, 1_600));
    desk.later(HOUR).does("zoe", settle(1));
    desk
}

#[test]
fn what_insurance_could_meet_is_not_sold_and_lots_cover_the_rest_once() {
    let mut desk = Desk::new();
    assert_eq!(desk.is_refused("zoe", start()).code(), "E0322");
    desk.owes(1_500, 1_500);
    assert_eq!(desk.is_refused("zoe", start()).code(), "E0322");
    desk.owes(1_750, 250);
    let told: NoteAuctionStarted = event(&desk.does("zoe", start()));
    assert_eq!((told.auction, told.lot, told.claim), (1, Usd::whole(1_000), Usd::whole(2_000)));
    // the second has what is left
    let told: NoteAuctionStarted = event(&desk.does("zoe", start()));
    assert_eq!((told.auction, told.lot, told.claim), (2, Usd::whole(500), Usd::whole(1_000)));
    assert_eq!(desk.is_refused("zoe", start()).code(), "E0322");
    let notes = desk.notes();
    assert_eq!((notes.running, notes.lots, notes.claims), (2, Usd::whole(1_500), Usd::whole(3_000)));
}

#[test]
fn a_bidder_who_claims_less_takes_the_place_of_the_last_who_is_paid_back() {
    let mut desk = auction();
    let told: NoteBid = event(&desk.takes("bea", Usd::whole(1_200), bid(1, 2_000)));
    assert_eq!((told.bidder, told.lot), (addr("bea").to_string(), Usd::whole(1_000)));
    assert_eq!(desk.sdusd("bea"), 200_000_000, "what is more than the lot comes back");
    assert_eq!(desk.notes().escrow, Usd::whole(1_000));
    assert_eq!(desk.refuses_take("ben", Usd::whole(1_000), bid(1, 1_901)).code(), "E0529");
    desk.takes("ben", Usd::whole(1_000), bid(1, 1_900));
    assert_eq!(desk.sdusd("bea"), 1_200_000_000);
    let shown = &desk.note_auctions()[0];
    assert_eq!((shown.claim, shown.most), (Usd::whole(1_900), Usd::whole(1_805)));
    assert_eq!(shown.bidder, Some(addr("ben").into()));
    // he may outbid himself
    desk.takes("ben", Usd::whole(1_000), bid(1, 1));
    // the refused payment and that of his own bid
    assert_eq!(desk.sdusd("ben"), 2_000_000_000);
    assert_eq!(desk.notes().escrow, Usd::whole(1_000), "one lot, whoever bids");
}

#[test]
fn a_bid_that_pays_or_claims_the_wrong_amount_is_refused_and_gets_its_payment_back() {
    let mut desk = auction();
    for (payment, bid, code) in [
        (Usd::new(999_999_999), bid(1, 1_500), "E0530"),
        (Usd::ZERO, bid(1, 1_500), "E0530"),
        (Usd::whole(1_000), bid(1, 0), "E0005"),
        (Usd::whole(1_000), bid(1, 2_001), "E0529"),
        (Usd::whole(1_000), bid(2, 1_500), "E0007"),
    ] {
        assert_eq!(desk.refuses_take("bea", payment, bid).code(), code);
    }
    assert_eq!(desk.notes().escrow, Usd::ZERO);
}

#[test]
fn the_last_bid_stands_for_its_time_and_then_its_payment_is_burnt_for_notes() {
    let mut desk = auction();
    assert_eq!(desk.is_refused("zoe", settle(1)).code(), "E0322");
    desk.takes("bea", Usd::whole(1_000), bid(1, 1_600));
    desk.later(HOUR - 1);
    assert_eq!(desk.is_refused("zoe", settle(1)).code(), "E0528");
    assert_eq!(desk.is_refused("zoe", restart(1)).code(), "E0528");
    desk.later(1);
    assert_eq!(desk.refuses_take("ben", Usd::whole(1_000), bid(1, 1_000)).code(), "E0527");
    assert_eq!(desk.is_refused("zoe", restart(1)).code(), "E0528");
    let told: NotesIssued = event(&desk.does("zoe", settle(1)));
    assert_eq!((told.lot, told.claim), (Usd::whole(1_000), Usd::whole(1_600)));
    assert_eq!(desk.balance(note().as_str(), "bea"), 1_600_000_000);
    assert_eq!(desk.burnt(), 1_000_000_000);
    let notes = desk.notes();
    assert_eq!((notes.paid, notes.issued), (Usd::whole(1_000), Usd::whole(1_600)));
    assert_eq!((notes.running, notes.escrow, notes.outstanding), (0, Usd::ZERO, Usd::whole(1_600)));
    assert_eq!(desk.is_refused("zoe", settle(1)).code(), "E0007");
}

#[test]
fn what_was_sold_and_is_not_booked_yet_is_not_sold_again() {
    let mut desk = sold();
    let told: NoteAuctionStarted = event(&desk.does("zoe", start()));
    assert_eq!(told.lot, Usd::whole(500));
    assert_eq!(desk.is_refused("zoe", start()).code(), "E0322");
}

#[test]
fn an_auction_without_a_bid_offers_more_until_somebody_comes() {
    let mut desk = auction();
    desk.later(DAY - 1);
    assert_eq!(desk.is_refused("zoe", restart(1)).code(), "E0528");
    desk.later(1);
    let told: NoteAuctionStarted = event(&desk.does("zoe", restart(1)));
    assert_eq!((told.lot, told.claim), (Usd::whole(1_000), Usd::whole(3_000)));
    // late is not too late for a first bid
    desk.later(3 * DAY).takes("bea", Usd::whole(1_000), bid(1, 3_000));
    assert_eq!(desk.is_refused("zoe", restart(7)).code(), "E0007");
}

#[test]
fn an_auction_that_is_started_again_has_only_what_is_still_missing_and_none_is_dropped() {
    let mut desk = auction();
    desk.owes(600, 0).later(DAY);
    let told: NoteAuctionStarted = event(&desk.does("zoe", restart(1)));
    // 6/10 of the claim, and half as much again
    assert_eq!((told.lot, told.claim), (Usd::whole(600), Usd::whole(1_800)));
    desk.owes(600, 600).later(DAY);
    let told: NoteAuctionDropped = event(&desk.does("zoe", restart(1)));
    assert_eq!(told.auction, 1);
    assert!(desk.note_auctions().is_empty());
}

#[test]
fn the_ceiling_bounds_claims_outstanding_and_on_auction() {
    let mut desk = sold();
    desk.changes(Change::Notes { notes: NoteParams { ceiling: Usd::whole(2_700), ..notes() } });
    // 1,600 outstanding leave 1,100 for the second
    desk.owes(9_000, 0);
    let told: NoteAuctionStarted = event(&desk.does("zoe", start()));
    assert_eq!((told.lot, told.claim), (Usd::whole(1_000), Usd::whole(1_100)));
    let refused = desk.is_refused("zoe", start());
    assert_eq!(refused.to_string(), "E0526 NoteCeiling { claims: 2700000000, ceiling: 2700000000 }");
}

#[test]
fn notes_that_come_back_are_burnt_and_the_pool_is_told_to_pay() {
    let mut desk = sold();
    let redeem = Hook::Redeem { least: Some(Usd::whole(10)), recipient: Some(addr("ben").into()) };
    let told = desk.sends_notes("bea", 600_000_000, &redeem).unwrap();
    let CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, msg, .. }) = &told.messages[1].msg else {
        panic!("{told:?}")
    };
    assert_eq!(*contract_addr, addr("pool").to_string());
    let expected = LiquidatorMsg::RedeemNotes {
        notes: Usd::whole(600),
        least: Some(Usd::whole(10)),
        recipient: addr("ben").into(),
    };
    assert_eq!(from_json::<LiquidatorMsg>(msg).unwrap(), expected);
    assert_eq!(desk.notes().outstanding, Usd::whole(1_000));
    assert_eq!(desk.balance(note().as_str(), "bea"), 1_000_000_000);
}

#[test]
fn notes_that_a_holder_has_burnt_himself_claim_nothing_any_more() {
    let mut desk = sold();
    desk.world.borrow_mut().notes -= 500_000_000;
    desk.sends_notes("bea", 100_000_000, &Hook::Redeem { least: None, recipient: None }).unwrap();
    assert_eq!(desk.notes().outstanding, Usd::whole(1_000));
}

#[test]
fn each_token_has_its_own_business() {
    let mut desk = sold();
    let redeem = Hook::Redeem { least: None, recipient: None };
    assert_eq!(desk.refuses_take("bea", Usd::whole(5), redeem.clone()).code(), "E0110");
    let deposit = Hook::Backstop { beneficiary: None };
    assert_eq!(desk.sends_notes("bea", 5, &deposit).unwrap_err().code(), "E0110");
    assert_eq!(desk.sends_notes("bea", 5, &bid(1, 1)).unwrap_err().code(), "E0110");
    assert_eq!(desk.sends_notes("bea", 0, &redeem).unwrap_err().code(), "E0005");
}

#[test]
fn how_notes_are_sold_changes_within_ranges_and_only_a_lower_ceiling_at_once() {
    let mut desk = Desk::new();
    let change = |notes| ExecuteMsg::Configure { change: Change::Notes { notes } };
    desk.does("gard", change(NoteParams { ceiling: Usd::whole(9_999), ..notes() }));
    assert_eq!(desk.notes().params.ceiling, Usd::whole(9_999));
    let loosens = [
        NoteParams { ceiling: Usd::whole(10_000), ..notes() },
        NoteParams { ceiling: Usd::ZERO, start: Ratio::percent(150), ..notes() },
    ];
    for notes in loosens {
        assert_eq!(desk.is_refused("gard", change(notes)).code(), "E0102");
    }
    let bad = [
        NoteParams { lot: Usd::ZERO, ..notes() },
        NoteParams { start: Ratio::percent(99), ..notes() },
        NoteParams { step: Ratio::ZERO, ..notes() },
        NoteParams { step: Ratio::ONE, ..notes() },
        NoteParams { bid_seconds: 0, ..notes() },
        NoteParams { auction_seconds: 31 * DAY, ..notes() },
        NoteParams { raise: Ratio::percent(99), ..notes() },
    ];
    for notes in bad {
        assert_eq!(desk.is_refused("olga", change(notes)).code(), "E0004");
    }
}
