"""An endpoint of OpenAI's protocol on 127.0.0.1: so many answers at a time, and faults as told.

A process of its own (`python -m tests.captioning.endpoint`), so that what it takes is not taken
from who asks it.
"""

import base64
import gzip
import hashlib
import io
import json
import socket
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from PIL import Image

MODEL = "tiny/teller"
COLOURS = ("red", "amber", "golden", "green", "teal", "blue", "violet", "pink")
THINGS = ("panda", "lantern", "kettle", "sailboat", "orchard", "bridge", "jacket", "candle")

JSON, HTML = "application/json", "text/html"
NO_ANSWERS = {  # bodies that are not of the protocol
    "half": (b'{"id": "x", "choices": [{"message": {"content": "a pan', JSON),
    "odd": (b'{"choices": []}', JSON),
    "other": (b'["no", "answer"]', JSON),
    "number": (b'{"choices": [{"message": {"content": 7}, "finish_reason": "stop"}]}', JSON),
    "html": (b"<html>gateway</html>", HTML),
    "nested": (b"[" * 100_000, JSON),
    "huge": (b" " * (5 << 20), JSON),
    "bomb": (gzip.compress(b" " * (64 << 20)), "gzip"),
    "counts": (
        b'{"choices": [{"message": {"content": "a panda that waves"}, "finish_reason": "stop"}],'
        b'"usage": {"prompt_tokens": -4, "completion_tokens": ' + b"9" * 4_200 + b"}}",
        JSON,
    ),
}
BAD_ANSWERS: dict[str, tuple[str | None, str]] = {  # texts that are no captions, and their ends
    "long": (" ".join(f"word{number}" for number in range(400)), "stop"),
    "loop": ("a cat on a mat and " * 6, "stop"),
    "empty": ("  ", "stop"),
    "refuse": ("I'm sorry, I can't help with that.", "stop"),
    "french": ("une robe rouge avec des fleurs blanches sur un fond bleu très clair", "stop"),
    "length": ("a panda that waves with both of its", "length"),
    "filter": (None, "content_filter"),
    "markup": ("<script>document.title='taken'</script> a <b>bold</b> panda\n<img src=x>", "stop"),
    "markup too long": ("<img src=x onerror=alert(1)> " + " ".join(map(str, range(99))), "stop"),
}


def told_of(picture: bytes, text: str) -> str:
    """A caption that follows from the picture and the question, and from nothing else."""
    with Image.open(io.BytesIO(picture)) as image:
        size = f"{image.width} by {image.height}"
    digest = hashlib.sha256(picture + text.encode()).digest()
    first, second = COLOURS[digest[0] % 8], COLOURS[digest[1] % 8]
    third, fourth = THINGS[digest[2] % 8], THINGS[digest[3] % 8]
    number = int.from_bytes(digest[4:8]) % 1_000_000
    return f"a {first} {third} beside a {second} {fourth}, number {number}, {size}"


class Endpoint(ThreadingHTTPServer):
    """Answers `at_once` requests at a time, each after `seconds`; others wait."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, at_once: int, seconds: float, faults: dict[str, list[str]]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.slots = threading.Semaphore(at_once)
        self.seconds = seconds
        self.faults = faults  # of pictures, by the last digit of their number: in their order
        self.lock = threading.Lock()
        self.asked: Counter[str] = Counter()  # answers that were given, by picture and question
        self.requests: Counter[str] = Counter()  # all that was asked, by picture and question
        self.headers: set[str] = set()  # that were sent
        self.models: object = [{"id": MODEL, "object": "model", "created": 0, "owned_by": "me"}]
        self.times: list[float] = []  # of requests
        self.last = 0.0  # when an answer was given
        self.keys: set[str] = set()  # that were said

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: Any) -> None:  # noqa: ANN401 - of the base
        """Who asks may be killed, or stop waiting."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Endpoint
    disable_nagle_algorithm: ClassVar[bool] = True

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 - of the base
        """Say nothing."""

    def do_GET(self) -> None:
        if self.path == "/v1/models":
            if isinstance(self.server.models, bytes):
                self._raw(self.server.models)
            else:
                self._say(200, {"object": "list", "data": self.server.models})
        elif self.path == "/counts":
            with self.server.lock:
                told = {"asked": self.server.asked, "requests": self.server.requests,
                        "times": [min(self.server.times), self.server.last]}  # fmt: skip
            self._say(200, told)
        else:
            self._say(404, {"error": {"message": "no such place"}})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        image, question = body["messages"][-1]["content"]
        uri, text = image["image_url"]["url"], question["text"]
        picture = base64.b64decode(uri.partition(",")[2])
        name = hashlib.sha256(picture + text.partition("\n\n")[0].encode()).hexdigest()
        with self.server.lock:
            self.server.requests[name] += 1
            self.server.times.append(time.monotonic())
            self.server.keys.add(self.headers["Authorization"])
            self.server.headers.update(name.lower() for name in self.headers)
            kinds = self.server.faults.get(name[-1], [])
            past = self.server.requests[name] - 1
        fault = kinds[past] if past < len(kinds) else ""
        if fault:
            self._fail(fault)
            return
        with self.server.slots:
            time.sleep(self.server.seconds)
        with self.server.lock:
            self.server.asked[name] += 1
            self.server.last = time.monotonic()
        self._tell(told_of(picture, text.partition("\n\n")[0]))

    def _fail(self, fault: str) -> None:
        if fault == "late 401":
            time.sleep(0.6)
            self._say(401, {"error": {"message": "fault 401"}})
        elif fault == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _ in range(40):
                self.wfile.write(b" ")
                time.sleep(0.2)
            self.close_connection = True
        elif fault == "hang":
            time.sleep(3)
            self.close_connection = True
        elif fault == "cut":  # fewer bytes than were promised
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
            self.wfile.write(b'Content-Length: 500\r\n\r\n{"choices": [{"mess')
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_WR)
        elif fault.isdecimal():
            again = {"Retry-After": "0.05"} if fault == "429" else {}
            self._say(int(fault), {"error": {"message": f"fault {fault}"}}, again)
        elif fault in NO_ANSWERS:
            self._raw(*NO_ANSWERS[fault])
        else:
            self._tell(*BAD_ANSWERS[fault])

    def _tell(self, text: str | None, ending: str = "stop") -> None:
        message = {"role": "assistant", "content": text}
        usage = {"prompt_tokens": 300, "completion_tokens": 12, "total_tokens": 312}
        choice = {"index": 0, "message": message, "finish_reason": ending}
        told = {"id": "x", "object": "chat.completion", "created": 0, "model": MODEL}
        self._say(200, {**told, "choices": [choice], "usage": usage})

    def _say(self, status: int, told: object, headers: dict[str, str] | None = None) -> None:
        self._raw(json.dumps(told).encode(), JSON, status, headers)

    def _raw(
        self,
        body: bytes,
        kind: str = JSON,
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", JSON if kind == "gzip" else kind)
        if kind == "gzip":
            self.send_header("Content-Encoding", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    at_once, seconds, faults = sys.argv[1:]
    endpoint = Endpoint(int(at_once), float(seconds), json.loads(faults))
    print(endpoint.server_address[1], flush=True)
    endpoint.serve_forever()
