"""The Hub of the tests behind a slow link, so that the real clients read over HTTP.

    python -m benchmarks.loopback_hub FOLDER 0.02 50e6

The numbers: the link's round trip in seconds, and its rate in bytes a second. Prints its address,
and ends when its standard input does. `GET /counts`, at once, tells what was sent so far.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import IO
from urllib.request import urlopen

from benchmarks.slow_link import Link, Pace
from tests.hub.messages import json_answer
from tests.hub.protocol import Hub
from tests.hub.repository import Repository
from tests.hub.server import Handler, Server

REPOSITORY = "org/pmg-bench"
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


class SlowServer(Server):
    """Answers over a link."""

    def __init__(self, hub: Hub, link: Link) -> None:
        super().__init__(hub, SlowHandler)
        self.link = link


class SlowHandler(Handler):
    """Speaks HTTP for one connection, no faster than the link."""

    server: SlowServer
    known = False  # whether the connection was there before this request

    def answer(self) -> None:
        try:
            if self.path == "/counts":
                self.tell_counts()
            else:
                self.answer_slowly()
        except ConnectionError:  # the client has gone
            self.close_connection = True

    def tell_counts(self) -> None:
        """Tell what was sent so far, past the link."""
        answer = json_answer(self.server.link.counts())
        self.send_head(answer)
        with answer.opened() as body:
            self.wfile.write(body.read())

    def answer_slowly(self) -> None:
        link = self.server.link
        if not self.known:
            link.wait_for_connection()
            self.known = True
        link.wait_for_answer(kind_of(self.path))
        self.send(self.server.hub.answer(self.request_told()))

    def send_body(self, body: IO[bytes], size: int) -> None:
        self.server.link.send(kind_of(self.path), body, size, self.wfile)


def kind_of(path: str) -> str:
    """A request's kind, to count by: the first part of its path that tells it from others."""
    parts = path.partition("?")[0].strip("/").split("/")
    return next((part for part in parts if part in {"cdn", "resolve", "resolve-cache"}), "api")


def main() -> None:
    folder, round_trip, rate = sys.argv[1:]
    link = Link(Pace(float(round_trip), float(rate)))
    with TemporaryDirectory() as store:
        hub = Hub(Path(store))
        published = Repository.of_folder(REPOSITORY, Path(folder), Path(store))
        hub.repositories[REPOSITORY] = published
        with SlowServer(hub, link) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            print(server.address, flush=True)
            sys.stdin.read()
            server.shutdown()


if __name__ == "__main__":
    main()
