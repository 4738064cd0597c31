//! The embedded chain itself: deployment, names, clock, files, audits, meter.

use sdp_embedded::decimal::Dollars;
use sdp_embedded::{Actions, Audits, Chain, Kind, Manifest, Network, World};
use sdp_types::liquidator;
use sdp_types::pool::{ConfigResponse, QueryMsg, Token, VaultResponse};
use sdp_types::units::Usd;

#[test]
fn the_built_in_manifest_deploys_and_every_contract_has_what_it_says() {
    let chain = Chain::built_in().unwrap();
    let config: ConfigResponse = chain.query("pool", &QueryMsg::Config {}).unwrap();
    assert!(config.open);
    assert_eq!(config.params, chain.manifest().pool_params());
    assert_eq!(config.liquidator.as_deref(), Some(chain.address("liquidator").as_str()));
    assert_eq!(config.sdusd, chain.address("sdusd").as_str());

    let vaults: Vec<VaultResponse> = chain.query("pool", &QueryMsg::Vaults {}).unwrap();
    let tokens: Vec<_> = vaults.into_iter().map(|vault| vault.config.token).collect();
    let eth = Token::Cw20(chain.address("ETH").into());
    assert_eq!(tokens, [Token::Native("uatom".into()), eth, Token::Native("uusdc".into())]);

    let perps = chain.perps("market").unwrap();
    let names: Vec<_> = perps.iter().map(|perp| perp.config.name.as_str()).collect();
    assert_eq!(names, ["BTC-PERP", "ETH-PERP", "SOL-PERP", "ATOM-PERP"]);
    let config: liquidator::ConfigResponse =
        chain.query("liquidator", &liquidator::QueryMsg::Config {}).unwrap();
    assert_eq!(config.auctions.len(), 3);
    assert_eq!(chain.deep_audit().unwrap(), []);
}

#[test]
fn several_market_contracts_stand_beside_each_other() {
    let world = World::with(|manifest| {
        let mut second = manifest.markets[0].clone();
        second.name = "second".into();
        second.perps.truncate(1);
        manifest.markets.push(second);
    });
    assert_ne!(world.address("market"), world.address("second"));
    let perps = world.perps("second").unwrap();
    assert_eq!(perps.len(), 1);
}

#[test]
fn accounts_of_the_manifest_have_their_balances() {
    let text = format!("{}\n[accounts.anna]\nATOM = \"1.5\"\nETH = \"0.25\"\n", Manifest::BUILT_IN);
    let chain = Chain::deploy(Manifest::parse(&text).unwrap()).unwrap();
    assert_eq!(chain.balance("anna", "ATOM").unwrap().raw(), 1_500_000);
    assert_eq!(chain.balance("anna", "ETH").unwrap().raw(), 250_000_000_000_000_000);
    assert_eq!(chain.balance("anna", "sdusd").unwrap().raw(), 0);
}

#[test]
fn a_chain_comes_back_from_its_file_and_goes_on() {
    let path = std::env::temp_dir().join(format!("sdp-embedded-{}.sdp-state", std::process::id()));
    let mut world = World::backed();
    world.lp("whale").mints(5_000);
    world.sells_sdusd("whale", "bob", 5_000);
    world.trader("bob").funds_margin(1_000).buys("0.1", "BTC");
    world.save(&path).unwrap();
    let mut loaded = Chain::load(&path).unwrap();
    std::fs::remove_file(&path).unwrap();

    assert!(loaded.store() == world.store());
    assert_eq!((loaded.now(), loaded.height()), (world.now(), world.height()));
    assert_eq!(loaded.book, world.book);
    assert_eq!(loaded.name_of(world.address("bob").as_str()), Some("bob"));
    // the same messages lead to the same chain
    for chain in [&mut loaded, &mut *world] {
        chain.pass(20).unwrap();
        chain.settle("kim", "market", 0, 10).unwrap();
    }
    assert!(loaded.store() == world.store());
    assert_eq!(loaded.account("bob", "market", 0).unwrap().positions.len(), 1);
}

