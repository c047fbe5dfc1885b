"""PMGBench as a `datasets` builder: caches, leftovers, options."""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from datasets import IterableDataset

from pmg_bench import TABLES, BadCall, PMGBench, PMGBenchConfig

ROOT = Path(__file__).parents[1]


@pytest.fixture
def own_raw(raw: Path, tmp_path: Path) -> Path:
    """A raw folder that a test may change."""
    shutil.copytree(raw, tmp_path / "raw")
    return tmp_path / "raw"


def titles(raw: Path) -> list[str]:
    builder = PMGBench("movieposter_items", data_dir=raw)
    builder.download_and_prepare()
    return list(builder.as_dataset(split="train")["title"])


def test_changed_raw_files_are_never_served_from_the_cache(own_raw: Path) -> None:
    before = titles(own_raw)
    info = own_raw / "movieposter" / "info.csv"
    info.write_bytes(info.read_bytes().replace(b"Silent", b"Golden", 1))
    after = titles(own_raw)
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 1


def test_the_same_raw_files_are_served_from_the_cache(own_raw: Path) -> None:
    def cache_files() -> list[str]:
        builder = PMGBench("movieposter_items", data_dir=own_raw)
        builder.download_and_prepare()
        return [file["filename"] for file in builder.as_dataset(split="train").cache_files]

    first = cache_files()
    made = [Path(name).stat().st_mtime_ns for name in first]
    assert cache_files() == first
    assert [Path(name).stat().st_mtime_ns for name in first] == made


def test_leftovers_of_a_killed_run_are_not_adopted(own_raw: Path) -> None:
    builder = PMGBench("movieposter_items", data_dir=own_raw)
    incomplete = Path(builder.cache_dir + ".incomplete")
    incomplete.mkdir(parents=True)
    (incomplete / "pmg-bench-train-00007-of-00009.arrow").write_bytes(b"stale")
    builder.download_and_prepare()
    assert len(builder.as_dataset(split="train")) == 60
    assert "stale" not in {
        path.read_bytes()[:5].decode("latin-1") for path in Path(builder.cache_dir).iterdir()
    }


def test_a_killed_run_is_followed_by_a_whole_one(own_raw: Path) -> None:
    script = (
        "from pmg_bench import PMGBench\n"
        f"PMGBench('movieposter', data_dir={str(own_raw)!r}).download_and_prepare()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stderr=subprocess.DEVNULL)
    cache = Path(os.environ["HF_HOME"])
    while process.poll() is None and not list(cache.rglob("*.incomplete/*.arrow")):
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    builder = PMGBench("movieposter", data_dir=own_raw, cache_dir=cache / "datasets")
    builder.download_and_prepare()
    assert len(builder.as_dataset(split="train")) == 24


def test_options_make_caches_of_their_own(own_raw: Path) -> None:
    short = PMGBench("movieposter", data_dir=own_raw, history=1)
    short.download_and_prepare()
    usual = PMGBench("movieposter", data_dir=own_raw)
    usual.download_and_prepare()
    assert max(map(len, short.as_dataset(split="train")["history_ids"])) == 1
    assert max(map(len, usual.as_dataset(split="train")["history_ids"])) == 3


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("style_key", "title", "Option style_key: expected movie or user, found 'title'."),
        ("on_problem", "ignore", "Option on_problem: expected fail or skip, found 'ignore'."),
        ("encoding", "ebcdic", "Option encoding: expected utf-8 or gb18030 or latin-1, found"),
        ("image_format", "gif", "Option image_format: expected webp, png, jpeg:Q, found 'gif'."),
        ("image_format", "jpeg:095", "Option image_format: expected webp, png, jpeg:Q, found"),
        ("image_format", "jpeg:0", "Option image_format: expected webp, png, jpeg:Q, found"),
        ("history", 0, "Option history: expected a whole number from 1 to 1,000, found 0."),
    ],
)
def test_a_wrong_option_is_refused_wherever_it_is_set(
    raw: Path,
    option: str,
    value: Any,  # noqa: ANN401 - wrong on purpose
    sentence: str,
) -> None:
    with pytest.raises(BadCall, match=sentence):
        PMGBench("movieposter", data_dir=raw, **{option: value})
    builder = PMGBench("movieposter", data_dir=raw)
    setattr(builder.config, option, value)
    with pytest.raises(BadCall, match=sentence):
        builder.download_and_prepare()
    with pytest.raises(BadCall, match=sentence):
        builder.as_streaming_dataset()
    with pytest.raises(BadCall, match=sentence):
        PMGBenchConfig(name="movieposter", **{option: value}).options()


def test_options_changed_later_are_refused_as_the_cache_is_of_the_first(raw: Path) -> None:
    builder = PMGBench("movieposter", data_dir=raw)
    builder.config.history = 1
    with pytest.raises(BadCall, match="Make another PMGBench with them"):
        builder.download_and_prepare()


def test_files_changed_later_are_refused_as_the_cache_is_of_the_first(own_raw: Path) -> None:
    builder = PMGBench("movieposter", data_dir=own_raw)
    with (own_raw / "movieposter" / "ratings.csv").open("a") as ratings:
        ratings.write("1,1,4.0,1\n")
    with pytest.raises(BadCall, match="found changed ones"):
        builder.download_and_prepare()


def test_an_unknown_option_is_refused_with_the_known_ones(raw: Path) -> None:
    with pytest.raises(BadCall, match="Option histroy: expected one of image_format, "):
        PMGBench("movieposter", data_dir=raw, histroy=1)


def test_what_is_left_out_goes_to_the_log(own_raw: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (own_raw / "movieposter" / "ratings.csv").open("a") as ratings:
        ratings.write("1,999999,4.0,1\n")
    PMGBench("movieposter", data_dir=own_raw, on_problem="skip").as_streaming_dataset()
    assert "movie 999999" in caplog.text
    assert "expected the published counts" not in caplog.text  # a note is not worth a line


def test_an_unknown_config_is_refused_with_the_known_ones(raw: Path) -> None:
    with pytest.raises(BadCall, match=", ".join(TABLES)):
        PMGBench("movieposters", data_dir=raw)


def test_no_raw_folder_is_refused() -> None:
    with pytest.raises(BadCall, match='data_dir="raw"'):
        PMGBench("movieposter")


def first_ids(stream: IterableDataset) -> list[str]:
    return [row["item_id"] for row in stream]


def test_a_stream_goes_into_another_process(raw: Path) -> None:
    stream = PMGBench("movieposter_items", data_dir=raw).as_streaming_dataset(split="train")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(first_ids, (stream,)) == first_ids(stream)


def test_a_stream_can_be_shared_out(raw: Path) -> None:
    stream = PMGBench("movieposter_items", data_dir=raw).as_streaming_dataset(split="train")
    parts = [first_ids(stream.shard(4, index)) for index in range(4)]
    assert sorted(item_id for part in parts for item_id in part) == sorted(first_ids(stream))
    assert all(parts)
