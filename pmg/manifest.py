"""The manifest of a built folder: what it holds, made from what, and how to tell damage."""

import json
import re
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pmg.coverage import ITEMS, SAMPLES, Counts, Coverage
from pmg.digests import digest_of
from pmg.disk import size_told
from pmg.domain import EventColumns
from pmg.inputs import Inputs
from pmg.options import Options
from pmg.origins import Origin, origin_of
from pmg.problems import BadCall, BadData, Problem, Severity
from pmg.protocols.terms import Terms
from pmg.whole_files import MANIFEST, WrittenFile, write_text

NAME = re.compile(r"\w[\w.-]{0,200}", re.ASCII)  # of files and folders that `build` writes
VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
KEY = re.compile(r"[0-9a-f]{0,64}")
REBUILD = "Remove the built folder and build it again"

T = TypeVar("T")


class Config(NamedTuple):
    """One table of the built folder."""

    domain: str
    folder: str
    about: str  # completes "a row is …"
    splits: dict[str, list[WrittenFile]]
    terms: Terms | None  # of samples: how they were cut
    counts: dict[str, Counts]  # of samples, by split

    @property
    def own_id(self) -> str:
        """The column of the ids of its own rows, where they have any, as item_id for items."""
        return "sample_id" if self.terms else f"{self.folder.removesuffix('s')}_id"

    @property
    def files(self) -> list[WrittenFile]:
        return [file for files in self.splits.values() for file in files]

    @property
    def digest(self) -> str:
        """Of the data: it changes when any byte of the table's files does."""
        return digest_of([(file.path, file.sha256) for file in self.files])[:16]

    def rows(self, split: str) -> int:
        return sum(file.rows for file in self.splits[split])

    def bytes(self, split: str) -> int:
        return sum(file.bytes for file in self.splits[split])

    def unpacked(self, split: str) -> int:
        return sum(file.unpacked for file in self.splits[split])

    def size(self, split: str) -> str:
        return size_told(self.bytes(split))


class BuiltDomain(NamedTuple):
    """One domain of the built folder."""

    inputs: Inputs
    drawn: bool  # whether its raw files are stand-ins
    problems: dict[str, int]  # by severity
    coverage: Coverage
    captions: list[Origin]  # which models made them, as far as the raw files tell
    pictures: int  # that the items hold; fewer than they tell of where pictures were withheld
    configs: dict[str, Config]  # by Hub name, the samples first
    events: EventColumns  # where they tell who met which item
    others: list[WrittenFile]  # what was found in its raw files

    @property
    def shards(self) -> list[WrittenFile]:
        return [file for config in self.configs.values() for file in config.files]

    @property
    def files(self) -> list[WrittenFile]:
        return self.shards + self.others

    @property
    def is_partly_attached(self) -> bool:
        """Whether some of its pictures were brought back, and others not: no build does that."""
        return 0 < self.pictures < self.coverage.with_image


class Manifest(NamedTuple):
    """A built folder, as its manifest.json tells it."""

    data_version: str
    domains: dict[str, BuiltDomain]  # in the order of the Hub
    others: list[WrittenFile]  # the card

    @property
    def configs(self) -> dict[str, Config]:
        """By Hub name; the samples of every domain come first."""
        tables = [list(domain.configs.items()) for domain in self.domains.values()]
        return dict([each[0] for each in tables] + [pair for each in tables for pair in each[1:]])

    @property
    def coverage(self) -> dict[str, Coverage]:
        """By domain."""
        return {name: domain.coverage for name, domain in self.domains.items()}

    @property
    def problems(self) -> dict[str, int]:
        """By severity."""
        counts = [domain.problems for domain in self.domains.values()]
        return {name: sum(each[name] for each in counts) for name in counts[0]}

    @property
    def shards(self) -> list[WrittenFile]:
        return [file for domain in self.domains.values() for file in domain.shards]

    @property
    def files(self) -> list[WrittenFile]:
        return [file for domain in self.domains.values() for file in domain.files] + self.others


def write_manifest(manifest: Manifest, folder: Path) -> None:
    content = {
        "data_version": manifest.data_version,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "domains": {name: domain_told(domain) for name, domain in manifest.domains.items()},
        "others": [file._asdict() for file in manifest.others],
    }
    # ASCII, as names of raw files may be no text at all.
    write_text(folder / MANIFEST, json.dumps(content, indent=2) + "\n")


