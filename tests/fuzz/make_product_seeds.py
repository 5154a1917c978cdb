"""Writes the seed corpora of the fuzzers of products, tables, configurations and the English pipeline's files.

usage: python make_product_seeds.py RUN

RUN is the folder of a finished experiment, the smaller the better: `conceptune run` with a tiny model, four passages and
one benchmark of three pairs. Seeds of the pipeline are networks of zeros. Those that begin with "good" are accepted.
"""
import hashlib
import json
import pathlib
import re
import subprocess
import sys

CORPUS = pathlib.Path(__file__).with_name("corpus")
WIDTH = 96  # of the token encoder


def write(reader, name, *parts):
    (CORPUS / reader).mkdir(exist_ok=True)
    (CORPUS / reader / name).write_bytes(b"\f".join(part.encode() if isinstance(part, str) else part for part in parts))


def unpacked(path):
    return subprocess.run(["zstd", "-dcq", path], check=True, capture_output=True).stdout


def packed(value):
    """MessagePack; text as strings, bytes as binary."""
    def sized(fix, limit, wide, count):
        return bytes([fix | count]) if count < limit else bytes([wide]) + count.to_bytes(4, "big")

    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return bytes([value]) if 0 <= value < 128 else b"\xd3" + value.to_bytes(8, "big", signed=True)
    if isinstance(value, str):
        return sized(0xA0, 32, 0xDB, len(value.encode())) + value.encode()
    if isinstance(value, bytes):
        return b"\xc6" + len(value).to_bytes(4, "big") + value
    if isinstance(value, list):
        return sized(0x90, 16, 0xDD, len(value)) + b"".join(map(packed, value))
    return sized(0x80, 16, 0xDF, len(value)) + b"".join(packed(k) + packed(v) for k, v in value.items())


def array(*shape):
    count = 1
    for length in shape:
        count *= length
    return {b"nd": True, b"type": "<f4", b"shape": list(shape), b"data": bytes(4 * count)}


def network(*nodes):
    """nodes: (name, parameters)."""
    return packed({"nodes": [{"index": i, "name": name, "dims": {}, "refs": {}} for i, (name, _) in enumerate(nodes)],
                   "attrs": [{} for _ in nodes], "params": [parameters for _, parameters in nodes],
                   "shims": [[] for _ in nodes]})


def write_pipeline():
    write("pipeline_file", "good_network", network(("softmax", {"W": array(2, 3), "b": array(2)})))
    write("pipeline_file", "good_tokenizer", packed(
        {"prefix_search": "^\\(|^\"", "suffix_search": "\\)$|(?<=[a-z])\\.$", "infix_finditer": "(?<=[a-z])-(?=[a-z])",
         "token_match": None, "url_match": "^[a-z]+://\\S+$", "faster_heuristics": True,
         "exceptions": {"don't": [{65: "do"}, {65: "n't", 67: "not"}], "e.g.": [{65: "e.g."}]}}))
    write("pipeline_file", "good_norms", packed({"lexeme_norm": {12345678901: "because", 5: "cannot"}}))
    write("pipeline_file", "good_rules", packed(
        [{"patterns": [[{"TAG": "NN"}, {"TAG": {"IN": ["VB", "VBD"]}, "IS_SPACE": False}]], "attrs": {"POS": "NOUN"},
          "index": 1}]))
    write("pipeline_file", "long_array", packed({"nodes": []})[:-1] + b"\xdd\xff\xff\xff\xff")
    write("pipeline_file", "deep", b"\x91" * 40 + b"\xc0")
    write("pipeline_file", "backtracking", packed(
        {"prefix_search": "^(a+)+$", "suffix_search": "(?:", "infix_finditer": "[", "url_match": "", "exceptions": {}}))
    write("pipeline_folder", "good_tagger", json.dumps({"labels": ["NN", "VB"]}),
          network(("softmax", {"W": array(2, WIDTH), "b": array(2)})), b"")
    write("pipeline_folder", "other_labels", json.dumps({"labels": ["NN"]}),
          network(("softmax", {"W": array(2, WIDTH), "b": array(2)})), b"")
    moves = {"0": {"": 9}, "1": {"": 8}, "2": {"det": 7}, "3": {"dobj": 6}, "4": {"ROOT": 5}}
    write("pipeline_folder", "parser_without_network", json.dumps({"beam_width": 1}), network(),
          packed({"moves": json.dumps(moves)}))


