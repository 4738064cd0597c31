//! A keeper on the embedded chain: it finds what is due, does what pays, and nothing else.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod bad_line;
mod line;
mod pulled;

use sdp_embedded::manifest::{EventMarket, Manifest};
use sdp_embedded::World;
use sdp_keeper::{Config, Journal, Keeper, Kind, Round};
use sdp_network::{Actions, Bonding, DESK};
use sdp_types::bonded::{ConfigResponse, QueryMsg};
use sdp_types::event;
use sdp_types::events::{AccountLiquidated, AuctionStarted, BondedQuarantined, OrderFilled, Taken};
use sdp_types::{Ratio, Usd};

fn keeper(change: impl FnOnce(&mut Config)) -> Keeper {
    let mut config = Config::new("kim");
    change(&mut config);
    Keeper::new(config, Journal::open(None).unwrap())
}

/// Only this kind of work, so that a round is about it.
fn only(kind: Kind) -> Keeper {
    keeper(|config| config.kinds = [kind].into())
}

/// A round in the next block. Everything that was sent was done, and the books balance.
fn round(keeper: &mut Keeper, world: &mut World) -> Round {
    world.waits(1);
    let round = keeper.round(&mut **world).unwrap();
    assert!(round.outcomes.iter().all(Result::is_ok), "{:?}", round.outcomes);
    assert!(world.audit().unwrap().difference.is_zero());
    round
}

fn told<E: sdp_types::events::FromEvent>(round: &Round) -> Vec<E> {
    let answers = round.outcomes.iter().flatten();
    answers.flat_map(|answer| sdp_network::events::<E>(answer).unwrap()).collect()
}

fn kinds(round: &Round) -> Vec<Kind> {
    round.sent.iter().map(|(job, _)| job.kind).collect()
}

/// A pool with a rich provider, and bob long half a BTC with a margin that is soon too small.
fn world() -> World {
    let mut world = World::with(|manifest| manifest.pool.breakers = None);
    world.lp("whale").deposits(1_000_000, "ATOM").mints(500_000);
    world.sells_sdusd("whale", "bob", 10_000);
    world.sells_sdusd("whale", "kim", 100_000);
    world.trader("bob").funds_margin(2_500);
    world
}

#[test]
fn orders_are_settled_as_soon_as_they_have_their_price_and_not_before() {
    let mut world = world();
    let mut keeper = only(Kind::Settle);
    world.trader("bob").buys("0.5", "BTC");
    assert!(kinds(&round(&mut keeper, &mut world)).is_empty());
    world.passes(12);
    let done = round(&mut keeper, &mut world);
    assert_eq!(kinds(&done), [Kind::Settle]);
    let filled = told::<OrderFilled>(&done);
    assert_eq!((filled.len(), filled[0].keeper_fee), (1, done.sent[0].1));
    world.passes(12);
    assert!(kinds(&round(&mut keeper, &mut world)).is_empty(), "nothing waits any more");
    assert_eq!(keeper.tally().total().reward, filled[0].keeper_fee);
}

#[test]
fn an_account_is_liquidated_in_the_block_in_which_it_falls_below_maintenance() {
    let mut world = world();
    world.trader("bob").buys("0.5", "BTC");
    world.fills();
    let mut keeper = only(Kind::LiquidateAccounts);
    assert!(kinds(&round(&mut keeper, &mut world)).is_empty());
    for price in [58_000, 57_000, 56_500] {
        world.price("BTC", price);
        let due = world.trader("bob").state().liquidatable;
        let done = round(&mut keeper, &mut world);
        assert_eq!(told::<AccountLiquidated>(&done).len(), usize::from(due), "at {price}");
    }
    assert_eq!(keeper.tally().total().done, 1);
    assert!(!world.trader("bob").state().liquidatable);
}

