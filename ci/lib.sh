# shellcheck shell=bash
# What .ci/run and ci/full share: stages with a budget, a kept log and a count.
# Source it from the repository's root, call `tests` and `stage`, end with `finish`.

# Plain logs: rustfmt asks TERM whether to colour, cargo has a setting of its own.
export TERM=dumb CARGO_TERM_COLOR=never CARGO_TERM_PROGRESS_WHEN=never CARGO_NET_RETRY=5
# What is built once gains nothing from incremental files, and writing them takes time and disk.
export CARGO_INCREMENTAL=0

logs=target/ci
passed=0
failed=0
rows=()

# run NAME MINUTES COMMAND…: shows the output, keeps it in $logs/NAME.log and ends the command when its budget is used up.
# Leaves the exit code in `status` and a word for the table in `verdict`. Never ends the script.
run() {
  name=$1 minutes=$2 status=0 verdict=ok
  shift 2
  local begun=$SECONDS
  mkdir -p "$logs"
  printf '\n==> %s (budget %d min): %s\n' "$name" "$minutes" "$*"
  timeout --kill-after=30 $((minutes * 60)) "$@" </dev/null 2>&1 | tee "$logs/$name.log" || status=$?
  took=$((SECONDS - begun))
  if ((status == 124 || took > minutes * 60)); then
    verdict='OVER BUDGET' status=124
  elif ((status != 0)); then
    verdict="FAILED ($status)"
  fi
}

# Adds the last run's line to the table, and prints it.
note() {
  local row
  row=$(printf '%-28s %-14s %3d:%02d of %2d min' "$name" "$verdict" $((took / 60)) $((took % 60)) "$minutes")
  rows+=("$row")
  printf '<== %s\n' "$row"
}

# A stage that counts as one.
stage() {
  run "$@"
  if ((status == 0)); then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  note
}

# A stage that runs `cargo test` and counts as the tests that it ran. Not to compile, to run over budget or to run no test at all
# is a failure too, though no test says so.
tests() {
  run "$@"
  local ok bad
  read -r ok bad < <(awk '/^test result: /{ ok += $4; bad += $6 } END { print ok + 0, bad + 0 }' "$logs/$name.log")
  if ((status == 0 && ok + bad == 0)); then verdict='NO TESTS' status=1; fi
  if ((status != 0 && bad == 0)); then bad=1; fi
  passed=$((passed + ok))
  failed=$((failed + bad))
  note
}

# finish [MINUTES]: the table, the place of the logs and, alone on the last line, the count. Exit code 1 if anything failed; that all of
# it took longer than MINUTES is a failure, too.
finish() {
  if [[ ${1:-} ]] && ((SECONDS > $1 * 60)); then
    rows+=("all together took more than $1 min")
    failed=$((failed + 1))
  fi
  printf '\n'
  printf '%s\n' "${rows[@]}"
  printf 'total %d:%02d; logs in %s/\n\n' $((SECONDS / 60)) $((SECONDS % 60)) "$logs"
  printf '%d passed, %d failed\n' "$passed" "$failed"
  ((failed == 0)) || exit 1
  exit 0
}
