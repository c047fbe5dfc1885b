"""The real MovieLens ratings and the paper's validation file go the same road.

They may not be passed on with this project; put them beside the checkout, in
../shared/data/ml-latest-small and ../shared/data/pmg-official, to run these tests.
"""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from datasets import DatasetDict, load_dataset

from pmg.baselines.ranking import HIT, MRR
from pmg.evaluating.canvas import SMALLEST
from pmg_bench import Canvas, PMGBench, baselines, main

DATA = Path(__file__).parents[2] / "shared" / "data"
MOVIELENS, OFFICIAL = DATA / "ml-latest-small", DATA / "pmg-official"

pytestmark = [
    pytest.mark.skipif(
        not (MOVIELENS.is_dir() and OFFICIAL.is_dir()),
        reason=f"the files of MovieLens and PMG are not in {DATA.parent.name}/{DATA.name}",
    ),
    pytest.mark.xdist_group("real"),
]


@pytest.fixture(scope="module")
def real_raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real ratings and validation lines, with a small drawn poster for every movie."""
    folder = tmp_path_factory.mktemp("real") / "raw"
    size = ["--picture-size", "24x36"]
    assert main(["draw", str(folder), "--movielens", str(MOVIELENS), *size]) == 0
    shutil.copy(OFFICIAL / "my_valid_data.txt", folder / "movieposter")
    return folder


@pytest.fixture(scope="module")
def real_built(real_raw: Path) -> Path:
    out = real_raw.parent / "pmg-bench"
    assert main(["build", str(real_raw), str(out), "--workers", "2"]) == 0
    return out


def load(out: Path, config: str) -> DatasetDict:
    return load_dataset(str(out), config)


def test_check_passes_and_notes_the_movies_nobody_rated(
    real_raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(real_raw), "--domain", "movieposter"]) == 0
    told = capsys.readouterr().out
    assert "movieposter/info.csv: expected a rating of every movie, found 18 without" in told
    assert told.endswith("0 errors, 0 warnings, 1 note\n")


def test_rows_are_as_many_as_published(real_built: Path) -> None:
    counts = {
        (config, split): len(rows)
        for config in ("movieposter", "movieposter_items", "movieposter_interactions")
        for split, rows in load(real_built, config).items()
    }
    assert counts == {
        ("movieposter", "train"): 608,
        ("movieposter", "validation"): 6,
        ("movieposter_items", "train"): 9_742,
        ("movieposter_interactions", "train"): 100_836,
    }


def test_histories_are_the_papers(real_built: Path) -> None:
    samples = load(real_built, "movieposter")
    lengths = Counter(map(len, samples["train"]["history_ids"]))
    assert lengths == {3: 605, 2: 3}
    assert samples["validation"]["user_id"][:] == [None] * 6
    assert [
        f"{';'.join(row['history_ids'])},{row['target_id']}" for row in samples["validation"]
    ] == (OFFICIAL / "my_valid_data.txt").read_text().split("\n")


def test_the_first_user_by_hand(real_built: Path) -> None:
    """User 1 gave five stars to 124 movies; these four were the last of them."""
    first = load(real_built, "movieposter")["train"][0]
    lines = (MOVIELENS / "ratings.csv").read_text().splitlines()[1:]
    rated = [line.split(",") for line in lines if line.startswith("1,")]
    best = sorted(rated, key=lambda rating: (-float(rating[2]), -int(rating[3])))[:4]
    assert first["user_id"] == "1"
    assert first["history_ids"] == [rating[1] for rating in best[:3]]
    assert first["target_id"] == best[3][1]
    assert first["history_ratings"] == [5.0] * 3


def test_titles_come_as_they_stand(real_built: Path) -> None:
    items = load(real_built, "movieposter_items")["train"].remove_columns("image")
    titles = items["title"][:]
    assert sum("," in title for title in titles) == 2_079
    assert sum(not title.isascii() for title in titles) == 293
    assert sum(title != title.strip() for title in titles) == 11
    assert len(titles) - len(set(titles)) == 5
    assert sum(genres == [] for genres in items["genres"]) == 34
    assert sum(tmdb_id is None for tmdb_id in items["tmdb_id"]) == 8


def test_verify_passes_and_warns_of_the_viewers_own_fault(
    real_built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(real_built)]) == 0
    assert "history_ids (2, 3)" in capsys.readouterr().out


def test_the_stream_has_the_same_samples(real_raw: Path, real_built: Path) -> None:
    stream = PMGBench("movieposter", data_dir=real_raw).as_streaming_dataset(split="validation")
    built = load(real_built, "movieposter")["validation"]
    assert [row["target_id"] for row in stream] == built["target_id"][:]


def test_baselines_of_the_real_ratings_are_as_good_as_they_must_be(real_built: Path) -> None:
    copy, random, popular, similar = baselines(real_built, canvas=Canvas(SMALLEST)).baselines
    assert copy.scores["copy"].estimates["history"].mean == 1
    assert copy.scores["ssim"].estimates["personal"].low > 0
    ignores = random.scores["ssim"].estimates["personal"]
    assert ignores.low <= 0 <= ignores.high
    chance = random.ranking[HIT]
    assert chance.low <= 1 / 5 <= chance.high
    for better in (popular, similar):  # what people like is no chance
        assert better.ranking[HIT].low > 1 / 5
        assert better.ranking[MRR].low > random.ranking[MRR].mean
