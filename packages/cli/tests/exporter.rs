//! `sdp exporter` and `sdp watch` as their users start them.
#![allow(clippy::unwrap_used, clippy::float_arithmetic, reason = "helpers of tests, which compare floats")]

mod place;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use place::Place;
use serde_json::Value;

/// An exporter that runs, ended with the test.
struct Exporter {
    process: Child,
    address: String,
}

impl Exporter {
    fn start(place: &Place, options: &[&str]) -> Self {
        let arguments = [&["exporter", "--listen", "127.0.0.1:0", "--every", "1s"], options].concat();
        let mut command = place.command(&arguments);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address =
            line.trim().strip_prefix("metrics at ").unwrap().trim_end_matches("/metrics").to_string();
        Self { process, address }
    }

    fn get(&self, path: &str) -> String {
        let mut answer = ureq::get(format!("{}{path}", self.address)).call().unwrap();
        answer.body_mut().read_to_string().unwrap()
    }

    fn samples(&self) -> BTreeMap<String, f64> {
        let text = self.get("/metrics");
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let sample = |line: &str| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name.to_string(), value.parse().unwrap())
        };
        lines.map(sample).collect()
    }

    /// Samples once they are so; a poll a second has long been by when patience ends.
    #[track_caller]
    fn until(&self, what: &str, so: impl Fn(&BTreeMap<String, f64>) -> bool) -> BTreeMap<String, f64> {
        let patience = Instant::now() + Duration::from_secs(60);
        loop {
            let samples = self.samples();
            if so(&samples) {
                return samples;
            }
            assert!(Instant::now() < patience, "never: {what}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn told_to_stop(mut self, signal: &str) -> ExitStatus {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        self.process.wait().unwrap()
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A number of the contracts with so many decimals in their JSON's integer.
fn raw(value: &Value, decimals: i32) -> f64 {
    value.as_str().unwrap().parse::<f64>().unwrap() / 10f64.powi(decimals)
}

#[track_caller]
fn is(samples: &BTreeMap<String, f64>, name: &str, value: f64) {
    let found = samples.get(name).copied();
    let near = found.is_some_and(|found| (found - value).abs() <= value.abs() * 1e-12);
    assert!(near, "{name} is {found:?}, not {value}");
}

fn with_people() -> Place {
    let place = Place::new(&format!("exporter-{:?}", std::thread::current().id()).replace(['(', ')'], "-"));
    place.does("deploy");
    place.does("give whale 1_000_000 ATOM");
    place.does("deposit 1_000_000 ATOM --from whale");
    place.does("mint 5_000 ATOM --from whale");
    place.does("sell 5_000 --from whale --to bob");
    place.does("margin deposit 1_000 --from bob");
    place.does("commit BTC 0.1 --from bob");
    place.does("advance 20s");
    place.does("settle BTC --from kim");
    place
}

#[test]
fn figures_over_http_are_those_of_the_queries_and_follow_the_chain() {
    let place = with_people();
    let exporter = Exporter::start(&place, &[]);
    let samples = exporter.until("it has polled", |found| found.get("sdp_up") == Some(&1.0));
    let health = place.json("health");
    for (metric, field) in [
        ("sdp_pool_collateral_usd", "collateral"),
        ("sdp_pool_supply_usd", "supply"),
        ("sdp_pool_insurance_usd", "insurance"),
        ("sdp_pool_free_collateral_usd", "free_collateral"),
        ("sdp_pool_locked_credit_usd", "locked_credit"),
        ("sdp_pool_potential_usd", "potential"),
        ("sdp_pool_bad_debt_usd", "bad_debt"),
        ("sdp_pool_impact_depth_usd", "impact_depth"),
        ("sdp_pool_gross_exposure_usd", "gross_exposure"),
        ("sdp_pool_expected_shortfall_usd{of=\"markets\"}", "expected_shortfall"),
        ("sdp_pool_expected_shortfall_budget_usd{of=\"with_collateral\"}", "total_budget"),
        ("sdp_pool_debt_usd{source=\"markets\"}", "debt_from_markets"),
    ] {
        is(&samples, metric, raw(&health[field], 6));
    }
    for (metric, field) in [
        ("sdp_pool_collateral_ratio", "collateral_ratio"),
        ("sdp_pool_utilisation_ratio", "utilisation"),
        ("sdp_pool_concentration_ratio", "concentration"),
        ("sdp_pool_distance_to_default", "distance_to_default"),
    ] {
        is(&samples, metric, raw(&health[field], 0));
    }
    // 2.82 · 3.5 % of a tenth of 60,000
    is(&samples, "sdp_pool_expected_shortfall_usd{of=\"markets\"}", 592.2);
    let btc = &place.json("show perps")[0];
    is(&samples, "sdp_perp_index_usd{market=\"market\",perp=\"BTC-PERP\"}", raw(&btc["index"], 0));
    is(&samples, "sdp_perp_premium_ratio{market=\"market\",perp=\"BTC-PERP\"}", raw(&btc["premium"], 0));
    is(&samples, "sdp_perp_skew_usd{market=\"market\",perp=\"BTC-PERP\"}", 6_000.0);
    is(&samples, "sdp_books_difference_usd", 0.0);
    let solvency = place.json("show solvency");
    let probability = raw(&solvency["default_probability"], 0);
    is(&samples, "sdp_solvency_default_probability_ratio", probability);

    // time passes in the file, without new prices
    let before = samples["sdp_block_height"];
    place.does("advance 100s --silent");
    let later = exporter.until("the chain has moved", |found| found.get("sdp_block_height") > Some(&before));
    let age = "sdp_oracle_price_age_seconds{feed=\"BTC\"}";
    assert!((later[age] - samples[age] - 100.0).abs() < 1e-9, "{} after {}", later[age], samples[age]);
    assert_eq!(later["sdp_perp_tradable{market=\"market\",perp=\"BTC-PERP\"}"], 0.0);
    assert!(exporter.told_to_stop("-TERM").success());
}

#[test]
fn a_chain_that_is_gone_is_a_metric_and_so_is_its_return() {
    let place = with_people();
    let exporter = Exporter::start(&place, &["--stale-after", "2s", "--count-every", "0"]);
    let samples = exporter.until("it has polled", |found| found.get("sdp_up") == Some(&1.0));
    assert!(!samples.contains_key("sdp_accounts{market=\"market\"}"));
    let (state, away) = (place.0.join(".sdp/chain.sdp-state"), place.0.join("away"));
    std::fs::rename(&state, &away).unwrap();
    let down = exporter.until("it is down", |found| found.get("sdp_up") == Some(&0.0));
    assert!(down["sdp_snapshot_age_seconds"] > 0.0);
    // what is old is not shown as if it were the present
    let old = exporter.until("figures are left out", |found| !found.contains_key("sdp_pool_collateral_usd"));
    assert!(old["sdp_snapshot_age_seconds"] >= 2.0 && old["sdp_polls_total{outcome=\"failed\"}"] >= 1.0);
    assert_eq!(exporter.get("/healthz"), "ok\n");
    std::fs::rename(&away, &state).unwrap();
    let back = exporter.until("it is back", |found| found.get("sdp_up") == Some(&1.0));
    assert!(back.contains_key("sdp_pool_collateral_usd"));
    assert!(exporter.told_to_stop("-INT").success());
}

#[test]
fn scrapes_do_not_wait_for_a_chain_that_never_was() {
    let place = Place::new("exporter-nothing");
    let exporter = Exporter::start(&place, &[]);
    let begun = Instant::now();
    let text = exporter.get("/metrics");
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert!(text.contains("\nsdp_up 0.0\n") && text.contains("# HELP sdp_pool_collateral_usd "), "{text}");
    assert!(text.ends_with("# EOF\n"));
}

#[test]
fn an_address_that_is_taken_is_said_and_watch_wants_a_terminal() {
    let place = Place::new("exporter-address");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    place.fails(&format!("exporter --listen {address}"), 3, "can't listen at");
    place.fails("exporter --every 0s", 2, "at least a second");
    place.fails("watch", 3, "needs a terminal");
}
