"""Makes statistics.json: golden values of conceptune/evaluation's statistics from scipy and numpy.

usage: statistics.py > statistics.json      (needs numpy and scipy)

The resampling is written out here a second time (xoshiro256++ seeded as conceptune/base/random.h says), so that
the intervals are held to numpy's percentiles of the very same resamples.
"""
import json
import math

import numpy
import scipy.stats

MASK = (1 << 64) - 1


def splitmix64(x):
    while True:
        x = (x + 0x9E3779B97F4A7C15) & MASK
        z = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def rotl(x, k):
    return ((x << k) | (x >> (64 - k))) & MASK


class Random:
    def __init__(self, seed, purpose):
        h = 0xCBF29CE484222325
        for c in purpose.encode():
            h = ((h ^ c) * 0x100000001B3) & MASK
        stream = splitmix64(seed ^ h)
        self.s = [next(stream) for _ in range(4)]

    def next(self):
        s = self.s
        result = (rotl((s[0] + s[3]) & MASK, 23) + s[0]) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 45)
        return result

    def below(self, bound):
        rejected = (1 << 64) % bound
        while True:
            value = self.next()
            if value >= rejected:
                return value % bound


def resamples(items, samples, seed):
    for r in range(samples):
        random = Random(seed, f"resample {r}")
        yield [random.below(items) for _ in range(items)]


def correlations(x, y):
    return {
        "x": list(map(float, x)),
        "y": list(map(float, y)),
        "pearson": float(scipy.stats.pearsonr(x, y).statistic),
        "spearman": float(scipy.stats.spearmanr(x, y).statistic),
        "kendall": float(scipy.stats.kendalltau(x, y).statistic),
        "ranks_x": scipy.stats.rankdata(x).tolist(),
    }


def holm(p):
    order = numpy.argsort(p, kind="stable")
    adjusted = numpy.maximum.accumulate([(len(p) - i) * p[k] for i, k in enumerate(order)])
    out = numpy.empty(len(p))
    out[order] = numpy.minimum(adjusted, 1)
    return out.tolist()


def main():
    rng = numpy.random.default_rng(7)
    x = rng.normal(size=40)
    y = 0.4 * x + rng.normal(size=40)
    cases = [
        correlations(x, y),
        correlations(numpy.round(x), numpy.round(y)),
        correlations(rng.integers(0, 3, 200), rng.integers(0, 4, 200)),
        correlations([1, 2], [5, 3]),
        correlations([1.0, 1.0, 2.0], [2.0, 3.0, 3.0]),
        correlations(100 + x, y),
        correlations(range(10), [v**3 for v in range(10)]),
    ]
    replicates = [
        [scipy.stats.spearmanr(x[i], y[i]).statistic, numpy.mean(y[i]), numpy.mean(x[i])]
        for i in map(numpy.array, resamples(40, 200, 42))
    ]
    columns = numpy.array(replicates).T
    difference = columns[1] - columns[2]
    tail = min(numpy.sum(difference <= 0), numpy.sum(difference >= 0))
    bootstrap = {
        "samples": 200,
        "seed": 42,
        "confidence": 0.9,
        "spearman": numpy.percentile(columns[0], [5, 95]).tolist(),
        "mean_y": numpy.percentile(columns[1], [5, 95]).tolist(),
        "difference_y_x": numpy.percentile(difference, [5, 95]).tolist(),
        "p_difference": float(min(1, 2 * (tail + 1) / 201)),
    }
    values = rng.normal(size=11).tolist()
    fractions = [0, 0.025, 0.3, 0.5, 0.77, 0.975, 1]
    p_values = [0.04, 0.01, 0.03, 0.03, 0.6, 0.005]
    document = {
        "correlations": cases,
        "bootstrap": bootstrap,
        "percentiles": {
            "values": values,
            "fractions": fractions,
            "expected": [float(numpy.percentile(values, 100 * f)) for f in fractions],
        },
        "holm": {"p": p_values, "adjusted": holm(p_values)},
    }
    assert all(math.isfinite(c["kendall"]) for c in cases)
    print(json.dumps(document))


if __name__ == "__main__":
    main()
