"""Concept datasets and corpora for the studies beside this file. Needs the programs `conceptune` and `zstd`."""
import gzip
import json
import pathlib
import subprocess


def run(program, *arguments):
    subprocess.run([str(program), *map(str, arguments)], check=True)


def json_lines(path):
    """The objects of a zstd-compressed file of JSON lines."""
    lines = subprocess.run(["zstd", "-dc", str(path)], check=True, capture_output=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


def records(dataset):
    """The records of a dataset folder, in order."""
    return json_lines(pathlib.Path(dataset) / "records.jsonl.zst")


def card(dataset):
    return json.loads((pathlib.Path(dataset) / "dataset.json").read_text(encoding="utf8"))


def passages_in_order(corpus):
    """The texts of a JSONL corpus (.gz) that have between 50 and 2,000 characters, in the file's order."""
    with gzip.open(corpus, "rt", encoding="utf8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    return [text for text in texts if 50 < len(text) < 2000]


def write_passages(texts, path):
    with open(path, "w", encoding="utf8") as out:
        for text in texts:
            out.write(json.dumps({"text": text}) + "\n")
