"""The built folder: whole or absent, the same every time, and small in memory."""

import hashlib
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from datasets import load_dataset

from pmg.building import heaps, row_files, shards
from pmg.building.build import build
from pmg.building.jobs import Request
from pmg.building.row_files import GROUP_BYTES
from pmg.inputs import inputs_of
from pmg.options import Options
from pmg.problems import BadCall, Severity
from pmg.raw.pickles import DictWriter
from pmg.verify import verify
from pmg_bench import DOMAINS, TABLES
from tests.built import build_all, digests
from tests.parquet_pages import page_sizes

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_again_and_with_other_workers_gives_the_same_bytes(
    raw: Path, built: Path, tmp_path: Path, workers: int
) -> None:
    build_all(raw, tmp_path / "again", workers=workers)
    assert digests(built)
    assert digests(tmp_path / "again") == digests(built)


@pytest.mark.parametrize("seed", ["0", "1", "77"])
def test_another_hash_seed_gives_the_same_bytes(
    raw: Path, built: Path, tmp_path: Path, seed: str
) -> None:
    command = [sys.executable, "pmg_bench.py", "build", str(raw), str(tmp_path / "out")]
    env = {**os.environ, "PYTHONHASHSEED": seed}
    subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    assert digests(tmp_path / "out") == digests(built)


@pytest.mark.parametrize("protocol", range(6))
def test_another_pickle_protocol_gives_the_same_bytes(
    raw: Path, built: Path, tmp_path: Path, protocol: int
) -> None:
    copy = tmp_path / "raw"
    shutil.copytree(raw, copy)
    path = copy / "movieposter" / "image_data.pkl"
    path.write_bytes(pickle.dumps(pickle.loads(path.read_bytes()), protocol=protocol))
    build_all(copy, tmp_path / "out")
    assert digests(tmp_path / "out") == digests(built)


def test_nothing_but_the_folder_is_left(raw: Path, tmp_path: Path) -> None:
    build_all(raw, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir() if path.name != "hf-home"] == ["out"]
    names = {path.name for path in (tmp_path / "out").iterdir()}
    files = {"README.md", "croissant.json", "manifest.json", "figures"}
    assert names == {*files, *(domain.name for domain in DOMAINS)}


def test_the_same_files_and_settings_are_nothing_to_do(raw: Path, built: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.rglob("*")}
    again = build(Request(DOMAINS, raw, built))
    assert not again.anew
    assert {path: path.stat().st_mtime_ns for path in built.rglob("*")} == before


def test_other_settings_are_refused_and_the_folder_stays(raw: Path, built: Path) -> None:
    before = digests(built)
    with pytest.raises(BadCall, match="Build with --update"):
        build_all(raw, built, Options(image_format="png"))
    assert digests(built) == before


