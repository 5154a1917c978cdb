"""Logs of training runs."""
from __future__ import annotations

import pathlib

import pandas

from conceptune._files import PathLike, json_lines


def training_log(run: PathLike) -> pandas.DataFrame:
    """The training and validation lines of a run's log.jsonl in order: the folder of a run, or the file.

    The column `type` tells them apart; a value that a line lacks is NaN.
    """
    given = pathlib.Path(run)
    path = given / "log.jsonl" if given.is_dir() else given
    return pandas.DataFrame([line for line in json_lines(path) if line["type"] in ("training", "validation")])
