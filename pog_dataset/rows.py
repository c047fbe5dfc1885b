"""The tables of fashion: features and rows. Column names live only here."""

from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any, NamedTuple

from datasets import Features, Image, List, Value

from pmg.captions import joined
from pmg.columns import (
    ITEM_COLUMNS,
    SAMPLE_COLUMNS,
    Row,
    Shown,
    image_value,
    item_columns,
    sample_columns,
    sample_id,
)
from pmg.domain import Entries, EventColumns, Table
from pmg.histories import last_clicks
from pmg.images import Pictures
from pmg.options import Options
from pmg.protocols.tables import bench_table
from pmg.protocols.terms import Terms
from pmg.raw.pictures import RawPictures
from pmg.splits import SHARES, share_of, split_of
from pog_dataset.check import Fashion
from pog_dataset.events import Event, Events
from pog_dataset.raw import Outfit, UserLine

NAME = "pog_dataset"
LONGEST_HISTORY = 5  # of the PMG paper
TRAIN = "train"
CLICK, CHOICE = "click", "outfit"

SAMPLE_FEATURES = Features(
    {
        **SAMPLE_COLUMNS,
        "history_titles": List(Value("string")),
        "history_cate_ids": List(Value("string")),
        "target_title": Value("string"),
        "target_cate_id": Value("string"),
        "outfit_id": Value("string"),
        "outfit_item_ids": List(Value("string")),
        "outfit_images": List(Image()),
        "outfit_captions": List(Value("string")),
    }
)

ITEM_FEATURES = Features(
    {
        **ITEM_COLUMNS,
        "title": Value("string"),
        "description": Value("string"),
        "cate_id": Value("string"),
        "pic_url": Value("string"),
    }
)

OUTFIT_FEATURES = Features({"outfit_id": Value("string"), "item_ids": List(Value("string"))})

INTERACTION_FEATURES = Features(
    {
        "user_id": Value("string"),
        "event": Value("int32"),
        "position": Value("int32"),
        "kind": Value("string"),
        "item_id": Value("string"),
        "outfit_id": Value("string"),
        "has_image": Value("bool"),
    }
)


class Sample(NamedTuple):
    """The last clicks of a user, and an item of the outfit that the user then chose."""

    user_id: str
    history: tuple[str, ...]  # item ids, oldest first
    outfit_id: str
    target: str  # item id


def raw_pictures(raw: Fashion) -> RawPictures:
    """The pictures in the order of the items."""
    seen = partial(raw.spool.seen, raw.pictures)
    return RawPictures(raw.pictures, raw.spool.length, raw.spool.read, seen)


def samples(raw: Fashion, options: Options, shown: AbstractSet[str]) -> Entries[Sample]:
    """At most one sample a user, by first appearance; no user is in two splits."""
    splits: dict[str, list[Sample]] = {split: [] for split in SHARES}
    for outcome in outcomes(raw, options, shown):
        if isinstance(outcome, Sample):
            splits[split_of(outcome.user_id)].append(outcome)
    return splits


def terms(options: Options) -> Terms:
    """The target is of an outfit, which has no place among the clicks."""
    longest = options.history or LONGEST_HISTORY
    return Terms(f"the paper's rule, histories of up to {longest}", disjoint=True, before=None)


def dropped(raw: Fashion, options: Options, shown: AbstractSet[str]) -> dict[str, int]:
    """Users without a sample, by reason."""
    reasons: dict[str, int] = {}
    for outcome in outcomes(raw, options, shown):
        if isinstance(outcome, str):
            reasons[outcome] = reasons.get(outcome, 0) + 1
    return reasons


def outcomes(raw: Fashion, options: Options, shown: AbstractSet[str]) -> list[Sample | str]:
    """Each user's sample, or why there is none, by first appearance of the user.

    The rule of PMG (Shen et al., WWW 2024): of the last clicks before the user's last choice
    those with a picture, and an item with a picture of the outfit chosen.
    """
    lines = {line.user_id: line for line in raw.users}.values()
    shown = frozenset(shown)  # it is asked for every click
    longest = options.history or LONGEST_HISTORY
    histories = last_clicks((line.clicks for line in lines), shown, longest)
    return [
        outcome(line, history, raw, shown) for line, history in zip(lines, histories, strict=True)
    ]


