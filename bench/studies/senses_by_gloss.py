"""What choosing WordNet's senses by their glosses would bring: each sense's definition and examples beside the text.

usage: senses_by_gloss.py pairs FACTS BENCHMARK WORDNET FOLDER       writes FOLDER/READING.tsv, a text and a gloss a row
       senses_by_gloss.py measure PROGRAM MODEL FOLDER               their cosines in the model's own embeddings
       senses_by_gloss.py table FACTS BENCHMARK WORDNET FOLDER       the sets that each order of senses gives

FACTS is what substitute_facts writes (fit_substitutes.py facts). A reading says which words of the text and of WordNet are
compared: the whole passage or the sentence with the whole gloss or its definition alone, by the mean of the last layer's
states; or, by the last token's state, what a model has in mind where the text is followed by 'WORD here means'. Senses are
those of the target's lemma. "overlap" takes no model: content words that text and gloss share (Lesk 1986), the simplified way.
"""
import gzip
import json
import pathlib
import re
import subprocess
import sys

from fit_substitutes import crossed, print_curve, print_senses, read
import fit_substitutes

SUFFIXES = {"noun": "noun", "verb": "verb", "adj": "adj", "adjective": "adj"}
# Name: text, gloss, pooling.
READINGS = {
    "passage, gloss": (lambda t: t.passage, lambda t, g: g, "mean"),
    "sentence, gloss": (lambda t: t.sentence, lambda t, g: g, "mean"),
    "sentence, definition": (lambda t: t.sentence, lambda t, g: g.split("; \"")[0], "mean"),
    "in mind": (lambda t: f'{t.passage} Here, "{t.word}" means', lambda t, g: f'"{t.word}" as in "{g}" means', "last"),
}


class Target:
    def __init__(self, fact, text, offset, synsets):
        self.word = fact["word"]
        before = max((m.end() for m in re.finditer(r"[.!?]\s+", text[:offset])), default=0)
        after = re.search(r"[.!?](\s|$)", text[offset:])
        self.passage = plain(text)
        self.sentence = plain(text[before:offset + after.start() + 1 if after else len(text)])
        self.glosses = synsets


def plain(text):
    return " ".join(text.split())


class WordNet:
    def __init__(self, folder):
        self.data, self.index = {}, {}
        for suffix in set(SUFFIXES.values()):
            self.data[suffix] = pathlib.Path(folder, f"data.{suffix}").read_bytes()
            for line in pathlib.Path(folder, f"index.{suffix}").read_text(encoding="utf8").splitlines():
                if not line.startswith(" "):
                    fields = line.split()
                    self.index[fields[0], suffix] = [int(offset) for offset in fields[-int(fields[2]):]]

    def glosses(self, lemma, pos):
        suffix = SUFFIXES[pos.lower()]
        lines = (self.data[suffix][offset:].split(b"\n", 1)[0].decode()
                 for offset in self.index.get((lemma.replace(" ", "_"), suffix), []))
        return [plain(line.split(" | ", 1)[1]) for line in lines]


def targets_of(facts, benchmark, wordnet):
    """The facts, each with its Target; None where WordNet has no choice of senses for it."""
    published = json.loads(gzip.open(benchmark).read())
    words = WordNet(wordnet)
    for fact in read(facts):
        target = published["targets"][fact["id"]]
        glosses = words.glosses(fact["lemma"], fact["pos"])
        text = published["contexts"][target["context_id"]]["context"]
        yield fact, Target(fact, text, target["offset"], glosses) if len(glosses) > 1 else None


def path_of(folder, reading, ending):
    return pathlib.Path(folder, reading.replace(", ", "-").replace(" ", "-") + ending)


def write_pairs(facts, benchmark, wordnet, folder):
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    targets = [target for _, target in targets_of(facts, benchmark, wordnet) if target]
    for reading, (text, gloss, _) in READINGS.items():
        rows = [f"{text(t)}\t{gloss(t, g)}\t0" for t in targets for g in t.glosses]
        path_of(folder, reading, ".tsv").write_text("first\tsecond\tscore\n" + "\n".join(rows) + "\n", encoding="utf8")


def measure(program, model, folder):
    for reading, (_, _, pooling) in READINGS.items():
        subprocess.run([program, "eval", "-m", model, "--benchmark", path_of(folder, reading, ".tsv"), "--columns",
                        "first,second,score", "--pooling", pooling, "--type", "bfloat16", "--samples", "1",
                        "-o", path_of(folder, reading, "")], check=True)


def cosines_of(folder, reading):
    [items] = path_of(folder, reading, "").glob("items/*.jsonl.zst")
    lines = subprocess.run(["zstd", "-dc", items], stdout=subprocess.PIPE, check=True).stdout.splitlines()
    return [json.loads(line)["cosine"] for line in lines[1:]]


def content_words(text):
    return {word for word in re.findall(r"[a-z]+", text.lower()) if len(word) > 3}


def overlaps(targets):
    return [len((content_words(t.passage) - {t.word.lower()}) & content_words(g)) for t in targets for g in t.glosses]


def rank(facts, fits):
    """Sets each word's rank of its sense, the best fit first and WordNet's order among equal ones."""
    fits = iter(fits)
    for fact, target in facts:
        scores = [next(fits) for _ in target.glosses] if target else []
        ranked = sorted(range(len(scores)), key=lambda sense: -scores[sense])
        for word in fact["considered"]:
            known = word["sense"] < len(scores)
            word["rank"] = ranked.index(word["sense"]) if known else word["sense"]
            word["sense_fits"] = scores[word["sense"]] - max(scores) if known else 0.0


def table(facts_file, benchmark, wordnet, folder):
    facts = list(targets_of(facts_file, benchmark, wordnet))
    targets = [target for _, target in facts if target]
    print(f"{len(facts)} targets, {len(targets)} of them with more than one sense\n")
    fits = {"overlap": overlaps(targets)} | {reading: cosines_of(folder, reading) for reading in READINGS}
    usual = fit_substitutes.last_facts
    for name, values in fits.items():
        rank(facts, values)
        print(f"## {name}")
        print_senses([fact for fact, _ in facts])
        fit_substitutes.last_facts = lambda following: (*usual(following), "sense fits")
        print_curve(crossed([fact for fact, _ in facts]))
        fit_substitutes.last_facts = usual


if __name__ == "__main__":
    {"pairs": write_pairs, "measure": measure, "table": table}[sys.argv[1]](*sys.argv[2:])
