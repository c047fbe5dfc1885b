"""The folder in work: a sibling of OUT, in which a build goes on where an earlier one ended.

OUT.incomplete/
.pmg-bench.lock       ends with its process
journal.jsonl         what is finished, with its sums
DOMAIN/               heaps of finished pictures, albums, rows that wait for their shards
DOMAIN/raw-DIGEST/    what was unpacked of raw files with that digest
DOMAIN/shards-DIGEST/ finished Parquet files of inputs with that digest, by their keys
out/                  the tree that becomes OUT, by one rename
replaced/             an earlier OUT, from when it makes room until the new one is there
"""

import shutil
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from pmg.building import journal
from pmg.building.journal import Journal
from pmg.problems import BadCall
from pmg.whole_files import MANIFEST, PART, sync_folder

LOCK = ".pmg-bench.lock"
TREE, REPLACED = "out", "replaced"
RAW, SHARDS = "raw-", "shards-"
SHOWN_DIGITS = 16  # of a digest in the name of a folder


class WorkFolder(NamedTuple):
    """A folder in work, whose lock this process holds."""

    folder: Path
    journal: Journal

    @property
    def tree(self) -> Path:
        """What becomes OUT."""
        return self.folder / TREE

    def unpacked(self, domain: str, digest: str) -> Path:
        """Where raw files with that digest are unpacked; what was unpacked of others goes."""
        return only_folder(self.folder / domain, RAW, digest)

    def shards(self, domain: str, digest: str) -> Path:
        """Where shards of inputs with that digest lie; those of others go."""
        return only_folder(self.folder / domain, SHARDS, digest)

    def publish(self, out: Path) -> None:
        """Make the tree `out`; a reader sees the old one, or none for a moment, or the new one."""
        for folder in (self.tree, *(each for each in self.tree.rglob("*") if each.is_dir())):
            sync_folder(folder)
        if out.exists():
            out.rename(self.folder / REPLACED)
        self.tree.rename(out)
        sync_folder(out.parent)


def only_folder(parent: Path, kind: str, digest: str) -> Path:
    """The folder of that kind and digest, made if need be; others of the kind are removed."""
    folder = parent / f"{kind}{digest[:SHOWN_DIGITS]}"
    for other in parent.glob(f"{kind}*"):
        if other != folder:
            shutil.rmtree(other)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def in_work(out: Path) -> Path:
    """The folder that `out` is made in."""
    return out.with_name(f"{out.name}.incomplete")


@contextmanager
def locked_folder(out: Path) -> Iterator[Path]:
    """The folder in work of `out`, as an earlier build left it; under a lock while the block runs.

    Raises:
        BadCall: another process is at work in it, or somebody else's files are in it.
    """
    folder = in_work(out)
    if folder.exists() and not (folder / LOCK).exists() and any(folder.iterdir()):
        raise BadCall(f"{folder}: expected no such folder, found files. Move it away.")
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BadCall(f"{folder}: another build is at work in it. Wait for its end.") from error
    with lock:
        restore(folder, out)
        try:
            yield folder
        finally:
            if all(path.name == LOCK for path in folder.iterdir()):
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def work_folder(folder: Path, out: Path, made_with: str) -> Iterator[WorkFolder]:
    """A locked folder to go on in, with all that was finished.

    `made_with` tells what all its pictures depend on; those made with something else are removed.
    When the block ends well all of it goes, else what is finished stays, and the error notes it.
    """
    work = WorkFolder(folder, Journal(folder, made_with))
    tidy(work)
    try:
        yield work
    except BaseException as error:
        restore(folder, out)
        if is_worth_keeping(work, error):
            error.add_note(
                f"What is finished stays in {folder}: the same call goes on from there. "
                "Remove it to start anew."
            )
        else:
            empty(folder)
        raise
    empty(folder)


def restore(folder: Path, out: Path) -> None:
    """Undo what a build began that ended while it replaced OUT.

    Raises:
        BadCall: somebody put something else there meanwhile.
    """
    replaced = folder / REPLACED
    if not replaced.exists() or (out / MANIFEST).is_file():
        return
    if out.exists():
        if any(out.iterdir()):
            raise BadCall(
                f"{out}: expected what {replaced} is, found something else. Move it away."
            )
        out.rmdir()
    replaced.rename(out)


def tidy(work: WorkFolder) -> None:
    """Remove whatever nobody finished; what was unpacked vouches for itself."""
    for name in (TREE, REPLACED):
        shutil.rmtree(work.folder / name, ignore_errors=True)
    finished = {LOCK, journal.NAME, *work.journal.paths()}
    for path in work.folder.rglob("*"):
        name = path.relative_to(work.folder).as_posix()
        unpacked = path.parent.name.startswith(RAW) and path.suffix != PART
        if path.is_file() and name not in finished and not unpacked:
            path.unlink()


def is_worth_keeping(work: WorkFolder, error: BaseException) -> bool:
    """Whether the next build would be spared some work."""
    unpacked = any(work.folder.glob(f"*/{RAW}*/*.json"))  # each vouches for what was unpacked
    return len(work.journal) > 0 or (unpacked and isinstance(error, KeyboardInterrupt | OSError))


def forget(folder: Path, shards: AbstractSet[str]) -> None:
    """Empty a locked folder that a build left which made OUT; one that made something else stays.

    `shards` are the digests of the inputs of OUT.
    """
    names = {f"{SHARDS}{digest[:SHOWN_DIGITS]}" for digest in shards}
    if {path.name for path in folder.glob(f"*/{SHARDS}*")} <= names:
        empty(folder)


def empty(folder: Path) -> None:
    """Remove all but the lock, by which the folder is known as ours."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != LOCK:
            path.unlink(missing_ok=True)
