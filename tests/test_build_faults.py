"""Builds from faulty raw files: refused whole, or without the faulty parts where asked for."""

import json
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from datasets import load_dataset

from pmg.options import Options
from pmg.problems import BadCall, BadData, Severity, TooManyProblems
from pmg.verify import verify
from pmg_bench import PMGBench, main
from tests.built import build_all, digests

ROOT = Path(__file__).parents[1]


def copy_without_the_target(raw: Path, copy: Path) -> int:
    """Copy `raw` with one validation line, whose target has no poster; its first movie."""
    shutil.copytree(raw, copy)
    path = copy / "movieposter" / "image_data.pkl"
    posters = pickle.loads(path.read_bytes())
    (first, second), unseen = list(posters)[:2], list(posters)[2]
    del posters[unseen]
    path.write_bytes(pickle.dumps(posters))
    line = f"{first};{second},{unseen}"
    (copy / "movieposter" / "my_valid_data.txt").write_text(line)
    return int(first)


def test_a_split_without_rows_is_left_out_as_nothing_could_load_it(
    raw: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "raw"
    copy_without_the_target(raw, copy)
    build_all(copy, tmp_path / "out")
    assert verify(tmp_path / "out").count(Severity.ERROR) == 0
    assert set(load_dataset(str(tmp_path / "out"), "movieposter")) == {"train"}
    assert set(PMGBench("movieposter", data_dir=copy).as_streaming_dataset()) == {"train"}


def test_a_table_without_rows_is_refused(raw: Path, tmp_path: Path) -> None:
    """Nobody likes two movies, and the only validation line names a movie without a poster."""
    copy = tmp_path / "raw"
    first = copy_without_the_target(raw, copy)
    header = "userId,movieId,rating,timestamp\n"
    (copy / "movieposter" / "ratings.csv").write_text(f"{header}1,{first},2.0,964982703\n")
    options = Options(style_key="movie")
    sentence = "expected files that give at least one row of movieposter, found none"
    with pytest.raises(BadData, match=sentence):
        build_all(copy, tmp_path / "out", options)
    builder = PMGBench("movieposter", data_dir=copy, style_key="movie")
    with pytest.raises(BadData, match=sentence):
        builder.download_and_prepare()
    assert not list(tmp_path.glob("out*"))


def test_a_table_of_nothing_but_a_header_is_told_by_check(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(raw, tmp_path / "raw")
    ratings = tmp_path / "raw" / "movieposter" / "ratings.csv"
    ratings.write_text("userId,movieId,rating,timestamp\n")
    assert main(["check", str(tmp_path / "raw"), "--style-key", "movie"]) == 1
    assert "ratings.csv: expected at least one record, found none" in capsys.readouterr().out


def test_errors_refuse_the_build_and_leave_nothing(raw: Path, tmp_path: Path) -> None:
    copy = tmp_path / "raw"
    shutil.copytree(raw, copy)
    with (copy / "movieposter" / "ratings.csv").open("a") as ratings:
        ratings.write("1,999999,4.0,1\n")
    with pytest.raises(TooManyProblems, match="999999"):
        build_all(copy, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "out.incomplete").exists()


@pytest.mark.parametrize("out", ["data", "data.incomplete/movieposter/out", "."])
def test_raw_files_are_never_among_what_is_made_or_removed(
    raw: Path, tmp_path: Path, out: str
) -> None:
    copy = tmp_path / "data.incomplete"
    shutil.copytree(raw, copy)
    (copy / ".lock").touch()
    before = sorted(copy.rglob("*"))
    with pytest.raises(BadCall, match="expected a folder apart from the raw files"):
        build_all(copy, tmp_path / out)
    assert sorted(copy.rglob("*")) == before


def broken_poster(raw: Path, folder: Path) -> Path:
    """A copy of the raw files with a poster that shows its fault only when it is decoded."""
    shutil.copytree(raw, folder)
    path = folder / "movieposter" / "image_data.pkl"
    posters = pickle.loads(path.read_bytes())
    content = pickle.dumps({key: poster | 1 for key, poster in posters.items()}, protocol=2)
    odd, beyond = "\u00ff".encode(), "\u0100".encode()  # the byte 255, and what is no byte
    at = content.index(odd, len(content) // 2)
    path.write_bytes(content[:at] + beyond + content[at + len(beyond) :])
    return folder


def test_a_poster_that_fails_when_read_refuses_the_build(raw: Path, tmp_path: Path) -> None:
    copy = broken_poster(raw, tmp_path / "raw")
    for workers in (1, 2):
        with pytest.raises(TooManyProblems, match="movieposter/image_data"):
            build_all(copy, tmp_path / "out", workers=workers)
    assert not (tmp_path / "out").exists()


def test_a_poster_that_fails_when_read_is_left_out_where_asked_for(
    raw: Path, tmp_path: Path
) -> None:
    copy = broken_poster(raw, tmp_path / "raw")
    build_all(copy, tmp_path / "out", Options(on_problem="skip"), workers=2)
    items = load_dataset(str(tmp_path / "out"), "movieposter_items", split="train")
    missing = {row["item_id"] for row in items if row["image"] is None}
    assert len(missing) == 1
    for rows in load_dataset(str(tmp_path / "out"), "movieposter").values():
        for row in rows:
            assert not missing & {row["target_id"], *row["history_ids"]}
    ratings = load_dataset(str(tmp_path / "out"), "movieposter_interactions", split="train")
    assert {row["item_id"] for row in ratings if not row["has_image"]} <= missing


def test_skipped_errors_are_left_out_counted_and_listed(
    raw: Path, built: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "raw"
    shutil.copytree(raw, copy)
    with (copy / "movieposter" / "ratings.csv").open("a") as ratings:
        ratings.write("1,999999,4.0,1\n")
    build_all(copy, tmp_path / "out", Options(on_problem="skip"))
    assert digests(tmp_path / "out") == digests(built)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["domains"]["movieposter"]["problems"]["error"] == 1
    assert "movie 999999" in (tmp_path / "out" / "movieposter" / "problems.txt").read_text()


def test_a_full_disk_is_no_fault_of_the_data(raw: Path, tmp_path: Path) -> None:
    """A limit on file sizes stands for it: the archive cannot be spooled."""
    size = sum(path.stat().st_size for path in (raw / "pog_dataset").glob("*.tar.gz"))
    command = f"ulimit -f {size // 2_048}; exec {sys.executable} {ROOT / 'pmg_bench.py'} "
    command += f"build {raw} {tmp_path / 'out'} --domain pog_dataset --on-problem skip"
    told = subprocess.run(["/bin/bash", "-c", command], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "File too large" in told.stderr
    assert "Traceback" not in told.stderr
    assert not list(tmp_path.glob("out*"))
