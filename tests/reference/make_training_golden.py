"""Golden losses and LoRA gradients of every objective, from transformers + peft on a padded batch in float32.

usage: make_training_golden.py MODEL_DIR OUT.safetensors
MODEL_DIR is one of tests/reference/model/: a small model with a peft adapter in adapter/.

Writes tokens and sequence starts; rows, ids and set starts of the content words' concept sets (the word first); for each
objective its loss ("loss.NAME") and the gradient of every LoRA matrix ("gradient.NAME." + matrix).
"""
import argparse
import pathlib

import peft
import torch
import torch.nn.functional as F
import transformers
from safetensors.torch import save_file

LENGTHS = (21, 34)
WORDS = ((0, 3), (0, 8), (0, 20), (1, 1), (1, 17), (1, 30))  # (passage, position of the word's token)
TARGET_MASS = 0.6
OBJECTIVES = {"paper": 0.25, "blended": 0.5, "weighted-ce": 0.0, "content-ntp": 0.75}  # with their λ
CONTENT_WEIGHT = 5


def draw_batch(vocabulary):
    generator = torch.Generator().manual_seed(20)
    passages = [torch.randint(vocabulary, (n,), generator=generator) for n in LENGTHS]
    sets = []
    for number, (passage, position) in enumerate(WORDS):
        # The last set holds most of the vocabulary, so that its mass is above the target.
        size = 80 if number == len(WORDS) - 1 else 1 + number
        others = [i for i in torch.randperm(vocabulary, generator=generator).tolist() if i != passages[passage][position]]
        sets.append([passages[passage][position].item(), *others[:size]])
    return passages, sets


def loss_of(name, concept_weight, logits, passages, sets):
    """The objective as its definition reads, over padded logits of shape [passages, length, vocabulary]."""
    log_p = F.log_softmax(logits.float(), -1)
    nll = [-log_p[b, : len(t) - 1].gather(-1, t[1:, None])[:, 0] for b, t in enumerate(passages)]
    all_tokens = torch.cat(nll)
    content = torch.stack([nll[b][p - 1] for b, p in WORDS])
    mass_sets = [s[:1] for s in sets] if name == "content-ntp" else sets
    mass = torch.stack([log_p[b, p - 1, s].logsumexp(-1).exp() for (b, p), s in zip(WORDS, mass_sets)])
    concept = torch.where(mass > TARGET_MASS, torch.zeros_like(mass), -mass.log()).mean()
    if name == "blended":
        return (all_tokens.sum() - concept_weight * content.sum()) / len(all_tokens) + concept_weight * concept
    if name == "weighted-ce":
        extra = CONTENT_WEIGHT - 1
        return (all_tokens.sum() + extra * content.sum()) / (len(all_tokens) + extra * len(content))
    return (1 - concept_weight) * all_tokens.mean() + concept_weight * concept


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    base = transformers.AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32, attn_implementation="eager")
    model = peft.PeftModel.from_pretrained(base, arguments.model / "adapter", is_trainable=True)
    model.eval()  # no dropout
    passages, sets = draw_batch(model.config.vocab_size)
    padded = torch.zeros(len(passages), max(LENGTHS), dtype=torch.long)
    mask = torch.zeros_like(padded)
    for b, tokens in enumerate(passages):
        padded[b, : len(tokens)], mask[b, : len(tokens)] = tokens, 1

    starts = torch.tensor([0, *torch.tensor(LENGTHS).cumsum(0).tolist()])
    golden = {
        "tokens": torch.cat(passages).int(),
        "starts": starts.int(),
        "word_positions": torch.tensor([p for _, p in WORDS]).int(),
        "word_passages": torch.tensor([b for b, _ in WORDS]).int(),
        "set_ids": torch.tensor(sum(sets, [])).int(),
        "set_sizes": torch.tensor([len(s) for s in sets]).int(),
    }
    for name, concept_weight in OBJECTIVES.items():
        model.zero_grad()
        logits = model(input_ids=padded, attention_mask=mask).logits
        loss = loss_of(name, concept_weight, logits, passages, sets)
        loss.backward()
        golden[f"loss.{name}"] = loss.detach().reshape(1)
        for parameter, tensor in model.named_parameters():
            if tensor.requires_grad:
                golden[f"gradient.{name}.{parameter.replace('.default', '')}"] = tensor.grad.clone()
    save_file(golden, arguments.out)
    print({k: v.item() for k, v in golden.items() if k.startswith("loss.")}, len(golden), "tensors")


main()
