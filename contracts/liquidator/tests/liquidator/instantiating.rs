//! A new liquidator, and what it may not be given.

use sdp_types::liquidator::{AuctionParams, ConfigResponse, Curve, InstantiateMsg, Limits, Params, QueryMsg};
use sdp_types::{Error, Ratio, Usd};

use crate::desk::*;

/// 1 − 10⁻¹⁸: the largest ratio below 1.
const BELOW_ONE: Ratio = Ratio::new(999_999_999_999_999_999);
const LEAST: Ratio = Ratio::new(1);

fn refusal(msg: InstantiateMsg) -> Error {
    Desk::bare().instantiate(msg).unwrap_err()
}

fn refuses_params(change: impl Fn(&mut Params)) -> Error {
    let mut msg = instantiation();
    change(&mut msg.params);
    refusal(msg)
}

fn refuses_auction(change: impl Fn(&mut AuctionParams)) -> Error {
    let mut msg = instantiation();
    change(&mut msg.auctions[1]);
    refusal(msg)
}

#[test]
fn the_pool_says_which_oracle_and_which_token() {
    let config: ConfigResponse = Desk::new().asks(QueryMsg::Config {});
    let expected = ConfigResponse {
        guardian: Some(addr("gard").into()),
        pool: addr("pool").into(),
        oracle: addr("oracle").into(),
        sdusd: addr("sdusd").into(),
        params: params(),
        auctions: vec![atoms(), wrapped_atoms()],
        limits: vec![limits(), limits()],
    };
    assert_eq!(config, expected);
}

#[test]
fn the_record_that_the_pool_reads_is_there_from_the_beginning() {
    use sdp_types::exposure::Recoveries;
    use sdp_types::record::{key, tag, Record};
    let mut desk = Desk::new();
    let record = Recoveries::load(desk.storage(), &key(tag::RECOVERIES)).unwrap();
    assert_eq!(record, Recoveries::default());
}

#[test]
fn parameters_out_of_range_are_refused_by_name() {
    let most = sdp_types::units::MAX_USD;
    let too_much = most.plus(Usd::new(1)).unwrap();
    let hole = |value| Error::out_of_range("hole", value, Usd::new(1), most);
    assert_eq!(refuses_params(|params| params.hole = Usd::ZERO), hole(Usd::ZERO));
    assert_eq!(refuses_params(|params| params.hole = too_much), hole(too_much));
    let level = Error::out_of_range("stop_level", 4, 0, 3);
    assert_eq!(refuses_params(|params| params.stop_level = 4), level);
    let delay = Error::out_of_range("change_delay", 2_592_001, 0, 30 * 86_400);
    assert_eq!(refuses_params(|params| params.change_delay = 2_592_001), delay);
    let waits = Error::out_of_range("withdrawal_delay", 2_592_001, 0, 30 * 86_400);
    assert_eq!(refuses_params(|params| params.withdrawal_delay = 2_592_001), waits);
    for window in [0, 2_592_001] {
        let refused = Error::out_of_range("withdrawal_window", window, 1, 30 * 86_400);
        assert_eq!(refuses_params(|params| params.withdrawal_window = window), refused);
    }
}

#[test]
fn limits_out_of_range_are_refused_by_name() {
    let refuses = |limits| refusal(InstantiateMsg { limits: vec![limits], ..instantiation() });
    let most = sdp_types::units::MAX_USD;
    let hole = Error::out_of_range("hole", Usd::ZERO, Usd::new(1), most);
    assert_eq!(refuses(Limits { hole: Usd::ZERO, ..limits() }), hole);
    let (half, more) = (Ratio::percent(50), Ratio::percent(50).plus(LEAST).unwrap());
    let discount = Error::out_of_range("discount", more, Ratio::ZERO, half);
    assert_eq!(refuses(Limits { discount: more, ..limits() }), discount);
    let more = Ratio::ONE.plus(LEAST).unwrap();
    let daily = Error::out_of_range("daily", more, Ratio::ZERO, Ratio::ONE);
    assert_eq!(refuses(Limits { daily: more, ..limits() }), daily);
    let dusty = Error::bad_config("dust <= hole", Usd::whole(100), Usd::whole(99));
    assert_eq!(refuses(Limits { hole: Usd::whole(99), ..limits() }), dusty);
    let many = InstantiateMsg { limits: vec![limits(); 3], ..instantiation() };
    assert_eq!(refusal(many), Error::bad_config("limits <= auctions", 3, 2));
}

