"""Rows of fashion, from a folder small enough to be read."""

from pathlib import Path
from typing import Any

import pytest

from pmg.columns import Row
from pmg.options import Options
from pmg.raw.pictures import EncodedOnDemand
from pmg.raw.scratch import Scratch
from pmg.source import Source, open_source
from pmg.splits import share_of
from pog_dataset import DOMAIN
from tests.pog_dataset.raw_folder import (
    CAPTIONS,
    HEADLESS,
    ITEM_IDS,
    PICTURES,
    edit,
    write_archive,
    write_raw,
    write_style_captions,
)


def opened(raw: Path, **options: Any) -> Source:  # noqa: ANN401 - options of any type
    return open_source(DOMAIN, raw, Scratch(raw.parent / "scratch"), Options(**options))


def rows(source: Source, name: str) -> list[Row]:
    raw_pictures = DOMAIN.pictures(source.raw)
    pictures = EncodedOnDemand(raw_pictures, "webp")
    table = next(table for table in DOMAIN.tables if table.name == name)
    entries = table.entries(source.raw, source.options, raw_pictures.found.keys())
    return [table.row(source.raw, entry, pictures) for split in entries.values() for entry in split]


def samples(source: Source) -> dict[str, Row]:
    return {row["user_id"]: row for row in rows(source, "pog_dataset")}


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return write_raw(tmp_path / "raw")


def test_a_sample_is_of_the_last_line_cut_first_then_filtered(raw: Path) -> None:
    found = samples(opened(raw))
    assert found.keys() == {"u1", "u2"}
    assert found["u1"]["history_ids"] == ["d4", "b2"]  # f6 has no picture
    assert found["u1"]["outfit_id"] == "o3"
    assert found["u2"]["history_ids"] == ["b2", "c3", "d4", "e5"]  # a1 is the sixth from the end


def test_the_target_is_drawn_by_hash_of_what_the_outfit_has_left(raw: Path) -> None:
    row = samples(opened(raw))["u1"]
    target = ("a1", "g7")[int(share_of("target", "u1", "o3") * 2)]
    assert row["target_id"] == target
    assert row["outfit_item_ids"] == [each for each in ("f6", "g7", "a1") if each != target]
    assert row["outfit_images"][0] is None
    assert row["outfit_captions"][0] == "what is seen on f6"


def test_dropped_users_are_counted_by_reason(raw: Path) -> None:
    source = opened(raw)
    shown = DOMAIN.pictures(source.raw).found.keys()
    assert DOMAIN.dropped(source.raw, source.options, shown) == {
        "no picture among the last clicks": 1,
        "no outfit chosen after the last clicks": 1,
    }


def test_a_user_whose_outfit_has_nothing_left_is_dropped(raw: Path) -> None:
    edit(raw, "user_data.csv", "d4;f6;b2,o1;o3", "a1;c3;e5,o1")
    source = opened(raw)
    shown = DOMAIN.pictures(source.raw).found.keys()
    assert "u1" not in samples(source)
    assert DOMAIN.dropped(source.raw, source.options, shown)[
        "no picture in the chosen outfit beside the clicked ones"
    ]


def test_both_spellings_say_the_same(raw: Path, tmp_path: Path) -> None:
    headless = opened(write_raw(tmp_path / "other" / "raw", HEADLESS))
    headed = opened(raw)
    for source in (headed, headless):
        item = rows(source, "pog_dataset_items")[0]
        assert (item["title"], item["pic_url"]) == (
            "连衣裙★【新款】,宽松",
            "//img.example.com/a.jpg",
        )
    assert samples(headed) == samples(headless)
    assert rows(headed, "pog_dataset_outfits") == rows(headless, "pog_dataset_outfits")


def test_absent_columns_are_null(raw: Path) -> None:
    edit(raw, "item_data.csv", ITEM_HEADER, "title,cate_id,item_id,x,y")
    path = raw / "pog_dataset" / "item_data.csv"
    lines = path.read_text(encoding="utf-8").splitlines()[2:]
    columns = ["title,cate_id,item_id"]
    columns += [",".join(reversed(line.split(",")[:3])) for line in lines] + ["other,c1,a1"]
    path.write_text("\n".join(columns) + "\n", encoding="utf-8")
    found = rows(opened(raw), "pog_dataset_items")
    assert {row["item_id"] for row in found} == {"a1", "b2", "c3", "d4", "e5", "f6", "g7"}
    assert {row["description"] for row in found} == {row["pic_url"] for row in found} == {None}


