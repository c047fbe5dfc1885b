"""The journal: every answer of a model, on the disk as soon as it came.

It outlives whoever writes it, and is never asked to forget: what was answered is not paid for
twice. A line that was cut off, or that is none of ours, counts as never written, and stays.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, NamedTuple

from filelock import FileLock, Timeout

from pmg.captioning.answers import Key, Model, phrases_of
from pmg.problems import BadCall, BadData, Problem, Severity
from pmg.raw.files import is_unicode

JOURNAL, LOCK = "captioning.jsonl", ".captioning.lock"
WHAT = "answers of models, a line of JSON each"
LINE_BYTES = 1 << 20
KEPT = 10_000  # characters of an answer; a caption has hundreds
SECONDS_BETWEEN_SYNCS = 1.0  # a crash of the machine costs that much; a killed process nothing


class Said(NamedTuple):
    """An answer, as a line of the journal tells it."""

    picture: str
    channel: str
    prompt: str
    model: str
    revision: str
    text: str
    fault: str  # why it is no caption; "" where it is one
    date: str  # UTC


class State(NamedTuple):
    """What the journal knows of a question."""

    start: int  # of the last line
    attempts: int
    is_answered: bool  # with a caption


class Journal:
    """Answers of one model, by what was asked."""

    def __init__(self, path: Path, model: Model) -> None:
        """Read what there is. Raises BadData where that is no file."""
        require_own(path, WHAT)
        self._model = model
        self._states: dict[bytes, State] = {}
        self._file: IO[bytes] = path.open("a+b")
        self._synced = time.monotonic()
        self._file.seek(0)
        start, line = 0, b"\n"
        while part := self._file.readline(LINE_BYTES):
            self._note(start, line := part)
            start += len(line)
        if not line.endswith(b"\n"):  # whoever wrote it was killed
            self._file.write(b"\n")

    def close(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def state(self, key: Key) -> State | None:
        return self._states.get(self._digest(key))

    def said(self, key: Key) -> Said:
        """The last answer. Raises KeyError where there is none."""
        self._file.seek(self._states[self._digest(key)].start)
        return Said(**json.loads(self._file.readline()))

    def add(self, key: Key, text: str, fault: str) -> None:
        day = time.strftime("%Y-%m-%d", time.gmtime())
        shown = text[:KEPT].encode(errors="replace").decode()  # it may hold halves of characters
        said = Said(*key, self._model.name, self._model.revision or "", shown, fault, day)
        line = f"{json.dumps(said._asdict())}\n".encode()
        start = self._file.seek(0, os.SEEK_END)
        self._file.write(line)
        self._file.flush()
        if (now := time.monotonic()) - self._synced > SECONDS_BETWEEN_SYNCS:
            os.fsync(self._file.fileno())
            self._synced = now
        self._note(start, line)

    def _note(self, start: int, line: bytes) -> None:
        try:
            said = Said(**json.loads(line))
            require_sound(said)
        except (ValueError, TypeError, RecursionError):
            return
        if Model(said.model, said.revision or None) == self._model:
            digest = self._digest(Key(said.picture, said.channel, said.prompt))
            earlier = self._states.get(digest, State(0, 0, is_answered=False))
            self._states[digest] = State(start, earlier.attempts + 1, not said.fault)

    @staticmethod
    def _digest(key: Key) -> bytes:
        return hashlib.blake2b("\n".join(key).encode(), digest_size=16).digest()


def require_own(path: Path, what: str) -> None:
    """Let pass what is not there, or a file: a link may lead to somebody else's.

    Raises:
        BadData: there is something else.
    """
    if os.path.lexists(path) and (path.is_symlink() or not path.is_file()):
        found = "a link" if path.is_symlink() else "no regular file"
        raise BadData(Problem(Severity.ERROR, str(path), "", what, found, "Move it away"))


def require_sound(said: Said) -> None:
    """Raise ValueError or TypeError for what `add` would not write."""
    for part in said:
        if not isinstance(part, str) or not is_unicode(part):
            raise TypeError(part)
    date.fromisoformat(said.date)
    if not said.fault and not phrases_of(said.text):
        raise ValueError(said)


@contextmanager
def open_journal(folder: Path, model: Model) -> Iterator[Journal]:
    """The journal of a domain's raw folder, under a lock while the block runs.

    Raises:
        BadCall: another process asks for captions of the same folder.
        BadData: there is something else in the journal's place.
    """
    require_own(folder / LOCK, "the lock of `caption`, an empty file")
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BadCall(f"{folder}: another `caption` is at work on it. Wait for its end.") from error
    try:
        journal = Journal(folder / JOURNAL, model)
        try:
            yield journal
        finally:
            journal.close()
    finally:
        lock.release()  # the file stays: who opened it meanwhile would hold another one
