"""Chooses the weights by which the continuation source orders a word's possible substitutes, and where it cuts.

usage: fit_substitutes.py facts PROGRAM BENCHMARK FACTS [OPTION...]   runs build/substitute_facts; goes on where it stopped
       fit_substitutes.py sweep FACTS                                 tables of pool, shortlist and following tokens
       fit_substitutes.py fit FACTS                                   prints weights for first_look() and
                                                                      substitute_score(), and the curve
       fit_substitutes.py senses FACTS                                what choosing senses in context would bring

Two logistic models of "at least a tenth of the judges accept this word": one of what is known before a word is run in the
text, which makes the shortlist, fitted to every word of the pools; one of all facts, fitted to the shortlists. What nobody
judged counts as refused, as in the strict measure. The curve is cross-validated: every target is scored by fits to the
other folds (of targets), so that it tells what to expect of targets that were not seen. The sweep splits the targets in
two: settings are chosen by cross-validation within one half, and judged within the other. Plain Python, some minutes.
"""
import json
import math
import pathlib
import random
import subprocess
import sys

FIRST = ("steps²", "sense", "tokens", "first association")
FOLDS = 5
CUTS = (0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
ACCEPTABLE, CONCEIVABLE = 0.5 + 1e-4, 0.1
MOST_SENSES = 9
WORDS, SHORTLIST, FOLLOWING = 100, 20, 1  # the source's options


def last_facts(following):
    return "steps²", "sense", "word", *(["following"] if following else []), "likeness", "association"


def make_facts(program, benchmark, facts, *options):
    done = pathlib.Path(facts)
    lines = done.read_text(encoding="utf8").splitlines(keepends=True) if done.exists() else []
    whole = [line for line in lines if line.endswith("\n")]
    done.write_text("".join(whole), encoding="utf8")
    with done.open("a", encoding="utf8") as output:
        subprocess.run([program, benchmark, "--after", str(len(whole)), *options], stdout=output, check=True)


def number(word, fact, following):
    if fact == "steps²":
        return word["steps"] ** 2
    if fact == "sense":
        return min(word["sense"], MOST_SENSES)
    if fact == "following":
        return sum(word["following"][:following])
    return word[fact.replace(" ", "_")]


def ratio(target, word):
    accepted, judged = target["judged"].get(word["lemma"], (0, 1))
    return accepted / judged


def read(facts):
    targets = [json.loads(line) for line in open(facts, encoding="utf8")]
    for target in targets:
        target["considered"] = [word for word in target["considered"] if word["lemma"] != target["lemma"]]
        for word in target["considered"]:
            word["ratio"] = ratio(target, word)
    return targets


def solve(matrix, vector):
    """Gaussian elimination."""
    rows = [row[:] + [value] for row, value in zip(matrix, vector)]
    for i in range(len(rows)):
        pivot = max(range(i, len(rows)), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(i + 1, len(rows)):
            factor = rows[r][i] / rows[i][i]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i])]
    solution = [0.0] * len(rows)
    for i in reversed(range(len(rows))):
        solution[i] = (rows[i][-1] - sum(rows[i][j] * solution[j] for j in range(i + 1, len(rows)))) / rows[i][i]
    return solution


def fit(samples, ridge=1.0, steps=8):
    """Bias and weights for (numbers, whether wanted), by Newton's method with a small penalty."""
    size = len(samples[0][0]) + 1
    weights = [0.0] * size
    for _ in range(steps):
        gradient = [-ridge * w for w in weights]
        curvature = [[ridge * (i == j) for j in range(size)] for i in range(size)]
        for numbers, is_wanted in samples:
            x = [1.0, *numbers]
            p = logistic(weights, numbers)
            slope = p * (1 - p)
            for i in range(size):
                gradient[i] += (is_wanted - p) * x[i]
                for j in range(i + 1):
                    curvature[i][j] += slope * x[i] * x[j]
        for i in range(size):
            for j in range(i):
                curvature[j][i] = curvature[i][j]
        weights = [w + d for w, d in zip(weights, solve(curvature, gradient))]
    return weights


def logistic(weights, numbers):
    return 1 / (1 + math.exp(-weights[0] - sum(w * v for w, v in zip(weights[1:], numbers))))


