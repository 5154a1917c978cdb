#!/usr/bin/env bash
# Installs the packages of Debian 12 and 13 that the build, the tests and the quickstart need. Does nothing, and asks
# for no password, when they are all there. Without root it goes on where only what is good to have is missing, and says
# what to ask an administrator for. Elsewhere it says what is needed, and leaves the rest to CMake. With --lint, also those
# of scripts/lint.sh and the browser that tests the pages; with --package, those of make package.
# usage: scripts/setup.sh [--lint | --package]
set -euo pipefail
[[ $# -eq 0 || "$*" == --lint || "$*" == --package ]] ||
  { echo "setup: expected nothing, --lint or --package, found $*" >&2; exit 1; }

build_packages=(
  g++ make cmake ninja-build pkg-config
  libopenblas0-pthread libdnnl-dev libgloo-dev
  libfmt-dev nlohmann-json3-dev libsimdjson-dev libcli11-dev libtomlplusplus-dev
  libssl-dev zlib1g-dev libzstd-dev libarchive-dev libsqlite3-dev libpcre2-dev libutf8proc-dev
  libcurl4-openssl-dev
)
test_packages=(libgtest-dev libgmock-dev libbenchmark-dev binutils)
# Without them: slower builds, no figures, no downloads (inputs that are there already are taken), fewer tests.
good_to_have=(ccache gnuplot-nox wordnet-base python3 python3-pip ca-certificates)
needed=("${build_packages[@]}" "${test_packages[@]}")
[[ ${1:-} == --lint ]] && needed+=(clang-format clang-tidy libomp-dev git chromium)
[[ ${1:-} == --package ]] && needed+=(dpkg-dev)

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  cat >&2 <<'NEEDED'
setup: this system does not install with apt-get, so nothing was installed. Needed are
  to build: a compiler for C++20, CMake 3.25, Ninja, pkg-config, ccache (may be absent)
  libraries with headers: oneDNN (2 or 3), OpenBLAS, Gloo, fmt, nlohmann-json, simdjson, CLI11, toml++, OpenSSL, zlib,
    zstd, libarchive, SQLite, PCRE2 (8 bits), utf8proc, libcurl
  to test: GoogleTest with gmock, Google Benchmark, binutils
  to run the quickstart: gnuplot, WordNet 3.0's files, Python 3 with pip, CA certificates
CMake names the first library that it does not find.
NEEDED
  exit 0
fi

# Of the packages named, those that are not installed.
missing_of() {
  local package status
  for package in "$@"; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [[ $status == installed ]] || echo "$package"
  done
}
mapfile -t missing < <(missing_of "${needed[@]}")
mapfile -t wished < <(missing_of "${good_to_have[@]}")
wanted=("${missing[@]}" "${wished[@]}")
[[ ${#wanted[@]} -eq 0 ]] && exit 0

give_up() {
  echo "setup: $1; an administrator installs what is missing by: apt-get install ${wanted[*]}" >&2
  [[ ${#missing[@]} -eq 0 ]] || exit 1
  echo "setup: going on without ${wished[*]}" >&2
  exit 0
}

as_root=()
if [[ $(id -u) -ne 0 ]]; then
  command -v sudo >/dev/null || give_up "neither root nor sudo"
  as_root=(sudo)
fi
# sudo keeps no proxy variables.
proxies=()
for name in http_proxy https_proxy no_proxy; do
  [[ -z ${!name:-} ]] || proxies+=("$name=${!name}")
done
install_all() {
  "${as_root[@]}" env "${proxies[@]}" apt-get update -q &&
    "${as_root[@]}" env "${proxies[@]}" DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -q --no-install-recommends "${wanted[@]}"
}
echo "setup: installing ${wanted[*]}"
install_all || give_up "they cannot be installed"
