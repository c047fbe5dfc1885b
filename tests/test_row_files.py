"""Rows that go by way of a row file are the rows that went in, pictures filled in."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from datasets import Features, Image, List, Value
from hypothesis import given
from hypothesis import strategies as st

from pmg.building import row_files
from pmg.building.albums import Album, Reference, bind
from pmg.building.heaps import HeapWriter
from pmg.building.row_files import read_groups, with_references, write_rows
from pmg.images import Picture
from pmg.problems import BadCall

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
ENCODED = [bytes([number]) * number for number in range(1, 20)]
PICTURES = st.none() | st.sampled_from(ENCODED)
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


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def album(folder: Path) -> Album:
    """All pictures, in two heaps."""
    indexes = []
    for name, part in (("a.heap", ENCODED[:9]), ("b.heap", ENCODED[7:])):
        finished = ((str(each[0]), Picture(each, 1, 1, "RGB", digest(each))) for each in part)
        indexes.append(folder / HeapWriter(folder, folder / name).write(finished)[1].path)
    bind(indexes, folder / "album", lambda _: True)
    return Album(folder / "album", folder)


def shown(rows: list[dict[str, Any]], as_reference: bool) -> list[dict[str, Any]]:
    """The rows with references, or with the bytes themselves."""

    def picture(content: bytes | None) -> dict[str, Any] | None:
        if content is None:
            return None
        data = Reference(digest(content), len(content)) if as_reference else content
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
        patch.setattr(row_files, "ROWS_AT_ONCE", 2)
        path, pictures = Path(folder) / "rows", album(Path(folder))
        groups = write_rows(shown(rows, as_reference=True), SCHEMA, path)
        assert [group.rows for group in groups] == [
            min(3, len(rows) - first) for first in range(0, len(rows), 3)
        ]
        tables = list(read_groups(path, range(len(groups)), SCHEMA, pictures))
        assert all(table.schema.equals(SCHEMA, check_metadata=True) for table in tables)
        read = [row for table in tables for row in table.to_pylist()]
        assert read == shown(rows, as_reference=False)
        last = list(read_groups(path, range(len(groups) - 1, len(groups)), SCHEMA, pictures))
        assert last[0].equals(tables[-1])


def test_only_bytes_become_references() -> None:
    for field in SCHEMA:
        referring = with_references(field.type)
        assert (referring == field.type) == ("icture" not in field.name)


def test_a_row_that_no_column_can_hold_is_a_sentence(tmp_path: Path) -> None:
    picture = {"bytes": Reference("0" * 64, 1 << 30), "path": None}
    row = {"id": "1", "picture": picture, "pictures": [picture], "genres": [], "number": 1}
    with pytest.raises(
        BadCall, match=r"table: expected rows of at most 64 MiB, found one of 2,048"
    ):
        write_rows([row], SCHEMA, tmp_path / "table.rows")