class Judge:
    """What the source does with pools of `words` words, of which it runs `shortlist` with `following` tokens."""

    def __init__(self, targets, words=WORDS, shortlist=SHORTLIST, following=FOLLOWING):
        self.words, self.shortlist, self.following = words, shortlist, following
        self.facts = last_facts(following)
        self.first = fit(self.samples(FIRST, targets, lambda target: target["considered"][:words]))
        self.last = fit(self.samples(self.facts, targets, self.listed))

    def samples(self, facts, targets, words_of):
        return [(self.numbers(facts, word), word["ratio"] >= CONCEIVABLE) for t in targets for word in words_of(t)]

    def numbers(self, facts, word):
        return [number(word, fact, self.following) for fact in facts]

    def listed(self, target):
        pool = target["considered"][:self.words]
        return sorted(pool, key=lambda word: -logistic(self.first, self.numbers(FIRST, word)))[:self.shortlist]

    def judge(self, target):
        """(probability, lemma), the best first."""
        scored = [(logistic(self.last, self.numbers(self.facts, word)), word["lemma"]) for word in self.listed(target)]
        return sorted(scored, key=lambda one: -one[0])


def crossed(targets, **options):
    """Each target with what a judge makes of it that was fitted to the other folds."""
    order = list(range(len(targets)))
    random.Random(1).shuffle(order)
    judged = []
    for fold in range(FOLDS):
        judge = Judge([targets[i] for k, i in enumerate(order) if k % FOLDS != fold], **options)
        held_out = [targets[i] for k, i in enumerate(order) if k % FOLDS == fold]
        judged += [(target, judge.judge(target)) for target in held_out]
    return judged


def gold_of(target, threshold):
    return {lemma for lemma, (accepted, judged) in target["judged"].items() if accepted / judged >= threshold}


def measure(judged, cut, threshold):
    """F, precision and recall at ten, strict."""
    right = proposed = wanted = 0
    for target, scored in judged:
        gold = gold_of(target, threshold)
        lemmas = {lemma for score, lemma in scored[:10] if score >= cut}
        right += len(lemmas & gold)
        proposed += len(lemmas)
        wanted += min(10, len(gold))
    p, r = right / max(1, proposed), right / wanted
    return 200 * p * r / max(1e-9, p + r), 100 * p, 100 * r


def print_curve(judged):
    print("| cut | acceptable: F, P, R | conceivable: F, P, R |\n|---|---|---|")
    for cut in CUTS:
        cells = ("{:.1f}, {:.1f}, {:.1f}".format(*measure(judged, cut, t)) for t in (ACCEPTABLE, CONCEIVABLE))
        print(f"| {cut} | {' | '.join(cells)} |")


def oracle(targets, threshold):
    """Recall of the ten best words among those considered, had they been known."""
    right = wanted = 0
    for target in targets:
        gold = gold_of(target, threshold)
        right += min(10, len(gold & {word["lemma"] for word in target["considered"][:WORDS]}))
        wanted += min(10, len(gold))
    return 100 * right / wanted


# What a pool may be ordered by, by itself, without a cut.
ORDERS = {
    "WordNet's steps and senses": lambda w: -w["steps"] - 0.25 * w["sense"],
    "log p(word)": lambda w: w["word"],
    "log p(word) + log p(next token)": lambda w: w["word"] + sum(w["following"][:1]),
    "log p(word) + log p(next 4 tokens)": lambda w: w["word"] + sum(w["following"][:4]),
    "likeness": lambda w: w["likeness"],
    "association": lambda w: w["association"],
}


def print_orders(targets):
    print("| order | acceptable: F | conceivable: F |\n|---|---|---|")
    for name, key in ORDERS.items():
        judged = [(t, sorted(((key(w), w["lemma"]) for w in t["considered"][:WORDS]), reverse=True)) for t in targets]
        cells = (f"{measure(judged, -math.inf, t)[0]:.1f}" for t in (ACCEPTABLE, CONCEIVABLE))
        print(f"| {name} | {' | '.join(cells)} |")


