"""Samples and items read where they lie: the rows of `load_dataset`, whoever holds the ids."""

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from datasets import Dataset, Image, List, load_dataset
from PIL import Image as Pillow

from pmg.domain import Domain
from pmg.manifest import read_manifest
from pmg_bench import DOMAINS, Items, PMGBench, Samples, windows

CONFIGS = [domain.name for domain in DOMAINS]
SPLITS = ("train", "validation", "test")
Row = dict[str, Any]


def loaded(out: Path, config: str, split: str = "train") -> Dataset:
    return load_dataset(str(out), config, split=split)


@pytest.mark.parametrize("config", CONFIGS)
def test_complete_samples_are_the_rows_of_load_dataset(sharded: Path, config: str) -> None:
    for split, files in read_manifest(sharded).configs[config].splits.items():
        samples, rows = Samples(sharded, config, split), loaded(sharded, config, split)
        assert samples.features == rows.features
        assert [*samples] == [*rows]
        assert len(samples) == sum(file.rows for file in files)


@pytest.mark.parametrize("config", CONFIGS)
def test_items_are_the_rows_of_load_dataset(sharded: Path, config: str) -> None:
    items, rows = Items(sharded, f"{config}_items"), loaded(sharded, f"{config}_items")
    assert len(read_manifest(sharded).configs[f"{config}_items"].files) > 2
    assert items.features == rows.features
    assert [*items] == rows["item_id"][:]
    assert all(items[row["item_id"]] == row for row in rows)
    assert any(row["image"] is None for row in rows) == (config == "pog_dataset")


@pytest.mark.parametrize("domain", DOMAINS, ids=CONFIGS)
def test_samples_of_ids_are_joined_with_their_items(built: Path, domain: Domain[Any]) -> None:
    items = {row["item_id"]: row for row in loaded(built, f"{domain.name}_items")}
    for split in SPLITS:
        ids = loaded(built, f"{domain.name}_bench", split)
        samples = Samples(built, f"{domain.name}_bench", split)
        assert len(samples) == len(ids)
        for sample, row in zip(samples, ids, strict=True):
            history = [items[item_id] for item_id in row["history_ids"]]
            target = items[row["target_id"]]
            assert {name: sample[name] for name in row} == row
            assert sample["history_images"] == [item["image"] for item in history]
            assert sample["target_image"] == target["image"]
            assert sample["history_captions"] == [item["caption"] for item in history]
            styles = [item["style_caption"] for item in history]
            assert sample["history_style_captions"] == styles
            assert sample["target_caption"] == target["caption"]
            assert [*sample] == [*samples.features]


@pytest.mark.parametrize("domain", DOMAINS, ids=CONFIGS)
def test_samples_of_ids_have_what_complete_ones_tell_of_items(
    built: Path, domain: Domain[Any]
) -> None:
    """Cut by the domain's own rule, they are the complete samples, but for what is of no item."""
    rows = loaded(built, domain.name)
    ids = rows.select_columns(["sample_id", "user_id", "history_ids", "target_id"])
    samples = Samples(ids, items=Items(built, f"{domain.name}_items"))
    of_no_item = {"history_ratings", "history_timestamps"}
    shared = [
        name for name in rows.features if not name.startswith("outfit") and name not in of_no_item
    ]
    for sample, row in zip(samples, rows, strict=True):
        assert {name: sample[name] for name in shared} == {name: row[name] for name in shared}
    for name in shared:
        assert samples.features[name] == rows.features[name]


def own_tables(table: pa.Table) -> dict[str, Any]:
    dataset = Dataset(table)
    return {
        "arrow": table,
        "pandas": table.to_pandas(),
        "dataset": dataset,
        "stream": dataset.to_iterable_dataset(),
    }


