"""Candidates: the target among items that its user never met, in an order that tells nothing."""

import random
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from datasets import Dataset
from hypothesis import given
from hypothesis import strategies as st

from pmg.manifest import read_manifest
from pmg.problems import BadCall
from pmg.protocols.events import log_of_built
from pmg.protocols.tables import cut_bench
from pmg_bench import DOMAINS, bench, leave_last_out, windows, with_candidates
from tests.protocols.drawn import Rows, events

ITEMS = [str(number) for number in range(1, 41)]  # beyond those of the interactions
KINDS = pa.table({"item_id": ITEMS, "kind": ["abc"[int(item) % 3] for item in ITEMS]})
KIND = dict(zip(ITEMS, KINDS["kind"].to_pylist(), strict=True))


def cut(rows: Rows) -> pa.Table:
    return leave_last_out(pa.Table.from_pylist(rows), 3)


@pytest.mark.parametrize("within", [None, "kind"])
@pytest.mark.parametrize("by", ["popularity", "uniform"])
@given(rows=events, negatives=st.integers(1, 6), seed=st.integers(0, 3))
def test_candidates_are_the_target_and_items_that_its_user_never_met(
    by: str, within: str | None, rows: Rows, negatives: int, seed: int
) -> None:
    samples, table = cut(rows), pa.Table.from_pylist(rows)
    asked = with_candidates(samples, table, negatives, by, KINDS, within, seed)
    assert asked.drop_columns("candidate_ids") == samples
    met = {row["item_id"] for row in rows}
    for sample in asked.to_pylist():
        candidates = sample["candidate_ids"]
        known = {row["item_id"] for row in rows if row["user_id"] == sample["user_id"]}
        others = set(candidates) - {sample["target_id"]}
        assert candidates.count(sample["target_id"]) == 1
        assert len(others) == len(candidates) - 1
        assert not others & set(sample["history_ids"])
        assert len(others) == negatives
        assert not others & known
        first = {*(met if by == "popularity" else ITEMS)} - known
        if within:
            first = {item for item in first if KIND[item] == KIND[sample["target_id"]]}
        assert len(others & first) == min(negatives, len(first))


@given(rows=events, seed=st.integers(0, 99))
def test_the_order_of_rows_and_items_says_nothing(rows: Rows, seed: int) -> None:
    order = random.Random(seed)  # noqa: S311 - an order, not secrets
    shuffled = pa.Table.from_pylist(order.sample(rows, len(rows)))
    items = KINDS.take(pa.array(order.sample(range(len(KINDS)), len(KINDS))))
    samples = cut(rows)
    for by in ("popularity", "uniform"):
        expected = with_candidates(samples, pa.Table.from_pylist(rows), 3, by, KINDS, "kind")
        assert with_candidates(samples, shuffled, 3, by, items, "kind") == expected


@given(rows=events)
def test_another_user_changes_nobody_else_s_candidates(rows: Rows) -> None:
    others = [row | {"user_id": "another"} for row in rows if row["user_id"] == "a"]
    samples = cut(rows)
    before, after = (
        with_candidates(samples, pa.Table.from_pylist(each), 3, "uniform", KINDS, "kind")
        for each in (rows, [*others, *rows])
    )
    assert before == after


def test_they_are_drawn_as_often_as_they_were_met_or_from_the_category() -> None:
    rows = [
        {"user_id": f"{item}-{number}", "item_id": item, "timestamp": number}
        for item, count in {"1": 300, "2": 100, "3": 20}.items()
        for number in range(count)
    ]
    rows += [
        {"user_id": f"asked-{user}", "item_id": item, "timestamp": user}
        for user in range(600)
        for item in ("8", "9")
    ]
    table = pa.Table.from_pylist(rows)
    samples = windows(table, 1)
    drawn = with_candidates(samples, table, 1)["candidate_ids"].to_pylist()
    counts = Counter(item for each in drawn for item in each)
    assert 2 < counts["1"] / counts["2"] < 4.5
    assert counts["2"] > 2 * counts["3"] > 0
    assert 0.4 < sum(each[0] == "9" for each in drawn) / len(drawn) < 0.6
    other = with_candidates(samples, table, 1, seed=1)["candidate_ids"].to_pylist()
    assert other != drawn
    of_kind = with_candidates(samples, table, 4, "uniform", KINDS, "kind").to_pylist()
    assert {KIND[item] for each in of_kind for item in each["candidate_ids"]} == {KIND["9"]}
    met = Counter(item for each in of_kind for item in each["candidate_ids"])
    assert len(met) == sum(kind == KIND["9"] for kind in KIND.values())


def test_items_of_any_kind_follow_where_their_own_has_too_few() -> None:
    rows = [
        {"user_id": str(user), "item_id": item, "timestamp": time}
        for user in range(5)
        for time, item in enumerate("12")
    ]
    kinds = [["x"], ["y", "z"], ["y"], ["y"], ["z", "y"], []]
    few = pa.table({"item_id": list("123456"), "kind": kinds})
    table = pa.Table.from_pylist(rows)
    samples = leave_last_out(table)
    for negatives, expected in ((1, "34"), (2, "34"), (4, "3456"), (9, "3456")):
        found = with_candidates(samples, table, negatives, "uniform", few, "kind")
        for each in found["candidate_ids"].to_pylist():
            assert {*each} - {"2"} <= {*expected}
            assert len(each) == min(negatives, 4) + 1


