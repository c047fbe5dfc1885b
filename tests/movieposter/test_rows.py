"""Rows of the three tables, written out whole, from the tiny raw folder."""

from pathlib import Path
from typing import Any

import pytest

from movieposter import DOMAIN
from pmg.columns import Row
from pmg.options import Options
from pmg.raw.pictures import EncodedOnDemand
from pmg.raw.scratch import Scratch
from pmg.source import open_source
from tests.movieposter.raw_folder import REMOVED, STYLE_CAPTIONS, edit, repickle, write_raw


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return write_raw(tmp_path / "raw")


def rows(raw: Path, config: str, split: str = "train", **options: Any) -> list[Row]:  # noqa: ANN401 - of Options
    """All rows of a split; pictures as their bytes."""
    source = open_source(DOMAIN, raw, Scratch(raw.parent), Options(**options))
    table = next(table for table in DOMAIN.tables if table.name == config)
    raw_pictures = DOMAIN.pictures(source.raw)
    pictures = EncodedOnDemand(raw_pictures, source.options.image_format)
    entries = table.entries(source.raw, source.options, raw_pictures.found.keys())
    return [table.row(source.raw, entry, pictures) for entry in entries[split]]


def picture(raw: Path, movie_id: int) -> dict[str, Any]:
    items = {row["movie_id"]: row["image"] for row in rows(raw, "movieposter_items")}
    image: dict[str, Any] = items[movie_id]
    return image


def test_a_train_sample(raw: Path) -> None:
    samples = rows(raw, "movieposter")
    assert [row["sample_id"] for row in samples] == ["user-1", "user-2", "user-3", "user-4"]
    assert samples[0] == {
        "sample_id": "user-1",
        "domain": "movieposter",
        "user_id": "1",
        "history_ids": ["29", "3"],
        "history_images": [picture(raw, 29), picture(raw, 3)],
        "history_captions": ["what is seen on 29", "what is seen on 3"],
        "preference_caption": "stars\ngrand",
        "target_id": "1",
        "target_image": picture(raw, 1),
        "target_caption": "what is seen on 1",
        "history_titles": ["Cité des étoiles (1995)", "Empire (1996)"],
        "history_genres": [["Fantasy", "Sci-Fi"], ["Drama"]],
        "history_ratings": [5.0, 4.5],
        "history_timestamps": [964982224, 964981247],
        "history_style_captions": ["stars", "grand"],
        "target_title": "Silent Harbor (1995)",
        "target_genres": ["Adventure", "Drama"],
        "target_style_caption": "misty water, quiet",
    }


def test_ties_keep_the_order_of_the_file(raw: Path) -> None:
    tied = rows(raw, "movieposter")[1]  # movies 2 and 11: the same stars at the same second
    assert (tied["history_ids"], tied["target_id"]) == (["2"], "11")


def test_a_validation_sample(raw: Path) -> None:
    sample = rows(raw, "movieposter", "validation")[0]
    del sample["history_images"], sample["target_image"]
    assert sample == {
        "sample_id": "validation-1",
        "domain": "movieposter",
        "user_id": None,
        "history_ids": ["1", "2", "3"],
        "history_captions": ["what is seen on 1", "what is seen on 2", "what is seen on 3"],
        "preference_caption": "misty water, quiet\ngreen\ngrand",
        "target_id": "11",
        "target_caption": "what is seen on 11",
        "history_titles": ["Silent Harbor (1995)", "Garden, The (1996)", "Empire (1996)"],
        "history_genres": [["Adventure", "Drama"], ["Comedy"], ["Drama"]],
        "history_ratings": [None, None, None],
        "history_timestamps": [None, None, None],
        "history_style_captions": ["misty water, quiet", "green", "grand"],
        "target_title": "11'09\"01 - Winter (2002)",
        "target_genres": ["Drama"],
        "target_style_caption": "snow",
    }


