"""The per-item values of a run as two tables, small enough to be kept and read anywhere.

usage: run_values.py RUN FOLDER

FOLDER/pairs.csv.gz: a row for each text pair with people's score and the cosine of every subject.
FOLDER/passages.csv.gz: a row for each subject and held-out passage with what its numbers are sums of: predicted tokens, their
-log p and how many were right; the same of the content words, and their -log p of the concept. In nats.
Both hold the evaluation's numbers to six digits. Plain Python; reads zstd by its program.
"""
import csv
import gzip
import io
import pathlib
import sys

import datasets

PASSAGES = ("set", "passage", "subject", "tokens", "nll", "correct", "content_words", "content_nll", "content_correct",
            "concept_nll")


def items_of(folder):
    """(what a file is of, its items), for every file."""
    for file in sorted(folder.glob("*.jsonl.zst")):
        facts, *items = datasets.json_lines(file)
        yield facts, items


def digits(number):
    return f"{number:.6g}"


def sums_of(passage):
    content = [word["token"] for word in passage["content"]]
    return (len(passage["nll"]), digits(sum(passage["nll"])), sum(passage["correct"]), len(content),
            digits(sum(passage["nll"][token] for token in content)), sum(passage["correct"][token] for token in content),
            digits(sum(word["concept_nll"] for word in passage["content"])))


def write(path, rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))  # the same bytes from the same run
    print(f"{path}: {len(rows) - 1} rows, {path.stat().st_size / 1e6:.1f} MB")


def main(run, folder):
    pairs, subjects, passages = {}, [], [PASSAGES]
    for facts, items in items_of(pathlib.Path(run, "items")):
        subject, set_of = facts["subject"], facts["benchmark"]
        if "cosine" in items[0]:
            subjects += [] if subject in subjects else [subject]
            for place, item in enumerate(items):  # a set may hold a pair twice
                key = place, set_of, facts["convention"], item["first"], item["second"], item["score"]
                pairs.setdefault(key, {})[subject] = digits(item["cosine"])
        elif "nll" in items[0]:
            passages += [(set_of, item["id"], subject, *sums_of(item)) for item in items]
    rows = [(*key[1:], *(of.get(subject, "") for subject in subjects)) for key, of in pairs.items()]
    out = pathlib.Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    write(out / "pairs.csv.gz", [("set", "convention", "first", "second", "score", *subjects), *rows])
    write(out / "passages.csv.gz", passages)


if __name__ == "__main__":
    main(*sys.argv[1:])
