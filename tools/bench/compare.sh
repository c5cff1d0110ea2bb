#!/usr/bin/env bash
# Measures the program beside what a user would pick, on the same files, and prints
# certificates/s, MB/s, processor time, peak memory and how many times ours that is.
# Needs go, g++, certinfo, certtool (gnutls-bin), jq, python3-cryptography; takes some
# ten minutes, most of it the peers'. What takes a process or a second for every few
# certificates is measured on a part, and says so.
#
#   tools/bench/compare.sh [BUILD [CORPUS]]
#
# BUILD is the release build, build/release; CORPUS a directory that is kept for the
# next run, if it is given. RUNS=5 is how often each is run; the best counts.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}
ours=$(realpath "$build/bin/meshcert")
runs=${RUNS:-5}
if [ $# -ge 2 ]; then
  work=$(realpath -m "$2")
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work"

# A config dump of some 80 MB: the sample with its cluster 30 000 times over.
make_config_dump() {
  awk -v copies=30000 '
    /"dynamic_active_clusters": \[/ { print; copying = 1; next }
    copying && /^            \]/ {
      for (i = 0; i < copies; i++) printf "%s%s", cluster, i + 1 < copies ? ",\n" : "\n"
      copying = 0
    }
    copying { cluster = cluster (cluster == "" ? "" : "\n") $0; next }
    { print }' certs/dumps/healthy-config-dump.json
}

make_corpus() {
  (cd tools/bench/corpus && go build -o "$work/corpus" main.go)
  [ -e "$work/secrets.json" ] || "$work/corpus" "$work" 100000
  [ -e "$work/config_dump.json" ] || make_config_dump >"$work/config_dump.json"
  if [ ! -d "$work/dumps" ]; then
    mkdir "$work/dumps"
    for i in $(seq 2000); do cp certs/dumps/healthy.json "$work/dumps/pod-$i.json"; done
  fi
  awk '/-----BEGIN/ { if (++n > 1000) exit } { print }' "$work/bundle.pem" >"$work/part.pem"
}

make_peers() {
  (cd tools/bench/peer && go build -o "$work/peer" main.go)
  g++ -O3 -std=c++20 -o "$work/simdjson_pass" tools/bench/simdjson_pass.cpp -lsimdjson
}

# measure COMMAND...: the best of some runs; sets wall and cpu (us) and peak (KB), see measure.py.
measure() { read -r wall cpu peak < <(python3 tools/bench/measure.py "$runs" "$@"); }

# row NAME CERTIFICATES BYTES COMMAND...: one line of the table. The first row of a
# table is what the others are compared with.
row() {
  local name=$1 certificates=$2 bytes=$3
  shift 3
  measure "$@"
  [ -n "$first" ] || first="$wall $cpu $certificates"
  awk -v name="$name" -v wall="$wall" -v cpu="$cpu" -v peak="$peak" -v n="$certificates" -v bytes="$bytes" \
    -v first="$first" 'BEGIN {
      split(first, base, " ")
      printf "%-44s %10.2f %9.2f %9.2f %9.0f %8.0f %7.1fx %7.1fx\n", name, wall / 1000, cpu / 1000, wall / n,
        bytes / wall, peak / 1000, wall / n / (base[1] / base[3]), cpu / n / (base[2] / base[3]) }'
}

table() {
  first=
  printf '\n%-44s %10s %9s %9s %9s %8s %8s %8s\n' "$1" "wall ms" "cpu ms" "us/cert" "MB/s" "peak MB" "wall" "cpu"
}

size() { stat -c %s "$1"; }
from_stdin() { "$ours" "$@" <"$input"; }
certinfo_files() { find "$work/bundle" -name '*.pem' -print0 | xargs -0 -n 20000 certinfo -expiry; }
per_secret() {
  jq -r '.items[:100][] | .data["tls.crt"]' "$work/first.json" | while read -r value; do
    base64 -d <<<"$value" | openssl x509 -noout -enddate -subject -fingerprint -sha256
  done
}
export ours work
export -f certinfo_files per_secret

bundle() {
  local bytes part
  bytes=$(size "$work/bundle.pem")
  part=$(size "$work/part.pem")
  table "one PEM bundle, 100 000 certificates"
  row "meshcert sweep -j 1 -o table" 100000 "$bytes" "$ours" sweep -j 1 "$work/bundle.pem"
  row "meshcert sweep -j 1 -o ndjson" 100000 "$bytes" "$ours" sweep -j 1 -o ndjson "$work/bundle.pem"
  row "meshcert sweep -j 2 -o table" 100000 "$bytes" "$ours" sweep -j 2 "$work/bundle.pem"
  row "meshcert sweep -j 2 -o ndjson" 100000 "$bytes" "$ours" sweep -j 2 -o ndjson "$work/bundle.pem"
  row "Go crypto/x509, 1 goroutine" 100000 "$bytes" env GOMAXPROCS=1 "$work/peer" -j 1 "$work/bundle.pem"
  row "Go crypto/x509, 2 goroutines" 100000 "$bytes" env GOMAXPROCS=2 "$work/peer" -j 2 "$work/bundle.pem"
  row "certinfo -expiry" 100000 "$bytes" certinfo -expiry "$work/bundle.pem"
  runs=1
  row "python3-cryptography" 100000 "$bytes" python3 tools/bench/fields.py "$work/bundle.pem"
  row "openssl storeutl -text (1000 of them)" 1000 "$part" openssl storeutl -noout -text "$work/part.pem"
  row "certtool -i (1000 of them)" 1000 "$part" certtool -i --infile "$work/part.pem"
  runs=${RUNS:-5}
}