def items(source: Source) -> dict[str, Row]:
    return {row["item_id"]: row for row in rows(source, "pog_dataset_items")}


def test_style_captions_stand_beside_captions_and_are_preferred(raw: Path) -> None:
    write_style_captions(raw)
    source = opened(raw)
    liked = {item_id: f"what is liked in {item_id}, calm" for item_id in ITEM_IDS}
    found = items(source)
    assert {item_id: row["style_caption"] for item_id, row in found.items()} == liked
    assert {item_id: row["caption"] for item_id, row in found.items()} == {**CAPTIONS, "g7": None}
    row = samples(source)["u1"]
    assert row["history_ids"] == ["d4", "b2"]
    assert row["history_captions"] == ["what is seen on d4", "what is seen on b2"]
    assert row["history_style_captions"] == [liked["d4"], liked["b2"]]
    assert row["preference_caption"] == f"{liked['d4']}\n{liked['b2']}"
    assert "target_style_caption" not in row


def test_without_style_captions_these_are_null_and_captions_preferred(raw: Path) -> None:
    source = opened(raw)
    assert {row["style_caption"] for row in items(source).values()} == {None}
    row = samples(source)["u1"]
    assert row["history_style_captions"] == [None, None]
    assert row["preference_caption"] == "what is seen on d4\nwhat is seen on b2"


def test_items_without_a_style_caption_have_null(raw: Path) -> None:
    write_style_captions(raw, {"b2": "plain", "c3": [" ", ""]})
    source = opened(raw)
    found = {item_id: row["style_caption"] for item_id, row in items(source).items()}
    assert found == dict.fromkeys(ITEM_IDS) | {"b2": "plain"}
    row = samples(source)["u1"]
    assert row["history_style_captions"] == [None, "plain"]
    assert row["preference_caption"] == "plain"


ITEM_HEADER = "item_id,cate_id,title,desc,pic_url"


def test_pictures_are_the_bytes_of_the_archive_whatever_its_order(raw: Path) -> None:
    found = {row["item_id"]: row for row in rows(opened(raw), "pog_dataset_items")}
    assert {item_id: row["image"] and row["image"]["bytes"] for item_id, row in found.items()} == {
        "f6": None,
        **{Path(name).stem: content for name, content in PICTURES.items()},
    }
    assert [found[item_id]["image_mode"] for item_id in ("a1", "c3", "d4", "e5")] == [
        *("RGB", "P", "L", "RGBA")
    ]
    write_archive(raw, dict(reversed(PICTURES.items())))
    again = {row["item_id"]: row for row in rows(opened(raw), "pog_dataset_items")}
    assert again == found


def test_interactions_are_lines_in_order(raw: Path) -> None:
    found = [row for row in rows(opened(raw), "pog_dataset_interactions") if row["user_id"] == "u1"]
    told = [
        (row["event"], row["position"], row["kind"], row["item_id"] or row["outfit_id"])
        for row in found
    ]
    assert told == [
        (0, 0, "click", "g7"),
        (0, 1, "click", "b2"),
        (0, 0, "outfit", "o1"),
        (1, 0, "click", "d4"),
        (1, 1, "click", "f6"),
        (1, 2, "click", "b2"),
        (1, 0, "outfit", "o1"),
        (1, 1, "outfit", "o3"),
    ]
    assert [row["has_image"] for row in found if row["item_id"] == "f6"] == [False]


def test_further_users_move_nobody(raw: Path) -> None:
    before = samples(opened(raw))
    path = raw / "pog_dataset" / "user_data.csv"
    more = "".join(f"new{number},a1;b2,o1\n" for number in range(50))
    header, _, rest = path.read_text(encoding="utf-8").partition("\n")
    path.write_text(f"{header}\n{more}{rest}", encoding="utf-8")
    table = DOMAIN.tables[0]
    source = opened(raw)
    after = samples(source)
    assert {user: after[user] for user in before} == before
    entries = table.entries(source.raw, source.options, DOMAIN.pictures(source.raw).found.keys())
    assert all(entries.values()), "fifty users fill three splits"
