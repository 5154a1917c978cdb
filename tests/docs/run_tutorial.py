"""Runs every command of docs/tutorial.md, as a reader would, and compares what it prints.

usage: run_tutorial.py PAGE PROGRAM INPUTS

Blocks marked sh are run one after the other in an empty folder, where inputs/ is INPUTS and `conceptune` is PROGRAM. A block
marked text is what the block before it prints on standard output, "…" standing for anything. Other blocks are not run.
Exits with 77, which says that the test is skipped, where an input is absent.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

NEEDED = ("SmolLM2-135M-Instruct.Q4_1.gguf", "en_core_web_sm", "lee_background.cor", "wordsim353.tsv", "simlex999.txt")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def matches(expected, output):
    return re.fullmatch(".*".join(re.escape(part) for part in expected.strip().split("…")), output.strip(), re.S)


def run(blocks, folder, environment):
    output = None
    for kind, text in blocks:
        if kind == "sh":
            print(f"$ {text.strip()}", flush=True)
            result = subprocess.run(["bash", "-euo", "pipefail", "-c", text], cwd=folder, env=environment,
                                    stdout=subprocess.PIPE, text=True, check=False)
            output = result.stdout
            print(output, flush=True)
            if result.returncode != 0:
                return f"ended with {result.returncode}: {text}"
        elif kind == "text" and not matches(text, output):
            return f"expected\n{text}found\n{output}"
    return ""


def main():
    page, program, inputs = (pathlib.Path(path).resolve() for path in sys.argv[1:])
    for name in NEEDED:
        if not (inputs / name).exists():
            print(f"needs {inputs / name}")
            return 77
    blocks = BLOCK.findall(page.read_text(encoding="utf8"))
    assert sum(kind == "sh" for kind, _ in blocks) > 5, "the commands of the page were not found"
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "inputs").symlink_to(inputs)
        environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}
        problem = run(blocks, folder, environment)
    print(problem or "ok")
    return bool(problem)


if __name__ == "__main__":
    sys.exit(main())
