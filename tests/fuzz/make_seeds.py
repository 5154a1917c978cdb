"""Writes the seed corpora of the fuzzers: small good files and some with one fault each.

usage: python make_seeds.py    (needs numpy and gguf 0.19)
"""
import json
import pathlib
import struct

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type

CORPUS = pathlib.Path(__file__).with_name("corpus")
RANDOM = np.random.default_rng(1)


def quantised(shape, kind):
    if kind in (Type.F32, Type.F16):
        return RANDOM.normal(size=shape).astype(np.float32 if kind == Type.F32 else np.float16)
    values, size = gguf.GGML_QUANT_SIZES[kind]
    return RANDOM.integers(0, 256, (shape[0], shape[1] // values * size), dtype=np.uint8)


def write_gguf(name, arch, kind, width=32, heads=2, kv_heads=1, head=16, mlp=32, vocabulary=4, small=Type.F32,
               leave_out=None, **changes):
    """One layer; matrices with rows of `width` are of type `kind`, the others `small`."""
    path = CORPUS / "gguf_weights" / f"{name}.gguf"
    writer = gguf.GGUFWriter(path, arch)
    numbers = {"block_count": 1, "embedding_length": width, "attention.head_count": heads,
               "attention.head_count_kv": kv_heads, "attention.key_length": head, "feed_forward_length": mlp,
               "context_length": 64, **changes}
    for key, value in numbers.items():
        writer.add_uint32(f"{arch}.{key}", value)
    writer.add_float32(f"{arch}.attention.layer_norm_rms_epsilon", 1e-5)
    queries, keys = heads * head, kv_heads * head
    shapes = {"token_embd.weight": (vocabulary, width), "blk.0.attn_norm.weight": (width,),
              "blk.0.attn_q.weight": (queries, width), "blk.0.attn_k.weight": (keys, width),
              "blk.0.attn_v.weight": (keys, width), "blk.0.attn_output.weight": (width, queries),
              "blk.0.ffn_norm.weight": (width,), "blk.0.ffn_gate.weight": (mlp, width),
              "blk.0.ffn_up.weight": (mlp, width), "blk.0.ffn_down.weight": (width, mlp),
              "output_norm.weight": (width,)}
    if arch == "qwen2":
        shapes |= {f"blk.0.attn_{p}.bias": (queries if p == "q" else keys,) for p in "qkv"}
    if arch == "qwen3":
        shapes |= {f"blk.0.attn_{p}_norm.weight": (head,) for p in "qk"}
    if arch == "llama":
        shapes["rope_freqs.weight"] = (head // 2,)
    for tensor, shape in shapes.items():
        if tensor == leave_out:
            continue
        stored = kind if len(shape) == 2 and shape[1] == width else small if len(shape) == 2 else Type.F32
        data = np.ones(shape, np.float32) if tensor == "rope_freqs.weight" else quantised(shape, stored)
        writer.add_tensor(tensor, data, raw_dtype=None if stored in (Type.F32, Type.F16) else stored)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_ggufs():
    tiny = dict(width=32, heads=1, head=2, mlp=1)
    wide = dict(width=256, heads=1, head=2, mlp=1, vocabulary=2)
    write_gguf("good_llama_f32", "llama", Type.F32, **{**tiny, "width": 4})
    write_gguf("good_llama_q8_0", "llama", Type.Q8_0, **tiny)
    write_gguf("good_qwen2_q4_1", "qwen2", Type.Q4_1, **tiny)
    write_gguf("good_qwen3_f16", "qwen3", Type.F16, **tiny)
    write_gguf("good_llama_q6_k", "llama", Type.Q6_K, **wide)
    write_gguf("bad_missing_tensor", "llama", Type.Q8_0, leave_out="blk.0.ffn_up.weight", **tiny)
    write_gguf("bad_layers", "llama", Type.Q8_0, **tiny, block_count=4000000000)
    write_gguf("bad_unsupported_type", "llama", Type.Q2_K, **wide)
    folder = CORPUS / "gguf_weights"
    whole = (folder / "good_llama_q8_0.gguf").read_bytes()
    (folder / "bad_truncated.gguf").write_bytes(whole[:len(whole) - 40])
    (folder / "bad_counts.gguf").write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 2**63, 2**63))


def write_safetensors(name, header, data=b"", length=None):
    text = header if isinstance(header, str) else json.dumps(header)
    size = len(text) if length is None else length
    (CORPUS / "safetensors" / f"{name}.safetensors").write_bytes(struct.pack("<Q", size) + text.encode() + data)


def write_all_safetensors():
    def tensor(dtype, shape, begin, end):
        return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}
    two = {"__metadata__": {"format": "pt"}, "a": tensor("F32", [2, 1], 0, 8), "b": tensor("BF16", [3], 8, 14)}
    write_safetensors("good_two", two, bytes(14))
    write_safetensors("good_none", "{}  ")
    write_safetensors("good_empty", {"a": tensor("F16", [0, 5], 0, 0)})
    write_safetensors("bad_length", "{}", length=2**64 - 1)
    write_safetensors("bad_gap", {"a": tensor("U8", [1], 1, 2)}, bytes(2))
    write_safetensors("bad_overflow", {"a": tensor("F64", [2**62, 4], 0, 0)})
    write_safetensors("bad_duplicate", '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},'
                      '"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}')
    write_safetensors("bad_depth", '{"a":' + "[" * 2000)


def write_configs():
    llama = {"model_type": "llama", "hidden_size": 64, "intermediate_size": 96, "num_attention_heads": 4,
             "num_hidden_layers": 2, "num_key_value_heads": 2, "vocab_size": 100, "max_position_embeddings": 128,
             "rms_norm_eps": 1e-5, "hidden_act": "silu", "tie_word_embeddings": True, "rope_theta": 5e5,
             "rope_scaling": {"rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                              "original_max_position_embeddings": 64}}
    cases = {"good_llama3": llama, "good_qwen2": {**llama, "model_type": "qwen2", "rope_scaling": None},
             "good_qwen3": {**llama, "model_type": "qwen3", "head_dim": 32, "rope_theta": None, "rope_scaling": None,
                            "rope_parameters": {"rope_type": "default", "rope_theta": 1e6}, "sliding_window": 32,
                            "layer_types": ["full_attention"] * 2, "architectures": ["Qwen3ForCausalLM"]},
             "bad_setting": {**llama, "attn_logit_softcapping": 50.0}, "bad_window": {**llama, "sliding_window": 32},
             "bad_two_bases": {**llama, "rope_scaling": {"rope_type": "default", "rope_theta": 1e6}},
             "bad_two_rotary": {**llama, "rope_parameters": {"rope_type": "default", "rope_theta": 5e5}},
             "bad_rotary_setting": {**llama, "rope_scaling": {"type": "default", "mrope_section": [16, 24, 24]}},
             "bad_family": {**llama, "model_type": "mamba"}, "bad_layers": {**llama, "num_hidden_layers": 2**63},
             "bad_heads": {**llama, "num_attention_heads": 0}}
    for name, config in cases.items():
        (CORPUS / "model_config" / f"{name}.json").write_text(json.dumps(config), encoding="utf8")
    (CORPUS / "model_config" / "bad_number.json").write_text('{"rope_theta": 1e505}', encoding="utf8")


for corpus in ("gguf_weights", "safetensors", "model_config"):
    (CORPUS / corpus).mkdir(parents=True, exist_ok=True)
write_ggufs()
write_all_safetensors()
write_configs()
