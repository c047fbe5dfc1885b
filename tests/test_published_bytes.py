"""Pictures that arrive as files are in the built Parquet byte for byte, whatever their kind."""

import io
import shutil
import tarfile
from pathlib import Path

import pyarrow.parquet as pq
from PIL import Image

from pmg.columns import Row
from tests.built import build_all, digests


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
    animated = [row for row in rows.values() if row["file_name"].endswith(".gif")]
    assert animated
    for row in animated:
        with Image.open(io.BytesIO(row["image"]["bytes"])) as image:
            assert getattr(image, "n_frames", 1) > 1
    assert len({row["image_sha256"] for row in rows.values()}) == len(rows)


def test_the_order_of_archives_and_folders_changes_nothing(
    raw: Path, built: Path, tmp_path: Path
) -> None:
    other = tmp_path / "raw"
    shutil.copytree(raw, other, ignore=shutil.ignore_patterns("images", "images.tar.gz"))
    for path in sorted((raw / "ser30k" / "images").rglob("*"), reverse=True):
        if path.is_file():
            copy = other / path.relative_to(raw)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    with tarfile.open(raw / "pog_dataset" / "images.tar.gz") as archive:
        members = [(member, archive.extractfile(member)) for member in archive]
        contents = {Path(member.name).name: file.read() for member, file in members if file}
    with tarfile.open(other / "pog_dataset" / "images.tar.gz", "w:gz") as archive:
        for name, content in sorted(contents.items(), reverse=True):
            member = tarfile.TarInfo(f"./of-another-shape/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    build_all(other, tmp_path / "out")
    assert digests(tmp_path / "out") == digests(built)
