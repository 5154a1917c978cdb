"""Products of the program on real inputs, made once."""
import dataclasses
import os
import pathlib

import pytest

import conceptune

INPUTS = pathlib.Path(os.environ.get("CONCEPTUNE_INPUTS_DIR", "inputs"))
MODEL = INPUTS / "SmolLM2-135M-Instruct.Q4_1.gguf"
PIPELINE = INPUTS / "en_core_web_sm"
WORDNET = pathlib.Path("/usr/share/wordnet")
TEXTS = ["The old dog walked slowly through the quiet street and looked at the houses.",
         "A child bought a small red car for his happy friend in the big city."]


@dataclasses.dataclass(frozen=True)
class Inputs:
    model: pathlib.Path
    pipeline: pathlib.Path
    wordnet: pathlib.Path


@pytest.fixture(scope="session")
def inputs():
    for needed in (MODEL, PIPELINE, WORDNET):
        if not needed.exists():
            pytest.skip(f"needs {needed}")
    return Inputs(MODEL.resolve(), PIPELINE.resolve(), WORDNET)


@pytest.fixture(scope="session")
def work(inputs, tmp_path_factory):
    """A folder with dataset/, run/ and results/."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "passages.jsonl").write_text("".join(f'{{"text": "{text}"}}\n' for text in TEXTS), encoding="utf8")
    conceptune.call("annotate", folder / "passages.jsonl", "-m", MODEL, "-o", folder / "dataset", "--no-candidates",
                    "--english-pipeline", PIPELINE)
    conceptune.call("train", "-m", MODEL, "-d", folder / "dataset", "-o", folder / "run", "--max-steps", "2",
                    "--set", "validation_share=0", "--set", "log_every=1", "--batch", "1")
    conceptune.call("eval", "-m", MODEL, "-a", f"adapter={folder / 'run'}", "-o", folder / "results", "--benchmark",
                    INPUTS / "wordsim353.tsv", "--limit", "5", "--samples", "20")
    return folder
