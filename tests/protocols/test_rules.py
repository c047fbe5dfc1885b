"""Protocols: no target is in its own history, and splits keep their word, whoever interacts."""

import inspect
import itertools
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from datasets import Dataset
from hypothesis import given
from hypothesis import strategies as st

from pmg.protocols.protocol import read_protocol
from pmg.splits import split_of
from pmg_bench import bench, leave_last_out, pmg, temporal, windows
from tests.protocols.drawn import TIMES, USERS, Rows, events
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
def test_users_are_apart(rows: Rows) -> None:
    for name, seed in (("windows", []), ("windows of another seed", ["7"]), ("bench", [])):
        samples = RULES[name](rows)
        assert {sample["split"] for sample in samples} == {"train", "validation", "test"}
        for sample in samples:
            assert sample["split"] == split_of(sample["user_id"], *seed)


@given(rows=events)
def test_time_splits_targets_that_are_new_to_their_users(rows: Rows) -> None:
    for name, cuts in (("temporal", (10, 10)), ("temporal in three", (7, 14))):
        samples = RULES[name](rows)
        for sample, time, met in with_times(samples, rows):
            between = "train" if time < cuts[0] else "test" if time >= cuts[1] else "validation"
            assert sample["split"] == between
            assert not met or sample["split"] == "train"
        shortest = 2 if "three" in name else 1
        assert min(len(sample["history_ids"]) for sample in samples) == shortest


@given(rows=events)
def test_the_last_item_is_tested_and_the_one_before_validated(rows: Rows) -> None:
    last = {user: len([row for row in rows if row["user_id"] == user]) - 1 for user in "abcdef"}
    samples = RULES["leave last out"](rows)
    for sample, _, met in with_times(samples, rows):
        left = last.get(sample["user_id"], len(TIMES) - 1) - place_of(sample)
        assert sample["split"] == {0: "test", 1: "validation"}.get(left, "train")
        assert not met or sample["split"] == "train"
    of_one = [sample["split"] for sample in samples if sample["user_id"] == "two"]
    assert of_one == ["train"] * 3 + ["validation", "test"]


def place_of(sample: dict[str, Any]) -> int:
    return int(sample["sample_id"].rsplit("-", 1)[1])


def with_times(
    samples: list[dict[str, Any]], rows: Rows
) -> Iterator[tuple[dict[str, Any], int, bool]]:
    """Each sample with the time of its target, and whether its user had met that before."""
    ordered = sorted(rows, key=lambda row: (row["user_id"], row["timestamp"], row["item_id"]))
    own: dict[str, Rows] = {}
    for row in ordered:
        own.setdefault(row["user_id"], []).append(row)
    for sample in samples:
        place, events_of_user = place_of(sample), own[sample["user_id"]]
        before = {row["item_id"] for row in events_of_user[:place]}
        yield sample, events_of_user[place]["timestamp"], sample["target_id"] in before


def users(lines: dict[str, str]) -> pa.Table:
    """Interactions of users with items of one letter each, in that order, each rated higher."""
    return pa.Table.from_pylist(
        [
            {"user_id": user, "item_id": item, "timestamp": time, "rating": time / 2}
            for user, items in lines.items()
            for time, item in enumerate(items)
        ]
    )


def test_windows_are_a_step_apart() -> None:
    table = users(dict.fromkeys(USERS, "abcdefgh"))
    found = [
        row["target_id"] for row in windows(table, 3, 2).to_pylist() if row["user_id"] == "two"
    ]
    assert found == ["d", "f", "h"]


def test_the_least_rating_counts() -> None:
    table = users(dict.fromkeys(USERS, "abcdefghijk"))  # 0, 0.5, … 5 stars
    first = leave_last_out(table, min_rating=4).to_pylist()[0]
    assert (first["history_ids"], first["target_id"]) == (["i"], "j")


def test_a_core_is_taken_until_all_have_enough() -> None:
    chain = {"a": "12", "b": "23", "c": "34", "d": "4"} | dict.fromkeys("xyz", "789")
    samples = leave_last_out(users(chain), k_core=2)
    assert set(samples["user_id"].to_pylist()) == set("xyz")
    (told,) = json.loads(samples.schema.metadata[b"pmg_bench"])["filters"]
    assert told == "2-core: 16 → 9 interactions, 7 → 3 users, 7 → 3 items"


def test_a_fraction_is_of_interactions() -> None:
    table = users(dict.fromkeys(USERS, "abcdefghij"))
    samples = temporal(table, fraction=(0.5, 0.8)).to_pylist()
    own = [row["split"] for row in samples if row["user_id"] == "two"]
    assert own == ["train"] * 4 + ["validation"] * 3 + ["test"] * 2


