"""Card and data agree: every figure in the card is counted again in the tables."""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import yaml
from datasets import load_dataset

from pmg.coverage import ITEMS
from pmg.manifest import Config, read_manifest
from pmg_bench import TABLES


@pytest.fixture(params=["built", "withheld"])
def out(request: pytest.FixtureRequest) -> Path:
    """A folder with pictures, and one without."""
    return Path(request.getfixturevalue(request.param))


def block(out: Path, name: str) -> list[list[str]]:
    """The cells of a table of the card, without its heading."""
    card = (out / "README.md").read_text(encoding="utf-8")
    found = re.search(f"<!-- {name} -->\n(.*?)\n<!-- end of {name} -->", card, re.DOTALL)
    assert found is not None
    lines = [line for line in found[1].splitlines() if line.startswith("| ")]
    return [[cell.strip().strip("`") for cell in line[1:-1].split("|")] for line in lines[1:]]


def tables(out: Path, config: Config) -> dict[str, pa.Table]:
    return {
        split: pa.concat_tables(pq.read_table(out / file.path) for file in files)
        for split, files in config.splits.items()
    }


def size(text: str) -> float:
    number, unit = text.split()
    return float(number.replace(",", "")) * {"kB": 1e3, "MB": 1e6}[unit]


def test_rows_and_sizes(out: Path) -> None:
    told = {
        (config, split): (int(rows.replace(",", "")), published, size(megabytes))
        for config, split, rows, published, megabytes in block(out, "rows")
    }
    for name, config in read_manifest(out).configs.items():
        for split, rows in tables(out, config).items():
            found = sum((out / file.path).stat().st_size for file in config.splits[split])
            count, published, bytes_told = told.pop((name, split))
            assert (count, published) == (len(rows), TABLES[name].published)
            assert bytes_told == pytest.approx(found, rel=0.02, abs=60)
    assert not told


def test_costs_are_what_load_dataset_takes(out: Path, tmp_path: Path) -> None:
    told = {name: (size(download), size(copy)) for name, download, copy, _ in block(out, "costs")}
    for name, config in read_manifest(out).configs.items():
        rows = load_dataset(str(out), name, cache_dir=str(tmp_path))
        copied = sum(
            Path(file["filename"]).stat().st_size
            for part in rows.values()
            for file in part.cache_files
        )
        download, copy = told.pop(name)
        packed = sum((out / file.path).stat().st_size for file in config.files)
        assert download == pytest.approx(packed, rel=0.02, abs=60)
        assert copy == pytest.approx(copied, rel=0.05, abs=40_000)  # Arrow's own headers
    assert not told


def test_coverage(out: Path) -> None:
    rows = {name: cells for name, *cells in block(out, "coverage")}
    manifest = read_manifest(out)
    for place, (domain, built) in enumerate(manifest.domains.items()):
        told = {name: cells[place] for name, cells in rows.items()}
        (items,) = (each for each in built.configs.values() if each.folder == ITEMS)
        found = tables(out, items)["train"]
        samples = tables(out, built.configs[domain])
        users = {user for part in samples.values() for user in part["user_id"].to_pylist() if user}
        assert told["items"] == str(len(found))
        assert told["with image"] == str(pc.count(found["image_sha256"]).as_py())
        assert told["with caption"] == str(pc.count(found["caption"]).as_py())
        assert told["users kept"] == str(len(users))
        for split in ("train", "validation", "test"):
            count = len(samples[split]) if split in samples else 0
            assert told[f"samples, {split}"] == str(count)


def test_sets_of_samples_are_counted(out: Path) -> None:
    told = {
        (name, split): ([protocol, users, histories], [*map(int, counts)])
        for name, protocol, users, histories, split, *counts in block(out, "sets")
    }
    manifest = read_manifest(out)
    for name, config in manifest.configs.items():
        for split, rows in tables(out, config).items() if config.terms else ():
            shown = [
                *rows["target_id"].to_pylist(),
                *pc.list_flatten(rows["history_ids"]).to_pylist(),
            ]
            users = {*rows["user_id"].to_pylist()} - {None}
            said, counts = told.pop((name, split))
            assert counts == [len(rows), len(users), len({*shown})]
            if name.endswith("_bench"):
                assert said == ["bench", "apart", "before the target"]
    assert not told


def test_columns_are_those_of_the_files(out: Path) -> None:
    card = (out / "README.md").read_text(encoding="utf-8")
    for name, config in read_manifest(out).configs.items():
        found = re.search(rf"\*\*`{name}`\*\*: a row is .*?\n\n(.*?)\n\n", card, re.DOTALL)
        assert found is not None
        told = re.findall(r"^\| `(\w+)` \|", found[1], re.MULTILINE)
        assert told == pq.read_schema(out / config.files[0].path).names


def test_the_front_matter_tells_the_same(out: Path) -> None:
    text = (out / "README.md").read_text(encoding="utf-8").split("---\n")[1]
    for told in yaml.safe_load(text)["dataset_info"]:
        config = read_manifest(out).configs[told["config_name"]]
        parts = tables(out, config)
        assert {each["name"]: each["num_examples"] for each in told["splits"]} == {
            split: len(rows) for split, rows in parts.items()
        }
        assert told["download_size"] == sum(
            (out / file.path).stat().st_size for file in config.files
        )
        copied = sum(rows.nbytes for rows in parts.values())
        assert told["dataset_size"] == pytest.approx(copied, rel=0.05, abs=40_000)


def test_its_links_lead_to_files_of_the_set(out: Path) -> None:
    card = (out / "README.md").read_text(encoding="utf-8")
    figures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", card)
    assert figures
    assert {*figures} <= {file.path for file in read_manifest(out).files}
    assert all((out / path).is_file() for path in figures)
