"""The card of a built folder, and the documents of this checkout."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from datasets import load_dataset

from pmg.building.build import build
from pmg.building.jobs import Request
from pmg.card.card import filled, template
from pmg.manifest import read_manifest
from pmg.options import Options
from pmg_bench import DOMAINS, TABLES, main

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "dataset_card.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *(each.readme for each in DOMAINS),
]


def front_matter(built: Path) -> dict[str, object]:
    _, text, _ = (built / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    told: dict[str, object] = yaml.safe_load(text)
    return told


def test_configs_point_at_files_and_one_is_the_default(built: Path) -> None:
    configs = front_matter(built)["configs"]
    assert isinstance(configs, list)
    assert [config["config_name"] for config in configs] == list(TABLES)
    assert [config["config_name"] for config in configs if config.get("default")] == ["movieposter"]
    for config in configs:
        for files in config["data_files"]:
            assert list(built.glob(files["path"]))
        assert read_manifest(built).configs[config["config_name"]].digest in config["description"]


def test_every_column_is_in_the_card(built: Path) -> None:
    body = (built / "README.md").read_text(encoding="utf-8")
    for table in TABLES.values():
        for column in table.features:
            assert f"| `{column}` | " in body
    assert "| `history_genres` | List(List(string)) |" in body
    assert "| `target_image` | Image |" in body


def test_a_card_of_drawn_files_says_so_and_another_does_not(
    raw: Path, built: Path, tmp_path: Path
) -> None:
    assert "**Stand-ins, not real data:**" in (built / "README.md").read_text(encoding="utf-8")
    shutil.copytree(raw, tmp_path / "raw")
    for domain in DOMAINS:
        (tmp_path / "raw" / domain.name / "drawn.txt").unlink()
    build(Request(DOMAINS, tmp_path / "raw", tmp_path / "out"))
    assert "tand-ins, not" not in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")


def test_filters_work_as_the_card_says(built: Path) -> None:
    told = {"split": "train", "verification_mode": "no_checks"}
    found = load_dataset(
        str(built), "movieposter_interactions", filters=[("rating", ">", 4)], **told
    )
    whole = load_dataset(str(built), "movieposter_interactions", split="train")
    assert found["rating"][:] == [rating for rating in whole["rating"] if rating > 4]
    assert 0 < len(found) < len(whole)


def test_a_sample_of_ids_is_joined_as_the_card_says(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (built / "README.md").read_text(), re.DOTALL)
    (code,) = (block for block in blocks if "row_of" in block)
    monkeypatch.chdir(built.parent)
    told: dict[str, Any] = {"load_dataset": load_dataset}
    exec(code, told)  # noqa: S102 - the card of this checkout
    first = told["split"][0]
    pictures = {row["item_id"]: row["image"] for row in told["items"]}
    assert told["history"] == [pictures[item_id] for item_id in first["history_ids"]]
    assert told["target"] == pictures[first["target_id"]]


def test_the_library_cuts_as_readme_says(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (code,) = (block for block in blocks if "leave_last_out" in block)
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "pmg-bench").symlink_to(built)
    monkeypatch.chdir(tmp_path)
    told: dict[str, Any] = {"load_dataset": load_dataset}
    exec(code, told)  # noqa: S102 - README of this checkout
    assert all(len(each) == 10 for each in told["ids"]["candidate_ids"].to_pylist())
    assert not told["leakcheck"](told["ids"], told["ratings"]).leaks


def test_the_first_row_comes_as_the_card_says(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (built / "README.md").read_text(), re.DOTALL)
    (code,) = (block for block in blocks if "fragment_scan_options" in block)
    monkeypatch.chdir(built.parent)
    told: dict[str, Any] = {"load_dataset": load_dataset}
    exec(code, told)  # noqa: S102 - the card of this checkout
    rows = load_dataset(str(built), "movieposter", split="train")
    assert [row["sample_id"] for row in told["samples"]] == rows["sample_id"][:]
    assert next(iter(told["samples"]))["target_image"].size == rows[0]["target_image"].size


def test_the_card_says_how_it_was_built(raw: Path, built: Path, tmp_path: Path) -> None:
    assert "lossless WebP: every pixel is as in the source." in (built / "README.md").read_text()
    build(Request(DOMAINS, raw, tmp_path / "out", Options("jpeg:60", history=1), "2.0.0"))
    card = (tmp_path / "out" / "README.md").read_text()
    assert "JPEG of quality 60. Built with `history` 1." in card
    assert "lossless" not in card
    assert "version: 2.0.0" in card


def test_the_template_has_its_blocks_empty() -> None:
    assert "<!-- rows -->\n<!-- end of rows -->" in template()
    with pytest.raises(ValueError, match="lacks the markers of prices"):
        filled(template(), "prices", "")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (document.parent / target).exists(), target


def test_the_rooms_of_the_readme_are_the_rooms(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rooms = text.partition("## The rooms")[2]
    for path in [*(ROOT / "pmg").glob("[!_]*.py"), *(ROOT / "pmg").glob("*/")]:
        if not path.name.startswith("__"):
            assert re.search(rf"\b{path.stem}\b", rooms), f"README.md does not name pmg/{path.name}"
    with pytest.raises(SystemExit):
        main(["--help"])
    for verb in re.findall(r"^    (\w+)  ", capsys.readouterr().out, re.MULTILINE):
        assert f"| `{verb} " in text, f"README.md does not name the verb {verb}"
