//! How a pool begins, and how its configuration changes.

use crate::common::*;
use sdp_pool::contract;
use sdp_types::events::{ChangeApplied, ChangeQueued};
use sdp_types::exposure::Recoveries;
use sdp_types::governance::Queued;
use sdp_types::pool::*;
use sdp_types::{Amount, Error, Ratio, Usd};

fn rule(result: Result<impl std::fmt::Debug, Error>) -> String {
    match result.unwrap_err() {
        Error::BadConfig { rule, .. } => rule,
        Error::OutOfRange { what, .. } => what,
        other => other.code().into(),
    }
}

#[test]
fn a_pool_makes_its_token_and_is_its_only_minter() {
    let pool = Pool::instantiated();
    let config: ConfigResponse = pool.query(QueryMsg::Config {}).unwrap();
    assert_eq!(config.sdusd, addr("sdusd").to_string());
    assert_eq!((config.open, config.liquidator), (false, None));
    let mut pool = Pool::closed();
    let response = pool.instantiate(instantiate_msg()).unwrap();
    let sent = format!("{:?}", response.messages[0].msg);
    assert!(sent.contains("code_id: 7") && sent.contains("admin: None"), "{sent}");
}

#[test]
fn nonsense_is_refused_at_the_beginning_and_named() {
    type Spoil = fn(&mut InstantiateMsg);
    let cases: [(Spoil, &str); 24] = [
        (|m| m.params.impact_depth = Usd::ZERO, "impact_depth"),
        (|m| m.params.supply_ceiling = Usd::MAX, "supply_ceiling"),
        (|m| m.params.exit_delay = u64::MAX, "exit_delay"),
        (|m| m.params.exit_window = 0, "exit_window"),
        (|m| m.params.exit_window = 321, "exit_window <= seconds that the oracle's ring keeps"),
        (|m| m.params.minimum_stay = u64::MAX, "minimum_stay"),
        (|m| m.params.change_delay = 30 * 86_400 + 1, "change_delay"),
        (|m| m.vaults[0].decimals = 25, "decimals"),
        (|m| m.vaults[0].feed = 3, "E0202"),
        (|m| m.vaults[0].issuance_ratio = pct(99), "issuance_ratio"),
        (|m| m.vaults[0].issuance_ratio = Ratio::MAX, "issuance_ratio"),
        (|m| m.vaults[0].issuance_ratio = pct(200), "issuance_ratio > liquidation_ratio"),
        (|m| m.vaults[0].liquidation_ratio = pct(110), "liquidation_ratio > 1 + liquidation_penalty"),
        (|m| m.vaults[0].liquidation_penalty = pct(100), "liquidation_penalty"),
        (|m| m.vaults[0].maximum_confidence = Ratio::ZERO, "maximum_confidence"),
        (|m| m.vaults[0].minimum_deposit = Usd::ZERO, "minimum_deposit"),
        (|m| m.vaults[0].minimum_debt = Usd::MAX, "minimum_debt"),
        (|m| m.vaults[0].deposit_cap = Amount::MAX, "deposit_cap"),
        (|m| m.vaults[0].debt_ceiling = Usd::MAX, "debt_ceiling"),
        (|m| m.vaults[1] = m.vaults[0].clone(), "E0009"),
        (|m| m.vaults = vec![atom(); 9], "E0010"),
        (|m| m.vaults[0].token = Token::Native(String::new()), "E0110"),
        (|m| m.vaults[0].token = Token::Cw20("nobody".into()), "E0008"),
        (|m| m.owner = "nobody".into(), "E0008"),
    ];
    for (spoil, expected) in cases {
        let mut msg = instantiate_msg();
        spoil(&mut msg);
        assert_eq!(rule(Pool::closed().instantiate(msg)), expected);
    }
}

#[test]
fn a_pool_opens_once_and_with_a_liquidator() {
    let mut pool = Pool::instantiated();
    refused(pool.run("anna", ExecuteMsg::Open {}), "E0101");
    refused(pool.run("owner", ExecuteMsg::Open {}), "E0107");
    pool.configure("owner", Change::SetLiquidator { liquidator: addr("liquidator").into() }).unwrap();
    pool.run("owner", ExecuteMsg::Open {}).unwrap();
    refused(pool.run("owner", ExecuteMsg::Open {}), "E0320");
}

