"""The official split: who is tested is not trained on, whoever interacts with what."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from pmg.manifest import read_manifest
from pmg.protocols.events import log_of_built
from pmg.protocols.interactions import interactions_of
from pmg.protocols.tables import cut_bench
from pmg.splits import split_of
from pmg_bench import DOMAINS, bench, leakcheck
from tests.protocols.drawn import Rows, events
from tests.test_real_data import DATA, MOVIELENS


@given(rows=events)
def test_it_never_leaks_and_keeps_its_word(rows: Rows) -> None:
    table = pa.Table.from_pylist(rows)
    samples = bench(table)
    assert not leakcheck(samples, table).leaks
    liked = Counter((row["user_id"], row["item_id"]) for row in rows if row["rating"] >= 4)
    for sample in samples.to_pylist():
        assert 1 <= len(sample["history_ids"]) <= 5
        assert sample["split"] == split_of(sample["user_id"])
        shown = (*sample["history_ids"], sample["target_id"])
        assert all(liked[sample["user_id"], item] for item in shown)


def test_who_is_not_trained_on_has_at_most_twenty_samples() -> None:
    rows = [
        {"user_id": str(user), "item_id": f"{item}", "event": item, "position": 0}
        for user in range(60)
        for item in range(30)
    ]
    samples = bench(pa.Table.from_pylist(rows)).to_pylist()
    counts = Counter((sample["split"], sample["user_id"]) for sample in samples)
    assert {split for split, _ in counts} == {"train", "validation", "test"}
    for (split, _), count in counts.items():
        assert count == (29 if split == "train" else 20)
    kept = {
        sample["sample_id"].rpartition("-")[2] for sample in samples if sample["split"] == "test"
    }
    assert len(kept) > 20, "another twenty of each user"


@pytest.mark.parametrize("domain", [domain.name for domain in DOMAINS])
def test_what_is_built_is_what_is_cut_of_the_built_tables(built: Path, domain: str) -> None:
    manifest = read_manifest(built)
    log = log_of_built(built, manifest.domains[domain])
    config = manifest.configs[f"{domain}_bench"]
    cut = cut_bench(log)
    assert cut.keys() == config.splits.keys() == {"train", "validation", "test"}
    for split, (file,) in config.splits.items():
        assert pq.read_table(built / file.path).to_pylist() == list(cut[split])
    shown = set(log.items.to_pandas().dropna(subset="image_sha256")["item_id"])
    for row in (row for rows in cut.values() for row in rows):
        assert {*row["history_ids"], *row["candidate_ids"]} <= shown
        assert len(row["candidate_ids"]) == 5
        assert row["target_id"] in row["candidate_ids"]


@pytest.mark.skipif(not MOVIELENS.is_dir(), reason=f"no ratings of MovieLens in {DATA.name}")
def test_on_real_ratings_it_has_what_the_card_of_real_ratings_says() -> None:
    ratings = pd.read_csv(MOVIELENS / "ratings.csv").rename(
        columns={"userId": "user_id", "movieId": "item_id"}
    )
    samples = bench(ratings)
    assert Counter(samples["split"].to_pylist()) == {
        "train": 37_243,
        "validation": 1_131,
        "test": 1_182,
    }
    assert len(samples["user_id"].unique()) == 608
    assert interactions_of(ratings).counts() == (100_836, 610, 9_724)
