"""Makes what conceptune/evaluation is held to: what transformers computes for the base model on the similarity
benchmarks and on passages.

usage: HF_HUB_OFFLINE=1 evaluation.py passages INPUTS > evaluation_passages.json
       HF_HUB_OFFLINE=1 evaluation.py perplexity INPUTS > evaluation_perplexity.json
       HF_HUB_OFFLINE=1 evaluation.py similarity INPUTS SHARED > evaluation_similarity.json
       INPUTS  the fetched inputs (SmolLM2-135M-Instruct.Q4_1.gguf, simlex999.txt, wordsim353.tsv,
               lee_background.cor)
       SHARED  folder with data/benchmarks/{men.txt,stsb-dev.csv}
       needs torch, transformers, gguf, tokenizers, scipy

transformers' own conversion of a GGUF vocabulary loses its pre-tokenizer, so the tokenizer is built here as
SmolLM2's tokenizer.json has it: single digits, then GPT-2's byte-level split.
"""
import json
import math
import pathlib
import sys

import gguf
import scipy.stats
import tokenizers
import torch
from tokenizers import decoders, models, pre_tokenizers
from transformers import AutoModelForCausalLM

MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
CONVENTIONS = {
    "bare": {"space": "", "begin": [], "pooled_from": 0},
    "begin": {"space": "", "begin": [0], "pooled_from": 1},
    "in-text": {"space": " ", "begin": [0], "pooled_from": 1},
    "in-text-pooled": {"space": " ", "begin": [0], "pooled_from": 0},
}


def build_tokenizer(path):
    fields = gguf.GGUFReader(path).fields
    tokens = [bytes(fields["tokenizer.ggml.tokens"].parts[i]).decode() for i in fields["tokenizer.ggml.tokens"].data]
    merges = [bytes(fields["tokenizer.ggml.merges"].parts[i]).decode() for i in fields["tokenizer.ggml.merges"].data]
    bpe = models.BPE(vocab={t: i for i, t in enumerate(tokens)}, merges=[tuple(m.split(" ")) for m in merges])
    tokenizer = tokenizers.Tokenizer(bpe)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def read_pairs(path, columns):
    for line in path.read_text(encoding="utf8").splitlines():
        if line and not line.startswith("#"):
            fields = line.split("\t")
            yield fields[columns[0]], fields[columns[1]], float(fields[columns[2]])


def embed(model, sequences, pooled_from):
    """Mean of the final hidden states from position `pooled_from`, one row of length 1 for each sequence."""
    order = sorted(range(len(sequences)), key=lambda i: len(sequences[i]))
    rows = [None] * len(sequences)
    for start in range(0, len(order), 64):
        # Sequences of one length go together, so that no padding can matter.
        chosen = order[start : start + 64]
        for length in sorted({len(sequences[i]) for i in chosen}):
            group = [i for i in chosen if len(sequences[i]) == length]
            hidden = model.model(torch.tensor([sequences[i] for i in group])).last_hidden_state
            for i, states in zip(group, hidden):
                vector = states[pooled_from:].double().mean(0)
                rows[i] = vector / vector.norm()
    return torch.stack(rows)


def similarity(model, tokenizer, pairs, convention):
    texts = sorted({t for pair in pairs for t in pair[:2]})
    ids = [convention["begin"] + tokenizer.encode(convention["space"] + t).ids for t in texts]
    rows = embed(model, ids, convention["pooled_from"])
    place = {t: i for i, t in enumerate(texts)}
    cosines = [float(rows[place[a]] @ rows[place[b]]) for a, b, _ in pairs]
    scores = [s for _, _, s in pairs]
    return {
        "spearman": float(scipy.stats.spearmanr(scores, cosines).statistic),
        "pearson": float(scipy.stats.pearsonr(scores, cosines).statistic),
        "kendall": float(scipy.stats.kendalltau(scores, cosines).statistic),
    }


def next_token(model, tokenizer, texts):
    """Scores of every token after the first; every third is taken for a content word, with two made-up synonyms."""
    passages = []
    for text in texts:
        ids = tokenizer.encode(text).ids
        log_p = model(torch.tensor([ids])).logits[0].double().log_softmax(-1)
        words = [
            {"position": t, "synonyms": [(ids[t] + 7) % 49152, (ids[t] + 1000) % 49152]}
            for t in range(3, len(ids), 3)
        ]
        for word in words:
            concept = [ids[word["position"]]] + word["synonyms"]
            word["concept_nll"] = float(-log_p[word["position"] - 1, concept].logsumexp(0))
        passages.append(
            {
                "ids": ids,
                "nll": [float(-log_p[t - 1, ids[t]]) for t in range(1, len(ids))],
                "correct": [int(log_p[t - 1].argmax() == ids[t]) for t in range(1, len(ids))],
                "words": words,
            }
        )
    return passages


def perplexity(model, tokenizer, texts):
    """Next-token metrics over passages with words as in next_token()."""
    nll, hits, content_nll, content_hits, concept_nll = [], [], [], [], []
    for passage in next_token(model, tokenizer, texts):
        nll += passage["nll"]
        hits += passage["correct"]
        for word in passage["words"]:
            content_nll.append(passage["nll"][word["position"] - 1])
            content_hits.append(passage["correct"][word["position"] - 1])
            concept_nll.append(word["concept_nll"])
    mean = lambda values: sum(values) / len(values)
    return {
        "tokens": len(nll),
        "content_words": len(content_nll),
        "global_perplexity": math.exp(mean(nll)),
        "global_accuracy": mean(hits),
        "content_perplexity": math.exp(mean(content_nll)),
        "content_accuracy": mean(content_hits),
        "concept_perplexity": math.exp(mean(concept_nll)),
        "concept_mass": mean([math.exp(-v) for v in concept_nll]),
    }


def all_similarities(model, tokenizer, inputs, shared):
    sets = {
        "simlex999": (inputs / "simlex999.txt", (0, 1, 2)),
        "wordsim353": (inputs / "wordsim353.tsv", (0, 1, 2)),
        "men": (shared / "data/benchmarks/men.txt", (0, 1, 2)),
        "stsb-dev": (shared / "data/benchmarks/stsb-dev.csv", (5, 6, 4)),
    }
    results = {}
    for name, (path, columns) in sets.items():
        pairs = list(read_pairs(path, columns))
        results[name] = {}
        for key, convention in CONVENTIONS.items():
            if name == "stsb-dev" and key in ("begin", "in-text-pooled"):
                continue
            results[name][key] = similarity(model, tokenizer, pairs, convention)
            print(name, key, results[name][key], file=sys.stderr)
    return results


@torch.no_grad()
def main():
    part, inputs = sys.argv[1], pathlib.Path(sys.argv[2])
    tokenizer = build_tokenizer(inputs / MODEL)
    model = AutoModelForCausalLM.from_pretrained(inputs, gguf_file=MODEL, dtype=torch.float32).eval()
    if part == "similarity":
        document = all_similarities(model, tokenizer, inputs, pathlib.Path(sys.argv[3]))
    elif part == "perplexity":
        texts = (inputs / "lee_background.cor").read_text(encoding="utf8").splitlines()
        document = perplexity(model, tokenizer, [t for t in texts if len(t) < 2000][:60])
    else:
        texts = (inputs / "lee_background.cor").read_text(encoding="utf8").splitlines()[:4]
        document = next_token(model, tokenizer, [t[:500] for t in texts])
    print(json.dumps(document))


if __name__ == "__main__":
    main()
