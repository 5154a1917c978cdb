"""Relative links and the names of files in backticks lead to something."""
import itertools
import re

FOREIGN = {"convert_hf_to_gguf.py": "llama.cpp"}
SOURCE_ENDINGS = ("cpp", "h", "inl", "py", "sh")
FOLDERS = ("bench", "cli", "cmake", "conceptune", "configs", "docs", "examples", "scripts", "tests")


def alternatives(name):
    """"file.{h,cpp}" as both names."""
    if braces := re.search(r"\{([^}]+)\}", name):
        return itertools.chain.from_iterable(
            alternatives(name[:braces.start()] + choice + name[braces.end():]) for choice in braces[1].split(","))
    return [name]


def check_link(root, pages, place):
    target, _, anchor = place.text.partition("#")
    if re.match(r"\w+:", target):
        return
    path = (root / place.page.parent / target).resolve() if target else root.resolve() / place.page
    if not path.exists():
        yield f"{place}: no such file"
    elif anchor:
        page = next((page for page in pages if (root / page.path).resolve() == path), None)
        if page is None or anchor not in page.anchors():
            yield f"{place}: no such heading"


def check_name(root, files, place):
    """A path from the root, or a source's name alone. NAME stands for one of the reader's own."""
    name = place.text
    if name in FOREIGN or "NAME" in name or not re.fullmatch(r"[\w./{},*-]+", name):
        return
    in_folder = name.split("/")[0] in FOLDERS and "/" in name
    if not in_folder and not (name.endswith(tuple(f".{e}" for e in SOURCE_ENDINGS)) and "/" not in name):
        return
    for each in alternatives(name):
        pattern = re.escape(each.rstrip("/")).replace(r"\*", "[^/]*")
        if not any(re.search(rf"(?:^|/){pattern}$" if not in_folder else rf"^{pattern}$", file) for file in files):
            yield f"{place}: no such file"


def check(root, pages, _program):
    paths = [path for folder in FOLDERS for path in [root / folder, *sorted((root / folder).rglob("*"))]]
    files = [path.relative_to(root).as_posix() for path in paths]
    for page in pages:
        for place in page.links():
            yield from check_link(root, pages, place)
        for place in page.spans():
            yield from check_name(root, files, place)
