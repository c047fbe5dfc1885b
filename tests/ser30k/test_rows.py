"""Rows of stickers, from a folder small enough to be read."""

from pathlib import Path
from typing import Any

import pytest
from datasets import ClassLabel, Value

from pmg.columns import Row
from pmg.options import Options
from pmg.raw.pictures import EncodedOnDemand
from pmg.raw.scratch import Scratch
from pmg.source import Source, open_source
from pmg.splits import split_of
from ser30k import DOMAIN
from tests.ser30k.raw_folder import (
    CAPTIONS,
    CAT,
    EMOTIONS,
    ITEM_IDS,
    PANDA,
    SPLIT_OF,
    write_annotations,
    write_raw,
    write_style_captions,
)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return write_raw(tmp_path / "raw")


def opened(raw: Path, **options: Any) -> Source:  # noqa: ANN401 - options of any type
    return open_source(DOMAIN, raw, Scratch(raw.parent / "scratch"), Options(**options))


def by_split(source: Source, name: str) -> dict[str, list[Row]]:
    raw_pictures = DOMAIN.pictures(source.raw)
    pictures = EncodedOnDemand(raw_pictures, "webp")
    table = next(table for table in DOMAIN.tables if table.name == name)
    entries = table.entries(source.raw, source.options, raw_pictures.found.keys())
    return {
        split: [table.row(source.raw, entry, pictures) for entry in rows]
        for split, rows in entries.items()
    }


def test_samples_are_windows_of_a_topic_in_natural_order(raw: Path) -> None:
    found = by_split(opened(raw), "ser30k")
    rows = found.pop(split_of(PANDA))
    assert not any(found.values()), "three cats make no window"
    panda = ITEM_IDS[:5]
    assert [row["history_ids"] for row in rows] == [list(panda[:3]), list(panda[1:4])]
    assert [row["target_id"] for row in rows] == [panda[3], panda[4]]
    assert {row["user_id"] for row in rows} == {PANDA}
    assert rows[0]["history_emotions"] == [0, 1, 2]
    assert rows[0]["history_texts"] == ["HELLO", None, None]


def test_groups_too_small_are_counted(raw: Path) -> None:
    source = opened(raw)
    shown = DOMAIN.pictures(source.raw).found.keys()
    dropped = DOMAIN.dropped(source.raw, source.options, shown)
    assert dropped == {"fewer than 4 stickers with a picture": 1}


def test_a_group_may_be_an_emotion_and_topics_stay_in_one_split(raw: Path) -> None:
    for item_id in ITEM_IDS:
        topic, name = item_id.split("/")
        copy = raw / "ser30k" / "images" / f"{topic}-more"
        copy.mkdir(exist_ok=True)
        (copy / name).write_bytes((raw / "ser30k" / "images" / item_id).read_bytes())
    found = by_split(opened(raw, group="emotion", history=1), "ser30k")
    rows = [row for rows in found.values() for row in rows]
    assert all(row["user_id"] in EMOTIONS for row in rows)
    for split, rows in found.items():
        assert {split_of(topic) for row in rows for topic in row["history_topics"]} <= {split}
        for row in rows:
            assert row["history_emotions"] == [row["target_emotion"]]
    ids = [row["sample_id"] for row in rows]
    assert len(set(ids)) == len(ids)


def test_emotions_are_classes_where_categories_name_them(raw: Path) -> None:
    source = opened(raw)
    features = source.features(DOMAIN.tables[1])
    assert features["emotion"] == ClassLabel(names=list(EMOTIONS))
    assert source.features(DOMAIN.tables[0])["history_emotions"].feature == features["emotion"]
    for name, item_ids in {"all_annos": ITEM_IDS, **SPLIT_OF}.items():
        below = "" if name == "all_annos" else "image-level/"
        write_annotations(raw, f"{below}{name}.json", item_ids, None)
    bare = opened(raw)
    assert bare.features(DOMAIN.tables[1])["emotion"] == Value("int64")
    (named,) = by_split(source, "ser30k_items").values()
    (numbered,) = by_split(bare, "ser30k_items").values()
    assert [row["emotion"] + 1 for row in named] == [row["emotion"] for row in numbered]


def test_pictures_are_the_bytes_of_the_files(raw: Path) -> None:
    (rows,) = by_split(opened(raw), "ser30k_items").values()
    assert [row["item_id"] for row in rows] == list(ITEM_IDS)
    for row in rows:
        path = raw / "ser30k" / "images" / row["topic"] / row["file_name"]
        assert row["image"] == {"bytes": path.read_bytes(), "path": None}
    assert rows[0]["annotation_split"] == "train"


def test_style_captions_stand_beside_captions_and_are_preferred(raw: Path) -> None:
    write_style_captions(raw)
    source = opened(raw)
    liked = {item_id: f"what is liked in {item_id}, gentle" for item_id in ITEM_IDS}
    (items,) = by_split(source, "ser30k_items").values()
    assert {row["item_id"]: row["style_caption"] for row in items} == liked
    assert {row["item_id"]: row["caption"] for row in items} == CAPTIONS
    row = by_split(source, "ser30k")[split_of(PANDA)][0]
    assert row["history_captions"] == [CAPTIONS[item_id] for item_id in ITEM_IDS[:3]]
    assert row["history_style_captions"] == [liked[item_id] for item_id in ITEM_IDS[:3]]
    assert row["preference_caption"] == "\n".join(row["history_style_captions"])
    assert "target_style_caption" not in row


def test_without_style_captions_these_are_null_and_captions_preferred(raw: Path) -> None:
    source = opened(raw)
    (items,) = by_split(source, "ser30k_items").values()
    assert {row["style_caption"] for row in items} == {None}
    row = by_split(source, "ser30k")[split_of(PANDA)][0]
    assert row["history_style_captions"] == [None, None, None]
    assert row["preference_caption"] == "\n".join(row["history_captions"])


def test_style_captions_find_their_stickers_under_the_keys_of_captions(raw: Path) -> None:
    write_style_captions(raw, {f"./data/images/{ITEM_IDS[1]}": "gentle", "sticker_3.gif": [" "]})
    source = opened(raw)
    (items,) = by_split(source, "ser30k_items").values()
    found = {row["item_id"]: row["style_caption"] for row in items}
    assert found == dict.fromkeys(ITEM_IDS) | {ITEM_IDS[1]: "gentle"}
    first, second = by_split(source, "ser30k")[split_of(PANDA)]
    assert first["history_style_captions"] == [None, "gentle", None]
    assert first["preference_caption"] == second["preference_caption"] == "gentle"


def test_further_topics_move_none(raw: Path) -> None:
    before = by_split(opened(raw), "ser30k")
    for number in range(40):
        folder = raw / "ser30k" / "images" / f"{number}-more"
        folder.mkdir()
        for name in ("1.jpg", "2.jpg", "3.jpg", "4.jpg"):
            source = raw / "ser30k" / "images" / CAT / "sticker_1.jpg"
            (folder / name).write_bytes(source.read_bytes())
    after = by_split(opened(raw), "ser30k")
    assert all(after.values()), "forty topics fill three splits"
    for split, rows in before.items():
        kept = [row for row in after[split] if row["user_id"] == PANDA]
        # A window's number is of its group, so even the ids stay.
        assert kept == rows
