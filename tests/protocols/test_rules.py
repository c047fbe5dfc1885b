"""Protocols: no target is in its own history, and splits keep their word, whoever interacts."""

import itertools
import json
import random
from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from datasets import Dataset
from hypothesis import given
from hypothesis import strategies as st

from pmg.problems import BadCall
from pmg_bench import bench, leave_last_out, pmg, temporal, windows
from tests.protocols.drawn import Rows, events
from tests.test_real_data import DATA, MOVIELENS

RULES: dict[str, Callable[[Rows], list[dict[str, Any]]]] = {
    "windows": lambda rows: cut(windows, rows, history=2),
    "windows of another seed": lambda rows: cut(windows, rows, history=2, seed=7),
    "windows by sample": lambda rows: cut(windows, rows, history=2, step=2, split="sample"),
    "leave last out": lambda rows: cut(leave_last_out, rows, longest=3),
    "temporal": lambda rows: cut(temporal, rows, at=10, longest=3),
    "temporal in three": lambda rows: cut(temporal, rows, at=(7, 14), longest=3, shortest=2),
    "bench": lambda rows: cut(bench, [row | {"rating": 5.0} for row in rows]),
    "pmg": lambda rows: cut(pmg, rows),
}
BY_TIME = sorted(RULES.keys() - {"pmg"})


def cut(rule: Callable[..., pa.Table], rows: Rows, **options: object) -> list[dict[str, Any]]:
    samples: list[dict[str, Any]] = rule(pa.Table.from_pylist(rows), **options).to_pylist()
    assert samples
    return samples


@pytest.mark.parametrize("name", RULES)
@given(rows=events)
def test_no_target_is_in_its_own_history(name: str, rows: Rows) -> None:
    samples = RULES[name](rows)
    assert all(sample["target_id"] not in sample["history_ids"] for sample in samples)
    assert all(sample["history_ids"] for sample in samples)
    assert len({sample["sample_id"] for sample in samples}) == len(samples)


@pytest.mark.parametrize("name", BY_TIME)
@given(rows=events)
def test_histories_are_what_came_before_in_its_order(name: str, rows: Rows) -> None:
    longest = 2 if "windows" in name else 5 if name == "bench" else 3
    ordered = sorted(rows, key=lambda row: (row["user_id"], row["timestamp"], row["item_id"]))
    items = {
        user: [row["item_id"] for row in own]
        for user, own in itertools.groupby(ordered, key=lambda row: row["user_id"])
    }
    for sample in RULES[name](rows):
        own, place = items[sample["user_id"]], int(sample["sample_id"].rsplit("-", 1)[1])
        assert own[place] == sample["target_id"]
        assert own[max(place - longest, 0) : place] == sample["history_ids"]


@given(rows=events)
def test_the_paper_s_histories_are_what_is_liked_most(rows: Rows) -> None:
    for sample in RULES["pmg"](rows):
        liked = [row for row in rows if row["user_id"] == sample["user_id"] and row["rating"] >= 4]
        liked.sort(key=lambda row: (-row["rating"], -row["timestamp"]))
        *history, target = [row["item_id"] for row in liked[:4]]
        assert (sample["history_ids"], sample["target_id"]) == (history, target)


@pytest.mark.parametrize("name", BY_TIME)
@given(rows=events, seed=st.integers(0, 99))
def test_the_order_of_rows_says_nothing(name: str, rows: Rows, seed: int) -> None:
    shuffled = random.Random(seed).sample(rows, len(rows))  # noqa: S311 - an order, not secrets
    assert RULES[name](shuffled) == RULES[name](rows)


@pytest.mark.parametrize("name", RULES)
@given(rows=events)
def test_another_user_changes_nobody_else_s_samples(name: str, rows: Rows) -> None:
    others = [row | {"user_id": "another"} for row in rows if row["user_id"] == "a"]
    before, after = RULES[name](rows), RULES[name]([*others, *rows])
    assert [sample for sample in after if sample["user_id"] != "another"] == before


