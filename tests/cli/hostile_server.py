"""A model server that answers every request with an error whose text would take over a terminal."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from stub_server import StubHandler, serve  # noqa: E402

HOSTILE = "\x1b[2J\nconceptune: \x9b31m\u202e\u2028\x7f"


class Handler(StubHandler):
    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        # As bytes of the reply, and as escapes within its JSON.
        body = json.dumps({"error": {"message": HOSTILE}}, ensure_ascii=False) + HOSTILE
        self.send_answer(400, body.encode())

    do_GET = do_POST = answer


if __name__ == "__main__":
    serve(Handler)
