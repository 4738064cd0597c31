//! What keepers are paid, by the rules of chapters 4, 7 and 8, and the smallest thing whose pay reaches a cost. The contracts' own
//! liquidations are compared with these in this file's tests.

use sdp_network::manifest::{Collateral, Market, Perp};
use sdp_risk::margin;
use sdp_risk::reward::reward;
use sdp_types::units::MAX_USD;
use sdp_types::{Ratio, Result, Rounding, Usd};

/// Keeper's pay for closing so much notional of a perpetual: min(fixed + ⌊share·penalty⌋, penalty), penalty = ⌈rate·closed⌉ of an account
/// that can pay it.
pub fn liquidation(market: &Market, perp: &Perp, closed: Usd) -> Result<Usd> {
    let penalty = closed.scale(perp.liquidation_penalty, Rounding::Up)?;
    reward(market.liquidation.reward.0, market.liquidation.reward_share, penalty, penalty)
}

/// Keepers' pay for an auction of so much debt that sells for all of it: min(tip + ⌊chip·debt⌋, penalty), penalty = ⌊rate·debt⌋.
pub fn auction(collateral: &Collateral, debt: Usd) -> Result<Usd> {
    let penalty = debt.scale(collateral.liquidation_penalty, Rounding::Down)?;
    reward(collateral.auction.tip.0, collateral.auction.chip, debt, penalty)
}

/// Of that what who resets the auction gets, before anything was bought: half, rounded down.
pub fn redo(collateral: &Collateral, debt: Usd) -> Result<Usd> {
    auction(collateral, debt)?.fraction(1, 2, Rounding::Down)
}

/// Keeper's pay for settling an order of so much notional at the plain fee: ⌊share·⌈fee·notional⌉⌋.
pub fn settlement(market: &Market, notional: Usd) -> Result<Usd> {
    notional.scale(market.fee, Rounding::Up)?.scale(market.keeper_share, Rounding::Down)
}

/// The part of a single position that a liquidation closes as soon as it may: equity is a micro-USD below maintenance. Rounded down.
pub fn part_at_once(market: &Market, perp: &Perp) -> Result<Ratio> {
    let notional = Usd::whole(1_000_000_000);
    let maintenance = notional.scale(perp.maintenance_margin, Rounding::Up)?;
    let equity = maintenance.saturating_minus(Usd::new(1)).signed()?;
    let (target, rate) = (market.liquidation.target, perp.maintenance_margin);
    let closed = margin::cut(equity, maintenance, target, rate, perp.liquidation_penalty, notional)?;
    closed.per(notional, Rounding::Down)
}

/// The least `minimum_notional` at which a liquidation closes at least `closed` of every position that is no smaller, as soon as it may.
///
/// Where less than the minimum m would be left, all is closed; so the least that is closed of a position of at least m is m itself or,
/// where exactly m is left, m·c ÷ (1 − c), c the part at once. So m = closed·max(1, (1 − c) ÷ c), rounded up. None where c is 0.
pub fn minimum(closed: Usd, at_once: Ratio) -> Result<Option<Usd>> {
    if at_once.is_zero() {
        return Ok(None);
    }
    let rest = Ratio::ONE.saturating_minus(at_once);
    Ok(Some(closed.max(closed.fraction(rest.raw(), at_once.raw(), Rounding::Up)?)))
}

/// The least that is closed of a position of at least `minimum`, as soon as it may be: [`minimum`] the other way round, rounded down.
pub fn least_closed(minimum: Usd, at_once: Ratio) -> Result<Usd> {
    let rest = Ratio::ONE.saturating_minus(at_once);
    if rest.is_zero() {
        return Ok(minimum);
    }
    Ok(minimum.min(minimum.fraction(at_once.raw(), rest.raw(), Rounding::Down)?))
}

