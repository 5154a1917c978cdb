"""Holds what the pages say to the code and to the built program.

usage: check_docs.py RULE SOURCE_DIR PROGRAM

variables  every environment variable of a page exists in the code, and every one that the code reads is in a page
keys       every key, section and value of a configuration that a page names exists, and configs/*.toml hold
flags      every flag of a page exists, and every flag of every command has a description, a default, one short form
commands   every command line of a page is one that the program's parser takes, and README.md names every command
links      relative links, their anchors, and the files that a page names lead to something
sources    what pages and configurations take from inputs/ can be fetched; docs/data.md tells of all that can
messages   the messages that docs/faq.md explains are in the sources
installed  the links of the pages in an installation's folder, which stands for SOURCE_DIR, lead to what was installed
release    CITATION.cff, CHANGELOG.md and the Python package name the version of conceptune/version.h; README.md links all pages
"""
import importlib
import pathlib
import sys

import pages
import program


def main():
    rule, root, path = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3]).resolve()
    if rule not in ("variables", "keys", "flags", "commands", "links", "sources", "messages", "release",
                    "installed"):
        sys.exit(__doc__)
    problems = list(importlib.import_module(f"rule_{rule}").check(root, pages.find_pages(root), program.Program(path)))
    print("\n".join(problems) or "ok")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
