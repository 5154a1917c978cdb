"""A model server for tests, on a free port of this machine, which it prints.

Its addresses are /KIND/FAULT: KIND is vllm, llama_cpp, sglang or other, FAULT what goes wrong, or "good". Replies have
the shapes of shapes/, filled with what was asked: the n-th best token behind a sequence is `token(sequence, n)` with
log-probability -(n + 1) / 8; a text's tokens are its bytes, unless POST /set {"tokens": {TEXT: IDS}, "vocabulary": N}
has told others. An answer names the first two of the listed tokens, or is the one of the shape; with the faults
"cut-off", "thinking" and "filtered" it ends in the middle, begins with a thought, or was stopped by a filter.
GET /log gives a line a request ("PATH STATUS"), GET /most how many were under way at once.
"""
import copy
import json
import pathlib
import re
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from stub_server import StubHandler, serve  # noqa: E402

SHAPES = {p.stem: json.loads(p.read_text()) for p in (pathlib.Path(__file__).parent / "shapes").glob("*.json")}
log, arrived, lock = [], {}, threading.Lock()
settings = {"tokens": {}, "vocabulary": 49152}
under_way = {"now": 0, "most": 0}


def token(sequence, n):
    return (7 * sum(sequence) + 13 * n) % settings["vocabulary"]


def best(sequence, count, fault):
    """Pairs of id and log-probability."""
    pairs = [(token(sequence, n), -(n + 1) / 8) for n in range(count)]
    if fault == "duplicate":
        pairs[1] = (pairs[0][0], pairs[1][1])
    return pairs[:-1] if fault == "too-few" else pairs


def tokens_of(text):
    return settings["tokens"].get(text, list(text.encode()))


def chat_reply(kind, payload, fault):
    reply = copy.deepcopy(SHAPES[f"{kind}_chat"])
    reply["model"] = payload["model"]
    listed = re.search("Available tokens: (.*)", payload["messages"][0]["content"])
    if listed:
        reply["choices"][0]["message"]["content"] = "[" + ", ".join(listed[1].split(", ")[:2]) + "]"
    choice = reply["choices"][0]
    if fault == "cut-off":
        choice["message"]["content"] = choice["message"]["content"][:-2]
        choice["finish_reason"] = "length"
    if fault == "thinking":
        choice["message"]["content"] = f"The list is [idea, car].\n</think>\n\n{choice['message']['content']}"
    if fault == "filtered":
        choice["finish_reason"] = "content_filter"
    return reply


def vllm_completions(payload, fault):
    reply = copy.deepcopy(SHAPES["vllm_completions"])
    ids, count = payload["prompt"], payload["logprobs"]
    assert payload["echo"] and payload["return_tokens_as_token_ids"] and payload["max_tokens"] == 1
    name = (lambda i: f"t{i}") if fault == "no-ids" else (lambda i: f"token_id:{i}")
    probs = reply["choices"][0]["logprobs"]
    generated = ids + [token(ids, 0)]
    probs["tokens"] = [name(i) for i in generated]
    probs["top_logprobs"] = [None]
    for position in range(1, len(generated)):
        # As vLLM: the token that stands there comes first, whether or not it is among the best.
        entries = {name(generated[position]): -99.0}
        entries.update({name(i): p for i, p in best(generated[:position], count, fault)})
        if fault == "too-few":
            entries.pop(name(generated[position]))
        probs["top_logprobs"].append(entries)
    return reply


def llama_cpp_completion(payload, fault):
    reply = copy.deepcopy(SHAPES["llama_cpp_completion"])
    ids = payload["prompt"]
    assert payload["n_predict"] == 1
    reply["tokens_evaluated"] = len(ids)
    entry = reply["completion_probabilities"][0]["top_logprobs"][0]
    pairs = best(ids, payload["n_probs"], fault)
    reply["completion_probabilities"][0]["top_logprobs"] = [{**entry, "id": i, "logprob": p} for i, p in pairs]
    if fault == "no-ids":
        for top in reply["completion_probabilities"][0]["top_logprobs"]:
            del top["id"]
    return reply


