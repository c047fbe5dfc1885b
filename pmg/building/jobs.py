"""Jobs: what is to be built, and one domain of it."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, NamedTuple

from pmg.building.work_folder import WorkFolder
from pmg.coverage import ITEMS
from pmg.domain import Domain, Entries, Table
from pmg.inputs import Inputs
from pmg.manifest import BuiltDomain
from pmg.options import Options
from pmg.protocols.protocol import Protocol
from pmg.protocols.tables import protocol_table
from pmg.source import Planned, Source
from pmg.whole_files import WrittenFile

DEFAULTS = Options()


class Request(NamedTuple):
    """What is to be built, from what, and how."""

    domains: Sequence[Domain[Any]]
    raw_folder: Path
    out: Path
    options: Options = DEFAULTS
    data_version: str = "1.0.0"
    workers: int | None = None  # the most tasks at a time; None: one, or what Ray has processors
    update: bool = False  # whether OUT may be there already, built from something else
    known: Sequence[Domain[Any]] = ()  # all domains that OUT may hold; none: `domains` only
    engine: str = "local"  # what runs the tasks; the bytes are the same
    protocol: Protocol | None = None  # that samples are cut by, beside the tables of the domains

    def in_out(self, names: set[str]) -> list[Domain[Any]]:
        """The domains of these names, in the order of the Hub."""
        return [domain for domain in self.known or self.domains if domain.name in names]


class Job(NamedTuple):
    """One domain to be built."""

    source: Source
    inputs: Inputs
    work: WorkFolder
    out: Path
    earlier: BuiltDomain | None  # what OUT holds of it already
    protocols: Sequence[Protocol]  # that samples are cut by, beside the domain's own tables
    planned: Planned  # if no picture turns out to be faulty

    @property
    def name(self) -> str:
        return self.source.domain.name

    @property
    def tables(self) -> list[Table[Any, Any]]:
        """All that it shall have."""
        return tables_of(self.source.domain, self.protocols)

    def entries(self, shown: AbstractSet[str]) -> Mapping[str, Entries[Any]]:
        """The entries of all tables, by name, where these items have a picture."""
        planned = self.planned
        if shown != planned.shown:
            planned = self.source.entries_of(self.tables, shown)
        for note in planned.notes:
            self.source.problems.add(note)
        return planned.entries

    @property
    def folder(self) -> Path:
        """Where its heaps, its album and its row files lie, in the folder in work."""
        return self.work.folder / self.name

    @property
    def album(self) -> Path:
        """All its finished pictures."""
        return self.folder / "finished.album"

    @property
    def shards(self) -> Path:
        """Where its finished shards lie, by their keys."""
        return self.work.shards(self.name, self.inputs.key)

    def pictures_before(self) -> list[WrittenFile]:
        """The files in OUT that hold each of its pictures once, finished as they would be now."""
        if self.earlier is None:
            return []
        if self.earlier.inputs.pictures_made_with != self.inputs.pictures_made_with:
            return []
        configs = self.earlier.configs.values()
        return [file for config in configs if config.folder == ITEMS for file in config.files]

    def shards_before(self) -> dict[str, WrittenFile]:
        """Its Parquet files in OUT, by key."""
        return {file.key: file for file in self.earlier.shards} if self.earlier else {}


def tables_of(domain: Domain[Any], protocols: Sequence[Protocol]) -> list[Table[Any, Any]]:
    """The tables of a domain, and what protocols cut of them."""
    return [*domain.tables, *(protocol_table(domain, each) for each in protocols)]
