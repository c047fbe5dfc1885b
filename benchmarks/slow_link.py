"""A slow link: so many seconds to the other end and back, so many bytes a second for all together.

Knows nothing of what is sent over it.
"""

import time
from collections import Counter
from io import BufferedIOBase
from threading import Lock
from typing import IO, NamedTuple

PIECE = 64 << 10  # bytes that one connection sends before another has its turn
SLACK = 0.01  # seconds that a piece may make good for one that was sent late


class Pace(NamedTuple):
    """What a link can do."""

    round_trip: float  # seconds
    rate: float  # bytes a second, shared by all connections


class Link:
    """Holds back whoever sends over it, and counts what was sent, by kinds the sender names."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._free = 0.0  # when all that was taken so far will have passed
        self._lock = Lock()
        self._requests: Counter[str] = Counter()
        self._sizes: Counter[str] = Counter()

    def wait_for_connection(self) -> None:
        time.sleep(self.pace.round_trip)

    def wait_for_answer(self, kind: str) -> None:
        with self._lock:
            self._requests[kind] += 1
        time.sleep(self.pace.round_trip)

    def send(self, kind: str, file: IO[bytes], size: int, connection: BufferedIOBase) -> None:
        """Send the next `size` bytes of a file, at the link's pace."""
        while size:
            piece = file.read(min(size, PIECE))
            if not piece:
                raise OSError(f"expected {size:,} bytes more to send, found the end of the file")
            self._pass(kind, len(piece))
            connection.write(piece)
            size -= len(piece)

    def counts(self) -> dict[str, dict[str, int]]:
        """Requests, and bytes of bodies, by kind."""
        with self._lock:
            return {"requests": dict(self._requests), "bytes": dict(self._sizes)}

    def _pass(self, kind: str, size: int) -> None:
        with self._lock:
            now = time.perf_counter()
            self._free = max(self._free, now - SLACK) + size / self.pace.rate
            self._sizes[kind] += size
            delay = self._free - now
        if delay > 0:
            time.sleep(delay)