def test_an_empty_folder_may_be_built_into(raw: Path, built: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    build_all(raw, tmp_path / "out")
    assert digests(tmp_path / "out") == digests(built)


def test_a_folder_that_is_not_ours_is_refused(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("dear")
    with pytest.raises(BadCall, match="found something else"):
        build_all(raw, tmp_path / "out")
    assert (tmp_path / "out" / "thesis.txt").read_text() == "dear"


def sizes_like(card: Path, other: str) -> None:
    """Give a card the sizes of another, so that only what data it tells of is different."""
    sizes = iter(re.findall(r"(?:num_bytes|_size): [0-9]+", other))
    text = re.sub(r"(?:num_bytes|_size): [0-9]+", lambda _: next(sizes), card.read_text())
    card.write_text(text)
    assert re.sub(r"Data \w+", "", front(text)) == re.sub(r"Data \w+", "", front(other))


def front(card: str) -> str:
    return card.split("---\n")[1]


def test_other_data_under_the_same_name_never_serves_old_rows(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "pmg-bench"
    build_all(raw, out)
    before = load_dataset(str(out), "movieposter_items", split="train")["title"][:]
    card = (out / "README.md").read_text()
    shutil.rmtree(out)
    copy = tmp_path / "raw"
    shutil.copytree(raw, copy)
    info = copy / "movieposter" / "info.csv"
    info.write_bytes(info.read_bytes().replace(b"Silent", b"Golden", 1))
    build_all(copy, out)
    sizes_like(out / "README.md", card)
    after = load_dataset(str(out), "movieposter_items", split="train")["title"][:]
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 1


def test_a_poster_in_parquet_equals_the_array_in_the_pickle(raw: Path, built: Path) -> None:
    arrays = pickle.loads((raw / "movieposter" / "image_data.pkl").read_bytes())
    rows = load_dataset(str(built), "movieposter_items", split="train")
    assert len(rows) == len(arrays)
    for row in rows:
        pixels = np.asarray(row["image"])
        expected = arrays[row["movie_id"]]
        assert np.array_equal(pixels, expected)
        header = f"{expected.shape[0]} {expected.shape[1]} 3\n".encode()
        assert row["image_sha256"] == hashlib.sha256(header + expected.tobytes()).hexdigest()


@pytest.mark.parametrize(("image_format", "kind"), [("png", "PNG"), ("jpeg:95", "JPEG")])
def test_other_image_formats(raw: Path, tmp_path: Path, image_format: str, kind: str) -> None:
    build_all(raw, tmp_path / "out", Options(image_format=image_format))
    row = load_dataset(str(tmp_path / "out"), "movieposter_items", split="train")[0]
    assert row["image"].format == kind


def test_row_groups_are_small_and_pages_are_indexed(tmp_path: Path, raw: Path) -> None:
    copy = tmp_path / "raw"
    shutil.copytree(raw, copy)
    noise = np.random.default_rng(0)
    ids = pickle.loads((raw / "movieposter" / "image_data.pkl").read_bytes())
    with DictWriter(copy / "movieposter" / "image_data.pkl") as posters:
        for movie_id in ids:
            posters.add(movie_id, noise.integers(0, 256, (600, 500, 3), np.uint8))
    build_all(copy, tmp_path / "out", workers=2)
    for path in (tmp_path / "out").rglob("*.parquet"):
        metadata = pq.read_metadata(path)
        groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
        assert b"huggingface" in metadata.schema.to_arrow_schema().metadata
        assert all(group.total_byte_size <= GROUP_BYTES * 1.05 for group in groups)
        columns = [group.column(number) for group in groups for number in range(group.num_columns)]
        assert all(column.has_offset_index for column in columns)
        pictures = [column for column in columns if column.path_in_schema.endswith("bytes")]
        assert {column.compression for column in pictures} <= {"UNCOMPRESSED"}
        assert all(column.has_column_index for column in columns if column not in pictures)
    items = next((tmp_path / "out").rglob("items/*.parquet"))
    metadata = pq.read_metadata(items)
    names = [metadata.row_group(0).column(number).path_in_schema for number in range(10)]
    pages = page_sizes(items, 0, names.index("image.bytes"))
    assert metadata.num_row_groups > 1
    assert len(pages) > 5
    assert max(pages) < 3_000_000  # a chunk of 1 MiB at the most, and the picture it ends with


def raw_of(domain: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = domain["inputs"]["raw"]
    return told


def test_the_manifest_tells_every_file(raw: Path, built: Path) -> None:
    manifest = json.loads((built / "manifest.json").read_text())
    listed = {
        file["path"]: (file["rows"], file["bytes"], file["sha256"])
        for domain in manifest["domains"].values()
        for config in domain["configs"].values()
        for files in config["splits"].values()
        for file in files
    }
    assert listed == {
        path.relative_to(built).as_posix(): (
            pq.read_metadata(path).num_rows,
            path.stat().st_size,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in built.rglob("*.parquet")
    }
    told_domains = manifest["domains"].values()
    raw_files = {
        name: each for told in told_domains for name, each in told["inputs"]["raw"].items()
    }
    for name, told in raw_files.items():
        path = raw / name
        inside = [each for each in path.rglob("*") if each.is_file()] if path.is_dir() else [path]
        assert told["bytes"] == sum(each.stat().st_size for each in inside)
        assert told.get("files", 1) == len(inside)
    of_domains = (f"{domain.name}/{name}" for domain in DOMAINS for name in domain.files)
    assert {name for name in of_domains if (raw / name).exists()} < set(raw_files)
    for told in told_domains:
        assert set(told["inputs"]["libraries"]) == {"datasets", "numpy", "pillow", "pyarrow"}


def test_many_heaps_groups_and_shards_hold_the_same_rows(
    raw: Path, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heaps, "CHUNK_BYTES", 40_000)
    monkeypatch.setattr(row_files, "GROUP_BYTES", 20_000)
    monkeypatch.setattr(shards, "SHARD_BYTES", 60_000)
    monkeypatch.setattr(row_files, "GROUP_ROWS", 100)
    build_all(raw, tmp_path / "one")
    build_all(raw, tmp_path / "two", workers=2)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert verify(tmp_path / "one").count(Severity.ERROR) == 0
    for config in TABLES:
        many = load_dataset(str(tmp_path / "one"), config)
        few = load_dataset(str(built), config)
        for split in few:
            assert many[split].to_list() == few[split].to_list()
    (file,) = (tmp_path / "one" / "movieposter" / "interactions").iterdir()
    metadata = pq.read_metadata(file)
    groups = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
    assert groups == [*[100] * 7, 20]
    assert len(list((tmp_path / "one" / "movieposter" / "items").iterdir())) > 1


@pytest.mark.parametrize("name", [option.name for option in fields(Options)])
def test_every_option_is_part_of_what_a_build_is_told_by(raw: Path, name: str) -> None:
    other = {"image_format": "png", "on_problem": "skip", "encoding": "latin-1",
             "style_key": "movie", "history": 3, "group": "emotion",
             "without_images": True}  # fmt: skip
    usual = inputs_of(DOMAINS[0], raw, Options())
    unusual = inputs_of(DOMAINS[0], raw, Options(**{name: other[name]}))  # type: ignore[arg-type] # one of each type
    assert usual.key != unusual.key
    assert usual.key == inputs_of(DOMAINS[0], raw, Options()).key
