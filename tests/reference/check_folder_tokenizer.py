"""Tokenizes a text with transformers by the tokenizer of a folder.

usage: check_folder_tokenizer.py FOLDER TEXT.json

TEXT.json holds `text` and the `ids` that it should give. Exits with 1 and says what it gives.
"""
import json
import pathlib
import sys

import transformers


def main():
    expected = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))
    tokenizer = transformers.AutoTokenizer.from_pretrained(sys.argv[1])
    ids = tokenizer(expected["text"], add_special_tokens=False)["input_ids"]
    print(f"{len(ids)} tokens" if ids == expected["ids"] else f"{ids}, expected {expected['ids']}")
    return ids != expected["ids"]


if __name__ == "__main__":
    sys.exit(main())
