//! Ceilings that follow what is used, and the depth that follows risk.

use crate::common::*;
use sdp_book::query;
use sdp_types::events::{CeilingAdjusted, DepthAdjusted};
use sdp_types::pool::*;
use sdp_types::regime::Regime;
use sdp_types::{Amount, Error, Usd};

const CEILING: Ceiling = Ceiling { max: Usd::whole(300_000), gap: Usd::whole(50_000), ttl: 28_800 };

fn perps() -> Ceilinged {
    Ceilinged::Market(addr("perps").into())
}

/// $1,000,000 of ATOM from anna; a market whose line of $100,000 may follow, as may the vault's ceiling and the supply's.
fn pool() -> Pool {
    let mut pool = Pool::instantiated();
    let line = usd(100_000);
    pool.configure("owner", Change::AddMarket { market: addr("perps").into(), line, bonded: false }).unwrap();
    pool.record("perps", &[sdp_types::record::tag::EXPOSURE], &sdp_types::exposure::Exposure::default());
    for of in [perps(), Ceilinged::Vault(0), Ceilinged::Supply {}] {
        pool.configure("owner", Change::SetCeiling { of, ceiling: Some(CEILING) }).unwrap();
    }
    pool.configure("owner", Change::SetLiquidator { liquidator: addr("liquidator").into() }).unwrap();
    pool.run("owner", ExecuteMsg::Open {}).unwrap();
    pool.deposit("anna", 100_000).unwrap();
    pool
}

fn adjust(pool: &mut Pool, of: Ceilinged) -> Result<CeilingAdjusted, Error> {
    pool.run("anyone", ExecuteMsg::AdjustCeiling { of }).map(|response| told(&response))
}

fn owes(pool: &mut Pool, dollars: i128) {
    pool.market("perps", "0", dollars * 1_000_000, |_| {});
}

#[test]
fn a_line_falls_at_once_to_the_gap_above_what_is_used_and_rises_when_its_time_has_come() {
    let mut pool = pool();
    let moved = adjust(&mut pool, perps()).unwrap();
    assert_eq!((moved.from, moved.to), (signed(100_000), signed(50_000)));
    refused(adjust(&mut pool, perps()), "E0322");

    owes(&mut pool, 30_000);
    pool.later(5);
    assert_eq!(adjust(&mut pool, perps()).unwrap().to, signed(80_000), "its first rise");
    owes(&mut pool, 40_000);
    pool.later(28_799);
    let ready_at = pool.now() + 1;
    assert_eq!(adjust(&mut pool, perps()), Err(Error::CeilingNotDue { ready_at, now: pool.now() }));
    pool.later(1);
    assert_eq!(adjust(&mut pool, perps()).unwrap().to, signed(90_000));
    owes(&mut pool, 290_000);
    pool.later(28_800);
    assert_eq!(adjust(&mut pool, perps()).unwrap().to, signed(300_000), "never above its maximum");
}

#[test]
fn a_ceiling_moves_once_in_a_second() {
    let mut pool = pool();
    adjust(&mut pool, perps()).unwrap();
    owes(&mut pool, -10_000);
    refused(adjust(&mut pool, perps()), "E0330");
    pool.later(1);
    assert_eq!(adjust(&mut pool, perps()).unwrap().to, signed(40_000));
}

#[test]
fn what_the_providers_have_earned_is_not_locked_behind_a_line_that_follows() {
    let mut pool = pool();
    owes(&mut pool, -80_000);
    let locked = |pool: &Pool| pool.health().locked_credit;
    assert_eq!(locked(&pool), usd(180_000));
    assert_eq!(adjust(&mut pool, perps()).unwrap().to, signed(-30_000));
    assert_eq!(locked(&pool), usd(50_000));
}

