"""Writes tokenizer_json_FAMILY.json: a small tokenizer.json shaped as the family's, and what Hugging Face makes of texts.

usage: make_tokenizer_json_golden.py SmolLM2-135M-Instruct.Q4_1.gguf OUTPUT_FOLDER

Needs `pip install tokenizers gguf`. The vocabulary is the bytes and the first merges of SmolLM2's.
"""
import json
import pathlib
import sys

from gguf import GGUFReader
from make_tokenizer_golden import TEXTS
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA3 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|" + REST
QWEN2 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|" + REST
MERGES = 220


def byte_level(use_regex):
    return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=use_regex)


def split(pattern):
    return pre_tokenizers.Split(Regex(pattern), "isolated")


FAMILIES = {
    "llama3": dict(
        pre=[split(LLAMA3), byte_level(False)], ignore_merges=True, special=["<|begin|>", "<|eot|>"],
        post=processors.Sequence([
            processors.ByteLevel(trim_offsets=False),
            processors.TemplateProcessing(single="<|begin|> $A", pair="<|begin|> $A <|begin|> $B",
                                          special_tokens=[("<|begin|>", 256 + MERGES)])])),
    "qwen2": dict(
        pre=[split(QWEN2), byte_level(False)], normalizer=normalizers.NFC(), special=["<|im_end|>"],
        added=["<tool_call>", "<tool"], post=processors.ByteLevel(trim_offsets=False), pairs=True),
    "falcon": dict(
        pre=[pre_tokenizers.Punctuation("contiguous"), byte_level(True), pre_tokenizers.Digits(False),
             split("[0-9][0-9][0-9]")], special=[">>TITLE<<"], post=processors.ByteLevel(trim_offsets=True)),
    "smollm2": dict(
        pre=[pre_tokenizers.Digits(True), byte_level(True)], special=["<|im_end|>"], pairs=True),
    "other": dict(
        pre=[split(r"\p{Lu}\p{Ll}*|[0-9]{1,2}"), pre_tokenizers.Punctuation("isolated"), byte_level(False)],
        special=[], post=processors.ByteLevel(trim_offsets=True)),
}

MORE_TEXTS = [
    "<|begin|>a<|eot|> b<|im_end|>\n>>TITLE<<",
    "call <tool_call><tool> now",
    "e\u0301 D\u0307\u0323 \u1100\u1161\u11a8 \u212b x\u0338<|im_end|>\u0338 caf\u00e9\u0301",
    "12345 $67.89 \u00b2\u00b3 \u0663\u0664\u0665 1\u00bd McDonald's HelloWorld",
]


def build(family, tokens, merges):
    ids = {t: i for i, t in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(ids, merges, ignore_merges=family.get("ignore_merges", False)))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(family["pre"])
    tokenizer.decoder = decoders.ByteLevel()
    if "normalizer" in family:
        tokenizer.normalizer = family["normalizer"]
    tokenizer.add_special_tokens(family["special"])
    if "added" in family:
        tokenizer.add_tokens(family["added"])
    if "post" in family:
        tokenizer.post_processor = family["post"]
    return tokenizer


def main():
    folder = pathlib.Path(sys.argv[2])
    written = GGUFReader(sys.argv[1]).fields["tokenizer.ggml.merges"].contents()[:MERGES]
    merges = [tuple(m.split(" ")) for m in written]
    tokens = sorted(pre_tokenizers.ByteLevel.alphabet()) + [a + b for a, b in merges]
    for name, family in FAMILIES.items():
        tokenizer = build(family, tokens, merges)
        content = json.loads(tokenizer.to_str())
        if not family.get("pairs"):
            content["model"]["merges"] = [" ".join(m) for m in merges]
        cases = []
        for text in TEXTS + MORE_TEXTS:
            encoding = tokenizer.encode(text, add_special_tokens=False)
            cases.append({"text": text, "ids": encoding.ids, "offsets": encoding.offsets})
        with open(folder / f"tokenizer_json_{name}.json", "w") as file:
            json.dump({"tokenizer": content, "cases": cases}, file, separators=(",", ":"))
            file.write("\n")


if __name__ == "__main__":
    main()
