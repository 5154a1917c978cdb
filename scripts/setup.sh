#!/usr/bin/env bash
# Installs the packages of Debian 12 and 13 that the build, the tests and the quickstart need. Does nothing, and asks
# for no password, when they are all there. Elsewhere it says what is needed, and leaves the rest to CMake. With --lint,
# also those of scripts/lint.sh; with --package, those of make package. usage: scripts/setup.sh [--lint | --package]
set -euo pipefail
[[ $# -eq 0 || "$*" == --lint || "$*" == --package ]] ||
  { echo "setup: expected nothing, --lint or --package, found $*" >&2; exit 1; }

build_packages=(
  g++ make cmake ninja-build ccache pkg-config
  libopenblas0-pthread libdnnl-dev libgloo-dev
  libfmt-dev nlohmann-json3-dev libsimdjson-dev libcli11-dev libtomlplusplus-dev
  libssl-dev zlib1g-dev libzstd-dev libarchive-dev libsqlite3-dev libpcre2-dev libutf8proc-dev
  libcurl4-openssl-dev
)
test_packages=(libgtest-dev libgmock-dev libbenchmark-dev binutils)
run_packages=(gnuplot-nox wordnet-base python3 python3-pip unzip ca-certificates)
wanted=("${build_packages[@]}" "${test_packages[@]}" "${run_packages[@]}")
[[ ${1:-} == --lint ]] && wanted+=(clang-format clang-tidy libomp-dev git)
[[ ${1:-} == --package ]] && wanted+=(dpkg-dev)

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  cat >&2 <<'NEEDED'
setup: this system does not install with apt-get, so nothing was installed. Needed are
  to build: a compiler for C++20, CMake 3.25, Ninja, pkg-config, ccache (may be absent)
  libraries with headers: oneDNN (2 or 3), OpenBLAS, Gloo, fmt, nlohmann-json, simdjson, CLI11, toml++, OpenSSL, zlib,
    zstd, libarchive, SQLite, PCRE2 (8 bits), utf8proc, libcurl
  to test: GoogleTest with gmock, Google Benchmark, binutils
  to run the quickstart: gnuplot, WordNet 3.0's files, Python 3 with pip, unzip, CA certificates
CMake names the first library that it does not find.
NEEDED
  exit 0
fi

missing=()
for package in "${wanted[@]}"; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [[ $status == installed ]] || missing+=("$package")
done
[[ ${#missing[@]} -eq 0 ]] && exit 0

as_root=()
if [[ $(id -u) -ne 0 ]]; then
  command -v sudo >/dev/null || { echo "setup: root or sudo is needed to install: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "setup: installing ${missing[*]}"
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