def test_an_item(raw: Path) -> None:
    items = rows(raw, "movieposter_items")
    assert [row["item_id"] for row in items] == [
        "1", "2", "3", "11", "29", "318", "7789", "193609",
    ]  # fmt: skip
    assert items[0].pop("image")["path"] is None
    assert len(items[0].pop("image_sha256")) == 64
    assert items[0] == {
        "item_id": "1",
        "domain": "movieposter",
        "image_width": 4,
        "image_height": 3,
        "image_mode": "RGB",
        "caption": "what is seen on 1",
        "movie_id": 1,
        "title": "Silent Harbor (1995)",
        "genres": ["Adventure", "Drama"],
        "style_caption": "misty water, quiet",
        "target_caption": "what is seen on 1",
        "style_phrases": ["misty water", "quiet"],
        "target_phrases": ["what is seen on 1"],
        "imdb_id": "0114709",
        "tmdb_id": "862",
    }
    assert items[4]["tmdb_id"] is None
    assert items[5]["genres"] == []


def test_an_item_without_anything_is_null_throughout(raw: Path) -> None:
    for name in ("image_data.pkl", "style_captions.pkl", "target_captions.pkl"):
        repickle(raw, name, {193609: REMOVED})
    (raw / "movieposter" / "links.csv").unlink()
    bare = rows(raw, "movieposter_items")[-1]
    assert {name: value for name, value in bare.items() if value is not None} == {
        "item_id": "193609",
        "domain": "movieposter",
        "movie_id": 193609,
        "title": "River (2018)",
        "genres": ["Documentary"],
    }


def test_a_blank_title_is_null_and_empty_genres_are_none(raw: Path) -> None:
    edit(raw, "info.csv", "318,Signal,(no genres listed)", "318, ,|Drama|")
    signal = rows(raw, "movieposter_items")[5]
    assert (signal["title"], signal["genres"]) == (None, ["Drama"])
    assert rows(raw, "movieposter", "validation")[1]["history_titles"][1] is None


def test_an_interaction(raw: Path) -> None:
    repickle(raw, "image_data.pkl", {3: REMOVED, 318: REMOVED})
    interactions = rows(raw, "movieposter_interactions")
    assert len(interactions) == 14
    assert interactions[:2] == [
        {
            "user_id": "1",
            "item_id": "1",
            "rating": 4.0,
            "timestamp": 964982703,
            "has_image": True,
        },
        {
            "user_id": "1",
            "item_id": "3",
            "rating": 4.5,
            "timestamp": 964981247,
            "has_image": False,
        },
    ]


def test_movies_without_a_poster_are_in_no_sample(raw: Path) -> None:
    repickle(raw, "image_data.pkl", {29: REMOVED})
    samples = rows(raw, "movieposter")
    assert (samples[0]["history_ids"], samples[0]["target_id"]) == (["3"], "1")
    assert [row["sample_id"] for row in rows(raw, "movieposter", "validation")] == ["validation-1"]


def test_a_longer_history_where_asked_for(raw: Path) -> None:
    assert [len(row["history_ids"]) for row in rows(raw, "movieposter")] == [2, 1, 2, 2]
    assert [len(row["history_ids"]) for row in rows(raw, "movieposter", history=1)] == [1] * 4


def test_style_captions_of_users(raw: Path) -> None:
    whole = {1: ["long roads ", ""], 2: "rain", 3: "  "}
    repickle(raw, "style_captions.pkl", whole | {key: REMOVED for key in STYLE_CAPTIONS if key > 3})
    first, second, third, fourth = rows(raw, "movieposter", style_key="user")
    assert first["preference_caption"] == "long roads"
    assert second["preference_caption"] == "rain"
    assert third["preference_caption"] == "what is seen on 1\nwhat is seen on 2"
    assert fourth["preference_caption"] == "what is seen on 11\nwhat is seen on 29"
    assert first["history_style_captions"] == [None, None]
    assert first["target_style_caption"] is None
    assert {row["style_caption"] for row in rows(raw, "movieposter_items", style_key="user")} == {
        None
    }
