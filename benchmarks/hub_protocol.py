"""What a Hub with one data set, a built folder, says to who reads it.

Knows nothing of sockets: a request in, an answer out.
"""

import hashlib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias
from urllib.parse import unquote

REPOSITORY = "org/pmg-bench"
PAGE = 1_000  # entries in an answer to `tree`, as the Hub's
MOMENT = "2026-01-01T00:00:00.000Z"  # of the one commit


class Blob(NamedTuple):
    """A file of the data set."""

    source: Path
    size: int
    git_oid: str
    sha256: str

    @property
    def large(self) -> bool:
        """Whether the Hub keeps it in LFS."""
        return self.source.suffix == ".parquet"


class Request(NamedTuple):
    """What a client asks for."""

    method: str
    path: str  # as it was sent, quoted
    values: dict[str, list[str]]  # of the query and of a form
    range: str  # the header
    origin: str  # the address that the client called this Hub by


class Answer(NamedTuple):
    """What the Hub says: bytes of its own, or a part of a file."""

    status: int
    headers: dict[str, str]
    body: bytes | Path
    start: int = 0  # of a file's part
    stop: int = 0

    @property
    def size(self) -> int:
        return len(self.body) if isinstance(self.body, bytes) else self.stop - self.start

    def opened(self) -> IO[bytes]:
        """The body, at its first byte."""
        if isinstance(self.body, bytes):
            return io.BytesIO(self.body)
        file = self.body.open("rb")
        file.seek(self.start)
        return file


Names: TypeAlias = dict[str, str]  # the parts of a path, by the name that a route gives them


class Hub:
    """The protocol, as huggingface_hub 2.4 and datasets 5.2 speak it when they read."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        self.blobs = {path.relative_to(folder).as_posix(): blob_of(path) for path in paths}
        listing = json.dumps([(name, blob.sha256) for name, blob in self.blobs.items()])
        self.commit = hashlib.sha1(listing.encode(), usedforsecurity=False).hexdigest()
        at = r"(?P<revision>[^/]+)"
        api, repository = f"/api/datasets/{REPOSITORY}", f"/datasets/{REPOSITORY}"
        self.routes: list[tuple[str, str, Callable[[Request, Names], Answer]]] = [
            ("GET", api, self.info),
            ("GET", f"{api}/revision/{at}", self.info),
            ("GET", f"{api}/refs", self.refs),
            ("GET", f"{api}/tree/{at}(?:/(?P<path>.*))?", self.tree),
            ("POST", f"{api}/paths-info/{at}", self.paths_info),
            ("HEAD GET", f"{repository}/resolve/{at}/(?P<path>.+)", self.resolve),
            ("HEAD GET", f"/api/resolve-cache{repository}/{at}/(?P<path>.+)", self.regular),
            ("HEAD GET", "/cdn/(?P<sha256>[0-9a-f]{64})", self.large),
        ]

    def answer(self, request: Request) -> Answer:
        for methods, pattern, reply in self.routes:
            found = re.fullmatch(pattern, request.path)
            if found and request.method in methods.split():
                names = {name: unquote(part or "") for name, part in found.groupdict().items()}
                if names.get("revision", "main") not in {"main", self.commit}:
                    return missing("RevisionNotFound")
                return reply(request, names)
        return missing("RepoNotFound")

    def info(self, _request: Request, _names: Names) -> Answer:
        siblings = [{"rfilename": name} for name in self.blobs]
        told = {"id": REPOSITORY, "sha": self.commit, "siblings": siblings}
        return json_answer(told | {"private": False, "lastModified": MOMENT, "tags": []})

    def refs(self, _request: Request, _names: Names) -> Answer:
        main = {"name": "main", "ref": "refs/heads/main", "targetCommit": self.commit}
        return json_answer({"branches": [main], "tags": [], "converts": []})

    def tree(self, request: Request, names: Names) -> Answer:
        recursive = request.values.get("recursive", [""])[0].lower() in {"true", "1"}
        under = names["path"].rstrip("/")
        entries = self.entries(under, recursive=recursive)
        if under and not entries:
            return missing("EntryNotFound")
        size = int(request.values.get("limit", [str(PAGE)])[0])
        start = int(request.values.get("cursor", ["0"])[0])
        answer = json_answer(entries[start : start + size])
        if start + size < len(entries):
            query = f"recursive={recursive}&limit={size}&cursor={start + size}"
            answer.headers["Link"] = f'<{request.origin}{request.path}?{query}>; rel="next"'
        return answer

    def paths_info(self, request: Request, _names: Names) -> Answer:
        found = {entry["path"]: entry for entry in self.entries("", recursive=True)}
        wanted = [path.strip("/") for path in request.values.get("paths", [])]
        return json_answer([found[path] for path in wanted if path in found])

    def resolve(self, request: Request, names: Names) -> Answer:
        """Every file is elsewhere: large ones on the CDN, the others in a cache of the Hub's."""
        blob = self.blobs.get(names["path"])
        if blob is None:
            return missing("EntryNotFound")
        headers = {"X-Repo-Commit": self.commit}
        if not blob.large:
            place = f"/api/resolve-cache/datasets/{REPOSITORY}/{self.commit}/{names['path']}"
            return Answer(307, headers | {"Location": place}, b"")
        headers |= {"X-Linked-Size": str(blob.size), "X-Linked-Etag": f'"{blob.sha256}"'}
        place = f"{request.origin}/cdn/{blob.sha256}"
        return Answer(302, headers | {"Location": place}, b"")

    def regular(self, request: Request, names: Names) -> Answer:
        blob = self.blobs.get(names["path"])
        headers = {"X-Repo-Commit": self.commit}
        return part_of(blob, blob.git_oid, request, headers) if blob else missing("EntryNotFound")

    def large(self, request: Request, names: Names) -> Answer:
        for blob in self.blobs.values():
            if blob.sha256 == names["sha256"]:
                return part_of(blob, blob.sha256, request, {})
        return missing("EntryNotFound")

    def entries(self, under: str, *, recursive: bool) -> list[dict[str, Any]]:
        """Files and folders below a folder, as the API tells them."""
        start = f"{under}/" if under else ""
        names = [name for name in self.blobs if name.startswith(start)]
        folders = {
            parent.as_posix()
            for name in names
            for parent in Path(name).parents
            if parent.as_posix().startswith(start) and parent.as_posix() not in {".", under}
        }
        entries = [entry_of_file(name, self.blobs[name]) for name in names]
        entries += [entry_of_folder(name) for name in folders]
        return sorted(
            (each for each in entries if recursive or "/" not in each["path"][len(start) :]),
            key=lambda each: str(each["path"]),
        )


