"""Data sets without pictures: all is told but what is seen in them."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from datasets import Features

from pmg.columns import picture_columns
from pmg.manifest import read_manifest
from pmg.options import Options
from pmg.problems import BadCall, Severity
from pmg.verify import verify
from pmg_bench import TABLES, PMGBench, main
from tests.edited import edit


def rows_of(out: Path, config: str) -> dict[str, list[dict[str, Any]]]:
    splits = read_manifest(out).configs[config].splits
    return {
        split: [row for file in files for row in pq.read_table(out / file.path).to_pylist()]
        for split, files in splits.items()
    }


def without(rows: dict[str, list[dict[str, Any]]], features: Features) -> None:
    """Take pictures out of rows; lists of them keep their length."""
    for row in (row for split in rows.values() for row in split):
        for column in picture_columns(features):
            value = row[column]
            row[column] = [None] * len(value) if isinstance(value, list) else None


@pytest.mark.parametrize("config", list(TABLES))
def test_rows_are_the_same_but_for_the_pictures(built: Path, withheld: Path, config: str) -> None:
    rows = rows_of(built, config)
    without(rows, TABLES[config].features)
    assert rows_of(withheld, config) == rows


@pytest.mark.parametrize("config", list(TABLES))
def test_streams_of_raw_files_are_without_them_too(raw: Path, withheld: Path, config: str) -> None:
    stream = PMGBench(config, data_dir=raw, without_images=True).as_streaming_dataset()
    assert {split: list(rows) for split, rows in stream.items()} == rows_of(withheld, config)


def test_digests_tell_which_pictures_they_were(built: Path, withheld: Path) -> None:
    for config in (name for name in TABLES if name.endswith("_items")):
        there = [row["image_sha256"] for row in rows_of(withheld, config)["train"]]
        shown = [row["image"] is not None for row in rows_of(built, config)["train"]]
        assert [digest is not None for digest in there] == shown
        assert any(shown)


def test_it_is_sound_and_counts_what_has_a_picture(built: Path, withheld: Path) -> None:
    assert verify(withheld).count(Severity.ERROR) == 0
    assert read_manifest(withheld).coverage == read_manifest(built).coverage


def test_the_card_tells(withheld: Path) -> None:
    card = (withheld / "README.md").read_text(encoding="utf-8")
    assert "Pictures are left out, and null; lists of them keep their length." in card
    assert "Pictures that arrive as pixels" not in card


def test_a_picture_where_none_may_be_is_an_error(raw: Path, built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["build", str(raw), str(out), "--without-images"]) == 0
    picture = rows_of(built, "ser30k_items")["train"][0]["image"]
    path = edit(out, "ser30k_items", lambda rows: rows[0].update(image=picture))
    told = list(verify(out).sentences(mildest=Severity.ERROR))
    assert [sentence for sentence in told if "README.md" not in sentence] == [
        (
            "error: ser30k_items, column image: expected no picture, as built, found 1. "
            "Remove the built folder and build it again."
        )
    ]
    assert path.is_file()


def test_the_option_is_yes_or_no() -> None:
    with pytest.raises(BadCall, match="expected True or False, found 'yes'"):
        Options(without_images="yes")  # type: ignore[arg-type] # that is the point
