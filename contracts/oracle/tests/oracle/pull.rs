//! Anyone pulls, when he likes: what that changes and what it does not.

use sdp_types::board::Quote;
use sdp_types::error::SourceError;
use sdp_types::oracle::{BoardResponse, Change, ConfigResponse, ExecuteMsg, FeedConfig, QueryMsg};
use sdp_types::{Error, Price, Ratio};

use crate::common::{code, feed, price, submission, Told, BTC, DAY, ETH, START};
use crate::sources::{of, of_pyth, product, pulled, Pulled, NOW, X};

const FIRST: u64 = START / 5;

/// Pyth says so much so many seconds after the start; somebody pulls it now.
fn says(oracle: &mut Pulled, seconds: i64, price: i64) -> Told {
    oracle.pyth(price * 1_000, price.unsigned_abs(), -3, NOW + seconds).pulls()
}

/// A band by its edges.
fn edges(quote: Option<Quote>) -> (Price, Price) {
    let quote = quote.unwrap();
    (quote.price.low(quote.confidence).unwrap(), quote.price.high(quote.confidence).unwrap())
}

#[test]
fn what_a_message_may_not_ask_for_is_refused_as_a_whole() {
    let mut oracle = pulled(of_pyth());
    oracle.pyth(100, 0, 0, NOW);
    let before = oracle.snapshot();
    assert_eq!(oracle.try_pull(&[]), Err(Error::Zero { what: "feeds".into() }));
    assert_eq!(oracle.try_pull(&[X, 3]), Err(Error::UnknownFeed { feed: 3 }));
    assert_eq!(code(oracle.try_pull(&[X, X])), "E0009");
    assert_eq!(oracle.try_pull(&[X, BTC]), Err(SourceError::NotPulled { feed: BTC.into() }.into()));
    assert_eq!(code(oracle.try_paid("anyone", ExecuteMsg::Pull { feeds: vec![X] })), "E0109");
    assert_eq!(oracle.snapshot(), before);
}

#[test]
fn publishers_do_not_push_what_is_pulled() {
    let mut oracle = pulled(of_pyth());
    let both = [submission(BTC, "100", START), submission(X, "100", START)];
    let before = oracle.snapshot();
    assert_eq!(oracle.try_publish("p1", &both), Err(SourceError::NotPushed { feed: X.into() }.into()));
    assert_eq!(oracle.snapshot(), before);
}

#[test]
fn one_source_that_fails_does_not_hold_up_the_others() {
    let mut msg = crate::sources::with_x(of_pyth());
    msg.feeds[usize::from(ETH)].source = Some(crate::sources::of_hub());
    let mut oracle = crate::sources::pulled_with(msg);
    oracle.pyth(100, 0, 0, NOW);
    let told = oracle.try_pull(&[ETH, X]).unwrap();
    let told: Vec<_> = told.events.iter().map(|event| event.ty.as_str()).collect();
    assert_eq!(told, ["price_rejected", "price_set"]);
}

#[test]
fn an_interval_keeps_the_band_around_everything_that_was_pulled_in_it() {
    let mut oracle = pulled(of_pyth());
    let told = says(&mut oracle, 0, 100).price();
    assert_eq!((told.interval, told.interval_set), (FIRST, true));
    assert_eq!(edges(oracle.slot(FIRST)), (price("99.9"), price("100.1")));

    oracle.waits(2);
    assert!(says(&mut oracle, 2, 102).price().interval_set);
    // from 100 · 0.999 to 102 · 1.001
    let wide = oracle.slot(FIRST).unwrap();
    assert_eq!(wide.price, price("101.001"));
    let (low, high) = edges(Some(wide));
    let unit = Price::new(1_000);
    assert!(low <= price("99.9") && low.plus(unit).unwrap() >= price("99.9"), "{low}");
    assert!(high >= price("102.102") && high <= price("102.102").plus(unit).unwrap(), "{high}");

    oracle.waits(1);
    assert!(!says(&mut oracle, 3, 101).price().interval_set, "inside");
    assert_eq!(oracle.slot(FIRST), Some(wide));
    assert_eq!(oracle.quote(X).price, price("101"), "the board goes on");
}

#[test]
fn it_widens_until_its_grace_is_over_and_no_longer() {
    let mut oracle = pulled(of_pyth());
    says(&mut oracle, 0, 100);
    oracle.waits(9);
    assert!(says(&mut oracle, 3, 98).price().interval_set);
    let wide = oracle.slot(FIRST).unwrap();
    assert_eq!(wide.price, price("99.001"), "from 97.902 to 100.1");
    let (board, slot) = (oracle.board(), |oracle: &Pulled| -> sdp_types::board::Slot {
        oracle.query(QueryMsg::Interval { interval: FIRST }).unwrap()
    });
    assert_eq!(slot(&oracle).final_quote(X, &board, oracle.now), None);
    oracle.waits(1);
    assert!(!says(&mut oracle, 4, 96).price().interval_set);
    assert_eq!(slot(&oracle).final_quote(X, &board, oracle.now), Some(wide));
}

