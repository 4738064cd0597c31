//! What must never happen again: each incident played with numbers. The deep audit runs after every message.

use sdp_embedded::actions::Take;
use sdp_embedded::{events, Actions, Audits, Network, World};
use sdp_types::events::{OrderFilled, OrderRefused, PriceRejected, PriceSet};
use sdp_types::liquidator::AuctionResponse;
use sdp_types::oracle::{ExecuteMsg, Submission};
use sdp_types::units::{Amount, Price, SignedUsd, Usd, MAX_PRICE};
use serde_json::json;

const USD: i128 = 1_000_000;

/// `whale` behind everything, traders with 50,000 sdUSD, 40,000 of it margin.
fn market(traders: &[&str]) -> World {
    let mut world = World::backed();
    world.lp("whale").with("ATOM").mints(1_000_000);
    for trader in traders {
        world.sells_sdusd("whale", trader, 100_000);
        world.trader(trader).funds_margin(80_000);
    }
    world
}

/// sdUSD and the equity of account 0, micro-USD, of several people together.
fn wealth(world: &World, names: &[&str]) -> i128 {
    let of = |name: &&str| {
        let held = i128::try_from(world.balance(name, "sdusd").unwrap().raw()).unwrap();
        held + world.account(name, "market", 0).unwrap().equity.raw()
    };
    names.iter().map(of).sum()
}

fn publish(world: &mut World, publisher: &str, price: &str) -> (Vec<PriceSet>, Vec<PriceRejected>) {
    let publish_time = world.now();
    let confidence = "0.0005".parse().unwrap();
    let submission = Submission { feed: 0, price: price.parse().unwrap(), confidence, publish_time };
    let msg = ExecuteMsg::Publish { prices: vec![submission] };
    let answer = world.execute(publisher, "oracle", &msg, &[]).unwrap();
    (events(&answer).unwrap(), events(&answer).unwrap())
}

fn btc(world: &World) -> Price {
    world.board().unwrap().quotes[0].price
}

#[test]
fn skrw_2019_one_publisher_that_is_a_thousand_times_off_is_not_averaged_in() {
    // each of the three may be the bad one, in any order of arrival, for two minutes
    for bad in 1..=3 {
        for turn in 0..3 {
            let mut world = World::new();
            for _ in 0..24 {
                world.waits(5);
                for n in 0..3 {
                    let number = (n + turn) % 3 + 1;
                    let price = if number == bad { "60000000" } else { "60000" };
                    publish(&mut world, &format!("publisher-{number}"), price);
                    assert_eq!(btc(&world), "60000".parse().unwrap(), "{bad} {turn}");
                }
            }
        }
    }
}

#[test]
fn skrw_2019_one_publisher_of_a_bare_quorum_moves_no_price_that_anybody_is_paid_at() {
    // 30 % off is inside of what a mean of two keeps within the deviation band of 20 %
    let mut world = market(&["eve"]);
    let start = wealth(&world, &["eve"]);
    world.trader("eve").buys("10", "BTC");
    world.fills();
    world.trader("eve").closes("BTC");
    // wait for the interval that the order is bound to; the bad publisher comes first, one honest one second
    world.waits(10);
    publish(&mut world, "publisher-1", "78000");
    publish(&mut world, "publisher-2", "60000");
    publish(&mut world, "publisher-3", "60000");
    let _ = world.settle("kim", "market", 0, 100);
    world.fills();
    let end = wealth(&world, &["eve"]);
    assert!(end <= start, "one publisher was worth {} USD to a trader", (end - start) / USD);
}

#[test]
fn skrw_2019_one_publisher_of_a_bare_quorum_cannot_confirm_himself() {
    // the third publisher is away for ten minutes; the bad one repeats himself
    let mut world = World::new();
    for _ in 0..120 {
        world.waits(5);
        publish(&mut world, "publisher-1", "600000");
        publish(&mut world, "publisher-2", "60000");
        let price = btc(&world);
        assert!(price <= "72000".parse().unwrap(), "the board shows {price}");
    }
}

