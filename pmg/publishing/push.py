"""Push: a built folder to the Hub, in one commit that readers see whole or not at all.

Files are sent one by one, where nobody sees them, and then named by one commit: `upload_folder`
makes several on the way, each of them half a data set (huggingface_hub 2.4). A push that was ended
finds again what arrived.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from huggingface_hub import CommitOperationAdd, get_token
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils._validators import validate_repo_id  # as it asks of every name

from pmg.card.figures import FOLDER as FIGURES
from pmg.digests import sha256_of
from pmg.domain import Domain
from pmg.hub import MAIN
from pmg.manifest import Manifest, read_manifest
from pmg.problems import (
    BadCall,
    BadData,
    Problem,
    Problems,
    Severity,
    TooManyProblems,
    listed,
    quoted,
)
from pmg.progress import progress_bar
from pmg.publishing.program import CODE, program_files
from pmg.publishing.remote import Remote, RemoteFile, sentences
from pmg.verify import verify
from pmg.whole_files import MANIFEST

SHARD = ".parquet"
REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
SCRIPT = "pmg_bench"  # what `datasets` would take for the name of a loading script


class Order(NamedTuple):
    """What is to be published, and where."""

    out: Path
    repository: str  # ORG/NAME
    branch: str = MAIN
    private: bool = False


class LocalFile(NamedTuple):
    """A file to be published."""

    path: str  # in the repository
    source: Path
    bytes: int
    sha256: str


class Plan(NamedTuple):
    """What there is to do for the Hub to hold what the folder does."""

    tag: str  # of the version
    tagged: bool  # whether the version is there
    head: str | None  # the branch's last commit; None where there is no branch yet
    send: list[LocalFile]
    kept: list[LocalFile]  # that are there already
    drop: list[str]  # that are there, and no more part of the set

    @property
    def files(self) -> list[LocalFile]:
        return self.kept + self.send

    @property
    def needed(self) -> bool:
        return bool(self.send or self.drop)


def plan(order: Order, domains: Sequence[Domain[Any]]) -> tuple[Plan, Problems]:
    """Verify the folder and compare it with what is on the Hub; nothing is changed.

    Answers with what there is to do, and the warnings of `verify`.

    Raises:
        BadCall: a name, a token or a version that cannot be published so; a Hub that refuses.
        BadData: no built folder.
        TooManyProblems: `verify` finds errors.
    """
    require_name(order.repository)
    require_token()
    problems = verify(order.out)
    if problems.count(Severity.ERROR):
        raise TooManyProblems(problems)
    manifest = read_manifest(order.out)
    files = local_files(order.out, manifest, domains)
    with sentences(order.repository):
        remote = Remote(order.repository, order.branch)
        if base := remote.base():
            require_privacy(order, remote)
        there = remote.files(base) if base else {}
        tag, tags, head = f"v{manifest.data_version}", remote.tags(), remote.head()
    send = [file for file in files if not is_there(file, there)]
    kept = [file for file in files if is_there(file, there)]
    made = Plan(tag, tag in tags, head, send, kept, stale(files, there, domains))
    if made.tagged and made.needed and order.branch == MAIN:
        raise BadCall(
            f"{order.repository}: expected no version {tag}, found one with other files. "
            "Build with another --version."
        )
    return made, problems


def push(order: Order, made: Plan) -> str:
    """Do what there is to do; answers with the commit that holds the set.

    Raises:
        BadCall: a Hub that refuses, or does not answer; somebody else published meanwhile.
        BadData: the Hub holds something else than was sent.
    """
    with sentences(order.repository):
        remote = Remote(order.repository, order.branch)
        commit = made.head
        if commit is None:
            commit = remote.create(private=order.private)
            require_privacy(order, remote)
        if made.needed:
            additions = sent(remote, made.send)
            message = f"PMG-Bench {made.tag.removeprefix('v')}"
            commit = remote.commit(additions, made.drop, commit, message)
        require_same(order.repository, made.files, remote.files(commit))
        if order.branch == MAIN and not made.tagged:
            remote.tag(made.tag, commit)
    return commit


def require_name(repository: str) -> None:
    """Raise BadCall for a name that is none, or that nobody could load from."""
    if not REPOSITORY.fullmatch(repository):
        raise BadCall(f"Repository: expected ORG/NAME, found {quoted(repository)}.")
    try:
        validate_repo_id(repository)
    except HFValidationError as error:
        raise BadCall(f"Repository: expected a name that the Hub takes. {error}") from error
    if repository.partition("/")[2] == SCRIPT:
        raise BadCall(
            f"{repository}: expected another name: `datasets` would take {SCRIPT}.py in a "
            f"repository {SCRIPT} for a loading script, and refuse to load. "
            f"Call it {SCRIPT.replace('_', '-')}."
        )


def require_privacy(order: Order, remote: Remote) -> None:
    """Raise BadCall where everybody would see what is to be private."""
    if order.private and not remote.is_private():
        raise BadCall(
            f"{order.repository}: expected a private repository, found a public one. "
            "Make it private on the Hub, or push without --private."
        )


def require_token() -> None:
    """Raise BadCall where the Hub's client knows no token."""
    if not get_token():
        raise BadCall(
            "Hub: expected a token to write with, found none. Log in with `hf auth login`, or set "
            "HF_TOKEN."
        )


