"""Reads an adapter's model card with the package huggingface_hub.

usage: check_model_card.py CARD [BASE DATASET METRIC VALUE]

The facts at its top must be YAML that the hub takes: known fields, results in its form, no base but one that has a name
there. Exits with 1 and says what is wrong.
"""
import sys

from huggingface_hub import ModelCard


def main():
    path, expected = sys.argv[1], sys.argv[2:]
    with open(path, encoding="utf-8") as file:
        data = ModelCard(file.read()).data
    wanted = {"library_name": "peft", "pipeline_tag": "text-generation", "license": "other",
              "base_model": expected[0] if expected else None}
    problems = [f"{name}: {data.get(name)!r}, expected {value!r}" for name, value in wanted.items()
                if data.get(name) != value]
    results = [(r.dataset_type, r.metric_type, r.metric_value) for r in data.eval_results or []]
    if results != ([(expected[1], expected[2], float(expected[3]))] if expected else []):
        problems.append(f"results: {results}")
    print("\n".join(problems) or "the card is read")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
