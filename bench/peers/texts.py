"""The documents of a corpus, as bench/bench_program.h reads them: JSON lines with key "text", or plain lines."""
import gzip
import json


def read_texts(path):
    opened = gzip.open(path, "rt", encoding="utf8") if path.endswith(".gz") else open(path, encoding="utf8", newline="\n")
    with opened as lines:
        for line in lines:
            yield json.loads(line)["text"] if ".json" in path else line.rstrip("\n")