/// The price of collateral falls below the liquidation ratio of `olga`, who is seized.
fn auction() -> (World, AuctionResponse) {
    let mut world = World::backed();
    world.lp("whale").mints(1_000_000);
    world.lp("olga").deposits(30_000, "ATOM").mints(99_000);
    world.sells_sdusd("whale", "tom", 500_000);
    world.price("ATOM", "6.5");
    world.waits(11);
    world.refreshes();
    world.keeper("kim").seizes("olga", "ATOM");
    let auction = world.auctions().unwrap()[0].clone();
    (world, auction)
}

#[test]
fn black_thursday_2020_nothing_is_won_at_zero_however_long_nobody_bids() {
    let (mut world, auction) = auction();
    // 110 % of 6.50, and never below 55 % of that
    assert_eq!(auction.start_price, "7.15".parse().unwrap());
    let floor: Price = "3.9325".parse().unwrap();
    let start = world.snapshot();
    let (mut lowest, mut sold) = (MAX_PRICE, 0);
    for age in (0..=6_000u64).step_by(100).chain([1_499, 1_500, 1_501, 86_400, 864_000]) {
        world.waits(age);
        let amount = Amount::new(1_000_000_000);
        let take =
            Take { auction: 1, payment: Usd::whole(10_000), amount, max_price: MAX_PRICE, recipient: None };
        let before = world.balance("tom", "sdusd").unwrap();
        match world.take("tom", &take) {
            Ok(_) => {
                let paid = before.minus(world.balance("tom", "sdusd").unwrap()).unwrap().raw();
                // 1,000 tokens: micro-USD paid are 10¹⁵ parts of the price of one
                lowest = lowest.min(Price::new(paid * 1_000_000_000));
                sold += 1;
            }
            Err(error) => assert!(error.says("E0503"), "at {age}: {error}"),
        }
        world.restore(&start);
    }
    assert!(sold > 10 && lowest >= floor, "{sold} at {lowest}");

    // a chain that is too full for bids, for ten days: the auction has to start again, from a fresh price
    world.waits(864_000);
    let stale = world.redo("kim", 1).unwrap_err();
    assert!(stale.says("E0206"), "{stale}");
    world.refreshes();
    world.keeper("kim").redoes(1);
    assert_eq!(world.auctions().unwrap()[0].price, auction.start_price);
}

#[test]
fn black_thursday_2020_a_bid_of_nothing_buys_nothing() {
    let (mut world, _) = auction();
    let bid = |payment: u128, amount: u128, max_price: &str| Take {
        auction: 1,
        payment: Usd::new(payment),
        amount: Amount::new(amount),
        max_price: max_price.parse().unwrap(),
        recipient: None,
    };
    for (take, code) in [
        (bid(0, 1_000_000, "10"), "E0507"),
        (bid(1, 1_000_000, "10"), "E0507"),
        (bid(1_000_000, 0, "10"), "E0005"),
        (bid(1_000_000, 1_000_000, "0"), "E0505"),
        (bid(1_000_000, 1_000_000, "0.01"), "E0505"),
    ] {
        let before = world.store().clone();
        let error = world.take("tom", &take).unwrap_err();
        assert!(error.says(code), "{take:?}: {error}");
        assert!(*world.store() == before, "{take:?}");
    }
    // a single base unit is paid for, rounded up
    world.take("tom", &bid(1_000_000, 1, "10")).unwrap();
    assert_eq!(world.has("tom", "sdusd"), "499999.999992");
}

