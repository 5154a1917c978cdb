"""What pages and configurations take from inputs/ can be fetched, and docs/data.md tells of all that can."""
import json
import pathlib
import re

PAGE = pathlib.Path("docs/data.md")
INPUT = re.compile(r"(?<![\w/])(?:\.\./)?inputs/([\w.\-/]*[\w\-])")
ROW = re.compile(r"\| `([\w.\-]+)` \| `([\w.\-/]+)` \|")


def check(root, pages, program):
    sources = json.loads(program.run("fetch", "--json").stdout)
    assert len(sources) > 10, "the program's list of sources was not found"
    paths = {source["path"] for source in sources}
    told = {}
    for page in pages:
        # Of a configuration, pages have the comments alone.
        text = (root / page.path).read_text(encoding="utf8")
        for number, line in enumerate(text.splitlines(), 1):
            if page.path == PAGE and (row := ROW.match(line)):
                told[row[1]] = row[2]
            for name in INPUT.findall(line):
                if not any(name == path or name.startswith(path + "/") for path in paths):
                    yield f"{page.path}:{number}: nothing that 'conceptune fetch' lists comes as inputs/{name}"
    for source in sources:
        if told.get(source["name"]) != source["path"]:
            yield f"{PAGE}: no row says that `{source['name']}` comes as `{source['path']}`"
