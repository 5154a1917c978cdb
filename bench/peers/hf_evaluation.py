#!/usr/bin/env python3
"""transformers and peft on the work that bench_evaluation writes: prints one JSON line with seconds and values.

usage: hf_evaluation.py WORK.json

The base model and its adapters are one PeftModel in float32, so weights are shared here too. Each different text is
run once, in padded batches of the size that is the fastest here. All of it is done twice: with texts in the order given
("seconds"), and sorted by length ("seconds_by_length"), which wastes the least padding. Loading is not timed.
"""
import json
import os
import sys
import time

import numpy
import scipy.stats
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

from padded import padded


class Batches:
    """Which sequences are run together."""

    def __init__(self, sort):
        self.sort = sort
        self.texts, self.passages = 32, 8

    def of(self, sequences, size):
        order = list(range(len(sequences)))
        if self.sort:
            order.sort(key=lambda i: len(sequences[i]))
        for begin in range(0, len(order), size):
            yield order[begin : begin + size]


def similarity(causal, benchmark, unpooled, batches):
    texts = benchmark["texts"]
    rows = [None] * len(texts)
    for chosen in batches.of(texts, batches.texts):
        ids, mask = padded([texts[i] for i in chosen])
        hidden = causal.model(input_ids=ids, attention_mask=mask).last_hidden_state
        mask[:, :unpooled] = 0
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        for i, row in zip(chosen, torch.nn.functional.normalize(mean, dim=1)):
            rows[i] = row
    cosines = [float(rows[a] @ rows[b]) for a, b, _ in benchmark["pairs"]]
    scores = [score for _, _, score in benchmark["pairs"]]
    return {
        "spearman": float(scipy.stats.spearmanr(scores, cosines).statistic),
        "pearson": float(scipy.stats.pearsonr(scores, cosines).statistic),
        "kendall": float(scipy.stats.kendalltau(scores, cosines).statistic),
    }


def next_token(causal, passages, batches):
    nll, hits, content_nll, content_hits, mass = [], [], [], [], []
    for chosen in batches.of([p["ids"] for p in passages], batches.passages):
        ids, mask = padded([passages[i]["ids"] for i in chosen])
        log_p = causal(input_ids=ids, attention_mask=mask).logits.log_softmax(-1)
        best = log_p.argmax(-1)
        for row, i in enumerate(chosen):
            size = len(passages[i]["ids"])
            targets = ids[row, 1:size]
            token_nll = -log_p[row, : size - 1].gather(1, targets[:, None])[:, 0]
            token_hits = (best[row, : size - 1] == targets).float()
            nll.append(token_nll)
            hits.append(token_hits)
            for position, *synonyms in passages[i]["words"]:
                content_nll.append(float(token_nll[position - 1]))
                content_hits.append(float(token_hits[position - 1]))
                concept = [int(ids[row, position]), *synonyms]
                mass.append(float(log_p[row, position - 1, concept].exp().sum()))
    return {
        "global_perplexity": float(torch.cat(nll).double().mean().exp()),
        "global_accuracy": float(torch.cat(hits).double().mean()),
        "content_perplexity": float(numpy.exp(numpy.mean(content_nll))),
        "content_accuracy": float(numpy.mean(content_hits)),
        "concept_mass": float(numpy.mean(mass)),
    }


def measure(causal, work, batches):
    values = {name: similarity(causal, b, work["unpooled"], batches) for name, b in work["benchmarks"].items()}
    values["passages"] = next_token(causal, work["passages"], batches)
    return values


def seconds_of(call):
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def choose_sizes(causal, work, batches):
    benchmark = next(iter(work["benchmarks"].values()))
    passages = work["passages"][:8]

    def texts_in(size):
        batches.texts = size
        return seconds_of(lambda: similarity(causal, benchmark, work["unpooled"], batches))

    def passages_in(size):
        batches.passages = size
        return seconds_of(lambda: next_token(causal, passages, batches))

    batches.texts, batches.passages = min((8, 32, 128), key=texts_in), min((1, 2, 8), key=passages_in)


@torch.no_grad()
def main():
    with open(sys.argv[1], encoding="utf8") as file:
        work = json.load(file)
    torch.set_num_threads(work["threads"])
    folder, name = os.path.split(work["model"])
    base = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
    names = list(work["adapters"])
    model = PeftModel.from_pretrained(base, work["adapters"][names[0]], adapter_name=names[0])
    for other in names[1:]:
        model.load_adapter(work["adapters"][other], adapter_name=other)
    model.eval()
    causal = model.get_base_model()
    causal.model(input_ids=torch.ones(8, 64, dtype=torch.long))  # warm
    values, report = {}, {}
    for key, batches in (("seconds", Batches(sort=False)), ("seconds_by_length", Batches(sort=True))):

        def evaluate():
            with model.disable_adapter():
                values["base"] = measure(causal, work, batches)
            for adapter in names:
                model.set_adapter(adapter)
                values[adapter] = measure(causal, work, batches)

        with model.disable_adapter():
            choose_sizes(causal, work, batches)
        report[key] = seconds_of(evaluate)
        report[key.replace("seconds", "batches")] = [batches.texts, batches.passages]
    print(json.dumps({**report, "values": values}))


if __name__ == "__main__":
    main()
