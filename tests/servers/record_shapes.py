"""Writes shapes/: what real servers reply to small requests, which the tests read and the stub fills with what was asked.

usage: record_shapes.py llama_cpp URL     of llama-server -m SmolLM2-135M-Instruct… --alias tiny.gguf
       record_shapes.py other URL         of python -m llama_cpp.server with the models big-chat and small-chat
       record_shapes.py vllm URL          of vllm serve HuggingFaceTB/SmolLM2-135M-Instruct --served-model-name tiny

Requests are those that the program sends. Answers are held to "[home, building]", which the tests look for.
"""
import json
import pathlib
import sys
import urllib.error
import urllib.request

IDS = [5, 6, 7]
TEXT = "The old house"
ANSWER = "[home, building]"
CHAT = {"messages": [{"role": "user", "content": "Which words?"}], "max_tokens": 20, "temperature": 0}
GRAMMAR = {"grammar": f'root ::= "{ANSWER}"'}

# KIND: {shape: (path, payload; none for GET)}
REQUESTS = {
    "llama_cpp": {
        "models": ("/v1/models", None),
        "tokenize": ("/tokenize", {"content": TEXT, "add_special": False, "parse_special": False}),
        "completion": ("/completion", {"prompt": IDS[:2], "n_predict": 1, "temperature": -1, "n_probs": 3, "cache_prompt": True}),
        "chat": ("/v1/chat/completions", CHAT | GRAMMAR | {"model": "tiny.gguf"}),
    },
    "other": {
        "models": ("/v1/models", None),
        "chat": ("/v1/chat/completions", CHAT | GRAMMAR | {"model": "big-chat"}),
    },
    "vllm": {
        "models": ("/v1/models", None),
        "tokenize": ("/tokenize", {"model": "tiny", "prompt": TEXT, "add_special_tokens": False}),
        "completions": ("/v1/completions", {"model": "tiny", "prompt": IDS, "max_tokens": 1, "temperature": 0, "echo": True,
                                            "logprobs": 3, "return_tokens_as_token_ids": True}),
        "too_many_logprobs": ("/v1/completions", {"model": "tiny", "prompt": IDS, "max_tokens": 1, "echo": True, "logprobs": 200}),
        "chat": ("/v1/chat/completions", CHAT | {"model": "tiny", "structured_outputs": {"choice": [ANSWER]}}),
    },
}


def reply_of(url, payload):
    body = None if payload is None else json.dumps(payload).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=120) as reply:
            return json.load(reply)
    except urllib.error.HTTPError as error:  # a refusal is a reply too
        return json.load(error)


kind, url = sys.argv[1:]
for name, (path, payload) in REQUESTS[kind].items():
    shape = pathlib.Path(__file__).parent / "shapes" / f"{kind}_{name}.json"
    shape.write_text(json.dumps(reply_of(url + path, payload), ensure_ascii=False) + "\n", encoding="utf8")
    print(shape.read_text(), end="")
