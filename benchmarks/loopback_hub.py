"""A read-only Hub on 127.0.0.1 behind a slow link, so that the real clients read over HTTP.

    python -m benchmarks.loopback_hub FOLDER 0.02 50e6

The numbers: the link's round trip in seconds, and its rate in bytes a second. Prints its address,
and ends when its standard input does. `GET /counts`, at once, tells what was sent so far.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

from benchmarks.hub_protocol import Answer, Hub, Request, json_answer
from benchmarks.slow_link import Link, Pace

ROOT = Path(__file__).parents[1]


@contextmanager
def running_hub(folder: Path, pace: Pace) -> Iterator[str]:
    """A Hub in a process of its own; its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.loopback_hub", str(folder), *map(str, pace)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        address = process.stdout.readline().strip() if process.stdout else ""
        if not address:
            sys.exit("The loopback Hub did not start.")
        yield address


def counts(address: str) -> dict[str, dict[str, int]]:
    """What a Hub sent so far: `Link.counts`."""
    with urlopen(f"{address}/counts") as answer:  # noqa: S310 - of this machine
        told: dict[str, dict[str, int]] = json.load(answer)
    return told


class Server(ThreadingHTTPServer):
    """Listens for a Hub, and answers over its link."""

    daemon_threads = True

    def __init__(self, hub: Hub, link: Link) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.hub = hub
        self.link = link


class Handler(BaseHTTPRequestHandler):
    """Speaks HTTP for one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server
    known = False  # whether the connection was there before this request

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 - as it is called
        pass

    def answer(self) -> None:
        try:
            if self.path == "/counts":
                self.send(json_answer(self.server.link.counts()), None)
            else:
                self.answer_slowly()
        except ConnectionError:  # the client has gone
            self.close_connection = True

    def answer_slowly(self) -> None:
        link, kind = self.server.link, kind_of(self.path)
        if not self.known:
            link.wait_for_connection()
            self.known = True
        link.wait_for_answer(kind)
        self.send(self.server.hub.answer(self.request_told()), kind)

    def request_told(self) -> Request:
        form = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        parts = urlsplit(self.path)
        values = parse_qs(parts.query) | parse_qs(form)
        origin = f"http://{self.headers.get('Host', '')}"
        return Request(self.command, parts.path, values, self.headers.get("Range", ""), origin)

    def send(self, answer: Answer, kind: str | None) -> None:
        """Send an answer; without a kind, past the link."""
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(answer.size))
        self.end_headers()
        if self.command == "HEAD" or not answer.size:
            return
        with answer.opened() as body:
            if kind is None:
                self.wfile.write(body.read())
            else:
                self.server.link.send(kind, body, answer.size, self.wfile)

    do_GET = do_HEAD = do_POST = answer  # noqa: N815 - as they are called


def kind_of(path: str) -> str:
    """A request's kind, to count by: the first part of its path that tells it from others."""
    parts = path.partition("?")[0].strip("/").split("/")
    return next((part for part in parts if part in {"cdn", "resolve", "resolve-cache"}), "api")


def main() -> None:
    folder, round_trip, rate = sys.argv[1:]
    link = Link(Pace(float(round_trip), float(rate)))
    with Server(Hub(Path(folder)), link) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main()
