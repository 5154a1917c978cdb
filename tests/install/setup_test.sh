#!/usr/bin/env bash
# scripts/setup.sh as a user without root: programs of the system are played by small scripts.
# usage: setup_test.sh SETUP_SCRIPT
set -euo pipefail
setup=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
play() { printf '#!/bin/bash\n%s\n' "$2" >"$folder/$1" && chmod +x "$folder/$1"; }
play id 'echo 1000'
play apt-get 'exit 0'
# shellcheck disable=SC2016  # they are expanded in the script
play dpkg-query '[[ " $MISSING " == *" ${*: -1} "* ]] || echo -n installed'
play sudo 'echo "sudo $*"; [[ $SUDO == works ]]'

failures=0
# expect STATUS TEXT MISSING SUDO
expect() {
  local status=0 output
  output=$(MISSING=$3 SUDO=$4 https_proxy=http://proxy:1 PATH="$folder:$PATH" bash "$setup" 2>&1) || status=$?
  if [[ $status -ne $1 || $output != *"$2"* ]]; then
    echo "missing '$3', sudo $4: status $status, expected $1; expected '$2' in: $output"
    failures=$((failures + 1))
  fi
}
expect 0 "" "" refuses
expect 0 "going on without ccache gnuplot-nox" "ccache gnuplot-nox" refuses
expect 1 "an administrator installs what is missing by: apt-get install cmake ccache" "ccache cmake" refuses
expect 0 "sudo env https_proxy=http://proxy:1 apt-get update" "cmake" works
exit $((failures > 0))
