"""Runs what docs/elsewhere.md says of lm-evaluation-harness and mteb, as it stands, on a small adapter that it makes.

usage: run_elsewhere.py PAGE PROGRAM INPUTS

CONCEPTUNE_PEER_PYTHON is an interpreter with lm_eval, mteb, sentence-transformers and peft. BASE and ADAPTER are made in an empty
folder, where the blocks of the two sections are run: bash, python by that interpreter, and text is what the one before printed,
"…" standing for anything. The last number of mteb's is compared with the one that `conceptune eval` computes from the same
pairs. Exits with 77, which says that the test is skipped, where an input or a package is absent.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from run_tutorial import BLOCK, matches

MODEL, PIPELINE = "SmolLM2-135M-Instruct.Q4_1.gguf", "en_core_web_sm"
# Says which packages are absent, without the half minute that importing them takes.
FIND = """import importlib.util
print(*[name for name in ("lm_eval", "mteb", "peft", "sentence_transformers") if not importlib.util.find_spec(name)])"""
SECTIONS = ("lm-evaluation-harness", "mteb")
TEXTS = ("The old dog walked slowly through the quiet street and looked at the houses.",
         "A child bought a small red car for his happy friend in the big city.")


def missing(peer, inputs):
    for name in (MODEL, PIPELINE):
        if not (inputs / name).exists():
            return inputs / name
    if not peer:
        return "CONCEPTUNE_PEER_PYTHON"
    packages = subprocess.run([peer, "-c", FIND], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    return packages and f"the Python packages {packages}"


def call(words, folder, environment):
    print("$", words if isinstance(words, str) else " ".join(map(str, words)), flush=True)
    if isinstance(words, str):
        words = ["bash", "-euo", "pipefail", "-c", words]
    output = subprocess.run(words, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    print(output, flush=True)
    return output


def make_adapter(folder, inputs, environment):
    (folder / "texts.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS), encoding="utf8")
    for words in (f"merge -m {inputs / MODEL} --type bf16 -o BASE",
                  f"annotate texts.jsonl -m BASE --english-pipeline {inputs / PIPELINE} --no-candidates -o concepts",
                  "train -m BASE -d concepts -o run --max-steps 4 --learning-rate 1e-3 --batch 1 --set validation_share=0"):
        call(f"conceptune {words}", folder, environment)
    (folder / "ADAPTER").symlink_to("run/last")  # without validation the last is what there is


def correlation_here(folder, environment):
    call("conceptune eval -m merged --benchmark pairs/test.csv --samples 20 -o results", folder, environment)
    document = json.loads((folder / "results/results.json").read_text(encoding="utf8"))
    value, = (each["value"] for each in document["measurements"]
              if (each["metric"], each["convention"]) == ("pearson", "paper"))
    return value


def run_sections(page, peer, folder, environment):
    """What the last block printed."""
    sections = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", page.read_text(encoding="utf8"), re.M))
    output = ""
    for name in SECTIONS:
        for kind, text in BLOCK.findall(sections[name]):
            if kind == "text":
                assert matches(text, output), f"{name}: expected\n{text}"
            else:
                output = call(text if kind == "bash" else [peer, "-c", text], folder, environment)
    return output


def main():
    page, program, inputs = (pathlib.Path(path).resolve() for path in sys.argv[1:])
    peer = os.environ.get("CONCEPTUNE_PEER_PYTHON")
    if lacking := missing(peer, inputs):
        print(f"needs {lacking}")
        return 77
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "hub"),
                       "PATH": f"{program.parent}:{pathlib.Path(peer).parent}:{os.environ['PATH']}"}
        make_adapter(folder, inputs, environment)
        there = float(run_sections(page, peer, folder, environment).split()[-1])
        here = correlation_here(folder, environment)
    print(f"mteb {there:.6f}, conceptune {here:.6f}")
    return not abs(there - here) < 1e-3


if __name__ == "__main__":
    sys.exit(main())
