"""Files as the program writes them."""
from __future__ import annotations

import io
import json
import os
import pathlib
from typing import Any, Iterator, Union

import zstandard

PathLike = Union[str, "os.PathLike[str]"]


def read_json(path: pathlib.Path, file_format: str, versions: tuple[int, ...]) -> dict[str, Any]:
    """A JSON document of the format and one of the versions. Raises ValueError for another."""
    document = json.loads(path.read_text(encoding="utf8"))
    found = (document.get("format"), document.get("version")) if isinstance(document, dict) else (None, None)
    if found[0] != file_format or found[1] not in versions:
        raise ValueError(f"{path}: is {found[0]} version {found[1]}, expected {file_format} version "
                         f"{' or '.join(map(str, versions))}")
    return document


def json_lines(path: pathlib.Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines, compressed with zstd where its name ends so."""
    with open(path, "rb") as file:
        source: Any = zstandard.ZstdDecompressor().stream_reader(file) if path.suffix == ".zst" else file
        for line in io.TextIOWrapper(source, encoding="utf8", newline="\n"):
            yield json.loads(line)
