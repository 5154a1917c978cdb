#!/usr/bin/env bash
# Runs every benchmark that was built, one after the other, and keeps what each printed in build/bench/.
# usage: bench/run.sh [NAME...]     e.g. bench/run.sh kernels forward
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/bench
if [[ $# -gt 0 ]]; then programs=("${@/#/build/bench_}"); else programs=(build/bench_*); fi
for program in "${programs[@]}"; do
  [[ -x $program && -f $program ]] || { echo "bench: $program is not built" >&2; exit 1; }
  echo "== ${program#build/}"
  "$program" | tee "build/bench/${program##*/bench_}.txt"
done
