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
from datasets import Dataset, DatasetDict
from hypothesis import given
from hypothesis import strategies as st

from pmg.problems import BadCall
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
        (windows, ROWS, {"history": 0}, "history: expected a whole number from 1, found 0."),
        (windows, ROWS, {"history": "3"}, "history: expected a whole number from 1, found '3'."),
        (windows, ROWS, {"step": 1.5}, "step: expected a whole number from 1, found 1.5."),
        (windows, ROWS, {"k_core": 0}, "k_core: expected a whole number from 1, found 0."),
        (
            windows,
            ROWS,
            {"min_rating": "4"},
            "min_rating: expected a number of stars, found '4'.",
        ),
        (
            windows,
            [*ROWS, {"user_id": "b", "item_id": "1", "timestamp": 5}],
            {"history": 1, "k_core": 1},
            (
                "windows1: expected samples in each split, found 2 in train, 0 in validation,"
                " 0 in test, of 1 users. Bring more users, or split by sample."
            ),
        ),
        (
            bench,
            [row | {"rating": 4.0 if row["item_id"] != "1" else 3.0} for row in ROWS],
            {},
            (
                "bench: expected samples in each split, found 1 in train, 0 in validation,"
                " 0 in test, of 1 users. Bring more users, or split by sample."
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
            "at: expected one cut, or two in their order, found (2, 1).",
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
            "min_rating: expected interactions with a rating, found none.",
        ),
        (
            pmg,
            [{"user_id": "a", "item_id": "1", "rating": 5.0}],
            {},
            "pmg: expected interactions with a rating and a timestamp, found none.",
        ),
        (
            temporal,
            ROWS,
            {"at": 100},
            (
                "temporal50,at=100: expected samples in each split, found 2 in train, 0 in test, of"
                " 1 users. Cut at another time."
            ),
        ),
        (
            temporal,
            ROWS,
            {"at": float("inf")},
            "at: expected one cut, or two in their order, found inf.",
        ),
        (
            temporal,
            ROWS,
            {"at": "2020-01-01"},
            "at: expected one cut, or two in their order, found '2020-01-01'.",
        ),
        (windows, ROWS, {"seed": "x"}, "seed: expected a whole number from 0, found 'x'."),
        (
            windows,
            ROWS,
            {"min_rating": True},
            "min_rating: expected a number of stars, found True.",
        ),
        (
            windows,
            [row | {"timestamp": time + 0.5} for time, row in enumerate(ROWS)],
            {},
            (
                "Interactions: expected timestamp in whole numbers, found 3 of 3 with fractions."
                " Round them."
            ),
        ),
        (
            windows,
            [row | {"has_image": "False"} for row in ROWS],
            {},
            "Interactions: expected has_image as true or false, found string.",
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


@pytest.mark.parametrize(
    "source", [[{"user_id": 1}], None, DatasetDict(), Dataset.from_list(ROWS).to_iterable_dataset()]
)
def test_what_holds_no_interactions_is_said(source: object) -> None:
    with pytest.raises(BadCall) as caught:
        windows(source)
    assert str(caught.value) == (
        "Expected a Dataset (of one split, not streamed), an Arrow table or a DataFrame, found "
        f"{type(source).__name__}."
    )


def test_columns_of_many_kinds_are_said() -> None:
    with pytest.raises(BadCall, match="Expected columns of one kind each, found others"):
        windows(pd.DataFrame({"user_id": [1, "a"], "item_id": [1, 2]}))


def test_ids_that_are_written_twice_are_one() -> None:
    names = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0, 1]), pa.array(["a", "a"]))
    table = pa.table({"user_id": names, "item_id": ["1", "2", "3", "4"], "timestamp": [1, 2, 3, 4]})
    assert leave_last_out(table)["history_ids"].to_pylist()[-1] == ["1", "2", "3"]


def test_ratings_are_as_exact_as_they_are_kept() -> None:
    rows = [row | {"rating": 4.1} for row in ROWS]
    schema = pa.schema([("user_id", pa.string()), ("item_id", pa.string()),
                        ("timestamp", pa.int64()), ("rating", pa.float32())])  # fmt: skip
    assert len(leave_last_out(pa.Table.from_pylist(rows, schema), min_rating=4.1)) == 2