def write_datasets(run):
    folder = next(path.parent for path in sorted(run.rglob("dataset.json")))
    card, records = (folder / "dataset.json").read_text(), unpacked(folder / "records.jsonl.zst").decode()
    write("concept_dataset", "good_dataset", card, records)
    lines = records.splitlines(keepends=True)
    write("concept_dataset", "record_missing", card, "".join(lines[:-1]))
    write("concept_dataset", "position_beyond", card, records.replace('"position":', '"position":9', 1))
    write("concept_dataset", "span_beyond", card, records.replace('"end":', '"end":9', 1))
    write("concept_dataset", "other_version", card.replace('"version": 2', '"version": 99'), records)
    write("concept_dataset", "good_version_1", card.replace('"version": 2', '"version": 1'),
          re.sub(r'"(?:begin|end)":\d+,', "", records))
    write("concept_table", "good_table", "word\tsynonyms\tpos\tpassage\ndog\thound|puppy\tNOUN\t\nbig\tlarge\t\tp1\n")
    write("concept_table", "twice", "word\tsynonyms\ndog\thound\nDog\tpuppy\n")
    write("concept_table", "no_column", "word\tpos\ndog\tNOUN\n")
    head = "dataset\tannotator\tpassage\tbegin\tword\tpos\tsynonyms\tadded\trejected\n"
    write("concept_table", "good_judged", head + "d\tann|bob\tp1\t4\tdog\tNOUN\thound|a\\pb\ta\\pb\tcat\\s\n")
    write("concept_table", "stray_escape", head + "d\tann\tp1\t4\tdog\tNOUN\thound\\q\t\t\n")


def write_results(run):
    results = next(iter(sorted(run.rglob("results.json"))))
    document = json.loads(results.read_text())
    write("results", "good_results", results.read_text())
    write("results", "other_version", json.dumps(document | {"version": 99}))
    write("results", "no_subjects", json.dumps({k: v for k, v in document.items() if k != "subjects"}))
    items = min(run.glob("items/*.jsonl.zst"), key=lambda path: path.stat().st_size)
    content = unpacked(items)
    write("item_file", "good_items", content)
    write("item_file", "changed", content.replace(b"1", b"2"))
    write("item_file", "cut_off", content[: len(content) // 2])


def write_manifests():
    file = b"content\n"
    facts = {"bytes": len(file), "sha256": hashlib.sha256(file).hexdigest()}

    def manifest(files, **changes):
        return json.dumps({"version": 1, "kind": "checkpoint", "files": files} | changes)

    write("manifest", "good_manifest", manifest({"file": facts}), file)
    write("manifest", "changed", manifest({"file": facts}), b"Content\n")
    write("manifest", "outside", manifest({"../file": facts}), file)
    write("manifest", "absolute", manifest({"/etc/passwd": facts}), file)
    write("manifest", "negative", manifest({"file": facts | {"bytes": -1}}), file)
    write("manifest", "no_kind", manifest({"file": facts}, kind="treasure"), file)


def write_configs():
    write("config", "good_config", 'name = "Δ \\u007f"\ncount = 7\n[section]\nchoice = "another"\nnumbers = [0.5, 1]\n'
                                   'path = "../here"\n')
    write("config", "unknown_key", "section.choise = 1\n")
    write("config", "out_of_range", "count = 0\n[section]\nnumbers = [nan, inf, 1e300]\n")
    write("config", "no_toml", "name = \n")
    write("config", "date", "name = 2001-01-01T00:00:00Z\n[[arms]]\nflag = true\n")


if __name__ == "__main__":
    write_pipeline()
    write_datasets(pathlib.Path(sys.argv[1]))
    write_results(pathlib.Path(sys.argv[1]))
    write_manifests()
    write_configs()