files() {
  local bytes
  bytes=$(size "$work/bundle.pem")
  table "100 000 PEM files"
  row "meshcert sweep -j 1 -o table" 100000 "$bytes" "$ours" sweep -j 1 "$work/bundle"
  row "meshcert sweep -j 2 -o table" 100000 "$bytes" "$ours" sweep -j 2 "$work/bundle"
  row "Go, 1 goroutine" 100000 "$bytes" env GOMAXPROCS=1 "$work/peer" -j 1 "$work/bundle"
  row "certinfo -expiry (xargs -n 20000)" 100000 "$bytes" bash -c certinfo_files
}

secrets() {
  local bytes
  input=$work/secrets.json
  bytes=$(size "$input")
  "$ours" sweep "$input" -o json >/dev/null || true
  python3 -c 'import json, sys
decoder = json.JSONDecoder()
text = open(sys.argv[1]).read(4000000)
at, items = text.index("[") + 1, []
while len(items) < 100:
    at = text.index("{", at)
    item, at = decoder.raw_decode(text, at)
    items.append(item)
json.dump({"items": items}, open(sys.argv[2], "w"))' "$input" "$work/first.json"
  table "List of 100 000 Secrets in JSON"
  row "meshcert sweep -j 2 -o table" 180000 "$bytes" "$ours" sweep -j 2 "$input"
  row "meshcert sweep -j 1 -o table" 180000 "$bytes" "$ours" sweep -j 1 "$input"
  row "meshcert sweep -j 2 -o table, from stdin" 180000 "$bytes" bash -c '"$ours" sweep -j 2 <"$work/secrets.json"'
  runs=1
  row "Go, streamed into structs, 1 goroutine" 180000 "$bytes" env GOMAXPROCS=1 "$work/peer" -j 1 "$input"
  row "Go, streamed, 2 goroutines" 180000 "$bytes" env GOMAXPROCS=2 "$work/peer" -j 2 "$input"
  row "jq | base64 -d | openssl x509 (100 of them)" 100 0 bash -c per_secret
  runs=${RUNS:-5}
  echo "simdjson's bare pass over the octets in memory: $("$work/simdjson_pass" "$input") ms"
}

dumps() {
  local bytes
  bytes=$(size "$work/config_dump.json")
  input=$work/config_dump.json
  table "config dump of $((bytes / 1000000)) MB, 3 secrets"
  row "meshcert inspect -o table" 4 "$bytes" "$ours" inspect "$input"
  row "meshcert inspect -o table, from stdin" 4 "$bytes" bash -c '"$ours" inspect <"$work/config_dump.json"'
  row "Go, decoded into structs" 4 "$bytes" env GOMAXPROCS=2 "$work/peer" "$input"
  echo "simdjson's bare pass over the octets in memory: $("$work/simdjson_pass" "$input") ms"
  bytes=$(($(size certs/dumps/healthy.json) * 2000))
  table "2 000 dumps of istioctl proxy-config secret"
  row "meshcert sweep -j 1 -o table" 4000 "$bytes" "$ours" sweep -j 1 "$work/dumps"
  row "meshcert inspect -o table" 4000 "$bytes" "$ours" inspect "$work/dumps"
  row "Go, decoded into structs, 1 goroutine" 4000 "$bytes" env GOMAXPROCS=1 "$work/peer" -j 1 "$work/dumps"
}

# Many processes, one after the other.
many() {
  local i
  for i in $(seq 100); do "$@" >/dev/null 2>&1 || true; done
}
export -f many

startup() {
  local one=certs/workload/healthy-chain.pem
  table "start-up: 100 processes, one PEM file"
  row "meshcert inspect" 100 0 bash -c "many '$ours' inspect $one"
  row "meshcert --version" 100 0 bash -c "many '$ours' --version"
  row "certinfo" 100 0 bash -c "many certinfo $one"
  row "openssl x509" 100 0 bash -c "many openssl x509 -in $one -noout -enddate"
}

make_corpus
make_peers
echo "$("$ours" --version), $(g++ -dumpfullversion), $(go version | cut -d' ' -f3), $(openssl version | cut -d' ' -f1,2), $(nproc) processors; load $(cut -d' ' -f1 /proc/loadavg)"
for part in ${PARTS:-bundle files secrets dumps startup}; do "$part"; done