@pytest.mark.parametrize("held", ["arrow", "pandas", "dataset", "stream"])
def test_own_samples_are_joined_whoever_holds_them(built: Path, held: str) -> None:
    ratings = loaded(built, "movieposter_interactions")
    table = windows(ratings, history=2)
    items = Items(built, "movieposter_items")
    samples = Samples(own_tables(table)[held], split="test", items=items)
    expected = table.filter(pa.compute.equal(table["split"], "test")).to_pylist()
    assert [row["sample_id"] for row in samples] == [row["sample_id"] for row in expected]
    assert [row["history_ids"] for row in samples] == [row["history_ids"] for row in expected]
    assert samples[0]["target_image"] == items[expected[0]["target_id"]]["image"]
    assert samples[0]["user_id"] == expected[0]["user_id"]
    assert "split" not in samples.features


def test_ids_alone_are_enough_and_may_be_numbers(built: Path) -> None:
    first, second, third = list(Items(built, "movieposter_items"))[:3]
    ids = pa.table({"history_ids": [[int(first), int(second)]], "target_id": [int(third)]})
    (row,) = Samples(ids, items=Items(built, "movieposter_items"))
    assert (row["sample_id"], row["user_id"], row["domain"]) == ("0", None, "movieposter")
    assert (row["history_ids"], row["target_id"]) == ([first, second], third)


def test_own_columns_stay(built: Path) -> None:
    first, second = list(Items(built, "movieposter_items"))[:2]
    own = {"history_ids": [[first]], "target_id": [second], "target_title": ["Mine"], "weight": [2]}
    samples = Samples(pa.table(own), items=Items(built, "movieposter_items"))
    assert (samples[0]["target_title"], samples[0]["weight"]) == ("Mine", 2)
    assert samples.features["weight"].dtype == "int64"


@pytest.mark.parametrize("streamed", [False, True], ids=["dataset", "stream"])
@pytest.mark.parametrize("road", ["built", "raw"])
def test_items_may_be_a_dataset_or_a_stream(
    raw: Path, built: Path, road: str, streamed: bool
) -> None:
    ids = loaded(built, "ser30k_bench", "test")
    if road == "built":
        items = load_dataset(str(built), "ser30k_items", split="train", streaming=streamed)
    else:
        builder = PMGBench("ser30k_items", data_dir=raw)
        if not streamed:
            builder.download_and_prepare()
        made = builder.as_streaming_dataset if streamed else builder.as_dataset
        items = made(split="train")
    assert [*Samples(ids, items=items)] == [*Samples(built, "ser30k_bench", "test")]


def test_a_dataset_of_items_is_read_by_id(built: Path) -> None:
    rows = loaded(built, "pog_dataset_items")
    assert dict(Items(rows)) == dict(Items(built, "pog_dataset_items"))
    numbered = rows.select_columns(["image"]).select([0, 1]).add_column("item_id", [7, 8])
    assert [*Items(numbered)] == ["7", "8"]
    assert Items(numbered)["8"]["image"] == rows[1]["image"]
    picked = rows.select([5, 3])
    assert [*Items(picked)] == [rows[5]["item_id"], rows[3]["item_id"]]
    assert Items(picked)[rows[3]["item_id"]] == rows[3]


def test_it_is_a_sequence(built: Path) -> None:
    samples = Samples(built, "movieposter_bench", "test")
    rows = [*samples]
    assert samples[-1] == rows[-1]
    assert samples[np.int64(2)] == rows[2]
    assert samples[1:4] == rows[1:4]
    assert samples.__getitems__([3, 0, -1]) == [rows[3], rows[0], rows[-1]]
    assert repr(samples) == f"Samples(movieposter_bench, test: {len(rows)} of movieposter_items)"
    for beyond in (len(rows), -len(rows) - 1):
        with pytest.raises(IndexError):
            samples[beyond]
    items = Items(built, "movieposter_items")
    assert rows[0]["target_id"] in items
    assert "0" not in items
    with pytest.raises(KeyError, match="movieposter_items: expected the id of an item, found '0'"):
        items["0"]


def test_pictures_come_as_asked_for(built: Path) -> None:
    pil = Samples(built, "ser30k", "test")
    files = Samples(built, "ser30k", "test", decode=False)
    arrays = Samples(built, "ser30k", "test", format="numpy")
    for image, file, array in zip(pil, files, arrays, strict=True):
        assert file["target_image"]["path"] is None
        width, height = image["target_image"].size
        with Pillow.open(io.BytesIO(file["target_image"]["bytes"])) as opened:
            assert opened.size == (width, height)
        assert array["target_image"].shape == (height, width, 3)
        assert array["target_image"].dtype == np.uint8
        opaque = not image["target_image"].has_transparency_data
        if opaque:
            assert (array["target_image"] == np.array(image["target_image"].convert("RGB"))).all()
    assert files.features["target_image"] == Image()
    assert files.features["history_images"] == List(Image())


