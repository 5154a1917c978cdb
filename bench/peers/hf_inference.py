#!/usr/bin/env python3
"""transformers on the CPU: candidates and text embeddings, for bench_inference to compare with.

usage: hf_inference.py MODEL.gguf INPUT.json

INPUT: {"threads", "rounds", "candidates": [ids…], "words": [ids…], "sentences": [ids…]}. Batches are padded on the right.
Every batch size and number type is tried on the first texts, then the fastest is timed on all. Texts are taken in their
order, as usual, and once more sorted by length. Prints one JSON line: by task "seconds", "seconds_by_length", "batch"
and "type"; "values", by task, of the first text in float32: log-probabilities of the five likeliest tokens at each
position, or the mean of the hidden states at length 1.
"""
import itertools
import json
import os
import sys
import time

import torch
import transformers
from transformers import AutoModelForCausalLM

from padded import padded

BATCHES = (1, 8, 16, 32, 64)
TYPES = (torch.float32, torch.bfloat16)


def batches(texts, size):
    for begin in range(0, len(texts), size):
        ids, mask = padded(texts[begin : begin + size])
        yield {"input_ids": ids, "attention_mask": mask}


def candidates(model, batch):
    return model(**batch).logits.topk(200, -1)


def embeddings(model, batch):
    hidden, mask = model.model(**batch).last_hidden_state, batch["attention_mask"][..., None]
    return torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)


def seconds_of(task, model, texts, size):
    begun = time.perf_counter()
    for batch in batches(texts, size):
        task(model, batch)
    return time.perf_counter() - begun


def measure(task, models, texts, rounds):
    sample = texts[: max(BATCHES)] if len(texts) > 2 * max(BATCHES) else texts[: (len(texts) + 1) // 2]
    sizes = [size for size in BATCHES if size < 2 * len(sample)]
    trials = {(size, kind): seconds_of(task, models[kind], sample, size)
              for size, kind in itertools.product(sizes, TYPES)}
    size, kind = min(trials, key=trials.get)
    report = {"batch": size, "type": str(kind).removeprefix("torch.")}
    orders = {"seconds": texts, "seconds_by_length": sorted(texts, key=len)}
    for name, ordered in orders.items():
        report[name] = min(seconds_of(task, models[kind], ordered, size) for _ in range(rounds))
    return report


def main():
    folder, file = os.path.split(sys.argv[1])
    with open(sys.argv[2]) as opened:
        given = json.load(opened)
    torch.set_num_threads(given["threads"])
    models = {kind: AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=kind).eval() for kind in TYPES}
    report = {"name": f"transformers {transformers.__version__}, torch {torch.__version__}", "values": {}}
    with torch.inference_mode():
        for name, task in (("candidates", candidates), ("words", embeddings), ("sentences", embeddings)):
            texts = given[name]
            first = next(batches(texts[:1], 1))
            if task is candidates:
                log_probs = models[torch.float32](**first).logits[0].log_softmax(-1)
                report["values"][name] = log_probs.topk(5, -1).values.flatten().tolist()
            else:
                report["values"][name] = task(models[torch.float32], first)[0].tolist()
            report[name] = measure(task, models, texts, given["rounds"])
    print(json.dumps(report))


if __name__ == "__main__":
    main()
