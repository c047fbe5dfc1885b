"""How much disk a build will take, before it takes any."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pmg.building.albums import Reference
from pmg.building.row_files import weight
from pmg.domain import Entries, Table
from pmg.images import Picture
from pmg.problems import BadData
from pmg.raw.pictures import RawPictures
from pmg.source import Source
from pmg.whole_files import WrittenFile

SAMPLED_PICTURES, SAMPLED_ROWS = 16, 500


class Shrinkage(NamedTuple):
    """What becomes of a raw byte of pictures."""

    published: float  # bytes
    kept: float  # bytes, beside what is published, until the end


class EstimatedPictures(Mapping[str, Picture]):
    """Pictures of the size that they will have, about."""

    def __init__(self, raw: RawPictures, shrinkage: Shrinkage) -> None:
        self._raw, self._shrinkage = raw, shrinkage

    def __getitem__(self, item_id: str) -> Picture:
        size = int(self._raw.size(self._raw.found[item_id]) * self._shrinkage.published)
        return Picture(Reference("", size), 1, 1, "RGB", "")

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._raw.found

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw.found)

    def __len__(self) -> int:
        return len(self._raw.found)


def bytes_to_write(
    source: Source,
    tables: Sequence[Table[Any, Any]],
    entries: Mapping[str, Entries[Any]],
    before: Sequence[WrittenFile] = (),
) -> int:
    """About how many bytes a domain's tables take, and what is beside them until they are done.

    A few pictures are finished to see how they shrink, unless files from before hold them all; and
    a few rows of each table are made.
    """
    raw = source.domain.pictures(source.raw)
    total = sum(map(raw.size, raw.found.values()))
    if before and total:
        published = sum(file.bytes for file in before) / total
        shrinkage = Shrinkage(published, 0 if raw.seen else published)
    else:
        shrinkage = measured(raw, source.options.image_format)
    pictures = EstimatedPictures(raw, shrinkage)
    kept = total * shrinkage.kept
    written = [
        table_bytes(source, table, entries[table.name], pictures)
        for table in tables
        if table.name in entries
    ]
    return int(kept) + sum(written)


def measured(raw: RawPictures, image_format: str) -> Shrinkage:
    before = published = kept = 0
    for place in evenly(list(raw.found.values()), SAMPLED_PICTURES):
        try:
            loaded = raw.read(place)
            size = len(loaded.finished(image_format).data)
        except BadData:
            continue  # told when all are finished
        before += raw.size(place)
        published += size
        kept += 0 if raw.seen else size
    return Shrinkage(published / before, kept / before) if before else Shrinkage(1, 1)


def table_bytes(
    source: Source, table: Table[Any, Any], entries: Entries[Any], pictures: EstimatedPictures
) -> int:
    total = 0.0
    for rows in entries.values():
        sampled = evenly(rows, SAMPLED_ROWS)
        weights = (weight(table.row(source.raw, entry, pictures)) for entry in sampled)
        total += sum(weights) / len(sampled) * len(rows)
    return int(total)


def evenly(values: Sequence[Any], most: int) -> list[Any]:
    """At most that many of the values, from all over them."""
    step = max(1, len(values) // most)
    return [values[place] for place in range(0, len(values), step)][:most]