#[test]
fn mango_2022_a_profit_that_is_not_realised_pays_out_nothing() {
    let mut world = market(&["eve", "ivan"]);
    let start = wealth(&world, &["eve", "ivan"]);
    // both sides of one trade: 10 BTC, 600,000 USD
    world.trader("eve").buys("10", "BTC");
    world.trader("ivan").sells("10", "BTC");
    world.fills();
    // pumped by half: eve is up 300,000, ivan is gone
    for price in [70_000, 80_000, 90_000] {
        world.price("BTC", price);
    }
    let state = world.trader("eve").state();
    assert!(state.equity > SignedUsd::new(370_000 * USD), "{}", state.equity);
    // of the 80,000 that she put in, the initial margin of 45,000 and her costs stay
    assert!(state.withdrawable < Usd::whole(35_000), "{}", state.withdrawable);
    world.trader("eve").fails_with("E0421").withdraws("35000");
    let free = state.withdrawable.to_string().parse::<Usd>().unwrap();
    world.withdraw_margin("eve", "market", 0, free).unwrap();
    assert!(world.trader("ivan").state().withdrawable.is_zero());
    world.trader("ivan").fails_with("E0421").withdraws("0.000001");
    // half of it counts for opening, and never twice: what orders lock is gone
    world.trader("eve").fails_with("E0404").buys("45", "BTC");
    // what the two could take out is less than they brought
    let out: i128 = ["eve", "ivan"]
        .iter()
        .map(|name| i128::try_from(world.balance(name, "sdusd").unwrap().raw()).unwrap())
        .sum();
    assert!(out < start, "{out}");
    // and when the price comes back, so is the profit; the loss that was liquidated is not
    for price in [80_000, 70_000, 60_000] {
        world.price("BTC", price);
    }
    let end = wealth(&world, &["eve", "ivan"]);
    assert!(end < start, "{end} of {start}");
}

#[test]
fn gmx_avax_2022_impact_and_caps_bound_what_a_pushed_price_can_earn() {
    let mut world = market(&["eve", "ivan"]);
    for name in ["eve", "ivan"] {
        world.sells_sdusd("whale", name, 250_000);
        world.trader(name).funds_margin(250_000);
    }
    let people = ["eve", "ivan"];
    let start = wealth(&world, &people);
    // 3 million of skew and no more, in however many accounts
    world.trader("eve").buys("40", "BTC");
    world.trader("ivan").buys("9", "BTC");
    world.trader("ivan").fails_with("E0406").buys("1.1", "BTC");
    world.fills();
    // ½·(49·60,000)²·0.035²/612,500 = 8,643.60 USD of impact
    let paid = start - wealth(&world, &people);
    let (impact, fee, spread) = (8_643_600_000, 49 * 36_018_000, 49 * 60_000_000);
    // insurance gets a thousandth of 2.82·3.5 % of it, and at most 1 bp of it for leverage
    let insurance = paid - impact - fee - spread - 290_178_000;
    assert!((-USD..294 * USD).contains(&insurance), "{paid}");
    // a push of 15 bp on a thin market outside does not pay for two fees and two half spreads, whoever closes first
    world.price("BTC", 60_090);
    world.trader("ivan").closes("BTC");
    world.trader("eve").closes("BTC");
    world.fills();
    let end = wealth(&world, &people);
    assert!(end < start, "{}", end - start);
    // 49·90 of profit, and what the push added to the impact that comes back: 0.3 % of it
    let earned = end - start + 2 * fee + spread;
    assert!(earned < 49 * 90 * USD + impact * 4 / 1_000, "{earned}");
}

#[test]
fn gmx_avax_2022_a_skew_that_is_pumped_and_unwound_costs_its_round_trip() {
    let mut world = market(&["eve", "ivan"]);
    for name in ["eve", "ivan"] {
        world.sells_sdusd("whale", name, 250_000);
        world.trader(name).funds_margin(250_000);
    }
    let people = ["eve", "ivan"];
    let start = wealth(&world, &people);
    let mut fees = 0;
    // eve pumps the skew, ivan sells into the premium, eve unwinds, ivan closes: in each order of who is first
    for (first, second) in [("eve", "ivan"), ("ivan", "eve")] {
        for (trader, size) in [(first, "40"), (second, "-30"), (first, "-40"), (second, "30")] {
            world.trader(trader).commits(size.parse().unwrap(), "BTC");
            world.fills();
        }
    }
    for _ in 0..8 {
        fees += 30 * 36_000_000;
    }
    let end = wealth(&world, &people);
    assert!(end < start - fees, "{}", end - start);
}

