#!/usr/bin/env bash
# Measures the sweep of a large List of Secrets in YAML against libyaml's own pass
# over it. Needs g++ and libyaml; takes a few minutes and 600 MB of disk.
#
#   tools/bench/kubernetes.sh [BUILD [COUNT]]     BUILD: the release build, build/release; COUNT: 100000
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}
count=${2:-100000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The gateway's Secret of the sample, COUNT times over under names of their own.
make_list() {
  awk -v count="$count" '
    /^- / { copying = !done && /^- apiVersion/; if (item != "") { done = 1; copying = 0 } }
    /^kind: List/ { copying = 0 }
    copying { item = item $0 "\n"; next }
    item == "" { print }
    END {
      for (i = 0; i < count; i++) { one = item; sub(/name: shop-cert/, "name: shop-cert-" i, one); printf "%s", one }
      print "kind: List"; print "metadata:"; print "  resourceVersion: \"\""
    }' certs/kubernetes/healthy-gateway.yaml
}

# CPU seconds and kB resident of a command, the best of three.
measure() {
  for _ in 1 2 3; do
    /usr/bin/time -f '%U %S %M' "$@" 2>&1 >/dev/null | tail -1 | awk '{ print $1 + $2, $3 }'
  done | sort -n | head -1
}

make_list >"$work/secrets.yaml"
g++ -O2 -std=c++20 -o "$work/yaml_pass" tools/bench/yaml_pass.cpp -lyaml
raw=$("$work/yaml_pass" "$work/secrets.yaml")
echo "$count Secrets, $(($(stat -c %s "$work/secrets.yaml") / 1000000)) MB; libyaml's events alone: $raw ms"
for verb in sweep inspect; do
  read -r seconds memory < <(measure "$build/bin/meshcert" "$verb" --at 2024-01-01T06:00:00Z -j1 "$work/secrets.yaml")
  awk -v verb="$verb" -v s="$seconds" -v m="$memory" -v raw="$raw" \
    'BEGIN { printf "%s: %.0f ms, %.0f %% of that rate, %d kB resident\n", verb, s * 1000, raw / s / 10, m }'
done
