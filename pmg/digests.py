"""Digests: of files, and of values."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from blake3 import blake3

BLOCK = 1 << 20


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal: what the Hub knows files by."""
    digest = hashlib.sha256()
    for block in _blocks(path):
        digest.update(block)
    return digest.hexdigest()


def blake3_of(path: Path, tell: Callable[[int], object]) -> str:
    """The BLAKE3 of a file's bytes, in hexadecimal; `tell` hears of bytes as they are read.

    As safe as sha256 and several times as fast, for what only we compare.
    """
    digest = blake3()
    for block in _blocks(path):
        digest.update(block)
        tell(len(block))
    return digest.hexdigest()


def digest_of(value: Any) -> str:  # noqa: ANN401 - whatever JSON can say
    """The sha256 of a value as canonical JSON, in hexadecimal."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _blocks(path: Path) -> Iterator[memoryview]:
    """A file's bytes, each block in the memory of the last: new memory costs as much as a sum."""
    memory = memoryview(bytearray(BLOCK))
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(memory):
            yield memory[:count]
