"""Digests: of files, and of what a result depends on."""

import hashlib
import json
from pathlib import Path
from typing import Any

from pmg import __version__
from pmg.domain import Domain, present_files


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(value: Any) -> str:  # noqa: ANN401 - whatever JSON can say
    """The sha256 of a value as canonical JSON, in hexadecimal."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def state_of(domain: Domain[Any], raw_folder: Path) -> str:
    """What a cache of rows is keyed by: names, sizes and times of the raw files.

    Reading gigabytes each time a builder is made would be too dear.
    """
    files = [
        (path.name, status.st_size, status.st_mtime_ns)
        for path in present_files(domain, raw_folder)
        for status in [path.stat()]
    ]
    return digest_of([__version__, domain.name, files])[:16]
