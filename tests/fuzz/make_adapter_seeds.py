"""Writes the seed corpora of the fuzzers of adapters and of servers' replies: good ones, and some with one fault each.

usage: python make_adapter_seeds.py
"""
import json
import pathlib
import struct

HERE = pathlib.Path(__file__).parent
CORPUS = HERE / "corpus"
SHAPES = HERE.parent / "servers" / "shapes"
CONFIG = {"peft_type": "LORA", "r": 1, "lora_alpha": 2, "target_modules": ["q_proj"], "bias": "none", "use_dora": False,
          "init_lora_weights": True, "lora_dropout": 0.0, "rank_pattern": {}, "alpha_pattern": {}}


def module(layer, name):
    return f"base_model.model.model.layers.{layer}.self_attn.{name}"


def pair(layer, name="q_proj", rank=1, out=4):
    return {f"{module(layer, name)}.lora_A.weight": [rank, 4], f"{module(layer, name)}.lora_B.weight": [out, rank]}


def safetensors(shapes):
    header, end = {}, 0
    for name, shape in shapes.items():
        size = 2 * shape[0] * shape[1]
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(text)) + text + bytes(end)


def write_adapters():
    folder = CORPUS / "adapter"
    folder.mkdir(parents=True, exist_ok=True)
    both = {**pair(0), **pair(1)}

    def write(name, shapes=both, **changes):
        config = json.dumps({**CONFIG, **changes}, separators=(",", ":")).encode()
        (folder / f"{name}.bin").write_bytes(config + b"\0" + safetensors(shapes))

    write("good_plain")
    write("good_pattern", pair(1), target_modules=".*q_proj")
    write("good_layer", pair(1), layers_to_transform=[1], layers_pattern="layers")
    write("good_ranks", {**pair(0, rank=2), **pair(1), **pair(0, "k_proj", out=2)}, use_rslora=True,
          target_modules=["q_proj", "layers.0.self_attn.k_proj"], rank_pattern={"layers.0.self_attn.q_proj": 2},
          alpha_pattern={"k_proj": 0.5})
    write("bad_method", use_dora=True)
    write("bad_start", init_lora_weights="pissa_niter_4")
    write("bad_setting", use_mirrors=True)
    write("bad_rank", r=2)
    write("bad_rank_huge", r=2 ** 63)
    write("bad_pattern", rank_pattern={"(a+)+$": 1})
    write("bad_missing", pair(0))
    write("bad_half", {**both, f"{module(0, 'v_proj')}.lora_A.weight": [1, 4]}, target_modules=".*")
    write("bad_tensor", {**both, f"{module(0, 'q_proj')}.lora_magnitude_vector": [1, 4]})
    write("bad_module", {**both, "base_model.model.lm_head.lora_A.weight": [1, 4]})
    write("bad_layers", {**both, **pair(2)})
    (folder / "bad_depth.bin").write_bytes(b'{"r":' * 200)
    (folder / "bad_cut.bin").write_bytes(json.dumps(CONFIG).encode() + b"\0\xff\xff")


def write_replies():
    folder = CORPUS / "server_reply"
    folder.mkdir(parents=True, exist_ok=True)

    def write(name, letter, reply):
        text = reply if isinstance(reply, str) else json.dumps(reply, separators=(",", ":"))
        (folder / f"{name}.txt").write_text(letter + text)

    def shape(name):
        return json.loads((SHAPES / f"{name}.json").read_text())

    for name, letter in {"vllm_models": "m", "llama_cpp_models": "m", "sglang_models": "m", "vllm_chat": "a",
                         "llama_cpp_chat": "a", "sglang_chat": "a", "other_chat": "a", "vllm_completions": "v",
                         "vllm_tokenize": "V", "llama_cpp_completion": "l", "llama_cpp_tokenize": "L",
                         "sglang_generate": "s"}.items():
        write(f"good_{name}", letter, shape(name))
    write("good_sglang_tokens", "S", shape("sglang_generate"))
    write("bad_other_models", "m", shape("other_models"))  # none of several is chosen
    write("bad_refusal", "v", shape("vllm_too_many_logprobs"))
    write("bad_reader", "?", {})
    write("bad_choices", "a", {"choices": []})
    write("bad_end", "a", {"choices": [{"message": {"content": "[a]"}, "finish_reason": "content_filter"}]})
    write("bad_id", "L", {"tokens": [2 ** 40]})
    write("bad_ids", "V", {"tokens": {"5": 6}})
    infinite = shape("llama_cpp_completion")
    infinite["completion_probabilities"][0]["top_logprobs"][0]["logprob"] = "-inf"
    write("bad_log_prob", "l", infinite)
    write("bad_number", "l", '{"tokens_evaluated":1e999}')
    write("bad_depth", "s", "[" * 500)


if __name__ == "__main__":
    write_adapters()
    write_replies()
