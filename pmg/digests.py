"""Digests: of files, and of values."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

BLOCK = 1 << 20


def sha256_of(path: Path, tell: Callable[[int], object] = lambda _: None) -> str:
    """The sha256 of a file's bytes, in hexadecimal; `tell` hears of bytes as they are read."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while block := file.read(BLOCK):
            digest.update(block)
            tell(len(block))
    return digest.hexdigest()


def digest_of(value: Any) -> str:  # noqa: ANN401 - whatever JSON can say
    """The sha256 of a value as canonical JSON, in hexadecimal."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
