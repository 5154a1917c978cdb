"""Environment variables: those of the pages and those of the code are the same."""
import pathlib
import re

PAGE = pathlib.Path("docs/environment_variables.md")


def sources(folder):
    return [path for path in sorted(folder.rglob("*")) if path.suffix in (".h", ".cpp", ".inl")]


def read_by_program(root):
    """Names of variables that the library and the program read or set, each with the file."""
    found = {}
    for path in [*sources(root / "conceptune"), *sources(root / "cli")]:
        text = path.read_text(encoding="utf8")
        names = re.findall(r'"(CONCEPTUNE_[A-Z0-9_]+)"', text)
        # In a file that touches the environment, a literal of capitals is the name of a variable.
        if re.search(r"\b(getenv|environ)\b", text):
            names += re.findall(r'"([A-Z][A-Z0-9_]+)(?:"|=)', text)
        found.update({name: path.relative_to(root) for name in names})
    return found


def read_elsewhere(root):
    """Those of the build, the scripts and the tests."""
    found = set()
    for path in sources(root / "tests"):
        found |= set(re.findall(r'"(CONCEPTUNE_[A-Z0-9_]+)"', path.read_text(encoding="utf8")))
    for path in sorted((root / "tests").rglob("*.py")):
        found |= set(re.findall(r'"(CONCEPTUNE_[A-Z0-9_]+)"', path.read_text(encoding="utf8")))
    for path in [root / "CMakeLists.txt", *sorted((root / "cmake").glob("*.cmake"))]:
        found |= set(re.findall(r"(?:option|set|find_\w+)\((CONCEPTUNE_\w+)", path.read_text(encoding="utf8")))
    for path in [root / "CMakePresets.json", root / "Makefile", *sorted((root / "scripts").glob("*.sh"))]:
        found |= set(re.findall(r"\$(?:p?env)?\{?(CONCEPTUNE_\w+)", path.read_text(encoding="utf8")))
    return found


def check(root, pages, _program):
    of_program = read_by_program(root)
    known = read_elsewhere(root) | set(of_program)
    for page in pages:
        for number, line in enumerate(page.lines, 1):
            for name in re.findall(r"CONCEPTUNE_[A-Z0-9_]*[A-Z0-9]", line):
                if name not in known:
                    yield f"{page.path}:{number}: nothing reads {name}"
    table = next(page for page in pages if page.path == PAGE)
    named = set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", "\n".join(table.lines)))
    yield from (f"{path}: reads {name}, which {PAGE} does not name" for name, path in of_program.items()
                if name not in named)
    for number, line in enumerate(table.lines, 1):
        for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", line.split("|")[1] if line.startswith("| ") else ""):
            if name not in of_program:
                yield f"{PAGE}:{number}: the program does not read {name}"
