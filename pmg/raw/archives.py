"""Archives of pictures: unpacked once into one spool file, which is read in any order.

Nothing is unpacked into files of the archive's choosing: the spool holds the bytes of its regular
members end to end, and an index beside it says which lie where.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from filelock import FileLock
from PIL import __version__ as PIL_VERSION  # noqa: N812 - it says what decodes

from pmg.digests import digest_of
from pmg.disk import require_room
from pmg.images import undecodable
from pmg.problems import BadData, FileReport, Problem, Problems, Severity, quoted
from pmg.raw.files import FETCH_AGAIN, require_file, shown_name
from pmg.raw.pictures import LoadedFile, Seen
from pmg.raw.scratch import Scratch
from pmg.raw.segments import MEMBERS, SEEN, write_segments
from pmg.raw.tarballs import contents
from pmg.whole_files import whole_file, write_text

VERSION = 3  # of the spool and its index
GZIP = b"\x1f\x8b"
NAMES_AT_ONCE = 10_000
INDEX = pa.schema([*MEMBERS, *SEEN])


class Spool(NamedTuple):
    """What an archive held: its members by number, to be read in any order, in any process."""

    path: Path  # the contents of all members, end to end
    archive: str  # as problems call it

    def names(self) -> Iterator[str]:
        """Names without a leading "./", in the order of the archive; one may occur twice."""
        for batch in opened_index(self.path).to_batches(NAMES_AT_ONCE):
            yield from batch.column("name").to_pylist()

    def length(self, number: int) -> int:
        """The member's size in bytes."""
        return int(opened_index(self.path)["length"][number].as_py())

    def read(self, number: int) -> LoadedFile:
        """A member as a picture that was read."""
        (told,) = opened_index(self.path).slice(number, 1).to_pylist()
        with self.path.open("rb") as file:
            file.seek(told["offset"])
            data = file.read(told["length"])
        return LoadedFile(data, self.archive, f"member {quoted(told['name'])}")

    def seen(self, members: Mapping[str, int]) -> Seen:
        """What is known of members by item id, if they were looked at as they were unpacked."""
        numbers = pa.array(list(members.values()), pa.int64())
        told = opened_index(self.path).take(numbers)
        told = told.append_column("item_id", pa.array(list(members), pa.string()))
        sound = told.filter(pc.is_valid(told["sha256"]))
        faulty = told.filter(pc.is_valid(told["fault"])).select(["name", "fault"]).to_pylist()
        problems = [
            undecodable(each["fault"], self.archive, f"member {quoted(each['name'])}").problem
            for each in faulty
        ]
        return Seen(self.path, sound, problems)


@lru_cache(maxsize=2)
def opened_index(spool_path: Path) -> pa.Table:
    """The index of a spool, mapped; each process opens it once, for itself."""
    return pa.ipc.open_file(pa.memory_map(str(spool_path.with_suffix(".members")))).read_all()


def spool(archive: Path, what: str, scratch: Scratch, problems: Problems) -> Spool:
    """Read an archive once into `scratch`; what was read there before is taken as it is.

    Members that are no plain files, or have a name that leads elsewhere, are reported and left out.

    Raises:
        BadData: as `require_file`, or no gzip file. `what` completes the sentence "expected …".
        BadCall: the disk has no room for what the archive holds.
    """
    report = FileReport(shown_name(archive), problems)
    require_packed(archive, f"{what}, a .tar.gz file")
    status = archive.stat()
    told = [VERSION, PIL_VERSION, str(archive.resolve()), status.st_size, status.st_mtime_ns]
    path = scratch.folder.resolve() / f"{digest_of(told)[:32]}.spool"
    said = path.with_suffix(".json")
    scratch.folder.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        if not all(each.is_file() for each in (path, path.with_suffix(".members"), said)):
            require_room(scratch.folder, status.st_size)
            write_spool(archive, path, scratch, report.file)
    for severity, *parts in json.loads(said.read_text(encoding="utf-8")):
        problems.add(Problem(Severity(severity), *parts))
    return Spool(path, report.file)


def require_packed(archive: Path, what: str) -> None:
    """Let a gzip file pass. Raises BadData for anything else."""
    with (
        suppress(PermissionError),
        archive.open("rb") if archive.is_file() else open(os.devnull, "rb") as file,  # noqa: PTH123
    ):
        if file.read(len(GZIP)) == GZIP:
            return
    require_file(archive, what)
    found, remedy = "no gzip file", f"{FETCH_AGAIN}, packed with `tar -czf`"
    raise BadData(Problem(Severity.ERROR, shown_name(archive), "", what, found, remedy))


def write_spool(archive: Path, path: Path, scratch: Scratch, name: str) -> None:
    """Write spool, index and problems; the last come last, and whole, so they vouch for all."""
    problems = Problems()
    told: list[pa.RecordBatch] = []
    with whole_file(path) as part, part.open("wb") as file:
        members = contents(archive, FileReport(name, problems))
        seen = list(scratch.look(write_segments(members, part, file, told)))
    places, seen_of = pa.Table.from_batches(told, MEMBERS), pa.Table.from_batches(seen, SEEN)
    index = pa.table([*places.columns, *seen_of.columns], INDEX).combine_chunks()
    with (
        whole_file(path.with_suffix(".members")) as part,
        pa.OSFile(str(part), "wb") as file,
        pa.ipc.new_file(file, INDEX) as writer,
    ):
        writer.write_table(index)
    del told, seen, places, seen_of, index
    pa.default_memory_pool().release_unused()
    write_text(path.with_suffix(".json"), json.dumps(list(problems)))