#[test]
fn vaults_and_supply_have_ceilings_too() {
    let mut pool = pool();
    assert_eq!(adjust(&mut pool, Ceilinged::Vault(0)).unwrap().to, signed(50_000));
    assert_eq!(adjust(&mut pool, Ceilinged::Supply {}).unwrap().to, signed(50_000));
    pool.mint("anna", 50_000).unwrap();
    refused(pool.mint("anna", 1), "E0306");
    pool.later(5);
    assert_eq!(adjust(&mut pool, Ceilinged::Vault(0)).unwrap().to, signed(100_000));
    refused(pool.mint("anna", 1), "E0307");
    assert_eq!(adjust(&mut pool, Ceilinged::Supply {}).unwrap().to, signed(100_000));
    pool.mint("anna", 50_000).unwrap();

    let all = pool.look(|deps, _| query::ceilings(deps, pool.synced())).unwrap();
    let shown: Vec<_> = all.iter().map(|one| (one.of.clone(), one.line, one.used, one.target)).collect();
    assert_eq!(
        shown,
        [
            (Ceilinged::Supply {}, signed(100_000), signed(100_000), signed(150_000)),
            (Ceilinged::Vault(0), signed(100_000), signed(100_000), signed(150_000)),
            (perps(), signed(100_000), signed(0), signed(50_000)),
        ]
    );
    assert!(all[..2].iter().all(|one| one.rises_from == pool.now() + 28_800));
}

#[test]
fn a_breaker_lets_ceilings_fall_to_what_is_used_and_they_rise_again_one_by_one() {
    let mut pool = pool();
    pool.mint("anna", 20_000).unwrap();
    owes(&mut pool, 10_000);
    let trip =
        |market: Option<&str>, regime| ExecuteMsg::Trip { market: market.map(|m| addr(m).into()), regime };
    pool.run("guardian", trip(Some("perps"), Regime::CloseOnly)).unwrap();
    assert_eq!(pool.listing().markets[0].line, signed(10_000));
    let vaults =
        |pool: &Pool| pool.query::<Vec<VaultResponse>>(QueryMsg::Vaults {}).unwrap()[0].config.debt_ceiling;
    assert_eq!(vaults(&pool), usd(2_000_000), "of the market only");
    refused(adjust(&mut pool, perps()), "E0328");

    pool.run("guardian", trip(None, Regime::Caution)).unwrap();
    assert_eq!(vaults(&pool), usd(2_000_000), "caution lowers nothing");
    pool.run("guardian", trip(None, Regime::CloseOnly)).unwrap();
    assert_eq!(vaults(&pool), usd(30_000), "20,000 minted and 10,000 of the market's");
    let config: ConfigResponse = pool.query(QueryMsg::Config {}).unwrap();
    assert_eq!(config.params.supply_ceiling, usd(20_000));

    for market in [None, Some(addr("perps").into())] {
        pool.run("owner", ExecuteMsg::Reset { market }).unwrap();
    }
    pool.later(5);
    assert_eq!(adjust(&mut pool, perps()).unwrap().to, signed(60_000));
}

#[test]
fn a_change_that_was_written_down_before_a_ceiling_moved_does_not_put_it_back() {
    let mut pool = pool();
    let config: ConfigResponse = pool.query(QueryMsg::Config {}).unwrap();
    let vault = pool.query::<Vec<VaultResponse>>(QueryMsg::Vaults {}).unwrap()[0].config.clone();
    let vault = VaultConfig { deposit_cap: vault.deposit_cap.plus(Amount::new(1)).unwrap(), ..vault };
    let deeper = config.params.impact_depth.plus(usd(1)).unwrap();
    let later = Params { impact_depth: deeper, ..config.params.clone() };
    pool.configure("owner", Change::Params { params: later }).unwrap();
    pool.configure("owner", Change::UpdateVault { vault: 0, config: vault }).unwrap();
    adjust(&mut pool, Ceilinged::Supply {}).unwrap();
    adjust(&mut pool, Ceilinged::Vault(0)).unwrap();

    // it only tightens, though it carries the ceilings of before
    let longer = Params { minimum_stay: config.params.minimum_stay + 1, ..config.params };
    pool.configure("guardian", Change::Params { params: longer }).unwrap();
    pool.later(3_600);
    for id in [0, 1] {
        pool.run("anyone", ExecuteMsg::Enact { id }).unwrap();
    }
    let config: ConfigResponse = pool.query(QueryMsg::Config {}).unwrap();
    let vault = pool.query::<Vec<VaultResponse>>(QueryMsg::Vaults {}).unwrap()[0].config.clone();
    assert_eq!((config.params.supply_ceiling, vault.debt_ceiling), (usd(50_000), usd(50_000)));
}

