"""Archives of pictures: read as a stream, once, into one spool file that is read in any order.

Nothing is unpacked into files of the archive's choosing: the spool holds the bytes of its regular
members end to end, and an index beside it says which lie where.
"""

import gzip
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple, Self

from filelock import FileLock

from pmg.digests import digest_of
from pmg.problems import BadData, FileReport, Problem, Problems, Severity, quoted
from pmg.progress import progress_bar
from pmg.raw_files import FETCH_AGAIN, require_file, shown_name

VERSION = 1  # of the spool and its index
BLOCK = 1 << 20
MOST_MEMBERS = 2_000_000  # ten times the largest set; an index must fit the memory
LARGEST_MEMBER = 64 << 20  # bytes; no picture of a shop is larger, and one is in memory whole
HIGHEST_RATIO = 200  # unpacked to packed; pictures hardly shrink, bombs shrink a thousandfold
RATIO_FROM = 64 << 20  # bytes unpacked before the ratio says anything
GZIP = b"\x1f\x8b"
LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")  # what operating systems leave behind
REMOVE = "Remove the member; it is not read"


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
        with partial.open("wb") as out:
            members = list(copied(archive, out, FileReport(name, problems)))
        partial.replace(path)
        content = json.dumps({"members": members, "problems": list(problems)})
        partial.write_text(content, encoding="utf-8")
        partial.replace(index)
    finally:
        partial.unlink(missing_ok=True)


def copied(archive: Path, out: IO[bytes], report: FileReport) -> Iterator[Member]:
    """Copy the members that may be read; reading ends where the archive is broken."""
    size = archive.stat().st_size
    count = place = 0
    try:
        with (
            progress_bar(size, f"{archive.name}: unpack", "bytes") as bar,
            archive.open("rb") as packed,
            gzip.GzipFile(fileobj=packed) as unpacked,
            tarfile.open(fileobj=unpacked, mode="r|", tarinfo=Header) as tar,
        ):
            for info in tar:
                count += 1
                place = info.offset_data + info.size
                bar.update(min(packed.tell(), size) - bar.n)
                if fault := why_stop(count, place, packed.tell()):
                    report.error(f"member {quoted(info.name)}", *fault)
                    return
                if name := accepted(info, report):
                    offset = out.tell()
                    copy(tar, info, out)
                    yield Member(name, offset, info.size)
                tar.members.clear()  # type: ignore[attr-defined] # it would keep every header
            if any(block.strip(b"\0") for block in iter(partial(tar.fileobj.read, BLOCK), b"")):
                expected, found = "nothing behind the end of the archive", "further bytes"
                report.error("", expected, found, "Pack all pictures into one archive")
    except EOFError:
        told(report, count, "a file that was cut off")
    except (tarfile.TarError, zlib.error, OSError, ValueError, OverflowError) as error:
        found = "a file that was cut off" if "end of data" in str(error) else quoted(str(error))
        told(report, count, found)
    else:
        if not count:
            report.error("", "at least one picture", "none", FETCH_AGAIN)


class Header(tarfile.TarInfo):
    """A member's header. Where `tarfile` takes a broken one for the end, this is an error."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> Self:
        """As `TarInfo` has it. Raises ReadError for what is neither a header nor the end mark."""
        try:
            return super().fromtarfile(archive)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined] # the end mark
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(str(error)) from error


def told(report: FileReport, count: int, found: str) -> None:
    place = f"after member {count:,}" if count else ""
    report.error(place, "a whole .tar.gz file", found, FETCH_AGAIN)


def copy(tar: tarfile.TarFile, info: tarfile.TarInfo, out: IO[bytes]) -> None:
    source = tar.extractfile(info)
    left = info.size
    while left and source:
        block = source.read(min(left, BLOCK))
        if not block:
            raise EOFError
        out.write(block)
        left -= len(block)


def why_stop(count: int, unpacked: int, packed: int) -> tuple[str, str, str] | None:
    """Expected, found and remedy where an archive goes beyond what any honest one holds."""
    if count > MOST_MEMBERS:
        return f"at most {MOST_MEMBERS:,} members", "more", FETCH_AGAIN
    if unpacked > max(RATIO_FROM, HIGHEST_RATIO * packed):
        expected = f"at most {HIGHEST_RATIO} times the packed size unpacked"
        return expected, "more", FETCH_AGAIN
    return None


def accepted(info: tarfile.TarInfo, report: FileReport) -> str | None:
    """The name of a member that may be read; None for folders, and what is reported."""
    name = info.name.removeprefix("./")
    last = name.rpartition("/")[2]
    if info.isdir():
        return None
    if last in LITTER or last.startswith("._") or name.startswith("__MACOSX/"):
        remedy = "Nothing: it is not read"
        report.note("", "pictures only", "files that an operating system left", remedy)
        return None
    if fault := why_not_read(info, name):
        report.error(f"member {quoted(info.name)}", *fault, REMOVE)
        return None
    return name


def why_not_read(info: tarfile.TarInfo, name: str) -> tuple[str, str] | None:
    """Expected and found, of a member that is not read."""
    if info.issym() or info.islnk():
        return "a plain file", f"a link to {quoted(info.linkname)}"
    if not info.isreg() or info.issparse():
        return "a plain file", "a device, a pipe, or a file with holes"
    odd = "\\" in name or any(ord(letter) < ord(" ") for letter in name)
    if not name or name.startswith("/") or ".." in name.split("/") or odd:
        return "a name that stays in its folder", quoted(info.name)
    if not info.size:
        return "a picture", "an empty file"
    if info.size > LARGEST_MEMBER:
        return f"at most {LARGEST_MEMBER >> 20} MiB", f"{info.size >> 20:,} MiB"
    return None