#[test]
fn the_owner_loosens_after_the_delay_and_tightens_at_once() {
    let mut pool = Pool::with_markets(&["perps"]);
    let line = |dollars| Change::SetLine { market: addr("perps").into(), line: usd(dollars) };
    told::<ChangeApplied>(&pool.configure("owner", line(90_000)).unwrap());
    assert_eq!(pool.listing().markets[0].line, usd(90_000).signed().unwrap());
    let queued: ChangeQueued = told(&pool.configure("owner", line(95_000)).unwrap());
    assert_eq!((queued.id, queued.ready_at), (0, pool.now() + 3_600));
    let waiting: Vec<Queued<Change>> = pool.query(QueryMsg::Changes {}).unwrap();
    assert_eq!(waiting[0].change, line(95_000));
    refused(pool.run("anyone", ExecuteMsg::Enact { id: 0 }), "E0105");
    pool.later(3_600);
    pool.run("anyone", ExecuteMsg::Enact { id: 0 }).unwrap();
    assert_eq!(pool.listing().markets[0].line, usd(95_000).signed().unwrap());
    refused(pool.run("anyone", ExecuteMsg::Enact { id: 0 }), "E0007");

    pool.configure("owner", line(99_000)).unwrap();
    refused(pool.run("guardian", ExecuteMsg::CancelChange { id: 1 }), "E0101");
    pool.run("owner", ExecuteMsg::CancelChange { id: 1 }).unwrap();
    refused(pool.run("owner", ExecuteMsg::CancelChange { id: 1 }), "E0007");
}

#[test]
fn the_guardian_only_tightens() {
    for mut pool in [Pool::instantiated(), Pool::open()] {
        let params = |change: fn(&mut Params)| {
            let mut params = params();
            change(&mut params);
            Change::Params { params }
        };
        let loosening: [fn(&mut Params); 8] = [
            |p| p.impact_depth = usd(1_000_000_001),
            |p| p.supply_ceiling = usd(10_000_001),
            |p| p.exit_delay -= 1,
            |p| p.exit_window -= 1,
            |p| p.exit_window += 1,
            |p| p.minimum_stay -= 1,
            |p| p.change_delay -= 1,
            |p| (p.exit_delay, p.change_delay) = (p.exit_delay + 1, p.change_delay - 1),
        ];
        for change in loosening {
            refused(pool.configure("guardian", params(change)), "E0102");
        }
        let vaults: [fn(&mut VaultConfig); 10] = [
            |v| v.issuance_ratio = pct(299),
            |v| v.liquidation_ratio = pct(199),
            |v| v.liquidation_ratio = pct(201),
            |v| v.liquidation_penalty = pct(9),
            |v| v.stability_fee = pct(1),
            |v| v.maximum_confidence = pct(1),
            |v| v.minimum_deposit = usd(99),
            |v| v.minimum_debt = usd(49),
            |v| v.deposit_cap = Amount::new(2_000_000_000_000),
            |v| v.debt_ceiling = usd(3_000_000),
        ];
        for change in vaults {
            let mut config = atom();
            change(&mut config);
            refused(pool.configure("guardian", Change::UpdateVault { vault: 0, config }), "E0102");
        }
        let liquidator = addr("other").to_string();
        refused(pool.configure("guardian", Change::SetLiquidator { liquidator }), "E0102");
        refused(pool.configure("guardian", Change::SetGuardian { guardian: None }), "E0102");
        let add = Change::AddMarket { market: addr("m").into(), line: usd(1), bonded: false };
        refused(pool.configure("guardian", add), "E0102");
        refused(pool.configure("anna", params(|_| {})), "E0103");

        pool.configure("guardian", params(|p| p.minimum_stay += 1)).unwrap();
        let config = VaultConfig { issuance_ratio: pct(301), ..atom() };
        pool.configure("guardian", Change::UpdateVault { vault: 0, config }).unwrap();
    }
}

