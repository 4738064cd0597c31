use super::*;

#[test]
fn a_board_of_eight_feeds_is_small_and_comes_back() {
    let quote = |n: u64| Quote {
        price: "60000.12".parse().unwrap(),
        confidence: "0.0005".parse().unwrap(),
        publish_time: 1_700_000_000 + n,
    };
    let mut quotes: Vec<_> = (0..7).map(quote).collect();
    quotes.push(Quote::default());
    let board = Board { written_at: 1_700_000_009, quotes, ..Board::default() };
    let bytes = board.encode().unwrap();
    assert!(bytes.len() <= 25 + 8 * 7, "{}", bytes.len());
    assert_eq!(Board::decode(&bytes).unwrap(), board);
    let json = cosmwasm_std::to_json_string(&board).unwrap();
    assert_eq!(cosmwasm_std::from_json::<Board>(json).unwrap(), board);
    let slot = Slot {
        interval: 7,
        quotes: vec![SlotQuote { feed: 3, quote: quote(1) }, SlotQuote { feed: 1, quote: quote(0) }],
    };
    assert_eq!(Slot::decode(&slot.encode().unwrap()).unwrap(), slot);
}

#[test]
fn what_is_measured_takes_two_bytes_a_feed_below_a_volatility_of_16_percent() {
    let bare = Board::default().encode().unwrap().len();
    let board = Board { volatilities: vec![3_500, 16_383, 16_384, 400_000], ..Board::default() };
    assert_eq!(board.encode().unwrap().len(), bare + 2 + 2 + 3 + 3);
    assert_eq!(Board::decode(&board.encode().unwrap()).unwrap(), board);
}

#[test]
fn volatilities_are_the_measured_ones_and_without_any_those_that_were_set() {
    let pricing =
        Covariance { sigmas: vec![35_000_000, 45_000_000], correlations: vec![8_000], margins: vec![] };
    let (none, some) = (Board::default(), Board { volatilities: vec![5_001, 400_000], ..Board::default() });
    assert_eq!(none.volatility(1, &pricing), Ratio::bps(450));
    assert_eq!(
        (some.volatility(0, &pricing).to_string(), some.volatility(1, &pricing)),
        ("0.05001".into(), Ratio::percent(400))
    );
    assert_eq!(none.risk(&pricing), pricing);
    assert_eq!(
        some.risk(&pricing),
        Covariance { sigmas: vec![50_010_000, 4_000_000_000], ..pricing.clone() }
    );
    assert_eq!(pricing.margin_volatility(1), Ratio::bps(450), "as priced");
    let ramped = Covariance { margins: vec![36_000_000, 46_000_000], ..pricing };
    assert_eq!((ramped.margin_volatility(1), ramped.volatility(1)), (Ratio::bps(460), Ratio::bps(450)));
}

#[test]
fn a_correlation_takes_two_bytes_whatever_it_is() {
    for rho in [0, 8_000, 8_193, 10_000, -10_000, i16::MAX, i16::MIN] {
        let covariance = Covariance { sigmas: vec![1; 3], correlations: vec![rho; 3], margins: vec![] };
        // version, two counts and three sigmas, the length in bytes, no margins
        assert_eq!(covariance.encode().unwrap().len(), 1 + 1 + 3 + 1 + 6 + 1);
        assert_eq!(Covariance::decode(&covariance.encode().unwrap()).unwrap(), covariance);
    }
    let one = Covariance { sigmas: vec![], correlations: vec![-2], margins: vec![] };
    let json = cosmwasm_std::to_json_string(&one).unwrap();
    assert_eq!(json, r#"{"sigmas":[],"correlations":[-2],"margins":[]}"#);
    assert_eq!(cosmwasm_std::from_json::<Covariance>(json).unwrap(), one);
    assert!(Covariance::decode(&[2, 0, 3, 1, 2, 3, 0]).is_err(), "half a correlation");
}

#[test]
fn a_pulled_feed_is_a_bit_and_its_interval_has_no_price_before_its_grace_is_over() {
    let mut board = Board { intervals: Intervals { seconds: 5, slots: 8, grace: 5 }, ..Board::default() };
    board.set_pulled(1, true);
    board.set_pulled(31, true);
    board.set_pulled(31, false);
    assert_eq!(board.pulled, 2);
    assert_eq!(
        [0, 1, 2, 31, 32, u16::MAX].map(|feed| board.is_pulled(feed)),
        [false, true, false, false, false, false]
    );
    assert_eq!(Board::decode(&board.encode().unwrap()).unwrap(), board);
    let quote = Quote { price: Price::new(7), ..Quote::default() };
    let slot =
        Slot { interval: 20, quotes: vec![SlotQuote { feed: 0, quote }, SlotQuote { feed: 1, quote }] };
    // interval 20 is [100, 105) and takes prices until 110
    assert_eq!([0, 1, 2].map(|feed| slot.final_quote(feed, &board, 109)), [Some(quote), None, None]);
    assert_eq!([0, 1, 2].map(|feed| slot.final_quote(feed, &board, 110)), [Some(quote), Some(quote), None]);
}
