//! Where `sdp` is called in tests.
#![allow(dead_code, reason = "each test file uses some of it")]

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

/// A directory of its own for each test, gone afterwards.
pub struct Place(pub PathBuf);

impl Place {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sdp-cli-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn sdp(&self, line: &str) -> Output {
        let arguments: Vec<_> = line.split_whitespace().collect();
        self.call(&arguments)
    }

    pub fn call(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut sdp = Command::new(env!("CARGO_BIN_EXE_sdp"));
        // a shell that is set up for a real chain must not lead these tests there
        for variable in ["SDP_NODE", "SDP_KEYS", "SDP_DEPLOYMENT", "SDP_FIRST_COIN"] {
            sdp.env_remove(variable);
        }
        sdp.args(arguments).current_dir(&self.0);
        sdp
    }

    /// Must succeed; returns standard output.
    #[track_caller]
    pub fn does(&self, line: &str) -> String {
        let output = self.sdp(line);
        assert!(output.status.success(), "sdp {line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    pub fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.does(&format!("{line} --output json"))).unwrap()
    }

    /// A chain with the built-in manifest as it is written, changed.
    #[track_caller]
    pub fn deploys(&self, changed: impl FnOnce(String) -> String) {
        self.does("init --manifest mine.toml");
        let path = self.0.join("mine.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, changed(text)).unwrap();
        self.does("deploy mine.toml");
    }

    /// Must fail with this exit code and this text on standard error.
    #[track_caller]
    pub fn fails(&self, line: &str, exit: i32, text: &str) {
        let output = self.sdp(line);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "sdp {line}: {error}");
        assert!(error.contains(text), "sdp {line}: {error}");
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
