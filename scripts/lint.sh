#!/usr/bin/env bash
# Formatting and clang-tidy over the project's own files.
# usage: scripts/lint.sh [--fix | --format | --since COMMIT]
#   --fix: format the files; --format: only check the format; --since: clang-tidy on what changed since then
set -euo pipefail
cd "$(dirname "$0")/.."
command -v clang-format clang-tidy >/dev/null || {
  echo "lint: needs the packages clang-format and clang-tidy" >&2
  exit 1
}
mapfile -t files < <(git ls-files '*.cpp' '*.h' '*.inl')
if [[ ${1:-} == --fix ]]; then
  clang-format -i "${files[@]}"
  exit
fi
clang-format --dry-run --Werror "${files[@]}"
[[ ${1:-} == --format ]] && exit

database=$(mktemp -d)
trap 'rm -rf "$database"' EXIT
scripts/lint_commands.py build/compile_commands.json "$database/compile_commands.json" >"$database/files"
if [[ ${1:-} == --since ]]; then
  git diff --name-only --diff-filter=d "$2" -- '*.cpp' | grep -Fxf - "$database/files" >"$database/changed" || true
  mv "$database/changed" "$database/files"
fi
xargs --no-run-if-empty --max-procs="$(nproc)" --max-args=4 clang-tidy --quiet -p "$database" <"$database/files"
