"""The folder in work: a sibling of OUT, in which a build goes on where an earlier one ended.

OUT.incomplete/
.lock            ends with its process
journal.jsonl    what is finished, with its sums
scratch/         what was unpacked to be read in any order
DOMAIN/          heaps of finished pictures, and rows that wait for their shards
shards/          finished Parquet files, by their keys
out/             the tree that becomes OUT, by one rename
replaced/        an earlier OUT, from when it makes room until the new one is there
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from pmg import journal
from pmg.journal import Journal
from pmg.problems import BadCall
from pmg.whole_files import PART, sync_folder

LOCK = ".lock"
SCRATCH, SHARDS, TREE, REPLACED = "scratch", "shards", "out", "replaced"


class WorkFolder(NamedTuple):
    """A folder in work, whose lock this process holds."""

    folder: Path
    journal: Journal

    @property
    def scratch(self) -> Path:
        return self.folder / SCRATCH

    @property
    def tree(self) -> Path:
        """What becomes OUT."""
        return self.folder / TREE

    def publish(self, out: Path) -> None:
        """Make the tree `out`; a reader sees the old one, or none for a moment, or the new one."""
        for folder in (self.tree, *(each for each in self.tree.rglob("*") if each.is_dir())):
            sync_folder(folder)
        if out.exists():
            out.rename(self.folder / REPLACED)
        self.tree.rename(out)
        sync_folder(out.parent)


def in_work(out: Path) -> Path:
    """The folder that `out` is made in."""
    return out.with_name(f"{out.name}.incomplete")


@contextmanager
def work_folder(out: Path, made_with: str) -> Iterator[WorkFolder]:
    """The folder in work of `out`, under a lock, with what an earlier build finished in it.

    `made_with` tells what all its pictures depend on; those made with something else are removed.
    When the block ends well the folder goes, else what is finished stays, and the error notes it.

    Raises:
        BadCall: another process is at work in it, or somebody else's files are in it.
    """
    folder = in_work(out)
    if folder.exists() and not (folder / LOCK).exists() and any(folder.iterdir()):
        raise BadCall(f"{folder}: expected no such folder, found files. Move it away.")
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BadCall(f"{folder}: another build is at work in it. Wait for its end.") from error
    with lock:
        work = None
        try:
            restore(folder, out)
            work = WorkFolder(folder, Journal(folder, made_with))
            tidy(work)
            yield work
        except BaseException as error:
            if work is None or is_worth_keeping(work, error):
                error.add_note(
                    f"What is finished stays in {folder}: the same call goes on from there. "
                    "Remove it to start anew."
                )
            else:
                remove(folder)
            raise
        remove(folder)


def restore(folder: Path, out: Path) -> None:
    """Undo what a build began that was killed while it replaced OUT."""
    replaced = folder / REPLACED
    if replaced.exists() and not out.exists():
        replaced.rename(out)


def tidy(work: WorkFolder) -> None:
    """Remove whatever nobody finished; what was unpacked vouches for itself."""
    for name in (TREE, REPLACED):
        shutil.rmtree(work.folder / name, ignore_errors=True)
    finished = {LOCK, journal.NAME, *work.journal.paths()}
    for path in work.folder.rglob("*"):
        name = path.relative_to(work.folder).as_posix()
        unpacked = name.startswith(f"{SCRATCH}/") and path.suffix != PART
        if path.is_file() and name not in finished and not unpacked:
            path.unlink()


def is_worth_keeping(work: WorkFolder, error: BaseException) -> bool:
    """Whether the next build would be spared some work."""
    unpacked = any(work.scratch.glob("*.json"))  # each vouches for a spool
    return len(work.journal) > 0 or (unpacked and isinstance(error, KeyboardInterrupt | OSError))


def remove(folder: Path) -> None:
    """Remove a folder in work; the lock, by which it is known as ours, goes last."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != LOCK:
            path.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
