# The HTTP interface: reading under load, reading whole pushes, and submitting; sourced by scripts/bench.

server='' server_url='' secret=''

# Starts a server over a store of SQLite, with a client that may submit to orchard.
start_server() { # NAME
  local store=sqlite:$PWD/$work/$1.db
  secret=$("$drover" credentials create bench --project orchard --store "$store" 2>"$work/output") || cat "$work/output" >&2
  [ -n "$secret" ]
  # Emptied here, or the address of the server before could be read.
  : >"$work/server.log"
  "$drover" serve --store "$store" --address 127.0.0.1:0 --rate-limit 0 2>>"$work/server.log" &
  server=$!
  local deadline=$((SECONDS + 20))
  until server_url=$(sed -n 's|.*\(http://[0-9.:]*\)/.*|\1|p' "$work/server.log") && [ -n "$server_url" ]; do
    [ $SECONDS -lt $deadline ] && kill -0 "$server" || { cat "$work/server.log" >&2; return 1; }
    sleep 0.1
  done
}

stop_server() {
  [ -n "$server" ] || return 0
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=''
}

submit() { # resultset|jobs FILE
  DROVER_CLIENT_ID=bench DROVER_CLIENT_SECRET=$secret "$drover" submit "$1" "$2" --server "$server_url" --project orchard
}

# The server's CPU time so far, in milliseconds.
server_cpu() { awk -v tick="$(getconf CLK_TCK)" '{ printf "%d", ($14 + $15) * 1000 / tick }' "/proc/$server/stat"; }

# Has wrk ask for a path; what it measured goes into $requests, and in microseconds into $duration, $middle and $high.
ask() { # CONNECTIONS PATH
  local failed
  run wrk -t1 -c"$1" -d"${http_seconds}s" -s Benchmarks/wrk.lua "$server_url$2" >"$work/output" 2>&1 ||
    { cat "$work/output" >&2; return 1; }
  read -r requests duration middle high failed < <(sed -n 's/^figures //p' "$work/output")
  [ "$failed" = 0 ] || { echo "bench: $failed requests for $2 failed" >&2; return 1; }
}

# Asks for a path from many connections and keeps the figures.
load() { # NAME PATH
  ask 32 "$2"
  printf 'load|%s|%s|%s|%s\n' "$1" "$((requests * 1000000 / duration))" "$middle" "$high" >>"$work/http.figures"
}

# Asks for a path one request at a time, and keeps what that costs the server for each hundred jobs.
cost() { # NAME PATH JOBS
  local before
  before=$(server_cpu)
  ask 1 "$2"
  awk -v name="$1" -v spent="$(($(server_cpu) - before))" -v requests="$requests" -v jobs="$3" \
    'BEGIN { printf "read|%s|%.4f\n", name, spent / requests / jobs * 100 }' >>"$work/http.figures"
}

# What the sqlite3 program spends on the same jobs with the tables that their names come from, written as lists.
read_limit() { # PUSH JOBS
  local count=40 elapsed cpu number
  for ((number = 0; number < count; number++)); do
    echo "select job.*, signature.hash, job_type.symbol, job_type.name, job_group.symbol, build_system.name, job_group_name.name,
      machine.name, build_platform.os, build_platform.platform, build_platform.architecture, machine_platform.os,
      machine_platform.platform, machine_platform.architecture, option_collection.hash, option_collection.options
      from job join signature on signature.id = signature_id join job_type on job_type.id = job_type_id
      join job_group on job_group.id = job_group_id join build_system on build_system.id = build_system_id
      left join job_group_name on job_group_name.id = job_group_name_id left join machine on machine.id = machine_id
      left join platform build_platform on build_platform.id = build_platform_id
      left join platform machine_platform on machine_platform.id = machine_platform_id
      left join option_collection on option_collection.id = option_collection_id
      where push_id = $1 order by job.id limit $2;"
  done >"$work/read.sql"
  measure sqlite3 "$work/http.db" ".read $work/read.sql"
  awk -v cpu="$cpu" -v count="$count" -v jobs="$2" \
    'BEGIN { printf "read|limit: the sqlite3 program, rows as text|%.4f\n", cpu * 1000 / count / jobs * 100 }' >>"$work/http.figures"
}

# Keeps what was measured: the whole process, and what of it is not start and end, which it has with one job too.
submission_figures() { # NAME JOBS ELAPSED_WITH_ONE CPU_MILLISECONDS
  awk -v name="$1" -v jobs="$2" -v seconds="$elapsed" -v one="$3" -v cpu="$4" 'BEGIN {
    printf "submit|%s|%.1f|%.2f\n", name, jobs / seconds, cpu / jobs * 1e3
    printf "submit less start and end|%s|%.1f|%.2f\n", name, (jobs - 1) / (seconds - one), cpu / jobs * 1e3 }' >>"$work/http.figures"
}

