"""Makes agreement.json: Krippendorff's alpha of binary judgements, with people who leave some out.

usage: make_agreement_golden.py > agreement.json      (needs krippendorff and numpy)
"""
import json
import random

import krippendorff
import numpy


def alpha(units):
    table = numpy.array([[numpy.nan if value is None else value for value in unit] for unit in units], dtype=float).T
    return krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")


def draw_case(draw, people, units, share_missing, agreement):
    rows = []
    for _ in range(units):
        truth = draw.random() < 0.4
        values = [int(truth if draw.random() < agreement else draw.random() < 0.5) for _ in range(people)]
        rows.append([None if draw.random() < share_missing else value for value in values])
    return rows


def main():
    draw = random.Random(11)
    # The example of section A of "Computing Krippendorff's Alpha-Reliability" (2011): 0.095.
    meg, owen = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    cases = [[list(unit) for unit in zip(meg, owen)]]
    for people, units, missing, agreement in ((2, 40, 0, 0.9), (3, 60, 0.2, 0.7), (5, 80, 0.4, 0.5), (4, 30, 0.6, 0),
                                              (2, 5, 0.3, 0.95), (7, 200, 0.1, 0.8)):
        cases.append(draw_case(draw, people, units, missing, agreement))
    print(json.dumps([{"units": units, "alpha": alpha(units)} for units in cases]))


if __name__ == "__main__":
    main()