#[test]
fn changes_that_break_an_invariant_are_named() {
    let mut pool = Pool::open();
    let update = |change: fn(&mut VaultConfig)| {
        let mut config = atom();
        change(&mut config);
        Change::UpdateVault { vault: 0, config }
    };
    let line = |market: &str, line| Change::SetLine { market: addr(market).into(), line };
    for (change, expected) in [
        (update(|v| v.token = Token::Native("uosmo".into())), "token stays"),
        (update(|v| v.decimals = 7), "decimals stay"),
        (update(|v| v.feed = 1), "feed stays"),
        (update(|v| v.liquidation_ratio = pct(300)), "issuance_ratio > liquidation_ratio"),
        (Change::UpdateVault { vault: 2, config: atom() }, "E0301"),
        (Change::AddVault { config: atom() }, "E0009"),
        (Change::AddVault { config: vault(Token::Cw20(addr("sdusd").into()), 6, 0) }, "token != sdusd"),
        (Change::AddMarket { market: addr("m").into(), line: Usd::MAX, bonded: false }, "line"),
        (line("m", usd(1)), "E0007"),
        (
            Change::Params { params: Params { exit_window: 400, ..params() } },
            "exit_window <= seconds that the oracle's ring keeps",
        ),
    ] {
        assert_eq!(rule(pool.configure("owner", change)), expected);
    }
}

#[test]
fn there_are_at_most_eight_vaults_and_eight_markets() {
    let mut pool = Pool::instantiated();
    for n in 2..8 {
        let config = vault(Token::Native(format!("coin{n}")), 6, 0);
        pool.configure("owner", Change::AddVault { config }).unwrap();
    }
    let config = vault(Token::Native("coin9".into()), 6, 0);
    refused(pool.configure("owner", Change::AddVault { config }), "E0010");
    let add =
        |n: u64| Change::AddMarket { market: addr(&format!("m{n}")).into(), line: usd(1), bonded: false };
    for n in 0..8 {
        pool.configure("owner", add(n)).unwrap();
        if n < 7 {
            refused(pool.configure("owner", add(n)), "E0009");
        }
    }
    refused(pool.configure("owner", add(8)), "E0010");
}

#[test]
fn the_liquidator_changes_only_while_its_tab_is_0() {
    let mut pool = Pool::instantiated();
    let set = |name: &str| Change::SetLiquidator { liquidator: addr(name).into() };
    pool.configure("owner", set("liquidator")).unwrap();
    pool.recoveries(Recoveries { tab: Usd::new(1), ..Recoveries::default() });
    assert_eq!(rule(pool.configure("owner", set("second"))), "the liquidator's tab is 0");
    pool.recoveries(Recoveries::default());
    // what the second one recovered elsewhere is not the pool's
    let elsewhere = Recoveries { recovered: usd(9), ..Recoveries::default() };
    pool.record("second", &[sdp_types::record::tag::RECOVERIES], &elsewhere);
    pool.configure("owner", set("second")).unwrap();
    assert_eq!(pool.book().recoveries, elsewhere);
    pool.run("owner", ExecuteMsg::Open {}).unwrap();
    pool.sync();
}

#[test]
fn ownership_moves_in_two_steps() {
    let mut pool = Pool::open();
    let new_owner = addr("dao").to_string();
    let transfer = sdp_types::ownership::Action::TransferOwnership { new_owner, expiry: None };
    refused(pool.run("anna", ExecuteMsg::UpdateOwnership(transfer.clone())), "E0106");
    pool.run("owner", ExecuteMsg::UpdateOwnership(transfer)).unwrap();
    pool.run("dao", ExecuteMsg::UpdateOwnership(sdp_types::ownership::Action::AcceptOwnership)).unwrap();
    refused(pool.configure("owner", Change::SetGuardian { guardian: None }), "E0103");
    pool.configure("dao", Change::SetGuardian { guardian: None }).unwrap();
}

#[test]
fn a_pool_migrates_only_from_an_older_version_of_itself() {
    let mut pool = Pool::instantiated();
    let mut migrate = |name: &str, version: &str| {
        cw2::set_contract_version(&mut pool.deps.storage, name, version).unwrap();
        contract::migrate(pool.deps.as_mut(), pool.env.clone(), MigrateMsg {}).map(|_| ())
    };
    refused(migrate(CONTRACT, "0.1.0"), "E0108");
    refused(migrate(CONTRACT, "99.0.0"), "E0108");
    refused(migrate("sdp-market", "0.0.1"), "E0108");
    migrate(CONTRACT, "0.0.9").unwrap();
}