/// Time passes until the interval begins that the oldest order is bound to.
fn first_interval(world: &mut World) {
    let interval = world.orders("market", 0).unwrap()[0].interval;
    let wait = world.board().unwrap().intervals.start(interval) - world.now();
    world.waits(wait);
}

#[test]
fn levana_2023_nobody_trades_at_a_price_that_is_already_known() {
    let mut world = market(&["eve"]);
    let start = wealth(&world, &["eve"]);
    // outside, BTC is at 61,000 since now; the board still says 60,000
    world.trader("eve").buys("10", "BTC");
    world.waits(1);
    // a publisher is late with the old price, of a second before the order's interval
    world.price("BTC", 60_000);
    assert!(world.settle("eve", "market", 0, 1).unwrap_err().says("E0420"));
    // her interval begins with the new one
    first_interval(&mut world);
    world.price("BTC", 61_000);
    world.keeper("eve").settles("BTC");
    let filled = world.told::<OrderFilled>()[0].clone();
    assert_eq!(filled.price, "61030.5".parse().unwrap());
    // and once it has begun she can't take it back
    world.trader("eve").sells("10", "BTC");
    first_interval(&mut world);
    world.trader("eve").fails_with("E0412").cancels("BTC", 1);
    world.refreshes();
    world.keeper("eve").settles("BTC");
    assert!(wealth(&world, &["eve"]) < start);
}

#[test]
fn levana_2023_an_interval_without_a_price_is_never_filled_with_an_old_one_or_a_late_one() {
    let mut world = market(&["eve"]);
    world.trader("eve").buys("10", "BTC");
    let order = world.orders("market", 0).unwrap()[0].clone();
    // nobody publishes until long after; then the prices of the past are not taken into it
    first_interval(&mut world);
    world.waits(10);
    let board = world.board().unwrap();
    assert!(world.now() >= board.intervals.closed_from(order.interval));
    let publish_time = board.intervals.start(order.interval);
    let (price, confidence) = ("59000".parse().unwrap(), "0.0005".parse().unwrap());
    let msg = ExecuteMsg::Publish { prices: vec![Submission { feed: 0, price, confidence, publish_time }] };
    for publisher in ["publisher-1", "publisher-2"] {
        let answer = world.execute(publisher, "oracle", &msg, &[]).unwrap();
        for set in events::<PriceSet>(&answer).unwrap() {
            assert!(!set.interval_set, "{set:?}");
        }
    }
    assert!(world.settle("eve", "market", 0, 1).is_err());
    world.price("BTC", 61_000);
    world.waits(10);
    world.keeper("eve").settles("BTC");
    assert_eq!(world.told::<OrderFilled>()[0].price, "61030.5".parse().unwrap());
    assert!(world.told::<OrderRefused>().is_empty());
}

#[test]
fn mars_2025_somebody_elses_skew_moves_nobodys_health() {
    let mut world = market(&["eve", "ivan"]);
    let start = wealth(&world, &["eve", "ivan"]);
    world.trader("ivan").buys("5", "BTC");
    world.fills();
    let before = world.trader("ivan").state();
    let mut funding = 0;
    // the loop: eve pumps the mark of ivan's position, ivan takes out what that is worth, eve unwinds
    for _ in 0..5 {
        world.trader("eve").buys("20", "BTC");
        world.fills();
        let pumped = world.trader("ivan").state();
        // 25 BTC of skew are half a percent of premium; of it nothing arrives but seconds of funding that he pays
        assert!(pumped.equity <= before.equity, "{} {}", pumped.equity, before.equity);
        assert!(pumped.withdrawable <= before.withdrawable);
        funding = before.equity.raw() - pumped.equity.raw();
        assert!(funding < USD * 5, "{funding}");
        let too_much = before.withdrawable.plus(Usd::new(1)).unwrap();
        assert!(world.withdraw_margin("ivan", "market", 0, too_much).unwrap_err().says("E0421"));
        world.trader("eve").closes("BTC");
        world.fills();
    }
    world.trader("ivan").closes("BTC");
    world.fills();
    let fees = (5 * 2 * 20 + 2 * 5) * 36 * USD * 99 / 100;
    let end = wealth(&world, &["eve", "ivan"]);
    assert!(end <= start - fees, "{} {fees} {funding}", end - start);
}

