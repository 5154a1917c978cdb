"""Writes added_tokens.json: tokenizers whose added tokens have options, and what Hugging Face makes of texts.

usage: python -P make_added_tokens_golden.py OUTPUT_FOLDER      (pip install tokenizers; 0.23)

Each text is encoded with special tokens parsed, and as text (tokenizers' encode_special_tokens).
"""
import json
import pathlib
import sys

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors


def token(content, **options):
    return AddedToken(content, **{"normalized": False, **options})


E_ACUTE, E_COMBINING = "\u00e9t", "e\u0301t"
TOKENIZERS = {
    "normalized": dict(nfc=True, tokens=[token("<tool>"), token(E_COMBINING, normalized=True), token("\u212b", normalized=True)]),
    "not normalized": dict(nfc=True, tokens=[token(E_COMBINING), token("\u0301")]),
    "normalized without normalizer": dict(tokens=[token("abc", normalized=True), token("bcd"), token("b", normalized=True)]),
    "single words": dict(nfc=True, tokens=[token("ab", single_word=True), token("abab", single_word=True),
                                           token("\u00fcb", normalized=True, single_word=True)]),
    "white space": dict(tokens=[token("<a>", lstrip=True, rstrip=True), token("<l>", lstrip=True), token("<r>", rstrip=True, normalized=True)]),
    "white space, trimmed": dict(trim=True, tokens=[token("<a>", lstrip=True, rstrip=True), token("<l>", lstrip=True), token(" x ")]),
    "white space, first kept": dict(trim=True, keep_first=True, tokens=[token("<a>", lstrip=True, rstrip=True), token("\u0120x\u0120")]),
    "white space that is a token": dict(tokens=[token("<r>", rstrip=True), token("  "), token("\n", special=True)]),
    "special": dict(tokens=[token("<s>", special=True), token("<s"), token("<sep>", special=True, lstrip=True), token("a", single_word=True)]),
    "whole pieces": dict(whole=True, tokens=[token("hello", single_word=True)]),
}
TEXTS = [
    "", " ", "ab", "x\u00e9t e\u0301t <tool>e\u0301t e\u0301 \u212b \u00c5 A\u030a t\u0301",
    "abcd abc bcd bcbcd abbcd", "ab xab ab_ ab-ab \u00e9ab\u0301 ab abab ababab a ab\u00b2 ab\u2167 ab\u0967 ab\u200d ab\u24b6 \u203fab",
    "\u00fcb u\u0308b x\u00fcb \u00fcb\u0301 (u\u0308b)", "a  <a> \n b<a>\u3000\u00a0c <l> d<r>  e\t<a><a> <l>  <l>",
    " <a> x", "  <a>", "\u0120<a>\u0120 \u0120x\u0120", "<r>    x<r>   \n y", "<r>\n<r> \n",
    "a<s><s<sep>b <sep> a xa <s", "hello helloworld hello_ hello",
]


def build(options):
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {piece: i for i, piece in enumerate(alphabet + ["he", "ll", "hell", "hello"])}
    merges = [("h", "e"), ("l", "l"), ("he", "ll")]
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, ignore_merges=options.get("whole", False)))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    if options.get("nfc"):
        tokenizer.normalizer = normalizers.NFC()
    if "trim" in options:
        tokenizer.post_processor = processors.ByteLevel(trim_offsets=True, add_prefix_space=options.get("keep_first", False))
    tokenizer.add_tokens(options["tokens"])
    return tokenizer


def main():
    golden = []
    for name, options in TOKENIZERS.items():
        tokenizer = build(options)
        content, cases = json.loads(tokenizer.to_str()), []
        for parse_special in (True, False):
            tokenizer.encode_special_tokens = not parse_special
            for text in TEXTS:
                encoding = tokenizer.encode(text, add_special_tokens=False)
                cases.append({"text": text, "special": parse_special, "ids": encoding.ids, "offsets": encoding.offsets})
        golden.append({"name": name, "tokenizer": content, "cases": cases})
    path = pathlib.Path(sys.argv[1]) / "added_tokens.json"
    path.write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
