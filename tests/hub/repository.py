"""A data set repository: commits of files, branches and tags. Knows nothing of HTTP."""

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

from tests.hub.xet import fetch, hashes

LARGE = 10 << 20  # bytes from which the Hub keeps a file of any kind in LFS
ATTRIBUTES = ".gitattributes"  # which the Hub writes itself, with the first commit
PIECE = 1 << 20


class Blob(NamedTuple):
    """A file's contents."""

    source: Path
    size: int
    git_oid: str
    sha256: str
    large: bool  # whether the Hub keeps it in LFS

    @property
    def oid(self) -> str:
        """What the Hub knows the contents by."""
        return self.sha256 if self.large else self.git_oid


Files = dict[str, Blob]  # by path


class Refused(Exception):  # noqa: N818 - an answer, not a fault of ours
    """What was asked for is not done; `status` and `said` are the answer."""

    def __init__(self, status: int, said: str, code: str = "") -> None:
        super().__init__(said)
        self.status, self.said, self.code = status, said, code


class Repository:
    """Commits, each a whole set of files, and the names by which people ask for them."""

    def __init__(self, name: str, store: Path) -> None:
        """`store` is where contents are kept."""
        self.name = name
        self.private = False
        self.xet: Path | None = None  # where clients leave contents that speak xet
        self.parts: dict[tuple[str, int], bytes] = {}  # of files on their way, by sha256 and number
        self._store = store
        self.commits: dict[str, Files] = {}
        self.branches: dict[str, str] = {}
        self.tags: dict[str, str] = {}
        self.branches["main"] = self._add({ATTRIBUTES: self.keep(b"*.parquet filter=lfs\n")})

    @classmethod
    def of_folder(cls, name: str, folder: Path, store: Path) -> "Repository":
        """A repository that holds what lies in a folder, which is not copied."""
        repository = cls(name, store)
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        files = {path.relative_to(folder).as_posix(): blob_of(path) for path in paths}
        repository.branches["main"] = repository._add(files)
        return repository

    def commit_of(self, revision: str) -> str:
        """Raises Refused where there is no such branch, tag or commit."""
        commit = self.branches.get(revision) or self.tags.get(revision) or revision
        if commit not in self.commits:
            raise Refused(404, f"no revision {revision}", "RevisionNotFound")
        return commit

    def files(self, revision: str) -> Files:
        return self.commits[self.commit_of(revision)]

    def stored(self, sha256: str) -> Path | None:
        """Contents that were uploaded to LFS."""
        path = self._store / sha256
        return path if path.is_file() else None

    def take_from_xet(self, sha256: str, size: int) -> None:
        """Have contents in LFS that arrived by xet, if they did."""
        if self.xet and self.stored(sha256) is None and (own := hashes(self.xet).get(sha256)):
            fetch(self.xet, own, size, self._store / own)
            self.upload(sha256, (self._store / own).read_bytes())

    def upload(self, sha256: str, content: bytes) -> None:
        """Keep contents in LFS. Raises Refused where they are not what they are said to be."""
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Refused(400, "the contents have another sha256")
        (self._store / sha256).write_bytes(content)

    def keep(self, content: bytes) -> Blob:
        """Contents of a regular file."""
        path = self._store / f"regular-{hashlib.sha256(content).hexdigest()}"
        if not path.is_file():
            path.write_bytes(content)
        return blob_of(path)

    def commit(self, branch: str, files: Files, parent: str | None) -> str:
        """Make `files` the head of a branch. Raises Refused where that is not at `parent`."""
        head = self.branches.get(branch)
        if head is None:
            raise Refused(404, f"no branch {branch}", "RevisionNotFound")
        if parent is not None and parent != head:
            raise Refused(412, "A commit has happened since. Please refresh and try again.")
        self.branches[branch] = self._add(files)
        return self.branches[branch]

    def _add(self, files: Files) -> str:
        told = f"{len(self.commits)} {[(name, blob.oid) for name, blob in files.items()]}"
        commit = hashlib.sha1(told.encode(), usedforsecurity=False).hexdigest()
        self.commits[commit] = files
        return commit


def is_large(path: str, size: int) -> bool:
    return size > 0 and (path.endswith(".parquet") or size > LARGE)


def blob_of(path: Path) -> Blob:
    size = path.stat().st_size
    git_oid = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    sha256 = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            git_oid.update(piece)
            sha256.update(piece)
    large = is_large(path.name, size)
    return Blob(path, size, git_oid.hexdigest(), sha256.hexdigest(), large)


def entry_of_file(name: str, blob: Blob) -> dict[str, Any]:
    """A file as the API tells of it."""
    entry = {"type": "file", "path": name, "oid": blob.git_oid, "size": blob.size}
    pointer = len(f"version https://git-lfs.github.com/spec/v1\noid sha256:{blob.sha256}\n")
    lfs = {"oid": blob.sha256, "size": blob.size, "pointerSize": pointer}
    return entry | {"lfs": lfs} if blob.large else entry


def entry_of_folder(name: str) -> dict[str, Any]:
    oid = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
    return {"type": "directory", "path": name, "oid": oid, "size": 0}


def entries(files: Files, under: str, *, recursive: bool) -> list[dict[str, Any]]:
    """Files and folders below a folder, as the API tells them."""
    start = f"{under}/" if under else ""
    names = [name for name in files if name.startswith(start)]
    folders = {
        parent.as_posix()
        for name in names
        for parent in Path(name).parents
        if parent.as_posix().startswith(start) and parent.as_posix() not in {".", under}
    }
    found = [entry_of_file(name, files[name]) for name in names]
    found += [entry_of_folder(name) for name in folders]
    return sorted(
        (each for each in found if recursive or "/" not in each["path"][len(start) :]),
        key=lambda each: str(each["path"]),
    )
