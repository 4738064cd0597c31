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

# step WHAT COMMAND…: says what begins, runs it, says how long it took. Quiet commands show their output only when they fail.
step() {
  local what=$1 begun=$EPOCHREALTIME log
  shift
  log=$(mktemp)
  printf '%-56s ' "$what …"
  # In the background, because `set -e` does not work inside a command whose failure is looked at.
  local status=0
  ("$@") >"$log" 2>&1 &
  wait "$!" || status=$?
  if ((status != 0)); then
    printf 'failed (%d)\n' "$status"
    cat "$log" >&2
    rm -f "$log"
    exit "$status"
  fi
  rm -f "$log"
  printf '%s s\n' "$(since "$begun")"
}

# Seconds since a value of EPOCHREALTIME, with one decimal.
since() {
  local now=$EPOCHREALTIME
  local tenths=$(((${now/[.,]/} - ${1/[.,]/}) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}
