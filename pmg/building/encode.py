"""Encode: the first stage of a build, in which every picture is finished once.

Pictures are known by their digests. One that an earlier attempt finished, or that lies in a table
that was built before, is found again and not finished twice, whatever else has changed.
"""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from pmg.building.albums import INDEX, Album, AlbumOfItems, bind, write_index
from pmg.building.engines import Engine
from pmg.building.heaps import BuiltItems, Chunk, Heap, plan_chunks, unpack_items, write_heap
from pmg.building.jobs import Job
from pmg.progress import progress_bar
from pmg.raw.pictures import RawPictures, Seen
from pmg.whole_files import describe, whole_file


def encode_pictures(job: Job, pool: Engine) -> AlbumOfItems:
    """Finish all pictures; those that cannot be published are reported to the source's problems."""
    job.folder.mkdir(exist_ok=True)
    raw = job.source.domain.pictures(job.source.raw)
    indexes = [index_seen(job, raw.seen())] if raw.seen else finish_all(job, raw, pool)
    bind(indexes, job.album, lambda _: True)
    album = Album(job.album, job.work.folder)
    numbers: dict[str, int] = {}
    for index in indexes:
        numbers |= album.items_of(index)
    return AlbumOfItems(album, numbers)


def index_seen(job: Job, seen: Seen) -> Path:
    """An index of pictures that lie finished in what was unpacked of them."""
    for problem in seen.problems:
        job.source.problems.add(problem)
    name = seen.path.relative_to(job.work.folder).as_posix()
    places = seen.places.append_column("path", pa.repeat(name, len(seen.places)))
    path = job.folder / "seen.index"
    with whole_file(path) as part:
        write_index(places.select(INDEX.names).cast(INDEX), part)
    # A fault among them ends the build, and what was unpacked and seen is worth keeping.
    job.work.journal.add(describe(path, job.work.folder, key=f"{job.name}/{path.name}"))
    return path


def finish_all(job: Job, raw: RawPictures, pool: Engine) -> list[Path]:
    """Indexes of the heaps of all pictures, in canonical order."""
    before = [*finished_before(job), *unpack_built(job, pool)]
    known = job.folder / "known.album"
    bind(before, known, lambda path: job.work.journal.get(path) is not None)
    heaps = finish_chunks(job, raw, known, pool)
    return [job.work.folder / heap.places.path for heap in heaps]


def finish_chunks(job: Job, raw: RawPictures, known: Path, pool: Engine) -> Iterator[Heap]:
    """The heaps of all pictures, in canonical order."""
    attempt = secrets.token_hex(4)
    chunks = (
        Chunk(
            job.work.folder,
            job.folder / f"{attempt}-{number:05d}.heap",
            pictures,
            raw.read,
            job.source.options.image_format,
            known,
        )
        for number, pictures in enumerate(plan_chunks(raw))
    )
    with progress_bar(len(raw.found), f"{job.name}: encode", "pictures") as bar:
        for heap in pool.map(write_heap, chunks):
            note(job, heap)
            for problem in heap.problems:
                job.source.problems.add(problem)
            bar.update(heap.pictures)
            yield heap


def finished_before(job: Job) -> list[Path]:
    """Indexes of the heaps that an earlier attempt finished."""
    journal = job.work.journal
    names = [key for key in journal if key.startswith(f"{job.name}/")]
    return [
        job.work.folder / name
        for name in names
        if name.endswith(".index") and journal.get(name) is not None
    ]


def unpack_built(job: Job, pool: Engine) -> list[Path]:
    """Indexes of heaps of the pictures in OUT, if they were finished as they would be now."""
    files = job.pictures_before()
    tasks = (
        BuiltItems(job.work.folder, job.folder / f"built-{file.key}.heap", job.out, file)
        for file in files
        if job.work.journal.get(f"{job.name}/built-{file.key}.index") is None
    )
    indexes = []
    with progress_bar(len(files), f"{job.name}: take over", "files") as bar:
        for heap in pool.map(unpack_items, tasks):
            if heap is not None:
                note(job, heap)
                indexes.append(job.work.folder / heap.places.path)
            bar.update()
    return indexes


def note(job: Job, heap: Heap) -> None:
    for file in (heap.data, heap.places):
        job.work.journal.add(file)