#[test]
fn a_vault_without_limits_has_no_hole_of_its_own_and_no_backstop() {
    let mut desk = Desk::bare();
    desk.instantiate(InstantiateMsg { limits: vec![], ..instantiation() }).unwrap();
    let config: ConfigResponse = desk.asks(QueryMsg::Config {});
    let none = Limits { hole: sdp_types::units::MAX_USD, discount: Ratio::ZERO, daily: Ratio::ZERO };
    assert_eq!(config.limits, [none, none]);
}

#[test]
fn auction_parameters_out_of_range_are_refused_by_name() {
    let (one, two) = (Ratio::ONE, Ratio::percent(200));
    for buffer in [BELOW_ONE, two.plus(LEAST).unwrap()] {
        let refused = refuses_auction(|auction| auction.buffer = buffer);
        assert_eq!(refused, Error::out_of_range("buffer", buffer, one, two));
    }
    for cusp in [Ratio::ZERO, Ratio::ONE] {
        let refused = refuses_auction(|auction| auction.cusp = cusp);
        assert_eq!(refused, Error::out_of_range("cusp", cusp, LEAST, BELOW_ONE));
    }
    for factor in [Ratio::ZERO, Ratio::ONE] {
        for curve in [Curve::Stair { seconds: 1, factor }, Curve::Exponential { seconds: 1, factor }] {
            let refused = refuses_auction(|auction| auction.curve = curve);
            assert_eq!(refused, Error::out_of_range("curve.factor", factor, LEAST, BELOW_ONE));
        }
    }
    let factor = Ratio::percent(99);
    for curve in [
        Curve::Linear { seconds: 0 },
        Curve::Stair { seconds: 0, factor },
        Curve::Exponential { seconds: 0, factor },
    ] {
        let refused = refuses_auction(|auction| auction.curve = curve);
        assert_eq!(refused, Error::out_of_range("curve.seconds", 0, 1, u64::MAX));
    }
    assert_eq!(refuses_auction(|auction| auction.tail = 0), Error::out_of_range("tail", 0, 1, u64::MAX));
    let chip = Ratio::ONE.plus(LEAST).unwrap();
    let refused = refuses_auction(|auction| auction.chip = chip);
    assert_eq!(refused, Error::out_of_range("chip", chip, Ratio::ZERO, Ratio::ONE));
    for (what, refused) in [
        ("tip", refuses_auction(|auction| auction.tip = Usd::MAX)),
        ("dust", refuses_auction(|auction| auction.dust = Usd::MAX)),
        ("dust", refuses_auction(|auction| auction.dust = Usd::ZERO)),
    ] {
        assert!(matches!(&refused, Error::OutOfRange { what: named, .. } if named == what), "{refused}");
    }
}

#[test]
fn a_hole_into_which_no_dust_fits_is_refused() {
    let dust = Usd::new(2_000_000_001);
    let refused = refuses_auction(|auction| auction.dust = dust);
    assert_eq!(refused, Error::bad_config("dust <= hole", dust, Usd::whole(2_000)));
}

#[test]
fn the_ends_of_every_range_are_accepted() {
    let least = AuctionParams {
        buffer: Ratio::ONE,
        curve: Curve::Stair { seconds: 1, factor: LEAST },
        cusp: LEAST,
        tail: 1,
        tip: Usd::ZERO,
        chip: Ratio::ZERO,
        dust: Usd::new(1),
    };
    let most = AuctionParams {
        buffer: Ratio::percent(200),
        curve: Curve::Exponential { seconds: u64::MAX, factor: BELOW_ONE },
        cusp: BELOW_ONE,
        tail: u64::MAX,
        tip: sdp_types::units::MAX_USD,
        chip: Ratio::ONE,
        dust: Usd::whole(2_000),
    };
    let params = Params { stop_level: 3, change_delay: 30 * 86_400, ..params() };
    let auctions = vec![least, most];
    Desk::bare().instantiate(InstantiateMsg { params, auctions, ..instantiation() }).unwrap();
}

#[test]
fn more_auctions_than_vaults_can_be_are_refused() {
    let refused = refusal(InstantiateMsg { auctions: vec![atoms(); 9], ..instantiation() });
    assert_eq!(refused, Error::TooMany { what: "auctions".into(), count: 9, max: 8 });
    Desk::bare().instantiate(InstantiateMsg { auctions: vec![atoms(); 8], ..instantiation() }).unwrap();
}

#[test]
fn names_that_are_no_addresses_are_refused() {
    for msg in [
        InstantiateMsg { owner: "olga".into(), ..instantiation() },
        InstantiateMsg { pool: "pool".into(), ..instantiation() },
        InstantiateMsg { guardian: Some("gard".into()), ..instantiation() },
    ] {
        assert!(["E0008", "E0106"].contains(&refusal(msg).code()));
    }
}
