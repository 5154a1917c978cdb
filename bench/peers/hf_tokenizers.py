#!/usr/bin/env python3
"""Hugging Face tokenizers on one thread: prints one JSON line for bench_tokenizer to compare with.

usage: hf_tokenizers.py MODEL.gguf CORPUS ROUNDS

The tokenizer is built from the file's vocabulary with the stages of its family. Times are processor seconds of the
fastest round, with offsets; "digest" is the SHA-256 over all ids.
"""
import hashlib
import json
import os
import pathlib
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"  # before tokenizers starts its threads
os.environ["RAYON_NUM_THREADS"] = "1"
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests" / "reference"))
import tokenizers  # noqa: E402
from compare_tokenizers import hugging_face  # noqa: E402
from gguf import GGUFReader  # noqa: E402
from texts import read_texts  # noqa: E402


def main():
    model, corpus, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    texts = list(read_texts(corpus))
    tokenizer = hugging_face(GGUFReader(model).fields)
    seconds = []
    for _ in range(rounds):
        begun = time.process_time()
        encodings = [tokenizer.encode(text, add_special_tokens=False) for text in texts]
        seconds.append(time.process_time() - begun)
    digest = hashlib.sha256()
    for encoding in encodings:
        digest.update("".join(f"{i} " for i in encoding.ids).encode() + b"\n")
    print(json.dumps({"name": f"tokenizers {tokenizers.__version__}", "seconds": min(seconds),
                      "digest": digest.hexdigest()}))


if __name__ == "__main__":
    main()