def local_files(out: Path, manifest: Manifest, domains: Sequence[Domain[Any]]) -> list[LocalFile]:
    """All that is published: the built folder, and the program under `code/`."""
    built = [LocalFile(file.path, out / file.path, file.bytes, file.sha256)
             for file in manifest.files]  # fmt: skip
    others = [(MANIFEST, out / MANIFEST)]
    others += [(f"{CODE}/{name}", path) for name, path in program_files(domains)]
    return built + [
        LocalFile(name, path, path.stat().st_size, sha256_of(path)) for name, path in others
    ]


def is_there(file: LocalFile, there: Mapping[str, RemoteFile]) -> bool:
    """Whether the Hub holds the file as it is here."""
    found = there.get(file.path)
    if found is None or found.bytes != file.bytes:
        return False
    if found.sha256 is not None:
        return found.sha256 == file.sha256
    return found.git_oid == git_oid(file.source)


def git_oid(path: Path) -> str:
    """What git knows a file's contents by; the Hub tells no other sum of small files."""
    content = path.read_bytes()
    digest = hashlib.sha1(b"blob %d\0" % len(content), usedforsecurity=False)
    digest.update(content)
    return digest.hexdigest()


def stale(
    files: Sequence[LocalFile], there: Mapping[str, RemoteFile], domains: Sequence[Domain[Any]]
) -> list[str]:
    """Files on the Hub, in folders that are ours, that are no more part of the set."""
    ours, now = {CODE, FIGURES, *(domain.name for domain in domains)}, {file.path for file in files}
    return sorted(path for path in there.keys() - now if path.partition("/")[0] in ours)


def sent(remote: Remote, files: Sequence[LocalFile]) -> list[CommitOperationAdd]:
    """Send what is large one by one; what is small goes with the commit.

    Raises:
        BadCall: a file is another than it was when it was verified.
    """
    additions = []
    total = sum(file.bytes for file in files)
    with progress_bar(total, "push", "bytes") as bar:
        for file in files:
            addition = CommitOperationAdd(file.path, str(file.source))
            if addition.upload_info.sha256.hex() != file.sha256:
                raise BadCall(f"{file.source}: expected the file that was verified, found it "
                              "changed meanwhile. Start again.")  # fmt: skip
            if file.path.endswith(SHARD):
                remote.send(addition)
            additions.append(addition)
            bar.update(file.bytes)
    return additions


def require_same(
    repository: str, files: Sequence[LocalFile], there: Mapping[str, RemoteFile]
) -> None:
    """Raise BadData where the Hub holds something else than the folder does."""
    if others := [file.path for file in files if not is_there(file, there)]:
        expected = "the files that were sent"
        remedy = "Somebody else may have published there meanwhile: look, and start again"
        found = f"others: {listed(others)}"
        raise BadData(Problem(Severity.ERROR, repository, "", expected, found, remedy))
