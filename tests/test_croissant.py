"""croissant.json, as a reader of that format takes it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pmg.digests import sha256_of
from pmg.manifest import read_manifest
from pmg_bench import TABLES


@pytest.fixture(scope="module")
def read(built: Path) -> dict[str, Any]:
    """What `read_croissant.py` told of the built folder."""
    script = Path(__file__).with_name("read_croissant.py")
    run = subprocess.run(
        [sys.executable, str(script), str(built / "croissant.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    told: dict[str, Any] = json.loads(run.stdout)
    return told


def told(built: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((built / "croissant.json").read_text(encoding="utf-8"))
    return content


def test_it_has_no_issues(read: dict[str, Any]) -> None:
    assert read["issues"] == ""


@pytest.mark.parametrize("config", list(TABLES))
def test_all_records_are_read_by_it(built: Path, read: dict[str, Any], config: str) -> None:
    splits = read_manifest(built).configs[config].splits
    rows = [
        {"split": split, **row}
        for split in sorted(splits)
        for file in splits[split]
        for row in pq.read_table(built / file.path).to_pylist()
    ]
    records = read["records"][config]
    assert len(records) == len(rows)
    assert records[0].keys() == rows[0].keys()
    ids = [name for name in rows[0] if name.endswith(("_id", "_ids", "split", "caption"))]
    for record, row in zip(records, rows, strict=True):
        assert {name: record[name] for name in ids} == {name: row[name] for name in ids}
    names = read["records"][f"{config}-splits"]
    assert [each["split"] for each in names] == list(splits)


def test_pictures_are_pictures(read: dict[str, Any]) -> None:
    for record in read["records"]["movieposter_items"]:
        size = [record["image_width"], record["image_height"]]
        assert record["image"] in (size, None)
    first = read["records"]["movieposter"][0]
    assert [len(size) for size in first["history_images"]] == [2] * len(first["history_ids"])


def test_every_file_is_told_with_its_sha256(built: Path) -> None:
    files = {
        each["contentUrl"]: each["sha256"]
        for each in told(built)["distribution"]
        if each["@type"] == "cr:FileObject"
    }
    assert files == {
        path.relative_to(built).as_posix(): sha256_of(path) for path in built.rglob("*.parquet")
    }


def test_ids_refer_to_the_tables_that_have_them(built: Path) -> None:
    refers = {
        field["@id"]: field["references"]["field"]["@id"]
        for records in told(built)["recordSet"]
        for field in records["field"]
        if "references" in field and not field["@id"].endswith("/split")
    }
    assert refers["movieposter/history_ids"] == "movieposter_items/item_id"
    assert refers["pog_dataset/outfit_item_ids"] == "pog_dataset_items/item_id"
    assert refers["pog_dataset_interactions/outfit_id"] == "pog_dataset_outfits/outfit_id"
    assert {each.partition("/")[0].partition("_items")[0] for each in refers} >= {"ser30k"}


def test_it_tells_of_people_biases_and_limits(built: Path) -> None:
    content = told(built)
    assert content["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    assert "Do not try to find out who they are." in content["rai:personalSensitiveInformation"]
    assert "who used MovieLens until 2018" in content["rai:dataBiases"]
    assert len(content["license"]) == 3