#[test]
fn a_snapshot_takes_the_chain_back() {
    let mut world = World::backed();
    let (before, snapshot) = (world.store().clone(), world.snapshot());
    world.passes(60);
    world.lp("whale").mints(1_000);
    world.sells_sdusd("whale", "bob", 10);
    world.restore(&snapshot);
    assert!(*world.store() == before);
    assert_eq!((world.elapsed(), world.book.payments().len()), (0, 0));
}

#[test]
fn the_clock_only_goes_forward() {
    let mut chain = Chain::built_in().unwrap();
    chain.at(10).unwrap();
    assert_eq!((chain.elapsed(), chain.now() % 86_400), (10, 10));
    assert_eq!(chain.at(9).unwrap_err().kind, Kind::Setup);
}

#[test]
fn a_refusal_has_its_code_and_changes_nothing() {
    let mut world = World::backed();
    let before = world.store().clone();
    let error = world.mint("whale", "ATOM", Usd::whole(9_000_000)).unwrap_err();
    assert_eq!((error.kind.clone(), error.code.as_deref()), (Kind::Refused, Some("E0312")));
    assert!(*world.store() == before);
    world.lp("whale").fails_with("E0312").mints(9_000_000).mints(1_000);
    assert_eq!(world.has("whale", "sdusd"), "1000");
}

#[test]
fn sold_sdusd_stands_in_the_account_book_at_par() {
    let mut world = World::backed();
    world.lp("whale").mints(5_000).sells_sdusd_to("bob", "1250.5");
    assert_eq!(world.has("bob", "sdusd"), "1250.5");
    assert_eq!(
        (world.book.cash("whale").raw(), world.book.cash("bob").raw()),
        (1_250_500_000, -1_250_500_000)
    );
}

#[test]
fn the_meter_counts_what_a_message_reads_and_writes_and_is_off_otherwise() {
    let mut world = World::backed();
    let msg = sdp_types::pool::ExecuteMsg::Mint {
        vault: 0,
        amount: Usd::whole(1_000),
        recipient: None,
        owner: None,
    };
    let (_, calls) = world.measure("whale", "pool", &msg, &[]).unwrap();
    let entries: Vec<_> = calls.iter().map(|call| (call.contract.clone(), call.entry)).collect();
    assert_eq!(entries[0], (world.address("pool"), "execute"));
    assert_eq!(entries[1], (world.address("sdusd"), "execute"));
    let pool = calls[0].counts;
    assert!(pool.reads > 0 && pool.writes > 0 && pool.raw_queries > 0, "{pool:?}");
    assert!(pool.written_bytes > 0 && pool.raw_bytes > 0);
    world.lp("whale").mints(1_000);
    assert_eq!(world.meter().stop(), []);
}

#[test]
fn an_audit_finds_what_a_foreign_hand_took() {
    let mut world = World::backed();
    assert_eq!(world.audit_books().unwrap(), []);
    // somebody breaks into the pool and takes an ATOM
    let pool = world.address("pool");
    let taken = cosmwasm_std::coins(1_000_000, "uatom");
    world.force_send(&pool, "thief", taken).unwrap();
    let found = world.audit_books().unwrap();
    assert!(found.iter().any(|difference| difference.rule == sdp_embedded::Rule::Collateral), "{found:?}");
    world.audits = Audits::Books;
    let error = world.sync("kim").unwrap_err();
    assert!(matches!(error.kind, Kind::Unbalanced(_)), "{error}");
}

#[test]
fn a_manifest_that_a_contract_refuses_says_which_contract_and_why() {
    let mut manifest = Manifest::built_in().unwrap();
    manifest.markets[0].perps[0].premium_cap = sdp_types::Ratio::percent(2);
    let error = Chain::deploy(manifest.clone()).err().unwrap();
    assert!(error.text.starts_with("market: ") && error.code.as_deref() == Some("E0107"), "{error}");
    manifest.pool.impact_depth = Dollars(Usd::ZERO);
    let error = Chain::deploy(manifest).err().unwrap();
    assert!(error.text.starts_with("pool: "), "{error}");
}
