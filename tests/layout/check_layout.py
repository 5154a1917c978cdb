"""Checks the rules of docs/architecture.md on the source tree and the built libraries.

usage: check_layout.py includes|mirror|silence SOURCE_DIR BUILD_DIR

includes  every folder includes only what its line of the table allows
mirror    every source or header with code has a test file at the same place below tests/, which is built
silence   no library object calls exit, abort or prints (checked with nm)
"""
import json
import pathlib
import re
import subprocess
import sys

# What each folder of conceptune/ may include besides itself and base/.
ALLOWED = {
    "base": set(),
    "runtime/kernels": set(),
    "runtime/jinja": set(),
    "runtime/tokenizer": {"runtime/jinja"},
    "runtime/weights": {"runtime/kernels"},
    "runtime/model": {"runtime/kernels", "runtime/weights"},
    "runtime/generation": {"runtime/kernels", "runtime/weights", "runtime/model", "runtime/tokenizer"},
    "fetch": set(),
    "servers": {"fetch"},
    "corpus": set(),
    "words": {"corpus", "runtime/kernels", "runtime/tokenizer"},
    "concepts": {"servers", "corpus", "words", "runtime/tokenizer", "runtime/weights", "runtime/model", "runtime/generation"},
    "training/loss": set(),
    "training": {"training/loss", "concepts", "runtime/tokenizer", "runtime/kernels", "runtime/weights", "runtime/model",
                 "runtime/generation"},
    "evaluation": {"concepts", "runtime/tokenizer", "runtime/kernels", "runtime/weights", "runtime/model",
                   "runtime/generation"},
    "experiment": {"corpus", "words", "concepts", "training/loss", "training", "evaluation", "runtime/tokenizer",
                   "runtime/weights", "runtime/model", "runtime/generation"},
    "report": {"evaluation", "experiment", "training/loss"},
}
TORCH_FREE = ("base", "fetch", "servers", "runtime/kernels", "runtime/jinja", "runtime/tokenizer", "corpus", "words", "training/loss",
              "report")
TORCH = re.compile(r"#include\s*[<\"](torch|ATen|c10|conceptune/torch_pch)")
INCLUDE = re.compile(r"#include\s*\"conceptune/(.+)/[^/]+\"")
FORBIDDEN = {"exit", "_exit", "quick_exit", "abort", "printf", "puts", "putchar", "fprintf", "vprintf", "perror",
             "_ZSt4cout", "_ZSt4cerr", "_ZSt4clog", "stdout", "stderr"}


def sources(root):
    return sorted(p for s in ("*.h", "*.cpp") for p in (root / "conceptune").rglob(s) if p.parent.name != "conceptune")


def folder_of(root, path):
    return path.parent.relative_to(root / "conceptune").as_posix()


def check_includes(root, _build):
    for path in sources(root):
        folder = folder_of(root, path)
        if folder not in ALLOWED:
            yield f"{path}: folder {folder} is not in the table"
            continue
        text = path.read_text(encoding="utf8")
        if folder in TORCH_FREE and TORCH.search(text):
            yield f"{path}: {folder} must not include torch"
        for used in INCLUDE.findall(text):
            if used not in ALLOWED[folder] | {folder, "base"}:
                yield f"{path}: {folder} may not use {used}"


def check_mirror(root, build):
    """A header without a source of its own needs a test too, unless it only declares data (no '(' in code)."""
    for path in sources(root):
        relative = path.relative_to(root / "conceptune")
        if path.suffix == ".h" and (path.with_suffix(".cpp").exists() or not has_code(path)):
            continue
        if path.suffix == ".cpp" and not path.with_suffix(".h").exists():
            continue  # a part of the file group that its header's test covers
        test = root / "tests" / relative.parent / f"{relative.stem}_test.cpp"
        if not test.exists():
            yield f"{path}: expected a test at {test.relative_to(root)}"
    for test in sorted((root / "tests").rglob("*_test.cpp")):
        relative = test.relative_to(root / "tests")
        if relative.parts[0] in ("cli", "layout", "pipeline"):
            continue
        stem = relative.stem.removesuffix("_test")
        if not any((root / "conceptune" / relative.parent / f"{stem}{s}").exists() for s in (".h", ".cpp")):
            yield f"{test}: no source of that name in conceptune/{relative.parent}"
    built = {pathlib.Path(entry["file"]) for entry in json.loads((build / "compile_commands.json").read_text())}
    for test in sorted((root / "tests").rglob("*_test.cpp")):
        if test not in built:
            yield f"{test}: expected in the sources of a test program"


def has_code(header):
    body = re.sub(r"//.*", "", header.read_text(encoding="utf8"))
    return re.search(r"\)\s*(const)?\s*(noexcept)?\s*(override)?\s*{", body) is not None


def check_silence(_root, build):
    libraries = sorted(build.glob("library/**/libconceptune_*.a"))
    if not libraries:
        yield f"{build}: no library found"
    for library in libraries:
        listing = subprocess.run(["nm", "-A", "--undefined-only", library], capture_output=True, text=True, check=True)
        for line in listing.stdout.splitlines():
            symbol = line.split()[-1].split("@")[0]
            if symbol in FORBIDDEN:
                yield f"{line.split(':')[1]} of {library.name} uses {symbol}"


def main():
    rule, root, build = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    check = {"includes": check_includes, "mirror": check_mirror, "silence": check_silence}[rule]
    problems = list(check(root, build))
    print("\n".join(problems) or "ok")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
