"""Writes tokenizer_smollm2.jsonl: texts with the ids and offsets that Hugging Face tokenizers gives them.

usage: make_tokenizer_golden.py SmolLM2-135M-Instruct.Q4_1.gguf > tests/reference/tokenizer_smollm2.jsonl

Needs `pip install tokenizers gguf`. The tokenizer is built from the file's vocabulary and merges with the
pre-tokenizer of SmolLM2's tokenizer.json (single digits, then GPT-2's expression).
"""
import json
import sys

from gguf import GGUFReader
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

TEXTS = [
    "",
    "Hello world",
    "The quick brown fox jumps over the lazy dog.",
    " leading and trailing  ",
    "tabs\tand\nnew lines\r\n\r\n  indented\n\n\n",
    "It's what they'd've said: we'll see, I'm sure you're right. DON'T SHOUT, THEY'RE HERE",
    "In 2024, 1,234,567.89 people paid $3.50 (or 3½ €) on 12/31; x² + y³ = ٣٤٥",
    "def f(x):\n    return [i ** 2 for i in range(x) if i % 3 == 0]  # squares\n",
    "if (a != b && c >= 0) { printf(\"%d\\n\", a->b[i]); }",
    "naïve café, Ångström, Straße, ﬁne, e\u0301 and é",
    "Привет, мир! Γειά σου Κόσμε. שלום עולם مرحبا بالعالم",
    "日本語のテキスト。中文文本，标点。한국어 텍스트",
    "😀 😃👍🏽 👨‍👩‍👧‍👦 🇩🇪 ☃️",
    "white\u00a0space\u2003of\u3000many\u200bkinds\u2028here\u0085x",
    "bytes without a token: \u0004\u0006 a\u001d \U000e0041",
    "\u0000nul \ufeffbom \ufffd \U0010ffff",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
    "'s't're 've'm ''ll 'D 'ſ",
    "<|im_start|>user\nHi<|im_end|>\n<|endoftext|>",
    "https://www.example.org/a_b-c?d=e&f=%20g#h foo.bar@example.com",
    "a\n b\n  c\n   d\n\te",
]


def build(path):
    fields = GGUFReader(path).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    kinds = fields["tokenizer.ggml.token_type"].contents()
    merges = [tuple(m.split(" ")) for m in fields["tokenizer.ggml.merges"].contents()]
    tokenizer = Tokenizer(models.BPE({t: i for i, t in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False)
                                  for t, kind in zip(tokens, kinds) if kind == 3])
    return tokenizer


def main():
    tokenizer = build(sys.argv[1])
    for text in TEXTS:
        for special in (False, True):
            tokenizer.encode_special_tokens = not special
            encoding = tokenizer.encode(text, add_special_tokens=False)
            if special and "<|" not in text:
                continue
            line = {"text": text, "special": special, "ids": encoding.ids, "offsets": encoding.offsets}
            print(json.dumps(line, ensure_ascii=True, separators=(",", ":")))


if __name__ == "__main__":
    main()
