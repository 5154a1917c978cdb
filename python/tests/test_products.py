"""Datasets, results and logs are read as the program wrote them."""
import json

import conftest
import pytest

import conceptune


def test_dataset_holds_the_passages(work):
    dataset = conceptune.ConceptDataset(work / "dataset")
    records = list(dataset)
    assert [record.text for record in records] == conftest.TEXTS
    assert len(dataset) == len(records)
    for record in records:
        for word in record.words:
            assert record.text[word.begin:word.end] == word.word


def test_words_are_those_of_the_records(work):
    dataset = conceptune.ConceptDataset(work / "dataset")
    words = dataset.words()
    assert len(words) == dataset.card["statistics"]["words"] > 5
    dog = words[words.word == "dog"].iloc[0]
    assert dog.pos == "NOUN"
    assert "domestic dog" in dog.synonyms or "canine" in dog.synonyms
    assert len(dog.synonyms) == len(dog.scores)


def test_results_hold_what_eval_prints(work):
    results = conceptune.Results(work / "results")
    measurements = results.measurements()
    assert set(measurements.subject) == {"base", "adapter"}
    assert (measurements.low <= measurements.value).all()
    comparisons = results.comparisons()
    assert set(comparisons.subject) == {"adapter"} and set(comparisons.reference) == {"base"}
    row = comparisons[comparisons.metric == "spearman"].iloc[0]
    values = measurements[(measurements.metric == "spearman") & (measurements.convention == row.convention)]
    values = values.set_index("subject").value
    assert row.difference == pytest.approx(values["adapter"] - values["base"])


def test_items_are_those_of_each_subject(work):
    items = conceptune.Results(work / "results").items("wordsim353")
    assert {"first", "second", "score", "cosine"} <= set(items.columns)
    assert (items.groupby(["subject", "convention"]).size() == 5).all()
    assert conceptune.Results(work / "results").items("other").empty


def test_training_log_has_a_line_for_each_update(work):
    log = conceptune.training_log(work / "run")
    assert list(log.step) == [1, 2]
    assert set(log.type) == {"training"} and (log.loss > 0).all()


def test_progress_gets_the_messages(work, tmp_path):
    lines = []
    conceptune.call("annotate", work / "passages.jsonl", "-m", conftest.MODEL, "-o", tmp_path / "again",
                    "--no-candidates", "--english-pipeline", conftest.PIPELINE, progress=lines.append)
    assert any("annotate" in line for line in lines)


def test_a_failure_says_what_the_program_says(work):
    with pytest.raises(conceptune.ProgramError, match="not a command") as error:
        conceptune.call("annotat")
    assert error.value.exit_code == 2


def test_another_format_is_refused(tmp_path):
    (tmp_path / "results.json").write_text(json.dumps({"format": "conceptune-results", "version": 99}))
    with pytest.raises(ValueError, match="version 99, expected conceptune-results version 1"):
        conceptune.Results(tmp_path)


def test_datasets_go_to_hugging_face_and_back(work, tmp_path):
    pytest.importorskip("datasets")
    original = conceptune.ConceptDataset(work / "dataset")
    back = conceptune.import_hugging_face(original.to_hugging_face(), tmp_path / "back", conftest.MODEL)
    assert [(word.word, word.position, [synonym.text for synonym in word.synonyms])
            for record in back for word in record.words if word.synonyms] == \
           [(word.word, word.position, [synonym.text for synonym in word.synonyms])
            for record in original for word in record.words if word.synonyms]
