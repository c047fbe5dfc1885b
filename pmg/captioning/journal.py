"""The journal: every answer of a model, on the disk as soon as it came.

It outlives whoever writes it, and is never asked to forget: what was answered is not paid for
twice. A line that was cut off counts as never written.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from filelock import FileLock, Timeout

from pmg.captioning.answers import Key, Model
from pmg.problems import BadCall

NAME, LOCK = "captioning.jsonl", ".captioning.lock"
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
        self._model = model
        self._states: dict[bytes, State] = {}
        self._file: IO[bytes] = path.open("a+b")
        self._synced = time.monotonic()
        self._file.seek(0)
        start, line = 0, b"\n"
        for line in self._file:
            self._note(start, line)
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
        date = time.strftime("%Y-%m-%d", time.gmtime())
        said = Said(*key, self._model.name, self._model.revision or "", text, fault, date)
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
            made_by = Model(said.model, said.revision or None)
            if made_by == self._model and all(isinstance(part, str) for part in said):
                digest = self._digest(Key(said.picture, said.channel, said.prompt))
                earlier = self._states.get(digest, State(0, 0, is_answered=False))
                self._states[digest] = State(start, earlier.attempts + 1, not said.fault)
        except (ValueError, TypeError, RecursionError):
            return

    @staticmethod
    def _digest(key: Key) -> bytes:
        return hashlib.blake2b("\n".join(key).encode(), digest_size=16).digest()


@contextmanager
def open_journal(folder: Path, model: Model) -> Iterator[Journal]:
    """The journal of a domain's raw folder, under a lock while the block runs.

    Raises:
        BadCall: another process asks for captions of the same folder.
    """
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BadCall(f"{folder}: another `caption` is at work on it. Wait for its end.") from error
    try:
        journal = Journal(folder / NAME, model)
        try:
            yield journal
        finally:
            journal.close()
    finally:
        lock.release()
        (folder / LOCK).unlink(missing_ok=True)