def main_fit(facts):
    targets = read(facts)
    print(f"{len(targets)} targets, {sum(len(t['considered'][:WORDS]) for t in targets)} words; an oracle's recall at ten:",
          *(f"{name} {oracle(targets, t):.1f}" for name, t in (("acceptable", ACCEPTABLE), ("conceivable", CONCEIVABLE))))
    judge = Judge(targets)
    for name, facts_of, weights in (("first look", FIRST, judge.first), ("score", judge.facts, judge.last)):
        print(f"{name}: bias {weights[0]:.3f},", ", ".join(f"{n} {w:.3f}" for n, w in zip(facts_of, weights[1:])))
    print()
    print_orders(targets)
    print("\ncross-validated:")
    print_curve(crossed(targets))
    print("\nfitted to all:")
    print_curve([(target, judge.judge(target)) for target in targets])


def rank_senses(target):
    """By how well the text takes a sense's nearest words, beside WordNet's order, which is by frequency."""
    of_sense = {}
    for word in target["considered"][:WORDS]:
        of_sense.setdefault(word["sense"], []).append(word)

    def fits(words):
        nearest = min(word["steps"] for word in words)
        scores = [word["word"] + sum(word["following"][:1]) for word in words if word["steps"] == nearest]
        return sum(scores) / len(scores)

    scores = {sense: fits(words) for sense, words in of_sense.items()}
    ranked = sorted(scores, key=lambda sense: -scores[sense])
    for sense, words in of_sense.items():
        for word in words:
            word["rank"] = ranked.index(sense)
            word["sense_fits"] = scores[sense] - scores[ranked[0]]


def print_senses(targets):
    """The ten best by WordNet's steps and the senses' rank, senses ranked by frequency, by context and by both."""
    ranks = {"frequency": lambda w: w["sense"], "context": lambda w: w["rank"],
             "both": lambda w: (w["sense"] + w["rank"]) / 2}
    print("| senses ranked by | senses | acceptable: F, P, R | conceivable: F, P, R |\n|---|---|---|---|")
    for name, rank in ranks.items():
        for most in (1, 2, 3, 100):
            judged = [(t, sorted(((-w["steps"] - rank(w) / 4, w["lemma"]) for w in t["considered"][:WORDS] if rank(w) < most),
                                 reverse=True)) for t in targets]
            cells = ("{:.1f}, {:.1f}, {:.1f}".format(*measure(judged, -math.inf, t)) for t in (ACCEPTABLE, CONCEIVABLE))
            print(f"| {name} | {most} | {' | '.join(cells)} |", flush=True)


def main_senses(facts):
    targets = read(facts)
    for target in targets:
        rank_senses(target)
    print_senses(targets)
    print("\nfitted, cross-validated:")
    print_curve(crossed(targets))
    usual = last_facts
    globals()["last_facts"] = lambda following: (*usual(following), "sense fits")
    print("\nthe same with how well the text takes the sense:")
    print_curve(crossed(targets))


def main_sweep(facts, cut=0.25):
    targets = read(facts)
    order = list(range(len(targets)))
    random.Random(2).shuffle(order)
    halves = [[targets[i] for i in order[half::2]] for half in (0, 1)]
    print("| words | shortlist | following | tokens run a word | chosen by: acceptable F, conceivable F | judged by |\n"
          "|---|---|---|---|---|---|")
    for words, shortlist, following in [(w, s, n) for w, s in ((40, 40), (60, 60), (100, 100), (60, 15), (100, 8), (100, 10),
                                                              (100, 12), (100, 15), (100, 20), (100, 30)) for n in (0, 1, 4)
                                        if n == 1 or (w, s) in ((100, 100), (100, 15))]:
        cells, tokens = [], 0
        for half in halves:
            judged = crossed(half, words=words, shortlist=shortlist, following=following)
            cells.append(", ".join(f"{measure(judged, cut, t)[0]:.1f}" for t in (ACCEPTABLE, CONCEIVABLE)))
            judge = Judge(half, words=words, shortlist=shortlist, following=following)
            tokens += sum(2 * w["tokens"] - 1 + max(0, following - 1) for t in half for w in judge.listed(t))
        print(f"| {words} | {shortlist} | {following} | {tokens / len(targets):.0f} | {cells[0]} | {cells[1]} |", flush=True)


if __name__ == "__main__":
    {"facts": make_facts, "fit": main_fit, "sweep": main_sweep, "senses": main_senses}[sys.argv[1]](*sys.argv[2:])
