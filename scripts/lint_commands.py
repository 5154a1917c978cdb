#!/usr/bin/env python3
"""Writes the compile commands that clang-tidy can follow, and prints their files.

usage: scripts/lint_commands.py build/compile_commands.json OUT

Left out are sources with libtorch's headers: they are built with a precompiled header of GCC's, and Debian's clang does
not accept those headers in C++20.
"""
import json
import os
import sys

ONLY_GCC = {"-fno-thread-jumps"}


def main(source, out):
    root = os.getcwd()
    kept = []
    for entry in json.load(open(source)):
        file = os.path.relpath(entry["file"], root)
        if file.startswith(("conceptune/", "cli/")) and "cmake_pch" not in entry["command"]:
            words = entry["command"].split(" ")
            kept.append(entry | {"command": " ".join(word for word in words if word not in ONLY_GCC)})
            print(file)
    json.dump(kept, open(out, "w"))


if __name__ == "__main__":
    main(*sys.argv[1:])
