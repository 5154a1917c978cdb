"""Annotation by a real server, beside our own model: candidates, answers, and faults made on purpose.

usage: run_real_server.py llama_cpp PROGRAM INPUTS      $CONCEPTUNE_LLAMA_SERVER is llama.cpp's program llama-server
       run_real_server.py vllm PROGRAM INPUTS           $CONCEPTUNE_VLLM is the program vllm, built for CPUs
       Ends with 77 where the variable names none.

The model is written in float32 for both, so that both compute the same products in another order. Checked: the candidates
are ours but for those about as probable as the last of them; a server killed midway ends the annotation with its address,
and the same command goes on; with another model at the same address it does not, and the replies of the two are not mixed
up. The measured differences are printed.
"""
import json
import math
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

PASSAGES = 12
PASSAGES_TO_ANSWER = 2
COUNT = 200
# Log-probabilities of the same products summed in another order, in float32 over 30 layers.
MOST_APART = 0.002
# A greedy answer goes another way where two tokens are equally likely; the server's template may differ in its spaces.
LEAST_ALIKE = 0.8

# Variable, ending of its models, command behind the program's name, what its environment needs.
KINDS = {
    "llama_cpp": ("CONCEPTUNE_LLAMA_SERVER", ".gguf",
                  "-m {model} --port {port} -c 8192 -np 4 --no-webui --flash-attn off --cache-type-k f32 --cache-type-v f32", {}),
    "vllm": ("CONCEPTUNE_VLLM", "",
             "serve {model} --port {port} --served-model-name tiny --dtype float32 --max-model-len 2048 --max-logprobs 200 "
             "--enforce-eager --gpu-memory-utilization 0.3", {"VLLM_TARGET_DEVICE": "cpu", "VLLM_CPU_KVCACHE_SPACE": "1"}),
}
kind, program, inputs = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]).resolve()
variable, ending, arguments, needed = KINDS[kind]
server_program = os.environ.get(variable)
if not server_program:
    print(f"skipped: {variable} names no server's program")
    sys.exit(77)
folder = pathlib.Path(tempfile.mkdtemp(prefix="conceptune-real-server-"))


def call(*words, expect=0):
    done = subprocess.run([program, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert done.returncode == expect, f"{words[0]} ended with {done.returncode}, expected {expect}: {done.stderr}"
    return done.stderr


class Server:
    """The server on a port that is free; the context manager waits until it has loaded the model."""

    def __init__(self, model, port=None):
        self.port = port or free_port()
        self.command = [server_program, *(word.format(model=model, port=self.port) for word in arguments.split())]

    def __enter__(self):
        self.log = open(folder / f"server-{self.port}.log", "ab")
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=self.log, start_new_session=True,
                                        env=os.environ | needed)
        for _ in range(600):
            assert self.process.poll() is None, f"the server ended: {pathlib.Path(self.log.name).read_text()[-2000:]}"
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=5):
                    return self
            except OSError:
                time.sleep(0.5)
        raise AssertionError("the server did not get ready")

    def __exit__(self, *_):
        self.kill()
        self.log.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)  # vLLM computes in processes of its own
        self.process.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def annotate(name, model, *options, passages="passages", expect=0):
    return call("annotate", folder / passages / "train.jsonl", "-m", model, "--english-pipeline", inputs / "en_core_web_sm",
                "-o", folder / name, *options, expect=expect)


def by_server(server, replies, kind="candidates"):
    return ["--set", f"{kind}.server.url={server.url}", "--set", f"{kind}.server.replies={folder / replies}", "--set",
            f"{kind}.server.attempts=2", "--set", f"{kind}.server.first_pause=0.1"]


def words_of(name):
    lines = subprocess.run(["zstd", "-dc", folder / name / "records.jsonl.zst"], stdout=subprocess.PIPE, check=True).stdout
    return {(record["id"], word["position"]): word
            for record in map(json.loads, lines.splitlines()) for word in record["words"]}


def candidates_of(name):
    """Of words that differ in case alone the likelier stands, and one may be as likely as the other: all in small letters."""
    return {place: {one["text"].lower(): math.log(one["score"]) for one in word["synonyms"]}
            for place, word in words_of(name).items()}


