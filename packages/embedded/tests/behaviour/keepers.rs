//! Keepers are paid out of penalties and never more than these.

use proptest::prelude::*;
use sdp_embedded::{Actions, World};
use sdp_types::events::{AccountLiquidated, AuctionEnded, PositionCut, Rejected, Taken};
use sdp_types::units::{Rounding, SignedUsd, Usd};

fn fees(world: &World) -> Usd {
    let totals = world.market_totals("market").unwrap();
    totals.exposure.fees
}

fn margin(world: &World, name: &str) -> SignedUsd {
    world.account(name, "market", 0).unwrap().margin
}

/// Kim liquidates bob and ann in one message. Every reward is min(fixed + share, penalty), no penalty is more than its part of what was
/// closed, kim gets the sum of the rewards, and insurance all that is left of the penalties and the rebates.
fn liquidates(world: &mut World) -> Result<u64, TestCaseError> {
    let (before, had) = (fees(world), margin(world, "kim"));
    world.keeper("kim").liquidates(&["bob", "ann"]);
    let told = world.told::<AccountLiquidated>();
    prop_assert_eq!(told.len() + world.told::<Rejected>().len(), 2);
    let (mut rewards, mut rest) = (Usd::ZERO, Usd::ZERO);
    let params = world.manifest().market("market").unwrap().clone();
    for done in &told {
        prop_assert!(done.reward <= done.penalty, "{:?}", done);
        // of bitcoin, 0.6 %
        let most = done.closed.scale(params.perps[0].liquidation_penalty, Rounding::Up).unwrap();
        prop_assert!(done.penalty <= most, "{:?}", done);
        let share = done.penalty.scale(params.liquidation.reward_share, Rounding::Down).unwrap();
        prop_assert_eq!(done.reward, params.liquidation.reward.0.plus(share).unwrap().min(done.penalty));
        rewards = rewards.plus(done.reward).unwrap();
        rest = rest.plus(done.penalty.minus(done.reward).unwrap()).unwrap();
    }
    for cut in world.told::<PositionCut>() {
        rest = rest.plus(cut.premium.negative_part()).unwrap();
    }
    prop_assert_eq!(margin(world, "kim"), had.plus(rewards.signed().unwrap()).unwrap());
    prop_assert_eq!(fees(world), before.plus(rest).unwrap());
    Ok(told.len() as u64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn no_reward_of_a_liquidation_is_more_than_its_penalty(
        long in 1u32..40,
        short in 1u32..40,
        falls in prop::collection::vec(1u64..6_000, 1..4),
    ) {
        let mut world = World::with(|manifest| manifest.pool.breakers = None);
        world.lp("whale").deposits(1_000_000, "ATOM").mints(100_000);
        for trader in ["bob", "ann"] {
            world.sells_sdusd("whale", trader, 2_000);
            world.trader(trader).funds_margin(2_000);
        }
        // hundredths of a bitcoin, up to 12 times the margin
        world.trader("bob").buys(format!("0.{long:02}").as_str(), "BTC");
        world.trader("ann").sells(format!("0.{short:02}").as_str(), "BTC");
        world.fills();
        let mut price = 60_000;
        for fall in falls {
            price -= fall;
            world.price("BTC", price);
            liquidates(&mut world)?;
        }
        world.price("BTC", 66_000);
        liquidates(&mut world)?;
    }

    #[test]
    fn no_reward_of_an_auction_is_more_than_the_penalty_that_it_brought(
        minted in 120u64..30_000,
        price in 40u64..90,
        later in 20u64..90,
        parts in prop::collection::vec(1u64..5_000, 0..4),
    ) {
        let mut world = World::with(|manifest| manifest.pool.breakers = None);
        world.lp("whale").deposits(1_000_000, "ATOM").mints(1_000_000);
        // just at the issuance ratio of 300 %
        world.lp("anna").deposits(minted * 3 / 10 + 1, "ATOM").mints(minted);
        world.sells_sdusd("whale", "kim", 500_000);
        // below 66 % of the first price it is below the liquidation ratio of 200 %
        world.price("ATOM", format!("{}.{}", price * 66 / 900, price * 66 / 90 % 10).as_str());
        world.keeper("kim").seizes("anna", "ATOM");
        let mut brought = Usd::ZERO;
        let mut ended = Vec::new();
        world.price("ATOM", format!("{}.{}", later / 10, later % 10).as_str());
        world.waits(1_600).refreshes();
        world.keeper("tom").redoes(1);
        // each take is followed by a deep audit: what is paid and promised to keepers is covered by penalties
        for part in parts.into_iter().chain([1_000_000]) {
            let Some(running) = world.auctions().unwrap().pop() else { break };
            let left = running.tab.plus(running.penalty).unwrap();
            let lot = running.price.value_of(running.lot, running.decimals, Rounding::Down).unwrap();
            // what would leave dust is not sold
            let cost = running.price.value_of(sdp_types::Amount::new(u128::from(part) * 1_000_000), 6, Rounding::Up).unwrap();
            if part < 1_000_000 && (left.saturating_minus(cost) < Usd::whole(101) || lot.saturating_minus(cost) < Usd::whole(101)) {
                continue;
            }
            world.keeper("kim").takes(running.auction, part);
            for taken in world.told::<Taken>() {
                brought = brought.plus(taken.penalty).unwrap();
            }
            ended.extend(world.told::<AuctionEnded>());
        }
        prop_assert_eq!(ended.len(), 1);
        prop_assert!(ended[0].reward <= brought, "{:?}, {} brought", ended[0], brought);
        let totals: sdp_types::liquidator::TotalsResponse =
            world.query("liquidator", &sdp_types::liquidator::QueryMsg::Totals {}).unwrap();
        prop_assert_eq!((totals.recoveries.tips, totals.recoveries.penalties), (ended[0].reward, brought));
    }
}
