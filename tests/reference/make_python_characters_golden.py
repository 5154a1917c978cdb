"""Writes python_characters.json: Python's classes of all characters, and their upper, lower and title case.

usage: make_python_characters_golden.py > tests/reference/python_characters.json

Needs Python 3.12 (Unicode 15, as utf8proc 2.8). Classes are lists of first and last characters; cases are what changes.
"""
import json
import unicodedata

CHARACTERS = [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
WORDS = ["ὈΔΥΣΣΕΎΣ ΣΑΣ Σ", "ΑΣ.Σ ΑΣ\u0301 ΑΣ1 ΑΣ\u0301Α 1Σ '\u0301Σ", "ǆa ŉ ß İ ﬁx ΐ ᾳ", "it's o'neil-foo 3a Ⓐⓐ ªb", "ÀÉ straße ÿŸ ǅ", ""]


def ranges(belongs):
    result = []
    for c in map(ord, filter(belongs, CHARACTERS)):
        if result and result[-1] == c - 1:
            result[-1] = c
        else:
            result += [c, c]
    return result


assert unicodedata.unidata_version == "15.0.0"
classes = {name: ranges(getattr(str, f"is{name}")) for name in ("alpha", "decimal", "digit", "lower", "printable", "space", "upper")}
cases = {name: {c: getattr(c, name)() for c in CHARACTERS if getattr(c, name)() != c} for name in ("lower", "title", "upper")}
words = [{name: getattr(word, name)() for name in ("capitalize", "lower", "swapcase", "title", "upper")} | {"word": word,
         "islower": word.islower(), "isupper": word.isupper()} for word in WORDS]
print(json.dumps({"classes": classes, "cases": cases, "words": words}, ensure_ascii=False, separators=(",", ":")))
