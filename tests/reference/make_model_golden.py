"""Golden values of the model runtime, from transformers and peft in float32.

usage: make_model_golden.py OUT_DIR [--smollm2 FILE.gguf]

Writes, for a small randomly initialised model of every family, a folder that transformers can load with
  golden.safetensors   tokens and sequence starts of a packed batch; logits, log-probabilities of each sequence's
                       last row and hidden states of each layer; 64 tokens of greedy generation with repetition penalty 1.1 for two prompts
  adapter/             a peft adapter with random matrices, and in golden.safetensors the last sequence's logits with it, a loss
                       and every gradient ("gradient." + name)
and with --smollm2, smollm2.safetensors: the same for a real model, thinned out.
Versions used: torch 2.x, transformers 4.x or later, peft 0.x, on one thread.
"""
import argparse
import pathlib
import shutil

import peft
import torch
import transformers
from safetensors.torch import save_file

SHAPE = dict(vocab_size=96, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
             num_key_value_heads=2, max_position_embeddings=256, bos_token_id=None, eos_token_id=None,
             pad_token_id=None)
LLAMA3_SCALING = dict(rope_type="llama3", factor=32.0, low_freq_factor=1.0, high_freq_factor=4.0,
                      original_max_position_embeddings=256)
LENGTHS = (13, 1, 7, 19)
PROMPTS = (9, 5)
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def families():
    llama, qwen2, qwen3 = transformers.LlamaConfig, transformers.Qwen2Config, transformers.Qwen3Config
    yield "llama3", llama(**SHAPE, tie_word_embeddings=True, rope_theta=500000.0, rope_scaling=LLAMA3_SCALING), "bfloat16"
    yield "llama2", llama(**{**SHAPE, "num_key_value_heads": 4}, tie_word_embeddings=False), "float16"
    yield "qwen2", qwen2(**SHAPE, tie_word_embeddings=True, rope_theta=1000000.0, rms_norm_eps=1e-6), "bfloat16"
    yield "qwen3", qwen3(**SHAPE, head_dim=16, tie_word_embeddings=True, rope_theta=1000000.0), "bfloat16"
    yield "falcon3", llama(**SHAPE, head_dim=16, tie_word_embeddings=False, rope_theta=1000042.0), "float32"


def packed_outputs(model, sequences):
    """Logits and hidden states of every sequence run alone, laid end to end."""
    logits, states = [], None
    for sequence in sequences:
        out = model(input_ids=sequence[None], output_hidden_states=True)
        logits.append(out.logits[0])
        states = [[] for _ in out.hidden_states] if states is None else states
        for kept, state in zip(states, out.hidden_states):
            kept.append(state[0])
    return torch.cat(logits), [torch.cat(kept) for kept in states]


def greedy(model, prompt):
    """64 new tokens, nothing stops early."""
    made = model.generate(prompt[None], attention_mask=torch.ones_like(prompt[None]), do_sample=False,
                          repetition_penalty=1.1, max_new_tokens=64, min_new_tokens=64, pad_token_id=0)
    return made[0, len(prompt):].int()


def randomise(model, generator, stored):
    """Weights large enough that attention, norms and biases matter to the logits, exact in the stored type."""
    for name, parameter in model.named_parameters():
        if name.endswith("norm.weight"):
            parameter.data = 1 + 0.3 * torch.randn(parameter.shape, generator=generator)
        else:
            parameter.data = torch.randn(parameter.shape, generator=generator) * (0.5 if parameter.dim() == 1 else 0.2)
        parameter.data = parameter.data.to(stored).float()


