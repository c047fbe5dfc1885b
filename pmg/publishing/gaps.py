"""Gaps: pictures that the items of a built domain tell of, and that are not there."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pmg.building.updates import refuse_damaged
from pmg.coverage import ITEMS
from pmg.images import Picture
from pmg.manifest import BuiltDomain, Config
from pmg.problems import BadData, FileReport, Problems, listed
from pmg.progress import progress_bar
from pmg.promises import without_bytes
from pmg.publishing.own_pictures import own_pictures


class Gap(NamedTuple):
    """A domain of a built folder, and the digests of its pictures by item id."""

    name: str
    built: BuiltDomain
    digests: Mapping[str, str]  # of all that its items tell of
    lacking: Mapping[str, str]  # of those that are not there

    @property
    def items(self) -> Config:
        return next(each for each in self.built.configs.values() if each.folder == ITEMS)

    @property
    def image_format(self) -> str:
        return str(self.built.inputs.settings["image_format"])


def gap_of(out: Path, name: str, built: BuiltDomain) -> Gap:
    """What is lacking in a domain; nothing is read where it has all its pictures.

    Raises:
        BadCall: a file is damaged.
    """
    gap = Gap(name, built, {}, {})
    if built.pictures == built.coverage.with_image:
        return gap
    for file in built.files:
        refuse_damaged(out, file)
    table = pa.concat_tables(without_bytes(out, gap.items, split) for split in gap.items.splits)
    table = table.filter(pc.is_valid(table["image_sha256"]))
    lacking = table.filter(pc.is_null(table["image"]))
    return gap._replace(digests=by_item(table), lacking=by_item(lacking))


def by_item(table: pa.Table) -> dict[str, str]:
    ids, digests = table["item_id"].to_pylist(), table["image_sha256"].to_pylist()
    return dict(zip(ids, digests, strict=True))


class Search:
    """Looks for pictures by their digests, and notes what has a name that was looked for."""

    def __init__(self, gap: Gap, folder: Path, problems: Problems) -> None:
        self._gap, self._folder, self._problems = gap, folder, problems
        self._named: set[str] = set()  # items whose name some other picture has

    def pictures(self) -> Iterator[tuple[str, Picture]]:
        """Finished pictures by digest; reading ends with the last that is lacking."""
        lacking = self._gap.lacking
        wanted = {*lacking.values()}
        with progress_bar(len(wanted), f"{self._gap.name}: attach", "pictures") as bar:
            likely = self._folder / self._gap.name
            for own in own_pictures(self._folder, likely, self._problems):
                digest = own.loaded.sha256()
                named = own.names & lacking.keys()
                self._named |= {item_id for item_id in named if lacking[item_id] != digest}
                if digest not in wanted:
                    continue
                try:
                    picture = own.loaded.finished(self._gap.image_format)
                except BadData as fault:
                    self._problems.add(fault.problem)
                    continue
                yield digest, picture
                bar.update()
                wanted.remove(digest)
                if not wanted:
                    return

    def report(self, lacking: set[str]) -> None:
        """Warn of what is still lacking: of nothing, or of another picture."""
        report = FileReport(self._gap.name, self._problems)
        if other := sorted(lacking & self._named):
            expected = "pictures with the image_sha256 that the items tell"
            remedy = "Attach from the files that the set was built from"
            report.warning("", expected, f"others of {len(other):,}: {listed(other)}", remedy)
        if absent := sorted(lacking - self._named):
            expected, remedy = "all pictures that the items tell of", "Add them, and attach again"
            found = f"{len(absent):,} lacking: {listed(absent)}"
            report.warning("", expected, found, remedy)
