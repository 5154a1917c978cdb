"""Writes conceptune/runtime/tokenizer/unicode_ranges.cpp: which characters are letters, numbers, punctuation, white space.

usage: make_unicode_ranges.py > conceptune/runtime/tokenizer/unicode_ranges.cpp

The classes are asked of Hugging Face tokenizers (pip install tokenizers), whose regular expressions the splitters
must equal: version 0.23 knows Unicode 16.
"""
from tokenizers import Regex, pre_tokenizers

CHARACTERS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]


def members(pattern):
    """All characters that match, found as what the split removes."""
    splitter = pre_tokenizers.Split(Regex(pattern), "removed")
    result = []
    for start in range(0, len(CHARACTERS), 4096):
        chunk = CHARACTERS[start:start + 4096]
        kept = set()
        for _, (begin, end) in splitter.pre_tokenize_str("".join(map(chr, chunk))):
            kept.update(chunk[begin:end])
        result += [c for c in chunk if c not in kept]
    return result


def ranges(characters):
    result = []
    for c in characters:
        if result and result[-1][1] == c - 1:
            result[-1][1] = c
        else:
            result.append([c, c])
    return result


def table(name, pattern):
    lines, line = [], ""
    for first, last in ranges(members(pattern)):
        item = f"{{0x{first:X}, 0x{last:X}}}, "
        if len(line) + len(item) > 106:
            lines.append(line.rstrip())
            line = ""
        line += item
    lines.append(line.rstrip())
    body = "\n".join("    " + text for text in lines)
    return f"constexpr CodePointRange {name}[] = {{\n{body}\n}};\n"


print(f"""// Made by scripts/make_unicode_ranges.py: characters by class, Unicode 16.
#include "conceptune/runtime/tokenizer/unicode_class.h"

// clang-format off
namespace conceptune::tokenizer {{
namespace {{

{table("kLetters", chr(92) + "p{L}")}
{table("kNumbers", chr(92) + "p{N}")}
{table("kPunctuation", chr(92) + "p{P}")}
{table("kSpaces", chr(92) + "s")}
}}  // namespace

std::span<const CodePointRange> letter_ranges() {{ return kLetters; }}
std::span<const CodePointRange> number_ranges() {{ return kNumbers; }}
std::span<const CodePointRange> punctuation_ranges() {{ return kPunctuation; }}
std::span<const CodePointRange> space_ranges() {{ return kSpaces; }}

}}  // namespace conceptune::tokenizer""")
