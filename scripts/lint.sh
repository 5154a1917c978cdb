#!/usr/bin/env bash
# Formatting and clang-tidy over the project's own files.
# usage: scripts/lint.sh [--fix | --format | --since COMMIT | --latest NUMBER]
#   --fix     formats the files
#   --format  only checks the format
#   --since   runs clang-tidy only on what was changed since that commit, the working tree's changes among it
#   --latest  runs clang-tidy only on so many sources: those that were changed last
set -euo pipefail
cd "$(dirname "$0")/.."
fail() {
  echo "lint: $*" >&2
  exit 1
}
for tool in clang-format clang-tidy; do
  command -v $tool >/dev/null || fail "$tool is missing; scripts/setup.sh --lint installs it"
done

mapfile -t files < <(find conceptune cli tests bench examples -name '*.cpp' -o -name '*.h' -o -name '*.inl')
if [[ ${1:-} == --fix ]]; then
  clang-format -i "${files[@]}"
  exit
fi
clang-format --dry-run --Werror "${files[@]}"
[[ ${1:-} == --format ]] && exit

# git refuses the checkout of another user, which a build machine's may be, unless it is named.
git_here() { git -c safe.directory="$PWD" "$@"; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case ${1:-} in
  "") changed=() ;;
  --since)
    [[ $# -eq 2 ]] || fail "--since expects a commit"
    git_here rev-parse --quiet --verify "$2^{commit}" >/dev/null || fail "there is no commit $2 here"
    git_here diff --name-only "$2" -- conceptune cli >"$work/changed"
    changed=("$work/changed") ;;
  --latest)
    [[ ${2:-} =~ ^[0-9]+$ ]] || fail "--latest expects a number"
    # Newest first. A merge brought what it merged; the oldest commit of a shallow clone brought all that is there.
    if git_here rev-parse --quiet --verify HEAD >/dev/null 2>&1; then
      git_here diff --name-only HEAD -- conceptune cli >"$work/changed"
      git_here log -m --first-parent --format= --name-only -- conceptune cli >>"$work/changed"
    else
      echo "lint: there is no history here; any are taken"
      find conceptune cli -type f | sort >"$work/changed"
    fi
    changed=("$work/changed" "$2") ;;
  *) fail "expected --fix, --format, --since COMMIT or --latest NUMBER, found $1" ;;
esac
[[ -f build/compile_commands.json ]] || fail "build/compile_commands.json is missing; cmake --preset release writes it"
scripts/lint_commands.py build/compile_commands.json "$work/compile_commands.json" "${changed[@]}" >"$work/sources"
echo "lint: clang-tidy on $(wc -l <"$work/sources") sources"
xargs --no-run-if-empty --max-procs="$(nproc)" --max-args=4 clang-tidy --quiet -p "$work" <"$work/sources"
