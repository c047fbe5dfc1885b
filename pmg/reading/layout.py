"""Layout: which columns a joined sample has, and where each comes from."""

import json
from typing import NamedTuple

import pyarrow as pa
from datasets import Features, List, Value

from pmg.columns import SAMPLE_COLUMNS, ids_of_pictures, picture_columns

IDS = HISTORY, TARGET, CANDIDATES = "history_ids", "target_id", "candidate_ids"
SHOWN = (HISTORY, TARGET)  # ids of items that must have a picture
CAPTIONS = ("history_captions", "history_style_captions", "target_caption")  # where items have any
ROLES = ("history_", "target_")  # begin columns of samples; of items, such a one tells of one role
FEATURES = b"huggingface"  # in the metadata of a schema, where `datasets` tells them
NOT_JOINED = ("item_id", "domain", "image_width", "image_height", "image_mode", "image_sha256")


class Layout(NamedTuple):
    """The columns of joined samples."""

    features: Features  # in their order
    own: list[str]  # that the samples have themselves, and that are no ids of items
    ids: list[str]  # of items
    pictures: dict[str, str]  # by column: whose they are, a column of ids
    described: dict[str, tuple[str, str]]  # by column: whose, and which column of the items
    of_ids: bool  # whether the samples are ids alone, which all else is joined to


def layout_of(samples: Features, items: Features) -> Layout:
    """The layout of samples with these features.

    Samples that come with pictures keep their columns, and just those. Samples of ids have the
    shared ones, then their own, then every other column of the items: `title` as
    `history_titles` and `target_title`.
    """
    if pictures := picture_columns(samples):
        shown = {name: ids_of_pictures(name, samples) for name in pictures}
        ids = [name for name in samples if name in shown.values()]
        own = [name for name in samples if name not in shown and name not in ids]
        return Layout(samples, own, ids, shown, {}, of_ids=False)
    ids = [name for name in IDS if name in samples]
    joined = joined_columns(items)
    shared = Features(SAMPLE_COLUMNS)
    described = {name: each for name, each in joined.items() if name not in samples}
    own = [name for name in samples if name not in ids]
    leaves = {
        name: items[column] if whose == TARGET else List(items[column])
        for name, (whose, column) in described.items()
    }
    shown = {"history_images": HISTORY, "target_image": TARGET}
    untold = {name for name in CAPTIONS if name not in described and name not in samples}
    features = Features(
        {name: kind for name, kind in {**shared, **samples, **leaves, **text_ids(ids)}.items()
         if name not in untold}
    )  # fmt: skip
    return Layout(features, own, ids, shown, described, of_ids=True)


def joined_columns(items: Features) -> dict[str, tuple[str, str]]:
    """Columns of items as samples have them, with whose and which they are."""
    left_out = {*NOT_JOINED, *picture_columns(items)}
    columns = [name for name in items if name not in left_out and not name.startswith(ROLES)]
    history = {f"history_{plural(name)}": (HISTORY, name) for name in columns}
    target = {f"target_{name}": (TARGET, name) for name in columns}
    return {**history, **target}


def plural(name: str) -> str:
    return name if name.endswith("s") else f"{name}s"


def text_ids(ids: list[str]) -> Features:
    """Ids of items are strings, whatever they were given as."""
    return Features(
        {name: Value("string") if name == TARGET else List(Value("string")) for name in ids}
    )


def features_of(schema: pa.Schema) -> Features:
    """The features of a table, those of its pictures too, that a schema of some columns tells.

    Raises:
        LookupError, TypeError: it tells none.
    """
    try:
        told = json.loads(schema.metadata[FEATURES])["info"]["features"]
        return Features.from_dict(told)
    except (ValueError, AttributeError) as error:
        raise LookupError(FEATURES) from error
