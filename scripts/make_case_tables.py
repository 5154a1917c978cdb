"""Writes conceptune/base/case_ranges.cpp: what utf8proc does not know of characters' case and of digits.

usage: make_case_tables.py > conceptune/base/case_ranges.cpp

Asked of Python, whose methods of text the table's users must equal: 3.12, which knows Unicode 15 as utf8proc 2.8 does.
"""
import unicodedata

CHARACTERS = [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
WIDTH = 110


def is_case_ignorable(c):
    """Skipped before a final sigma: it is one after a letter and this, but not after this alone."""
    return ("A" + c + "Σ").lower().endswith("ς") and not ("1" + c + "Σ").lower().endswith("ς")


def ranges(belongs):
    result = []
    for c in map(ord, filter(belongs, CHARACTERS)):
        if result and result[-1][1] == c - 1:
            result[-1][1] = c
        else:
            result.append([c, c])
    return [f"{{0x{first:X}, 0x{last:X}}}" for first, last in result]


def mapping(text):
    return "{" + ", ".join(f"0x{ord(c):X}" for c in text) + "}"


def longer():
    """Characters that become several."""
    return [f"{{0x{ord(c):X}, {mapping(c.upper())}, {mapping(c.title())}}}"
            for c in CHARACTERS if max(len(c.upper()), len(c.title())) > 1]


def rows(items):
    lines, line = [], "   "
    for item in items:
        if len(line) + len(item) + 2 > WIDTH:
            lines.append(line)
            line = "   "
        line += f" {item},"
    return "\n".join(lines + [line])


def table(kind, name, items):
    return f"constexpr {kind} {name}[] = {{\n{rows(items)}\n}};\n"


category = unicodedata.category
print(f"""// Made by scripts/make_case_tables.py, Unicode {unicodedata.unidata_version}.
#include "conceptune/base/case_tables.h"

// clang-format off
namespace conceptune::python {{
namespace {{

{table("CharacterRange", "kOtherLower", ranges(lambda c: c.islower() and category(c) != "Ll"))}
{table("CharacterRange", "kOtherUpper", ranges(lambda c: c.isupper() and category(c) != "Lu"))}
{table("CharacterRange", "kOtherIgnorable", ranges(lambda c: is_case_ignorable(c) and category(c) not in ("Mn", "Me", "Cf", "Lm", "Sk")))}
{table("CharacterRange", "kOtherDigits", ranges(lambda c: c.isdigit() and category(c) != "Nd"))}
{table("LongerCase", "kLongerCases", longer())}
}}  // namespace

std::span<const CharacterRange> other_lower() {{ return kOtherLower; }}
std::span<const CharacterRange> other_upper() {{ return kOtherUpper; }}
std::span<const CharacterRange> other_case_ignorable() {{ return kOtherIgnorable; }}
std::span<const CharacterRange> other_digits() {{ return kOtherDigits; }}
std::span<const LongerCase> longer_cases() {{ return kLongerCases; }}

}}  // namespace conceptune::python""")
