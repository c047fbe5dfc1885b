"""Show: a page of rows of a built folder, to look at before anything else."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import pyarrow.parquet as pq
from datasets import Features

from pmg.built_files import whole
from pmg.classes import class_names, named
from pmg.columns import Row, picture_columns
from pmg.coverage import ITEMS, SAMPLES
from pmg.domain import Domain
from pmg.manifest import Config, Manifest, read_manifest
from pmg.offsets import PICTURE
from pmg.pages import MOST_ROWS
from pmg.pages.content import Content
from pmg.pages.facts import NO_FACTS, facts_of
from pmg.pages.page import ROOM, require_place, write_page
from pmg.progress import Progress, progress_bar
from pmg.reading.ids import built_samples
from pmg.reading.pictures import PIL, Form, picture_of
from pmg.reading.sources import Source
from pmg.reading.tables import built_shelf

Split = TypeVar("Split")

ROWS_OF_DEMO = 240
FILES = Form(PIL, decode=False)
NEEDED: tuple[str, ...] = ()  # of pictures, none: a set without any is looked at, too


def show(
    domains: Sequence[Domain[Any]], out: Path, config: str | None, html: Path | None, rows: int
) -> Path:
    """Write the page of a config of `out`, of so many rows; answers where.

    Raises:
        BadCall: `out` has no such config, or `html` cannot be the page.
        BadData: `out` is no built folder, or a damaged one.
    """
    source = opened_folder(out)
    name, told = source.config(config)
    path = html or Path(f"{name}.html")
    require_place(path, out)
    content = Content(ROOM)
    shares = shared({split: told.rows(split) for split in told.splits}, rows)
    with progress_bar(sum(shares.values()), f"{name}: pictures of", "rows") as bar:
        for split, share in shares.items():
            found = counted(rows_of(source, name, split, share), bar)
            content.add(split, told.rows(split), found, group_of(source.manifest, told))
    write_page(name, content, facts_of(out, source.manifest, domains, name), path)
    return path


def show_samples(out: Path, html: Path) -> Path:
    """Write one page of the samples of every domain of `out`; answers where. Raises as `show`."""
    source = opened_folder(out)
    configs = source.manifest.configs
    tables = {
        (name, split): config.rows(split)
        for name, config in configs.items()
        if config.folder == SAMPLES
        for split in config.splits
    }
    content = Content(ROOM)
    for (name, split), share in shared(tables, ROWS_OF_DEMO).items():
        group = group_of(source.manifest, configs[name])
        rows = rows_of(source, name, split, share)
        content.add(f"{name}, {split}", tables[name, split], rows, group)
    write_page("samples", content, NO_FACTS, html)
    return html


def opened_folder(out: Path) -> Source:
    """A built folder on this disk. Raises BadData for another one."""
    return Source(str(out), read_manifest(out), out.absolute(), None)


def shared(totals: Mapping[Split, int], most: int) -> dict[Split, int]:
    """How many rows to take of each split, the same of each unless it has fewer."""
    shares: dict[Split, int] = {}
    for left, split in enumerate(sorted(totals, key=lambda each: totals[each])):
        share = (most - sum(shares.values())) // (len(totals) - left)
        shares[split] = min(totals[split], share)
    return {split: shares[split] for split in totals}


def rows_of(source: Source, name: str, split: str, share: int) -> Iterator[Row]:
    """Rows of a split with pictures as files and classes by their names.

    Of samples and items, these are spread over all of it; of others, the first ones, as what
    belongs together stands together.

    Raises:
        BadData: a file is missing or damaged.
    """
    config = source.manifest.configs[name]
    if config.terms:
        return sample_rows(source, name, split, share)
    if config.folder == ITEMS:
        return item_rows(source, name, split, share)
    return islice(table_rows(source.folder, config, split), share)


def sample_rows(source: Source, name: str, split: str, share: int) -> Iterator[Row]:
    joined = built_samples(source, name, split, NEEDED)
    names = class_names(joined.layout.features)
    for number in spread(len(joined.rows), share):
        yield named(joined.row(number, FILES), names)


def item_rows(source: Source, name: str, split: str, share: int) -> Iterator[Row]:
    config = source.manifest.configs[name]
    shelf = built_shelf(source, name, config._replace(splits={split: config.splits[split]}))
    columns = [each for each in shelf.features if each not in picture_columns(shelf.features)]
    names = class_names(shelf.features)
    for place in spread(len(shelf.ids), share):
        row = shelf.row(place, columns) | {PICTURE: picture_of(shelf, place, FILES)}
        yield named({each: row[each] for each in shelf.features}, names)


def table_rows(out: Path, config: Config, split: str) -> Iterator[Row]:
    for file in config.splits[split]:
        with whole(out / file.path), pq.ParquetFile(out / file.path) as parquet:
            names = class_names(Features.from_arrow_schema(parquet.schema_arrow))
            for batch in parquet.iter_batches(MOST_ROWS):
                yield from (named(row, names) for row in batch.to_pylist())


def spread(total: int, share: int) -> list[int]:
    """So many of the numbers below a total, evenly."""
    return [place * total // share for place in range(share)]


def group_of(manifest: Manifest, config: Config) -> str:
    """The column of samples that tells what kind of item the target is."""
    return f"target_{manifest.domains[config.domain].events.category}"


def counted(rows: Iterator[Row], bar: Progress) -> Iterator[Row]:
    """The same rows, told to a progress bar."""
    for row in rows:
        yield row
        bar.update()
