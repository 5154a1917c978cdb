"""A hub for tests, on a free port of this machine, which it prints. Each repository has its own fault.

Every repository holds the same files; the request log is at /log, a line a request: "PATH RANGE STATUS".
"""
import hashlib
import json
import pathlib
import re
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from stub_server import StubHandler, serve  # noqa: E402

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FILES = {
    "config.json": b'{"model_type": "llama"}',
    "tokenizer.json": b"{}" + b" " * 5000,
    "model.safetensors": bytes(range(256)) * 1500,
    "model.gguf": b"GGUF",
    "weights.bin": b"pickle",
    "empty.json": b"",
    "onnx/model.onnx": b"onnx",
}
log, lock = [], threading.Lock()


def times_asked(key):
    with lock:
        return sum(line.startswith(key + " ") for line in log)


def listing(name):
    files = []
    for path, content in FILES.items():
        size = len(content) + (7 if name == "org/wrong-length" and path == "model.safetensors" else 0)
        entry = {"rfilename": path, "size": size}
        if path.endswith((".safetensors", ".gguf", ".bin")):
            entry["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": size}
        else:
            entry["blobId"] = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        files.append(entry)
    if name == "org/twice":
        files.append(files[0])
    if name == "org/unsafe":
        files.append({"rfilename": "../../outside.json", "size": 1})
    return {"sha": COMMIT, "siblings": files}


class Handler(StubHandler):

    def answer(self, status, body, headers=(), sent=None):
        with lock:
            log.append(f"{self.path} {self.headers.get('Range', '-')} {status}")
        self.send_answer(status, body, headers, sent)

    def path_parts(self):
        """The path's parts; of a request to a proxy too. Data sets are the same repositories."""
        path = re.sub(r"^http://[^/]*", "", self.path.split("?")[0])
        parts = path.strip("/").split("/")
        if parts[0] == "datasets":
            return parts[1:]
        return ["api", "models", *parts[2:]] if parts[:2] == ["api", "datasets"] else parts

    def do_POST(self):
        """Of the paths asked for those that there are."""
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        parts = self.path_parts()
        if parts[4:] != ["paths-info", COMMIT]:
            return self.answer(404, b"nothing here")
        entries = []
        for entry in listing("/".join(parts[2:4]))["siblings"]:
            if entry["rfilename"] in question["paths"]:
                found = {"type": "file", "path": entry["rfilename"], "size": entry["size"], "oid": entry.get("blobId")}
                if "lfs" in entry:
                    found["oid"] = "0" * 40  # of the pointer
                    found["lfs"] = {"oid": entry["lfs"]["sha256"], "size": entry["size"], "pointerSize": 130}
                entries.append(found)
        self.answer(200, json.dumps(entries).encode())

    def do_GET(self):
        parts = self.path_parts()
        if parts == ["log"]:
            return self.answer(200, "\n".join(log).encode())
        if parts[0] == "redirect":
            return self.answer(302, b"elsewhere", [("Location", "/" + "/".join(parts[1:]))])
        is_listing = parts[:2] == ["api", "models"]
        name = "/".join(parts[2:4] if is_listing else parts[:2])
        fault = name.removeprefix("org/")
        asked = times_asked(self.path)
        if fault == "gated" and self.headers.get("Authorization") != "Bearer secret":
            return self.answer(401, b"who are you?")
        if fault == "missing":
            return self.answer(404, b"nothing here")
        if fault == "broken" or (fault == "flaky" and asked < 2):
            return self.answer(503, b"<html>come back later</html>" * 100)
        if fault == "busy" and asked < 1:
            return self.answer(429, b"slow down", [("Retry-After", "0")])
        if is_listing:
            return self.answer(200, b"<html>" if fault == "nonsense" else json.dumps(listing(name)).encode())
        self.send_file(fault, FILES["/".join(parts[4:])], asked)

    def send_file(self, fault, content, asked):
        if fault == "endless":
            content = content * 50
        if fault == "slow":
            time.sleep(0.3)
        if fault == "corrupt" or (fault == "corrupt-once" and asked == 0):
            content = content[::-1]
        wanted = self.headers.get("Range", "")
        begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and fault != "no-range" else 0
        if begin >= len(content) > 0:
            return self.answer(416, b"")
        body, status = content[begin:], 206 if begin else 200
        half = len(body) // 2 if len(body) > 1000 else None
        if fault in ("truncated", "no-range") and asked < 1 and half:
            return self.answer(status, body, sent=half)
        if fault == "stall" and asked < 1 and half:
            self.answer(status, body, sent=half)
            time.sleep(4)
            return None
        return self.answer(status, body)


if __name__ == "__main__":
    serve(Handler)