#[test]
fn a_ceiling_that_stays_can_not_be_adjusted_and_its_range_is_the_owners() {
    let mut pool = pool();
    refused(adjust(&mut pool, Ceilinged::Vault(1)), "E0007");
    refused(adjust(&mut pool, Ceilinged::Vault(9)), "E0301");
    refused(adjust(&mut pool, Ceilinged::Market(addr("nobody").into())), "E0007");
    let set = |ceiling| Change::SetCeiling { of: perps(), ceiling };
    refused(pool.configure("owner", set(Some(Ceiling { ttl: 3_000_000, ..CEILING }))), "E0004");
    refused(pool.configure("guardian", set(Some(Ceiling { gap: usd(60_000), ..CEILING }))), "E0102");
    refused(pool.configure("guardian", set(None)), "E0102");
    pool.configure("guardian", set(Some(Ceiling { gap: usd(40_000), ..CEILING }))).unwrap();
    assert_eq!(adjust(&mut pool, perps()).unwrap().to, signed(40_000));
    // the owner's waits
    pool.configure("owner", set(None)).unwrap();
    pool.later(3_600);
    pool.run("anyone", ExecuteMsg::Enact { id: 0 }).unwrap();
    refused(adjust(&mut pool, perps()), "E0007");
}

#[test]
fn the_depth_goes_two_percent_an_hour_towards_where_risk_puts_it() {
    let mut pool = pool();
    let risk = Some(RiskBudgets::default());
    let (impact_depth, least_depth) = (usd(1_000_000_000), Some(usd(500_000_000)));
    let params = Params { risk, impact_depth, least_depth, ..params() };
    refused(
        pool.configure(
            "owner",
            Change::Params { params: Params { least_depth: Some(Usd::ZERO), ..params.clone() } },
        ),
        "E0004",
    );
    pool.configure("guardian", Change::Params { params }).unwrap();
    let adjust =
        |pool: &mut Pool| pool.run("anyone", ExecuteMsg::AdjustDepth {}).map(|r| told::<DepthAdjusted>(&r));
    refused(adjust(&mut pool), "E0322");

    // shortfall 2.82 · 4 % · 400,000 = 45,120, more than 4 % of a million: the budget is full
    pool.market("perps", "8", -400_000_000_000, |_| {});
    assert_eq!(adjust(&mut pool).unwrap().to, usd(980_000_000));
    refused(adjust(&mut pool), "E0330");
    pool.later(3_600);
    assert_eq!(adjust(&mut pool).unwrap().to, usd(960_400_000));
    assert_eq!(pool.health().impact_depth, usd(960_400_000));

    // shortfall 564 of a budget of 40,000: 1.41 % of the way down
    pool.market("perps", "0.1", -5_000_000_000, |_| {});
    pool.later(3_600);
    assert_eq!(adjust(&mut pool).unwrap().to, usd(979_608_000));
    pool.later(3_600);
    let last = adjust(&mut pool).unwrap().to;
    assert!(
        usd(992_900_000) < last && last < usd(992_950_000),
        "{last}: a billion less 1.41 % of half of it"
    );
    pool.run("guardian", ExecuteMsg::Trip { market: None, regime: Regime::Caution }).unwrap();
    pool.market("perps", "0", 0, |_| {});
    pool.later(3_600);
    refused(adjust(&mut pool), "E0328");
}
