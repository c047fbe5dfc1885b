"""The sets of samples in a built folder."""

from pathlib import Path
from typing import NamedTuple

from pmg.built_files import read_columns, whole
from pmg.manifest import Config, Manifest
from pmg.protocols.sample_set import SampleSet, columns_of_samples, sample_set
from pmg.protocols.terms import Terms


class BuiltSet(NamedTuple):
    """A config that holds samples."""

    name: str
    config: Config
    terms: Terms


def sets_of(manifest: Manifest) -> list[BuiltSet]:
    """All configs that hold samples."""
    return [
        BuiltSet(name, config, config.terms)
        for name, config in manifest.configs.items()
        if config.terms is not None
    ]


def samples_of(out: Path, config: Config) -> SampleSet:
    """The samples of a config. Raises BadData where its files are damaged."""
    path = out / config.files[0].path
    tables = {
        split: read_columns(out, files, columns_of_samples(path))
        for split, files in config.splits.items()
    }
    with whole(path):
        return sample_set(tables)
