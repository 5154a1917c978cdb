#!/usr/bin/env python3
"""Writes the compile commands that clang-tidy can follow, and prints their files.

usage: scripts/lint_commands.py build/compile_commands.json OUT [CHANGED [NUMBER]]

Left out are sources that include libtorch's headers, themselves or through others of the project: Debian's clang does
not accept those headers in C++20. Sources of a library that has them in its precompiled header, but do without, are
kept. With CHANGED, a list of files, only the sources among them are printed, in its order, and one source for each
header: the one of the same name, or else one that includes it. With NUMBER, no more than that.
"""
import functools
import itertools
import json
import os
import re
import sys

ONLY_GCC = {"-fno-thread-jumps", "-Winvalid-pch", "-Wshadow=local"}
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<((?:torch|ATen|c10)/[^>]+)>)', re.MULTILINE)


@functools.cache
def includes(file):
    """What a file of the project, by its path in it, includes: its own headers, and whether libtorch's."""
    if not os.path.isfile(file):
        return frozenset(), False
    with open(file, encoding="utf8") as text:
        included = INCLUDE.findall(text.read())
    return frozenset(own for own, _ in included if own), any(torch for _, torch in included)


@functools.cache
def all_includes(file):
    """The same with what those include."""
    own, torch = includes(file)
    below = [all_includes(header) for header in own]
    return own.union(*(headers for headers, _ in below)), torch or any(needed for _, needed in below)


def without_precompiled_header(words):
    """A command without -include FILE of a precompiled header, and without what only GCC knows."""
    kept, skip = [], False
    for word, following in zip(words, words[1:] + [""]):
        if skip:
            skip = False
        elif word == "-include" and "cmake_pch" in following:
            skip = True
        elif word not in ONLY_GCC:
            kept.append(word)
    return kept


def standing_for(changed, sources):
    """The source in which clang-tidy sees a changed file, if any."""
    if changed in sources:
        return changed
    stem = os.path.splitext(changed)[0]
    including = [source for source in sources if changed in all_includes(source)[0]]
    return next((source for source in including if source == f"{stem}.cpp"), next(iter(including), None))


def main(source, out, changed=None, number=None):
    root = os.getcwd()
    kept = {}
    with open(source, encoding="utf8") as commands:
        entries = json.load(commands)
    for entry in entries:
        file = os.path.relpath(entry["file"], root)
        if file in kept or not file.startswith(("conceptune/", "cli/")) or all_includes(file)[1]:
            continue
        kept[file] = entry | {"command": " ".join(without_precompiled_header(entry["command"].split(" ")))}
    with open(out, "w", encoding="utf8") as database:
        json.dump(list(kept.values()), database)
    chosen = kept
    if changed:
        with open(changed, encoding="utf8") as names:
            found = [standing_for(name, kept) for name in dict.fromkeys(names.read().split("\n"))]
        chosen = dict.fromkeys(name for name in found if name)
    for name in itertools.islice(chosen, int(number) if number else None):
        print(name)


if __name__ == "__main__":
    main(*sys.argv[1:])