def test_a_time_between_seconds_is_the_next_one() -> None:
    table = users(dict.fromkeys(USERS, "abcdefghij"))
    assert temporal(table, at=4.5)["split"] == temporal(table, at=5)["split"]


def test_another_seed_draws_other_samples() -> None:
    table = users({str(user): "abcdefgh" for user in range(30)})
    first, second = (windows(table, 3, split="sample", seed=seed) for seed in (0, 1))
    assert first["split"] != second["split"]
    shares = [first["split"].to_pylist().count(each) / len(first) for each in ("train", "test")]
    assert 0.7 < shares[0] < 0.9
    assert 0.03 < shares[1] < 0.2


def test_the_metadata_tell_what_was_asked_for() -> None:
    table = users(dict.fromkeys(USERS, "abcdefghij"))
    unusual = windows(table, 3, 2, min_rating=1.5, split="sample")
    for samples, line in (
        (windows(table, 3), "windows3"),
        (unusual, "windows3,min_rating=1.5,split=sample,step=2"),
        (leave_last_out(table, k_core=2, shortest=2), "leave_last_out50,k_core=2,shortest=2"),
        (temporal(table, at=(3, 7)), "temporal50,at=3:7"),
        (pmg(table), "pmg3"),
        (pmg(table, min_rating=3), "pmg3,min_rating=3"),
        (pmg(table, min_rating=None), "pmg3,min_rating=0"),
        (windows(table, 3, min_rating=np.float64(2.5)), "windows3,min_rating=2.5"),
        (temporal(table, fraction=np.float64(0.5)), "temporal50,fraction=0.5"),
    ):
        assert json.loads(samples.schema.metadata[b"pmg_bench"])["protocol"] == line
        assert str(read_protocol(line)) == line
    (told,) = json.loads(pmg(table).schema.metadata[b"pmg_bench"])["filters"]
    assert told == "rating ≥ 4: 50 → 10 interactions, 5 → 5 users, 10 → 2 items"


def test_help_shows_what_a_rule_answers_with() -> None:
    assert inspect.signature(windows).return_annotation is pa.Table
    assert "history" in inspect.signature(windows).parameters
    assert "Caser" in (windows.__doc__ or "")


def test_items_without_a_picture_are_passed_over() -> None:
    rows = [
        {"user_id": "a", "item_id": str(item), "timestamp": item, "has_image": item != 2}
        for item in range(4)
    ]
    samples = leave_last_out(pa.Table.from_pylist(rows))
    assert samples["history_ids"].to_pylist() == [["0"], ["0", "1"]]
    (told,) = json.loads(samples.schema.metadata[b"pmg_bench"])["filters"]
    assert told == "with a picture: 4 → 3 interactions, 1 → 1 users, 4 → 3 items"


def test_another_seed_splits_users_otherwise() -> None:
    table = users({str(user): "ab" for user in range(50)})
    first, second = (windows(table, 1, seed=seed) for seed in (0, 1))
    assert first["split"].to_pylist() != second["split"].to_pylist()
    assert first["history_ids"] == second["history_ids"]


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


@pytest.mark.skipif(not MOVIELENS.is_dir(), reason=f"no ratings of MovieLens in {DATA.name}")
def test_real_ratings_are_cut_as_others_cut_them() -> None:
    ratings = pd.read_csv(MOVIELENS / "ratings.csv").rename(
        columns={"userId": "user_id", "movieId": "item_id"}
    )
    for history, samples, users in ((3, 46_755, 605), (5, 45_547, 599), (10, 42_605, 570)):
        found = windows(ratings, history, min_rating=4)
        assert (len(found), len(found["user_id"].unique())) == (samples, users)
    assert len(pmg(ratings)) == 608


def test_ids_that_are_written_twice_are_one() -> None:
    names = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0, 1]), pa.array(["a", "a"]))
    table = pa.table({"user_id": names, "item_id": ["1", "2", "3", "4"], "timestamp": [1, 2, 3, 4]})
    assert leave_last_out(table)["history_ids"].to_pylist()[-1] == ["1", "2", "3"]


def test_ratings_are_as_exact_as_they_are_kept() -> None:
    rows = [
        {"user_id": "a", "item_id": str(time), "timestamp": time, "rating": 4.1}
        for time in range(3)
    ]
    schema = pa.schema([("user_id", pa.string()), ("item_id", pa.string()),
                        ("timestamp", pa.int64()), ("rating", pa.float32())])  # fmt: skip
    assert len(leave_last_out(pa.Table.from_pylist(rows, schema), min_rating=4.1)) == 2
