"""What cannot be read is told in a sentence: before anything is read, or when it is met."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from datasets import Dataset, load_dataset

from pmg.building import shards
from pmg.manifest import read_manifest
from pmg.options import Options
from pmg_bench import BadCall, BadData, Items, Samples, TooManyProblems
from tests.built import build_all
from tests.reading.conftest import run_python

ITEMS = "movieposter_items"


def shard_of(out: Path, config: str = ITEMS) -> Path:
    return out / read_manifest(out).configs[config].files[0].path


def told(out: Path, call: Callable[[], object]) -> str:
    """What is told of a call that cannot be, with the folder's name in place of its path."""
    with pytest.raises((BadCall, BadData, TooManyProblems)) as fault:
        call()
    return str(fault.value).replace(str(out), "OUT")


def ids(*targets: str | None, history: str) -> pa.Table:
    return pa.table({"history_ids": [[history]] * len(targets), "target_id": [*targets]})


CALLS: dict[str, tuple[Callable[[Path], object], str]] = {
    "unknown config": (
        lambda out: Samples(out, "books"),
        "Config 'books': expected one of movieposter, pog_dataset, ser30k, movieposter_items, ",
    ),
    "config of no samples": (
        lambda out: Samples(out, ITEMS),
        (
            "Config 'movieposter_items': expected one of samples, movieposter, pog_dataset, "
            "ser30k, movieposter_bench, pog_dataset_bench, ser30k_bench."
        ),
    ),
    "config of no items": (
        lambda out: Items(out, "movieposter"),
        (
            "Config 'movieposter': expected one of items, movieposter_items, pog_dataset_items, "
            "ser30k_items."
        ),
    ),
    "no split": (
        lambda out: Samples(out, "movieposter"),
        "movieposter, split None: expected one of train, validation.",
    ),
    "unknown split": (
        lambda out: Samples(out, "movieposter", "dev"),
        "movieposter, split 'dev': expected one of train, validation.",
    ),
    "unknown format": (
        lambda out: Samples(out, "movieposter", "train", format="jax"),
        "Format 'jax': expected one of pil, numpy, torch.",
    ),
    "no such set": (
        lambda out: Items(out.parent / "nowhere else"),
        "expected a built folder, or a repository as ORG/NAME, found neither.",
    ),
    "not built": (
        lambda out: Samples(out.parent),
        "expected a built folder with manifest.json, found none. Name what `pmg-bench build` made.",
    ),
    "revision of a folder": (
        lambda out: Samples(out, "movieposter", "train", revision="v1.0.0"),
        "OUT: expected no revision of a folder, found 'v1.0.0'.",
    ),
    "items of a built set": (
        lambda out: Samples(out, "movieposter", "train", items=Items(out)),
        "Samples: expected items of one's own table only. Leave them out.",
    ),
    "no items": (
        lambda _: Samples(ids("1", history="2")),
        (
            "Samples: expected the items of one's own table, as "
            'items=Items("pmg-bench", "movieposter_items"), found NoneType.'
        ),
    ),
    "no ids": (
        lambda out: Samples(pa.table({"user_id": ["1"]}), items=Items(out)),
        "Samples: expected the columns history_ids and target_id, found user_id.",
    ),
    "no column of splits": (
        lambda out: Samples(ids("1", history="2"), split="test", items=Items(out)),
        "Samples, split 'test': expected a column `split`, found none.",
    ),
    "no rows of a split": (
        lambda out: Samples(
            ids("1", history="2").append_column("split", pa.array(["train"])),
            split="test",
            items=Items(out),
        ),
        "Samples, split 'test': expected one of train.",
    ),
    "no table": (
        lambda out: Samples(5, items=Items(out)),
        "an Arrow table or a DataFrame, found int.",
    ),
    "no source": (
        lambda _: Items(5),
        "Items: expected a built folder, a repository as ORG/NAME or a Dataset, found int.",
    ),
    "Dataset of no items": (
        lambda _: Items(Dataset.from_dict({"item_id": ["1"]})),
        "Items: expected the columns item_id and image, found no image. Take a table of items.",
    ),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_cannot_be_is_told(built: Path, call: str) -> None:
    make, expected = CALLS[call]
    assert expected in told(built, lambda: make(built))


def test_all_unknown_and_missing_items_are_told_at_once(built: Path) -> None:
    known = next(iter(Items(built, ITEMS)))
    table = ids("no", "none", None, known, history="nowhere")
    expected = {
        (
            "column history_ids: expected ids of movieposter_items, found 1 unknown: nowhere. "
            "Take the items that these samples were cut from."
        ),
        (
            "column target_id: expected ids of movieposter_items, found 2 unknown: no, none. "
            "Take the items that these samples were cut from."
        ),
        "column target_id: expected an item everywhere, found 1 without. Leave these samples out.",
    }
    said = told(built, lambda: Samples(table, items=Items(built, ITEMS))).splitlines()
    assert {line.removeprefix("error: samples, ") for line in said} == expected
    assert len(said) == len(expected)


def test_a_target_without_picture_is_told(built: Path) -> None:
    rows = load_dataset(str(built), "pog_dataset_items", split="train")
    bare = [row["item_id"] for row in rows if row["image"] is None]
    (shown, *_) = (row["item_id"] for row in rows if row["image"] is not None)
    table, items = ids(*bare, shown, history=shown), Items(built, "pog_dataset_items")
    assert told(built, lambda: Samples(table, items=items)) == (
        f"error: samples, column target_id: expected items with a picture, found {len(bare)} "
        f"without: {', '.join(bare[:5])}{'' if len(bare) <= 5 else f' and {len(bare) - 5} more'}. "
        "Attach the pictures, or leave these samples out."
    )


def test_a_set_without_pictures_is_told(withheld: Path) -> None:
    said = told(withheld, lambda: Samples(withheld, "movieposter", "validation"))
    first = (
        "error: movieposter, validation, column history_ids: expected items with a picture, found"
    )
    assert said.startswith(first)
    assert said.endswith("Attach the pictures, or leave these samples out.")
    items = Items(withheld, ITEMS)
    assert items[next(iter(items))]["image"] is None


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


def test_pytorch_is_imported_for_who_asks_only(built: Path) -> None:
    read = f"Samples({str(built)!r}, 'ser30k', 'test', format={{!r}})[0]"
    script = f"import sys; from pmg_bench import Samples; {read}; assert 'torch' not in sys.modules"
    for plain in ("pil", "numpy"):
        assert run_python("-c", script.format(plain)).returncode == 0
    without = f"import sys; sys.modules['torch'] = None; from pmg_bench import Samples; {read}"
    run = run_python("-c", without.format("torch"))
    assert "Format torch: expected PyTorch, found none. `pip install torch`." in run.stderr


def test_a_cache_that_was_cut_off_is_made_again(built: Path, own_home: Path) -> None:
    first: dict[str, Any] = Samples(built, "ser30k", "test")[0]
    for kept in (own_home / "datasets").rglob("*.arrow"):
        os.truncate(kept, kept.stat().st_size // 2)
    assert Samples(built, "ser30k", "test")[0] == first
