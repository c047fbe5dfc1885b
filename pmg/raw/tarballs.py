"""Archives as streams: every sound member once, every other one reported, nothing beyond limits.

Python's tarfile stops at a broken header as if the archive ended there, reads headers of any size,
and unpacks whatever a bomb holds; here each of them is an error.
"""

import re
import tarfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Self, cast

from zlib_ng import gzip_ng, zlib_ng

from pmg.images import LARGEST_FILE
from pmg.problems import BadData, FileReport, Problem, Severity, quoted
from pmg.progress import progress_bar
from pmg.raw.files import FETCH_AGAIN, is_unicode

BLOCK = 1 << 20
MOST_MEMBERS = 2_000_000  # ten times the largest set; an index must fit the memory
MEMBERS_PER_LOOK = 32  # at how far it is
MOST_FAULTY = 10_000  # members that are not read; an archive of them is not worth the hours
LARGEST_HEADER = 1 << 16  # bytes; it holds a long name, or what a Mac knows of a file
# Python's tarfile before 3.11.10 takes up to so many steps, of 2 ns, for a pax header of digits
# (CVE-2024-6232): the sum of their lengths squared. A name of 512 bytes is no trouble.
MOST_STEPS = 2 * 10**11
FREE_OF_STEPS = 512
MOST_FOR_ALL = 100  # keywords of pax headers that hold for all members behind them
MOST_EMPTY_READS = 4  # in a row: tarfile goes on to skip a member of exabytes where a file ends
HIGHEST_RATIO = 200  # unpacked to packed; pictures hardly shrink, bombs shrink a thousandfold
RATIO_FROM = 64 << 20  # bytes unpacked before the ratio says anything
LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")  # what operating systems leave behind
ODD = re.compile(r"[\x00-\x1f\\]")  # letters that no name of ours has
REMOVE = "Remove the member; it is not read"
WHOLE = "a whole .tar.gz file"
HEADERS = (  # that tell of the next member, and are read into memory
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
)
# Of gzip and tarfile over broken bytes.
FAULTS: tuple[type[Exception], ...] = (
    *(tarfile.TarError, cast("type[Exception]", zlib_ng.error), EOFError, OSError),
    *(ValueError, OverflowError, RecursionError),
)


def contents(archive: Path, report: FileReport) -> Iterator[tuple[str, bytes]]:
    """Names, without a leading "./", and bytes of the members that may be read, in their order.

    Reading ends, with an error reported, where the archive is broken or goes beyond a limit.
    """
    size = archive.stat().st_size
    count = 0
    try:
        with (
            progress_bar(size, f"{archive.name}: unpack", "bytes") as bar,
            archive.open("rb") as packed,
            gzip_ng.GzipNGFile(fileobj=packed) as unpacked,  # type: ignore[no-untyped-call]
            Tar.open(
                fileobj=cast("IO[bytes]", Limited(unpacked, packed, report.file)),
                mode="r|",
                tarinfo=Header,
            ) as tar,
        ):
            for count, info in enumerate(tar, 1):
                if count % MEMBERS_PER_LOOK == 0:
                    bar.update(min(packed.tell(), size) - bar.n)
                require_few(count, report)
                if name := accepted(info, report):
                    yield name, whole(tar, info)
                tar.members.clear()  # type: ignore[attr-defined] # it would keep every header
            if any(block.strip(b"\0") for block in iter(partial(tar.fileobj.read, BLOCK), b"")):
                expected, found = "nothing behind the end of the archive", "further bytes"
                report.error("", expected, found, "Pack all pictures into one archive")
        if not count:
            report.error("", "at least one picture", "none", FETCH_AGAIN)
    except BadData as fault:
        report.problems.add(fault.problem)
    except FAULTS as error:
        place = f"after member {count:,}" if count else ""
        report.error(place, WHOLE, why_broken(error), FETCH_AGAIN)


def require_few(members: int, report: FileReport) -> None:
    """Raise BadData where an archive goes beyond what any set of pictures has."""
    errors = report.problems.count(Severity.ERROR)
    for count, most, what in (
        (members, MOST_MEMBERS, "members"),
        (errors, MOST_FAULTY, "members that are no pictures"),
    ):
        if count > most:
            expected = f"at most {most:,} {what}"
            raise BadData(Problem(Severity.ERROR, report.file, "", expected, "more", FETCH_AGAIN))


def why_broken(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "headers of headers without end"
    if isinstance(error, EOFError) or "end of data" in str(error):
        return "a file that was cut off"
    return quoted(str(error))


class Limited:
    """An unpacked stream that ends a bomb before it fills anything."""

    def __init__(self, unpacked: gzip_ng.GzipNGFile, packed: IO[bytes], file: str) -> None:
        self._unpacked, self._packed, self._file = unpacked, packed, file
        self._count = self._empty = 0

    def read(self, size: int) -> bytes:
        """As a file has it.

        Raises:
            BadData: far more was unpacked than was packed.
            EOFError: the end was told, and told again.
        """
        block = self._unpacked.read(size)
        self._count += len(block)
        self._empty = 0 if block else self._empty + 1
        if self._empty > MOST_EMPTY_READS:
            raise EOFError
        if self._count > max(RATIO_FROM, HIGHEST_RATIO * self._packed.tell()):
            expected = f"at most {HIGHEST_RATIO} times the packed size unpacked"
            raise BadData(Problem(Severity.ERROR, self._file, "", expected, "more", FETCH_AGAIN))
        return block


class Tar(tarfile.TarFile):
    """An archive that counts what its headers cost."""

    steps = 0


class Header(tarfile.TarInfo):
    """A member's header; a broken one is an error, not the end."""

    def _proc_member(self, tar: Tar) -> Self:
        """Where `TarInfo` lets subclasses look at a header before the rest of it is read.

        Raises ReadError for a header that is too large, or of which there are too many.
        """
        if self.type in HEADERS:
            if not 0 <= self.size <= LARGEST_HEADER:
                raise tarfile.ReadError(f"a header of {self.size:,} bytes")
            tar.steps += self.size**2 if self.size > FREE_OF_STEPS else 0
            if tar.steps > MOST_STEPS or len(tar.pax_headers) > MOST_FOR_ALL:
                raise tarfile.ReadError("too many headers of headers")
        return cast("Self", super()._proc_member(tar))  # type: ignore[misc]

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> Self:
        """As `TarInfo` has it. Raises ReadError for what is neither a header nor the end mark."""
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined] # the end mark
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(str(error)) from error


def whole(tar: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    """A member's bytes. Raises EOFError where the archive ends before it does."""
    source = tar.extractfile(info)
    content = source.read() if source else b""
    if len(content) < info.size:
        raise EOFError
    return content


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
    leads_out = not name or name.startswith("/") or ".." in name.split("/") or ODD.search(name)
    if leads_out or not is_unicode(name):
        expected = "a name that stays in its folder" if leads_out else "a name in UTF-8"
        return expected, quoted(info.name)
    if not info.size:
        return "a picture", "an empty file"
    if info.size > LARGEST_FILE:
        return f"at most {LARGEST_FILE >> 20} MiB", f"{info.size >> 20:,} MiB"
    return None
