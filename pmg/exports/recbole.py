"""Recbole: interactions, items and users as atomic files, the samples as benchmark splits.

`NAME.train.inter`, `NAME.valid.inter` and `NAME.test.inter` hold a sample a line, as RecBole's
sequential models take them, and `NAME.yaml` the settings to load them by. Whoever takes columns by
their places, as cornac does, finds user, item and rating first in every `.inter`.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml
from datasets import Features

from pmg.classes import class_names, named
from pmg.coverage import ITEMS
from pmg.exports.atomic import header_of, in_one, separator_of, write_table
from pmg.exports.exported import Exported, joined_splits, shelf_of
from pmg.offsets import PICTURE
from pmg.protocols.events import log_of
from pmg.protocols.interactions import Interactions, interactions_of
from pmg.reading.layout import HISTORY, NOT_JOINED, TARGET
from pmg.reading.rows import Joined
from pmg.reading.shelves import Shelf
from pmg.reading.sources import Source
from pmg.reading.tables import tables

SPLITS = {"validation": "valid"}  # where RecBole has another name
SAMPLE = ("user_id:token", "item_id:token", "label:float", "item_id_list:token_seq")
LIKED = 1.0  # what stands for a rating where there is none: it was met
LEFT_OUT = {*NOT_JOINED, PICTURE} - {"item_id"}  # of the items


def write(source: Source, name: str, folder: Path) -> Exported:
    """Write a config of samples, with the interactions and items of its domain.

    Raises:
        BadData: every separator is in some id, so that no sequence can be told.
    """
    joined = joined_splits(source, name)
    shelf, events = shelf_of(joined), events_of(source, source.manifest.configs[name].domain)
    start = folder / name / name
    start.parent.mkdir()
    separator = write_items(start.with_suffix(".item"), shelf)
    settings = write_interactions(start.with_suffix(".inter"), events)
    ids = shelf.ids.to_pylist()
    rows = {}
    for split, each in joined.items():
        if any(user_id is not None for user_id in users_of(each)):
            path = start.with_suffix(f".{SPLITS.get(split, split)}.inter")
            rows[split] = write_table(path, SAMPLE, sample_lines(each, ids, separator))
    write_users(start.with_suffix(".user"), events, joined, separator)
    settings["seq_separator"] = separator
    settings["benchmark_filename"] = [SPLITS.get(split, split) for split in rows]
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(settings, sort_keys=True), "utf-8")
    lacking = {split: len(each.rows) - rows.get(split, 0) for split, each in joined.items()}
    return Exported(
        rows,
        [f"{count:,} samples of {split} are left out, as they are of no user"
         for split, count in lacking.items() if count],
    )  # fmt: skip


def events_of(source: Source, domain: str) -> Interactions:
    """Who met which item, sorted by user and time."""
    built = source.manifest.domains[domain]
    whole = {
        config.folder: pa.concat_tables(tables(name, [source.shard(file) for file in config.files]))
        for name, config in built.configs.items()
        if config.folder in (built.events.folder, ITEMS)
    }

    def read(folder: str, wanted: Sequence[str]) -> pa.Table:
        return whole[folder].select([*wanted])

    names = whole[built.events.folder].column_names
    return interactions_of(log_of(read, names, built.events).interactions)


def write_interactions(path: Path, events: Interactions) -> dict[str, Any]:
    """Write who met what, when; answers with the settings to load it by."""
    users = events.user_ids.take(pa.array(events.users)).to_pylist()
    items = events.item_ids.take(pa.array(events.items)).to_pylist()
    rated, timed = events.ratings is not None, events.times is not None
    liked = events.ratings.tolist() if events.ratings is not None else [LIKED] * len(users)
    when = (events.times if events.times is not None else events.ranks()).tolist()
    liked_name, when_name = "rating" if rated else "label", "timestamp" if timed else "order"
    header = ("user_id:token", "item_id:token", f"{liked_name}:float", f"{when_name}:float")
    write_table(path, header, zip(users, items, liked, when, strict=True))
    return {
        "USER_ID_FIELD": "user_id",
        "ITEM_ID_FIELD": "item_id",
        "TIME_FIELD": when_name,
        "RATING_FIELD" if rated else "LABEL_FIELD": liked_name,
        "alias_of_item_id": ["item_id_list"],
    }


def write_items(path: Path, shelf: Shelf) -> str:
    """Write what is known of items; answers with what stands between the values of a list."""
    columns = [name for name in shelf.features if name not in LEFT_OUT]
    features = Features({name: shelf.features[name] for name in columns})
    classes = class_names(features)
    rows = [named(shelf.row(place, columns), classes) for place in range(len(shelf.ids))]
    lists = [value for row in rows for value in row.values() if isinstance(value, list)]
    values = (str(each) for own in lists for each in own)
    separator = separator_of((*shelf.ids.to_pylist(), *values), shelf.name)
    lines = ([in_one(value, separator) for value in row.values()] for row in rows)
    write_table(path, header_of(features), lines)
    return separator


def sample_lines(joined: Joined, ids: Sequence[str], separator: str) -> Iterator[tuple[Any, ...]]:
    """A sample a line, but for those of no user."""
    for batch in joined.rows.table.to_batches():
        columns = (batch.column(name).to_pylist() for name in ("user_id", TARGET, HISTORY))
        for user_id, target, history in zip(*columns, strict=True):
            if user_id is not None:
                past = separator.join(ids[place] for place in history)
                yield user_id, ids[target], LIKED, past


def users_of(joined: Joined) -> list[str | None]:
    """Whose the samples are, each once."""
    users: list[str | None] = joined.rows.table["user_id"].unique().to_pylist()
    return users


def write_users(
    path: Path, events: Interactions, joined: Mapping[str, Joined], separator: str
) -> None:
    """Write all users, each with the splits that have samples of them."""
    splits: dict[str, list[str]] = {user_id: [] for user_id in events.user_ids.to_pylist()}
    for split, each in joined.items():
        for user_id in users_of(each):
            if user_id is not None:
                splits.setdefault(user_id, []).append(SPLITS.get(split, split))
    lines = ((user_id, separator.join(own)) for user_id, own in splits.items())
    write_table(path, ("user_id:token", "split:token_seq"), lines)
