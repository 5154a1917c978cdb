#!/usr/bin/env bash
# Formatting and clang-tidy over the project's own files. usage: scripts/lint.sh [--fix]
set -euo pipefail
cd "$(dirname "$0")/.."
command -v clang-format clang-tidy >/dev/null || {
  echo "lint: needs the packages clang-format and clang-tidy" >&2
  exit 1
}
mapfile -t files < <(git ls-files '*.cpp' '*.h')
if [[ ${1:-} == --fix ]]; then
  clang-format -i "${files[@]}"
  exit
fi
clang-format --dry-run --Werror "${files[@]}"

database=$(mktemp -d)
trap 'rm -rf "$database"' EXIT
scripts/lint_commands.py build/compile_commands.json "$database/compile_commands.json" |
  xargs --max-procs="$(nproc)" --max-args=4 clang-tidy --quiet -p "$database"