def domain_told(domain: BuiltDomain) -> dict[str, Any]:
    configs = {
        name: {
            **config._asdict(),
            "terms": config.terms and config.terms._asdict(),
            "counts": {split: counts._asdict() for split, counts in config.counts.items()},
            "digest": config.digest,
            "splits": {
                split: [file._asdict() for file in files] for split, files in config.splits.items()
            },
        }
        for name, config in domain.configs.items()
    }
    return {
        **domain._asdict(),
        "inputs": {**domain.inputs._asdict(), "key": domain.inputs.key},
        "coverage": domain.coverage._asdict(),
        "captions": [origin._asdict() for origin in domain.captions],
        "configs": configs,
        "events": domain.events._asdict(),
        "others": [file._asdict() for file in domain.others],
    }


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a built folder.

    Raises:
        BadData: `folder` was not made by `build`, or its manifest is damaged.
    """
    path = folder / MANIFEST
    if not path.is_file():
        expected, remedy = f"a built folder with {MANIFEST}", "Name what `pmg-bench build` made"
        raise BadData(Problem(Severity.ERROR, str(folder), "", expected, "none", remedy))
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        domains = {name: domain_read(name, told) for name, told in content["domains"].items()}
        others = [file_read(file) for file in content["others"]]
        version = VERSION.fullmatch(content["data_version"])
        return Manifest(required(version)[0], required(domains), others)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, BadCall) as error:
        expected = "a manifest of this version"
        problem = Problem(Severity.ERROR, str(path), "", expected, "another, or damage", REBUILD)
        raise BadData(problem) from error


def domain_read(name: str, told: dict[str, Any]) -> BuiltDomain:
    """A domain as the manifest tells it. Raises whatever reading something else makes."""
    inputs = Inputs(*(typed(dict, told["inputs"][each]) for each in Inputs._fields))
    Options(**{option.name: inputs.settings[option.name] for option in fields(Options)})
    typed(str, inputs.settings["pmg-bench"])
    others = [file_read(file) for file in told["others"]]
    coverage = Coverage(**told["coverage"])
    for count in (*coverage[:6], *coverage.dropped.values(), *coverage.samples.values()):
        typed(int, count)
    problems = {each: typed(int, told["problems"][each]) for each in ("error", "warning", "note")}
    configs = {named(each): config_read(config) for each, config in told["configs"].items()}
    if {config.domain for config in configs.values()} != {named(name)}:
        raise ValueError(name)
    if not {SAMPLES, ITEMS} <= {config.folder for config in configs.values()}:
        raise ValueError(name)
    captions = [origin_of(origin) for origin in told["captions"]]
    parts = inputs, typed(bool, told["drawn"]), problems, coverage, captions
    events = EventColumns(**{key: typed(str, each) for key, each in told["events"].items()})
    if events.folder not in {config.folder for config in configs.values()}:
        raise ValueError(name)
    return BuiltDomain(*parts, typed(int, told["pictures"]), configs, events, others)


def config_read(told: dict[str, Any]) -> Config:
    splits = {
        named(split): [file_read(file) for file in required(files)]
        for split, files in told["splits"].items()
    }
    where = named(told["domain"]), named(told["folder"])
    terms = terms_read(told["terms"]) if told["terms"] is not None else None
    counts = {
        named(split): Counts(**{key: typed(int, each) for key, each in counted.items()})
        for split, counted in told["counts"].items()
    }
    return Config(*where, typed(str, told["about"]), required(splits), terms, counts)


def terms_read(told: dict[str, Any]) -> Terms:
    terms = Terms(**told)
    filters = tuple(typed(str, each) for each in typed(list, terms.filters))
    if not "".join((typed(str, terms.protocol), *filters)).isprintable():
        raise ValueError(terms)
    typed(bool, terms.disjoint)
    if terms.before is not None:
        typed(bool, terms.before)
    return terms._replace(filters=filters)


def file_read(told: dict[str, Any]) -> WrittenFile:
    """A file as the manifest tells it; one that would lie elsewhere is refused."""
    file = WrittenFile(**told)
    for name in typed(str, file.path).split("/"):
        named(name)
    if not KEY.fullmatch(file.key) or min(file.rows, file.bytes, file.unpacked) < 0:
        raise ValueError(file)
    typed(str, file.sha256)
    return file


def named(name: Any) -> str:  # noqa: ANN401 - of JSON
    """The name of a file, a folder or a table. Raises ValueError for what leads elsewhere."""
    if not NAME.fullmatch(name):
        raise ValueError(name)
    return str(name)


def typed(kind: type[T], value: Any) -> T:  # noqa: ANN401 - of JSON
    if type(value) is not kind:
        raise TypeError(value)
    return value


def required(value: T | None) -> T:
    """What is neither empty nor none. Raises ValueError where it is."""
    if not value:
        raise ValueError(value)
    return value
