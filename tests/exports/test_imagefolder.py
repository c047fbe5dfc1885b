"""Exports as imagefolder: read back by `datasets`, they are the rows that were exported."""

import json
from pathlib import Path

import pytest

from pmg.manifest import read_manifest
from pmg_bench import DOMAINS, Items, Samples
from tests.exports.conftest import Export, contents, read_back

SETS = [each for domain in DOMAINS for each in (domain.name, f"{domain.name}_bench")]
ITEMS = [f"{domain.name}_items" for domain in DOMAINS]
LISTS = (("history_ids", "history_images"), ("outfit_item_ids", "outfit_images"))
OTHER_NAMES = {"file_name": "file", "text": "item_text"}


@pytest.mark.parametrize("config", SETS)
def test_samples_are_read_back(built: Path, export: Export, config: str) -> None:
    read = read_back(export(built, config, "imagefolder"))
    assert {*read} == {*read_manifest(built).configs[config].splits}
    for split, rows in read.items():
        samples = [*Samples(built, config, split, decode=False)]
        for row, sample in zip(rows, samples, strict=True):
            assert row["sample_id"] == sample["sample_id"]
            assert row["image"] == contents(sample["target_image"])
            assert row["text"] == sample["target_caption"]
            for column in ("history_images", "outfit_images"):
                assert row.get(column) == contents(sample.get(column))
            for column in ("history_ids", "history_captions", "preference_caption", "target_id"):
                assert row[column] == sample[column]


@pytest.mark.parametrize("config", ITEMS)
def test_items_are_read_back(built: Path, export: Export, config: str) -> None:
    (rows,) = read_back(export(built, config, "imagefolder")).values()
    items = Items(built, config, decode=False)
    shown = [item for item in items.values() if item["image"] is not None]
    classes = {name: kind.names for name, kind in items.features.items() if hasattr(kind, "names")}
    for row, item in zip(rows, shown, strict=True):
        assert row["image"] == contents(item["image"])
        assert row["text"] == item["caption"]
        for name in item.keys() - {"image"}:
            column, value = OTHER_NAMES.get(name, name), item[name]
            told = classes[name][value] if name in classes and value is not None else value
            assert row.get(column) == told
    assert {*rows[0]} >= {"item_id", "image_sha256"}


@pytest.mark.parametrize("config", SETS)
def test_each_picture_is_written_once_byte_for_byte(
    built: Path, export: Export, config: str
) -> None:
    folder = export(built, config, "imagefolder")
    files = [path for path in folder.rglob("images/*") if path.is_file()]
    numbers = {path.stat().st_ino for path in files}
    written = {path.read_bytes() for path in files}
    shown: dict[str, bytes] = {}
    for split in read_manifest(built).configs[config].splits:
        for row in Samples(built, config, split, decode=False):
            shown[row["target_id"]] = row["target_image"]["bytes"]
            for ids, images in (
                ("history_ids", "history_images"),
                ("outfit_item_ids", "outfit_images"),
            ):
                pairs = zip(row.get(ids, []), row.get(images, []), strict=True)
                shown |= {item_id: image["bytes"] for item_id, image in pairs if image}
    assert written == {*shown.values()}
    assert len(numbers) == len(shown)
    if config in ("movieposter_bench", "pog_dataset_bench"):
        assert len(files) > len(numbers)  # splits share pictures, and link to them


def test_what_no_split_lacks_is_told(
    built: Path, export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    """Validation histories are of nobody, so that the column would have no type there."""
    folder = export(built, "movieposter", "imagefolder")
    assert capsys.readouterr().out.splitlines() == [
        "  train             24 rows",
        "  validation         6 rows",
        (
            "note: columns left out, as some split has no value of them: user_id, history_ratings, "
            "history_timestamps."
        ),
        f"{folder}: exported as imagefolder.",
    ]
    lines = (folder / "train" / "metadata.jsonl").read_text(encoding="utf-8").splitlines()
    assert all("user_id" not in json.loads(line) for line in lines)
