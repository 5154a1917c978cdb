"""What the concept sources give on a benchmark of lexical substitution, side by side.

usage: sources_on_swords.py run PROGRAM MODEL ENGLISH_PIPELINE BENCHMARK FOLDER [NAME...]   measures what FOLDER lacks
       sources_on_swords.py table FOLDER                                                    prints the table

Settings are known by name (SETTINGS), all of them unless some are named; a finished one is FOLDER/NAME.json with the items
beside it, so that a run that was stopped goes on. Options were chosen on SWORDS dev; its other half is kept apart.
"""
import json
import pathlib
import resource
import subprocess
import sys

BFLOAT16 = ["--type", "bfloat16"]
SETTINGS = {
    "random candidates": ["--source", "candidates", "--set", "candidate_list.order=random"],
    "candidates": ["--source", "candidates"],
    "embedding": ["--source", "embedding"],
    "prompt": ["--source", "prompt"],
    "yes-no": ["--source", "yes-no"],
    "yes-no, all ten": ["--source", "yes-no", "--set", "yes_no.least_log_odds=-1000"],
    "wordnet": ["--source", "wordnet"],
    "wordnet, no candidates": ["--source", "wordnet", "--no-candidates"],
    "wordnet, no candidates, 3 senses": ["--source", "wordnet", "--no-candidates", "--set", "wordnet.senses=3"],
    "wordnet, no candidates, depth 2": ["--source", "wordnet", "--no-candidates", "--set", "wordnet.depth=2"],
    "continuation": ["--source", "continuation"],
    "continuation, all ten": ["--source", "continuation", "--set", "continuation.least_probability=0"],
    "continuation, both pools": ["--source", "continuation", "--set", "continuation.pool=both"],
    "continuation, order continuation": ["--source", "continuation", "--set", "continuation.order=continuation"],
    "continuation, order likeness": ["--source", "continuation", "--set", "continuation.order=likeness"],
    "continuation, no shortlist": ["--source", "continuation", "--set", "continuation.shortlist=0"],
    "continuation, following 0": ["--source", "continuation", "--set", "continuation.order=continuation", "--set",
                                  "continuation.following=0"],
    "continuation, following 2": ["--source", "continuation", "--set", "continuation.order=continuation", "--set",
                                  "continuation.following=2"],
    "continuation, following 8": ["--source", "continuation", "--set", "continuation.order=continuation", "--set",
                                  "continuation.following=8"],
}


def run(program, model, pipeline, benchmark, folder, *names):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or SETTINGS:
        output = folder / f"{name}.json"
        if output.exists():
            continue
        before = cpu_seconds()
        done = subprocess.run([program, "eval-sources", benchmark, "-m", model, "--english-pipeline", pipeline, "--json",
                               "-o", folder / f"{name}.jsonl", "--overwrite", *BFLOAT16, *SETTINGS[name]],
                              stdout=subprocess.PIPE, check=True)
        result = json.loads(done.stdout)
        result["cpu_seconds"] = cpu_seconds() - before
        output.write_text(json.dumps(result), encoding="utf8")


def cpu_seconds():
    """Of the programs that ended: what a machine with other work to do still tells."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cell(measure):
    low, high = measure["f"]["interval"]
    return (f"{measure['f']['value']:.1f} [{low:.1f}, {high:.1f}], {measure['precision']['value']:.1f}, "
            f"{measure['recall']['value']:.1f}")


def table(folder):
    print("| source | acceptable: F, P, R strict | lenient F | conceivable: F, P, R strict | lenient F | GAP | answered | "
          "words/s | words a CPU second |\n|---|---|---|---|---|---|---|---|---|")
    for name in SETTINGS:
        file = pathlib.Path(folder) / f"{name}.json"
        if not file.exists():
            continue
        result = json.loads(file.read_text(encoding="utf8"))
        scores = result["scores"]
        print(f"| {name} | {cell(scores['strict_acceptable'])} | {scores['lenient_acceptable']['f']['value']:.1f} | "
              f"{cell(scores['strict_conceivable'])} | {scores['lenient_conceivable']['f']['value']:.1f} | "
              f"{scores['gap']['value']:.1f} | {result['coverage'].get('answered', 0)} of {result['targets']} | "
              f"{result['words'] / result['seconds']:.1f} | {result['words'] / result['cpu_seconds']:.1f} |")


if __name__ == "__main__":
    {"run": run, "table": table}[sys.argv[1]](*sys.argv[2:])
