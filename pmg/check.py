"""Check: everything that is wrong with the raw files of a domain, all at once."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pmg.building.heaps import plan_chunks
from pmg.domain import Domain
from pmg.options import Options
from pmg.problems import BadData, Problems
from pmg.progress import progress_bar
from pmg.protocols.tables import BENCH
from pmg.raw.pictures import Some, check_some
from pmg.raw.scratch import Scratch
from pmg.raw.segments import check_segment
from pmg.source import Source, examine
from pmg.workers import Workers

MODULES = ("pmg.raw.pictures", "pmg.raw.segments")  # where the functions of tasks are


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
        source = examine(domain, raw_folder, scratch, options)
        if source.raw is not None:
            check_tables(source, check_pictures(source, pool))
    return source.problems


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


def check_tables(source: Source, shown: set[str]) -> None:
    """Report tables that would have no row; the official split may have none."""
    for table in (table for table in source.domain.tables if table.folder != BENCH):
        try:
            source.entries(table, shown)
        except BadData as fault:
            source.problems.add(fault.problem)
