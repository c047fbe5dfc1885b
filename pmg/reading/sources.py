"""Sources: a built set wherever it is, in a folder or on the Hub, and its shards."""

import os
import re
from pathlib import Path
from typing import NamedTuple

from huggingface_hub import hf_hub_download

from pmg.hub import DATASET, MAIN
from pmg.manifest import Config, Manifest, read_manifest
from pmg.problems import BadCall, quoted
from pmg.reading.commits import Commit, reached
from pmg.reading.remote import RemoteShard
from pmg.reading.shards import LocalShard, Shard
from pmg.whole_files import MANIFEST, WrittenFile

REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)


class Source(NamedTuple):
    """A built set."""

    name: str  # as it was asked for
    manifest: Manifest
    folder: Path  # that holds its files, or some of them
    remote: Commit | None  # where the others are; None for a folder of one's own

    def config(self, name: str | None) -> tuple[str, Config]:
        """A config by its name; the first, where none is given. Raises BadCall without it."""
        configs = self.manifest.configs
        name = name or next(iter(configs))
        if name not in configs:
            raise BadCall(f"Config {name!r}: expected one of {', '.join(configs)}.")
        return name, configs[name]

    def shards(self, files: list[WrittenFile]) -> list[Shard]:
        return [self.shard(file) for file in files]

    def shard(self, file: WrittenFile) -> Shard:
        """A file of the set. Raises BadData where it is missing, or not as it was built."""
        path = self.folder / file.path
        if self.remote and not path.exists():
            return RemoteShard(file, self.remote)
        return LocalShard.of(file, path)


def opened(place: str | os.PathLike[str], revision: str | None = None) -> Source:
    """The set in a folder, or in the repository `ORG/NAME` on the Hub.

    Args:
        place: the folder or repository; a folder comes first, as with `load_dataset`.
        revision: a branch, tag or commit of the repository.

    Raises:
        BadCall: there is neither, or the Hub cannot be reached.
        BadData: it was not built, or its manifest is damaged.
    """
    name, folder = os.fspath(place), Path(place)
    if folder.is_dir():
        if revision is not None:
            raise BadCall(f"{name}: expected no revision of a folder, found {quoted(revision)}.")
        return Source(name, read_manifest(folder), folder.absolute(), None)
    if not REPOSITORY.fullmatch(name):
        raise BadCall(
            f"{quoted(name)}: expected a built folder, or a repository as ORG/NAME, found neither."
        )
    with reached(name):
        revision = revision or MAIN
        path = hf_hub_download(name, MANIFEST, repo_type=DATASET, revision=revision)
    folder = Path(path).parent
    return Source(name, read_manifest(folder), folder, Commit(name, folder.name))