def compare(ours, theirs):
    """How many words have other candidates, and how far the log-probabilities of common ones are apart."""
    assert ours.keys() == theirs.keys()
    differing, apart, at_the_edge = 0, 0.0, 0.0
    for place, mine in ours.items():
        other = theirs[place]
        differing += mine.keys() != other.keys()
        apart = max([apart, *(abs(mine[text] - other[text]) for text in mine.keys() & other.keys())])
        for one, another in ((mine, other), (other, mine)):
            for text in one.keys() - another.keys():
                at_the_edge = max(at_the_edge, one[text] - min(one.values()))
    print(f"{len(ours)} words; {differing} have another set; common candidates are at most {apart:.5f} apart in log p, and "
          f"others at most {at_the_edge:.5f} above the last")
    return apart, at_the_edge


def answered_alike(model, server):
    """Answers of our own model and of the server to the same prompts: greedy, with the same penalty of repetition."""
    call("corpus", inputs / "lee_background.cor", "-o", folder / "few", "--passages", PASSAGES_TO_ANSWER)
    options = ["--source", "prompt", "--candidates", 20, "--max-synonyms", 20]
    annotate("our-answers", model, *options, passages="few")
    annotate("their-answers", model, *options, *by_server(server, "answers.sqlite", "prompt"), passages="few")
    ours, theirs = ({place: [one["text"] for one in word["synonyms"]] for place, word in words_of(name).items()}
                    for name in ("our-answers", "their-answers"))
    alike = sum(ours[place] == theirs[place] for place in ours)
    print(f"answers: {sum(map(bool, ours.values()))} of {len(ours)} words got synonyms by our model, "
          f"{sum(map(bool, theirs.values()))} by the server; {alike} words got the same ones")
    assert alike >= LEAST_ALIKE * len(ours), f"expected {LEAST_ALIKE:.0%} at least"


def main():
    model = folder / "model.gguf"  # for its tokenizer, and computed here
    served, rounded = folder / f"served{ending}", folder / f"rounded{ending}"
    call("corpus", inputs / "lee_background.cor", "-o", folder / "passages", "--passages", PASSAGES)
    for file, kind in {model: "f32", served: "f32", rounded: "bf16"}.items():
        call("merge", "-m", inputs / "SmolLM2-135M-Instruct.Q4_1.gguf", "-o", file, "--type", kind)
    candidates = ["--source", "candidates", "--candidates", COUNT, "--max-synonyms", COUNT]
    annotate("ours", model, *candidates)

    with Server(served) as server:
        started = time.monotonic()
        annotate("theirs", model, *candidates, *by_server(server, "replies.sqlite"))
        print(f"candidates by the server in {time.monotonic() - started:.1f} s")
        answered_alike(model, server)
    apart, at_the_edge = compare(candidates_of("ours"), candidates_of("theirs"))
    assert apart <= MOST_APART and at_the_edge <= MOST_APART, f"expected at most {MOST_APART}"

    with Server(served) as server:
        port = server.port
        running = subprocess.Popen(
            [program, "annotate", folder / "passages/train.jsonl", "-m", model, "--english-pipeline", inputs / "en_core_web_sm",
             "-o", folder / "interrupted", *map(str, candidates), *by_server(server, "interrupted.sqlite")],
            stderr=subprocess.PIPE, text=True)
        time.sleep(4)
        server.kill()
        message = running.communicate()[1]
        assert running.returncode == 1 and server.url in message, f"{running.returncode}: {message}"
        print("killed midway:", message.strip().splitlines()[-1])
    with Server(rounded, port) as server:
        message = annotate("interrupted", model, *candidates, *by_server(server, "interrupted.sqlite"), expect=2)
        assert "unfinished work with other passages, models or options" in message, message
    with Server(served, port) as server:
        annotate("interrupted", model, *candidates, *by_server(server, "interrupted.sqlite"))
    apart, _ = compare(candidates_of("theirs"), candidates_of("interrupted"))
    assert apart <= MOST_APART
    with Server(rounded, port) as server:
        annotate("other", model, *candidates, *by_server(server, "interrupted.sqlite"))
    apart, _ = compare(candidates_of("theirs"), candidates_of("other"))
    assert apart > MOST_APART, "replies of the first model were taken for the other's"


try:
    main()
finally:
    shutil.rmtree(folder)
