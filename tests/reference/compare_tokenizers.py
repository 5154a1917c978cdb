"""Compares `conceptune tokenize` with llama.cpp and Hugging Face tokenizers on 100,000 lines a vocabulary.

usage: compare_tokenizers.py build/conceptune CORPUS.jsonl.gz VOCABULARY.gguf... [--lines N]

Lines: the corpus's, and random strings of assigned Unicode characters. The GGUF file itself is compared with llama.cpp
(`pip install llama-cpp-python`; left out with a word when it is not there), ids only; a tokenizer.json built from its
vocabulary, with the stages of its family, with `tokenizers`, ids and offsets. `pip install tokenizers gguf`.
Exits with 1 at a difference. Combining marks and punctuation newer than Unicode 3.2 are left out of the random strings:
`tokenizers` normalizes and finds punctuation by old tables (Unicode 9 and before) that do not know all of them.
"""
import argparse
import gzip
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unicodedata

from gguf import GGUFReader
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers

REST = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s" + REST
BYTES = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
GPT2 = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)


def split(pattern):
    return pre_tokenizers.Split(Regex(pattern), "isolated")


STAGES = {
    "gpt-2": [GPT2],
    "smollm": [pre_tokenizers.Digits(True), GPT2],
    "llama-bpe": [split(LLAMA3 % "{1,3}"), BYTES],
    "qwen2": [split(LLAMA3 % ""), BYTES],
    "falcon": [pre_tokenizers.Punctuation("contiguous"), GPT2, pre_tokenizers.Digits(False), split("[0-9][0-9][0-9]")],
}
FREQUENT = " \t\n\r\u00a0'\"-.,!?0123456789abcdefstmdlvreSTMDLVRE"


def make_lines(corpus, count):
    """Half real lines, half random: some of the whole of Unicode, some of the characters that decide cuts."""
    generator = random.Random(20260101)
    old = unicodedata.ucd_3_2_0
    assigned = [c for c in map(chr, range(0x110000)) if (kind := unicodedata.category(c)) not in ("Cn", "Cs", "Co")
                and unicodedata.combining(c) == old.combining(c)
                and kind.startswith("P") == old.category(c).startswith("P")]
    with gzip.open(corpus, "rt", encoding="utf8") as file:
        lines = [line + "\n" for document in file for line in json.loads(document)["text"].split("\n")]
    generator.shuffle(lines)
    lines = lines[:count // 2]
    while len(lines) < count:
        share = generator.choice((0, 0.2, 0.9))
        length = generator.randint(1, 60)
        lines.append("".join(generator.choice(FREQUENT if generator.random() < share else assigned)
                             for _ in range(length)))
    return lines


def ours(program, model, lines, folder):
    texts = folder / "texts.jsonl"
    texts.write_text("".join(json.dumps({"text": t}) + "\n" for t in lines))
    out = subprocess.run([program, "tokenize", "--model", model, texts, "--json"], check=True, capture_output=True)
    return [json.loads(line) for line in out.stdout.splitlines()]


def hugging_face(fields):
    tokens = fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(m.split(" ")) for m in fields["tokenizer.ggml.merges"].contents()]
    name = fields["tokenizer.ggml.pre"].contents()
    tokenizer = Tokenizer(models.BPE({t: i for i, t in enumerate(tokens)}, merges, ignore_merges=name == "llama-bpe"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(STAGES[name])
    if name == "qwen2":
        tokenizer.normalizer = normalizers.NFC()
    kinds = fields["tokenizer.ggml.token_type"].contents()
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False)
                                  for t, kind in zip(tokens, kinds) if kind in (2, 3)])
    tokenizer.encode_special_tokens = True
    return tokenizer


def report(what, lines, differs):
    different = [i for i in range(len(lines)) if differs(i)]
    print(f"{what}: {len(different)} of {len(lines)} lines differ", flush=True)
    for i in different[:5]:
        print("   ", ascii(lines[i]))
    return bool(different)


def compare_llama_cpp(program, model, lines, folder):
    try:
        from llama_cpp import Llama
    except ImportError:
        print("llama.cpp: llama-cpp-python is not installed, left out")
        return False
    llama = Llama(str(model), vocab_only=True, verbose=False)
    got = ours(program, model, lines, folder)
    return report(f"{model.name} against llama.cpp", lines,
                  lambda i: got[i]["ids"] != llama.tokenize(lines[i].encode(), add_bos=False, special=False))


def compare_hugging_face(program, model, lines, folder):
    tokenizer = hugging_face(GGUFReader(model).fields)
    tokenizer.save(str(folder / "tokenizer.json"))
    got = ours(program, folder / "tokenizer.json", lines, folder)
    expected = tokenizer.encode_batch(lines, add_special_tokens=False)

    def differs(i):
        return (got[i]["ids"] != expected[i].ids or
                [tuple(o) for o in got[i]["offsets"]] != expected[i].offsets)

    return report(f"{model.name} against tokenizers", lines, differs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("corpus")
    parser.add_argument("models", nargs="+", type=pathlib.Path)
    parser.add_argument("--lines", type=int, default=100000)
    arguments = parser.parse_args()
    lines = make_lines(arguments.corpus, arguments.lines)
    differ = False
    for model in arguments.models:
        with tempfile.TemporaryDirectory() as folder:
            for compare in (compare_llama_cpp, compare_hugging_face):
                differ |= compare(arguments.program, model, lines, pathlib.Path(folder))
    return differ


if __name__ == "__main__":
    sys.exit(main())
