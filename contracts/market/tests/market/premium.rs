//! Premium is the difference of a potential: it is path-independent, and what fills pay less what they get back is what
//! the potential holds, whatever prices and covariances do in between.

use cosmwasm_std::Addr;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use sdp_perps::prices::Outside;
use sdp_risk::potential::potential;
use sdp_risk::psd::positive_semidefinite;
use sdp_types::board::{Board, Covariance, FeedId, Quote};
use sdp_types::exposure::FeedQuantity;
use sdp_types::units::ONE;
use sdp_types::{Price, SignedUsd, Size, Usd};

const FEEDS: u16 = 4;

struct Book {
    outside: Outside,
    quantities: Vec<FeedQuantity>,
}

impl Book {
    fn new(rng: &mut ChaCha8Rng) -> Self {
        let board = Board { quotes: vec![Quote::default(); FEEDS.into()], ..Board::default() };
        let covariance = Covariance::default();
        let depth = Usd::whole(612_500);
        let own = Addr::unchecked("market");
        let oracle = own.clone();
        let outside = Outside {
            now: 0,
            pool: own.clone(),
            oracle,
            board,
            covariance,
            depth,
            own,
            place: None,
            line: None,
            risk: None,
            stress: Default::default(),
            regimes: Default::default(),
            desks: vec![],
            others: Vec::new(),
            bad_debt: false,
        };
        let quantities = (0..FEEDS).map(|feed| FeedQuantity { feed, quantity: Size::ZERO }).collect();
        let mut book = Self { outside, quantities };
        book.moves_prices(rng);
        book.moves_covariances(rng);
        book
    }

    fn moves_prices(&mut self, rng: &mut ChaCha8Rng) {
        for (quote, level) in self.outside.board.quotes.iter_mut().zip([60_000, 3_000, 100, 1]) {
            quote.price = Price::new(level * rng.gen_range(ONE / 2..ONE * 2));
        }
    }

    fn moves_covariances(&mut self, rng: &mut ChaCha8Rng) {
        loop {
            let drawn = Covariance {
                sigmas: (0..FEEDS).map(|_| rng.gen_range(10_000_000..200_000_000)).collect(),
                correlations: (0..FEEDS * (FEEDS - 1) / 2).map(|_| rng.gen_range(-3_000..9_500)).collect(),
                margins: vec![],
            };
            if positive_semidefinite(&drawn).is_ok() {
                self.outside.covariance = drawn;
                return;
            }
        }
    }

    fn fills(&mut self, feed: FeedId, delta: Size) -> SignedUsd {
        let before = self.quantities.clone();
        let entry = &mut self.quantities[usize::from(feed)];
        entry.quantity = entry.quantity.plus(delta).unwrap();
        self.outside.premium(&before, &self.quantities, &|feed| self.outside.last(feed)).unwrap()
    }

    fn potential(&self) -> SignedUsd {
        let exposures = self.outside.exposures(&self.quantities, &|feed| self.outside.last(feed)).unwrap();
        potential(&exposures, &self.outside.covariance, self.outside.depth).unwrap().signed().unwrap()
    }
}

fn size_of(usd: i128, price: Price) -> Size {
    let one = i128::try_from(ONE).unwrap();
    Size::new(usd * one / i128::try_from(price.raw() / ONE).unwrap().max(1))
}

#[test]
fn over_a_hundred_thousand_fills_premia_less_rebates_and_what_the_providers_gained_on_the_potential_are_the_potential(
) {
    let mut rng = ChaCha8Rng::seed_from_u64(2026);
    let mut book = Book::new(&mut rng);
    let (mut paid, mut gained, mut fills) = (SignedUsd::ZERO, SignedUsd::ZERO, 0);
    let (mut rebates, mut charges) = (0, 0);
    while fills < 100_000 {
        if rng.gen_ratio(1, 5) {
            let before = book.potential();
            book.moves_prices(&mut rng);
            if rng.gen_bool(0.5) {
                book.moves_covariances(&mut rng);
            }
            // Φ stands among the pool's debts, so what it falls by is the providers' gain
            gained = gained.plus(before.minus(book.potential()).unwrap()).unwrap();
        } else {
            let feed = rng.gen_range(0..FEEDS);
            let price = book.outside.last(feed);
            let premium = book.fills(feed, size_of(rng.gen_range(-500_000..500_000), price));
            paid = paid.plus(premium).unwrap();
            fills += 1;
            *(if premium.is_negative() { &mut rebates } else { &mut charges }) += 1;
        }
    }
    assert_eq!(paid.minus(gained).unwrap(), book.potential());
    assert!(rebates > 10_000 && charges > 10_000, "both happen: {rebates} rebates, {charges} charges");
}

#[test]
fn one_net_trade_in_1_or_7_or_100_orders_in_any_order_costs_the_same_to_the_micro_usd() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    for _ in 0..50 {
        let mut book = Book::new(&mut rng);
        for feed in 0..FEEDS {
            book.fills(feed, size_of(rng.gen_range(-1_000_000..1_000_000), book.outside.last(feed)));
        }
        let net: Vec<_> = (0..FEEDS)
            .map(|feed| size_of(rng.gen_range(-500_000..500_000), book.outside.last(feed)))
            .collect();
        let costs: Vec<_> = [1, 7, 100].map(|parts| cost_in(&book, &net, parts, &mut rng)).into();
        assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
    }
}

/// Splits each feed's net trade at random cuts (parts may overshoot and come back), shuffles all of them, fills them.
fn cost_in(book: &Book, net: &[Size], parts: usize, rng: &mut ChaCha8Rng) -> SignedUsd {
    let mut orders = Vec::new();
    for (feed, net) in (0..).zip(net) {
        let mut left = *net;
        for _ in 1..parts {
            let part = Size::new(net.raw() / 10 * rng.gen_range(-5..8));
            orders.push((feed, part));
            left = left.minus(part).unwrap();
        }
        orders.push((feed, left));
    }
    orders.shuffle(rng);
    let mut book = Book { outside: book.outside.clone(), quantities: book.quantities.clone() };
    orders.into_iter().fold(SignedUsd::ZERO, |sum, (feed, part)| sum.plus(book.fills(feed, part)).unwrap())
}