#[test]
fn synthetix_v3_double_print_credit_that_one_vault_used_is_not_free_in_another() {
    // minting all that can be minted would trip a breaker, which takes the market's credit away
    let mut world = World::with(|manifest| manifest.pool.breakers = None);
    // three vaults of 2 million each; 1 million is locked for the market
    world.lp("anna").deposits(200_000, "ATOM");
    world.lp("emma").deposits("666.666666666666666667", "ETH");
    world.lp("cleo").deposits(2_000_000, "USDC");
    let room = |world: &World, lp: &str, collateral: &str| {
        let (vault, owner) = (world.vault(collateral).unwrap(), world.address(lp).into_string());
        let msg = sdp_types::lens::QueryMsg::MaximumMint { vault, owner };
        world.query::<sdp_types::pool::LimitResponse>("lens", &msg).unwrap()
    };
    // cleo may mint 1.6 million, the others 666,666; all three together 2.93 million of the 5 million that are free
    let all = [("anna", "ATOM"), ("emma", "ETH"), ("cleo", "USDC")];
    let mut minted = 0;
    for (lp, collateral) in all {
        let most = room(&world, lp, collateral).amount;
        assert!(most > Usd::whole(600_000), "{lp}: {most}");
        world.mint(lp, collateral, most).unwrap();
        minted += most.raw();
        assert_eq!(room(&world, lp, collateral).amount, Usd::ZERO, "{lp}");
    }
    // ATOM and ETH crash by 28 %; only one vault is ever touched, again and again
    world.prices(&[("ATOM", "7.2"), ("ETH", "2160")]);
    let free = |world: &World| {
        let health = world.health().unwrap();
        json!(health)
    };
    let fresh = free(&world);
    for _ in 0..3 {
        world.keeper("kim").syncs();
        world.lp("cleo").with("USDC").deposits(1, "USDC");
        for (lp, collateral) in all {
            let most = room(&world, lp, collateral);
            // a dollar of USDC is 80 cents of debt
            assert!(most.amount <= Usd::whole(4), "{lp}: {}", most.amount);
        }
    }
    let after = free(&world);
    assert_eq!(fresh["locked_credit"], after["locked_credit"]);
    let supply = world.sdusd_supply().unwrap().raw();
    assert_eq!(supply, minted);
}

#[test]
fn synthetix_v3_double_print_a_profit_of_all_is_minted_once() {
    let mut world = World::new();
    world.lp("anna").deposits(500_000, "ATOM");
    world.lp("emma").deposits("1666.666666666666666667", "ETH");
    world.lp("anna").with("ATOM").mints(100_000);
    world.sells_sdusd("anna", "bob", 100_000);
    world.trader("bob").funds_margin(100_000).buys("20", "BTC");
    world.fills();
    world.price("BTC", 58_000);
    world.trader("bob").closes("BTC");
    world.fills();
    let lost = 100_000 * USD - world.trader("bob").state().equity.raw();
    assert!(lost > 40_000 * USD);
    // anna's vault is touched many times before emma's ever is
    world.passes_without_gap(7_200);
    for _ in 0..10 {
        world.lp("anna").with("ATOM").deposits(1, "ATOM");
        world.keeper("kim").syncs();
    }
    let anna = world.position("anna", "ATOM").unwrap().debt.raw();
    let emma = world.position("emma", "ETH").unwrap().debt.raw();
    let gained = 100_000 * USD - anna - emma;
    // insurance and the keeper have their parts of the fees; nothing is there twice
    assert!(gained < lost && gained > lost * 97 / 100, "{gained} of {lost}");
    let shares = gained / 2;
    assert!((-emma - shares).abs() < shares / 100, "{emma} {shares}");
    // emma mints her profit, and it is gone; anna's is still hers, and no more
    let profit = Usd::new(u128::try_from(-emma).unwrap());
    world.mint("emma", "ETH", profit).unwrap();
    assert!(world.position("emma", "ETH").unwrap().debt.raw().abs() <= 1);
    assert!(world.mint("emma", "ETH", Usd::new(1)).is_err());
    assert!((world.position("anna", "ATOM").unwrap().debt.raw() - anna).abs() <= 1);
}

