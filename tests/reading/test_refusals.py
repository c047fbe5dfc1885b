"""What cannot be read is told in a sentence: before anything is read, or when it is met."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from datasets import Dataset, load_dataset

from pmg_bench import Items, Samples
from tests.reading.conftest import run_python, told

ITEMS = "movieposter_items"


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


@pytest.mark.parametrize(
    ("column", "values", "found"),
    [
        ("history_ids", ["1"], "lists of texts or whole numbers, found string"),
        ("history_ids", [[["1"]]], "lists of texts or whole numbers, found list<item: list<"),
        ("history_ids", [[1.5]], "lists of texts or whole numbers, found list<item: double>"),
        ("history_ids", [[{"a": 1}]], "lists of texts or whole numbers, found list<item: struct<"),
        ("target_id", [["1"]], "texts or whole numbers, found list<item: string>"),
        ("target_id", [b"1"], "texts or whole numbers, found binary"),
        ("candidate_ids", ["1"], "lists of texts or whole numbers, found string"),
    ],
)
def test_ids_of_another_kind_are_told(
    built: Path, column: str, values: list[Any], found: str
) -> None:
    table = pa.table({"history_ids": [["1"]], "target_id": ["2"], column: values})
    said = told(built, lambda: Samples(table, items=Items(built, ITEMS)))
    assert said.startswith(f"Samples: expected {column} as {found}")


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


def test_pytorch_is_imported_for_who_asks_only(built: Path) -> None:
    read = f"Samples({str(built)!r}, 'ser30k', 'test', format={{!r}})[0]"
    script = f"import sys; from pmg_bench import Samples; {read}; assert 'torch' not in sys.modules"
    for plain in ("pil", "numpy"):
        assert run_python("-c", script.format(plain)).returncode == 0
    without = f"import sys; sys.modules['torch'] = None; from pmg_bench import Samples; {read}"
    run = run_python("-c", without.format("torch"))
    assert "Format torch: expected PyTorch, found none. `pip install torch`." in run.stderr
