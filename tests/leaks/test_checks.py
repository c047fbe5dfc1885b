"""Each leak is found where it is planted, and nowhere else."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from datasets import Dataset
from hypothesis import assume, given

from pmg.leaks.report import sentences
from pmg.problems import BadCall
from pmg_bench import Terms, bench, leakcheck, leave_last_out, temporal, windows
from tests.protocols.drawn import Rows, events

OWN, SEEN = "the target in its own history", "a held-out target in its user's training"
TWO, AFTER = "a user in two splits", "an item of the history after the target"
CHOICE = "candidates that give the target away, or lack it"
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
    assert report.unseen == {"validation": (3, 3), "test": (2, 3)}


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
def test_what_the_protocols_cut_leaks_where_they_say_so_and_nowhere_else(rows: Rows) -> None:
    table = pa.Table.from_pylist(rows)
    for samples in (windows(table, 2), temporal(table, at=5), leave_last_out(table), bench(table)):
        assert not leakcheck(samples, table).leaks
    by_sample = windows(table, 2, split="sample")
    trained = {
        (each["user_id"], item)
        for each in by_sample.to_pylist()
        if each["split"] == "train"
        for item in (*each["history_ids"], each["target_id"])
    }
    held_out = [each for each in by_sample.to_pylist() if each["split"] != "train"]
    seen = sum((each["user_id"], each["target_id"]) in trained for each in held_out)
    assume(trained)
    found = {check.name: check for check in leakcheck(by_sample, table).checks}
    assert (found[SEEN].found, found[SEEN].leaks) == (seen, seen > 0)
    assert not found[TWO].leaks


def numbered(rows: list[tuple[str, list[str], str, str]]) -> pd.DataFrame:
    """Samples of users with histories, targets and splits, numbered from 0 within each split."""
    frame = pd.DataFrame(rows, columns=["user_id", "history_ids", "target_id", "split"])
    return frame.assign(sample_id=frame.groupby("split").cumcount())


def test_splits_may_number_their_samples_alike() -> None:
    rows = [(f"u{i}", ["a"], "b", split) for split in ("train", "test") for i in range(3)]
    found = {check.name: check for check in leakcheck(numbered(rows)).checks}
    assert found[SEEN][:3] == (SEEN, 3, 3)
    assert found[SEEN].examples == ("test/0", "test/1", "test/2")


def candidates(listed: list[list[str]]) -> dict[str, int]:
    samples = pa.Table.from_pylist(sound()).append_column("candidate_ids", pa.array(listed))
    report = leakcheck(samples, INTERACTIONS, terms=STRICT)
    return {check.name: check.found for check in report.leaks}


def test_candidates_hold_the_target_and_nothing_of_the_history() -> None:
    fine = [["a2", "b5"], ["b5", "a3"], ["b2", "a0"], ["c2", "a1"]]
    assert candidates(fine) == {}
    for wrong in (["b5", "b4"], ["a2", "a0"], ["a2", "a2"], []):
        assert candidates([wrong, *fine[1:]]) == {CHOICE: 1}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda table: table.drop_columns(["target_id"]),
            "Samples: expected the column target_id, found none.",
        ),
        (
            lambda table: table.drop_columns(["split"]),
            "Samples: expected the column split, found none.",
        ),
        (
            lambda table: table.slice(0, 0),
            "Samples: expected a split train, found no sample.",
        ),
        (
            lambda table: table.to_pandas().assign(split=["Train", "Train", "Val", "Test"]),
            "Samples: expected a split train, found Train, Val, Test.",
        ),
        (
            lambda table: table.to_pandas().assign(target_id=["a2", "a3", None, None]),
            "Samples: expected target_id everywhere, found 2 nulls.",
        ),
        (
            lambda table: table.to_pandas().assign(history_ids=[["a0"], ["a0"], ["b0"], None]),
            "Samples: expected history_ids everywhere, found 1 nulls.",
        ),
        (
            lambda table: table.to_pandas().assign(split=["train", "train", "test", None]),
            "Samples: expected a split everywhere, found 1 nulls.",
        ),
        (
            lambda table: table.to_pandas().assign(history_ids=[["a0", None]] * 4),
            "Samples: expected an item everywhere, found 4 nulls.",
        ),
        (
            lambda _: [],
            (
                "Expected a Dataset (of one split, not streamed), an Arrow table or a DataFrame,"
                " found list."
            ),
        ),
    ],
)
def test_what_is_no_set_of_samples_is_said(
    change: Callable[[pa.Table], object], sentence: str
) -> None:
    with pytest.raises(BadCall) as caught:
        leakcheck(change(pa.Table.from_pylist(sound())), INTERACTIONS)
    assert str(caught.value) == sentence


def test_nobody_s_interactions_tell_nothing() -> None:
    report = leakcheck(pa.Table.from_pylist(sound()), INTERACTIONS.slice(0, 0), terms=STRICT)
    assert AFTER not in {check.name for check in report.checks}
    assert not report.leaks


def test_numbers_are_ids_too() -> None:
    rows = numbered([("u1", ["1"], "2", "train"), ("u2", ["1"], "3", "test")])
    items = pd.DataFrame({"item_id": [1, 2, 3], "image_sha256": ["x", "x", "x"]})
    twins = leakcheck(rows, items=items).twins
    assert twins is not None
    assert (twins.same, [pair.held_out for pair in twins.pairs]) == (1, ["3"])


def test_a_placeholder_that_all_share_is_counted_and_not_listed_in_pairs() -> None:
    splits = ("train", "test")
    rows = numbered([(f"u{i}", ["h"], f"{split}{i}", split) for split in splits for i in range(99)])
    ids = ["h", *(f"{split}{i}" for split in splits for i in range(99))]
    twins = leakcheck(rows, items=pd.DataFrame({"item_id": ids, "image_sha256": "x"})).twins
    assert twins is not None
    assert (twins.same, len(twins.pairs)) == (99, 60)


def test_ids_of_strangers_are_told_as_they_are_fit_for_a_terminal() -> None:
    strange = "\x1b[31mred\n"
    rows = numbered([("u1", [strange], strange, "train"), ("u1", [strange], strange, "test"),
                     ("u2", [strange], "b", "test")])  # fmt: skip
    items = pd.DataFrame({"item_id": [strange, "b"], "image_sha256": ["x", "x"]})
    told = "\n".join(sentences(leakcheck(rows.assign(sample_id=strange), items=items)))
    assert "\x1b" not in told
    assert "red\n" not in told
    assert r"\x1b[31mred\n" in told
