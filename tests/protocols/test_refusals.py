"""What protocols refuse, each in a sentence with counts."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from datasets import Dataset, DatasetDict

from pmg.problems import BadCall
from pmg_bench import bench, pmg, temporal, windows
from tests.protocols.drawn import Rows

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
