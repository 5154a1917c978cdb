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
        "bad_import": "{% import 'a' as b %}",
        "bad_growth": "{% set n = namespace(x='aa') %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
        "bad_depth": "{{ " + "(" * 300 + "1" + ")" * 300 + " }}",
        "bad_chain": "{{ 1" + "+1" * 300 + " }}",
        "bad_division": "{{ 1 % 0 }}",
        "bad_recursion": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "bad_rounds": "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
        "bad_ranges": "{% for a in range(99999) %}{% set x = range(99999)|length %}{% endfor %}",
        "bad_range": "{{ range(999999999)|list }}",
        "bad_repeat": "{{ ('x' * 999999) * 9999 }}",
        "bad_list_repeat": "{{ [0] * 9223372036854775807 }}",
        "bad_shared": "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
        "bad_nested_value": "{% set n = namespace(x=[]) %}{% for i in range(999) %}{% set n.x = [n.x] %}{% endfor %}",
        "bad_replace": "{{ ('a' * 9999).replace('', 'b' * 9999) }}",
        "bad_join": "{{ ('x' * 9999).join('a' * 9999) }}",
        "bad_indent": "{{ [[0]]|tojson(indent=9999999999) }}",
        "bad_search": "{% set a = 'a' * 999999 %}{% for i in range(9999) %}{{ ('b' ~ a) in a }}{% endfor %}",
        "bad_map": "{{ 'a'|map(" + "'map'," * 2000 + "'upper')|list }}",
        "bad_iterator": "{% set g = messages|map(attribute='role') %}{{ g|list }}{{ g|list }}",
        "bad_loop_kept": "{% set n = namespace() %}{% for m in messages %}{% set n.l = loop %}{% endfor %}{{ n.l.index }}",
        "good_loops": "{% for m in messages if m.role != 'x' %}{{ loop.index }}{{ loop.cycle('a', 'b') }}{{ loop.nextitem }}"
                      "{% if loop.last %}{% break %}{% else %}{% continue %}{% endif %}{% else %}none{% endfor %}",
        "good_macros": "{% macro m(a, b=2) %}{{ a }}{{ b }}{{ caller(a) if caller }}{% endmacro %}{{ m(1) }}"
                       "{% call(x) m('é', b=[1]) %}<{{ x }}>{% endcall %}{% set y | upper %}{{ m(y) }}{% endset %}{{ y }}",
        "good_scopes": "{% set n = namespace(x=n) %}{% set n.n = n %}{% with a = 1, b = n %}{% filter title %}{{ a }} é{% endfilter %}"
                       "{% endwith %}{% generation %}{% set c, d = (1, 2) %}{{ d }}{% endgeneration %}{% raw %}{{{% endraw %}",
        "good_filters": "{{ messages|map(attribute='content')|map('upper')|join(', ')|indent(2, true) }}"
                        "{{ messages|selectattr('role', 'in', ['user'])|list|tojson(indent=1) }}"
                        "{{ ['b', 'A']|sort|first }}{{ messages[0]|dictsort }}{{ messages[1].content[::-1]|title|trim('<') }}"
                        "{{ 'a,b'.split(',')|reverse|list }}{{ '4.2'|float + '3'|int }}{{ messages|unique|list|length if false }}",
        "good_numbers": "{{ 1_0.5e-3 // 0.3 }}{{ -7 % 3 }}{{ 0x1f / 3 }}{{ 1e22 }}{{ 1 < 2.0 < 3 }}{{ '\\x41\\u00e9\\n' }}",
    }.items():
        (folder / f"{name}.jinja").write_text(text)
    (folder / "bad_utf8.jinja").write_bytes(b'{{ "\xc3"[::-1] }}')


if __name__ == "__main__":
    write_json()
    write_gguf()
    write_templates()
