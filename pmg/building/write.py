"""Write: the second stage of a build, in which finished pictures and rows become Parquet."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pmg.building.albums import AlbumOfItems
from pmg.building.engines import Engine
from pmg.building.jobs import Job
from pmg.building.row_files import Row
from pmg.building.shards import Press, Shard, write_shard
from pmg.coverage import SAMPLES, Counts, Tally
from pmg.domain import Entries, Table
from pmg.images import published
from pmg.inputs import shaped_by
from pmg.manifest import Config
from pmg.options import Options
from pmg.progress import progress_bar
from pmg.protocols.id_rows import IdRows
from pmg.protocols.terms import Terms
from pmg.whole_files import WrittenFile, give_name, is_as_described

Splits = dict[str, list[WrittenFile]]  # files by split, in their order


class Place(NamedTuple):
    """A shard, and where it belongs."""

    table: Table[Any, Any]
    split: str
    shard: Shard


def write_tables(job: Job, pictures: AlbumOfItems, pool: Engine, tally: Tally) -> dict[str, Config]:
    """All tables of a domain, by name; the files are told by the paths they will have in OUT."""
    entries = job.entries(pictures.keys())
    places: list[Place] = []
    finished: dict[str, WrittenFile] = {}  # by key
    total = sum(len(rows) for splits in entries.values() for rows in splits.values())
    with progress_bar(total, f"{job.name}: write", "rows") as bar:

        def missing() -> Iterator[Shard]:
            for place in planned(job, entries, pictures, tally):
                places.append(place)
                if file := found(job, place.shard):
                    finished[file.key] = file
                    bar.update(file.rows)
                else:
                    yield place.shard

        for file in pool.map(write_shard, missing()):
            job.work.journal.add(file)
            finished[file.key] = file
            bar.update(file.rows)
    written: dict[str, Splits] = {}
    for table, split, shard in places:
        files = written.setdefault(table.name, {}).setdefault(split, [])
        folder = f"{job.name}/{table.folder}/{split}"
        files.append(finished[shard.key]._replace(path=folder))
    return {
        table.name: Config(
            job.name,
            table.folder,
            table.about,
            {split: numbered(files) for split, files in written[table.name].items()},
            *told(table, entries[table.name], job.source.options, tally),
        )
        for table in job.tables
        if table.name in written
    }


def told(
    table: Table[Any, Any], entries: Entries[Any], options: Options, tally: Tally
) -> tuple[Terms | None, dict[str, Counts]]:
    """How samples were cut, as the table or whoever cut them says, and how many there are."""
    rows = {split: part for split, part in entries.items() if isinstance(part, IdRows)}
    if rows:
        return next(iter(rows.values())).terms, {name: part.counts() for name, part in rows.items()}
    return table.terms(options), tally.counts() if table.folder == SAMPLES else {}


def planned(
    job: Job, entries: Mapping[str, Entries[Any]], pictures: AlbumOfItems, tally: Tally
) -> Iterator[Place]:
    """All shards of all tables, in their order; their row files are written on the way."""
    source = job.source
    shown = published(pictures, source.options)
    press = Press(job.work.folder, job.shards, job.album, shaped_by(source.options.image_format))
    for table in (table for table in job.tables if table.name in entries):
        schema = source.features(table).arrow_schema
        for split, members in entries[table.name].items():
            rows: Iterator[Row] = (table.row(source.raw, each, shown) for each in members)
            path = job.folder / f"{table.name}-{split}.rows"
            for shard in press.shards(tally.seen(rows, table.folder, split), schema, path):
                yield Place(table, split, shard)


def found(job: Job, shard: Shard) -> WrittenFile | None:
    """The shard where an earlier attempt finished it, or where OUT holds it already."""
    if file := job.work.journal.get(shard.key):
        return file
    file = job.shards_before().get(shard.key)
    if file is None or not is_as_described(file, job.out):
        return None
    shard.path.unlink(missing_ok=True)
    give_name(job.out / file.path, shard.path)
    file = file._replace(path=shard.path.relative_to(job.work.folder).as_posix())
    job.work.journal.add(file)
    return file


def numbered(files: Sequence[WrittenFile]) -> list[WrittenFile]:
    """Give the files of a split their names, which tell how many there are."""
    return [
        file._replace(path=f"{file.path}-{number:05d}-of-{len(files):05d}.parquet")
        for number, file in enumerate(files)
    ]