#[test]
fn synthetix_v3_double_print_a_draw_is_minted_once() {
    let mut world = market(&["bob"]);
    world.trader("bob").buys("2", "BTC");
    world.fills();
    world.price("BTC", 70_000);
    world.trader("bob").closes("BTC");
    world.fills();
    world.trader("bob").withdraws("99_000");
    // the market asks again for what its record already shows
    for amount in ["99000000000", "1", "1000000"] {
        let recipient = world.address("bob").into_string();
        let draw = json!({"draw": {"amount": amount, "recipient": recipient}});
        let error = world.execute("market", "pool", &draw, &[]).unwrap_err();
        assert!(error.says("E0315"), "{error}");
    }
}

#[test]
fn exits_ahead_of_known_losses_pay_their_part_of_them() {
    let mut world = World::with(|manifest| {
        manifest.pool.minimum_stay = 0;
        // measured, the jump of 10 % would let nobody leave at all: expected shortfall would lock what is free
        manifest.oracle.measurement = None;
    });
    world.lp("anna").deposits(500_000, "ATOM");
    world.lp("emma").deposits(500_000, "ATOM").mints(300_000);
    world.sells_sdusd("emma", "bob", 200_000);
    world.trader("bob").funds_margin(200_000).buys("40", "BTC");
    world.fills();
    world.lp("anna").requests_exit(500_000);
    world.passes(86_400 - 100);
    // the traders win 10 %, 240,000 USD, while anna's request waits: she owes half of it
    world.price("BTC", 66_000);
    world.passes(120);
    world.waits(5);
    world.refreshes();
    let debt = world.position("anna", "ATOM").unwrap().debt;
    assert!(debt > SignedUsd::new(115_000 * USD) && debt < SignedUsd::new(121_000 * USD), "{debt}");
    world.lp("anna").exits();
    let left = world.position("anna", "ATOM").unwrap();
    // what she may not take is what three times her debt needs
    assert!(left.value.raw() >= 3 * left.debt.positive_part().raw(), "{left:?}");
    assert!(left.debt >= debt, "{}", left.debt);
    // emma's part is what it was
    let emma = world.position("emma", "ATOM").unwrap().debt.raw() - 300_000 * USD;
    assert!((emma - debt.raw()).abs() < 2_000 * USD, "{emma}");
}

#[test]
fn exits_ahead_of_known_losses_cannot_wait_for_a_good_moment() {
    let mut world = World::with(|manifest| manifest.pool.minimum_stay = 0);
    world.lp("anna").deposits(500_000, "ATOM");
    world.lp("emma").deposits(500_000, "ATOM").mints(300_000);
    world.sells_sdusd("emma", "bob", 200_000);
    world.trader("bob").funds_margin(200_000).buys("40", "BTC");
    world.fills();
    // a request for every day, just in case: it lapses when it is not executed, and pays nothing
    world.lp("anna").requests_exit(500_000);
    world.passes(86_399);
    world.lp("anna").fails_with("E0311").exits();
    world.passes(700);
    world.lp("anna").exits();
    assert_eq!(world.has("anna", "ATOM"), "0");
    assert!(world.position("anna", "ATOM").unwrap().exit.is_none());
    world.lp("anna").fails_with("E0310").exits();

    // a dip of the debt is not a way out either: it is tested at the largest of the last hour or two
    world.price("BTC", 66_000);
    world.keeper("kim").syncs();
    let high = world.position("anna", "ATOM").unwrap().debt;
    world.price("BTC", 59_000);
    world.keeper("kim").syncs();
    let position = world.position("anna", "ATOM").unwrap();
    assert!(position.debt < SignedUsd::ZERO, "{}", position.debt);
    assert!(position.debt_for_issuance >= high, "{} {high}", position.debt_for_issuance);
}

