#!/usr/bin/env bash
# Measures the program against its peers on large dumps made here: a Go program
# that decodes into typed structs, and simdjson's own pass over the same octets.
# Needs go and g++; takes a few minutes.
#
#   tools/bench/compare.sh [BUILD]     BUILD: the release build, build/release
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A config dump of some 80 MB: the sample with its cluster 20 000 times over.
make_config_dump() {
  awk -v copies=20000 '
    /"dynamic_active_clusters": \[/ { print; copying = 1; next }
    copying && /^            \]/ {
      for (i = 0; i < copies; i++) printf "%s%s", cluster, i + 1 < copies ? ",\n" : "\n"
      copying = 0
    }
    copying { cluster = cluster (cluster == "" ? "" : "\n") $0; next }
    { print }' certs/dumps/healthy-config-dump.json
}

# The best of five runs, in milliseconds of the wall clock.
best() {
  local best=999999 begin end taken
  for _ in 1 2 3 4 5; do
    begin=$(date +%s%N)
    "$@" >/dev/null 2>&1 || true
    end=$(date +%s%N)
    taken=$(((end - begin) / 10000))
    if [ "$taken" -lt "$best" ]; then best=$taken; fi
  done
  printf '%d.%02d' $((best / 100)) $((best % 100))
}

# How many times the second is the first.
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", b / a }'; }

from_stdin() { "$build/bin/meshcert" inspect <"$work/config_dump.json"; }

make_config_dump >"$work/config_dump.json"
mkdir "$work/dumps"
for i in $(seq 2000); do cp certs/dumps/healthy.json "$work/dumps/pod-$i.json"; done
(cd tools/bench/peer && go build -o "$work/peer" main.go)
g++ -O3 -std=c++20 -o "$work/simdjson_pass" tools/bench/simdjson_pass.cpp -lsimdjson

large=$work/config_dump.json
ours=$(best "$build/bin/meshcert" inspect "$large")
piped=$(best from_stdin)
go=$(best "$work/peer" "$large")
pass=$("$work/simdjson_pass" "$large")
memory=$({ /usr/bin/time -f %M "$build/bin/meshcert" inspect "$large" >/dev/null || true; } 2>&1 | tail -1)
echo "config dump of $(($(stat -c %s "$large") / 1000000)) MB: $ours ms, from stdin $piped ms, $memory kB resident"
echo "  Go $go ms: $(ratio "$ours" "$go") times ours; simdjson's pass $pass ms: ours is $(ratio "$pass" "$ours") times that"

ours=$(best "$build/bin/meshcert" inspect "$work/dumps")
go=$(best "$work/peer" "$work/dumps")
echo "2000 istioctl dumps: $ours ms; Go $go ms, $(ratio "$ours" "$go") times ours"
