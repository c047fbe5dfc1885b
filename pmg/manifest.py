"""The manifest of a built folder: what it holds, made from what, and how to tell damage."""

import json
import os
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from blake3 import blake3

from pmg import __version__
from pmg.coverage import Coverage
from pmg.digests import blake3_of, digest_of
from pmg.disk import size_told
from pmg.domain import Domain
from pmg.options import Options
from pmg.problems import BadData, Problem, Severity
from pmg.progress import progress_bar
from pmg.raw_folder import DRAWN_MARK, present_files
from pmg.whole_files import MANIFEST, WrittenFile, write_text

REBUILD = "Remove the built folder and build it again"
LIBRARIES = ("datasets", "numpy", "pillow", "pyarrow")  # the ones that shape the bytes


class Inputs(NamedTuple):
    """All that the bytes of a domain's tables depend on."""

    raw: dict[str, dict[str, Any]]  # "movieposter/info.csv" → bytes, blake3; a folder: files too
    settings: dict[str, Any]
    libraries: dict[str, str]

    @property
    def key(self) -> str:
        """Two domains with the same key have the same Parquet bytes."""
        return digest_of(self._asdict())

    @property
    def pictures_made_with(self) -> str:
        """Tells apart pictures that were finished in different ways."""
        return pictures_made_with(self.settings, self.libraries)


class Config(NamedTuple):
    """One table of the built folder."""

    domain: str
    folder: str
    about: str  # completes "a row is …"
    splits: dict[str, list[WrittenFile]]

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
    pictures: int  # that the items hold; fewer than they tell of where pictures were withheld
    configs: dict[str, Config]  # by Hub name, the samples first
    others: list[WrittenFile]  # what was left out

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


def inputs_of(domain: Domain[Any], raw_folder: Path, options: Options) -> Inputs:
    """Read every raw file once for its digest; the files of a folder have one together."""
    present = present_files(domain, raw_folder)
    total = sum(map(size_of, present.values()))
    sums = {}
    with progress_bar(total, f"{domain.name}: digest", "bytes") as bar:
        for name, path in present.items():
            sums[name] = blake3_of(path, bar.update)
    raw: dict[str, dict[str, Any]] = {}
    for name in (f"{domain.name}/{each}" for each in (*domain.files, DRAWN_MARK)):
        within = {each: path for each, path in present.items() if each.startswith(f"{name}/")}
        if name in present:
            raw[name] = {"bytes": size_of(present[name]), "blake3": sums[name]}
        elif within:
            size = sum(map(size_of, within.values()))
            lines = "".join(f"{sums[each]}  {each}\n" for each in within)
            digest = blake3(os.fsencode(lines)).hexdigest()
            raw[name] = {"files": len(within), "bytes": size, "blake3": digest}
    return Inputs(raw, settings_of(options), libraries())


def settings_of(options: Options) -> dict[str, Any]:
    return {**vars(options), "pmg-bench": __version__}


def pictures_made_with(settings: dict[str, Any], versions: dict[str, str]) -> str:
    """A digest of all that finished pictures depend on, beside the raw ones."""
    return digest_of([settings["pmg-bench"], settings["image_format"], versions])


def libraries() -> dict[str, str]:
    """The versions of what shapes the bytes."""
    return {name: version(name) for name in LIBRARIES}


def shaped_by(image_format: str) -> dict[str, str]:
    """What the bytes of shards follow from, beside their rows."""
    return {**libraries(), "image_format": image_format}


def size_of(path: Path) -> int:
    return path.stat().st_size


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
        "configs": configs,
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
        domains = {name: domain_read(told) for name, told in content["domains"].items()}
        others = [WrittenFile(**file) for file in content["others"]]
        return Manifest(content["data_version"], domains, others)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        expected = "a manifest of this version"
        problem = Problem(Severity.ERROR, str(path), "", expected, "another, or damage", REBUILD)
        raise BadData(problem) from error


def domain_read(told: dict[str, Any]) -> BuiltDomain:
    configs = {
        name: Config(
            config["domain"],
            config["folder"],
            config["about"],
            {
                split: [WrittenFile(**file) for file in files]
                for split, files in config["splits"].items()
            },
        )
        for name, config in told["configs"].items()
    }
    inputs = Inputs(*(told["inputs"][name] for name in Inputs._fields))
    others = [WrittenFile(**file) for file in told["others"]]
    parts = inputs, told["drawn"], told["problems"], Coverage(**told["coverage"])
    return BuiltDomain(*parts, told["pictures"], configs, others)
