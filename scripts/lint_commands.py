#!/usr/bin/env python3
"""Writes the compile commands that clang-tidy can follow, and prints their files.

usage: scripts/lint_commands.py build/compile_commands.json OUT

Left out are sources that include libtorch's headers, themselves or through others of the project: Debian's clang does
not accept those headers in C++20. Sources of a library that has them in its precompiled header, but do without, are
kept.
"""
import functools
import json
import os
import re
import sys

ONLY_GCC = {"-fno-thread-jumps", "-Winvalid-pch", "-Wshadow=local"}
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<((?:torch|ATen|c10)/[^>]+)>)', re.MULTILINE)


@functools.cache
def needs_torch(file):
    """Whether a file of the project, by its path in it, includes libtorch's headers."""
    if not os.path.isfile(file):
        return False
    with open(file, encoding="utf8") as text:
        included = INCLUDE.findall(text.read())
    return any(torch or needs_torch(own) for own, torch in included)


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


def main(source, out):
    root = os.getcwd()
    kept = []
    with open(source, encoding="utf8") as commands:
        entries = json.load(commands)
    for entry in entries:
        file = os.path.relpath(entry["file"], root)
        if not file.startswith(("conceptune/", "cli/")) or needs_torch(file):
            continue
        kept.append(entry | {"command": " ".join(without_precompiled_header(entry["command"].split(" ")))})
        print(file)
    with open(out, "w", encoding="utf8") as database:
        json.dump(kept, database)


if __name__ == "__main__":
    main(*sys.argv[1:])
