"""Baselines of three domains: what they know, what they pick, and what they are worth."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmg.baselines.baselines import BASELINES, Baseline, CopyLast, MostPopular, MostSimilarCaption
from pmg.baselines.known import Asked, Trained, asked
from pmg.baselines.ranking import HIT, MRR, ranked
from pmg.baselines.report import COLUMNS, RANKING
from pmg.baselines.score import TRAIN, Table, baselines
from pmg.evaluating.canvas import Canvas
from pmg.problems import BadCall
from pmg.reading.ids import built_samples, own_samples
from pmg.reading.sources import opened
from pmg_bench import DOMAINS, Items, Samples, main

CANVAS = Canvas(24)
IDS = ("sample_id", "user_id", "history_ids", "target_id", "candidate_ids")
CONFIGS = [f"{domain.name}_bench" for domain in DOMAINS]
TRAINED = Trained(
    targets=np.array([0, 2, 3]),
    counts=np.array([5, 0, 1, 3, 0]),
    captions=["a red boat", "a red boat at night", "a dark boat", "two cats", "rain"],
)


def made(kind: type[Any]) -> Baseline:
    baseline: Baseline = kind(TRAINED)
    return baseline


def test_the_last_of_the_history_is_copied_and_ranks_nothing() -> None:
    copy, sample = made(CopyLast), Asked("s", [3, 1], [0, 2])
    assert copy.pick(sample) == 1
    assert copy.likings(sample) is None


def test_the_most_popular_target_of_training_is_new_to_the_user() -> None:
    popular = made(MostPopular)
    assert popular.pick(Asked("s", [1], [])) == 0
    assert popular.pick(Asked("s", [0, 1], [])) == 3
    likings = popular.likings(Asked("s", [1], [4, 3, 0]))
    assert likings is not None
    assert likings.tolist() == [0, 3, 5]


def test_the_most_similar_caption_is_that_of_a_target_of_training() -> None:
    similar = made(MostSimilarCaption)
    assert similar.pick(Asked("s", [1], [])) == 0  # item 1 itself is no target
    assert similar.pick(Asked("s", [0], [])) == 2  # and what was seen is not shown again
    likings = similar.likings(Asked("s", [1], [3, 0, 4]))
    assert likings is not None
    assert likings.argmax() == 1
    assert likings[0] == likings[2] == 0  # no word in common


def test_a_ranking_by_hand() -> None:
    likings = np.array([3.0, 1.0, 2.0, 2.0])
    assert ranked(likings, [7, 8, 9, 5], 7) == {HIT: 1, MRR: 1}
    assert ranked(likings, [7, 8, 9, 5], 8) == {HIT: 0, MRR: 1 / 4}
    assert ranked(likings, [7, 8, 9, 5], 9) == {HIT: 0, MRR: pytest.approx((1 / 2 + 1 / 3) / 2)}


@given(st.integers(1, 9), st.integers(0, 8))
def test_who_likes_all_alike_is_as_good_as_chance(count: int, place: int) -> None:
    found = ranked(np.zeros(count), range(count), place % count)
    assert found[HIT] == pytest.approx(1 / count)
    assert found[MRR] == pytest.approx(sum(1 / rank for rank in range(1, count + 1)) / count)


@pytest.fixture(scope="module")
def tables(built: Path) -> dict[str, Table]:
    return {config: baselines(built, config, canvas=CANVAS) for config in CONFIGS}


@pytest.mark.parametrize("config", CONFIGS)
def test_every_baseline_is_scored_over_the_whole_split(
    config: str, tables: dict[str, Table], built: Path
) -> None:
    table = tables[config]
    samples = len(Samples(built, config, "test"))
    assert (table.config, table.split, table.samples) == (config, "test", samples)
    assert len(table.baselines) == len(BASELINES)
    for found in table.baselines:
        for metric in ("ssim", "psnr", "copy", "near-copy"):
            assert found.scores[metric].estimates["target"].samples == samples
    copy, *others = table.baselines
    assert copy.scores["copy"].estimates["history"].mean == 1
    assert copy.ranking == {}
    for found in others:
        assert found.scores["copy"].estimates["history"].mean < 1
        assert found.ranking[HIT].samples == samples
        assert 0 <= found.ranking[HIT].mean <= found.ranking[MRR].mean <= 1


@pytest.mark.parametrize("config", CONFIGS)
def test_no_baseline_sees_the_target(config: str, built: Path) -> None:
    source = opened(built)
    trained = Trained.of(built_samples(source, config, TRAIN))
    items = Items(built, config.replace("_bench", "_items"))
    rows = [{name: row[name] for name in IDS} for row in Samples(built, config, "test")]
    others = [row | {"target_id": rows[0]["history_ids"][0]} for row in rows]
    first, second = (
        own_samples(pa.Table.from_pylist(each), None, items) for each in (rows, others)
    )
    for make in BASELINES:
        baseline = make(trained)
        for number in range(len(rows)):
            picks = [baseline.pick(asked(joined, number)) for joined in (first, second)]
            assert picks[0] == picks[1]


def test_training_is_counted_as_it_is(built: Path) -> None:
    config = "movieposter_bench"
    trained = Trained.of(built_samples(opened(built), config, TRAIN))
    rows = list(Samples(built, config, TRAIN, decode=False))
    assert trained.counts.sum() == len(rows)
    assert len(trained.targets) == len({row["target_id"] for row in rows})
    assert {trained.captions[place] for place in trained.targets} <= {
        row["target_caption"] or "" for row in rows
    }


def test_the_table_is_markdown_and_json(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["baselines", str(built), "--config", "ser30k_bench", "--size", "24"]
    assert main(call) == 0
    first, _, heading, _, *lines = capsys.readouterr().out.splitlines()
    assert first.startswith("`ser30k_bench`, test: ")
    assert heading.split(" | ")[1:] == [*COLUMNS, *list(RANKING)[:-1], "MRR ↑ |"]
    assert [line.split(" | ")[0] for line in lines] == [
        f"| {name}"
        for name in (
            "copy the last of the history",
            "random",
            "most popular",
            "most similar caption (TF-IDF)",
        )
    ]
    assert main([*call, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["baselines"]["random"]["ranking"]) == {HIT, MRR}
    assert told["baselines"]["copy the last of the history"]["ranking"] == {}


def test_a_config_without_a_training_split_to_learn_from_is_refused(built: Path) -> None:
    with pytest.raises(BadCall, match="movieposter, split 'test': expected one of train"):
        baselines(built, "movieposter", canvas=CANVAS)