#[test]
fn what_does_not_pay_for_its_gas_is_left_and_a_dry_run_sends_nothing() {
    let mut world = world();
    world.trader("bob").buys("0.5", "BTC");
    world.passes(12);
    let mut greedy = keeper(|config| {
        config.kinds = [Kind::Settle].into();
        config.least_profit = Usd::whole(1_000);
    });
    assert!(kinds(&round(&mut greedy, &mut world)).is_empty());
    assert_eq!(greedy.tally().total().unprofitable, 1);
    let mut dry = keeper(|config| {
        config.kinds = [Kind::Settle].into();
        config.dry_run = true;
    });
    let would = round(&mut dry, &mut world);
    assert_eq!((kinds(&would), would.outcomes.len()), (vec![Kind::Settle], 0));
    assert_eq!(world.orders("market", 0).unwrap().len(), 1);
}

#[test]
fn a_position_is_seized_and_its_collateral_bought_within_the_budget_and_no_dearer_than_wanted() {
    let mut world = world();
    world.lp("anna").deposits(10_000, "ATOM").mints(30_000);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kim.json");
    let config = Config {
        kinds: [Kind::LiquidatePosition, Kind::Take, Kind::Redo].into(),
        budget: Usd::whole(20_000),
        discount: Ratio::percent(10),
        ..Config::new("kim")
    };
    let mut keeper = Keeper::new(config.clone(), Journal::open(Some(&path)).unwrap());
    assert!(kinds(&round(&mut keeper, &mut world)).is_empty());
    world.price("ATOM", 5);
    let done = round(&mut keeper, &mut world);
    let started = told::<AuctionStarted>(&done);
    assert_eq!((started.len(), started[0].owner.as_str()), (1, world.address("anna").as_str()));
    // the expected reward is what the auction will pay
    assert_eq!(done.sent[0].1, world.auctions().unwrap()[0].reward);
    let (mut bought, mut blocks) = (Usd::ZERO, 0);
    while bought < Usd::whole(19_900) && blocks < 400 {
        world.passes_without_gap(10);
        let board = world.board().unwrap().quotes[3].price;
        let done = round(&mut keeper, &mut world);
        for taken in told::<Taken>(&done) {
            let most = board.scale(Ratio::percent(90), sdp_types::Rounding::Down).unwrap();
            assert!(taken.price <= most, "{} is dearer than {most}", taken.price);
            bought = bought.plus(taken.paid).unwrap();
        }
        blocks += 1;
    }
    assert!(bought <= Usd::whole(20_000) && bought >= Usd::whole(19_900), "{bought}");
    // another process of the same keeper knows what the day's budget has been spent on
    let mut again = Keeper::new(config, Journal::open(Some(&path)).unwrap());
    for _ in 0..5 {
        world.passes_without_gap(10);
        assert!(told::<Taken>(&round(&mut again, &mut world)).is_empty());
    }
}

#[test]
fn one_that_begins_anew_finds_the_same_work() {
    let mut world = world();
    world.trader("bob").buys("0.5", "BTC");
    world.fills();
    let mut first = only(Kind::LiquidateAccounts);
    round(&mut first, &mut world);
    drop(first);
    world.price("BTC", 55_000);
    let done = round(&mut only(Kind::LiquidateAccounts), &mut world);
    assert_eq!(told::<AccountLiquidated>(&done).len(), 1);
}

#[test]
fn upkeep_is_paid_out_of_a_budget_of_its_own() {
    let mut world = world();
    let mut keeper = keeper(|config| config.kinds = [Kind::Sample, Kind::Poke, Kind::Adjust].into());
    world.passes(400);
    let done = round(&mut keeper, &mut world);
    assert!(kinds(&done).contains(&Kind::Poke), "{:?}", kinds(&done));
    assert_eq!(keeper.tally().total().reward, Usd::ZERO);
}

