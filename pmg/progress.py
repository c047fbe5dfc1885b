"""Progress of long work, on standard error: a bar on a terminal, a line now and then in a file."""

import sys
import time
from types import TracebackType
from typing import Any, Protocol, Self

from tqdm import tqdm

SECONDS_BETWEEN_LINES = 10.0


class Progress(Protocol):
    """Work that is under way; a context manager."""

    n: Any  # done so far

    def update(self, n: int = 1) -> Any:  # noqa: ANN401 - tqdm's
        """Tell that `n` more are done."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Any: ...  # noqa: ANN401 - tqdm's


def progress_bar(total: int, what: str, unit: str) -> Progress:
    """A bar with rate and time left, or lines that say the same."""
    if sys.stderr.isatty():
        bar: Progress = tqdm(
            desc=what, total=total, unit=f" {unit}", unit_scale=unit == "bytes", leave=False
        )
        return bar
    return Lines(total, what, unit)


def say(text: str) -> None:
    """Tell people something that took place."""
    print(text, file=sys.stderr, flush=True)


class Lines:
    """A line every `SECONDS_BETWEEN_LINES`, and one at the end of work that took as long."""

    def __init__(self, total: int, what: str, unit: str) -> None:
        self.n = 0
        self._total, self._what, self._unit = total, what, unit
        self._start = self._last = time.monotonic()

    def update(self, n: int = 1) -> None:
        self.n += n
        now = time.monotonic()
        if now - self._last >= SECONDS_BETWEEN_LINES and self.n < self._total:
            self._last = now
            rate = self.n / (now - self._start)
            left = duration((self._total - self.n) / rate) if rate else "some time"
            self._say(f"{self.n:,} of {self._total:,} {self._unit}, {rate:,.0f}/s, {left} left")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        seconds = time.monotonic() - self._start
        if error is None and seconds >= SECONDS_BETWEEN_LINES:
            self._say(f"{self.n:,} {self._unit} in {duration(seconds)}")

    def _say(self, text: str) -> None:
        say(f"{self._what}: {text}")


def duration(seconds: float) -> str:
    """Time for people: `12 s`, `3 min 5 s`, `2 h 14 min`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
