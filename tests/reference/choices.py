"""Makes choices.json: what EleutherAI's lm-evaluation-harness gives for the made-up questions in choices/.

usage: HF_HUB_OFFLINE=1 choices.py INPUTS > choices.json
       INPUTS  the fetched inputs (SmolLM2-135M-Instruct.Q4_1.gguf)
       needs lm_eval (0.4.13 made the committed file) and what evaluation.py needs

The tasks are the harness's own definitions; only where their data comes from is changed: the questions, which lie here
in the form in which the authors of the tasks published them, are renamed as the hub's copies name them.
"""
import json
import pathlib
import sys
import tempfile

import lm_eval
import torch
from evaluation import MODEL, build_tokenizer
from lm_eval import simple_evaluate
from lm_eval.models.huggingface import HFLM
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

FOLDER = pathlib.Path(__file__).parent / "choices"
# The harness's definition of every task, and the questions.
FILES = {
    "arc_easy": ("arc/arc_easy.yaml", "arc.jsonl"),
    "arc_challenge": ("arc/arc_challenge.yaml", "arc.jsonl"),
    "openbookqa": ("openbookqa/openbookqa.yaml", "openbookqa.jsonl"),
    "hellaswag": ("hellaswag/hellaswag.yaml", "hellaswag.jsonl"),
    "piqa": ("piqa/piqa.yaml", "piqa.jsonl"),
    "winogrande": ("winogrande/default.yaml", "winogrande.jsonl"),
}


def as_on_the_hub(task, doc, position):
    if task == "piqa":
        return {**doc, "label": int((FOLDER / "piqa-labels.lst").read_text().split()[position])}
    if task == "hellaswag":
        return {**doc, "label": str(doc["label"])}
    if task == "winogrande":
        return doc
    stem = "question_stem" if task == "openbookqa" else "question"
    choices = doc["question"]["choices"]
    return {
        stem: doc["question"]["stem"],
        "choices": {"text": [c["text"] for c in choices], "label": [c["label"] for c in choices]},
        "answerKey": doc["answerKey"],
    }


def local_task(task, folder):
    definition, questions = FILES[task]
    lines = (FOLDER / questions).read_text(encoding="utf8").splitlines()
    data = pathlib.Path(folder) / f"{task}.jsonl"
    data.write_text("".join(json.dumps(as_on_the_hub(task, json.loads(l), i)) + "\n" for i, l in enumerate(lines)))
    path = pathlib.Path(folder) / f"{task}.yaml"
    changes = {
        "include": str(pathlib.Path(lm_eval.__file__).parent / "tasks" / definition),
        "task": f"local_{task}",
        "dataset_path": "json",
        "dataset_name": None,
        "dataset_kwargs": {"data_files": {"validation": str(data)}},
        "training_split": None,
        "test_split": None,
    }
    path.write_text(json.dumps(changes))
    return str(path)


def main():
    inputs = pathlib.Path(sys.argv[1])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=build_tokenizer(inputs / MODEL), eos_token="<|im_end|>", pad_token="<|im_end|>"
    )
    model = AutoModelForCausalLM.from_pretrained(inputs, gguf_file=MODEL, dtype=torch.float32).eval()
    harness_model = HFLM(pretrained=model, tokenizer=tokenizer, batch_size=1)
    with tempfile.TemporaryDirectory() as folder:
        tasks = [local_task(task, folder) for task in FILES]
        outcome = simple_evaluate(harness_model, tasks=tasks, log_samples=True, bootstrap_iters=0)
    document = {}
    for task in FILES:
        samples = sorted(outcome["samples"][f"local_{task}"], key=lambda sample: sample["doc_id"])
        document[task] = {"log_likelihoods": [[float(r[0]) for r in s["filtered_resps"]] for s in samples]}
        for name, value in outcome["results"][f"local_{task}"].items():
            if name in ("acc,none", "acc_norm,none"):
                document[task][name.split(",")[0]] = float(value)
    print(json.dumps(document))


if __name__ == "__main__":
    main()
