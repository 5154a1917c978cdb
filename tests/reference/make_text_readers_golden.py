"""Makes text_readers.json: what Python makes of JSON lines, tables and white space.

usage: make_text_readers_golden.py > text_readers.json    (Python 3.11, nothing beside)
"""
import csv
import io
import json
import sys

# Lines of a corpus, as bytes written in Latin-1 so that invalid UTF-8 can be among them.
JSON_LINES = [
    '{"text": "a"}', ' \t{"text" : "a"}\r', '{"text": "a"} ', '{"text": "a", "n": [1, {"b": null}]}',
    '{"n": {"text": "inner"}, "text": "outer"}', '{"te\\u0078t": "escaped key"}', '{"text": "caf\\u00e9 \\ud83d\\ude42"}',
    '{"text": "a", "n": 123456789012345678901234567890}', '{"text": "a", "n": -1e999}', '{"text": "a", "n": NaN}',
    '{"text": "a", "n": [Infinity, -Infinity]}', '{"text": "a", "n": "\\ud800"}', '{"text": "a", "n": 0.5e-10}',
    '{"text": "", "m": {"text": 1}}', '{"text": "\\"\\\\\\/\\b\\f\\n\\r\\t"}', '{"text": "caf\xc3\xa9"}',
    '{"text": "a"}}', '{"text": "a"} x', '{"text": "a"}{"text": "b"}', '{"text": "a"} {"text": "b"}', '{"text": "a"},',
    '{"text": "a", "meta": {broken, "a" 1,,}}', '{"text": "a", }', '{"text": "a" "b": 1}', '{"text": "a", "b" 1}',
    '{"text": "a", b: 1}', "{'text': 'a'}", '{"text": "a", "n": 01}', '{"text": "a", "n": 1.}', '{"text": "a", "n": .5}',
    '{"text": "a", "n": +1}', '{"text": "a", "n": 1e}', '{"text": "a", "n": -}', '{"text": "a", "n": nan}',
    '{"text": "a", "n": tru}', '{"text": "a", "n": truex}', '{"text": "a", "n": [1, 2}', '{"text": "a", "n": [1,]}',
    '{"text": "a", "n": [}', '{"text": "a", "n": "\\x"}', '{"text": "a", "n": "\\u12g4"}', '{"text": "a", "n": "b\tc"}',
    '{"text": "a", "n": "b', '{"text": "a", "n": ', '{"text": "a"', '{"text": "a', '{', '[1]', '"text"', 'text', '3',
    '{"text": "\xff"}', '{"text": "a", "n": "\xed\xa0\x80"}', '{"text": "a", "n": "\xc3"}', '{"txt": "a"}',
    '{"text": null}', '{"text": ["a"]}', '{"text": 3}', '\xef\xbb\xbf{"text": "a"}', '{"text": "a"}\x00', '{\x0b"text": "a"}',
]

TABLES = [
    'a,b\n1,2\n', 'a,b\r\n1,2\r\n', 'a,b\n\n1,2', '"a","b"\n"1,5","2 ""x"""\n', 'a,b\n"line one\nline two",2\n',
    'a,b\n"line one\r\nline two",2\r\n', 'a,b\n"""",""\n', 'a,b\nit is 5" long,2\n', 'a,b\n,\n', 'a,b\n 1 , "2"\n',
    'text\n"one\n\nthree"\n', 'a,b\n"caf\u00e9, \u65e5\u672c",2\n',
    'a,b\n"one" two,2\n', 'a,b\n"one,2\n', 'a,b\n"one\n\n', 'a,b\n"",""x\n', 'a\tb\n1\t2\n', 'a\tb\n"1\t5"\t"2 ""x"""\n', 'a\tb\n,\t,\n',
]


def verdict(line):
    """The text, or null where Python's json refuses the line or it holds no string under the key."""
    try:
        text = json.loads(line.encode("latin-1").decode("utf-8", errors="strict"))["text"]
        return text if isinstance(text, str) else None
    except (ValueError, KeyError, TypeError):
        return None


def rows(table, delimiter):
    """The rows, or null where Python's strict reader refuses the table."""
    try:
        return [row for row in csv.reader(io.StringIO(table, newline=""), delimiter=delimiter, strict=True) if row]
    except csv.Error:
        return None


json.dump(
    {
        "json_lines": [{"line": line, "text": verdict(line)} for line in JSON_LINES],
        "tables": [
            {"table": t, "format": name, "rows": rows(t, d)}
            for t in TABLES
            for name, d in (("csv", ","), ("tsv", "\t"))
        ],
        "spaces": [c for c in range(0x110000) if chr(c).isspace()],
    },
    sys.stdout,
    indent=1,
    ensure_ascii=True,
)
print()
