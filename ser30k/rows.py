"""The tables of stickers: features and rows. Column names live only here."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

import numpy as np
from datasets import Features, List, Value

from pmg.captions import joined
from pmg.columns import (
    ITEM_COLUMNS,
    SAMPLE_COLUMNS,
    Row,
    Shown,
    item_columns,
    sample_columns,
    sample_id,
)
from pmg.domain import Entries, EventColumns, Table
from pmg.histories import windows
from pmg.images import Pictures
from pmg.options import Options
from pmg.protocols.tables import bench_table
from pmg.protocols.terms import Terms
from pmg.raw.pictures import PictureFiles, RawPictures
from pmg.splits import SHARES, split_of
from ser30k.annotations import Annotation
from ser30k.check import Stickers
from ser30k.raw import IMAGES, Sticker

NAME = "ser30k"
LONGEST_HISTORY = 3
TRAIN = "train"

SAMPLE_FEATURES = Features(
    {
        **SAMPLE_COLUMNS,
        "history_topics": List(Value("string")),
        "history_emotions": List(Value("int64")),
        "history_texts": List(Value("string")),
        "target_topic": Value("string"),
        "target_emotion": Value("int64"),
        "target_text": Value("string"),
    }
)

ITEM_FEATURES = Features(
    {
        **ITEM_COLUMNS,
        "topic": Value("string"),
        "file_name": Value("string"),
        "text": Value("string"),
        "emotion": Value("int64"),
        "annotator_1": Value("int64"),
        "annotator_2": Value("int64"),
        "annotator_3": Value("int64"),
        "annotation_split": Value("string"),
    }
)

OF_EMOTIONS = (
    *("history_emotions", "target_emotion", "emotion"),
    *("annotator_1", "annotator_2", "annotator_3"),
)
NO_ANNOTATION = Annotation("", 0, "", "", None, None, (None, None, None), None)


class Sample(NamedTuple):
    """Consecutive stickers of a group, and the one that follows them."""

    sample_id: str
    group: str  # a topic, or an emotion
    history: tuple[str, ...]  # item ids, in the order of the group
    target: str  # item id


def raw_pictures(raw: Stickers) -> RawPictures:
    """The stickers in natural order of topic and file."""
    found = {item_id: item_id for item_id in raw.stickers if item_id in raw.with_picture}
    files = PictureFiles(raw.folder / IMAGES, f"{raw.folder.name}/{IMAGES}")
    return RawPictures(found, lambda item_id: raw.stickers[item_id].size, files.read)


def class_names(raw: Stickers) -> dict[str, Sequence[str]]:
    """The names of emotions, where the annotations tell them."""
    return dict.fromkeys(OF_EMOTIONS, raw.emotions) if raw.emotions else {}


def samples(raw: Stickers, options: Options, shown: AbstractSet[str]) -> Entries[Sample]:
    """Windows over each group's stickers; no topic is in two splits."""
    splits: dict[str, list[Sample]] = {}
    for split in SHARES:
        stickers = [
            sticker
            for item_id, sticker in raw.stickers.items()
            if item_id in shown and split_of(sticker.topic) == split
        ]
        splits[split] = cut(raw, stickers, options, split)
    return splits


def terms(options: Options) -> Terms:
    """An emotion is in every split; a topic is in one, its stickers in their order."""
    by_topic = options.group == "topic"
    windows_told = f"windows of {options.history or LONGEST_HISTORY}, by {options.group}"
    return Terms(windows_told, disjoint=by_topic, before=by_topic)


def cut(raw: Stickers, stickers: Sequence[Sticker], options: Options, split: str) -> list[Sample]:
    """A sample at every place of a group where enough stickers precede one more."""
    grouped = [(group_of(raw, sticker, options), sticker) for sticker in stickers]
    known = [(group, sticker) for group, sticker in grouped if group is not None]
    codes = np.unique(np.array([group for group, _ in known], dtype=object), return_inverse=True)[1]
    histories = windows(codes.astype(np.int64), options.history or LONGEST_HISTORY)
    made: list[Sample] = []
    counts: dict[str, int] = {}
    for index in range(len(histories)):
        group, target = known[histories.target(index)]
        number = counts[group] = counts.get(group, -1) + 1
        history = tuple(known[place][1].item_id for place in histories.history(index))
        made.append(Sample(sample_id(split, group, str(number)), group, history, target.item_id))
    return made