# The same jobs by two ways into stores of their own: as messages from a full classic queue, and as signed submissions.
submission_round() { # JOBS ROUND
  local elapsed cpu one jobs=$1 messages=$work/new-$1-$2.jsonl submissions=$work/submitted-$1-$2.jsonl before
  local listen=("$drover" listen --config "$work/http.json" --queue http --queue-type classic
    --store "sqlite:$PWD/$work/fresh.db" --until-empty)
  new_store sqlite fresh >/dev/null
  head -n 1 "$messages" >"$work/one.jsonl"
  "$drover" publish --exchange exchange/drover/http --destination treeherder "$work/one.jsonl" >"$work/output" 2>&1
  measure "${listen[@]}"; expect '1 stored,'
  one=$elapsed
  tail -n +2 "$messages" >"$work/others.jsonl"
  "$drover" publish --exchange exchange/drover/http --destination treeherder "$work/others.jsonl" >"$work/output" 2>&1
  settle
  measure "${listen[@]}"; expect "$((jobs - 1)) stored,"
  submission_figures 'drover listen, from a full queue' "$jobs" "$one" "$(awk "BEGIN { print $cpu * 1000 }")"

  stop_server
  new_store sqlite submitted >/dev/null
  start_server submitted
  head -n 1 "$submissions" >"$work/one.jsonl"
  measure submit jobs "$work/one.jsonl"; expect '1 submitted,'
  one=$elapsed
  tail -n +2 "$submissions" >"$work/others.jsonl"
  settle
  before=$(server_cpu)
  measure submit jobs "$work/others.jsonl"; expect "$((jobs - 1)) submitted,"
  submission_figures 'drover submit jobs, signed, 500 a request' "$jobs" "$one" "$(($(server_cpu) - before))"
  stop_server
}

# Requests while a listener takes messages out of a full queue into the same file.
load_while_ingesting() { # FILE JOBS ROUND
  local listener before
  "$drover" publish --exchange exchange/drover/http --destination treeherder "$1" >"$work/output" 2>&1
  expect "$2 published,"
  settle
  "$drover" listen --config "$work/http.json" --queue http --queue-type classic --store "sqlite:$PWD/$work/http.db" \
    2>"$work/listen.log" &
  listener=$!
  before=$(sqlite3 "$work/http.db" 'select count(*) from job')
  # Until it is at work.
  until [ "$(sqlite3 "$work/http.db" 'select count(*) from job')" != "$before" ]; do sleep 0.05; done
  before=$(sqlite3 "$work/http.db" 'select count(*) from job')
  load 'page of 10 pushes, while jobs are ingested' "$page"
  local stored=$(($(sqlite3 "$work/http.db" 'select count(*) from job') - before))
  printf 'load|(jobs ingested meanwhile)|%s|0|0\n' "$((stored / http_seconds))" >>"$work/http.figures"
  kill "$listener"
  wait "$listener" || true
  [ "$stored" -lt "$2" ] || { echo 'bench: the queue was too short' >&2; return 1; }
  scripts/private-broker control "$broker" purge_queue queue/drover/http >"$work/output" 2>&1 || true
}

http_table() {
  awk -F '|' '
    function median(text,   values, count, i, j, value) {
      count = split(text, values, " ")
      for (i = 2; i <= count; i++) {
        value = values[i]
        for (j = i - 1; j > 0 && values[j] + 0 > value + 0; j--) values[j + 1] = values[j]
        values[j + 1] = value
      }
      return values[int((count + 1) / 2)]
    }
    {
      if (!(($1, $2) in first)) { first[$1, $2] = 1; names[$1] = names[$1] "|" $2 }
      for (i = 3; i <= NF; i++) { figures[$1, $2, i] = figures[$1, $2, i] " " $i }
    }
    END {
      printf "\n%-46s %11s %11s %11s %11s %8s\n", "32 connections", "requests/s", "median ms", "p99 ms", "p99/median", "rate x"
      count = split(substr(names["load"], 2), list, "|")
      for (i = 1; i <= count; i++) {
        rate = median(figures["load", list[i], 3]); middle = median(figures["load", list[i], 4]); high = median(figures["load", list[i], 5])
        if (middle > 0) printf "  %-44s %11.0f %11.2f %11.2f %11.1f %8.2f\n", list[i], rate, middle / 1e3, high / 1e3, high / middle, rate / median(figures["load", list[1], 3])
        else printf "  %-44s %11.0f\n", list[i], rate
      }
      printf "\n%-46s %23s %8s\n", "reading the jobs of a push", "CPU ms per 100 jobs", "CPU x"
      count = split(substr(names["read"], 2), list, "|")
      for (i = 1; i <= count; i++) {
        cpu = median(figures["read", list[i], 3])
        printf "  %-44s %23.3f %8.2f\n", list[i], cpu, cpu / median(figures["read", list[1], 3])
      }
      printf "\n%-46s %11s %11s %8s\n", "new jobs into an empty store", "jobs/s", "CPU us/job", "rate x"
      for (part = 1; part <= 2; part++) {
        group = part == 1 ? "submit" : "submit less start and end"
        count = split(substr(names[group], 2), list, "|")
        for (i = 1; i <= count; i++) {
          rate = median(figures[group, list[i], 3])
          printf "  %-44s %11.0f %11.2f %8.2f\n", list[i] (part == 2 ? " *" : ""), rate, median(figures[group, list[i], 4]), rate / median(figures[group, list[1], 3])
        }
      }
      print "  * less start and end of the process, which it has with one job too; CPU is the listener\047s, and the server\047s"
    }' "$work/http.figures"
}

