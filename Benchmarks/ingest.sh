# From a full queue to stored and acknowledged, beside rows that are written ready-made; sourced by scripts/bench.

postgresql=''

start_postgresql() {
  note 'starting a private PostgreSQL'
  postgresql=$(mktemp -d "$PWD/$work/postgresql.XXXXXX")
  scripts/private-postgresql start "$postgresql"
  # shellcheck source=/dev/null
  . "$postgresql/address"
}

stop_postgresql() {
  [ -n "$postgresql" ] || return 0
  scripts/private-postgresql stop "$postgresql" || return 1
  rm -rf "$postgresql"
}

# The URL of an empty database.
new_store() { # sqlite|postgresql NAME
  if [ "$1" = sqlite ]; then
    rm -f "$work/$2.db" "$work/$2.db-wal" "$work/$2.db-shm"
    echo "sqlite:$PWD/$work/$2.db"
  else
    scripts/private-postgresql query "$postgresql" -q -d postgres -c "set client_min_messages = warning" -c "drop database if exists $2" -c "create database $2"
    echo "${POSTGRESQL_URL%/*}/$2"
  fi
}

run_sql() { # sqlite|postgresql NAME, statements on standard input
  if [ "$1" = sqlite ]; then sqlite3 "$work/$2.db"; else scripts/private-postgresql query "$postgresql" -q -d "$2"; fi
}

# Puts the jobs of a file into the queue and measures how long they take from there into the store; a figure without a
# name is not kept.
ingest() { # BACKEND NAME URL FILE JOBS MESSAGES COUNTED; the last as in "3 duplicates"
  local backend=$1 name=$2 store=$3 file=$4 jobs=$5 messages=$6 counted=$7 elapsed cpu memory
  "$drover" publish --exchange exchange/drover/ingest --destination treeherder "$file" >"$work/output" 2>&1
  expect "$messages published,"
  settle
  run python3 Benchmarks/measure.py "$work/time" "$drover" listen --config "$work/ingest.json" --queue ingest \
    --store "$store" --until-empty >"$work/output" 2>&1 || { cat "$work/output" >&2; return 1; }
  tail -n 1 "$work/output" | grep -q "$counted" ||
    { printf 'bench: "%s" was expected: ' "$counted" >&2; tail -n 1 "$work/output" >&2; return 1; }
  read -r elapsed cpu memory <"$work/time"
  [ -z "$name" ] || figure "$backend" jobs "$name" "$jobs" "$elapsed" "$cpu"
  [ "$memory" -le "$peak" ] || peak=$memory
}

ingest_limit() { # BACKEND JOBS
  local line
  settle
  if [ "$1" = sqlite ]; then
    rm -f "$work"/limit.db*
    line=$(run "$work/sqlite_limit" "$work/limit.db" "$2")
    rm -f "$work"/limit.db*
  else
    new_store postgresql copied >/dev/null
    # The limit makes its rows first, on /tmp.
    line=$(run Benchmarks/limits/pg_limit.sh "${POSTGRESQL_URL%/*}/copied" "$2")
  fi
  line=$(sed -n 's|.* \([0-9]*\) jobs/s.*|\1|p' <<<"$line")
  [ -n "$line" ] || { echo "bench: the limit on $1 gave no figure" >&2; return 1; }
  printf '%s|jobs|limit: rows as they are|%s|0\n' "$1" "$line" >>"$work/amqp.figures"
}

bench_ingest() {
  local jobs=${1:-100000} stored=${2:-5000000} rounds=3 round backend url drover peak=0 copies full
  build test
  cc -O2 -w -o "$work/sqlite_limit" Benchmarks/limits/sqlite_limit.c -lsqlite3
  note "making $jobs jobs for each of $rounds rounds"
  for ((round = 0; round <= rounds; round++)); do
    [ -s "$work/new-$jobs-$round.jsonl" ] || python3 Benchmarks/generate_jobs.py "$jobs" 0 "$round" >"$work/new-$jobs-$round.jsonl"
  done
  [ -s "$work/lives-$jobs.jsonl" ] || python3 Benchmarks/lifecycles.py "$work/new-$jobs-0.jsonl" >"$work/lives-$jobs.jsonl"
  printf '[{"exchange": "exchange/drover/ingest", "destinations": ["treeherder"], "projects": ["#"]}]\n' >"$work/ingest.json"
  start_broker
  start_postgresql
  : >"$work/amqp.figures"
  "$drover" listen --config "$work/ingest.json" --queue ingest --store discard: --until-empty >"$work/output" 2>&1
  copies=$((stored / jobs - 1))
  for backend in sqlite postgresql; do
    if [ $copies -gt 0 ]; then
      note "$backend: filling a store with $stored jobs"
      full=$(new_store $backend filled)
      ingest $backend '' "$full" "$work/new-$jobs-0.jsonl" "$jobs" "$jobs" "^$jobs stored,"
      python3 Benchmarks/multiply_store.py $backend "$jobs" $copies | run_sql $backend filled >/dev/null
    fi
    for ((round = 1; round <= rounds; round++)); do
      note "$backend, round $round of $rounds"
      ingest_limit $backend "$jobs"
      url=$(new_store $backend fresh)
      ingest $backend 'new, empty store' "$url" "$work/new-$jobs-$round.jsonl" "$jobs" "$jobs" "^$jobs stored,"
      if [ $copies -gt 0 ]; then
        ingest $backend "new, $stored stored" "$full" "$work/new-$jobs-$round.jsonl" "$jobs" "$jobs" "^$jobs stored,"
      fi
      ingest $backend 'known already' "$url" "$work/new-$jobs-$round.jsonl" "$jobs" "$jobs" ", $jobs duplicates"
      ingest $backend 'pending, running, completed' "$url" "$work/lives-$jobs.jsonl" "$jobs" $((3 * jobs)) \
        "^$((3 * jobs)) stored,"
    done
    rm -f "$work/filled.db"* "$work/fresh.db"*
  done

  printf '\n%s jobs of %s bytes from a full quorum queue, whole processes, medians of %s rounds\n' \
    "$jobs" "$(($(stat -c %s "$work/new-$jobs-1.jsonl") / jobs))" $rounds
  amqp_table jobs/s 'CPU us/job'
  printf '\npeak memory: %s KB\n' "$peak"
}
