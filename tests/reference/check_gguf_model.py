"""Reads a model's GGUF file with the package gguf and compares it with the Hugging Face folder that it was made of.

usage: check_gguf_model.py FILE.gguf FOLDER

The file in float32. The rows of a llama's queries and keys must be those that llama.cpp's convert_hf_to_gguf.py writes
(LlamaModel.permute), a scaling of Llama 3.x the divisors that it adds (generate_extra_tensors). Exits with 1 and says what
differs. Needs the packages gguf, numpy, safetensors and torch.
"""
import json
import math
import pathlib
import sys

import gguf
import numpy
from check_gguf_adapter import permuted
from safetensors.torch import load_file


def expected_tensors(folder, config):
    architecture = gguf.MODEL_ARCH[config["model_type"].upper()]
    names = gguf.get_tensor_name_map(architecture, config["num_hidden_layers"])
    is_llama = config["model_type"] == "llama"
    heads = {"q_proj": config["num_attention_heads"], "k_proj": config["num_key_value_heads"]}
    for name, values in load_file(folder / "model.safetensors").items():
        values = values.float().numpy()
        if name == "lm_head.weight" and config["tie_word_embeddings"]:
            continue
        for projection, count in heads.items():
            if is_llama and f"{projection}.weight" in name:
                values = permuted(values, count)
        yield names.get_name(name, try_suffixes=(".weight", ".bias")), values


def divisors(config):
    """generate_extra_tensors of convert_hf_to_gguf.py, for rope_type llama3."""
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    if rope.get("rope_type") != "llama3":
        return None
    size = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
    low = rope["original_max_position_embeddings"] / rope["low_freq_factor"]
    high = rope["original_max_position_embeddings"] / rope["high_freq_factor"]
    base = rope.get("rope_theta") or config["rope_theta"]
    result = []
    for pair in range(0, size, 2):
        wavelength = 2 * math.pi * base ** (pair / size)
        if wavelength < high:
            result.append(1)
        elif wavelength > low:
            result.append(rope["factor"])
        else:
            smooth = (rope["original_max_position_embeddings"] / wavelength - rope["low_freq_factor"]) / (
                rope["high_freq_factor"] - rope["low_freq_factor"])
            result.append(1 / ((1 - smooth) / rope["factor"] + smooth))
    return numpy.array(result, dtype=numpy.float32)


def main():
    path, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    reader = gguf.GGUFReader(path)
    config = json.loads((folder / "config.json").read_text())
    stored = {tensor.name: numpy.asarray(tensor.data) for tensor in reader.tensors}
    problems = []
    found_divisors, expected_divisors = stored.pop("rope_freqs.weight", None), divisors(config)
    if (found_divisors is None) != (expected_divisors is None) or (
            found_divisors is not None and not numpy.allclose(found_divisors, expected_divisors, rtol=1e-6)):
        problems.append(f"rope_freqs.weight: {found_divisors}, expected {expected_divisors}")
    expected = dict(expected_tensors(folder, config))
    problems += [f"{name}: in one of the two alone" for name in stored.keys() ^ expected.keys()]
    problems += [f"{name}: other values" for name in stored.keys() & expected.keys()
                 if stored[name].dtype != numpy.float32 or not numpy.array_equal(stored[name], expected[name])]
    print("\n".join(problems) or f"{len(expected)} tensors as expected")
    return bool(problems) or not expected


if __name__ == "__main__":
    sys.exit(main())
