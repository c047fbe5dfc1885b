"""Tables of a built set as readers map them: all but pictures, and where those lie."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa

from pmg.columns import picture_columns
from pmg.manifest import Config
from pmg.offsets import Offsets
from pmg.progress import progress_bar
from pmg.reading.cached import Mapped, Recipe, cached
from pmg.reading.fetching import AT_ONCE
from pmg.reading.layout import features_of
from pmg.reading.shards import Shard, about_of, another
from pmg.reading.shelves import FILE, ITEM_ID, LENGTH, START, BuiltShelf
from pmg.reading.sources import Source


def built_shelf(source: Source, name: str, config: Config) -> BuiltShelf:
    """The items of a built set.

    Raises:
        BadCall: the Hub cannot be reached.
        BadData: a file is missing or damaged, or of another build.
    """
    shards = [source.shard(file) for file in config.files]
    rows = mapped(name, config.digest, shards)
    schema = rows.table.schema
    if START not in schema.names or schema.field(ITEM_ID).type != pa.string():
        raise another(shards[0].name, "one without items")
    return BuiltShelf(name, features_of(schema), rows, shards)


def mapped(name: str, digest: str, shards: list[Shard]) -> Mapped:
    """The rows of shards without their pictures."""
    recipe = Recipe(f"{name}-{digest}", f"{name} without pictures", lambda: tables(name, shards))
    return cached(recipe)


def tables(name: str, shards: list[Shard]) -> Iterator[pa.Table]:
    """The tables of shards, one after the other, with progress."""
    with (
        ThreadPoolExecutor(AT_ONCE) as pool,
        progress_bar(len(shards), f"{name}: read all but pictures", "files") as bar,
    ):
        for table in pool.map(table_of, range(len(shards)), shards):
            yield table
            bar.update()


def table_of(number: int, shard: Shard) -> pa.Table:
    """The columns of a shard that are not of pictures, and where those of items lie."""
    with shard.parquet() as parquet:
        schema = parquet.schema_arrow
        pictures = picture_columns(features_of(schema))
        names = [name for name in schema.names if name not in pictures]
        table = pa.table(parquet.read(names), schema=without(schema, pictures))
        offsets = about_of(parquet.metadata, shard.file, shard.name).offsets
    if offsets is None:
        return table
    if len(offsets.starts) != len(table) or not offsets.fit(shard.file.bytes):
        raise another(shard.name, "one whose pictures lie elsewhere")
    return with_offsets(table, number, offsets)


def without(schema: pa.Schema, columns: list[str]) -> pa.Schema:
    fields = [field for field in schema if field.name not in columns]
    return pa.schema(fields, schema.metadata)


def with_offsets(table: pa.Table, number: int, offsets: Offsets) -> pa.Table:
    """The same with the file, start and length of each row's picture."""
    files = pa.array([number] * len(table), pa.int32())
    columns = {FILE: files, START: offsets.starts, LENGTH: offsets.lengths}
    for name, values in columns.items():
        table = table.append_column(name, pa.array(values))
    return table
