"""Check: everything that is wrong with the raw files of a domain, all at once."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from pmg.building.heaps import plan_chunks
from pmg.domain import Domain
from pmg.options import Options
from pmg.problems import BadData, Problem, Problems
from pmg.progress import progress_bar
from pmg.raw.pictures import Read
from pmg.raw.scratch import Scratch
from pmg.raw.segments import check_segment
from pmg.source import Source, examine
from pmg.workers import Workers

MODULES = ("pmg.check", "pmg.raw.segments")  # where the functions of tasks are


class Some(NamedTuple):
    """Pictures to be checked."""

    read: Read
    pictures: Sequence[tuple[str, Any]]  # item ids, and what `read` is handed


def check(domain: Domain[Any], raw_folder: Path, options: Options, workers: int = 1) -> Problems:
    """Find what `build` would find, without building.

    Raises:
        BadData: `raw_folder` holds no folder of this domain.
        BadCall: a worker process was ended from outside.
    """
    with (
        Workers(workers, MODULES) as pool,
        TemporaryDirectory(prefix="pmg-bench-") as folder,
    ):
        scratch = Scratch(Path(folder), partial(pool.map, check_segment))
        raw, problems = examine(domain, raw_folder, scratch, options)
        if raw is not None:
            source = Source(domain, options, raw, problems)
            check_tables(source, check_pictures(source, pool))
    return problems


def check_pictures(source: Source, pool: Workers) -> set[str]:
    """Check every picture, as building does; answers with the items that have a sound one."""
    pictures = source.domain.pictures(source.raw)
    if pictures.seen:
        seen = pictures.seen()
        for problem in seen.problems:
            source.problems.add(problem)
        return set(seen.places["item_id"].to_pylist())
    sound = set(pictures.found)
    with progress_bar(len(sound), f"{source.domain.name}: check", "pictures") as bar:
        chunks = (Some(pictures.read, chunk) for chunk in plan_chunks(pictures))
        for count, faults in pool.map(check_some, chunks):
            for item_id, problem in faults.items():
                source.problems.add(problem)
                sound.remove(item_id)
            bar.update(count)
    return sound


def check_some(some: Some) -> tuple[int, dict[str, Problem]]:
    """How many pictures there were, and what is wrong with some of them, by item."""
    faults = {}
    for item_id, place in some.pictures:
        try:
            some.read(place).check()
        except BadData as fault:
            faults[item_id] = fault.problem
    return len(some.pictures), faults


def check_tables(source: Source, shown: set[str]) -> None:
    """Report tables that would have no row."""
    for table in source.domain.tables:
        try:
            source.entries(table, shown)
        except BadData as fault:
            source.problems.add(fault.problem)
