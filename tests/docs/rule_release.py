"""One version in all places that name it, and an index that names every page."""
import re

INDEX = "docs/index.md"


def version_of(root):
    header = (root / "conceptune/version.h").read_text(encoding="utf8")
    return ".".join(re.search(rf"^#define CONCEPTUNE_VERSION_{part} (\d+)$", header, re.M)[1]
                    for part in ("MAJOR", "MINOR", "PATCH"))


def check(root, pages, _program):
    version = version_of(root)
    for name, line in (("CITATION.cff", f"version: {version}"), ("CHANGELOG.md", f"## {version}"),
                       ("python/src/conceptune/__init__.py", f'__version__ = "{version}"')):
        if not any(found.startswith(line) for found in (root / name).read_text(encoding="utf8").splitlines()):
            yield f"{name}: no line begins with '{line}', conceptune/version.h's version"
    index = next(page for page in pages if str(page.path) == INDEX)
    linked = {(root / "docs" / place.text.partition("#")[0]).resolve() for place in index.links()}
    for page in pages:
        if page.path.suffix == ".md" and str(page.path) != INDEX and (root / page.path).resolve() not in linked:
            yield f"{INDEX}: does not link {page.path}"
    yield from (f"{INDEX}: does not link docs/{notebook.name}" for notebook in sorted((root / "docs").glob("*.ipynb"))
                if notebook.resolve() not in linked)
