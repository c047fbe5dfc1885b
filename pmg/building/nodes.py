"""Nodes: whether other machines see the same files and would write the same bytes.

A node that would not is refused before any work, as it would fail in the middle or, worse, not.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from pmg import __version__
from pmg.problems import SHOWN_IDS, BadCall
from pmg.whole_files import PART

ITSELF = "pmg-bench"


class Expected(NamedTuple):
    """What every node must have and see."""

    versions: dict[str, str]  # of this program and the libraries that shape the bytes, by name
    raw: Path
    files: dict[str, int]  # bytes of raw files, by absolute path
    work: Path  # in which every node writes


def versions_of(names: Iterable[str]) -> dict[str, str]:
    """Versions of libraries as they are installed here, and of this program."""
    found = {ITSELF: __version__}
    for name in names:
        if name != ITSELF:
            try:
                found[name] = version(name)
            except PackageNotFoundError:
                found[name] = "none"
    return found


def other_versions(expected: Mapping[str, str]) -> Iterator[str]:
    """What is not of the expected version here."""
    for name, found in versions_of(expected).items():
        if found != expected[name]:
            yield f"{name} {found} instead of {expected[name]}"


def faults_here(expected: Expected, token: str, answer: str) -> list[str]:
    """What is wrong with this node.

    It leaves a file named `answer` in the folder in work, where it has to find one named `token`.
    """
    faults = list(other_versions(expected.versions))
    if not expected.raw.is_dir():
        faults.append(f"no folder {expected.raw}")
    elif any(size_here(path) != size for path, size in expected.files.items()):
        faults.append(f"other files in {expected.raw}")
    if not (expected.work / token).is_file():
        faults.append(f"no folder {expected.work}, or another one")
    else:
        try:
            (expected.work / answer).touch()
        except OSError as error:
            faults.append(f"{expected.work} cannot be written to ({error.strerror})")
    return faults


def size_here(path: str) -> int | None:
    with suppress(OSError):
        return Path(path).stat().st_size
    return None


def token_name(token: str, node: str = "") -> str:
    """The name of a file by which a node finds the folder in work, or shows that it did.

    It is called what nobody finished, so that it goes whatever happens.
    """
    return f"{token}{node}{PART}"


def refuse_nodes(faults: Mapping[str, list[str]]) -> None:
    """Let pass nodes, by name, that have no faults.

    Raises:
        BadCall: there are some; names nodes and faults.
    """
    told = [f"{node}: {', '.join(each)}" for node, each in sorted(faults.items()) if each]
    if told:
        more = f"; and {len(told) - SHOWN_IDS:,} more" if len(told) > SHOWN_IDS else ""
        raise BadCall(
            "Engine ray: expected nodes that share RAW and OUT and have the same versions as this "
            f"one, found {'; '.join(told[:SHOWN_IDS])}{more}. Name folders on a file system that "
            "all nodes have, and install the same versions everywhere."
        )