def group_of(raw: Stickers, sticker: Sticker, options: Options) -> str | None:
    """Whose sticker it is: its topic's, or its emotion's, if it has one."""
    if options.group == "topic":
        return sticker.topic
    emotion = raw.annotations.get(sticker.item_id, NO_ANNOTATION).emotion
    if emotion is None:
        return None
    return raw.emotions[emotion - 1] if raw.emotions else str(emotion)


def dropped(raw: Stickers, options: Options, shown: AbstractSet[str]) -> dict[str, int]:
    """Groups without a sample, by reason."""
    groups = {group_of(raw, sticker, options) for sticker in raw.stickers.values()} - {None}
    kept = {each.group for split in samples(raw, options, shown).values() for each in split}
    reason = f"fewer than {(options.history or LONGEST_HISTORY) + 1} stickers with a picture"
    return {reason: len(groups - kept)}


def sample_row(raw: Stickers, sample: Sample, pictures: Pictures) -> Row:
    history = [described(raw, item_id) for item_id in sample.history]
    stickers = [raw.stickers[item_id] for item_id in sample.history]
    annotations = [raw.annotations.get(item_id, NO_ANNOTATION) for item_id in sample.history]
    target = raw.annotations.get(sample.target, NO_ANNOTATION)
    shown = described(raw, sample.target)
    return sample_columns(sample.sample_id, NAME, sample.group, history, shown, pictures) | {
        "history_topics": [sticker.topic for sticker in stickers],
        "history_emotions": [emotion_value(raw, each.emotion) for each in annotations],
        "history_texts": [each.text for each in annotations],
        "target_topic": raw.stickers[sample.target].topic,
        "target_emotion": emotion_value(raw, target.emotion),
        "target_text": target.text,
    }


def items(raw: Stickers, _: Options, _shown: AbstractSet[str]) -> Entries[Sticker]:
    return {TRAIN: list(raw.stickers.values())}


def item_row(raw: Stickers, sticker: Sticker, pictures: Pictures) -> Row:
    annotation = raw.annotations.get(sticker.item_id, NO_ANNOTATION)
    first, second, third = (emotion_value(raw, each) for each in annotation.annotators)
    return item_columns(described(raw, sticker.item_id), NAME, pictures) | {
        "topic": sticker.topic,
        "file_name": sticker.file_name,
        "text": annotation.text,
        "emotion": emotion_value(raw, annotation.emotion),
        "annotator_1": first,
        "annotator_2": second,
        "annotator_3": third,
        "annotation_split": annotation.split,
    }


def emotion_value(raw: Stickers, number: int | None) -> int | None:
    """The class of an emotion, from 0, where they have names; else its number in the file."""
    return number - 1 if raw.emotions and number is not None else number


def described(raw: Stickers, item_id: str) -> Shown:
    seen, liked = (each.get(item_id, ()) for each in (raw.captions, raw.style_captions))
    return Shown(item_id, joined(seen), joined(liked))


EVENTS = EventColumns("items", user="topic", category="emotion")

OWN_TABLES: tuple[Table[Stickers, Any], ...] = (
    Table(
        NAME,
        "samples",
        "a sample: stickers of one group in their order, and the next one, to be generated",
        SAMPLE_FEATURES,
        samples,
        sample_row,
        class_names,
        terms=terms,
    ),
    Table(
        f"{NAME}_items",
        "items",
        "a sticker with its picture, emotion and the text on it",
        ITEM_FEATURES,
        items,
        item_row,
        class_names,
        published="30,739",
        plotted={"emotion": "Stickers by their emotion"},
    ),
)

TABLES = (*OWN_TABLES, bench_table(NAME, OWN_TABLES, EVENTS))
