"""What `attach` refuses, lists and leaves alone."""

import json
import os
import pickle
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pmg_bench import main
from tests.attach.own import POSTERS, errors, items_of
from tests.built import digests
from tests.edited import edit

ROOT = Path(__file__).parents[2]


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_lacks_and_what_differs_is_listed(
    some: Path, raw: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["attach", str(out), str(some / "ser30k")]) == 0
    told = capsys.readouterr()
    lost = items_of(sorted((raw / "ser30k" / "images").rglob("*.png")), raw)
    sentences = [line for line in told.err.splitlines() if line.startswith("warning: ser30k")]
    assert sentences == [
        (
            "warning: ser30k: expected pictures with the image_sha256 that the items tell, found "
            f"others of 1: {lost[2]}. Attach from the files that the set was built from."
        ),
        (
            "warning: ser30k: expected all pictures that the items tell of, found 2 lacking: "
            f"{lost[0]}, {lost[1]}. Add them, and attach again."
        ),
    ]
    assert "movieposter: 0 of 60 pictures are there, 0 of them new." in told.out.splitlines()
    assert "ser30k: 237 of 240 pictures are there, 237 of them new." in told.out.splitlines()


def test_a_part_is_not_taken_for_a_build_without_pictures(
    some: Path, raw: Path, withheld: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["attach", str(out), str(some)]) == 0
    again = ["build", str(raw), str(out), "--without-images"]
    assert main(again) == 2
    assert "Build with --update" in capsys.readouterr().err
    assert main([*again, "--update"]) == 0
    assert digests(out) == digests(withheld)


def test_where_nothing_is_found_nothing_changes(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    before = state(out)
    assert main(["attach", str(out), str(tmp_path / "empty")]) == 1
    assert "warning: ser30k: expected all pictures" in capsys.readouterr().err
    assert state(out) == before


def test_where_nothing_lacks_there_is_nothing_to_do(
    raw: Path, built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(built)
    assert main(["attach", str(built), str(raw), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["pictures"]["ser30k"] == {"told": 240, "before": 240, "now": 240}
    assert told["problems"] == []
    assert state(built) == before


def test_files_that_cannot_be_read_are_told_and_the_others_attached(
    own: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    witness = tmp_path / "executed"

    class Call:
        def __reduce__(self) -> tuple[Any, tuple[str]]:
            return os.mkdir, (str(witness),)

    (own / POSTERS).write_bytes(pickle.dumps(Call()))
    archive = own / "pog_dataset" / "images.tar.gz"
    archive.write_bytes(archive.read_bytes()[:-200])
    assert main(["attach", str(out), str(own)]) == 1
    told = capsys.readouterr()
    assert "error: movieposter/image_data.pkl, byte" in told.err
    assert "error: pog_dataset/images.tar.gz" in told.err
    assert "ser30k: 240 of 240 pictures are there, 240 of them new." in told.out
    assert not witness.exists()
    assert errors(out) == []


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("nowhere", "expected a folder with pictures, found none. Name another."),
        ("pmg-bench", "expected a folder apart from the raw files"),
    ],
)
def test_a_folder_that_cannot_be_raw_is_refused(
    out: Path, capsys: pytest.CaptureFixture[str], place: str, sentence: str
) -> None:
    assert main(["attach", str(out), str(out.parent / place)]) == 2
    assert sentence in capsys.readouterr().err


def test_a_folder_that_was_not_built_is_refused(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["attach", str(tmp_path / "none"), str(raw)]) == 1
    assert "expected a built folder with manifest.json, found none" in capsys.readouterr().err
    assert not list(tmp_path.glob("none*"))


def test_a_damaged_folder_is_refused(
    raw: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = next((out / "ser30k" / "samples").glob("train-*"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert main(["attach", str(out), str(raw)]) == 2
    assert f"{path}: expected the file that was built" in capsys.readouterr().err


def test_a_picture_in_one_place_only_is_an_error(some: Path, out: Path) -> None:
    assert main(["attach", str(out), str(some)]) == 0

    def lose(rows: list[dict[str, Any]]) -> None:
        next(row for row in rows if row["target_image"])["target_image"] = None

    edit(out, "ser30k", lose)
    assert any(
        sentence.startswith(
            "error: ser30k, train, column target_image: expected pictures where the items have "
            "theirs, and only there, found 1 otherwise."
        )
        for sentence in errors(out)
    )


def test_other_pictures_of_the_same_items_are_told(
    own: Path, out: Path, withheld: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Posters of another edition: the same ids, other pixels."""
    shutil.rmtree(own / "pog_dataset")
    shutil.rmtree(own / "ser30k")
    path = own / POSTERS
    posters = {key: 255 - array for key, array in pickle.loads(path.read_bytes()).items()}
    path.write_bytes(pickle.dumps(posters))
    assert main(["attach", str(out), str(own)]) == 1
    told = capsys.readouterr().err
    assert "movieposter: expected pictures with the image_sha256 that the items tell" in told
    assert "found others of 60: " in told
    assert digests(out) == digests(withheld)


def test_whoever_is_killed_leaves_the_old_set_and_begins_anew(
    raw: Path, built: Path, out: Path
) -> None:
    before = state(out)
    command = [sys.executable, str(ROOT / "pmg_bench.py"), "attach", str(out), str(raw)]
    work = out.with_name("pmg-bench.incomplete")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while process.poll() is None and not list(work.glob("*/own.index")):
            time.sleep(0.001)
        process.kill()
    assert work.is_dir()
    assert state(out) == before
    assert main(["attach", str(out), str(raw)]) == 0
    assert digests(out) == digests(built)
    assert not work.exists()