def lora_golden(model, folder, sequences, generator, rank_stabilised):
    options = peft.LoraConfig(r=3, lora_alpha=5, lora_dropout=0.0, target_modules=ALL, task_type="CAUSAL_LM",
                              use_rslora=rank_stabilised)
    adapted = peft.get_peft_model(model, options)
    for name, parameter in adapted.named_parameters():
        if "lora_" in name:
            parameter.data = 0.2 * torch.randn(parameter.shape, generator=generator)
    adapted.save_pretrained(folder / "adapter")
    losses, logits = [], []
    for sequence in sequences:
        out = adapted(input_ids=sequence[None]).logits[0]
        logits.append(out)
        losses.append(torch.nn.functional.cross_entropy(out[:-1], sequence[1:], reduction="sum"))
    loss = sum(losses) / sum(len(s) - 1 for s in sequences)
    loss.backward()
    golden = {"adapter_logits": logits[-1].detach(), "adapter_loss": loss.detach()[None]}
    for name, parameter in adapted.named_parameters():
        if "lora_" in name:
            golden["gradient." + name.replace(".default", "")] = parameter.grad
    return golden


def make_family(folder, config, stored_type, seed):
    generator = torch.Generator().manual_seed(seed)
    model = transformers.AutoModelForCausalLM.from_config(config).float().eval()
    randomise(model, generator, getattr(torch, stored_type))
    stored = {name: value.to(getattr(torch, stored_type)) for name, value in model.state_dict().items()}
    model.save_pretrained(folder, state_dict=stored)
    (folder / "generation_config.json").unlink(missing_ok=True)
    draw = lambda n: torch.randint(0, config.vocab_size, (n,), generator=generator)
    sequences = [draw(n) for n in LENGTHS]
    golden = {"tokens": torch.cat(sequences).int(),
              "starts": torch.tensor([0, *torch.tensor(LENGTHS).cumsum(0)]).int()}
    with torch.no_grad():
        logits, states = packed_outputs(model, sequences)
        last_rows = torch.tensor(LENGTHS).cumsum(0) - 1
        golden |= {"logits": logits, "last_log_probs": logits[last_rows].log_softmax(-1)}
        golden |= {f"hidden.{i}": state for i, state in enumerate(states)}
        for i, prompt in enumerate(draw(n) for n in PROMPTS):
            golden |= {f"prompt.{i}": prompt.int(), f"greedy.{i}": greedy(model, prompt)}
    golden |= lora_golden(model, folder, [s for s in sequences if len(s) > 1], generator,
                          rank_stabilised=folder.name == "qwen3")
    save_file({k: v.contiguous() for k, v in golden.items()}, folder / "golden.safetensors")
    (folder / "adapter" / "README.md").unlink(missing_ok=True)


def make_smollm2(path, gguf):
    """Every 61st logit, the 20 most probable tokens at each position, and the last position's hidden states."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    model = transformers.AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name,
                                                              dtype=torch.float32).eval()
    text = "The old lighthouse keeper climbed the narrow stairs, lit the great lamp and watched the ships go by."
    prompts = ["The capital of France is", "Once upon a time there was a small"]
    tokens = torch.tensor(tokenizer(text)["input_ids"])
    with torch.no_grad():
        logits, states = packed_outputs(model, [tokens])
        top = logits.log_softmax(-1).topk(20, -1)
        golden = {"tokens": tokens.int(), "every_61st_logit": logits[:, ::61], "largest_logit": logits.abs().max()[None],
                  "top_ids": top.indices.int(), "top_log_probs": top.values,
                  "last_states": torch.stack([state[-1] for state in states])}
        for i, prompt in enumerate(prompts):
            ids = torch.tensor(tokenizer(prompt)["input_ids"])
            golden |= {f"prompt.{i}": ids.int(), f"greedy.{i}": greedy(model, ids)}
    save_file({k: v.contiguous() for k, v in golden.items()}, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--smollm2", type=pathlib.Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    for seed, (name, config, stored_type) in enumerate(families()):
        folder = arguments.out / name
        shutil.rmtree(folder, ignore_errors=True)
        make_family(folder, config, stored_type, seed)
    if arguments.smollm2:
        make_smollm2(arguments.out / "smollm2.safetensors", arguments.smollm2)


if __name__ == "__main__":
    main()