def sglang_generate(payload, fault):
    reply = copy.deepcopy(SHAPES["sglang_generate"])
    ids = payload["input_ids"] if "input_ids" in payload else tokens_of(payload["text"])
    meta = reply["meta_info"]
    meta["input_token_logprobs"] = [[None if n == 0 else -1.0, i, None] for n, i in enumerate(ids)]
    count = payload.get("top_logprobs_num", 0)
    meta["input_top_logprobs"] = [None] + [
        [[p, None if fault == "no-ids" else i, None] for i, p in best(ids[:n], count, fault)] for n in range(1, len(ids))]
    return reply


def reply_to(kind, path, payload, fault):
    if path == "/v1/chat/completions":
        return chat_reply(kind, payload, fault)
    if path == "/tokenize" and kind in ("vllm", "llama_cpp"):
        reply = copy.deepcopy(SHAPES[f"{kind}_tokenize"])
        reply["tokens"] = tokens_of(payload["prompt" if kind == "vllm" else "content"])
        return reply
    make = {("vllm", "/v1/completions"): vllm_completions, ("llama_cpp", "/completion"): llama_cpp_completion,
            ("sglang", "/generate"): sglang_generate}.get((kind, path))
    return make(payload, fault) if make else None


class Handler(StubHandler):
    counted = False  # among the requests under way

    def answer(self, status, body, headers=(), sent=None):
        self.leave()
        with lock:
            log.append(f"{self.path} {status}")
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_answer(status, body, headers, sent)

    def drop(self):
        """Ends the connection without an answer."""
        self.leave()
        with lock:
            log.append(f"{self.path} dropped")
        self.close_connection = True

    def do_GET(self):
        if self.path == "/log":
            return self.answer(200, "\n".join(log).encode())
        if self.path == "/most":
            return self.answer(200, under_way["most"])
        _, kind, fault, *rest = self.path.split("/")
        if fault == "key" and self.headers.get("Authorization") != "Bearer secret":
            return self.answer(401, {"error": "Unauthorized"})
        if rest != ["v1", "models"] or fault == "no-listing":
            return self.answer(404, {"detail": "Not Found"})
        if fault == "strange-listing":
            return self.answer(200, {"models": ["tiny"]})
        return self.answer(200, SHAPES[f"{kind}_models"])

    def do_POST(self):
        payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/set":
            settings.update(payload)
            return self.answer(200, {})
        with lock:
            under_way["now"] += 1
            under_way["most"] = max(under_way["most"], under_way["now"])
            self.counted = True
        try:
            self.reply(payload)
        finally:
            self.leave()
        return None

    def leave(self):
        """Ends the request's count, before its answer goes out: who has the answer may ask again at once."""
        with lock:
            if self.counted:
                under_way["now"] -= 1
            self.counted = False

    def reply(self, payload):
        _, kind, fault, path = self.path.split("/", 3)
        with lock:
            asked = arrived.get(self.path, 0)
            arrived[self.path] = asked + 1
        if fault == "slow":
            time.sleep(0.1)
        if fault == "stall" and asked < 1:
            time.sleep(1)
        if fault == "busy" and asked < 1:
            return self.answer(429, {"error": {"message": "slow down"}}, [("Retry-After", "1")])
        if fault == "busy-unsaid" and asked < 2:
            return self.answer(429, b"")
        if fault == "flaky" and asked < 2:
            return self.answer(503, b"<html>come back later</html>")
        if fault == "dropped" and asked < 2:
            return self.drop()
        if fault == "broken":
            return self.answer(500, {"error": {"message": "out of memory", "code": 500}})
        if fault == "no-listing" or fault == "absent":
            return self.answer(404, {"detail": "Not Found"})
        if fault == "key" and self.headers.get("Authorization") != "Bearer secret":
            return self.answer(401, {"error": "Unauthorized"})
        if fault == "capped" and payload.get("logprobs", 0) > 20:
            return self.answer(400, SHAPES["vllm_too_many_logprobs"])
        if fault == "picky" and "refuse" in json.dumps(payload):
            return self.answer(400, {"object": "error", "message": "I will not"})
        reply = reply_to(kind, "/" + path, payload, fault)
        if reply is None:
            return self.answer(404, {"detail": "Not Found"})
        body = json.dumps(reply).encode()
        if fault == "truncated":
            return self.answer(200, body, sent=len(body) // 2)
        if fault == "not-json":
            return self.answer(200, body[:-1])
        if fault == "empty":
            return self.answer(200, {})
        return self.answer(200, body)


if __name__ == "__main__":
    serve(Handler)
