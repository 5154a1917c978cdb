"""Makes substitution.json: the measures of SWORDS' scorer on made-up targets, and the lemmas that it takes.

usage: make_substitution_golden.py WORDNET_FOLDER > substitution.json      (needs nltk 3.8)

The measures are restated from the scorer's definitions: pr_at_k() and the lists it is given, strict and lenient, at
more than half and at a tenth of the judges; generalised average precision over all targets that have one. WORDNET_FOLDER
holds WordNet 3.0's database files; nltk also wants the names of its lexicographer files, which are made up beside them.
"""
import json
import pathlib
import random
import shutil
import sys
import tempfile
import warnings

K = 10
WORDS = {"n": "houses men wolves boxes buses glass news loaves geese bank_accounts physics axes Houses lens ladies leaves "
              "dogs data children analyses scissors zzzs classes churches wishes quizzes stimuli jeans means mothers-in-law",
         "v": "bought houses running studies goes was stopped taken lying dies saw sees tried trying planned picked_up left "
              "found cutting put travelled refers ing eds frolicking does freed",
         "a": "better happier worst larger fast bigger nicer older est further late redder blonder good finer latest"}


def lists(target, threshold, lenient):
    wanted = {lemma for lemma, accepted, judged in target["judged"] if accepted / judged >= threshold}
    known = {lemma for lemma, _, _ in target["judged"]}
    return wanted, [lemma for lemma in target["proposed"] if not lenient or lemma in known]


def pooled(targets, threshold, lenient):
    right = proposed = wanted = 0
    for target in targets:
        gold, system = lists(target, threshold, lenient)
        right += sum(lemma in gold for lemma in system[:K])
        proposed += len(system[:K])
        wanted += min(len(gold), K)
    p, r = right / proposed, right / wanted
    return {"f": 200 * p * r / (p + r), "precision": 100 * p, "recall": 100 * r}


def summed(gains):
    return sum(sum(gains[:i + 1]) / (i + 1) for i, gain in enumerate(gains) if gain > 0)


def gap(target):
    gains = {lemma: accepted for lemma, accepted, _ in target["judged"]}
    best = summed(sorted(gains.values(), reverse=True))
    return summed([gains.get(lemma, 0) for lemma in target["proposed"]]) / best if best else None


def draw_target(draw):
    vocabulary = [f"w{i}" for i in range(60)]
    judged = [[lemma, min(judges, int(draw.betavariate(0.4, 1) * (judges + 1))), judges]
              for lemma in draw.sample(vocabulary, draw.randint(1, 30)) for judges in [draw.choice((3, 9, 10))]]
    return {"judged": judged, "proposed": draw.sample(vocabulary, draw.choice((0, 3, 10, 25)))}


def lemmatizer(folder):
    warnings.filterwarnings("ignore")
    from nltk.corpus.reader.wordnet import WordNetCorpusReader
    with tempfile.TemporaryDirectory() as copy:
        for file in pathlib.Path(folder).iterdir():
            if file.is_file():
                shutil.copy(file, copy)
        (pathlib.Path(copy) / "lexnames").write_text("".join(f"{i:02}\tfile.{i}\t1\n" for i in range(45)))
        reader = WordNetCorpusReader(copy, None)
        found = {}
        for pos, words in WORDS.items():
            for word in words.replace("_", " ").split(" ") + [w.replace("_", " ") for w in words.split() if "_" in w]:
                forms = reader._morphy(word, pos)
                found[f"{word}/{pos}"] = (min(forms, key=len) if forms else word).lower().strip()
        return found


def main(folder):
    draw = random.Random(5)
    targets = [draw_target(draw) for _ in range(40)]
    targets.append({"judged": [["w0", 0, 3], ["w1", 0, 10]], "proposed": ["w1", "w2"]})  # nothing is accepted
    gaps = [gap(target) for target in targets]
    defined = [value for value in gaps if value is not None]
    print(json.dumps({
        "targets": targets, "gaps": gaps, "gap": 100 * sum(defined) / len(defined),
        "measures": {f"{name}_{wanted}": pooled(targets, threshold, name == "lenient")
                     for wanted, threshold in (("acceptable", 0.5 + 1e-4), ("conceivable", 0.1))
                     for name in ("strict", "lenient")},
        "lemmas": lemmatizer(folder)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