@given(rows=events)
def test_splits_keep_their_word(rows: Rows) -> None:
    splits: dict[str, set[str]] = {}
    for name in ("windows", "windows of another seed", "bench"):
        splits.clear()
        for sample in RULES[name](rows):
            splits.setdefault(sample["user_id"], set()).add(sample["split"])
        assert all(len(own) == 1 for own in splits.values())
    times = {(row["user_id"], row["item_id"]): row["timestamp"] for row in rows}
    assume_once = len(times) == len(rows)
    for sample in RULES["temporal"](rows) if assume_once else []:
        late = times[sample["user_id"], sample["target_id"]] >= 10
        assert sample["split"] == ("test" if late else "train")
    held_out = [s["split"] for s in RULES["leave last out"](rows) if s["user_id"] == "a"]
    assert held_out.count("test") <= 1
    assert held_out.count("validation") <= 1


def test_a_core_has_enough_of_everything() -> None:
    rows = [
        {"user_id": user, "item_id": item, "timestamp": 1}
        for user, items in {"a": "123", "b": "123", "c": "123", "d": "14"}.items()
        for item in items
    ]
    samples = windows(pa.Table.from_pylist(rows), history=1, k_core=3)
    assert set(samples["user_id"].to_pylist()) == {"a", "b", "c"}
    (told,) = json.loads(samples.schema.metadata[b"pmg_bench"])["filters"]
    assert told == "3-core: 11 → 9 interactions, 4 → 3 users, 4 → 3 items"


def test_items_without_a_picture_are_passed_over() -> None:
    rows = [
        {"user_id": "a", "item_id": str(item), "timestamp": item, "has_image": item != 2}
        for item in range(4)
    ]
    samples = leave_last_out(pa.Table.from_pylist(rows))
    assert samples["history_ids"].to_pylist() == [["0"], ["0", "1"]]
    (told,) = json.loads(samples.schema.metadata[b"pmg_bench"])["filters"]
    assert told == "with a picture: 4 → 3 interactions, 1 → 1 users, 4 → 3 items"


def test_another_seed_splits_otherwise() -> None:
    rows = [
        {"user_id": str(user), "item_id": item, "timestamp": 1}
        for user in range(50)
        for item in "ab"
    ]
    first, second = (windows(pa.Table.from_pylist(rows), 1, seed=seed) for seed in (0, 1))
    assert first["split"].to_pylist() != second["split"].to_pylist()
    assert first.drop_columns("split") == second.drop_columns("split")


def test_clicks_are_in_the_order_of_their_lines() -> None:
    rows = [
        {"user_id": "a", "item_id": item, "event": event, "position": position}
        for item, event, position in (("x", 1, 0), ("y", 0, 1), ("z", 0, 0), (None, 1, 1))
    ]
    (sample,) = windows(pa.Table.from_pylist(rows), history=2, split="sample").to_pylist()
    assert (sample["history_ids"], sample["target_id"]) == (["z", "y"], "x")


def test_whoever_holds_them_interactions_are_the_same() -> None:
    rows = [{"user_id": 7, "item_id": item, "timestamp": item} for item in (3, 1, 2)]
    table = pa.Table.from_pylist(rows)
    frame = pd.DataFrame(rows)
    expected = leave_last_out(table).to_pylist()
    assert leave_last_out(frame).to_pylist() == expected
    assert leave_last_out(Dataset.from_list(rows)).to_pylist() == expected
    assert [sample["history_ids"] for sample in expected] == [["1"], ["1", "2"]]


ROWS = [{"user_id": "a", "item_id": str(item), "timestamp": item} for item in range(3)]


