"""Archives of pictures: unpacked once into one spool file, which is read in any order.

Nothing is unpacked into files of the archive's choosing: the spool holds the bytes of its regular
members end to end, and an index beside it says which lie where.
"""

import json
import os
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock

from pmg.digests import digest_of
from pmg.problems import BadData, FileReport, Problem, Problems, Severity
from pmg.raw_files import FETCH_AGAIN, require_file, shown_name
from pmg.tarballs import contents

VERSION = 1  # of the spool and its index
GZIP = b"\x1f\x8b"


class Member(NamedTuple):
    """A file of the archive."""

    name: str  # without a leading "./"
    offset: int  # in the spool
    length: int  # bytes


class Spool(NamedTuple):
    """What an archive held, to be read in any order."""

    path: Path  # the contents of all members, end to end
    members: list[Member]  # in the order of the archive; a name may occur twice


def spool(archive: Path, what: str, scratch: Path, problems: Problems) -> Spool:
    """Read an archive once into `scratch`; what was read there before is taken as it is.

    Members that are no plain files, or have a name that leads elsewhere, are reported and left out.

    Raises:
        BadData: as `require_file`, or no gzip file. `what` completes the sentence "expected …".
    """
    report = FileReport(shown_name(archive), problems)
    require_packed(archive, f"{what}, a .tar.gz file")
    status = archive.stat()
    told = [VERSION, str(archive.resolve()), status.st_size, status.st_mtime_ns]
    path = scratch / f"{digest_of(told)[:32]}.spool"
    index = path.with_suffix(".json")
    scratch.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        if not (index.is_file() and path.is_file()):
            write_spool(archive, path, index, report.file)
    content = json.loads(index.read_text(encoding="utf-8"))
    for severity, *parts in content["problems"]:
        problems.add(Problem(Severity(severity), *parts))
    return Spool(path, [Member(*member) for member in content["members"]])


def read_member(path: Path, member: Member) -> bytes:
    """The bytes of one member of the spool at `path`."""
    with path.open("rb") as file:
        file.seek(member.offset)
        return file.read(member.length)


def require_packed(archive: Path, what: str) -> None:
    """Let a gzip file pass. Raises BadData for anything else."""
    with archive.open("rb") if archive.is_file() else open(os.devnull, "rb") as file:  # noqa: PTH123
        if file.read(len(GZIP)) == GZIP:
            return
    require_file(archive, what)
    found, remedy = "no gzip file", f"{FETCH_AGAIN}, packed with `tar -czf`"
    raise BadData(Problem(Severity.ERROR, shown_name(archive), "", what, found, remedy))


def write_spool(archive: Path, path: Path, index: Path, name: str) -> None:
    """Write spool and index; the index comes last, and whole, so it vouches for the spool."""
    problems = Problems()
    partial = path.with_suffix(".part")
    try:
        members: list[Member] = []
        with partial.open("wb") as out:
            for member, data in contents(archive, FileReport(name, problems)):
                members.append(Member(member, out.tell(), len(data)))
                out.write(data)
        partial.replace(path)
        content = json.dumps({"members": members, "problems": list(problems)})
        partial.write_text(content, encoding="utf-8")
        partial.replace(index)
    finally:
        partial.unlink(missing_ok=True)
