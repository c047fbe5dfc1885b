"""Pictures that arrive as files are in the built Parquet byte for byte, whatever their kind."""

import tarfile
from pathlib import Path

import pyarrow.parquet as pq

from pmg.columns import Row


def items(built: Path, domain: str) -> dict[str, Row]:
    table = pq.read_table(built / domain / "items")
    return {row["item_id"]: row for row in table.to_pylist()}


def test_fashion_is_as_in_the_archive(raw: Path, built: Path) -> None:
    published = {
        item_id: row["image"]["bytes"]
        for item_id, row in items(built, "pog_dataset").items()
        if row["image"] is not None
    }
    with tarfile.open(raw / "pog_dataset" / "images.tar.gz") as archive:
        source = {}
        for member in archive:
            file = archive.extractfile(member)
            assert file is not None
            source[Path(member.name).stem] = file.read()
    assert published == source
    assert len(set(source.values())) == len(source), "every picture is its own bytes"


def test_stickers_are_as_in_their_files(raw: Path, built: Path) -> None:
    rows = items(built, "ser30k")
    for item_id, row in rows.items():
        assert row["image"]["bytes"] == (raw / "ser30k" / "images" / item_id).read_bytes()
    assert {row["image_mode"] for row in rows.values()} >= {"RGB", "L", "P", "RGBA"}
    assert any(row["file_name"].endswith(".gif") for row in rows.values())
