"""What `show` reads for its pages, and says of all rows."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from datasets import Features

from pmg.manifest import read_manifest
from pmg.pages import MOST_ROWS, ROWS
from pmg.pages.page import ROOM
from pmg.pages.show import opened_folder, rows_of, shared, show, show_samples
from pmg.problems import BadCall
from pmg_bench import DOMAINS, Samples, main

LARGEST = 20_000_000  # bytes of a page


def content_of(page: Path) -> dict[str, Any]:
    """What a page holds for its script."""
    text = page.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="content">(.*?)</script>', text)
    assert found
    content: dict[str, Any] = json.loads(found[1])
    return content


def test_emotions_are_shown_by_their_names(built: Path) -> None:
    source = opened_folder(built)
    for config, column in (("ser30k_items", "emotion"), ("ser30k", "history_emotions")):
        told = read_manifest(built).configs[config].splits["train"]
        table = pq.read_table(built / told[0].path)
        kind = Features.from_arrow_schema(table.schema)[column]
        names = getattr(kind, "feature", kind).names
        stored = table[column].to_pylist()
        shown = [row[column] for row in rows_of(source, config, "train", len(stored))]
        assert shown == [
            [names[each] for each in value] if isinstance(value, list) else names[value]
            for value in stored
        ]
        assert "happiness" in str(shown)


def test_the_page_of_the_demo_has_samples_of_every_domain(built: Path, tmp_path: Path) -> None:
    page = content_of(show_samples(built, tmp_path / "page.html"))
    shown = {split["name"] for split in page["splits"]}
    assert shown == {
        f"{name}, {split}"
        for name, config in read_manifest(built).configs.items()
        if config.folder == "samples"
        for split in config.splits
    }


@pytest.mark.parametrize("config", ["movieposter", "movieposter_bench", "pog_dataset", "ser30k"])
def test_a_page_shows_samples_as_they_are_read(config: str, built: Path, tmp_path: Path) -> None:
    page = content_of(show(DOMAINS, built, config, tmp_path / "page.html", MOST_ROWS))
    things = page["things"]
    for split in page["splits"]:
        samples = Samples(built, config, split["name"])
        assert split["total"] == len(samples) == len(split["rows"])
        for row, sample in zip(split["rows"], samples, strict=True):
            assert row["id"] == sample["sample_id"]
            assert row["user"] == sample["user_id"]
            assert [things[each]["id"] for each in row["history"]] == sample["history_ids"]
            assert things[row["target"]]["id"] == sample["target_id"]
            captions = [things[each]["caption"] for each in row["history"]]
            assert captions == sample["history_captions"]
            picture = page["pictures"][things[row["target"]]["picture"]]
            width, height = sample["target_image"].size
            assert picture["width"] / picture["height"] == pytest.approx(width / height, abs=0.05)


@pytest.mark.parametrize("config", ["movieposter_items", "movieposter_interactions"])
def test_few_rows_are_as_many_as_asked_for(config: str, built: Path, tmp_path: Path) -> None:
    page = content_of(show(DOMAINS, built, config, tmp_path / "page.html", 7))
    assert [len(split["rows"]) for split in page["splits"]] == [7]


def test_rows_are_shared_by_the_splits() -> None:
    assert shared({"train": 1_000, "validation": 5, "test": 100}, 300) == {
        "train": 195,
        "validation": 5,
        "test": 100,
    }
    assert shared({"train": 1_000, "test": 1_000}, 301) == {"train": 150, "test": 151}
    assert shared({"train": 10}, 300) == {"train": 10}


def test_a_set_without_pictures_is_shown(withheld: Path, tmp_path: Path) -> None:
    for config in ("movieposter", "movieposter_bench", "movieposter_items"):
        page = content_of(show(DOMAINS, withheld, config, tmp_path / "page.html", ROWS))
        assert {each["problem"] for each in page["pictures"]} == {"no picture"}
        assert any(split["rows"] for split in page["splits"])
    with pytest.raises(Exception, match="items with a picture"):
        Samples(withheld, "movieposter_bench", "test")  # what `show` kept must not let it pass


def test_a_page_tells_what_check_found_and_what_there_is(built: Path, tmp_path: Path) -> None:
    page = show(DOMAINS, built, "ser30k", tmp_path / "page.html", ROWS).read_text(encoding="utf-8")
    found = (built / "ser30k" / "problems.txt").read_text(encoding="utf-8").splitlines()
    assert found
    for sentence in found:
        assert sentence.replace("'", "&#39;").replace('"', "&#34;") in page
    for title in (
        "Samples by the items in their history",
        "Stickers by their emotion",
        "Topics by their items",
        "Captions of items by their characters",
    ):
        assert f"<figcaption>{title}</figcaption>" in page
    coverage = read_manifest(built).coverage["ser30k"]
    assert f"<dt>items</dt><dd>{coverage.items:,}</dd>" in re.sub(r"\s*\n\s*", "", page)


def test_pages_stay_small(built: Path, tmp_path: Path) -> None:
    html = show(DOMAINS, built, "movieposter", tmp_path / "page.html", MOST_ROWS)
    assert html.stat().st_size < LARGEST
    assert ROOM < LARGEST


def test_a_page_with_no_folder_to_be_in_is_refused(built: Path, tmp_path: Path) -> None:
    with pytest.raises(BadCall, match="expected a folder to write it to, found none"):
        show(DOMAINS, built, "ser30k", tmp_path / "nowhere" / "page.html", ROWS)


@pytest.mark.parametrize("name", ["", ".", "..", "folder", "pipe"])
def test_nothing_but_a_page_is_written_over(name: str, built: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadCall, match="expected the name of a file, found something else"):
        show(DOMAINS, built, "ser30k", tmp_path / name if name else Path(), ROWS)


def test_a_page_does_not_become_part_of_the_set(out: Path) -> None:
    before = (out / "manifest.json").read_bytes()
    for name in ("manifest.json", "page.html", "ser30k/page.html"):
        with pytest.raises(BadCall, match=r"expected a page outside of .*, found one in it"):
            show(DOMAINS, out, "ser30k", out / name, ROWS)
    assert (out / "manifest.json").read_bytes() == before


@pytest.mark.parametrize("rows", ["0", "-1", "1001", "many"])
def test_too_many_rows_are_refused(
    rows: str, built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["show", str(built), "--rows", rows])
    assert f"expected 1 to 1,000, found '{rows}'" in capsys.readouterr().err
