"""Checks the rules of docs/architecture.md on the source tree and the built objects.

usage: check_layout.py includes|mirror|silence|instructions|public SOURCE_DIR BUILD_DIR

includes      every folder includes what its line of the page's table allows, and nothing is allowed that is not used
mirror        every source or header with code has a test at the same place below tests/, or one that parts.txt names,
              and every test is built
silence       no object of the library calls exit, abort or prints, and of the program's those alone that must
instructions  objects for more than the baseline processor export no function but their own
public        the headers that are installed include no others, no torch, and the examples no others either
"""
import collections
import functools
import json
import pathlib
import re
import shlex
import subprocess
import sys

PAGE = "docs/architecture.md"
PUBLIC = "cmake/public_headers.txt"
TABLE = re.compile(r"\| folder \| holds \| may use \| torch \|\n\|[-|]+\|\n((?:\|.*\|\n)+)")
TORCH = re.compile(r"#include\s*[<\"](torch|ATen|c10|conceptune/guest/torch_pch)")
INCLUDE = re.compile(r"^\s*#include\s*\"([^\"\n]+)\"", re.M)
FORBIDDEN = {"exit", "_exit", "quick_exit", "abort", "printf", "puts", "putchar", "fprintf", "vprintf", "perror",
             "_ZSt4cout", "_ZSt4cerr", "_ZSt4clog", "stdout", "stderr"}
# The programs' own border: the terminal, --help, the last words of a fault, and the processes that are started.
SPEAKERS = {"terminal.cpp", "plan_view.cpp", "main.cpp", "faults.cpp", "own_process.cpp", "write_reference.cpp"}

Row = collections.namedtuple("Row", "may_use torch")


def read_table(root):
    """The page's table: folder to Row, folders named from conceptune/, the program's as "cli"."""
    lines = TABLE.search((root / PAGE).read_text(encoding="utf8"))[1].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    folders = [re.match(r"`([a-z/]+)/`", first)[1] for first, *_ in cells]
    table = {}
    for folder, (_, _, used, torch) in zip(folders, cells):
        names = set(folders) - {folder} if used == "all" else set(re.findall(r"`([a-z/]+)/`", used))
        loose = re.sub(r"`[a-z/]+/`|[, ]", "", used)
        if (loose and used != "all") or names - set(folders) or torch not in ("yes", "no"):
            raise ValueError(f"{PAGE}: the row of {folder} holds something else than folders of the table, yes or no")
        table[folder] = Row(names, torch == "yes")
    return table


def sources(root):
    paths = [path for folder in ("conceptune", "cli") for path in sorted((root / folder).rglob("*"))]
    return [path for path in paths
            if re.search(r"\.(h|cpp|inl|cpp\.in)$", path.name) and path.parent.name != "conceptune"]


def place_of(root, path):
    """Folder and name as the table and parts.txt write them: from conceptune/, or beginning with cli/."""
    relative = path.relative_to(root)
    return relative.relative_to("conceptune") if relative.parts[0] == "conceptune" else relative


@functools.cache
def way_to_torch(root, path):
    """The files by which a file includes torch, or nothing."""
    text = path.read_text(encoding="utf8")
    if TORCH.search(text):
        return [path.name]
    for included in INCLUDE.findall(text):
        way = way_to_torch(root, root / included) if (root / included).is_file() else []
        if way:
            return [path.name, *way]
    return []


def check_includes(root, _build):
    table = read_table(root)
    used = collections.defaultdict(set)
    for path in sources(root):
        folder = place_of(root, path).parent.as_posix()
        if folder not in table:
            yield f"{path}: folder {folder} is not in the table of {PAGE}"
            continue
        if not table[folder].torch and (way := way_to_torch(root, path)):
            yield f"{path}: {folder} must not include torch: {' → '.join(way)}"
        for included in INCLUDE.findall(path.read_text(encoding="utf8")):
            if TORCH.match(f'#include "{included}"'):
                continue
            if not (root / included).is_file():
                yield f"{path}: {included} is no file from the root"
                continue
            target = place_of(root, root / included).parent.as_posix()
            used[folder].add(target)
            if target not in table[folder].may_use | {folder, "base", "."}:
                yield f"{path}: {folder} may not use {target}"
    for folder, row in table.items():
        needless = row.may_use - used[folder] if folder != "cli" else set()
        yield from (f"{PAGE}: {folder} may use {other} and does not" for other in sorted(needless))


def read_parts(root):
    """parts.txt: source to its tests."""
    parts = collections.defaultdict(list)
    for line in (root / "tests/layout/parts.txt").read_text(encoding="utf8").splitlines():
        if not line.startswith("#"):
            test, _, names = line.partition(":")
            for name in names.split():
                parts[name].append(test)
    return parts


