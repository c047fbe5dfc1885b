"""Requests and answers, as the protocol sees them."""

import io
import json
import re
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias

from tests.hub.repository import Blob

Names: TypeAlias = dict[str, str]  # the parts of a path, by the name that a route gives them


class Request(NamedTuple):
    """What a client asks for."""

    method: str
    path: str  # as it was sent, quoted
    values: dict[str, list[str]]  # of the query and of a form
    range: str  # the header
    token: str  # "" where the client says none
    body: bytes
    origin: str  # the address that the client called this Hub by

    def json(self) -> Any:  # noqa: ANN401 - whatever a client says
        return json.loads(self.body)


class Answer(NamedTuple):
    """What the Hub says: bytes of its own, or a part of a file."""

    status: int
    headers: dict[str, str]
    body: bytes | Path
    start: int = 0  # of a file's part
    stop: int = 0

    @property
    def size(self) -> int:
        return len(self.body) if isinstance(self.body, bytes) else self.stop - self.start

    def opened(self) -> IO[bytes]:
        """The body, at its first byte."""
        if isinstance(self.body, bytes):
            return io.BytesIO(self.body)
        file = self.body.open("rb")
        file.seek(self.start)
        return file


def json_answer(told: object, status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"Content-Type": "application/json"} | named, json.dumps(told).encode())


def refusal(status: int, said: str, code: str = "") -> Answer:
    headers = {"X-Error-Code": code} if code else {}
    return json_answer({"error": said}, status, **headers)


def part_of(blob: Blob, request: Request, headers: dict[str, str]) -> Answer:
    """A file, or the range of it that the request names."""
    headers = headers | {"ETag": f'"{blob.oid}"', "Accept-Ranges": "bytes"}
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", request.range)
    if found is None:
        return Answer(200, headers, blob.source, 0, blob.size)
    start = int(found[1])
    stop = min(int(found[2]) + 1, blob.size) if found[2] else blob.size
    if start >= stop:
        return Answer(416, headers | {"Content-Range": f"bytes */{blob.size}"}, b"")
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{blob.size}"
    return Answer(206, headers, blob.source, start, stop)
