"""Runs a GGUF model with a GGUF adapter in llama.cpp and compares the logits.

usage: check_in_llama_cpp.py MODEL.gguf ADAPTER.gguf BASE_LOGITS ADAPTED_LOGITS TOLERANCE

The model is in float32. Both LOGITS are safetensors files with `tokens`, one sequence, and the `logits` that they should
give without and with the adapter; none may differ by more than TOLERANCE of the largest. Exits with 1 and says how far off
they are. Needs the packages llama-cpp-python, numpy and safetensors.
"""
import sys

import llama_cpp
import numpy
from safetensors.numpy import load_file

FLOAT32 = 0  # ggml's type, for keys and values


def logits_of(model, tokens, **adapter):
    llama = llama_cpp.Llama(model_path=model, n_ctx=256, n_batch=256, logits_all=True, verbose=False, type_k=FLOAT32,
                            type_v=FLOAT32, flash_attn=False, n_threads=2, **adapter)
    llama.eval(tokens)
    return numpy.array(llama.scores[:len(tokens)], dtype=numpy.float64)


def main():
    model, adapter, base_path, adapted_path = sys.argv[1:5]
    base, adapted = load_file(base_path), load_file(adapted_path)
    tokens = [int(token) for token in base["tokens"]]
    found = {"base": logits_of(model, tokens), "adapted": logits_of(model, tokens, lora_path=adapter)}
    expected = {"base": base["logits"], "adapted": adapted["logits"]}
    differences = {name: abs(found[name] - expected[name]).max() / abs(expected[name]).max() for name in found}
    is_right = all(difference <= float(sys.argv[5]) for difference in differences.values())
    print(", ".join(f"{name}: {value:.2g}" for name, value in differences.items()))
    return not is_right


if __name__ == "__main__":
    sys.exit(main())
