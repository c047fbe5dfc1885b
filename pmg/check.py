"""Check: everything that is wrong with the raw files of a domain, all at once."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pmg.domain import Domain
from pmg.options import Options
from pmg.problems import BadData, Problems
from pmg.progress import progress_bar
from pmg.scratch import Scratch
from pmg.source import Source, examine


def check(domain: Domain[Any], raw_folder: Path, options: Options) -> Problems:
    """Find what `build` would find, without building.

    Raises:
        BadData: `raw_folder` holds no folder of this domain.
    """
    with TemporaryDirectory(prefix="pmg-bench-") as scratch:
        raw, problems = examine(domain, raw_folder, Scratch(Path(scratch)), options)
        if raw is not None:
            source = Source(domain, options, raw, problems)
            check_tables(source, check_pictures(source))
    return problems


def check_pictures(source: Source) -> set[str]:
    """Read every picture, as building does; answers with the items that have a sound one."""
    pictures = source.domain.pictures(source.raw)
    sound = set()
    with progress_bar(len(pictures.found), f"{source.domain.name}: check", "pictures") as bar:
        for item_id, place in pictures.found.items():
            try:
                pictures.read(place).check()
                sound.add(item_id)
            except BadData as fault:
                source.problems.add(fault.problem)
            bar.update()
    return sound


def check_tables(source: Source, shown: set[str]) -> None:
    """Report tables that would have no row."""
    for table in source.domain.tables:
        try:
            source.entries(table, shown)
        except BadData as fault:
            source.problems.add(fault.problem)
