"""Rows that go by way of a row file are the rows that went in, pictures filled in."""

import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from datasets import Features, Image, List, Value
from hypothesis import given
from hypothesis import strategies as st

from pmg import row_files
from pmg.heaps import Span
from pmg.row_files import read_groups, with_spans, write_rows

FEATURES = Features(
    {
        "id": Value("string"),
        "picture": Image(),
        "pictures": List(Image()),
        "genres": List(List(Value("string"))),
        "number": Value("int64"),
    }
)
SCHEMA: pa.Schema = FEATURES.arrow_schema
HEAP = b"".join(bytes([number]) * number for number in range(1, 20))
PICTURES = st.none() | st.tuples(st.integers(0, len(HEAP) - 1), st.integers(0, 9))
TEXTS = st.none() | st.text(max_size=3)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": TEXTS,
            "picture": PICTURES,
            "pictures": st.lists(PICTURES, max_size=3),
            "genres": st.lists(st.none() | st.lists(TEXTS, max_size=2), max_size=2),
            "number": st.none() | st.integers(-9, 9),
        }
    ),
    min_size=1,
    max_size=9,
)


def shown(rows: list[dict[str, Any]], heap: Path | None) -> list[dict[str, Any]]:
    """The rows with spans of the heap, or, without one, with the bytes themselves."""

    def picture(place: tuple[int, int] | None) -> dict[str, Any] | None:
        if place is None:
            return None
        offset, length = place
        content = HEAP[offset : offset + length]
        data = Span(str(heap), offset, len(content)) if heap else content
        return {"bytes": data, "path": None}

    return [
        row
        | {
            "picture": picture(row["picture"]),
            "pictures": [picture(each) for each in row["pictures"]],
        }
        for row in rows
    ]


@given(ROWS)
def test_rows_come_back_with_their_pictures(rows: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_files, "GROUP_ROWS", 3)
        heap, path = Path(folder) / "heap", Path(folder) / "rows"
        heap.write_bytes(HEAP)
        groups = write_rows(shown(rows, heap), SCHEMA, path)
        assert [group.rows for group in groups] == [
            min(3, len(rows) - first) for first in range(0, len(rows), 3)
        ]
        tables = list(read_groups(path, range(len(groups)), SCHEMA))
        assert all(table.schema.equals(SCHEMA, check_metadata=True) for table in tables)
        read = [row for table in tables for row in table.to_pylist()]
        assert read == shown(rows, None)
        last = list(read_groups(path, range(len(groups) - 1, len(groups)), SCHEMA))
        assert last[0].equals(tables[-1])


def test_only_bytes_become_spans() -> None:
    for field in SCHEMA:
        spanned = with_spans(field.type)
        assert (spanned == field.type) == ("icture" not in field.name)