def blob_of(path: Path) -> Blob:
    size = path.stat().st_size
    git_oid = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    sha256 = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            git_oid.update(piece)
            sha256.update(piece)
    return Blob(path, size, git_oid.hexdigest(), sha256.hexdigest())


def entry_of_file(name: str, blob: Blob) -> dict[str, Any]:
    entry = {"type": "file", "path": name, "oid": blob.git_oid, "size": blob.size}
    pointer = len(f"version https://git-lfs.github.com/spec/v1\noid sha256:{blob.sha256}\n")
    lfs = {"oid": blob.sha256, "size": blob.size, "pointerSize": pointer}
    return entry | {"lfs": lfs} if blob.large else entry


def entry_of_folder(name: str) -> dict[str, Any]:
    oid = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
    return {"type": "directory", "path": name, "oid": oid, "size": 0}


def part_of(blob: Blob, etag: str, request: Request, headers: dict[str, str]) -> Answer:
    """A file, or the range of it that the request names."""
    headers = headers | {"ETag": f'"{etag}"', "Accept-Ranges": "bytes"}
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", request.range)
    if found is None:
        return Answer(200, headers, blob.source, 0, blob.size)
    start = int(found[1])
    stop = min(int(found[2]) + 1, blob.size) if found[2] else blob.size
    if start >= stop:
        return Answer(416, headers | {"Content-Range": f"bytes */{blob.size}"}, b"")
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{blob.size}"
    return Answer(206, headers, blob.source, start, stop)


def json_answer(told: object) -> Answer:
    return Answer(200, {"Content-Type": "application/json"}, json.dumps(told).encode())


def missing(code: str) -> Answer:
    return Answer(404, {"X-Error-Code": code}, json.dumps({"error": code}).encode())
