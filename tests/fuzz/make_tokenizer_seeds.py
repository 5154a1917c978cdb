"""Writes the seed corpora of the tokenizer's fuzzers: small good files and some with one fault each.

usage: python make_tokenizer_seeds.py    (needs gguf 0.19; run make_tokenizer_json_golden.py first)
"""
import copy
import json
import pathlib

import gguf

HERE = pathlib.Path(__file__).parent
CORPUS = HERE / "corpus"
REFERENCE = HERE.parent / "reference"
MERGES = 6


def small_tokenizer(family):
    """The family's golden tokenizer.json with fewer merges."""
    content = json.loads((REFERENCE / f"tokenizer_json_{family}.json").read_text())["tokenizer"]
    merges = content["model"]["merges"][:MERGES]
    tokens = sorted(content["model"]["vocab"], key=content["model"]["vocab"].get)[:256 + MERGES]
    content["model"] |= {"merges": merges, "vocab": {token: i for i, token in enumerate(tokens)}}
    for i, added in enumerate(content["added_tokens"]):
        added["id"] = len(tokens) + i
    return content


def write_json():
    folder = CORPUS / "tokenizer_json"
    folder.mkdir(parents=True, exist_ok=True)

    def write(name, content):
        (folder / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")))

    for family in ("llama3", "qwen2", "falcon", "other"):
        write(f"good_{family}", small_tokenizer(family))
    content = small_tokenizer("qwen2")
    for option, added in zip(("normalized", "single_word", "lstrip"), content["added_tokens"]):
        added |= {"special": False, "rstrip": option == "lstrip", option: True}
    content["added_tokens"][0]["content"] = "e\u0301"
    write("good_added", content)
    for name, change in {
        "bad_id": lambda c: c["model"]["vocab"].update({"a": 1 << 40}),
        "bad_merge": lambda c: c["model"]["merges"].append("no such"),
        "bad_pattern": lambda c: c["pre_tokenizer"]["pretokenizers"][0].update({"pattern": {"Regex": "(a"}}),
        "bad_added": lambda c: c["added_tokens"].append({"id": 0, "content": "x" * 9000}),
        "bad_path": lambda c: c.update({"model": {"vocab": "../vocab.json", "merges": "/etc/passwd"}}),
    }.items():
        content = copy.deepcopy(small_tokenizer("llama3"))
        change(content)
        write(name, content)
    (folder / "bad_depth.json").write_text('{"model":' * 500)


def write_gguf():
    folder = CORPUS / "gguf_tokenizer"
    folder.mkdir(parents=True, exist_ok=True)
    content = small_tokenizer("other")["model"]
    tokens = list(content["vocab"]) + ["<s>"]

    def write(name, pre="smollm", tokens=tokens, kinds=None, merges=content["merges"], begin=len(tokens) - 1,
              ends=False, template="{% for m in messages %}{{ bos_token + m.content }}{% endfor %}"):
        writer = gguf.GGUFWriter(folder / f"{name}.gguf", "llama")
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre(pre)
        writer.add_token_list(tokens)
        writer.add_token_types(kinds or [1] * (len(tokens) - 1) + [3])
        writer.add_token_merges(merges)
        writer.add_bos_token_id(begin)
        if ends:
            writer.add_add_eos_token(True)
        writer.add_chat_template(template)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.close()

    for pre in ("smollm", "llama-bpe", "qwen2", "falcon"):
        write(f"good_{pre}", pre)
    write("bad_name", "unknown")
    write("bad_kinds", kinds=[1])
    write("bad_kind", kinds=[1] * (len(tokens) - 1) + [7])
    write("bad_end", ends=True)
    write("bad_merge", merges=["no such"])
    write("bad_begin", begin=100000)
    write("bad_template", template="{{ messages | nothing }}")
    write("bad_twice", tokens=tokens[:-1] + ["!"])


def write_templates():
    folder = CORPUS / "chat_template"
    folder.mkdir(parents=True, exist_ok=True)
    for path in (REFERENCE / "chat_templates").glob("*.jinja"):
        (folder / f"good_{path.name}").write_text(path.read_text())
    for name, text in {
        "bad_end": "{% if a %}",
        "bad_macro": "{% macro f() %}{% endmacro %}",
        "bad_growth": "{% set n = namespace(x='aa') %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
        "bad_depth": "{{ " + "(" * 300 + "1" + ")" * 300 + " }}",
        "bad_division": "{{ 1 % 0 }}",
    }.items():
        (folder / f"{name}.jinja").write_text(text)
    (folder / "bad_utf8.jinja").write_bytes(b'{{ "\xc3"[::-1] }}')


if __name__ == "__main__":
    write_json()
    write_gguf()
    write_templates()
