"""Runs a GGUF model with a GGUF adapter in llama.cpp and compares the logits.

usage: check_in_llama_cpp.py MODEL.gguf ADAPTER.gguf BASE_LOGITS ADAPTED_LOGITS TOLERANCE | quantised

Both LOGITS are safetensors files with `tokens`, one sequence, and the `logits` that they should give without and with the
adapter. TOLERANCE: the model is in float32, and no logit may differ by more than TOLERANCE of the largest. quantised: llama.cpp
rounds what goes into a product with quantised weights, so that the base's logits differ too. Of root mean squares over all
logits, that noise is at most a tenth of the logits' spread, the adapter changes the logits by four times the noise, and with
the adapter they differ by at most 1.5 times the noise: an adapter not applied, or applied by half, is outside. Exits with 1 and
says how far off they are. Needs the packages llama-cpp-python, numpy and safetensors.
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


def are_equal(found, expected, tolerance):
    differences = {name: abs(found[name] - expected[name]).max() / abs(expected[name]).max() for name in found}
    print(", ".join(f"{name}: {value:.2g}" for name, value in differences.items()))
    return all(difference <= tolerance for difference in differences.values())


def are_equal_but_for_noise(found, expected):
    def distance(a, b):
        return numpy.sqrt(numpy.mean((a - b) ** 2))
    spread = expected["base"].std()
    noise = distance(found["base"], expected["base"])
    effect = distance(expected["adapted"], expected["base"])
    difference = distance(found["adapted"], expected["adapted"])
    print(f"spread {spread:.3g}, noise {noise:.3g}, the adapter's effect {effect:.3g}, difference with it {difference:.3g}")
    return noise <= 0.1 * spread and effect >= 4 * noise and difference <= 1.5 * noise


def main():
    model, adapter, base_path, adapted_path, bound = sys.argv[1:]
    base, adapted = load_file(base_path), load_file(adapted_path)
    tokens = [int(token) for token in base["tokens"]]
    found = {"base": logits_of(model, tokens), "adapted": logits_of(model, tokens, lora_path=adapter)}
    expected = {"base": base["logits"].astype(numpy.float64), "adapted": adapted["logits"].astype(numpy.float64)}
    if bound == "quantised":
        return not are_equal_but_for_noise(found, expected)
    return not are_equal(found, expected, float(bound))


if __name__ == "__main__":
    sys.exit(main())
