"""The notebook of docs/ runs on a tiny experiment and draws its figure."""
import dataclasses
import pathlib

import pytest

import conceptune

NOTEBOOK = pathlib.Path(__file__).parents[2] / "docs" / "quickstart.ipynb"
CONFIG = """name = "Tiny"
output = "run"
[model]
path = "{model}"
[corpus]
files = ["corpus.txt"]
passages = 2
held_out = 2
[annotation]
english_pipeline = "{pipeline}"
source = "wordnet"
wordnet.use_candidates = false
wordnet.folder = "{wordnet}"
[training]
max_steps = 1
validation_share = 0.0
batch.passages = 1
[evaluation]
generation.passages = 0
bootstrap.samples = 20
[grid]
training.objective.concept_weight = [0.0, 1.0]
"""


@pytest.fixture(scope="module")
def run(inputs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("experiment")
    lines = [f"The {word} dog walked slowly through the quiet street and looked at the houses.\n"
             for word in ("old", "young", "black", "happy")]
    (folder / "corpus.txt").write_text("".join(lines), encoding="utf8")
    (folder / "tiny.toml").write_text(CONFIG.format(**dataclasses.asdict(inputs)), encoding="utf8")
    conceptune.call("run", folder / "tiny.toml")
    return folder / "run"


def test_notebook_draws_the_differences(run, monkeypatch):
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    pytest.importorskip("matplotlib")
    monkeypatch.setenv("CONCEPTUNE_RUN", str(run))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    shown = "\n".join(output.get("data", {}).get("text/plain", output.get("text", "")) for output in outputs)
    assert "['base', 'λ 0.0', 'λ 1.0']" in shown
    assert "dog: " in shown
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 1


def test_notebook_shows_the_quickstart():
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    assert NOTEBOOK.stat().st_size < 150_000
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code"), "run it and keep its outputs"