/// The smallest amount whose pay reaches a cost, to the micro-USD; none where even the largest amount does not. `pay` must not fall.
pub fn least(cost: Usd, pay: impl Fn(Usd) -> Result<Usd>) -> Result<Option<Usd>> {
    if pay(MAX_USD)? < cost {
        return Ok(None);
    }
    let (mut low, mut high) = (0, MAX_USD.raw());
    while low < high {
        let middle = low + (high - low) / 2;
        if pay(Usd::new(middle))? >= cost {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(Some(Usd::new(low)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sdp_embedded::{Actions, World};
    use sdp_network::Manifest;
    use sdp_types::events::{AccountLiquidated, AuctionEnded, OrderFilled, Taken};

    fn built_in() -> Manifest {
        Manifest::built_in().unwrap()
    }

    #[test]
    fn a_keeper_is_paid_the_penalty_until_that_is_more_than_the_fixed_part_and_its_share() {
        let manifest = built_in();
        let (market, perp) = (&manifest.markets[0], &manifest.markets[0].perps[0]);
        let paid = |closed| liquidation(market, perp, Usd::whole(closed)).unwrap();
        // 0.6 % of 100; 2 and a tenth of 60
        assert_eq!((paid(100), paid(10_000)), (Usd::new(600_000), Usd::whole(8)));
        let atom = &manifest.collaterals[0];
        // 10 % of 20; 5 and a thousandth of 10,000; half of that
        assert_eq!(auction(atom, Usd::whole(20)).unwrap(), Usd::whole(2));
        assert_eq!(auction(atom, Usd::whole(10_000)).unwrap(), Usd::whole(15));
        assert_eq!(redo(atom, Usd::whole(10_000)).unwrap(), Usd::new(7_500_000));
        // a twentieth of 6 bp
        assert_eq!(settlement(market, Usd::whole(10_000)).unwrap(), Usd::new(300_000));
    }

    #[test]
    fn the_least_that_pays_is_found_to_the_micro_usd() {
        let pay = |amount: Usd| amount.scale(Ratio::bps(60), Rounding::Up);
        let found = least(Usd::new(5_270), pay).unwrap().unwrap();
        assert!(
            pay(found).unwrap() >= Usd::new(5_270)
                && pay(Usd::new(found.raw() - 1)).unwrap() < Usd::new(5_270)
        );
        assert_eq!(least(Usd::ZERO, pay).unwrap(), Some(Usd::ZERO));
        assert_eq!(least(Usd::new(1), |_| Ok(Usd::ZERO)).unwrap(), None);
    }

    #[test]
    fn what_is_closed_at_once_of_bitcoin_is_a_quarter_of_its_margin_over_what_closing_frees() {
        let manifest = built_in();
        let part = part_at_once(&manifest.markets[0], &manifest.markets[0].perps[0]).unwrap();
        // (1.25 − 1)·2.5 % ÷ (1.25·2.5 % − 0.6 %) = 0.24752…
        assert!((Ratio::bps(2_475)..Ratio::bps(2_476)).contains(&part), "{part}");
    }

    #[test]
    fn a_minimum_is_what_leaves_enough_to_close_of_the_worst_position() {
        let quarter = Ratio::percent(25);
        // of 40 a quarter is closed and 30 are left
        assert_eq!(minimum(Usd::whole(10), quarter).unwrap(), Some(Usd::whole(30)));
        assert_eq!(least_closed(Usd::whole(30), quarter).unwrap(), Usd::whole(10));
        // more than a half: the smallest position is the worst
        let most = Ratio::percent(80);
        assert_eq!(minimum(Usd::whole(10), most).unwrap(), Some(Usd::whole(10)));
        assert_eq!(least_closed(Usd::whole(10), most).unwrap(), Usd::whole(10));
        assert_eq!(least_closed(Usd::whole(10), Ratio::ONE).unwrap(), Usd::whole(10));
        assert_eq!(minimum(Usd::whole(10), Ratio::ZERO).unwrap(), None);
    }

    #[test]
    fn the_market_pays_for_settling_and_liquidating_what_is_computed_here() {
        let mut world = World::with(|manifest| manifest.pool.breakers = None);
        world.lp("whale").deposits(1_000_000, "ATOM").mints(100_000);
        world.sells_sdusd("whale", "bob", 10_000);
        world.trader("bob").funds_margin(2_500);
        world.trader("bob").buys("0.5", "BTC");
        world.fills();
        let filled = world.told::<OrderFilled>()[0].clone();
        let manifest = world.manifest().clone();
        let (market, perp) = (&manifest.markets[0], &manifest.markets[0].perps[0]);
        assert_eq!(filled.keeper_fee, filled.fee.scale(market.keeper_share, Rounding::Down).unwrap());
        for price in [56_400, 55_700] {
            world.price("BTC", price);
            world.keeper("kim").liquidates(&["bob"]);
            let done = world.told::<AccountLiquidated>().pop().unwrap();
            assert!(
                !done.closed.is_zero()
                    && done.penalty == done.closed.scale(perp.liquidation_penalty, Rounding::Up).unwrap(),
                "{done:?}"
            );
            assert_eq!(done.reward, liquidation(market, perp, done.closed).unwrap());
        }
    }

    #[test]
    fn an_auction_pays_what_is_computed_here() {
        let mut world = World::with(|manifest| manifest.pool.breakers = None);
        world.lp("whale").deposits(1_000_000, "ATOM").mints(1_000_000);
        world.lp("anna").deposits(10_000, "ATOM").mints(30_000);
        world.sells_sdusd("whale", "kim", 100_000);
        world.price("ATOM", 5);
        world.keeper("kim").seizes("anna", "ATOM");
        let running = world.auctions().unwrap()[0].clone();
        let atom = world.manifest().collaterals[0].clone();
        assert_eq!(running.reward, auction(&atom, running.tab).unwrap());
        world.keeper("kim").takes(running.auction, 10_000);
        assert!(!world.told::<Taken>().is_empty());
        assert_eq!(world.told::<AuctionEnded>()[0].reward, running.reward);
    }
}
