"""Writes smollm2_weights.json: the SHA-256 of float32 tensors of the quickstart's model by the gguf package, under
Hugging Face's names and with llama.cpp's row order of query and key undone.

usage: python make_smollm2_weights_golden.py MODEL.gguf    (needs numpy and gguf 0.19)
"""
import hashlib
import json
import pathlib
import sys

import numpy as np
from gguf import GGUFReader, quants

HEADS = {"attn_q": 9, "attn_k": 3}
NAMES = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight"}
for layer in (0, 17, 29):
    for gguf_name, name in {"attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
                            "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
                            "ffn_norm": "post_attention_layernorm", "ffn_gate": "mlp.gate_proj",
                            "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj"}.items():
        NAMES[f"blk.{layer}.{gguf_name}.weight"] = f"model.layers.{layer}.{name}.weight"


def main():
    golden = {}
    for tensor in GGUFReader(sys.argv[1]).tensors:
        if tensor.name not in NAMES:
            continue
        values = np.asarray(quants.dequantize(tensor.data, tensor.tensor_type), dtype="<f4")
        heads = HEADS.get(tensor.name.split(".")[-2])
        if heads:
            # The inverse of convert_hf_to_gguf.py's LlamaModel.permute.
            rows, columns = values.shape
            values = values.reshape(heads, rows // heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)
        golden[NAMES[tensor.name]] = hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()
    text = json.dumps(golden, indent=1)
    pathlib.Path(__file__).with_name("smollm2_weights.json").write_text(text + "\n", encoding="utf8")


main()
