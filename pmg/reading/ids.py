"""Samples by their ids, of a built set or of somebody's own table, and the items they name."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from datasets import Dataset, Features, Image, IterableDataset

from pmg.columns import Row, picture_columns
from pmg.coverage import ITEMS
from pmg.offsets import PICTURE
from pmg.problems import BadCall
from pmg.progress import progress_bar
from pmg.protocols.interactions import as_arrow
from pmg.reading.cached import Recipe, cached, digest_of_table
from pmg.reading.items import Items
from pmg.reading.joined import all_in, is_list, joined
from pmg.reading.layout import HISTORY, IDS, SHOWN, TARGET, features_of, layout_of
from pmg.reading.rows import Joined
from pmg.reading.shelves import DatasetShelf, Shelf, require_items
from pmg.reading.sources import Source
from pmg.reading.tables import built_shelf, tables

ROWS_AT_ONCE = 1_000
ID_KINDS = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_integer,
    pa.types.is_null,  # of no rows
)
SPLIT = "split"  # the column of a table that has all of them
Ids: TypeAlias = Any  # a Dataset, an IterableDataset, an Arrow table or a DataFrame
OwnItems: TypeAlias = Items | Dataset | IterableDataset | None


def built_samples(
    source: Source, config: str | None, split: str | None, needed: Sequence[str] = SHOWN
) -> Joined:
    """A split of a built set; items in the columns of ids in `needed` must have a picture.

    Raises as `Samples`.
    """
    name, told = source.config(config)
    if told.terms is None:
        ours = [each for each, config in source.manifest.configs.items() if config.terms]
        raise BadCall(f"Config {name!r}: expected one of samples, {', '.join(ours)}.")
    split = split or (next(iter(told.splits)) if len(told.splits) == 1 else None)
    if split not in told.splits:
        raise BadCall(f"{name}, split {split!r}: expected one of {', '.join(told.splits)}.")
    items = {
        each: config
        for each, config in source.manifest.configs.items()
        if (config.domain, config.folder) == (told.domain, ITEMS)
    }
    ((items_name, items_config),) = items.items()
    shelf = built_shelf(source, items_name, items_config)
    shards = [source.shard(file) for file in told.splits[split]]
    identity = "-".join([name, split, told.digest, items_config.digest, *needed])
    whole = f"{name}, {split}"
    return joined_of(whole, identity, shelf, needed, lambda: tables(name, shards))


def own_samples(source: Ids, split: str | None, items: OwnItems) -> Joined:
    """Somebody's own table. Raises as `Samples`."""
    table = table_of(source)
    if not {HISTORY, TARGET} <= {*table.column_names}:
        found = ", ".join(table.column_names) or "none"
        raise BadCall(f"Samples: expected the columns {HISTORY} and {TARGET}, found {found}.")
    require_ids(table)
    if split is not None:
        table = of_split(table, split)
    shelf = shelf_of(items, table)
    table = table.cast(Features.from_arrow_schema(table.schema).arrow_schema)
    identity = f"samples-{digest_of_table(table)}-{shelf.identity}"
    return joined_of("samples", identity, shelf, SHOWN, lambda: iter([table]))


def joined_of(
    name: str,
    identity: str,
    shelf: Shelf,
    needed: Sequence[str],
    parts: Callable[[], Iterator[pa.Table]],
) -> Joined:
    """The samples of some tables, which tell their features, with items on a shelf."""
    recipe = Recipe(
        identity, f"{name} with their items", lambda: joined(parts(), shelf, name, needed)
    )
    rows = cached(recipe)
    return Joined(name, rows, shelf, layout_of(features_of(rows.table.schema), shelf.features))


def table_of(source: Ids) -> pa.Table:
    """Somebody's samples without pictures, as an Arrow table. Raises BadCall for something else."""
    if isinstance(source, IterableDataset):
        return pa.concat_tables(source.with_format("arrow").iter(ROWS_AT_ONCE))
    if isinstance(source, Dataset):
        pictures = picture_columns(source.features)
        return as_arrow(source, [name for name in source.features if name not in pictures])
    columns = getattr(source, "column_names", getattr(source, "columns", ()))
    return as_arrow(source, [*columns])


def require_ids(table: pa.Table) -> None:
    """Raise BadCall where a column of ids holds something else."""
    for name in IDS:
        if name not in table.column_names:
            continue
        kind, expected = table.schema.field(name).type, "texts or whole numbers"
        if name != TARGET:
            expected = f"lists of {expected}"
            kind = kind.value_type if is_list(kind) else pa.binary()
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        if not any(fits(kind) for fits in ID_KINDS):
            found = table.schema.field(name).type
            raise BadCall(f"Samples: expected {name} as {expected}, found {found}.")


def of_split(table: pa.Table, split: str) -> pa.Table:
    """The rows of one split. Raises BadCall where there are none."""
    if SPLIT not in table.column_names:
        raise BadCall(f"Samples, split {split!r}: expected a column `{SPLIT}`, found none.")
    splits = table[SPLIT].cast(pa.string())
    found = table.filter(pc.equal(splits, split)).drop_columns([SPLIT])
    if not len(found):
        there = ", ".join(map(str, pc.unique(splits).to_pylist()))
        raise BadCall(f"Samples, split {split!r}: expected one of {there}.")
    return found


def shelf_of(items: OwnItems, samples: pa.Table) -> Shelf:
    """The items that somebody's samples name."""
    match items:
        case Items():
            return items.shelf
        case Dataset():
            return DatasetShelf(items)
        case IterableDataset():
            return DatasetShelf(kept(items, named(samples)))
    raise BadCall(
        'Samples: expected the items of one\'s own table, as items=Items("pmg-bench", '
        f'"movieposter_items"), found {type(items).__name__}.'
    )


def named(samples: pa.Table) -> set[str]:
    """All ids of items in samples."""
    columns = [samples[name] for name in IDS if name in samples.column_names]
    return {str(each) for column in columns for each in pc.unique(all_in(column)).to_pylist()}


def kept(stream: IterableDataset, wanted: set[str]) -> Dataset:
    """The wanted items of a stream, on disk; it is read until all of them came."""
    require_items(stream.features or {})
    encoded = stream.cast_column(PICTURE, Image(decode=False))

    def rows() -> Iterator[Row]:
        left = set(wanted)
        with progress_bar(len(wanted), "items of the stream", "items") as bar:
            for row in encoded:
                if row["item_id"] in left:
                    left.remove(row["item_id"])
                    bar.update()
                    yield row
                    if not left:
                        return

    return Dataset.from_generator(rows, features=stream.features)
