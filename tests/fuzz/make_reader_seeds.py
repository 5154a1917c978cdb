"""Writes the seed corpora of the fuzzers of corpora, benchmarks and compressed files: small good files and some with one
fault each.

usage: python make_reader_seeds.py    (Python 3.11 and zstd's program; nothing beside)
"""
import bz2
import gzip
import json
import lzma
import pathlib
import shutil
import struct
import subprocess

CORPUS = pathlib.Path(__file__).with_name("corpus")
MARK = "\ufeff"
REFERENCE = pathlib.Path(__file__).parent.parent / "reference" / "choices"


def write(folder, ending, files):
    shutil.rmtree(CORPUS / folder, ignore_errors=True)
    (CORPUS / folder).mkdir(parents=True)
    for name, content in files.items():
        (CORPUS / folder / f"{name}.{ending}").write_bytes(content if isinstance(content, bytes) else content.encode())


def zstd(data, *options):
    return subprocess.run(["zstd", "-c", *options], input=data, capture_output=True, check=True).stdout


write("corpus_json", "jsonl", {
    "good_lines": '{"text": "caf\\u00e9 \\ud83d\\ude42"}\n\n{"n": [1, {"text": 2}], "text": ""}\r\n',
    "good_mark": MARK + '{"text": "a"}\n',
    "good_array": ' [{"text": "a]\\"}"},\n {\n  "text": "b"\n }\n]\n',
    "good_empty_array": "[ ]",
    "good_numbers": '{"text": "a", "n": [1e999, 123456789012345678901234567890, NaN, -Infinity, "\\ud800"]}\n',
    "bad_behind": '{"text": "a"} {"text": "b"}\n',
    "bad_after_key": '{"text": "a", "meta": {broken}}\n',
    "bad_twice": '{"text": "a", "t\\u0065xt": "b"}\n',
    "bad_array_end": '[{"text": "a"},{"text": "b"',
    "bad_array_behind": '[{"text": "a"}]\n[{"text": "b"}]\n',
    "bad_array_comma": '[{"text": "a"},]',
    "bad_array_bracket": '[{"text": "a"}}]',
    "bad_surrogate": '{"text": "\\ud800"}\n',
    "bad_utf8": b'{"text": "\xff"}\n',
    "bad_deep": '{"text": "a", "n": ' + "[" * 3000,
    "bad_utf16": '{"text": "a"}\n'.encode("utf-16"),
})
write("corpus_table", "csv", {
    "good_quoted": MARK + 'n,text\r\n1,"a, ""b""\nc"\r\n2,d\r\n',
    "good_plain": 'text\nit is 5" long\n\nb\n',
    "bad_tsv": 'n\ttext\n1\t"a\tb"\n2\tc\n',
    "bad_header": "n,body\n1,a\n",
    "bad_fields": "n,text\n1,a,b\n",
    "bad_open": 'text\n"a\nb\n',
    "bad_behind": 'text\n"a" b\n',
    "bad_utf8": b"text\na\xc3\n",
})
write("pair_benchmark", "tsv", {
    "good_three": "sun\tsunlight\t50.0\nbakery\tzebra\t0\n",
    "good_blanks": "# version 3\nsun-n sunlight-n 50\nbakery-n zebra-n 0\n",
    "good_rare_words": "sun\tlight\t5.0\t5\t4\t6\nbakery\tzebra\t0\t0\t0\t0\n",
    "good_stsb": "main\tMSR\t2012\t1\t4.5\tThe sun.\tA sun.\nmain\tMSR\t2012\t2\t0\tBread.\tA zebra.\tLicence\n",
    "good_csv": MARK + 'word1,word2,SimLex999\n"sun, the",light,1\nbakery,"a\nzebra",2\n',
    "good_objects": '{"sentence1": "a", "sentence2": "b", "score": 1}\n{"sentence1": "c", "sentence2": "d", "score": "2"}\n',
    "good_hashes": "# tags\n#a\t#b\t1\nc\td\t2\n",
    "bad_blanks": " ",
    "bad_layout": "take\tremove\tV\t6.81\tSYNONYMS\nwalk\ttrail\tN\t4.81\tCOHYPONYMS\n",
    "bad_score": "sun\tsunlight\t50\nbakery\tzebra\tnan\n",
    "bad_columns": "sun\tsunlight\t50\nbakery\tzebra\n",
    "bad_text": "sun\tsunlight\t50\n\tzebra\t1\n",
    "bad_object": '{"sentence1": null, "sentence2": "b", "score": 1}\n',
    "bad_utf8": b"sun\tsunlight\t50\n\xff\tzebra\t1\n",
})
write("choice_file", "jsonl", {
    **{f"good_{path.stem}": path.read_bytes() for path in sorted(REFERENCE.glob("*.jsonl")) if path.stem != "piqa"},
    "good_array": json.dumps([{"sentence": "a _ b", "option1": "c", "option2": "d", "answer": "1"}]),
    "good_spaces": json.dumps({"sentence": "a _\u00a0b\u3000", "option1": "c", "option2": "d", "answer": 2}),
    "bad_answer": json.dumps({"sentence": "a _ b", "option1": "c", "option2": "d", "answer": "3"}),
    "bad_gap": json.dumps({"sentence": "a b", "option1": "c", "option2": "d", "answer": "1"}),
    "bad_type": json.dumps({"activity_label": 1, "ctx_a": [], "ctx_b": {}, "endings": "x", "label": 0}),
    "bad_brackets": json.dumps({"activity_label": "[", "ctx_a": "]", "ctx_b": "[[]", "endings": ["[a]", "b"], "label": 0}),
    "bad_behind": "{} {}\n",
})

TEXT = b"some text, some text, and some more of it\n"
SKIPPABLE = struct.pack("<II", 0x184D2A50, 4) + b"abcd"
DEFLATED, XZ, BZ2 = gzip.compress(TEXT, mtime=0), lzma.compress(TEXT), bz2.compress(TEXT)
ZSTD, LONG = zstd(TEXT), zstd(TEXT, "--long=31", "--no-check")
write("compressed", "bin", {
    "good_plain": TEXT,
    "good_gzip": DEFLATED + DEFLATED,
    "good_gzip_padded": DEFLATED + bytes(20) + DEFLATED + bytes(3),
    "good_zstd": ZSTD + SKIPPABLE + ZSTD,
    "good_zstd_skippable": SKIPPABLE + ZSTD,
    "good_zstd_long": LONG,
    "good_xz": XZ + XZ,
    "good_bzip2": BZ2 + BZ2,
    "good_bzip2_empty": bz2.compress(b""),
    "bad_gzip_behind": DEFLATED + b"x",
    "bad_gzip_cut": DEFLATED[:-3],
    "bad_zstd_behind": ZSTD + b"text",
    "bad_zstd_cut": ZSTD[:-3],
    "bad_zstd_window": b"\x28\xb5\x2f\xfd\x00\xb8\x01\x00\x00",
    "bad_skippable_cut": SKIPPABLE[:-1],
    "bad_xz_cut": XZ[:-3],
    "bad_xz_behind": XZ + b"text",
    "bad_bzip2_cut": BZ2[:-3],
    "bad_bzip2_behind": BZ2 + b"text",
    "bad_bzip2_header": BZ2[:12],
})