def outcome(
    line: UserLine, history: tuple[str, ...], raw: Fashion, shown: AbstractSet[str]
) -> Sample | str:
    """The sample of a user's last line, or why there is none."""
    if not history:
        return "no picture among the last clicks"
    if not line.outfits:
        return "no outfit chosen after the last clicks"
    outfit_id = line.outfits[-1]
    left = [
        item_id
        for item_id in raw.outfits[outfit_id].item_ids
        if item_id in shown and item_id not in history
    ]
    if not left:
        return "no picture in the chosen outfit beside the clicked ones"
    left.sort()  # the draw is of ids, in whatever order they are written
    target = left[int(share_of("target", line.user_id, outfit_id) * len(left))]
    return Sample(line.user_id, history, outfit_id, target)


def sample_row(raw: Fashion, sample: Sample, pictures: Pictures) -> Row:
    rest = [
        item_id for item_id in raw.outfits[sample.outfit_id].item_ids if item_id != sample.target
    ]
    history = [described(raw, item_id) for item_id in sample.history]
    items, target = [raw.items[item_id] for item_id in sample.history], raw.items[sample.target]
    own_id, shown = sample_id("user", sample.user_id), described(raw, sample.target)
    return sample_columns(own_id, NAME, sample.user_id, history, shown, pictures) | {
        "history_titles": [item.title for item in items],
        "history_cate_ids": [item.cate_id for item in items],
        "target_title": target.title,
        "target_cate_id": target.cate_id,
        "outfit_id": sample.outfit_id,
        "outfit_item_ids": rest,
        "outfit_images": [image_value(pictures.get(item_id)) for item_id in rest],
        "outfit_captions": [described(raw, item_id).caption for item_id in rest],
    }


def items(raw: Fashion, _: Options, _shown: AbstractSet[str]) -> Entries[str]:
    return {TRAIN: list(raw.items)}


def item_row(raw: Fashion, item_id: str, pictures: Pictures) -> Row:
    item = raw.items[item_id]
    return item_columns(described(raw, item_id), NAME, pictures) | {
        "title": item.title,
        "description": item.description,
        "cate_id": item.cate_id,
        "pic_url": item.pic_url,
    }


def outfits(raw: Fashion, _: Options, _shown: AbstractSet[str]) -> Entries[Outfit]:
    return {TRAIN: list(raw.outfits.values())}


def outfit_row(_: Fashion, outfit: Outfit, _pictures: Pictures) -> Row:
    return {"outfit_id": outfit.outfit_id, "item_ids": list(outfit.item_ids)}


def interactions(raw: Fashion, _: Options, _shown: AbstractSet[str]) -> Entries[Event]:
    return {TRAIN: Events(raw.users)}


def interaction_row(raw: Fashion, event: Event, pictures: Pictures) -> Row:
    seen = raw.outfits[event.outfit_id].item_ids if event.outfit_id else (event.item_id,)
    return {
        "user_id": event.user_id,
        "event": event.event,
        "position": event.position,
        "kind": CHOICE if event.outfit_id else CLICK,
        "item_id": event.item_id,
        "outfit_id": event.outfit_id,
        "has_image": any(item_id in pictures for item_id in seen if item_id),
    }


def described(raw: Fashion, item_id: str) -> Shown:
    seen, liked = (each.get(item_id, ()) for each in (raw.captions, raw.style_captions))
    return Shown(item_id, joined(seen), joined(liked))


EVENTS = EventColumns("interactions", user="user_id", category="cate_id")

OWN_TABLES: tuple[Table[Fashion, Any], ...] = (
    Table(
        NAME,
        "samples",
        "a sample: the items a user clicked last, and one to generate for the outfit chosen then",
        SAMPLE_FEATURES,
        samples,
        sample_row,
        terms=terms,
    ),
    Table(
        f"{NAME}_items",
        "items",
        "an item with its picture",
        ITEM_FEATURES,
        items,
        item_row,
        published="about 150,000",
    ),
    Table(
        f"{NAME}_outfits",
        "outfits",
        "an outfit: items that go together",
        OUTFIT_FEATURES,
        outfits,
        outfit_row,
        plotted={"item_ids": "Outfits by the items in them"},
    ),
    Table(
        f"{NAME}_interactions",
        "interactions",
        "a click on an item, or the choice of an outfit",
        INTERACTION_FEATURES,
        interactions,
        interaction_row,
        published="about 800,000",
    ),
)

TABLES = (*OWN_TABLES, bench_table(NAME, OWN_TABLES, EVENTS))