def check_mirror(root, build):
    """A header without a source of its own needs a test too, unless it only declares (no function's body in it)."""
    parts = read_parts(root)
    places = {place_of(root, path).as_posix() for path in sources(root)}
    for path in sources(root):
        place = place_of(root, path)
        if path.suffix == ".in" or (path.suffix == ".h" and (path.with_suffix(".cpp").exists() or not has_code(path))):
            continue
        if not (root / "tests" / place.parent / f"{place.stem}_test.cpp").exists() and place.as_posix() not in parts:
            yield f"{path}: expected a test at tests/{place.parent}/{place.stem}_test.cpp, or its test in parts.txt"
    tests = sorted((root / "tests").rglob("*_test.cpp"))
    names = {test.relative_to(root / "tests").as_posix() for test in tests}
    for source, listed in parts.items():
        yield from (f"parts.txt: no source {source}" for _ in [0] if source not in places)
        yield from (f"parts.txt: no test {test}" for test in listed if test not in names)
    built = {pathlib.Path(entry["file"]) for entry in compile_commands(build)}
    with_guest = any(path.is_relative_to(root / "conceptune/guest") for path in built)
    for test in tests:
        relative = test.relative_to(root / "tests")
        stem = relative.parent / relative.stem.removesuffix("_test")
        own = [f"{stem.as_posix()}{suffix}" for suffix in (".h", ".cpp")]
        is_listed = any(relative.as_posix() in listed for listed in parts.values())
        if relative.parts[0] != "pipeline" and not is_listed and not places & set(own):
            yield f"{test}: no source of that name"
        if relative.parts[0] == "guest" and not with_guest:
            continue
        if test not in built:
            yield f"{test}: expected in the sources of a test program"


def has_code(header):
    body = re.sub(r"//.*", "", header.read_text(encoding="utf8"))
    return re.search(r"\)\s*(const)?\s*(noexcept)?\s*(override)?\s*{", body) is not None


@functools.cache
def compile_commands(build):
    return json.loads((build / "compile_commands.json").read_text(encoding="utf8"))


def object_of(entry):
    words = shlex.split(entry["command"])
    return pathlib.Path(entry["directory"]) / words[words.index("-o") + 1]


def symbols(path, *options):
    """(type, name) of each symbol that nm tells of."""
    listing = subprocess.run(["nm", *options, path], capture_output=True, text=True, check=True).stdout
    return re.findall(r"^(?:[0-9a-f]+)? +(\w) (.+)$", listing, re.M)


def check_silence(root, build):
    objects = 0
    for entry in compile_commands(build):
        path = pathlib.Path(entry["file"])
        folder = path.relative_to(root).parts[0] if path.is_relative_to(root) else ""
        if folder not in ("conceptune", "cli") or (folder == "cli" and path.name in SPEAKERS):
            continue
        if not object_of(entry).exists():
            continue  # of a target that was not asked for
        objects += 1
        for _, symbol in symbols(object_of(entry), "--undefined-only"):
            if symbol.split("@")[0] in FORBIDDEN:
                yield f"{path} uses {symbol}"
    if objects == 0:
        yield f"{build}: no object found"


def check_instructions(root, build):
    """The linker keeps one copy of an inline function. Were it one of these, every processor would get it."""
    objects = 0
    for entry in compile_commands(build):
        path = pathlib.Path(entry["file"])
        if not re.search(r" -m(?:avx|fma|f16c|sse[34]|arch)", entry["command"]) or not path.is_relative_to(root):
            continue
        version = re.search(r"_(avx\w+)\.cpp$", path.name)
        if not version:
            yield f"{path}: is built for more than the baseline processor, and its name does not end in which"
            continue
        if not re.search(r" -std=.* -O[23] ", entry["command"]):  # after the flags of the kind of build
            yield f"{path}: is not optimised by flags of its own, so that a debug build exports more than this one"
        if not object_of(entry).exists():
            yield f"{object_of(entry)}: not built"
            continue
        objects += 1
        for kind, symbol in symbols(object_of(entry), "--defined-only", "--demangle"):
            if kind in "TWi" and f"conceptune::kernels::{version[1]}::" not in symbol:
                yield f"{path}: exports {symbol}, which is not its own"
    if objects == 0:
        yield f"{build}: no object found"


def check_public(root, _build):
    listed = [line for line in (root / PUBLIC).read_text(encoding="utf8").splitlines() if not line.startswith("#")]
    if listed != sorted(set(listed)):
        yield f"{PUBLIC}: expected each header once, in the order of their names"
    users = [root / name for name in listed] + sorted((root / "examples").rglob("*.cpp"))
    for path in users:
        if not path.is_file():
            yield f"{PUBLIC}: no header {path.relative_to(root)}"
            continue
        for included in INCLUDE.findall(path.read_text(encoding="utf8")):
            if included not in listed:
                yield f"{path}: {included} is not public ({PUBLIC})"
        if way := way_to_torch(root, path):
            yield f"{path}: a public header must not include torch: {' → '.join(way)}"


def main():
    rule, root, build = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    checks = {"includes": check_includes, "mirror": check_mirror, "silence": check_silence,
              "instructions": check_instructions, "public": check_public}
    problems = list(checks[rule](root, build))
    print("\n".join(problems) or "ok")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
