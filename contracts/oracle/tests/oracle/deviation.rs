//! A price far from the last good one waits until a second median confirms it.

use crate::common::{self, new, price, Oracle, BTC, START};

fn at_100() -> Oracle {
    let mut oracle = new();
    oracle.agrees_on("100");
    oracle.waits(1);
    oracle
}

impl Oracle {
    fn is_refused(&mut self, price: &str) {
        self.says("p1", price);
        let told = self.says("p2", price);
        assert_eq!(told.code(), "E0205");
    }
}

#[test]
fn skrw_2019_one_bad_source_is_not_averaged_in() {
    // Synthetix averaged a source that was 1,000 times too high; the median of three does not move
    let mut config = common::config();
    config.quorum = 3;
    let mut oracle = common::try_new(config).unwrap();
    oracle.says("p1", "0.00084");
    oracle.says("p2", "0.00085");
    assert_eq!(oracle.says("p3", "0.84").price().price, price("0.00085"));
    // and if the bad source is one of a bare quorum, the band of the mean of two reaches to both: nobody takes it
    let mut oracle = new();
    oracle.agrees_on("0.00084");
    oracle.waits(1).says("p1", "0.00084");
    assert_eq!(oracle.says("p2", "0.84").code(), "E0207");
    assert_eq!(oracle.quote(BTC).price, price("0.00084"));
}

#[test]
fn the_edge_of_the_band_is_inside() {
    let mut oracle = at_100();
    assert_eq!(oracle.agrees_on("110").price, price("110"));
    oracle.waits(1).is_refused("98.999999999999999999");
    oracle.waits(1);
    assert_eq!(oracle.agrees_on("99").price, price("99"));
}

#[test]
fn a_wild_price_is_not_taken_and_the_refusal_survives_as_a_success() {
    let mut oracle = at_100();
    oracle.is_refused("150");
    assert_eq!(oracle.quote(BTC).price, price("100"));
    assert_eq!(oracle.board().written_at, START, "no price was changed");
    assert_eq!(oracle.interval_price((START + 1) / 5), Some(price("100")), "nor the ring's");
}

#[test]
fn a_second_median_published_later_and_near_the_first_confirms_it() {
    let mut oracle = at_100();
    oracle.is_refused("150");
    oracle.waits(1);
    assert_eq!(oracle.agrees_on("155").price, price("155"));
    assert_eq!(oracle.quote(BTC).publish_time, START + 2);
    oracle.waits(1);
    assert_eq!(oracle.agrees_on("150").price, price("150"), "the band is now around the new price");
}

#[test]
fn the_same_publishers_and_a_third_at_the_same_time_confirm_nothing() {
    let mut oracle = at_100();
    oracle.is_refused("150");
    assert_eq!(oracle.says("p3", "150").code(), "E0205");
    // newer submissions of some, but the oldest of the set is still the first one's
    oracle.waits(1);
    assert_eq!(oracle.says("p1", "150").code(), "E0205");
    assert_eq!(oracle.says("p2", "150").code(), "E0205");
    assert_eq!(oracle.says("p3", "150").price().publish_time, START + 2);
}

#[test]
fn a_second_wild_median_far_from_the_first_replaces_it() {
    let mut oracle = at_100();
    oracle.is_refused("150");
    oracle.waits(1).is_refused("200");
    oracle.waits(1).is_refused("150");
    oracle.waits(1);
    assert_eq!(oracle.agrees_on("151").price, price("151"));
}

#[test]
fn a_good_price_in_between_makes_a_wild_one_start_again() {
    let mut oracle = at_100();
    oracle.is_refused("150");
    oracle.waits(1).agrees_on("101");
    oracle.waits(1).is_refused("150");
    assert_eq!(oracle.quote(BTC).price, price("101"));
    oracle.waits(1);
    assert_eq!(oracle.agrees_on("150").price, price("150"));
}

#[test]
fn a_good_median_older_than_the_wild_one_voids_it_too() {
    let mut oracle = at_100();
    oracle.waits(4);
    oracle.is_refused("150");
    // p3 observed earlier than the wild median, which stays; with p1 back, (100, 150, 100) is good as of START + 3
    oracle.waits(1);
    assert_eq!(oracle.says_at("p3", "100", START + 3).code(), "E0205");
    assert_eq!(oracle.says("p1", "100").price().publish_time, START + 3);
    // later than the first wild median and close to it, and yet the first again
    oracle.waits(5).is_refused("150");
    assert_eq!(oracle.quote(BTC).price, price("100"));
}

#[test]
fn a_confirmed_price_fills_the_interval_of_its_own_time() {
    let mut oracle = at_100();
    oracle.waits(4).is_refused("150");
    assert_eq!(oracle.interval_price(START / 5 + 1), None);
    oracle.waits(1).agrees_on("150");
    assert_eq!(oracle.interval_price(START / 5 + 1), Some(price("150")));
}
