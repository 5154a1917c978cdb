#!/usr/bin/env python3
"""transformers and peft on the work that bench_evaluation writes: prints one JSON line with seconds and values.

usage: hf_evaluation.py WORK.json

The base model and its adapters are one PeftModel in float32, so weights are shared here too. Texts go by length in
padded batches of 32, each different text once; passages by length in batches of 8. Loading is not timed.
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


def by_length(sequences, batch):
    order = sorted(range(len(sequences)), key=lambda i: len(sequences[i]))
    for begin in range(0, len(order), batch):
        yield order[begin : begin + batch]


def similarity(causal, benchmark, unpooled):
    texts = benchmark["texts"]
    rows = [None] * len(texts)
    for chosen in by_length(texts, 32):
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


def next_token(causal, passages):
    nll, hits, content_nll, content_hits, mass = [], [], [], [], []
    for chosen in by_length([p["ids"] for p in passages], 8):
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


def measure(causal, work):
    values = {name: similarity(causal, b, work["unpooled"]) for name, b in work["benchmarks"].items()}
    values["passages"] = next_token(causal, work["passages"])
    return values


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
    begun = time.perf_counter()
    values = {}
    with model.disable_adapter():
        values["base"] = measure(causal, work)
    for adapter in names:
        model.set_adapter(adapter)
        values[adapter] = measure(causal, work)
    print(json.dumps({"seconds": time.perf_counter() - begun, "values": values}))


if __name__ == "__main__":
    main()