#[test]
fn the_dust_lp_finds_no_parked_profit() {
    // her whole position in one auction
    let mut world = World::with(|manifest| manifest.collaterals[0].limits.hole = manifest.liquidator.hole);
    world.lp("anna").deposits(1_000_000, "ATOM").mints(3_200_000);
    world.sells_sdusd("anna", "bob", 200_000);
    world.sells_sdusd("anna", "tom", 3_000_000);
    world.trader("bob").funds_margin(100_000).buys("20", "BTC");
    world.fills();
    // the only provider is seized whole: nobody is left, and the traders' positions are open
    world.price("ATOM", "6.3");
    world.waits(11);
    world.refreshes();
    world.keeper("kim").seizes("anna", "ATOM");
    assert!(world.position("anna", "ATOM").is_err());
    let before = world.audit().unwrap().ledger;
    // bob loses 60,000 while nobody is there
    world.price("BTC", 57_000);
    let attackers = world.snapshot();
    for sync_first in [true, false] {
        if sync_first {
            world.keeper("kim").syncs();
        }
        // the dust LP: 100 USD
        world.lp("dora").deposits(16, "ATOM");
        let position = world.position("dora", "ATOM").unwrap();
        assert_eq!(position.debt, SignedUsd::ZERO, "{sync_first}");
        let after = world.audit().unwrap().ledger;
        let to_insurance = after.insurance.raw() - before.insurance.raw();
        assert!(to_insurance >= 60_000_000_000, "{sync_first}: {to_insurance}");
        // nothing to mint and nothing comes later
        assert!(world.mint("dora", "ATOM", Usd::new(1)).is_err());
        world.passes(4_000);
        world.keeper("kim").syncs();
        let later = world.position("dora", "ATOM").unwrap().debt.raw();
        // from now on she carries what happens: an hour of bob's funding, at most 4 % a day of 1.14 million
        assert!(later <= 0 && later > -2_000 * USD, "{sync_first}: {later}");
        world.restore(&attackers);
    }
}

#[test]
fn the_dust_lp_finds_no_remainder_of_a_vault_that_was_left() {
    let mut world = World::with(|manifest| {
        manifest.pool.minimum_stay = 0;
        manifest.markets[0].line = sdp_embedded::decimal::Dollars(Usd::ZERO);
    });
    world.audits = Audits::Deep;
    world.lp("anna").deposits(30_000, "ATOM").mints(1_000);
    world.lp("anna").burns(1_000).requests_exit(30_000);
    world.passes(86_411);
    world.waits(5);
    world.refreshes();
    world.lp("anna").exits();
    assert!(world.position("anna", "ATOM").is_err());
    // somebody gives sdUSD and coins away, and fees of the past lie in insurance: nothing of it is dora's
    world.give("anna", "ATOM", Amount::new(1_000_000_000)).unwrap();
    let pool = world.contract("pool").unwrap().into_string();
    world.give(&pool, "ATOM", Amount::new(5_000_000_000)).unwrap();
    world.lp("dora").deposits(10, "ATOM");
    let position = world.position("dora", "ATOM").unwrap();
    assert_eq!(position.collateral, Amount::new(10_000_000));
    assert_eq!(position.debt, SignedUsd::ZERO);
}
