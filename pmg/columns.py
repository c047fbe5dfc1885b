"""The columns that all domains share, with the same names and types, so that they concatenate."""

import hashlib
import re
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from datasets import Features, Image, List, Value

from pmg.building.row_files import Row as Row  # noqa: PLC0414 - kept where `datasets` is not needed
from pmg.captions import preference
from pmg.images import Picture, Pictures

LONGEST_ID = 100  # characters
SAMPLE_COLUMNS = {
    "sample_id": Value("string"),
    "domain": Value("string"),
    "user_id": Value("string"),
    "history_ids": List(Value("string")),
    "history_images": List(Image()),
    "history_captions": List(Value("string")),
    "history_style_captions": List(Value("string")),
    "preference_caption": Value("string"),
    "target_id": Value("string"),
    "target_image": Image(),
    "target_caption": Value("string"),
}

ITEM_COLUMNS = {
    "item_id": Value("string"),
    "domain": Value("string"),
    "image": Image(),
    "image_width": Value("int32"),
    "image_height": Value("int32"),
    "image_mode": Value("string"),
    "image_sha256": Value("string"),
    "caption": Value("string"),
    "style_caption": Value("string"),
}


class Shown(NamedTuple):
    """An item as a sample shows it."""

    item_id: str
    caption: str | None  # what is seen in it
    style_caption: str | None = None  # what a liker of it likes


def sample_id(*parts: str, room: int = 0) -> str:
    """A sample's id of the parts that make it unique, in letters that are safe in file names.

    Other letters, or too many, become a digest: the same parts give the same id, always. `room`
    is for characters that will be added to it.
    """
    plain = "-".join(parts)
    if len(plain) <= LONGEST_ID - room and re.fullmatch(r"[A-Za-z0-9._-]+", plain):
        return plain
    return f"sha256-{hashlib.sha256(plain.encode()).hexdigest()}"


def image_value(picture: Picture | None) -> dict[str, Any] | None:
    """A picture as `datasets.Image` stores it, if it is not withheld; it never had a path."""
    if picture is None or picture.data is None:
        return None
    return {"bytes": picture.data, "path": None}


def picture_columns(features: Features) -> list[str]:
    """Columns of pictures, or of lists of them."""
    leaves = {name: getattr(kind, "feature", kind) for name, kind in features.items()}
    return [name for name, leaf in leaves.items() if isinstance(leaf, Image)]


def ids_of_pictures(column: str, names: Collection[str]) -> str:
    """The column with the ids of the pictures in `column`, among a table's columns.

    `image` → item_id, `target_image` → target_id, `history_images` → history_ids,
    `outfit_images` → outfit_item_ids.
    """
    begin, _, end = column.rpartition("image")
    plain = f"{begin}id{end}"
    return plain if plain in names else f"{begin}item_id{end}"


def sample_columns(
    sample_id: str,
    domain: str,
    user_id: str | None,
    history: Sequence[Shown],
    target: Shown,
    pictures: Pictures,
    own_preference: str | None = None,
) -> Row:
    """The shared columns of one sample; `own_preference` is the user's own style caption."""
    captions = [item.caption for item in history]
    styles = [item.style_caption for item in history]
    return {
        "sample_id": sample_id,
        "domain": domain,
        "user_id": user_id,
        "history_ids": [item.item_id for item in history],
        "history_images": [image_value(pictures.get(item.item_id)) for item in history],
        "history_captions": captions,
        "history_style_captions": styles,
        "preference_caption": preference(own_preference, styles, captions),
        "target_id": target.item_id,
        "target_image": image_value(pictures.get(target.item_id)),
        "target_caption": target.caption,
    }


def item_columns(item: Shown, domain: str, pictures: Pictures) -> Row:
    """The shared columns of one item; without a picture its columns are null."""
    picture = pictures.get(item.item_id)
    return {
        "item_id": item.item_id,
        "domain": domain,
        "image": image_value(picture),
        "image_width": picture and picture.width,
        "image_height": picture and picture.height,
        "image_mode": picture and picture.mode,
        "image_sha256": picture and picture.sha256,
        "caption": item.caption,
        "style_caption": item.style_caption,
    }
