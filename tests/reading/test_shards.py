"""Shards that are not as they were built: told in a sentence, and never a wrong picture."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pmg import offsets
from pmg.building import shards
from pmg.manifest import read_manifest
from pmg.offsets import ABOUT
from pmg.options import Options
from pmg_bench import Items, Samples
from tests.built import build_all
from tests.reading.conftest import told

ITEMS = "movieposter_items"


def shard_of(out: Path, config: str = ITEMS) -> Path:
    return out / read_manifest(out).configs[config].files[0].path


def test_items_of_another_build_are_told(raw: Path, out: Path, tmp_path: Path) -> None:
    build_all(raw, tmp_path / "other", Options("png"))
    shutil.copyfile(shard_of(tmp_path / "other"), shard_of(out))
    of_other_size = told(out, lambda: Samples(out, "movieposter_bench", "test"))
    assert of_other_size == (
        "OUT/movieposter/items/train-00000-of-00001.parquet: expected the file that was built, "
        "found one of another size. Remove the built folder and build it again."
    )


def test_items_of_another_build_are_told_by_their_digest(
    raw: Path, out: Path, tmp_path: Path
) -> None:
    assert Samples(out, "movieposter_bench", "test")[0]
    build_all(raw, tmp_path / "other", Options(), workers=1)
    file = shard_of(tmp_path / "other")
    key = read_manifest(out).configs[ITEMS].files[0].key.encode()
    content = file.read_bytes()
    assert content.count(key) == 1
    shard_of(out).write_bytes(content.replace(key, key[::-1]))
    assert "found one of another build" in told(out, lambda: Items(out, ITEMS))
    assert "found one of another build" in told(
        out, lambda: Samples(out, "movieposter_bench", "test")
    )


def test_a_set_of_an_older_version_is_told(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "told", lambda *_: {})
    build_all(raw, tmp_path / "old")
    assert "found one that another version built" in told(
        tmp_path, lambda: Samples(tmp_path / "old", "ser30k", "test")
    )


def test_a_shard_that_is_not_there_is_told(out: Path) -> None:
    shard_of(out).unlink()
    assert told(out, lambda: Samples(out, "movieposter", "train")) == (
        "OUT/movieposter/items/train-00000-of-00001.parquet: expected the file that was built, "
        "found none. Remove the built folder and build it again."
    )


def gone(shard: Path) -> None:
    shard.unlink()


def shorter(shard: Path) -> None:
    os.truncate(shard, 20)


def replaced(shard: Path) -> None:
    content = shard.read_bytes()
    shard.unlink()
    shard.write_bytes(content)


def emptied(shard: Path) -> None:
    """All pictures become zeros, as after a disk was repaired; the file keeps size and time."""
    state = shard.stat()
    with shard.open("r+b") as file:
        file.write(bytes(state.st_size))
    os.utime(shard, ns=(state.st_atime_ns, state.st_mtime_ns))


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (gone, "found none."),
        (shorter, "found one that was changed since."),
        (replaced, "found one that was changed since."),
        (emptied, "found another, at byte "),
    ],
)
def test_a_shard_that_changes_before_it_is_read_is_told(
    out: Path, harm: Callable[[Path], None], found: str
) -> None:
    samples = Samples(out, "movieposter_bench", "test")
    harm(shard_of(out))
    said = told(out, lambda: samples[0])
    assert said.startswith("OUT/movieposter/items/train-00000-of-00001.parquet: expected the file")
    assert found in said


@pytest.mark.parametrize("harm", [shorter, emptied])
def test_a_shard_that_changes_while_it_is_read_is_told(
    out: Path, harm: Callable[[Path], None]
) -> None:
    samples = Samples(out, "movieposter_bench", "test")
    assert samples[0]
    harm(shard_of(out))
    assert "found another, at byte " in told(out, lambda: samples[0])


def test_a_shard_that_goes_while_it_is_read_is_read_on(out: Path) -> None:
    samples = Samples(out, "movieposter_bench", "test")
    first = samples[0]
    shutil.rmtree(out)
    assert samples[0] == first


def test_a_damaged_picture_is_told_with_its_item(out: Path) -> None:
    samples = Samples(out, "movieposter_bench", "test", decode=False)
    row = samples[0]
    data = row["target_image"]["bytes"]
    content = shard_of(out).read_bytes()
    assert content.count(data) == 1
    shard_of(out).write_bytes(content.replace(data, bytes(len(data))))
    damaged = Samples(out, "movieposter_bench", "test")
    assert told(out, lambda: damaged[0]) == (
        f"movieposter_items, item {row['target_id']}: expected a picture that decodes, found a "
        "damaged one. Remove the built folder and build it again."
    )


def test_a_cache_that_was_cut_off_is_made_again(built: Path, own_home: Path) -> None:
    first: dict[str, Any] = Samples(built, "ser30k", "test")[0]
    for kept in (own_home / "datasets").rglob("*.arrow"):
        os.truncate(kept, kept.stat().st_size // 2)
    assert Samples(built, "ser30k", "test")[0] == first


def forged(
    out: Path,
    config: str,
    table: Callable[[pa.Table], pa.Table] = lambda rows: rows,
    about: Callable[[dict[str, Any]], object] = lambda _: None,
) -> None:
    """Rewrite a shard with other rows, or that tells something else of itself."""
    manifest = read_manifest(out)
    path = shard_of(out, config)
    content = json.loads(pq.read_metadata(path).metadata[ABOUT])
    about(content)
    rows = table(pq.read_table(path))
    with pq.ParquetWriter(path, rows.schema) as writer:
        writer.write_table(rows)
        writer.add_key_value_metadata({ABOUT: json.dumps(content).encode()})
    before = f'"bytes": {manifest.configs[config].files[0].bytes},'
    text = (out / "manifest.json").read_text()
    assert text.count(before) == 1
    (out / "manifest.json").write_text(text.replace(before, f'"bytes": {path.stat().st_size},'))


def starts(*numbers: int) -> Callable[[dict[str, Any]], object]:
    """Pictures that begin at these places, and end a thousand bytes on."""

    def change(content: dict[str, Any]) -> None:
        lengths = np.full(len(numbers), 1000, np.uint32)
        made = offsets.told("", offsets.Offsets(np.array(numbers, np.uint32), lengths))
        content |= {name: json.loads(made[ABOUT])[name] for name in ("starts", "lengths")}

    return change


ABOUTS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "fewer pictures than rows": (starts(100), "one whose pictures lie elsewhere"),
    "beyond the file": (starts(*[4_000_000_000] * 60), "one whose pictures lie elsewhere"),
    "at the very start": (starts(*[1] * 60), "one whose pictures lie elsewhere"),
    "no numbers": (lambda told: told.update(starts="!"), "one that another version built"),
    "no pictures": (lambda told: [told.pop(each) for each in ("starts", "lengths")],
                    "one without items"),
}  # fmt: skip


@pytest.mark.parametrize("about", ABOUTS)
def test_a_shard_that_tells_what_is_not_so_is_refused(out: Path, about: str) -> None:
    change, found = ABOUTS[about]
    forged(out, ITEMS, about=change)
    assert f"found {found}." in told(out, lambda: Items(out, ITEMS))


def with_ids_in_numbers(rows: pa.Table) -> pa.Table:
    return rows.set_column(0, "item_id", rows["item_id"].cast(pa.int64()))


TABLES: dict[str, tuple[str, Callable[[pa.Table], pa.Table]]] = {
    "no features": (ITEMS, lambda rows: rows.replace_schema_metadata({})),
    "odd features": (ITEMS, lambda rows: rows.replace_schema_metadata({b"huggingface": b"{"})),
    "ids in numbers": (ITEMS, with_ids_in_numbers),
    "no ids": ("movieposter_bench", lambda rows: rows.drop_columns(["target_id"])),
    "no rows of samples": ("movieposter_bench", lambda rows: rows.select(["user_id"])),
}


@pytest.mark.parametrize("table", TABLES)
def test_a_table_of_another_kind_is_refused(out: Path, table: str) -> None:
    config, change = TABLES[table]
    forged(out, config, table=change)
    said = told(out, lambda: Samples(out, "movieposter_bench", "train"))
    assert "expected the file that was built, found" in said


def test_a_place_that_holds_something_else_is_no_picture(out: Path) -> None:
    forged(out, ITEMS, about=starts(*[100] * 60))
    items = Items(out, ITEMS)
    assert "found another, at byte 100." in told(out, lambda: items[next(iter(items))])
