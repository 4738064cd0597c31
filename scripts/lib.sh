# shellcheck shell=bash
# What the scripts of the real chain share: versions, where built tools are kept, and a few words to talk with.
# Source it; it changes nothing by itself.

# Versions that fit together. wasmd's is in scripts/wasmd/go.mod as well, with every module below it.
wasmd_version=v0.70.3
cosmwasm_check_version=2.3.5
grpcurl_version=v1.9.4

# What is slow to build is kept here, by version, outside the repository: a fresh clone and CI find it again.
cache=${SDP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sdp}
# The scripts that source this file use them.
# shellcheck disable=SC2034
{
  wasmd=$cache/wasmd-$wasmd_version/wasmd
  cosmwasm_check=$cache/cosmwasm-check-$cosmwasm_check_version/bin/cosmwasm-check
  grpcurl=$cache/grpcurl-$grpcurl_version/grpcurl
}

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# The comment block at the top of the script is its manual.
manual() { sed -n '2,/^[^#]/{/^#/!d;s/^# \{0,1\}//;p}' "$0"; }

# attempt WHAT COMMAND…: says what begins, runs it quietly, says how long it took. Leaves its exit code in `status` and, after a failure,
# its output in the file $attempted. Never fails itself: inside `||` or `if`, the shell would not stop the command at its first error.
attempt() {
  local what=$1 begun=$EPOCHREALTIME
  shift
  attempted=$(mktemp)
  printf '%-56s ' "$what …"
  status=0
  # In the background for the same reason: only `wait` stands before the `||`.
  ("$@") >"$attempted" 2>&1 &
  wait "$!" || status=$?
  if ((status == 0)); then
    rm -f "$attempted"
    printf '%s s\n' "$(since "$begun")"
  else
    printf 'failed (%d) after %s s\n' "$status" "$(since "$begun")"
  fi
}

# The same, and the end of the script if it fails.
step() {
  attempt "$@"
  ((status == 0)) || { cat "$attempted" >&2; rm -f "$attempted"; exit "$status"; }
}

# Seconds since a value of EPOCHREALTIME, with one decimal.
since() {
  local now=$EPOCHREALTIME
  local tenths=$(((${now/[.,]/} - ${1/[.,]/}) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# The folder of what cargo builds. Without jq: whoever has only Rust asks, too.
target() { cargo metadata --no-deps --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'; }

# The version of all our packages, in the repository's root.
workspace_version() { sed -n '/^\[workspace.package\]/,/^version/s/^version = "\(.*\)"/\1/p' Cargo.toml; }

# tool NAME: builds a program of the workspace as `cargo test --workspace` does, so that what it has built serves: with the features that
# tests want, for which examples are named, too. With other features the contracts would be compiled again, and once more for the next
# test, because libraries that are `cdylib` have one place each, whatever their features.
tool() { cargo build --quiet --locked --workspace --examples --bin "$1"; }
