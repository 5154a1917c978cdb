"""Chooses the weights by which the continuation source orders a word's possible substitutes, and where it cuts.

usage: fit_substitutes.py facts PROGRAM BENCHMARK FACTS [OPTION...]   runs build/substitute_facts; goes on where it stopped
       fit_substitutes.py fit FACTS                                   prints weights for substitute_score() and the
                                                                      curve

A logistic model of "at least a tenth of the judges accept this word", fitted to every word that the source considers;
what nobody judged counts as refused, as in the strict measure. The curve is cross-validated: every target is scored by a
fit to the other folds (of targets), so that it tells what to expect of targets that were not seen. Plain Python, some
minutes.
"""
import json
import math
import pathlib
import random
import subprocess
import sys

FACTS = ("steps²", "sense", "word", "following", "likeness", "likeness_after", "association")
FOLDS = 5
CUTS = (0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
ACCEPTABLE, CONCEIVABLE = 0.5 + 1e-4, 0.1


def make_facts(program, benchmark, facts, *options):
    done = pathlib.Path(facts)
    lines = done.read_text(encoding="utf8").splitlines(keepends=True) if done.exists() else []
    whole = [line for line in lines if line.endswith("\n")]
    done.write_text("".join(whole), encoding="utf8")
    with done.open("a", encoding="utf8") as output:
        subprocess.run([program, benchmark, "--after", str(len(whole)), *options], stdout=output, check=True)


def numbers(word):
    return [word["steps"] ** 2 if fact == "steps²" else min(word["sense"], 9) if fact == "sense" else word[fact]
            for fact in FACTS]


def ratio(target, word):
    accepted, judged = target["judged"].get(word["lemma"], (0, 1))
    return accepted / judged


def read(facts):
    targets = [json.loads(line) for line in open(facts, encoding="utf8")]
    for target in targets:
        target["considered"] = [word for word in target["considered"] if word["lemma"] != target["lemma"]]
        for word in target["considered"]:
            word["x"], word["ratio"] = numbers(word), ratio(target, word)
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


def fit(targets, ridge=1.0, steps=8):
    """Bias and weights, by Newton's method with a small penalty."""
    samples = [([1.0] + word["x"], word["ratio"] >= CONCEIVABLE) for target in targets for word in target["considered"]]
    size = len(FACTS) + 1
    weights = [0.0] * size
    for _ in range(steps):
        gradient = [-ridge * w for w in weights]
        curvature = [[ridge * (i == j) for j in range(size)] for i in range(size)]
        for x, is_wanted in samples:
            p = 1 / (1 + math.exp(-sum(w * v for w, v in zip(weights, x))))
            for i in range(size):
                gradient[i] += (is_wanted - p) * x[i]
                for j in range(i + 1):
                    curvature[i][j] += p * (1 - p) * x[i] * x[j]
        for i in range(size):
            for j in range(i):
                curvature[j][i] = curvature[i][j]
        weights = [w + d for w, d in zip(weights, solve(curvature, gradient))]
    return weights


def score(targets, weights):
    for target in targets:
        for word in target["considered"]:
            word["p"] = 1 / (1 + math.exp(-weights[0] - sum(w * v for w, v in zip(weights[1:], word["x"]))))


def measure(targets, cut, threshold):
    """F, precision and recall at ten, strict."""
    right = proposed = wanted = 0
    for target in targets:
        gold = {lemma for lemma, (accepted, judged) in target["judged"].items() if accepted / judged >= threshold}
        lemmas = []
        for word in sorted(target["considered"], key=lambda w: -w["p"])[:10]:
            if word["p"] >= cut and word["lemma"] not in lemmas:
                lemmas.append(word["lemma"])
        right += sum(lemma in gold for lemma in lemmas)
        proposed += len(lemmas)
        wanted += min(10, len(gold))
    p, r = right / max(1, proposed), right / wanted
    return 200 * p * r / max(1e-9, p + r), 100 * p, 100 * r


def print_curve(targets):
    print("| cut | acceptable: F, P, R | conceivable: F, P, R |\n|---|---|---|")
    for cut in CUTS:
        cells = ("{:.1f}, {:.1f}, {:.1f}".format(*measure(targets, cut, t)) for t in (ACCEPTABLE, CONCEIVABLE))
        print(f"| {cut} | {' | '.join(cells)} |")


def oracle(targets, threshold):
    """F of the ten best words among those considered, had they been known: precision is 1 but for empty places."""
    right = wanted = 0
    for target in targets:
        gold = {lemma for lemma, (accepted, judged) in target["judged"].items() if accepted / judged >= threshold}
        right += min(10, len(gold & {word["lemma"] for word in target["considered"]}))
        wanted += min(10, len(gold))
    return 100 * right / wanted


# What a pool may be ordered by, by itself, without a cut.
ORDERS = {
    "WordNet's steps and senses": lambda w: -w["steps"] - 0.25 * w["sense"],
    "log p(word)": lambda w: w["word"],
    "log p(word) + log p(following)": lambda w: w["word"] + w["following"],
    "likeness": lambda w: w["likeness"],
    "likeness and likeness after": lambda w: w["likeness"] + w["likeness_after"],
    "association": lambda w: w["association"],
}


def print_orders(targets):
    print("| order | acceptable: F | conceivable: F |\n|---|---|---|")
    for name, key in ORDERS.items():
        for target in targets:
            for word in target["considered"]:
                word["p"] = key(word)
        cells = (f"{measure(targets, -math.inf, t)[0]:.1f}" for t in (ACCEPTABLE, CONCEIVABLE))
        print(f"| {name} | {' | '.join(cells)} |")


def main_fit(facts):
    targets = read(facts)
    print(f"{len(targets)} targets, {sum(len(t['considered']) for t in targets)} words; an oracle's recall at ten:",
          *(f"{name} {oracle(targets, t):.1f}" for name, t in (("acceptable", ACCEPTABLE), ("conceivable", CONCEIVABLE))))
    weights = fit(targets)
    print("weights:", f"bias {weights[0]:.3f},", ", ".join(f"{n} {w:.3f}" for n, w in zip(FACTS, weights[1:])))
    print()
    print_orders(targets)
    order = list(range(len(targets)))
    random.Random(1).shuffle(order)
    for fold in range(FOLDS):
        held_out = [targets[i] for k, i in enumerate(order) if k % FOLDS == fold]
        score(held_out, fit([targets[i] for k, i in enumerate(order) if k % FOLDS != fold]))
    print("\ncross-validated:")
    print_curve(targets)
    score(targets, weights)
    print("\nfitted to all:")
    print_curve(targets)


if __name__ == "__main__":
    {"facts": make_facts, "fit": main_fit}[sys.argv[1]](*sys.argv[2:])