#[test]
fn a_pushed_feed_beside_it_keeps_its_first_price() {
    let mut oracle = pulled(of_pyth());
    says(&mut oracle, 0, 100);
    oracle.btc("50");
    oracle.waits(1);
    oracle.btc("51");
    says(&mut oracle, 1, 101);
    assert_eq!(oracle.interval_price(FIRST), Some(price("50")));
    assert_eq!(oracle.slot(FIRST).unwrap().price, price("100.5005"), "from 99.9 to 101.101");
}

#[test]
fn a_pulled_price_goes_into_the_average_and_ends_a_gap() {
    let mut oracle = pulled(of_pyth());
    says(&mut oracle, 0, 100);
    oracle.waits(100);
    let told = says(&mut oracle, 100, 104);
    // 100 + 4·100/(100 + 300)
    assert_eq!(oracle.average(X), price("101"));
    assert_eq!(told.resumed(), Some(100));
}

#[test]
fn a_jump_has_to_be_confirmed_by_a_later_price() {
    let mut oracle = pulled(of_pyth());
    says(&mut oracle, 0, 100);
    oracle.waits(2);
    assert_eq!(says(&mut oracle, 1, 111).code(), "E0205");
    assert_eq!(says(&mut oracle, 1, 111).code(), "E0205", "the same one again confirms nothing");
    assert_eq!(says(&mut oracle, 2, 112).price().price, price("112"));
}

#[test]
fn the_board_and_the_configuration_show_what_is_pulled() {
    let oracle = pulled(of_pyth());
    let board: BoardResponse = oracle.query(QueryMsg::Board {}).unwrap();
    let pulled: Vec<_> = board.prices.iter().map(|price| price.pulled).collect();
    assert_eq!(pulled, [false, false, true]);
    assert_eq!(oracle.board().pulled, 0b100);
    let config: ConfigResponse = oracle.query(QueryMsg::Config {}).unwrap();
    let sources: Vec<_> = config.feeds.into_iter().map(|feed| feed.source).collect();
    assert_eq!(sources, [None, None, Some(of_pyth())]);
}

#[test]
fn another_source_is_the_owners_to_choose_and_waits_for_its_delay() {
    let mut oracle = pulled(of_pyth());
    let update = |feed_number, config| Change::UpdateFeed { feed: feed_number, config };
    let pushed = FeedConfig { deviation_band: Ratio::percent(5), ..feed("X") };
    let pulls_eth = FeedConfig { source: Some(product(&[of(BTC), of_pyth()])), ..feed("ETH") };
    for change in [update(X, pushed.clone()), update(ETH, pulls_eth.clone())] {
        assert_eq!(code(oracle.configure("guardian", change)), "E0102");
    }
    oracle.configure("owner", update(X, pushed)).unwrap();
    oracle.configure("owner", update(ETH, pulls_eth)).unwrap();
    oracle.waits(DAY);
    for id in 0..2 {
        oracle.try_execute("anyone", ExecuteMsg::Enact { id }).unwrap();
    }
    assert_eq!(oracle.board().pulled, 0b010);
    assert_eq!(oracle.try_pull(&[X]), Err(SourceError::NotPulled { feed: X.into() }.into()));
    let now = oracle.now;
    assert_eq!(
        oracle.try_publish("p1", &[submission(ETH, "1", now)]),
        Err(SourceError::NotPushed { feed: ETH.into() }.into())
    );
    oracle.try_publish("p1", &[submission(X, "1", now)]).unwrap();
    // a source that names a feed behind its own is refused there too
    let circle = FeedConfig { source: Some(product(&[of(ETH), of_pyth()])), ..feed("ETH") };
    assert_eq!(code(oracle.configure("owner", update(ETH, circle))), "E0107");
}

#[test]
fn a_further_feed_may_be_pulled_from_the_beginning() {
    let mut oracle = pulled(of_pyth());
    let feed = FeedConfig { source: Some(product(&[of(BTC), of(X)])), ..feed("Y") };
    let correlations = vec![crate::common::rho("0"); 3];
    oracle.configure("owner", Change::AddFeed { feed, sigma: Ratio::bps(500), correlations }).unwrap();
    oracle.waits(DAY).try_execute("anyone", ExecuteMsg::Enact { id: 0 }).unwrap();
    assert_eq!(oracle.board().pulled, 0b1100);
    oracle.btc("2");
    let now = i64::try_from(oracle.now).unwrap();
    oracle.pyth(3, 0, 0, now).try_pull(&[X, 3]).unwrap();
    assert_eq!(oracle.quote(3).price, price("6"));
}
