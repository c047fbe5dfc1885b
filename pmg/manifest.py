"""The manifest of a built folder: what it holds, made from what, and how to tell damage."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from pmg import __version__
from pmg.coverage import Coverage
from pmg.digests import digest_of, sha256_of
from pmg.domain import Domain
from pmg.options import Options
from pmg.problems import BadData, Problem, Severity
from pmg.raw_folder import DRAWN_MARK, present_files
from pmg.shards import WrittenFile

NAME = "manifest.json"
REBUILD = "Remove the built folder and build it again"
LIBRARIES = ("datasets", "numpy", "pillow", "pyarrow")  # the ones that shape the bytes


class Inputs(NamedTuple):
    """All that the bytes of a build depend on."""

    raw: dict[str, dict[str, Any]]  # "movieposter/info.csv" → bytes, sha256; a folder: files too
    settings: dict[str, Any]
    libraries: dict[str, str]

    @property
    def key(self) -> str:
        """Two builds with the same key have the same Parquet bytes."""
        return digest_of(self._asdict())


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

    def size(self, split: str) -> str:
        """The split's size for people: `5.9 kB`, `190.8 MB`."""
        kilobytes = self.bytes(split) / 1_000
        small = kilobytes < 1_000  # noqa: PLR2004 - then it is a megabyte
        return f"{kilobytes:,.1f} kB" if small else f"{kilobytes / 1_000:,.1f} MB"


class Manifest(NamedTuple):
    """A built folder, as its manifest.json tells it."""

    inputs: Inputs
    data_version: str
    problems: dict[str, int]  # by severity
    configs: dict[str, Config]  # by Hub name
    coverage: dict[str, Coverage]  # by domain
    others: list[WrittenFile]  # the card, and what was left out

    @property
    def files(self) -> list[WrittenFile]:
        return [file for config in self.configs.values() for file in config.files] + self.others


def inputs_of(
    domains: Sequence[Domain[Any]], raw_folder: Path, options: Options, data_version: str
) -> Inputs:
    """Read every raw file once for its digest; the files of a folder have one together."""
    raw: dict[str, dict[str, Any]] = {}
    for domain in domains:
        present = present_files(domain, raw_folder)
        for name in (f"{domain.name}/{each}" for each in (*domain.files, DRAWN_MARK)):
            within = {each: path for each, path in present.items() if each.startswith(f"{name}/")}
            if name in present:
                raw[name] = {"bytes": size_of(present[name]), "sha256": sha256_of(present[name])}
            elif within:
                sums = [(each, sha256_of(path)) for each, path in within.items()]
                size = sum(map(size_of, within.values()))
                raw[name] = {"files": len(within), "bytes": size, "sha256": digest_of(sums)}
    settings = {**vars(options), "version": data_version, "pmg-bench": __version__}
    return Inputs(raw, settings, {name: version(name) for name in LIBRARIES})


def size_of(path: Path) -> int:
    return path.stat().st_size


def write_manifest(manifest: Manifest, folder: Path) -> None:
    configs = {
        name: {
            **config._asdict(),
            "digest": config.digest,
            "splits": {
                split: [file._asdict() for file in files] for split, files in config.splits.items()
            },
        }
        for name, config in manifest.configs.items()
    }
    content = {
        **manifest._asdict(),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "key": manifest.inputs.key,
        "inputs": manifest.inputs._asdict(),
        "configs": configs,
        "coverage": {name: part._asdict() for name, part in manifest.coverage.items()},
        "others": [file._asdict() for file in manifest.others],
    }
    text = json.dumps(content, indent=2)  # ASCII, as names of raw files may be no text at all
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a built folder.

    Raises:
        BadData: `folder` was not made by `build`, or its manifest is damaged.
    """
    path = folder / NAME
    if not path.is_file():
        expected, remedy = f"a built folder with {NAME}", "Name what `pmg-bench build` made"
        raise BadData(Problem(Severity.ERROR, str(folder), "", expected, "none", remedy))
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
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
            for name, config in content["configs"].items()
        }
        others = [WrittenFile(**file) for file in content["others"]]
        inputs = Inputs(**content["inputs"])
        coverage = {name: Coverage(**part) for name, part in content["coverage"].items()}
        data_version, problems = content["data_version"], content["problems"]
        return Manifest(inputs, data_version, problems, configs, coverage, others)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        expected = "a manifest of this version"
        problem = Problem(Severity.ERROR, str(path), "", expected, "another, or damage", REBUILD)
        raise BadData(problem) from error