def test_what_is_transparent_lies_on_white() -> None:
    clear = Pillow.new("RGBA", (2, 1), (255, 0, 0, 0))
    clear.putpixel((1, 0), (0, 0, 255, 255))
    file = io.BytesIO()
    clear.save(file, "PNG")
    rows = {"item_id": ["a", "b"], "domain": ["d", "d"], "caption": [None, "blue"]}
    images = [{"bytes": file.getvalue(), "path": None}] * 2
    items = Dataset.from_dict({**rows, "image": images}).cast_column("image", Image())
    ids = pa.table({"history_ids": [["a"]], "target_id": ["b"]})
    (row,) = Samples(ids, items=items, format="numpy")
    assert row["target_image"].tolist() == [[[255, 255, 255], [0, 0, 255]]]


def test_to_hand_it_to_a_process_is_to_tell_where_it_is(built: Path) -> None:
    samples = Samples(built, "pog_dataset_bench", "train")
    told = pickle.dumps(samples)
    assert len(told) < 20_000 < sum(sizes(built))
    assert pickle.loads(told)[3] == samples[3]


def sizes(out: Path) -> list[int]:
    return [file.bytes for file in read_manifest(out).configs["pog_dataset_items"].files]


def test_items_need_no_more_than_an_id_and_a_picture(built: Path) -> None:
    rows = loaded(built, "ser30k_items").select_columns(["item_id", "image"])
    first, second = rows["item_id"][:2]
    ids = pa.table({"history_ids": [[first]], "target_id": [second]})
    (row,) = Samples(ids, items=rows)
    assert [*row] == [
        "sample_id", "domain", "user_id", "history_ids", "history_images", "preference_caption",
        "target_id", "target_image",
    ]  # fmt: skip
    assert row["target_image"] == rows[1]["image"]
    assert (row["domain"], row["preference_caption"]) == (None, None)


def test_style_captions_of_items_are_joined_and_preferred(built: Path) -> None:
    rows = loaded(built, "pog_dataset_items").filter(lambda row: row["image"] is not None)
    first, second, third = rows["item_id"][:3]
    liked = {first: "calm", third: "bold"}
    items = rows.map(lambda row: {"style_caption": liked.get(row["item_id"])})
    ids = pa.table({"history_ids": [[first, second], [second]], "target_id": [third, first]})
    told, untold = Samples(ids, items=items)
    assert told["history_style_captions"] == ["calm", None]
    assert (told["preference_caption"], told["target_style_caption"]) == ("calm", "bold")
    assert untold["history_style_captions"] == [None]
    assert untold["preference_caption"] == untold["history_captions"][0]


def test_slices_and_shuffled_tables_are_read_in_their_order(built: Path) -> None:
    table = windows(loaded(built, "movieposter_interactions"), history=2)
    items = Items(built, "movieposter_items")
    whole = [row["sample_id"] for row in Samples(table, items=items, decode=False)]
    parts = pa.concat_tables([table.slice(30, 5), table.slice(3, 4)])
    shuffled = Dataset(table).shuffle(seed=5)
    for own, expected in ((parts, whole[30:35] + whole[3:7]), (shuffled, shuffled["sample_id"][:])):
        rows = [*Samples(own, items=items, decode=False)]
        assert [row["sample_id"] for row in rows] == expected
        for row, ids in zip(rows, own.to_pylist() if own is parts else own, strict=True):
            assert (row["history_ids"], row["target_id"]) == (ids["history_ids"], ids["target_id"])
            expected_image = items[ids["target_id"]]["image"]
            with Pillow.open(io.BytesIO(row["target_image"]["bytes"])) as opened:
                assert opened.tobytes() == expected_image.tobytes()