@pytest.mark.parametrize(
    ("rule", "rows", "options", "sentence"),
    [
        (
            windows,
            ROWS,
            {"history": 3},
            (
                "windows3: expected at least one sample, found none: of 3 interactions, no user"
                " has enough for a history and a target."
            ),
        ),
        (
            windows,
            [row | {"rating": 3.0, "has_image": True} for row in ROWS],
            {"min_rating": 4},
            (
                "Interactions: expected some to make samples of, found none."
                " with a picture: 3 → 3 interactions, 1 → 1 users, 3 → 3 items."
                " rating ≥ 4: 3 → 0 interactions, 1 → 0 users, 3 → 0 items."
            ),
        ),
        (windows, ROWS, {"history": 0}, "history: expected at least 1, found 0."),
        (
            windows,
            [*ROWS, {"user_id": "b", "item_id": "1", "timestamp": 5}],
            {"history": 1, "k_core": 1},
            (
                "split: expected at least 3 users, one for each of train, validation, test, found"
                " 1 with enough interactions for a sample. Split by sample, or bring more users."
            ),
        ),
        (
            bench,
            [row | {"rating": 4.0 if row["item_id"] != "1" else 3.0} for row in ROWS],
            {},
            (
                "split: expected at least 3 users, one for each of train, validation, test, found"
                " 1 with enough interactions for a sample. Split by sample, or bring more users."
                " rating ≥ 4: 3 → 2 interactions, 1 → 1 users, 3 → 2 items."
            ),
        ),
        (
            windows,
            ROWS,
            {"history": 1, "split": "day"},
            "split: expected user or sample, found 'day'.",
        ),
        (
            windows,
            ROWS,
            {"min_rating": 4},
            "min_rating: expected interactions with a rating, found none.",
        ),
        (
            windows,
            [{"user": 1, "item_id": 2}],
            {},
            "Interactions: expected the columns user_id and item_id, found no user_id.",
        ),
        (
            windows,
            [*ROWS, ROWS[0]],
            {},
            (
                "Interactions: expected each of 4 once, found 1 twice: the same user, item and"
                " time. Leave all but one out."
            ),
        ),
        (
            windows,
            [*ROWS, {"user_id": "a", "item_id": "9", "timestamp": None}],
            {},
            (
                "Interactions: expected `timestamp` in each of 4 rows, found 1 without."
                " Leave them out."
            ),
        ),
        (
            windows,
            [*ROWS, {"user_id": "a", "item_id": "9", "timestamp": 964_982_703_000}],
            {},
            (
                "Interactions: expected timestamps in Unix seconds, found 1 of 4 after the year"
                " 2100. Divide milliseconds by 1,000."
            ),
        ),
        (
            windows,
            [{"user_id": 1.5, "item_id": "1"}],
            {},
            "Interactions: expected user_id as text or whole numbers, found double.",
        ),
        (
            windows,
            [{"user_id": 1, "item_id": "1", "timestamp": "2026-11-26"}],
            {},
            "Interactions: expected timestamp in Unix seconds, found string.",
        ),
        (
            windows,
            [{"user_id": 1, "item_id": "1", "event": 0}, {"user_id": 1, "item_id": "2"}],
            {},
            "Interactions: expected `event` in each of 2 rows, found 1 without. Leave them out.",
        ),
        (
            temporal,
            [{"user_id": "a", "item_id": "1"}],
            {"at": 1},
            "temporal: expected interactions with a timestamp, found none.",
        ),
        (temporal, ROWS, {}, "temporal: expected either `at` or `fraction`. Name one of them."),
        (
            temporal,
            ROWS,
            {"at": (2, 1)},
            "temporal: expected one cut, or two in their order, found (2, 1).",
        ),
        (
            temporal,
            ROWS,
            {"fraction": 1.5},
            "fraction: expected shares between 0 and 1, found 1.5.",
        ),
        (
            pmg,
            ROWS,
            {},
            "pmg: expected interactions with a rating and a timestamp, found none.",
        ),
    ],
)
def test_what_makes_no_samples_is_said(
    rule: Callable[..., pa.Table], rows: Rows, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(BadCall) as caught:
        rule(pa.Table.from_pylist(rows), **options)
    assert str(caught.value) == sentence


@pytest.mark.skipif(not MOVIELENS.is_dir(), reason=f"no ratings of MovieLens in {DATA.name}")
def test_real_ratings_are_cut_as_others_cut_them() -> None:
    ratings = pd.read_csv(MOVIELENS / "ratings.csv").rename(
        columns={"userId": "user_id", "movieId": "item_id"}
    )
    for history, samples, users in ((3, 46_755, 605), (5, 45_547, 599), (10, 42_605, 570)):
        found = windows(ratings, history, min_rating=4)
        assert (len(found), len(found["user_id"].unique())) == (samples, users)
    assert len(pmg(ratings)) == 608
