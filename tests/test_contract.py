"""What holds for every table of every domain, on every road; a new domain joins by being listed."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import datasets
import pyarrow.parquet as pq
import pytest
from datasets import ClassLabel, Features, Image, List, Value, load_dataset
from PIL import Image as PILImage

from pmg.building.build import build
from pmg.building.jobs import Request
from pmg.columns import ITEM_COLUMNS, SAMPLE_COLUMNS, Row
from pmg.domain import Domain
from pmg.manifest import read_manifest
from pmg.options import Options
from pmg_bench import DOMAIN_OF, DOMAINS, TABLES, PMGBench

CONFIGS = list(TABLES)
OLD_PYTHON = Path(__file__).parents[1] / ".venv-datasets3" / "bin" / "python"


def stored(features: Features) -> Features:
    """The same features with pictures as their bytes."""

    def leaf(kind: Any) -> Any:  # noqa: ANN401 - datasets has no types
        if isinstance(kind, Image):
            return Image(decode=False)
        return List(leaf(kind.feature)) if isinstance(kind, List) else kind

    return Features({name: leaf(kind) for name, kind in features.items()})


def declared(features: Features) -> Features:
    """The same features with classes as the numbers that a table declares."""

    def leaf(kind: Any) -> Any:  # noqa: ANN401 - datasets has no types
        if isinstance(kind, ClassLabel):
            return Value("int64")
        return List(leaf(kind.feature)) if isinstance(kind, List) else kind

    return Features({name: leaf(kind) for name, kind in features.items()})


def files(built: Path, config: str) -> list[Path]:
    return sorted((built / DOMAIN_OF[config].name / TABLES[config].folder).glob("*.parquet"))


def built_rows(built: Path, config: str) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for path in files(built, config):
        rows.setdefault(path.name.split("-")[0], []).extend(pq.read_table(path).to_pylist())
    return rows


@pytest.fixture(params=CONFIGS)
def config(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=DOMAINS, ids=lambda domain: domain.name)
def domain(request: pytest.FixtureRequest) -> Domain[Any]:
    answer: Domain[Any] = request.param
    return answer


@pytest.mark.parametrize("processes", [1, 2])
def test_prepared_arrow_has_the_rows_of_the_built_parquet(
    raw: Path, built: Path, config: str, processes: int
) -> None:
    builder = PMGBench(config, data_dir=raw)
    builder.download_and_prepare(num_proc=processes)
    prepared = builder.as_dataset()
    expected = built_rows(built, config)
    assert prepared.keys() == expected.keys()
    for split, rows in expected.items():
        assert prepared[split].cast(stored(prepared[split].features)).to_list() == rows
        assert prepared[split].cache_files, "it is mapped from disk, not held in memory"


def test_the_stream_from_raw_files_has_the_rows_of_the_built_parquet(
    raw: Path, built: Path, config: str
) -> None:
    streams = PMGBench(config, data_dir=raw).as_streaming_dataset()
    expected = built_rows(built, config)
    assert streams.keys() == expected.keys()
    for split, rows in expected.items():
        assert list(streams[split].cast(stored(streams[split].features))) == rows


@pytest.mark.parametrize(
    "options", [{"history": 1}, {"image_format": "jpeg:60"}, {"image_format": "png"}], ids=str
)
def test_options_mean_the_same_on_every_road(
    raw: Path, tmp_path: Path, domain: Domain[Any], options: dict[str, Any]
) -> None:
    out = tmp_path / "pmg-bench"
    build(Request([domain], raw, out, Options(**options)))
    for table in domain.tables:
        builder = PMGBench(table.name, data_dir=raw, **options)
        builder.download_and_prepare()
        for split, rows in built_rows(out, table.name).items():
            prepared = builder.as_dataset(split=split)
            stream = builder.as_streaming_dataset(split=split)
            assert prepared.cast(stored(prepared.features)).to_list() == rows
            assert list(stream.cast(stored(stream.features))) == rows


def test_the_built_folder_loads_by_its_name(
    built: Path, config: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(built.parent)
    loaded = load_dataset("pmg-bench", config)
    for split, rows in built_rows(built, config).items():
        assert declared(loaded[split].features) == TABLES[config].features
        assert loaded[split].cast(stored(loaded[split].features)).to_list() == rows
        half = f"{split}[:{len(rows) // 2}]"
        assert len(load_dataset("pmg-bench", config, split=half)) == len(rows) // 2
        first = next(iter(loaded[split].features))
        assert load_dataset("pmg-bench", config, split=split, columns=[first]).column_names == [
            first
        ]


def test_the_built_folder_streams_by_its_name(
    built: Path, config: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(built.parent)
    for split, rows in built_rows(built, config).items():
        stream = load_dataset("pmg-bench", config, split=split, streaming=True)
        assert declared(stream.features) == TABLES[config].features
        assert list(stream.cast(stored(stream.features))) == rows


@pytest.mark.parametrize(
    "python",
    [
        sys.executable,
        pytest.param(
            str(OLD_PYTHON),
            marks=pytest.mark.skipif(
                not OLD_PYTHON.exists(), reason="`make .venv-datasets3/ready` makes the old one"
            ),
        ),
    ],
    ids=["this-datasets", "datasets-3.6"],
)
def test_the_built_folder_loads_in_a_fresh_process(
    built: Path, own_home: Path, python: str
) -> None:
    script = Path(__file__).with_name("load_built.py")
    own_home.mkdir()
    run = subprocess.run(
        [python, "-W", "error::FutureWarning", str(script), *CONFIGS],
        cwd=built.parent,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    told = dict(re.findall(r"^(\S+) (\d+) rows, \d+ pictures$", run.stdout, re.MULTILINE))
    assert told == {
        f"{config}/{split}": str(len(rows))
        for config in CONFIGS
        for split, rows in built_rows(built, config).items()
    }


def test_features_are_of_the_declared_kinds(built: Path, config: str) -> None:
    assert files(built, config)
    for path in files(built, config):
        features = Features.from_arrow_schema(pq.read_schema(path))
        assert declared(features) == TABLES[config].features
        for name, kind in features.items():
            while isinstance(kind, List):
                kind = kind.feature  # noqa: PLW2901 - down to the leaf
            assert isinstance(kind, Image | Value | ClassLabel), name


def test_samples_and_items_share_their_columns(domain: Domain[Any]) -> None:
    samples = domain.tables[0].features
    assert {name: samples[name] for name in SAMPLE_COLUMNS} == SAMPLE_COLUMNS
    items = next(table for table in domain.tables if table.folder == "items").features
    assert {name: items[name] for name in ITEM_COLUMNS} == ITEM_COLUMNS


def sample_rows(built: Path, domain: Domain[Any]) -> list[Row]:
    return [row for rows in built_rows(built, domain.name).values() for row in rows]


def test_no_target_is_in_its_own_history(built: Path, domain: Domain[Any]) -> None:
    rows = sample_rows(built, domain)
    assert rows
    for row in rows:
        assert row["target_id"] not in row["history_ids"]
        assert row["target_id"] not in row.get("outfit_item_ids", [])


def test_history_columns_have_one_length_and_no_gaps(built: Path, domain: Domain[Any]) -> None:
    for row in sample_rows(built, domain):
        histories = {name: row[name] for name in row if name.startswith("history_")}
        assert {len(history) for history in histories.values()} == {len(row["history_ids"])}
        assert row["history_ids"]
        assert None not in row["history_images"]
        assert row["target_image"] is not None


def test_no_user_is_in_two_splits(built: Path, domain: Domain[Any]) -> None:
    users = [
        {row["user_id"] for row in rows} - {None}
        for rows in built_rows(built, domain.name).values()
    ]
    assert len(set().union(*users)) == sum(map(len, users))


def test_coverage_counts_what_is_in_the_tables(built: Path, domain: Domain[Any]) -> None:
    told = read_manifest(built).coverage[domain.name]
    items = built_rows(built, f"{domain.name}_items")["train"]
    samples = built_rows(built, domain.name)
    assert told.items == len(items)
    assert told.with_image == sum(row["image"] is not None for row in items)
    assert told.with_caption == sum(row["caption"] is not None for row in items)
    assert told.samples == {split: len(rows) for split, rows in samples.items()}
    assert told.kept == len({row["user_id"] for rows in samples.values() for row in rows} - {None})
    assert told.users == told.kept + sum(told.dropped.values())


def test_sample_ids_are_safe_and_unique(built: Path, domain: Domain[Any]) -> None:
    ids = [row["sample_id"] for row in sample_rows(built, domain)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,100}", sample_id) for sample_id in ids)


def test_every_id_resolves_and_shows_the_item_it_names(built: Path, domain: Domain[Any]) -> None:
    items = {row["item_id"]: row for row in built_rows(built, f"{domain.name}_items")["train"]}
    for row in sample_rows(built, domain):
        ids = [*row["history_ids"], row["target_id"]]
        pictures = [*row["history_images"], row["target_image"]]
        captions = [*row["history_captions"], row["target_caption"]]
        styles = [items[item_id]["style_caption"] for item_id in row["history_ids"]]
        assert row["history_style_captions"] == styles
        assert [items[item_id]["image"] for item_id in ids] == pictures
        assert [items[item_id]["caption"] for item_id in ids] == captions
        rest = row.get("outfit_item_ids", [])
        assert [items[item_id]["image"] for item_id in rest] == row.get("outfit_images", [])
        assert [items[item_id]["caption"] for item_id in rest] == row.get("outfit_captions", [])
    for table in domain.tables[1:]:
        for row in built_rows(built, table.name)["train"]:
            assert row.get("item_id") is None or row["item_id"] in items
            assert items.keys() >= set(row.get("item_ids", []))


def test_pictures_decode_and_are_as_described(built: Path, domain: Domain[Any]) -> None:
    items = load_dataset(str(built), f"{domain.name}_items", split="train")
    assert len(items)
    for row in items:
        image: PILImage.Image | None = row["image"]
        if image is None:
            assert row["image_width"] is row["image_mode"] is row["image_sha256"] is None
            continue
        assert (image.width, image.height, image.mode) == (
            row["image_width"],
            row["image_height"],
            row["image_mode"],
        )


def test_nothing_missing_is_an_empty_text(built: Path, config: str) -> None:
    def texts(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            for part in value:
                yield from texts(part)

    for rows in built_rows(built, config).values():
        assert "" not in {text for row in rows for value in row.values() for text in texts(value)}


@pytest.mark.parametrize(
    ("ending", "columns"),
    [("", SAMPLE_COLUMNS), ("_items", ITEM_COLUMNS)],
    ids=["samples", "items"],
)
def test_shared_columns_concatenate(built: Path, ending: str, columns: dict[str, Any]) -> None:
    tables = [
        load_dataset(str(built), f"{domain.name}{ending}", split="train").select_columns([*columns])
        for domain in DOMAINS
    ]
    together = datasets.concatenate_datasets(tables)
    assert len(together) == sum(map(len, tables))
    assert together.features == Features(columns)


@pytest.mark.parametrize("streaming", [False, True])
def test_shared_columns_interleave(built: Path, streaming: bool) -> None:
    tables = [
        load_dataset(str(built), domain.name, split="train", streaming=streaming).select_columns(
            list(SAMPLE_COLUMNS)
        )
        for domain in DOMAINS
    ]
    mixed = datasets.interleave_datasets(tables, stopping_strategy="all_exhausted")
    first = [row["domain"] for row in islice(mixed, 2 * len(DOMAINS))]
    assert first == [domain.name for domain in DOMAINS] * 2
    assert mixed.features == Features(SAMPLE_COLUMNS)


def test_the_three_domains_come_first() -> None:
    assert CONFIGS[: len(DOMAINS)] == [domain.name for domain in DOMAINS]
    assert DOMAINS[0].name == PMGBench.DEFAULT_CONFIG_NAME


def test_ranges_of_a_split_cover_it_once(raw: Path, built: Path, config: str) -> None:
    builder = PMGBench(config, data_dir=raw)
    for split in builder._split_generators(datasets.DownloadManager()):
        ranges = split.gen_kwargs["ranges"]
        assert ranges[0].start == 0
        assert ranges[-1].stop == len(built_rows(built, config)[str(split.name)])
        assert all(first.stop == second.start for first, second in pairwise(ranges))
