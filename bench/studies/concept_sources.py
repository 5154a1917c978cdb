"""What the concept sources make of the same passages: coverage, set sizes, agreement, and examples to judge by eye.

usage: concept_sources.py compare FOLDER CORPUS_NAME...   tables from the datasets FOLDER/CORPUS_NAME-SOURCE-NN
       concept_sources.py examples FOLDER CORPUS_NAME N   N random words with the sets of every source
       concept_sources.py make CONCEPTUNE MODEL ENGLISH_PIPELINE FOLDER CORPUS.jsonl.gz [SOURCE=PASSAGES...]

`make` draws 100 passages (seed 42), takes the sentences of each that end within 400 characters, and annotates these with
every source: wordnet-all, which is WordNet without a limit and tells which synonyms it relates; wordnet, its ten most
probable; embedding; prompt. Products are bfloat16 where the processor can. It goes in steps of ten passages, a dataset
each, so that it can be stopped and started again. A slow source can be given the first PASSAGES of the sample only (they
are in random order); sources are compared on the words that both were asked, those without a dataset left out.
"""
import itertools
import json
import pathlib
import random
import re
import statistics
import sys

import datasets

SOURCES = ("wordnet-all", "wordnet", "embedding", "prompt")
STEP = 10
PASSAGES = 100
EXCERPT = 400


def excerpt(line):
    """The passage's first sentences, or its first words where the first sentence is long."""
    text = json.loads(line)["text"]
    if len(text) > EXCERPT:
        ends = [match.end() for match in re.finditer(r"[.!?][\"')]*(?=\s)", text[:EXCERPT])]
        text = text[:ends[-1] if ends else text.rfind(" ", 0, EXCERPT)]
    return json.dumps({"text": text}, ensure_ascii=False) + "\n"


def make(program, model, pipeline, folder, corpus, *limits):
    folder, name = pathlib.Path(folder), pathlib.Path(corpus).name.split(".")[0]
    limits = dict(limit.split("=") for limit in limits)
    sample = folder / f"{name}-sample"
    if not sample.exists():
        datasets.run(program, "corpus", corpus, "-o", sample, "--passages", PASSAGES, "--held-out", 0)
    lines = [excerpt(line) for line in (sample / "train.jsonl").read_text(encoding="utf8").splitlines()]
    for source in SOURCES:
        wanted = lines[:int(limits.get(source, len(lines)))]
        for begin in range(0, len(wanted), STEP):
            output = folder / f"{name}-{source}-{begin // STEP:02}"
            if not output.exists():
                annotate(program, model, pipeline, wanted[begin:begin + STEP], source, output)


def annotate(program, model, pipeline, lines, source, output):
    if source == "wordnet":
        whole = output.with_name(output.name.replace("-wordnet-", "-wordnet-all-"))
        datasets.run(program, "dataset", "limit", whole, "-o", output, "--count", 10)
        return
    passages = output.with_suffix(".jsonl")
    passages.write_text("".join(lines), encoding="utf8")
    most = ["--max-synonyms", 200] if source == "wordnet-all" else []
    datasets.run(program, "annotate", passages, "-m", model, "--english-pipeline", pipeline, "-o", output,
                 "--source", source.split("-")[0], "--type", "bfloat16", *most)


def words_of(folder, name, source):
    """The synonyms of each word by passage and position, over all steps."""
    return {(r["id"], w["position"]): (r, w, [s["text"] for s in w["synonyms"]])
            for step in sorted(pathlib.Path(folder).glob(f"{name}-{source}-[0-9][0-9]"))
            for r in datasets.records(step) for w in r["words"]}


def overlap(a, b):
    """Over words that both sources were asked: share where both, and where either, name a synonym; mean Jaccard of the
    latter; share of the former where they have a synonym in common."""
    common = [(set(a[key][2]), set(b[key][2])) for key in a if key in b]
    either = [(x, y) for x, y in common if x or y]
    both = [(x, y) for x, y in common if x and y]
    if not both:
        return None
    return (len(common), len(both) / len(common), statistics.mean(len(x & y) / len(x | y) for x, y in either),
            sum(bool(x & y) for x, y in both) / len(both))


def compare(folder, *names):
    for name in names:
        sets = {s: words_of(folder, name, s) for s in SOURCES}
        related = sets.pop("wordnet-all")
        print(f"\n{name}\n{'source':12} {'passages':>8} {'words':>6} {'with':>6} {'size':>6} {'related':>8}")
        sets = {source: words for source, words in sets.items() if words}
        for source, words in sets.items():
            filled = [synonyms for _, _, synonyms in words.values() if synonyms]
            pairs = [(key, s) for key, (_, _, synonyms) in words.items() for s in synonyms]
            share = sum(s in related[key][2] for key, s in pairs) / max(1, len(pairs))
            print(f"{source:12} {len({key[0] for key in words}):8} {len(words):6} {100 * len(filled) / len(words):5.1f}% "
                  f"{statistics.mean(map(len, filled)):6.2f} {100 * share:7.1f}%")
        for a, b in itertools.combinations(sets, 2):
            if found := overlap(sets[a], sets[b]):
                print(f"{a} and {b}: {found[0]} words, both have synonyms for {100 * found[1]:.1f} %, of these "
                      f"{100 * found[3]:.1f} % share one; mean Jaccard {found[2]:.3f}")


def examples(folder, name, count):
    sets = {s: words_of(folder, name, s) for s in ("wordnet", "embedding", "prompt")}
    sets = {source: words for source, words in sets.items() if words}
    keys = sorted(set.intersection(*(set(words) for words in sets.values())))
    for key in sorted(random.Random(42).sample(keys, int(count))):
        record, word, _ = sets["wordnet"][key]
        text = record["text"].replace("\n", " ")
        at = max(0, text.find(" " + word["word"], max(0, 4 * (word["position"] - 8))) - 40)
        print(f"\n{word['word']} ({word['pos']}) … {text[at:at + 100]} …")
        for source, words in sets.items():
            print(f"  {source:10} {', '.join(words[key][2]) or '—'}")


if __name__ == "__main__":
    {"make": make, "compare": compare, "examples": examples}[sys.argv[1]](*sys.argv[2:])
