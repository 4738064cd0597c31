//! A pool with people in it, for tests of what is shown.

use sdp_embedded::World;

/// A whale, two traders on both sides of two perpetuals, and three providers of whom ATOM's fall from 10 to 6.5 leaves ben at 205 % of
/// what he owes, carl at 195 %, below the liquidation ratio, and anna's position in an auction that has fallen by one step.
pub fn story() -> World {
    let mut world = World::backed();
    world.lp("whale").with("ATOM").mints(200_000);
    world.lp("anna").deposits(3_000, "ATOM").mints(10_000);
    world.lp("ben").deposits(3_154, "ATOM").mints(10_000);
    world.lp("carl").deposits(3_000, "ATOM").mints(10_000);
    world.sells_sdusd("whale", "bob", 20_000);
    world.sells_sdusd("whale", "eve", 20_000);
    world.trader("bob").funds_margin(2_000).buys("0.5", "BTC");
    world.trader("eve").funds_margin(15_000).sells("2", "ETH");
    world.fills();
    world.price("ATOM", "6.5");
    world.keeper("kim").seizes("anna", "ATOM");
    world.passes(20);
    world.trader("bob").buys("0.01", "BTC");
    world
}