/// Everybody's work at once, by two keepers that look at the same blocks: what both did is lost, and that becomes rare.
#[test]
fn two_keepers_share_the_work_of_a_crash() {
    let mut world = World::with(|manifest| manifest.pool.breakers = None);
    world.lp("whale").deposits(2_000_000, "ATOM").mints(1_000_000);
    let traders: Vec<_> = (0..60).map(|n| format!("trader {n}")).collect();
    for (n, name) in traders.iter().enumerate() {
        world.sells_sdusd("whale", name, 2_000);
        world.trader(name).funds_margin(600 + 20 * n as u64);
        world.trader(name).buys("0.1", "BTC");
        if n % 20 == 19 {
            world.fills();
        }
    }
    let sharing = |name: &str| {
        let config = Config { kinds: [Kind::LiquidateAccounts].into(), ..Config::new(name) };
        Keeper::new(config, Journal::open(None).unwrap())
    };
    let mut keepers = [sharing("kim"), sharing("leo")];
    let mut price = 60_000;
    while price > 47_000 {
        price -= 250;
        world.price("BTC", price);
        for _ in 0..2 {
            world.waits(1);
            // both look at the block before either has sent
            let before = world.snapshot();
            let planned: Vec<_> = keepers
                .iter_mut()
                .map(|keeper| {
                    world.restore(&before);
                    keeper.plan(&mut *world).unwrap().unwrap()
                })
                .collect();
            world.restore(&before);
            // now the one is nearer to the chain, now the other
            let mut both: Vec<_> = keepers.iter_mut().zip(planned).collect();
            if world.height() % 3 == 0 {
                both.reverse();
            }
            for (keeper, plan) in both {
                keeper.act(&mut *world, plan).unwrap();
            }
        }
    }
    let total: Vec<_> = keepers.iter().map(|keeper| keeper.tally().total()).collect();
    let (sent, wasted) = (total[0].sent + total[1].sent, total[0].wasted + total[1].wasted);
    assert!(total.iter().all(|count| count.done > 5), "{total:?}");
    assert!(wasted * 5 <= sent, "{wasted} of {sent} were wasted");
    assert!(world.market_accounts("market").unwrap().iter().all(|account| !account.liquidatable));
}

#[test]
fn a_bonded_market_that_is_silent_is_put_into_quarantine_and_one_that_speaks_is_left_alone() {
    let mut world = World::with(|manifest| {
        manifest.pool.breakers = None;
        let market = |name: &str| EventMarket {
            name: name.into(),
            author: "sam".into(),
            feed: "BTC".into(),
            strike: "60000".parse().unwrap(),
            lasts: 1_000_000,
            window: 600,
            yes_price: "0.5".parse().unwrap(),
            spread: "0.02".parse().unwrap(),
        };
        let mut bonded = Manifest::with_default_desk().unwrap().bonded.unwrap();
        bonded.events = vec![market("rain"), market("snow")];
        manifest.bonded = Some(bonded);
    });
    world.lp("whale").deposits(1_000_000, "ATOM").mints(1_000_000);
    world.sells_sdusd("whale", "sam", 60_000);
    for market in ["rain", "snow"] {
        world.bond_market("sam", market, Usd::whole(25_000)).unwrap();
    }
    let mut keeper = keeper(|config| (config.kinds, config.upkeep) = ([Kind::Mark].into(), 1));
    assert!(kinds(&round(&mut keeper, &mut world)).is_empty());
    let config: ConfigResponse = world.query(DESK, &QueryMsg::Config {}).unwrap();
    world.waits(config.params.max_age);
    world.refreshes();
    world.tell_event("sam", "snow", &event::ExecuteMsg::Publish {}).unwrap();
    let done = round(&mut keeper, &mut world);
    let told = told::<BondedQuarantined>(&done);
    let [silent] = &told[..] else { panic!("{told:?}") };
    assert_eq!((silent.market.as_str(), silent.code.as_str()), (world.address("rain").as_str(), "E1029"));
    world.passes(12);
    assert!(kinds(&round(&mut keeper, &mut world)).is_empty(), "it is in quarantine");
}
