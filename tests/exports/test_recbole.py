"""Exports as atomic files: what RecBole and cornac read."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from datasets import Dataset, load_dataset

from pmg.exports.atomic import separator_of
from pmg.manifest import read_manifest
from pmg.problems import BadData
from pmg_bench import DOMAINS, main
from tests.exports.conftest import Export

SETS = [each for domain in DOMAINS for each in (domain.name, f"{domain.name}_bench")]
NAMES = {"validation": "valid"}


def table(folder: Path, config: str, ending: str) -> pd.DataFrame:
    """A file as RecBole reads it, but for types: everything is text."""
    path = folder / config / f"{config}.{ending}"
    return pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)


def settings(folder: Path, config: str) -> dict[str, object]:
    told: dict[str, object] = yaml.safe_load((folder / f"{config}.yaml").read_text())
    return told


def rows(out: Path, config: str, split: str = "train") -> Dataset:
    return load_dataset(str(out), config, split=split)


@pytest.mark.parametrize("config", SETS)
def test_samples_are_benchmark_splits(built: Path, export: Export, config: str) -> None:
    folder = export(built, config, "recbole")
    separator = settings(folder, config)["seq_separator"]
    there = []
    for split in read_manifest(built).configs[config].splits:
        samples = [row for row in rows(built, config, split) if row["user_id"] is not None]
        if not samples:
            assert not (folder / config / f"{config}.{NAMES.get(split, split)}.inter").exists()
            continue
        there.append(NAMES.get(split, split))
        read = table(folder, config, f"{there[-1]}.inter")
        assert read["user_id:token"].tolist() == [row["user_id"] for row in samples]
        assert read["item_id:token"].tolist() == [row["target_id"] for row in samples]
        histories = [text.split(separator) for text in read["item_id_list:token_seq"]]
        assert histories == [row["history_ids"] for row in samples]
    assert settings(folder, config)["benchmark_filename"] == there


def test_ratings_are_sorted_by_user_and_time(built: Path, export: Export) -> None:
    read = table(export(built, "movieposter_bench", "recbole"), "movieposter_bench", "inter")
    ratings = rows(built, "movieposter_interactions").to_pandas()
    ratings = ratings.sort_values(["user_id", "timestamp", "item_id"])
    assert read["user_id:token"].tolist() == ratings["user_id"].tolist()
    assert read["item_id:token"].tolist() == ratings["item_id"].tolist()
    assert read["rating:float"].astype(np.float32).tolist() == ratings["rating"].tolist()
    assert read["timestamp:float"].astype(int).tolist() == ratings["timestamp"].tolist()


def test_clicks_without_time_have_their_order(built: Path, export: Export) -> None:
    folder = export(built, "pog_dataset_bench", "recbole")
    read = table(folder, "pog_dataset_bench", "inter")
    clicks = [row for row in rows(built, "pog_dataset_interactions") if row["item_id"] is not None]
    first = clicks[0]["user_id"]
    own = read[read["user_id:token"] == first]
    assert own["item_id:token"].tolist() == [row["item_id"] for row in clicks
                                            if row["user_id"] == first]  # fmt: skip
    assert own["order:float"].tolist() == [str(place) for place in range(len(own))]
    assert {*read["label:float"]} == {"1.0"}
    told = settings(folder, "pog_dataset_bench")
    assert (told["TIME_FIELD"], told["LABEL_FIELD"]) == ("order", "label")


@pytest.mark.parametrize("domain", [domain.name for domain in DOMAINS])
def test_items_and_users_are_told(built: Path, export: Export, domain: str) -> None:
    config = f"{domain}_bench"
    folder = export(built, config, "recbole")
    items, own = table(folder, config, "item"), rows(built, f"{domain}_items")
    assert items["item_id:token"].tolist() == own["item_id"][:]
    assert items["caption:token"].tolist() == [caption or "" for caption in own["caption"]]
    users = table(folder, config, "user")
    for split in read_manifest(built).configs[config].splits:
        told = users[users["split:token_seq"] == NAMES.get(split, split)]["user_id:token"]
        assert {*told} == {*rows(built, config, split)["user_id"]}


def test_lists_of_items_are_told_with_their_separator(built: Path, export: Export) -> None:
    folder = export(built, "movieposter_bench", "recbole")
    separator = settings(folder, "movieposter_bench")["seq_separator"]
    told = table(folder, "movieposter_bench", "item")["genres:token_seq"]
    genres = rows(built, "movieposter_items")["genres"][:]
    assert [text.split(separator) for text in told] == genres


def test_a_separator_is_in_no_value() -> None:
    assert separator_of(["a b", "c"], "items") == "|"
    assert separator_of(["a|b", "c;d"], "items") == "~"
    with pytest.raises(BadData, match="expected values without one of") as fault:
        separator_of(["a|b;", "c~", "^"], "items")
    assert str(fault.value) == (
        "items: expected values without one of | ; ~ ^, to stand between them, found all four in "
        "some. Rename what holds them."
    )


@pytest.mark.skipif(find_spec("cornac") is None, reason="cornac is not installed")
@pytest.mark.parametrize("config", SETS)
def test_cornac_reads_them(built: Path, export: Export, config: str) -> None:
    folder = export(built, config, "recbole")
    script = Path(__file__).with_name("read_back.py")
    run = subprocess.run(
        [sys.executable, str(script), "recbole", str(folder), config],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    told = {line.split()[0]: line.split()[1:] for line in run.stdout.splitlines()}
    assert told.pop("all") == [str(len(table(folder, config, "inter")))]
    for name, (samples, users, items) in told.items():
        read = table(folder, config, f"{name}.inter")
        assert int(samples) == len(read)
        assert int(users) == read["user_id:token"].nunique()
        assert int(items) == read["item_id:token"].nunique()


def test_it_is_not_of_items(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["export", str(built), "ser30k_items", str(tmp_path / "out"), "--as"]
    for form in ("recbole", "messages"):
        assert main([*call, form]) == 2
        said = capsys.readouterr().err
        assert "Config 'ser30k_items': expected one of samples, movieposter" in said
    assert not [*tmp_path.glob("out*")]
