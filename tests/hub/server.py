"""The Hub over HTTP, and the ways in which it fails.

A fault is met by the requests that it names, some of them or all: an answer of another status, a
late one, one that breaks off, one that is lost although what was asked for is done, one with a
byte that is not as it was.
"""

import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.hub.messages import Answer, Request, refusal
from tests.hub.protocol import Hub


class Fault(NamedTuple):
    """What goes wrong with requests whose method and path match."""

    method: str
    path: str  # a pattern, found anywhere in the path
    times: int = 1  # how many of them
    status: int | None = None  # answered in place of doing what is asked for
    headers: dict[str, str] = {}  # noqa: RUF012 - nobody changes it; of that answer
    body: bytes | None = None  # of that answer, in place of one that tells of a fault
    latency: float = 0.0  # seconds before the answer
    lost: bool = False  # done, and the connection closed in place of an answer
    reset_after: int | None = None  # bytes of the answer's body, of which more was promised
    flip: int | None = None  # a bit of this byte of the answer's body

    def meets(self, request: Request) -> bool:
        return request.method == self.method and bool(re.search(self.path, request.path))


class Asked(NamedTuple):
    """A request that was made."""

    method: str
    path: str
    sent: int  # bytes of its body


class Handler(BaseHTTPRequestHandler):
    """Speaks HTTP for one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 - as it is called
        pass

    def answer(self) -> None:
        request = self.request_told()
        self.server.log.append(Asked(request.method, request.path, len(request.body)))
        fault = self.server.fault_of(request)
        if fault is None:
            self.send(self.server.hub.answer(request))
        elif fault.status is not None:
            answer = refusal(fault.status, "a fault")._replace(headers=fault.headers)
            self.send(answer if fault.body is None else answer._replace(body=fault.body))
        else:
            self.answer_badly(request, fault)

    def answer_badly(self, request: Request, fault: Fault) -> None:
        time.sleep(fault.latency)
        answer = self.server.hub.answer(request)
        if fault.lost:
            self.close_connection = True
            return
        with answer.opened() as body:
            content = bytearray(body.read(answer.size))
        if fault.flip is not None:
            content[fault.flip] ^= 1
        self.send_head(answer)
        self.wfile.write(content[: fault.reset_after])
        self.close_connection = fault.reset_after is not None

    def request_told(self) -> Request:
        body = self.whole_body()
        form = body.decode() if "form-urlencoded" in self.headers.get("Content-Type", "") else ""
        parts = urlsplit(self.path)
        return Request(
            self.command,
            parts.path,
            parse_qs(parts.query) | parse_qs(form),
            self.headers.get("Range", ""),
            self.headers.get("Authorization", "").removeprefix("Bearer "),
            body,
            f"http://{self.headers.get('Host', '')}",
        )

    def whole_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        pieces = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def send_head(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(answer.size))
        self.end_headers()

    def send(self, answer: Answer) -> None:
        self.send_head(answer)
        if self.command == "HEAD" or not answer.size:
            return
        self.server.sent += answer.size
        with answer.opened() as body:
            self.send_body(body, answer.size)

    def send_body(self, body: IO[bytes], size: int) -> None:
        self.wfile.write(body.read(size))

    def do_GET(self) -> None:
        self.answer()

    do_HEAD = do_POST = do_PUT = do_GET  # noqa: N815 - the same


class Server(ThreadingHTTPServer):
    """Listens for a Hub; what it was asked is in `log`."""

    daemon_threads = True

    def __init__(self, hub: Hub, handler: type[Handler] = Handler) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.hub = hub
        self.log: list[Asked] = []
        self.sent = 0  # bytes in bodies of answers
        self._faults: list[tuple[Fault, int]] = []
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def fail(self, *faults: Fault) -> None:
        self._faults = [(fault, fault.times) for fault in faults]

    @property
    def faults_left(self) -> int:
        """How many requests are yet to fail."""
        return sum(left for _, left in self._faults)

    def fault_of(self, request: Request) -> Fault | None:
        """The fault that this request meets; it is one of its times."""
        with self._lock:
            for place, (fault, left) in enumerate(self._faults):
                if left and fault.meets(request):
                    self._faults[place] = (fault, left - 1)
                    return fault
        return None

    def handle_error(self, *told: Any) -> None:  # noqa: ANN401 - as it is called
        """Tell of what is a fault of ours, which a client that has gone is not."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(*told)


@contextmanager
def running(store: Path, xet: Path | None = None) -> Iterator[Server]:
    """A Hub without repositories, that listens while the block runs.

    It speaks xet where it is given a folder for it.
    """
    with Server(Hub(store, xet)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
