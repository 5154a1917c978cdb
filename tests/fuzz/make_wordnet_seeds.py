"""Writes the seed corpus of the WordNet reader's fuzzer: small databases, some with one fault each.

usage: python make_wordnet_seeds.py

A seed is the nine files one after the other, in the order of tests/fuzz/wordnet_targets.cpp, form feeds between them.
"""
import pathlib

CORPUS = pathlib.Path(__file__).with_name("corpus") / "wordnet"
PARTS = {"noun": "n", "verb": "v", "adj": "a"}


def data(synsets, letter, frames=""):
    """synsets: (words, pointers, gloss), a pointer being (symbol, index of its synset)."""
    def line(offsets, offset, words, pointers, gloss):
        fields = [f"{offset:08d} 04 {letter} {len(words):02x}", *(f"{word} 0" for word in words), f"{len(pointers):03d}",
                  *(f"{symbol} {offsets[target]:08d} {letter} 0000" for symbol, target in pointers)]
        return " ".join(fields) + f" {frames}| {gloss}\n"

    offsets, position = [], 0
    for synset in synsets:
        offsets.append(position)
        position += len(line([0] * len(synsets), 0, *synset))
    return "".join(line(offsets, o, *s) for o, s in zip(offsets, synsets)), offsets


def index(synsets, offsets, letter):
    senses = {}
    for (words, _, _), offset in zip(synsets, offsets):
        for word in words:
            senses.setdefault(word.split("(")[0].lower(), []).append(offset)
    return "".join(f"{word} {letter} {len(o)} 1 @ {len(o)} 0 {' '.join(f'{x:08d}' for x in o)}  \n"
                   for word, o in sorted(senses.items()))


def database(synsets, exceptions):
    files = []
    for part, letter in PARTS.items():
        lines, offsets = data(synsets[part], letter, "01 + 02 00 " if part == "verb" else "")
        files += [lines, index(synsets[part], offsets, letter), exceptions[part]]
    return files


NOUNS = [(["fire"], [("~", 1)], "a"), (["blaze", "Big_Blaze"], [("@", 0)], "b"), (["box"], [], "c"),
         (["boxful", "box"], [("@i", 2)], "d"), (["e-mail", "email"], [], "e")]
VERBS = [(["burn", "combust"], [("$", 1)], "f"), (["burn_down", "fire"], [("@", 0), ("$", 0)], "g")]
ADJECTIVES = [(["hot(a)"], [("&", 1)], "h"), (["big", "warm(ip)"], [("&", 0)], "i")]
SYNSETS = {"noun": NOUNS, "verb": VERBS, "adj": ADJECTIVES}
EXCEPTIONS = {"noun": "aurar eyir\naurar fire\nboxen box blaze\n", "verb": "burnt burn\n", "adj": "hotter hot\n"}
ONE = {part: [([word], [], "a")] for part, word in (("noun", "fire"), ("verb", "burn"), ("adj", "hot"))}
NO_EXCEPTIONS = dict.fromkeys(PARTS, "  none\n")


def write(name, files):
    (CORPUS / name).write_bytes("\f".join(files).encode())


def main():
    CORPUS.mkdir(parents=True, exist_ok=True)
    good = database(SYNSETS, EXCEPTIONS)
    write("good", good)
    write("good_one_word_each", database(ONE, NO_EXCEPTIONS))
    write("good_beyond_ascii", database({**ONE, "noun": [(["é-fire", "naïve_fire"], [("~", 0)], "a")]}, EXCEPTIONS))
    faults = {
        "bad_missing_files": good[:5],
        "bad_offset": [good[0].replace("00000000 04", "00000001 04"), *good[1:]],
        "bad_dangling_pointer": [good[0].replace("~ 0", "~ 9"), *good[1:]],
        "bad_dangling_sense": [good[0], good[1].replace("1 0 0", "1 0 9"), *good[2:]],
        "bad_count": [good[0].replace("n 02", "n ff"), *good[1:]],
        "bad_frames": [*good[:3], good[3].replace("01 + 02", "99 + 02"), *good[4:]],
        "bad_index_cut": [good[0], "".join(good[1].splitlines(True)[:-1]), *good[2:]],
        "bad_exceptions_cut": [*good[:2], good[2][:-5], *good[3:]],
        "bad_utf8": [*good[:8], "hotter \udcff\n"],
    }
    for name, files in faults.items():
        (CORPUS / name).write_bytes("\f".join(files).encode(errors="surrogateescape"))


if __name__ == "__main__":
    main()
