"""Results of evaluations."""
from __future__ import annotations

import pathlib
from typing import Optional

import pandas

from conceptune._files import PathLike, json_lines, read_json


class Results:
    """What `conceptune eval -o FOLDER` and the evaluations of a run write: the folder, or its results.json."""

    def __init__(self, path: PathLike) -> None:
        given = pathlib.Path(path)
        self.path = given / "results.json" if given.is_dir() else given
        self.document = read_json(self.path, "conceptune-results", (1,))

    def measurements(self) -> pandas.DataFrame:
        """A row for each number, with its interval; NaN where it is undefined."""
        rows = [{key: value for key, value in each.items() if key != "comparisons"}
                for each in self.document["measurements"]]
        return pandas.DataFrame(rows).astype({"value": float, "low": float, "high": float})

    def comparisons(self) -> pandas.DataFrame:
        """A row for each paired difference: whose number it is, and difference, reference, unit, low, high, p, p_holm."""
        names = ("subject", "benchmark", "metric", "convention")
        return pandas.DataFrame([{**{name: each[name] for name in names}, **comparison}
                                 for each in self.document["measurements"] for comparison in each["comparisons"]])

    def items(self, benchmark: Optional[str] = None) -> pandas.DataFrame:
        """A row for each subject and item with its values, of one benchmark or of all."""
        rows = []
        for file in self.document["item_files"]:
            if benchmark not in (None, file["benchmark"]):
                continue
            lines = json_lines(self.path.parent / file["path"])
            next(lines)  # what the items are of
            names = {name: file[name] for name in ("subject", "benchmark", "convention")}
            rows += [{**names, **item} for item in lines]
        return pandas.DataFrame(rows)
