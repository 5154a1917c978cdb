#!/usr/bin/env python3
"""LoRA steps with the concept objective by transformers and peft, as the field writes them: padded batches, full
logits, autograd through libtorch's operations.

usage: hf_peft_train.py MODEL [--type float32|bfloat16] [--rank R] [--concept-weight W] [--checkpointing]

MODEL is a GGUF file or a model folder. Reads batches from standard input, one JSON line each:
{"passages": [[id, ...], ...], "words": [[passage, token, [id, ...]], ...]}. Answers each with the line
{"seconds": of the step, "loss": before the update}, and the end of input with {"name", "peak_rss_mb"}.
"""
import argparse
import json
import os
import pathlib
import resource
import sys
import time

os.environ.update(HF_HUB_OFFLINE="1", TQDM_DISABLE="1", TRANSFORMERS_VERBOSITY="error")  # before they are loaded
import peft  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402

from padded import padded  # noqa: E402


def load(path, dtype):
    path = pathlib.Path(path)
    if path.is_dir():
        return transformers.AutoModelForCausalLM.from_pretrained(path, dtype=dtype)
    return transformers.AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=dtype)


def loss_of(model, batch, concept_weight, target_mass=0.6):
    ids, mask = padded(batch["passages"])
    log_p = torch.log_softmax(model(input_ids=ids, attention_mask=mask).logits[:, :-1].float(), -1)
    next_token = -log_p.gather(-1, ids[:, 1:, None])[..., 0][mask[:, 1:].bool()].mean()
    passages, tokens, sets = zip(*batch["words"])
    longest = max(map(len, sets))
    ids_of_sets = torch.tensor([concept + [0] * (longest - len(concept)) for concept in sets])
    outside = torch.arange(longest)[None] >= torch.tensor([len(concept) for concept in sets])[:, None]
    log_p_of_sets = log_p[list(passages), [token - 1 for token in tokens]].gather(-1, ids_of_sets)
    log_mass = torch.logsumexp(log_p_of_sets.masked_fill(outside, float("-inf")), -1)
    concept_loss = torch.where(log_mass.exp() > target_mass, torch.zeros_like(log_mass), -log_mass).mean()
    return (1 - concept_weight) * next_token + concept_weight * concept_loss


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--type", default="float32")
    parser.add_argument("--rank", type=int, default=4)
    parser.add_argument("--concept-weight", type=float, default=0.5)
    parser.add_argument("--checkpointing", action="store_true")
    arguments = parser.parse_args()
    model = load(arguments.model, getattr(torch, arguments.type))
    lora = peft.LoraConfig(r=arguments.rank, lora_alpha=4, target_modules=["q_proj", "k_proj", "v_proj", "o_proj"],
                           task_type="CAUSAL_LM")
    model = peft.get_peft_model(model, lora)
    if arguments.checkpointing:
        model.gradient_checkpointing_enable()
        model.enable_input_require_grads()
    model.train()
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=7e-5, weight_decay=0)
    for line in sys.stdin:
        batch = json.loads(line)
        begun = time.perf_counter()
        loss = loss_of(model, batch, arguments.concept_weight)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        print(json.dumps({"seconds": time.perf_counter() - begun, "loss": loss.item()}), flush=True)
    print(json.dumps({
        "name": f"transformers {transformers.__version__}, peft {peft.__version__}, torch {torch.__version__}",
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}), flush=True)


if __name__ == "__main__":
    main()
