"""Golden losses and LoRA gradients of every objective, from transformers + peft on a padded batch in float32.

usage: make_training_golden.py MODEL_DIR OUT.safetensors
MODEL_DIR is one of tests/reference/model/: a small model with a peft adapter in adapter/.

Writes tokens and sequence starts; rows, ids and set starts of the content words' concept sets (the word first); the
synonyms of several tokens that "product" adds to them, each run as a text of its own behind the word's prefix; for each
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
OBJECTIVES = {"paper": 0.25, "blended": 0.5, "weighted-ce": 0.0, "content-ntp": 0.75, "product": 0.6}  # with their λ
LONGER = ((0, 2), (1, 4), (1, 2), (3, 3), (4, 2))  # (number of the word, tokens of the synonym)
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
    longer = [(word, torch.randint(vocabulary, (n,), generator=generator)) for word, n in LONGER]
    longer[2][1][0] = longer[1][1][0]  # two synonyms of one word begin alike
    return passages, sets, longer


def longer_probabilities(model, passages, longer):
    """For each synonym of several tokens, the product of their probabilities behind the word's prefix."""
    products = []
    for word, tokens in longer:
        passage, position = WORDS[word]
        text = torch.cat([passages[passage][:position], tokens])
        log_p = F.log_softmax(model(input_ids=text[None, :-1]).logits[0].float(), -1)
        rows = torch.arange(position - 1, len(text) - 1)
        products.append(log_p[rows, tokens].sum().exp())
    return products


def loss_of(name, concept_weight, logits, passages, sets, longer):
    """The objective as its definition reads, over padded logits of shape [passages, length, vocabulary]."""
    log_p = F.log_softmax(logits.float(), -1)
    nll = [-log_p[b, : len(t) - 1].gather(-1, t[1:, None])[:, 0] for b, t in enumerate(passages)]
    all_tokens = torch.cat(nll)
    content = torch.stack([nll[b][p - 1] for b, p in WORDS])
    mass_sets = [s[:1] for s in sets] if name == "content-ntp" else sets
    mass = torch.stack([log_p[b, p - 1, s].logsumexp(-1).exp() for (b, p), s in zip(WORDS, mass_sets)])
    for word, probability in longer:
        mass = mass + F.one_hot(torch.tensor(word), len(WORDS)) * probability
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
    passages, sets, longer = draw_batch(model.config.vocab_size)
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
        "longer_words": torch.tensor([word for word, _ in longer]).int(),
        "longer_ids": torch.cat([tokens for _, tokens in longer]).int(),
        "longer_sizes": torch.tensor([len(tokens) for _, tokens in longer]).int(),
    }
    for name, concept_weight in OBJECTIVES.items():
        model.zero_grad()
        logits = model(input_ids=padded, attention_mask=mask).logits
        products = []
        if name == "product":
            products = [(word, p) for (word, _), p in zip(longer, longer_probabilities(model, passages, longer))]
        loss = loss_of(name, concept_weight, logits, passages, sets, products)
        loss.backward()
        golden[f"loss.{name}"] = loss.detach().reshape(1)
        for parameter, tensor in model.named_parameters():
            if tensor.requires_grad:
                golden[f"gradient.{name}.{parameter.replace('.default', '')}"] = tensor.grad.clone()
    save_file(golden, arguments.out)
    print({k: v.item() for k, v in golden.items() if k.startswith("loss.")}, len(golden), "tensors")


main()