def test_what_has_no_picture_is_no_candidate() -> None:
    rows = [
        {"user_id": str(user), "item_id": item, "timestamp": time}
        for user in range(9)
        for time, item in enumerate("12")
    ]
    table = pa.Table.from_pylist(rows)
    samples = leave_last_out(table)
    shown = [None if item == "5" else "digest" for item in ITEMS]
    items = KINDS.append_column("image_sha256", pa.array(shown, pa.string()))
    met = with_candidates(samples, table, 37, "uniform", Dataset(items))["candidate_ids"]
    found = {item for each in met.to_pylist() for item in each}
    assert found >= {"2", "8", "11"}
    assert "5" not in found


ROWS = [
    {"user_id": user, "item_id": item, "timestamp": time}
    for user in "abc"
    for time, item in enumerate("12")
]


OTHERS = [{"user_id": "d", "item_id": item, "timestamp": time} for time, item in enumerate("3456")]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"negatives": 0}, "negatives: expected a whole number from 1 to 1,000, found 0."),
        ({"negatives": 1001}, "negatives: expected a whole number from 1 to 1,000, found 1001."),
        ({"by": "kind"}, "by: expected popularity or uniform, found 'kind'."),
        ({"within": "kind"}, "within: expected items with the column kind, found no items."),
        (
            {"within": "colour", "items": KINDS},
            "Items: expected the columns item_id and colour, found no colour.",
        ),
        (
            {"within": "kind", "items": KINDS.slice(1)},
            (
                "Items: expected all items of the interactions, found 1 of 2 that are not among"
                " them: 1."
            ),
        ),
    ],
)
def test_what_cannot_be_drawn_from_is_said(options: dict[str, object], sentence: str) -> None:
    table = pa.Table.from_pylist(ROWS)
    with pytest.raises(BadCall) as caught:
        with_candidates(leave_last_out(table), table, **options)  # type: ignore[arg-type]
    assert str(caught.value) == sentence


def test_samples_of_others_are_refused() -> None:
    table = pa.Table.from_pylist(ROWS)
    others = pa.Table.from_pylist([row | {"user_id": f"{row['user_id']}x"} for row in ROWS])
    with pytest.raises(BadCall) as caught:
        with_candidates(leave_last_out(table), others)
    assert str(caught.value) == (
        "Samples: expected users of the interactions, found 3 of 3 samples with others."
    )
    strange = leave_last_out(table).to_pandas()
    strange["history_ids"] = [["nothing"]] * len(strange)
    with pytest.raises(BadCall, match="all items of the samples, found 1 of 2 that are not among"):
        with_candidates(strange, table)
    with pytest.raises(BadCall, match="Samples: expected the column sample_id, found none"):
        with_candidates(strange.drop(columns="sample_id"), table)


def test_whoever_holds_the_samples_candidates_are_the_same() -> None:
    table = pa.Table.from_pylist(ROWS)
    samples = leave_last_out(table)
    expected = with_candidates(samples, table, 1)
    for held in (samples.to_pandas(), Dataset(samples), expected):
        assert with_candidates(held, table, 1).to_pylist() == expected.to_pylist()


def test_negatives_that_are_more_than_all_items_are_all_of_them() -> None:
    table = pa.Table.from_pylist(ROWS)
    found = with_candidates(leave_last_out(table), table, 1_000, "uniform", KINDS)
    assert {len(each) for each in found["candidate_ids"].to_pylist()} == {len(ITEMS) - 1}


@pytest.mark.parametrize("domain", [domain.name for domain in DOMAINS])
def test_the_official_candidates_can_be_drawn_again(built: Path, domain: str) -> None:
    log = log_of_built(built, read_manifest(built).domains[domain])
    events, items = log.interactions, log.items
    again = with_candidates(bench(events), events, 4, "popularity", items, log.category)
    for split, rows in cut_bench(log).items():
        own = again.filter(pc.equal(again["split"], split)).drop_columns(["split"])
        assert own.to_pylist() == list(rows)


def test_pictures_are_told_by_interactions_where_the_items_tell_nothing() -> None:
    shown = [row | {"has_image": row["item_id"] == "2"} for row in [*ROWS, *OTHERS]]
    table = pa.Table.from_pylist(shown)
    samples = leave_last_out(pa.Table.from_pylist(ROWS))
    for by in ("popularity", "uniform"):
        found = with_candidates(samples, table, 3, by, KINDS.select(["item_id"]))
        assert {tuple(each) for each in found["candidate_ids"].to_pylist()} == {("2",)}


@pytest.mark.parametrize(
    ("within", "found"),
    [
        (pa.array([{"a": 1}] * len(ITEMS)), "struct<a: int64>"),
        (pa.array([[1, 2]] * len(ITEMS), pa.list_(pa.int64(), 2)), "fixed_size_list"),
    ],
    ids=["struct", "fixed size"],
)
def test_categories_of_other_kinds_are_refused(within: pa.Array, found: str) -> None:
    table = pa.Table.from_pylist(ROWS)
    items = pa.table({"item_id": ITEMS, "kind": within})
    with pytest.raises(BadCall) as caught:
        with_candidates(leave_last_out(table), table, 1, "uniform", items, "kind")
    expected = "Items: expected kind as text, numbers or lists of them, found"
    assert str(caught.value).startswith(f"{expected} {found}")


def test_items_without_an_id_are_refused() -> None:
    table = pa.Table.from_pylist(ROWS)
    items = pa.table({"item_id": [*ITEMS, None]})
    with pytest.raises(BadCall) as caught:
        with_candidates(leave_last_out(table), table, 1, "uniform", items)
    assert str(caught.value) == "Expected an id in each of 41 rows, found 1 without."
