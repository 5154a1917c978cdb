#!/usr/bin/env python3
"""transformers and peft on the work that bench_evaluation writes: prints one JSON line with seconds and values.

usage: hf_evaluation.py WORK.json

The base model and its adapters are one PeftModel in float32, so weights are shared here too. Each different text is
run once, in padded batches of the size that is the fastest here. All of it is done twice: with texts in the order given
("given"), and sorted by length ("by_length"), which wastes the least padding. Loading is not timed.
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
        self.texts, self.passages, self.variations = 32, 8, 8

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
            for position, concept in passages[i]["words"]:
                content_nll.append(float(token_nll[position - 1]))
                content_hits.append(float(token_hits[position - 1]))
                mass.append(float(log_p[row, position - 1, concept].exp().sum()))
    return {
        "global_perplexity": float(torch.cat(nll).double().mean().exp()),
        "global_accuracy": float(torch.cat(hits).double().mean()),
        "content_perplexity": float(numpy.exp(numpy.mean(content_nll))),
        "content_accuracy": float(numpy.mean(content_hits)),
        "concept_mass": float(numpy.mean(mass)),
    }


def mean_cosine(rows):
    """Over all pairs of different rows, each of length 1."""
    cosines = rows @ rows.T
    return float((cosines.sum() - cosines.trace()) / (len(rows) * (len(rows) - 1)))


def geometry(causal, passages, variations, batches):
    texts = [passages[p]["ids"][:token] + [variant] for p, token, variants in variations for variant in variants]
    states = [None] * len(texts)
    for chosen in batches.of(texts, batches.variations):
        ids, mask = padded([texts[i] for i in chosen])
        hidden = causal.model(input_ids=ids, attention_mask=mask).last_hidden_state
        for row, i in enumerate(chosen):
            states[i] = hidden[row, len(texts[i]) - 1].double()
    groups = torch.stack(states).split([len(variants) for _, _, variants in variations])
    units = [torch.nn.functional.normalize(group, dim=1) for group in groups]
    of_group = torch.cat([torch.full((len(group),), i) for i, group in enumerate(groups)])
    cosines = torch.cat(units) @ torch.cat(units).T
    alike = of_group[:, None] == of_group[None, :]
    intra = (cosines[alike].sum() - len(cosines)) / (alike.sum() - len(cosines))
    inter = cosines[~alike].mean()
    centroids = torch.nn.functional.normalize(torch.stack([group.mean(0) for group in groups]), dim=1)
    return {
        "intra_similarity": float(intra),
        "inter_similarity": float(inter),
        "clustering_score": float(intra - inter),
        "centroid_similarity": mean_cosine(centroids),
    }


class Measured:
    """Values by part and subject, and the seconds of each part."""

    def __init__(self):
        self.values = {"similarity": {}, "passages": {}}
        self.seconds = {"similarity": 0.0, "next_token": 0.0, "geometry": 0.0}

    def timed(self, part, call):
        begun = time.perf_counter()
        result = call()
        self.seconds[part] += time.perf_counter() - begun
        return result

    def measure(self, subject, causal, work, batches):
        self.values["similarity"][subject] = {
            name: self.timed("similarity", lambda: similarity(causal, benchmark, work["unpooled"], batches))
            for name, benchmark in work["benchmarks"].items()
        }
        passages = self.timed("next_token", lambda: next_token(causal, work["passages"], batches))
        passages |= self.timed("geometry", lambda: geometry(causal, work["passages"], work["variations"], batches))
        self.values["passages"][subject] = {"passages": passages}


def seconds_of(call):
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def choose_sizes(causal, work, batches):
    benchmark = next(iter(work["benchmarks"].values()))
    passages, variations = work["passages"], work["variations"][:4]

    def texts_in(size):
        batches.texts = size
        return seconds_of(lambda: similarity(causal, benchmark, work["unpooled"], batches))

    def passages_in(size):
        batches.passages = size
        return seconds_of(lambda: next_token(causal, passages[:8], batches))

    def variations_in(size):
        batches.variations = size
        return seconds_of(lambda: geometry(causal, passages, variations, batches))

    batches.texts = min((8, 32, 128), key=texts_in)
    batches.passages = min((1, 2, 8), key=passages_in)
    batches.variations = min((1, 2, 6, 12), key=variations_in)


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
    report = {"orders": {}}
    for order, batches in (("given", Batches(sort=False)), ("by_length", Batches(sort=True))):
        with model.disable_adapter():
            choose_sizes(causal, work, batches)
        measured = Measured()
        with model.disable_adapter():
            measured.measure("base", causal, work, batches)
        for adapter in names:
            model.set_adapter(adapter)
            measured.measure(adapter, causal, work, batches)
        sizes = {"texts": batches.texts, "passages": batches.passages, "variations": batches.variations}
        report["orders"][order] = {"seconds": measured.seconds, "batches": sizes}
        report["values"] = measured.values
    print(json.dumps(report))


if __name__ == "__main__":
    main()
