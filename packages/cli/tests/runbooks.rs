//! The commands of the chapter of runbooks work as they stand there.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod place;

use std::path::Path;
use std::process::Command;

use place::Place;

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/25-runbooks.md");
    std::fs::read_to_string(path).unwrap()
}

/// What stands in blocks of commands, with the heading above each.
fn blocks(page: &str) -> Vec<(String, String)> {
    let (mut heading, mut inside, mut found) = (String::new(), false, Vec::new());
    for line in page.lines() {
        match line {
            "```sh" => {
                inside = true;
                found.push((heading.clone(), String::new()));
            }
            "```" => inside = false,
            line if inside => {
                let (_, block) = found.last_mut().unwrap();
                block.push_str(line);
                block.push('\n');
            }
            line => heading = line.strip_prefix("## ").map_or(heading, str::to_string),
        }
    }
    found
}

#[test]
fn every_block_runs_one_after_the_other_on_the_chain_of_the_first() {
    let place = Place::new("runbooks");
    let bin = Path::new(env!("CARGO_BIN_EXE_sdp")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let blocks = blocks(&page());
    assert!(blocks.len() > 25, "{} blocks", blocks.len());
    for (heading, block) in blocks {
        let mut shell = Command::new("bash");
        for variable in ["SDP_NODE", "SDP_KEYS", "SDP_DEPLOYMENT", "SDP_FIRST_COIN"] {
            shell.env_remove(variable);
        }
        let ran = shell.args(["-euc", &block]).env("PATH", &path).current_dir(&place.0).output().unwrap();
        assert!(ran.status.success(), "{heading}:\n{block}{}", String::from_utf8_lossy(&ran.stderr));
    }
    assert_eq!(place.json("audit")["difference"], "0");
}
