"""Each leak is found where it is planted, and nowhere else."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from datasets import Dataset
from hypothesis import given

from pmg.problems import BadCall
from pmg_bench import Terms, leakcheck, leave_last_out, temporal, windows
from tests.protocols.drawn import Rows, events

OWN, SEEN = "the target in its own history", "a held-out target in its user's training"
TWO, AFTER = "a user in two splits", "an item of the history after the target"
STRICT = Terms("strict", disjoint=True, before=True)
LOOSE = Terms("loose", disjoint=False, before=False)
INTERACTIONS = pa.Table.from_pylist(
    [
        {"user_id": user, "item_id": f"{user}{time}", "timestamp": time}
        for user in "abc"
        for time in range(6)
    ]
)
Sample = dict[str, Any]


def sample(user: str, history: list[int], target: int, split: str) -> Sample:
    return {
        "sample_id": f"{user}-{target}",
        "user_id": user,
        "history_ids": [f"{user}{time}" for time in history],
        "target_id": f"{user}{target}",
        "split": split,
    }


def sound() -> list[Sample]:
    return [
        sample("a", [0, 1], 2, "train"),
        sample("a", [1, 2], 3, "train"),
        sample("b", [0, 1], 2, "validation"),
        sample("c", [0, 1], 2, "test"),
    ]


def found(samples: list[Sample], terms: Terms = STRICT) -> dict[str, int]:
    """How often each leak that the terms forbid was met."""
    report = leakcheck(pa.Table.from_pylist(samples), INTERACTIONS, terms=terms)
    return {check.name: check.found for check in report.leaks}


def give_away_the_target(samples: list[Sample]) -> None:
    samples[3]["history_ids"][1] = samples[3]["target_id"]


def train_on_the_target(samples: list[Sample]) -> None:
    samples.append(sample("c", [0], 2, "train"))


def show_the_target_in_training(samples: list[Sample]) -> None:
    samples.append(sample("c", [0, 2], 3, "train"))


def put_a_user_in_two_splits(samples: list[Sample]) -> None:
    samples.append(sample("a", [3], 4, "test"))


def show_what_came_later(samples: list[Sample]) -> None:
    samples[0]["history_ids"][0] = "a5"


@pytest.mark.parametrize(
    ("plant", "leaks"),
    [
        (lambda _: None, {}),
        (give_away_the_target, {OWN: 1}),
        (train_on_the_target, {SEEN: 1, TWO: 1}),
        (show_the_target_in_training, {SEEN: 1, TWO: 1}),
        (put_a_user_in_two_splits, {TWO: 1}),
        (show_what_came_later, {AFTER: 1}),
    ],
)
def test_a_planted_leak_is_found(
    plant: Callable[[list[Sample]], None], leaks: dict[str, int]
) -> None:
    samples = sound()
    plant(samples)
    assert found(samples) == leaks


def test_what_the_terms_allow_is_told_and_does_not_gate() -> None:
    samples = sound()
    put_a_user_in_two_splits(samples)
    show_what_came_later(samples)
    report = leakcheck(pa.Table.from_pylist(samples), INTERACTIONS, terms=LOOSE)
    assert not report.leaks
    assert {check.name: check.found for check in report.checks} == {
        OWN: 0, SEEN: 0, TWO: 1, AFTER: 1,
    }  # fmt: skip


def test_that_others_train_on_a_target_is_no_leak() -> None:
    samples = sound()
    samples[0]["target_id"] = samples[3]["target_id"]
    assert SEEN not in found(samples)


def test_nobody_s_samples_are_not_compared() -> None:
    samples = [each | {"user_id": None} if each["split"] != "train" else each for each in sound()]
    report = leakcheck(pa.Table.from_pylist(samples), INTERACTIONS, terms=STRICT)
    assert not report.leaks
    assert {check.name: check.of for check in report.checks} == {OWN: 4, SEEN: 2, TWO: 1, AFTER: 2}
    assert report.users == {"train": 1, "validation": 0, "test": 0}


def test_what_is_met_again_is_not_taken_for_the_future() -> None:
    again = [{"user_id": "a", "item_id": "a0", "timestamp": 5}]
    interactions = pa.concat_tables([INTERACTIONS, pa.Table.from_pylist(again)])
    report = leakcheck(pa.Table.from_pylist(sound()), interactions, terms=STRICT)
    assert not report.leaks


def test_without_interactions_the_order_is_not_told() -> None:
    report = leakcheck(pa.Table.from_pylist(sound()), terms=STRICT)
    assert [check.name for check in report.checks] == [OWN, SEEN, TWO]
    assert report.shift is None


def test_whoever_holds_the_samples_it_is_the_same() -> None:
    samples = sound()
    give_away_the_target(samples)
    told = [
        leakcheck(held, INTERACTIONS, terms=STRICT).checks
        for held in (
            pa.Table.from_pylist(samples),
            pd.DataFrame(samples),
            Dataset.from_list(samples),
        )
    ]
    assert told[0] == told[1] == told[2]
    assert told[0][0].examples == ("test/c-2",)


def test_items_new_to_training_are_counted() -> None:
    samples = sound()
    samples[3]["history_ids"] = ["a0", "b0"]
    report = leakcheck(pa.Table.from_pylist(samples), INTERACTIONS, terms=STRICT)
    assert report.unseen == (4, 5)  # b0, b1, b2, c2, of these and a0


def test_a_shift_of_popularity_is_told() -> None:
    rows = INTERACTIONS.to_pylist() + [
        {"user_id": f"other {number}", "item_id": "c2", "timestamp": 1} for number in range(9)
    ]
    report = leakcheck(pa.Table.from_pylist(sound()), pa.Table.from_pylist(rows), terms=STRICT)
    assert report.shift is not None
    medians = {split: each.median for split, each in report.shift.splits.items()}
    assert medians == {"train": 1, "validation": 1, "test": 10}
    assert report.shift.distance == 0.5  # one of two held-out targets is more popular than all


def test_pictures_of_other_items_in_training_are_the_same() -> None:
    digests = {f"{user}{time}": f"{user}{time}" for user in "abc" for time in range(6)}
    digests |= {"c2": "a1", "b2": None}  # type: ignore[dict-item]
    items = pa.table({"item_id": list(digests), "image_sha256": list(digests.values())})
    report = leakcheck(pa.Table.from_pylist(sound()), INTERACTIONS, items, STRICT)
    assert report.twins is not None
    assert (report.twins.same, report.twins.of) == (1, 2)
    assert [pair[:2] for pair in report.twins.pairs] == [("c2", "a1")]


@given(rows=events)
def test_windows_of_users_never_leak_and_of_samples_are_told_by_their_terms(rows: Rows) -> None:
    table = pa.Table.from_pylist(rows)
    once = len({(row["user_id"], row["item_id"]) for row in rows}) == len(rows)
    for samples in (windows(table, 2), temporal(table, at=3), leave_last_out(table)):
        report = leakcheck(samples, table)
        # Whoever meets an item again has met it in training.
        again = {SEEN} if not once and report.terms.protocol != "windows2" else set()
        assert {check.name for check in report.leaks} <= again
    by_sample = leakcheck(windows(table, 2, split="sample"), table)
    assert not by_sample.terms.disjoint
    assert TWO not in {check.name for check in by_sample.leaks}


def test_a_lost_column_is_named() -> None:
    table = pa.Table.from_pylist(sound()).drop_columns(["target_id"])
    with pytest.raises(BadCall) as caught:
        leakcheck(table, INTERACTIONS)
    assert str(caught.value) == "Samples: expected the column target_id, found none."


def test_tables_without_samples_are_refused() -> None:
    empty = pa.Table.from_pylist(sound()).slice(0, 0)
    with pytest.raises(BadCall) as caught:
        leakcheck(empty, INTERACTIONS)
    assert str(caught.value) == "Samples: expected at least one, found none."
