//! New code for an old contract.

use sdp_types::liquidator::CONTRACT;
use sdp_types::Error;

use crate::desk::Desk;

#[test]
fn an_older_version_of_the_same_contract_migrates() {
    let mut desk = Desk::new();
    cw2::set_contract_version(desk.storage(), CONTRACT, "0.0.9").unwrap();
    desk.migrates().unwrap();
    let now = cw2::get_contract_version(desk.storage()).unwrap();
    assert_eq!((now.contract.as_str(), now.version.as_str()), (CONTRACT, env!("CARGO_PKG_VERSION")));
}

#[test]
fn another_contract_the_same_version_and_a_newer_one_do_not_migrate() {
    let same = env!("CARGO_PKG_VERSION");
    let wrong = [
        (CONTRACT, same),
        (CONTRACT, "999.0.0"),
        (CONTRACT, "0.0.10-beta"),
        (CONTRACT, "0.0"),
        ("sdp-pool", "0.0.9"),
    ];
    for (contract, version) in wrong {
        let mut desk = Desk::new();
        cw2::set_contract_version(desk.storage(), contract, version).unwrap();
        let expected = format!("{CONTRACT} before {same}");
        let (contract, version) = (contract.to_string(), version.to_string());
        assert_eq!(desk.migrates(), Err(Error::BadMigration { contract, version, expected }));
    }
}
