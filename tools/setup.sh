#!/usr/bin/env bash
# Installs the Debian or Ubuntu packages that the build needs. Safe to run again:
# what is installed already is not asked for again.
#
#   tools/setup.sh            what the build and the tests need
#   tools/setup.sh --format   and clang-format, for tools/check-format.sh
#   tools/setup.sh --tools    and clang, clang-tidy and the fuzzers' run time
set -euo pipefail

packages=(
  cmake ninja-build g++ pkg-config
  libssl-dev libcli11-dev nlohmann-json3-dev libfmt-dev libexpected-dev
  libsimdjson-dev libyaml-dev libre2-dev libarchive-dev zlib1g-dev
  doctest-dev libbenchmark-dev xz-utils
)

for argument in "$@"; do
  case $argument in
    --format) packages+=(clang-format) ;;
    --tools) packages+=(clang clang-format clang-tidy libclang-rt-dev) ;;
    *) echo "usage: tools/setup.sh [--format] [--tools]" >&2; exit 2 ;;
  esac
done

installed() { dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

missing=()
for package in "${packages[@]}"; do
  installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "setup: everything is installed"
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
export DEBIAN_FRONTEND=noninteractive
echo "setup: installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND="$DEBIAN_FRONTEND" apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null
