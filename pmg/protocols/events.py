"""Who met which item: the interactions of a domain, of its raw files or of its built tables."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pmg.built_files import read_columns, whole
from pmg.columns import Row
from pmg.coverage import ITEMS
from pmg.domain import EventColumns, Table
from pmg.images import Picture
from pmg.manifest import BuiltDomain
from pmg.options import Options
from pmg.protocols.interactions import coded

ROWS_AT_ONCE = 10_000
OF_EVENTS = ("event", "position", "rating", "timestamp")  # where a domain has them
HAS_PICTURE = "image_sha256"  # null where an item has none


class Log(NamedTuple):
    """The interactions of a domain as protocols take them, and its items."""

    interactions: pa.Table
    items: pa.Table  # item_id, image_sha256, and the category
    category: str  # the column of items that tells it


class PicturesByName:
    """Which items have a picture; nothing else is told of them."""

    def __init__(self, shown: AbstractSet[str]) -> None:
        self._shown = shown

    def __contains__(self, item_id: str) -> bool:
        return item_id in self._shown

    def get(self, item_id: str) -> Picture | None:
        return Picture(None, 0, 0, "", "") if item_id in self._shown else None


def log_of_raw(
    tables: Sequence[Table[Any, Any]],
    columns: EventColumns,
    raw: Any,  # noqa: ANN401 - of any domain
    options: Options,
    shown: AbstractSet[str],
) -> Log:
    """The log of raw files, of which the items in `shown` have a picture."""

    def read(folder: str, wanted: Sequence[str]) -> pa.Table:
        (table,) = (each for each in tables if each.folder == folder)
        entries = table.entries(raw, options, shown)
        pictures = PicturesByName(shown)
        rows = (table.row(raw, entry, pictures) for part in entries.values() for entry in part)
        return arrow_of(rows, pa.schema([table.features.arrow_schema.field(n) for n in wanted]))

    (events,) = (each for each in tables if each.folder == columns.folder)
    return log_of(read, list(events.features), columns)


def log_of_built(out: Path, domain: BuiltDomain) -> Log:
    """The log of a domain that was built into `out`; nothing but ids and the like is read.

    Raises:
        BadData: its files are damaged.
    """
    configs = {config.folder: config for config in domain.configs.values()}

    def read(folder: str, wanted: Sequence[str]) -> pa.Table:
        return read_columns(out, configs[folder].files, wanted)

    events = out / configs[domain.events.folder].files[0].path
    with whole(events):
        log = log_of(read, pq.read_schema(events).names, domain.events)
        coded(log.items["item_id"])  # or there are items without an id
        return log


def by_number(table: pa.Table) -> pa.Table:
    """The same with a number for each text: where texts repeat, it takes a tenth of the memory."""
    texts = [name for name in table.column_names if pa.types.is_string(table[name].type)]
    for name in texts:
        place = table.column_names.index(name)
        table = table.set_column(place, name, table[name].dictionary_encode())
    return table


def log_of(
    read: Callable[[str, Sequence[str]], pa.Table], names: Sequence[str], columns: EventColumns
) -> Log:
    """The log that `read` reads columns of, from the table of a folder; `names` has the events'."""
    of_events = [name for name in OF_EVENTS if name in names]
    told = "has_image" if "has_image" in names else HAS_PICTURE
    events = read(columns.folder, [columns.user, "item_id", *of_events, told])
    shown = events[told] if told == "has_image" else pc.is_valid(events[told])
    interactions = pa.table(
        {
            "user_id": events[columns.user],
            **{name: events[name] for name in ("item_id", *of_events)},
            "has_image": shown,
        }
    )
    items = read(ITEMS, ["item_id", HAS_PICTURE, columns.category])
    return Log(interactions, items, columns.category)


def arrow_of(rows: Iterator[Row], schema: pa.Schema) -> pa.Table:
    """Those columns of the rows that the schema has."""
    parts = [by_number(schema.empty_table())]
    while part := list(islice(rows, ROWS_AT_ONCE)):
        arrays = [pa.array([row[each.name] for row in part], each.type) for each in schema]
        parts.append(by_number(pa.table(arrays, schema=schema)))
    return pa.concat_tables(parts).unify_dictionaries()
