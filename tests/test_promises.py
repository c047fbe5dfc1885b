"""`verify` holds every table to what it promises, in whatever domain."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pmg.columns import Row
from pmg.manifest import REBUILD
from pmg.options import Options
from pmg.problems import Severity
from pmg.verify import verify
from tests.built import build_all
from tests.edited import edit, rewrite


def errors(out: Path) -> list[str]:
    """The promises that are not kept; every other error names the card or a file."""
    return [
        problem.sentence
        for problem in verify(out)
        if problem.severity is Severity.ERROR
        and problem.file != "README.md"
        and not problem.file.endswith(".parquet")
    ]


def give_away(rows: list[Row]) -> None:
    rows[2]["history_ids"][0] = rows[2]["target_id"]


def give_away_in_outfit(rows: list[Row]) -> None:
    row = next(row for row in rows if row["outfit_item_ids"])
    row["outfit_item_ids"][0] = row["target_id"]
    rows.remove(row)
    rows.insert(0, row)


def drop_title(rows: list[Row]) -> None:
    rows[0]["history_titles"].pop()


def drop_caption_of_outfit(rows: list[Row]) -> None:
    next(row for row in rows if row["outfit_captions"])["outfit_captions"].pop()


def empty_history(rows: list[Row]) -> None:
    for name in [name for name in rows[1] if name.startswith("history_")]:
        rows[1][name] = []


def lose_pictures(rows: list[Row]) -> None:
    rows[0]["history_images"][0] = None
    rows[1]["target_image"] = None


def invent_outfit(rows: list[Row]) -> None:
    rows[0]["outfit_id"] = "nobodys"


def invent_item(rows: list[Row]) -> None:
    rows[0]["item_ids"][0] = "nothing"


def repeat_sample(rows: list[Row]) -> None:
    rows[1]["sample_id"] = rows[0]["sample_id"] = "again"


def repeat_item(rows: list[Row]) -> None:
    rows.append(rows[0])


GIVEN_AWAY = "expected lists without the row's target, found it in rows"
LENGTHS = "expected as many values as in {}, found other numbers"


@pytest.mark.parametrize(
    ("change", "place", "told"),
    [
        (give_away, "ser30k, train, column history_ids", f"{GIVEN_AWAY} 2"),
        (give_away_in_outfit, "pog_dataset, train, column outfit_item_ids", f"{GIVEN_AWAY} 0"),
        (drop_title, "movieposter, train, column history_titles", LENGTHS.format("history_ids")),
        (
            drop_caption_of_outfit,
            "pog_dataset, train, column outfit_captions",
            LENGTHS.format("outfit_item_ids"),
        ),
        (
            empty_history,
            "ser30k, train, column history_ids",
            "expected at least one item in a history, found 1 empty ones",
        ),
        (invent_outfit, "pog_dataset", "expected ids of its outfits, found others: nobodys"),
        (invent_item, "pog_dataset_outfits", "expected ids of its items, found others: nothing"),
        (repeat_sample, "ser30k, column sample_id", "expected each id once, found again: again"),
        (repeat_item, "ser30k_items, column item_id", "expected each id once, found again: {}"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_broken_promise_is_named(
    out: Path, change: Callable[[list[Row]], None], place: str, told: str
) -> None:
    path = edit(out, place.partition(",")[0], change)
    first = pq.read_table(path).slice(0, 1).to_pylist()[0]
    assert errors(out) == [f"{place}: {told.format(first.get('item_id'))}. {REBUILD}."]


def test_missing_pictures_are_named(out: Path) -> None:
    edit(out, "movieposter", lose_pictures)
    expected = "expected a picture of everything shown, found 1 without"
    assert errors(out) == [
        f"movieposter, train, column history_images: {expected}. {REBUILD}.",
        f"movieposter, train, column target_image: {expected}. {REBUILD}.",
    ]


def test_a_user_in_two_splits_is_named(out: Path) -> None:
    users: list[str] = []
    edit(out, "pog_dataset", lambda rows: users.append(rows[0]["user_id"]))
    edit(out, "pog_dataset", lambda rows: rows[0].update(user_id=users[0]), split="test")
    expected = f"expected each user in one split, found in two: {users[0]}"
    assert errors(out) == [f"pog_dataset, column user_id: {expected}. {REBUILD}."]


def test_groups_by_emotion_keep_the_promises(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "pmg-bench"
    build_all(raw, out, Options(group="emotion"))
    assert errors(out) == []


@pytest.mark.parametrize("config", ["movieposter", "ser30k_bench"])
def test_samples_that_do_not_say_how_they_were_cut_are_named(out: Path, config: str) -> None:
    def hide(rows: list[Row]) -> None:
        rows[0]["history_ids"][0] = rows[0]["target_id"]

    edit(out, config, hide)
    manifest = json.loads((out / "manifest.json").read_text())
    configs = manifest["domains"][config.removesuffix("_bench")]["configs"]
    configs[config]["terms"] = None
    (out / "manifest.json").write_text(json.dumps(manifest))
    told = " ".join(errors(out))
    expected = "expected terms of how samples were cut, found none in the manifest"
    assert f"{config}: {expected}. {REBUILD}." in told
    assert f"{config}, train, column history_ids: {GIVEN_AWAY} 0. {REBUILD}." in told


def test_a_lost_column_is_named(out: Path) -> None:
    rewrite(out, "movieposter", lambda table: table.drop_columns(["target_id"]))
    (told,) = errors(out)
    assert told.startswith("movieposter: expected the columns that `build` writes, found others: ")
