"""Concept datasets."""
from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import tempfile
from typing import TYPE_CHECKING, Any, Iterator, Optional

import pandas

from conceptune._files import PathLike, json_lines, read_json
from conceptune._program import call

if TYPE_CHECKING:
    import datasets


@dataclasses.dataclass(frozen=True)
class Synonym:
    text: str
    ids: list[int]
    score: float


@dataclasses.dataclass(frozen=True)
class Word:
    word: str
    pos: str
    position: int  # index of its token in Record.ids
    begin: Optional[int]  # its characters in Record.text are begin to end; None where that is not known
    end: Optional[int]
    judges: int  # people who judged the set as it stands
    synonyms: list[Synonym]  # best first


@dataclasses.dataclass(frozen=True)
class Record:
    id: str
    text: str
    ids: list[int]
    words: list[Word]


def _word(line: dict[str, Any]) -> Word:
    synonyms = [Synonym(synonym["text"], synonym["ids"], synonym["score"]) for synonym in line["synonyms"]]
    return Word(line["word"], line["pos"], line["position"], line.get("begin"), line.get("end"),
                line.get("judges", 0), synonyms)


class ConceptDataset:
    """A folder that `conceptune annotate` or `conceptune dataset` wrote. Its records are read anew by every loop."""

    def __init__(self, folder: PathLike) -> None:
        self.folder = pathlib.Path(folder)
        self.card = read_json(self.folder / "dataset.json", "conceptune-concepts", (1, 2))

    def __len__(self) -> int:
        return int(self.card["statistics"]["passages"])

    def __iter__(self) -> Iterator[Record]:
        for line in json_lines(self.folder / "records.jsonl.zst"):
            yield Record(line["id"], line["text"], line["ids"], [_word(word) for word in line["words"]])

    def words(self) -> pandas.DataFrame:
        """A row for each content word: passage, position, word, pos, begin, end, judges, synonyms, scores."""
        rows = [(record.id, word.position, word.word, word.pos, word.begin, word.end, word.judges,
                 [synonym.text for synonym in word.synonyms], [synonym.score for synonym in word.synonyms])
                for record in self for word in record.words]
        return pandas.DataFrame(rows, columns=["passage", "position", "word", "pos", "begin", "end", "judges",
                                               "synonyms", "scores"])

    def to_hugging_face(self) -> "datasets.Dataset":
        """The records with all their fields. Needs the package datasets."""
        import datasets
        return datasets.Dataset.from_list([dataclasses.asdict(record) for record in self])


def import_hugging_face(dataset: "datasets.Dataset", folder: PathLike, model: PathLike,
                        program: Optional[PathLike] = None) -> ConceptDataset:
    """Makes a concept dataset for the model's tokenizer of records as to_hugging_face() gives them.

    The program does it (`conceptune dataset import`), so that what it leaves out is left out here: words that are not at
    their position, parts of speech, judges.
    """
    with tempfile.TemporaryDirectory() as scratch:
        lines = os.path.join(scratch, "records.jsonl")
        with open(lines, "w", encoding="utf8") as file:
            for record in dataset:
                responses = [{"word": word["word"], "position": word["position"],
                              "synonyms": [synonym["text"] for synonym in word["synonyms"]],
                              "scores": [synonym["score"] for synonym in word["synonyms"]]}
                             for word in record["words"]]
                file.write(json.dumps({"input_sequence": record["text"], "content_word_responses": responses}) + "\n")
        call("dataset", "import", lines, "-m", model, "-o", folder, program=program)
    return ConceptDataset(folder)