bench_http() {
  local pushes=${1:-500} jobs=${2:-100000} rounds=3 round drover push per_push requests duration middle high ingested=200000 submitted=10000
  local http_seconds=8 page='/api/project/orchard/resultset/?count=10'
  build bench
  note "making $jobs jobs to fill the store, and others"
  for round in 0 1 2 3; do
    [ -s "$work/new-$submitted-$round.jsonl" ] || python3 Benchmarks/generate_jobs.py $submitted 0 "$round" >"$work/new-$submitted-$round.jsonl"
    [ -s "$work/submitted-$submitted-$round.jsonl" ] ||
      python3 Benchmarks/submissions.py jobs "$work/new-$submitted-$round.jsonl" >"$work/submitted-$submitted-$round.jsonl"
    [ -s "$work/new-$ingested-$round.jsonl" ] || python3 Benchmarks/generate_jobs.py $ingested 0 "10$round" >"$work/new-$ingested-$round.jsonl"
  done
  [ -s "$work/new-$jobs-0.jsonl" ] || python3 Benchmarks/generate_jobs.py "$jobs" 0 0 >"$work/new-$jobs-0.jsonl"
  [ -s "$work/submitted-$jobs-0.jsonl" ] ||
    python3 Benchmarks/submissions.py jobs "$work/new-$jobs-0.jsonl" >"$work/submitted-$jobs-0.jsonl"
  python3 Benchmarks/submissions.py resultset "$work/new-$jobs-0.jsonl" "$pushes" >"$work/pushes.jsonl"
  printf '[{"exchange": "exchange/drover/http", "destinations": ["treeherder"], "projects": ["#"]}]\n' >"$work/http.json"
  start_broker
  : >"$work/http.figures"
  run "$drover" listen --config "$work/http.json" --queue http --queue-type classic --store discard: --until-empty >"$work/output" 2>&1

  for ((round = 1; round <= rounds; round++)); do
    note "round $round of $rounds: submitting"
    submission_round $submitted "$round"
  done

  note "filling a store with $pushes pushes and $jobs jobs"
  new_store sqlite http >/dev/null
  start_server http
  submit resultset "$work/pushes.jsonl" >"$work/output" 2>&1; expect "$pushes submitted,"
  submit jobs "$work/submitted-$jobs-0.jsonl" >"$work/output" 2>&1; expect "$jobs submitted,"
  read -r push per_push < <(sqlite3 -separator ' ' "$work/http.db" \
    'select push_id, count(*) from job group by push_id order by count(*) desc, push_id limit 1')
  [ "$per_push" -le 2000 ] || per_push=2000
  for ((round = 1; round <= rounds; round++)); do
    note "round $round of $rounds: reading"
    load 'limit: /health/live, which reads nothing' /health/live
    load 'page of 10 pushes' "$page"
    read_limit "$push" "$per_push"
    cost "a push's $per_push jobs as objects" "/api/project/orchard/jobs/?result_set_id=$push&count=2000" "$per_push"
    cost "a push's $per_push jobs as lists" "/api/project/orchard/jobs/?result_set_id=$push&count=2000&return_type=list" "$per_push"
    note "round $round of $rounds: reading while jobs are ingested"
    load_while_ingesting "$work/new-$ingested-$round.jsonl" $ingested
  done
  stop_server
  rm -f "$work"/{http,fresh,submitted}.db*
  printf '\n%s pushes, %s jobs, on two cores that wrk, RabbitMQ and the listener share with the server; medians of %s rounds\n' \
    "$pushes" "$jobs" $rounds
  http_table
}
