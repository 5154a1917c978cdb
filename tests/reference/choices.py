"""Makes choices.json: log-likelihoods of the made-up questions in choices/, after lm-evaluation-harness 0.4.

usage: HF_HUB_OFFLINE=1 choices.py INPUTS > choices.json      (needs what evaluation.py needs)

Prompts are those of the harness's task definitions (doc_to_text, doc_to_choice, hellaswag's and winogrande's
preprocessing), a pair is split as its HFLM does (encode_pair), the scores are its acc and acc_norm.
"""
import json
import pathlib
import re
import sys

import numpy
import torch
from evaluation import MODEL, build_tokenizer
from transformers import AutoModelForCausalLM

FOLDER = pathlib.Path(__file__).parent / "choices"


def read(name):
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf8").splitlines()]


def stem_and_choices(name, template):
    for doc in read(name):
        choices = doc["question"]["choices"]
        labels = [c["label"] for c in choices]
        texts = [c["text"] for c in choices]
        context = template.format(doc["question"]["stem"])
        yield [(context, " " + t) for t in texts], texts, labels.index(doc["answerKey"])


def clean(text):
    text = text.strip().replace(" [title]", ". ")
    return re.sub(r"\[.*?\]", "", text).replace("  ", " ")


def hellaswag():
    for doc in read("hellaswag.jsonl"):
        context = clean(doc["activity_label"] + ": " + doc["ctx_a"] + " " + doc["ctx_b"].capitalize())
        texts = [clean(e) for e in doc["endings"]]
        yield [(context, " " + t) for t in texts], texts, int(doc["label"])


def piqa():
    labels = (FOLDER / "piqa-labels.lst").read_text().split()
    for doc, label in zip(read("piqa.jsonl"), labels):
        texts = [doc["sol1"], doc["sol2"]]
        yield [(f"Question: {doc['goal']}\nAnswer:", " " + t) for t in texts], texts, int(label)


def winogrande():
    for doc in read("winogrande.jsonl"):
        gap = doc["sentence"].index("_")
        texts = [doc["sentence"][:gap] + doc[o] for o in ("option1", "option2")]
        continuation = " " + doc["sentence"][gap + 1 :].strip()
        yield [(t, continuation) for t in texts], texts, int(doc["answer"]) - 1


def log_likelihood(model, tokenizer, context, continuation):
    spaces = len(context) - len(context.rstrip())
    if spaces > 0:
        continuation, context = context[-spaces:] + continuation, context[:-spaces]
    whole = tokenizer.encode(context + continuation).ids
    start = len(tokenizer.encode(context).ids)
    log_p = model(torch.tensor([whole[:-1]])).logits[0].double().log_softmax(-1)
    return float(sum(log_p[i - 1, whole[i]] for i in range(start, len(whole))))


@torch.no_grad()
def main():
    inputs = pathlib.Path(sys.argv[1])
    tokenizer = build_tokenizer(inputs / MODEL)
    model = AutoModelForCausalLM.from_pretrained(inputs, gguf_file=MODEL, dtype=torch.float32).eval()
    tasks = {
        "arc_easy": stem_and_choices("arc.jsonl", "Question: {}\nAnswer:"),
        "openbookqa": stem_and_choices("openbookqa.jsonl", "{}"),
        "hellaswag": hellaswag(),
        "piqa": piqa(),
        "winogrande": winogrande(),
    }
    document = {}
    for name, questions in tasks.items():
        scores, acc, acc_norm = [], [], []
        for pairs, texts, answer in questions:
            values = numpy.array([log_likelihood(model, tokenizer, *pair) for pair in pairs])
            scores.append(values.tolist())
            acc.append(float(values.argmax() == answer))
            acc_norm.append(float((values / numpy.array([float(len(t)) for t in texts])).argmax() == answer))
        document[name] = {
            "log_likelihoods": scores,
            "acc": float(numpy.mean(acc)),
            "acc_norm": float(numpy.mean(acc_norm)),
        }
    print(json.dumps(document))


if __name__ == "__main__":
    main()
