"""Reads an exported adapter with the package gguf and compares it with PEFT's file.

usage: check_gguf_adapter.py FILE.gguf ADAPTER HEADS KEY_HEADS

ADAPTER is the folder that FILE.gguf, in F16 and for the architecture llama, was made of. The rows of queries' and keys'
B must be those that llama.cpp's convert_lora_to_gguf.py writes: LlamaModel.permute of PEFT's. Exits with 1 and says what
differs. Needs the packages gguf, numpy and safetensors.
"""
import json
import pathlib
import re
import sys

import gguf
import numpy
from safetensors.numpy import load_file

NAMES = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
         "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
         "mlp.down_proj": "ffn_down"}

TENSOR = re.compile(r"base_model\.model\.model\.layers\.(\d+)\.(.+)\.lora_([AB])\.weight")


def permuted(weights, heads):
    """LlamaModel.permute of convert_hf_to_gguf.py, for as many heads as the weights have."""
    return (weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:])
            .swapaxes(1, 2).reshape(weights.shape))


def expected_tensors(folder, heads, key_heads):
    for name, values in load_file(folder / "adapter_model.safetensors").items():
        layer, module, matrix = TENSOR.fullmatch(name).groups()
        if matrix == "B" and module in ("self_attn.q_proj", "self_attn.k_proj"):
            values = permuted(values, heads if module.endswith("q_proj") else key_heads)
        yield f"blk.{layer}.{NAMES[module]}.weight.lora_{matrix.lower()}", values


def main():
    path, folder, heads, key_heads = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    reader = gguf.GGUFReader(path)
    config = json.loads((folder / "adapter_config.json").read_text())
    facts = {name: field.contents() for name, field in reader.fields.items()}
    wanted = {gguf.Keys.General.TYPE: gguf.GGUFType.ADAPTER, gguf.Keys.Adapter.TYPE: "lora",
              gguf.Keys.Adapter.LORA_ALPHA: config["lora_alpha"], gguf.Keys.General.ARCHITECTURE: "llama"}
    problems = [f"{key}: {facts.get(key)}, expected {value}" for key, value in wanted.items()
                if facts.get(key) != value]
    stored = {tensor.name: tensor for tensor in reader.tensors}
    expected = dict(expected_tensors(folder, heads, key_heads))
    problems += [f"{name}: in one of the two alone" for name in stored.keys() ^ expected.keys()]
    for name in stored.keys() & expected.keys():
        values = numpy.asarray(stored[name].data, dtype=numpy.float32)
        if values.shape != expected[name].shape or not numpy.array_equal(
                values, expected[name].astype(numpy.float16).astype(numpy.float32)):
            problems.append(f"{name}: other values")
    print("\n".join(problems) or f"{len(expected)} tensors as expected")
    return bool(problems) or not expected


if __name__ == "__main__":
    sys.exit(main())
