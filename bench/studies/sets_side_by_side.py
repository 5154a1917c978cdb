"""What two concept sources put into the sets of the same words, told by people's judgements.

usage: sets_side_by_side.py ITEMS_A ITEMS_B [COUNT]      COUNT (40) targets drawn at random, as a table
       sets_side_by_side.py shares ITEMS [PROBABILITY…]  what is shown, by the least score that is asked for

ITEMS are what `conceptune eval-sources -o` keeps. A word that half of the judges accept is **bold**, one that a tenth accept
stands as it is, one that fewer accept is ~~struck out~~, and one that nobody judged has a question mark.
"""
import json
import random
import sys

ACCEPTABLE, CONCEIVABLE = 0.5, 0.1
KINDS = ("acceptable", "conceivable", "refused", "not judged")
MOST = 10


def read(path):
    return {item["id"]: item for item in (json.loads(line) for line in open(path, encoding="utf8"))}


def kind_of(item, lemma):
    if lemma not in item["judged"]:
        return "not judged"
    accepted, judged = item["judged"][lemma]
    return "acceptable" if accepted / judged > ACCEPTABLE else "conceivable" if accepted / judged >= CONCEIVABLE else "refused"


def shown(item):
    marks = {"acceptable": "**{}**", "conceivable": "{}", "refused": "~~{}~~", "not judged": "{}?"}
    return ", ".join(marks[kind_of(item, lemma)].format(lemma) for lemma in item["lemmas"][:MOST]) or "—"


def counts(sets):
    """Of (item, lemmas): how many words of each kind, and the sets that hold an acceptable or a conceivable one."""
    words, acceptable, conceivable, empty = dict.fromkeys(KINDS, 0), 0, 0, 0
    for item, lemmas in sets:
        kinds = [kind_of(item, lemma) for lemma in lemmas[:MOST]]
        for kind in kinds:
            words[kind] += 1
        empty += not kinds
        acceptable += "acceptable" in kinds
        conceivable += "acceptable" in kinds or "conceivable" in kinds
    return words, acceptable, conceivable, empty


def summary(sets):
    words, acceptable, conceivable, empty = counts(sets)
    total = max(1, sum(words.values()))
    shares = ", ".join(f"{kind} {100 * words[kind] / total:.0f} %" for kind in KINDS)
    return (f"{len(sets)} sets, {empty} empty, {conceivable} hold a conceivable word, {acceptable} an acceptable one; "
            f"{total / max(1, len(sets) - empty):.1f} words in a set: {shares}")


def side_by_side(a, b, count=40):
    a, b = read(a), read(b)
    drawn = random.Random(1).sample([i for i in a if i in b and "tagged" not in a[i]["coverage"] and "token" not in
                                     a[i]["coverage"]], int(count))
    print("| word | A | B |\n|---|---|---|")
    for i in drawn:
        print(f"| {a[i]['word']} | {shown(a[i])} | {shown(b[i])} |")
    for name, items in (("A", a), ("B", b)):
        print(f"\n{name}, these: {summary([(items[i], items[i]['lemmas']) for i in drawn])}")
        print(f"{name}, all: {summary([(item, item['lemmas']) for item in items.values()])}")


def shares(path, *probabilities):
    items = read(path).values()
    for least in map(float, probabilities or ("0.25", "0.3", "0.35", "0.4", "0.45", "0.5")):
        sets = []
        for item in items:
            scores = sorted((synonym["score"] for synonym in item["synonyms"]), reverse=True)
            sets.append((item, item["lemmas"][:sum(score >= least for score in scores)]))
        print(f"{least}: {summary(sets)}")


if __name__ == "__main__":
    shares(*sys.argv[2:]) if sys.argv[1] == "shares" else side_by_side(*sys.argv[1:])
